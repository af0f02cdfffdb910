package infer

import (
	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
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
	Remarks    []remark.Remark // about the rows as a whole
	// Left are the rows that are none and are left out; from its end on there is another
	// table, with the names of Another. AnotherUnclear: its first row looks like those above.
	Left           Spans
	Another        string
	AnotherUnclear bool
	// Joined is the first row below a blank one that may begin another table, and was read as
	// a row like those above, 0 for none; JoinedBy is what it holds.
	Joined   int
	JoinedBy string
	// Totals are the rows that look like totals and are kept: their blanks are not filled.
	Totals Spans
	// LeftAt are the places of the rows left out among all that were read, in order.
	LeftAt []int64
	// Suspects counts the lines that look like none of the rows, left out or not.
	Suspects int64
	// Beyond is the last column of a text file that has a value, where that is none of
	// the layout's; else 0.
	Beyond int
	// Provisional is set when only the first rows were read.
	Provisional bool
}

// ColumnProfile is what a column holds.
type ColumnProfile struct {
	Header     Header
	Type       Type
	Why        string            // why it has that type
	Rival      string            // how many values fit the next best reading, in a sentence; "" = none is close
	Counts     [cell.Kinds]int64 // cells of each kind
	Min, Max   float64           // of its numbers; of its dates in milliseconds since 1970 when Type is datetime
	Longest    int               // the longest text in UTF-16 units
	LongestRow int
	Samples    []string        // the first different values
	Remarks    []remark.Remark // about the column
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
	for _, n := range p.Remarks {
		switch n.Code {
		case NoteErrors, NoteUncalculated, NoteRounded, NoteBadDate:
			take(n.Row, max(n.Count, 1))
		}
	}
	if len(p.Misfits) > 0 {
		take(p.Misfits[0].Row, max(p.MisfitCount, int64(len(p.Misfits))))
	}
	return first, count
}

// ReadsAs reports whether the first values of the column can be read in another way as well,
// as far as they can be read in its own.
func (p *ColumnProfile) ReadsAs(other TextFormat) bool {
	if other.Type == TypeWhole {
		other.Type = TypeDecimal // with the other mark the same texts may have a fraction
	}
	for _, sample := range p.Samples {
		if _, ok := p.Text.Read(sample); !ok {
			continue
		}
		if _, ok := other.Read(sample); !ok {
			return false
		}
	}
	return true
}

// Misfit is a value that does not fit the type of its column.
type Misfit struct {
	Row   int
	Value string // as a person reads it
	Kind  cell.Kind
}

// The codes of remarks about columns and rows.
const (
	NoteEmpty         = "empty"
	NotePercent       = "percent"
	NoteCurrency      = "currency"
	NoteMixedCurrency = "mixed-currency"
	NoteErrors        = "errors"
	NoteUncalculated  = "uncalculated"
	NoteRounded       = "rounded"
	NoteZeroPadded    = "zero-padded"
	NoteDuration      = "duration"
	NoteTime          = "time"
	NoteBadDate       = "bad-date"
	NoteAmbiguous     = "ambiguous"
	NoteZone          = "zone"
	NoteHidden        = "hidden"
	NoteOutside       = "outside"
	NoteRagged        = "ragged"
	NoteLong          = "long-rows"
	NoteRenamed       = "renamed-columns"
	NoteNeutral       = "neutral-names"
	NoteRowNames      = "row-names"   // the first column has none: it names the rows
	NoteWholeLines    = "whole-lines" // of a text file in single cells
	NoteNoNames       = "no-names"
	NoteUnnamed       = "unnamed-column" // it has values, and a name that was made up
	NoteTotal         = "total"
	NoteLeftOut       = "total-left-out"
	NoteNote          = "note"
	NoteNoteLeft      = "note-left-out"
	NoteLabel         = "label"
	NoteLabelLeft     = "label-left-out"
	NoteRule          = "rule-line"
	NoteUnits         = "units"
	NoteHeaderGuess   = "header-guess"
	NoteFilled        = "filled-down"
	NoteMerged        = "merged"
	NoteGroups        = "group-labels"
	NoteHiddenLeft    = "hidden-left-out" // tells the command that --skip-hidden had an effect
	NoteBeside        = "table-beside"
	NoteAbove         = "rows-above" // the names that a person chose
	NoteRepeated      = "names-repeated"
	NoteTable         = "another-table"
	NoteNothing       = "nothing"
	NoteOffer         = "offer"
	NoteMisfit        = "misfit"
	NoteReading       = "reading"      // texts are read as numbers or dates that have more than digits
	NoteLooks         = "looks-like"   // texts that are left, although they look like numbers or dates
	NoteMixed         = "mixed"        // values of different kinds
	NoteZones         = "zones"        // times of several time zones
	NoteDamaged       = "damaged"      // values that a spreadsheet spoiled before
	NoteSwapped       = "half-swapped" // dates whose day and month were confused in some rows
	NoteFraction      = "fraction"     // more than milliseconds
	NoteDayNumbers    = "day-numbers"  // numbers that may be days as spreadsheets count them
)

// kinds are the kinds of the remarks by their codes.
var kinds = map[string]remark.Kind{
	NoteEmpty: remark.Info, NotePercent: remark.Change, NoteCurrency: remark.Change, NoteMixedCurrency: remark.Guess,
	NoteErrors: remark.Damage, NoteUncalculated: remark.Damage, NoteRounded: remark.Damage, NoteZeroPadded: remark.Info,
	NoteDuration: remark.Change, NoteTime: remark.Change, NoteBadDate: remark.Damage, NoteAmbiguous: remark.Guess,
	NoteZone: remark.Change, NoteHidden: remark.Info, NoteOutside: remark.Omit, NoteRagged: remark.Change,
	NoteTotal: remark.Guess, NoteLeftOut: remark.Omit, NoteNote: remark.Guess, NoteNoteLeft: remark.Omit, NoteLabel: remark.Guess,
	NoteLabelLeft: remark.Omit, NoteRule: remark.Omit, NoteUnits: remark.Omit, NoteHeaderGuess: remark.Guess, NoteRepeated: remark.Omit, NoteTable: remark.Omit,
	NoteNothing: remark.Info, NoteOffer: remark.Guess, NoteMisfit: remark.Guess,
	NoteReading: remark.Change, NoteLooks: remark.Info, NoteMixed: remark.Info, NoteZones: remark.Guess,
	NoteDamaged: remark.Damage, NoteSwapped: remark.Damage, NoteFraction: remark.Change, NoteDayNumbers: remark.Info,
}

// say makes a remark with one of the codes.
func say(code string, row int, count int64, sentence string) remark.Remark {
	return remark.Remark{Code: code, Kind: kinds[code], Sentence: sentence, Row: row, Count: count}
}
