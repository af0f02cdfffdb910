package upload

import (
	"fmt"

	"pushdesk/storage/workbook"
)

// headerChoice is where the column names stand: the last of their rows and how many
// there are. Row -1 says that there are none.
type headerChoice struct{ row, rows int }

// arrangeHeader offers the rows that can hold the column names.
func (s *sourceStep) arrangeHeader(l workbook.Layout) {
	first := max(1, l.Source.Range.FirstRow)
	now := headerChoice{l.HeaderRow, l.HeaderRows}
	if l.HeaderRow == 0 {
		now = headerChoice{row: -1}
	}
	s.header = nil
	add := func(h headerChoice) { s.header = append(s.header, h) }
	for row := first; row < first+headersOffered || row <= l.HeaderRow; row++ {
		one, two := headerChoice{row, 1}, headerChoice{row + 1, 2}
		if row < first+headersOffered || one == now {
			add(one)
		}
		if l.Source.Kind != workbook.SourceTable && row < first+pairsOffered || two == now {
			add(two)
		}
	}
	add(headerChoice{row: -1})
	words, chosen := make([]string, len(s.header)), 0
	for i, h := range s.header {
		if words[i] = h.word(); h == now {
			chosen = i
		}
	}
	s.head.SetOptions(words)
	s.head.SetSelected(chosen)
}

func (h headerChoice) word() string {
	switch {
	case h.row < 0:
		return "There are none"
	case h.rows > 1:
		return fmt.Sprintf("In rows %d and %d", h.row-1, h.row)
	}
	return fmt.Sprintf("In row %d", h.row)
}

func (s *sourceStep) chooseHeader(i int) {
	source := s.now.draft.Reading.Layout.Source
	if source.Kind != workbook.SourceTable {
		source.HeaderRows = s.header[i].rows
	}
	s.at(source, s.header[i].row)
}
