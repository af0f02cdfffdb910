package shared

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Layout writes the JSON of a file so that people can read it and changes are small: a
// field a line, and the values of some fields on one line each. A list has an entry a line.
func Layout(v any, compact ...string) ([]byte, error) {
	line, err := Encode(v)
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
