// Package texts holds the text table of a workbook: the different texts of its cells.
package texts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"unsafe"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/numeric"
)

const (
	// maxBytes bounds what the texts of a workbook take in memory.
	maxBytes = 1 << 30

	textChunk  = 256 << 10 // bytes of text kept together; any text of a cell fits
	entryBlock = 1 << 13   // places of texts kept together
	ahead      = 64 << 10  // bytes at hand that surely hold another text
)

// Source reads the texts of a table one by one.
type Source interface {
	// Append appends the next text to dst; at the end of the table it gives io.EOF.
	Append(dst []byte) ([]byte, error)
	// Buffered is how many bytes can be read without waiting.
	Buffered() int
}

// Table is the text table of a workbook. It is read only as far as cells refer to it,
// so a preview does not wait for a million texts. The texts lie one behind the other
// in chunks that never move.
type Table struct {
	mu     sync.Mutex
	life   context.Context                       // of the book; reading ends with it
	open   func(context.Context) (Source, error) // nil when the workbook has no table
	source Source
	view   View
	text   []byte // the text being read
	used   int    // bytes of the last chunk
	bytes  int64
	err    error // what ended reading; io.EOF when all were read
}

// New makes the table that open begins to read when the first text is needed; open is
// nil when the workbook has none. Reading ends with life.
func New(life context.Context, open func(context.Context) (Source, error)) *Table {
	return &Table{life: life, open: open}
}

// View is the part of the table that has been read. It stays valid and unchanged while
// reading continues.
type View struct {
	Count  int
	chunks [][]byte
	places [][]place
}

// place is where a text lies: chunk, first byte and length.
type place struct {
	chunk      uint32
	from, size uint32
}

// Get returns a text of the view without copying it. The chunks are written once.
func (v *View) Get(i int) string {
	p := v.places[i/entryBlock][i%entryBlock]
	if p.size == 0 {
		return ""
	}
	return unsafe.String(&v.chunks[p.chunk][p.from], int(p.size))
}

// UpTo reads until the table has n texts, or all of them when n is negative. ctx
// belongs to the caller that waits, not to the table.
func (s *Table) UpTo(ctx context.Context, n int) (View, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.source == nil && s.err == nil {
		s.start()
	}
	for s.err == nil && (n < 0 || s.view.Count < n || s.source.Buffered() > ahead) {
		if s.view.Count%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return s.view, err
			}
			if s.life.Err() != nil {
				return s.view, os.ErrClosed
			}
		}
		s.err = s.readNext()
	}
	if s.err != nil && !errors.Is(s.err, io.EOF) {
		return s.view, s.err
	}
	if s.view.Count < n {
		return s.view, fault.Corrupt("a cell refers to text %d of a table that has %d", n-1, s.view.Count)
	}
	return s.view, nil
}

func (s *Table) start() {
	if s.open == nil {
		s.err = io.EOF
		return
	}
	var err error
	if s.source, err = s.open(s.life); err != nil {
		s.err = fmt.Errorf("read the text table: %w", err)
	}
}

func (s *Table) readNext() error {
	var err error
	switch s.text, err = s.source.Append(s.text[:0]); {
	case errors.Is(err, io.EOF):
		return io.EOF
	case err == nil:
		err = Check(s.text)
	}
	if err != nil {
		return fmt.Errorf("read text %d of the text table: %w", s.view.Count, err)
	}
	if s.bytes += int64(len(s.text)) + int64(unsafe.Sizeof(place{})); s.bytes > maxBytes {
		return fault.TooLarge("its different texts need more than %d MB", maxBytes>>20)
	}
	v := &s.view
	if len(v.chunks) == 0 || s.used+len(s.text) > textChunk {
		v.chunks = append(v.chunks, make([]byte, textChunk))
		s.used = 0
	}
	if v.Count%entryBlock == 0 {
		v.places = append(v.places, make([]place, entryBlock))
	}
	last := len(v.chunks) - 1
	v.places[v.Count/entryBlock][v.Count%entryBlock] = place{uint32(last), uint32(s.used), uint32(len(s.text))}
	s.used += copy(v.chunks[last][s.used:], s.text)
	v.Count++
	return nil
}

// ErrLong says that a text is longer than a cell can hold.
var ErrLong = fault.TooLarge("a text is longer than the %s characters that a cell can hold", humanize.Number(cell.MaxText))

// Check reports ErrLong for a text that no cell can hold.
func Check(text []byte) error {
	if len(text) > cell.MaxText && numeric.Units(unsafe.String(&text[0], len(text))) > cell.MaxText {
		return ErrLong
	}
	return nil
}
