package workbook

import (
	"slices"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
	"pushdesk/storage/workbook/internal/delimited"
	"pushdesk/storage/workbook/internal/format"
)

// cleaned are the rows of a workbook without what is no part of its texts: control
// characters, which workbooks may hold (as _x0000_ in XML) and Power BI does not keep, the
// formula around a text, and the words of databases for nothing. In text files they are
// dropped while these are read.
type cleaned struct {
	format.Rows
	column   int // of the first cell
	blanked  bool
	controls dropped
	formulas dropped
	nulls    dropped
	marks    dropped // \N
}

// dropped counts what was dropped, and where.
type dropped struct {
	first  int // row of the first one
	n      int64
	places []string
}

func (d *dropped) add(row, column int, n int64) {
	if d.n += n; d.first == 0 {
		d.first = row
	}
	if len(d.places) <= remark.MostPlaces { // the last one is only known to be there
		d.places = append(d.places, cell.Address(row, column))
	}
}

func (c *cleaned) Next() bool {
	if c.blanked = false; !c.Rows.Next() {
		return false
	}
	cells := c.Cells()
	if touched, ok := c.Touched(); ok {
		for _, at := range touched {
			if at < len(cells) {
				c.clean(cells, at)
			}
		}
		return true
	}
	for at := range cells {
		c.clean(cells, at)
	}
	return true
}

func (c *cleaned) clean(cells []cell.Cell, at int) {
	if cells[at].Kind != cell.Text {
		return
	}
	text := cells[at].Text
	if controlled(text) {
		n := int64(0)
		text = strings.Map(func(r rune) rune {
			if r < 0x80 && isControl(byte(r)) {
				n++
				return -1
			}
			return r
		}, text)
		cells[at].Text = text
		c.controls.add(c.Number(), c.column+at, n)
	}
	if len(text) > 3 && text[:2] == `="` && text[len(text)-1] == '"' && !strings.Contains(text[2:len(text)-1], `"`) {
		cells[at].Text = text[2 : len(text)-1]
		c.formulas.add(c.Number(), c.column+at, 1)
	}
	if mark := text == `\N`; mark || delimited.IsNull(text) {
		cells[at], c.blanked = cell.Cell{}, true
		of := &c.nulls
		if mark {
			of = &c.marks
		}
		of.add(c.Number(), c.column+at, 1)
	}
}

// Empty implements format.Rows.
func (c *cleaned) Empty() bool {
	return c.Rows.Empty() || c.blanked && infer.FirstFilled(c.Cells()) < 0
}

func controlled(text string) bool {
	for i := range len(text) {
		if isControl(text[i]) {
			return true
		}
	}
	return false
}

func isControl(b byte) bool {
	return b < ' ' && b != '\t' && b != '\n' && b != '\r' || b == 0x7f
}

// Remarks implements format.Rows.
func (c *cleaned) Remarks() []remark.Remark {
	all := c.Rows.Remarks()
	say := func(d dropped, kind remark.Kind, code, what, many, then string) {
		if d.n == 0 {
			return
		}
		places := d.places[:min(len(d.places), remark.MostPlaces)]
		where := slices.Clone(places)
		if len(d.places) > len(places) {
			where = append(where, "more")
		}
		all = append(all, remark.New(kind, code, "%s (%s). %s", humanize.Count(d.n, what, many), humanize.List(where), then).At(d.first, d.n).On(places...))
	}
	say(c.controls, remark.Damage, "control-characters", "control character was dropped", "control characters were dropped", "They are not part of any value.")
	say(c.formulas, remark.Change, "formula-text", `value is written as a formula, such as ="007"`, `values are written as formulas, such as ="007"`, "What stands in its quotes is the value.")
	say(c.marks, remark.Change, "null-marks", `value is \N, the sign of databases for nothing`, `values are \N, the sign of databases for nothing`, "Such values are blank.")
	say(c.nulls, remark.Change, "null-words", "value is NULL, the word of databases for nothing", "values are NULL, the word of databases for nothing", "Such values are blank.")
	return all
}
