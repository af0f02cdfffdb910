package workbook

import (
	"slices"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/format"
)

// cleaned are the rows of a workbook without the control characters of its texts, which
// workbooks may hold (as _x0000_ in XML) and Power BI does not keep. Those of text files are
// dropped while their bytes are decoded.
type cleaned struct {
	format.Rows
	column int // of the first cell
	first  int // row of the first one that was dropped
	n      int64
	places []string
}

func (c *cleaned) Next() bool {
	if !c.Rows.Next() {
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
	if cells[at].Kind != cell.Text || !controlled(cells[at].Text) {
		return
	}
	cells[at].Text = strings.Map(func(r rune) rune {
		if r < 0x80 && isControl(byte(r)) {
			c.n++
			return -1
		}
		return r
	}, cells[at].Text)
	if c.first == 0 {
		c.first = c.Number()
	}
	if len(c.places) <= remark.MostPlaces { // the last one is only known to be there
		c.places = append(c.places, cell.Address(c.Number(), c.column+at))
	}
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
	if c.n > 0 {
		places := c.places[:min(len(c.places), remark.MostPlaces)]
		where := slices.Clone(places)
		if len(c.places) > len(places) {
			where = append(where, "more")
		}
		all = append(all, remark.New(remark.Damage, "control-characters", "%s dropped (%s). They are not part of any value.",
			humanize.Count(c.n, "control character was", "control characters were"), humanize.List(where)).At(c.first, c.n).On(places...))
	}
	return all
}
