// Package charset finds the encoding of a text and decodes it.
package charset

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"pushdesk/storage/workbook/internal/fault"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// All are the encodings of text files that can be chosen.
var All = []string{"utf-8", "utf-16le", "utf-16be", "windows-1252", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1257",
	"iso-8859-2", "iso-8859-15", "ibm850", "macintosh", "shift_jis", "gb18030", "big5", "euc-kr"}

// encodingNames are what people call them.
var encodingNames = map[string]string{
	"windows-1252": "Windows-1252 (Western European)", "windows-1250": "Windows-1250 (Central European)", "windows-1251": "Windows-1251 (Cyrillic)",
	"windows-1253": "Windows-1253 (Greek)", "windows-1254": "Windows-1254 (Turkish)", "windows-1257": "Windows-1257 (Baltic)",
	"iso-8859-2": "ISO-8859-2 (Central European)", "iso-8859-15": "ISO-8859-15 (Western European)",
	"ibm850": "DOS 850 (Western European)", "macintosh": "Mac Roman (old Macs)",
	"shift_jis": "Shift_JIS (Japanese)", "gb18030": "GB18030 (Chinese)", "big5": "Big5 (Chinese, traditional)", "euc-kr": "EUC-KR (Korean)",
}

// Name is what people call an encoding.
func Name(name string) string {
	if word, ok := encodingNames[strings.ToLower(name)]; ok {
		return word
	}
	return strings.ToUpper(name)
}

// Detect finds the encoding of a text from its first bytes: its byte order
// mark, else UTF-8 if they are that, else UTF-16 if every other byte is zero, else what
// its letters suggest.
func Detect(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return "utf-8"
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return "utf-16le"
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return "utf-16be"
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
	case odd*10 > half*3 && even*20 < half:
		return "utf-16le"
	case even*10 > half*3 && odd*20 < half:
		return "utf-16be"
	case validUTF8(head):
		return "utf-8"
	}
	return guessEncoding(head)
}

// validUTF8 reports whether bytes are UTF-8, but for a character that their end cuts.
func validUTF8(b []byte) bool {
	for cut := 0; cut < utf8.UTFMax && cut <= len(b); cut++ {
		if utf8.Valid(b[:len(b)-cut]) {
			return cut == 0 || !utf8.FullRune(b[len(b)-cut:])
		}
	}
	return false
}

// LooksLikeText reports whether bytes are text: UTF-16, or hardly a control character.
func LooksLikeText(head []byte) bool {
	step, low := 1, 0
	switch Detect(head) {
	case "utf-16le":
		step = 2
	case "utf-16be":
		step, low = 2, 1
	}
	controls := 0
	for i := low; i+step-1-low < len(head); i += step {
		if step == 2 && head[i^1] != 0 {
			continue // the low byte of a letter beyond Latin
		}
		switch b := head[i]; {
		case b == 0:
			return false
		case b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1a && b != 0x1b:
			controls++
		}
	}
	return controls*200*step <= len(head)
}

// Decoder returns the decoder of an encoding; nil means UTF-8 as it is.
func Decoder(name string) (*encoding.Decoder, error) {
	switch strings.ToLower(name) {
	case "utf-8", "utf8":
		return nil, nil
	case "utf-16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder(), nil
	case "utf-16be":
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder(), nil
	}
	if strings.EqualFold(name, "ibm850") {
		return charmap.CodePage850.NewDecoder(), nil
	}
	e, err := htmlindex.Get(name)
	if err != nil {
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
