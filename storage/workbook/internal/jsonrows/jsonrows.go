// Package jsonrows reads rows from JSON: a line an object, or a list of objects.
package jsonrows

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/charset"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/numeric"
)

// Format is the format of JSON with rows. Row 1 has the names of the fields, in the
// order in which they first come.
var Format = format.Format{Name: "json", Texts: true, Recognizes: func(p *format.Probe) bool { return format.StartsJSON(p.Text) }, Open: open}

// limits of a hostile file.
const (
	maxDepth  = 64
	maxFields = cell.MaxColumns
)

type content struct {
	format.NoExtras
	file    format.File
	listing format.Listing
	field   string // of the object that holds the list; "" when the list stands alone
	fields  []string
	places  map[string]int
}

// open passes through the file once: the fields of every object make the columns.
func open(ctx context.Context, file format.File, _ format.Options) (format.Content, error) {
	c := &content{file: file, places: map[string]int{}}
	how := ""
	err := c.find(&how)
	if err != nil {
		return nil, err
	}
	r, err := c.start(ctx)
	if err != nil {
		return nil, err
	}
	nested := cell.Tally{}
	for r.next() {
		for _, f := range r.object {
			if f.nested {
				nested.Add(r.number)
			}
			if _, ok := c.places[f.name]; ok {
				continue
			}
			if len(c.fields) == maxFields {
				return nil, fault.TooLarge("its objects have more than %s different fields", humanize.Number(maxFields))
			}
			c.places[f.name] = len(c.fields)
			c.fields = append(c.fields, f.name)
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	c.listing.AddSheet(format.Sheet{Name: file.Name})
	say := remark.New(remark.Info, "json", "JSON, %s. Row 1 stands for the names of the fields.", how)
	if nested.N > 0 {
		say.Sentence += fmt.Sprintf(" Lists in it are read as text, first in row %s.", humanize.Number(nested.Row))
	}
	c.listing.Remarks = append(c.listing.Remarks, say)
	return c, nil
}

// find finds where the objects are: one after the other, in a list, or in a list that
// is the only one of an object.
func (c *content) find(how *string) error {
	d, err := c.decoder()
	if err != nil {
		return err
	}
	first, err := d.Token()
	if err != nil {
		return broken(err)
	}
	if first == json.Delim('[') {
		*how = "a list of objects"
		return nil
	}
	*how = "an object a line"
	depth := 1
	for depth == 1 {
		name, err := d.Token()
		if err != nil {
			return broken(err)
		}
		if name == json.Delim('}') {
			return nil
		}
		value, err := d.Token()
		if err != nil {
			return broken(err)
		}
		if value == json.Delim('[') && d.More() {
			if inside, err := d.Token(); err == nil && inside == json.Delim('{') {
				// One object with a list of objects in it. Several such would be rows of their own.
				field, _ := name.(string)
				if alone, err := c.alone(); err != nil {
					return err
				} else if alone {
					c.field, *how = field, fmt.Sprintf("the list %q in an object", field)
				}
				return nil
			}
			return nil
		}
		if err := skip(d, value); err != nil {
			return err
		}
	}
	return nil
}

// alone reports whether the file is a single object.
func (c *content) alone() (bool, error) {
	d, err := c.decoder()
	if err != nil {
		return false, err
	}
	first, err := d.Token()
	if err == nil {
		err = skip(d, first)
	}
	if err != nil {
		return false, broken(err)
	}
	_, err = d.Token()
	return errors.Is(err, io.EOF), nil
}

// skip passes over the value that a token began.
func skip(d *json.Decoder, first json.Token) error {
	depth := 0
	for t := first; ; {
		switch t {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > maxDepth {
				return fault.TooLarge("its values are nested deeper than %d", maxDepth)
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		var err error
		if t, err = d.Token(); err != nil {
			return broken(err)
		}
	}
}

func broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.Truncated("the JSON ends too early")
	}
	var f *fault.Fault
	if errors.As(err, &f) {
		return err
	}
	return fault.Corrupt("it is not JSON: %v", err)
}

// decoder reads the file from its start.
func (c *content) decoder() (*json.Decoder, error) {
	head := make([]byte, min(c.file.Size, 64<<10))
	n, err := c.file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the start of the file: %w", err)
	}
	text, err := charset.Decode(io.NewSectionReader(c.file, 0, c.file.Size), charset.Detect(head[:n]))
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(&bounded{r: bufio.NewReaderSize(text, 64<<10)})
	d.UseNumber()
	return d, nil
}

// maxString is the longest run without a quotation mark or a line end: a token that is
// longer would fill memory.
const maxString = 16 << 20

// bounded ends reading where a single value grows beyond any use.
type bounded struct {
	r   io.Reader
	run int
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if at := bytes.LastIndexAny(p[:n], "\"\n,"); at >= 0 {
		b.run = n - at
	} else if b.run += n; b.run > maxString {
		return 0, fault.TooLarge("a value in it is longer than %s", humanize.Bytes(maxString))
	}
	return n, err
}

func (c *content) Listing() *format.Listing { return &c.listing }

// start returns the objects of the file.
func (c *content) start(ctx context.Context) (*objects, error) {
	d, err := c.decoder()
	if err != nil {
		return nil, err
	}
	o := &objects{ctx: ctx, d: d, number: 1}
	head, err := d.Token()
	for ; err == nil; head, err = d.Token() {
		switch {
		case c.field == "":
			o.list = head == json.Delim('[')
			o.begun = !o.list // the first object
			return o, nil
		case head == json.Delim('{'):
		case head == c.field:
			_, err = d.Token()
			o.list, o.within = true, true
			return o, err
		default:
			var value json.Token
			if value, err = d.Token(); err == nil {
				err = skip(d, value)
			}
			if err != nil {
				return nil, broken(err)
			}
		}
	}
	return nil, broken(err)
}

// Rows starts reading the rows.
func (c *content) Rows(ctx context.Context, r format.Request) (format.Rows, error) {
	o, err := c.start(ctx)
	if err != nil {
		return nil, err
	}
	return &rows{Buffer: format.NewBuffer(r), content: c, objects: o}, nil
}

// rows are the names of the fields, and then the objects.
type rows struct {
	format.Buffer
	*content
	*objects
	named bool
}

// Next moves to the next object.
func (r *rows) Next() bool {
	r.Reset()
	if !r.named {
		r.named = true
		for i, name := range r.fields {
			r.put(i, cell.Cell{Kind: cell.Text, Text: name}, name)
		}
		return true
	}
	if !r.next() {
		return false
	}
	for _, f := range r.object {
		if at, ok := r.places[f.name]; ok && f.value.Kind != cell.Blank {
			r.put(at, f.value, f.raw)
		}
	}
	return true
}

func (r *rows) put(column int, c cell.Cell, raw string) {
	at := r.Slot(column)
	if at < 0 {
		r.Pass(column)
		return
	}
	r.Row[at] = c
	if r.Raw {
		r.Raws[at] = raw
	}
	r.Values++
}

func (r *rows) Number() int              { return r.number }
func (r *rows) Err() error               { return r.err }
func (r *rows) Close()                   { r.done = true }
func (r *rows) Remarks() []remark.Remark { return nil }
func (r *rows) Fraction() float64 {
	return min(1, float64(r.d.InputOffset())/float64(max(1, r.file.Size)))
}

// number makes a cell of a number.
func number(text string) cell.Cell {
	n, ok := numeric.ParseNumber([]byte(text))
	if !ok {
		return cell.Cell{Kind: cell.Text, Text: text}
	}
	c := cell.Cell{Kind: cell.Number, Float: n.Value}
	if exact := n.ExactText([]byte(text)); exact != nil {
		c.Text = string(exact)
	}
	return c
}
