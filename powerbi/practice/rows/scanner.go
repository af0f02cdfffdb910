package rows

import (
	"errors"
	"unicode/utf8"
)

// scanner reads JSON by hand, strictly after RFC 8259: encoding/json builds
// values that the check of rows does not need and takes ten times as long. The
// tests hold it against encoding/json.
type scanner struct {
	b []byte
	i int
}

var (
	errCutShort  = errors.New("the JSON ends too early")
	errSyntax    = errors.New("the text is not valid JSON")
	errEncoding  = errors.New("the text is not valid UTF-8")
	errSurrogate = errors.New("a \\u escape stands for half a character")
)

func (s *scanner) space() {
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case ' ', '\n', '\r', '\t':
			s.i++
		default:
			return
		}
	}
}

// next returns the next byte after white space without taking it; 0 at the end.
func (s *scanner) next() byte {
	s.space()
	if s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

// expect takes one byte after white space.
func (s *scanner) expect(c byte) error {
	if s.next() == c {
		s.i++
		return nil
	}
	return s.wrong()
}

func (s *scanner) wrong() error {
	if s.i >= len(s.b) {
		return errCutShort
	}
	return errSyntax
}

// literal takes true, false or null.
func (s *scanner) literal(word string) error {
	if len(s.b)-s.i >= len(word) && string(s.b[s.i:s.i+len(word)]) == word {
		s.i += len(word)
		return nil
	}
	return errSyntax
}

// plain marks the bytes that stand for themselves in a JSON string and are one
// character each.
var plain = func() (t [256]bool) {
	for c := 0x20; c < 0x80; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return
}()

// text takes a string and returns it raw, without the quotes. units is its length
// in UTF-16; escaped reports whether it holds escapes.
func (s *scanner) text() (raw []byte, units int, escaped bool, err error) {
	if s.i >= len(s.b) || s.b[s.i] != '"' {
		return nil, 0, false, s.wrong()
	}
	b, start := s.b, s.i+1
	i := start
	extra := 0 // bytes that are no unit of their own
	for {
		for i < len(b) && plain[b[i]] {
			i++
		}
		if i >= len(b) {
			s.i = i
			return nil, 0, false, errCutShort
		}
		switch c := b[i]; {
		case c == '"':
			s.i = i + 1
			return b[start:i], i - start - extra, escaped, nil
		case c == '\\':
			escaped = true
			size, units, err := escape(b[i:])
			if err != nil {
				s.i = i
				return nil, 0, false, err
			}
			extra += size - units
			i += size
		case c < 0x20:
			s.i = i
			return nil, 0, false, errSyntax
		default:
			r, size := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && size == 1 {
				s.i = i
				return nil, 0, false, errEncoding
			}
			extra += size - 1
			if r > 0xffff {
				extra--
			}
			i += size
		}
	}
}

// escape measures the escape at the start of b: its bytes and its UTF-16 units.
func escape(b []byte) (size, units int, err error) {
	if len(b) < 2 {
		return 0, 0, errCutShort
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, 1, nil
	case 'u':
		r, err := hex4(b[2:])
		switch {
		case err != nil:
			return 0, 0, err
		case r >= 0xdc00 && r <= 0xdfff:
			return 0, 0, errSurrogate
		case r < 0xd800 || r > 0xdbff:
			return 6, 1, nil
		}
		if len(b) < 12 || b[6] != '\\' || b[7] != 'u' {
			return 0, 0, errSurrogate
		}
		low, err := hex4(b[8:])
		if err != nil {
			return 0, 0, err
		}
		if low < 0xdc00 || low > 0xdfff {
			return 0, 0, errSurrogate
		}
		return 12, 2, nil
	}
	return 0, 0, errSyntax
}

func hex4(b []byte) (r rune, err error) {
	if len(b) < 4 {
		return 0, errCutShort
	}
	for _, c := range b[:4] {
		r <<= 4
		switch {
		case c >= '0' && c <= '9':
			r |= rune(c - '0')
		case c >= 'a' && c <= 'f':
			r |= rune(c - 'a' + 10)
		case c >= 'A' && c <= 'F':
			r |= rune(c - 'A' + 10)
		default:
			return 0, errSyntax
		}
	}
	return r, nil
}

// number takes a number and returns it raw. whole is true when it has neither a
// fraction nor an exponent, exponent when it has one.
func (s *scanner) number() (raw []byte, whole, exponent bool, err error) {
	b, start := s.b, s.i
	i := start
	if i < len(b) && b[i] == '-' {
		i++
	}
	digits := func() bool {
		from := i
		for i < len(b) && b[i] >= '0' && b[i] <= '9' {
			i++
		}
		return i > from
	}
	whole = true
	ok := true
	if i < len(b) && b[i] == '0' {
		i++
	} else {
		ok = digits()
	}
	if ok && i < len(b) && b[i] == '.' {
		i++
		whole = false
		ok = digits()
	}
	if ok && i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		i++
		whole, exponent = false, true
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		ok = digits()
	}
	s.i = i
	if !ok {
		return nil, false, false, s.wrong()
	}
	return b[start:i], whole, exponent, nil
}
