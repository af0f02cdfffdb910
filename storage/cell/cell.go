// Package cell holds one value of a table, as it is stored and as it is meant,
// whatever file it was read from. Readers (storage/workbook) produce cells and
// senders (powerbi/push) consume them; neither needs to know the other.
package cell

import "strconv"

// Kind says what a cell is.
type Kind uint8

const (
	Blank    Kind = iota // nothing stored, or a formula that was never calculated
	Number               // Float, and Text when float64 cannot hold the stored digits
	Text                 // Text
	Boolean              // Int: 0 or 1
	Date                 // Int: milliseconds since 1970-01-01T00:00:00, a whole day
	DateTime             // Int: milliseconds since 1970-01-01T00:00:00, no zone
	Time                 // Int: milliseconds since midnight
	Duration             // Int: milliseconds, may be negative or above a day
	Error                // Text: the name the spreadsheet shows, for example #N/A
)

var kindNames = [...]string{"blank", "number", "text", "boolean", "date", "datetime", "time", "duration", "error"}

// Kinds is the number of kinds, for arrays that count them.
const Kinds = len(kindNames)

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind " + strconv.Itoa(int(k))
}

// Style is what the number format of a cell says beyond its kind.
type Style uint8

const (
	General    Style = iota
	Percent          // shown as a percentage; the value stays a fraction
	Currency         // shown with a currency or accounting format
	ZeroPadded       // shown with leading zeros (00000); Width tells how many digits
	AsText           // the text format (@)
)

// Flag marks a cell with something worth saying about how it was read.
type Flag uint8

const (
	// Uncalculated is set on a Blank that holds a formula without a cached value.
	Uncalculated Flag = 1 << iota
	// Rounded is set on a Number with more than 15 significant digits: the
	// program that wrote it had already rounded it.
	Rounded
	// FakeLeapDay is set on a Date that was stored as serial 60, the 29 February
	// 1900 that never was.
	FakeLeapDay
	// NoDate is set on a Number that has a date or time format but is beyond every
	// date; the spreadsheet shows it as ####.
	NoDate
)

// Cell is one value. Text is valid for as long as the caller keeps it.
type Cell struct {
	Kind  Kind
	Style Style
	Width uint8 // digits of a ZeroPadded format
	Flags Flag
	Float float64 // Number
	Int   int64   // Boolean, Date, DateTime, Time, Duration
	Text  string  // Text, Error; for Number the stored digits when Float is not exact
}

// Column returns the letters of a zero-based column: 0 is A, 26 is AA.
func Column(index int) string {
	var b [8]byte
	i := len(b)
	for index++; index > 0; index = (index - 1) / 26 {
		i--
		b[i] = byte('A' + (index-1)%26)
	}
	return string(b[i:])
}

// Address returns the address of a cell, for example C12, from a zero-based column
// and a one-based row.
func Address(row, column int) string {
	return Column(column) + strconv.Itoa(row)
}
