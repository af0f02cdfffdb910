package mapping

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"pushdesk/powerbi"
)

// Confidence says why a column of a file is taken for one of a table, in the words that
// a person reads.
type Confidence string

const (
	Chosen   Confidence = "chosen"                         // by a person, now
	Before   Confidence = "chosen before"                  // by a person, for an earlier file
	Exact    Confidence = "exact"                          // the same name
	Spelling Confidence = "same but for case and accents"  // or spaces and punctuation
	Similar  Confidence = "similar"                        // proposed only
	Position Confidence = "same position"                  // proposed only: all else of the two sides fits
	Created  Confidence = "created with the file's column" // of a new table
)

// Match is a column of a file and the one of a table that it belongs to.
type Match struct {
	Header, Column int // indexes
	By             Confidence
}

// Sides are the two lists of columns that Matches compares.
type Sides struct {
	Headers  []string
	Types    []powerbi.DataType // what the values below each header are; nil: not known
	Existing []powerbi.Column
	Before   map[string]string // headers of earlier files that a person gave to columns of the table
	Beside   []int             // headers that stand out: a person left them out
}

// Matches joins columns by their names, each at most once. sure are those whose names
// are the same, or the same but for case, spaces, punctuation, accents and joined words,
// or that a person joined before. likely are renames to propose: they are not to be used
// unless a person says so.
func Matches(s Sides) (sure, likely []Match) {
	m := matching{Sides: s, header: make([]int, len(s.Headers)), column: make([]int, len(s.Existing))}
	for i := range m.header {
		m.header[i] = -1
	}
	for j := range m.column {
		m.column[j] = -1
	}
	for _, i := range s.Beside {
		m.header[i] = beside
	}
	m.same(Exact, func(s string) string { return s })
	m.earlier()
	for _, key := range []func(string) string{strings.TrimSpace, func(s string) string { return strings.ToLower(strings.TrimSpace(s)) }, bare, folded} {
		m.same(Spelling, key)
	}
	sure = m.found
	m.found = nil
	m.similar()
	m.position()
	byColumn := func(a, b Match) int { return cmp.Compare(a.Column, b.Column) }
	slices.SortFunc(sure, byColumn)
	slices.SortFunc(m.found, byColumn)
	return sure, m.found
}

// beside marks a header that belongs to no column.
const beside = -2

// matching is how far the two sides are joined: of each the index of the other, or -1.
type matching struct {
	Sides
	header, column []int
	found          []Match
}

func (m *matching) join(header, column int, by Confidence) {
	m.header[header], m.column[column] = column, header
	m.found = append(m.found, Match{header, column, by})
}

// same joins what has the same key, in the order of the file.
func (m *matching) same(by Confidence, key func(string) string) {
	free := make(map[string][]int, len(m.Existing))
	for j, c := range m.Existing {
		if k := key(c.Name); k != "" && m.column[j] < 0 {
			free[k] = append(free[k], j)
		}
	}
	for i, h := range m.Headers {
		if k := key(h); m.header[i] == -1 && len(free[k]) > 0 {
			m.join(i, free[k][0], by)
			free[k] = free[k][1:]
		}
	}
}

// earlier joins what a person joined for an earlier file.
func (m *matching) earlier() {
	for i, h := range m.Headers {
		name, ok := m.Before[h]
		if !ok || m.header[i] != -1 {
			continue
		}
		if j := slices.IndexFunc(m.Existing, func(c powerbi.Column) bool { return c.Name == name }); j >= 0 && m.column[j] < 0 {
			m.join(i, j, Before)
		}
	}
}

// mostCompared bounds how many pairs of names are compared letter by letter.
const mostCompared = 200_000

// similar proposes pairs whose names resemble each other more than any other name, where
// the values can be those of the column.
func (m *matching) similar() {
	type pair struct {
		header, column int
		score          float64
	}
	var pairs []pair
	left, free := m.left(), m.free()
	if len(left)*len(free) > mostCompared {
		return
	}
	for _, i := range left {
		for _, j := range free {
			if s := resemblance(m.Headers[i], m.Existing[j].Name); s >= resembles && m.fits(i, j, s >= 0.8) {
				pairs = append(pairs, pair{i, j, s})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(b.score, a.score) })
	for _, p := range pairs {
		rival := func(o pair) bool {
			return o != p && (o.header == p.header || o.column == p.column) && m.header[o.header] == -1 && m.column[o.column] == -1 && p.score-o.score < 0.05
		}
		if m.header[p.header] == -1 && m.column[p.column] == -1 && !slices.ContainsFunc(pairs, rival) {
			m.join(p.header, p.column, Similar)
		}
	}
}

// position proposes what is left on both sides where everything else fits: as many
// columns, all others in the same places, and the same types.
func (m *matching) position() {
	if len(m.Headers) != len(m.Existing) || m.Types == nil {
		return
	}
	left := m.left()
	if len(left) != len(m.free()) {
		return
	}
	for i, j := range m.header {
		if j >= 0 && i != j || j == beside || j == -1 && (m.column[i] >= 0 || !sameClass(m.Types[i], m.Existing[i].DataType)) {
			return
		}
	}
	for _, i := range left {
		m.join(i, i, Position)
	}
}

func (m *matching) left() (all []int) {
	for i, j := range m.header {
		if j == -1 {
			all = append(all, i)
		}
	}
	return all
}

func (m *matching) free() (all []int) {
	for j, i := range m.column {
		if i == -1 {
			all = append(all, j)
		}
	}
	return all
}

// fits reports whether the values of a header can be those of a column. With a very
// similar name text is no obstacle: the column may have changed its type, too.
func (m *matching) fits(header, column int, alike bool) bool {
	if m.Types == nil {
		return true
	}
	has, wants := m.Types[header], m.Existing[column].DataType
	return sameClass(has, wants) || wants == powerbi.String || alike && has == powerbi.String
}

// sameClass reports whether two types are both numbers, or the same.
func sameClass(a, b powerbi.DataType) bool {
	number := func(t powerbi.DataType) bool {
		return t == powerbi.Int64 || t == powerbi.Double || t == powerbi.Decimal
	}
	return a == b || number(a) && number(b)
}

// bare leaves letters and digits of a name, in lower case, with their accents.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFC.String(name))
}

// letters that are an accented form of others without being written as one.
var plainLetters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ł", "l", "ı", "i")

// folded is bare without accents.
func folded(name string) string {
	return plainLetters.Replace(bare(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(name))))
}

// wordsOf are the words of a name, folded: Net-salesValue2 is net, sales, value and 2.
func wordsOf(name string) (words []string) {
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, folded(string(word)))
		}
		word = word[:0]
	}
	before := ' '
	for _, r := range norm.NFC.String(name) {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
		case unicode.IsUpper(r) && unicode.IsLower(before), unicode.IsDigit(r) != unicode.IsDigit(before):
			end()
			word = append(word, r)
		default:
			word = append(word, r)
		}
		before = r
	}
	end()
	return words
}

// Words that say the same in the names of columns.
var alike = map[string]string{
	"no": "id", "nr": "id", "num": "id", "number": "id", "key": "id", "code": "id", "nummer": "id", "identifier": "id", "ref": "id",
	"qty": "quantity", "amt": "amount", "pct": "percent", "desc": "description", "cust": "customer", "addr": "address", "dt": "date", "day": "date",
	"tel": "phone", "telephone": "phone", "mail": "email", "dept": "department", "avg": "average",
}

// resembles is how much two names must have in common to be proposed as one.
const resembles = 0.6

// resemblance is how much two names have in common, from 0 to 1.
func resemblance(a, b string) float64 {
	wa, wb := wordsOf(a), wordsOf(b)
	if len(wa) == 0 || len(wb) == 0 {
		return 0
	}
	for _, words := range [][]string{wa, wb} {
		for i, w := range words {
			if same, ok := alike[w]; ok {
				words[i] = same
			}
		}
	}
	joinedA, joinedB := strings.Join(wa, ""), strings.Join(wb, "")
	if joinedA == joinedB {
		return 0.95
	}
	la, lb := []rune(folded(a)), []rune(folded(b))
	score := 1 - float64(distance(la, lb))/float64(max(len(la), len(lb), 1))
	common := 0
	long := false // a common word says more than "id" or "of"
	for _, w := range wa {
		if slices.Contains(wb, w) {
			common++
			long = long || len(w) > 2 && w != "date" && w != "name"
		}
	}
	if long && common == min(len(wa), len(wb)) {
		score = max(score, 0.5+0.5*float64(common)/float64(max(len(wa), len(wb))))
	}
	if short, whole := joinedA, joinedB; len(short) != len(whole) {
		if len(short) > len(whole) {
			short, whole = whole, short
		}
		if len(short) >= 3 && strings.HasPrefix(whole, short) || len(short) >= 3 && len(wa) == 1 && len(wb) == 1 && abbreviates(short, whole) {
			score = max(score, 0.65)
		}
	}
	return score
}

// abbreviates reports whether a short name has the letters of a long one in their order,
// beginning with the first.
func abbreviates(short, long string) bool {
	if short[0] != long[0] {
		return false
	}
	at := 0
	for i := 0; i < len(long) && at < len(short); i++ {
		if long[i] == short[at] {
			at++
		}
	}
	return at == len(short)
}

// distance counts the letters to insert, drop, replace or swap with the next to make a
// of b.
func distance(a, b []rune) int {
	before, last, row := []int(nil), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row = append([]int(nil), row...)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if before != nil && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

// Fit maps the columns of a file to those of an existing table: every column of the
// table becomes a field, because a row must hold all of them and nothing else. Columns
// without a header of their name get no source. letters are the sheet's letters of each
// header.
func Fit(table string, s Sides, letters []string) Mapping {
	m := Mapping{Table: table, Fields: make([]Field, len(s.Existing))}
	for j, c := range s.Existing {
		m.Fields[j] = Field{From: -1, Target: c, Use: true}
	}
	sure, _ := Matches(s)
	for _, x := range sure {
		f := &m.Fields[x.Column]
		f.From, f.Header, f.By = x.Header, s.Headers[x.Header], x.By
		if x.Header < len(letters) {
			f.Letter = letters[x.Header]
		}
	}
	return m
}
