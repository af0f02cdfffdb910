package charset

import (
	"bytes"
	"math"
	"slices"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Default is taken when nothing beyond ASCII tells the encoding: Western Excel's own.
const Default = "windows-1252"

// Found is what a text's bytes say about its encoding.
type Found struct {
	Name    string
	Why     string // a clause that follows the name
	Rival   string // another encoding that fits about equally well; "" when there is none
	Broken  int    // places that are not UTF-8 in a text that else is
	Foreign []int  // first lines that are UTF-8 in a text that is not
	// Single reads a byte that is not UTF-8 in such a text, or a byte beyond the text that
	// was looked at; nil when there is no way.
	Single func(byte) rune
}

const (
	// guessText is how much text with letters beyond ASCII decides.
	guessText = 12 << 10
	// guessMargin is by how much an encoding has to fit better than others not to be a guess.
	guessMargin = 7
	// mostFitting is how much a letter beyond ASCII costs at most, on average, where a text is
	// surely one of a language.
	mostFitting = 4.2
)

// reading is how well an encoding fits.
type reading struct {
	name string
	cost float64
}

// guessEncoding weighs the encodings that are no Unicode by the text that each makes of
// the bytes. next is the best of the others that make another text of them; it is the rival
// when it fits about equally well. fits says that the text is one of a language.
func guessEncoding(head []byte) (name, next, rival string, fits bool) {
	text := linesBeyond(head)
	if len(text) == 0 {
		return Default, "", "", false
	}
	var all []reading
	for _, p := range pages {
		all = append(all, reading{p.name, p.cost(text)})
	}
	for i, e := range easterns {
		all = append(all, reading{e.name, e.cost(text, frequents[i])})
	}
	slices.SortStableFunc(all, func(a, b reading) int {
		switch {
		case a.cost < b.cost:
			return -1
		case a.cost > b.cost:
			return 1
		}
		return 0
	})
	best := decoded(text, all[0].name)
	high := 0
	for _, b := range text {
		if b >= utf8.RuneSelf {
			high++
		}
	}
	fits = all[0].cost < mostFitting*float64(high)
	margin := guessMargin + 0.06*float64(min(high, 200))
	for _, r := range all[1:] {
		if bytes.Equal(decoded(text, r.name), best) {
			continue
		}
		if next = r.name; r.cost-all[0].cost <= margin {
			return all[0].name, next, next, fits
		}
		break
	}
	if all[0].cost > 6.5*float64(high) && math.Abs(all[0].cost-all[1].cost) < 4*margin {
		return all[0].name, next, all[1].name, false // nothing fits well
	}
	return all[0].name, next, "", fits
}

func decoded(text []byte, name string) []byte {
	d, err := Decoder(name)
	if err != nil || d == nil {
		return text
	}
	out, err := d.Bytes(text)
	if err != nil {
		return nil
	}
	return out
}

// linesBeyond returns the lines that have letters beyond ASCII, as far as they are needed.
func linesBeyond(head []byte) []byte {
	var out []byte
	for len(head) > 0 && len(out) < guessText {
		line := head
		if i := bytes.IndexAny(head, "\n\r"); i >= 0 {
			line = head[:i+1]
		}
		head = head[len(line):]
		if slices.ContainsFunc(line, func(b byte) bool { return b >= utf8.RuneSelf }) {
			out = append(out, line[:min(len(line), 4096)]...)
		}
	}
	return out
}

// utf8Share counts the letters beyond ASCII that are UTF-8, and the bytes that are not.
func utf8Share(head []byte) (good, bad int) {
	for i := 0; i < len(head); {
		if head[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(head[i:])
		switch {
		case r != utf8.RuneError || n > 1:
			good++
		case !utf8.FullRune(head[i:]): // the end cuts it
		default:
			bad++
		}
		i += n
	}
	return good, bad
}

// brokenLines reports whether most lines with letters beyond ASCII have bytes that are not
// UTF-8: those of a damaged text are few.
func brokenLines(head []byte) bool {
	whole, broken := 0, 0
	for line := range bytes.Lines(head) {
		if good, bad := utf8Share(line); bad > 0 {
			broken++
		} else if good > 0 {
			whole++
		}
	}
	return broken > 1 && broken > 2*whole
}

// utf8Lines returns the first lines whose letters beyond ASCII are UTF-8, three or more, and
// such as the table has: they were written in another encoding than the others.
func utf8Lines(head []byte, table *charmap.Charmap) (lines []int) {
	number := 0
	for line := range bytes.Lines(head) {
		number++
		if good, bad := utf8Share(line); bad > 0 || good < 3 || !utf8.Valid(bytes.TrimRight(line, "\r\n")) {
			continue
		}
		if !bytes.ContainsFunc(line, func(r rune) bool {
			_, known := table.EncodeRune(r)
			return !known
		}) {
			lines = append(lines, number)
		}
	}
	return lines
}

// beside returns what reads single bytes in a text that else is UTF-8, by its letters.
func beside(head []byte) func(byte) rune {
	table := charmap.Windows1252
	most, counts := 0, map[*charmap.Charmap]int{}
	for i := 0; i < len(head); {
		if head[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(head[i:])
		i += n
		var of *charmap.Charmap
		switch {
		case r == utf8.RuneError:
			continue
		case unicode.Is(unicode.Cyrillic, r):
			of = charmap.Windows1251
		case unicode.Is(unicode.Greek, r):
			of = charmap.Windows1253
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			of = nil
		case r == 'ı' || r == 'ş' || r == 'ğ' || r == 'İ' || r == 'Ş' || r == 'Ğ':
			of = charmap.Windows1254
		case r >= 0x100 && r < 0x180:
			of = charmap.Windows1250
		default:
			continue
		}
		if counts[of]++; counts[of] > most {
			most, table = counts[of], of
		}
	}
	if table == nil {
		return nil
	}
	return table.DecodeByte
}

// utf16Plain reports whether a text without a byte order mark is UTF-16: its line ends
// and delimiters are two bytes each, and its letters are such as people write.
func utf16Plain(head []byte, low int) bool {
	if len(head) < 8 {
		return false
	}
	units := make([]uint16, 0, len(head)/2)
	for i := 0; i+1 < len(head); i += 2 {
		units = append(units, uint16(head[i+low])|uint16(head[i+1-low])<<8)
	}
	plain, breaks, far, other := 0, 0, 0, 0
	for _, r := range utf16.Decode(units) {
		switch {
		case r == '\n' || r == '\r':
			breaks++
		case r == '\t' || r >= ' ' && r < 0x7f:
			plain++
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Cyrillic, unicode.Greek, unicode.Latin) || r >= 0x3000 && r < 0x3020 || r >= 0xff00 && r < 0xfff0:
			far++
		default:
			other++
		}
	}
	all := plain + breaks + far + other
	return breaks > 0 && (plain+breaks)*10 >= all && other*20 <= all && bytes.IndexByte(head, 0) >= 0
}
