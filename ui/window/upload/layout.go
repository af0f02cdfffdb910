package upload

import (
	"context"
	"fmt"

	"pushdesk/powerbi/job"
	"pushdesk/storage/workbook"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/widget"
)

// headerChoice is where the column names stand: the last of their rows and how many
// there are. Row -1 says that there are none.
type headerChoice struct{ row, rows int }

// Rows that are offered as column names, and the first of them in pairs.
const (
	headersOffered = 25
	pairsOffered   = 8
)

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
		if l.Source.Kind != workbook.KindTable && row < first+pairsOffered || two == now {
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
	if source.Kind != workbook.KindTable {
		source.HeaderRows = s.header[i].rows
	}
	s.at(source, s.header[i].row)
}

// arrangeTail offers to keep or to leave out what stands below the rows.
func (s *sourceStep) arrangeTail(r job.Reading) {
	t := r.Tail
	if t.FirstRow == 0 {
		t = r.Profile.Tail
	}
	some := t.FirstRow > 0 && !r.Profile.Provisional
	widget.ShowIf(s.tail, some)
	if !some {
		return
	}
	s.below.SetOptions([]string{"Left out", "Sent with the rows"})
	chosen := 1
	if r.Tail.FirstRow > 0 {
		chosen = 0
	}
	s.below.SetSelected(chosen)
}

func (s *sourceStep) chooseTail(i int) {
	r := s.now.draft.Reading
	s.reading(func(ctx context.Context) (job.Reading, error) { return r.KeepTail(ctx, i == 1) })
}

// reading shows another reading of the open file.
func (s *sourceStep) reading(read func(ctx context.Context) (job.Reading, error)) {
	task.Read(s.reads, read, func(r job.Reading, err error) {
		if err != nil {
			s.frame.explain(err, "The table could not be read.")
			s.arrange() // back to what is shown
			s.frame.refresh()
			return
		}
		s.take(r)
	})
	s.frame.refresh()
}
