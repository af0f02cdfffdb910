package workbook

import (
	"bytes"
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
	values      int
	outside     int
	outsideAt   int
	hidden      bool
	scratch     []byte
	covered     tally // rows with values under merged cells
	repeated    int64 // cells delivered again because a row says so

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
	if o.repeated += int64(n-1) * int64(max(o.values, 1)); o.repeated > mostRepeated {
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
		o.cells, o.raws = o.cells[:0], o.raws[:0]
	} else {
		if o.cells == nil && o.last >= o.first {
			width := o.last - o.first + 1
			o.cells, o.raws = make([]cell.Cell, width), make([]string, width)
		}
		clear(o.cells)
		clear(o.raws)
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
			if o.repeated += int64(times - 1); o.repeated > mostRepeated {
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
		o.cells, o.raws = append(o.cells, cell.Cell{}), append(o.raws, "")
	}
	o.cells[at], o.raws[at] = c, raw
	o.values++
}

// readCell reads the cell that was just started, up to its end. The value is in the
// attributes; the text inside is what a person sees of it.
func (o *odsRows) readCell() (c cell.Cell, raw string, err error) {
	t := o.t
	kind, failed := "", false
	for _, a := range t.attrs {
		if string(t.buf[a.name:a.nameEnd]) != "value-type" {
			continue
		}
		if value := string(t.buf[a.value:a.valueEnd]); value == "error" {
			failed = true // LibreOffice marks a failed formula so, beside the type of its text
		} else if kind == "" {
			kind = value
		}
	}
	formula := t.prefixedAttr("formula") != nil
	long := o.book.durations[t.odsText("style-name")]
	value := bytes.Clone(t.prefixedAttr("value"))
	date, clock := bytes.Clone(t.prefixedAttr("date-value")), bytes.Clone(t.prefixedAttr("time-value"))
	truth := string(t.prefixedAttr("boolean-value"))
	given := t.prefixedAttr("string-value")
	stated := given != nil
	statedText := ""
	if stated {
		statedText = t.decodeAttr(given)
	}
	shown, some, err := o.readText()
	if err != nil {
		return c, "", err
	}
	if stated && !failed {
		shown, some = statedText, statedText != ""
	}
	if formula && kind == "string" && errorName([]byte(shown)) != "" {
		failed = true // Gnumeric does not mark it
	}
	switch {
	case failed:
		c.Kind, c.Text = cell.Error, shown
		return c, shown, nil
	case formula && kind == "float" && len(value) == 1 && truthWords[shown] == string(value):
		// LibreOffice writes what TRUE() gives as a number that is shown as a word.
		c.Kind, c.Int = cell.Boolean, int64(value[0]-'0')
		return c, shown, nil
	case kind == "float" || kind == "percentage" || kind == "currency":
		return o.readNumber(kind, value)
	case kind == "date":
		if setISO(&c, date) {
			return c, string(date), nil
		}
		if !farDate(date) {
			return c, "", corrupt("cell in row %d holds the date %.40q", o.row+1, date)
		}
		c.Kind, c.Text = cell.Text, string(date)
		return c, string(date), nil
	case kind == "time":
		if !setPeriod(&c, clock, long) {
			return c, "", corrupt("cell in row %d holds the time %.40q", o.row+1, clock)
		}
		return c, string(clock), nil
	case kind == "boolean":
		c.Kind = cell.Boolean
		if truth == "true" {
			c.Int = 1
		}
		return c, truth, nil
	case some:
		c.Kind, c.Text = cell.Text, shown
		return c, shown, nil
	case formula && kind == "":
		c.Flags = cell.Uncalculated
	}
	return c, "", nil
}

// farDate tells whether text is a date of a year before 1 or after 9999, which
// LibreOffice knows and Excel and Power BI do not: it is read as text.
func farDate(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte("-"))
	i := bytes.IndexByte(text, '-')
	if i < 4 || i > 6 {
		return false
	}
	if _, ok := smallInt(text[:i]); !ok {
		return false
	}
	var c cell.Cell
	return setISO(&c, append([]byte("2000"), text[i:]...))
}

// truthWords are how LibreOffice shows truth values in the languages it is used in most.
var truthWords = map[string]string{"TRUE": "1", "WAHR": "1", "VRAI": "1", "VERO": "1", "VERDADERO": "1", "WAAR": "1", "VERDADEIRO": "1", "PRAWDA": "1",
	"FALSE": "0", "FALSCH": "0", "FAUX": "0", "FALSO": "0", "ONWAAR": "0", "FAŁSZ": "0"}

func (o *odsRows) readNumber(kind string, value []byte) (c cell.Cell, raw string, err error) {
	n, ok := parseNumber(value)
	if !ok {
		return c, "", corrupt("cell in row %d holds the number %.40q", o.row+1, value)
	}
	c.Kind, c.Float = cell.Number, n.value
	switch kind {
	case "percentage":
		c.Style = cell.Percent
	case "currency":
		c.Style = cell.Currency
	}
	if text := n.exactText(value); text != nil {
		c.Flags |= cell.Rounded
		c.Text = string(text)
	}
	return c, string(value), nil
}

// readText gives the paragraphs of a cell, one a line. Comments and drawings in the
// cell are no part of its text.
func (o *odsRows) readText() (text string, some bool, err error) {
	t := o.t
	if t.emptyEnd {
		t.next()
		return "", false, nil
	}
	depth := t.depth
	o.scratch = o.scratch[:0]
	paragraph := 0 // the depth inside a paragraph
	for {
		switch t.next() {
		case tokenStop:
			if t.err == nil {
				t.err = corrupt("it ends inside a cell")
			}
			return "", false, t.err
		case tokenEnd:
			if t.depth < depth {
				if len(o.scratch) > maxText*4 {
					return "", false, tooLarge("a text in row %d is longer than %s characters", o.row+1, grouped(maxText))
				}
				return string(o.scratch), some && len(o.scratch) > 0, nil
			}
			if paragraph > 0 && t.depth < paragraph {
				paragraph = 0
			}
		case tokenText:
			if paragraph > 0 {
				if o.scratch, err = t.appendText(o.scratch); err != nil {
					return "", false, err
				}
			}
		case tokenStart:
			if paragraph == 0 {
				if name := string(t.name); name != "p" && name != "h" {
					t.skip()
					continue
				}
				if some {
					o.scratch = append(o.scratch, '\n')
				}
				some, paragraph = true, t.depth
				continue
			}
			o.inside(string(t.name))
		}
		if len(o.scratch) > maxToken {
			return "", false, tooLarge("a text in row %d is longer than %d bytes", o.row+1, maxToken)
		}
	}
}

// inside handles an element in a paragraph: blanks and breaks are elements, and
// formatted text and links only wrap the text.
func (o *odsRows) inside(name string) {
	switch name {
	case "s":
		for range min(repeats(o.t.prefixedAttr("c")), maxText) {
			o.scratch = append(o.scratch, ' ')
		}
	case "tab":
		o.scratch = append(o.scratch, '\t')
	case "line-break":
		o.scratch = append(o.scratch, '\n')
	case "note", "annotation":
		o.t.skip()
	}
}

// setPeriod reads an ISO 8601 duration such as PT26H30M05.5S. One below a day is a
// time of day, unless its format shows hours beyond 24.
func setPeriod(c *cell.Cell, text []byte, long bool) bool {
	rest := text
	negative := len(rest) > 0 && rest[0] == '-'
	if negative {
		rest = rest[1:]
	}
	if len(rest) < 3 || rest[0] != 'P' {
		return false
	}
	rest = rest[1:]
	total, inTime := 0.0, false
	for len(rest) > 0 {
		if rest[0] == 'T' && !inTime {
			inTime, rest = true, rest[1:]
			continue
		}
		i := bytes.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != ',' })
		if i <= 0 {
			return false
		}
		n, err := strconv.ParseFloat(string(bytes.ReplaceAll(rest[:i], []byte(","), []byte("."))), 64)
		if err != nil || n > 1e12 {
			return false
		}
		switch {
		case rest[i] == 'D' && !inTime:
			total += n * dayMillis
		case rest[i] == 'H' && inTime:
			total += n * 3_600_000
		case rest[i] == 'M' && inTime:
			total += n * 60_000
		case rest[i] == 'S' && inTime:
			total += n * 1000
		default:
			return false
		}
		rest = rest[i+1:]
	}
	if total > lastSerial*dayMillis {
		return false
	}
	c.Kind, c.Int = cell.Duration, int64(total+0.5)
	if negative {
		c.Int = -c.Int
	} else if !long && c.Int < dayMillis {
		c.Kind = cell.Time
	}
	return true
}

func (o *odsRows) number() int             { return o.row }
func (o *odsRows) content() []cell.Cell    { return o.cells }
func (o *odsRows) currencies() []uint8     { return nil }
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
