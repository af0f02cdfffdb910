// Package remark is what Pushdesk says about a file and what becomes of it: everything
// that is guessed, changed, left out or damaged on the way from the file to the table.
//
// A remark is made once, where it is found out, and every front end shows the same list.
// It names no flag and no control: its options name settings, and each front end says
// how to choose them.
package remark

import (
	"fmt"
	"slices"

	"pushdesk/storage/humanize"
)

// Kind sorts remarks by what they mean to a person.
type Kind string

const (
	Info   Kind = "info"   // worth knowing; nothing is changed by it
	Change Kind = "change" // values are sent otherwise than they are written
	Guess  Kind = "guess"  // decided, although another reading is possible; a strict run stops
	Omit   Kind = "omit"   // rows, columns or characters that are not sent
	Damage Kind = "damage" // values that were lost or spoiled before, or cannot be read
)

// Remark is one thing to say.
type Remark struct {
	Code     string   `json:"code"` // stable, for scripts
	Kind     Kind     `json:"kind"`
	Sentence string   `json:"sentence"`         // whole sentences, without the column's name
	Column   string   `json:"column,omitempty"` // the name of the column it is about; "" is the whole
	Row      int      `json:"row,omitempty"`    // the first row (of a text file: line) it is about
	Places   []string `json:"places,omitempty"` // the first addresses, such as B7, or lines
	Count    int64    `json:"count,omitempty"`  // of the cells, rows or characters it is about
	Options  []Option `json:"options,omitempty"`
}

// MostPlaces is how many addresses a remark names.
const MostPlaces = 5

// Option is something that can be chosen in place of what was done.
type Option struct {
	Setting Setting `json:"setting"`
	Value   string  `json:"value,omitempty"` // of the setting; for one of a column "Column=value"
	Does    string  `json:"does"`            // a phrase that follows "to", such as: keep the row
	// And is what is chosen together with it.
	And []Option `json:"and,omitempty"`
}

// Setting is a choice that a person has. Each front end knows how it is made there.
type Setting string

const (
	Type       Setting = "type"        // the type of a column
	HeaderRow  Setting = "header-row"  // where the names of the columns are
	HeaderRows Setting = "header-rows" // how many rows they take
	Sheet      Setting = "sheet"       // the sheet or table that is read
	Range      Setting = "range"       // the range that is read
	KeepTotals Setting = "keep-totals" // rows that look like totals or notes are sent as well
	LeaveTotal Setting = "leave-total" // such rows are left out
	Encoding   Setting = "encoding"    // of a text file
	Delimiter  Setting = "delimiter"   // of a text file
	Quote      Setting = "quote"       // of a text file
	Comment    Setting = "comment"     // what lines of a text file begin with that are no rows
	DateOrder  Setting = "date-order"  // which number of a date is the day
	Decimal    Setting = "decimal"     // the decimal mark of numbers
	LeaveOut   Setting = "leave-out"   // a column that is not sent
	Blank      Setting = "blank"       // values that do not fit are sent as blank
	FillDown   Setting = "fill-down"   // blanks below a label get the label
	Hidden     Setting = "hidden"      // hidden rows and columns are left out
	ShowHidden Setting = "show-hidden" // they are not
	KeepBlank  Setting = "keep-blank"  // blanks below a label stay blank
	MapColumn  Setting = "map"         // which column of the file fills one of the table
	OnDrift    Setting = "on-drift"    // what becomes of columns that do not match
	Zone       Setting = "zone"        // how times with a zone are sent
	Detect     Setting = "detect"      // the reading is found again, and not the one of the last time
	Accept     Setting = "accept"      // what is guessed of a table is taken for right
)

// Settings are all settings.
var Settings = []Setting{Type, HeaderRow, HeaderRows, Sheet, Range, KeepTotals, LeaveTotal, Encoding, Delimiter, Quote, Comment,
	DateOrder, Decimal, LeaveOut, Blank, FillDown, Hidden, ShowHidden, KeepBlank, MapColumn, OnDrift, Zone, Detect, Accept}

// New makes a remark about the whole.
func New(kind Kind, code, format string, args ...any) Remark {
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	return Remark{Kind: kind, Code: code, Sentence: format}
}

// At returns the remark with the first row it is about and how many there are.
func (r Remark) At(row int, count int64) Remark {
	r.Row, r.Count = row, count
	return r
}

// In returns the remark as one about a column.
func (r Remark) In(column string) Remark {
	r.Column = column
	return r
}

// With returns the remark with another option.
func (r Remark) With(setting Setting, value, does string) Remark {
	r.Options = append(slices.Clip(r.Options), Option{Setting: setting, Value: value, Does: does})
	return r
}

// And returns the remark whose last option is chosen together with another one.
func (r Remark) And(setting Setting, value string) Remark {
	r.Options = slices.Clone(r.Options)
	last := &r.Options[len(r.Options)-1]
	last.And = append(slices.Clip(last.And), Option{Setting: setting, Value: value})
	return r
}

// On returns the remark with addresses, of which it keeps the first ones.
func (r Remark) On(places ...string) Remark {
	r.Places = slices.Clone(places[:min(len(places), MostPlaces)])
	return r
}

// Where is the addresses in words: "B7, B9 and 3 more"; "" when none are known.
func (r Remark) Where() string {
	if len(r.Places) == 0 {
		return ""
	}
	if more := r.Count - int64(len(r.Places)); more > 0 {
		return humanize.List(append(slices.Clone(r.Places), humanize.Number(more)+" more"))
	}
	return humanize.List(r.Places)
}

// Same reports whether two remarks say the same.
func (r Remark) Same(other Remark) bool {
	return r.Code == other.Code && r.Column == other.Column && r.Sentence == other.Sentence
}

// Add appends remarks that are not in a list yet.
func Add(list []Remark, more ...Remark) []Remark {
	for _, r := range more {
		if !slices.ContainsFunc(list, r.Same) {
			list = append(list, r)
		}
	}
	return list
}

// Has reports whether a list has a remark with a code.
func Has(list []Remark, code string) bool {
	return slices.ContainsFunc(list, func(r Remark) bool { return r.Code == code })
}

// Sentences returns what remarks say, without the names of their columns.
func Sentences(list []Remark) (all []string) {
	for _, r := range list {
		all = append(all, r.Sentence)
	}
	return all
}
