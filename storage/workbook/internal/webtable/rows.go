package webtable

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
)

// rows reads the rows of one table. A cell that covers several rows is read in each of
// them.
type rows struct {
	format.Buffer
	*scanner
	ctx   context.Context
	size  int64
	table int // the one to read

	begun  int   // tables
	nested []int // those that are open, by their number
	row    int
	line   line
	down   []covering // the cells of earlier rows that cover this one
	filled cell.Tally // rows in which such a cell was read again

	inCell bool
	attrs  map[string]string
	text   strings.Builder
	blank  bool // white space is due before the next letter

	done bool
	err  error
}

// line is the row that is being read.
type line struct {
	open   bool
	next   bool // the tag of the next row was read already
	hidden bool // that one, or this one
	column int  // where the next cell stands
}

// covering is a cell that covers rows below its own.
type covering struct {
	from            int // its row
	column, columns int
	rows            int // that it covers still, from this one on
	value           cell.Cell
}

// Next moves to the next row of the table.
func (r *rows) Next() bool {
	if r.row%64 == 0 && r.err == nil {
		r.err = r.ctx.Err()
	}
	if r.line.next {
		r.begin()
	}
	for !r.done && r.err == nil {
		switch r.t.Next() {
		case html.ErrorToken:
			r.done, r.err = true, r.end()
			if r.err == nil && r.line.open {
				return r.deliver()
			}
		case html.TextToken:
			if r.inCell {
				r.write(string(r.t.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if name, more := r.t.TagName(); r.start(string(name), more) {
				return r.deliver()
			}
		case html.EndTagToken:
			if name, _ := r.t.TagName(); r.close(string(name)) {
				return r.deliver()
			}
		}
	}
	return false
}

// here reports whether the innermost open table is the one to read.
func (r *rows) here() bool { return len(r.nested) > 0 && r.nested[len(r.nested)-1] == r.table }

func (r *rows) enter() {
	r.nested = append(r.nested, r.begun)
	r.begun++
}

// start takes a start tag. It reports whether the row before is complete.
func (r *rows) start(name string, more bool) bool {
	switch name {
	case "table":
		r.enter()
	case "tr":
		if len(r.nested) == 0 { // rows without a table are one
			r.enter()
		}
		if !r.here() {
			return false
		}
		style := ""
		if more {
			style = strings.ToLower(strings.ReplaceAll(r.attributes()["style"], " ", ""))
		}
		before := r.line.open
		r.line.next, r.line.hidden = true, strings.Contains(style, "display:none")
		if !before {
			r.begin()
		}
		return before
	case "td", "th":
		if r.here() && r.line.open {
			r.endCell()
			r.attrs = nil
			if more {
				r.attrs = r.attributes()
			}
			r.inCell, r.blank = true, false
			r.text.Reset()
		}
	case "br", "p", "div", "li":
		if r.inCell && r.text.Len() > 0 {
			r.text.WriteByte('\n')
			r.blank = false
		}
	case "script", "style":
		r.t.Next() // what is in it is not shown
	}
	return false
}

// close takes an end tag. It reports whether a row is complete.
func (r *rows) close(name string) bool {
	switch name {
	case "td", "th":
		if r.here() {
			r.endCell()
		}
	case "tr":
		return r.here() && r.line.open
	case "table":
		if len(r.nested) == 0 {
			return false
		}
		here := r.here()
		r.nested = r.nested[:len(r.nested)-1]
		if here {
			r.done = true
			return r.line.open
		}
	}
	return false
}

// begin starts a row.
func (r *rows) begin() {
	r.Reset()
	r.RowHidden = r.line.hidden
	r.line = line{open: true}
	if r.row++; r.row > cell.MaxRows {
		r.err = fault.TooLarge("it has more than %s rows", humanize.Number(cell.MaxRows))
	}
}

// write adds shown text to the cell: white space is one blank.
func (r *rows) write(text string) {
	for _, letter := range text {
		if unicode.IsSpace(letter) {
			r.blank = r.blank || r.text.Len() > 0
			continue
		}
		if r.blank && !strings.HasSuffix(r.text.String(), "\n") {
			r.text.WriteByte(' ')
		}
		r.blank = false
		r.text.WriteRune(letter)
	}
	if r.text.Len() > cell.MaxText*4 {
		r.err = fault.TooLarge("a text in row %d is longer than %s characters", r.row, humanize.Number(cell.MaxText))
	}
}

// endCell puts the cell that is open in its place.
func (r *rows) endCell() {
	if !r.inCell {
		return
	}
	r.inCell = false
	r.passCovered()
	c := value(strings.TrimSpace(r.text.String()), r.attrs)
	wide, high := span(r.attrs["colspan"]), span(r.attrs["rowspan"])
	r.put(r.line.column, c)
	if high > 1 {
		r.down = append(r.down, covering{from: r.row, column: r.line.column, columns: wide, rows: high, value: c})
		if len(r.down) > mostCovering {
			r.err = fault.TooLarge("row %d has more than %s cells that cover others", r.row, humanize.Number(mostCovering))
		}
	}
	r.line.column += wide
}

// mostCovering is how many cells may cover rows below theirs at a time.
const mostCovering = 1000

// passCovered moves on to the next place that no cell of an earlier row covers.
func (r *rows) passCovered() {
	for moved := true; moved; {
		moved = false
		for _, c := range r.down {
			if c.from < r.row && r.line.column >= c.column && r.line.column < c.column+c.columns {
				r.line.column, moved = c.column+c.columns, true
			}
		}
	}
}

// deliver completes the row.
func (r *rows) deliver() bool {
	r.endCell()
	again := false
	for i := range r.down {
		c := &r.down[i]
		if c.from < r.row {
			r.put(c.column, c.value)
			again = again || c.value.Kind != cell.Blank
		}
		c.rows--
	}
	if again {
		r.filled.Add(r.row)
	}
	r.down = slices.DeleteFunc(r.down, func(c covering) bool { return c.rows == 0 })
	r.line.open = false
	return r.err == nil
}

func (r *rows) put(column int, c cell.Cell) {
	if c.Kind == cell.Blank {
		return
	}
	if column >= cell.MaxColumns {
		r.err = fault.TooLarge("row %d has more than %s columns", r.row, humanize.Number(cell.MaxColumns))
		return
	}
	at := r.Slot(column)
	if at < 0 {
		r.Pass(column)
		return
	}
	r.Row[at] = c
	if r.Raw {
		r.Raws[at] = cell.Display(c)
	}
	r.Values++
}

func (r *rows) Number() int       { return r.row }
func (r *rows) Err() error        { return r.err }
func (r *rows) Close()            { r.done = true }
func (r *rows) Fraction() float64 { return min(1, float64(r.read.n)/float64(max(1, r.size))) }

// Remarks says which cells were read in several rows.
func (r *rows) Remarks() []remark.Remark {
	if t := r.filled; t.N > 0 {
		return []remark.Remark{remark.New(remark.Change, "merged-filled", "%s %s covered by a cell of a row above, first row %s. Its value is read in each of them.",
			humanize.Count(t.N, "row"), humanize.Plural(t.N, "is", "are"), humanize.Number(t.Row)).At(t.Row, t.N)}
	}
	return nil
}
