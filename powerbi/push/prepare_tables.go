package push

import (
	"context"
	"errors"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
)

// PrepareAll is Prepare for several tables of one dataset, each named by its
// mapping; t.Table is not looked at. A dataset that is missing is created with all
// tables at once, because the service cannot add one later. Of a dataset that
// exists every table is checked, and nothing is changed: the first that does not
// fit is the error. The answers are in the order of the mappings.
func PrepareAll(ctx context.Context, api Service, t history.Table, list []mapping.Mapping, o PrepareOptions) ([]Prepared, error) {
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	datasets, err := api.Datasets(ctx, t.WorkspaceID)
	if err != nil {
		return nil, err
	}
	var found powerbi.Dataset
	if t.DatasetID != "" {
		found, err = powerbi.FindDataset(datasets, t.DatasetID)
	} else {
		found, err = powerbi.FindDataset(datasets, t.DatasetName)
	}
	var missing *powerbi.NotFoundError
	switch {
	case errors.As(err, &missing) && t.Create && t.DatasetID == "":
		return prepareNew(ctx, api, t, datasets, list, o)
	case err != nil:
		return nil, err
	}
	var all []Prepared
	for _, m := range list {
		t.Table = m.Table
		p, err := prepareExisting(ctx, api, t, found, m, o)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// prepareNew creates a dataset with the tables of the mappings.
func prepareNew(ctx context.Context, api Service, t history.Table, before []powerbi.Dataset, list []mapping.Mapping, o PrepareOptions) ([]Prepared, error) {
	schema := powerbi.DatasetSchema{Name: t.DatasetName, DefaultMode: "Push"}
	for _, m := range list {
		schema.Tables = append(schema.Tables, m.Schema())
	}
	if t.Retention == "" {
		t.Retention = powerbi.RetentionNone
	}
	d, err := api.CreateDataset(ctx, t.WorkspaceID, schema, t.Retention)
	if err != nil {
		if powerbi.OutcomeOf(err) != powerbi.Unknown {
			return nil, err
		}
		if d, err = createdAfterAll(ctx, api, t, before, o.Clock, err); err != nil {
			return nil, err
		}
	}
	t.DatasetID = d.ID
	var all []Prepared
	for _, table := range schema.Tables {
		t.Table = table.Name
		p := Prepared{Target: t, Created: true, Learned: Learned{Columns: table.Columns, Source: SchemaFromComputer}}
		if o.Known != nil {
			// Not to remember is no reason to fail: the dataset is there.
			if err := o.Known.Remember(o.APIURL, d.ID, t.Table, table.Columns); err != nil {
				p.Learned.Note = "The columns of the new table could not be remembered: " + err.Error()
			}
		}
		all = append(all, p)
	}
	return all, nil
}
