package infer

import (
	"fmt"
	"math"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/numeric"
)

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
func (t *tail) add(row cell.Row, columns []columnStats) {
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
		if numeric.StartsWith(text, word) && (len(text) == len(word) || strings.IndexByte(" :.\t", text[len(word)]) >= 0) {
			return true
		}
	}
	return false
}

// sumsUp reports whether a row holds the sum of the numbers above in every column in
// which it has a number, and in one of them that of several.
func sumsUp(row cell.Row, columns []columnStats) bool {
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

// found says what is below the rows.
func (t *tail) found(columns int) Tail {
	switch {
	case t.total > 0 && t.sums:
		return Tail{t.total, fmt.Sprintf("Row %s is the total of the rows above.", humanize.Number(t.total)), true}
	case t.total > 0:
		return Tail{t.total, fmt.Sprintf("The last row, %s, looks like a total, not like data.", humanize.Number(t.total)), false}
	case t.gapRow > 0 && t.afterGap <= 5 && t.widest*2 < columns:
		return Tail{t.gapRow, fmt.Sprintf("From row %s on, below blank rows, there are notes rather than data.", humanize.Number(t.gapRow)), t.widest == 1 && !t.numbers && columns > 2}
	}
	return Tail{}
}

func (t Tail) remarks(rows int64) []remark.Remark {
	if t.FirstRow == 0 {
		return nil
	}
	return []remark.Remark{say(NoteTotal, t.FirstRow, rows, t.Why+" It is sent like any other row.").With(remark.LeaveTotal, "", "leave it out")}
}
