package workbook

import (
	"fmt"
	"math"
	"strings"

	"pushdesk/storage/cell"
)

// remark adds the notes that a column's cells call for.
func (s *columnStats) remark(p *ColumnProfile) {
	add := func(kind NoteKind, t tally, sentence string) {
		if t.n > 0 {
			p.Notes = append(p.Notes, Note{kind, fmt.Sprintf(sentence, grouped(t.n), grouped(int64(t.row))), t.row, t.n})
		}
	}
	if s.percent > 0 {
		p.Notes = append(p.Notes, Note{Kind: NotePercent, Sentence: "Percentages are sent as fractions: 25 % is 0.25.", Count: s.percent})
	}
	if s.currency > 0 {
		p.Notes = append(p.Notes, Note{Kind: NoteCurrency, Sentence: "Amounts of money are sent as numbers, without the currency symbol.", Count: s.currency})
		if n := s.currenciesSeen(); n > 1 {
			p.Notes = append(p.Notes, Note{Kind: NoteMixedCurrency, Count: s.currency,
				Sentence: fmt.Sprintf("The amounts are in %d different currencies, which the numbers alone do not show.", n)})
		}
	}
	if errors := s.counts[cell.Error]; errors > 0 {
		first := s.firsts[cell.Error][0]
		p.Notes = append(p.Notes, Note{NoteErrors, fmt.Sprintf("%s %s an error, first %s in row %s. Errors are sent as blank.",
			grouped(errors), are(errors, "cell holds", "cells hold"), first.Value, grouped(int64(first.Row))), first.Row, errors})
	}
	add(NoteUncalculated, s.uncalculated, "%s cells hold a formula without its result, first in row %s. They are sent as blank. Open the file in Excel and save it, so that the results are stored.")
	add(NoteRounded, s.rounded, "%s numbers have more than 15 digits, first in row %s. Excel keeps 15 and has rounded them already.")
	if s.rounded.n == 0 && s.fractions.n == 0 && s.beyondExact() {
		p.Notes = append(p.Notes, Note{Kind: NoteRounded, Sentence: "Some whole numbers are beyond 9,007,199,254,740,992; Excel does not keep all digits of such numbers."})
	}
	if t := s.texts.nothing; t.n > 0 && p.OfferType != "" {
		p.Notes = append(p.Notes, Note{NoteNothing, fmt.Sprintf("%s %s for nothing, such as %q, first in row %s. With the type that is offered they can be sent as blank.",
			grouped(t.n), are(t.n, "value stands", "values stand"), s.texts.nothingWord, grouped(int64(t.row))), t.row, t.n})
	}
	if p.Type == TypeText {
		add(NoteZeroPadded, s.padded, "%s numbers are shown with leading zeros, first in row %s. They are sent as text, with the zeros.")
	}
	if s.counts[cell.Duration] > 0 && p.Type == TypeDuration {
		p.Notes = append(p.Notes, Note{Kind: NoteDuration, Sentence: "Durations are sent as hours: 26:30 is 26.5.", Count: s.counts[cell.Duration]})
	}
	if times := s.counts[cell.Time]; times > 0 && p.Type == TypeText {
		p.Notes = append(p.Notes, Note{Kind: NoteTime, Sentence: "Times of day are sent as text: 18:00:00.", Count: times})
	}
	add(NoteBadDate, s.badDate, "%s numbers have a date format but are beyond every date, first in row %s. Excel shows them as ####.")
	add(NoteBadDate, s.leapDay, "%s dates are 29 February 1900, a day that never was, first in row %s. They are read as 28 February 1900.")
}

func are(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// profileNotes says what is worth knowing about the rows as a whole.
func (r *Reader) profileNotes() []Note {
	var all []Note
	if r.hidden > 0 {
		all = append(all, Note{Kind: NoteHidden, Count: r.hidden, Sentence: fmt.Sprintf(
			"%s %s hidden in the sheet, for example by a filter. Hidden rows are included.", grouped(r.hidden), are(r.hidden, "row is", "rows are"))})
	}
	if r.outside > 0 {
		all = append(all, Note{Kind: NoteOutside, Count: r.outside, Sentence: fmt.Sprintf(
			"%s %s beside the columns found, first in %s. Choose a range to include such cells.", grouped(r.outside), are(r.outside, "value stands", "values stand"), r.outsideAt)})
	}
	columns := len(r.layout.Headers)
	if t := r.short; t.n > 0 {
		all = append(all, Note{NoteRagged, fmt.Sprintf("%s rows have fewer than %d fields, first in line %s. The missing ones are blank.", grouped(t.n), columns, grouped(int64(t.row))), t.row, t.n})
	}
	return all
}

// hiddenColumns adds a note to the columns that the sheet hides.
func (r *Reader) hiddenColumns(columns []ColumnProfile) {
	sheet, ok := r.rows.(*sheetRows)
	if !ok {
		return
	}
	for i := range columns {
		for _, span := range sheet.hiddenCol {
			if at := columns[i].Header.Column; at >= span[0] && at <= span[1] {
				columns[i].Notes = append(columns[i].Notes, Note{Kind: NoteHidden, Sentence: "The column is hidden in the sheet. It is included all the same."})
				break
			}
		}
	}
}

// Tail is what stands below the rows of a table and is none of them: totals, notes.
type Tail struct {
	FirstRow int    // of the sheet; 0 = there is nothing
	Why      string // a sentence, such as: Row 12 is the total of the rows above.
	// Certain tells that no row of data looks like this: a total that is the sum of
	// the rows above it, or a note of one cell below blank rows.
	Certain bool
}

// tail looks out for totals and notes below the rows.
type tail struct {
	last     int
	total    int  // number of the last row, if it starts with a word for a total
	sums     bool // and holds the sum of a column
	afterGap int  // rows since the last gap in the numbers
	gapRow   int  // the first row after it
	widest   int  // most values in a row since the gap
	numbers  bool // one of them is no text
}

var totalWords = []string{"total", "totals", "grand total", "subtotal", "sum", "summe", "gesamt", "gesamtsumme", "somme", "totale", "suma", "totaal"}

// add takes a row; columns are the sums of the rows before it.
func (t *tail) add(row Row, columns []columnStats) {
	if t.last > 0 && row.Number > t.last+1 {
		t.afterGap, t.gapRow, t.widest, t.numbers = 0, row.Number, 0, false
	}
	t.last = row.Number
	t.afterGap++
	t.total, t.sums = 0, false
	filled := 0
	for i := range row.Cells {
		if row.Cells[i].Kind == cell.Blank {
			continue
		}
		if filled++; filled == 1 && row.Cells[i].Kind == cell.Text && startsTotal(row.Cells[i].Text) {
			t.total, t.sums = row.Number, sumsUp(row, columns)
		}
		t.numbers = t.numbers || row.Cells[i].Kind != cell.Text
		if t.gapRow == 0 && filled > 0 {
			break // only the first value matters
		}
	}
	t.widest = max(t.widest, filled)
}

func startsTotal(text string) bool {
	if len(text) > 40 || len(text) < 3 {
		return false
	}
	text = strings.TrimLeft(text, " \t")
	for _, word := range totalWords {
		if startsWith(text, word) && (len(text) == len(word) || strings.IndexByte(" :.\t", text[len(word)]) >= 0) {
			return true
		}
	}
	return false
}

// sumsUp tells whether a row holds the sum of the numbers above in every column in
// which it has a number, and in one of them that of several.
func sumsUp(row Row, columns []columnStats) bool {
	some := false
	for i := range row.Cells[:min(len(row.Cells), len(columns))] {
		c, s := &row.Cells[i], &columns[i]
		if c.Kind != cell.Number {
			continue
		}
		if s.counts[cell.Number] == 0 || math.Abs(c.Float-s.sum) > 1e-6*max(1, math.Abs(s.sum)) {
			return false
		}
		some = some || c.Float != 0 && s.counts[cell.Number] > 1
	}
	return some
}

// found says what stands below the rows.
func (t *tail) found(columns int) Tail {
	switch {
	case t.total > 0 && t.sums:
		return Tail{t.total, fmt.Sprintf("Row %s is the total of the rows above.", grouped(int64(t.total))), true}
	case t.total > 0:
		return Tail{t.total, fmt.Sprintf("Row %s, the last one, looks like a total and not like data.", grouped(int64(t.total))), false}
	case t.gapRow > 0 && t.afterGap <= 5 && t.widest*2 < columns:
		return Tail{t.gapRow, fmt.Sprintf("Below blank rows, from row %s on, there are notes rather than data.", grouped(int64(t.gapRow))), t.widest == 1 && !t.numbers && columns > 2}
	}
	return Tail{}
}

// LeftOut says that it is left out, and why.
func (t Tail) LeftOut() string {
	return fmt.Sprintf("%s Everything from row %s on is left out.", t.Why, grouped(int64(t.FirstRow)))
}

func (t Tail) notes(rows int64) []Note {
	if t.FirstRow == 0 {
		return nil
	}
	return []Note{{NoteTotal, t.Why + " Leave it out, or choose a range.", t.FirstRow, rows}}
}
