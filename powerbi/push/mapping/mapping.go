package mapping

import (
	"slices"

	"pushdesk/powerbi"
	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
	"pushdesk/storage/written"
)

// Source is a stream of rows. The cells of Row are valid until the next Next.
// The same content must give the same rows in the same order every time it is
// read: a run that is resumed counts on it.
type Source interface {
	Next() bool
	Row() (number int, cells []cell.Cell) // number: the row in the sheet, from 1
	Err() error
}

// TooLong says what to do with a text above powerbi.MaxStringLength.
type TooLong string

const (
	TooLongIsProblem TooLong = ""         // a problem, treated as the policy says
	TooLongTruncate  TooLong = "truncate" // cut to the limit, with a note
)

// DateOrder says how dates that are written as text are read.
type DateOrder string

const (
	DateOrderUnknown DateOrder = ""    // only where it cannot be mistaken: 20/11/2026, but not 03/04/2026
	DayFirst         DateOrder = "dmy" // 03/04/2026 is the third of April
	MonthFirst       DateOrder = "mdy" // 03/04/2026 is the fourth of March
	YearMonthDay     DateOrder = "yyyymmdd"
)

// Zone says what becomes of times with a time zone.
type Zone string

const (
	ZoneUndecided Zone = ""
	ZoneWritten   Zone = "written" // they are sent as they are written: as text where their zones differ
	ZoneUTC       Zone = "utc"     // they are converted
)

// Field is one column of the target table and where its values come from.
type Field struct {
	From   int            `json:"from"`   // index into the row's cells; -1: nothing, null is sent
	Header string         `json:"header"` // the column's name in the file
	Letter string         `json:"letter"` // the column's letters in the sheet, for addresses
	Target powerbi.Column `json:"target"`
	Use    bool           `json:"use"` // false: left out
	// By says why the column of the file is taken; of a field without one, Chosen and
	// Before say that a person wants nothing in it.
	By Confidence `json:"-"`
	// Rules change the cells before they are converted; nil: they are sent as they are.
	Rules *Rules `json:"rules,omitempty"`

	OnTooLong   TooLong   `json:"onTooLong,omitempty"`
	DecimalMark string    `json:"decimalMark,omitempty"` // of numbers written as text: "." or ","; "" reads 1234.5 and refuses 1,234
	DateOrder   DateOrder `json:"dateOrder,omitempty"`
	Zone        Zone      `json:"zone,omitempty"`

	Dress written.Dress `json:"dress,omitzero"` // what numbers and dates written as text have besides their digits
}

// Mapping is a target table and what is sent into each of its columns. It is a
// plain value that can be saved.
type Mapping struct {
	Table  string  `json:"table"`
	Fields []Field `json:"fields"`

	LeftOut []string    `json:"-"`                // headers of columns that a person does not want in the table
	Filter  []Condition `json:"filter,omitempty"` // only rows that meet all of them are sent; nil: every row
	Past    *Past       `json:"past,omitempty"`   // of these, rows that the table holds already; nil: nobody has looked for them
}

// Used returns the fields that are sent.
func (m Mapping) Used() []Field {
	used := make([]Field, 0, len(m.Fields))
	for _, f := range m.Fields {
		if f.Use {
			used = append(used, f)
		}
	}
	return used
}

// Schema returns the table that the mapping fills.
func (m Mapping) Schema() powerbi.Table {
	t := powerbi.Table{Name: m.Table}
	for _, f := range m.Used() {
		t.Columns = append(t.Columns, f.Target)
	}
	return t
}

// Check finds what is wrong with the target table: names, types, the number of
// columns, and columns that stand twice; and conditions that do not fit.
func (m Mapping) Check() []powerbi.SchemaProblem {
	problems := powerbi.CheckTable(m.Schema())
	if f, bad := failure.From(m.CheckFilter()); bad {
		problems = append(problems, powerbi.SchemaProblem{Table: m.Table, Sentence: f.Sentence, Remedy: f.Remedy})
	}
	used := m.Used()
	for _, f := range used {
		if wrong := f.Rules.Check(f); wrong != "" {
			problems = append(problems, powerbi.SchemaProblem{Table: m.Table, Column: f.Target.Name, Sentence: f.Target.Name + ": " + wrong, Remedy: "Change the rules of this column."})
		}
	}
	if len(used) > 0 && !slices.ContainsFunc(used, func(f Field) bool { return f.From >= 0 }) {
		problems = append(problems, powerbi.SchemaProblem{Table: m.Table,
			Sentence: "No column of the file is mapped, so every row would be empty.",
			Remedy:   "Choose a column of the file for at least one column of the table."})
	}
	return problems
}

// CheckFilter returns what is wrong with the first condition that cannot be used: its
// operator does not fit the column's type, or its value is none of that type.
func (m Mapping) CheckFilter() error {
	for _, c := range m.Filter {
		if _, err := newMatcher(m, c); err != nil {
			return err
		}
	}
	return nil
}
