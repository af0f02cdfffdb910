package team

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"pushdesk/connection/shared"
)

// Signed says which state of a file this is, what it was made of, and who vouches for
// it. It stands on one line, so that one change of the content is one more line of
// difference.
type Signed struct {
	Revision  int       `json:"revision"`
	Ancestors []string  `json:"ancestors,omitempty"` // the states before this one, the latest first
	By        string    `json:"by"`                  // a member's ID
	At        time.Time `json:"at"`
	Signature string    `json:"signature,omitempty"`
}

// mostAncestors is how many states before it a file names. Who was away for longer has
// to decide about a change that may have been made on an older state.
const mostAncestors = 40

// ancestorsOf names the states that a new one is made of.
func ancestorsOf(heads ...Signed) func(hashes ...string) []string {
	return func(hashes ...string) []string {
		slices.Sort(hashes)
		list := slices.Compact(hashes)
		for i := range mostAncestors {
			for _, h := range heads {
				if i < len(h.Ancestors) && !slices.Contains(list, h.Ancestors[i]) {
					list = append(list, h.Ancestors[i])
				}
			}
		}
		return list[:min(len(list), mostAncestors)]
	}
}

// signable returns what is signed of a value: its JSON, after a word that says what it
// is, so that a signature of one kind of file is none of another.
func signable(kind string, v any) ([]byte, error) {
	line, err := shared.Encode(v)
	return append([]byte("pushdesk/"+kind+"\n"), line...), err
}

// layout writes the JSON of a file so that people can read it and changes are small: a
// field a line, and the values of some fields on one line each. A field in members is a
// list with an entry a line.
func layout(v any, compact ...string) ([]byte, error) {
	line, err := shared.Encode(v)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(line))
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("write the file: %w", err)
	}
	var b bytes.Buffer
	b.WriteString("{")
	for first := true; d.More(); first = false {
		key, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("write the file: %w", err)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, fmt.Errorf("write the file: %w", err)
		}
		if !first {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n  %q: ", key)
		var list []json.RawMessage
		switch {
		case slices.Contains(compact, fmt.Sprint(key)):
			b.Write(value)
		case json.Unmarshal(value, &list) == nil && len(list) > 0:
			var entries []string
			for _, e := range list {
				entries = append(entries, "    "+string(e))
			}
			b.WriteString("[\n" + strings.Join(entries, ",\n") + "\n  ]")
		default:
			b.Write(value)
		}
	}
	b.WriteString("\n}\n")
	return b.Bytes(), nil
}
