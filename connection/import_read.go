package connection

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
	text := strings.TrimPrefix(string(b), "\ufeff")
	switch {
	case strings.HasPrefix(text, "PK\x03\x04"):
		return "", importFault(0, "This is a workbook or an archive.", "Save the sheet with the connections as CSV and import that.")
	case !utf8.ValidString(text):
		return "", importFault(0, "The file is not text in UTF-8 or UTF-16.", "Save it as “CSV UTF-8”.")
	case strings.ContainsRune(text, 0):
		return "", importFault(0, "The file is not text.", "Choose a CSV or JSON file.")
	}
	return strings.TrimSpace(text), nil
}

// importCSV reads rows under a first line with the names of the columns. The
// delimiter is the one that the first line has most of.
func importCSV(text string) (rows []importRecord, remarks []string, err error) {
	first, _, _ := strings.Cut(text, "\n")
	r := csv.NewReader(strings.NewReader(text))
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
		case columns[i] == "" && Clean(h) != "":
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
			return nil, nil, importFault(line, "Row %d cannot be read: its quotation marks do not fit.", "Put it right and import again. Nothing was imported.", line)
		}
		line, _ := r.FieldPos(0)
		if len(record) > len(columns) && strings.Join(record[len(columns):], "") != "" {
			return nil, nil, importFault(line, "Row %d has more values than there are columns.", "Put values with a delimiter in them between quotation marks. Nothing was imported.", line)
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
func importJSON(text string) (rows []importRecord, remarks []string, err error) {
	var list []map[string]json.RawMessage
	if strings.HasPrefix(text, "{") {
		var file struct{ Connections []map[string]json.RawMessage }
		if err := json.Unmarshal([]byte(text), &file); err != nil {
			return nil, nil, importFault(0, "The file is no list of connections: %s.", exampleColumns, explainJSON([]byte(text), err))
		}
		list = file.Connections
	} else if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, nil, importFault(0, "The file is no list of connections: %s.", exampleColumns, explainJSON([]byte(text), err))
	}
	var unknown []string
	for i, object := range list {
		fields := map[string]string{}
		for key, raw := range object {
			field := columnOf(key)
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

// nameUnknown adds a name to those that are not used. A few tell enough, and a long
// one is none.
func nameUnknown(names []string, name string) []string {
	if name = Clean(name); utf8.RuneCountInString(name) > longestWord {
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
	if text := string(raw); text != "null" {
		return text
	}
	return ""
}
