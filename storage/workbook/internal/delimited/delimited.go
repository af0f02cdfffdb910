// Package delimited reads text files of records: CSV and its kin.
package delimited

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/charset"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/stream"
)

// Format is the format of delimited text, whatever its delimiter. It takes every text
// that is nothing else.
var Format = format.Format{Name: "csv", Lines: true, Open: openDelimited,
	Recognizes: func(p *format.Probe) bool { return p.Text != nil && p.Refusal() == nil }}

// delimited is a text file of records.
type delimited struct {
	format.NoExtras
	listing format.Listing // its only sheet has the name of the file
	form    format.TextForm
	file    format.File
	chosen  bool // the encoding was not found but chosen
	skip    bool // the first line is sep=
}

func openDelimited(_ context.Context, file format.File, opts format.Options) (format.Content, error) {
	d := &delimited{file: file, chosen: opts.Encoding != "", form: format.TextForm{Encoding: opts.Encoding, Delimiter: opts.Delimiter}}
	form := &d.form
	name := strings.TrimSuffix(file.Name, filepath.Ext(file.Name))
	if name == "" {
		name = file.Name
	}
	d.listing.AddSheet(format.Sheet{Name: name})
	head := make([]byte, min(file.Size, 256<<10))
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the start of the file: %w", err)
	}
	head = head[:n]
	if form.Encoding == "" {
		form.Encoding = charset.Detect(head)
	}
	r, err := charset.Decode(bytes.NewReader(head), form.Encoding)
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
		if form.Delimiter == 0 {
			form.Delimiter, named = delimiter, ", as its first line says"
		}
	}
	whole := int64(n) == file.Size
	if form.Delimiter == 0 {
		form.Delimiter = findDelimiter(sample, whole)
	}
	marks := ""
	switch form.Quote = opts.Quote; {
	case form.Quote == 0:
		if form.Quote = findQuote(sample, form.Delimiter, whole); form.Quote == '\'' {
			marks = ", text enclosed in apostrophes"
		}
	case form.Quote == format.NoQuote:
		marks = ", quotation marks read as letters"
	case form.Quote >= utf8.RuneSelf || form.Quote == form.Delimiter || form.Quote < ' ':
		return nil, fault.Unsupported("its quotation mark %q is not a single ASCII character", form.Quote)
	}
	if form.Delimiter >= utf8.RuneSelf || form.Delimiter == '"' || form.Delimiter == '\n' || form.Delimiter == '\r' {
		return nil, fault.Unsupported("its delimiter %q is not a single ASCII character", form.Delimiter)
	}
	d.listing.Text = d.form
	d.listing.Remarks = append(d.listing.Remarks, remark.New(remark.Info, "text-form", "Text file, encoding %s, %s%s%s.", charset.Name(form.Encoding), delimiterName(form.Delimiter), named, marks))
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

func (d *delimited) Listing() *format.Listing { return &d.listing }

// Rows starts reading the records.
func (d *delimited) Rows(ctx context.Context, request format.Request) (format.Rows, error) {
	r, err := charset.Decode(io.NewSectionReader(d.file, 0, d.file.Size), d.form.Encoding)
	if err != nil {
		return nil, err
	}
	request.Raw = false // what is stored is the text of the cell
	delimiter := byte(noDelimiter)
	if d.form.Delimiter != 0 {
		delimiter = byte(d.form.Delimiter)
	}
	stream := stream.New(ctx, r)
	rows := &delimitedRows{Buffer: format.NewBuffer(request), book: d, stream: stream, records: newRecords(stream, delimiter)}
	if rows.records.quote = 0; d.form.Quote != format.NoQuote {
		rows.records.quote = byte(d.form.Quote)
	}
	if d.skip {
		rows.records.next()
	}
	return rows, nil
}

// delimitedRows streams the records of a text file as rows.
type delimitedRows struct {
	format.Buffer
	book    *delimited
	stream  *stream.Stream
	records *records
	mixed   cell.Tally // records that are not in the encoding found
	lost    cell.Tally // records with bytes that the encoding does not have
}

// Next reads the next record.
func (d *delimitedRows) Next() bool {
	r := d.records
	if !r.next() {
		return false
	}
	if d.book.form.Encoding != "utf-8" && bytes.Contains(r.text, []byte("\ufffd")) {
		d.lost.Add(r.line)
	}
	if !utf8.Valid(r.text) {
		d.mixed.Add(r.line)
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
	d.Reset()
	for column, f := range d.records.fields {
		at := column - d.First
		if at >= len(d.Row) || at < 0 {
			at = d.Slot(column)
		}
		switch {
		case f.to == f.from:
		case at < 0:
			d.Pass(column)
		default:
			c := &d.Row[at]
			c.Kind, c.Text = cell.Text, all[f.from:f.to]
			d.Values++
		}
	}
}

func (d *delimitedRows) Number() int { return d.records.line }
func (d *delimitedRows) Fields() int { return len(d.records.fields) }
func (d *delimitedRows) Close()      { d.stream.Close() }

// Err returns why the records ended too early, if they did.
func (d *delimitedRows) Err() error {
	if errors.Is(d.records.err, io.EOF) {
		return nil
	}
	return d.records.err
}

// Fraction takes decoding into account, which changes the length: it halves that of
// most text in UTF-16.
func (d *delimitedRows) Fraction() float64 {
	size := d.book.file.Size
	if strings.HasPrefix(d.book.form.Encoding, "utf-16") {
		size /= 2
	}
	return d.stream.Fraction(size)
}

// Remarks says what was odd about the records so far.
func (d *delimitedRows) Remarks() (all []remark.Remark) {
	say := func(kind remark.Kind, code string, t cell.Tally, what, then string) {
		if t.N > 0 {
			all = append(all, remark.New(kind, code, "%s %s, first in line %s. %s", humanize.Count(t.N, "record"), what, humanize.Number(t.Row), then).At(t.Row, t.N))
		}
	}
	have := humanize.Plural(d.records.stray.N, "has", "have")
	say(remark.Guess, "stray-quote", d.records.stray, have+" a quotation mark in an unexpected place", "It is read as it is written.")
	have = humanize.Plural(d.lost.N, "has", "have")
	say(remark.Damage, "unknown-bytes", d.lost, have+" bytes that are not "+charset.Name(d.book.form.Encoding), "They are shown as \ufffd; choose another encoding.")
	how := "Such records are read as " + charset.Name(charset.Default) + "; choose the encoding if letters look wrong."
	if d.book.chosen {
		how = "What cannot be read is shown as \ufffd; choose another encoding if letters look wrong."
	}
	say(remark.Guess, "mixed-encoding", d.mixed, humanize.Plural(d.mixed.N, "is", "are")+" not in UTF-8 as the others are", how)
	return all
}
