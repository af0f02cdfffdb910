package rows

import (
	"fmt"
	"strings"

	"pushdesk/powerbi"
)

// Checker checks the body of a POST of rows against the columns of a table:
// every row, every value. It also writes the rows in the form they are stored.
// A checker is never changed and may be used by several goroutines.
//
// What the real service answers to the following is not known; here they are
// refused with the whole batch, because a sender that meets these rules is safe
// under either reading: an unknown column, a missing column, a column twice in a
// row, a value of another JSON type than the column's, a number outside its
// type's range, a Decimal with more than four decimals, a whole number written
// with a fraction or an exponent, and a string above 4,000 characters.
// An empty list of rows is accepted.
type Checker struct {
	columns []powerbi.Column
	kinds   []powerbi.DataType // with the standard spelling
	index   map[string]int
}

// Columns returns the columns that rows are checked for.
func (c *Checker) Columns() []powerbi.Column { return c.columns }

// NewChecker returns the checker for the columns of a table.
func NewChecker(columns []powerbi.Column) *Checker {
	c := &Checker{columns: columns, index: make(map[string]int, len(columns))}
	for i, col := range columns {
		kind, _ := DataType(string(col.DataType))
		c.kinds = append(c.kinds, kind)
		c.index[col.Name] = i
	}
	return c
}

// DataType returns a type by its name in any case; "bool" is accepted too.
func DataType(name string) (powerbi.DataType, bool) {
	for _, t := range powerbi.DataTypes {
		if strings.EqualFold(string(t), name) {
			return t, true
		}
	}
	if strings.EqualFold(name, "bool") {
		return powerbi.Boolean, true
	}
	return "", false
}

// Error says which value of a body was refused.
type Error struct {
	Row     int // in the body, from 0; -1 when the fault is outside the rows
	column  string
	problem string
	tooMany bool
}

func (e *Error) Error() string {
	switch {
	case e.Row < 0:
		return e.problem
	case e.column == "":
		return fmt.Sprintf("row %d: %s", e.Row, e.problem)
	}
	return fmt.Sprintf("row %d, column %q: %s", e.Row, e.column, e.problem)
}

// Target returns where the fault is, as an OData path.
func (e *Error) Target() string {
	switch {
	case e.Row < 0:
		return "rows"
	case e.column == "":
		return fmt.Sprintf("rows[%d]", e.Row)
	}
	return fmt.Sprintf("rows[%d].%s", e.Row, e.column)
}

// checking is one check on its way.
type checking struct {
	scanner
	c     *Checker
	keep  bool
	lines []byte // the rows as stored, appended to
	row   int
	spans []span // of the values of this row, with their quotes
	seen  []int  // row+1 in which a column was last seen
}

type span struct{ from, to int }

// Check checks a body. With keep it appends the rows to lines, each a line of
// JSON with the values as they were sent in the order of the columns. n is the
// number of rows.
func (c *Checker) Check(body []byte, maxRows int, keep bool, lines []byte) (_ []byte, n int, _ *Error) {
	k := &checking{scanner: scanner{b: body}, c: c, keep: keep, lines: lines, row: -1,
		spans: make([]span, len(c.columns)), seen: make([]int, len(c.columns))}
	if err := k.body(maxRows); err != nil {
		return k.lines, max(k.row, 0), err
	}
	return k.lines, k.row + 1, nil
}

func (k *checking) fail(problem string) *Error { return &Error{Row: k.row, problem: problem} }

func (k *checking) syntax(err error) *Error {
	return k.fail(fmt.Sprintf("%v (at byte %d)", err, k.i))
}

// body takes {"rows":[...]}.
func (k *checking) body(maxRows int) *Error {
	if k.next() == '[' {
		return k.end(k.fail("the body is a bare array of rows; it has to be an object that holds them: {\"rows\":[…]}"))
	}
	if err := k.expect('{'); err != nil {
		return k.syntax(err)
	}
	found := false
	for k.next() != '}' {
		if found {
			if err := k.expect(','); err != nil {
				return k.syntax(err)
			}
			k.space()
		}
		raw, _, escaped, err := k.text()
		if err != nil {
			return k.syntax(err)
		}
		name := unescaped(raw, escaped)
		if name != "rows" || found {
			return k.fail(fmt.Sprintf("the property %q does not exist on the request; it has one property, rows", clip(name)))
		}
		found = true
		if err := k.expect(':'); err != nil {
			return k.syntax(err)
		}
		if err := k.rows(maxRows); err != nil {
			return err
		}
	}
	k.i++
	if k.space(); k.i < len(k.b) {
		return k.end(k.syntax(errSyntax))
	}
	if !found {
		return k.end(k.fail("the body has no rows"))
	}
	return nil
}

// end marks an error that lies after the rows.
func (k *checking) end(e *Error) *Error { e.Row = -1; return e }

func (k *checking) rows(maxRows int) *Error {
	if err := k.expect('['); err != nil {
		return k.syntax(err)
	}
	if k.next() == ']' {
		k.i++
		return nil
	}
	for {
		if k.row+1 >= maxRows {
			return &Error{tooMany: true, Row: -1, problem: fmt.Sprintf("the request holds more than %d rows", maxRows)}
		}
		k.row++
		if err := k.object(); err != nil {
			return err
		}
		switch k.next() {
		case ',':
			k.i++
		case ']':
			k.i++
			return nil
		default:
			return k.end(k.syntax(k.wrong()))
		}
	}
}

// object takes one row.
func (k *checking) object() *Error {
	if err := k.expect('{'); err != nil {
		return k.syntax(err)
	}
	got := 0
	if k.next() == '}' {
		k.i++
	} else {
		for more := true; more; got++ {
			if err := k.member(got); err != nil {
				return err
			}
			switch k.next() {
			case ',':
				k.i++
				k.space()
			case '}':
				k.i++
				more = false
			default:
				return k.syntax(k.wrong())
			}
		}
	}
	if got < len(k.seen) {
		for i, row := range k.seen {
			if row != k.row+1 {
				return &Error{Row: k.row, column: k.c.columns[i].Name, problem: "the row has no value for this column; send null for a missing value"}
			}
		}
	}
	if k.keep {
		k.store()
	}
	return nil
}

// store appends the row in the form it is kept.
func (k *checking) store() {
	k.lines = append(k.lines, '[')
	for i, p := range k.spans {
		if i > 0 {
			k.lines = append(k.lines, ',')
		}
		k.lines = append(k.lines, k.b[p.from:p.to]...)
	}
	k.lines = append(k.lines, ']', '\n')
}

// member takes one "column":value. place is its place in the row: senders keep
// the order of the columns, so that column is tried first.
func (k *checking) member(place int) *Error {
	raw, _, escaped, err := k.text()
	if err != nil {
		return k.syntax(err)
	}
	i := place
	if escaped || i >= len(k.c.columns) || k.c.columns[i].Name != string(raw) {
		var ok bool
		if escaped {
			i, ok = k.c.index[unescaped(raw, true)]
		} else {
			i, ok = k.c.index[string(raw)]
		}
		if !ok {
			return k.fail(fmt.Sprintf("the table has no column %q", clip(unescaped(raw, escaped))))
		}
	}
	if k.seen[i] == k.row+1 {
		return &Error{Row: k.row, column: k.c.columns[i].Name, problem: "the row has this column twice"}
	}
	k.seen[i] = k.row + 1
	if err := k.expect(':'); err != nil {
		return k.syntax(err)
	}
	k.space()
	from := k.i
	problem, err := k.value(k.c.kinds[i])
	if err != nil {
		return k.syntax(err)
	}
	if problem != "" {
		return &Error{Row: k.row, column: k.c.columns[i].Name, problem: problem}
	}
	k.spans[i] = span{from, k.i}
	return nil
}
