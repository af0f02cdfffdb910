package workbook

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/format"
)

// The smallest format there can be: lines of names and values, marked by their first
// line. A real one is a package below internal; its line in the list of formats is what
// the test adds.
var notes = format.Format{Name: "notes",
	Recognizes: func(p *format.Probe) bool { return bytes.HasPrefix(p.Text, []byte("NOTES\n")) },
	Open: func(_ context.Context, f format.File, _ format.Options) (format.Content, error) {
		c := &noteBook{file: f}
		c.listing.AddSheet(format.Sheet{Name: "Notes"})
		return c, nil
	}}

type noteBook struct {
	format.NoExtras
	listing format.Listing
	file    format.File
}

func (c *noteBook) Listing() *format.Listing { return &c.listing }

func (c *noteBook) Rows(_ context.Context, r format.Request) (format.Rows, error) {
	lines := bufio.NewScanner(io.NewSectionReader(c.file, 0, c.file.Size))
	lines.Scan() // the mark
	return &noteRows{Buffer: format.NewBuffer(r), lines: lines}, nil
}

type noteRows struct {
	format.Buffer
	lines *bufio.Scanner
	row   int
}

func (r *noteRows) Next() bool {
	if !r.lines.Scan() {
		return false
	}
	r.row++
	r.Reset()
	name, value, _ := strings.Cut(r.lines.Text(), "=")
	for column, text := range []string{name, value} {
		if at := r.Slot(column); at >= 0 && text != "" {
			r.Row[at] = cell.Cell{Kind: cell.Text, Text: text}
			r.Values++
		}
	}
	return true
}

func (r *noteRows) Number() int              { return r.row }
func (r *noteRows) Fraction() float64        { return 1 }
func (r *noteRows) Err() error               { return r.lines.Err() }
func (r *noteRows) Remarks() []remark.Remark { return nil }
func (r *noteRows) Close()                   {}

// TestANewFormat: a format is one package that implements the contract, and one line.
func TestANewFormat(t *testing.T) {
	before := formats
	t.Cleanup(func() { formats = before })
	formats = append([]*format.Format{&notes}, formats...)
	r, err := readAll(t, put(t, "x.notes", []byte("NOTES\nname=value\nsize=5\ncolour=red\n")), Options{})
	if err != nil || shown(r.rows) != "2|size|5 / 3|colour|red" || r.layout.Headers[1].Name != "value" {
		t.Errorf("%v: %s, %+v", err, shown(r.rows), r.layout.Headers)
	}
}
