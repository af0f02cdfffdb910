package infer

// Origin says what is known of where rows come from, beside the rows themselves.
type Origin struct {
	AllText   bool // every value is text, so that the texts of a column tell its type
	Delimiter rune // between the fields of a text file, 0 when there is none

	Names  [][]string // the lines of names as they are in the file, column by column
	Titles [][]string // the texts of each line above them that has nothing else
	Named  int        // how many columns have names, or stand left of one that has
	Units  int        // the row of units below them, 0 for none
	Fill   []bool     // columns whose blanks get the value above them, nil = none
	Keep   Keep       // what becomes of lines that look like none of the rows
}

// region is the evidence, beside a column's own values, of how numbers and dates
// are written where the file was made.
type region struct {
	Origin
	comma, dot bool // another column of the file decides for that decimal mark
	dmy, mdy   bool // another column of the file decides for that date order
	east       bool // the names are in a language that groups digits with commas
}

// learn takes the evidence of a column whose values decide.
func (r *region) learn(s *textStats) {
	if s.n == 0 {
		return
	}
	switch {
	case s.dot.n == s.n && s.comma.n < s.n:
		r.dot = true
	case s.comma.n == s.n && s.dot.n < s.n:
		r.comma = true
	}
	switch dates := s.n - s.none.n; {
	case s.dmy.n == dates && s.mdy.n < dates:
		r.dmy = true
	case s.mdy.n == dates && s.dmy.n < dates:
		r.mdy = true
	}
}

// certainty is how well something is known.
type certainty uint8

const (
	open   certainty = iota // nothing tells; a person has to be asked
	likely                  // said, and not asked
	told                    // another column tells; said, and not asked
	sure
)

// decimalMark decides for a column in which both marks are possible. commas tells which
// mark its numbers have: dots between fields parted by commas, or commas between fields
// parted by semicolons, mark decimals. That is likely enough to decide, and is said.
func (r region) decimalMark(commas bool) (mark byte, known certainty) {
	switch {
	case r.comma != r.dot && r.comma:
		return ',', told
	case r.comma != r.dot:
		return '.', told
	case r.east && commas:
		return '.', likely
	case r.Delimiter == ',' && r.AllText && !commas:
		return '.', likely
	case r.Delimiter == ',' && r.AllText:
		return '.', open
	case r.Delimiter == ';' && r.AllText && commas:
		return ',', likely
	case r.Delimiter == ';' && r.AllText:
		return ',', open
	}
	return '.', open
}

// dateOrder decides for a column in which day and month may be swapped.
func (r region) dateOrder() (order DateOrder, known certainty) {
	switch {
	case r.dmy != r.mdy && r.dmy:
		return DayFirst, sure
	case r.dmy != r.mdy:
		return MonthFirst, sure
	}
	return DayFirst, open
}
