// Package apply carries out what mapping files and command lines say about the columns of
// an upload.
package apply

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/mapping/mapfile"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/written"
)

// Described returns a place whose columns are those that a mapping file names, where they
// are not really known otherwise.
func Described(p job.Place, t mapfile.Table) job.Place {
	columns, complete := t.Schema()
	if complete && !p.Destination.Reshape && (!p.Exists || p.Known().Guessed()) {
		p.Learned, p.Unlearned = schema.Learned{Columns: columns, Source: schema.FromMapping}, nil
	}
	return p
}

// ReadAs returns a reading whose texts are read as a mapping file says.
func ReadAs(ctx context.Context, r job.Reading, t mapfile.Table) (job.Reading, error) {
	for _, c := range t.Columns {
		i := HeaderIndex(r.Layout.Headers, sourceName(c))
		if i < 0 {
			continue
		}
		text, was := r.Profile.Columns[i].Text, r.Profile.Columns[i].Text
		if offer := r.Profile.Columns[i].OfferText; c.Zone == mapping.ZoneUTC && (text.Zone != "" || text.Type == "" && offer.Zone == written.UTC) {
			if text.Type == "" {
				text = offer
			}
			text.Zone = written.UTC
		}
		switch {
		case text.Type == infer.TypeDateTime && text.Order != infer.YearFirst && c.DateOrder != "":
			text.Order = map[mapping.DateOrder]infer.DateOrder{mapping.DayFirst: infer.DayFirst, mapping.MonthFirst: infer.MonthFirst}[c.DateOrder]
		case (text.Type == infer.TypeWhole || text.Type == infer.TypeDecimal) && c.DecimalMark != "":
			text.Decimal = c.DecimalMark[0]
		}
		if text == was && (c.DateOrder == "" && c.DecimalMark == "" || text.Type == "" || text.Type == infer.TypeText) {
			continue
		}
		var err error
		if r, err = r.ReadTexts(ctx, i, text); err != nil {
			return r, err
		}
	}
	return r, nil
}

// To returns a draft, whose file and place are known, as a mapping file says.
func To(ctx context.Context, d job.Draft, t mapfile.Table) (job.Draft, error) {
	place := Described(d.Place, t)
	reading, err := ReadAs(ctx, d.Reading, t)
	if err != nil {
		return d, err
	}
	m, err := Mapping(job.Propose(reading, place), reading, place, t)
	if err != nil {
		return d, err
	}
	terms := d.Terms
	terms.OnDrift = cmp.Or(t.OnDrift, terms.OnDrift)
	return d.ReadAs(reading).To(place, d.Mode).Map(m).On(terms).Extended()
}

// Block returns what a mapping file says of a draft, with how its texts are read.
func Block(d job.Draft) mapfile.Table {
	m := d.Mapping
	m.Table, m.Fields = d.Place.Target.Table, slices.Clone(m.Fields)
	for i, f := range m.Fields {
		if f.From < 0 || f.From >= len(d.Reading.Profile.Columns) || f.IsConstant() {
			continue
		}
		switch text := d.Reading.Profile.Columns[f.From].Text; {
		case text.Zone == written.UTC:
			m.Fields[i].Zone = mapping.ZoneUTC
		case text.Type == infer.TypeDateTime && text.Order == infer.DayFirst:
			m.Fields[i].DateOrder = mapping.DayFirst
		case text.Type == infer.TypeDateTime && text.Order == infer.MonthFirst:
			m.Fields[i].DateOrder = mapping.MonthFirst
		case (text.Type == infer.TypeWhole || text.Type == infer.TypeDecimal) && text.Decimal != 0:
			m.Fields[i].DecimalMark = string(rune(text.Decimal))
		}
	}
	return mapfile.Of(m, "", d.Terms.OnDrift)
}

// sourceName is the header that a column of a mapping file is filled from.
func sourceName(c mapfile.Column) string {
	if c.From == "" {
		return c.Column
	}
	return c.From
}

// HeaderIndex finds a column of a file by its name; -1 when there is none.
func HeaderIndex(headers []infer.Header, name string) int {
	i := slices.IndexFunc(headers, func(h infer.Header) bool { return h.Name == name })
	if i < 0 {
		i = slices.IndexFunc(headers, func(h infer.Header) bool { return strings.EqualFold(h.Name, name) })
	}
	return i
}

// Mapping returns a mapping that was proposed as a mapping file says. A column that the
// file lacks stays without a source: that is a matter of the contract.
func Mapping(m mapping.Mapping, r job.Reading, p job.Place, t mapfile.Table) (mapping.Mapping, error) {
	m.Fields = slices.Clone(m.Fields)
	wrong := func(format string, args ...any) error {
		return failure.New(failure.Usage, "mapping-file", "The mapping file does not fit: "+fmt.Sprintf(format, args...), "Correct the mapping file, or write a new one.")
	}
	headers := r.Layout.Headers
	for _, name := range t.LeaveOut {
		i := HeaderIndex(headers, name)
		if i < 0 {
			continue // it is not there, as it is wanted
		}
		m = without(m, i, headers[i].Name, p.Fixed())
	}
	for _, c := range t.Columns {
		at := slices.IndexFunc(m.Fields, func(f mapping.Field) bool { return strings.EqualFold(f.Target.Name, c.Column) })
		from := -1
		if c.Constant == nil && !c.Blank {
			from = HeaderIndex(headers, sourceName(c))
			if from < 0 && c.From == "" && at >= 0 {
				from = m.Fields[at].From // by a name that is spelled otherwise
			}
		}
		if at < 0 && from >= 0 { // of a new table
			at = slices.IndexFunc(m.Fields, func(f mapping.Field) bool { return f.From == from })
		}
		kind, typed := powerbi.ParseDataType(c.Type)
		switch {
		case at < 0 && p.Fixed():
			return m, wrong("the table %q has no column %q.", p.Target.Table, c.Column)
		case at < 0:
			if !typed {
				return m, wrong("the column %q has no type, and nothing in the file tells one.", c.Column)
			}
			m.Fields = append(m.Fields, mapping.Field{From: -1, Use: true, Target: powerbi.Column{Name: c.Column, DataType: kind}})
			at = len(m.Fields) - 1
		}
		f := &m.Fields[at]
		if typed && f.Target.DataType != kind {
			if p.Fixed() && p.Learned.Source != schema.FromRows && p.Learned.Source != schema.FromMapping {
				return m, wrong("the column %q of the table has the type %s.", f.Target.Name, f.Target.DataType.Both())
			}
			f.Target.DataType = kind
		}
		if !p.Fixed() {
			f.Target.Name = c.Column
		}
		switch {
		case from >= 0:
			by := f.By
			*f = job.From(*f, r, from)
			if c.From == "" {
				f.By = by
			}
			for k := range m.Fields { // one column of the file fills one of the table
				if o := m.Fields[k]; k != at && o.From == from && o.By != mapping.Chosen {
					m.Fields[k] = mapping.Field{From: -1, Target: o.Target, Use: true}
				}
			}
		default:
			f.From, f.Header, f.Letter, f.Use, f.By = -1, "", "", true, ""
			if c.Constant != nil || c.Blank {
				f.By = mapping.Chosen
			}
		}
		f.Rules = c.Rules.Some()
		if c.DecimalMark != "" {
			f.DecimalMark = c.DecimalMark
		}
		if c.DateOrder != "" {
			f.DateOrder = c.DateOrder
		}
		f.Zone = c.Zone
		if f.OnTooLong = mapping.TooLongIsProblem; c.Cut {
			f.OnTooLong = mapping.TooLongTruncate
		}
	}
	for _, text := range t.Where {
		c, err := Where(r, text)
		if err != nil {
			return m, err
		}
		m.Filter = append(slices.Clip(m.Filter), c)
	}
	return m, m.CheckFilter()
}

// without returns a mapping without a column of the file, because a person said so. A
// column of a table that stays as it is gets nothing then.
func without(m mapping.Mapping, from int, header string, fixed bool) mapping.Mapping {
	m.Fields = slices.Clone(m.Fields)
	if !slices.Contains(m.LeftOut, header) {
		m.LeftOut = append(slices.Clip(m.LeftOut), header)
	}
	for i, f := range m.Fields {
		switch {
		case f.From != from:
		case fixed:
			m.Fields[i] = mapping.Field{From: -1, Target: f.Target, Use: true, By: mapping.Chosen}
		default:
			m.Fields[i].Use = false
		}
	}
	return m
}

// Without returns a mapping without a column of the file, because a person said so; ok is
// false when the file has no such column.
func Without(m mapping.Mapping, r job.Reading, p job.Place, header string) (_ mapping.Mapping, ok bool) {
	i := HeaderIndex(r.Layout.Headers, header)
	if i < 0 {
		return m, false
	}
	return without(m, i, r.Layout.Headers[i].Name, p.Fixed()), true
}

// Constant fills a column of the table with the same value in every row; "" is blank. ok is
// false when there is no such column.
func Constant(m mapping.Mapping, column, value string) (_ mapping.Mapping, ok bool) {
	i := slices.IndexFunc(m.Fields, func(f mapping.Field) bool { return strings.EqualFold(f.Target.Name, column) })
	if i < 0 {
		return m, false
	}
	m.Fields = slices.Clone(m.Fields)
	f := mapping.Field{From: -1, Target: m.Fields[i].Target, Use: true, By: mapping.Chosen}
	if value != "" {
		f.Rules = &mapping.Rules{Constant: &value}
	}
	m.Fields[i] = f
	return m, true
}

// Notes says in a line what is known of the columns of a file, for those who edit its
// mapping.
func Notes(r job.Reading, m mapping.Mapping) func(table, column string) string {
	return func(_, column string) string {
		for _, f := range m.Fields {
			if f.Target.Name != column || f.From < 0 {
				continue
			}
			p := r.Profile.Columns[f.From]
			said := []string{"Column " + cell.Column(p.Header.Column) + ". " + p.Reason()}
			for i, sample := range p.Samples[:min(len(p.Samples), 3)] {
				if i == 0 {
					said = append(said, "For example:")
				}
				said = append(said, fmt.Sprintf("%q", mapping.Shorten(sample)))
			}
			return strings.Join(said, " ")
		}
		return ""
	}
}
