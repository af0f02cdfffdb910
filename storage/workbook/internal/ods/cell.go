package ods

import (
	"bytes"
	"slices"
	"strconv"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/numeric"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// cellReader reads the cells of a sheet.
type cellReader struct {
	t         *xmlscan.Tokenizer
	durations map[string]bool // cell styles that show hours beyond 24
	symbols   []string        // the currencies by their numbers less one
	currency  uint8           // of the cell that was read last
	at        int             // the row
	scratch   []byte
}

// readCell reads the cell that was just started, up to its end. The value is in the
// attributes; the text inside is what a person sees of it.
func (o *cellReader) readCell() (c cell.Cell, raw string, err error) {
	t := o.t
	kind, failed := "", false
	for _, a := range t.Attrs {
		if string(t.NameOf(a)) != "value-type" {
			continue
		}
		if value := string(t.ValueOf(a)); value == "error" {
			failed = true // LibreOffice marks a failed formula so, beside the type of its text
		} else if kind == "" {
			kind = value
		}
	}
	formula := t.PrefixedAttr("formula") != nil
	long := o.durations[t.PrefixedText("style-name")]
	o.currency = 0
	if kind == "currency" {
		o.currency = o.currencyID(t.PrefixedAttr("currency"))
	}
	value := bytes.Clone(t.PrefixedAttr("value"))
	date, clock := bytes.Clone(t.PrefixedAttr("date-value")), bytes.Clone(t.PrefixedAttr("time-value"))
	truth := string(t.PrefixedAttr("boolean-value"))
	given := t.PrefixedAttr("string-value")
	stated := given != nil
	statedText := ""
	if stated {
		statedText = t.DecodeAttr(given)
	}
	shown, some, err := o.readText()
	if err != nil {
		return c, "", err
	}
	if stated && !failed {
		shown, some = statedText, statedText != ""
	}
	if formula && kind == "string" && numeric.ErrorName([]byte(shown)) != "" {
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
		if numeric.SetISO(&c, date) {
			return c, string(date), nil
		}
		if !farDate(date) {
			return c, "", fault.Corrupt("cell in row %d holds the date %.40q", o.at, date)
		}
		c.Kind, c.Text = cell.Text, string(date)
		return c, string(date), nil
	case kind == "time":
		if !numeric.SetPeriod(&c, clock, long) {
			return c, "", fault.Corrupt("cell in row %d holds the time %.40q", o.at, clock)
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

// currencyID numbers the currencies of the sheet, from 1 on; 0 is none, and those
// after so many that they do not matter.
func (o *cellReader) currencyID(name []byte) uint8 {
	if len(name) == 0 {
		return 0
	}
	at := slices.Index(o.symbols, string(name))
	if at < 0 {
		if len(o.symbols) == format.MaxCurrencies {
			return 0
		}
		at, o.symbols = len(o.symbols), append(o.symbols, string(name))
	}
	return uint8(at + 1)
}

// farDate reports whether text is a date of a year before 1 or after 9999, which
// LibreOffice knows and Excel and Power BI do not: it is read as text.
func farDate(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte("-"))
	i := bytes.IndexByte(text, '-')
	if i < 4 || i > 6 {
		return false
	}
	if _, ok := numeric.SmallInt(text[:i]); !ok {
		return false
	}
	var c cell.Cell
	return numeric.SetISO(&c, append([]byte("2000"), text[i:]...))
}

// truthWords are how LibreOffice shows truth values in the languages it is used in most.
var truthWords = map[string]string{"TRUE": "1", "WAHR": "1", "VRAI": "1", "VERO": "1", "VERDADERO": "1", "WAAR": "1", "VERDADEIRO": "1", "PRAWDA": "1",
	"FALSE": "0", "FALSCH": "0", "FAUX": "0", "FALSO": "0", "ONWAAR": "0", "FAŁSZ": "0"}

func (o *cellReader) readNumber(kind string, value []byte) (c cell.Cell, raw string, err error) {
	n, ok := numeric.ParseNumber(value)
	if !ok {
		return c, "", fault.Corrupt("cell in row %d holds the number %.40q", o.at, value)
	}
	c.Kind, c.Float = cell.Number, n.Value
	switch kind {
	case "percentage":
		c.Style = cell.Percent
	case "currency":
		c.Style = cell.Currency
	}
	if text := n.ExactText(value); text != nil {
		c.Flags |= cell.Rounded
		c.Text = string(text)
	}
	return c, string(value), nil
}

// readText returns the paragraphs of a cell, one a line. Comments and drawings in the
// cell are no part of its text.
func (o *cellReader) readText() (text string, some bool, err error) {
	t := o.t
	if t.PassEmpty() {
		return "", false, nil
	}
	depth := t.Depth
	o.scratch = o.scratch[:0]
	paragraph := 0 // the depth inside a paragraph
	for {
		switch t.Next() {
		case xmlscan.Stop:
			if t.Err == nil {
				t.Err = fault.Corrupt("it ends inside a cell")
			}
			return "", false, t.Err
		case xmlscan.End:
			if t.Depth < depth {
				if len(o.scratch) > cell.MaxText*4 {
					return "", false, fault.TooLarge("a text in row %d is longer than %s characters", o.at, humanize.Number(cell.MaxText))
				}
				return string(o.scratch), some && len(o.scratch) > 0, nil
			}
			if paragraph > 0 && t.Depth < paragraph {
				paragraph = 0
			}
		case xmlscan.Text:
			if paragraph > 0 {
				if o.scratch, err = t.AppendText(o.scratch); err != nil {
					return "", false, err
				}
			}
		case xmlscan.Start:
			if paragraph == 0 {
				if name := string(t.Name); name != "p" && name != "h" {
					t.Skip()
					continue
				}
				if some {
					o.scratch = append(o.scratch, '\n')
				}
				some, paragraph = true, t.Depth
				continue
			}
			o.inside(string(t.Name))
		}
		if len(o.scratch) > cell.MaxText*32 {
			return "", false, fault.TooLarge("a text in row %d is longer than %s characters", o.at, humanize.Number(cell.MaxText))
		}
	}
}

// inside handles an element in a paragraph: blanks and breaks are elements, and
// formatted text and links only wrap the text.
func (o *cellReader) inside(name string) {
	switch name {
	case "s":
		for range min(repeats(o.t.PrefixedAttr("c")), cell.MaxText) {
			o.scratch = append(o.scratch, ' ')
		}
	case "tab":
		o.scratch = append(o.scratch, '\t')
	case "line-break":
		o.scratch = append(o.scratch, '\n')
	case "note", "annotation":
		o.t.Skip()
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
