package xml2003

import (
	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/numeric"
	"pushdesk/storage/workbook/internal/stream"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// rows streams the rows of a sheet.
type rows struct {
	format.Buffer
	t      *xmlscan.Tokenizer
	stream *stream.Stream
	x      *spreadsheet

	place   int // of the sheet that is being read
	row     int
	money   []string
	hidden  [][2]int
	columns int // that were described
	damaged cell.Tally

	done bool
	err  error
}

// Next moves to the next row that the sheet stores.
func (r *rows) Next() bool {
	for !r.done && r.err == nil {
		switch r.t.Next() {
		case xmlscan.Stop:
			r.done, r.err = true, r.t.Err
		case xmlscan.End:
			if string(r.t.Name) == "Worksheet" && r.place == r.Sheet {
				r.done = true
			}
		case xmlscan.Start:
			switch string(r.t.Name) {
			case "Worksheet":
				if r.place++; r.place != r.Sheet {
					r.t.Skip()
				}
			case "Column":
				r.describe()
			case "Row":
				if r.place == r.Sheet {
					return r.readRow()
				}
			}
		}
	}
	return false
}

// describe notes the hidden columns.
func (r *rows) describe() {
	first := r.columns
	if at := index(r.t.PrefixedAttr("Index")); at > 0 {
		first = at - 1
	}
	last := first + index(r.t.PrefixedAttr("Span"))
	r.columns = last + 1
	if string(r.t.PrefixedAttr("Hidden")) == "1" {
		r.hidden = append(r.hidden, [2]int{first, last})
	}
}

func (r *rows) readRow() bool {
	r.Reset()
	r.row++
	if at := index(r.t.PrefixedAttr("Index")); at > 0 {
		if at < r.row {
			r.err = fault.Corrupt("row %d comes after row %d", at, r.row-1)
			return false
		}
		r.row = at
	}
	if r.row > cell.MaxRows {
		r.err = fault.TooLarge("it has a row %d; sheets end at row %s", r.row, humanize.Number(cell.MaxRows))
		return false
	}
	r.RowHidden = string(r.t.PrefixedAttr("Hidden")) == "1"
	column, depth := 0, r.t.Depth
	if r.t.PassEmpty() {
		return true
	}
	for {
		switch r.t.Next() {
		case xmlscan.Stop:
			if r.err = r.t.Err; r.err == nil {
				r.err = fault.Truncated("it ends inside row %d", r.row)
			}
			return false
		case xmlscan.End:
			if r.t.Depth < depth {
				return true
			}
		case xmlscan.Start:
			if string(r.t.Name) != "Cell" {
				r.t.Skip()
				continue
			}
			if at := index(r.t.PrefixedAttr("Index")); at > 0 {
				column = at - 1
			}
			across, down := index(r.t.PrefixedAttr("MergeAcross")), index(r.t.PrefixedAttr("MergeDown"))
			if across+down > 0 && len(r.MergedCells) < format.MostMerges {
				r.MergedCells = append(r.MergedCells, cell.Range{FirstRow: r.row, LastRow: r.row + down, FirstCol: column, LastCol: column + across})
			}
			if column >= cell.MaxColumns {
				r.err = fault.TooLarge("row %d has a cell beyond column XFD, the last one that is read", r.row)
				return false
			}
			if !r.readCell(column) {
				return false
			}
			column += 1 + across
		}
	}
}

// readCell reads the cell that was just started, up to its end.
func (r *rows) readCell(column int) bool {
	shown := r.x.formatOf(r.t.PrefixedText("StyleID"))
	formula := r.t.PrefixedAttr("Formula") != nil
	depth := r.t.Depth
	var c cell.Cell
	some := false
	if !r.t.PassEmpty() {
		for inside := true; inside; {
			switch r.t.Next() {
			case xmlscan.Stop:
				if r.err = r.t.Err; r.err == nil {
					r.err = fault.Truncated("it ends inside a cell of row %d", r.row)
				}
				return false
			case xmlscan.End:
				inside = r.t.Depth >= depth
			case xmlscan.Start:
				if string(r.t.Name) != "Data" {
					r.t.Skip() // a comment
					continue
				}
				kind := r.t.PrefixedText("Type")
				text, err := leaf(r.t)
				if err != nil {
					r.err = err
					return false
				}
				c, some = r.value(kind, text, shown), true
			}
		}
	}
	if !some && formula {
		c.Flags = cell.Uncalculated
	}
	if c.Kind == cell.Blank && c.Flags == 0 {
		return true
	}
	at := r.Slot(column)
	if at < 0 {
		r.Pass(column)
		return true
	}
	r.Row[at] = c
	if shown.Currency != "" && c.Kind == cell.Number {
		r.Money[at] = r.currency(shown.Currency)
	}
	if r.Raw {
		r.Raws[at] = cell.Display(c)
	}
	r.Values++
	return true
}

// value makes a cell of what a Data element holds. What does not fit its type is text.
func (r *rows) value(kind, text string, shown numeric.NumberFormat) (c cell.Cell) {
	if text == "" {
		return c
	}
	switch kind {
	case "Number":
		n, ok := numeric.ParseNumber([]byte(text))
		if !ok {
			r.damaged.Add(r.row)
			break
		}
		if shown.Meaning != numeric.MeansNumber {
			if numeric.SetSerial(&c, n.Value, shown.Meaning, false) {
				return c
			}
			c.Flags |= cell.NoDate
		}
		c.Kind, c.Float, c.Style, c.Width = cell.Number, n.Value, shown.Style, shown.Width
		if exact := n.ExactText([]byte(text)); exact != nil {
			c.Text, c.Flags = string(exact), c.Flags|cell.Rounded
		}
		return c
	case "DateTime":
		if numeric.SetStoredDate(&c, shown.Meaning, []byte(text)) {
			return asShown(c, shown)
		}
		r.damaged.Add(r.row)
	case "Boolean":
		c.Kind = cell.Boolean
		if text == "1" {
			c.Int = 1
		}
		return c
	case "Error":
		return cell.Cell{Kind: cell.Error, Text: text}
	}
	return cell.Cell{Kind: cell.Text, Text: text}
}

// sheetEpoch is 31 December 1899, day 0 of the sheet, in milliseconds since 1970: a time
// of day is stored as one on that day, a duration as the time since then.
const sheetEpoch = (numeric.FirstDay + 1) * numeric.DayMillis

// asShown makes of a stored date what its number format shows.
func asShown(c cell.Cell, shown numeric.NumberFormat) cell.Cell {
	if c.Kind != cell.DateTime {
		return c
	}
	var probe cell.Cell
	since := c.Int - sheetEpoch
	if since >= 60*numeric.DayMillis {
		since += numeric.DayMillis // after the 29 February 1900 that never was
	}
	numeric.SetSerial(&probe, 2, shown.Meaning, false)
	if probe.Kind == cell.Duration && since >= 0 && since < 366*numeric.DayMillis {
		numeric.SetSerial(&probe, float64(since)/numeric.DayMillis, shown.Meaning, false)
		return probe
	}
	if since >= 0 && since < numeric.DayMillis {
		return cell.Cell{Kind: cell.Time, Int: since}
	}
	numeric.SetStoredDate(&probe, shown.Meaning, []byte("2000-01-01"))
	if probe.Kind != cell.DateTime && c.Int%numeric.DayMillis == 0 {
		c.Kind = cell.Date // midnight, in a format that shows no time
	}
	return c
}

// currency numbers the currencies of the sheet, from 1 on.
func (r *rows) currency(symbol string) uint8 {
	for i, known := range r.money {
		if known == symbol {
			return uint8(i + 1)
		}
	}
	if len(r.money) == format.MaxCurrencies {
		return 0
	}
	r.money = append(r.money, symbol)
	return uint8(len(r.money))
}

func (r *rows) Number() int             { return r.row }
func (r *rows) Err() error              { return r.err }
func (r *rows) Close()                  { r.stream.Close() }
func (r *rows) Fraction() float64       { return r.stream.Fraction(r.x.file.Size) }
func (r *rows) HiddenColumns() [][2]int { return r.hidden }

// Remarks says what was odd about the sheet so far.
func (r *rows) Remarks() []remark.Remark {
	if t := r.damaged; t.N > 0 {
		return []remark.Remark{remark.New(remark.Damage, "not-its-type", "%s %s no value of the type that the file states, first in row %s. Such cells are read as text.",
			humanize.Count(t.N, "cell"), humanize.Plural(t.N, "holds", "hold"), humanize.Number(t.Row)).At(t.Row, t.N)}
	}
	return nil
}
