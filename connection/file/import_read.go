package file

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"pushdesk/connection"
	"pushdesk/storage/text"
)

// importText gives the text of a file in UTF-8, without the mark at its beginning.
func importText(b []byte) (string, error) {
	if len(b) >= 2 && (b[0] == 0xff && b[1] == 0xfe || b[0] == 0xfe && b[1] == 0xff) {
		little := b[0] == 0xff
		units := make([]uint16, 0, len(b)/2)
		for i := 2; i+1 < len(b); i += 2 {
			if little {
				units = append(units, uint16(b[i])|uint16(b[i+1])<<8)
			} else {
				units = append(units, uint16(b[i+1])|uint16(b[i])<<8)
			}
		}
		return strings.TrimSpace(string(utf16.Decode(units))), nil
	}
	plain := strings.TrimPrefix(string(b), "\ufeff")
	switch {
	case strings.HasPrefix(plain, "PK\x03\x04"):
		return "", importFault(0, "This is a workbook or an archive.", "Save the sheet with the connections as CSV and import that.")
	case !utf8.ValidString(plain):
		return "", importFault(0, "The file is not text in UTF-8 or UTF-16.", "Save it as “CSV UTF-8”.")
	case strings.ContainsRune(plain, 0):
		return "", importFault(0, "The file is not text.", "Choose a CSV or JSON file.")
	}
	return strings.TrimSpace(plain), nil
}

// importCSV reads rows under a first line with the names of the columns. The
// delimiter is the one that the first line has most of.
func importCSV(content string) (rows []importRecord, remarks []string, err error) {
	first, _, _ := strings.Cut(content, "\n")
	r := csv.NewReader(strings.NewReader(content))
	r.FieldsPerRecord = -1
	most := 0
	for _, d := range ",;\t|" {
		if n := strings.Count(first, string(d)); n > most {
			most, r.Comma = n, d
		}
	}
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil, importFault(0, "The file is empty.", exampleColumns)
	}
	if err != nil {
		return nil, nil, importFault(1, "The first line cannot be read.", exampleColumns)
	}
	columns := make([]string, len(head))
	var unknown []string
	for i, h := range head {
		columns[i] = columnOf(h)
		switch {
		case columns[i] == "" && text.Clean(h) != "":
			unknown = nameUnknown(unknown, h)
		case columns[i] != "" && slices.Contains(columns[:i], columns[i]):
			return nil, nil, importFault(1, "Two columns hold the %s.", "Leave one of them out.", columns[i])
		}
	}
	if !slices.Contains(columns, "name") && !slices.Contains(columns, "client") {
		return nil, nil, importFault(1, "The first line does not name the columns.", exampleColumns)
	}
	if len(unknown) > 0 {
		remarks = append(remarks, fmt.Sprintf("Not used: %s.", strings.Join(unknown, ", ")))
	}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, remarks, nil
		}
		if err != nil {
			line := 0
			var bad *csv.ParseError
			if errors.As(err, &bad) {
				line = bad.StartLine
			}
			return nil, nil, importFault(line, "Row %d cannot be read: its quotation marks do not match.", "Correct it and import again. Nothing was imported.", line)
		}
		line, _ := r.FieldPos(0)
		if len(record) > len(columns) && strings.Join(record[len(columns):], "") != "" {
			return nil, nil, importFault(line, "Row %d has more values than there are columns.", "Put values that contain a delimiter in quotation marks. Nothing was imported.", line)
		}
		fields := map[string]string{}
		for i, v := range record {
			if i < len(columns) && columns[i] != "" {
				fields[columns[i]] = v
			}
		}
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		if rows = append(rows, importRecord{line, fields}); len(rows) > ImportLimit {
			return rows, remarks, nil
		}
	}
}

// importJSON reads a list of objects, or an object with such a list: the
// connection file itself, for one.
func importJSON(content string) (rows []importRecord, remarks []string, err error) {
	var list []map[string]json.RawMessage
	if strings.HasPrefix(content, "{") {
		var file struct {
			Connections []map[string]json.RawMessage
			Name        *json.RawMessage
		}
		if err := json.Unmarshal([]byte(content), &file); err != nil {
			return nil, nil, importFault(0, "The file is not a list of connections: %s.", exampleColumns, whereJSON(content, err))
		}
		list = file.Connections
		if one := map[string]json.RawMessage{}; list == nil && file.Name != nil && json.Unmarshal([]byte(content), &one) == nil {
			list = append(list, one) // the connection itself, as it is shown
		}
	} else if err := json.Unmarshal([]byte(content), &list); err != nil {
		return nil, nil, importFault(0, "The file is not a list of connections: %s.", exampleColumns, whereJSON(content, err))
	}
	var unknown []string
	for i, object := range list {
		fields := map[string]string{}
		for key, raw := range object {
			field := columnOf(key)
			if key == "expiry" && object["expires"] != nil { // the list says the day, and then what it means
				continue
			}
			if field == "" {
				unknown = nameUnknown(unknown, key)
				continue
			}
			if _, twice := fields[field]; twice {
				return nil, nil, importFault(i+1, "Entry %d has two fields for the %s.", "Leave one of them out. Nothing was imported.", i+1, field)
			}
			fields[field] = importValue(raw)
		}
		rows = append(rows, importRecord{i + 1, fields})
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		remarks = append(remarks, fmt.Sprintf("Not used: %s.", strings.Join(unknown, ", ")))
	}
	return rows, remarks, nil
}

// whereJSON says where a text stops being JSON.
func whereJSON(content string, err error) string {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return "it holds something else"
	}
	return reader{[]byte(content)}.fault(int(syntax.Offset)-1, "this is not JSON").Error()
}

// nameUnknown adds a name to those that are not used. A few tell enough, and a long
// one is none.
func nameUnknown(names []string, name string) []string {
	if name = text.Clean(name); utf8.RuneCountInString(name) > longestWord {
		name = "…"
	}
	if name = "“" + name + "”"; len(names) < 20 && !slices.Contains(names, name) {
		names = append(names, name)
	}
	return names
}

// importValue gives a value of JSON as text; a list becomes its texts with commas.
func importValue(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return strings.Join(list, ",")
	}
	var reference connection.Reference
	if json.Unmarshal(raw, &reference) == nil && reference.Manager != "" {
		return reference.String()
	}
	if value := string(raw); value != "null" {
		return value
	}
	return ""
}
