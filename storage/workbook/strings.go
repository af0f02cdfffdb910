package workbook

import (
	"context"
	"fmt"
	"sync"
	"unsafe"
)

const (
	// maxText is how many characters (UTF-16 units) Excel lets a cell have.
	maxText = 32_767
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
	life  context.Context                        // of the book; reading ends with it
	open  func(context.Context) (*stream, error) // nil when the workbook has no table
	t     *tokenizer
	texts stringView
	text  []byte // the text being read
	used  int    // bytes of the last chunk
	bytes int64
	err   error // what ended reading; errStringsEnd when all were read
}

// stringView is the part of the table that has been read. It stays valid and
// unchanged while reading goes on.
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

var errStringsEnd = fmt.Errorf("the text table is read to its end")

// get gives a text of the view without copying it. The chunks are written once.
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
				return s.texts, errClosed
			}
		}
		s.err = s.readNext()
	}
	if s.err != nil && s.err != errStringsEnd {
		return s.texts, s.err
	}
	if s.texts.count < n {
		return s.texts, corrupt("a cell refers to text %d of a table that has %d", n-1, s.texts.count)
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
	s.t = newTokenizer(stream)
}

// buffered tells whether the bytes at hand surely hold another text.
func (s *sharedStrings) buffered() bool { return s.t != nil && s.t.end-s.t.pos > 64<<10 }

// readNext reads one text: <si><t>..</t></si>, or the runs <si><r><t>..</t></r></si>.
func (s *sharedStrings) readNext() error {
	for {
		switch s.t.next() {
		case tokenStop:
			if s.t.err != nil {
				return fmt.Errorf("read the text table: %w", s.t.err)
			}
			return errStringsEnd
		case tokenStart:
			if s.t.depth == 1 && string(s.t.name) != "sst" {
				return corrupt("its text table is a %.20s", s.t.name)
			}
			if s.t.depth == 2 && string(s.t.name) == "si" {
				return s.readText()
			}
			if s.t.depth == 2 && string(s.t.name) != "extLst" {
				return corrupt("its text table has a %.20q, and texts are counted", s.t.name)
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
		return tooLarge("its different texts need more than %d MB", maxStringBytes>>20)
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
func appendRuns(dst []byte, t *tokenizer) ([]byte, error) {
	from, outer := len(dst), t.depth
	inText := 0
	for {
		switch t.next() {
		case tokenStop:
			if t.err != nil {
				return dst, t.err
			}
			return dst, corrupt("it ends inside a text")
		case tokenStart:
			switch string(t.name) {
			case "t":
				inText = t.depth
			case "rPh":
				t.skip()
			}
		case tokenText:
			if inText == t.depth {
				var err error
				if dst, err = t.appendText(dst); err != nil {
					return dst, err
				}
				if len(dst)-from > maxToken {
					return dst, errLongText
				}
			}
		case tokenEnd:
			if t.depth < inText {
				inText = 0
			}
			if t.depth < outer {
				return dst, nil
			}
		}
	}
}

var errLongText = tooLarge("a text is longer than the %s characters that a cell can hold", grouped(maxText))

// finishText decodes the escapes of a cell's text, in place, and checks its length.
func finishText(text []byte) ([]byte, error) {
	text = unescape(text)
	if len(text) > maxText && units(unsafe.String(&text[0], len(text))) > maxText {
		return text, errLongText
	}
	return text, nil
}
