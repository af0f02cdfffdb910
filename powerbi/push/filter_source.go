package push

import "pushdesk/storage/cell"

// selection is a source with the rows that meet every condition of a mapping. Places in
// the source, which journals keep, count those rows only.
type selection struct {
	Source
	matchers []*matcher
	read     int64         // rows of the source so far
	out      int64         // of them, left out
	report   func(Problem) // is told of the values that could not be compared; may be nil
	look     func() error  // is asked now and then whether to go on; may be nil
	stopped  error         // what it said
	empty    cell.Cell
}

// selectRows leaves out the rows that do not meet the conditions of a mapping.
func selectRows(src Source, m Mapping) (*selection, error) {
	s := &selection{Source: src}
	for _, c := range m.Filter {
		x, err := newMatcher(m, c)
		if err != nil {
			return nil, err
		}
		s.matchers = append(s.matchers, x)
	}
	return s, nil
}

// chosen gives the rows of a source that are sent: those that meet the conditions, and
// of them the part between skip and limit.
func chosen(src Source, m Mapping, skip, limit int64) (Source, *selection, error) {
	s, err := selectRows(src, m)
	if err != nil {
		return nil, nil, err
	}
	return partOf(s, skip, limit), s, nil
}

func (s *selection) Next() bool {
	for s.Source.Next() {
		if s.read++; s.look != nil && s.read%checkEvery == 0 {
			if s.stopped = s.look(); s.stopped != nil {
				return false
			}
		}
		if len(s.matchers) == 0 || s.meets() {
			return true
		}
		s.out++
	}
	return false
}

func (s *selection) Err() error {
	if s.stopped != nil {
		return s.stopped
	}
	return s.Source.Err()
}

// meets judges the row of the source. A value that cannot be compared is reported only
// where nothing else leaves the row out.
func (s *selection) meets() bool {
	number, cells := s.Source.Row()
	of := func(x *matcher) *cell.Cell {
		if x.from < len(cells) {
			return &cells[x.from]
		}
		return &s.empty
	}
	var doubt *matcher
	for _, x := range s.matchers {
		switch x.meets(of(x)) {
		case unmet:
			return false
		case uncompared:
			if doubt == nil {
				doubt = x
			}
		}
	}
	if doubt != nil && s.report != nil {
		s.report(doubt.field.problem(number, of(doubt), ruleUncompared))
	}
	return doubt == nil
}
