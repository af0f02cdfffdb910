package job

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/plan"
)

// Reshaping is what changes when a table that exists gets the columns of a mapping,
// and what depends on it.
type Reshaping struct {
	Diff    powerbi.SchemaDiff `json:"diff"`
	Reports []powerbi.Report   `json:"reports,omitempty"` // of the workspace, that use the dataset
	Notes   []string           `json:"notes"`             // sentences: what changes, and what is not known
}

// planReshape compares the columns of a mapping with those of the table and finds
// what depends on it. It changes nothing.
func (j *Jobs) planReshape(ctx context.Context, d Draft) (Reshaping, error) {
	var r Reshaping
	c, t := d.Place.Destination.Connection, d.Place.Target
	api, err := j.Connector.API(ctx, c.ID)
	if err != nil {
		return r, err
	}
	before := powerbi.Table{Name: t.Table, Columns: d.Place.Learned.Columns}
	tables, err := api.Tables(ctx, t.WorkspaceID, t.DatasetID)
	if err != nil {
		return r, err
	}
	told, err := powerbi.FindTable(tables, t.Table)
	if err != nil {
		return r, err
	}
	before.Measures = told.Measures
	after := d.Mapping.Schema()
	after.Name = t.Table
	r.Diff = powerbi.DiffTables(before, after)
	if d.Place.Unlearned != nil {
		r.Notes = append(r.Notes, "The columns that the table has now are not known, so all of them may change.")
	} else if r.Diff.Empty() {
		r.Notes = append(r.Notes, "The table has these columns already; nothing changes.")
	}
	r.Notes = append(r.Notes, r.Diff.Sentences()...)
	if r.Diff.Empty() && d.Place.Unlearned == nil {
		return r, nil
	}
	if len(told.Columns) == 0 {
		r.Notes = append(r.Notes, "Power BI does not say which measures and relationships of the dataset use these columns. Those that use a dropped column will fail.")
	}
	if d.Mode != plan.ModeReplace {
		r.Notes = append(r.Notes, "What happens to the rows in the table is not documented: columns that stay should keep their values, new ones are blank in old rows. The row count is checked afterwards.")
	}
	var refused *powerbi.APIError
	switch r.Reports, err = api.ReportsOn(ctx, t.WorkspaceID, t.DatasetID); {
	case errors.As(err, &refused):
		r.Notes = append(r.Notes, "It is not known which reports use the dataset: "+sentence(err))
	case err != nil:
		return r, err
	case len(r.Reports) > 0:
		var names []string
		for _, report := range r.Reports {
			names = append(names, report.Name)
		}
		r.Notes = append(r.Notes, fmt.Sprintf("Reports of the workspace that use the dataset: %s.", strings.Join(names, ", ")))
	}
	return r, nil
}

// reshape gives the table of an upload the columns of its mapping.
func (j *Jobs) reshape(ctx context.Context, d Draft) error {
	c, t := d.Place.Destination.Connection, d.Place.Target
	api, err := j.Connector.API(ctx, c.ID)
	if err != nil {
		return err
	}
	table := d.Mapping.Schema()
	table.Name = t.Table
	if err := api.UpdateTable(ctx, t.WorkspaceID, t.DatasetID, table); err != nil {
		if powerbi.OutcomeOf(err) != powerbi.Unknown {
			return err
		}
		// Whether it was done is not known. Doing it again does no harm.
		if err := api.UpdateTable(ctx, t.WorkspaceID, t.DatasetID, table); err != nil {
			return err
		}
	}
	return j.Known.Remember(c.Service, t.DatasetID, t.Table, table.Columns)
}
