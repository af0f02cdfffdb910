package remark

import "testing"

func TestWhere(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]Remark{
		"":                                  New(Guess, "x", "It is."),
		"B7":                                New(Guess, "x", "It is.").At(7, 1).On("B7"),
		"B7 and B9":                         New(Guess, "x", "It is.").At(7, 2).On("B7", "B9"),
		"B1, B2, B3, B4, B5 and 1,001 more": New(Guess, "x", "It is.").At(1, 1006).On("B1", "B2", "B3", "B4", "B5", "B6"),
	} {
		if got := r.Where(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestAdd: what is said already is not said twice; an option does not change the remark
// it was added to.
func TestAdd(t *testing.T) {
	t.Parallel()
	one := New(Omit, "x", "It is.").With(KeepTotals, "", "keep it")
	two := one.With(Range, "A1:B2", "choose a range")
	list := Add(nil, one, two, one.In("Day"))
	if len(list) != 2 || len(one.Options) != 1 || len(two.Options) != 2 || !Has(list, "x") || Has(list, "y") {
		t.Errorf("%+v", list)
	}
}
