package xlsb

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
	*records
	strings *texts.Table
	texts   texts.View
	shared  bool // a cell referred to the text table
	ctx     context.Context
	stream  *stream.Stream
	size    int64 // of the part, as the archive states it

	open      bool // a row is being filled
	waiting   bool // its header has been read, and it has not been begun
	number    int  // of the row that is waiting
	hidden    bool
	column    int // of the last cell
	sawSheet  bool
	sawData   bool
	done      bool
	hiddenCol [][2]int
	failed    error
	text      []byte
}

// Next reads the next row that the sheet stores, with or without values.
func (s *sheetRows) Next() bool {
	if s.done || s.failed != nil {
		return false
	}
	before := s.At
	if s.waiting && !s.begin() {
		s.At = before
		return false
	}
	for {
		switch id := s.next(); {
		case id == -1:
			s.finish()
			return false
		case !s.sawData:
			s.beforeRows(id)
		case id == rowHeader:
			if s.rowHead(); s.open && s.failed == nil {
				return true
			}
			if s.failed == nil {
				s.begin()
			}
		case id == endSheetData:
			s.done = true
			if s.drain(); s.failed == nil && s.open {
				return true
			}
			return false
		case id <= formulaError && id >= cellBlank, id >= shortBlank && id <= shortShared, id == cellRich:
			s.cell(id)
		}
		if s.failed != nil {
			s.At = before
			return false
		}
	}
}

// beforeRows reads what stands before the rows.
func (s *sheetRows) beforeRows(id int) {
	switch id {
	case beginSheet:
		s.sawSheet = true
	case beginSheetData:
		if s.sawData = true; !s.sawSheet {
			s.failed = fault.Corrupt("its part is not a worksheet")
		}
	case columnInfo:
		f := s.fields()
		from, to := f.uint32(), f.uint32()
		f.take(8)
		if hidden := f.uint16()&1 != 0; hidden && !f.short && len(s.hiddenCol) < cell.MaxColumns {
			s.hiddenCol = append(s.hiddenCol, [2]int{from, to})
		}
	case rowHeader, cellRK, cellShared, cellReal:
		s.failed = fault.Corrupt("it has rows outside its block of rows")
	}
}

// rowHead reads the header of a row.
func (s *sheetRows) rowHead() {
	if len(s.data) < 12 {
		s.failed = fault.Corrupt("the head of a row behind row %d is too short", s.At)
		return
	}
	s.number = int(binary.LittleEndian.Uint32(s.data)) + 1
	s.hidden, s.waiting = s.data[11]&0x10 != 0, true
}

// begin starts the row whose header was read.
func (s *sheetRows) begin() bool {
	if s.number <= s.At {
		s.RowOrder.Add(s.number)
	}
	s.waiting, s.open, s.column = false, true, -1
	s.failed = s.Begin(s.number, s.hidden)
	return s.failed == nil
}

// drain reads what follows the rows, so that the whole part is checked.
func (s *sheetRows) drain() {
	for {
		switch s.next() {
		case -1:
			s.finish()
			return
		case beginSheetData:
			s.failed = fault.Corrupt("it has two blocks of rows")
			return
		case mergedCells:
			s.MergedCells = appendMerge(s.MergedCells, s.records)
		}
	}
}

func (s *sheetRows) finish() {
	switch {
	case s.err != nil:
		s.failed = s.err
	case !s.done:
		s.failed = fault.Truncated("it has no end of its rows")
	case s.shared:
		_, s.failed = s.strings.UpTo(s.ctx, -1)
	}
}

// cell reads the cell of the record.
func (s *sheetRows) cell(id int) {
	if !s.open {
		s.failed = fault.Corrupt("it has a cell before its first row")
		return
	}
	data, column, style := s.data, s.column+1, 0
	if id < shortBlank || id == cellRich {
		if len(data) < 8 {
			s.short()
			return
		}
		column = int(binary.LittleEndian.Uint32(data))
		data = data[4:]
	} else if len(data) < 4 {
		s.short()
		return
	}
	style = int(binary.LittleEndian.Uint32(data) & 0xffffff)
	data = data[4:]
	if column >= cell.MaxColumns {
		s.failed = fault.TooLarge("row %d has a cell beyond column XFD, the last one of Excel", s.At)
		return
	}
	s.column = column
	s.value(id, column, style, data)
}

func (s *sheetRows) short() { s.failed = fault.Corrupt("a cell in row %d is too short", s.At) }

// value reads the value of a cell.
func (s *sheetRows) value(id, column, style int, data []byte) {
	least := 0 // bytes
	switch id {
	case cellRK, shortRK, cellShared, shortShared:
		least = 4
	case cellReal, shortReal, formulaNumber:
		least = 8
	case cellBoolean, shortBoolean, formulaBoolean, cellError, shortError, formulaError:
		least = 1
	}
	if len(data) < least {
		s.short()
		return
	}
	switch id {
	case cellRK, shortRK:
		s.PutNumber(column, style, biff.RK(binary.LittleEndian.Uint32(data)))
	case cellReal, shortReal, formulaNumber:
		s.PutNumber(column, style, math.Float64frombits(binary.LittleEndian.Uint64(data)))
	case cellShared, shortShared:
		s.sharedText(column, style, int(binary.LittleEndian.Uint32(data)))
	case cellBoolean, shortBoolean, formulaBoolean:
		s.PutBoolean(column, data[0])
	case cellError, shortError, formulaError:
		s.failed = s.PutCode(column, data[0])
	case cellText, shortText, formulaText, cellRich:
		f := fields{data: data}
		if id == cellRich {
			f.byte()
		}
		if s.text = biff.AppendUTF16(s.text[:0], f.units()); f.short {
			s.short()
			return
		}
		s.failed = s.PutText(column, style, string(s.text), true)
	}
}

func (s *sheetRows) sharedText(column, style, i int) {
	s.shared = true
	if i >= s.texts.Count {
		if s.texts, s.failed = s.strings.UpTo(s.ctx, i+1); s.failed != nil {
			return
		}
	}
	s.failed = s.PutText(column, style, s.texts.Get(i), false)
}

func (s *sheetRows) Err() error              { return s.failed }
func (s *sheetRows) Close()                  { s.stream.Close() }
func (s *sheetRows) HiddenColumns() [][2]int { return s.hiddenCol }
func (s *sheetRows) Fraction() float64       { return s.stream.Fraction(s.size) }
