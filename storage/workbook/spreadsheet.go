package workbook

import (
	"context"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
)

// spreadsheet is an Excel workbook: its manifest, its styles, its text table and
// the sources in it. It is read-only but for the text table, so readers may share it.
type spreadsheet struct {
	archive  *archive
	sheets   []sheetEntry
	date1904 bool
	styles   *styles
	strings  *sharedStrings
	tables   []tableEntry
	names    []rangeEntry
	filters  map[string]Range // by sheet: the range of its filter
	remarks  []string
	stop     context.CancelFunc // ends reading the text table
}

// tableEntry is a table that a person defined in a sheet.
type tableEntry struct {
	name, sheet        string
	area               Range
	headerRows, totals int
	columns            []string
}

// rangeEntry is a named range.
type rangeEntry struct {
	name, sheet string
	area        Range
}

func openSpreadsheet(file io.ReaderAt, size int64) (*spreadsheet, error) {
	a, err := openArchive(file, size)
	if err != nil {
		return nil, err
	}
	m, err := a.manifest()
	if err != nil {
		return nil, fmt.Errorf("read the list of sheets: %w", err)
	}
	x := &spreadsheet{archive: a, sheets: m.sheets, date1904: m.date1904, styles: &styles{}, filters: map[string]Range{}}
	if m.styles != "" {
		t, err := a.tokens(m.styles)
		if err == nil {
			x.styles, err = readStyles(t)
		}
		if err != nil {
			return nil, fmt.Errorf("read the cell formats: %w", err)
		}
	} else {
		x.remarks = append(x.remarks, "The workbook has no cell formats, so dates in it look like numbers.")
	}
	life, stop := context.WithCancel(context.Background())
	x.strings, x.stop = &sharedStrings{life: life}, stop
	if m.strings != "" {
		x.strings.open = func(ctx context.Context) (*stream, error) {
			s, _, err := x.stream(ctx, m.strings)
			return s, err
		}
	}
	if x.date1904 {
		x.remarks = append(x.remarks, "The workbook counts its dates from 1904; they are read so.")
	}
	for _, sheet := range x.sheets {
		if err := x.readTables(sheet); err != nil {
			x.remarks = append(x.remarks, fmt.Sprintf("The tables of the sheet %q are not listed: their definition is damaged.", sheet.name))
		}
	}
	x.readNames(m)
	x.remarks = append(x.remarks, m.remarks...)
	return x, nil
}

// stream starts reading a part on a goroutine of its own, and gives its length.
func (x *spreadsheet) stream(ctx context.Context, part string) (*stream, int64, error) {
	p, err := x.archive.open(part)
	if err != nil {
		return nil, 0, err
	}
	r, err := utf8XML(p)
	if err != nil {
		return nil, 0, err
	}
	return newStream(ctx, r), int64(p.member.UncompressedSize64), nil
}

// readTables finds the tables of a sheet through the sheet's relationships.
func (x *spreadsheet) readTables(sheet sheetEntry) error {
	rels, err := x.archive.relationships(sheet.part)
	if err != nil {
		return err
	}
	from := len(x.tables)
	for _, r := range rels {
		if r.kind != "table" || !x.archive.has(r.target) {
			continue
		}
		table, ok, err := x.archive.table(r.target)
		if err != nil {
			return err
		}
		if ok {
			table.sheet = sheet.name
			x.tables = append(x.tables, table)
		}
	}
	added := x.tables[from:]
	sort.SliceStable(added, func(i, j int) bool {
		a, b := added[i].area, added[j].area
		return a.FirstRow < b.FirstRow || a.FirstRow == b.FirstRow && a.FirstCol < b.FirstCol
	})
	return nil
}

// table reads the definition of a table; ok is false when it has no usable range.
func (a *archive) table(part string) (entry tableEntry, ok bool, err error) {
	t, err := a.tokens(part)
	if err != nil {
		return entry, false, err
	}
	for {
		switch t.next() {
		case tokenStop:
			return entry, ok, t.err
		case tokenStart:
			switch {
			case t.depth == 1:
				if entry.name = t.attrText("displayName"); entry.name == "" {
					entry.name = t.attrText("name")
				}
				entry.area, ok = parseRange(t.attrText("ref"))
				ok = ok && entry.area.LastRow > 0 && entry.area.LastCol >= 0 && string(t.name) == "table"
				entry.headerRows = count(t.attr("headerRowCount"), 1)
				entry.totals = count(t.attr("totalsRowCount"), 0)
			case t.depth == 3 && string(t.name) == "tableColumn" && len(entry.columns) < maxColumns:
				entry.columns = append(entry.columns, string(unescape([]byte(t.attrText("name")))))
			}
		}
	}
}

func count(raw []byte, missing int) int {
	if n, err := strconv.Atoi(string(raw)); err == nil && n >= 0 {
		return n
	}
	return missing
}

// readNames keeps the named ranges that can be sources, and where filters are.
func (x *spreadsheet) readNames(m *manifest) {
	for _, name := range m.names {
		sheet, area := splitSheet(name.refers)
		entry := x.sheet(sheet)
		r, ok := parseRange(area)
		if entry == nil || !ok {
			continue
		}
		switch {
		case strings.EqualFold(name.name, "_xlnm._FilterDatabase"):
			x.filters[entry.name] = r
		case name.hidden || strings.HasPrefix(name.name, "_xlnm."):
		case r.LastRow > r.FirstRow || r.LastRow == 0 && r.LastCol >= 0:
			x.names = append(x.names, rangeEntry{name.name, entry.name, r})
		}
	}
}

// sheet finds a worksheet by name, whatever the case, or gives nil.
func (x *spreadsheet) sheet(name string) *sheetEntry {
	for i := range x.sheets {
		if x.sheets[i].name == name {
			return &x.sheets[i]
		}
	}
	for i := range x.sheets {
		if strings.EqualFold(x.sheets[i].name, name) {
			return &x.sheets[i]
		}
	}
	return nil
}

// sheetNames are those of all worksheets, hidden ones among them.
func (x *spreadsheet) sheetNames() (names []string) {
	for _, sheet := range x.sheets {
		names = append(names, sheet.name)
	}
	return names
}

// sources lists what the workbook offers.
func (x *spreadsheet) sources() []Source {
	var all []Source
	for _, hidden := range []bool{false, true} {
		for _, sheet := range x.sheets {
			if sheet.hidden != hidden {
				continue
			}
			all = append(all, Source{Name: sheet.name, Kind: KindSheet, Sheet: sheet.name, Range: wholeSheet, Hidden: hidden})
			for _, t := range x.tables {
				if t.sheet == sheet.name {
					all = append(all, Source{Name: t.name, Kind: KindTable, Sheet: t.sheet, Range: t.area,
						Hidden: hidden, HeaderRows: t.headerRows, TotalsRows: t.totals})
				}
			}
			for _, n := range x.names {
				if n.sheet == sheet.name {
					all = append(all, Source{Name: n.name, Kind: KindRange, Sheet: n.sheet, Range: n.area, Hidden: hidden})
				}
			}
		}
	}
	return all
}

func (x *spreadsheet) rows(ctx context.Context, sheet string, first, last int) (rowReader, error) {
	entry := x.sheet(sheet)
	if entry == nil {
		return nil, corrupt("it has no sheet %q", sheet)
	}
	return x.openSheet(ctx, *entry, first, last)
}

func (x *spreadsheet) notes() []string { return x.remarks }

func (x *spreadsheet) close() { x.stop() }

// header gives the header that a table, the only table of a sheet, or the filter of
// a sheet names.
func (x *spreadsheet) header(src Source) knownHeader {
	var inSheet []tableEntry
	for _, t := range x.tables {
		if t.sheet == src.Sheet {
			inSheet = append(inSheet, t)
			if src.Kind == KindTable && t.name == src.Name {
				return knownHeader{names: t.columns}
			}
		}
	}
	if src.Kind != KindSheet {
		return knownHeader{}
	}
	if len(inSheet) == 1 && inSheet[0].headerRows > 0 {
		t := inSheet[0]
		row := t.area.FirstRow + t.headerRows - 1
		return knownHeader{row: row, why: fmt.Sprintf("The sheet's table %q has its column names in row %d.", t.name, row)}
	}
	if r, ok := x.filters[src.Sheet]; ok {
		return knownHeader{row: r.FirstRow, why: fmt.Sprintf("The sheet's filter starts in row %d, so that row holds the column names.", r.FirstRow)}
	}
	return knownHeader{}
}
