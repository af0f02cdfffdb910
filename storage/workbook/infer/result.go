package infer

import (
	"fmt"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
)

// Header is the name of a column.
type Header struct {
	Column int    // in the sheet, zero-based
	Raw    string // as it is in the file
	Name   string // trimmed, unique, never empty
}

// Profile is what the rows of a source hold, column by column.
type Profile struct {
	Rows       int64 // with a value
	BlankRows  int64 // between them
	HiddenRows int64 // of Rows: hidden in the sheet, for example by a filter
	LastRow    int   // number of the last row with a value, 0 when there is none
	Columns    []ColumnProfile
	Notes      []Note // about the rows as a whole
	Tail       Tail   // what is below the rows and is counted among them
	// Provisional is set when only the first rows were read.
	Provisional bool
}

// ColumnProfile is what a column holds.
type ColumnProfile struct {
	Header     Header
	Type       Type
	Why        string            // why it has that type
	Counts     [cell.Kinds]int64 // cells of each kind
	Min, Max   float64           // of its numbers; of its dates in milliseconds since 1970 when Type is datetime
	Longest    int               // the longest text in UTF-16 units
	LongestRow int
	Samples    []string // the first different values
	Notes      []Note
	// OfferType is a type that at least 90 % of the values fit, when Type is not
	// that. The column is not changed to it without a person's word.
	OfferType Type
	// Misfits are the first five values that do not fit OfferType, or Type when
	// nothing is offered.
	Misfits []Misfit
	// MisfitCount is how many there are.
	MisfitCount int64
	// Text is how WithTypes reads the texts of the column; OfferText is how it would
	// read them for OfferType.
	Text, OfferText TextFormat
}

// Problems counts the cells of the column that a person should see: errors,
// formulas without a result, numbers that have lost digits or are beyond every date,
// and values that do not fit the column's type or the type that is offered. first is
// the row of the first of them, 0 when there is none.
func (p *ColumnProfile) Problems() (first int, count int64) {
	take := func(row int, n int64) {
		if count += n; row > 0 && (first == 0 || row < first) {
			first = row
		}
	}
	for _, n := range p.Notes {
		switch n.Kind {
		case NoteErrors, NoteUncalculated, NoteRounded, NoteBadDate:
			take(n.Row, max(n.Count, 1))
		}
	}
	if len(p.Misfits) > 0 {
		take(p.Misfits[0].Row, max(p.MisfitCount, int64(len(p.Misfits))))
	}
	return first, count
}

// Misfit is a value that does not fit the type of its column.
type Misfit struct {
	Row   int
	Value string // as a person reads it
	Kind  cell.Kind
}

// NoteKind sorts notes.
type NoteKind string

const (
	NoteEmpty         NoteKind = "empty"
	NotePercent       NoteKind = "percent"
	NoteCurrency      NoteKind = "currency"
	NoteMixedCurrency NoteKind = "mixed-currency"
	NoteErrors        NoteKind = "errors"
	NoteUncalculated  NoteKind = "uncalculated"
	NoteRounded       NoteKind = "rounded"
	NoteZeroPadded    NoteKind = "zero-padded"
	NoteDuration      NoteKind = "duration"
	NoteTime          NoteKind = "time"
	NoteBadDate       NoteKind = "bad-date"
	NoteAmbiguous     NoteKind = "ambiguous"
	NoteZone          NoteKind = "zone"
	NoteHidden        NoteKind = "hidden"
	NoteOutside       NoteKind = "outside"
	NoteRagged        NoteKind = "ragged"
	NoteTotal         NoteKind = "total"
	NoteNothing       NoteKind = "nothing"
)

// Note is a remark about a column or about the rows.
type Note struct {
	Kind     NoteKind
	Sentence string
	Row      int   // the first row it is about, 0 if none
	Count    int64 // of the cells or rows it is about
}

// Tail is what is below the rows of a table and is none of them: totals, notes.
type Tail struct {
	FirstRow int    // of the sheet; 0 = there is nothing
	Why      string // a sentence, such as: Row 12 is the total of the rows above.
	// Certain says that no row of data looks like this: a total that is the sum of
	// the rows above it, or a note of one cell below blank rows.
	Certain bool
}

// LeftOut says that it is left out, and why.
func (t Tail) LeftOut() string {
	return fmt.Sprintf("%s Everything from row %s on is left out.", t.Why, humanize.Number(t.FirstRow))
}
