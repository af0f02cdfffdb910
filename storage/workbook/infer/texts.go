package infer

import (
	"slices"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/written"
)

// textStats counts how many texts of a column fit which reading.
type textStats struct {
	n                 int64
	shortest, longest int // bytes, for columns of codes
	numberTexts
	dateTexts
	clocks                       fit                  // times of day and durations
	longClock                    bool                 // one has 24 hours or more
	spans                        tallied              // durations with the letters of their parts: 1h 30m
	distinct                     map[string]*sameText // of the first different texts; for truth values
	many                         bool                 // there are more of them
	lastText                     string               // the last of them
	lastSame                     *sameText
	noNumbers, noDates, noClocks int        // texts that are none, up to the misfits that are kept
	nothing                      cell.Tally // words for a missing value: n/a, null, -
	nothingWord                  string     // the first of them
	plainWord                    string     // a word that texts of the column begin with and that no number or date begins with
}

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

// dateTexts is what is collected of the texts that are dates.
type dateTexts struct {
	iso, dmy, mdy, compact fit
	onlyDMY, onlyMDY       tallied // only that order makes a date of it
	yearly                 int64   // numbers that begin with the year
	named                  int64   // names of months, 年月日
	finer                  cell.Tally
	eraTexts
	orderTexts
	isoLate   bool // one that begins with its year is after the twelfth of its month
	odd       bool // one of eight digits is in a year that few dates are in
	zones     []zoneStats
	none      tallied // ways to write that there is no date
	dayMonth  tallied // a day and a month without a year: 2-Sep
	languages written.Languages
	disputed  []string
}

// orderTexts is what is collected of dates whose order of day and month is not plain.
type orderTexts struct {
	either               tallied // both orders make a date of it, different ones
	eitherLook, onlyLook written.Look
	dotted               tallied // day first with dots, and a day up to twelve
}

// eraTexts is what is collected of years that are counted from elsewhere.
type eraTexts struct {
	dated    int64   // dates of any kind
	lunar    tallied // years of the Persian or the Islamic calendar
	calendar tallied // years of the Buddhist era
	short    tallied // Japanese eras by their letters
	eastern  bool    // the name of the column is Chinese or Japanese
	thai     bool    // or Thai
	twoDigit tallied // years of two digits
}

// unitStats counts the numbers of a currency or unit.
type unitStats struct {
	unit                             string
	dot, comma, wholeDot, wholeComma int64
	first                            []Misfit
}

type zoneStats struct {
	zone  string
	known bool // its offset is
	tallied
}

// sameText counts equal texts.
type sameText struct {
	n     int64
	first []Misfit
}

// tallied counts texts and keeps the first.
type tallied struct {
	n     int64
	first []Misfit
}

func (t *tallied) add(text string, row int) {
	if t.n++; len(t.first) < maxMisfits {
		t.first = append(t.first, Misfit{row, text, cell.Text})
	}
}

// mostDistinct is how many different texts a column of truth values may have.
const mostDistinct = 32

// mostUnits is how many currencies, units and zones of a column are told apart.
const mostUnits = 12

// meansNothing reports whether text is one of the words that people and programs write where a value is
// missing. They are texts until somebody says otherwise.
func meansNothing(text string) bool { return written.Nothing(text) }

// sameLength reports whether all texts are equally long, and longer than one digit.
func (s *textStats) sameLength() bool { return s.shortest == s.longest && s.longest > 1 }

// fit counts the texts that fit a reading, and keeps the first that do not.
type fit struct {
	n     int64
	wrong []Misfit
}

func (f *fit) add(ok bool, text string, row int) {
	if ok {
		f.n++
	} else if len(f.wrong) < maxMisfits {
		f.wrong = append(f.wrong, Misfit{row, text, cell.Text})
	}
}

func (s *textStats) add(stored string, row int) {
	text := written.Trim(stored)
	if len(text) != len(stored) && written.HasInvisible(stored) {
		s.traits |= written.Hidden
	}
	if s.n == 0 || len(text) < s.shortest {
		s.shortest = len(text)
	}
	s.longest = max(s.longest, len(text))
	s.n++
	if !s.many {
		s.addDistinct(text, stored, row)
	}
	if len(text) < 12 && meansNothing(text) {
		if s.nothing.Add(row); s.nothing.N == 1 {
			s.nothingWord = text
		}
	}
	var plain written.Plain
	var number, date, dash, none, clock bool
	switch classOf(text, &s.plainWord) {
	case figures:
		if len(text) >= 10 && text[4] == '-' {
			if d, ok := written.QuickDate(text); ok {
				date, none = s.takeDate(&d, stored, row)
				break
			}
		}
		if plain = written.AsPlain(text); plain.Dot || plain.Comma {
			number = true
			s.addPlain(plain, text, stored, row)
			switch {
			case plain.Marks && strings.Count(text, ".") == 2:
				if d, ok := written.QuickDate(text); ok {
					date, none = s.takeDate(&d, stored, row)
				}
			case len(text) == 8 || len(text) == 14:
				if written.MayBePacked(text) {
					date, none = s.addDate(text, stored, row)
				}
			}
			break
		}
		if d, ok := written.QuickDate(text); ok {
			date, none = s.takeDate(&d, stored, row)
		} else if clock = s.addClock(text, stored, row); !clock {
			if written.SpanInWords(text) {
				s.spans.add(stored, row)
			}
			if number, dash = s.addAmount(text, stored, row); !number && !dash {
				date, none = s.addDate(text, stored, row)
			}
		}
	case dressed:
		if number, dash = s.addAmount(text, stored, row); !number && !dash && written.MayBeDate(text) {
			date, none = s.addDate(text, stored, row)
		}
	}
	if len(text) > 2 && text[0] == 'P' && written.SpanInWords(text) { // PT1H30M
		s.spans.add(stored, row)
	}
	// A text that is none of these is kept as a misfit of each, until that has enough.
	if !number && !dash && s.noNumbers < maxMisfits {
		s.noNumbers++
		s.dot.add(false, stored, row)
		s.comma.add(false, stored, row)
		s.wholeDot.add(false, stored, row)
		s.wholeComma.add(false, stored, row)
	}
	if !date && !none && s.noDates < maxMisfits {
		s.noDates++
		s.iso.add(false, stored, row)
		s.dmy.add(false, stored, row)
		s.mdy.add(false, stored, row)
		s.compact.add(false, stored, row)
	}
	if !clock && s.noClocks < maxMisfits {
		s.noClocks++
		s.clocks.add(false, stored, row)
	}
}

// class is what a look at the beginning of a text makes of it.
type class uint8

const (
	onlyText class = iota
	figures        // begins with a digit or a mark of numbers
	dressed        // may be a number or date that begins with something else
)

// classOf looks whether it is worth while to look closer at a text. skip remembers the
// first word of the last text that was not.
func classOf(text string, skip *string) class {
	if text == "" || len(text) > 96 {
		return onlyText
	}
	first := text[0]
	switch {
	case first >= '0' && first <= '9', first == '-', first == '.', first == ',':
		return figures
	case first|0x20 >= 'a' && first|0x20 <= 'z':
		if *skip != "" && strings.HasPrefix(text, *skip) || !written.HasDigit(text) {
			return onlyText
		}
		word, known := written.FirstWord(text)
		if !known {
			if len(word) < len(text) {
				*skip = text[:len(word)+1]
			}
			return onlyText
		}
		return dressed
	}
	if !written.HasDigit(text) {
		if len(text) <= 8 && written.DashLike(text) {
			return dressed
		}
		return onlyText
	}
	return dressed
}

func (s *textStats) addDistinct(text, stored string, row int) {
	if s.distinct == nil {
		s.distinct = map[string]*sameText{}
	}
	same := s.lastSame
	if same == nil || text != s.lastText {
		same = s.distinct[text]
		s.lastText, s.lastSame = text, same
	}
	if same == nil {
		if len(s.distinct) == mostDistinct {
			s.many, s.distinct, s.lastSame = true, nil, nil
			return
		}
		same = &sameText{}
		s.distinct[text] = same
		s.lastSame = same
	}
	if same.n++; len(same.first) < maxMisfits {
		same.first = append(same.first, Misfit{row, stored, cell.Text})
	}
}

// truth counts the texts that are true or false; with words in any language.
func (s *textStats) truth(words bool) (f fit) {
	for text, same := range s.distinct {
		if _, ok := written.Truth(text, words); ok {
			f.n += same.n
			continue
		}
		f.wrong = append(f.wrong, same.first...)
	}
	f.wrong = firstMisfits(f.wrong)
	return f
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

// addDate takes a text that may be a date. none reports that it says that there is none.
func (s *textStats) addDate(text, stored string, row int) (dated, none bool) {
	d, ok := written.ParseDate(text)
	if !ok {
		if written.DayAndMonth(text) {
			s.dayMonth.add(stored, row)
		}
		return false, false
	}
	return s.takeDate(&d, stored, row)
}

func (s *textStats) takeDate(d *written.Date, stored string, row int) (dated, none bool) {
	if d.None {
		s.none.add(stored, row)
		return false, true
	}
	if d.Lunar() {
		s.lunar.add(stored, row)
		return false, false
	}
	if d.Month != "" {
		if !slices.Contains(s.disputed, d.Month) {
			s.disputed = append(s.disputed, d.Month)
		}
	}
	if s.languages == 0 {
		s.languages = written.AnyLanguage
	}
	s.languages &= d.Languages
	_, iso := d.Day(written.YearFirst, "")
	dmy, mdy, compact := iso, iso, false
	if !d.BeginsWithYear() {
		_, dmy = d.Day(written.DayFirst, "")
		_, mdy = d.Day(written.MonthFirst, "")
		_, compact = d.Day(written.Compact, "")
	}
	if d.Month != "" { // which month it is, is decided at the end
		iso, dmy, mdy = true, true, true
	}
	if compact && !d.Usual() {
		s.odd = true
	}
	if iso && d.BeginsWithYear() {
		if s.yearly++; !d.Early(written.YearFirst) {
			s.isoLate = true
		}
	}
	switch {
	case dmy && !mdy:
		s.onlyDMY.add(stored, row)
		s.onlyLook |= d.Look()
		if d.Dotted() && d.Early(written.DayFirst) {
			s.dotted.add(stored, row)
		}
	case mdy && !dmy:
		s.onlyMDY.add(stored, row)
		s.onlyLook |= d.Look()
	case dmy && mdy:
		if a, b := d.Same(); a != b {
			s.either.add(stored, row)
			s.eitherLook |= d.Look()
		}
	}
	if d.Fixed || d.Month != "" {
		s.named++
	}
	s.dated++
	if d.ShortEra {
		s.short.add(stored, row)
	}
	if d.TwoDigit && s.thai {
		s.twoDigit.add(stored, row)
	}
	if d.Buddhist {
		s.calendar.add(stored, row)
	}
	if d.Finer {
		s.finer.Add(row)
	}
	s.iso.add(iso, stored, row)
	s.dmy.add(dmy, stored, row)
	s.mdy.add(mdy, stored, row)
	s.compact.add(compact, stored, row)
	if !iso && !dmy && !mdy && !compact {
		return true, false
	}
	for i := range s.zones {
		if s.zones[i].zone == d.Zone {
			s.zones[i].add(stored, row)
			return true, false
		}
	}
	if len(s.zones) < mostUnits {
		s.zones = append(s.zones, zoneStats{zone: d.Zone, known: d.OffsetKnown()})
		s.zones[len(s.zones)-1].add(stored, row)
	}
	return true, false
}

// addClock takes a text that may be a time of day or a duration.
func (s *textStats) addClock(text, stored string, row int) bool {
	if len(text) < 4 || text[1] != ':' && text[2] != ':' && text[3] != ':' {
		return false
	}
	ms, ok := written.Span(text)
	if !ok {
		return false
	}
	s.longClock = s.longClock || ms >= 24*3_600_000 || ms < 0
	s.clocks.add(true, stored, row)
	return true
}
