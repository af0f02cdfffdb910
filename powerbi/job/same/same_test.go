package same

import (
	"errors"
	"testing"

	"pushdesk/powerbi/push/history"
	"pushdesk/storage/cell"
)

// numbers are rows of one number, of which one may be another.
type numbers struct{ n, at, other int }

func (s *numbers) Next() bool { s.at++; return s.at <= s.n }
func (s *numbers) Err() error { return nil }
func (s *numbers) Row() (int, []cell.Cell) {
	c := cell.Cell{Kind: cell.Number, Float: float64(s.at)}
	if s.at == s.other {
		c.Float = -1
	}
	return s.at, []cell.Cell{c}
}

// TestRows: a row that is another one is found at the next comparison, and at the end at the
// latest.
func TestRows(t *testing.T) {
	t.Parallel()
	read := func(was Read, n, other int) (Read, int, error) {
		h := New(&numbers{n: n, other: other}, "a.csv", was)
		passed := 0
		for h.Next() {
			passed++
		}
		return h.Read(), passed, h.Err()
	}
	const all = 3 * compareEvery
	was, _, err := read(Read{}, all+5, 0)
	if err != nil || was.Hash == "" {
		t.Fatalf("%+v, %v", was, err)
	}
	for _, c := range []struct {
		name             string
		was              Read
		n, other, passed int
		changed          bool
	}{
		{"the same", was, all + 5, 0, all + 5, false},
		{"another row", was, all + 5, 7, compareEvery - 1, true},
		{"another row near the end", was, all + 5, all + 2, all + 5, true},
		{"fewer rows", was, all, 0, all, true},
		{"only the hash is known", Read{Hash: was.Hash}, all + 5, 7, all + 5, true},
		{"nothing is known", Read{}, all + 5, 7, all + 5, false},
	} {
		_, passed, err := read(c.was, c.n, c.other)
		var changed *history.ChangedError
		if errors.As(err, &changed) != c.changed || passed != c.passed {
			t.Errorf("%s: %d rows, %v", c.name, passed, err)
		}
	}
}
