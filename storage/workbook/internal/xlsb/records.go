package xlsb

import (
	"encoding/binary"
	"errors"
	"io"

	"pushdesk/storage/workbook/internal/biff"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/stream"
)

// The records that are read, by their numbers in [MS-XLSB] 2.3.2.
const (
	rowHeader        = 0
	cellBlank        = 1
	cellRK           = 2
	cellError        = 3
	cellBoolean      = 4
	cellReal         = 5
	cellText         = 6
	cellShared       = 7
	formulaText      = 8
	formulaNumber    = 9
	formulaBoolean   = 10
	formulaError     = 11
	shortBlank       = 12
	shortRK          = 13
	shortError       = 14
	shortBoolean     = 15
	shortReal        = 16
	shortText        = 17
	shortShared      = 18
	stringItem       = 19
	definedName      = 39
	numberFormat     = 44
	cellFormat       = 47
	columnInfo       = 60
	cellRich         = 62
	beginSheet       = 129
	beginBook        = 131
	beginSheetData   = 145
	endSheetData     = 146
	workbookProps    = 153
	bundledSheet     = 156
	beginStrings     = 159
	endStrings       = 160
	mergedCells      = 176
	beginTable       = 343
	beginTableColumn = 347
	externalBook     = 355
	ownBook          = 357
	sameBook         = 358
	externalSheets   = 362
	beginCellXFs     = 617
	endCellXFs       = 618
	addInBook        = 667

	lastRead = addInBook
)

// maxRecord bounds the records that are read: a text of 32,767 characters with the
// formats of each of them stays below it.
const maxRecord = 1 << 20

// records reads the records of a part.
type records struct {
	cursor *stream.Cursor
	data   []byte // of the record; valid until the next one
	err    error  // why there is no next record; nil at the end of the part
}

func newRecords(src stream.Blocks) *records { return &records{cursor: stream.NewCursor(src)} }

// next moves to the next record that is of interest and returns its number, or -1 when
// there is none.
func (r *records) next() int {
	for r.err == nil {
		id, length, ok := r.header()
		if !ok {
			return -1
		}
		if id > lastRead {
			r.err = cut(r.cursor.Skip(length))
			continue
		}
		if length > maxRecord {
			r.err = fault.Corrupt("a record of it (%d) has %d bytes, more than any of Excel", id, length)
			return -1
		}
		if r.data, r.err = r.cursor.Take(length); r.err != nil {
			r.err = cut(r.err)
			return -1
		}
		return id
	}
	return -1
}

// header reads the number and the length of a record: seven bits a byte, and another
// byte follows when the highest bit is set.
func (r *records) header() (id, length int, ok bool) {
	if b := r.cursor.Rest(); len(b) >= 2 && b[0] < 0x80 && b[1] < 0x80 {
		_, r.err = r.cursor.Take(2)
		return int(b[0]), int(b[1]), true
	}
	if id, ok = r.varying(2); !ok {
		if errors.Is(r.err, io.EOF) {
			r.err = nil
		}
		return 0, 0, false
	}
	if length, ok = r.varying(4); !ok {
		r.err = cut(r.err)
	}
	return id, length, ok
}

// varying reads a number of at most so many bytes.
func (r *records) varying(most int) (n int, ok bool) {
	for i := range most {
		b, err := r.cursor.Take(1)
		if err != nil {
			if r.err = err; i > 0 {
				r.err = cut(err)
			}
			return 0, false
		}
		n |= int(b[0]&0x7f) << (7 * i)
		if b[0] < 0x80 {
			break
		}
	}
	return n, true
}

// cut turns the end inside a record into a fault.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.Truncated("it ends inside a record")
	}
	return err
}

// fields reads the fields of a record. Those that are missing are zero, and short is set.
type fields struct {
	data  []byte
	short bool
}

// fields returns the fields of the record that next moved to.
func (r *records) fields() fields { return fields{data: r.data} }

func (f *fields) take(n int) []byte {
	if n < 0 || n > len(f.data) {
		f.short, f.data = true, nil
		return nil
	}
	piece := f.data[:n]
	f.data = f.data[n:]
	return piece
}

func (f *fields) byte() byte {
	if b := f.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (f *fields) uint16() int {
	if b := f.take(2); b != nil {
		return int(binary.LittleEndian.Uint16(b))
	}
	return 0
}

func (f *fields) uint32() int {
	if b := f.take(4); b != nil {
		return int(binary.LittleEndian.Uint32(b))
	}
	return 0
}

// units returns the UTF-16 of a text behind its length.
func (f *fields) units() []byte {
	n := f.uint32()
	if n == 0xffffffff || n > maxRecord { // no text
		return nil
	}
	return f.take(2 * n)
}

func (f *fields) text() string { return string(biff.AppendUTF16(nil, f.units())) }
