package job

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/job/recent"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/infer"
)

// Terms are what a person has decided beforehand about unknown or guessed things.
type Terms struct {
	OnDrift       mapping.OnDrift // "" = stop
	Strict        bool            // nothing is sent while something is guessed
	AcceptGuesses bool            // the columns of a table that had to be guessed are good enough
	Unattended    bool            // nobody is there to look at what is guessed
}

// Fixed reports whether rows go into a table whose columns are known, or guessed, and
// stay as they are. Of a new table a mapping may say them.
func (p Place) Fixed() bool {
	return !p.Destination.Reshape && len(p.Learned.Columns) > 0
}

// Known says where the columns of the table are known from.
func (p Place) Known() mapping.Known {
	switch {
	case !p.Exists && p.Learned.Source != schema.FromMapping:
		return mapping.KnownNew
	case len(p.Learned.Columns) == 0:
		return mapping.KnownNot
	}
	return map[schema.Source]mapping.Known{schema.FromService: mapping.KnownService, schema.FromComputer: mapping.KnownHere,
		schema.FromMapping: mapping.KnownMapping, schema.FromRows: mapping.KnownRows}[p.Learned.Source]
}

// Contract says how the columns of the file stand to those of the table, as far as the
// draft is decided.
func (d Draft) Contract() mapping.Contract {
	c := mapping.Contract{Known: d.Place.Known(), Matched: []mapping.Joined{}, Renamed: []mapping.Joined{}, New: []string{}, Missing: []string{}, Retyped: []mapping.Retyped{}}
	headers := d.Reading.Layout.Headers
	used := make([]bool, len(headers))
	s := mapping.Sides{Headers: headerNames(headers), Types: pushTypes(d.Reading.Profile)}
	fixed, existing := d.Place.Fixed(), d.Place.Learned.Columns
	for i, h := range headers {
		if slices.Contains(d.Mapping.LeftOut, h.Name) {
			used[i], c.LeftOut = true, append(c.LeftOut, h.Name)
		}
	}
	for _, f := range d.Mapping.Fields {
		there := fixed && schema.Has(existing, f.Target.Name)
		switch {
		case !f.Use:
			if f.From >= 0 && f.From < len(used) && !used[f.From] {
				used[f.From], c.LeftOut = true, append(c.LeftOut, f.Header)
			}
			continue
		case f.From >= 0 && !f.IsConstant():
			if f.From < len(used) {
				used[f.From] = true
			}
			by := f.By
			if by == "" {
				by = mapping.Created
			}
			c.Matched = append(c.Matched, mapping.Joined{From: f.Header, Letter: f.Letter, To: f.Target.Name, By: by})
			if r, differs := retyped(d, f); there && differs {
				c.Retyped = append(c.Retyped, r)
			}
		case f.IsConstant():
			c.Constant = append(c.Constant, f.Target.Name)
		case f.By == mapping.Chosen || f.By == mapping.Before || d.Of != "":
			c.Blank = append(c.Blank, f.Target.Name)
		default:
			c.Missing = append(c.Missing, f.Target.Name)
			s.Existing = append(s.Existing, f.Target)
		}
		if fixed && !there {
			c.Added = append(c.Added, f.Target.Name)
		}
	}
	if d.Place.Exists && d.Reshape {
		diff := alter.Columns(existing, d.Mapping.Schema().Columns)
		for _, x := range diff.Dropped {
			c.Dropped = append(c.Dropped, x.Name)
		}
		for _, x := range diff.Added {
			c.Added = append(c.Added, x.Name)
		}
	}
	for _, x := range d.Mapping.Filter {
		if x.From >= 0 && x.From < len(used) {
			used[x.From] = true
		}
	}
	for i, h := range headers {
		if used[i] {
			s.Beside = append(s.Beside, i)
		} else if fixed && d.Of == "" {
			c.New = append(c.New, h.Name)
		}
	}
	if len(c.New) > 0 && len(c.Missing) > 0 {
		c.Renamed = renamed(d, s)
	}
	if b := d.Place.decided(d.Reading); b != nil {
		c.Decided = b.Made
	}
	if c = c.Settled(d.Terms.OnDrift); d.Of != "" {
		c.Broken = false // the run whose corrected rows these are was agreed to
	}
	return c
}

// renamed proposes which new columns of the file may be missing ones of the table. The
// places of all columns of the table count, so that they stand where they stand there.
func renamed(d Draft, s mapping.Sides) []mapping.Joined {
	list := []mapping.Joined{}
	missing := s.Existing
	s.Existing = d.Place.Learned.Columns
	_, likely := mapping.Matches(mapping.Sides{Headers: s.Headers, Types: s.Types, Existing: s.Existing})
	for _, m := range likely {
		to := s.Existing[m.Column].Name
		if slices.Contains(s.Beside, m.Header) || !slices.ContainsFunc(missing, func(c powerbi.Column) bool { return c.Name == to }) {
			continue
		}
		h := d.Reading.Layout.Headers[m.Header]
		list = append(list, mapping.Joined{From: h.Name, Letter: cell.Column(h.Column), To: to, By: m.By})
	}
	return list
}

// pushTypes are the push types of the columns of a file.
func pushTypes(file infer.Profile) (list []powerbi.DataType) {
	for _, p := range file.Columns {
		list = append(list, DataType(p.Type))
	}
	return list
}

// retyped compares the values of a field's column with the type of the table, and
// reports whether they differ in a way worth saying.
func retyped(d Draft, f mapping.Field) (r mapping.Retyped, differs bool) {
	if f.From >= len(d.Reading.Profile.Columns) {
		return r, false
	}
	p := d.Reading.Profile.Columns[f.From]
	if f.Rules.OnText() || f.IsConstant() {
		return r, false // its values are not those of the file
	}
	is, wants := DataType(p.Type), f.Target.DataType
	filled := values(p)
	switch {
	case filled == 0 || is == wants, wide(wants) && (is == powerbi.Int64 || wide(is) || p.Type == infer.TypeDuration),
		p.OfferType != "" && (DataType(p.OfferType) == wants || wide(wants) && DataType(p.OfferType) == powerbi.Int64),
		p.Type == infer.TypeDuration && wants == powerbi.String:
		return r, false
	}
	r = mapping.Retyped{Column: f.Target.Name, Table: wants, File: is}
	if wants == powerbi.String {
		r.Fits = mapping.FitsAll
	}
	if d.Checked != nil {
		r.Fits = mapping.FitsAll
		var bad int64
		for _, c := range d.Checked.Report.ProblemCounts {
			if c.Column == f.Target.Name && c.Severity == mapping.SeverityError {
				bad += c.Count
			}
		}
		switch {
		case bad >= filled:
			r.Fits = mapping.FitsNone
		case bad > 0:
			r.Fits = mapping.FitsSome
		}
	}
	return r, true
}

// wide reports whether a type takes every number.
func wide(t powerbi.DataType) bool { return t == powerbi.Double || t == powerbi.Decimal }

// values counts the cells of a column that hold something.
func values(p infer.ColumnProfile) (n int64) {
	for k, c := range p.Counts {
		if cell.Kind(k) != cell.Blank && cell.Kind(k) != cell.Error {
			n += c
		}
	}
	return n
}

// Refused returns why a draft must not be sent, whatever its values are: its contract is
// broken, or something is guessed that nobody has agreed to. nil when it can be.
func (d Draft) Refused() error {
	if err := d.guessedTypes(); err != nil {
		return err
	}
	if c := d.Contract(); c.Broken {
		return c.Failure(d.Place.Target.Table)
	}
	if d.Terms.Unattended && !d.Terms.AcceptGuesses && d.Contract().Known.Guessed() {
		sentence := fmt.Sprintf("The columns of the table “%s” are guessed from its rows: Power BI does not tell them.", d.Place.Target.Table)
		if d.Place.Known() == mapping.KnownNot {
			sentence = fmt.Sprintf("The columns of the table “%s” are not known: Power BI does not tell them, and nothing could be learned from its rows.", d.Place.Target.Table)
		}
		return failure.New(failure.Contract, "columns-guessed", sentence+" Nothing was sent, because nobody is there to check them.",
			"Check the columns and their types once, and say that they are right; or send with a mapping that names them.")
	}
	return guessed(d)
}

// guessedTypes asks for the types of columns that were guessed from rows of the table and
// that values of the file do not fit: it is the guess that is in question, not the values.
func (d Draft) guessedTypes() error {
	if d.Place.Known() != mapping.KnownRows || d.policy() != mapping.PolicyStop {
		return nil
	}
	var says []string
	for _, r := range d.Contract().Retyped {
		if r.Fits != mapping.FitsAll {
			says = append(says, fmt.Sprintf("%s was guessed as %s, and the file has values of the type %s", r.Column, r.Table.Label(), r.File.Label()))
		}
	}
	if len(says) == 0 {
		return nil
	}
	return failure.New(failure.Contract, "type-guessed", fmt.Sprintf("The types of the table “%s” are guessed from its rows, and values of the file do not fit: %s. Nothing was sent.", d.Place.Target.Table, humanize.ListSome(says, 4)),
		"Say which types these columns of the table really have.")
}

// Extended returns the draft with a column of the table for each new one of the file,
// where that is the choice, and else without those that were added.
func (d Draft) Extended() (Draft, error) {
	if d.Place.Fixed() && d.Terms.OnDrift != mapping.DriftAdd {
		if added := d.Contract().Added; len(added) > 0 {
			m := d.Mapping
			m.Fields = slices.DeleteFunc(slices.Clone(m.Fields), func(f mapping.Field) bool { return slices.Contains(added, f.Target.Name) })
			return d.Map(m), nil
		}
	}
	fresh := d.Contract().New
	if d.Terms.OnDrift != mapping.DriftAdd || len(fresh) == 0 {
		return d, nil
	}
	if d.Place.Known().Guessed() {
		return d, failure.New(failure.Contract, "add-guessed", fmt.Sprintf("Columns cannot be added to the table “%s”: its columns are guessed from rows, and adding would give them the guessed types.", d.Place.Target.Table),
			"Send with a mapping that names the columns of the table and their types.")
	}
	m := d.Mapping
	m.Fields = slices.Clone(m.Fields)
	var names []string
	for _, f := range m.Fields {
		names = append(names, f.Target.Name)
	}
	taken := len(names)
	clean := powerbi.CleanColumnNames(append(names, fresh...))[taken:]
	for n, name := range fresh {
		i := slices.IndexFunc(d.Reading.Layout.Headers, func(h infer.Header) bool { return h.Name == name })
		f := From(mapping.Field{Target: powerbi.Column{Name: clean[n], DataType: DataType(d.Reading.Profile.Columns[i].Type)}}, d.Reading, i)
		f.By = mapping.Created
		m.Fields = append(m.Fields, f)
	}
	return d.Map(m), nil
}

// extends reports whether the table gets columns by a draft's choice of DriftAdd.
func extends(d Draft) bool {
	return d.Terms.OnDrift == mapping.DriftAdd && d.Place.Exists && d.Place.Fixed() && len(d.Contract().Added) > 0
}

// decided returns what was decided for files like that of a reading; nil when nothing was.
func (p Place) decided(r Reading) *schema.Decision { return p.about(r, p.Decisions) }

// former returns the same for a table that is no longer there.
func (p Place) former(r Reading) *schema.Decision { return p.about(r, p.Former) }

func (p Place) about(r Reading, list []schema.Decision) *schema.Decision {
	if r.Book == nil || p.Exists && !p.Fixed() {
		return nil
	}
	name := recent.Kind(filepath.Base(r.Book.Path()))
	if i := slices.IndexFunc(list, func(x schema.Decision) bool { return x.File == name }); i >= 0 {
		return &list[i]
	}
	return nil
}

// decisionOf is what a draft decides, on top of what was decided before.
func decisionOf(d Draft, now time.Time) schema.Decision {
	x := schema.Decision{Joined: map[string]string{}}
	if was := d.Place.decided(d.Reading); was != nil {
		for from, to := range was.Joined {
			x.Joined[from] = to
		}
		x.LeftOut = slices.Clone(was.LeftOut)
		for _, name := range was.Blank {
			if schema.Has(d.Place.Learned.Columns, name) {
				x.Blank = append(x.Blank, name)
			}
		}
	}
	x.Service, x.Table, x.Made = d.Place.Destination.Connection.Service, d.Place.Target.Table, now.UTC()
	x.WorkspaceID, x.DatasetID, x.Dataset = d.Place.Target.WorkspaceID, d.Place.Target.DatasetID, d.Place.Target.DatasetName
	x.File = recent.Kind(filepath.Base(d.Reading.Book.Path()))
	c := d.Contract()
	for _, f := range d.Mapping.Used() {
		without := func(list []string, name string) []string {
			return slices.DeleteFunc(list, func(s string) bool { return s == name })
		}
		if f.From < 0 {
			continue
		}
		x.LeftOut, x.Blank = without(x.LeftOut, f.Header), without(x.Blank, f.Target.Name)
		delete(x.Joined, f.Header)
		named := f.By == mapping.Chosen || f.By == mapping.Before || f.By == mapping.Created || f.By == ""
		if named && f.Header != f.Target.Name {
			for from, to := range x.Joined { // the column is filled by this one now
				if to == f.Target.Name {
					delete(x.Joined, from)
				}
			}
			x.Joined[f.Header] = f.Target.Name
		}
	}
	merge := func(list, more []string) []string {
		for _, s := range more {
			if !slices.Contains(list, s) {
				list = append(list, s)
			}
		}
		return list
	}
	x.LeftOut, x.Blank = merge(x.LeftOut, c.LeftOut), merge(x.Blank, c.Blank)
	if c.OnDrift == mapping.DriftIgnore {
		x.LeftOut, x.Blank = merge(x.LeftOut, c.New), merge(x.Blank, c.Missing)
	}
	return x
}

// remember keeps what a draft that was begun has decided, for the next file of its name.
// Of corrected rows nothing is new. Not to remember is no reason to fail.
func (j *Jobs) remember(d Draft, datasetID string, now time.Time) {
	if j.Decisions == nil || d.Of != "" {
		return
	}
	x := decisionOf(d, now)
	x.DatasetID = datasetID
	if was := d.Place.decided(d.Reading); was != nil && x.SameAs(*was) || was == nil && x.Empty() {
		return
	}
	_ = j.Decisions.Keep(x)
}
