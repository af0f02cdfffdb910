package ooxml

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"unsafe"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/numeric"
	"pushdesk/storage/workbook/internal/stream"
	"pushdesk/storage/workbook/internal/xmlscan"
)

const (
	// maxStringBytes bounds what the shared strings of a workbook take in memory.
	maxStringBytes = 1 << 30

	textChunk  = 256 << 10 // bytes of text kept together; any text of a cell fits
	entryBlock = 1 << 13   // places of texts kept together
)

// sharedStrings is the text table of a workbook. It is read only as far as cells
// refer to it, so a preview does not wait for a million texts. The texts lie one
// behind the other in chunks that never move.
type sharedStrings struct {
	mu    sync.Mutex
	life  context.Context                               // of the book; reading ends with it
	open  func(context.Context) (*stream.Stream, error) // nil when the workbook has no table
	t     *xmlscan.Tokenizer
	texts stringView
	text  []byte // the text being read
	used  int    // bytes of the last chunk
	bytes int64
	err   error // what ended reading; errStringsEnd when all were read
}

// stringView is the part of the table that has been read. It stays valid and
// unchanged while reading continues.
type stringView struct {
	count  int
	chunks [][]byte
	places [][]place
}

// place is where a text lies: chunk, first byte and length.
type place struct {
	chunk      uint32
	from, size uint32
}

var errStringsEnd = errors.New("the text table is read to its end")

// get returns a text of the view without copying it. The chunks are written once.
func (v *stringView) get(i int) string {
	p := v.places[i/entryBlock][i%entryBlock]
	if p.size == 0 {
		return ""
	}
	return unsafe.String(&v.chunks[p.chunk][p.from], int(p.size))
}

// upTo reads until the table has n texts, or all of them when n is negative. ctx
// belongs to the caller that waits, not to the table.
func (s *sharedStrings) upTo(ctx context.Context, n int) (stringView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.t == nil && s.err == nil {
		s.start()
	}
	for s.err == nil && (n < 0 || s.texts.count < n || s.buffered()) {
		if s.texts.count%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return s.texts, err
			}
			if s.life.Err() != nil {
				return s.texts, os.ErrClosed
			}
		}
		s.err = s.readNext()
	}
	if s.err != nil && !errors.Is(s.err, errStringsEnd) {
		return s.texts, s.err
	}
	if s.texts.count < n {
		return s.texts, fault.Corrupt("a cell refers to text %d of a table that has %d", n-1, s.texts.count)
	}
	return s.texts, nil
}

func (s *sharedStrings) start() {
	if s.open == nil {
		s.err = errStringsEnd
		return
	}
	stream, err := s.open(s.life)
	if err != nil {
		s.err = fmt.Errorf("read the text table: %w", err)
		return
	}
	s.t = xmlscan.New(stream)
}

// buffered reports whether the bytes at hand surely hold another text.
func (s *sharedStrings) buffered() bool { return s.t != nil && s.t.Buffered() > 64<<10 }

// readNext reads one text: <si><t>..</t></si>, or the runs <si><r><t>..</t></r></si>.
func (s *sharedStrings) readNext() error {
	for {
		switch s.t.Next() {
		case xmlscan.Stop:
			if s.t.Err != nil {
				return fmt.Errorf("read the text table: %w", s.t.Err)
			}
			return errStringsEnd
		case xmlscan.Start:
			if s.t.Depth == 1 && string(s.t.Name) != "sst" {
				return fault.Corrupt("its text table is a %.20s", s.t.Name)
			}
			if s.t.Depth == 2 && string(s.t.Name) == "si" {
				return s.readText()
			}
			if s.t.Depth == 2 && string(s.t.Name) != "extLst" {
				return fault.Corrupt("its text table has a %.20q, and texts are counted", s.t.Name)
			}
		}
	}
}

func (s *sharedStrings) readText() error {
	var err error
	if s.text, err = appendRuns(s.text[:0], s.t); err == nil {
		s.text, err = finishText(s.text)
	}
	if err != nil {
		return fmt.Errorf("read text %d of the text table: %w", s.texts.count, err)
	}
	if s.bytes += int64(len(s.text)) + int64(unsafe.Sizeof(place{})); s.bytes > maxStringBytes {
		return fault.TooLarge("its different texts need more than %d MB", maxStringBytes>>20)
	}
	v := &s.texts
	if len(v.chunks) == 0 || s.used+len(s.text) > textChunk {
		v.chunks = append(v.chunks, make([]byte, textChunk))
		s.used = 0
	}
	if v.count%entryBlock == 0 {
		v.places = append(v.places, make([]place, entryBlock))
	}
	last := len(v.chunks) - 1
	v.places[v.count/entryBlock][v.count%entryBlock] = place{uint32(last), uint32(s.used), uint32(len(s.text))}
	s.used += copy(v.chunks[last][s.used:], s.text)
	v.count++
	return nil
}

// appendRuns appends the text of the element that was just started: all its <t>,
// leaving out the phonetic ones in <rPh>.
func appendRuns(dst []byte, t *xmlscan.Tokenizer) ([]byte, error) {
	from, outer := len(dst), t.Depth
	inText := 0
	for {
		switch t.Next() {
		case xmlscan.Stop:
			if t.Err != nil {
				return dst, t.Err
			}
			return dst, fault.Corrupt("it ends inside a text")
		case xmlscan.Start:
			switch string(t.Name) {
			case "t":
				inText = t.Depth
			case "rPh":
				t.Skip()
			}
		case xmlscan.Text:
			if inText == t.Depth {
				var err error
				if dst, err = t.AppendText(dst); err != nil {
					return dst, err
				}
				if len(dst)-from > cell.MaxText*32 {
					return dst, errLongText
				}
			}
		case xmlscan.End:
			if t.Depth < inText {
				inText = 0
			}
			if t.Depth < outer {
				return dst, nil
			}
		}
	}
}

var errLongText = fault.TooLarge("a text is longer than the %s characters that a cell can hold", humanize.Number(cell.MaxText))

// finishText decodes the escapes of a cell's text, in place, and checks its length.
func finishText(text []byte) ([]byte, error) {
	text = unescape(text)
	if len(text) > cell.MaxText && numeric.Units(unsafe.String(&text[0], len(text))) > cell.MaxText {
		return text, errLongText
	}
	return text, nil
}
