// Package preview shows the rows of a file in a grid.
package preview

import (
	"fmt"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/infer"
	"pushdesk/ui/window/table"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Rows are the rows of a reading as the source of a grid: the first ones, and all of
// them as soon as they were read.
type Rows struct{ job.Reading }

// Rows implements table.Source.
func (p Rows) Rows() int {
	if p.Pages != nil {
		return int(p.Pages.Rows())
	}
	return len(p.Preview)
}

// at gives a row. It comes from memory, or from a file on this computer.
func (p Rows) at(row int) (cell.Row, bool) {
	if p.Pages != nil {
		return p.Pages.Row(int64(row))
	}
	if row >= len(p.Preview) {
		return cell.Row{}, false
	}
	return p.Preview[row], true
}

// Columns implements table.Source.
func (p Rows) Columns() []table.Column {
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

// RowName implements table.Source.
func (p Rows) RowName(row int) string {
	r, ok := p.at(row)
	if !ok {
		return ""
	}
	return fmt.Sprint(r.Number)
}

// Cell implements table.Source.
func (p Rows) Cell(row, column int) table.Cell {
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

// typeIcon is the sign of a type.
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
