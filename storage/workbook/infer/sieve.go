package infer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer/words"
	"pushdesk/storage/written"
)

// lineKind is what a line is that is no row of data, or may be none.
type lineKind uint8

const (
	aRow      lineKind = iota
	ruleLine           // of dashes
	nameLine           // the names of the columns once more
	unitLine           // units of the columns, below their names
	totalLine          // names a total
	meanLine           // names an average
	noteLine           // below the rows: a note, a count, a source
	labelLine          // names a group of the rows below it
	titleLine          // a title above the names, once these come again
	pageLine           // a line above the table once more, as on each page of a printed report
	tableLine          // the first line of another table
)

// line is a line that is no row, or may be none.
type line struct {
	kind  lineKind
	at    int64 // its place among the rows that were read
	row   cell.Row
	full  []cell.Cell // the cells, with blanks filled where that was chosen
	about About
	mark  words.Mark
	below bool // it is below the last row, with a blank row between
	sure  bool // no row of data looks like this
	bare  bool // it has numbers only, and no word
	proof      // of a total, from a second reading
	verdict
}

const (
	mostLines = 5000 // lines that are kept in memory
	mostHeld  = 12   // short lines in a row that wait for what follows
	learnRows = 30   // rows that show what the columns hold
)

// sieve tells rows of data from lines that are none while they pass.
type sieve struct {
	names   [][]string // the lines of names, as they are in the file
	titles  [][]string // the values of the lines above them, where all are texts
	shorts  int        // short lines that rows of data stand below
	units   int        // the last row of units below the names, 0 for none
	width   int        // columns
	filled  int        // columns that the first rows fill, at most
	allText bool
	kinds   []seen // what the first rows hold
	solid   []int  // columns in which no text stood
	label   []int  // columns in which nothing but text stood
	learned int
	ruled   bool   // a line of dashes was among the lines
	ruleGap bool   // the last line was one, with a blank row above
	rules   []line // those below a line that may be the names of another table
}

// seen is what a column held in the first rows.
type seen struct{ texts, others int }

func newSieve(headers []Header, from Origin) sieve {
	return sieve{names: from.Names, titles: from.Titles, units: from.Units, width: len(headers), allText: from.AllText, kinds: make([]seen, len(headers))}
}

// look says what a line is by itself. A short line and one of texts only may be
// something else, by what follows them.
func (s *sieve) look(row cell.Row) (kind lineKind, mark words.Mark) {
	first := FirstFilled(row.Cells)
	switch {
	case first < 0:
		return aRow, words.None
	}
	c := &row.Cells[first]
	if c.Kind != cell.Text {
		return aRow, words.None
	}
	switch {
	case row.Number <= s.units && !RuleRow(row.Cells[first:]):
		return unitLine, words.None
	case RuleRow(row.Cells[first:]):
		return ruleLine, words.None
	case s.repeats(row.Cells, first):
		return nameLine, words.None
	case len(s.titles) > 0 && s.entitles(row.Cells[first:]):
		return pageLine, words.None
	}
	if mark := words.Total(c.Text); mark == words.Plain || mark == words.Part && s.width > 1 {
		if words.Footnote(c.Text) && FirstFilled(row.Cells[first+1:]) < 0 {
			return aRow, words.None
		}
		return totalLine, mark
	}
	if words.Mean(c.Text) {
		return meanLine, words.Plain
	}
	return aRow, words.None
}

// short reports whether a line has so few values that it may be a note or a label.
func (s *sieve) short(row cell.Row, gap bool) bool {
	most := 1
	if gap {
		most = max(1, s.width/2)
	}
	if s.width < 2 { // "(2 rows)" below what a program printed
		text := cell.Display(row.Cells[0])
		return s.ruled && s.learned > 0 && strings.HasPrefix(text, "(") && words.Count(text)
	}
	n := 0
	for i := range row.Cells {
		if row.Cells[i].Kind != cell.Blank {
			if n++; n > most {
				return false
			}
		}
	}
	return n > 0
}

// learn takes a row of data.
func (s *sieve) learn(row cell.Row) {
	if s.learned >= learnRows {
		return
	}
	s.learned++
	n := 0
	for i := range row.Cells[:min(len(row.Cells), s.width)] {
		c := &row.Cells[i]
		switch {
		case c.Kind == cell.Blank || c.Kind == cell.Error || c.Kind == cell.Text && meansNothing(c.Text):
			continue
		case PlainText(c):
			s.kinds[i].texts++
		default:
			s.kinds[i].others++
		}
		n++
	}
	s.filled = max(s.filled, n)
	s.solid, s.label = s.solid[:0], s.label[:0]
	for i, k := range s.kinds {
		switch {
		case k.texts == 0 && k.others > 0:
			s.solid = append(s.solid, i)
		case k.texts > 0 && k.others == 0:
			s.label = append(s.label, i)
		}
	}
}

// unlabelled reports whether a line has numbers only, and nothing in the columns of text, or
// without such in the first one: at the end of a table it may be a total without its word.
func (s *sieve) unlabelled(row cell.Row) bool {
	if s.learned < 2 || len(s.label) == 0 && (len(s.solid) == 0 || s.solid[0] > 0 || row.Cells[0].Kind != cell.Blank) {
		return false
	}
	for _, i := range s.label {
		if i < len(row.Cells) && row.Cells[i].Kind != cell.Blank {
			return false
		}
	}
	n := 0
	for i := range row.Cells {
		c := &row.Cells[i]
		if c.Kind == cell.Blank {
			continue
		}
		if c.Kind != cell.Number && (c.Kind != cell.Text || !IsAmount(c.Text)) {
			return false
		}
		n++
	}
	return n > 0
}

// goesOn reports whether a row may be one of those so far: no column holds another kind of
// value, and one that had no texts holds something.
func (s *sieve) goesOn(row cell.Row) (some bool) {
	for _, i := range s.solid {
		if i >= len(row.Cells) || row.Cells[i].Kind == cell.Blank {
			continue
		}
		if some = true; PlainText(&row.Cells[i]) {
			return false
		}
	}
	for _, i := range s.label {
		if i < len(row.Cells) && row.Cells[i].Kind != cell.Blank && !PlainText(&row.Cells[i]) {
			return false
		}
	}
	return some
}

// differs reports whether a line of texts fills other columns than the rows so far, or one
// in which no text stood. In a table of nothing but texts every row looks like names.
func (s *sieve) differs(row cell.Row) bool {
	n := 0
	for i := range row.Cells {
		if row.Cells[i].Kind == cell.Blank {
			continue
		}
		if n++; slices.Contains(s.solid, i) || i >= len(s.kinds) || s.kinds[i] == (seen{}) {
			return true
		}
	}
	return n != s.filled
}

// IsAmount reports whether a text is a number, maybe dressed, and no date.
func IsAmount(text string) bool {
	if !written.HasDigit(text) || FitsOnlyText(text) {
		return false
	}
	_, ok := written.ParseDate(written.Trim(text))
	return !ok
}

// heads reports whether a line looks like the names of another table: different texts in
// at least two columns, one of which had none so far.
func (s *sieve) heads(row cell.Row, gap bool) bool {
	against := 0
	for _, i := range s.solid {
		if i >= len(row.Cells) || row.Cells[i].Kind == cell.Blank {
			continue
		}
		if c := &row.Cells[i]; c.Kind != cell.Text || MayBeNumber(c.Text) || !FitsOnlyText(c.Text) || meansNothing(c.Text) {
			return false
		}
		against++
	}
	if !gap && against < 2 {
		return false
	}
	texts := map[string]bool{}
	n := 0
	for i := range row.Cells {
		c := &row.Cells[i]
		if c.Kind == cell.Blank {
			continue
		}
		if !PlainText(c) || strings.HasSuffix(c.Text, ":") {
			return false
		}
		n++
		texts[strings.ToLower(c.Text)] = true
	}
	return n >= 2 && len(texts) == n && (gap || 10*n >= 6*s.filled)
}

// under reports whether a row has another kind of value below one of the texts of a line.
func under(names, row cell.Row) bool {
	for i := range row.Cells[:min(len(row.Cells), len(names.Cells))] {
		if names.Cells[i].Kind == cell.Text && row.Cells[i].Kind != cell.Blank && !PlainText(&row.Cells[i]) {
			return true
		}
	}
	return false
}

// mostStars is how many stars a rating has.
const mostStars = 10

// RuleRow reports whether a line is one of dashes: all of its values are, one of them at
// least three, or more than two of them two.
func RuleRow(cells []cell.Cell) bool {
	most, values, pairs, stars := 0, 0, 0, true
	for i := range cells {
		c := &cells[i]
		if c.Kind == cell.Blank {
			continue
		}
		n := 0
		if c.Kind == cell.Text {
			n = dashes(c.Text)
			stars = stars && strings.Trim(c.Text, "* ") == ""
		}
		if n == 0 {
			return false
		}
		values++
		if most = max(most, n); c.Text == "--" || c.Text == "==" || c.Text == "__" {
			pairs++
		}
	}
	if stars && values == 1 && most <= mostStars {
		return false // ratings
	}
	return most >= 3 || pairs > 2 && pairs == len(cells)
}

// dashes counts the dashes and the like that a text consists of; 0 when it has other letters.
func dashes(text string) (n int) {
	for _, r := range strings.TrimSpace(text) {
		switch r {
		case '-', '=', '_', '─', '━', '═', '—', '–', '~', '*', '#':
			n++
		case '+', '|', ' ', ':':
		default:
			return 0
		}
	}
	return n
}

// repeats reports whether a line is one of the lines of names, but for capital letters and
// blanks where there are several names.
func (s *sieve) repeats(cells []cell.Cell, first int) bool {
next:
	for _, names := range s.names {
		if first >= len(names) || !sameName(cells[first].Text, names[first]) {
			continue
		}
		n, other, folded := 0, false, false
		for i, name := range names {
			var c cell.Cell
			if i < len(cells) {
				c = cells[i]
			}
			text := cell.Display(c)
			if !sameName(text, name) {
				continue next
			}
			if name != "" {
				n++
			}
			other = other || bareName(text) != bareName(name)
			folded = folded || strings.Join(strings.Fields(bareName(text)), " ") != strings.Join(strings.Fields(bareName(name)), " ")
		}
		if folded && len(s.solid) == 0 { // in a table of texts A, B may be a row below a, b
			return false
		}
		return n > 1 || n > 0 && !other
	}
	return false
}

// entitles reports whether a line is one of those above the names, but for its digits.
func (s *sieve) entitles(cells []cell.Cell) bool {
next:
	for _, title := range s.titles {
		n := 0
		for i := range cells {
			c := &cells[i]
			switch {
			case c.Kind == cell.Blank:
			case c.Kind != cell.Text || n == len(title) || !sameButDigits(c.Text, title[n]):
				continue next
			default:
				n++
			}
		}
		if n == len(title) {
			return true
		}
	}
	return false
}

// sameButDigits reports whether texts have the same letters, and digits in the same places:
// Page 1 of 12, Page 2 of 12.
func sameButDigits(a, b string) bool {
	digit := func(s string, i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if digit(a, i) && digit(b, j) {
			for ; digit(a, i); i++ {
			}
			for ; digit(b, j); j++ {
			}
			continue
		}
		if a[i] != b[j] {
			return false
		}
		i, j = i+1, j+1
	}
	return i == len(a) && j == len(b)
}

// sameName compares names without the marks around them, and without regard to blanks and
// capital letters. The mark is the one that begins a text file: it stands inside one that
// was put together from several.
func sameName(a, b string) bool {
	if a == b {
		return true
	}
	if strings.EqualFold(a, b) {
		return true
	}
	if tight(a) && tight(b) {
		return false
	}
	fields := func(s string) string { return strings.Join(strings.Fields(bareName(s)), " ") }
	return strings.EqualFold(fields(a), fields(b))
}

func bareName(s string) string { return strings.TrimSpace(strings.TrimPrefix(s, "\ufeff")) }

// tight reports whether a text has no blank or mark that could be taken off.
func tight(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return text != ""
}

// FirstFilled returns the place of the first cell that is not blank, -1 when there is none.
func FirstFilled(cells []cell.Cell) int {
	for i := range cells {
		if cells[i].Kind != cell.Blank {
			return i
		}
	}
	return -1
}

// PlainText reports whether a cell is nothing but text.
func PlainText(c *cell.Cell) bool {
	return c.Kind == cell.Text && !MayBeNumber(c.Text) && FitsOnlyText(c.Text)
}

// MayBeNumber reports whether a text begins as numbers and dates do; it saves a closer
// look at most of them.
func MayBeNumber(text string) bool {
	return text != "" && (text[0] >= '0' && text[0] <= '9' || text[0] == '-' && len(text) > 1 && text[1] >= '0' && text[1] <= '9')
}
