package text

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Visible returns text as it may be shown to a person: what a terminal or a window
// would obey instead of showing, control characters other than line ends and tabs, and
// marks that change the direction of writing, stands there as an escape such as \u001b.
// The escapes are those of JSON.
func Visible(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	appendVisible(&b, s, "\n\t")
	return b.String()
}

// Value is Visible for a value inside a line: line ends and tabs are escaped, too.
func Value(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	appendVisible(&b, s, "")
	return b.String()
}

func appendVisible(b *strings.Builder, s, keep string) {
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\ufffd"):
			b.WriteRune(utf8.RuneError)
		case r < ' ' && strings.ContainsRune(keep, r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case obeyed(r):
			escape(b, r)
		default:
			b.WriteRune(r)
		}
	}
}

// escape writes a rune as JSON does.
func escape(b *strings.Builder, r rune) {
	if high, low := utf16.EncodeRune(r); high != unicode.ReplacementChar {
		fmt.Fprintf(b, `\u%04x\u%04x`, high, low)
		return
	}
	fmt.Fprintf(b, `\u%04x`, r)
}

// obeyed reports whether a rune is obeyed instead of shown: C0, DEL, C1, line separators,
// marks of direction, and the tags that hide text.
func obeyed(r rune) bool {
	switch {
	case r < 0x80:
		return r < ' ' || r == 0x7f
	case r < 0xa0, r == '\u2028', r == '\u2029', r == '\ufeff':
		return true
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f', r == '\u061c':
		return true
	}
	return r >= 0xe0000 && r <= 0xe007f
}

// NewWriter returns a writer that passes text on as Visible does. It is the one door by
// which text reaches a terminal. Line ends of Windows pass; other carriage returns are
// escaped. Bytes that are no UTF-8 become U+FFFD.
func NewWriter(to io.Writer) io.Writer { return &writer{to: to} }

type writer struct {
	to   io.Writer
	rest []byte // the start of a letter, or a carriage return
	out  strings.Builder
}

// Write implements io.Writer.
func (w *writer) Write(p []byte) (int, error) {
	text := p
	if len(w.rest) > 0 {
		text = append(w.rest, p...)
	}
	w.rest = nil
	cut := len(text)
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if b := text[len(text)-back]; utf8.RuneStart(b) {
			if !utf8.FullRune(text[len(text)-back:]) {
				cut = len(text) - back
			}
			break
		}
	}
	if cut > 0 && cut == len(text) && text[cut-1] == '\r' {
		cut--
	}
	w.rest = append([]byte(nil), text[cut:]...)
	w.out.Reset()
	for part := string(text[:cut]); part != ""; {
		before, after, windows := strings.Cut(part, "\r\n")
		appendVisible(&w.out, before, "\n\t")
		if windows {
			w.out.WriteString("\r\n")
		}
		part = after
	}
	if _, err := io.WriteString(w.to, w.out.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}
