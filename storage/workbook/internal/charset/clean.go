package charset

import (
	"bytes"
	"encoding/binary"
	"io"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"pushdesk/storage/workbook/internal/fault"
)

// Fault is what Cleaner found wrong with a text.
type Fault int

const (
	Control Fault = iota // a control character, which was left out
	Repair               // bytes that are not UTF-8, read in another encoding
	Lost                 // bytes that no encoding knows, now the replacement character
	Faults
)

// Cleaner reads a text as valid UTF-8 without control characters, and says where it
// changed something. One goroutine may read while another asks.
type Cleaner struct {
	src     io.Reader
	single  func(byte) rune // reads a byte that is not UTF-8; nil = it is lost
	keep    byte            // a control character that stays; 0 = none
	cut     []byte          // the start of a character whose end is not read yet
	out     []byte          // clean and not yet given away
	err     error
	written int64
	gone    int64 // control characters in a row that were left out

	some   atomic.Bool
	mu     sync.Mutex
	faults []place
}

// place is where something was changed.
type place struct {
	at int64 // in the clean text
	is Fault
	n  int // how often, one after the other
}

// mostGone is how many control characters in a row are left out: a disk that was full, or a
// computer that crashed, leaves files that end in zeros.
const mostGone = 64 << 20

// NewCleaner cleans a text. single reads a byte that is not UTF-8, and nil leaves a mark
// for it; keep is a control character that has a meaning, or 0.
func NewCleaner(src io.Reader, single func(byte) rune, keep byte) *Cleaner {
	return &Cleaner{src: src, single: single, keep: keep}
}

// Before calls each for what was changed before a place in the clean text, and how often.
func (c *Cleaner) Before(at int64, each func(is Fault, n int)) {
	if !c.some.Load() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for n < len(c.faults) && c.faults[n].at < at {
		each(c.faults[n].is, c.faults[n].n)
		n++
	}
	c.faults = append(c.faults[:0], c.faults[n:]...)
	c.some.Store(len(c.faults) > 0)
}

func (c *Cleaner) fault(at int64, is Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if last := len(c.faults) - 1; last >= 0 && c.faults[last].at == at && c.faults[last].is == is {
		c.faults[last].n++
	} else {
		c.faults = append(c.faults, place{at, is, 1})
	}
	c.some.Store(true)
}

func (c *Cleaner) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		in := p
		if len(p) < 64 {
			in = make([]byte, 64)
		}
		n := copy(in, c.cut)
		more, err := c.src.Read(in[n:])
		data := in[:n+more]
		if c.err = err; err == nil {
			data = data[:len(data)-cutRune(data)]
		}
		c.cut = append(c.cut[:0], in[len(data):n+more]...)
		if !plain(data) {
			if data = c.clean(data); c.gone > mostGone {
				c.err = fault.TooLarge("it has more than %d MB of zeros or other control characters in a row", mostGone>>20)
			}
		} else if len(p) >= 64 && len(data) > 0 {
			c.written += int64(len(data))
			c.gone = 0
			return len(data), nil
		}
		c.out = data
		c.written += int64(len(data))
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// cutRune is how many bytes at the end of data are the start of a character that is not
// whole.
func cutRune(data []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(data); n++ {
		if b := data[len(data)-n]; utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRune(data[len(data)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// plain reports whether data needs no cleaning.
func plain(data []byte) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	rest := data
	for ; len(rest) >= 8; rest = rest[8:] {
		x := binary.LittleEndian.Uint64(rest)
		y := x ^ ones*0x7f
		if ((x-ones*0x20)&^x|(y-ones)&^y)&highs != 0 && !plainBytes(rest[:8]) {
			return false
		}
	}
	for at := data; ; { // control characters beyond ASCII
		i := bytes.IndexByte(at, 0xc2)
		if i < 0 {
			break
		}
		if at = at[i+1:]; len(at) > 0 && at[0] < 0xa0 {
			return false
		}
	}
	return plainBytes(rest) && utf8.Valid(data) && !bytes.Contains(data, []byte("\ufffd"))
}

func plainBytes(data []byte) bool {
	for _, b := range data {
		if isControl(b) {
			return false
		}
	}
	return true
}

func isControl(b byte) bool { return b < ' ' && b != '\t' && b != '\n' && b != '\r' || b == 0x7f }

// clean drops control characters and repairs what is not UTF-8.
func (c *Cleaner) clean(data []byte) []byte {
	out := make([]byte, 0, len(data)+16)
	for i := 0; i < len(data); {
		b := data[i]
		if b < utf8.RuneSelf {
			if isControl(b) && (b != c.keep || c.keep == 0) {
				c.fault(c.written+int64(len(out)), Control)
				c.gone++
			} else {
				out = append(out, b)
				c.gone = 0
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		at := c.written + int64(len(out))
		c.gone = 0
		switch {
		case r >= 0x80 && r < 0xa0:
			c.fault(at, Control)
		case r != utf8.RuneError:
			out = append(out, data[i:i+n]...)
		case n == 3: // it was lost before
			c.fault(at, Lost)
			out = append(out, data[i:i+n]...)
		case c.single == nil:
			c.fault(at, Lost)
			out = utf8.AppendRune(out, utf8.RuneError)
		default:
			if r = c.single(b); r == utf8.RuneError || isControl(b) {
				c.fault(at, Lost)
				r = utf8.RuneError
			} else {
				c.fault(at, Repair)
			}
			out = utf8.AppendRune(out, r)
		}
		i += n
	}
	return out
}
