package mapping

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"pushdesk/powerbi"
	"pushdesk/storage/cell"
)

// Case says how the letters of texts are written.
type Case string

const (
	CaseAsIs  Case = ""
	CaseUpper Case = "upper"
	CaseLower Case = "lower"
	CaseTitle Case = "title" // The First Letter Of Each Word
)

// Cases are all cases.
var Cases = []Case{CaseAsIs, CaseUpper, CaseLower, CaseTitle}

// Replacement is a text to find and what takes its place.
type Replacement struct {
	Find  string `json:"find" yaml:"find"`
	With  string `json:"with" yaml:"with"`
	Whole bool   `json:"whole,omitempty" yaml:"whole,omitempty"` // only where the value is nothing else
}

// Rules say what becomes of the cells of a column before they are converted, in the order
// of the fields. Constants and defaults are written plainly: a point before decimals, dates
// with the year first.
type Rules struct {
	Constant *string       `json:"constant,omitempty" yaml:"constant,omitempty"`        // the value of every row, whatever the file holds; "" = blank
	Default  string        `json:"default,omitempty" yaml:"default,omitempty"`          // the value of a blank
	Trim     bool          `json:"trim,omitempty" yaml:"trim,omitempty"`                // spaces at both ends are dropped
	Collapse bool          `json:"collapse,omitempty" yaml:"collapse-spaces,omitempty"` // and several between words become one
	Case     Case          `json:"case,omitempty" yaml:"case,omitempty"`
	Replace  []Replacement `json:"replace,omitempty" yaml:"replace,omitempty"`
	True     []string      `json:"true,omitempty" yaml:"true-words,omitempty"` // words for true, in any case, in a column of that type
	False    []string      `json:"false,omitempty" yaml:"false-words,omitempty"`
	Nothing  []string      `json:"nothing,omitempty" yaml:"blank-words,omitempty"` // words that stand for a blank, in any case
	Round    *int          `json:"round,omitempty" yaml:"round,omitempty"`         // decimals of numbers; half is rounded away from zero
}

// Empty reports whether nothing is changed.
func (r *Rules) Empty() bool {
	return r == nil || r.Constant == nil && !r.OnText() && r.Round == nil && r.Default == ""
}

// Some returns the rules, or nil where they change nothing.
func (r Rules) Some() *Rules {
	if r.Empty() {
		return nil
	}
	return &r
}

// OnText reports whether cells are changed by how they are written, so that texts must
// not be read as something else before.
func (r *Rules) OnText() bool {
	return r != nil && (r.Trim || r.Collapse || len(r.Replace)+len(r.Nothing)+len(r.True)+len(r.False) > 0 || r.Case != CaseAsIs)
}

// IsConstant reports whether the field has the same value in every row.
func (f *Field) IsConstant() bool { return f.Rules != nil && f.Rules.Constant != nil }

// prepared returns a cell after the rules of the field. One that is changed is put into
// scratch.
func (f *Field) prepared(c, scratch *cell.Cell) *cell.Cell {
	r := f.Rules
	if r == nil {
		return c
	}
	if r.Constant != nil {
		*scratch = literal(*r.Constant, f.Target.DataType)
		return scratch
	}
	if r.OnText() && c.Kind != cell.Blank && c.Kind != cell.Error {
		c = f.rewritten(c, scratch)
	}
	if r.Round != nil {
		c = f.rounded(c, scratch)
	}
	if r.Default != "" && (c.Kind == cell.Blank || c.Kind == cell.Text && strings.TrimSpace(c.Text) == "") {
		*scratch = literal(r.Default, f.Target.DataType)
		return scratch
	}
	return c
}

// rewritten applies the rules about how a cell is written. One that they do not change
// stays what it is: a number does not become a text.
func (f *Field) rewritten(c, scratch *cell.Cell) *cell.Cell {
	r, was := f.Rules, c.Text
	if c.Kind != cell.Text {
		out, bad := appendPlainText(nil, c)
		if bad.bad() {
			return c
		}
		was = string(out)
	}
	s := was
	if r.Trim || r.Collapse {
		s = strings.TrimFunc(s, unicode.IsSpace)
	}
	if r.Collapse {
		s = strings.Join(strings.Fields(s), " ")
	}
	for _, x := range r.Replace {
		switch {
		case x.Find == "":
		case !x.Whole:
			s = strings.ReplaceAll(s, x.Find, x.With)
		case s == x.Find:
			s = x.With
		}
	}
	is := func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(strings.TrimSpace(w), strings.TrimSpace(s)) })
	}
	if is(r.Nothing) {
		*scratch = cell.Cell{}
		return scratch
	}
	switch r.Case {
	case CaseUpper:
		s = strings.ToUpper(s)
	case CaseLower:
		s = strings.ToLower(s)
	case CaseTitle:
		s = title(s)
	}
	if f.Target.DataType == powerbi.Boolean {
		for truth, words := range [][]string{r.False, r.True} {
			if is(words) {
				*scratch = cell.Cell{Kind: cell.Boolean, Int: int64(truth)}
				return scratch
			}
		}
	}
	if s == was {
		return c
	}
	*scratch = cell.Cell{Kind: cell.Text, Text: s}
	return scratch
}

// title writes the first letter of each word as a capital and the others small.
func title(s string) string {
	before := ' '
	return strings.Map(func(r rune) rune {
		inside := unicode.IsLetter(before) || unicode.IsDigit(before) || before == '\'' || before == '’'
		before = r
		if inside {
			return unicode.ToLower(r)
		}
		return unicode.ToTitle(r)
	}, s)
}

// rounded rounds a number of a column of numbers. What is none stays, and is a problem
// when it is converted.
func (f *Field) rounded(c, scratch *cell.Cell) *cell.Cell {
	var n number
	ok := false
	switch f.Target.DataType {
	case powerbi.Int64, powerbi.Double, powerbi.Decimal:
	default:
		return c
	}
	switch c.Kind {
	case cell.Number:
		digits := c.Text
		if digits == "" {
			digits = strconv.FormatFloat(c.Float, 'e', -1, 64)
		}
		n, ok = parseNumber(digits, '.')
	case cell.Text:
		var bad rule
		n, _, bad = f.textNumber(c.Text)
		ok = bad == ruleNone
	}
	if !ok {
		return c
	}
	plain, ok := n.appendPlain(nil, 0)
	if !ok {
		return c
	}
	*scratch = numeral(roundPlain(string(plain), *f.Rules.Round))
	return scratch
}

// roundPlain rounds a number as appendPlain writes it.
func roundPlain(s string, places int) string {
	whole, frac, _ := strings.Cut(s, ".")
	if len(frac) <= places {
		return s
	}
	digits := []byte(strings.TrimPrefix(whole, "-") + frac[:places])
	up := frac[places] >= '5'
	for i := len(digits) - 1; up && i >= 0; i-- {
		if digits[i]++; digits[i] > '9' {
			digits[i] = '0'
		} else {
			up = false
		}
	}
	if up {
		digits = append([]byte{'1'}, digits...)
	}
	at := len(digits) - places
	out := string(digits[:at])
	if out == "" {
		out = "0"
	}
	if places > 0 {
		out += "." + string(digits[at:])
	}
	if strings.HasPrefix(s, "-") && strings.Trim(out, "0.") != "" {
		out = "-" + out
	}
	return out
}

// numeral is a number by its digits.
func numeral(digits string) cell.Cell {
	v, _ := strconv.ParseFloat(digits, 64)
	c := cell.Cell{Kind: cell.Number, Float: v}
	if math.Abs(v) >= 1<<53 || strings.Contains(digits, ".") {
		c.Text = digits
	}
	return c
}

// literal is a value that a person wrote plainly, for a type.
func literal(s string, t powerbi.DataType) cell.Cell {
	s = strings.TrimSpace(s)
	if s == "" {
		return cell.Cell{}
	}
	switch t {
	case powerbi.Int64, powerbi.Double, powerbi.Decimal:
		if n, ok := parseNumber(s, '.'); ok && n.size() <= maxExponent && !strings.ContainsAny(s, "eE") {
			return numeral(s)
		}
	}
	return cell.Cell{Kind: cell.Text, Text: s}
}

// Check returns what is wrong with the rules of a field; "" when nothing is.
func (r *Rules) Check(f Field) string {
	if r == nil {
		return ""
	}
	plain := Field{Target: f.Target}
	for _, x := range []struct {
		what  string
		value *string
	}{{"constant", r.Constant}, {"default", &r.Default}} {
		if x.value == nil || *x.value == "" {
			continue
		}
		c := literal(*x.value, f.Target.DataType)
		if _, bad := plain.appendValue(nil, &c); bad.bad() {
			return fmt.Sprintf("The %s “%s” is not of the type %s.", x.what, Shorten(*x.value), f.Target.DataType.Label())
		}
	}
	switch number := sameClass(f.Target.DataType, powerbi.Double); {
	case r.Round != nil && !number:
		return "Only numbers can be rounded."
	case r.Round != nil && (*r.Round < 0 || *r.Round > 15):
		return "Numbers can be rounded to 0 to 15 decimals."
	case len(r.True)+len(r.False) > 0 && f.Target.DataType != powerbi.Boolean:
		return "Words for true and false need the type " + powerbi.Boolean.Label() + "."
	case !slices.Contains(Cases, r.Case):
		return "The case is upper, lower or title."
	}
	for _, x := range r.Replace {
		if x.Find == "" {
			return "A replacement has nothing to find."
		}
	}
	for _, w := range r.True {
		if slices.ContainsFunc(slices.Concat(r.False, r.Nothing), func(o string) bool { return strings.EqualFold(o, w) }) {
			return fmt.Sprintf("The word “%s” cannot stand for two values.", w)
		}
	}
	return ""
}
