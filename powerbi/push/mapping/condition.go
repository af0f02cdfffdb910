package mapping

import (
	"fmt"
	"slices"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/storage/failure"
)

// Op is how a condition compares a cell with its value.
type Op string

// The operators. Blank and NotBlank have no value.
const (
	OpIs       Op = "="
	OpIsNot    Op = "!="
	OpBelow    Op = "<"
	OpAtMost   Op = "<="
	OpAbove    Op = ">"
	OpAtLeast  Op = ">="
	OpContains Op = "contains"
	OpBlank    Op = "blank"
	OpNotBlank Op = "notblank"
)

// Condition is something that a cell of a row must meet for the row to be sent. A cell
// is compared as what it is sent as: a text of a column that becomes a number is
// compared as that number.
//
//   - Text ignores case and leading or trailing spaces, as in Power BI.
//   - Numbers are compared exactly; in a Double column only the fifteen digits count
//     that a spreadsheet shows of a fraction.
//   - A day as the value of a column of dates is all of that day.
//   - A blank cell, or one of nothing but blanks, meets OpBlank and OpIsNot only.
//   - A cell that cannot be compared, such as a text in a column of numbers or an
//     error, meets no condition; such rows are counted as notes. An error is sent as
//     blank and meets OpBlank.
type Condition struct {
	From   int              `json:"from"` // index into the row's cells
	Header string           `json:"header"`
	Letter string           `json:"letter,omitempty"` // the column's letters in the sheet
	Op     Op               `json:"op"`
	Value  string           `json:"value,omitempty"`
	As     powerbi.DataType `json:"as,omitempty"` // what a column that no field takes is compared as; "" is String
}

// Ops returns the operators that fit a type.
func Ops(t powerbi.DataType) []Op {
	switch t {
	case powerbi.String:
		return []Op{OpIs, OpIsNot, OpContains, OpBlank, OpNotBlank}
	case powerbi.Boolean:
		return []Op{OpIs, OpIsNot, OpBlank, OpNotBlank}
	}
	return []Op{OpIs, OpIsNot, OpBelow, OpAtMost, OpAbove, OpAtLeast, OpBlank, OpNotBlank}
}

// Words returns an operator as it is read between a column and a value. Of dates one
// says other words than of numbers.
func (o Op) Words(t powerbi.DataType) string {
	words := map[Op]string{OpIs: "is", OpIsNot: "is not", OpBelow: "is below", OpAtMost: "is at most", OpAbove: "is above", OpAtLeast: "is at least",
		OpContains: "contains", OpBlank: "is blank", OpNotBlank: "is not blank"}
	if t == powerbi.DateTime {
		words[OpBelow], words[OpAtMost], words[OpAbove], words[OpAtLeast] = "is before", "is not after", "is after", "is not before"
	}
	return words[o]
}

// Valued reports whether an operator needs a value.
func (o Op) Valued() bool { return o != OpBlank && o != OpNotBlank }

// ErrCondition is a condition that cannot be used, for errors.Is.
var ErrCondition = condition("The condition cannot be used.", "")

func condition(sentence, remedy string) *failure.Error {
	return failure.New(failure.Usage, "condition", sentence, remedy)
}

// operators are how a condition is written, the longest first, so that <= is not read
// as < with a value of =.
var operators = []struct {
	written string
	op      Op
}{
	{"is not blank", OpNotBlank}, {"is blank", OpBlank}, {"contains", OpContains},
	{"!=", OpIsNot}, {"<>", OpIsNot}, {"<=", OpAtMost}, {">=", OpAtLeast}, {"=", OpIs}, {"<", OpBelow}, {">", OpAbove},
}

// ParseCondition reads a condition such as Amount>=100, Region = West, Note is blank or
// Note contains late. The column is named by its header, in any case, or
// by its letters in the sheet; headers go first, and the longest of them.
func ParseCondition(written string, headers, letters []string) (Condition, error) {
	written = strings.TrimSpace(written)
	best, length := Condition{From: -1}, -1
	take := func(names []string, fits func(a, b string) bool) {
		for i, name := range names {
			if n := len(name); n > length && n > 0 && n <= len(written) && fits(written[:n], name) {
				if op, value, ok := operation(written[n:]); ok {
					best, length = Condition{From: i, Op: op, Value: value}, n
				}
			}
		}
	}
	take(headers, func(a, b string) bool { return a == b })
	take(headers, strings.EqualFold)
	if length < 0 {
		take(letters, strings.EqualFold)
	}
	if length < 0 {
		return best, unreadable(written, slices.Concat(headers, letters))
	}
	best.Header, best.Letter = headers[best.From], letters[best.From]
	return best, nil
}

// String writes a condition so that ParseCondition reads it.
func (c Condition) String() string {
	for _, o := range operators {
		if o.op == c.Op {
			return strings.TrimSpace(c.Header + " " + o.written + " " + c.Value)
		}
	}
	return ""
}

// operation reads what follows a column: the operator and the value.
func operation(rest string) (op Op, value string, ok bool) {
	after := strings.TrimSpace(rest)
	for _, o := range operators {
		n := len(o.written)
		if len(after) < n || !strings.EqualFold(after[:n], o.written) {
			continue
		}
		word := o.written[0] >= 'a'
		if word && len(after) == len(rest) || word && len(after) > n && after[n] != ' ' || !o.op.Valued() && len(after) > n {
			continue
		}
		return o.op, strings.TrimSpace(after[n:]), true
	}
	return "", "", false
}

// unreadable says why a condition could not be read: an unknown column, or no operator.
func unreadable(written string, names []string) error {
	at, cut := len(written), ""
	for i := range written {
		for _, o := range operators {
			word := o.written[0] >= 'a'
			if i < at && len(written)-i >= len(o.written) && strings.EqualFold(written[i:i+len(o.written)], o.written) && (!word || i > 0 && written[i-1] == ' ') {
				at, cut = i, strings.TrimSpace(written[:i])
			}
		}
	}
	if cut != "" && !slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, cut) }) {
		return condition(fmt.Sprintf("The file has no column “%s”.", cut), "Write the column's header as in the file, or its letters in the sheet.")
	}
	return condition(fmt.Sprintf("“%s” is not a condition.", written),
		"Write a column, an operator and a value, for example Region=West, Amount>=100, Note contains late, Note is blank or Note is not blank. The operators are = != < <= > and >=.")
}
