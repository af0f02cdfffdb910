package mapping

import (
	"slices"
	"strings"

	"pushdesk/powerbi"
)

// Compared returns the field that a condition's cells are compared as.
func (m Mapping) Compared(c Condition) Field {
	for _, use := range []bool{true, false} {
		if i := slices.IndexFunc(m.Fields, func(f Field) bool { return f.Use == use && f.From == c.From && c.From >= 0 }); i >= 0 {
			return m.Fields[i]
		}
	}
	f := Field{From: c.From, Header: c.Header, Letter: c.Letter, Target: powerbi.Column{Name: c.Header, DataType: c.As}}
	if c.As == "" {
		f.Target.DataType = powerbi.String
	}
	return f
}

// FilterWords says in a sentence without its point which rows are sent; "" is all.
func (m Mapping) FilterWords() string {
	var all []string
	for _, c := range m.Filter {
		all = append(all, strings.TrimSpace(c.Header+" "+c.Op.Words(m.Compared(c).Target.DataType)+" "+strings.TrimSpace(c.Value)))
	}
	words := ""
	if len(all) > 0 {
		words = "Only rows where " + strings.Join(all, " and ")
	}
	if m.Past != nil {
		if words == "" {
			return "Only rows " + m.Past.words()
		}
		words += ", and of them only those " + m.Past.words()
	}
	return words
}

// Past says which rows of a source its table holds already. They are told by a column, and
// known by their numbers in the sheet: of another file they have to be found again.
type Past struct {
	Column  string `json:"column"`            // of the table, whose values tell the rows apart
	Growing bool   `json:"growing,omitempty"` // its values grow: rows up to Last are known
	Last    string `json:"last,omitempty"`    // the largest value in the table, for a person; "" = there is none
	Rows    []Rows `json:"rows,omitempty"`    // in ascending order
	Count   int64  `json:"count"`             // of all of them
	// Repeated counts rows whose key an earlier row of the source has, too: all are sent.
	Repeated int64 `json:"repeated,omitempty"`
}

// Rows are those from First to Last of a sheet.
type Rows struct {
	First int `json:"first"`
	Last  int `json:"last"`
}

// Add adds a row that follows those that are there. next says that no row of the source
// stands between it and the last one that was added.
func (p *Past) Add(row int, next bool) {
	p.Count++
	if n := len(p.Rows); next && n > 0 {
		p.Rows[n-1].Last = row
		return
	}
	p.Rows = append(p.Rows, Rows{row, row})
}

func (p *Past) words() string {
	switch {
	case p.Growing && p.Last == "":
		return "whose " + p.Column + " is above all in the table, which has none"
	case p.Growing:
		return "whose " + p.Column + " is above " + p.Last + ", the last in the table"
	}
	return "whose " + p.Column + " the table did not have"
}

// knows returns a function that reports whether rows are known, asked in their order.
func (p *Past) knows() func(row int) bool {
	if p == nil || len(p.Rows) == 0 {
		return nil
	}
	rest := p.Rows
	return func(row int) bool {
		for len(rest) > 0 && rest[0].Last < row {
			rest = rest[1:]
		}
		return len(rest) > 0 && rest[0].First <= row
	}
}
