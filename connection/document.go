package connection

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

// fileVersion is the version of the connection file that this program writes.
const fileVersion = 1

// document is the connection file: the connections, and beside them everything
// that this version of the program does not know, to be written back as it was.
type document struct {
	version int
	entries []entry
	extra   map[string]json.RawMessage
}

// entry is one connection of the file.
type entry struct {
	Connection
	extra map[string]json.RawMessage // fields of a newer program
	raw   json.RawMessage            // what cannot be read as a connection at all, kept as it is
}

// brokenError says what is wrong with a file that is no connection file.
type brokenError struct{ reason string }

func (e *brokenError) Error() string { return e.reason }

// parseDocument reads the connection file. Its error is a *brokenError. The
// remarks are sentences about things that were put right.
func parseDocument(text []byte) (*document, []string, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // some editors begin files with it
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, nil, &brokenError{"it is empty"}
	}
	if !utf8.Valid(text) {
		return nil, nil, &brokenError{"it is not UTF-8 text"}
	}
	d := &document{version: fileVersion}
	if err := json.Unmarshal(text, &d.extra); err != nil {
		return nil, nil, &brokenError{explainJSON(text, err)}
	}
	if v, ok := d.take("version"); ok && (json.Unmarshal(v, &d.version) != nil || d.version < 1) {
		return nil, nil, &brokenError{"its version is not a number"}
	}
	var list []json.RawMessage
	if v, ok := d.take("connections"); ok {
		if err := json.Unmarshal(v, &list); err != nil {
			if d.version > fileVersion {
				d.extra["connections"] = v
				return d, nil, nil
			}
			return nil, nil, &brokenError{"its connections are not a list"}
		}
	}
	var remarks []string
	for i, raw := range list {
		e := parseEntry(raw)
		if e.raw != nil {
			remarks = append(remarks, fmt.Sprintf("Entry %d of the connection file cannot be read as a connection. It was left there as it is.", i+1))
		}
		d.entries = append(d.entries, e)
	}
	return d, append(remarks, d.mend()...), nil
}

// take removes a field from what is not known.
func (d *document) take(name string) (json.RawMessage, bool) {
	for key, v := range d.extra {
		if strings.EqualFold(key, name) {
			delete(d.extra, key)
			return v, true
		}
	}
	return nil, false
}

func parseEntry(raw json.RawMessage) entry {
	var e entry
	if json.Unmarshal(raw, &e.Connection) != nil {
		e.Connection = Connection{}
		if mended := mendTypes(raw); mended == nil || json.Unmarshal(mended, &e.Connection) != nil {
			return entry{raw: raw}
		}
	}
	if json.Unmarshal(raw, &e.extra) != nil || e.extra == nil {
		return entry{raw: raw}
	}
	maps.DeleteFunc(e.extra, func(key string, _ json.RawMessage) bool {
		return slices.ContainsFunc(knownFields, func(k string) bool { return strings.EqualFold(k, key) })
	})
	if e.Credential == "" {
		e.Credential = CredentialSecret
	}
	return e
}

// mendTypes puts right what a hand easily gets wrong: one tag that is not in a list,
// and a number or a word without quotation marks. It is nil when there is nothing
// that it can put right.
func mendTypes(raw json.RawMessage) json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	for f := range reflect.TypeFor[Connection]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		for key, value := range fields {
			var text string
			switch {
			case !strings.EqualFold(key, name), name == "id": // an ID must be right
			case f.Type.Kind() == reflect.Slice && json.Unmarshal(value, &text) == nil:
				if list, err := marshal(strings.Split(text, ",")); err == nil {
					fields[key] = list
				}
			case f.Type.Kind() == reflect.String && len(value) > 0 && strings.IndexByte("-0123456789tf", value[0]) >= 0:
				if quoted, err := marshal(string(value)); err == nil {
					fields[key] = quoted
				}
			}
		}
	}
	mended, err := marshal(fields)
	if err != nil {
		return nil
	}
	return mended
}

// knownFields are the names of a connection's fields in the file.
var knownFields = func() (names []string) {
	for f := range reflect.TypeFor[Connection]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}()

// mend puts right what a person may have written by hand: an ID that is missing
// or used twice, and a name that is. The same file is always mended in the same
// way, so nothing needs to be written for it.
func (d *document) mend() (remarks []string) {
	ids := map[string]bool{}
	for i := range d.entries {
		e := &d.entries[i]
		if e.raw != nil {
			continue
		}
		e.ID = strings.ToLower(Clean(e.ID))
		if uuid.Validate(e.ID) != nil || ids[e.ID] {
			if ids[e.ID] {
				remarks = append(remarks, fmt.Sprintf("The connection file held the ID of “%s” twice. The second has a new one and needs its client secret again.", e.Name))
			}
			e.ID = uuid.NewSHA1(uuid.NameSpaceURL, []byte(strings.Join([]string{"pushdesk", strconv.Itoa(i), e.ID, e.Name}, "\n"))).String()
		}
		ids[e.ID] = true
		name := CleanName(e.Name)
		if name == "" {
			name = "Unnamed"
		}
		e.Name = d.freeName(name, e.ID)
		if e.Name != name {
			remarks = append(remarks, fmt.Sprintf("The connection file held the name “%s” twice. The second is now called “%s”.", name, e.Name))
		}
	}
	return remarks
}

// freeName gives a name, with a number if another connection has it.
func (d *document) freeName(name, id string) string {
	free := name
	for n := 2; d.named(free, id) != nil; n++ {
		free = fmt.Sprintf("%s %d", name, n)
	}
	return free
}

// named finds the connection of a name, other than the one of an ID.
func (d *document) named(name, except string) *entry {
	key := nameKey(name)
	for i := range d.entries {
		if e := &d.entries[i]; e.raw == nil && e.ID != except && nameKey(e.Name) == key {
			return e
		}
	}
	return nil
}

// byID finds the connection of an ID.
func (d *document) byID(id string) *entry {
	for i := range d.entries {
		if e := &d.entries[i]; e.raw == nil && strings.EqualFold(e.ID, id) {
			return e
		}
	}
	return nil
}

// encode writes the file: readable, and the same for the same content.
func (d *document) encode() ([]byte, error) {
	list := []json.RawMessage{}
	for _, e := range d.entries {
		raw := e.raw
		if raw == nil {
			known, err := marshal(e.Connection)
			if err != nil {
				return nil, err
			}
			raw = appendFields(known, e.extra)
		}
		list = append(list, raw)
	}
	connections, err := marshal(list)
	if err != nil {
		return nil, err
	}
	text := appendFields(fmt.Appendf(nil, `{"version":%d}`, d.version), d.extra)
	text = appendFields(text, map[string]json.RawMessage{"connections": connections})
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		return nil, err
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

// explainJSON says where a text stops being JSON.
func explainJSON(text []byte, err error) string {
	offset := int64(-1)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		return "it is not a list of fields"
	}
	if offset < 0 || offset > int64(len(text)) {
		return "it is not JSON"
	}
	line := 1 + bytes.Count(text[:offset], []byte("\n"))
	return fmt.Sprintf("it is not JSON from line %d on", line)
}
