package xmlscan

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"pushdesk/storage/workbook/internal/fault"
)

// plain marks the bytes of XML text that stand for themselves: ASCII without the
// ampersand, the carriage return and the control characters.
var plain = func() (t [256]bool) {
	for b := 0x20; b < utf8.RuneSelf; b++ {
		t[b] = b != '&'
	}
	t['\t'], t['\n'] = true, true
	return t
}()

// AppendText appends text with its entities decoded and its line ends as \n.
// Bytes that are not UTF-8, control characters and unknown entities are damage.
func AppendText(dst, raw []byte) ([]byte, error) {
	for i := 0; i < len(raw); {
		from := i
		for i < len(raw) && plain[raw[i]] {
			i++
		}
		dst = append(dst, raw[from:i]...)
		if i == len(raw) {
			break
		}
		switch b := raw[i]; {
		case b == '\r':
			dst = append(dst, '\n')
			if i++; i < len(raw) && raw[i] == '\n' {
				i++
			}
		case b == '&':
			r, n := entity(raw[i:])
			if n == 0 {
				return dst, fault.Corrupt("it has the unknown entity %.20q", raw[i:])
			}
			dst = utf8.AppendRune(dst, r)
			i += n
		case b < utf8.RuneSelf:
			return dst, fault.Corrupt("it has the control character %#02x", b)
		default:
			r, n := utf8.DecodeRune(raw[i:])
			if r == utf8.RuneError && n == 1 || r == 0xfffe || r == 0xffff {
				return dst, fault.Corrupt("it has bytes that are no text: %.8x", raw[i:])
			}
			dst = append(dst, raw[i:i+n]...)
			i += n
		}
	}
	return dst, nil
}

var entities = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"', "apos": '\''}

// entity decodes the entity at the start of raw and gives its length, 0 if unknown.
func entity(raw []byte) (rune, int) {
	end := bytes.IndexByte(raw[:min(len(raw), 16)], ';')
	if end < 0 {
		return 0, 0
	}
	name := string(raw[1:end])
	if r, ok := entities[name]; ok {
		return r, end + 1
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, 0
	}
	var n uint64
	var err error
	if name[1] == 'x' {
		n, err = strconv.ParseUint(name[2:], 16, 32)
	} else {
		n, err = strconv.ParseUint(name[1:], 10, 32)
	}
	if err != nil || n > utf8.MaxRune || n < 0x20 && n != '\t' && n != '\n' && n != '\r' || n >= 0xd800 && n < 0xe000 {
		return 0, 0
	}
	return rune(n), end + 1
}

// appendLiteral appends the text of a CDATA section, in which & is no entity.
func appendLiteral(dst, raw []byte) ([]byte, error) {
	for {
		piece, rest, more := bytes.Cut(raw, []byte("&"))
		var err error
		if dst, err = AppendText(dst, piece); err != nil || !more {
			return dst, err
		}
		dst, raw = append(dst, '&'), rest
	}
}

// TrimSpace returns b without the spaces of XML around it.
func TrimSpace(b []byte) []byte {
	for len(b) > 0 && IsSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && IsSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}
