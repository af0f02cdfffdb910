package upload

import (
	"fmt"
	"slices"
	"strings"

	"pushdesk/storage/workbook/infer"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook"
	"pushdesk/ui/window/table"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// previewRows shows the rows of a reading in a grid: the first ones, and all of
// them as soon as they were read.
type previewRows struct{ job.Reading }

func (p previewRows) Rows() int {
	if p.Pages != nil {
		return int(p.Pages.Rows())
	}
	return len(p.Preview)
}

// at gives a row. It comes from memory, or from a file on this computer.
func (p previewRows) at(row int) (cell.Row, bool) {
	if p.Pages != nil {
		return p.Pages.Row(int64(row))
	}
	if row >= len(p.Preview) {
		return cell.Row{}, false
	}
	return p.Preview[row], true
}

func (p previewRows) Columns() []table.Column {
	columns := make([]table.Column, len(p.Layout.Headers))
	for i, h := range p.Layout.Headers {
		t := p.Profile.Columns[i].Type
		word := job.DataType(t).Label()
		if t == infer.TypeDuration {
			word = "Duration"
		}
		if p.Profile.Provisional {
			word += ", so far"
		}
		tone := widget.Neutral
		if _, problems := p.Profile.Columns[i].Problems(); problems > 0 {
			word += ", " + humanize.Count(problems, "problem")
			tone = widget.Warning
		}
		columns[i] = table.Column{Name: h.Name, Type: word, Icon: typeIcon(job.DataType(t)), Right: t == infer.TypeWhole || t == infer.TypeDecimal, Tone: tone}
	}
	return columns
}

func (p previewRows) RowName(row int) string {
	r, ok := p.at(row)
	if !ok {
		return ""
	}
	return fmt.Sprint(r.Number)
}

func (p previewRows) Cell(row, column int) table.Cell {
	r, ok := p.at(row)
	if !ok || column >= len(r.Cells) {
		return table.Cell{Muted: true}
	}
	c := r.Cells[column]
	switch c.Kind {
	case cell.Blank:
		return table.Cell{Text: "", Muted: true}
	case cell.Error:
		return table.Cell{Text: c.Text, Tone: widget.Warning, Note: "The cell shows an error; it is sent as blank."}
	}
	return table.Cell{Text: cell.Display(c)}
}

// summary says what was found in a file, in a few sentences.
func summary(r job.Reading) string {
	columns := humanize.Count(len(r.Layout.Headers), "column")
	said := []string{r.Layout.Why}
	if r.Profile.Provisional {
		said = append(said, columns+".")
	} else {
		said = append(said, humanize.Count(r.Profile.Rows, "row")+", "+columns+".")
	}
	for _, n := range r.Remarks() {
		if n.Column == "" { // the columns say theirs in the Columns step
			said = append(said, n.Sentence)
		}
	}
	if r.Pages == nil && len(r.Preview) > 0 && r.Profile.Rows > int64(len(r.Preview)) {
		said = append(said, fmt.Sprintf("The first %d rows are shown.", len(r.Preview)))
	}
	return strings.Join(said, " ")
}

// sourceWord names a source of rows.
func sourceWord(s workbook.Source) string {
	word := s.Name
	switch s.Kind {
	case workbook.SourceTable:
		word += " (table in " + s.Sheet + ")"
	case workbook.SourceRange:
		word += " (range " + s.Range.String() + " in " + s.Sheet + ")"
	}
	if s.Hidden {
		word += ", hidden"
	}
	return word
}

func typeIcon(t powerbi.DataType) theme.Icon {
	switch t {
	case powerbi.Int64:
		return theme.IconWhole
	case powerbi.Double, powerbi.Decimal:
		return theme.IconDecimal
	case powerbi.Boolean:
		return theme.IconBoolean
	case powerbi.DateTime:
		return theme.IconDateTime
	}
	return theme.IconText
}

// delimiters are those a person can choose.
var delimiters = []struct {
	mark rune
	word string
}{{0, "Found"}, {',', "Commas"}, {';', "Semicolons"}, {'\t', "Tabs"}, {'|', "Bars"}}

// delimiterWords are the options; the first one says what was found.
func delimiterWords(found rune) (words []string) {
	word := "one column"
	for _, d := range delimiters {
		if words = append(words, d.word); d.mark == found && found != 0 {
			word = strings.ToLower(d.word)
		} else if found != 0 && word == "one column" {
			word = fmt.Sprintf("%q", found)
		}
	}
	words[0] = strings.ToUpper(word[:1]) + word[1:] + ", found"
	return words
}

// encodingWords are the options; the first one says what was found.
func encodingWords(found string) []string {
	short, _, _ := strings.Cut(workbook.EncodingName(found), " (")
	words := []string{short + ", found"}
	for _, name := range workbook.Encodings {
		words = append(words, workbook.EncodingName(name))
	}
	return words
}

func delimiterIndex(mark rune) int {
	for i, d := range delimiters {
		if d.mark == mark {
			return i
		}
	}
	return 0
}

// quotes are the marks a person can choose.
var quotes = []struct {
	mark rune
	word string
}{{0, ""}, {'"', `Double "`}, {'\'', "Single '"}, {workbook.NoQuote, "None"}}

// quoteWords are the options; the first one says what was found.
func quoteWords(found rune) (words []string) {
	for _, q := range quotes {
		words = append(words, q.word)
	}
	words[0] = words[quoteIndex(found)] + ", found"
	return words
}

func quoteIndex(mark rune) int {
	for i, q := range quotes {
		if q.mark == mark {
			return i
		}
	}
	return 0
}

// encodingIndex is where an encoding stands in its select, in which the first
// option leaves it to be found.
func encodingIndex(name string) int {
	return slices.Index(workbook.Encodings, name) + 1
}
