package infer

import (
	"fmt"
	"strconv"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
)

// remark adds the remarks that a column's cells call for.
func (s *columnStats) remark(p *ColumnProfile) {
	note := func(code string, count int64, row int, sentence string) {
		p.Remarks = append(p.Remarks, say(code, row, count, sentence))
	}
	// counted is for "3 cells hold ..., first in row 5."
	counted := func(code string, t cell.Tally, noun, one, many, what, then string) {
		if t.N > 0 {
			note(code, t.N, t.Row, fmt.Sprintf("%s %s %s, first in row %s. %s", humanize.Count(t.N, noun), humanize.Plural(t.N, one, many), what, humanize.Number(t.Row), then))
		}
	}
	if s.percent > 0 {
		note(NotePercent, s.percent, 0, "Percentages are sent as fractions: 25 % is 0.25.")
	}
	if s.currency > 0 {
		note(NoteCurrency, s.currency, 0, "Amounts of money are sent as numbers, without the currency symbol.")
		if n := s.currenciesSeen(); n > 1 {
			note(NoteMixedCurrency, s.currency, 0, fmt.Sprintf("The amounts are in %d different currencies, which the numbers alone do not show.", n))
		}
	}
	if n := s.counts[cell.Error]; n > 0 {
		first := s.firsts[cell.Error][0]
		note(NoteErrors, n, first.Row, fmt.Sprintf("%s %s an error, first %s in row %s. Errors are sent as blank.",
			humanize.Count(n, "cell"), humanize.Plural(n, "holds", "hold"), first.Value, humanize.Number(first.Row)))
	}
	counted(NoteUncalculated, s.uncalculated, "cell", "holds", "hold", "a formula without its result",
		"Such cells are sent as blank. Open the file in Excel and save it, so that the results are stored.")
	counted(NoteRounded, s.rounded, "number", "has", "have", "more than 15 digits", "Excel keeps only 15 and has already rounded them.")
	if s.long.cut.N > 1 && s.long.others == 0 && 2*s.long.sharp > s.long.cut.N {
		counted(NoteDamaged, s.long.cut, "number", "has", "have", "more than 15 digits, and only zeros from the sixteenth on", "A spreadsheet has cut off the last digits.")
	}
	if s.rounded.N == 0 && s.fractions.N == 0 && s.beyondExact() {
		note(NoteRounded, 0, 0, "Some whole numbers are beyond 9,007,199,254,740,992; Excel does not keep all digits of such numbers.")
	}
	if p.OfferType != "" {
		becomes := "With the suggested type they are sent as blank."
		if p.Type == TypeText {
			becomes = NothingAsText + " " + becomes
		}
		counted(NoteNothing, s.texts.nothing, "value", "means", "mean", "that nothing is known, such as "+quoteNothing(s.texts.nothingWord), becomes)
	}
	if p.Type == TypeText {
		counted(NoteZeroPadded, s.padded, "number", "is", "are", "shown with leading zeros", "Such numbers are sent as text, with the zeros.")
	}
	if n := s.counts[cell.Duration]; n > 0 && p.Type == TypeDuration {
		note(NoteDuration, n, 0, "Durations are sent as hours: 26:30 is 26.5.")
	}
	if n := s.counts[cell.Time]; n > 0 && p.Type == TypeText {
		note(NoteTime, n, 0, "Times of day are sent as text: 18:00:00.")
	}
	counted(NoteBadDate, s.badDate, "number", "has", "have", "a date format but cannot be a date", "Excel shows such cells as ####.")
	counted(NoteBadDate, s.leapDay, "date", "is", "are", "29 February 1900, a day that never existed", "It is read as 28 February 1900.")
}

// NothingAsText says what becomes of values that mean nothing in a column of text.
const NothingAsText = "They are sent as text, as written."

// quoteNothing quotes a word for a missing value. One of blanks has nothing to quote.
func quoteNothing(word string) string {
	if strings.TrimSpace(word) == "" {
		return "one of blanks"
	}
	return strconv.Quote(word)
}
