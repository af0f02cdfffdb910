package workbook

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"pushdesk/storage/cell"
)

// delimited is a text file of records.
type delimited struct {
	name      string // of its only sheet: that of the file
	file      io.ReaderAt
	size      int64
	encoding  string
	chosen    bool // the encoding was not found but chosen
	delimiter rune
	quote     rune // or NoQuote
	skip      bool // the first line is sep=
	remarks   []string
}

func openDelimited(path string, file io.ReaderAt, size int64, opts Options) (*delimited, error) {
	base := filepath.Base(path)
	d := &delimited{name: strings.TrimSuffix(base, filepath.Ext(base)), file: file, size: size,
		encoding: opts.Encoding, chosen: opts.Encoding != "", delimiter: opts.Delimiter}
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
	marks := ""
	switch d.quote = opts.Quote; {
	case d.quote == 0:
		if d.quote = findQuote(sample, d.delimiter, int64(n) == size); d.quote == '\'' {
			marks = ", texts in apostrophes"
		}
	case d.quote == NoQuote:
		marks = ", quotation marks taken as letters"
	case d.quote >= utf8.RuneSelf || d.quote == d.delimiter || d.quote < ' ':
		return nil, unsupported("its quotation mark %q is not a single ASCII character", d.quote)
	}
	if d.delimiter >= utf8.RuneSelf || d.delimiter == '"' || d.delimiter == '\n' || d.delimiter == '\r' {
		return nil, unsupported("its delimiter %q is not a single ASCII character", d.delimiter)
	}
	d.remarks = append(d.remarks, fmt.Sprintf("Text file, encoding %s, %s%s%s.", EncodingName(d.encoding), delimiterName(d.delimiter), named, marks))
	return d, nil
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

func (d *delimited) sheetNames() []string { return []string{d.name} }

// TextForm is how a text file is read.
type TextForm struct {
	Delimiter rune   // between its fields; 0 when it is one column
	Quote     rune   // what fields may stand in, or NoQuote
	Encoding  string // one of Encodings
}

// TextForm gives how a text file is read; it is empty for other files.
func (b *Book) TextForm() TextForm {
	if d, ok := b.content.(*delimited); ok {
		return TextForm{d.delimiter, d.quote, d.encoding}
	}
	return TextForm{}
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
	if rows.records.quote = 0; d.quote != NoQuote {
		rows.records.quote = byte(d.quote)
	}
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
	mixed       tally // records that are not in the encoding found
	lost        tally // records with bytes that the encoding does not have
}

func (d *delimitedRows) next() (ok bool) {
	r := d.records
	defer func() {
		if p := recover(); p != nil {
			r.err, ok = corrupt("reading it failed: %v", p), false
		}
	}()
	if !r.next() {
		return false
	}
	if d.book.encoding != "utf-8" && bytes.Contains(r.text, []byte("\ufffd")) {
		d.lost.add(r.line)
	}
	if !utf8.Valid(r.text) {
		d.mixed.add(r.line)
		r.text = d.repair(r.text)
	}
	d.fill(string(r.text))
	return true
}

// repair decodes a record that is not UTF-8 although the start of the file was:
// often its first letter beyond ASCII comes late. Such a record is read in the
// default encoding, or, when UTF-8 was chosen, with marks for what is broken.
func (d *delimitedRows) repair(text []byte) []byte {
	var out []byte
	for i, f := range d.records.fields {
		from := len(out)
		if d.book.chosen {
			out = append(out, strings.ToValidUTF8(string(text[f.from:f.to]), "\ufffd")...)
		} else {
			for _, b := range text[f.from:f.to] {
				out = utf8.AppendRune(out, charmap.Windows1252.DecodeByte(b))
			}
		}
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
	var all []string
	if t := d.records.stray; t.n > 0 {
		all = append(all, fmt.Sprintf("%s records have a quotation mark in an unexpected place, first in line %s. It is read as it stands.", grouped(t.n), grouped(int64(t.row))))
	}
	if t := d.lost; t.n > 0 {
		all = append(all, fmt.Sprintf("%s records have bytes that %s does not know, first in line %s. They are marked; choose another encoding.", grouped(t.n), EncodingName(d.book.encoding), grouped(int64(t.row))))
	}
	if t := d.mixed; t.n > 0 {
		how := "They are read as " + EncodingName(defaultEncoding) + "; choose the encoding if letters look wrong."
		if d.book.chosen {
			how = "What cannot be read is marked; choose another encoding if letters look wrong."
		}
		all = append(all, fmt.Sprintf("%s records are not written in UTF-8 as the others are, first in line %s. %s", grouped(t.n), grouped(int64(t.row)), how))
	}
	return all
}

// fields is how many fields the record has.
func (d *delimitedRows) fields() int { return len(d.records.fields) }
