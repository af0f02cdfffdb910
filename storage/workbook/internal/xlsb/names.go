package xlsb

import (
	"strings"

	"pushdesk/storage/cell"
)

// references are what formulas of the workbook refer to, until all of it is read.
type references struct {
	books  int // that were listed
	own    int // the place of this workbook among them, -1 when it is not listed
	sheets []reference
	names  []pendingName
}

// reference is a block of sheets of a workbook.
type reference struct{ book, first, last int }

// pendingName is a name whose reference is not resolved yet.
type pendingName struct {
	name
	reference int
}

const (
	nameHidden   = 1 << 0
	nameFunction = 1 << 1
	nameBuiltIn  = 1 << 5

	tokenArea3D = 0x1b // with the class of the token in the bits above
	maxRefers   = 8_192
)

// addName keeps a name that refers to a block of cells and to nothing else.
func (r *references) addName(f *fields) {
	flags := f.uint32()
	f.byte()
	f.uint32() // the sheet it belongs to
	text := f.text()
	code := f.take(f.uint32())
	if f.short || len(r.names) >= maxNames || len(code) > maxRefers || flags&nameFunction != 0 {
		return
	}
	formula := fields{data: code}
	if formula.byte()&0x1f != tokenArea3D {
		return
	}
	at := formula.uint16()
	firstRow, lastRow := formula.uint32(), formula.uint32()
	firstCol, lastCol := formula.uint16()&0x3fff, formula.uint16()&0x3fff
	if formula.short || len(formula.data) > 0 || firstRow > lastRow || lastRow >= cell.MaxRows || firstCol > lastCol {
		return
	}
	area := cell.Range{FirstRow: firstRow + 1, LastRow: lastRow + 1, FirstCol: firstCol, LastCol: lastCol}
	if firstRow == 0 && lastRow == cell.MaxRows-1 {
		area.LastRow = 0
	}
	if firstCol == 0 && lastCol == cell.MaxColumns-1 {
		area.LastCol = -1
	}
	builtIn := flags&nameBuiltIn != 0 || strings.HasPrefix(text, "_xlnm.")
	r.names = append(r.names, pendingName{name{name: text, area: area, hidden: builtIn || flags&nameHidden != 0,
		filter: builtIn && strings.HasSuffix(strings.ToLower(text), "_filterdatabase")}, at})
}

// resolve keeps the names that refer to one sheet of this workbook.
func (m *manifest) resolve(refs *references) {
	for _, n := range refs.names {
		if n.reference >= len(refs.sheets) {
			continue
		}
		to := refs.sheets[n.reference]
		if to.book == refs.own && to.first == to.last && to.first < len(m.sheets) {
			n.sheet = to.first
			m.names = append(m.names, n.name)
		}
	}
}
