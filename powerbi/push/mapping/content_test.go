package mapping

import (
	"context"
	"fmt"
	"testing"

	"pushdesk/storage/cell"
)

// TestSumsStay what they are: they are kept for years. Rows are summed up many at once, and
// marks fall on and beside the limits of what is passed on.
func TestSumsStay(t *testing.T) {
	m, list := mixed()
	m.Fields = m.Fields[:12]
	src := &counted{list: list[:1000]}
	r, err := CheckRows(context.Background(), src, m, CheckOptions{Marks: []int64{1, 255, 256, 257, 512, 1000, 2000}})
	if err != nil {
		t.Fatal(err)
	}
	want := sumsOf1000
	if len(r.Marks) != len(want) {
		t.Fatalf("%d marks, want %d", len(r.Marks), len(want))
	}
	for i, mark := range r.Marks {
		if got := fmt.Sprintf("%d %s %s %s", mark.Rows, mark.Columns["Column 0"], mark.Columns["Column 2"], mark.Columns["Column 11"]); got != want[i] {
			t.Errorf("%s, want %s", got, want[i])
		}
	}
	text, err := r.Sample.Between(0, 300).MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%x", hashed(text)); got != sampleOf1000 {
		t.Errorf("the sample is %s, want %s", got, sampleOf1000)
	}
}

// TestSumsOfRowsThatEndEarly end with them.
func TestSumsOfRowsThatEndEarly(t *testing.T) {
	m, list := mixed()
	ctx, cancel := context.WithCancel(t.Context())
	src := &counted{list: list, at: func(n int) {
		if n == 5000 {
			cancel()
		}
	}}
	if _, err := CheckRows(ctx, src, m, CheckOptions{Marks: []int64{}}); err == nil {
		t.Error("a check that was cancelled ends well")
	}
}

// counted gives rows, and tells how many it has given.
type counted struct {
	list [][]cell.Cell
	n    int
	at   func(n int)
}

func (c *counted) Next() bool {
	if c.n++; c.at != nil {
		c.at(c.n)
	}
	return c.n <= len(c.list)
}
func (c *counted) Row() (int, []cell.Cell) { return c.n + 1, c.list[c.n-1] }
func (c *counted) Err() error              { return nil }

// As the first version that kept sums made them.
var sumsOf1000 = []string{
	"1 98ed44d04de86d92 e40cbe005d7355b2 67ae66bd5b01ce97",
	"255 9e0cbd37e13faaae 4ef15d9397106432 fe0bde99f676e440",
	"256 adf8150eebcd20b2 c8e136ed57f82634 7dd4ee6c9db6fc6a",
	"257 878e86106c0e4223 9d6cb1f408d68510 f48121c18d4f695f",
	"512 5378852cc10f224f a2332f084086c524 a7788c893689e9c9",
	"1000 c2303ec75b6de2a7 96b9a257895fdbb4 b16d378cd13f7ec6",
}

const sampleOf1000 = "493587eac250e1d4"
