package shared

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

// MaxFile is the size of the largest shared file that is read, in bytes.
const MaxFile = 256 << 10

// What can be wrong with a shared file before anything in it is looked at.
var (
	ErrOversize  = failure.New(failure.Data, "shared-oversize", "The file is larger than a shared connection can be.", "Somebody may have replaced it. Ask the person who shared it to share it again.")
	ErrDuplicate = failure.New(failure.Data, "shared-duplicate-key", "A field appears twice in the file, so it can show one value and use another.", "Somebody may have changed it. Ask the person who shared it to share it again.")
	ErrUnknown   = failure.New(failure.Data, "shared-unknown-field", "The file has a field that this version of Pushdesk does not know.", "If a newer Pushdesk wrote the file, update Pushdesk on this computer. If not, somebody has changed the file.")
	ErrAddress   = failure.New(failure.Data, "shared-address", "The file names an address to sign in at or to send to. A shared file may only name a cloud.", "Somebody has changed the file. Do not use it, and tell the person who shared it.")
	ErrNotRead   = failure.New(failure.Data, "shared-not-read", "The file cannot be opened.", "Ask the person who put it there to let you read it, or to remove it.")
	ErrNotJSON   = failure.New(failure.Data, "shared-unreadable", "The file cannot be read: it is damaged, or not a shared file of Pushdesk.", "Restore it from a backup, or ask the person who shared it to share it again.")
)

// addresses are fields that a shared file must not have: they would say where secrets
// are sent.
var addresses = []string{"loginurl", "authority", "authorityurl", "apiurl", "url", "resource", "cafile", "cacertificates", "proxy", "endpoint", "graphurl", "host"}

// ReadFile reads a shared file. Of one that is too large it reads as much as Decode refuses.
// What is there and cannot be read is ErrNotRead, and is not waited for.
func ReadFile(path string) ([]byte, error) {
	f, err := storage.OpenRegular(path)
	if err != nil {
		return nil, notRead(path, err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err != nil {
		return nil, notRead(path, err)
	}
	return content, nil
}

// notRead says why a file cannot be read. One that is not there, by that name, stays
// fs.ErrNotExist.
func notRead(path string, err error) error {
	says := *ErrNotRead
	info, gone := os.Lstat(path)
	switch {
	case gone != nil:
		return fmt.Errorf("open the shared file: %w", err)
	case info.IsDir():
		says.Sentence = "It is a folder, not a file."
	case errors.Is(err, fs.ErrNotExist):
		says.Sentence = "It is a link to a file that is not there."
		return says.WithDetails("Cause: %v", err)
	case errors.Is(err, fs.ErrPermission):
		says.Sentence = "You may not read the file."
	case info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket|fs.ModeDevice|fs.ModeCharDevice) != 0:
		says.Sentence = "It is a pipe or a device, not a file."
	}
	return says.Because(err).WithDetails("Cause: %v", err)
}

// Decode reads a shared file of at most so many bytes into a struct. It refuses what a
// reader of the file cannot see through: a field twice, fields that nobody knows, text
// behind the end. The errors are those above.
func Decode(content []byte, most int, into any) error {
	if len(content) > most {
		return ErrOversize.WithDetails("Size: %d bytes", len(content))
	}
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")) // some editors begin files with it
	if !utf8.Valid(content) {
		return ErrNotJSON.WithDetails("Cause: it is not UTF-8 text")
	}
	if err := checkKeys(json.NewDecoder(bytes.NewReader(content))); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
			return unknown(strings.Trim(name, `"`))
		}
		return ErrNotJSON.WithDetails("Cause: %s", text.Shorten(text.Line(err.Error()), 200))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return ErrNotJSON.WithDetails("Cause: there is more text behind the end")
	}
	return nil
}

func unknown(name string) error {
	for _, a := range addresses {
		if strings.EqualFold(name, a) {
			return ErrAddress.WithDetails("Field: %s", a)
		}
	}
	return ErrUnknown.WithDetails("Field: %s", text.Shorten(text.Name(name), 60))
}

// checkKeys refuses an object that names a field twice, whatever the capitals: the
// decoder takes the last of them. The names of all fields are ASCII.
func checkKeys(d *json.Decoder) error {
	type level struct {
		object bool
		key    bool // a key is next
		seen   map[string]bool
	}
	var open []level
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return ErrNotJSON.WithDetails("Cause: %s", text.Shorten(text.Line(err.Error()), 200))
		}
		if top := len(open) - 1; top >= 0 && open[top].object && open[top].key {
			if name, ok := t.(string); ok {
				if strings.ContainsFunc(name, func(r rune) bool { return r > '~' || r <= ' ' }) {
					return unknown(name)
				}
				key := strings.ToLower(name)
				if open[top].seen[key] {
					return ErrDuplicate.WithDetails("Field: %s", text.Shorten(name, 60))
				}
				open[top].seen[key], open[top].key = true, false
				continue
			}
		}
		switch t {
		case json.Delim('{'):
			open = append(open, level{object: true, key: true, seen: map[string]bool{}})
			continue
		case json.Delim('['):
			open = append(open, level{})
			continue
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
		if top := len(open) - 1; top >= 0 && open[top].object {
			open[top].key = true
		}
	}
}

// Encode writes JSON that leaves & and < readable, on one line.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	if err := w.Encode(v); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
