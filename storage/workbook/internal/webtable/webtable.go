// Package webtable reads the tables of web pages and web archives, which programs save
// with the ending .xls because Excel opens them: SAP, reporting tools, web exports.
package webtable

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
)

// Page is the format of web pages (.html), and Archive that of web archives (.mht).
var (
	Page = format.Format{Name: "html", Texts: true, Recognizes: func(p *format.Probe) bool { return hasTable(p.Text) },
		Open: func(ctx context.Context, file format.File, _ format.Options) (format.Content, error) {
			return open(ctx, file, false)
		}}
	Archive = format.Format{Name: "mhtml", Texts: true, Recognizes: func(p *format.Probe) bool { return isArchive(p.Text) },
		Open: func(ctx context.Context, file format.File, _ format.Options) (format.Content, error) {
			return open(ctx, file, true)
		}}
)

// hasTable reports whether text is markup with a table near its start: markup that
// holds none there is refused by its name.
func hasTable(text []byte) bool {
	if len(text) == 0 || text[0] != '<' || format.IsXML(text) {
		return false
	}
	lower := bytes.ToLower(text)
	return bytes.Contains(lower, []byte("<table")) || bytes.Contains(lower, []byte("<tr"))
}

// isArchive reports whether text is a message in MIME that holds a web page.
func isArchive(text []byte) bool {
	head := bytes.ToLower(text[:min(len(text), 4096)])
	return format.IsMail(text) && (bytes.Contains(head, []byte("multipart/related")) || bytes.Contains(head, []byte("text/html")))
}

// place is where a table stands: the document in the archive, and the table in it.
type place struct{ document, table int }

type content struct {
	format.NoExtras
	file    format.File
	archive bool
	listing format.Listing
	places  []place // of the sheets
}

// found is a table that was seen while listing.
type found struct {
	place
	name          string
	rows, columns int
	holds         bool // other tables: it only arranges them
}

// open passes through the file once and lists its tables.
func open(ctx context.Context, file format.File, archive bool) (format.Content, error) {
	c := &content{file: file, archive: archive}
	var all []found
	names := map[string]string{} // of the sheets of an archive, by the name of their document
	err := c.documents(func(d document) error {
		s := newScanner(d)
		tables, err := s.list(ctx)
		for i := range tables {
			tables[i].document = d.number
		}
		if d.number == 0 {
			names = s.sheets
		}
		if name := names[d.location]; name != "" && len(tables) == 1 {
			tables[0].name = name
		}
		all = append(all, tables...)
		return err
	})
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(t found) bool { return t.holds || t.rows == 0 })
	if len(all) == 0 {
		return nil, fault.Unsupported("it is a web page without a table")
	}
	most := 0
	for _, t := range all {
		most = max(most, t.rows*t.columns)
	}
	for i, t := range all {
		name := t.name
		if name == "" {
			name = fmt.Sprintf("Table %d", i+1)
		}
		// A page has small tables for its title and its menus, which are not the first choice.
		c.listing.AddSheet(format.Sheet{Name: name, Hidden: (t.rows < 2 || t.columns < 2) && t.rows*t.columns*4 <= most})
		c.places = append(c.places, t.place)
	}
	what := "a web page"
	if archive {
		what = "a web archive"
	}
	c.listing.Remarks = append(c.listing.Remarks, remark.New(remark.Info, "web-page", "The file is %s, not a workbook. Its %s read.", what,
		map[bool]string{true: "table is", false: humanize.Count(len(all), "table") + " are"}[len(all) == 1]))
	return c, nil
}

func (c *content) Listing() *format.Listing { return &c.listing }

// Rows starts reading a table.
func (c *content) Rows(ctx context.Context, r format.Request) (format.Rows, error) {
	at := c.places[r.Sheet]
	var s *scanner
	stop := fmt.Errorf("found")
	err := c.documents(func(d document) error {
		if d.number != at.document {
			return nil
		}
		s = newScanner(d)
		return stop
	})
	if s == nil {
		if err == nil {
			err = fault.Corrupt("the table is no longer in it")
		}
		return nil, err
	}
	return &rows{Buffer: format.NewBuffer(r), scanner: s, table: at.table, ctx: ctx, size: c.file.Size}, nil
}

// documents calls do with each document of the file, a web page or the parts of an
// archive, until it returns an error.
func (c *content) documents(do func(document) error) error {
	whole := io.NewSectionReader(c.file, 0, c.file.Size)
	if !c.archive {
		d, err := decoded(whole, "")
		if err != nil {
			return err
		}
		return do(document{reader: d})
	}
	return eachPart(whole, do)
}
