package connection

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
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

// brokenError says what is wrong with a file that is no connection file.
type brokenError struct {
	reason string
	text   []byte // of the file, for what can be read of it all the same
}

func (e *brokenError) Error() string { return e.reason }

// parseDocument reads the connection file. Its error is a *brokenError. The
// remarks are sentences about things that were put right.
func parseDocument(text []byte) (*document, []string, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // some editors begin files with it
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, nil, &brokenError{reason: "it is empty"}
	}
	if !utf8.Valid(text) {
		return nil, nil, &brokenError{reason: "it is not UTF-8 text"}
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		return nil, nil, &brokenError{reason: explainJSON(text, err)}
	}
	d := &document{version: fileVersion, extra: map[string]json.RawMessage{}}
	lists, remarks, err := d.sort(text)
	if err != nil {
		return nil, nil, err
	}
	n := 0
	for _, l := range lists {
		var list []json.RawMessage
		if err := json.Unmarshal(l, &list); err != nil {
			if d.version > fileVersion {
				d.extra["connections"] = l
				return d, nil, nil
			}
			return nil, nil, &brokenError{reason: "its connections are not a list"}
		}
		for _, raw := range list {
			n++
			e, unread := parseEntry(raw)
			if e.raw != nil {
				remarks = append(remarks, fmt.Sprintf("Entry %d of the connection file cannot be read as a connection. It was left there as it is.", n))
			}
			for _, name := range unread {
				remarks = append(remarks, fmt.Sprintf("A field of “%s” in the connection file holds what cannot be read, or is there twice. It is kept there as “%s” and not used.", CleanName(e.Name), CleanName(name)))
			}
			d.entries = append(d.entries, e)
		}
	}
	return d, append(remarks, d.mend()...), nil
}

// sort takes the fields of the file apart: its version, its lists of connections,
// of which a file that was merged by hand may have two, and what is not known.
func (d *document) sort(text []byte) (lists []json.RawMessage, remarks []string, err error) {
	fields, err := fieldsOf(text)
	if err != nil {
		return nil, nil, &brokenError{reason: "it is not a list of fields"}
	}
	for _, f := range fields {
		switch {
		case strings.EqualFold(f.name, "version"):
			version := 0
			if json.Unmarshal(f.value, &version) != nil || version < 1 {
				return nil, nil, &brokenError{reason: "its version is not a number"}
			}
			d.version = max(d.version, version)
		case strings.EqualFold(f.name, "connections"):
			lists = append(lists, f.value)
		default:
			if before, twice := d.extra[f.name]; twice {
				remarks = append(remarks, fmt.Sprintf("The connection file holds “%s” twice. The first is kept there as “%s”.", CleanName(f.name), setAsideField(d.extra, f.name, before)))
			}
			d.extra[f.name] = f.value
		}
	}
	if len(lists) > 1 {
		remarks = append(remarks, "The connection file held several lists of connections. They are one list now.")
	}
	return lists, remarks, nil
}

// mend puts right what a person may have written by hand: an ID that is missing
// or used twice, and a name that is. The same file is always mended in the same
// way, so nothing needs to be written for it.
func (d *document) mend() (remarks []string) {
	ids, names := map[string]bool{}, map[string]int{} // the number of the first of a name
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
		if e.Name = CleanName(e.Name); e.Name == "" {
			e.Name = "Unnamed"
		}
		e.key = nameKey(e.Name)
		if _, taken := names[e.key]; !taken {
			names[e.key] = i
		}
	}
	for i := range d.entries {
		e := &d.entries[i]
		if e.raw != nil || names[e.key] == i {
			continue
		}
		name := e.Name
		for n := 2; ; n++ {
			e.Name = fmt.Sprintf("%s %d", name, n)
			e.key = nameKey(e.Name)
			if _, taken := names[e.key]; !taken {
				names[e.key] = i
				break
			}
		}
		remarks = append(remarks, fmt.Sprintf("The connection file held the name “%s” twice. The second is now called “%s”.", name, e.Name))
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
		if e := &d.entries[i]; e.raw == nil && e.ID != except && e.key == key {
			return e
		}
	}
	return nil
}

// byID finds the connection of an ID.
func (d *document) byID(id string) *entry {
	id = strings.ToLower(id)
	for i := range d.entries {
		if e := &d.entries[i]; e.raw == nil && e.ID == id {
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
