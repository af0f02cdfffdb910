// Package format is the contract between a book and the formats it reads.
package format

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
)

// Format is a kind of file. A package of its own reads it; the book's list of formats
// names it in one line.
type Format struct {
	Name string // as its files usually end, for example "xlsx"
	// Lines says that its files are lines of text. Every value is text until its
	// column says otherwise, the number of a row is that of its first line, and a row
	// may have fewer fields than others.
	Lines bool
	// Texts says that every value is text until its column says otherwise, as with lines.
	Texts bool
	// Recognizes reports whether a file is of this format, by its content.
	Recognizes func(*Probe) bool
	// Open reads what a file offers.
	Open func(context.Context, File, Options) (Content, error)
}

// File is what a format is given to read. Its content has been decrypted.
type File struct {
	io.ReaderAt
	Name string // without its folder
	Size int64
}

// Options say how to open a file. The zero value is right for nearly every file.
type Options struct {
	Password  string    // of a protected workbook
	Delimiter Delimiter // of a text file; "" = find it
	Quote     rune      // of a text file: what fields may be enclosed in, or NoQuote; 0 = find it
	Encoding  string    // of a text file, one of charset.All; "" = find it
	Comment   string    // of a text file: what lines begin with that are no rows, or NoComment; "" = find it
	// Guarded says that this program wrote a text file, with an apostrophe before what a
	// spreadsheet would take for a formula.
	Guarded bool
}

// Delimiter is what stands between the values of a text file: one character or several, or
// the word for a text that has none.
type Delimiter string

// Delimiters that are none.
const (
	NoDelimiter Delimiter = "none"  // every line is one value
	FixedWidth  Delimiter = "fixed" // the values stand below each other, padded with spaces
	Drawn       Delimiter = "table" // bars and lines are drawn around the values
)

// Single returns a delimiter of one character; 0 for any other.
func (d Delimiter) Single() rune {
	if r, n := utf8.DecodeRuneInString(string(d)); n > 0 && n == len(d) {
		return r
	}
	return 0
}

// UnmarshalJSON also reads the number of a character, and those that stood for the words:
// what was kept before a delimiter could have several characters.
func (d *Delimiter) UnmarshalJSON(data []byte) error {
	var number rune
	if json.Unmarshal(data, &number) != nil {
		return json.Unmarshal(data, (*string)(d))
	}
	switch number {
	case 0:
		*d = ""
	case -1:
		*d = NoDelimiter
	case -2:
		*d = FixedWidth
	default:
		*d = Delimiter(number)
	}
	return nil
}

// NoComment says that every line of a text file is a row.
const NoComment = "none"

// NoQuote says that the fields of a text file are not enclosed in anything: a quotation
// mark is a letter like any other.
const NoQuote rune = -1

// TextForm is how a text file is read.
type TextForm struct {
	Delimiter Delimiter // between its fields, FixedWidth or Drawn; "" when it is one column
	Quote     rune      // what fields may be enclosed in, or NoQuote
	Encoding  string    // one of charset.All
	Comment   string    // what lines begin with that are no rows; "" when there are none
	// Names says that its line of names lacks the one of the first column, and Ending
	// that every record ends with a delimiter.
	Names, Ending bool
	Width         int // fields of nearly all records; 0 when that is not known
}

// Content is an open file of some format. It may be used from several goroutines.
type Content interface {
	// Listing is what the file offers; it does not change.
	Listing() *Listing
	// Rows starts reading a sheet.
	Rows(context.Context, Request) (Rows, error)
	// Merges returns the blocks of merged cells of a sheet as far as they are quick to
	// find, at most MostMerges.
	Merges(ctx context.Context, sheet int) []cell.Range
	// Close ends what reads in the background.
	Close()
}

// NoExtras answers for the formats that have none of what only some formats have.
// They embed it.
type NoExtras struct{}

// Merges finds no merged cells.
func (NoExtras) Merges(context.Context, int) []cell.Range { return nil }

// MostMerges is how many blocks of merged cells of a sheet are remembered.
const MostMerges = 100_000

// Close has nothing to end.
func (NoExtras) Close() {}

// Request says which part of a file to read.
type Request struct {
	Sheet       int  // its place in the listing
	First, Last int  // columns; Last -1 = as many as each row has
	Raw         bool // keep what the file stores as well, see Rows.Stored
}

// Rows returns the stored rows of a sheet, one at a time, in one slice of cells that it
// uses again. It belongs to one goroutine. Buffer implements the half of it that is the
// same for every format.
type Rows interface {
	// Next moves to the next row and reports whether there is one.
	Next() bool
	// Number is that of the row, or of the last one that was read.
	Number() int
	// Cells has one cell a column, and fewer when the columns are open.
	Cells() []cell.Cell
	// Touched returns the places in Cells that may hold something; ok is false where every
	// one may.
	Touched() (places []int, ok bool)
	// Currencies numbers the currencies of the cells, beside Cells; 0 is none.
	Currencies() []uint8
	// Empty reports whether Cells holds nothing.
	Empty() bool
	// Beside counts the values outside the columns, and returns the first and the last
	// one's column.
	Beside() (cells, first, last int)
	// Stored returns the columns with a value in the order in which the file has them
	// (nil: from left to right), and what it stores for each column (nil: the text of
	// the cell). Only a request for raw values keeps them.
	Stored() (columns []int, raw []string)
	// Hidden reports whether the sheet hides the row.
	Hidden() bool
	// Fields is how many the row has, or -1 where rows do not differ in that.
	Fields() int
	// HiddenColumns returns the first and the last of each block of hidden columns.
	HiddenColumns() [][2]int
	// Merges returns the blocks of merged cells that are known by now, at the end of the
	// rows all of them, at most MostMerges.
	Merges() []cell.Range
	// Fraction is how much of the sheet was read, from 0 to 1.
	Fraction() float64
	// Err returns why Next gave false, nil at the end of the rows.
	Err() error
	// Remarks says what was odd about the rows so far.
	Remarks() []remark.Remark
	Close()
}

// Listing is what a file offers.
type Listing struct {
	Sheets  []Sheet
	Areas   []Area // of every sheet: first its tables from top to bottom, then its named ranges
	Remarks []remark.Remark
	// Unread are the visible sheets that are listed in the file and have no rows to read,
	// such as charts.
	Unread []string
	// Elsewhere is where a workbook keeps data beside its sheets, if it does.
	Elsewhere Elsewhere
	// Text is how a text file is read; zero for other files.
	Text TextForm
}

// Sheet is a worksheet, or the whole of a text file.
type Sheet struct {
	Name   string
	Hidden bool
	Filter cell.Range // of its filter; zero when there is none
}

// Area is a part of a sheet that has a name: a table or a range.
type Area struct {
	Name, Sheet string
	Range       cell.Range
	Table       *Table // nil for a named range
}

// Table is what a table's definition says.
type Table struct {
	HeaderRows, TotalsRows int
	Columns                []string
}

// Elsewhere is a place beside the sheets where a workbook keeps data.
type Elsewhere string

const (
	InDataModel  Elsewhere = "data model"
	InPivotCache Elsewhere = "pivot cache"
)

// AddSheet adds a sheet. The second one of a name gets a number, and a note says so.
func (l *Listing) AddSheet(s Sheet) {
	name := s.Name
	for n := 2; l.named(s.Name) >= 0; n++ {
		s.Name = fmt.Sprintf("%s (%d)", name, n)
	}
	if s.Name != name {
		l.Remarks = append(l.Remarks, remark.New(remark.Change, "sheet-renamed", "Two sheets have the name %q; the second one is listed as %q.", name, s.Name))
	}
	l.Sheets = append(l.Sheets, s)
}

func (l *Listing) named(name string) int {
	return slices.IndexFunc(l.Sheets, func(s Sheet) bool { return s.Name == name })
}

// Sheet returns the place of a sheet by its name, whatever the case, or -1.
func (l *Listing) Sheet(name string) int {
	if i := l.named(name); i >= 0 {
		return i
	}
	return slices.IndexFunc(l.Sheets, func(s Sheet) bool { return strings.EqualFold(s.Name, name) })
}
