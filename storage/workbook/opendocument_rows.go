package workbook

import (
	"strconv"

	"pushdesk/storage/cell"
)

// odsRows streams the rows of a sheet of an OpenDocument spreadsheet.
type odsRows struct {
	book   *openDocument
	stream *stream
	size   int64
	t      *tokenizer

	wanted      int // the sheet
	at          int // the sheet that is being read
	first, last int
	row         int         // the last row delivered, or passed over
	repeat      int         // how often it is still to be delivered
	kept        []cell.Cell // the cells of a row that is repeated
	cells       []cell.Cell
	raws        []string
	money       []uint8  // beside cells: which currency, 0 none
	symbols     []string // the currencies by their numbers less one
	currency    uint8    // of the cell that was read last
	values      int
	outside     int
	outsideAt   int
	hidden      bool
	scratch     []byte
	covered     tally // rows with values under merged cells
	repeated    int64 // cells delivered again because a row or a cell says so
	most        int64 // of these

	done bool
	err  error
}

// mostRepeated bounds the cells that repeated rows stand for: a small file can
// claim a billion of them.
const mostRepeated = 200_000_000

func tooManyRepeated() error {
	return tooLarge("rows and cells that are stored once stand for more than %s cells, as in no real workbook", grouped(mostRepeated))
}

func (o *odsRows) next() (ok bool) {
	if o.done || o.err != nil {
		return false
	}
	defer func() {
		if p := recover(); p != nil {
			o.err, ok = corrupt("reading it failed: %v", p), false
		}
	}()
	if o.repeat > 0 {
		o.repeat--
		o.row++
		copy(o.cells, o.kept) // who reads a row may change its cells
		return true
	}
	for {
		switch o.t.next() {
		case tokenStop:
			return o.finish()
		case tokenEnd:
			if string(o.t.name) == "table" && o.at == o.wanted {
				o.at = len(o.book.tables) // what follows is only checked
			}
		case tokenStart:
			switch string(o.t.name) {
			case "table":
				if o.t.prefixedAttr("name") == nil || o.at == o.wanted { // linked in, or drawn on the sheet
					o.t.skip()
				} else if o.at++; o.at != o.wanted {
					o.t.skip()
				}
			case "table-row":
				if o.at != o.wanted {
					o.t.skip()
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

// deliver gives a row with values, and keeps in mind how often it is repeated.
func (o *odsRows) deliver(n int) bool {
	if o.row+n > maxRows {
		o.err = tooLarge("it has a row %d; sheets end at row %s", o.row+n, grouped(maxRows))
		return false
	}
	if o.repeated += int64(n-1) * int64(max(o.values, 1)); o.repeated > o.most {
		o.err = tooManyRepeated()
		return false
	}
	o.row++
	if o.repeat = n - 1; o.repeat > 0 {
		o.kept = append(o.kept[:0], o.cells...)
	}
	return true
}

func (o *odsRows) finish() bool {
	o.done, o.err = true, o.t.err
	if o.err == nil && o.at < o.wanted {
		o.err = corrupt("the sheet %q is not in it", o.book.tables[o.wanted].name)
	}
	return false
}

// readRow reads a row. n is how many rows it stands for; some tells whether any
// cell of it holds something.
func (o *odsRows) readRow() (n int, some bool) {
	n = repeats(o.t.prefixedAttr("number-rows-repeated"))
	visibility := string(o.t.prefixedAttr("visibility"))
	o.hidden = visibility == "collapse" || visibility == "filter"
	if o.last < 0 {
		o.cells, o.raws, o.money = o.cells[:0], o.raws[:0], o.money[:0]
	} else {
		if o.cells == nil && o.last >= o.first {
			width := o.last - o.first + 1
			o.cells, o.raws, o.money = make([]cell.Cell, width), make([]string, width), make([]uint8, width)
		}
		clear(o.cells)
		clear(o.raws)
		clear(o.money)
	}
	o.values, o.outside = 0, 0
	column, depth := 0, o.t.depth
	if o.t.emptyEnd {
		o.t.next()
		return n, false
	}
	for {
		switch o.t.next() {
		case tokenStop:
			if o.err = o.t.err; o.err == nil {
				o.err = corrupt("it ends inside a row")
			}
			return n, false
		case tokenEnd:
			if o.t.depth < depth {
				return n, o.values > 0 || o.outside > 0
			}
		case tokenStart:
			name := string(o.t.name)
			if name != "table-cell" && name != "covered-table-cell" {
				o.t.skip()
				continue
			}
			times := repeats(o.t.prefixedAttr("number-columns-repeated"))
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
				o.covered.add(o.row + 1)
			}
			if column+times > maxColumns {
				o.err = tooLarge("row %d has a cell beyond column XFD, the last one that is read", o.row+1)
				return n, false
			}
			if o.repeated += int64(times - 1); o.repeated > o.most {
				o.err = tooManyRepeated()
				return n, false
			}
			for range times {
				o.put(column, c, raw)
				column++
			}
		}
	}
}

// repeats reads how often a row or a cell is repeated.
func repeats(raw []byte) int {
	n, err := strconv.Atoi(string(raw))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, 1<<30)
}

func (o *odsRows) put(column int, c cell.Cell, raw string) {
	at := column - o.first
	if at < 0 || o.last >= 0 && column > o.last {
		if o.outside++; o.outside == 1 {
			o.outsideAt = column
		}
		return
	}
	for len(o.cells) <= at {
		o.cells, o.raws, o.money = append(o.cells, cell.Cell{}), append(o.raws, ""), append(o.money, 0)
	}
	o.cells[at], o.raws[at], o.money[at] = c, raw, o.currency
	o.values++
}

func (o *odsRows) number() int             { return o.row }
func (o *odsRows) content() []cell.Cell    { return o.cells }
func (o *odsRows) currencies() []uint8     { return o.money }
func (o *odsRows) empty() bool             { return o.values == 0 }
func (o *odsRows) failure() error          { return o.err }
func (o *odsRows) close()                  { o.stream.close() }
func (o *odsRows) beside() (n, column int) { return o.outside, o.outsideAt }
func (o *odsRows) rowHidden() bool         { return o.hidden }
func (o *odsRows) fraction() float64 {
	if o.size <= 0 {
		return 1
	}
	return min(1, float64(o.stream.taken.Load())/float64(o.size))
}

// notes says in words what was odd about the sheet so far.
func (o *odsRows) notes() []string {
	if o.covered.n == 0 {
		return nil
	}
	return []string{grouped(o.covered.n) + " values lie under merged cells, where nobody sees them, the first in row " + grouped(int64(o.covered.row)) + ". They are read all the same."}
}
