package infer

import (
	"fmt"

	"pushdesk/storage/humanize"
	"pushdesk/storage/written"
)

// Reason says why the column has its type, and what the next best reading would be.
func (p *ColumnProfile) Reason() string {
	if p.Rival == "" {
		return p.Why
	}
	return p.Why + " " + p.Rival
}

// rival says in a sentence how many values fit the next best reading, when that is half of
// them or more. best is the one that the column has.
func (s *textStats) rival(best TextFormat) string {
	isNumber, isDate := best.Type == TypeWhole || best.Type == TypeDecimal, best.Type == TypeDateTime
	marks, orders := s.marked.N > 0, s.onlyDMY.n+s.onlyMDY.n+s.either.n > 0
	next, what := int64(0), ""
	consider := func(holds bool, n int64, as string) {
		if holds && n > next {
			next, what = n, as
		}
	}
	whole := min(s.wholeDot.n, s.dot.n)
	if best.Decimal == ',' {
		whole = min(s.wholeComma.n, s.comma.n)
	}
	consider(best.Type != TypeWhole, whole, "whole numbers")
	consider(!isNumber || marks && best.Decimal != '.', s.dot.n, "numbers with the dot as the decimal mark")
	consider(!isNumber && marks || isNumber && marks && best.Decimal != ',', s.comma.n, "numbers with the comma as the decimal mark")
	consider(!isDate || orders && best.Order != written.DayFirst, s.dmy.n, "dates with the day first")
	consider(!isDate || orders && best.Order != written.MonthFirst, s.mdy.n, "dates with the month first")
	consider(!isDate, s.iso.n, "dates with the year first")
	consider(!isDate || best.Order != written.Compact, s.compact.n, "dates of eight digits")
	if best.Type != TypeBoolean {
		consider(true, s.truth(false).n, "true and false")
	}
	if next == 0 || next*2 < s.n {
		return ""
	}
	if next >= s.n {
		return fmt.Sprintf("As %s, all of them would fit as well.", what)
	}
	return fmt.Sprintf("As %s, %s of %s values would fit.", what, humanize.Number(next), humanize.Number(s.n))
}
