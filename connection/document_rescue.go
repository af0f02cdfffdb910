package connection

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// rescue reads what it can of a file that is not JSON. whole tells that only slips
// were in it that change no meaning, such as a comma too many or too few, or a comment;
// else the connections are those that stand in it in one piece. d is nil when there are
// none.
func rescue(text []byte) (d *document, whole bool, remarks []string) {
	text = asUTF8(text)
	mended := mendJSON(text)
	if d, remarks, err := parseDocument(mended); err == nil {
		return d, true, remarks
	}
	// A quotation mark too few makes all that follows it look otherwise, so both are tried.
	asIs, better := entriesIn(text), entriesIn(mended)
	if len(better) < len(asIs) {
		better = asIs
	}
	if len(better) == 0 {
		return nil, false, nil
	}
	d = &document{version: fileVersion, extra: map[string]json.RawMessage{}, entries: better}
	return d, false, d.mend()
}

// entriesIn gives the connections that stand in a text in one piece.
func entriesIn(text []byte) (list []entry) {
	text = bytes.TrimPrefix(bytes.TrimSpace(text), []byte("{")) // the file itself is in pieces
	for _, raw := range pieces(text) {
		if e, _ := parseEntry(raw); e.raw == nil && e.Name != "" && (e.ID != "" || e.ClientID != "") {
			list = append(list, e)
		}
	}
	return list
}

// asUTF8 is a text in UTF-8, whatever the editor that wrote it thought best.
func asUTF8(text []byte) []byte {
	from := charmap.Windows1252.NewDecoder()
	switch {
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case utf8.Valid(text):
		return text
	}
	decoded, err := from.Bytes(text)
	if err != nil {
		return bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	return decoded
}

// pieces gives the objects that stand in a text in one piece, none of them inside
// another.
func pieces(text []byte) (list []json.RawMessage) {
	const tries = 20_000 // far above the connections of a person
	for try := 0; try < tries; try++ {
		at := bytes.IndexByte(text, '{')
		if at < 0 {
			break
		}
		text = text[at:]
		var raw json.RawMessage
		read := json.NewDecoder(bytes.NewReader(text))
		if read.Decode(&raw) != nil {
			text = text[1:]
			continue
		}
		list = append(list, raw)
		text = text[read.InputOffset():]
	}
	return list
}

// mendJSON puts right what a hand easily gets wrong between the values of a JSON
// text: commas before an end or missing between two values, and comments.
func mendJSON(text []byte) []byte {
	out := make([]byte, 0, len(text)+16)
	ended := false // a value has ended, and neither a comma nor a colon followed
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			out = append(out, c)
			i++
		case bytes.HasPrefix(text[i:], []byte("//")):
			i = after(text, i, "\n")
		case bytes.HasPrefix(text[i:], []byte("/*")):
			i = after(text, i, "*/")
		case c == '}' || c == ']':
			out = append(withoutComma(out), c)
			ended = true
			i++
		case c == ',' || c == ':':
			if c == ',' && !ended { // one too many
				i++
				continue
			}
			out = append(out, c)
			ended = false
			i++
		default:
			if ended {
				out = append(out, ',')
			}
			end := valueEnd(text, i)
			out = append(out, text[i:end]...)
			ended = c != '{' && c != '['
			i = end
		}
	}
	return out
}

// after is where a text goes on behind a mark, or its end.
func after(text []byte, from int, mark string) int {
	if at := bytes.Index(text[from:], []byte(mark)); at >= 0 {
		return from + at + len(mark)
	}
	return len(text)
}

// withoutComma takes a comma from the end, blanks aside.
func withoutComma(out []byte) []byte {
	if trimmed := bytes.TrimRight(out, " \t\r\n"); bytes.HasSuffix(trimmed, []byte(",")) {
		return append(trimmed[:len(trimmed)-1], out[len(trimmed):]...)
	}
	return out
}

// valueEnd is where a text, a number or a word ends that begins at i; an opening
// bracket ends at once.
func valueEnd(text []byte, i int) int {
	switch text[i] {
	case '{', '[':
		return i + 1
	case '"':
		for end := i + 1; end < len(text); end++ {
			switch text[end] {
			case '\\':
				end++
			case '"':
				return end + 1
			}
		}
		return len(text)
	}
	end := i + 1
	for end < len(text) && !bytes.ContainsRune([]byte(" \t\r\n,:{}[]\"/"), rune(text[end])) {
		end++
	}
	return end
}
