package infer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/text"
	"pushdesk/storage/written"
)

// noteTexts says how the texts of a column are read, or why they are not.
func (s *columnStats) noteTexts(p *ColumnProfile, best textReading) {
	t := &s.texts
	note := func(r remark.Remark) { p.Remarks = append(p.Remarks, r) }
	taken := p.Type != TypeText || p.OfferType != ""
	of := p.Type
	if of == TypeText {
		of = p.OfferType
	}
	switch {
	case of == TypeWhole || of == TypeDecimal:
		s.noteNumbers(p, best)
	case of == TypeDateTime:
		s.noteDates(p, best)
	}
	if best.format.Nothing && p.Type != TypeText {
		blank := say(NoteNothing, t.nothing.Row, t.missing(best.format), fmt.Sprintf("%s that nothing is known, such as %s, first in row %s. %s sent as blank.",
			humanize.Count(t.nothing.N, "value means", "values mean"), quoteNothing(t.nothingWord), humanize.Number(t.nothing.Row), humanize.Plural(t.nothing.N, "It is", "They are"))).With(remark.Type, p.Header.Name+"=String", "send the column as text")
		blank.Kind = remark.Change
		note(blank)
	}
	filled := s.filled()
	inWords := !taken && !slices.ContainsFunc(s.samples, written.LooksDated) && t.spans.n > 0 && t.spans.n+t.nothing.N >= t.n && t.spans.n > max(t.dot.n, t.comma.n)
	if !taken && !inWords && slices.ContainsFunc(t.units, func(u unitStats) bool { return written.KnownUnit(u.unit) }) && 2*t.dot.n+2*t.comma.n > filled {
		s.noteUnits(p)
	}
	if inWords {
		note(say(NoteLooks, t.spans.first[0].Row, t.spans.n, fmt.Sprintf("The values look like durations, such as %q. They are sent as text, as written.", t.spans.first[0].Value)).On(p.places(t.spans.first)...))
	}
	if t.guesses.n > 0 && !taken && !inWords && t.guesses.n+max(t.dot.n, t.comma.n) >= filled/2 {
		note(say(NoteLooks, t.guesses.first[0].Row, t.guesses.n, fmt.Sprintf("%s of %s values look like numbers with %q, which can mean several things, so they are sent as text: %s.",
			humanize.Number(t.guesses.n), humanize.Number(filled), t.guess, s.named(t.guesses.first, t.guesses.n))).On(p.places(t.guesses.first)...))
	}
	if t.clocks.n == t.n && t.n > 0 && t.n == filled {
		sentence := "The values are times of day. They are sent as text, as written."
		if t.longClock {
			sentence = "The values are durations. They are sent as text, as written."
		}
		note(say(NoteTime, 0, t.n, sentence).With(remark.Type, p.Header.Name+"=Double", "send them as hours"))
	}
	if len(t.disputed) > 0 && !taken {
		note(say(NoteLooks, 0, t.n, fmt.Sprintf("The values look like dates, but %s is a different month in different languages, so they are sent as text.", humanize.List(t.disputed))))
	}
	if t.lunar.n > 0 && p.Type == TypeText {
		note(say(NoteLooks, t.lunar.first[0].Row, t.lunar.n, fmt.Sprintf("Dates such as %q seem to have years of the Persian or the Islamic calendar, so the column is sent as text, as written.", t.lunar.first[0].Value)).On(p.places(t.lunar.first)...))
	}
	if t.calendar.n > 0 && t.calendar.n < t.dated && p.Type == TypeText {
		note(say(NoteLooks, t.calendar.first[0].Row, t.calendar.n, fmt.Sprintf("Some dates, such as %q, have years of the Buddhist era, and others do not, so the column is sent as text, as written.", t.calendar.first[0].Value)).On(p.places(t.calendar.first)...))
	}
	if t.twoDigit.n > 0 && p.Type == TypeText {
		note(say(NoteLooks, t.twoDigit.first[0].Row, t.twoDigit.n, fmt.Sprintf("The years of dates such as %q have two digits and may be of the Buddhist era, so the column is sent as text, as written.", t.twoDigit.first[0].Value)).On(p.places(t.twoDigit.first)...))
	}
	if len(t.zones) > 1 {
		s.noteZones(p)
	}
	if !taken && !remark.Has(p.Remarks, NoteLooks) && len(t.zones) == 0 && len(s.samples) > 0 && s.counts[cell.Text] == filled && !slices.ContainsFunc(s.samples, func(v string) bool { return !written.LooksDated(v) }) {
		note(say(NoteLooks, 0, t.n, fmt.Sprintf("The values look like dates, such as %q, but this way to write them is not known. They are sent as text, as written.", s.samples[0])))
		return
	}
	if !taken && best.fits > 0 && 2*best.fits > filled && best.fits < filled && s.counts[cell.Text] == filled {
		wrong := filled - best.fits
		note(say(NoteMixed, firstRow(best.wrong), wrong, fmt.Sprintf("%s of %s values are text, so that all are sent as text: %s.",
			humanize.Number(wrong), humanize.Number(filled), s.named(best.wrong, wrong))).On(p.places(best.wrong)...))
	}
}

func firstRow(list []Misfit) int {
	if len(list) == 0 {
		return 0
	}
	return list[0].Row
}

// filled counts the values of the column, errors aside.
func (s *columnStats) filled() (n int64) {
	for kind, count := range s.counts {
		if k := cell.Kind(kind); k != cell.Blank && k != cell.Error {
			n += count
		}
	}
	return n
}

// named quotes the first of some values.
func (s *columnStats) named(list []Misfit, n int64) string {
	var all []string
	for _, m := range list[:min(len(list), 3)] {
		all = append(all, fmt.Sprintf("%s in row %s", strconv.Quote(text.Shorten(m.Value, 30)), humanize.Number(m.Row)))
	}
	if more := n - int64(len(all)); more > 0 {
		all = append(all, humanize.Number(more)+" more")
	}
	return humanize.List(all)
}

// places are the addresses of values of the column.
func (p *ColumnProfile) places(list []Misfit) (all []string) {
	for _, m := range list {
		all = append(all, cell.Address(m.Row, p.Header.Column))
	}
	return all
}

// noteNumbers says how dressed numbers are read, and what is not proven about them.
func (s *columnStats) noteNumbers(p *ColumnProfile, r textReading) {
	t, f := &s.texts, r.format
	var how []string
	add := func(holds bool, what string) {
		if holds {
			how = append(how, what)
		}
	}
	add(t.traits&written.MinusBehind != 0, "the minus behind")
	add(t.traits&written.Parentheses != 0, "parentheses as minus")
	add(t.traits&written.Triangle != 0, "a triangle as minus")
	add(t.traits&written.OddMinus != 0 && t.traits&written.MinusBehind == 0, "a long dash as minus")
	add(f.Dash, "a dash as zero")
	add(t.traits&written.CentsDash != 0, "a dash for no cents")
	add(t.traits&written.BlankGroup != 0, "blanks between groups of digits")
	add(t.traits&written.MarkGroup != 0, "apostrophes between groups of digits")
	add(t.traits&written.OtherDigit != 0, "digits of other scripts")
	add(t.traits&written.Hidden != 0, "invisible marks left out")
	add(t.traits&written.Scientific != 0, "exponents")
	if len(how) > 0 || f.Unit != "" {
		if f.Decimal == ',' {
			how = append([]string{"a decimal comma"}, how...)
		}
		what := "numbers"
		switch {
		case f.Unit == written.Percent:
			what = "shares (12.5% is 0.125)"
		case f.Unit == written.PerMille:
			what = "shares (5‰ is 0.005)"
		case f.Unit != "" && written.Money(f.Unit):
			what = "amounts in " + text.Clean(f.Unit)
		case f.Unit != "":
			what = "numbers in " + text.Clean(f.Unit)
		}
		sentence := "The texts are read as " + what
		if p.Type == TypeText {
			sentence = "The texts can be read as " + what
		}
		if len(how) > 0 {
			sentence += ", with " + humanize.List(how)
		}
		p.Remarks = append(p.Remarks, say(NoteReading, 0, r.fits, sentence+"."))
	}
	s.ambiguous(p, r)
	if (r.mark == likely || r.mark == told) && t.marked.N > 0 && p.Type != TypeText {
		other, does := ",", "read it as a mark between thousands"
		sentence := "Numbers such as 1.234 are read with the dot as the decimal mark, because commas separate the columns."
		switch {
		case r.mark == told && f.Decimal == ',' && t.commas == 0:
			sentence, other, does = "Numbers such as 1.234 are read as more than a thousand, because another column has decimal commas.", ".", "read the dot as the decimal mark"
		case r.mark == told && f.Decimal == ',':
			sentence, other = "Numbers such as 1,234 are read with the comma as the decimal mark, because another column has decimal commas.", "."
		case r.mark == told && t.commas > 0:
			sentence, does = "Numbers such as 1,234 are read as more than a thousand, because another column has decimal points.", "read the comma as the decimal mark"
		case r.mark == told:
			sentence = "Numbers such as 1.234 are read with the dot as the decimal mark, because another column has decimal points."
		case f.Unit != "" && f.Decimal == ',':
			sentence, other, does = "Amounts such as 1.234 are read as more than a thousand, because money has no three decimals.", ".", "read the dot as the decimal mark"
		case f.Unit != "":
			sentence, does = "Amounts such as 1,234 are read as more than a thousand, because money has no three decimals.", "read the comma as the decimal mark"
		case f.Decimal == '.' && t.commas > 0:
			sentence, does = "Numbers such as 1,234 are read as more than a thousand, as is usual in the language of the column names.", "read the comma as the decimal mark"
		case f.Decimal == ',':
			sentence, other = "Numbers such as 1,234 are read with the comma as the decimal mark, because semicolons separate the columns.", "."
		}
		p.Remarks = append(p.Remarks, say(NoteReading, t.marked.Row, t.marked.N, sentence).With(remark.Decimal, other, does))
	}
}

// ambiguous says that a reading is one of two, and how to choose.
func (s *columnStats) ambiguous(p *ColumnProfile, r textReading) {
	if !r.format.Ambiguous {
		return
	}
	say := say(NoteAmbiguous, 0, r.fits, "")
	if r.format.Type == TypeDateTime {
		say.Sentence = "The dates are ambiguous: is 03/04 March 4 or April 3? They were read as " + orderWords[r.format.Order] + ". Check before sending."
		say.Row, say = firstRow(s.texts.onlyDMY.first), say.With(remark.DateOrder, "dmy", "read the day first").With(remark.DateOrder, "mdy", "read the month first")
	} else {
		mark := "dot"
		if r.format.Decimal == ',' {
			mark = "comma"
		}
		say.Sentence = "The numbers are ambiguous: is 1,234 over a thousand or just over one? They were read with the " + mark + " as the decimal mark. Check before sending."
		say = say.With(remark.Decimal, ".", "read the dot as the decimal mark").With(remark.Decimal, ",", "read the comma as the decimal mark")
	}
	if p.Type == TypeText {
		say.Sentence = strings.Replace(say.Sentence, "They were read as", "They would be read as", 1)
		say.Sentence = strings.Replace(say.Sentence, "They were read with", "They would be read with", 1)
		say.Kind = remark.Info // they are sent as text, as they are
	}
	p.Remarks = append(p.Remarks, say)
}

// noteDates says how dates are read.
func (s *columnStats) noteDates(p *ColumnProfile, r textReading) {
	t := &s.texts
	s.ambiguous(p, r)
	if r.format.Order == written.Compact {
		p.Remarks = append(p.Remarks, say(NoteReading, 0, t.compact.n, "Eight digits are read as dates: 20240331 is March 31, 2024.").With(remark.Type, p.Header.Name+"=String", "send them as text"))
	}
	if t.named > t.short.n && p.Type != TypeText {
		p.Remarks = append(p.Remarks, say(NoteReading, 0, t.named, "Dates with the name of a month or of the parts of a date are read as dates."))
	}
	if t.calendar.n > 0 && t.calendar.n == t.dated {
		p.Remarks = append(p.Remarks, say(NoteReading, t.calendar.first[0].Row, t.calendar.n, fmt.Sprintf("The years of dates such as %q are of the Buddhist era, 543 ahead: 2568 is read as 2025.", t.calendar.first[0].Value)).With(remark.Type, p.Header.Name+"=String", "send them as text"))
	}
	if t.short.n > 0 {
		p.Remarks = append(p.Remarks, say(NoteReading, t.short.first[0].Row, t.short.n, fmt.Sprintf("Dates such as %q have years of Japanese eras: R7 is 2025.", t.short.first[0].Value)).With(remark.Type, p.Header.Name+"=String", "send them as text"))
	}
	if t.none.n > 0 {
		p.Remarks = append(p.Remarks, say(NoteNothing, t.none.first[0].Row, t.none.n, fmt.Sprintf("%s %s that there is no date, such as %q, and %s sent as blank.",
			humanize.Count(t.none.n, "value"), humanize.Plural(t.none.n, "says", "say"), t.none.first[0].Value, humanize.Plural(t.none.n, "is", "are"))).On(p.places(t.none.first)...))
	}
	if t.finer.N > 0 {
		p.Remarks = append(p.Remarks, say(NoteFraction, t.finer.Row, t.finer.N, "Fractions of a second are cut after the millisecond."))
	}
	if zone := r.format.Zone; len(t.zones) == 1 && zone != "" {
		note := say(NoteZone, t.zones[0].first[0].Row, t.zones[0].n, fmt.Sprintf("All times have the time zone %s. They are sent as written, without it.", zone))
		if t.zones[0].known && zone != "UTC" {
			note = note.With(remark.Zone, "utc", "convert them to UTC")
		}
		p.Remarks = append(p.Remarks, note)
	}
}

// noteZones says that times have different zones.
func (s *columnStats) noteZones(p *ColumnProfile) {
	t := &s.texts
	var names []string
	known := true
	for _, z := range t.zones {
		name := z.zone
		if name == "" {
			name = "none"
		}
		known = known && z.known
		names = append(names, fmt.Sprintf("%s (%s)", name, humanize.Number(z.n)))
	}
	note := say(NoteZones, 0, s.counts[cell.Text], "The times have different time zones: "+humanize.ListSome(names, 6)+". Nothing is sent until it is decided what to do with them.")
	if known {
		note = note.With(remark.Zone, "utc", "convert them to UTC")
	}
	note = note.With(remark.Zone, "written", "send them as text, as written")
	p.Remarks = append(p.Remarks, note)
}

// noteUnits says that amounts in several currencies or units stay texts.
func (s *columnStats) noteUnits(p *ColumnProfile) {
	var names []string
	var lists [][]Misfit
	for _, u := range s.texts.units {
		if u.unit != "\x00" {
			names = append(names, text.Clean(u.unit))
			lists = append(lists, u.first[:min(1, len(u.first))])
		}
	}
	first := firstMisfits(lists...)
	sentence := "The values look like numbers in " + humanize.List(names) + ", which cannot become one column of numbers, so they are sent as text."
	if len(names) == 1 {
		sentence = fmt.Sprintf("Some values look like numbers in %s, others have no unit or another, so they are sent as text.", names[0])
	}
	p.Remarks = append(p.Remarks, say(NoteMixedCurrency, firstRow(first), s.texts.n, sentence).On(p.places(first)...))
}

// halfSwapped reports whether the dates and texts of a workbook's column look like dates
// written in one order that were read in another: days up to twelve became dates with day and
// month swapped, the others stayed texts.
func (s *columnStats) halfSwapped(days int64) bool {
	t := &s.texts
	return days > 0 && !s.late && t.either.n == 0 && (t.onlyDMY.n > 0) != (t.onlyMDY.n > 0) && 2*(t.onlyDMY.n+t.onlyMDY.n) > t.n-t.nothing.N && t.iso.n == 0
}

// halfSwapped is the same for a text file, in which dates begin with the year.
func (s *dateTexts) halfSwapped() bool {
	return s.yearly > 0 && !s.isoLate && s.either.n == 0 && (s.onlyDMY.n > 0) != (s.onlyMDY.n > 0)
}

// resaved returns the dates of a text file that a spreadsheet has written anew after it took
// their day for the month, and those that it left as they were: the first all have days up to
// twelve, the others above, and they are written in different ways, 5/3/2024 and 13/03/2024.
func (s *dateTexts) resaved() (dates, others tallied) {
	others = s.onlyDMY
	if s.onlyMDY.n > 0 {
		others = s.onlyMDY
	}
	switch {
	case s.yearly > 0 || others.n == 0:
	case s.onlyMDY.n > 0 && s.either.n == 0 && s.dotted.n == s.onlyDMY.n: // 05.03.2024 and 03/13/2024
		return s.dotted, others
	case (s.onlyDMY.n > 0) != (s.onlyMDY.n > 0) && s.either.n > 1 && others.n > 1 && s.eitherLook.Differs(s.onlyLook):
		return s.either, others
	}
	return tallied{}, others
}

// noteResaved warns of such dates.
func (s *columnStats) noteResaved(p *ColumnProfile, dates, others tallied) {
	places := append(p.places(others.first[:min(len(others.first), 3)]), p.places(dates.first[:min(len(dates.first), 2)])...)
	note := say(NoteSwapped, others.first[0].Row, dates.n+others.n, fmt.Sprintf("%s up to 12 as day and month and %s written like %s, the others like %s. The file was probably opened with the wrong order of day and month and saved, so that they are swapped in the first ones. All are sent as text. Have the file exported again.",
		humanize.Count(dates.n, "date")+humanize.Plural(dates.n, " has numbers", " have numbers"), humanize.Plural(dates.n, "is", "are"), s.named(dates.first, 1), s.named(others.first, 1)))
	p.Remarks = append(p.Remarks, note.On(places...))
}

// noteSwapped warns of dates that were probably confused before the file was saved.
func (s *columnStats) noteSwapped(p *ColumnProfile, days int64) {
	texts, order := s.texts.onlyDMY, "the day first"
	if s.texts.onlyMDY.n > 0 {
		texts, order = s.texts.onlyMDY, "the month first"
	}
	dates := firstMisfits(s.firsts[cell.Date], s.firsts[cell.DateTime])
	if len(dates) == 0 {
		for _, m := range s.firsts[cell.Text] {
			if d, ok := written.ParseDate(written.Trim(m.Value)); ok && d.BeginsWithYear() {
				dates = append(dates, m)
			}
		}
	}
	places := append(p.places(texts.first[:min(len(texts.first), 3)]), p.places(dates[:min(len(dates), 2)])...)
	note := say(NoteSwapped, texts.first[0].Row, texts.n+days, fmt.Sprintf("%s are dates, all with a day up to 12: %s. %s are texts with %s: %s. The file was probably opened with the wrong order of day and month, so that day and month of the dates are swapped. All are sent as text. Have the file exported again.",
		humanize.Count(days, "value"), s.named(dates, days), humanize.Count(texts.n, "value"), order, s.named(texts.first, texts.n)))
	p.Remarks = append(p.Remarks, note.On(places...))
}

// noteDamaged says that a spreadsheet has spoiled codes. Such values stay as they are.
func (s *columnStats) noteDamaged(p *ColumnProfile) (damaged bool) {
	t := &s.texts
	note := func(list tallied, sentence string) {
		p.Remarks = append(p.Remarks, say(NoteDamaged, list.first[0].Row, list.n, sentence).On(p.places(list.first)...))
	}
	others := t.n - t.nothing.N - t.large.n
	switch {
	case t.large.n == 0:
	case s.codes, others > 0 && t.long+t.cut.n+t.uncut >= others, others == 0 && t.exponents[0] >= 11 && t.exponents[1]-t.exponents[0] <= 2 && t.large.spreadsheet():
		note(t.large, fmt.Sprintf("%s that a spreadsheet has cut to a number with an exponent, such as %q. The last digits are lost. The column is sent as text, as it is; get the codes from where the file was made.",
			humanize.Count(t.large.n, "value")+humanize.Plural(t.large.n, " looks like a code", " look like codes"), t.large.first[0].Value))
		damaged = true
	}
	if t.cut.n > 1 && t.uncut == 0 {
		note(t.cut, fmt.Sprintf("%s more than 15 digits, and only zeros from the sixteenth on, such as %q: a spreadsheet has cut off the last digits.",
			humanize.Count(t.cut.n, "value")+humanize.Plural(t.cut.n, " has", " have"), t.cut.first[0].Value))
	}
	if t.dayMonth.n > 0 && t.dayMonth.n+t.nothing.N < t.n && slices.ContainsFunc(s.samples, func(v string) bool { return codeLike(v) && !written.DayAndMonth(v) }) {
		note(t.dayMonth, fmt.Sprintf("%s a day and a month, such as %q: a spreadsheet makes that of codes such as SEPT2. The column is sent as text, as it is.",
			humanize.Count(t.dayMonth.n, "value")+humanize.Plural(t.dayMonth.n, " is", " are"), t.dayMonth.first[0].Value))
	}
	if damaged {
		p.Why = "The values are codes that have lost digits."
	}
	return damaged
}

// spreadsheet reports whether numbers are written as spreadsheets show long ones: 4.01235E+12.
func (t tallied) spreadsheet() bool {
	full, even := 0, true // full: those that fill the width; zeros at the end are not shown
	for _, m := range t.first {
		i := strings.Index(m.Value, "E+")
		if i < 1 || i > 7 || len(m.Value) != i+4 {
			return false
		}
		if even = even && i == 4; i == 7 { // 4.01E+12 in all, or 4.01235E+12 in one
			full++
		}
	}
	return full > 0 || even
}
