package infer

import (
	"fmt"
	"slices"

	"pushdesk/storage/written"
)

// textReading is a way in which the texts of a column can be read.
type textReading struct {
	format TextFormat
	fits   int64
	wrong  []Misfit
	asks   bool      // it is only offered, even if all texts fit
	mark   certainty // of its decimal mark
}

// reading finds the reading that most texts fit. Between readings that fit as many texts,
// the order here decides.
func (s *textStats) reading(region region) (best textReading) {
	if s.n == 0 {
		return best
	}
	consider := func(r textReading) {
		if r.fits > best.fits {
			best = r
		}
	}
	if days := s.compactDates(); days.fits == s.n {
		consider(days)
	}
	whole, decimal := s.numbers(region)
	consider(whole)
	consider(decimal)
	for _, r := range s.dates(region) {
		consider(r)
	}
	for _, words := range []bool{false, true} {
		f := s.truth(words)
		if words && slices.ContainsFunc(f.wrong, func(m Misfit) bool { return len(m.Value) == 1 && m.Value != "-" }) { // y beside x and z is a letter
			break
		}
		consider(textReading{format: TextFormat{Type: TypeBoolean, Words: words}, fits: f.n, wrong: f.wrong, asks: words})
	}
	return best
}

// missing counts the words for nothing that a reading does not take for a value.
func (s *textStats) missing(format TextFormat) int64 {
	if format.Dash {
		return max(0, s.nothing.N-s.dash.n)
	}
	return s.nothing.N
}

// numbers are the readings as numbers, whole ones first, in the currency or unit that most
// have. Numbers without a unit go with any, but for shares.
func (s *textStats) numbers(region region) (whole, decimal textReading) {
	mark, known := byte('.'), sure
	if s.dot.n == s.comma.n && s.marked.N > 0 {
		if mark, known = region.decimalMark(s.commas > 0); known == open && s.centsAreTwo() {
			// Money has no three decimals: 1,234 is over a thousand.
			if mark, known = '.', likely; s.commas == 0 {
				mark = ','
			}
		}
	} else if s.comma.n > s.dot.n {
		mark = ','
	}
	all, wholes := &s.dot, &s.wholeDot
	if mark == ',' {
		all, wholes = &s.comma, &s.wholeComma
	}
	of := func(u unitStats) (n, whole int64) {
		if mark == ',' {
			return u.comma, u.wholeComma
		}
		return u.dot, u.wholeDot
	}
	bare, bareWhole := all.n, wholes.n
	for _, u := range s.units {
		n, w := of(u)
		bare, bareWhole = bare-n, bareWhole-w
	}
	unit, fits, wholeFits := "", bare, bareWhole
	for _, u := range s.units {
		n, w := of(u)
		switch u.unit {
		case "\x00":
			continue
		case written.Percent, written.PerMille:
			n, w = n+s.zeros, 0
		default:
			n, w = n+bare, w+bareWhole
		}
		if n > fits || n == fits && unit != "" && u.unit < unit {
			unit, fits, wholeFits = u.unit, n, w
		}
	}
	format := TextFormat{Type: TypeDecimal, Decimal: mark, Ambiguous: known == open}
	format.Unit = unit
	others := [][]Misfit{}
	for _, u := range s.units {
		if u.unit != unit {
			others = append(others, u.first)
		}
	}
	share := unit == written.Percent || unit == written.PerMille
	if share {
		others = append(others, s.bare.first)
	}
	if s.dash.n > 0 {
		format.Dash = s.traits&written.Parentheses != 0 || unit != "" && !share && written.Money(unit)
		if format.Dash && fits > 0 {
			fits, wholeFits = fits+s.dash.n, wholeFits+s.dash.n
		} else {
			others = append(others, s.dash.first)
		}
	}
	// 612 345 678 in every row may be telephone numbers.
	asks := s.codes.N > 0 || s.blankGroups > 0 && s.blankGroups == all.n && wholeFits == fits && s.sameLength() && s.longest >= 9
	decimal = textReading{format: format, fits: fits, wrong: firstMisfits(append(others, all.wrong)...), asks: asks, mark: known}
	if !share && !written.Money(unit) || unit == "" {
		format.Type = TypeWhole
		whole = textReading{format: format, fits: wholeFits, wrong: firstMisfits(append(others, wholes.wrong)...), asks: asks, mark: known}
	}
	return whole, decimal
}

// centsAreTwo reports whether all numbers with a mark are money that nobody writes with
// three decimals.
func (s *numberTexts) centsAreTwo() bool {
	var money int64
	for _, u := range s.units {
		if u.unit == "\x00" || !written.Money(u.unit) || written.Thousandths(u.unit) {
			return false
		}
		money += max(u.dot, u.comma)
	}
	return money > 0 && money == max(s.dot.n, s.comma.n)
}

// mixedUnits reports whether there are numbers in several currencies or units of measure:
// they are never numbers of one column.
func (s *numberTexts) mixedUnits(best textReading) bool {
	if best.format.Type != TypeDecimal && best.format.Type != TypeWhole {
		return false
	}
	n := 0
	for _, u := range s.units {
		if u.unit != written.Percent && u.unit != written.PerMille && u.unit != "\x00" && written.KnownUnit(u.unit) {
			n++
		}
	}
	return n > 1
}

// dates are the readings as dates.
func (s *textStats) dates(region region) []textReading {
	order, known := DayFirst, sure
	if s.dmy.n == s.mdy.n && s.either.n > 0 {
		order, known = region.dateOrder()
	} else if s.mdy.n > s.dmy.n {
		order = MonthFirst
	}
	numbers := &s.dmy
	if order == MonthFirst {
		numbers = &s.mdy
	}
	dress, asks, ok := s.dateDress()
	if !ok {
		return nil
	}
	var all []textReading
	for _, r := range []struct {
		*fit
		order DateOrder
		known certainty
	}{{&s.iso, YearFirst, sure}, {numbers, order, known}} {
		if r.n == 0 {
			continue
		}
		all = append(all, textReading{format: TextFormat{Type: TypeDateTime, Order: r.order, Dress: dress, Ambiguous: r.known == open}, fits: s.zoned(r.n, dress), wrong: firstMisfits(append(s.strangers(dress), r.wrong)...), asks: asks})
	}
	return all
}

// compactDates is the reading of eight digits as dates.
func (s *textStats) compactDates() textReading {
	dress, asks, ok := s.dateDress()
	if s.compact.n == 0 || s.odd || !ok {
		return textReading{}
	}
	return textReading{format: TextFormat{Type: TypeDateTime, Order: written.Compact, Dress: dress}, fits: s.zoned(s.compact.n, dress), wrong: s.compact.wrong, asks: asks}
}

// dateDress is what dates have besides their numbers. ok is false when names of months
// cannot be told.
func (s *dateTexts) dateDress() (d written.Dress, asks, ok bool) {
	if len(s.disputed) > 0 {
		if d.Language, ok = written.Settle(s.languages, s.disputed); !ok {
			return d, false, false
		}
	}
	most := int64(0)
	utc := true
	for _, z := range s.zones {
		if utc = utc && z.known; z.n > most || z.n == most && z.zone < d.Zone {
			most, d.Zone = z.n, z.zone
		}
	}
	if len(s.zones) > 1 && utc {
		d.Zone, asks = written.UTC, true
	}
	asks = asks || s.calendar.n > 0 && s.calendar.n < s.dated || s.short.n > 0 && !s.eastern || s.twoDigit.n > 0
	return d, asks, true
}

// zoned is how many of the dates fit the zone of a dress, and those that say that there is none.
func (s *dateTexts) zoned(n int64, d written.Dress) int64 {
	if d.Zone != written.UTC {
		for _, z := range s.zones {
			if z.zone != d.Zone {
				n -= z.n
			}
		}
	}
	return max(0, n) + s.none.n
}

// strangers are the first dates of other zones.
func (s *dateTexts) strangers(d written.Dress) (lists [][]Misfit) {
	for _, z := range s.zones {
		if z.zone != d.Zone && d.Zone != written.UTC {
			lists = append(lists, z.first)
		}
	}
	return lists
}

var orderWords = map[DateOrder]string{YearFirst: "year/month/day", DayFirst: "day/month/year", MonthFirst: "month/day/year", written.Compact: "as eight digits, year, month, day"}

// decideTexts decides for a column of a text file, in which everything is text.
func (s *columnStats) decideTexts(p *ColumnProfile, region region) {
	n := s.texts.n
	if s.noteDamaged(p) {
		return
	}
	if s.texts.halfSwapped() {
		p.Why = "Some values are dates that begin with the year, others begin with the day or the month."
		s.noteSwapped(p, s.texts.yearly)
		return
	}
	if dates, others := s.texts.resaved(); dates.n > 0 {
		p.Why = "Some values are dates that a spreadsheet has written anew, others begin with the day or the month."
		s.noteResaved(p, dates, others)
		return
	}
	best := s.texts.reading(region)
	if missing := s.texts.missing(best.format); missing > 0 && best.fits > 0 && best.fits+missing >= n && !best.asks && best.format.Type != TypeBoolean {
		best.format.Nothing, best.fits, best.wrong = true, n, nil
	}
	switch {
	case s.texts.mixedUnits(best):
		p.Why = "The values are text."
		s.noteTexts(p, textReading{})
		return
	case best.fits < n || best.asks:
		p.Why = "The values are text."
		if offered(best.fits, n-s.texts.missing(best.format)) {
			p.OfferType, p.OfferText, p.Misfits, p.MisfitCount = best.format.Type, best.format, best.wrong, n-best.fits
			if p.MisfitCount == 0 {
				p.Misfits = nil
			}
		}
		s.noteTexts(p, best)
		return
	case s.version && best.format.Type == TypeDecimal:
		p.Why = "The column name suggests that these are versions: 1.10 is not 1.1."
		p.OfferType, p.OfferText = best.format.Type, best.format
		return
	case (best.format.Type == TypeWhole || best.format.Order == written.Compact) && s.codes && s.texts.sameLength() && best.format.Unit == "":
		p.Why = "The column name and the same number of digits in every row suggest that these are codes."
		p.OfferType, p.OfferText = best.format.Type, best.format
		return
	}
	p.Type, p.Text = best.format.Type, best.format
	switch best.format.Type {
	case TypeWhole:
		p.Why = "All values are whole numbers."
	case TypeDecimal:
		p.Why = fmt.Sprintf("All values are numbers with %q as the decimal mark.", string(rune(best.format.Decimal)))
	case TypeBoolean:
		p.Why = "All values are true or false."
	case TypeDateTime:
		p.Why = "All values are dates, written " + orderWords[best.format.Order] + "."
	}
	s.noteTexts(p, best)
}
