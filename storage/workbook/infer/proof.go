package infer

import "pushdesk/storage/workbook/infer/sums"

// proof is what a second reading found out about a line that names a total.
type proof struct {
	sums     bool     // a number is the sum of several above it, and none speaks against it
	misfits  bool     // a value is of another type than its column
	numbers  bool     // it has any number in a column of numbers
	lastLine bool     // no row of data follows
	emphatic bool     // it needs no word: no row looks like this
	few      bool     // it is the average of so few numbers that it may be by chance
	groups   []string // the rows that hold the sums of those below them, where half is set
	half     bool     // its numbers are half the sums of all rows above it, some of which sum up others
}

func newProofs(columns []ColumnProfile) *sums.Proofs {
	numbers := make([]bool, len(columns))
	for i := range columns {
		c := &columns[i]
		for _, t := range []Type{c.Type, c.OfferType} {
			numbers[i] = numbers[i] || t == TypeWhole || t == TypeDecimal || t == TypeDuration
		}
	}
	return sums.New(numbers)
}
