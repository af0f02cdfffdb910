package mapping

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/storage/written"
)

// GuessColumns guesses columns from the JSON of rows. The rows have no order of
// columns, so that they are given by name.
func GuessColumns(rows []map[string]any) []powerbi.Column {
	names := map[string]bool{}
	for _, row := range rows {
		for name := range row {
			names[name] = true
		}
	}
	var columns []powerbi.Column
	for _, name := range slices.Sorted(maps.Keys(names)) {
		kind := powerbi.DataType("")
		for _, row := range rows {
			kind = common(kind, typeOf(row[name]))
		}
		if kind == "" {
			kind = powerbi.String // nothing but blanks
		}
		columns = append(columns, powerbi.Column{Name: name, DataType: kind})
	}
	return columns
}

// typeOf guesses the type of one value; "" for null.
func typeOf(v any) powerbi.DataType {
	switch v := v.(type) {
	case json.Number:
		if _, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return powerbi.Int64
		}
		return powerbi.Double
	case bool:
		return powerbi.Boolean
	case string:
		if _, none, r := parseDate(v, DateOrderUnknown, written.Dress{}); r == ruleNone && !none && len(v) >= 19 && v[4] == '-' && strings.IndexByte(v, 'T') == 10 {
			return powerbi.DateTime
		}
		return powerbi.String
	}
	return ""
}

// common returns the type that holds values of two types.
func common(a, b powerbi.DataType) powerbi.DataType {
	number := func(t powerbi.DataType) bool { return t == powerbi.Int64 || t == powerbi.Double }
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	case number(a) && number(b):
		return powerbi.Double
	}
	return powerbi.String
}
