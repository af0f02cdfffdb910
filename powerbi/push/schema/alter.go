package schema

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// Altering is what changing a table needs of Power BI.
type Altering interface {
	Service
	UpdateTable(ctx context.Context, workspaceID, datasetID string, t powerbi.Table) error
	ReportsOn(ctx context.Context, workspaceID, datasetID string) ([]powerbi.Report, error)
}

// Define returns what is known of a table: as the service tells it, else as this computer
// remembers it, else with the columns that were learned. given is what a file says of it;
// nil: nothing.
func Define(ctx context.Context, api Service, known *Known, apiURL string, t history.Table, l Learned, given *alter.Definition) (alter.Definition, error) {
	tables, err := api.Tables(ctx, t.WorkspaceID, t.DatasetID)
	if err != nil {
		return alter.Definition{}, err
	}
	told, err := powerbi.FindTable(tables, t.Table)
	if err != nil {
		return alter.Definition{}, err
	}
	d := alter.Definition{Table: powerbi.Table{Name: told.Name, Columns: l.Columns}, Relationships: []powerbi.Relationship{}}
	if l.Source == FromRows {
		d.Source = alter.Guessed
	}
	for _, e := range known.Entries(apiURL, t.DatasetID) {
		if e.Table.Name == told.Name {
			d.Table, d.Source, d.MeasuresKnown = e.Table, alter.Kept, e.Whole
			d.Relationships, d.RelationshipsKnown = slices.Concat(d.Relationships, e.Relationships), e.AllRelationships
		} else if e.Whole {
			d.Others = append(d.Others, e.Table)
		}
	}
	if given != nil {
		d.Table, d.Others, d.Source, d.MeasuresKnown = given.Table, given.Others, alter.Given, true
		if given.RelationshipsKnown {
			d.Relationships, d.RelationshipsKnown = given.Relationships, true
		}
	}
	if len(told.Columns) == 0 {
		return d, nil
	}
	d.Table, d.Others, d.Source, d.MeasuresKnown = canonical(told), nil, alter.Told, true
	for _, o := range tables {
		if o.Name != told.Name {
			d.Others = append(d.Others, o)
		}
	}
	return d, nil
}

// canonical spells the types of columns in one way; the service has several.
func canonical(t powerbi.Table) powerbi.Table {
	t.Columns = slices.Clone(t.Columns)
	for i, c := range t.Columns {
		if given, ok := dataType(c.DataType); ok {
			t.Columns[i].DataType = given
		}
	}
	return t
}

func dataType(t powerbi.DataType) (powerbi.DataType, bool) {
	if strings.EqualFold(string(t), "bool") {
		return powerbi.Boolean, true
	}
	return powerbi.ParseDataType(string(t))
}

// Alteration is a change of a table that is planned, and what depends on the table.
type Alteration struct {
	Diff    alter.Diff       `json:"diff"`
	Reports []powerbi.Report `json:"reports,omitempty"` // of the workspace, that use the dataset
	Notes   []string         `json:"notes"`             // sentences: what changes, and what is not known

	definition alter.Definition // as it was planned from
	change     alter.Change
}

// After is the table as it will be.
func (x Alteration) After() powerbi.Table { return x.change.After }

// Renamed has the new names of columns and measures by their old ones.
func (x Alteration) Renamed() map[string]string { return x.change.Renamed }

// Plan works out what a change does and finds what depends on the table. rows says that
// the table may hold rows, which stay in it. It changes nothing.
func Plan(ctx context.Context, api Altering, t history.Table, d alter.Definition, c alter.Change, rows bool) (Alteration, error) {
	x := Alteration{Diff: alter.Compare(d, c), Notes: []string{}, definition: d, change: c}
	unknown := len(d.Table.Columns) == 0
	if unknown {
		x.Notes = append(x.Notes, "The columns that the table has now are not known, so all of them may change.")
	} else if x.Diff.Empty() {
		x.Notes = append(x.Notes, "The table has these columns already; nothing changes.")
		return x, nil
	}
	x.Notes = append(x.Notes, x.Diff.Sentences()...)
	if d.Source == alter.Kept && d.MeasuresKnown {
		x.Notes = append(x.Notes, "Power BI does not tell the measures and settings of a table. These are as this computer last set them; what another program has added since is lost.")
	}
	if rows {
		x.Notes = append(x.Notes, "What happens to the rows in the table is not documented: columns that stay should keep their values, new ones are blank in old rows. The row count is checked afterwards.")
	}
	var err error
	var refused *powerbi.APIError
	switch x.Reports, err = api.ReportsOn(ctx, t.WorkspaceID, t.DatasetID); {
	case errors.As(err, &refused):
		x.Notes = append(x.Notes, "It is not known which reports use the dataset: "+history.Explain(err).Sentence)
	case err != nil:
		return x, err
	case len(x.Reports) > 0:
		var names []string
		for _, report := range x.Reports {
			names = append(names, report.Name)
		}
		x.Notes = append(x.Notes, fmt.Sprintf("Reports of the workspace that use the dataset: %s.", strings.Join(names, ", ")))
	}
	return x, nil
}

// Loses says what a person has to agree to, where something is lost.
func (x Alteration) Loses() string {
	d := x.Diff
	lead := "Something is lost or breaks when the table is changed. "
	if len(d.Dropped)+len(d.Retyped)+len(d.Renamed) > 0 {
		lead = "Columns of the table will be dropped or changed, and their values are lost. "
	}
	return lead + strings.Join(d.Sentences(), " ")
}

// Carry gives the table its new definition, if it is still as it was planned from, and
// remembers it.
func (x Alteration) Carry(ctx context.Context, api Altering, known *Known, apiURL string, t history.Table) error {
	tables, err := api.Tables(ctx, t.WorkspaceID, t.DatasetID)
	if err != nil {
		return err
	}
	now, err := powerbi.FindTable(tables, t.Table)
	if err != nil {
		return err
	}
	changed := len(now.Columns) > 0 && !reflect.DeepEqual(canonical(now), x.definition.Table)
	if len(now.Columns) == 0 && x.definition.Source == alter.Kept {
		for _, e := range known.Entries(apiURL, t.DatasetID) {
			changed = changed || e.Table.Name == now.Name && !reflect.DeepEqual(e.Table, x.definition.Table)
		}
	}
	if changed {
		return failure.New(failure.Contract, "table-altered", fmt.Sprintf("Somebody has changed the table “%s” since this change was planned, so nothing was changed.", t.Table),
			"Look at the table and plan the change again.")
	}
	if err := api.UpdateTable(ctx, t.WorkspaceID, t.DatasetID, x.change.After); err != nil {
		if powerbi.OutcomeOf(err) != powerbi.Unknown {
			return err
		}
		// Whether it was done is not known. Doing it again does no harm.
		if err := api.UpdateTable(ctx, t.WorkspaceID, t.DatasetID, x.change.After); err != nil {
			return err
		}
	}
	if known == nil {
		return nil
	}
	d := x.definition
	related := slices.DeleteFunc(slices.Clone(d.Relationships), func(r powerbi.Relationship) bool { return slices.Contains(x.Diff.Relationships, r) })
	return known.Keep(apiURL, t.DatasetID, Entry{Table: x.change.After, Whole: true, Relationships: related, AllRelationships: d.RelationshipsKnown})
}

// mostDefinition is how long a file with a definition may be.
const mostDefinition = 4 << 20

// ReadDefinition reads what a file says of a table: as JSON, either the table alone, or
// the dataset it was created with, with tables and relationships.
func ReadDefinition(from io.Reader, table string) (*alter.Definition, error) {
	var file struct {
		powerbi.Table
		Tables        []powerbi.Table         `json:"tables"`
		One           *powerbi.Table          `json:"table"`
		Relationships *[]powerbi.Relationship `json:"relationships"`
	}
	bad := func(why string, args ...any) *failure.Error {
		return failure.New(failure.Usage, "definition-unreadable", "The file with the definition of the table cannot be used: "+fmt.Sprintf(why, args...)+".",
			"It is JSON: a table with its columns and measures, or the tables and relationships that the dataset was created with.")
	}
	data, err := io.ReadAll(io.LimitReader(from, mostDefinition))
	if err != nil {
		return nil, bad("it cannot be read").Because(err)
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, bad("it is no such JSON").Because(err)
	}
	d := &alter.Definition{Table: file.Table, MeasuresKnown: true, Source: alter.Given}
	switch {
	case file.One != nil:
		d.Table = *file.One
	case len(file.Tables) > 0:
		if d.Table, err = powerbi.FindTable(file.Tables, table); err != nil {
			return nil, bad("it has no table “%s”", table)
		}
		for _, o := range file.Tables {
			if o.Name != d.Table.Name {
				d.Others = append(d.Others, o)
			}
		}
	}
	if d.Table.Name != table {
		return nil, bad("it is about the table “%s”, not “%s”", d.Table.Name, table)
	}
	for _, c := range d.Table.Columns {
		if _, ok := dataType(c.DataType); !ok {
			return nil, bad("the column “%s” has the unknown type “%s”", c.Name, c.DataType)
		}
	}
	d.Table = canonical(d.Table)
	if len(d.Table.Columns) == 0 {
		return nil, bad("it lists no columns")
	}
	if file.Relationships != nil {
		d.Relationships, d.RelationshipsKnown = alter.Of(*file.Relationships, table), true
	}
	return d, nil
}

// RowsSentence says how many rows a table holds; -1 is not known.
func RowsSentence(rows int64) string {
	if rows < 0 {
		return "It is not known how many rows the table holds."
	}
	return "The table holds " + humanize.Count(rows, "row") + "."
}
