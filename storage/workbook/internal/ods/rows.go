package ods

import (
	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/stream"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// odsRows streams the rows of a sheet of an OpenDocument spreadsheet.
type odsRows struct {
	format.Buffer
	cellReader
	sheets []format.Sheet
	stream *stream.Stream
	size   int64

	place    int         // of the sheet that is being read
	row      int         // the last row delivered, or skipped
	repeat   int         // how often it is still to be delivered
	kept     []cell.Cell // the cells of a row that is repeated
	covered  cell.Tally  // rows with values under merged cells
	stored   int64       // cells that hold something
	repeated int64       // cells delivered again because a row or a cell says so
	most     int64       // of these, beside those that the stored ones account for

	columns int      // that were defined so far
	hidden  [][2]int // blocks of them

	done bool
	err  error
}

// Repeated cells are bounded, because a small file can claim a billion of them: by those of
// ten columns that are filled down to the last row, and, where rows differ, by what each
// stored cell may stand for.
const (
	mostRepeated  = 10 * cell.MaxRows
	mostForStored = 50
)

// represents counts cells that are stored once and delivered again.
func (o *odsRows) represents(more int64) bool {
	if o.repeated += more; o.repeated <= o.most+mostForStored*o.stored {
		return true
	}
	o.err = fault.TooLarge("the cells down to row %s stand for %s and more, far more than are stored, as in no real workbook",
		humanize.Number(o.row+1), humanize.Number(o.most+mostForStored*o.stored))
	return false
}

// Next moves to the next row that holds something.
func (o *odsRows) Next() bool {
	if o.done || o.err != nil {
		return false
	}
	if o.repeat > 0 {
		o.repeat--
		o.row++
		o.again()
		return true
	}
	for {
		switch o.t.Next() {
		case xmlscan.Stop:
			return o.finish()
		case xmlscan.End:
			if string(o.t.Name) == "table" && o.place == o.Sheet {
				o.place = len(o.sheets) // what follows is only checked
			}
		case xmlscan.Start:
			switch string(o.t.Name) {
			case "table":
				if o.t.PrefixedAttr("name") == nil || o.place == o.Sheet { // linked in, or drawn on the sheet
					o.t.Skip()
				} else if o.place++; o.place != o.Sheet {
					o.t.Skip()
				}
			case "table-column":
				if o.place == o.Sheet {
					o.tableColumn()
				}
			case "table-row":
				if o.place != o.Sheet {
					o.t.Skip()
					continue
				}
				if n, some := o.readRow(); o.err != nil {
					return false
				} else if some {
					return o.deliver(n)
				} else {
					o.row += n
				}
			}
		}
	}
}

// tableColumn takes the columns that were just started.
func (o *odsRows) tableColumn() {
	n := repeats(o.t.PrefixedAttr("number-columns-repeated"))
	if v := string(o.t.PrefixedAttr("visibility")); (v == "collapse" || v == "filter") && len(o.hidden) < cell.MaxColumns {
		o.hidden = append(o.hidden, [2]int{o.columns, o.columns + n - 1})
	}
	o.columns = min(o.columns+n, cell.MaxColumns)
}

// deliver returns a row with values, and remembers how often it is repeated.
func (o *odsRows) deliver(n int) bool {
	if o.row+n > cell.MaxRows {
		o.err = fault.TooLarge("it has a row %d; sheets end at row %s", o.row+n, humanize.Number(cell.MaxRows))
		return false
	}
	if !o.represents(int64(n-1) * int64(max(o.Values, 1))) {
		return false
	}
	o.row++
	if o.repeat = n - 1; o.repeat == 0 {
		return true
	}
	o.kept = o.kept[:0]
	if places, ok := o.Touched(); ok {
		for _, at := range places {
			o.kept = append(o.kept, o.Row[at])
		}
	} else {
		o.kept = append(o.kept, o.Row...)
	}
	return true
}

// again fills the row with what it held when it was read: who reads a row may change its
// cells. A wide row costs what it holds.
func (o *odsRows) again() {
	places, ok := o.Touched()
	if !ok {
		copy(o.Row, o.kept)
		return
	}
	for i, at := range places {
		o.Row[at] = o.kept[i]
	}
}

func (o *odsRows) finish() bool {
	o.done, o.err = true, o.t.Err
	if o.err == nil && o.place < o.Sheet {
		o.err = fault.Corrupt("the sheet %q is not in it", o.sheets[o.Sheet].Name)
	}
	return false
}

// readRow reads a row. n is how many rows it represents; some reports whether any
// cell of it holds something.
func (o *odsRows) readRow() (n int, some bool) {
	n = repeats(o.t.PrefixedAttr("number-rows-repeated"))
	visibility := string(o.t.PrefixedAttr("visibility"))
	o.RowHidden = visibility == "collapse" || visibility == "filter"
	o.Reset()
	column, depth := 0, o.t.Depth
	if o.t.PassEmpty() {
		return n, false
	}
	for {
		switch o.t.Next() {
		case xmlscan.Stop:
			if o.err = o.t.Err; o.err == nil {
				o.err = fault.Corrupt("it ends inside a row")
			}
			return n, false
		case xmlscan.End:
			if o.t.Depth < depth {
				beside, _, _ := o.Beside()
				return n, o.Values > 0 || beside > 0
			}
		case xmlscan.Start:
			name := string(o.t.Name)
			if name != "table-cell" && name != "covered-table-cell" {
				o.t.Skip()
				continue
			}
			times := repeats(o.t.PrefixedAttr("number-columns-repeated"))
			o.at = o.row + 1
			if high, wide := repeats(o.t.PrefixedAttr("number-rows-spanned")), repeats(o.t.PrefixedAttr("number-columns-spanned")); (high > 1 || wide > 1) && len(o.MergedCells) < format.MostMerges {
				o.MergedCells = append(o.MergedCells, cell.Range{FirstRow: o.row + 1, LastRow: o.row + high, FirstCol: column, LastCol: column + wide - 1})
			}
			c, raw, err := o.readCell()
			if err != nil {
				o.err = err
				return n, false
			}
			if c.Kind == cell.Blank && c.Flags == 0 {
				column += times
				continue
			}
			if name == "covered-table-cell" {
				o.covered.Add(o.row + 1)
			}
			if column+times > cell.MaxColumns {
				o.err = fault.TooLarge("row %d has a cell beyond column XFD, the last one that is read", o.row+1)
				return n, false
			}
			if o.stored++; !o.represents(int64(times - 1)) {
				return n, false
			}
			for range times {
				o.put(column, c, raw)
				column++
			}
		}
	}
}

func (o *odsRows) put(column int, c cell.Cell, raw string) {
	at := o.Slot(column)
	if at < 0 {
		o.Pass(column)
		return
	}
	o.Row[at], o.Money[at] = c, o.currency
	if o.Raw {
		o.Raws[at] = raw
	}
	o.Values++
}

func (o *odsRows) HiddenColumns() [][2]int { return o.hidden }
func (o *odsRows) Number() int             { return o.row }
func (o *odsRows) Err() error              { return o.err }
func (o *odsRows) Close()                  { o.stream.Close() }
func (o *odsRows) Fraction() float64       { return o.stream.Fraction(o.size) }

// Remarks says what was odd about the sheet so far.
func (o *odsRows) Remarks() []remark.Remark {
	t := o.covered
	if t.N == 0 {
		return nil
	}
	return []remark.Remark{remark.New(remark.Info, "covered", "%s %s covered by merged cells and not visible, first in row %s. Such values are read as well.",
		humanize.Count(t.N, "value"), humanize.Plural(t.N, "is", "are"), humanize.Number(t.Row)).At(t.Row, t.N)}
}
