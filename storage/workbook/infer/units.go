package infer

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"pushdesk/storage/cell"
)

// UnitsBelow returns the row below the names when it holds units, types or descriptions of
// the columns: texts above columns that hold other kinds of values, one at least of them a
// unit. It returns 0 when that row is data.
func UnitsBelow(grid []SampleRow, header int) int {
	row, _ := unitsBelow(grid, header)
	return row
}

// unitsBelow also reports whether most of its texts are units.
func unitsBelow(grid []SampleRow, header int) (number int, like bool) {
	at := RowAt(grid, header) + 1
	if header == 0 || at < 1 || at >= len(grid) || len(grid) < at+2 {
		return 0, false
	}
	if ruleRow(grid[at]) { // the units may stand below a line of dashes
		at++
	}
	if at >= len(grid) || len(grid) < at+2 {
		return 0, false
	}
	row, below := grid[at], grid[at+1:]
	against, units, texts := 0, 0, 0
	for i := range row.Cells {
		c := &row.Cells[i]
		if c.Kind == cell.Blank || c.Kind == cell.Text && meansNothing(c.Text) {
			continue
		}
		if c.Kind != cell.Text || !FitsOnlyText(c.Text) && !unitLike(c.Text) {
			return 0, false
		}
		if mayBeNumber(strings.TrimSpace(c.Text)) {
			return 0, false
		}
		texts++
		if onlyOther(row.First+i, below) {
			against++
			if unitLike(c.Text) {
				units++
			}
		}
	}
	if like = against > 0 && units*2 >= against; like || against > 1 && against == texts {
		return row.Number, like
	}
	return 0, false
}

func ruleRow(row SampleRow) bool {
	n := 0
	for i := range row.Cells {
		if c := &row.Cells[i]; c.Kind != cell.Blank {
			if c.Kind != cell.Text || !isRule(c.Text) {
				return false
			}
			n++
		}
	}
	return n > 0
}

// units are what people and programs write below a name: units of measure and money,
// types, and patterns of dates.
var units = regexp.MustCompile(`(?i)^(\[.*\]|\(.*\)|%|‰|[°º]\s?[cfk]?|ppm|ppb|[µμmkcdnhgtp]?(m|g|l|s|v|a|w|n|j|pa|hz|wh|va|mol|bar|bit|b)([23²³]|\^[23])?(/\S+)?|kb|gb|mb|tb|kwp?h?|mwh|gwh|hpa|min|sec|hrs?|days?|hours?|minutes?|seconds?|weeks?|months?|years?|tage?|stunden?|jahre?|jours?|horas?|d|h|yr|psi|rpm|lbs?|oz|ft|in|mi|mph|km/h|m/s|deg(rees?)?( ?[cf])?|pcs?\.?|stk\.?|stück|each|ea|kg|t|to|ha|acres?|eur|usd|gbp|chf|jpy|sek|nok|dkk|pln|czk|huf|[$€£¥]|[$€£]? ?(thousands?|millions?|m|k|mn|bn)|t€|tsd\.? ?\S*|mio\.? ?\S*|[kt](€|\$|£|eur|usd|gbp|chf|sek|nok|dkk)|in \S+|string|str|varchar(\(\d+\))?|n?char(\(\d+\))?|ints?|integer|bigint|numeric|decimal|float|double|bool(ean)?|datetime|timestamp|[ymdhs:/. t-]*(yyyy|yy|dd|mm|hh|ss)[ymdhs:/. t-]*|jjjj.*|tt\..*|no unit|unitless|none|dimensionless|[a-zµμ°Ω]{1,4}[/·*]\S{1,8})$`)

// unitLike reports whether a text is a unit.
func unitLike(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && utf8.RuneCountInString(text) <= 24 && units.MatchString(text)
}
