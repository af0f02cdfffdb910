package rows

import (
	"bytes"
	"encoding/json"
	"fmt"

	"pushdesk/powerbi"
	"pushdesk/storage/text"
)

// Null is the JSON of a missing value.
var Null = []byte("null")

// Split cuts a stored row into its values.
func Split(fields [][]byte, line []byte) ([][]byte, error) {
	s := scanner{b: line}
	err := s.expect('[')
	for from := s.i; err == nil; from = s.i {
		if s.next() == '"' {
			_, _, _, err = s.text()
		} else if n := bytes.IndexAny(line[s.i:], ",]"); n > 0 {
			s.i += n
		} else {
			err = errCutShort
		}
		if err == nil {
			fields = append(fields, line[from:s.i])
			if s.next() == ']' {
				return fields, nil
			}
			err = s.expect(',')
		}
	}
	return nil, fmt.Errorf("read a stored row: %w", err)
}

// Object returns a row as the JSON object that was sent.
func Object(columns []powerbi.Column, values [][]byte) json.RawMessage {
	out := []byte{'{'}
	for i, c := range columns {
		out = Member(out, c.Name, values[i])
	}
	return append(out, '}')
}

// Member appends a member to a JSON object whose brace is open.
func Member(out []byte, name string, value []byte) []byte {
	if out[len(out)-1] != '{' {
		out = append(out, ',')
	}
	key, _ := json.Marshal(name)
	return append(append(append(out, key...), ':'), value...)
}

// Text returns what a JSON string, given with its quotes, says.
func Text(quoted []byte) string {
	return unescaped(quoted[1:len(quoted)-1], bytes.IndexByte(quoted, '\\') >= 0)
}

func unescaped(raw []byte, escaped bool) string {
	if !escaped {
		return string(raw)
	}
	var s string
	quoted := append(append([]byte{'"'}, raw...), '"')
	if json.Unmarshal(quoted, &s) != nil {
		return string(raw)
	}
	return s
}

// clip shortens a value for a message.
func clip(s string) string { return text.Shorten(s, 60) }
