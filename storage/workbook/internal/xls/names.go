package xls

import (
	"encoding/binary"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/format"
)

const (
	maxNames = 65_536 // further ones are not listed

	nameHidden   = 1 << 0
	nameFunction = 1 << 1
	nameBuiltIn  = 1 << 5
	filterName   = "\x0d" // of the built-in names, each a character

	tokenArea3D = 0x1b // with the class of the token in the bits above

	lastRow, lastColumn = 0xffff, 0xff
)

// references are what formulas of the workbook refer to.
type references struct {
	books  int // that were listed
	own    int // the place of this workbook among them
	sheets []reference
	names  []name
}

// reference is a block of sheets of a workbook.
type reference struct{ book, first, last int }

// name is a defined name of a block of cells.
type name struct {
	name      string
	area      cell.Range
	hidden    bool
	filter    bool
	reference int // in references.sheets, -1 when sheets says it
	sheets    reference
}

// addBook counts a workbook; this one is written without a name.
func (f *references) addBook(r *records) {
	if len(r.data) == 4 && r.uint16(2) == 0x0401 && f.own < 0 {
		f.own = f.books
	}
	f.books++
}

func (f *references) addSheets(r *records) {
	for i := range min(r.uint16(0), (len(r.data)-2)/6) {
		at := 2 + 6*i
		f.sheets = append(f.sheets, reference{r.uint16(at), r.uint16(at + 2), r.uint16(at + 4)})
	}
}

// addName keeps a name that refers to a block of cells and to nothing else.
func (w *workbook) addName(f *references, r *records) {
	if len(r.data) < 15 || len(f.names) >= maxNames {
		return
	}
	flags, length, size := r.uint16(0), int(r.data[3]), r.uint16(4)
	if flags&nameFunction != 0 {
		return
	}
	n := name{hidden: flags&nameHidden != 0}
	rest := r.data[14:]
	if w.biff8 {
		text := reading{records: r, rest: rest}
		plain, err := text.unicode(nil, length)
		if err != nil {
			return
		}
		n.name, rest = string(plain), text.rest
	} else {
		if length > len(rest) {
			return
		}
		n.name, rest = string(w.letters.append(nil, rest[:length])), rest[length:]
	}
	if size > len(rest) {
		return
	}
	if flags&nameBuiltIn != 0 {
		n.hidden, n.filter = true, n.name == filterName
	}
	n.filter = n.filter || strings.EqualFold(n.name, "_xlnm._FilterDatabase")
	if n.refers(rest[:size], w.biff8) {
		f.names = append(f.names, n)
	}
}

// refers reads the formula of the name, when it is a block of cells.
func (n *name) refers(code []byte, biff8 bool) bool {
	word := func(at int) int { return int(binary.LittleEndian.Uint16(code[at:])) }
	var rows, columns [2]int
	switch {
	case len(code) == 0 || code[0]&0x1f != tokenArea3D:
		return false
	case biff8 && len(code) == 11:
		n.reference = word(1)
		rows = [2]int{word(3), word(5)}
		columns = [2]int{word(7) & 0x3fff, word(9) & 0x3fff}
	case !biff8 && len(code) == 21:
		if int16(word(1)) >= 0 { // another workbook
			return false
		}
		n.reference, n.sheets = -1, reference{0, word(11), word(13)}
		rows = [2]int{word(15) & 0x3fff, word(17) & 0x3fff}
		columns = [2]int{int(code[19]), int(code[20])}
	default:
		return false
	}
	if rows[0] > rows[1] || columns[0] > columns[1] {
		return false
	}
	n.area = cell.Range{FirstRow: rows[0] + 1, LastRow: rows[1] + 1, FirstCol: columns[0], LastCol: columns[1]}
	if rows[0] == 0 && (rows[1] == lastRow || !biff8 && rows[1] == 0x3fff) {
		n.area.LastRow = 0
	}
	if columns[0] == 0 && columns[1] >= lastColumn {
		n.area.LastCol = -1
	}
	return true
}

// readNames lists the named ranges that can be sources, and where filters are.
func (w *workbook) readNames(g *globals, places []int) {
	areas := make([][]format.Area, len(w.sheets))
	for _, n := range g.references.names {
		to := n.sheets
		if n.reference >= 0 {
			if n.reference >= len(g.references.sheets) {
				continue
			}
			if to = g.references.sheets[n.reference]; to.book != g.references.own {
				continue
			}
		}
		if to.first != to.last || to.first >= len(places) || places[to.first] < 0 {
			continue
		}
		at := places[to.first]
		sheet := &w.listing.Sheets[at]
		switch r := n.area; {
		case n.filter:
			sheet.Filter = r
		case n.hidden:
		case r.LastRow > r.FirstRow || r.LastRow == 0 && r.LastCol >= 0:
			areas[at] = append(areas[at], format.Area{Name: n.name, Sheet: sheet.Name, Range: r})
		}
	}
	for _, of := range areas {
		w.listing.Areas = append(w.listing.Areas, of...)
	}
}
