package infer

import (
	"slices"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/infer/words"
)

// verdict is what becomes of a line.
type verdict uint8

const (
	ordinary  verdict = iota // a row like any other; nothing is said
	suspected                // kept, and said
	apart                    // left out, and said
)

// judge decides what becomes of the lines, now that the types of the columns are known,
// and returns those that are left out.
func (p *Profiler) judge(columns []ColumnProfile) (left []line) {
	labels := groupLabels(p.lines, p.first)
	for i := range p.lines {
		l := &p.lines[i]
		// Where all lines are kept, the columns have the types that the lines gave them.
		l.misfits, l.lastLine = p.keep == KeepAll || !fits(l.row.Cells, columns), l.row.Number > p.last
	}
	noted := false // a note was below the rows
	for i := range p.lines {
		l := &p.lines[i]
		l.verdict = p.verdictOf(l, columns, labels)
		if l.kind == noteLine && l.below {
			first := FirstFilled(l.row.Cells)
			noted = noted || l.verdict == apart && words.Note(cell.Display(l.row.Cells[first]))
			if noted && l.verdict == suspected && onlyTexts(l.row.Cells) {
				l.verdict = apart
			}
		}
		switch {
		case l.verdict == ordinary:
			continue
		case p.keep == KeepAll:
			l.verdict = suspected
		case p.keep == KeepNone:
			l.verdict = apart
		}
		if l.verdict == apart {
			left = append(left, *l)
		}
	}
	return left
}

// labelLines are the lines with nothing but a label.
type labelLines struct {
	n      int
	groups bool // they certainly name groups: several, all in the first column, and every row is below one
}

// groupLabels looks for labels among the lines; first is the first row of data.
func groupLabels(lines []line, first int) (labels labelLines) {
	for i := range lines {
		l := &lines[i]
		if l.kind != labelLine {
			continue
		}
		if labels.n++; labels.n == 1 {
			labels.groups = first > l.row.Number
		}
		labels.groups = labels.groups && FirstFilled(l.row.Cells) == 0
	}
	labels.groups = labels.groups && labels.n > 1
	return labels
}

func (p *Profiler) verdictOf(l *line, columns []ColumnProfile, labels labelLines) verdict {
	switch l.kind {
	case ruleLine, nameLine, titleLine, unitLine, pageLine:
		return apart
	case totalLine:
		if l.bare {
			switch {
			case l.sums && l.emphatic:
				return apart
			case l.sums && (FirstFilled(l.row.Cells) > 0 || FirstFilled(l.row.Cells[1:]) >= 0): // a lone number in the first column is a key
				return suspected
			}
			l.kind = noteLine
			return p.noteVerdict(l)
		}
		switch looks := l.mark == words.Plain || l.lastLine || bare(l.row.Cells, columns); {
		case l.sums, looks && l.misfits:
			return apart
		case looks:
			return suspected
		}
	case meanLine:
		switch {
		case l.sums && l.few && !l.misfits && words.Size(firstText(l.row.Cells)): // a size named like an average, by chance
			return suspected
		case l.sums || l.misfits:
			return apart
		}
	case labelLine:
		switch {
		case l.misfits && labels.groups:
			return apart
		case l.misfits || labels.n > 1:
			return suspected
		}
	case noteLine:
		return p.noteVerdict(l)
	case tableLine:
		if p.sieve.differs(l.row) {
			return suspected
		}
	}
	return ordinary
}

// noteVerdict judges a line below the last row.
func (p *Profiler) noteVerdict(l *line) verdict {
	first := FirstFilled(l.row.Cells)
	if first < 0 {
		return ordinary
	}
	label := ""
	if c := &l.row.Cells[first]; PlainText(c) || c.Kind == cell.Text && words.Count(c.Text) {
		label = strings.TrimSpace(c.Text)
	}
	single := FirstFilled(l.row.Cells[first+1:]) < 0
	note := words.Note(label) && !slices.ContainsFunc(p.columns[first].samples, words.Note) // else rows begin so, too
	switch {
	case single && l.about.Gap && p.sieve.width > 2 && strings.Count(strings.TrimSpace(cell.Display(l.row.Cells[first])), " ") > 2: // a sentence, or when it was printed
		return apart
	case single && (words.Count(label) || note && (l.about.Gap || strings.Contains(label, " "))), l.misfits && label != "" && (first == 0 || l.below):
		return apart
	case l.below && single && label != "" && p.sieve.width > 2:
		return apart
	case l.below, l.misfits && label != "", single && words.Note(label):
		return suspected
	case single && p.sieve.width > 2 && p.sieve.shorts == 0 && label != "" && p.rows > 1: // no other line has so little
		return suspected
	case single && p.sieve.width > 1 && p.sieve.shorts == 0 && p.rows > 1 && strings.Contains(label, ": "): // Office: Vienna
		return suspected
	case single && p.sieve.width > 2 && strings.Count(label, " ") > 3 && len(label) > 2*p.columns[first].longest:
		return suspected
	}
	return ordinary
}

// onlyTexts reports whether a line holds nothing but texts.
func onlyTexts(cells []cell.Cell) bool {
	for i := range cells {
		if c := &cells[i]; c.Kind != cell.Blank && !PlainText(c) {
			return false
		}
	}
	return true
}

// bare reports whether a line has nothing in the other columns of text, which the rows fill.
func bare(cells []cell.Cell, columns []ColumnProfile) bool {
	first, others := FirstFilled(cells), 0
	for i := range columns {
		if i == first || columns[i].Type != TypeText && columns[i].Type != TypeDateTime || columns[i].Counts[cell.Blank]*2 > columns[i].filled() {
			continue
		}
		if others++; i < len(cells) && cells[i].Kind != cell.Blank {
			return false
		}
	}
	return others > 0
}

func (p *ColumnProfile) filled() (n int64) {
	for kind, count := range p.Counts {
		if cell.Kind(kind) != cell.Blank {
			n += count
		}
	}
	return n
}

// fits reports whether the values of a line are of the types of their columns.
func fits(cells []cell.Cell, columns []ColumnProfile) bool {
	for i := range cells[:min(len(cells), len(columns))] {
		if !columns[i].takes(&cells[i]) {
			return false
		}
	}
	return true
}

// takes reports whether a value is of the type of the column.
func (p *ColumnProfile) takes(c *cell.Cell) bool {
	switch c.Kind {
	case cell.Blank, cell.Error:
		return true
	case cell.Text:
		if p.Type == TypeText || meansNothing(c.Text) {
			return true
		}
		_, ok := p.Text.Read(c.Text)
		return ok
	case cell.Number:
		return p.Type != TypeDateTime && p.Type != TypeBoolean && p.Type != TypeDuration
	case cell.Date, cell.DateTime:
		return p.Type == TypeDateTime || p.Type == TypeText
	case cell.Time, cell.Duration:
		return p.Type == TypeDuration || p.Type == TypeText
	}
	return p.Type == TypeBoolean || p.Type == TypeText
}

// kept adds the lines that are rows after all, and reports whether there are any.
func (p *Profiler) kept() (some bool) {
	if p.keep == KeepAll {
		return false
	}
	for _, l := range p.lines {
		if l.verdict != apart {
			p.labels.total = l.kind == totalLine
			p.labels.kept(l.row, l.full)
			p.count(cell.Row{Number: l.row.Number, Cells: l.full}, l.about)
			some = true
		}
	}
	p.labels.total = false
	return some
}
