package command

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/storage"
	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/written"
	"pushdesk/ui/command/cli"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/apply"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/mapping/mapfile"
	"pushdesk/powerbi/push/schema"
)

// columnFlags change what is proposed for single columns.
type columnFlags struct {
	renames, types, leaveOut, constants []string
	dateOrder, decimalMark, zone        string
	mapping                             string

	file *mapfile.File // what --mapping names, once it was read
	// found counts what of the flags applied to a column, where several tables are sent:
	// a flag is for those tables that have its column. nil: each must apply.
	found map[string]int
	// together is set where the tables found are of files that go into the same table, so
	// that flags must not contradict each other.
	together bool
}

// given reports whether a flag was given that may have no effect on a file.
func (f *columnFlags) given() bool {
	return len(f.renames)+len(f.types)+len(f.leaveOut)+len(f.constants) > 0 || f.dateOrder+f.decimalMark+f.zone != ""
}

func (f *columnFlags) register(cmd *cobra.Command) {
	s := cmd.Flags()
	s.StringArrayVar(&f.renames, "map", nil, "`HEADER=COLUMN`: send a column of the file into a column of another name; may be repeated")
	s.StringArrayVar(&f.types, "type", nil, "`COLUMN=TYPE` for a column of a new table: "+powerbi.TypeNames()+"; either name will do; may be repeated")
	s.StringVar(&f.dateOrder, "date-order", "", "`order` of dates written as text: dmy (31/12/2026) or mdy (12/31/2026) (default: detected)")
	s.StringVar(&f.decimalMark, "decimal-mark", "", "`mark` in numbers written as text: . or , (default: detected)")
	s.StringArrayVar(&f.constants, "constant", nil, "`COLUMN=VALUE`: send this value in every row into a column that the file does not fill; nothing after the = sends blank; may be repeated")
	s.StringVar(&f.mapping, "mapping", "", "mapping `file` that says what is sent into which column; see pushdesk mapping init")
	s.StringVar(&f.zone, "zone", "", "how times with a time `zone` are sent: written (as they are: as text where a column has several) or utc (converted); several zones in a column must be decided")
	s.StringArrayVar(&f.leaveOut, "leave-out", nil, "column of the file, by its `HEADER`, that is not sent; may be repeated")
}

// on runs do for a column that a flag names. Where several tables are sent, one that
// lacks the column is passed over.
func (f *columnFlags) on(flag, given string, do func() error) error {
	err := do()
	var missing *noColumnError
	if f.found == nil || err != nil && !errors.As(err, &missing) {
		return err
	}
	if err == nil {
		f.found[flag+" "+given]++
	} else if _, seen := f.found[flag+" "+given]; !seen {
		f.found[flag+" "+given] = 0
	}
	return nil
}

// unfound returns an error for a flag that applied to no table.
func (f *columnFlags) unfound() error {
	for _, flag := range slices.Sorted(maps.Keys(f.found)) {
		if f.found[flag] == 0 {
			return cli.Usage("%s: none of the tables has that column, or values for it", flag)
		}
	}
	return nil
}

// noColumnError is a flag that names a column which is not there.
type noColumnError struct{ flag, where, name string }

func (e *noColumnError) Error() string { return e.flag + ": " + e.name }

// Failure implements failure.Explainer.
func (e *noColumnError) Failure() *failure.Error {
	return failure.New(failure.Usage, "command-line", fmt.Sprintf("%s: %s has no column %q", e.flag, e.where, e.name), "")
}

// apply changes a mapping as the flags say.
func (f *columnFlags) apply(m mapping.Mapping, r job.Reading, p job.Place) (mapping.Mapping, error) {
	if err := f.contradictions(r, p); err != nil {
		return m, err
	}
	m.Fields = slices.Clone(m.Fields)
	m = f.written(m, r)
	if err := f.reads(r, p); err != nil {
		return m, err
	}
	for _, header := range f.leaveOut {
		if err := f.on("--leave-out", header, func() error { return leaveOut(&m, r, p, header) }); err != nil {
			return m, err
		}
	}
	for _, pair := range f.renames {
		header, name, ok := cutMap(pair, r, p)
		if !ok {
			return m, cli.Usage("--map is HEADER=COLUMN, not %q", pair)
		}
		if err := f.on("--map", pair, func() error { return remap(m, r, p, header, name) }); err != nil {
			return m, err
		}
	}
	for _, pair := range f.constants {
		if err := f.on("--constant", pair, func() error { return constant(&m, pair) }); err != nil {
			return m, err
		}
	}
	for _, pair := range f.types {
		if err := f.on("--type", pair, func() error { return retype(m, r, p, pair) }); err != nil {
			return m, err
		}
	}
	return m, nil
}

// retype gives a column another type.
func retype(m mapping.Mapping, r job.Reading, p job.Place, pair string) error {
	name, word, ok := cutPair(pair)
	if !ok {
		return cli.Usage("--type is COLUMN=TYPE, not %q", pair)
	}
	given, ok := powerbi.ParseDataType(word)
	if !ok {
		return cli.Usage("--type %q: the types are %s", pair, powerbi.TypeNames())
	}
	i, err := fieldOf(m, name, "--type")
	if err != nil {
		return err
	}
	if has := m.Fields[i].Target.DataType; has != given && p.Fixed() && p.Learned.Source != schema.FromRows && p.Learned.Source != schema.FromMapping {
		return cli.Usage("--type %q: the table exists, and this column has the type %s", pair, has.Both())
	}
	if m.Fields[i].Target.DataType = given; given == powerbi.String {
		m.Fields[i].Zone = mapping.ZoneWritten
	}
	return nil
}

// leaveOut leaves a column of the file out.
func leaveOut(m *mapping.Mapping, r job.Reading, p job.Place, name string) error {
	without, ok := apply.Without(*m, r, p, name)
	if !ok {
		return &noColumnError{"--leave-out", "the file", name}
	}
	*m = without
	return nil
}

// constant fills a column of the table with one value.
func constant(m *mapping.Mapping, pair string) error {
	name, value, ok := strings.Cut(pair, "=")
	if name = strings.TrimSpace(name); !ok || name == "" {
		return cli.Usage("--constant is COLUMN=VALUE, not %q", pair)
	}
	filled, ok := apply.Constant(*m, name, strings.TrimSpace(value))
	if !ok {
		return &noColumnError{"--constant", "the table", name}
	}
	*m = filled
	return nil
}

// read reads the mapping file, if one is named.
func (f *columnFlags) read() error {
	if f.mapping == "" || f.file != nil {
		return nil
	}
	in, err := storage.OpenRegular(storage.TypedPath(f.mapping))
	if err != nil {
		return failure.New(failure.Missing, "mapping-missing", fmt.Sprintf("The mapping file “%s” cannot be opened.", f.mapping), "Check its path, or write one.").Because(err)
	}
	defer in.Close()
	file, err := mapfile.Read(in)
	if err != nil {
		return err
	}
	f.file = &file
	return nil
}

// block returns what the mapping file says about a table.
func (f *columnFlags) block(table string) (mapfile.Table, bool, error) {
	if f.file == nil {
		return mapfile.Table{}, false, nil
	}
	t, ok := f.file.For(table)
	if !ok {
		return t, false, cli.Usage("--mapping: %s says nothing about the table %q", f.mapping, table)
	}
	return t, true, nil
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
	zones := slices.ContainsFunc(r.Profile.Columns, func(p infer.ColumnProfile) bool { return remark.Has(p.Remarks, infer.NoteZones) })
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
		if !utc && !p.ReadsAs(text) {
			continue // the flag is for other columns
		}
		var err error
		if r, err = r.ReadTexts(ctx, i, text); err != nil {
			return r, err
		}
	}
	if f.zone == "" {
		return r, nil
	}
	return r, f.reaches("--zone", f.zone, zones, "no column of the file has times with a time zone")
}

// reads refuses --date-order and --decimal-mark for a file in which no text can be a date, or a
// number. Of several tables one must have such a text.
func (f *columnFlags) reads(r job.Reading, p job.Place) error {
	for _, flag := range []struct {
		name, given, noun string
		types             []infer.Type
		push              []powerbi.DataType
	}{
		{"--date-order", f.dateOrder, "date", []infer.Type{infer.TypeDateTime}, []powerbi.DataType{powerbi.DateTime}},
		{"--decimal-mark", f.decimalMark, "number", []infer.Type{infer.TypeWhole, infer.TypeDecimal}, []powerbi.DataType{powerbi.Int64, powerbi.Double, powerbi.Decimal}},
	} {
		if flag.given == "" {
			continue
		}
		column := slices.ContainsFunc(r.Profile.Columns, func(c infer.ColumnProfile) bool {
			return slices.Contains(flag.types, c.Text.Type) || slices.Contains(flag.types, c.OfferType) && c.Counts[cell.Text] > 0
		})
		texts := slices.ContainsFunc(r.Profile.Columns, func(c infer.ColumnProfile) bool { return c.Counts[cell.Text] > 0 })
		table := texts && slices.ContainsFunc(p.Learned.Columns, func(c powerbi.Column) bool { return slices.Contains(flag.push, c.DataType) })
		typed := texts && len(f.types) > 0 // a text may become one
		if err := f.reaches(flag.name, flag.given, column || table || typed, "no text of the file can be a "+flag.noun); err != nil {
			return err
		}
	}
	return nil
}

// reaches notes whether a flag about all columns has an effect on a table. Of several tables it
// must have one on one of them.
func (f *columnFlags) reaches(flag, given string, has bool, why string) error {
	switch {
	case f.found == nil && !has:
		return cli.NoEffect(flag, why)
	case f.found == nil:
	case has:
		f.found[flag+" "+given]++
	default:
		f.found[flag+" "+given] += 0
	}
	return nil
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
		if f.zone != "" && m.Fields[i].Target.DataType == powerbi.String {
			m.Fields[i].Zone = mapping.Zone(strings.ToLower(f.zone))
		}
	}
	return m
}

// contradictions refuses flags of which one would undo what another says. Of several tables each
// may be for another one.
func (f *columnFlags) contradictions(r job.Reading, p job.Place) error {
	if f.found != nil && !f.together {
		return nil
	}
	filled, sent, typed := map[string]string{}, map[string]bool{}, map[string]bool{}
	fill := func(flag, column string) error {
		key := strings.ToLower(column)
		if other := filled[key]; other != "" {
			return cli.Usage("%s and %s both say what fills the column %q: give one of them", other, flag, column)
		}
		filled[key] = flag
		return nil
	}
	for _, pair := range f.renames {
		header, name, _ := cutMap(pair, r, p)
		sent[strings.ToLower(header)] = true
		if err := fill(fmt.Sprintf("--map %q", pair), name); err != nil {
			return err
		}
	}
	for _, pair := range f.constants {
		name, _, _ := strings.Cut(pair, "=")
		if err := fill(fmt.Sprintf("--constant %q", pair), strings.TrimSpace(name)); err != nil {
			return err
		}
	}
	for _, header := range f.leaveOut {
		if sent[strings.ToLower(strings.TrimSpace(header))] {
			return cli.Usage("--map sends the column %q, and --leave-out leaves it out: give one of them", header)
		}
	}
	for _, pair := range f.types {
		name, _, ok := cutPair(pair)
		if ok && typed[strings.ToLower(name)] {
			return cli.Usage("--type is given twice for the column %q", name)
		}
		typed[strings.ToLower(name)] = true
	}
	return nil
}

// cutMap cuts HEADER=COLUMN where the names themselves may hold equals signs: where they are
// those of a column of the file and of the table, else as cutPair.
func cutMap(pair string, r job.Reading, p job.Place) (header, name string, ok bool) {
	header, name, ok = cutPair(pair)
	for i := len(pair) - 1; i > 0; i-- {
		if pair[i] != '=' {
			continue
		}
		a, b := strings.TrimSpace(pair[:i]), strings.TrimSpace(pair[i+1:])
		there := !p.Fixed() || slices.ContainsFunc(p.Learned.Columns, func(c powerbi.Column) bool { return strings.EqualFold(c.Name, b) })
		if a != "" && b != "" && there && apply.HeaderIndex(r.Layout.Headers, a) >= 0 {
			return a, b, true
		}
	}
	return header, name, ok
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
	return -1, &noColumnError{flag, "the upload", name}
}

// remap sends a column of the file into a column of the table. A column of the table
// that it filled by its name gets nothing then.
func remap(m mapping.Mapping, r job.Reading, p job.Place, header, name string) error {
	from := apply.HeaderIndex(r.Layout.Headers, header)
	if from < 0 {
		return &noColumnError{"--map", "the file", header}
	}
	if !p.Fixed() {
		i := slices.IndexFunc(m.Fields, func(f mapping.Field) bool { return f.From == from })
		if i < 0 {
			return &noColumnError{"--map", "the upload", header}
		}
		m.Fields[i].Target.Name = name
		m.Fields[i] = job.KeepType(m.Fields[i], r, p)
		return nil
	}
	i := slices.IndexFunc(m.Fields, func(f mapping.Field) bool { return f.Target.Name == name })
	if i < 0 {
		i = slices.IndexFunc(m.Fields, func(f mapping.Field) bool { return strings.EqualFold(f.Target.Name, name) })
	}
	if i < 0 {
		return &noColumnError{"--map", "the table", name}
	}
	for k, f := range m.Fields {
		if k != i && f.From == from && f.By != mapping.Chosen {
			m.Fields[k] = mapping.Field{From: -1, Target: f.Target, Use: true}
		}
	}
	m.Fields[i] = job.From(m.Fields[i], r, from)
	return nil
}

// filter puts the conditions of --where into a mapping whose columns and types are
// decided.
func (o *sendOptions) filter(m mapping.Mapping, r job.Reading) (mapping.Mapping, error) {
	for _, written := range o.where {
		c, err := apply.Where(r, written)
		if err != nil {
			return m, err
		}
		m.Filter = append(m.Filter, c)
	}
	return m, m.CheckFilter()
}
