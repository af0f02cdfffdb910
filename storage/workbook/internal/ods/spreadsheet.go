// Package ods reads OpenDocument spreadsheets.
package ods

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/workbook/internal/archive"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// Format is the format of OpenDocument spreadsheets (.ods).
var Format = format.Format{Name: "ods", Recognizes: isOpenDocument, Open: openOpenDocument}

func isOpenDocument(p *format.Probe) bool {
	return p.Archive != nil && strings.HasPrefix(p.Archive.Mimetype(), "application/vnd.oasis.opendocument.spreadsheet")
}

// openDocument is an OpenDocument spreadsheet. All sheets lie one behind the other in
// one part, which is read from its start for each of them.
type openDocument struct {
	format.NoExtras
	listing   format.Listing
	archive   *archive.Archive
	durations map[string]bool // cell styles that show hours beyond 24
}

const odsContent = "content.xml"

// openOpenDocument reads what the sheets are called. It passes through the whole
// part once, so damage is found before anything is offered.
func openOpenDocument(ctx context.Context, file format.File, _ format.Options) (format.Content, error) {
	a, err := archive.Open(file, file.Size)
	if err != nil {
		return nil, err
	}
	if locked, err := odsLocked(a); err != nil {
		return nil, err
	} else if locked {
		return nil, fault.Unsupported("it is protected by a password, which Pushdesk opens for Excel workbooks only")
	}
	x := &openDocument{archive: a, durations: map[string]bool{}}
	s, _, err := a.Stream(ctx, odsContent)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := x.list(xmlscan.New(s)); err != nil {
		return nil, fmt.Errorf("read the list of sheets: %w", err)
	}
	return x, nil
}

// odsLocked reports whether the parts are encrypted.
func odsLocked(a *archive.Archive) (bool, error) {
	const manifest = "META-INF/manifest.xml"
	if !a.Has(manifest) {
		return false, nil
	}
	p, err := a.Part(manifest)
	if err != nil {
		return false, err
	}
	text, err := io.ReadAll(io.LimitReader(p, 4<<20))
	if err != nil {
		return false, err
	}
	return bytes.Contains(text, []byte("encryption-data")), nil
}

// list finds the sheets, the named ranges, and the styles that matter.
func (x *openDocument) list(t *xmlscan.Tokenizer) error {
	hidden := map[string]bool{} // table styles that are not shown
	long := map[string]bool{}   // time styles that show hours beyond 24
	family, style := "", ""
	inside := 0 // tables that are open: a cell may hold one
	for {
		switch t.Next() {
		case xmlscan.Stop:
			if t.Err == nil && len(x.listing.Sheets) == 0 {
				return fault.Corrupt("it has no sheet")
			}
			return t.Err
		case xmlscan.End:
			if string(t.Name) == "table" {
				inside--
			}
		case xmlscan.Start:
			switch string(t.Name) {
			case "style":
				family, style = t.PrefixedText("family"), t.PrefixedText("name")
				if family == "table-cell" && long[t.PrefixedText("data-style-name")] {
					x.durations[style] = true
				}
			case "table-properties":
				if family == "table" && string(t.PrefixedAttr("display")) == "false" {
					hidden[style] = true
				}
			case "time-style":
				if string(t.PrefixedAttr("truncate-on-overflow")) == "false" {
					long[t.PrefixedText("name")] = true
				}
			case "table":
				if inside++; inside > 1 || t.PrefixedAttr("name") == nil {
					continue // a table in a cell, or one that is linked in
				}
				if len(x.listing.Sheets) == cell.MaxColumns {
					return fault.TooLarge("it has more than %d sheets", cell.MaxColumns)
				}
				x.listing.AddSheet(format.Sheet{Name: t.PrefixedText("name"), Hidden: hidden[t.PrefixedText("style-name")]})
			case "table-row":
				if inside == 1 {
					t.Skip()
				}
			case "named-range":
				x.addName(t.PrefixedText("name"), t.PrefixedText("cell-range-address"))
			case "database-range":
				if name := t.PrefixedText("name"); !strings.HasPrefix(name, "__Anonymous") {
					x.addName(name, t.PrefixedText("target-range-address"))
				}
			}
		}
	}
}

// addName keeps a named range, written $Sheet.$A$1:.$C$9 or 'My sheet'.A1:C9.
func (x *openDocument) addName(name, address string) {
	first, last := odsCorners(address)
	sheet, from := odsCell(first)
	_, to := odsCell(last)
	r, ok := cell.ParseRange(from + ":" + to)
	if at := x.listing.Sheet(sheet); ok && name != "" && r.LastRow > r.FirstRow && at >= 0 {
		x.listing.Areas = append(x.listing.Areas, format.Area{Name: name, Sheet: x.listing.Sheets[at].Name, Range: r})
	}
}

// odsCorners splits an address at its colon, outside quotes.
func odsCorners(address string) (first, last string) {
	quoted := false
	for i, r := range address {
		switch {
		case r == '\'':
			quoted = !quoted
		case r == ':' && !quoted:
			return address[:i], address[i+1:]
		}
	}
	return address, ""
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

func (x *openDocument) Listing() *format.Listing { return &x.listing }

// Rows starts reading a sheet and stops at its first row.
func (x *openDocument) Rows(ctx context.Context, r format.Request) (format.Rows, error) {
	s, size, err := x.archive.Stream(ctx, odsContent)
	if err != nil {
		return nil, err
	}
	return &odsRows{Buffer: format.NewBuffer(r), cellReader: cellReader{t: xmlscan.New(s), durations: x.durations}, sheets: x.listing.Sheets, stream: s, size: size, place: -1, most: mostRepeated}, nil
}
