package command

import (
	"context"
	"slices"
	"strings"

	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/written"
	"pushdesk/ui/command/cli"

	"github.com/spf13/cobra"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/schema"
)

// columnFlags change what is proposed for single columns.
type columnFlags struct {
	renames, types, leaveOut []string
	dateOrder, decimalMark   string
	zone                     string
}

func (f *columnFlags) register(cmd *cobra.Command) {
	s := cmd.Flags()
	s.StringArrayVar(&f.renames, "map", nil, "`HEADER=COLUMN`: send a column of the file into a column of another name; may be repeated")
	s.StringArrayVar(&f.types, "type", nil, "`COLUMN=TYPE` for a column of a new table: "+powerbi.TypeNames()+"; either name will do; may be repeated")
	s.StringVar(&f.dateOrder, "date-order", "", "`order` of dates written as text: dmy (31/12/2026) or mdy (12/31/2026) (default: detected)")
	s.StringVar(&f.decimalMark, "decimal-mark", "", "`mark` in numbers written as text: . or , (default: detected)")
	s.StringVar(&f.zone, "zone", "", "how times with a time `zone` are sent: written (as they are, if all of a column have the same) or utc (converted) (default written)")
	s.StringArrayVar(&f.leaveOut, "leave-out", nil, "column of the file, by its `HEADER`, that is not sent; may be repeated")
}

// apply changes a mapping as the flags say.
func (f *columnFlags) apply(m mapping.Mapping, r job.Reading, p job.Place) (mapping.Mapping, error) {
	m.Fields = slices.Clone(m.Fields)
	m = f.written(m, r)
	for _, header := range f.leaveOut {
		i, err := fieldOf(m, header, "--leave-out")
		if err != nil {
			return m, err
		}
		if p.Exists && len(p.Learned.Columns) > 0 { // a row must hold every column of the table
			m.Fields[i] = mapping.Field{From: -1, Target: m.Fields[i].Target, Use: true}
		} else {
			m.Fields[i].Use = false
		}
	}
	for _, pair := range f.renames {
		header, name, ok := cutPair(pair)
		if !ok {
			return m, cli.Usage("--map is HEADER=COLUMN, not %q", pair)
		}
		if err := remap(m, r, p, header, name); err != nil {
			return m, err
		}
	}
	for _, pair := range f.types {
		name, word, ok := cutPair(pair)
		if !ok {
			return m, cli.Usage("--type is COLUMN=TYPE, not %q", pair)
		}
		given, ok := powerbi.ParseDataType(word)
		if !ok {
			return m, cli.Usage("--type %q: the types are %s", pair, powerbi.TypeNames())
		}
		i, err := fieldOf(m, name, "--type")
		if err != nil {
			return m, err
		}
		if has := m.Fields[i].Target.DataType; has != given && p.Exists && len(p.Learned.Columns) > 0 && p.Learned.Source != schema.FromRows {
			return m, cli.Usage("--type %q: the table exists, and this column has the type %s", pair, has.Both())
		}
		m.Fields[i].Target.DataType = given
	}
	return m, nil
}

// texts reads the texts of the file as the flags say.
func (f *columnFlags) texts(ctx context.Context, r job.Reading) (job.Reading, error) {
	orders := map[string]infer.DateOrder{"": "", "dmy": infer.DayFirst, "mdy": infer.MonthFirst}
	order, ok := orders[strings.ToLower(f.dateOrder)]
	if !ok {
		return r, cli.Usage("--date-order is dmy or mdy, not %q", f.dateOrder)
	}
	if f.decimalMark != "" && f.decimalMark != "." && f.decimalMark != "," {
		return r, cli.Usage("--decimal-mark is . or , and not %q", f.decimalMark)
	}
	utc := strings.EqualFold(f.zone, "utc")
	if f.zone != "" && !utc && !strings.EqualFold(f.zone, "written") {
		return r, cli.Usage("--zone is written or utc, not %q", f.zone)
	}
	zones := false
	for i, p := range r.Profile.Columns {
		text := p.Text
		if text.Type == "" && p.OfferText.Zone == written.UTC && utc { // times of several zones
			text = p.OfferText
		}
		zones = zones || text.Zone != ""
		switch {
		case utc && text.Zone != "":
			if text.Zone = written.UTC; order != "" && text.Order != infer.YearFirst {
				text.Order = order
			}
		case text.Type == infer.TypeDateTime && (text.Order == infer.DayFirst || text.Order == infer.MonthFirst) && order != "":
			text.Order, text.Ambiguous = order, false
		case (text.Type == infer.TypeWhole || text.Type == infer.TypeDecimal) && f.decimalMark != "":
			text.Decimal, text.Ambiguous = f.decimalMark[0], false
		default:
			continue
		}
		var err error
		if r, err = r.ReadTexts(ctx, i, text); err != nil {
			return r, err
		}
	}
	if f.zone != "" && !zones {
		return r, cli.Usage("--zone has no effect: no column of the file has times with a time zone")
	}
	return r, nil
}

// written puts what the flags say about texts into the fields, for the columns
// whose texts stay texts until they are sent.
func (f *columnFlags) written(m mapping.Mapping, r job.Reading) mapping.Mapping {
	for i := range m.Fields {
		from := m.Fields[i].From
		if f.dateOrder != "" && !(from >= 0 && r.Profile.Columns[from].Text.Order == written.Compact) {
			m.Fields[i].DateOrder = mapping.DateOrder(strings.ToLower(f.dateOrder))
		}
		if f.decimalMark != "" {
			m.Fields[i].DecimalMark = f.decimalMark
		}
	}
	return m
}

// cutPair cuts at the last equals sign, which headers hold more often than the
// names of columns and types do.
func cutPair(s string) (a, b string, ok bool) {
	i := strings.LastIndexByte(s, '=')
	if i < 0 {
		return "", "", false
	}
	a, b = strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+1:])
	return a, b, a != "" && b != ""
}

// fieldOf finds a field by the column's name in the table or in the file.
func fieldOf(m mapping.Mapping, name, flag string) (int, error) {
	for _, same := range []func(mapping.Field) bool{
		func(f mapping.Field) bool { return f.Header == name || f.Target.Name == name },
		func(f mapping.Field) bool {
			return strings.EqualFold(f.Header, name) || strings.EqualFold(f.Target.Name, name)
		},
	} {
		if i := slices.IndexFunc(m.Fields, same); i >= 0 {
			return i, nil
		}
	}
	return -1, cli.Usage("%s: there is no column %q", flag, name)
}

// remap sends a column of the file into a column of the table.
func remap(m mapping.Mapping, r job.Reading, p job.Place, header, name string) error {
	from := slices.IndexFunc(r.Layout.Headers, func(h infer.Header) bool { return strings.EqualFold(h.Name, header) })
	if from < 0 {
		return cli.Usage("--map: the file has no column %q", header)
	}
	if !p.Exists || len(p.Learned.Columns) == 0 {
		i, err := fieldOf(m, header, "--map")
		if err == nil {
			m.Fields[i].Target.Name = name
		}
		return err
	}
	i := slices.IndexFunc(m.Fields, func(f mapping.Field) bool { return strings.EqualFold(f.Target.Name, name) })
	if i < 0 {
		return cli.Usage("--map: the table has no column %q", name)
	}
	m.Fields[i] = job.From(m.Fields[i], r, from)
	return nil
}

// filter puts the conditions of --where into a mapping whose columns and types are
// decided.
func (o *sendOptions) filter(m mapping.Mapping, r job.Reading) (mapping.Mapping, error) {
	for _, written := range o.where {
		c, err := job.Where(r, written)
		if err != nil {
			return m, err
		}
		m.Filter = append(m.Filter, c)
	}
	return m, m.CheckFilter()
}
