package xls

import (
	"context"
	"encoding/binary"
	"math"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/biff"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/stream"
	"pushdesk/storage/workbook/internal/texts"
)

// sheetRows streams the rows of a worksheet.
type sheetRows struct {
	biff.Row
	reading
	book   *workbook
	known  *survey
	texts  texts.View
	shared bool // a cell referred to the text table
	ctx    context.Context
	stream *stream.Stream

	begun    bool
	nested   int  // in a chart on the sheet
	open     bool // a row is being filled
	awaiting int  // the column of a formula whose text comes next, or -1
	style    int  // of that
	done     bool
	failed   error
	text     []byte
}

// Merges returns the blocks of merged cells, which are known from the start.
func (s *sheetRows) Merges() []cell.Range { return s.known.merged }

// Next reads the next row that has cells, with or without values.
func (s *sheetRows) Next() bool {
	if s.done || s.failed != nil {
		return false
	}
	before := s.At
	s.open = false
	for s.failed == nil {
		if !s.next() {
			s.failed = s.err
			break
		}
		switch {
		case s.id == beginSub && !s.begun:
			s.begun = true
		case s.id == beginSub:
			s.nested++
		case s.id == endOfSub && s.nested > 0:
			s.nested--
		case s.id == endOfSub:
			if s.done = true; s.shared {
				_, s.failed = s.book.strings.UpTo(s.ctx, -1)
			}
			return s.open && s.failed == nil
		case s.nested > 0:
		case isCell(s.id):
			row := s.uint16(0)
			if s.open && row+1 != s.At {
				s.unread()
				return true
			}
			if !s.open {
				s.open, s.failed = true, s.Begin(row+1, s.known.hides(row))
			}
			if s.failed == nil {
				s.cell()
			}
		case s.id == formulaString && s.awaiting >= 0:
			s.result()
		}
	}
	s.At = before
	return false
}

// least is how long the records of cells are.
var least = map[int]int{formula: 20, multipleRK: 12, multipleBlank: 4, richText: 8, sharedText: 10, blank: 4, number: 14, label: 8, boolOrError: 8, packedNumber: 10}

// cell reads the cells of the record.
func (s *sheetRows) cell() {
	if len(s.data) < least[s.id] {
		s.failed = fault.Corrupt("a cell in row %d is too short", s.At)
		return
	}
	s.awaiting = -1
	column, style := s.uint16(2), s.uint16(4)
	if column >= cell.MaxColumns {
		s.failed = fault.TooLarge("row %d has a cell beyond column XFD, the last one of Excel", s.At)
		return
	}
	switch s.id {
	case number:
		s.PutNumber(column, style, math.Float64frombits(binary.LittleEndian.Uint64(s.data[6:])))
	case packedNumber:
		s.PutNumber(column, style, biff.RK(binary.LittleEndian.Uint32(s.data[6:])))
	case multipleRK:
		for at := 4; at+6 <= len(s.data)-2 && column < cell.MaxColumns; at, column = at+6, column+1 {
			s.PutNumber(column, s.uint16(at), biff.RK(binary.LittleEndian.Uint32(s.data[at+2:])))
		}
	case boolOrError:
		if s.data[7] != 0 {
			s.failed = s.PutCode(column, s.data[6])
		} else {
			s.PutBoolean(column, s.data[6])
		}
	case sharedText:
		s.sharedText(column, style, s.uint32(6))
	case label, richText:
		s.ownText(column, style, 6)
	case formula:
		s.formula(column, style)
	}
}

// emptyResult reports whether the result of a formula is an empty text.
func emptyResult(data []byte) bool {
	return len(data) >= 14 && data[12] == 0xff && data[13] == 0xff && data[6] == 3
}

// formula reads the result of a formula: a number, or one of four kinds in its place.
func (s *sheetRows) formula(column, style int) {
	result := s.data[6:14]
	if result[6] != 0xff || result[7] != 0xff {
		// Programs that do not calculate ask Excel to, and write a zero.
		const always, onOpening = 1, 2
		if n := binary.LittleEndian.Uint64(result); n == 0 && s.uint16(14)&(always|onOpening) == always|onOpening {
			s.PutUncalculated(column)
		} else {
			s.PutNumber(column, style, math.Float64frombits(n))
		}
		return
	}
	switch result[0] {
	case 0:
		s.awaiting, s.style = column, style
	case 1:
		s.PutBoolean(column, result[2])
	case 2:
		s.failed = s.PutCode(column, result[2])
	case 3:
		if s.known.uncalculated() {
			s.PutUncalculated(column)
		}
	default:
		s.failed = fault.Corrupt("cell %s holds a result of a kind (%d) that Excel does not have", cell.Address(s.At, column), result[0])
	}
}

// result reads the text of a formula, which is in a record of its own.
func (s *sheetRows) result() {
	column := s.awaiting
	s.awaiting = -1
	s.ownText(column, s.style, 0)
}

// ownText reads a text that is stored in the cell.
func (s *sheetRows) ownText(column, style, at int) {
	length := s.uint16(at)
	s.begin(at + 2)
	if s.book.biff8 {
		if s.text, s.failed = s.unicode(s.text[:0], length); s.failed != nil {
			return
		}
	} else {
		text, err := s.take(length)
		if err != nil {
			s.failed = err
			return
		}
		s.text = s.book.letters.append(s.text[:0], text)
	}
	s.failed = s.PutText(column, style, string(s.text), true)
}

func (s *sheetRows) sharedText(column, style, i int) {
	s.shared = true
	if i >= s.texts.Count {
		if s.texts, s.failed = s.book.strings.UpTo(s.ctx, i+1); s.failed != nil {
			return
		}
	}
	s.failed = s.PutText(column, style, s.texts.Get(i), false)
}

func (s *sheetRows) Err() error              { return s.failed }
func (s *sheetRows) Close()                  { s.stream.Close() }
func (s *sheetRows) HiddenColumns() [][2]int { return s.known.columns }
func (s *sheetRows) Fraction() float64       { return s.stream.Fraction(s.known.size) }
