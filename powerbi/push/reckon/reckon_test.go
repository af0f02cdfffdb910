package reckon

import (
	"slices"
	"testing"
)

// TestAddUp tells each batch by the count, as far as the ways agree in which it adds up.
func TestAddUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		parts []Part
		sum   int64
		told  []Told
		ways  int
	}{
		"each by its size":            {[]Part{{90, 0}, {95, 1}, {100, 2}}, 190, []Told{In, Out, In}, 1},
		"none":                        {[]Part{{90, 0}, {95, 1}}, 0, []Told{Out, Out}, 1},
		"either of one size":          {[]Part{{90, 0}, {90, 1}, {95, 2}}, 185, []Told{Open, Open, In}, 2},
		"either copy of one batch":    {[]Part{{90, 0}, {95, 1}, {90, 0}}, 185, []Told{In, In}, 1},
		"both copies of it":           {[]Part{{90, 0}, {95, 1}, {90, 0}}, 180, []Told{In, Out}, 1},
		"somebody else's":             {[]Part{{90, 0}, {90, Others}}, 90, []Told{Open}, 2},
		"it does not add up":          {[]Part{{90, 0}, {95, 1}}, 91, []Told{Open, Open}, 0},
		"more than can be on the way": {slices.Repeat([]Part{{1, Others}}, 17), 1, []Told{}, 0},
	} {
		batches := 0
		for _, p := range c.parts {
			batches = max(batches, p.Of+1)
		}
		if told, ways := AddUp(c.parts, batches, c.sum); !slices.Equal(told, c.told) || ways != c.ways {
			t.Errorf("%s: %v, %d", name, told, ways)
		}
	}
}

func TestApart(t *testing.T) {
	t.Parallel()
	of := func(sizes ...int64) (parts []Part) {
		for i, n := range sizes {
			parts = append(parts, Part{n, i})
		}
		return parts
	}
	for name, c := range map[string]struct {
		parts []Part
		apart bool
	}{
		"none":                         {nil, true},
		"one":                          {of(100), true},
		"of sizes apart":               {of(100, 99, 98, 96, 92), true},
		"of one size":                  {of(100, 100), false},
		"two are as many as a third":   {of(1, 2, 3), false},
		"with another copy":            {append(of(100, 99, 98), Part{100, 0}), true},
		"two copies are as many":       {append(of(1468, 1436, 1500), Part{1468, 0}), false},
		"with another batch of a size": {append(of(100, 99), Part{100, Others}), false},
	} {
		if Apart(c.parts) != c.apart {
			t.Error(name)
		}
	}
}
