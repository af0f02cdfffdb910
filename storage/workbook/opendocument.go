package workbook

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// openDocument is an OpenDocument spreadsheet (.ods). All sheets lie one behind the
// other in one part, which is read from its start for each of them.
type openDocument struct {
	archive   *archive
	tables    []odsTable
	names     []rangeEntry
	durations map[string]bool // cell styles that show hours beyond 24
	remarks   []string
}

// odsTable is a sheet.
type odsTable struct {
	name   string
	hidden bool
}

const odsContent = "content.xml"

// openOpenDocument reads what the sheets are called. It passes through the whole
// part once, so damage is found before anything is offered.
func openOpenDocument(file io.ReaderAt, size int64) (*openDocument, error) {
	a, err := openArchive(file, size)
	if err != nil {
		return nil, err
	}
	if locked, err := odsLocked(a); err != nil {
		return nil, err
	} else if locked {
		return nil, unsupported("it is protected by a password, which Pushdesk opens for Excel workbooks only")
	}
	x := &openDocument{archive: a, durations: map[string]bool{}}
	s, _, err := x.stream(context.Background())
	if err != nil {
		return nil, err
	}
	defer s.close()
	if err := x.list(newTokenizer(s)); err != nil {
		return nil, fmt.Errorf("read the list of sheets: %w", err)
	}
	return x, nil
}

// odsLocked tells whether the parts are encrypted.
func odsLocked(a *archive) (bool, error) {
	const manifest = "META-INF/manifest.xml"
	if !a.has(manifest) {
		return false, nil
	}
	p, err := a.open(manifest)
	if err != nil {
		return false, err
	}
	text, err := io.ReadAll(io.LimitReader(p, 4<<20))
	if err != nil {
		return false, err
	}
	return bytes.Contains(text, []byte("encryption-data")), nil
}

// stream starts reading the content, and gives its length.
func (x *openDocument) stream(ctx context.Context) (*stream, int64, error) {
	p, err := x.archive.open(odsContent)
	if err != nil {
		return nil, 0, err
	}
	r, err := utf8XML(p)
	if err != nil {
		return nil, 0, err
	}
	return newStream(ctx, r), int64(p.member.UncompressedSize64), nil
}

// list finds the sheets, the named ranges, and the styles that matter.
func (x *openDocument) list(t *tokenizer) error {
	hidden := map[string]bool{} // table styles that are not shown
	long := map[string]bool{}   // time styles that show hours beyond 24
	family, style, data := "", "", ""
	inside := 0 // tables that are open: a cell may hold one
	for {
		switch t.next() {
		case tokenStop:
			if t.err == nil && len(x.tables) == 0 {
				return corrupt("it has no sheet")
			}
			return t.err
		case tokenEnd:
			if string(t.name) == "table" {
				inside--
			}
		case tokenStart:
			switch string(t.name) {
			case "style":
				family, style, data = t.odsText("family"), t.odsText("name"), t.odsText("data-style-name")
				if family == "table-cell" && long[data] {
					x.durations[style] = true
				}
			case "table-properties":
				if family == "table" && string(t.prefixedAttr("display")) == "false" {
					hidden[style] = true
				}
			case "time-style":
				if string(t.prefixedAttr("truncate-on-overflow")) == "false" {
					long[t.odsText("name")] = true
				}
			case "table":
				if inside++; inside > 1 || t.prefixedAttr("name") == nil {
					continue // a table in a cell, or one that is linked in
				}
				if len(x.tables) == maxColumns {
					return tooLarge("it has more than %d sheets", maxColumns)
				}
				name := t.odsText("name")
				unique := name
				for n := 2; x.named(unique); n++ {
					unique = fmt.Sprintf("%s (%d)", name, n)
				}
				if unique != name {
					x.remarks = append(x.remarks, fmt.Sprintf("Two sheets have the name %q; the second one is listed as %q.", name, unique))
				}
				x.tables = append(x.tables, odsTable{unique, hidden[t.odsText("style-name")]})
			case "table-row":
				if inside == 1 {
					t.skip()
				}
			case "named-range":
				x.addName(t.odsText("name"), t.odsText("cell-range-address"))
			case "database-range":
				if name := t.odsText("name"); !strings.HasPrefix(name, "__Anonymous") {
					x.addName(name, t.odsText("target-range-address"))
				}
			}
		}
	}
}

// odsText gives the decoded value of an attribute; OpenDocument prefixes them all.
func (t *tokenizer) odsText(name string) string { return t.decodeAttr(t.prefixedAttr(name)) }

// addName keeps a named range, written $Sheet.$A$1:.$C$9 or 'My sheet'.A1:C9.
func (x *openDocument) addName(name, address string) {
	text, mark := odsSplit(address)
	first, last, _ := strings.Cut(text, mark)
	sheet, from := odsCell(first)
	_, to := odsCell(last)
	r, ok := parseRange(strings.ReplaceAll(from+":"+to, "$", ""))
	if ok && name != "" && (r.LastRow > r.FirstRow) && x.table(sheet) >= 0 {
		x.names = append(x.names, rangeEntry{name, x.tables[x.table(sheet)].name, r})
	}
}

// odsSplit gives an address and the mark between its corners, outside quotes.
func odsSplit(address string) (text, mark string) {
	quoted := false
	for i, r := range address {
		switch {
		case r == '\'':
			quoted = !quoted
		case r == ':' && !quoted:
			return address[:i] + "\x00" + address[i+1:], "\x00"
		}
	}
	return address, "\x00"
}

// odsCell splits $'My sheet'.$A$1 into sheet and cell.
func odsCell(text string) (sheet, at string) {
	i := strings.LastIndexByte(text, '.')
	if i < 0 {
		return "", text
	}
	sheet = strings.TrimPrefix(text[:i], "$")
	if n := len(sheet); n > 1 && sheet[0] == '\'' && sheet[n-1] == '\'' {
		sheet = strings.ReplaceAll(sheet[1:n-1], "''", "'")
	}
	return sheet, text[i+1:]
}

// named tells whether a sheet has exactly this name.
func (x *openDocument) named(name string) bool {
	return slices.ContainsFunc(x.tables, func(t odsTable) bool { return t.name == name })
}

// table gives the index of a sheet, or -1.
func (x *openDocument) table(name string) int {
	for i, t := range x.tables {
		if t.name == name {
			return i
		}
	}
	for i, t := range x.tables {
		if strings.EqualFold(t.name, name) {
			return i
		}
	}
	return -1
}

func (x *openDocument) sheetNames() (names []string) {
	for _, t := range x.tables {
		names = append(names, t.name)
	}
	return names
}

func (x *openDocument) sources() (all []Source) {
	for _, hidden := range []bool{false, true} {
		for _, t := range x.tables {
			if t.hidden != hidden {
				continue
			}
			all = append(all, Source{Name: t.name, Kind: KindSheet, Sheet: t.name, Range: wholeSheet, Hidden: hidden})
			for _, n := range x.names {
				if n.sheet == t.name {
					all = append(all, Source{Name: n.name, Kind: KindRange, Sheet: n.sheet, Range: n.area, Hidden: hidden})
				}
			}
		}
	}
	return all
}

func (x *openDocument) header(Source) knownHeader { return knownHeader{} }
func (x *openDocument) notes() []string           { return x.remarks }
func (x *openDocument) close()                    {}

// rows starts reading a sheet and stops at its first row.
func (x *openDocument) rows(ctx context.Context, sheet string, first, last int) (rowReader, error) {
	at := x.table(sheet)
	if at < 0 {
		return nil, corrupt("it has no sheet %q", sheet)
	}
	s, size, err := x.stream(ctx)
	if err != nil {
		return nil, err
	}
	return &odsRows{book: x, stream: s, size: size, t: newTokenizer(s), wanted: at, at: -1, first: first, last: last, most: mostRepeated}, nil
}
