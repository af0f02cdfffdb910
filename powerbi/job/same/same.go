// Package same tells whether the rows of a file are still those that were checked. A file may
// be written again in place while it is sent, with the same size and time. So the rows that
// are read for sending are hashed and compared with those that were checked: now and then,
// so that little of a changed file is sent, and at the end.
package same

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
)

// compareEvery is after how many rows the hashes are compared.
const compareEvery = 1024

// Read is what a pass through the rows of a file has read.
type Read struct {
	marks []uint64 // the beginning of the hash after every compareEvery rows
	Hash  string   // of all rows, in hexadecimal; "" before the end
}

// Rows are rows that are hashed while they are read, and compared with an earlier
// pass. They end with a *history.ChangedError at a difference.
type Rows struct {
	mapping.Source
	file string // for the error
	was  Read   // the earlier pass; its zero value compares nothing
	is   Read
	sum  hash.Hash
	n    int
	line []byte
	err  error
}

// New hashes rows of a file and compares them with an earlier pass; its zero value compares
// nothing.
func New(rows mapping.Source, file string, was Read) *Rows {
	return &Rows{Source: rows, file: file, was: was, sum: sha256.New()}
}

// Next moves to the next row.
func (h *Rows) Next() bool {
	if h.err != nil {
		return false
	}
	if !h.Source.Next() {
		if h.Source.Err() == nil && h.is.Hash == "" {
			h.is.Hash = hex.EncodeToString(h.sum.Sum(nil))
			h.compare(h.was.Hash == "" || h.was.Hash == h.is.Hash)
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

// Read returns what was read so far.
func (h *Rows) Read() Read { return h.is }

func (h *Rows) compare(same bool) {
	if !same {
		h.err = &history.ChangedError{File: h.file}
	}
}

// Err returns why the rows ended early.
func (h *Rows) Err() error {
	if h.err != nil {
		return h.err
	}
	return h.Source.Err()
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
