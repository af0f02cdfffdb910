package xls

import (
	"encoding/binary"
	"errors"
	"io"

	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/stream"
)

// The records that are read, by their numbers in [MS-XLS] 2.3.
const (
	formula        = 0x0006
	formula3       = 0x0206 // of Excel 3 and 4; some programs write them into later forms
	formula4       = 0x0406
	endOfSub       = 0x000a
	externalSheets = 0x0017
	definedName    = 0x0018
	dateMode       = 0x0022
	filePass       = 0x002f
	continued      = 0x003c
	codePage       = 0x0042
	columnInfo     = 0x007d
	sheetProps     = 0x0081
	bundledSheet   = 0x0085
	multipleRK     = 0x00bd
	multipleBlank  = 0x00be
	richText       = 0x00d6
	cellFormat     = 0x00e0
	mergedCells    = 0x00e5
	sharedStrings  = 0x00fc
	sharedText     = 0x00fd
	externalBook   = 0x01ae
	dimensions     = 0x0200
	blank          = 0x0201
	number         = 0x0203
	label          = 0x0204
	boolOrError    = 0x0205
	formulaString  = 0x0207
	rowInfo        = 0x0208
	packedNumber   = 0x027e
	numberFormat   = 0x041e
	beginSub       = 0x0809
)

// isCell reports whether a record holds cells, and begins with their row.
func isCell(id int) bool {
	switch id {
	case formula, multipleRK, multipleBlank, richText, sharedText, blank, number, label, boolOrError, packedNumber:
		return true
	}
	return false
}

// records reads the records of a workbook stream.
type records struct {
	cursor *stream.Cursor
	from   int64 // where the cursor began
	lock   *lock // nil when the workbook is not protected

	id    int
	data  []byte // of the record; valid until the next one
	at    int64  // where the record begins
	again bool   // the record is to be given once more
	plain []byte
	err   error
}

func newRecords(src stream.Blocks, from int64, lock *lock) *records {
	return &records{cursor: stream.NewCursor(src), from: from, lock: lock}
}

// next moves to the next record and reports whether there is one.
func (r *records) next() bool {
	if r.again {
		r.again = false
		return true
	}
	if r.err != nil {
		return false
	}
	r.at = r.from + r.cursor.At()
	head, err := r.cursor.Take(4)
	if err == nil {
		if r.id = int(binary.LittleEndian.Uint16(head)); r.id == formula3 || r.id == formula4 {
			r.id = formula
		}
		r.data, err = r.cursor.Take(int(binary.LittleEndian.Uint16(head[2:])))
	}
	if err != nil {
		r.err = err
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			r.err = fault.Truncated("its content ends inside its records")
		}
		return false
	}
	if r.lock != nil {
		r.plain = append(r.plain[:0], r.data...)
		r.lock.decrypt(r.id, r.at+4, r.plain)
		r.data = r.plain
	}
	return true
}

// unread makes next give the record once more.
func (r *records) unread() { r.again = true }

// more moves to the record that continues this one, if one does.
func (r *records) more() bool {
	if !r.next() {
		return false
	}
	if r.id != continued {
		r.unread()
		return false
	}
	return true
}

func (r *records) uint16(at int) int {
	if at+2 > len(r.data) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(r.data[at:]))
}

func (r *records) uint32(at int) int {
	if at+4 > len(r.data) {
		return 0
	}
	return int(binary.LittleEndian.Uint32(r.data[at:]))
}
