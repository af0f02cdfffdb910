package written

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a number, a word or a mark of a date.
type token struct {
	kind   byte // 'n', 'w' or the mark
	text   string
	value  int
	width  int  // digits of a number
	spaced bool // a blank stands before it
	m      meaning
}

const (
	mostTokens = 32
	number     = 'n'
	name       = 'w'
)

// parts are single characters that say what the number before them is.
const parts = "年月日年時时点點分秒년월일시분초"

// tokenize takes a text apart. ok is false when it holds something that no date does.
func tokenize(text string) (all []token, ok bool) {
	var room [mostTokens]token
	all = room[:0]
	spaced := false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		f := fold(r)
		switch {
		case invisible(r):
			i += size
			continue
		case unicode.IsSpace(r) || r == '_':
			spaced = true
			i += size
			continue
		}
		if len(all) == mostTokens {
			return nil, false
		}
		t := token{spaced: spaced}
		spaced = false
		switch {
		case f >= '0' && f <= '9':
			t.kind = number
			from := i
			var ascii [16]byte
			for i < len(text) {
				r, size := utf8.DecodeRuneInString(text[i:])
				f := fold(r)
				if f < '0' || f > '9' {
					break
				}
				if t.width == 14 {
					return nil, false
				}
				ascii[t.width] = byte(f)
				t.value = t.value*10 + int(f-'0')
				t.width++
				i += size
			}
			if t.text = text[from:i]; len(t.text) != t.width {
				t.text = string(ascii[:t.width])
			}
		case unicode.IsLetter(f):
			t.kind = name
			from := i
			for i < len(text) {
				r, size := utf8.DecodeRuneInString(text[i:])
				if part := strings.ContainsRune(parts, r); part && i > from || !part && !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) && !(r == '\'' || r == '’' || r == 'ʼ' || r == '׳') {
					break
				} else if i += size; part {
					break
				}
			}
			t.text = text[from:i]
			if t.m, _ = lookUp(strings.TrimRight(t.text, "'’׳")); t.m == (meaning{}) && strings.HasPrefix(t.text, "ב") {
				t.text = strings.TrimPrefix(t.text, "ב") // in, before the month in Hebrew
				t.m, _ = lookUp(strings.TrimRight(t.text, "'׳"))
			}
		case strings.ContainsRune(".,/-+:()'’،;", f):
			t.kind = byte(f)
			if f >= utf8.RuneSelf {
				t.kind = ','
			}
			i += size
		default:
			return nil, false
		}
		if all = append(all, t); t.kind == name {
			all = joined(all)
		}
	}
	return all, len(all) > 0
}

// joined makes one token of a month whose abbreviation has stops inside: ก.ย.
func joined(all []token) []token {
	n := len(all)
	if n < 3 || all[n-2].kind != '.' || all[n-3].kind != name || all[n-1].spaced || all[n-3].m.month > 0 {
		return all
	}
	if m, _ := lookUp(all[n-3].text + all[n-1].text); m.month > 0 {
		all[n-3].text, all[n-3].m = all[n-3].text+all[n-1].text, m
		return all[:n-2]
	}
	return all
}

// is reports whether a token is a word.
func (t token) is(words ...string) bool {
	if t.kind != name {
		return false
	}
	for _, w := range words {
		if strings.EqualFold(t.text, w) {
			return true
		}
	}
	return false
}

// reading is a date that is read from tokens.
type reading struct {
	Date
	t []token
}

func (r *reading) at(i int) token {
	if i < 0 || i >= len(r.t) {
		return token{}
	}
	return r.t[i]
}

// cut takes out the tokens from i to j.
func (r *reading) cut(i, j int) {
	r.t = append(r.t[:i:i], r.t[j:]...)
	if i < len(r.t) {
		r.t[i].spaced = true
	}
}

// slowDate reads a date from its words and numbers.
func slowDate(text string) (d Date, ok bool) {
	if len(text) < 6 || len(text) > longestDate {
		return d, false
	}
	t, ok := tokenize(text)
	if !ok {
		return d, false
	}
	r := reading{t: t}
	r.Languages = AnyLanguage
	r.aside()
	if !r.time() || !r.day() {
		return d, false
	}
	return r.Date, true
}

// aside takes out what stands in parentheses: names of zones, weekdays. Of (PM) it takes the
// parentheses.
func (r *reading) aside() {
	for i := range r.t {
		if r.t[i].kind != '(' {
			continue
		}
		if _, n := r.halfAt(i + 1); n > 0 && r.at(i+1+n).kind == ')' {
			r.cut(i+1+n, i+2+n)
			r.cut(i, i+1)
			return
		}
		for j := i + 1; j < len(r.t); j++ {
			if r.t[j].kind == ')' {
				r.cut(i, j+1)
				return
			}
			if r.t[j].kind == number {
				return
			}
		}
	}
}
