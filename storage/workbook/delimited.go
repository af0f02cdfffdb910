package workbook

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"pushdesk/storage/cell"
)

// delimited is a text file of records.
type delimited struct {
	name      string // of its only sheet: that of the file
	file      io.ReaderAt
	size      int64
	encoding  string
	delimiter rune
	skip      bool // the first line is sep=
	remarks   []string
}

func openDelimited(path string, file io.ReaderAt, size int64, opts Options) (*delimited, error) {
	base := filepath.Base(path)
	d := &delimited{name: strings.TrimSuffix(base, filepath.Ext(base)), file: file, size: size,
		encoding: opts.Encoding, delimiter: opts.Delimiter}
	if d.name == "" {
		d.name = base
	}
	head := make([]byte, min(size, 256<<10))
	n, err := file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read the start of the file: %w", err)
	}
	head = head[:n]
	if d.encoding == "" {
		d.encoding = encodingOf(head)
	}
	r, err := decoded(strings.NewReader(string(head)), d.encoding)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("decode the start of the file: %w", err)
	}
	sample := string(text)
	named := ""
	if delimiter, ok := sepLine(sample); ok {
		d.skip = true
		_, sample, _ = strings.Cut(sample, "\n")
		if d.delimiter == 0 {
			d.delimiter, named = delimiter, ", as its first line says"
		}
	}
	if d.delimiter == 0 {
		d.delimiter = findDelimiter(sample, int64(n) == size)
	}
	if d.delimiter >= utf8.RuneSelf || d.delimiter == '"' || d.delimiter == '\n' || d.delimiter == '\r' {
		return nil, unsupported("its delimiter %q is not a single ASCII character", d.delimiter)
	}
	d.remarks = append(d.remarks, fmt.Sprintf("Text file, encoding %s, %s%s.", encodingName(d.encoding), delimiterName(d.delimiter), named))
	return d, nil
}

func encodingName(name string) string {
	switch name {
	case "windows-1252":
		return "Windows-1252 (Western European)"
	case "windows-1250":
		return "Windows-1250 (Central European)"
	case "windows-1251":
		return "Windows-1251 (Cyrillic)"
	}
	return strings.ToUpper(name)
}

func delimiterName(d rune) string {
	switch d {
	case 0:
		return "one column"
	case ',':
		return "fields separated by commas"
	case ';':
		return "fields separated by semicolons"
	case '\t':
		return "fields separated by tabs"
	}
	return fmt.Sprintf("fields separated by %q", d)
}

// noDelimiter is a byte that no text has: the file is one column.
const noDelimiter = 0xff

func (d *delimited) sources() []Source {
	return []Source{{Name: d.name, Kind: KindSheet, Sheet: d.name, Range: wholeSheet}}
}

func (d *delimited) header(Source) knownHeader { return knownHeader{} }
func (d *delimited) notes() []string           { return d.remarks }
func (d *delimited) close()                    {}

func (d *delimited) rows(ctx context.Context, _ string, first, last int) (rowReader, error) {
	section := &countReader{r: io.NewSectionReader(d.file, 0, d.size)}
	r, err := decoded(section, d.encoding)
	if err != nil {
		return nil, err
	}
	delimiter := byte(noDelimiter)
	if d.delimiter != 0 {
		delimiter = byte(d.delimiter)
	}
	stream := newStream(ctx, r)
	rows := &delimitedRows{book: d, stream: stream, records: newRecords(stream, delimiter), first: first, last: last}
	if last >= first {
		rows.cells = make([]cell.Cell, last-first+1)
	}
	if d.skip {
		rows.records.next()
	}
	return rows, nil
}

// delimitedRows streams the records of a text file as rows.
type delimitedRows struct {
	book        *delimited
	stream      *stream
	records     *records
	first, last int
	cells       []cell.Cell
	values      int
	outside     int
	outsideAt   int
	width       int // fields of the record
	short, long tally
	rows        int64
}

func (d *delimitedRows) next() bool {
	r := d.records
	if !r.next() {
		return false
	}
	if !utf8.Valid(r.text) {
		r.text = d.repair(r.text)
	}
	d.fill(string(r.text))
	return true
}

// repair replaces bytes that are no UTF-8, and moves the fields accordingly.
func (d *delimitedRows) repair(text []byte) []byte {
	var out []byte
	for i, f := range d.records.fields {
		from := len(out)
		out = append(out, strings.ToValidUTF8(string(text[f.from:f.to]), "\ufffd")...)
		d.records.fields[i] = field{from, len(out)}
	}
	return out
}

// fill puts the fields into cells; their texts share one string.
func (d *delimitedRows) fill(all string) {
	if d.last < 0 {
		d.cells = d.cells[:0]
	} else {
		clear(d.cells)
	}
	d.values, d.outside = 0, 0
	fields := d.records.fields
	d.width = len(fields)
	for column, f := range fields {
		at := column - d.first
		if at < 0 || d.last >= 0 && column > d.last {
			if f.to > f.from {
				if d.outside++; d.outside == 1 {
					d.outsideAt = column
				}
			}
			continue
		}
		for len(d.cells) <= at {
			d.cells = append(d.cells, cell.Cell{})
		}
		if f.to > f.from {
			d.cells[at].Kind, d.cells[at].Text = cell.Text, all[f.from:f.to]
			d.values++
		}
	}
	if d.values > 0 {
		d.rows++
		if d.width <= d.last {
			d.short.add(d.records.line)
		}
		if d.outside > 0 && d.last >= 0 {
			d.long.add(d.records.line)
		}
	}
}

func (d *delimitedRows) number() int             { return d.records.line }
func (d *delimitedRows) content() []cell.Cell    { return d.cells }
func (d *delimitedRows) currencies() []uint8     { return nil }
func (d *delimitedRows) empty() bool             { return d.values == 0 }
func (d *delimitedRows) beside() (n, column int) { return d.outside, d.outsideAt }
func (d *delimitedRows) rowHidden() bool         { return false }
func (d *delimitedRows) close()                  { d.stream.close() }

func (d *delimitedRows) failure() error {
	if d.records.err == io.EOF {
		return nil
	}
	return d.records.err
}

func (d *delimitedRows) fraction() float64 {
	if d.book.size == 0 {
		return 1
	}
	// Decoding changes the length; UTF-16 halves it for most text.
	size := float64(d.book.size)
	if strings.HasPrefix(d.book.encoding, "utf-16") {
		size /= 2
	}
	return min(1, float64(d.stream.taken.Load())/size)
}

func (d *delimitedRows) notes() []string {
	if t := d.records.stray; t.n > 0 {
		return []string{fmt.Sprintf("%s records have a quotation mark in an unexpected place, first in line %s. It is read as it stands.", grouped(t.n), grouped(int64(t.row)))}
	}
	return nil
}

// ragged says which records have fewer or more fields than there are columns.
func (d *delimitedRows) ragged(columns int) []Note {
	var all []Note
	if t := d.short; t.n > 0 {
		all = append(all, Note{NoteRagged, fmt.Sprintf("%s rows have fewer than %d fields, first line %s. The missing ones are blank.", grouped(t.n), columns, grouped(int64(t.row))), t.row, t.n})
	}
	if t := d.long; t.n > 0 {
		all = append(all, Note{NoteRagged, fmt.Sprintf("%s rows have values beside the %d columns, first line %s. Those values are not read.", grouped(t.n), columns, grouped(int64(t.row))), t.row, t.n})
	}
	return all
}
