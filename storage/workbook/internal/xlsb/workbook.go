// Package xlsb reads the binary workbooks of Excel: the parts of an .xlsx with records in
// place of XML.
package xlsb

import (
	"context"
	"fmt"
	"io"
	"path"
	"sort"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/archive"
	"pushdesk/storage/workbook/internal/biff"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/office"
	"pushdesk/storage/workbook/internal/texts"
)

// Format is the format of .xlsb.
var Format = format.Format{Name: "xlsb", Recognizes: recognizes, Open: open}

func recognizes(p *format.Probe) bool { return p.Archive != nil && bookPart(p.Archive) != "" }

// bookPart finds the part of the workbook, or "".
func bookPart(a *archive.Archive) string {
	root, err := a.Relationships("")
	if err == nil {
		for _, r := range root {
			if r.Kind == "officeDocument" && strings.HasSuffix(strings.ToLower(r.Target), ".bin") && a.Has(r.Target) {
				return r.Target
			}
		}
	}
	return a.Find("xl/workbook.bin")
}

// workbook is an Excel workbook with binary parts.
type workbook struct{ office.Book }

func open(_ context.Context, file format.File, _ format.Options) (format.Content, error) {
	a, err := archive.Open(file, file.Size)
	if err != nil {
		return nil, err
	}
	m, err := readManifest(a)
	if err != nil {
		return nil, fmt.Errorf("read the list of sheets: %w", err)
	}
	w := &workbook{office.New(a, m.date1904, m.styles)}
	if m.styles != "" {
		if err := w.readStyles(m.styles); err != nil {
			return nil, fmt.Errorf("read the cell formats: %w", err)
		}
	}
	places := make([]int, len(m.sheets)) // of all its sheets in the listing
	for i, s := range m.sheets {
		if places[i] = -1; s.part != "" {
			places[i] = len(w.Parts)
			w.List.AddSheet(s.Sheet)
			w.Parts = append(w.Parts, s.part)
		}
	}
	w.readAreas(m, places)
	w.Texts(m.strings, openStrings)
	return w, nil
}

// readStyles reads styles.bin.
func (w *workbook) readStyles(part string) error {
	blocks, err := w.Archive.Blocks(part)
	if err != nil {
		return err
	}
	r, inCells := newRecords(blocks), false
	for {
		id := r.next()
		switch f := r.fields(); id {
		case -1:
			w.Styles.Done()
			return r.err
		case numberFormat:
			number := f.uint16()
			w.Styles.Define(number, f.text())
		case beginCellXFs:
			inCells = true
		case endCellXFs:
			inCells = false
		case cellFormat:
			f.uint16() // its parent
			if !inCells {
				continue
			}
			if err := w.Styles.Add(f.uint16()); err != nil {
				return err
			}
		}
	}
}

// readAreas lists the tables of the sheets, and behind those of each sheet its named
// ranges.
func (w *workbook) readAreas(m *manifest, places []int) {
	areas := make([][]format.Area, len(w.Parts))
	for i, part := range w.Parts {
		tables, err := w.readTables(part)
		if err != nil {
			w.Note(remark.Damage, "tables-damaged", "The tables of the sheet %q are not listed: their definition is damaged.", w.List.Sheets[i].Name)
		}
		for j := range tables {
			tables[j].Sheet = w.List.Sheets[i].Name
		}
		areas[i] = tables
	}
	for _, name := range m.names {
		if name.sheet >= len(places) || places[name.sheet] < 0 {
			continue
		}
		at := places[name.sheet]
		sheet := &w.List.Sheets[at]
		switch r := name.area; {
		case name.filter:
			sheet.Filter = r
		case name.hidden:
		case r.LastRow > r.FirstRow || r.LastRow == 0 && r.LastCol >= 0:
			areas[at] = append(areas[at], format.Area{Name: name.name, Sheet: sheet.Name, Range: r})
		}
	}
	for _, of := range areas {
		w.List.Areas = append(w.List.Areas, of...)
	}
}

func (w *workbook) readTables(sheet string) (tables []format.Area, err error) {
	rels, err := w.Archive.Relationships(sheet)
	if err != nil {
		return nil, err
	}
	for _, r := range rels {
		if r.Kind != "table" || !w.Archive.Has(r.Target) {
			continue
		}
		table, err := w.readTable(r.Target)
		if err != nil {
			return tables, err
		}
		tables = append(tables, table)
	}
	sort.SliceStable(tables, func(i, j int) bool {
		a, b := tables[i].Range, tables[j].Range
		return a.FirstRow < b.FirstRow || a.FirstRow == b.FirstRow && a.FirstCol < b.FirstCol
	})
	return tables, nil
}

// readTable reads the definition of a table.
func (w *workbook) readTable(part string) (area format.Area, err error) {
	blocks, err := w.Archive.Blocks(part)
	if err != nil {
		return area, err
	}
	r := newRecords(blocks)
	for {
		id := r.next()
		switch f := r.fields(); id {
		case -1:
			if r.err == nil && area.Table == nil {
				r.err = fault.Corrupt("it has no range")
			}
			return area, r.err
		case beginTable:
			corners, ok := f.corners()
			f.take(8)
			area.Range, area.Table = corners, &format.Table{HeaderRows: f.uint32(), TotalsRows: f.uint32()}
			f.take(32)
			area.Name = f.text()
			if shown := f.text(); shown != "" {
				area.Name = shown
			}
			if !ok || f.short {
				return area, fault.Corrupt("its definition is too short")
			}
		case beginTableColumn:
			f.take(24)
			name := f.text()
			if caption := f.text(); caption != "" {
				name = caption
			}
			if area.Table != nil && len(area.Table.Columns) < cell.MaxColumns {
				area.Table.Columns = append(area.Table.Columns, name)
			}
		}
	}
}

// corners reads a block of cells: first and last row, first and last column.
func (f *fields) corners() (r cell.Range, ok bool) {
	r.FirstRow, r.LastRow, r.FirstCol, r.LastCol = f.uint32()+1, f.uint32()+1, f.uint32(), f.uint32()
	return r, !f.short && r.FirstRow <= r.LastRow && r.LastRow <= cell.MaxRows && r.FirstCol <= r.LastCol && r.LastCol < cell.MaxColumns
}

// Rows starts reading a worksheet and stops at its first row.
func (w *workbook) Rows(ctx context.Context, r format.Request) (format.Rows, error) {
	stream, size, err := w.Archive.Binary(ctx, w.Parts[r.Sheet])
	if err != nil {
		return nil, err
	}
	return &sheetRows{Row: biff.Row{Buffer: format.NewBuffer(r), Styles: w.Styles, Date1904: w.Date1904},
		records: newRecords(stream), strings: w.Strings, ctx: ctx, stream: stream, size: size}, nil
}

// mergedLook is how long a sheet's part may be to be read for its merged cells, which
// are behind the rows. Longer sheets show their groups by repeated names only.
const mergedLook = 4 << 20

// Merges finds the blocks of merged cells of sheets that are not long. Damage is
// reported where the rows are read.
func (w *workbook) Merges(ctx context.Context, sheet int) (all []cell.Range) {
	stream, size, err := w.Archive.Binary(ctx, w.Parts[sheet])
	if err != nil {
		return nil
	}
	defer stream.Close()
	if size > mergedLook {
		return nil
	}
	for r := newRecords(stream); ; {
		switch r.next() {
		case -1:
			return all
		case mergedCells:
			all = appendMerge(all, r)
		}
	}
}

// appendMerge adds the block of merged cells of the record.
func appendMerge(all []cell.Range, r *records) []cell.Range {
	f := r.fields()
	if m, ok := f.corners(); ok && len(all) < format.MostMerges {
		all = append(all, m)
	}
	return all
}

// sharedStrings reads the texts of the part sharedStrings.bin.
type sharedStrings struct{ *records }

func openStrings(ctx context.Context, a *archive.Archive, part string) (texts.Source, error) {
	stream, _, err := a.Binary(ctx, part)
	if err != nil {
		return nil, err
	}
	return sharedStrings{newRecords(stream)}, nil
}

// Buffered implements texts.Source.
func (s sharedStrings) Buffered() int { return len(s.cursor.Rest()) }

// Append reads one text. The end of the part is read as well, so that all of it is
// checked.
func (s sharedStrings) Append(dst []byte) ([]byte, error) {
	for {
		switch s.next() {
		case -1:
			if s.err != nil {
				return dst, s.err
			}
			return dst, io.EOF
		case stringItem:
			f := s.fields()
			f.byte()
			if dst = biff.AppendUTF16(dst, f.units()); f.short {
				return dst, fault.Corrupt("it is longer than its record")
			}
			return dst, nil
		}
	}
}

const (
	maxSheets = 20_000 // Excel is limited by memory only
	maxNames  = 65_536 // further ones are not listed
)

// sheet is what the workbook part says of one.
type sheet struct {
	format.Sheet
	part string // "" when it has no rows
}

// name is a defined name of a block of cells.
type name struct {
	name   string
	sheet  int // its place among all sheets
	area   cell.Range
	hidden bool
	filter bool
}

// manifest is what workbook.bin says: sheets, names, the date system.
type manifest struct {
	sheets   []sheet
	names    []name
	date1904 bool
	strings  string // the part of the shared strings, "" if there is none
	styles   string
}

func readManifest(a *archive.Archive) (*manifest, error) {
	part := bookPart(a)
	m := &manifest{}
	dir, _ := path.Split(part)
	byID, texts, formats, err := office.Parts(a, part, dir, ".bin")
	if err != nil {
		return nil, err
	}
	m.strings, m.styles = texts, formats
	return m, m.read(a, part, byID)
}

func (m *manifest) read(a *archive.Archive, part string, byID map[string]archive.Relationship) error {
	blocks, err := a.Blocks(part)
	if err != nil {
		return err
	}
	refs := references{own: -1}
	begun := false
	for r := newRecords(blocks); ; {
		id := r.next()
		switch f := r.fields(); id {
		case -1:
			if r.err == nil && !begun {
				r.err = fault.Corrupt("its workbook part is something else")
			}
			m.resolve(&refs)
			return r.err
		case beginBook:
			begun = true
		case workbookProps:
			m.date1904 = f.uint32()&1 != 0
		case bundledSheet:
			if len(m.sheets) == maxSheets {
				return fault.TooLarge("it has more than %s sheets", humanize.Number(maxSheets))
			}
			hidden := f.uint32() != 0
			f.uint32()
			link, known := byID[f.text()]
			s := sheet{Sheet: format.Sheet{Name: f.text(), Hidden: hidden}, part: link.Target}
			switch {
			case f.short:
				return fault.Corrupt("a sheet in its list has no name")
			case known && link.HasNoRows():
				s.part = ""
			case !known:
				s.part = "xl/worksheets/" + s.Name // there is none; reading it will say so
			}
			m.sheets = append(m.sheets, s)
		case externalBook, addInBook:
			refs.books++
		case ownBook, sameBook:
			if refs.own < 0 {
				refs.own = refs.books
			}
			refs.books++
		case externalSheets:
			for range min(f.uint32(), len(f.data)/12) {
				refs.sheets = append(refs.sheets, reference{f.uint32(), f.uint32(), f.uint32()})
			}
		case definedName:
			refs.addName(&f)
		}
	}
}
