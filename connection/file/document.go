package file

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"pushdesk/connection"
	"pushdesk/storage/text"
)

// fileVersion is the version of the connection file that this program writes.
const fileVersion = 1

// document is the connection file: the connections, and beside them everything that
// this version of the program does not know, to be written back as it was.
type document struct {
	version int
	entries []entry
	extra   map[string]json.RawMessage
}

// entry is one connection of the file.
type entry struct {
	connection.Connection
	key   string                     // of the name: see connection.NameKey
	extra map[string]json.RawMessage // fields of a newer program
}

func (d *document) clone() *document {
	return &document{version: d.version, entries: slices.Clone(d.entries), extra: d.extra}
}

// named finds the connection of a name, other than the one of an ID.
func (d *document) named(name, except string) *entry {
	key := connection.NameKey(name)
	for i := range d.entries {
		if e := &d.entries[i]; e.ID != except && e.key == key {
			return e
		}
	}
	return nil
}

// byID finds the connection of an ID.
func (d *document) byID(id string) *entry {
	id = strings.ToLower(id)
	for i := range d.entries {
		if e := &d.entries[i]; e.ID == id {
			return e
		}
	}
	return nil
}

// freeName returns a name, with a number if another connection has it.
func (d *document) freeName(name, id string) string {
	free := name
	for n := 2; d.named(free, id) != nil; n++ {
		free = fmt.Sprintf("%s %d", name, n)
	}
	return free
}

// notFound says that there is no connection of a name or ID.
func (d *document) notFound(asked string) error {
	var names []string
	for _, e := range d.entries {
		names = append(names, e.Name)
	}
	return notFound(asked, names)
}

// put checks, cleans and keeps a connection, in the place of the one with its ID.
func (d *document) put(c *connection.Connection, now time.Time) error {
	connection.CleanFields(c)
	if err := connection.ValidateDraft(*c); err != nil {
		return err
	}
	if other := d.named(c.Name, c.ID); other != nil {
		return nameTaken(other.Name)
	}
	c.Updated = now
	if old := d.byID(c.ID); old != nil {
		if !now.After(old.Updated) { // the time tells one state from the next, also within one tick of the clock
			c.Updated = old.Updated.Add(time.Millisecond)
		}
		old.Connection, old.key = *c, connection.NameKey(c.Name)
	} else {
		d.entries = append(d.entries, entry{Connection: *c, key: connection.NameKey(c.Name)})
	}
	return nil
}

// syntaxError is what is wrong with a file that is no connection file.
type syntaxError struct {
	line   int // 0 when it is about the whole file
	reason string
}

func (e *syntaxError) Error() string {
	if e.line == 0 {
		return e.reason
	}
	return fmt.Sprintf("line %d: %s", e.line, e.reason)
}

// decode reads the connection file. Its error is a *syntaxError; the document holds
// the version then, if that could be read.
func decode(content []byte) (*document, error) {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")) // some editors begin files with it
	d := &document{version: fileVersion, extra: map[string]json.RawMessage{}}
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return d, &syntaxError{reason: "it is empty"}
	case !utf8.Valid(content):
		return d, &syntaxError{reason: "it is not UTF-8 text"}
	}
	r := reader{content}
	var syntax *json.SyntaxError
	if err := json.Unmarshal(content, new(json.RawMessage)); errors.As(err, &syntax) {
		return d, r.fault(int(syntax.Offset)-1, "this is not JSON")
	}
	fields, err := r.fields(0, content)
	if err != nil {
		return d, err
	}
	for _, f := range fields { // a newer version explains what else cannot be read
		if strings.EqualFold(f.name, "version") && (json.Unmarshal(f.value, &d.version) != nil || d.version < 1) {
			return d, r.fault(f.at, "the version is not a number")
		}
	}
	for _, f := range fields {
		switch {
		case strings.EqualFold(f.name, "version"):
		case strings.EqualFold(f.name, "connections"):
			if err := d.decodeEntries(r, f); err != nil {
				return d, err
			}
		default:
			d.extra[f.name] = f.value
		}
	}
	return d, nil
}

// decodeEntries reads the list of connections. IDs and names must be there, and once.
func (d *document) decodeEntries(r reader, list field) error {
	values, err := r.values(list)
	if err != nil {
		return err
	}
	ids, names := map[string]bool{}, map[string]bool{}
	for _, v := range values {
		e, err := r.entry(v)
		if err != nil {
			return err
		}
		switch {
		case uuid.Validate(e.ID) != nil:
			return r.fault(v.at, "the connection “%s” has no valid ID (a UUID)", e.Name)
		case ids[e.ID]:
			return r.fault(v.at, "the connection “%s” has the ID of another one", e.Name)
		case e.Name == "":
			return r.fault(v.at, "the connection has no name")
		case names[e.key]:
			return r.fault(v.at, "the name “%s” appears twice", e.Name)
		}
		ids[e.ID], names[e.key] = true, true
		d.entries = append(d.entries, e)
	}
	return nil
}

// knownFields are the names of a connection's fields in the file.
var knownFields = func() (names []string) {
	for f := range reflect.TypeFor[connection.Connection]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}()

// reader reads values of the connection file, and says in which line one is wrong.
type reader struct{ content []byte }

// fault is what is wrong at an offset.
func (r reader) fault(at int, reason string, args ...any) *syntaxError {
	at = min(max(at, 0), len(r.content))
	return &syntaxError{line: 1 + bytes.Count(r.content[:at], []byte("\n")), reason: fmt.Sprintf(reason, args...)}
}

// entry reads a connection.
func (r reader) entry(v field) (e entry, err error) {
	fields, err := r.fields(v.at, v.value)
	if err != nil {
		return e, err
	}
	e.extra = map[string]json.RawMessage{}
	for _, f := range fields {
		known := slices.IndexFunc(knownFields, func(k string) bool { return strings.EqualFold(k, f.name) })
		if known < 0 {
			e.extra[f.name] = f.value
			continue
		}
		if json.Unmarshal(fmt.Appendf(nil, `{"%s":%s}`, knownFields[known], f.value), &e.Connection) != nil {
			return e, r.fault(f.at, "the value of the field “%s” is not valid", text.Name(f.name))
		}
	}
	// A person, or a program that is no friend, may have written any of them. The path stays
	// as it is, because it is written back, whatever folder this program was started in.
	authorities := text.Clean(e.CAFile)
	connection.CleanFields(&e.Connection)
	e.ID = strings.ToLower(text.Clean(e.ID))
	if e.CAFile != "" {
		e.CAFile = authorities
	}
	e.key = connection.NameKey(e.Name)
	return e, nil
}

// field is a value of the file and where it stands.
type field struct {
	name  string // "" in a list
	value json.RawMessage
	at    int
}

// fields reads an object that stands at an offset. No name may be there twice: files
// that were merged by hand have such, and one of the two would be lost.
func (r reader) fields(at int, object []byte) (list []field, err error) {
	return r.parts(at, object, '{', "an object in braces is missing here")
}

// values reads a list.
func (r reader) values(list field) ([]field, error) {
	return r.parts(list.at, list.value, '[', "the connections are not a list")
}

func (r reader) parts(at int, container []byte, open json.Delim, otherwise string) (list []field, err error) {
	d := json.NewDecoder(bytes.NewReader(container))
	if first, err := d.Token(); err != nil || first != open {
		return nil, r.fault(at, "%s", otherwise)
	}
	seen := map[string]bool{}
	for d.More() {
		var f field
		if open == '{' {
			name, err := d.Token()
			if err != nil {
				return nil, r.fault(at+int(d.InputOffset()), "this is not JSON")
			}
			f.name, _ = name.(string)
		}
		if err := d.Decode(&f.value); err != nil {
			return nil, r.fault(at+int(d.InputOffset()), "this is not JSON")
		}
		f.at = at + int(d.InputOffset()) - len(f.value)
		if key := strings.ToLower(f.name); open == '{' && seen[key] {
			return nil, r.fault(f.at, "the field “%s” appears twice", text.Name(f.name))
		} else {
			seen[key] = true
		}
		list = append(list, f)
	}
	return list, nil
}

// encode writes the file: readable, and the same for the same content.
func (d *document) encode() ([]byte, error) {
	list := []json.RawMessage{}
	for _, e := range d.entries {
		known, err := marshal(e.Connection)
		if err != nil {
			return nil, fmt.Errorf("write the connections as JSON: %w", err)
		}
		list = append(list, appendFields(known, e.extra))
	}
	connections, err := marshal(list)
	if err != nil {
		return nil, fmt.Errorf("write the connections as JSON: %w", err)
	}
	object := appendFields(fmt.Appendf(nil, `{"version":%d}`, d.version), d.extra)
	object = appendFields(object, map[string]json.RawMessage{"connections": connections})
	var out bytes.Buffer
	if err := json.Indent(&out, object, "", "  "); err != nil {
		return nil, fmt.Errorf("write the connections as JSON: %w", err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// marshal is json.Marshal that leaves & and < in names readable.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	err := w.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// appendFields adds fields to the end of a JSON object, in the order of their names.
func appendFields(object []byte, fields map[string]json.RawMessage) []byte {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		key, err := marshal(name)
		if err != nil {
			continue // a text can always be written
		}
		object = fmt.Appendf(object[:len(object)-1], ",%s:%s}", key, fields[name])
	}
	return object
}
