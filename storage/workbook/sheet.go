package workbook

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"pushdesk/storage/cell"
)

// sheetRows streams the rows of a worksheet. It reads the columns first to last
// (last -1: as many as a row has) into one row of cells that it uses again.
type sheetRows struct {
	book   *spreadsheet
	ctx    context.Context
	stream *stream
	size   int64 // of the part, as the archive states it
	t      *tokenizer
	texts  stringView
	shared bool // a cell referred to the text table

	first, last int
	row         int
	cells       []cell.Cell
	currency    []uint8  // beside cells: which currency the number format shows, 0 none
	raws        []string // beside cells, when they are kept: what the file stores
	keepRaw     bool
	stored      []int // when they are kept: the columns with a value, as the file has them
	values      int   // cells of the row that hold something
	outside     int   // cells of the row that hold something beside first to last
	outsideAt   int   // the first of them
	hidden      bool  // the row

	text    []byte // the texts of the row, one behind the other
	spans   []span
	scratch []byte

	column    int // of the last cell
	sawData   bool
	done      bool
	oddities  oddities
	hiddenCol [][2]int
	err       error
}

// maxRowText bounds the texts of a row that are not shared.
const maxRowText = 64 << 20

// span is where the text of a cell lies in sheetRows.text.
type span struct{ column, from, to int }

// oddities counts what was read in spite of being written wrongly.
type oddities struct {
	rowOrder, cellOrder, misplaced int64
	rowOrderAt, cellOrderAt        int // the first rows of each kind
	misplacedAt                    int
	foreign                        tally // dates in letters of another language
}

// openSheet starts reading a worksheet and stops at its first row.
func (x *spreadsheet) openSheet(ctx context.Context, entry sheetEntry, first, last int) (*sheetRows, error) {
	stream, size, err := x.stream(ctx, entry.part)
	if err != nil {
		return nil, err
	}
	s := &sheetRows{book: x, ctx: ctx, stream: stream, size: size, t: newTokenizer(stream), first: first, last: last}
	if last >= first {
		s.cells, s.currency = make([]cell.Cell, last-first+1), make([]uint8, last-first+1)
	}
	return s, nil
}

// next reads the next row that the sheet stores, with or without values.
func (s *sheetRows) next() (ok bool) {
	if s.done || s.err != nil {
		return false
	}
	defer func() {
		if p := recover(); p != nil {
			s.err, ok = corrupt("reading it failed: %v", p), false
		}
	}()
	for {
		switch s.t.next() {
		case tokenStop:
			return s.finish()
		case tokenStart:
			switch {
			case s.t.depth == 3 && s.sawData && string(s.t.name) == "row":
				before := s.row
				if !s.readRow() {
					s.row = before
					return false
				}
				return true
			case s.t.depth >= 3 && s.sawData:
				s.err = corrupt("it has an element %.20q among its rows", s.t.name)
				return false
			case s.t.depth == 2 && string(s.t.name) == "sheetData":
				if s.sawData {
					s.err = corrupt("it has two blocks of rows")
					return false
				}
				s.sawData = true
			case s.t.depth == 3 && !s.sawData && string(s.t.name) == "col":
				s.hiddenColumn()
			case s.t.depth == 1 && string(s.t.name) != "worksheet":
				s.err = corrupt("its part is a %.20s, not a worksheet", s.t.name)
				return false
			}
		case tokenEnd:
			if s.t.depth == 1 && s.sawData && string(s.t.name) == "sheetData" {
				s.done = true
				return s.drain()
			}
		}
	}
}

// drain reads what follows the rows, so that the whole part is checked.
func (s *sheetRows) drain() bool {
	for s.t.next() != tokenStop {
		if s.t.depth == 2 && string(s.t.name) == "sheetData" {
			s.err = corrupt("it has two blocks of rows")
			return false
		}
	}
	return s.finish()
}

func (s *sheetRows) finish() bool {
	s.err = s.t.err
	if s.err == nil && !s.done {
		s.err = corrupt("it has no end of its rows")
	}
	if s.err == nil && s.shared {
		_, s.err = s.book.strings.upTo(s.ctx, -1)
	}
	return false
}

func (s *sheetRows) hiddenColumn() {
	from, err1 := strconv.Atoi(string(s.t.attr("min")))
	to, err2 := strconv.Atoi(string(s.t.attr("max")))
	if err1 == nil && err2 == nil && s.t.attrTrue("hidden") && len(s.hiddenCol) < maxColumns {
		s.hiddenCol = append(s.hiddenCol, [2]int{from - 1, to - 1})
	}
}

// readRow reads the row that was just started.
func (s *sheetRows) readRow() bool {
	number := s.row + 1
	if r := s.t.attr("r"); r != nil {
		n, ok := smallInt(r)
		if !ok {
			s.err = corrupt("a row has the number %.20q", r)
			return false
		}
		number = n
	}
	if number < 1 || number > maxRows {
		s.err = tooLarge("it has a row %d; Excel's sheets end at row %s", number, grouped(maxRows))
		return false
	}
	if number <= s.row {
		if s.oddities.rowOrder++; s.oddities.rowOrderAt == 0 {
			s.oddities.rowOrderAt = number
		}
	}
	stated := s.t.attr("r") != nil
	s.hidden = s.t.attrTrue("hidden")
	s.row = number
	s.reset()
	for {
		switch s.t.next() {
		case tokenStop:
			if s.t.err == nil {
				s.t.err = corrupt("it ends inside a row")
			}
			s.err = s.t.err
			return false
		case tokenStart:
			if s.t.depth == 4 && string(s.t.name) == "c" {
				if s.readCell(stated); s.err != nil {
					return false
				}
				if len(s.text) > maxRowText {
					s.err = tooLarge("the texts of row %d need more than %d MB", s.row, maxRowText>>20)
					return false
				}
				stated = true
			} else if string(s.t.name) == "extLst" {
				s.t.skip()
			} else {
				s.err = corrupt("row %d has an element %.20q among its cells", s.row, s.t.name)
				return false
			}
		case tokenEnd:
			if s.t.depth == 2 {
				s.placeTexts()
				return true
			}
		}
	}
}

func (s *sheetRows) reset() {
	if s.last < 0 {
		s.cells, s.currency, s.raws = s.cells[:0], s.currency[:0], s.raws[:0]
	} else {
		clear(s.cells)
		clear(s.currency)
	}
	s.text, s.spans, s.stored = s.text[:0], s.spans[:0], s.stored[:0]
	s.column, s.values, s.outside = -1, 0, 0
}

// placeTexts gives the cells of the row their texts: one string for all of them.
func (s *sheetRows) placeTexts() {
	if len(s.spans) == 0 {
		return
	}
	all := string(s.text)
	for i, p := range s.spans {
		if c := &s.cells[p.column]; c.Int == int64(i)+1 && ownsText(c.Kind) {
			c.Text, c.Int = all[p.from:p.to], 0
		}
	}
}

// ownsText tells which kinds use Text and not Int; until placeTexts runs, Int holds
// the number of their span, so that of repeated cells the last one wins.
func ownsText(k cell.Kind) bool { return k == cell.Text || k == cell.Number || k == cell.Error }

// position reads the address of the cell that was just started; ref is nil when it has
// none.
func (s *sheetRows) position(ref []byte, rowStated bool) (int, error) {
	if ref == nil {
		return s.column + 1, nil
	}
	column, i := 0, 0
	for ; i < len(ref) && isLetter(ref[i]) && i < 4; i++ {
		column = column*26 + int(ref[i]&^0x20-'A') + 1
	}
	row, ok := smallInt(ref[i:])
	if (i == 0 || !ok) && bytes.IndexByte(ref, '&') >= 0 {
		if plain, err := appendXMLText(nil, ref); err == nil && bytes.IndexByte(plain, '&') < 0 {
			return s.position(plain, rowStated)
		}
	}
	if i == 0 || !ok {
		return 0, corrupt("a cell in row %d has the address %.20q", s.row, ref)
	}
	if row != s.row {
		if rowStated {
			if s.oddities.misplaced++; s.oddities.misplacedAt == 0 {
				s.oddities.misplacedAt = s.row
			}
		} else if row > 0 && row <= maxRows {
			s.row = row
		}
	}
	return column - 1, nil
}

// smallInt reads a whole number of at most nine digits without a sign.
func smallInt(b []byte) (int, bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	n := 0
	for _, d := range b {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + int(d-'0')
	}
	return n, true
}

// slot gives the cell to fill for a column, or nil outside the columns asked for.
func (s *sheetRows) slot(column int) *cell.Cell {
	if column < s.first || s.last >= 0 && column > s.last {
		return nil
	}
	at := column - s.first
	for len(s.cells) <= at { // only when the number of columns is open
		s.cells, s.currency = append(s.cells, cell.Cell{}), append(s.currency, 0)
		if s.keepRaw {
			s.raws = append(s.raws, "")
		}
	}
	return &s.cells[at]
}

func (s *sheetRows) number() int             { return s.row }
func (s *sheetRows) content() []cell.Cell    { return s.cells }
func (s *sheetRows) currencies() []uint8     { return s.currency }
func (s *sheetRows) empty() bool             { return s.values == 0 }
func (s *sheetRows) failure() error          { return s.err }
func (s *sheetRows) close()                  { s.stream.close() }
func (s *sheetRows) beside() (n, column int) { return s.outside, s.outsideAt }
func (s *sheetRows) rowHidden() bool         { return s.hidden }
func (s *sheetRows) fraction() float64 {
	if s.size <= 0 {
		return 1
	}
	return min(1, float64(s.stream.taken.Load())/float64(s.size))
}

// notes says in words what was odd about the sheet so far.
func (s *sheetRows) notes() []string {
	var all []string
	say := func(n int64, at int, text string) {
		if n > 0 {
			all = append(all, fmt.Sprintf(text, grouped(n), grouped(int64(at))))
		}
	}
	o := s.oddities
	say(o.rowOrder, o.rowOrderAt, "%s rows are stored out of order, the first is row %s. They are read with their own numbers.")
	say(o.cellOrder, o.cellOrderAt, "%s cells are stored twice or out of order, the first in row %s. Of repeated cells the last one counts.")
	say(o.misplaced, o.misplacedAt, "%s cells have an address in another row than the one they stand in, the first in row %s. They are read in the row they stand in.")
	say(o.foreign.n, o.foreign.row, "%s numbers have a date format in the letters of another language, the first in row %s. They are read as plain numbers; choose a date format in Excel and save the file again.")
	return all
}
