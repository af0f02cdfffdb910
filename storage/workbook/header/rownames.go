package header

import (
	"strconv"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/written"
)

// RowNames reports whether the first column of a sheet holds names of its rows that have no
// name themselves, as programs for statistics write them, so that all names stand one column
// too far to the left: the last column has none, the first holds different texts or the
// numbers from one on below the name of a measure, and the others only numbers where the
// first are texts.
func RowNames(grid []SampleRow, headers []infer.Header, from int) bool {
	n := len(headers)
	if n < 3 || headers[n-1].Raw != "" || !measures[strings.ToLower(headers[0].Name)] {
		return false
	}
	for _, h := range headers[:n-1] {
		if h.Raw == "" {
			return false
		}
	}
	rows, counted := 0, true
	seen := map[string]bool{}
	for _, row := range grid {
		if row.Number < from {
			continue
		}
		rows++
		first, last := row.At(headers[0].Column), row.At(headers[n-1].Column)
		if infer.IsBlank(&first) || infer.IsBlank(&last) || seen[cell.Display(first)] {
			return false
		}
		seen[cell.Display(first)] = true
		counted = counted && cell.Display(first) == strconv.Itoa(rows)
		for _, h := range headers[1:] {
			c := row.At(h.Column)
			if !counted && !infer.IsBlank(&c) && c.Kind != cell.Number && (c.Kind != cell.Text || !infer.IsAmount(c.Text) && !written.Nothing(c.Text)) {
				return false
			}
		}
		if !counted && !infer.PlainText(&first) {
			return false
		}
	}
	return rows > 1 && (!counted || rows > 2)
}

// measures are names of columns that hold numbers: above a column of texts they are those of
// the next one.
var measures = func() map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields("estimate est coef coefficient beta se sd std std.error stderr mean median min max sum var variance n df p p.value p-value pvalue pr(>|t|) t t.value z z.value f f.value statistic value lower upper conf.low conf.high count freq total percent pct share rate score weight height mpg amount price qty quantity wert mittelwert menge preis betrag anzahl summe valeur moyenne montant prix quantité valor media importe precio cantidad valore prezzo quantità waarde aantal prijs wartość cena ilość") {
		all[word] = true
	}
	return all
}()

// WholeLines returns the delimiter of a column whose cells hold whole lines of a text file
// with delimiters: the names and all rows have equally many of it; 0 when it does not.
func WholeLines(grid []SampleRow, column int) byte {
	for _, mark := range []byte{';', '\t', '|', ','} {
		count, rows := 0, 0
		for _, row := range grid {
			c := row.At(column)
			n := marks(c.Text, mark)
			if c.Kind != cell.Text || n == 0 || rows > 0 && n != count || strings.Contains(c.Text, ", ") && !strings.Contains(c.Text, `"`) && mark == ',' {
				rows = 0
				break
			}
			count = n
			rows++
		}
		if rows > 2 || rows > 1 && count > 1 {
			return mark
		}
	}
	return 0
}

// marks counts a letter outside of quotes.
func marks(text string, mark byte) (n int) {
	quoted := false
	for i := range len(text) {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == mark && !quoted:
			n++
		}
	}
	return n
}
