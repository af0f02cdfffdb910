package push

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
)

// What the service says of a row that it refuses differs from error to error, and
// the column is in it at best. Nothing is taken for granted: a column counts only
// when the words name it, and no other as clearly.

// columnInError finds the column that the words of a refusal name; nil when they name
// none, or several.
func columnInError(m mapping.Mapping, why error) *mapping.Field {
	var answer *powerbi.APIError
	if !errors.As(why, &answer) {
		return nil
	}
	said := []string{answer.Message}
	for _, d := range answer.Causes {
		said = append(said, d.Message)
		if at := strings.LastIndexAny(d.Target, "./"); d.Target != "" {
			said = append(said, "["+d.Target[at+1:]+"]")
		}
	}
	words := strings.Join(said, "\n")
	used := m.Used()
	for _, names := range []func(string, string) bool{quotes, mentions} {
		var found *mapping.Field
		for i := range used {
			f := &used[i]
			if !names(words, f.Target.Name) {
				continue
			}
			switch {
			case found == nil, strings.Contains(f.Target.Name, found.Target.Name):
				found = f
			case !strings.Contains(found.Target.Name, f.Target.Name): // two that have nothing to do with each other
				return nil
			}
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// quotes reports whether a text has a name in quotes or brackets.
func quotes(text, name string) bool {
	for _, around := range []string{`""`, "''", "[]", "“”", "‘’", "``", "<>"} {
		first, size := utf8.DecodeRuneInString(around)
		if strings.Contains(text, string(first)+name+around[size:]) {
			return true
		}
	}
	return false
}

// mentions reports whether a text has a name as words of its own. A name of one or two
// letters may be anything.
func mentions(text, name string) bool {
	if utf8.RuneCountInString(name) < 3 {
		return false
	}
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
	for from := 0; ; {
		at := strings.Index(text[from:], name)
		if at < 0 {
			return false
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(name):])
		if !inWord(before) && !inWord(after) {
			return true
		}
		from = at + len(name)
	}
}

// valueIn returns a value of a row as it was sent, a text without its quotes.
func valueIn(row []byte, column string) string {
	d := json.NewDecoder(bytes.NewReader(row))
	d.UseNumber()
	var values map[string]any
	if d.Decode(&values) != nil {
		return ""
	}
	switch v := values[column].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}

// place is where a refusal says that the row is in its request. Of a request with one
// row that says nothing.
var place = regexp.MustCompile(`(?i)\brow (?:number )?0\b[,:]? ?`)

// aboutOneRow returns the words of a refusal of a request with one row.
func aboutOneRow(why error) string {
	return strings.TrimSpace(strings.Join(strings.Fields(place.ReplaceAllString(saysOf(why), "")), " "))
}
