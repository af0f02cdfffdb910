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
// and what hangs on it.
type Reshaping struct {
	Diff    powerbi.SchemaDiff `json:"diff"`
	Reports []powerbi.Report   `json:"reports,omitempty"` // of the workspace, that stand on the dataset
	Notes   []string           `json:"notes"`             // sentences: what changes, and what is not known
}

// PlanReshape compares the columns of a mapping with those of the table and finds
// what hangs on it. It changes nothing.
func (j *Jobs) PlanReshape(ctx context.Context, u Upload) (Reshaping, error) {
	var r Reshaping
	c, t := u.Place.Destination.Connection, u.Place.Target
	api, err := j.Connector.API(ctx, c.ID)
	if err != nil {
		return r, err
	}
	before := powerbi.Table{Name: t.Table, Columns: u.Place.Learned.Columns}
	tables, err := api.Tables(ctx, t.WorkspaceID, t.DatasetID)
	if err != nil {
		return r, err
	}
	told, err := powerbi.FindTable(tables, t.Table)
	if err != nil {
		return r, err
	}
	before.Measures = told.Measures
	after := u.Mapping.Schema()
	after.Name = t.Table
	r.Diff = powerbi.DiffTables(before, after)
	if u.Place.Unlearned != nil {
		r.Notes = append(r.Notes, "The columns that the table has now are not known, so that all of them may change.")
	} else if r.Diff.Empty() {
		r.Notes = append(r.Notes, "The table has these columns already; nothing changes.")
	}
	r.Notes = append(r.Notes, r.Diff.Sentences()...)
	if r.Diff.Empty() && u.Place.Unlearned == nil {
		return r, nil
	}
	if len(told.Columns) == 0 {
		r.Notes = append(r.Notes, "Power BI does not tell which measures and relationships of the dataset use these columns. Those that use a dropped column will fail.")
	}
	if u.Mode != plan.ModeReplace {
		r.Notes = append(r.Notes, "What becomes of the rows that are in the table is not documented: columns that stay should keep their values, new ones are blank in old rows. The row count is looked at afterwards.")
	}
	var refused *powerbi.APIError
	switch r.Reports, err = api.ReportsOn(ctx, t.WorkspaceID, t.DatasetID); {
	case errors.As(err, &refused):
		r.Notes = append(r.Notes, "Which reports stand on the dataset could not be asked: "+sentence(err))
	case err != nil:
		return r, err
	case len(r.Reports) > 0:
		var names []string
		for _, report := range r.Reports {
			names = append(names, report.Name)
		}
		r.Notes = append(r.Notes, fmt.Sprintf("Reports of the workspace that stand on the dataset: %s.", strings.Join(names, ", ")))
	}
	return r, nil
}

// reshape gives the table of an upload the columns of its mapping.
func (j *Jobs) reshape(ctx context.Context, u Upload) error {
	c, t := u.Place.Destination.Connection, u.Place.Target
	api, err := j.Connector.API(ctx, c.ID)
	if err != nil {
		return err
	}
	table := u.Mapping.Schema()
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

// MustType tells whether a person must type the dataset's name before an upload is
// sent: it deletes rows or values with a production connection, or drops columns.
func MustType(c Connection, u Upload, r Reshaping) bool {
	return r.Diff.Destructive() || c.Production && u.Mode == plan.ModeReplace
}
