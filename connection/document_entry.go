package connection

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// entry is one connection of the file.
type entry struct {
	Connection
	key   string                     // of the name: see nameKey
	extra map[string]json.RawMessage // fields of a newer program, and those that cannot be read
	raw   json.RawMessage            // what cannot be read as a connection at all, kept as it is
}

// knownFields are the names of a connection's fields in the file.
var knownFields = func() (names []string) {
	for f := range reflect.TypeFor[Connection]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}()

// kindOf are the kinds of those fields.
var kindOf = func() map[string]reflect.Kind {
	kinds := map[string]reflect.Kind{}
	for i, name := range knownFields {
		kinds[name] = reflect.TypeFor[Connection]().Field(i).Type.Kind()
	}
	return kinds
}()

// parseEntry reads a connection of the file. A field that holds something of the
// wrong kind, or stands there twice, costs that field and not the connection: it is
// kept under another name. Only what has no ID to be read, or is no connection,
// stays as it is.
func parseEntry(raw json.RawMessage) (e entry, unread []string) {
	fields, err := fieldsOf(raw)
	if err != nil {
		return entry{raw: raw}, nil
	}
	e.extra = map[string]json.RawMessage{}
	written := map[string]int{} // where the value of a known field stands
	for i, f := range fields {
		known := knownField(f.name)
		if known == "" {
			if _, twice := e.extra[f.name]; twice {
				unread = append(unread, setAsideField(e.extra, f.name, e.extra[f.name]))
			}
			e.extra[f.name] = f.value
			continue
		}
		before, twice := written[known]
		if twice && fields[before].name == known && f.name != known {
			unread = append(unread, setAsideField(e.extra, f.name, f.value))
			continue
		}
		if twice {
			unread = append(unread, setAsideField(e.extra, fields[before].name, fields[before].value))
		}
		written[known] = i
	}
	for _, known := range knownFields {
		i, there := written[known]
		if !there {
			continue
		}
		if e.take(known, fields[i].value) {
			continue
		}
		if known == "id" {
			return entry{raw: raw}, nil
		}
		if e.take(known, mendValue(known, fields[i].value)) {
			continue
		}
		unread = append(unread, setAsideField(e.extra, known, fields[i].value))
	}
	if e.Credential == "" {
		e.Credential = CredentialSecret
	}
	return e, unread
}

// take gives a known field its value, if it is of its kind.
func (e *entry) take(known string, value json.RawMessage) bool {
	next := e.Connection
	if json.Unmarshal(one(known, value), &next) != nil {
		return false
	}
	e.Connection = next
	return true
}

// mendValue puts right what a hand easily gets wrong: one tag, or tags with commas,
// that are in no list, and a number or a word without quotation marks.
func mendValue(known string, value json.RawMessage) json.RawMessage {
	var text string
	var mended any
	switch kind := kindOf[known]; {
	case kind == reflect.Slice && json.Unmarshal(value, &text) == nil:
		mended = strings.Split(text, ",")
	case kind == reflect.String && len(value) > 0 && strings.IndexByte("-0123456789tf", value[0]) >= 0:
		mended = string(value)
	default:
		return value
	}
	if text, err := marshal(mended); err == nil {
		return text
	}
	return value
}

// knownField is a known field's name as this program writes it, or "".
func knownField(name string) string {
	if i := slices.IndexFunc(knownFields, func(k string) bool { return strings.EqualFold(k, name) }); i >= 0 {
		return knownFields[i]
	}
	return ""
}

// one is an object of one known field.
func one(name string, value json.RawMessage) []byte {
	return fmt.Appendf(nil, `{"%s":%s}`, name, value)
}

// setAsideField keeps a value that cannot be used under a name that nobody has, and
// gives the name.
func setAsideField(extra map[string]json.RawMessage, name string, value json.RawMessage) string {
	aside := name + " (not read)"
	for n := 2; ; n++ {
		there, taken := extra[aside]
		if !taken || bytes.Equal(there, value) {
			extra[aside] = value
			return aside
		}
		aside = fmt.Sprintf("%s (not read %d)", name, n)
	}
}

// field is a field of a JSON object.
type field struct {
	name  string
	value json.RawMessage
}

var errNoObject = errors.New("it is not an object")

// fieldsOf gives the fields of a JSON object in their order. A name that is there
// twice comes twice: files that were merged by hand have such.
func fieldsOf(object []byte) (list []field, err error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return nil, errors.Join(errNoObject, err)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var f field
		f.name, _ = name.(string)
		if err := d.Decode(&f.value); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	_, err = d.Token()
	return list, err
}
