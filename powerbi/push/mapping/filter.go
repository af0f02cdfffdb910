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
	if len(all) == 0 {
		return ""
	}
	return "Only rows where " + strings.Join(all, " and ")
}
