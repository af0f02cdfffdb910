package workbook

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"pushdesk/storage/cell"
)

// readCell reads the cell that was just started.
func (s *sheetRows) readCell(rowStated bool) {
	var ref, typed, styled []byte // attributes r, t and s: one look at all of them is quicker than three
	for _, a := range s.t.attrs {
		if a.nameEnd-a.name != 1 || a.prefixed {
			continue
		}
		switch value := s.t.buf[a.value:a.valueEnd]; s.t.buf[a.name] {
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
	if column >= maxColumns {
		s.err = tooLarge("row %d has a cell beyond column XFD, the last one of Excel", s.row)
		return
	}
	if column <= s.column {
		if s.oddities.cellOrder++; s.oddities.cellOrderAt == 0 {
			s.oddities.cellOrderAt = s.row
		}
	}
	s.column = column
	kind := cellKind(typed)
	style := -1
	if n, ok := smallInt(styled); ok {
		style = n
	}
	target := s.slot(column)

	value, formula, err := s.readValue(kind)
	if err != nil {
		s.err = err
		return
	}
	if target == nil {
		if len(value) > 0 {
			if s.outside++; s.outside == 1 {
				s.outsideAt = column
			}
		}
		return
	}
	again := target.Kind != cell.Blank || target.Flags != 0
	if again { // repeated: the last one counts
		*target = cell.Cell{}
		s.currency[column-s.first] = 0
		s.values--
	}
	if err := s.setCell(target, column-s.first, kind, style, value, formula); err != nil {
		s.err = err
		return
	}
	if s.keepRaw {
		switch kind {
		case storedShared:
			s.raws[column-s.first] = target.Text
		case storedText, storedInline:
			s.raws[column-s.first] = string(value)
		default:
			s.raws[column-s.first] = string(trimSpace(value))
		}
		if again {
			s.stored = slices.DeleteFunc(s.stored, func(c int) bool { return c == column })
		}
		s.stored = append(s.stored, column)
	}
	if target.Kind != cell.Blank || target.Flags != 0 {
		s.values++
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
	if t.emptyEnd {
		t.next()
		return nil, false, nil
	}
	// Nearly every cell is <v>plain text</v></c>, here without further tokens.
	if rest := t.buf[t.pos:t.end]; bytes.HasPrefix(rest, openValue) && len(t.open)-t.openAt[t.depth-1] == 1 {
		rest = rest[len(openValue):]
		if i := bytes.IndexByte(rest, '<'); i >= 0 && bytes.HasPrefix(rest[i:], closeValue) {
			value = rest[:i]
			isText := kind == storedText || kind == storedInline
			if isText || bytes.IndexByte(value, '&') < 0 {
				t.pos += len(openValue) + i + len(closeValue)
				t.pop()
				if isText {
					return s.decodeText(value)
				}
				return value, false, nil
			}
		}
	}
	outer := t.depth
	if s.scratch == nil {
		s.scratch = make([]byte, 0, 64) // a value that is empty is not nil
	}
	s.scratch = s.scratch[:0]
	inValue, valued, some, inline := false, false, false, false
	for {
		switch t.next() {
		case tokenStop:
			if t.err == nil {
				t.err = corrupt("it ends inside a cell")
			}
			return nil, false, t.err
		case tokenStart:
			if t.depth != outer+1 {
				continue
			}
			switch string(t.name) {
			case "v":
				if valued {
					return nil, false, corrupt("cell %s has two values", cell.Address(s.row, s.column))
				}
				inValue, valued, some = !inline, true, true
			case "f":
				formula = true
				t.skip()
			case "is":
				if inline {
					return nil, false, corrupt("cell %s has two texts", cell.Address(s.row, s.column))
				}
				inline, some = true, true
				if s.scratch, err = appendRuns(s.scratch[:0], t); err != nil {
					return nil, false, err
				}
			default:
				t.skip()
			}
		case tokenText:
			if inValue && t.depth == outer+1 {
				if s.scratch, err = t.appendText(s.scratch); err != nil {
					return nil, false, err
				}
			}
		case tokenEnd:
			inValue = false
			if t.depth < outer {
				if !some {
					return nil, formula, nil
				}
				if kind == storedText || kind == storedInline {
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
	if s.scratch, err = appendXMLText(s.scratch[:0], raw); err != nil {
		return nil, false, err
	}
	s.scratch, err = finishText(s.scratch)
	return s.scratch, false, err
}

// setCell gives a cell its value.
func (s *sheetRows) setCell(c *cell.Cell, at int, kind stored, style int, value []byte, formula bool) error {
	if kind != storedText && kind != storedInline {
		value = trimSpace(value)
	}
	if len(value) == 0 {
		if formula && (kind != storedText || value == nil) {
			c.Flags = cell.Uncalculated
		}
		return nil
	}
	format := s.book.styles.format(style)
	switch kind {
	case storedShared:
		i, ok := smallInt(value)
		if !ok {
			return corrupt("cell %s refers to the text %.20q", cell.Address(s.row, s.column), value)
		}
		s.shared = true
		if i >= s.texts.count {
			var err error
			if s.texts, err = s.book.strings.upTo(s.ctx, i+1); err != nil {
				return err
			}
		}
		if text := s.texts.get(i); text != "" {
			c.Kind, c.Style, c.Text = cell.Text, textStyle(format), text
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
			n, ok := parseNumber(value)
			if !ok || n.value != 0 && n.value != 1 {
				return s.setOdd(c, at, value)
			}
			c.Kind, c.Int = cell.Boolean, int64(n.value)
		}
	case storedError:
		if c.Text = errorName(value); c.Text == "" {
			c.Text = errorName(bytes.ToUpper(value))
		}
		if c.Text == "" {
			if err := s.setOdd(c, at, value); err != nil {
				return err
			}
		}
		c.Kind = cell.Error
	case storedDate:
		if !setStoredDate(c, format.meaning, value) {
			return s.setOdd(c, at, value)
		}
	case storedText, storedInline:
		s.setText(c, at, value)
		c.Style = textStyle(format)
	default:
		return s.setOdd(c, at, value)
	}
	return nil
}

func textStyle(f *numberFormat) cell.Style {
	if f.style == cell.AsText {
		return cell.AsText
	}
	return cell.General
}

// setNumber reads a number.
func (s *sheetRows) setNumber(c *cell.Cell, at int, format *numberFormat, value []byte) error {
	n, ok := parseNumber(value)
	if !ok {
		return s.setOdd(c, at, value)
	}
	if format.meaning != meansNumber {
		if setSerial(c, n.value, format.meaning, s.book.date1904) {
			return nil
		}
		c.Flags |= cell.NoDate
	}
	if format.foreign {
		s.oddities.foreign.add(s.row)
	}
	c.Kind, c.Float, c.Style, c.Width = cell.Number, n.value, format.style, format.width
	if format.style == cell.Currency {
		s.currency[at] = s.book.styles.currencyID(format)
	}
	if text := n.exactText(value); text != nil {
		c.Flags |= cell.Rounded
		s.addSpan(c, at, text)
	}
	return nil
}

// setOdd keeps a value that is not what its cell says, such as the number "abc" of
// a careless writer, as text.
func (s *sheetRows) setOdd(c *cell.Cell, at int, value []byte) error {
	if !utf8.Valid(value) || bytes.ContainsFunc(value, unicode.IsControl) {
		return corrupt("cell %s holds the value %.40q", cell.Address(s.row, s.column), value)
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

// errorName gives the name of an error of Excel without allocating, or "".
func errorName(b []byte) string {
	switch string(b) {
	case "#N/A":
		return "#N/A"
	case "#VALUE!":
		return "#VALUE!"
	case "#REF!":
		return "#REF!"
	case "#DIV/0!":
		return "#DIV/0!"
	case "#NAME?":
		return "#NAME?"
	case "#NUM!":
		return "#NUM!"
	case "#NULL!":
		return "#NULL!"
	}
	return ""
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}
