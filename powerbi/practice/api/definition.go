package api

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/rows"
)

// datasetBody is the body of a request to create a dataset.
type datasetBody struct {
	Name          string            `json:"name"`
	DefaultMode   string            `json:"defaultMode"`
	Tables        []tableBody       `json:"tables"`
	Relationships []json.RawMessage `json:"relationships"`
	Datasources   []json.RawMessage `json:"datasources"`
}

// tableBody is a table in a request, with the properties the API knows beyond
// those this service keeps.
type tableBody struct {
	powerbi.Table
	Rows   json.RawMessage `json:"rows,omitempty"`
	Source json.RawMessage `json:"source,omitempty"`
}

// Sources of the rules below: the API's published description (names, required
// fields, enumerations), the limits page (75 columns, tables, relationships).
// Names that differ only by case are refused because the model compares without
// case (assumed).

// checkDataset checks a request to create a dataset, and returns its relationships.
func checkDataset(b *datasetBody) ([]powerbi.Relationship, *web.Answer) {
	if strings.TrimSpace(b.Name) == "" {
		return nil, invalid("The dataset has no name.")
	}
	switch b.DefaultMode {
	case "", "Push", "PushStreaming", "Streaming", "AsAzure", "AsOnPrem":
	default:
		return nil, invalid("The mode %q is not known.", clip(b.DefaultMode))
	}
	if b.DefaultMode == "AsAzure" || b.DefaultMode == "AsOnPrem" || b.DefaultMode == "Streaming" {
		return nil, invalid("This service creates datasets in the modes Push and PushStreaming only, not %q.", b.DefaultMode)
	}
	if len(b.Datasources) > 0 {
		return nil, invalid("A push dataset has no data sources.")
	}
	if len(b.Tables) == 0 || len(b.Tables) > powerbi.MaxTables {
		return nil, invalid("A dataset has between 1 and %d tables, not %d.", powerbi.MaxTables, len(b.Tables))
	}
	if len(b.Relationships) > powerbi.MaxRelationships {
		return nil, invalid("A dataset has at most %d relationships, not %d.", powerbi.MaxRelationships, len(b.Relationships))
	}
	names := distinct{}
	for i := range b.Tables {
		t := &b.Tables[i]
		if !names.add(t.Name) {
			return nil, invalid("Two tables are named %q.", t.Name)
		}
		if refused := checkTable(t, b.DefaultMode); refused != nil {
			return nil, refused
		}
	}
	return checkRelationships(b)
}

// checkTable checks one table and gives its columns the standard spelling of
// their types.
func checkTable(t *tableBody, mode string) *web.Answer {
	if !tableName.MatchString(t.Name) {
		return invalid("The table name %q is not valid: 1 to 100 letters, digits, spaces and the signs # - @ ^ _ ~.", clip(t.Name))
	}
	if len(t.Columns) == 0 || len(t.Columns) > powerbi.MaxColumns {
		return invalid("The table %q has %d columns; between 1 and %d are possible.", t.Name, len(t.Columns), powerbi.MaxColumns)
	}
	names := distinct{}
	for i := range t.Columns {
		c := &t.Columns[i]
		if !columnName.MatchString(c.Name) {
			return invalid("The table %q has a column whose name is empty or holds control characters.", t.Name)
		}
		if !names.add(c.Name) {
			return invalid("The table %q has two columns or measures named %q.", t.Name, c.Name)
		}
		kind, ok := rows.DataType(string(c.DataType))
		if !ok {
			return invalid("The column %q has the data type %q, which is not known.", c.Name, clip(string(c.DataType)))
		}
		c.DataType = kind
		plain := powerbi.Column{Name: c.Name, DataType: c.DataType}
		if mode == "PushStreaming" && *c != plain {
			return invalid("A streaming dataset does not support column properties other than name and dataType.")
		}
		if !oneOf(c.SummarizeBy, "default", "none", "sum", "min", "max", "count", "average", "distinctCount") {
			return invalid("The column %q has summarizeBy %q, which is not known.", c.Name, clip(c.SummarizeBy))
		}
	}
	for _, c := range t.Columns {
		if c.SortByColumn != "" && !slices.ContainsFunc(t.Columns, func(o powerbi.Column) bool { return o.Name == c.SortByColumn }) {
			return invalid("The column %q is sorted by %q, which is no column of its table.", c.Name, clip(c.SortByColumn))
		}
	}
	for _, m := range t.Measures {
		if !columnName.MatchString(m.Name) || strings.TrimSpace(m.Expression) == "" {
			return invalid("The table %q has a measure without a name or an expression.", t.Name)
		}
		if !names.add(m.Name) {
			return invalid("The table %q has two columns or measures named %q.", t.Name, m.Name)
		}
	}
	return nil
}

func oneOf(value string, values ...string) bool {
	return value == "" || slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, value) })
}

func checkRelationships(b *datasetBody) (list []powerbi.Relationship, _ *web.Answer) {
	has := func(table, column string) bool {
		for _, t := range b.Tables {
			if t.Name == table {
				return slices.ContainsFunc(t.Columns, func(c powerbi.Column) bool { return c.Name == column })
			}
		}
		return false
	}
	for _, raw := range b.Relationships {
		var r powerbi.Relationship
		if err := web.DecodeStrict(raw, &r); err != nil {
			return nil, badBody(err)
		}
		if !tableName.MatchString(r.Name) {
			return nil, invalid("A relationship has the name %q, which is not valid.", clip(r.Name))
		}
		if !has(r.FromTable, r.FromColumn) || !has(r.ToTable, r.ToColumn) {
			return nil, invalid("The relationship %q joins a table or column that does not exist.", r.Name)
		}
		if !oneOf(r.CrossFilteringBehavior, "OneDirection", "BothDirections", "Automatic") {
			return nil, invalid("The relationship %q filters %q, which is not known.", r.Name, clip(r.CrossFilteringBehavior))
		}
		list = append(list, r)
	}
	return list, nil
}

// Names follow the published patterns: of a table letters, digits, blanks and some
// signs; of a column any characters but control characters other than tabs and line
// ends.
var (
	tableName  = regexp.MustCompile(`^[\t\n\r #\-@^_~0-9A-Za-z\x{80}-\x{10ffff}]{1,100}$`)
	columnName = regexp.MustCompile(`^[\t\n\r -\x{10ffff}]+$`)
)

// distinct are names that differ by more than their case.
type distinct map[string]bool

// add reports whether a name was not there yet.
func (d distinct) add(name string) bool {
	key := strings.ToLower(name)
	taken := d[key]
	d[key] = true
	return !taken
}
