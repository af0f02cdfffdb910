package infer

import (
	"fmt"
	"math"
	"math/bits"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
)

// offerShare: a type is offered when this share of the values fits it.
const offerShare = 0.9

func enough(n, of int64) bool { return of > 0 && float64(n) >= offerShare*float64(of) }

// decide returns a column its type from all of its values.
func (s *columnStats) decide(h Header, region region) ColumnProfile {
	p := ColumnProfile{Header: h, Counts: s.counts, Longest: s.longest, LongestRow: s.longestRow, Samples: s.samples, Type: TypeText}
	if s.numbered {
		p.Min, p.Max = s.min, s.max
	}
	c := s.counts
	days := c[cell.Date] + c[cell.DateTime]
	n := c[cell.Number] + c[cell.Text] + c[cell.Boolean] + days + c[cell.Time] + c[cell.Duration]
	switch {
	case n == 0 && c[cell.Error] > 0:
		p.Why = "The column contains only errors."
	case n == 0:
		p.Why = "The column is empty."
		p.Remarks = append(p.Remarks, say(NoteEmpty, 0, 0, "The column is empty."))
	case region.AllText && c[cell.Text] == n:
		s.decideTexts(&p, region)
	case c[cell.Text] > 0:
		p.Why = "All values are text."
		if c[cell.Text] < n {
			p.Why = fmt.Sprintf("%s of %s values are text.", humanize.Number(c[cell.Text]), humanize.Number(n))
		}
		s.offer(&p, n, region)
	case c[cell.Boolean] == n:
		p.Type, p.Why = TypeBoolean, "All values are TRUE or FALSE."
	case days == n:
		p.Type, p.Why = TypeDateTime, "All values are dates."
	case days > 0 && enough(days, n):
		p.Type, p.Why = TypeDateTime, fmt.Sprintf("%s of %s values are dates.", humanize.Number(days), humanize.Number(n))
		p.Misfits, p.MisfitCount = s.others(cell.Date, cell.DateTime), n-days
	case c[cell.Time] == n:
		p.Why = "All values are times of day, which are sent as text."
	case c[cell.Duration] > 0 && c[cell.Duration]+c[cell.Time] == n:
		p.Type, p.Why = TypeDuration, "All values are durations."
		if c[cell.Time] > 0 {
			p.Why = "Some values are 24 hours or more, so all are durations and not times of day."
		}
	case c[cell.Number] == n:
		s.decideNumbers(&p)
	default:
		p.Why = "The values are of different kinds."
		s.offer(&p, n, region)
	}
	if p.Type == TypeDateTime && s.dated {
		p.Min, p.Max = float64(s.minDate), float64(s.maxDate)
	}
	s.remark(&p)
	return p
}

// others returns the first cells that are of none of the kinds, blanks and errors
// aside.
func (s *columnStats) others(kinds ...cell.Kind) []Misfit {
	var lists [][]Misfit
next:
	for kind := range s.firsts {
		if k := cell.Kind(kind); k == cell.Blank || k == cell.Error {
			continue
		}
		for _, k := range kinds {
			if cell.Kind(kind) == k {
				continue next
			}
		}
		lists = append(lists, s.firsts[kind])
	}
	return firstMisfits(lists...)
}

// decideNumbers decides for a column of numbers only.
func (s *columnStats) decideNumbers(p *ColumnProfile) {
	switch {
	case s.fractions.N > 0:
		p.Type, p.Why = TypeDecimal, fmt.Sprintf("The values are numbers, and row %s is the first with a fraction.", humanize.Number(s.fractions.Row))
	case s.padded.N > 0:
		p.Why = fmt.Sprintf("The numbers are shown with leading zeros, first in row %s, as codes usually are.", humanize.Number(s.padded.Row))
	case s.asText.N > 0:
		p.Why = fmt.Sprintf("The numbers are formatted as text, first in row %s.", humanize.Number(s.asText.Row))
	case s.rounded.N > 0:
		p.Why = fmt.Sprintf("Row %s is the first with more digits than a number can hold.", humanize.Number(s.rounded.Row))
	case s.beyond.N > 0:
		p.Why = fmt.Sprintf("Row %s is the first that is beyond the largest whole number.", humanize.Number(s.beyond.Row))
	case s.codes && s.minDigits > 1 && s.minDigits == s.maxDigits:
		p.Why = fmt.Sprintf("The column name and the %d digits in every row suggest that these are codes.", s.minDigits)
		p.OfferType = TypeWhole
	case s.percent > 0 || s.currency > 0:
		p.Type, p.Why = TypeDecimal, "All values are numbers, shown as money."
		if s.percent > 0 {
			p.Why = "All values are numbers, shown as percentages."
		}
	default:
		p.Type, p.Why = TypeWhole, "All values are whole numbers."
		if s.min >= 0 && s.max <= 1 {
			p.OfferType = TypeBoolean
		}
	}
}

// offer looks for a type that nearly all values of a mixed column fit.
func (s *columnStats) offer(p *ColumnProfile, n int64, region region) {
	c := s.counts
	worth := n - s.texts.nothing.N // words for nothing speak against no type
	texts := s.texts.reading(region, max(0, n-c[cell.Text]))
	number := TypeWhole
	if s.fractions.N > 0 {
		number = TypeDecimal
	}
	if texts.format.Type == TypeWhole {
		texts.format.Type = number
	}
	offers := []struct {
		Type
		fits  int64
		kinds []cell.Kind
	}{
		{number, c[cell.Number], []cell.Kind{cell.Number}}, {TypeDateTime, c[cell.Date] + c[cell.DateTime], []cell.Kind{cell.Date, cell.DateTime}},
		{TypeBoolean, c[cell.Boolean], []cell.Kind{cell.Boolean}}, {TypeDuration, c[cell.Duration], []cell.Kind{cell.Duration}},
	}
	for _, o := range offers { // with the texts that read as that
		same := o.Type == texts.format.Type || texts.format.Type == TypeDecimal && o.Type == number
		if fits := o.fits + texts.fits; same && enough(fits, worth) {
			p.OfferType, p.OfferText, p.MisfitCount = texts.format.Type, texts.format, n-fits
			p.Misfits = firstMisfits(s.others(append(o.kinds, cell.Text)...), texts.wrong)
			return
		}
	}
	for _, o := range offers {
		if enough(o.fits, worth) {
			p.OfferType, p.Misfits, p.MisfitCount = o.Type, s.others(o.kinds...), n-o.fits
			return
		}
	}
	if b := c[cell.Boolean]; b > 0 && b+c[cell.Number] == n && s.fractions.N == 0 {
		p.OfferType, p.Misfits = TypeWhole, s.others(cell.Number, cell.Boolean)
	}
}

// textReading is the reading that most texts of a column fit.
type textReading struct {
	format TextFormat
	fits   int64
	wrong  []Misfit
}

// reading finds the reading that most texts fit, given how many other values fit
// already. Between readings that fit as many texts, the order here decides.
func (s *textStats) reading(region region, already int64) textReading {
	if s.n == 0 {
		return textReading{}
	}
	mark, sure := byte('.'), true
	if s.dot.n == s.comma.n && s.marked.N > 0 {
		mark, sure = region.decimalMark()
	} else if s.comma.n > s.dot.n {
		mark = ','
	}
	decimal, whole := &s.dot, &s.wholeDot
	if mark == ',' {
		decimal, whole = &s.comma, &s.wholeComma
	}
	order, orderSure, dates := DayFirst, true, &s.dmy
	if s.dmy.n == s.mdy.n && s.dmy.n > 0 {
		order, orderSure = region.dateOrder()
	} else if s.mdy.n > s.dmy.n {
		order = MonthFirst
	}
	if order == MonthFirst {
		dates = &s.mdy
	}
	best := textReading{}
	consider := func(f *fit, format TextFormat) {
		if f.n > best.fits {
			best = textReading{format, f.n, f.wrong}
		}
	}
	consider(whole, TextFormat{Type: TypeWhole, Decimal: mark, Ambiguous: !sure})
	consider(decimal, TextFormat{Type: TypeDecimal, Decimal: mark, Ambiguous: !sure})
	consider(&s.iso, TextFormat{Type: TypeDateTime, Order: YearFirst})
	consider(dates, TextFormat{Type: TypeDateTime, Order: order, Ambiguous: !orderSure})
	consider(&s.boolean, TextFormat{Type: TypeBoolean})
	consider(&s.words, TextFormat{Type: TypeBoolean, Words: true})
	return best
}

var orderWords = map[DateOrder]string{YearFirst: "year/month/day", DayFirst: "day/month/year", MonthFirst: "month/day/year"}

// decideTexts decides for a column of a text file, in which everything is text.
func (s *columnStats) decideTexts(p *ColumnProfile, region region) {
	n := s.texts.n
	best := s.texts.reading(region, 0)
	switch {
	case best.fits < n || best.format.Words:
		p.Why = "The values are text."
		if enough(best.fits, n-s.texts.nothing.N) {
			p.OfferType, p.OfferText, p.Misfits, p.MisfitCount = best.format.Type, best.format, best.wrong, n-best.fits
		}
		return
	case best.format.Type == TypeWhole && s.codes && s.texts.sameLength():
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
	if best.format.Ambiguous {
		sentence := "The numbers are ambiguous: is 1,234 over a thousand or just over one? They were read with the dot as the decimal mark. Check before sending."
		if p.Type == TypeDateTime {
			sentence = "The dates are ambiguous: is 03/04 March 4 or April 3? They were read as " + orderWords[best.format.Order] + ". Check before sending."
		}
		p.Remarks = append(p.Remarks, say(NoteAmbiguous, 0, n, sentence))
	}
	if s.texts.zoned.N > 0 && p.Type == TypeDateTime {
		p.Remarks = append(p.Remarks, say(NoteZone, s.texts.zoned.Row, s.texts.zoned.N, "The times have a time zone, which is dropped: they are sent as written."))
	}
}

// currenciesSeen counts the different currencies of the column.
func (s *columnStats) currenciesSeen() int {
	n := bits.OnesCount64(s.currencies[0] &^ 1) // bit 0: a money format without a symbol
	for _, set := range s.currencies[1:] {
		n += bits.OnesCount64(set)
	}
	return n
}

// beyondExact reports whether whole numbers of the column are beyond 2^53.
func (s *columnStats) beyondExact() bool {
	return s.numbered && (s.max > 1<<53 || s.min < -(1<<53)) && !math.IsInf(s.max, 0)
}
