package infer

import (
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/written"
)

// numberTexts is what is collected of the texts that are numbers.
type numberTexts struct {
	dot, comma           fit // as a number with that decimal mark, in any unit
	wholeDot, wholeComma fit
	marked               cell.Tally // numbers that have a mark at all
	commas               int64      // numbers with a comma
	zeros                int64      // zeros without a unit
	bare                 tallied    // numbers without a unit that are not zero
	units                []unitStats
	traits               written.Traits
	blankGroups          int64 // numbers with blanks between their digits
	codes                cell.Tally
	guesses              tallied
	guess                string  // the mark or word of the first
	dash                 tallied // dashes in the place of numbers
	long                 int64   // numbers of eight digits and more
	large                tallied // numbers whose exponent hides digits
	exponents            [2]int  // the smallest and largest of them
	cut                  tallied // more than 15 digits, and zeros from the sixteenth on
	uncut                int64   // more than 15 digits and other ends
}

// unitStats counts the numbers of a currency or unit.
type unitStats struct {
	unit                             string
	dot, comma, wholeDot, wholeComma int64
	first                            []Misfit
}

func (s *textStats) addPlain(n written.Plain, text, stored string, row int) {
	if n.Marks {
		if s.marked.Add(row); strings.IndexByte(text, ',') >= 0 {
			s.commas++
		}
	}
	if n.Zero {
		s.zeros++
	} else {
		s.bare.add(stored, row)
	}
	if len(text) >= 8 && !n.Marks {
		s.long++
	}
	s.dot.add(n.Dot, stored, row)
	s.comma.add(n.Comma, stored, row)
	s.wholeDot.add(n.WholeDot, stored, row)
	s.wholeComma.add(n.WholeComma, stored, row)
}

// addAmount takes a text that may be a number in a dress.
func (s *textStats) addAmount(text, stored string, row int) (number, dash bool) {
	if len(text) > 15 && len(text) <= 20 && allDigits(text) {
		if strings.Trim(text[15:], "0") == "" {
			s.cut.add(stored, row)
		} else {
			s.uncut++
		}
		return false, false
	}
	a, ok := written.ParseAmount(text)
	switch {
	case !ok:
		return false, false
	case a.Guess != "":
		if s.guesses.add(stored, row); s.guesses.n == 1 {
			s.guess = a.Guess
		}
		return false, false
	case a.Large():
		e := a.Exponent()
		if s.large.add(stored, row); s.large.n == 1 {
			s.exponents = [2]int{e, e}
		}
		s.exponents = [2]int{min(s.exponents[0], e), max(s.exponents[1], e)}
	case a.Code:
		s.codes.Add(row)
	}
	u := s.unit(a.Unit)
	if a.Dash {
		s.dash.add(stored, row)
		return false, true
	}
	s.traits |= a.Traits
	if a.Traits&written.BlankGroup != 0 {
		s.blankGroups++
	}
	dot, wholeDot := a.Reads('.')
	comma, wholeComma := a.Reads(',')
	s.dot.add(dot, stored, row)
	s.comma.add(comma, stored, row)
	s.wholeDot.add(dot && wholeDot, stored, row)
	s.wholeComma.add(comma && wholeComma, stored, row)
	if a.Marks() {
		if s.marked.Add(row); strings.IndexByte(text, ',') >= 0 {
			s.commas++
		}
	}
	switch {
	case u != nil:
		u.count(dot, comma, dot && wholeDot, comma && wholeComma)
		if len(u.first) < maxMisfits {
			u.first = append(u.first, Misfit{row, stored, cell.Text})
		}
	case a.Zero():
		s.zeros++
	default:
		s.bare.add(stored, row)
	}
	return true, false
}

func (u *unitStats) count(dot, comma, wholeDot, wholeComma bool) {
	for _, x := range []struct {
		n  *int64
		ok bool
	}{{&u.dot, dot}, {&u.comma, comma}, {&u.wholeDot, wholeDot}, {&u.wholeComma, wholeComma}} {
		if x.ok {
			*x.n++
		}
	}
}

// unit returns what is counted of a unit, nil for none. All that are one too many are
// counted together, under a name that no reading takes.
func (s *numberTexts) unit(unit string) *unitStats {
	if unit == "" {
		return nil
	}
	for i := range s.units {
		if s.units[i].unit == unit {
			return &s.units[i]
		}
	}
	if len(s.units) == mostUnits {
		unit = "\x00"
		if s.units[mostUnits-1].unit == unit {
			return &s.units[mostUnits-1]
		}
		s.units = s.units[:mostUnits-1]
	}
	s.units = append(s.units, unitStats{unit: unit})
	return &s.units[len(s.units)-1]
}

// allDigits reports whether a text is nothing but digits.
func allDigits(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}
