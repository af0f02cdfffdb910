// Package ooxml reads the workbooks of Excel.
package ooxml

import (
	"context"
	"fmt"
	"path"
	"sort"
	"strconv"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/archive"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/office"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// Format is the format of .xlsx, .xlsm, .xltx and .xltm, transitional and strict.
var Format = format.Format{Name: "xlsx", Recognizes: isSpreadsheet, Open: openSpreadsheet}

func isSpreadsheet(p *format.Probe) bool {
	if p.Archive == nil {
		return false
	}
	if p.Archive.Has("xl/workbook.xml") {
		return true
	}
	_, err := readManifest(p.Archive)
	return err == nil
}

// spreadsheet is an Excel workbook with parts of XML.
type spreadsheet struct{ office.Book }

func openSpreadsheet(_ context.Context, file format.File, _ format.Options) (format.Content, error) {
	a, err := archive.Open(file, file.Size)
	if err != nil {
		return nil, err
	}
	m, err := readManifest(a)
	if err != nil {
		return nil, fmt.Errorf("read the list of sheets: %w", err)
	}
	x := &spreadsheet{office.New(a, m.date1904, m.styles)}
	if m.styles != "" {
		t, err := a.Tokens(m.styles)
		if err == nil {
			x.Styles, err = readStyles(t)
		}
		if err != nil {
			return nil, fmt.Errorf("read the cell formats: %w", err)
		}
	}
	x.Parts, x.List.Remarks, x.List.Unread = m.parts, append(x.List.Remarks, m.remarks...), m.unread
	for _, sheet := range m.sheets {
		x.List.AddSheet(sheet)
	}
	x.readNames(m, x.readTables())
	x.Texts(m.strings, openStrings)
	return x, nil
}

// readTables finds the tables of the sheets through the sheets' relationships.
func (x *spreadsheet) readTables() [][]format.Area {
	all := make([][]format.Area, len(x.List.Sheets))
	for i, sheet := range x.List.Sheets {
		tables, missing, err := tablesOf(x.Archive, x.Parts[i])
		for _, name := range missing {
			x.Note(remark.Damage, "table-missing", "A table of the sheet %q is not listed: its definition (%s) is missing or names no range.", sheet.Name, name)
		}
		if err != nil {
			x.Note(remark.Damage, "tables-damaged", "The tables of the sheet %q are not listed: their definition is damaged.", sheet.Name)
		}
		for j := range tables {
			tables[j].Sheet = sheet.Name
		}
		all[i] = tables
	}
	return all
}

// tablesOf reads the tables of a sheet. missing are the parts that the sheet names as
// tables and that are none.
func tablesOf(a *archive.Archive, sheet string) (tables []format.Area, missing []string, err error) {
	rels, err := a.Relationships(sheet)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range rels {
		if r.Kind != "table" {
			continue
		}
		if !a.Has(r.Target) {
			missing = append(missing, path.Base(r.Target))
			continue
		}
		table, ok, err := readTable(a, r.Target)
		if err != nil {
			return tables, missing, err
		}
		if !ok {
			missing = append(missing, path.Base(r.Target))
		} else {
			tables = append(tables, table)
		}
	}
	sort.SliceStable(tables, func(i, j int) bool {
		a, b := tables[i].Range, tables[j].Range
		return a.FirstRow < b.FirstRow || a.FirstRow == b.FirstRow && a.FirstCol < b.FirstCol
	})
	return tables, missing, nil
}

// readTable reads the definition of a table; ok is false when it has no usable range.
func readTable(a *archive.Archive, part string) (area format.Area, ok bool, err error) {
	t, err := a.Tokens(part)
	if err != nil {
		return area, false, err
	}
	area.Table = &format.Table{}
	for {
		switch t.Next() {
		case xmlscan.Stop:
			return area, ok, t.Err
		case xmlscan.Start:
			switch {
			case t.Depth == 1:
				if area.Name = t.AttrText("displayName"); area.Name == "" {
					area.Name = t.AttrText("name")
				}
				area.Range, ok = cell.ParseRange(t.AttrText("ref"))
				ok = ok && area.Range.LastRow > 0 && area.Range.LastCol >= 0 && string(t.Name) == "table"
				area.Table.HeaderRows = countOf(t.Attr("headerRowCount"), 1)
				area.Table.TotalsRows = countOf(t.Attr("totalsRowCount"), 0)
			case t.Depth == 3 && string(t.Name) == "tableColumn" && len(area.Table.Columns) < cell.MaxColumns:
				area.Table.Columns = append(area.Table.Columns, string(unescape([]byte(t.AttrText("name")))))
			}
		}
	}
}

func countOf(raw []byte, missing int) int {
	if n, err := strconv.Atoi(string(raw)); err == nil && n >= 0 {
		return n
	}
	return missing
}

// readNames lists the named ranges that can be sources behind the tables of their
// sheets, and where filters are.
func (x *spreadsheet) readNames(m *manifest, areas [][]format.Area) {
	for _, name := range m.names {
		sheet, area := cell.SplitSheet(name.refers)
		at := x.List.Sheet(sheet)
		r, ok := cell.ParseRange(area)
		if at < 0 || !ok {
			continue
		}
		switch {
		case strings.EqualFold(name.name, "_xlnm._FilterDatabase"):
			x.List.Sheets[at].Filter = r
		case name.hidden || strings.HasPrefix(name.name, "_xlnm."):
		case r.LastRow > r.FirstRow || r.LastRow == 0 && r.LastCol >= 0:
			areas[at] = append(areas[at], format.Area{Name: name.name, Sheet: x.List.Sheets[at].Name, Range: r})
		}
	}
	for _, of := range areas {
		x.List.Areas = append(x.List.Areas, of...)
	}
}

// Rows starts reading a worksheet and stops at its first row.
func (x *spreadsheet) Rows(ctx context.Context, r format.Request) (format.Rows, error) {
	stream, size, err := x.Archive.Stream(ctx, x.Parts[r.Sheet])
	if err != nil {
		return nil, err
	}
	return &sheetRows{Buffer: format.NewBuffer(r), styles: x.Styles, strings: x.Strings, date1904: x.Date1904, ctx: ctx, stream: stream, size: size, t: xmlscan.New(stream)}, nil
}

// mergedLook is how long a sheet's part may be to be read for its merged cells, which
// are behind the rows. Longer sheets show their groups by repeated names only.
const mergedLook = 4 << 20

// Merges finds the blocks of merged cells of sheets that are not long. Damage is
// reported where the rows are read.
func (x *spreadsheet) Merges(ctx context.Context, sheet int) (all []cell.Range) {
	stream, size, err := x.Archive.Stream(ctx, x.Parts[sheet])
	if err != nil {
		return nil
	}
	defer stream.Close()
	if size > mergedLook {
		return nil
	}
	t := xmlscan.New(stream)
	for {
		switch t.Next() {
		case xmlscan.Stop:
			return all
		case xmlscan.Start:
			switch string(t.Name) {
			case "sheetData":
				t.Skip()
			case "mergeCell":
				all = appendMerge(all, t)
			}
		}
	}
}

// appendMerge adds the block of merged cells that was just started.
func appendMerge(all []cell.Range, t *xmlscan.Tokenizer) []cell.Range {
	if r, ok := cell.ParseRange(t.AttrText("ref")); ok && r.LastRow > 0 && r.LastCol >= 0 && len(all) < format.MostMerges {
		all = append(all, r)
	}
	return all
}
