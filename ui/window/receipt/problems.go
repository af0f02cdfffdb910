package receipt

import (
	"fmt"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/table"
	"pushdesk/ui/window/widget"
)

// Listed says how many problems there were, of which the first are listed.
func Listed(r history.Receipt) string {
	var all int64
	for _, c := range r.ProblemCounts {
		all += c.Count
	}
	if all > int64(len(r.Problems)) {
		return fmt.Sprintf("The first %s of %s problems are listed.", humanize.Number(len(r.Problems)), humanize.Number(all))
	}
	return humanize.Count(len(r.Problems), "problem") + "."
}

// Problems shows what was wrong with rows in a grid.
type Problems []mapping.Problem

func (p Problems) Rows() int { return len(p) }
func (Problems) Columns() []table.Column {
	return []table.Column{{Name: "Cell"}, {Name: "Column"}, {Name: "Value"}, {Name: "Problem"}, {Name: "What to do"}}
}
func (p Problems) RowName(row int) string {
	if row >= len(p) {
		return ""
	}
	return fmt.Sprint(p[row].Row)
}
func (p Problems) Cell(row, column int) table.Cell {
	x := p[row]
	tone := widget.Error
	if x.Severity == mapping.SeverityNote {
		tone = widget.Neutral
	}
	switch column {
	case 0:
		return table.Cell{Text: x.Address}
	case 1:
		return table.Cell{Text: x.Column}
	case 2:
		return table.Cell{Text: x.Value, Tone: tone}
	case 3:
		return table.Cell{Text: x.Rule}
	}
	return table.Cell{Text: x.Advice}
}
