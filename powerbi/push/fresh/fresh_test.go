package fresh_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/fresh"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
	"pushdesk/storage/failure"
)

// table is a service whose only table has these values in its column.
type table struct {
	values []any // in their order
	last   any
	asked  int
	err    error
}

func (s *table) LargestValue(context.Context, string, string, string, string) (any, error) {
	return s.last, s.err
}

func (s *table) DistinctValues(_ context.Context, _, _, _, _ string, after any, most int) ([]any, error) {
	s.asked++
	from := 0
	if after != nil {
		from = slices.Index(s.values, after) + 1
	}
	return s.values[from:min(len(s.values), from+most)], s.err
}

// lines are the rows of a file of one column.
type lines struct {
	cells []cell.Cell
	at    int
}

func (l *lines) Next() bool              { l.at++; return l.at <= len(l.cells) }
func (l *lines) Row() (int, []cell.Cell) { return l.at + 1, l.cells[l.at-1 : l.at] }
func (l *lines) Err() error              { return nil }

func texts(list ...string) *lines {
	l := &lines{}
	for _, s := range list {
		c := cell.Cell{Kind: cell.Text, Text: s}
		if s == "" {
			c.Kind = cell.Blank
		}
		l.cells = append(l.cells, c)
	}
	return l
}

func column(kind powerbi.DataType) mapping.Mapping {
	return mapping.Mapping{Table: "T", Fields: []mapping.Field{{From: 0, Header: "Order No", Letter: "A", Use: true, Target: powerbi.Column{Name: "Order ID", DataType: kind}}}}
}

func TestByKey(t *testing.T) {
	for _, c := range []struct {
		name   string
		kind   powerbi.DataType
		table  []any
		file   *lines
		rows   []mapping.Rows
		again  int64
		failed string
	}{
		{"texts without case and blanks at the end", powerbi.String, []any{nil, "a-1", "A-2 "}, texts("A-1", "a-2", "a-3"), []mapping.Rows{{First: 2, Last: 3}}, 0, ""},
		{"numbers as numbers", powerbi.Double, []any{json.Number("1"), json.Number("2.5E+1")}, texts("25", "1.0", "26"), []mapping.Rows{{First: 2, Last: 3}}, 0, ""},
		{"times as they are kept", powerbi.DateTime, []any{"2026-01-05T10:00:00.123"}, texts("2026-01-05 10:00:00.124", "2026-01-05 10:00:01"), []mapping.Rows{{First: 2, Last: 2}}, 0, ""},
		{"new rows above old ones", powerbi.Int64, []any{json.Number("1"), json.Number("2")}, texts("3", "2", "4", "1"), []mapping.Rows{{First: 3, Last: 3}, {First: 5, Last: 5}}, 0, ""},
		{"the same key twice in the file", powerbi.Int64, []any{json.Number("1")}, texts("1", "7", "7", "1"), []mapping.Rows{{First: 2, Last: 2}, {First: 5, Last: 5}}, 1, ""},
		{"nothing new", powerbi.Int64, []any{json.Number("1")}, texts("1"), nil, 0, "nothing-new"},
		{"no key", powerbi.String, []any{"a"}, texts("a", "", "b"), nil, 0, "key-blank"},
		{"true and false", powerbi.Boolean, nil, texts("true"), nil, 0, "key-type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := fresh.Find(t.Context(), &table{values: c.table}, history.Table{}, true, column(c.kind), c.file, fresh.By{Column: "order no"})
			if c.failed != "" {
				if !failure.HasCode(err, c.failed) {
					t.Fatalf("%v, want %s", err, c.failed)
				}
				return
			}
			if err != nil || !slices.Equal(p.Rows, c.rows) || p.Repeated != c.again || p.Column != "Order ID" {
				t.Errorf("%+v, %v", p, err)
			}
			// What is found is what is left out.
			c.file.at = 0
			rows, err := mapping.Select(c.file, mapping.Mapping{Table: "T", Fields: column(c.kind).Fields, Past: p}, 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			n := int64(0)
			for rows.Next() {
				n++
			}
			if n != int64(len(c.file.cells))-p.Count || rows.Filtered() != p.Count {
				t.Errorf("%d rows are sent and %d left out of %d", n, rows.Filtered(), len(c.file.cells))
			}
		})
	}
}

// TestManyKeys are asked for page by page.
func TestManyKeys(t *testing.T) {
	s := &table{}
	for i := range powerbi.MostValues + 5 {
		s.values = append(s.values, json.Number(strconv.Itoa(i)))
	}
	file := texts(strconv.Itoa(powerbi.MostValues+4), strconv.Itoa(powerbi.MostValues+5))
	p, err := fresh.Find(t.Context(), s, history.Table{}, true, column(powerbi.Int64), file, fresh.By{Column: "Order ID"})
	if err != nil || s.asked != 2 || p.Count != 1 {
		t.Errorf("%+v, %v, asked %d times", p, err, s.asked)
	}
}

func TestSinceLast(t *testing.T) {
	by := fresh.By{Column: "Order ID", Growing: true}
	for _, c := range []struct {
		kind  powerbi.DataType
		last  any
		file  *lines
		shown string
		count int64
	}{
		{powerbi.Int64, json.Number("3"), texts("4", "3", "1", "5"), "3", 2},
		{powerbi.Double, json.Number("1.5E+1"), texts("15", "15.01", "2"), "1.5E+1", 2},
		{powerbi.DateTime, "2026-01-07T00:00:00", texts("2026-01-07", "2026-01-07 00:00:01", "2026-01-06"), "2026-01-07", 2},
		{powerbi.DateTime, nil, texts("2026-01-07"), "", 0},
	} {
		p, err := fresh.Find(t.Context(), &table{last: c.last}, history.Table{}, true, column(c.kind), c.file, by)
		if err != nil || p.Count != c.count || p.Last != c.shown || !p.Growing {
			t.Errorf("%v: %+v, %v", c.last, p, err)
		}
	}
	if _, err := by.Field(column(powerbi.String)); !failure.HasCode(err, "key-type") {
		t.Errorf("%v", err)
	}
	refused := errors.New("no queries")
	if _, err := fresh.Find(t.Context(), &table{err: refused}, history.Table{}, true, column(powerbi.Int64), texts("1"), by); !errors.Is(err, refused) {
		t.Errorf("%v", err)
	}
}

// sample is the content of rows with these numbers.
func sample(t *testing.T, numbers ...int) mapping.Sample {
	t.Helper()
	e, err := mapping.NewEncoder(column(powerbi.Int64), mapping.PolicyStop)
	if err != nil {
		t.Fatal(err)
	}
	e.Marks(nil)
	for i, n := range numbers {
		e.AppendRow(nil, i+2, []cell.Cell{{Kind: cell.Number, Float: float64(n)}}, nil)
	}
	return e.Sampled()
}

// TestElsewhere finds rows that were sent before wherever they stand: of few rows exactly,
// of many about.
func TestElsewhere(t *testing.T) {
	span := func(from, to int) (list []int) {
		for i := from; i < to; i++ {
			list = append(list, i)
		}
		return list
	}
	run := func(numbers []int) history.Receipt {
		h := sample(t, numbers...).Between(0, int64(len(numbers)))
		data, err := json.Marshal(mapping.Mark{Sample: h}) // as it is kept
		var kept mapping.Mark
		if err = errors.Join(err, json.Unmarshal(data, &kept)); err != nil {
			t.Fatal(err)
		}
		return history.Receipt{RunID: fmt.Sprint(len(numbers)), Origin: history.Origin{Content: kept}}
	}
	few := span(100, 140)
	s := fresh.Elsewhere(sample(t, few...).Between(0, 40), 40, []history.Receipt{run(span(110, 130)), run(span(500, 510))})
	if s.Known != 20 || s.Compared != 40 || len(s.Runs) != 1 || !s.Many() {
		t.Errorf("%+v", s)
	}
	many := span(0, 100_000)
	s = fresh.Elsewhere(sample(t, many...).Between(0, 100_000), 100_000, []history.Receipt{run(span(50_000, 80_000)), run(span(90_000, 100_000))})
	if share := float64(s.Known) / float64(s.Compared); s.Compared < 60 || share < 0.2 || share > 0.6 || len(s.Runs) != 2 {
		t.Errorf("%d of %d", s.Known, s.Compared)
	}
	if s := fresh.Elsewhere(sample(t, few...).Between(0, 40), 40, []history.Receipt{run(span(1000, 1040)), {}}); s.Known != 0 || s.Many() {
		t.Errorf("%+v", s)
	}
	if s := fresh.Elsewhere(sample(t, few...).Between(30, 40), 10, []history.Receipt{run(span(100, 130))}); s.Known != 0 {
		t.Errorf("rows that are not sent count: %+v", s)
	}
}
