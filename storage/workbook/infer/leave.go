package infer

import (
	"slices"
	"sort"
)

// Keep is what becomes of rows that look as if they were none of the data: totals,
// repeated names, notes.
type Keep string

const (
	KeepProven Keep = ""     // those that certainly are none are left out, the others are kept
	KeepAll    Keep = "all"  // all are kept
	KeepNone   Keep = "none" // all are left out
)

// Span is a block of rows of a sheet. Last 0 is its end.
type Span struct {
	First int `json:"first"`
	Last  int `json:"last,omitempty"`
}

// Spans are rows of a sheet in their order.
type Spans []Span

// Has reports whether a row is one of them.
func (s Spans) Has(row int) bool {
	at := sort.Search(len(s), func(i int) bool { return s[i].First > row }) - 1
	return at >= 0 && (s[at].Last == 0 || row <= s[at].Last)
}

// End returns the row from which on everything is one of them, 0 when there is none.
func (s Spans) End() int {
	if n := len(s); n > 0 && s[n-1].Last == 0 {
		return s[n-1].First
	}
	return 0
}

// spansOf returns the spans of rows, and of everything from end on when that is not 0.
func spansOf(rows []int, end int) (s Spans) {
	slices.Sort(rows)
	for _, row := range rows {
		switch n := len(s); {
		case end > 0 && row >= end:
		case n > 0 && row <= s[n-1].Last+1:
			s[n-1].Last = max(s[n-1].Last, row)
		default:
			s = append(s, Span{row, row})
		}
	}
	if end > 0 {
		s = append(s, Span{First: end})
	}
	return s
}
