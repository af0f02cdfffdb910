package upload

import (
	"fmt"
	"slices"
	"strings"

	"pushdesk/powerbi/job"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook"
)

// summary says what was found in a file, in a few sentences.
func summary(r job.Reading) string {
	columns := humanize.Count(len(r.Layout.Headers), "column")
	said := []string{r.Layout.Why}
	if r.Layout.Rival != "" {
		said = append(said, r.Layout.Rival)
	}
	if len(r.Layout.Headers) == 0 { // an empty file
		return r.Layout.Why
	}
	if r.Profile.Provisional {
		said = append(said, columns+".")
	} else {
		said = append(said, humanize.Count(r.Profile.Rows, "row")+", "+columns+".")
	}
	if r.Pages == nil && len(r.Preview) > 0 && r.Profile.Rows > int64(len(r.Preview)) {
		said = append(said, fmt.Sprintf("The first %d rows are shown.", len(r.Preview)))
	}
	return strings.Join(said, " ")
}

// sourceWord names a source of rows.
func sourceWord(s workbook.Source) string {
	word := s.Name
	switch s.Kind {
	case workbook.SourceTable:
		word += " (table in " + s.Sheet + ")"
	case workbook.SourceRange:
		word += " (range " + s.Range.String() + " in " + s.Sheet + ")"
	}
	if s.Hidden {
		word += ", hidden"
	}
	return word
}

// delimiters are those a person can choose.
var delimiters = []struct {
	mark workbook.Delimiter
	word string
}{{"", "Found"}, {",", "Commas"}, {";", "Semicolons"}, {"\t", "Tabs"}, {"|", "Bars"}, {workbook.Drawn, "Drawn table"}, {workbook.FixedWidth, "Fixed width"}, {workbook.NoDelimiter, "Nothing: one column"}}

// delimiterWords are the options; the first one says what was found.
func delimiterWords(found workbook.Delimiter) (words []string) {
	word := "one column"
	for _, d := range delimiters {
		if words = append(words, d.word); d.mark == found && found != "" {
			word = strings.ToLower(d.word)
		} else if found != "" && word == "one column" {
			word = fmt.Sprintf("%q", string(found))
		}
	}
	words[0] = strings.ToUpper(word[:1]) + word[1:] + ", found"
	return words
}

// encodingWords are the options; the first one says what was found.
func encodingWords(found string) []string {
	short, _, _ := strings.Cut(workbook.EncodingName(found), " (")
	words := []string{short + ", found"}
	for _, name := range workbook.Encodings {
		words = append(words, workbook.EncodingName(name))
	}
	return words
}

func delimiterIndex(mark workbook.Delimiter) int {
	for i, d := range delimiters {
		if d.mark == mark {
			return i
		}
	}
	return 0
}

// comments are what comment lines can be chosen to begin with.
var comments = []string{"", "#", "//", "%", workbook.NoComment}

// commentWords are the options; the first one says what was found.
func commentWords(found string) []string {
	first := "None, found"
	if found != "" {
		first = "Leave out " + found + ", found"
	}
	return []string{first, "Leave out #", "Leave out //", "Leave out %", "Read as rows"}
}

// quotes are the marks a person can choose.
var quotes = []struct {
	mark rune
	word string
}{{0, ""}, {'"', `Double "`}, {'\'', "Single '"}, {workbook.NoQuote, "None"}}

// quoteWords are the options; the first one says what was found.
func quoteWords(found rune) (words []string) {
	for _, q := range quotes {
		words = append(words, q.word)
	}
	words[0] = words[quoteIndex(found)] + ", found"
	return words
}

func quoteIndex(mark rune) int {
	for i, q := range quotes {
		if q.mark == mark {
			return i
		}
	}
	return 0
}

// encodingIndex is where an encoding stands in its select, in which the first
// option leaves it to be found.
func encodingIndex(name string) int {
	return slices.Index(workbook.Encodings, name) + 1
}
