package cell

import "testing"

func TestAddress(t *testing.T) {
	for _, c := range []struct {
		row, column int
		want        string
	}{
		{1, 0, "A1"}, {12, 2, "C12"}, {3, 25, "Z3"}, {3, 26, "AA3"}, {9, 51, "AZ9"},
		{9, 52, "BA9"}, {1, 701, "ZZ1"}, {1, 702, "AAA1"}, {1048576, 16383, "XFD1048576"},
	} {
		if got := Address(c.row, c.column); got != c.want {
			t.Errorf("Address(%d, %d) = %s, want %s", c.row, c.column, got, c.want)
		}
	}
}

func TestKindNames(t *testing.T) {
	if Error.String() != "error" || Blank.String() != "blank" {
		t.Fatalf("kind names are out of step: %v %v", Blank, Error)
	}
	if Kind(200).String() != "kind 200" {
		t.Fatalf("an unknown kind must still print: %v", Kind(200))
	}
}
