package cell

// Tally counts cells or rows of one sort and keeps the row of the first one.
type Tally struct {
	N   int64
	Row int
}

// Add counts one more.
func (t *Tally) Add(row int) {
	if t.N++; t.N == 1 {
		t.Row = row
	}
}
