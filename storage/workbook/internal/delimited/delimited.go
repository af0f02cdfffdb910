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

	"pushdesk/storage/cell"
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
	rules   rules
	file    format.File
	single  func(byte) rune // reads a byte that is not UTF-8; nil = it is lost
	skip    bool            // the first line is sep=
	blank   bool            // there is nothing but blank lines
}

// sampleSize is how much of a file decides how it is read.
const sampleSize = 256 << 10

func openDelimited(_ context.Context, file format.File, opts format.Options) (format.Content, error) {
	d := &delimited{file: file, form: format.TextForm{Encoding: opts.Encoding, Delimiter: opts.Delimiter, Quote: opts.Quote}}
	form := &d.form
	name := strings.TrimSuffix(file.Name, filepath.Ext(file.Name))
	if name == "" {
		name = file.Name
	}
	d.listing.AddSheet(format.Sheet{Name: name})
	head, err := readAt(file, 0, sampleSize)
	if err != nil {
		return nil, err
	}
	found := charset.Found{Name: opts.Encoding}
	if opts.Encoding == "" {
		beyond := head
		if !bytes.ContainsFunc(head, func(r rune) bool { return r >= utf8.RuneSelf }) {
			if beyond, err = d.further(head); err != nil {
				return nil, err
			}
		}
		found = charset.Look(beyond)
		if d.single = found.Single; !bytes.ContainsFunc(beyond, func(r rune) bool { return r >= utf8.RuneSelf }) {
			d.single = charset.Single(charset.Default) // its first letter beyond ASCII comes late
		}
		form.Encoding = found.Name
	}
	if err := checkDelimiter(opts); err != nil {
		return nil, err
	}
	decoded, err := charset.Decode(bytes.NewReader(head), form.Encoding)
	if err != nil {
		return nil, err
	}
	keep := byte(0)
	if d := opts.Delimiter.Single(); d > 0 && d < ' ' {
		keep = byte(d)
	} else if bytes.Count(head, []byte{0x1f}) > 2 || bytes.Count(head, []byte{1}) > 2 {
		keep = controlDelimiter(head)
	}
	text, err := io.ReadAll(charset.NewCleaner(decoded, d.single, keep))
	if err != nil {
		return nil, fmt.Errorf("decode the start of the file: %w", err)
	}
	sample, chosen, named := string(text), opts, ""
	if d.blank = strings.TrimSpace(sample) == "" && int64(len(head)) == file.Size; d.blank {
		d.rules, form.Quote = rules{delimiter: noDelimiter}, '"'
		d.listing.Text = d.form
		d.sayBlank()
		return d, nil
	}
	if delimiter, ok := sepLine(sample); ok {
		d.skip = true
		if _, rest, more := strings.Cut(sample, "\n"); more {
			sample = rest
		} else {
			_, sample, _ = strings.Cut(sample, "\r")
		}
		if opts.Delimiter == "" {
			chosen.Delimiter, named = delimiter, ", as its first line says"
		}
	}
	s := find(sample, int64(len(head)) == file.Size, chosen)
	d.rules = s.rules
	if d.skip && d.rules.names > 0 {
		d.rules.names++
	}
	if d.skip && d.rules.partly > 0 {
		d.rules.partly++
	}
	if d.skip && d.rules.heading > 0 {
		d.rules.heading++
	}
	if opts.Delimiter == format.Drawn && s.table == nil {
		return nil, fault.Unsupported("it holds no table that is drawn with bars and lines of dashes")
	}
	form.Delimiter, form.Quote, form.Comment = "", format.NoQuote, s.comment
	switch {
	case s.table != nil:
		form.Delimiter = format.Drawn
	case s.starts != nil:
		form.Delimiter = format.FixedWidth
	case s.delimiter != noDelimiter:
		form.Delimiter = s.named()
	}
	if s.quote != 0 {
		form.Quote = rune(s.quote)
	}
	form.Names, form.Ending, form.Width = s.names > 0, s.best.trailing, s.width-len(s.joins)
	if s.leading {
		form.Width--
	}
	d.listing.Text = d.form
	d.say(opts, found, s, named, sample)
	return d, nil
}

// checkDelimiter reports what cannot be chosen.
func checkDelimiter(o format.Options) error {
	if q := o.Quote; q != format.NoQuote && q != 0 && (q >= utf8.RuneSelf || string(q) == string(o.Delimiter) || q < ' ') {
		return fault.Unsupported("its quotation mark %q is not a single ASCII character", q)
	}
	if strings.ContainsAny(string(o.Delimiter), "\"\n\r") {
		return fault.Unsupported("its delimiter %q holds a quotation mark or a line break", string(o.Delimiter))
	}
	return nil
}

// controlDelimiter returns the control character that stands in nearly every line; 0 when
// there is none.
func controlDelimiter(head []byte) byte {
	for _, b := range []byte{0x1f, 0x01} {
		lines, with := 0, 0
		for line := range bytes.Lines(head) {
			if lines++; bytes.IndexByte(line, b) >= 0 {
				with++
			}
		}
		if with*10 >= lines*9 {
			return b
		}
	}
	return 0
}

// further adds pieces of the rest of a file to its start, for the letters in them.
func (d *delimited) further(head []byte) ([]byte, error) {
	const pieces, size = 16, 32 << 10
	rest := d.file.Size - int64(len(head))
	if rest <= 0 {
		return head, nil
	}
	out := bytes.Clone(head[:min(len(head), size)])
	for i := range int64(pieces) {
		piece, err := readAt(d.file, int64(len(head))+rest*i/pieces, size)
		if err != nil {
			return nil, err
		}
		if at := bytes.IndexByte(piece, '\n'); at >= 0 && at < len(piece)-1 {
			piece = piece[at+1:] // from the start of a line on
		}
		if end := bytes.LastIndexByte(piece, '\n'); end >= 0 {
			piece = piece[:end+1]
		}
		out = append(out, piece...)
	}
	return out, nil
}

func readAt(file format.File, at int64, size int) ([]byte, error) {
	b := make([]byte, min(file.Size-at, int64(size)))
	n, err := file.ReadAt(b, at)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the start of the file: %w", err)
	}
	return b[:n], nil
}

func (d *delimited) Listing() *format.Listing { return &d.listing }

// Rows starts reading the records.
func (d *delimited) Rows(ctx context.Context, request format.Request) (format.Rows, error) {
	size := d.file.Size
	if strings.HasPrefix(d.form.Encoding, "utf-16") {
		size -= size % 2 // half a letter at the end is none
	}
	r, err := charset.Decode(io.NewSectionReader(d.file, 0, size), d.form.Encoding)
	if err != nil {
		return nil, err
	}
	request.Raw = false // what is stored is the text of the cell
	keep := byte(0)
	if d.rules.delimiter < ' ' && d.rules.delimiter != '\t' && d.rules.mark == "" {
		keep = d.rules.delimiter
	}
	clean := charset.NewCleaner(r, d.single, keep)
	var text io.Reader = clean
	if d.rules.mark != "" {
		text = &joiner{src: clean, mark: []byte(d.rules.mark)}
	}
	s := stream.New(ctx, text)
	rows := &delimitedRows{Buffer: format.NewBuffer(request), book: d, stream: s, clean: clean, records: newRecords(s, d.rules)}
	rows.Dense = true
	if d.skip {
		plain := d.rules
		rows.records.names, rows.records.comment = 0, ""
		rows.records.next()
		rows.records.counts = [oddKinds]tally{}
		rows.records.names, rows.records.comment = plain.names, plain.comment
	}
	return rows, nil
}

// delimitedRows streams the records of a text file as rows.
type delimitedRows struct {
	format.Buffer
	book    *delimited
	stream  *stream.Stream
	clean   *charset.Cleaner
	records *records
	faults  [charset.Faults]tally // characters that were dropped, repaired or lost
	texts   strings.Builder       // of the last records
}

// textBlock is how many bytes of records lie in memory together: one of their texts that is
// kept keeps the others.
const textBlock = 4 << 10

// text returns a copy of the record's text.
func (d *delimitedRows) text() string {
	record := d.records.text
	if d.texts.Cap()-d.texts.Len() < len(record) {
		d.texts = strings.Builder{}
		d.texts.Grow(max(len(record), textBlock))
	}
	from := d.texts.Len()
	d.texts.Write(record)
	return d.texts.String()[from:]
}

// Next reads the next record.
func (d *delimitedRows) Next() bool {
	r := d.records
	line, end := r.after, int64(0)
	ok := r.next()
	if ok {
		line = r.line
	} else {
		end = 1 // what is behind the last record
	}
	d.clean.Before(end+r.in.base+int64(r.in.pos)+r.in.joined, func(f charset.Fault, n int) { d.faults[f].add(line, n) })
	if !ok {
		return false
	}
	d.fill(d.text())
	return true
}

// fill puts the fields into cells; their texts share one string.
func (d *delimitedRows) fill(all string) {
	d.Reset()
	if d.book.blank {
		return
	}
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
			text := all[f.from:f.to]
			if d.book.rules.mark != "" && strings.IndexByte(text, joined) >= 0 {
				text = strings.ReplaceAll(text, string(rune(joined)), d.book.rules.mark)
			}
			if IsNull(text) {
				d.records.counts[oddNullWord].add(d.records.line, 1)
				continue
			}
			if d.book.rules.slashed && strings.IndexByte(text, '\\') >= 0 {
				d.records.counts[oddSlashed].add(d.records.line, 1)
				if text = slashes.Replace(text); text == "" {
					continue
				}
			}
			if text[len(text)-1] == '\t' && d.book.rules.delimiter != '\t' {
				d.records.counts[oddTab].add(d.records.line, 1)
				if text = strings.TrimRight(text, "\t "); text == "" {
					continue
				}
			}
			if text[0] == '\'' && protected(text) {
				d.records.counts[oddProtected].add(d.records.line, 1)
				text = text[1:]
			}
			c := &d.Row[at]
			c.Kind, c.Text = cell.Text, text
			d.Values++
		}
	}
}

// IsNull reports whether a value is the word that a database writes for nothing.
func IsNull(text string) bool {
	switch text {
	case "NULL", "null", "(NULL)", "(null)", "<NULL>", "<null>", "[NULL]":
		return true
	}
	return false
}

// protected reports whether an apostrophe stands before digits, as programs and people put
// it there so that a spreadsheet keeps them as they are: '0123, '+49 30 123.
func protected(text string) bool {
	digits := 0
	for i := 1; i < len(text); i++ {
		switch b := text[i]; {
		case b >= '0' && b <= '9':
			digits++
		case b == '+' && i == 1, b == '-' && i == 1, b == ' ', b == '.', b == ',', b == '/', b == '-', b == '(', b == ')':
		default:
			return false
		}
	}
	return digits > 2
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
func (d *delimitedRows) Remarks() []remark.Remark { return d.said() }
