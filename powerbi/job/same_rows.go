package job

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"

	"pushdesk/powerbi/push/history"
	"pushdesk/storage/cell"
)

// A file may be written again in place while it is sent, with the same size and time. So
// the rows that are read for sending are hashed and compared with those that were checked:
// now and then, so that little of a changed file is sent, and at the end.

// compareEvery is after how many rows the hashes are compared.
const compareEvery = 1024

// rowsRead is what a pass through the rows of a file has read.
type rowsRead struct {
	marks []uint64 // the beginning of the hash after every compareEvery rows
	hash  string   // of all rows, in hexadecimal; "" before the end
}

// hashedRows are rows that are hashed while they are read, and compared with an earlier
// pass. They end with a *history.ChangedError at a difference.
type hashedRows struct {
	rowSource
	file string   // for the error
	was  rowsRead // the earlier pass; its zero value compares nothing
	is   rowsRead
	sum  hash.Hash
	n    int
	line []byte
	err  error
}

func newHashedRows(rows rowSource, file string, was rowsRead) *hashedRows {
	return &hashedRows{rowSource: rows, file: file, was: was, sum: sha256.New()}
}

// Next moves to the next row.
func (h *hashedRows) Next() bool {
	if h.err != nil {
		return false
	}
	if !h.rowSource.Next() {
		if h.rowSource.Err() == nil && h.is.hash == "" {
			h.is.hash = hex.EncodeToString(h.sum.Sum(nil))
			h.compare(h.was.hash == "" || h.was.hash == h.is.hash)
		}
		return false
	}
	number, cells := h.Row()
	h.line = appendRow(h.line[:0], number, cells)
	h.sum.Write(h.line)
	if h.n++; h.n%compareEvery == 0 {
		h.is.marks = append(h.is.marks, binary.LittleEndian.Uint64(h.sum.Sum(nil)))
		i := len(h.is.marks) - 1
		h.compare(i >= len(h.was.marks) || h.was.marks[i] == h.is.marks[i])
	}
	return h.err == nil
}

func (h *hashedRows) compare(same bool) {
	if !same {
		h.err = &history.ChangedError{File: h.file}
	}
}

// Err returns why the rows ended early.
func (h *hashedRows) Err() error {
	if h.err != nil {
		return h.err
	}
	return h.rowSource.Err()
}

// appendRow appends a row in a form that no other row has.
func appendRow(b []byte, number int, cells []cell.Cell) []byte {
	b = binary.AppendUvarint(b, uint64(number))
	b = binary.AppendUvarint(b, uint64(len(cells)))
	for i := range cells {
		c := &cells[i]
		b = append(b, byte(c.Kind))
		if c.Kind == cell.Blank {
			continue
		}
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(c.Float))
		b = binary.AppendVarint(b, c.Int)
		b = binary.AppendUvarint(b, uint64(len(c.Text)))
		b = append(b, c.Text...)
	}
	return b
}

// sameFile returns what makes sure, when all rows of a file were sent, that it is still the
// one that the run is about. Rows that no check has read are compared by nothing else.
func (f source) sameFile() func(context.Context) error {
	return func(ctx context.Context) error {
		is, err := f.book.Hash(ctx)
		if err == nil && is != f.hash {
			err = &history.ChangedError{File: f.path}
		}
		return err
	}
}
