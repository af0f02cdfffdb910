package infer

import (
	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/numeric"
	"pushdesk/storage/written"
)

// Type is what a column is sent as.
type Type string

const (
	TypeText     Type = "text"
	TypeWhole    Type = "whole"
	TypeDecimal  Type = "decimal"
	TypeBoolean  Type = "boolean"
	TypeDateTime Type = "datetime"
	TypeDuration Type = "duration"
)

// DateOrder is the order of day, month and year in dates written with numbers.
type DateOrder = written.Order

const (
	YearFirst  = written.YearFirst
	DayFirst   = written.DayFirst
	MonthFirst = written.MonthFirst
)

// FitsOnlyText reports whether a text is nothing but text: no number, date or boolean.
func FitsOnlyText(text string) bool {
	text = written.Trim(text)
	if n := written.AsPlain(text); n.Dot || n.Comma {
		return false
	}
	if _, ok := written.Truth(text, false); ok {
		return false
	}
	var skip string
	if classOf(text, &skip) == onlyText {
		return true
	}
	if a, ok := written.ParseAmount(text); ok && a.Guess == "" && !a.Dash && !a.Code && (a.Unit == "" || a.Money()) {
		return false
	}
	if _, ok := written.ParseDate(text); ok {
		return false
	}
	return true
}

// TextFormat is how the texts of a column are read as another type. The zero value
// leaves them text.
type TextFormat struct {
	Type    Type      // what the texts become; "" or TypeText leaves them as they are
	Decimal byte      // of numbers: '.' or ','
	Order   DateOrder // of dates
	Words   bool      // of booleans: yes and no count, too
	Nothing bool      // words that say that a value is missing become blank
	written.Dress
	// Ambiguous is set when the texts allow another reading as well (1,234 or
	// 03/04/2024) and no value decides; a person should be asked.
	Ambiguous bool
}

// Read reads one text. It gives false, and a Text cell, when the text does not fit.
func (f TextFormat) Read(text string) (cell.Cell, bool) {
	c := cell.Cell{Kind: cell.Text, Text: text}
	return c, f.read(&c)
}

// read changes a Text cell into what its column holds, if it fits. A text that says that
// there is no date becomes a blank.
func (f *TextFormat) read(c *cell.Cell) bool {
	text := written.Trim(c.Text)
	if f.Nothing && meansNothing(text) {
		if a, ok := written.ParseAmount(text); !f.Dash || !ok || !a.Dash {
			*c = cell.Cell{}
			return true
		}
	}
	switch f.Type {
	case TypeWhole, TypeDecimal:
		value, whole, ok := f.number(text)
		if !ok || f.Type == TypeWhole && !whole {
			return false
		}
		*c = cell.Cell{Kind: cell.Number, Float: value}
	case TypeBoolean:
		value, ok := written.Truth(text, f.Words)
		if !ok {
			return false
		}
		*c = cell.Cell{Kind: cell.Boolean}
		if value {
			c.Int = 1
		}
	case TypeDateTime:
		d, ok := written.ParseDate(text)
		if !ok {
			return false
		}
		ms, ok := d.Moment(f.Order, f.Dress)
		switch {
		case !ok:
			return false
		case d.None:
			*c = cell.Cell{}
		case d.Clock:
			*c = cell.Cell{Kind: cell.DateTime, Int: ms}
		default:
			*c = cell.Cell{Kind: cell.Date, Int: ms}
		}
	default:
		return false
	}
	return true
}

// number reads a number that loses no digit of a code, and tells whether it is written as
// a whole one.
func (f *TextFormat) number(text string) (value float64, whole, ok bool) {
	var room [64]byte
	plain := room[:0]
	decimal := byte('.')
	if f.Decimal == ',' {
		decimal = ','
	}
	if n := written.AsPlain(text); n.Dot || n.Comma {
		if ok, whole = n.Reads(decimal); !ok || f.Unit == written.Percent && !n.Zero || f.Unit == written.PerMille && !n.Zero {
			return 0, false, false
		}
		for i := 0; i < len(text); i++ {
			switch b := text[i]; {
			case b == decimal:
				plain = append(plain, '.')
			case b != '.' && b != ',':
				plain = append(plain, b)
			}
		}
	} else {
		a, is := written.ParseAmount(text)
		if !is || !a.Fits(f.Dress) {
			return 0, false, false
		}
		if ok, whole = a.Reads(decimal); !ok {
			return 0, false, false
		}
		plain = a.AppendPlain(plain, decimal)
	}
	n, ok := numeric.ParseNumber(plain)
	return n.Value, whole, ok
}

// ReadTexts reads the texts of a row as its columns say, as far as they fit.
func ReadTexts(cells []cell.Cell, formats []TextFormat) {
	for i := range cells[:min(len(cells), len(formats))] {
		if cells[i].Kind == cell.Text && formats[i].Type != "" {
			formats[i].read(&cells[i])
		}
	}
}
