package text

import (
	"cmp"
	"slices"
	"strings"
)

// longestCompared is how many characters of a name are compared: a long one is
// compared by its start.
const longestCompared = 200

// Distance counts the characters to add, remove or exchange to make b of a
// (Levenshtein).
func Distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	from, to = from[:min(len(from), longestCompared)], to[:min(len(to), longestCompared)]
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range to {
			change := diagonal
			if x != y {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}

// Nearest returns at most three of names that look like the wanted one, the nearest
// first: for "Did you mean". Capitals and outer spaces make no difference. A name
// that contains the wanted one, or is part of it, counts as near.
func Nearest(wanted string, names []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	key := strings.ToLower(strings.TrimSpace(wanted))
	if key == "" || len(key) > 4*longestCompared {
		return nil
	}
	var found []candidate
	for _, name := range names {
		n := strings.ToLower(strings.TrimSpace(name))
		d := Distance(key, n)
		if min(len(key), len(n)) > 2 && (strings.Contains(n, key) || strings.Contains(key, n)) {
			d = min(d, 1)
		}
		if d <= max(1, min(len([]rune(key)), len([]rune(n)))/3) {
			found = append(found, candidate{name, d})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), strings.Compare(a.name, b.name))
	})
	var nearest []string
	for _, c := range found {
		if !slices.Contains(nearest, c.name) {
			nearest = append(nearest, c.name)
		}
	}
	return nearest[:min(3, len(nearest))]
}
