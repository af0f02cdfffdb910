package xls

import (
	"encoding/binary"

	"pushdesk/storage/workbook/internal/biff"
	"pushdesk/storage/workbook/internal/fault"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// codePages are the encodings of the texts of old workbooks.
var codePages = map[int]encoding.Encoding{
	437: charmap.CodePage437, 850: charmap.CodePage850, 852: charmap.CodePage852, 855: charmap.CodePage855, 858: charmap.CodePage858,
	860: charmap.CodePage860, 862: charmap.CodePage862, 863: charmap.CodePage863, 865: charmap.CodePage865, 866: charmap.CodePage866,
	874: charmap.Windows874, 932: japanese.ShiftJIS, 936: simplifiedchinese.GBK, 949: korean.EUCKR, 950: traditionalchinese.Big5,
	1200: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	1250: charmap.Windows1250, 1251: charmap.Windows1251, 1252: charmap.Windows1252, 1253: charmap.Windows1253, 1254: charmap.Windows1254,
	1255: charmap.Windows1255, 1256: charmap.Windows1256, 1257: charmap.Windows1257, 1258: charmap.Windows1258,
	10000: charmap.Macintosh, 10007: charmap.MacintoshCyrillic, 32768: charmap.Macintosh, 32769: charmap.Windows1252,
}

// letters decodes the texts of a workbook whose characters have eight bits.
type letters struct{ encoding encoding.Encoding }

func (l letters) append(dst, text []byte) []byte {
	plain := true
	for _, b := range text {
		plain = plain && b < 0x80
	}
	if plain {
		return append(dst, text...)
	}
	if l.encoding == nil {
		l.encoding = charmap.Windows1252
	}
	decoded, err := l.encoding.NewDecoder().Bytes(text)
	if err != nil {
		return biff.AppendLatin1(dst, text)
	}
	return append(dst, decoded...)
}

// reading is a place in a record and those that continue it.
type reading struct {
	*records
	rest  []byte
	units []byte // of a text that is in several records
}

var errShortText = fault.Corrupt("a text of it is longer than its record")

// begin starts behind the first bytes of the record.
func (r *reading) begin(behind int) { r.rest = r.data[min(behind, len(r.data)):] }

// take returns the next n bytes, wherever records end.
func (r *reading) take(n int) ([]byte, error) {
	if n <= len(r.rest) {
		piece := r.rest[:n]
		r.rest = r.rest[n:]
		return piece, nil
	}
	var piece []byte
	for len(piece) < n {
		if len(r.rest) == 0 {
			if !r.more() {
				return nil, r.ended()
			}
			r.rest = r.data
			continue
		}
		m := min(n-len(piece), len(r.rest))
		piece, r.rest = append(piece, r.rest[:m]...), r.rest[m:]
	}
	return piece, nil
}

// skip passes over n bytes.
func (r *reading) skip(n int) error {
	for n > len(r.rest) {
		n -= len(r.rest)
		if r.rest = nil; !r.more() {
			return r.ended()
		}
		r.rest = r.data
	}
	r.rest = r.rest[n:]
	return nil
}

func (r *reading) ended() error {
	if r.err != nil {
		return r.err
	}
	return errShortText
}

const (
	isWide   = 1 << 0
	hasSound = 1 << 2 // phonetic data follows
	isRich   = 1 << 3 // the formats of its runs follow
)

// unicode appends a text behind its length: flags, what follows it, its characters. They
// have one byte or two, and that may change where a record ends.
func (r *reading) unicode(dst []byte, length int) ([]byte, error) {
	flags, err := r.take(1)
	if err != nil {
		return dst, err
	}
	kind, behind := flags[0], 0
	if kind&isRich != 0 {
		runs, err := r.take(2)
		if err != nil {
			return dst, err
		}
		behind = 4 * int(binary.LittleEndian.Uint16(runs))
	}
	if kind&hasSound != 0 {
		size, err := r.take(4)
		if err != nil {
			return dst, err
		}
		behind += int(binary.LittleEndian.Uint32(size) & 0x7fffffff)
	}
	if dst, err = r.characters(dst, length, kind&isWide != 0); err == nil && behind > 0 {
		err = r.skip(behind)
	}
	return dst, err
}

func (r *reading) characters(dst []byte, length int, wide bool) ([]byte, error) {
	switch {
	case wide && 2*length <= len(r.rest):
		dst = biff.AppendUTF16(dst, r.rest[:2*length])
		r.rest = r.rest[2*length:]
		return dst, nil
	case !wide && length <= len(r.rest):
		dst = biff.AppendLatin1(dst, r.rest[:length])
		r.rest = r.rest[length:]
		return dst, nil
	}
	r.units = r.units[:0]
	for length > 0 {
		if len(r.rest) == 0 {
			if !r.more() {
				return dst, r.ended()
			}
			if len(r.data) == 0 {
				continue
			}
			wide, r.rest = r.data[0]&isWide != 0, r.data[1:]
			continue
		}
		if !wide {
			n := min(length, len(r.rest))
			for _, b := range r.rest[:n] {
				r.units = append(r.units, b, 0)
			}
			length, r.rest = length-n, r.rest[n:]
			continue
		}
		n := min(length, len(r.rest)/2)
		if n == 0 {
			return dst, fault.Corrupt("a text of it is cut inside a character")
		}
		r.units = append(r.units, r.rest[:2*n]...)
		length, r.rest = length-n, r.rest[2*n:]
	}
	return biff.AppendUTF16(dst, r.units), nil
}
