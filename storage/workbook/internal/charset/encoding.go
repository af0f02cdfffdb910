// Package charset finds the encoding of a text and decodes it.
package charset

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"pushdesk/storage/workbook/internal/fault"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// All are the encodings of text files that can be chosen.
var All = []string{"utf-8", "utf-16le", "utf-16be", "windows-1252", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1257",
	"iso-8859-2", "iso-8859-7", "iso-8859-15", "ibm437", "ibm850", "ibm852", "ibm866", "koi8-r", "koi8-u", "iso-8859-5", "x-mac-cyrillic", "windows-1255", "windows-1256", "windows-874", "macintosh",
	"shift_jis", "euc-jp", "iso-2022-jp", "gb18030", "big5", "euc-kr"}

// encodingNames are what people call them.
var encodingNames = map[string]string{
	"windows-1252": "Windows-1252 (Western European)", "windows-1250": "Windows-1250 (Central European)", "windows-1251": "Windows-1251 (Cyrillic)",
	"windows-1253": "Windows-1253 (Greek)", "windows-1254": "Windows-1254 (Turkish)", "windows-1257": "Windows-1257 (Baltic)",
	"iso-8859-2": "ISO-8859-2 (Central European)", "iso-8859-15": "ISO-8859-15 (Western European)",
	"iso-8859-7": "ISO-8859-7 (Greek)", "koi8-r": "KOI8-R (Cyrillic)", "koi8-u": "KOI8-U (Ukrainian)", "iso-8859-5": "ISO-8859-5 (Cyrillic)", "x-mac-cyrillic": "Mac Cyrillic (old Macs)", "windows-1255": "Windows-1255 (Hebrew)", "windows-1256": "Windows-1256 (Arabic)", "windows-874": "Windows-874 (Thai)",
	"ibm437": "DOS 437 (Western European)", "ibm850": "DOS 850 (Western European)", "ibm852": "DOS 852 (Central European)", "ibm866": "DOS 866 (Cyrillic)", "macintosh": "Mac Roman (old Macs)",
	"shift_jis": "Shift_JIS (Japanese)", "euc-jp": "EUC-JP (Japanese)", "iso-2022-jp": "ISO-2022-JP (Japanese)", "gb18030": "GB18030 (Chinese)", "big5": "Big5 (Chinese, traditional)", "euc-kr": "EUC-KR (Korean)",
}

// Name is what people call an encoding.
func Name(name string) string {
	if word, ok := encodingNames[strings.ToLower(name)]; ok {
		return word
	}
	return strings.ToUpper(name)
}

// Detect finds the encoding of a text from its first bytes, see Look.
func Detect(head []byte) string { return Look(head).Name }

// Look finds the encoding of a text from some of its bytes: its byte order mark, else
// UTF-16 if every other byte is zero, else UTF-8 if nearly all letters are that, else
// what its letters suggest.
func Look(head []byte) Found {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, bad := utf8Share(head)
		return Found{Name: "utf-8", Why: marked, Broken: bad, Single: beside(head)}
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return Found{Name: "utf-16le", Why: marked}
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return Found{Name: "utf-16be", Why: marked}
	}
	even, odd := 0, 0
	for i, b := range head {
		if b == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	half := len(head) / 2
	switch {
	case odd*10 > half*3 && even*20 < half, odd > 4*even && utf16Plain(head, 0):
		return Found{Name: "utf-16le", Why: wide}
	case even*10 > half*3 && odd*20 < half, even > 4*odd && utf16Plain(head, 1):
		return Found{Name: "utf-16be", Why: wide}
	}
	good, bad := utf8Share(head)
	if good+bad == 0 && (bytes.Contains(head, []byte("\x1b$B")) || bytes.Contains(head, []byte("\x1b$@"))) {
		return Found{Name: "iso-2022-jp", Why: "as its signs between the letters say"}
	}
	asUTF8 := Found{Name: "utf-8", Why: "as all its letters fit", Broken: bad, Single: beside(head)}
	switch {
	case good+bad == 0:
		asUTF8.Why = "as it has no letters beyond ASCII"
	case bad > 0:
		asUTF8.Why = "as nearly all its letters fit"
	}
	if bad == 0 || good >= 2*bad {
		return asUTF8
	}
	name, next, rival, fits := guessEncoding(head)
	if east := slices.ContainsFunc(easterns, func(e eastern) bool { return e.name == name }); good*3 >= bad {
		if !east && !(fits && brokenLines(head)) {
			if fits {
				asUTF8.Rival = name // a single line may be either
			}
			return asUTF8
		}
		if east {
			rival = "utf-8"
		}
	}
	why := "whose letters fit best"
	if next != "" {
		why += " (next " + Name(next) + ")"
	}
	f := Found{Name: name, Why: why, Rival: rival}
	if table := tableOf(name); table != nil {
		f.Foreign = utf8Lines(head, table)
	}
	return f
}

// Reasons for an encoding.
const (
	marked = "as its byte order mark says"
	wide   = "as every other byte is zero"
)

// LooksLikeText reports whether bytes are text, also one in which there are control
// characters: a file that is none has many of many kinds.
func LooksLikeText(head []byte) bool {
	wide := false
	if name := Detect(head); strings.HasPrefix(name, "utf-16") {
		head, wide = decoded(head[:len(head)/2*2], name), true
	}
	head = bytes.TrimRight(head, "\x1a") // which old programs end a text with
	var kinds [32]bool
	controls, different, all := 0, 0, 0
	for _, b := range head {
		if b == 0 {
			continue
		}
		if all++; isControl(b) && b < 32 {
			if controls++; !kinds[b] {
				kinds[b] = true
				different++
			}
		}
	}
	switch {
	case all == 0:
		return false
	case wide || different > 5:
		return controls*50 <= all
	case different > 1:
		return controls*8 <= all
	}
	return controls*3 <= all // one of them may be the delimiter
}

// encodingOf returns an encoding; nil means UTF-8, or one that is not known.
func encodingOf(name string) encoding.Encoding {
	switch name = strings.ToLower(name); name {
	case "utf-16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case "utf-16be":
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case "iso-2022-jp":
		return japanese.ISO2022JP
	}
	for _, p := range pages {
		if name == p.name {
			return p.table
		}
	}
	for _, e := range easterns {
		if name == e.name {
			return e.table
		}
	}
	return nil
}

// Decoder returns the decoder of an encoding; nil means UTF-8 as it is.
func Decoder(name string) (*encoding.Decoder, error) {
	if strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8") {
		return nil, nil
	}
	e := encodingOf(name)
	if e == nil {
		return nil, fault.Unsupported("the encoding %q is not known", name)
	}
	return e.NewDecoder(), nil
}

// Decode reads text in an encoding as UTF-8, without a byte order mark.
func Decode(r io.Reader, name string) (io.Reader, error) {
	d, err := Decoder(name)
	if err != nil {
		return nil, err
	}
	if d != nil {
		r = d.Reader(r)
	}
	return &markSkipper{r: r}, nil
}

// markSkipper drops a byte order mark at the start of UTF-8.
type markSkipper struct {
	r       io.Reader
	started bool
}

func (m *markSkipper) Read(b []byte) (int, error) {
	if m.started || len(b) < 3 {
		return m.r.Read(b)
	}
	m.started = true
	n, err := io.ReadAtLeast(m.r, b, 3)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	if n >= 3 && string(b[:3]) == "\ufeff" {
		n = copy(b, b[3:n])
	}
	return n, err
}

// Single returns what reads one byte in an encoding that has one byte a letter, else nil.
func Single(name string) func(byte) rune {
	if table := tableOf(name); table != nil {
		return table.DecodeByte
	}
	return nil
}

// tableOf returns the table of an encoding that has one byte a letter, else nil.
func tableOf(name string) *charmap.Charmap {
	for _, p := range pages {
		if strings.EqualFold(name, p.name) {
			return p.table
		}
	}
	return nil
}
