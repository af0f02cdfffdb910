package infer

import (
	"slices"

	"pushdesk/storage/cell"
	"pushdesk/storage/written"
)

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

type zoneStats struct {
	zone  string
	known bool // its offset is
	tallied
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
