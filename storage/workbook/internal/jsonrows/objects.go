package jsonrows

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/internal/fault"
)

// objects reads one object after the other.
type objects struct {
	ctx    context.Context
	d      *json.Decoder
	list   bool // they stand in a list
	within bool // which stands in an object
	begun  bool // the brace of the next one was read already
	number int  // of the row; the names are row 1
	object []field
	done   bool
	err    error
}

// field is a value of an object; that of an object in it is called "outer.inner".
type field struct {
	name, raw string
	value     cell.Cell
	nested    bool // a list, as text
}

// next reads the next object.
func (o *objects) next() bool {
	if o.done || o.err != nil {
		return false
	}
	if o.number%256 == 0 && o.ctx.Err() != nil {
		o.err = o.ctx.Err()
		return false
	}
	if !o.begun {
		if o.list && !o.d.More() {
			return o.end()
		}
		t, err := o.d.Token()
		switch {
		case errors.Is(err, io.EOF) && !o.list:
			o.done = true
			return false
		case err != nil:
			o.err = broken(err)
			return false
		case t != json.Delim('{'):
			o.err = fault.Unsupported("row %d of its list is no object", o.number+1)
			return false
		}
	}
	o.begun = false
	o.number++
	if o.number > cell.MaxRows*20 {
		o.err = fault.TooLarge("it has more than %s objects", humanize.Number(cell.MaxRows*20))
		return false
	}
	o.object = o.object[:0]
	o.err = o.read("", 0)
	return o.err == nil
}

// end passes over what follows the list: nothing but the rest of the object around it.
func (o *objects) end() bool {
	o.done = true
	if _, err := o.d.Token(); err != nil { // the bracket
		o.err = broken(err)
		return false
	}
	for o.within {
		t, err := o.d.Token()
		if errors.Is(err, io.EOF) {
			return false
		}
		if err == nil && t != json.Delim('}') {
			err = skip(o.d, t)
		}
		if err != nil {
			o.err = broken(err)
			return false
		}
	}
	if t, err := o.d.Token(); !errors.Is(err, io.EOF) {
		o.err = fault.Corrupt("something follows the list: %.40v", t)
	}
	return false
}

// read reads the fields of the object that was begun.
func (o *objects) read(prefix string, depth int) error {
	if depth > maxDepth {
		return fault.TooLarge("its values are nested deeper than %d", maxDepth)
	}
	for o.d.More() {
		key, err := o.d.Token()
		if err != nil {
			return broken(err)
		}
		name, _ := key.(string)
		name = prefix + name
		t, err := o.d.Token()
		if err != nil {
			return broken(err)
		}
		f := field{name: name}
		switch v := t.(type) {
		case json.Delim:
			if v == '{' {
				if err := o.read(name+".", depth+1); err != nil {
					return err
				}
				continue
			}
			text, err := o.listText()
			if err != nil {
				return err
			}
			f.value, f.raw, f.nested = cell.Cell{Kind: cell.Text, Text: text}, text, true
		case string:
			if f.raw = v; v != "" {
				f.value = cell.Cell{Kind: cell.Text, Text: v}
			}
		case json.Number:
			f.value, f.raw = number(v.String()), v.String()
		case bool:
			f.value.Kind = cell.Boolean
			if f.raw = "false"; v {
				f.value.Int, f.raw = 1, "true"
			}
		}
		o.object = append(o.object, f)
		if len(o.object) > maxFields {
			return fault.TooLarge("an object has more than %s fields", humanize.Number(maxFields))
		}
	}
	_, err := o.d.Token()
	if err != nil {
		return broken(err)
	}
	return nil
}

// listText returns the list that was begun as JSON.
func (o *objects) listText() (string, error) {
	items := []any{}
	for n := 0; o.d.More(); n++ {
		var item any
		if err := o.d.Decode(&item); err != nil {
			return "", broken(err)
		}
		if items = append(items, item); n == 10_000 {
			return "", fault.TooLarge("a list in row %d has more than 10,000 items", o.number)
		}
	}
	if _, err := o.d.Token(); err != nil {
		return "", broken(err)
	}
	text, err := json.Marshal(items)
	return string(text), err
}
