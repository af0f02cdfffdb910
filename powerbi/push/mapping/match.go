package mapping

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"pushdesk/powerbi"
)

// MatchColumns finds for each header the column of an existing table with the
// same name: exactly first, then ignoring case, blanks and punctuation. Each
// column is given once. The result holds an index into existing, or -1.
func MatchColumns(headers []string, existing []powerbi.Column) []int {
	found := make([]int, len(headers))
	for i := range found {
		found[i] = -1
	}
	taken := make([]bool, len(existing))
	for _, key := range []func(string) string{
		func(s string) string { return s },
		strings.TrimSpace,
		func(s string) string { return strings.ToLower(strings.TrimSpace(s)) },
		bare,
	} {
		byKey := make(map[string][]int, len(existing))
		for j, c := range existing {
			if k := key(c.Name); k != "" && !taken[j] {
				byKey[k] = append(byKey[k], j)
			}
		}
		for i, h := range headers {
			if found[i] >= 0 {
				continue
			}
			if js := byKey[key(h)]; len(js) > 0 {
				found[i], taken[js[0]] = js[0], true
				byKey[key(h)] = js[1:]
			}
		}
	}
	return found
}

// bare leaves letters and digits of a name, in lower case and without accents
// written apart from their letters.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFC.String(name))
}

// Fit maps headers to the columns of an existing table: every column of the
// table becomes a field, because a row must hold all of them and nothing else.
// Columns without a header of their name get no source and are sent as null.
// letters are the sheet's letters of each header.
func Fit(table string, existing []powerbi.Column, headers, letters []string) Mapping {
	m := Mapping{Table: table, Fields: make([]Field, len(existing))}
	for j, c := range existing {
		m.Fields[j] = Field{From: -1, Target: c, Use: true}
	}
	for i, j := range MatchColumns(headers, existing) {
		if j < 0 {
			continue
		}
		f := &m.Fields[j]
		f.From, f.Header = i, headers[i]
		if i < len(letters) {
			f.Letter = letters[i]
		}
	}
	return m
}
