package connection

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// nameKey is the same for names that a person would read as the same: capitals,
// blanks and the way accents are written make no difference.
func nameKey(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(CleanName(name))))
}

// nearNames gives up to three names that are much like one that was asked for.
func nearNames(asked string, names []string) []string {
	type near struct {
		name     string
		distance int
	}
	const longest = 200 // letters; what is asked for may be anything
	key := []rune(nameKey(asked))
	if len(key) == 0 || len(key) > longest {
		return nil
	}
	var found []near
	for _, name := range names {
		other := []rune(nameKey(name))
		if len(other) > longest {
			continue
		}
		n := distance(key, other)
		if n <= 1+len(key)/4 || strings.Contains(string(other), string(key)) || len(other) > 2 && strings.Contains(string(key), string(other)) {
			found = append(found, near{name, n})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	var list []string
	for _, f := range found[:min(3, len(found))] {
		list = append(list, f.name)
	}
	return list
}

// distance counts the letters to add, remove or exchange to make one text of
// another (Levenshtein).
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			change := diagonal
			if x != y {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
