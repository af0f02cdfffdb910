package infer

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/written"
)

// offerShare: a type is offered when this share of the values fits it.
const offerShare = 0.9

func enough(n, of int64) bool { return of > 0 && float64(n) >= offerShare*float64(of) }

// offered reports whether a type is offered that n values fit: nearly all, or most if those
// that do not are so few that all of them are named.
func offered(n, of int64) bool { return enough(n, of) || 2*n > of && of-n <= maxMisfits }

// EmptyColumn is the profile of a column without a value.
func EmptyColumn(h Header, rows int64) ColumnProfile {
	var s columnStats
	s.counts[cell.Blank] = rows
	return s.decide(h, region{})
}

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
		if !remark.Has(p.Remarks, NoteSwapped) && !remark.Has(p.Remarks, NoteDamaged) { // whose values are no longer what they were
			p.Rival = s.texts.rival(p.Text)
		}
	case s.halfSwapped(days):
		p.Why = fmt.Sprintf("%s of %s values are dates, the others texts.", humanize.Number(days), humanize.Number(n))
		s.noteSwapped(&p, days)
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
	s.noteDayNumbers(&p)
	s.noteShortZips(&p)
	s.remark(&p)
	return p
}

// noteShortZips says that a spreadsheet has probably dropped the zeros that postcodes begin
// with: some have five digits, and others three or four.
func (s *columnStats) noteShortZips(p *ColumnProfile) {
	if !s.zips || p.Type != TypeWhole {
		return
	}
	short, long := s.minDigits, s.maxDigits
	if s.texts.n > 0 {
		short, long = s.texts.shortest, s.texts.longest
	}
	if long == 5 && (short == 3 || short == 4) && s.texts.marked.N == 0 {
		p.Remarks = append(p.Remarks, say(NoteDamaged, 0, s.filled(), fmt.Sprintf("Postcodes of %d and of %d digits: a spreadsheet has probably dropped the zeros in front of the shorter ones. They are sent as numbers, as they are; get them from where the file was made.", short, long)))
	}
}

// Days that most dates of files are, as spreadsheets count them: from 1990 to 2049.
const firstDayNumber, lastDayNumber = 32874, 54788

// noteDayNumbers says of whole numbers below a name for days that they may be days as a
// spreadsheet counts them, whose cells have lost the format of dates.
func (s *columnStats) noteDayNumbers(p *ColumnProfile) {
	if !s.days || p.Type != TypeWhole || len(s.samples) == 0 || s.numbered && (s.min < firstDayNumber || s.max > lastDayNumber) || s.texts.n > 0 && (s.texts.shortest != 5 || s.texts.longest != 5) {
		return
	}
	first := 0
	for _, sample := range s.samples {
		n, err := strconv.Atoi(sample)
		if err != nil || n < firstDayNumber || n > lastDayNumber {
			return
		}
		first = cmp.Or(first, n)
	}
	day := humanize.Date(time.Date(1899, 12, 30, 0, 0, 0, 0, time.Local).AddDate(0, 0, first))
	p.Remarks = append(p.Remarks, say(NoteDayNumbers, 0, s.filled(), fmt.Sprintf("The numbers may be days as spreadsheets count them: %d is %s. They are sent as numbers. To send dates, give the cells the format of dates where the file was made.", first, day)))
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
		if s.packed > 0 && s.packed+s.zeros == s.counts[cell.Number] {
			p.OfferType, p.OfferText = TypeDateTime, TextFormat{Type: TypeDateTime, Order: written.Compact}
		}
		if s.min >= 0 && s.max <= 1 {
			p.OfferType = TypeBoolean
		}
	}
}

// offer looks for a type that nearly all values of a mixed column fit.
func (s *columnStats) offer(p *ColumnProfile, n int64, region region) {
	c := s.counts
	if s.texts.n == n {
		if s.noteDamaged(p) {
			return
		}
	}
	number := TypeWhole
	if s.fractions.N > 0 {
		number = TypeDecimal
	}
	texts := s.texts.reading(region)
	if s.texts.mixedUnits(texts) {
		s.noteTexts(p, textReading{})
		return
	}
	if texts.format.Type == TypeWhole {
		texts.format.Type = number
	}
	worth := n - s.texts.missing(texts.format) // words for nothing speak against no type
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
		if fits := o.fits + texts.fits; same && texts.fits > 0 && offered(fits, worth) {
			p.OfferType, p.OfferText, p.MisfitCount = texts.format.Type, texts.format, n-fits
			p.Misfits = firstMisfits(s.others(append(o.kinds, cell.Text)...), texts.wrong)
			s.noteTexts(p, texts)
			return
		}
	}
	if b := c[cell.Boolean]; b > 0 && b+c[cell.Number] == n && s.fractions.N == 0 {
		p.OfferType, p.Misfits = TypeWhole, s.others(cell.Number, cell.Boolean)
		return
	}
	for _, o := range offers {
		if offered(o.fits, worth) {
			p.OfferType, p.Misfits, p.MisfitCount = o.Type, s.others(o.kinds...), n-o.fits
			return
		}
	}
	s.noteTexts(p, texts)
	if texts := c[cell.Text]; texts > 0 && 2*texts < n {
		p.Remarks = append(p.Remarks, say(NoteMixed, s.firsts[cell.Text][0].Row, texts, fmt.Sprintf("%s of %s values are text, so that all are sent as text: %s.",
			humanize.Number(texts), humanize.Number(n), s.named(s.firsts[cell.Text], texts))).On(p.places(s.firsts[cell.Text])...))
	}
	if days := c[cell.Date]; days > 0 && c[cell.DateTime] == 0 && 2*days <= c[cell.Text] && !slices.ContainsFunc(s.firsts[cell.Text], func(m Misfit) bool { return !codeLike(m.Value) }) {
		first := s.firsts[cell.Date]
		p.Remarks = append(p.Remarks, say(NoteDamaged, first[0].Row, days, fmt.Sprintf("%s among texts: %s. A spreadsheet makes dates of codes such as MAR1 or 3-1. The column is sent as text.",
			humanize.Count(days, "value is a date", "values are dates"), s.named(first, days))).On(p.places(first)...))
	}
}

// codeLike reports whether a text may be a code: short, without blanks, with a digit.
func codeLike(text string) bool {
	return len(text) <= 12 && !strings.ContainsAny(text, " \u00a0") && written.HasDigit(text)
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
