package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/schema"
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
	before, after, err := d.redefined(ctx, api)
	if err != nil {
		return r, err
	}
	told := len(before.Measures) > 0 || d.Place.Learned.Source == schema.FromService
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
	if !told {
		r.Notes = append(r.Notes, "Power BI does not say which measures and relationships the dataset has. Measures that somebody added to this table are lost, and those that use a dropped column fail.")
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

// redefined returns the table as it is, as far as that is known, and as the upload makes
// it. What is not changed stays: measures, and of each column that stays its format,
// category, summary, order and visibility.
func (d Draft) redefined(ctx context.Context, api API) (before, after powerbi.Table, err error) {
	t := d.Place.Target
	tables, err := api.Tables(ctx, t.WorkspaceID, t.DatasetID)
	if err != nil {
		return before, after, err
	}
	if before, err = powerbi.FindTable(tables, t.Table); err != nil {
		return before, after, err
	}
	before.Name = t.Table
	if len(before.Columns) == 0 {
		before.Columns = d.Place.Learned.Columns
	}
	after = before
	after.Columns = nil
	if !d.Reshape { // only what is new is added
		after.Columns = slices.Clone(before.Columns)
	}
	for _, c := range d.Mapping.Schema().Columns {
		is := func(x powerbi.Column) bool { return strings.EqualFold(x.Name, c.Name) }
		at := slices.IndexFunc(before.Columns, is)
		switch {
		case at < 0:
			after.Columns = append(after.Columns, c)
		case d.Reshape:
			kept := before.Columns[at]
			kept.Name, kept.DataType = c.Name, c.DataType
			after.Columns = append(after.Columns, kept)
		}
	}
	for i, c := range after.Columns {
		if !slices.ContainsFunc(after.Columns, func(x powerbi.Column) bool { return x.Name == c.SortByColumn }) {
			after.Columns[i].SortByColumn = "" // what it was sorted by is gone
		}
	}
	return before, after, nil
}

// reshape gives the table of an upload the columns of its mapping.
func (j *Jobs) reshape(ctx context.Context, d Draft) error {
	c, t := d.Place.Destination.Connection, d.Place.Target
	api, err := j.Connector.API(ctx, c.ID)
	if err != nil {
		return err
	}
	_, table, err := d.redefined(ctx, api)
	if err != nil {
		return err
	}
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
