package job

import (
	"slices"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/written"
)

// Propose returns a mapping of the columns of a reading to those of a table. One that
// exists gets all of its columns, by name and by what was decided for earlier files of
// the same name; a new one gets a column for each of the file, with the type that its
// values have.
func Propose(r Reading, p Place) mapping.Mapping {
	headers, letters := headerNames(r.Layout.Headers), make([]string, len(r.Layout.Headers))
	for i, h := range r.Layout.Headers {
		letters[i] = cell.Column(h.Column)
	}
	m := mapping.Mapping{Table: p.Target.Table}
	if p.Fixed() {
		m = fit(r, p, headers, letters)
	} else {
		for i, name := range powerbi.CleanColumnNames(headers) {
			m.Fields = append(m.Fields, KeepType(mapping.Field{From: i, Header: headers[i], Letter: letters[i], Use: true, By: mapping.Created,
				Target: powerbi.Column{Name: name, DataType: DataType(r.Profile.Columns[i].Type)}}, r, p))
		}
	}
	for i := range m.Fields {
		if from := m.Fields[i].From; from >= 0 {
			m.Fields[i] = Written(m.Fields[i], r.Profile.Columns[from])
		}
	}
	return m
}

// KeepType returns a field with the type that its column has in a table that exists, where
// all values of the file can be sent as it: a type is never changed by a guess alone.
func KeepType(f mapping.Field, r Reading, p Place) mapping.Field {
	at := slices.IndexFunc(p.Learned.Columns, func(c powerbi.Column) bool { return strings.EqualFold(c.Name, f.Target.Name) })
	if at < 0 || f.From < 0 || !p.Exists || p.Known().Guessed() {
		return f
	}
	file, has := r.Profile.Columns[f.From], p.Learned.Columns[at].DataType
	if is := DataType(file.Type); is == has || has == powerbi.String || values(file) == 0 || wide(has) && (is == powerbi.Int64 || is == powerbi.Double) {
		f.Target.DataType = has
	}
	return f
}

// fit maps to the columns of a table that exists.
func fit(r Reading, p Place, headers, letters []string) mapping.Mapping {
	s := mapping.Sides{Headers: headers, Existing: p.Learned.Columns}
	was := p.decided(r)
	if was == nil {
		return mapping.Fit(p.Target.Table, s, letters)
	}
	s.Before = was.Joined
	var left []string
	for i, h := range headers {
		if slices.Contains(was.LeftOut, h) {
			s.Beside, left = append(s.Beside, i), append(left, h)
		}
	}
	m := mapping.Fit(p.Target.Table, s, letters)
	m.LeftOut = left
	for i, f := range m.Fields {
		if f.From < 0 && slices.Contains(was.Blank, f.Target.Name) {
			m.Fields[i].By = mapping.Before
		}
	}
	return m
}

// headerNames are the names of the columns of a file.
func headerNames(list []infer.Header) []string {
	names := make([]string, len(list))
	for i, h := range list {
		names[i] = h.Name
	}
	return names
}

// From returns a field that a person fills with a column of the file.
func From(f mapping.Field, r Reading, column int) mapping.Field {
	h := r.Layout.Headers[column]
	f.From, f.Header, f.Letter, f.Use, f.By = column, h.Name, cell.Column(h.Column), true, mapping.Chosen
	return Written(f, r.Profile.Columns[column])
}

// Written returns a field that knows how numbers and dates are written in the texts of its
// column, as far as the column's values show it.
func Written(f mapping.Field, p infer.ColumnProfile) mapping.Field {
	f.DecimalMark, f.DateOrder, f.Dress = "", mapping.DateOrderUnknown, written.Dress{}
	text := p.Text
	if text.Type == "" || text.Type == infer.TypeText {
		text = p.OfferText
	}
	f.Dress = text.Dress
	if text.Ambiguous {
		return f
	}
	if text.Decimal != 0 {
		f.DecimalMark = string(text.Decimal)
	}
	switch text.Order {
	case infer.DayFirst:
		f.DateOrder = mapping.DayFirst
	case infer.MonthFirst:
		f.DateOrder = mapping.MonthFirst
	case written.Compact:
		f.DateOrder = mapping.YearMonthDay
	}
	return f
}

// DataType returns the push type for the type of a spreadsheet column. Durations are sent
// as hours.
func DataType(t infer.Type) powerbi.DataType {
	switch t {
	case infer.TypeWhole:
		return powerbi.Int64
	case infer.TypeDecimal, infer.TypeDuration:
		return powerbi.Double
	case infer.TypeBoolean:
		return powerbi.Boolean
	case infer.TypeDateTime:
		return powerbi.DateTime
	}
	return powerbi.String
}
