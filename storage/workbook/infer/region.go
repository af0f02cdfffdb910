package infer

// Origin says what is known of where rows come from, beside the rows themselves.
type Origin struct {
	AllText    bool // every value is text, so that the texts of a column tell its type
	Semicolons bool // separated by semicolons, as where the comma is the decimal mark
	MonthFirst bool // this computer's region writes the month first

	Names [][]string // the lines of names as they are in the file, column by column
	Named int        // how many columns have names, or stand left of one that has
	Units int        // the row of units below them, 0 for none
	Fill  []bool     // columns whose blanks get the value above them, nil = none
	Keep  Keep       // what becomes of lines that look like none of the rows
}

// region is the evidence, beside a column's own values, of how numbers and dates
// are written where the file was made.
type region struct {
	Origin
	comma, dot bool // another column of the file decides for that decimal mark
	dmy, mdy   bool // another column of the file decides for that date order
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
	switch {
	case s.dmy.n == s.n && s.mdy.n < s.n:
		r.dmy = true
	case s.mdy.n == s.n && s.dmy.n < s.n:
		r.mdy = true
	}
}

// decimalMark decides for a column in which both marks are possible. sure is false
// when nothing in the file decides.
func (r region) decimalMark() (mark byte, sure bool) {
	switch {
	case r.comma != r.dot && r.comma:
		return ',', true
	case r.comma != r.dot:
		return '.', true
	case r.Semicolons:
		return ',', true
	}
	return '.', false
}

// dateOrder decides for a column in which day and month may be swapped.
func (r region) dateOrder() (order DateOrder, sure bool) {
	switch {
	case r.dmy != r.mdy && r.dmy:
		return DayFirst, true
	case r.dmy != r.mdy:
		return MonthFirst, true
	case r.MonthFirst:
		return MonthFirst, false
	}
	return DayFirst, false
}
