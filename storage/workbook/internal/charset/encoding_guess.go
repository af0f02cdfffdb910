package charset

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Default is taken when the bytes are no Unicode: Western Excel's own.
const Default = "windows-1252"

// guessLetters is how many letters beyond ASCII a guess needs: in a few names of people
// or towns the accents of Western Europe can look like anything.
const guessLetters = 8

// guessEncoding guesses the encoding of a text that is no Unicode from its letters. It
// tells the scripts of East Asia and Cyrillic from the default, Windows-1252, which
// looks different: accents stand alone between plain letters. No guess tells the
// Western, Central European and Turkish pages from one another in short texts; a person
// can choose those.
func guessEncoding(head []byte) string {
	high, runs, even, long := 0, 0, 0, 0 // bytes beyond ASCII, and runs of them
	for i := 0; i < len(head); {
		n := 0
		for i+n < len(head) && head[i+n] >= 0x80 {
			n++
		}
		if n == 0 {
			i++
			continue
		}
		high, runs, i = high+n, runs+1, i+n
		if n%2 == 0 {
			even += n
		}
		if n > 2 {
			long += n
		}
	}
	if high < guessLetters {
		return Default
	}
	if kana, all, ok := scriptShare(japanese.ShiftJIS.NewDecoder().Bytes, head, unicode.Hiragana, unicode.Katakana); ok && kana*5 >= all {
		return "shift_jis"
	}
	if even*20 >= high*19 {
		if hangul, all, ok := scriptShare(korean.EUCKR.NewDecoder().Bytes, head, unicode.Hangul); ok && hangul*10 >= all*9 {
			return "euc-kr"
		}
		if han, all, ok := scriptShare(simplifiedchinese.GB18030.NewDecoder().Bytes, head, unicode.Han); ok && han*10 >= all*7 {
			return "gb18030"
		}
	}
	if long*10 >= high*7 {
		small := 0 // Cyrillic text is nearly all small letters
		if cyrillic, all, ok := scriptShare(charmap.Windows1251.NewDecoder().Bytes, head, unicode.Cyrillic); ok && cyrillic*10 >= all*9 {
			for _, b := range head {
				if b >= 0xe0 || b == 0xb8 {
					small++
				}
			}
			if small*10 >= high*6 {
				return "windows-1251"
			}
		}
	}
	return Default
}

// scriptShare decodes bytes and counts the letters of some scripts among all that are
// beyond ASCII. ok is false when something could not be decoded, but for the last bytes,
// which may be half of a letter.
func scriptShare(decode func([]byte) ([]byte, error), head []byte, scripts ...*unicode.RangeTable) (some, all int, ok bool) {
	text, err := decode(head)
	if err != nil {
		return 0, 0, false
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError {
			return some, all, i+n >= len(text)
		}
		if r >= utf8.RuneSelf {
			if all++; unicode.In(r, scripts...) {
				some++
			}
		}
		i += n
	}
	return some, all, true
}
