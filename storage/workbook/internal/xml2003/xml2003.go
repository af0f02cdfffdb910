// Package xml2003 reads XML spreadsheets of Excel 2003, which many programs still write,
// often with the ending .xls.
package xml2003

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/numeric"
	"pushdesk/storage/workbook/internal/stream"
	"pushdesk/storage/workbook/internal/xmlscan"
)

// Format is the format of XML spreadsheets.
var Format = format.Format{Name: "xml", Recognizes: isSpreadsheet, Open: open}

func isSpreadsheet(p *format.Probe) bool {
	return format.IsXML(p.Text) && bytes.Contains(p.Text, []byte("urn:schemas-microsoft-com:office:spreadsheet"))
}

type spreadsheet struct {
	format.NoExtras
	file    format.File
	listing format.Listing
	styles  map[string]style
}

// style is what a cell style says about the values.
type style struct {
	numeric.NumberFormat
	parent string
	own    bool // it has a number format of its own
}

// source reads the file from its start.
func (x *spreadsheet) source(ctx context.Context) (*stream.Stream, error) {
	text, err := xmlscan.Decode(io.NewSectionReader(x.file, 0, x.file.Size))
	if err != nil {
		return nil, err
	}
	return stream.New(ctx, text), nil
}

// open passes through the file once: it finds the sheets and the styles, and any damage
// before anything is offered.
func open(ctx context.Context, file format.File, _ format.Options) (format.Content, error) {
	x := &spreadsheet{file: file, styles: map[string]style{}}
	s, err := x.source(ctx)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := x.list(xmlscan.New(s)); err != nil {
		return nil, fmt.Errorf("read the list of sheets: %w", err)
	}
	if len(x.listing.Sheets) == 0 {
		return nil, fault.Corrupt("it has no sheet")
	}
	x.listing.Remarks = append(x.listing.Remarks, remark.New(remark.Info, "xml-spreadsheet", "The file is an XML spreadsheet of Excel 2003."))
	return x, nil
}

func (x *spreadsheet) list(t *xmlscan.Tokenizer) error {
	current, at := "", -1
	for {
		switch t.Next() {
		case xmlscan.Stop:
			return t.Err
		case xmlscan.Start:
			switch string(t.Name) {
			case "Style":
				current = t.PrefixedText("ID")
				x.styles[current] = style{parent: t.PrefixedText("Parent")}
			case "NumberFormat":
				if code := t.PrefixedText("Format"); current != "" && len(x.styles) < 70_000 {
					s := x.styles[current]
					s.NumberFormat, s.own = numberFormat(code), true
					x.styles[current] = s
				}
			case "Worksheet":
				current = ""
				x.listing.AddSheet(format.Sheet{Name: t.PrefixedText("Name")})
				at = len(x.listing.Sheets) - 1
			case "Visible":
				if at >= 0 {
					hidden, err := leaf(t)
					if err != nil {
						return err
					}
					x.listing.Sheets[at].Hidden = strings.Contains(hidden, "Hidden")
				}
			case "Data":
				t.Skip()
			}
		}
	}
}

// leaf returns the text of the element that was just started.
func leaf(t *xmlscan.Tokenizer) (string, error) {
	var text []byte
	depth := t.Depth
	if t.PassEmpty() {
		return "", nil
	}
	for {
		switch t.Next() {
		case xmlscan.Stop:
			return "", t.Err
		case xmlscan.End:
			if t.Depth < depth {
				return string(text), nil
			}
		case xmlscan.Text:
			var err error
			if text, err = t.AppendText(text); err != nil {
				return "", err
			}
			if len(text) > cell.MaxText*4 {
				return "", fault.TooLarge("a text in it is longer than %d characters", cell.MaxText)
			}
		}
	}
}

// names are the number formats that are written by name.
// Source: Microsoft's XML Spreadsheet Reference, ss:Format of ss:NumberFormat.
var names = map[string]string{
	"General Date": "yyyy-mm-dd hh:mm", "Long Date": "yyyy-mm-dd", "Medium Date": "yyyy-mm-dd", "Short Date": "yyyy-mm-dd",
	"Long Time": "hh:mm:ss", "Medium Time": "hh:mm", "Short Time": "hh:mm",
	"Currency": `"$"0.00`, "Euro Currency": `"€"0.00`, "Percent": "0.00%", "Fixed": "0.00", "Standard": "0.00", "Scientific": "0.00E+00",
}

func numberFormat(code string) numeric.NumberFormat {
	if named, ok := names[code]; ok {
		code = named
	}
	return numeric.ParseNumberFormat(code)
}

// formatOf returns the number format of a style, or that of the style it comes from.
func (x *spreadsheet) formatOf(id string) numeric.NumberFormat {
	for range 8 {
		s, ok := x.styles[id]
		if !ok || s.own || s.parent == "" {
			return s.NumberFormat
		}
		id = s.parent
	}
	return numeric.NumberFormat{}
}

func (x *spreadsheet) Listing() *format.Listing { return &x.listing }

// Rows starts reading a sheet.
func (x *spreadsheet) Rows(ctx context.Context, r format.Request) (format.Rows, error) {
	s, err := x.source(ctx)
	if err != nil {
		return nil, err
	}
	return &rows{Buffer: format.NewBuffer(r), t: xmlscan.New(s), stream: s, x: x, place: -1}, nil
}

// index reads ss:Index, which is one-based; 0 means that there is none.
func index(raw []byte) int {
	n, err := strconv.Atoi(string(raw))
	if err != nil || n < 1 {
		return 0
	}
	return n
}
