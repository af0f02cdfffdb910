package mapping

import "pushdesk/storage/cell"

// checkEvery is how many rows pass between two looks at the context and reports of
// progress.
const checkEvery = 4096

// Selection is the part of a source that is sent: the rows that meet every condition
// of a mapping, and of them those between skip and limit. Places in the source, which
// journals keep, count the rows that meet the conditions only.
type Selection struct {
	Source
	Report func(Problem) // is told of the values that could not be compared; may be nil
	Look   func() error  // is asked now and then whether to continue; may be nil

	matchers   []*matcher
	known      func(row int) bool // rows that the table holds; nil: none is known
	skip, left int64
	bounded    bool
	read, out  int64 // rows of the source so far; of them, left out by conditions or known
	stopped    error // what Look said
	empty      cell.Cell
}

// Select leaves out the rows of src that do not meet the conditions of m or are known as
// past, of the others the first skip, and all after limit; 0 is no limit. Its error is an
// ErrCondition.
func Select(src Source, m Mapping, skip, limit int64) (*Selection, error) {
	s := &Selection{Source: src, skip: skip, left: limit, bounded: limit > 0, known: m.Past.knows()}
	for _, c := range m.Filter {
		x, err := newMatcher(m, c)
		if err != nil {
			return nil, err
		}
		s.matchers = append(s.matchers, x)
	}
	return s, nil
}

// Read returns how many rows of the source were read, and Filtered how many of them
// did not meet the conditions or are known.
func (s *Selection) Read() int64     { return s.read }
func (s *Selection) Filtered() int64 { return s.out }

// Next moves to the next row that is sent.
func (s *Selection) Next() bool {
	for ; s.skip > 0; s.skip-- {
		if !s.nextMet() {
			return false
		}
	}
	if s.bounded {
		if s.left == 0 {
			return false
		}
		s.left--
	}
	return s.nextMet()
}

// nextMet moves to the next row that meets the conditions.
func (s *Selection) nextMet() bool {
	for s.Source.Next() {
		if s.read++; s.Look != nil && s.read%checkEvery == 0 {
			if s.stopped = s.Look(); s.stopped != nil {
				return false
			}
		}
		if (len(s.matchers) == 0 || s.meets()) && !s.isKnown() {
			return true
		}
		s.out++
	}
	return false
}

func (s *Selection) isKnown() bool {
	if s.known == nil {
		return false
	}
	row, _ := s.Source.Row()
	return s.known(row)
}

// Err returns why the reading ended before the end of the source.
func (s *Selection) Err() error {
	if s.stopped != nil {
		return s.stopped
	}
	return s.Source.Err()
}

// meets judges the row of the source. A value that cannot be compared is reported only
// where nothing else leaves the row out.
func (s *Selection) meets() bool {
	number, cells := s.Source.Row()
	of := func(x *matcher) *cell.Cell {
		if x.field.From < len(cells) {
			return &cells[x.field.From]
		}
		return &s.empty
	}
	var unclear *matcher
	for _, x := range s.matchers {
		switch x.meets(of(x)) {
		case unmet:
			return false
		case uncompared:
			if unclear == nil {
				unclear = x
			}
		}
	}
	if unclear != nil && s.Report != nil {
		s.Report(unclear.field.problem(number, of(unclear), ruleUncompared))
	}
	return unclear == nil
}
