package cell

import (
	"strconv"
	"strings"
)

// The largest sheet Excel knows, and the longest text of a cell in UTF-16 units.
const (
	MaxRows    = 1_048_576
	MaxColumns = 16_384
	MaxText    = 32_767
)

// Range is a block of cells. Rows are one-based, columns zero-based. LastRow 0 and
// LastCol -1 leave that end open.
type Range struct {
	FirstRow, FirstCol, LastRow, LastCol int
}

// WholeSheet is everything a sheet holds.
var WholeSheet = Range{FirstRow: 1, LastCol: -1}

// String writes the range as Excel does; the whole sheet is "".
func (r Range) String() string {
	switch {
	case r == WholeSheet || r == Range{}:
		return ""
	case r.LastRow == 0 && r.LastCol < 0:
		return Address(r.FirstRow, r.FirstCol) + ":"
	case r.LastRow == 0 && r.FirstRow == 1:
		return Column(r.FirstCol) + ":" + Column(r.LastCol)
	case r.LastRow == 0:
		return Address(r.FirstRow, r.FirstCol) + ":" + Column(r.LastCol)
	case r.LastCol < 0 && r.FirstCol == 0:
		return strconv.Itoa(r.FirstRow) + ":" + strconv.Itoa(r.LastRow)
	case r.LastCol < 0:
		return Address(r.FirstRow, r.FirstCol) + ":" + strconv.Itoa(r.LastRow)
	}
	return Address(r.FirstRow, r.FirstCol) + ":" + Address(r.LastRow, r.LastCol)
}

// ParseRange reads a range as people type it: A3:F200, $A$3:$F$200, A:F, 3:200,
// A3:F (down to the end), A3: or A3 (from there to the end). The corners may be
// given in any order.
func ParseRange(text string) (Range, bool) {
	text = strings.ReplaceAll(strings.TrimSpace(text), "$", "")
	from, to, colon := strings.Cut(text, ":")
	col1, row1, ok1 := parseCorner(strings.TrimSpace(from))
	if !ok1 || col1 < 0 && row1 == 0 {
		return Range{}, false
	}
	to = strings.TrimSpace(to)
	if !colon || to == "" {
		return Range{FirstRow: max(row1, 1), FirstCol: max(col1, 0), LastCol: -1}, true
	}
	col2, row2, ok2 := parseCorner(to)
	if !ok2 {
		return Range{}, false
	}
	if row1 > 0 && row2 > 0 && row1 > row2 {
		row1, row2 = row2, row1
	}
	if col1 >= 0 && col2 >= 0 && col1 > col2 {
		col1, col2 = col2, col1
	}
	return Range{FirstRow: max(row1, 1), FirstCol: max(col1, 0), LastRow: row2, LastCol: col2}, true
}

// parseCorner reads A3, A (row 0) or 3 (column -1).
func parseCorner(text string) (column, row int, ok bool) {
	letters := 0
	for letters < len(text) && IsLetter(text[letters]) {
		letters++
	}
	column = -1
	if letters > 0 {
		if column = parseColumn(text[:letters]); column < 0 {
			return 0, 0, false
		}
	}
	if letters < len(text) {
		n, err := strconv.Atoi(text[letters:])
		if err != nil || n < 1 || n > MaxRows {
			return 0, 0, false
		}
		row = n
	}
	return column, row, len(text) > 0
}

// parseColumn returns the zero-based column of letters, or -1 beyond XFD.
func parseColumn(letters string) int {
	column := 0
	for i := 0; i < len(letters); i++ {
		column = column*26 + int(letters[i]&^0x20-'A') + 1
		if column > MaxColumns {
			return -1
		}
	}
	return column - 1
}

func IsLetter(b byte) bool { return b&^0x20 >= 'A' && b&^0x20 <= 'Z' }

// SplitSheet cuts 'My Sheet'!A1:B2 into the sheet's name and the rest. Without an
// exclamation mark the sheet is "".
func SplitSheet(text string) (sheet, area string) {
	text = strings.TrimSpace(text)
	i := strings.LastIndexByte(text, '!')
	if i < 0 {
		return "", text
	}
	sheet, area = text[:i], text[i+1:]
	if len(sheet) >= 2 && sheet[0] == '\'' && sheet[len(sheet)-1] == '\'' {
		sheet = strings.ReplaceAll(sheet[1:len(sheet)-1], "''", "'")
	}
	return sheet, area
}
