package biff

import (
	"math"
	"strconv"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/numeric"
	"pushdesk/storage/workbook/internal/styles"
	"pushdesk/storage/workbook/internal/texts"
)

// Row is the row that a reader of a binary workbook fills, again and again.
type Row struct {
	format.Buffer
	Styles   *styles.Table
	Date1904 bool
	At       int        // its number
	RowOrder cell.Tally // rows that are stored out of order

	foreign  cell.Tally // numbers with a date format in letters of another language
	repeated cell.Tally // cells that are stored twice
	own      int        // bytes of the texts that belong to the row
}

// maxRowText bounds the texts of a row that are not shared.
const maxRowText = 64 << 20

// Begin empties the row for another one.
func (r *Row) Begin(number int, hidden bool) error {
	if number < 1 || number > cell.MaxRows {
		return fault.TooLarge("it has a row %d; Excel's sheets end at row %s", number, humanize.Number(cell.MaxRows))
	}
	r.Reset()
	r.At, r.RowHidden, r.own = number, hidden, 0
	return nil
}

// slot returns the cell of a column, empty, or nil outside the columns asked for.
func (r *Row) slot(column int) (*cell.Cell, int) {
	at := r.Slot(column)
	if at < 0 {
		r.Pass(column)
		return nil, at
	}
	c := &r.Row[at]
	if c.Kind != cell.Blank || c.Flags != 0 { // repeated: the last one counts
		*c, r.Money[at] = cell.Cell{}, 0
		r.repeated.Add(r.At)
	} else {
		r.Values++
	}
	return c, at
}

// mostExact is below which every whole number that is a float64 has at most the digits
// that Excel keeps.
const mostExact = 1e15

// PutNumber puts a number.
func (r *Row) PutNumber(column, style int, n float64) {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		r.PutError(column, "#NUM!")
		return
	}
	c, at := r.slot(column)
	if c == nil {
		return
	}
	if r.Raw {
		r.Raws[at] = rawNumber(n)
	}
	f := r.Styles.Format(style)
	if f.Meaning != numeric.MeansNumber {
		if numeric.SetSerial(c, n, f.Meaning, r.Date1904) {
			return
		}
		c.Flags |= cell.NoDate
	}
	if f.Foreign {
		r.foreign.Add(r.At)
	}
	c.Kind, c.Float, c.Style, c.Width = cell.Number, n, f.Style, f.Width
	if f.Style == cell.Currency {
		r.Money[at] = r.Styles.CurrencyID(f)
	}
	if math.Abs(n) >= mostExact {
		var room [40]byte
		digits := strconv.AppendFloat(room[:0], n, 'e', -1, 64)
		if parsed, ok := numeric.ParseNumber(digits); ok {
			if exact := parsed.ExactText(digits); exact != nil {
				c.Flags |= cell.Rounded
				c.Text = string(exact)
			}
		}
	}
}

// PutText puts a text, unless it is empty. owned says that the row alone holds it.
func (r *Row) PutText(column, style int, text string, owned bool) error {
	if text == "" {
		return nil
	}
	if owned {
		if r.own += len(text); r.own > maxRowText {
			return fault.TooLarge("the texts of row %d need more than %d MB", r.At, maxRowText>>20)
		}
		if len(text) > cell.MaxText && numeric.Units(text) > cell.MaxText {
			return texts.ErrLong
		}
	}
	if c, at := r.slot(column); c != nil {
		c.Kind, c.Style, c.Text = cell.Text, styles.OfText(r.Styles.Format(style)), text
		if r.Raw {
			r.Raws[at] = text
		}
	}
	return nil
}

// PutBoolean puts a truth value.
func (r *Row) PutBoolean(column int, value byte) {
	if c, at := r.slot(column); c != nil {
		raw := "0"
		if c.Kind = cell.Boolean; value != 0 {
			c.Int, raw = 1, "1"
		}
		if r.Raw {
			r.Raws[at] = raw
		}
	}
}

// PutError puts an error.
func (r *Row) PutError(column int, name string) {
	if c, at := r.slot(column); c != nil {
		c.Kind, c.Text = cell.Error, name
		if r.Raw {
			r.Raws[at] = name
		}
	}
}

// PutCode puts the error of a code.
func (r *Row) PutCode(column int, code byte) error {
	name := ErrorName(code)
	if name == "" {
		return fault.Corrupt("cell %s holds an error %d that Excel does not have", cell.Address(r.At, column), code)
	}
	r.PutError(column, name)
	return nil
}

// PutUncalculated puts a formula without a result.
func (r *Row) PutUncalculated(column int) {
	if c, _ := r.slot(column); c != nil {
		c.Flags = cell.Uncalculated
	}
}

// Number implements format.Rows.
func (r *Row) Number() int { return r.At }

// Remarks says what was odd about the sheet so far.
func (r *Row) Remarks() (all []remark.Remark) {
	say := func(kind remark.Kind, code string, t cell.Tally, what, are, then string) {
		if t.N > 0 {
			all = append(all, remark.New(kind, code, "%s %s row %s. %s", humanize.Count(t.N, what), are, humanize.Number(t.Row), then).At(t.Row, t.N))
		}
	}
	say(remark.Info, "row-order", r.RowOrder, "row", humanize.Plural(r.RowOrder.N, "is", "are")+" stored out of order, the first is", "Each is read with its own number.")
	say(remark.Guess, "cell-order", r.repeated, "cell", humanize.Plural(r.repeated.N, "is", "are")+" stored twice, first in", "Of repeated cells the last one is used.")
	say(remark.Guess, "foreign-date-format", r.foreign, "number", humanize.Plural(r.foreign.N, "has", "have")+" a date format in the letters of another language, first in",
		"Such numbers are read as plain numbers; choose a date format in Excel and save the file again.")
	return all
}
