// Package web is one request to the practice service and its answer, as every part
// of the service sees them.
package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/tenant"
)

// Request is a request on its way.
type Request struct {
	*http.Request
	ID    string
	Parts []string // segments of the path, unescaped
	Now   time.Time

	Op     faults.Operation // set by the routes
	Caller string           // who sent it, for the log, and so are Rows and Bytes
	Rows   int
	Bytes  int

	// Pending is called once a POST of rows counts as pending, if it is set.
	Pending func()
}

// NewRequest returns a request that has not been routed yet.
func NewRequest(r *http.Request, now time.Time) *Request {
	return &Request{Request: r, ID: tenant.NewGUID(), Now: now, Parts: pathParts(r.URL), Op: faults.OpUnknown}
}

// pathParts splits a path into its segments, unescaped one by one, so that a
// table name may hold any character. A trailing slash is ignored.
func pathParts(u *url.URL) []string {
	parts := strings.Split(strings.Trim(u.EscapedPath(), "/"), "/")
	for i, p := range parts {
		if v, err := url.PathUnescape(p); err == nil {
			parts[i] = v
		}
	}
	return parts
}

// Under reports whether the first segments are these. The real services match the
// fixed parts of a path without case.
func Under(parts []string, first ...string) bool {
	if len(parts) < len(first) {
		return false
	}
	for i, f := range first {
		if !strings.EqualFold(parts[i], f) {
			return false
		}
	}
	return true
}

// Drain reads what the client still sends, within reason, so that it sees the answer
// rather than a broken pipe.
func (q *Request) Drain() { io.Copy(io.Discard, io.LimitReader(q.Body, 8*powerbi.MaxBodyBytes)) }

// Decode reads a JSON body of at most 1 MB, strictly: an unknown property is an
// error, as the real service answers.
func (q *Request) Decode(into any) error {
	data, err := io.ReadAll(io.LimitReader(q.Body, 1<<20+1))
	if err != nil {
		return fmt.Errorf("the body could not be read: %w", err)
	}
	if len(data) > 1<<20 {
		return errors.New("the body is larger than 1 MB")
	}
	return DecodeStrict(data, into)
}

// DecodeStrict decodes JSON with the exact property names of the API. The real
// service refuses a property it does not know, and knows none in another case.
func DecodeStrict(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is text after the JSON")
	}
	return checkCase(data, reflect.TypeOf(into))
}

// checkCase refuses property names in another case: encoding/json accepts them,
// the service does not.
func checkCase(data []byte, t reflect.Type) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[json.RawMessage]() || len(data) == 0:
		return nil
	case t.Kind() == reflect.Slice && data[0] == '[':
		var list []json.RawMessage
		if err := json.Unmarshal(data, &list); err != nil {
			return err
		}
		for _, e := range list {
			if err := checkCase(e, t.Elem()); err != nil {
				return err
			}
		}
	case t.Kind() == reflect.Struct:
		var object map[string]json.RawMessage
		if err := json.Unmarshal(data, &object); err != nil {
			return err
		}
		fields := jsonFields(t)
		for name, value := range object {
			f, ok := fields[name]
			if !ok {
				return fmt.Errorf("the property %q does not exist", name)
			}
			if err := checkCase(bytes.TrimSpace(value), f); err != nil {
				return err
			}
		}
	}
	return nil
}

// jsonFields returns the types of a struct's fields by their JSON name.
func jsonFields(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		if !f.Anonymous {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			fields[name] = f.Type
		}
	}
	return fields
}
