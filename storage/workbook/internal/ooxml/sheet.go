package ooxml

import (
	"bytes"
	"context"
	"strconv"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/numeric"
	"pushdesk/storage/workbook/internal/stream"
	"pushdesk/storage/workbook/internal/styles"
	"pushdesk/storage/workbook/internal/texts"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// sheetRows streams the rows of a worksheet.
type sheetRows struct {
	format.Buffer
	styles   *styles.Table
	strings  *texts.Table
	date1904 bool
	ctx      context.Context
	stream   *stream.Stream
	size     int64 // of the part, as the archive states it
	t        *xmlscan.Tokenizer
	texts    texts.View
	shared   bool // a cell referred to the text table

	row     int
	column  int    // of the last cell
	text    []byte // the texts of the row, one behind the other
	spans   []span
	scratch []byte

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

// oddities counts what was read although it is written wrongly.
type oddities struct {
	rowOrder, cellOrder, misplaced cell.Tally
	foreign                        cell.Tally // dates in letters of another language
}

// Next reads the next row that the sheet stores, with or without values.
func (s *sheetRows) Next() bool {
	if s.done || s.err != nil {
		return false
	}
	for {
		switch s.t.Next() {
		case xmlscan.Stop:
			return s.finish()
		case xmlscan.Start:
			switch {
			case s.t.Depth == 3 && s.sawData && string(s.t.Name) == "row":
				before := s.row
				if !s.readRow() {
					s.row = before
					return false
				}
				return true
			case s.t.Depth >= 3 && s.sawData:
				s.err = fault.Corrupt("it has an element %.20q among its rows", s.t.Name)
				return false
			case s.t.Depth == 2 && string(s.t.Name) == "sheetData":
				if s.sawData {
					s.err = fault.Corrupt("it has two blocks of rows")
					return false
				}
				s.sawData = true
			case s.t.Depth == 3 && !s.sawData && string(s.t.Name) == "col":
				s.hiddenColumn()
			case s.t.Depth == 1 && string(s.t.Name) != "worksheet":
				s.err = fault.Corrupt("its part is a %.20s, not a worksheet", s.t.Name)
				return false
			}
		case xmlscan.End:
			if s.t.Depth == 1 && s.sawData && string(s.t.Name) == "sheetData" {
				s.done = true
				return s.drain()
			}
		}
	}
}

// drain reads what follows the rows, so that the whole part is checked.
func (s *sheetRows) drain() bool {
	for token := s.t.Next(); token != xmlscan.Stop; token = s.t.Next() {
		if token == xmlscan.Start && string(s.t.Name) == "mergeCell" {
			s.MergedCells = appendMerge(s.MergedCells, s.t)
		}
		if s.t.Depth == 2 && string(s.t.Name) == "sheetData" {
			s.err = fault.Corrupt("it has two blocks of rows")
			return false
		}
	}
	return s.finish()
}

func (s *sheetRows) finish() bool {
	s.err = s.t.Err
	if s.err == nil && !s.done {
		s.err = fault.Corrupt("it has no end of its rows")
	}
	if s.err == nil && s.shared {
		_, s.err = s.strings.UpTo(s.ctx, -1)
	}
	return false
}

func (s *sheetRows) hiddenColumn() {
	from, err1 := strconv.Atoi(string(s.t.Attr("min")))
	to, err2 := strconv.Atoi(string(s.t.Attr("max")))
	if err1 == nil && err2 == nil && s.t.AttrTrue("hidden") && len(s.hiddenCol) < cell.MaxColumns {
		s.hiddenCol = append(s.hiddenCol, [2]int{from - 1, to - 1})
	}
}

// readRow reads the row that was just started.
func (s *sheetRows) readRow() bool {
	number := s.row + 1
	if r := s.t.Attr("r"); r != nil {
		n, ok := numeric.SmallInt(r)
		if !ok {
			s.err = fault.Corrupt("a row has the number %.20q", r)
			return false
		}
		number = n
	}
	if number < 1 || number > cell.MaxRows {
		s.err = fault.TooLarge("it has a row %d; Excel's sheets end at row %s", number, humanize.Number(cell.MaxRows))
		return false
	}
	if number <= s.row {
		s.oddities.rowOrder.Add(number)
	}
	stated := s.t.Attr("r") != nil
	s.RowHidden = s.t.AttrTrue("hidden")
	s.row = number
	s.reset()
	for {
		switch s.t.Next() {
		case xmlscan.Stop:
			if s.t.Err == nil {
				s.t.Err = fault.Corrupt("it ends inside a row")
			}
			s.err = s.t.Err
			return false
		case xmlscan.Start:
			if s.t.Depth == 4 && string(s.t.Name) == "c" {
				if s.readCell(stated); s.err != nil {
					return false
				}
				if len(s.text) > maxRowText {
					s.err = fault.TooLarge("the texts of row %d need more than %d MB", s.row, maxRowText>>20)
					return false
				}
				stated = true
			} else if string(s.t.Name) == "extLst" {
				s.t.Skip()
			} else {
				s.err = fault.Corrupt("row %d has an element %.20q among its cells", s.row, s.t.Name)
				return false
			}
		case xmlscan.End:
			if s.t.Depth == 2 {
				s.placeTexts()
				return true
			}
		}
	}
}

func (s *sheetRows) reset() {
	s.Reset()
	s.text, s.spans, s.column = s.text[:0], s.spans[:0], -1
}

// placeTexts returns the cells of the row their texts: one string for all of them.
func (s *sheetRows) placeTexts() {
	if len(s.spans) == 0 {
		return
	}
	all := string(s.text)
	for i, p := range s.spans {
		if c := &s.Row[p.column]; c.Int == int64(i)+1 && ownsText(c.Kind) {
			c.Text, c.Int = all[p.from:p.to], 0
		}
	}
}

// ownsText reports which kinds use Text and not Int; until placeTexts runs, Int holds
// the number of their span, so that of repeated cells the last one wins.
func ownsText(k cell.Kind) bool { return k == cell.Text || k == cell.Number || k == cell.Error }

// position reads the address of the cell that was just started; ref is nil when it has
// none.
func (s *sheetRows) position(ref []byte, rowStated bool) (int, error) {
	if ref == nil {
		return s.column + 1, nil
	}
	column, i := 0, 0
	for ; i < len(ref) && cell.IsLetter(ref[i]) && i < 4; i++ {
		column = column*26 + int(ref[i]&^0x20-'A') + 1
	}
	row, ok := numeric.SmallInt(ref[i:])
	if (i == 0 || !ok) && bytes.IndexByte(ref, '&') >= 0 {
		if plain, err := xmlscan.AppendText(nil, ref); err == nil && bytes.IndexByte(plain, '&') < 0 {
			return s.position(plain, rowStated)
		}
	}
	if i == 0 || !ok {
		return 0, fault.Corrupt("a cell in row %d has the address %.20q", s.row, ref)
	}
	if row != s.row {
		if rowStated {
			s.oddities.misplaced.Add(s.row)
		} else if row > 0 && row <= cell.MaxRows {
			s.row = row
		}
	}
	return column - 1, nil
}

func (s *sheetRows) Number() int             { return s.row }
func (s *sheetRows) Err() error              { return s.err }
func (s *sheetRows) Close()                  { s.stream.Close() }
func (s *sheetRows) HiddenColumns() [][2]int { return s.hiddenCol }
func (s *sheetRows) Fraction() float64       { return s.stream.Fraction(s.size) }

// Remarks says what was odd about the sheet so far.
func (s *sheetRows) Remarks() (all []remark.Remark) {
	say := func(kind remark.Kind, code string, t cell.Tally, what, are, then string) {
		if t.N > 0 {
			all = append(all, remark.New(kind, code, "%s %s row %s. %s", humanize.Count(t.N, what), are, humanize.Number(t.Row), then).At(t.Row, t.N))
		}
	}
	o := s.oddities
	say(remark.Info, "row-order", o.rowOrder, "row", humanize.Plural(o.rowOrder.N, "is", "are")+" stored out of order, the first is", "Each is read with its own number.")
	say(remark.Guess, "cell-order", o.cellOrder, "cell", humanize.Plural(o.cellOrder.N, "is", "are")+" stored twice or out of order, first in", "Of repeated cells the last one is used.")
	say(remark.Guess, "cell-misplaced", o.misplaced, "cell", humanize.Plural(o.misplaced.N, "has", "have")+" an address in another row, first in", "Each is read in the row it is stored in.")
	say(remark.Guess, "foreign-date-format", o.foreign, "number", humanize.Plural(o.foreign.N, "has", "have")+" a date format in the letters of another language, first in",
		"Such numbers are read as plain numbers; choose a date format in Excel and save the file again.")
	return all
}
