// Package reckon tells by a table's row count which batches the table holds.
package reckon

// Part is a batch that a row count may hold.
type Part struct {
	Rows int64
	Of   int // which of the batches in doubt it is a copy of; Others if none
}

// Others marks a part that is none of the batches in doubt.
const Others = -1

// Told is what a row count tells of a batch.
type Told int

const (
	Open Told = iota // the ways in which the parts add up do not agree
	In               // the count holds a copy of it
	Out              // it holds none
)

// most is how many parts are reckoned with: more than can be on their way.
const most = 16

// AddUp finds which parts add up to a row count, and what that tells of each of the batches
// in doubt. ways is in how many ways as far as those go: none, one, or more.
func AddUp(parts []Part, batches int, sum int64) (told []Told, ways int) {
	told = make([]Told, batches)
	if len(parts) > most {
		return told, 0
	}
	ever, always := 0, 1<<batches-1
	for mask := range 1 << len(parts) {
		s, in := choice(parts, mask)
		if s == sum {
			ever, always, ways = ever|in, always&in, 1
		}
	}
	if ways == 0 {
		return told, 0
	}
	for i := range told {
		switch {
		case always>>i&1 == 1:
			told[i] = In
		case ever>>i&1 == 0:
			told[i] = Out
		default:
			ways = 2
		}
	}
	return told, ways
}

// Apart reports whether a row count always tells which of some batches it holds: no two
// choices of the parts with other batches in them have the same number of rows.
func Apart(parts []Part) bool {
	if len(parts) > most {
		return false
	}
	seen := map[int64]int{}
	for mask := range 1 << len(parts) {
		sum, in := choice(parts, mask)
		if was, ok := seen[sum]; ok && was != in {
			return false
		}
		seen[sum] = in
	}
	return true
}

// choice returns how many rows a choice of the parts has, and which batches are in it.
func choice(parts []Part, mask int) (sum int64, in int) {
	for i, p := range parts {
		if mask>>i&1 == 0 {
			continue
		}
		sum += p.Rows
		if p.Of != Others {
			in |= 1 << p.Of
		}
	}
	return sum, in
}
