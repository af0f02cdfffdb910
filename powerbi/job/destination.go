package job

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// Destination is where rows go, as a person names it: each name may be an ID.
type Destination struct {
	Connection Connection
	Workspace  string            // "" = the connection's default, or the only one there is
	Dataset    string            // "" = the connection's default
	Table      string            // "" = the only table of the dataset
	Create     bool              // make the dataset and its table when there is no such dataset
	Retention  powerbi.Retention // of a dataset that is made; "" = none
	Reshape    bool              // a table that exists gets the columns of the file
}

// Whole returns the destination with the default dataset of its connection where none is
// named, if it is in the default workspace. The default table is that dataset's.
func (d Destination) Whole() Destination {
	there := strings.TrimSpace(d.Workspace) == "" || strings.EqualFold(strings.TrimSpace(d.Workspace), d.Connection.Workspace)
	if strings.TrimSpace(d.Dataset) == "" && there {
		d.Dataset = d.Connection.Dataset
		if strings.TrimSpace(d.Table) == "" {
			d.Table = d.Connection.Table
		}
	}
	return d
}

// Usual returns where the default dataset of a connection is among the datasets of a
// workspace, -1 when it is still to be made. ok is false when there is no default, or the
// workspace is not the one that it is in.
func (c Connection) Usual(workspaces []powerbi.Workspace, workspaceID string, datasets []powerbi.Dataset) (at int, ok bool) {
	if c.Dataset == "" {
		return -1, false
	}
	if w, err := powerbi.FindWorkspace(workspaces, c.Workspace); c.Workspace != "" && (err != nil || w.ID != workspaceID) {
		return -1, false
	}
	found, err := powerbi.FindDataset(datasets, c.Dataset)
	if err != nil {
		return -1, true
	}
	return slices.IndexFunc(datasets, func(d powerbi.Dataset) bool { return d.ID == found.ID }), true
}

// Place is a destination that was looked up.
type Place struct {
	Destination Destination
	Target      history.Table     // with the IDs of what exists
	Exists      bool              // the dataset and its table do; else they will be made
	Learned     schema.Learned    // the columns of a table that exists, as far as they can be known
	Unlearned   error             // why they are not known
	Rows        int64             // in the table; -1: not known
	Decisions   []schema.Decision // what was decided for files that were sent into it, the latest first
	Former      []schema.Decision // the same for a table that is no longer there, in whose place this one may be
}

// ChooseError says that a name is missing where there are several to choose from,
// or none.
type ChooseError struct {
	What  string // "workspace", "dataset", "table"
	Names []string
}

func (e *ChooseError) Error() string { return "no " + e.What + " is chosen" }

// Failure implements failure.Explainer.
func (e *ChooseError) Failure() *failure.Error {
	none := len(e.Names) == 0 && e.What == "workspace"
	switch {
	case none:
		return failure.New(failure.Usage, "choose-workspace", "This connection sees no workspace.", "Ask an admin of the workspace to give the app at least the role Contributor in it.").
			FixedBy("a workspace administrator", "Give the app at least the role Contributor in the workspace.")
	case len(e.Names) > 0:
		return failure.New(failure.Usage, "choose-"+e.What, "No "+e.What+" is chosen.", "Choose one: "+humanize.ListSome(e.Names, 8)+".")
	}
	return failure.New(failure.Usage, "choose-"+e.What, "No "+e.What+" is chosen.", "Name the "+e.What+" that the rows are for.")
}

// Locate looks a destination up and learns what is known of its table. It changes
// nothing. A name that fits two datasets ends with powerbi.ErrAmbiguous.
func (j *Jobs) Locate(ctx context.Context, dest Destination) (Place, error) {
	dest = dest.Whole()
	api, err := j.Connector.API(ctx, dest.Connection.ID)
	if err != nil {
		return Place{}, err
	}
	workspace, err := findWorkspace(ctx, api, dest)
	if err != nil {
		return Place{}, err
	}
	p := Place{Destination: dest, Rows: -1}
	p.Target = history.Table{WorkspaceID: workspace.ID, WorkspaceName: workspace.Name, Create: dest.Create, Retention: dest.Retention}
	datasets, err := api.Datasets(ctx, workspace.ID)
	if err != nil {
		return Place{}, err
	}
	if strings.TrimSpace(dest.Dataset) == "" {
		return Place{}, &ChooseError{What: "dataset", Names: pushNames(datasets)}
	}
	dataset, err := powerbi.FindDataset(datasets, dest.Dataset)
	var missing *powerbi.NotFoundError
	switch {
	case errors.As(err, &missing) && dest.Create && uuid.Validate(strings.TrimSpace(dest.Dataset)) != nil:
		p.Target.DatasetName = strings.TrimSpace(dest.Dataset)
		if p.Target.Table = strings.TrimSpace(dest.Table); p.Target.Table == "" {
			return Place{}, &ChooseError{What: "table"}
		}
		if p.Target.Retention == "" {
			p.Target.Retention = powerbi.RetentionNone
		}
		p.Rows = 0
		p.Former = j.Decisions.Former(dest.Connection.Service, p.Target, nil, datasets)
		return p, nil
	case err != nil:
		return Place{}, err
	case !dataset.AddRowsAPIEnabled:
		return Place{}, &schema.NotPushError{Dataset: dataset.Name, ID: dataset.ID}
	}
	p.Exists = true
	p.Target.DatasetID, p.Target.DatasetName, p.Target.Retention = dataset.ID, dataset.Name, dataset.DefaultRetentionPolicy
	return j.locateTable(ctx, api, p, datasets)
}

// locateTable finds the table of a dataset that exists.
func (j *Jobs) locateTable(ctx context.Context, api API, p Place, datasets []powerbi.Dataset) (Place, error) {
	tables, err := api.Tables(ctx, p.Target.WorkspaceID, p.Target.DatasetID)
	if err != nil {
		return Place{}, err
	}
	var names []string
	for _, t := range tables {
		names = append(names, t.Name)
	}
	wanted := p.Destination.Table
	if strings.TrimSpace(wanted) == "" {
		if len(names) != 1 {
			return Place{}, &ChooseError{What: "table", Names: names}
		}
		wanted = names[0]
	}
	table, err := powerbi.FindTable(tables, wanted)
	var missing *powerbi.NotFoundError
	if errors.As(err, &missing) && p.Destination.Create {
		return Place{}, &schema.NoTableError{Dataset: p.Target.DatasetName, Table: wanted, Tables: names}
	}
	if err != nil {
		return Place{}, err
	}
	p.Target.Table = table.Name
	var unknown *schema.NoSchemaError
	p.Learned, err = schema.Learn(ctx, api, j.Known, p.Destination.Connection.Service, p.Target)
	if errors.As(err, &unknown) {
		p.Unlearned, err = unknown, nil
	}
	if err != nil {
		return Place{}, err
	}
	p.Decisions = j.Decisions.For(p.Destination.Connection.Service, p.Target.DatasetID, p.Target.Table)
	p.Former = j.Decisions.Former(p.Destination.Connection.Service, p.Target, names, datasets)
	if n, err := api.CountRows(ctx, p.Target.WorkspaceID, p.Target.DatasetID, p.Target.Table); err == nil {
		p.Rows = n
	} else if ctx.Err() != nil {
		return Place{}, ctx.Err()
	}
	return p, nil
}

// FindWorkspace finds the workspace that a destination names.
func (j *Jobs) FindWorkspace(ctx context.Context, dest Destination) (powerbi.Workspace, error) {
	api, err := j.Connector.API(ctx, dest.Connection.ID)
	if err != nil {
		return powerbi.Workspace{}, err
	}
	return findWorkspace(ctx, api, dest)
}

func findWorkspace(ctx context.Context, api API, dest Destination) (powerbi.Workspace, error) {
	wanted := strings.TrimSpace(dest.Workspace)
	if wanted == "" {
		wanted = strings.TrimSpace(dest.Connection.Workspace)
	}
	list, err := api.Workspaces(ctx)
	list, err = powerbi.Unlisted(list, err, wanted)
	if powerbi.Partial(err) && uuid.Validate(wanted) == nil {
		if found, missing := powerbi.FindWorkspace(list, wanted); missing == nil {
			return found, nil
		}
		return powerbi.Workspace{ID: wanted, Name: wanted}, nil
	}
	if err != nil {
		return powerbi.Workspace{}, err
	}
	if wanted != "" {
		return powerbi.FindWorkspace(list, wanted)
	}
	if len(list) == 1 {
		return list[0], nil
	}
	e := &ChooseError{What: "workspace"}
	for _, w := range list {
		e.Names = append(e.Names, w.Name)
	}
	return powerbi.Workspace{}, e
}

// pushNames returns the names of the datasets that take rows.
func pushNames(list []powerbi.Dataset) (names []string) {
	for _, d := range list {
		if d.AddRowsAPIEnabled {
			names = append(names, d.Name)
		}
	}
	return names
}

// PracticeDestination is where a file goes when nobody says: a dataset of the
// practice workspace, or of the connection's default one, named after the file, with a table named after the sheet or
// table. It is made when it is missing.
func PracticeDestination(c Connection, r Reading) Destination {
	file := filepath.Base(r.Book.Path())
	dataset := strings.TrimSpace(strings.TrimSuffix(file, filepath.Ext(file)))
	if dataset == "" {
		dataset = file
	}
	workspace := c.Workspace
	if workspace == "" {
		workspace = practice.Workspace
	}
	return Destination{Connection: c, Workspace: workspace, Dataset: dataset, Table: powerbi.CleanTableName(r.Layout.Source.Name), Create: true}
}
