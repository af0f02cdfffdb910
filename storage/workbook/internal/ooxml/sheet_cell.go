package ooxml

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/numeric"
	"pushdesk/storage/workbook/internal/styles"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// readCell reads the cell that was just started.
func (s *sheetRows) readCell(rowStated bool) {
	var ref, typed, styled []byte // attributes r, t and s: one look at all of them is quicker than three
	for i := range s.t.Attrs {
		switch letter, value := s.t.Letter(i); letter {
		case 'r':
			ref = value
		case 't':
			typed = value
		case 's':
			styled = value
		}
	}
	column, err := s.position(ref, rowStated)
	if err != nil {
		s.err = err
		return
	}
	if column >= cell.MaxColumns {
		s.err = fault.TooLarge("row %d has a cell beyond column XFD, the last one of Excel", s.row)
		return
	}
	if column <= s.column {
		s.oddities.cellOrder.Add(s.row)
	}
	s.column = column
	kind := cellKind(typed)
	style := -1
	if n, ok := numeric.SmallInt(styled); ok {
		style = n
	}
	at := s.Slot(column)
	value, formula, err := s.readValue(kind)
	if err != nil {
		s.err = err
		return
	}
	if at < 0 {
		if len(value) > 0 {
			s.Pass(column)
		}
		return
	}
	target := &s.Row[at]
	again := target.Kind != cell.Blank || target.Flags != 0
	if again { // repeated: the last one counts
		*target = cell.Cell{}
		s.Money[at] = 0
		s.Values--
	}
	if err := s.setCell(target, at, kind, style, value, formula); err != nil {
		s.err = err
		return
	}
	if s.Raw {
		switch kind {
		case storedShared:
			s.Raws[at] = target.Text
		case storedText, storedInline:
			s.Raws[at] = string(value)
		default:
			s.Raws[at] = string(xmlscan.TrimSpace(value))
		}
		if again {
			s.Order = slices.DeleteFunc(s.Order, func(c int) bool { return c == column })
		}
		s.Order = append(s.Order, column)
	}
	if target.Kind != cell.Blank || target.Flags != 0 {
		s.Values++
	}
}

// stored is how a cell stores its value, its attribute t.
type stored uint8

const (
	storedNumber  stored = iota
	storedShared         // an index into the text table
	storedText           // the text result of a formula
	storedInline         // a text of its own
	storedBoolean        //
	storedError          //
	storedDate           // an ISO 8601 date
	storedUnknown        // a type that no version of the format has
)

func cellKind(t []byte) stored {
	switch string(t) {
	case "", "n":
		return storedNumber
	case "s":
		return storedShared
	case "str":
		return storedText
	case "inlineStr":
		return storedInline
	case "b":
		return storedBoolean
	case "e":
		return storedError
	case "d":
		return storedDate
	}
	return storedUnknown
}

var (
	openValue  = []byte("<v>")
	closeValue = []byte("</v></c>")
)

// readValue reads the content of a cell up to its end. The value is nil when there
// is none; it is valid until the next token.
func (s *sheetRows) readValue(kind stored) (value []byte, formula bool, err error) {
	t := s.t
	if t.PassEmpty() {
		return nil, false, nil
	}
	isText := kind == storedText || kind == storedInline
	if value, ok := t.PassLeaf(openValue, closeValue, isText); ok {
		if isText {
			return s.decodeText(value)
		}
		return value, false, nil
	}
	outer := t.Depth
	if s.scratch == nil {
		s.scratch = make([]byte, 0, 64) // a value that is empty is not nil
	}
	s.scratch = s.scratch[:0]
	inValue, valued, some, inline := false, false, false, false
	for {
		switch t.Next() {
		case xmlscan.Stop:
			if t.Err == nil {
				t.Err = fault.Corrupt("it ends inside a cell")
			}
			return nil, false, t.Err
		case xmlscan.Start:
			if t.Depth != outer+1 {
				continue
			}
			switch string(t.Name) {
			case "v":
				if valued {
					return nil, false, fault.Corrupt("cell %s has two values", cell.Address(s.row, s.column))
				}
				inValue, valued, some = !inline, true, true
			case "f":
				formula = true
				t.Skip()
			case "is":
				if inline {
					return nil, false, fault.Corrupt("cell %s has two texts", cell.Address(s.row, s.column))
				}
				inline, some = true, true
				if s.scratch, err = appendRuns(s.scratch[:0], t); err != nil {
					return nil, false, err
				}
			default:
				t.Skip()
			}
		case xmlscan.Text:
			if inValue && t.Depth == outer+1 {
				if s.scratch, err = t.AppendText(s.scratch); err != nil {
					return nil, false, err
				}
			}
		case xmlscan.End:
			inValue = false
			if t.Depth < outer {
				if !some {
					return nil, formula, nil
				}
				if isText {
					if s.scratch, err = finishText(s.scratch); err != nil {
						return nil, false, err
					}
				}
				return s.scratch, formula, nil
			}
		}
	}
}

// decodeText checks and decodes a text.
func (s *sheetRows) decodeText(raw []byte) ([]byte, bool, error) {
	var err error
	if s.scratch, err = xmlscan.AppendText(s.scratch[:0], raw); err != nil {
		return nil, false, err
	}
	s.scratch, err = finishText(s.scratch)
	return s.scratch, false, err
}

// setCell returns a cell its value.
func (s *sheetRows) setCell(c *cell.Cell, at int, kind stored, style int, value []byte, formula bool) error {
	if kind != storedText && kind != storedInline {
		value = xmlscan.TrimSpace(value)
	}
	if len(value) == 0 {
		if formula && (kind != storedText || value == nil) {
			c.Flags = cell.Uncalculated
		}
		return nil
	}
	format := s.styles.Format(style)
	switch kind {
	case storedShared:
		i, ok := numeric.SmallInt(value)
		if !ok {
			return fault.Corrupt("cell %s refers to the text %.20q", cell.Address(s.row, s.column), value)
		}
		s.shared = true
		if i >= s.texts.Count {
			var err error
			if s.texts, err = s.strings.UpTo(s.ctx, i+1); err != nil {
				return err
			}
		}
		if text := s.texts.Get(i); text != "" {
			c.Kind, c.Style, c.Text = cell.Text, styles.OfText(format), text
		}
	case storedNumber:
		return s.setNumber(c, at, format, value)
	case storedBoolean:
		switch string(value) {
		case "1", "true", "TRUE":
			c.Kind, c.Int = cell.Boolean, 1
		case "0", "false", "FALSE":
			c.Kind, c.Int = cell.Boolean, 0
		default:
			n, ok := numeric.ParseNumber(value)
			if !ok || n.Value != 0 && n.Value != 1 {
				return s.setOdd(c, at, value)
			}
			c.Kind, c.Int = cell.Boolean, int64(n.Value)
		}
	case storedError:
		if c.Text = numeric.ErrorName(value); c.Text == "" {
			c.Text = numeric.ErrorName(bytes.ToUpper(value))
		}
		if c.Text == "" {
			if err := s.setOdd(c, at, value); err != nil {
				return err
			}
		}
		c.Kind = cell.Error
	case storedDate:
		if !numeric.SetStoredDate(c, format.Meaning, value) {
			return s.setOdd(c, at, value)
		}
	case storedText, storedInline:
		s.setText(c, at, value)
		c.Style = styles.OfText(format)
	default:
		return s.setOdd(c, at, value)
	}
	return nil
}

// setNumber reads a number.
func (s *sheetRows) setNumber(c *cell.Cell, at int, format *numeric.NumberFormat, value []byte) error {
	n, ok := numeric.ParseNumber(value)
	if !ok {
		return s.setOdd(c, at, value)
	}
	if format.Meaning != numeric.MeansNumber {
		if numeric.SetSerial(c, n.Value, format.Meaning, s.date1904) {
			return nil
		}
		c.Flags |= cell.NoDate
	}
	if format.Foreign {
		s.oddities.foreign.Add(s.row)
	}
	c.Kind, c.Float, c.Style, c.Width = cell.Number, n.Value, format.Style, format.Width
	if format.Style == cell.Currency {
		s.Money[at] = s.styles.CurrencyID(format)
	}
	if text := n.ExactText(value); text != nil {
		c.Flags |= cell.Rounded
		s.addSpan(c, at, text)
	}
	return nil
}

// setOdd keeps a value that is not what its cell says, such as the number "abc" of
// a careless writer, as text.
func (s *sheetRows) setOdd(c *cell.Cell, at int, value []byte) error {
	if !utf8.Valid(value) || bytes.ContainsFunc(value, unicode.IsControl) {
		return fault.Corrupt("cell %s holds the value %.40q", cell.Address(s.row, s.column), value)
	}
	s.setText(c, at, value)
	return nil
}

func (s *sheetRows) setText(c *cell.Cell, at int, text []byte) {
	c.Kind = cell.Text
	s.addSpan(c, at, text)
}

func (s *sheetRows) addSpan(c *cell.Cell, at int, text []byte) {
	from := len(s.text)
	s.text = append(s.text, text...)
	s.spans = append(s.spans, span{at, from, len(s.text)})
	c.Int = int64(len(s.spans))
}
