package schema

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/pause"
)

// Prepared is a target that rows can be sent to.
type Prepared struct {
	Target  history.Table
	Created bool // just now
	Learned Learned
}

// PrepareOptions say how a target is prepared.
type PrepareOptions struct {
	Known  *Known                                           // nil: nothing is remembered
	APIURL string                                           // under which tables are known
	Pause  func(ctx context.Context, d time.Duration) error // nil: as the computer's clock goes
}

// NoTableError is a dataset that exists and lacks the table; the service cannot
// add one.
type NoTableError struct {
	Dataset, Table string
	Tables         []string
}

func (e *NoTableError) Error() string {
	return fmt.Sprintf("the dataset %q has no table %q", e.Dataset, e.Table)
}

// Failure is the error in words.
func (e *NoTableError) Failure() *failure.Error {
	remedy := "Choose another name for the dataset."
	if len(e.Tables) > 0 {
		remedy = "Choose one of its tables (" + humanize.ListSome(e.Tables, 5) + "), or another name for the dataset."
	}
	return failure.New(failure.Usage, "table-missing",
		fmt.Sprintf("The dataset “%s” exists and has no table “%s”. Power BI cannot add a table to a push dataset.", e.Dataset, e.Table), remedy)
}

// NotPushError is a dataset that takes no rows.
type NotPushError struct{ Dataset, ID string }

func (e *NotPushError) Error() string { return fmt.Sprintf("%q is not a push dataset", e.Dataset) }

// Failure is the error in words.
func (e *NotPushError) Failure() *failure.Error {
	return failure.New(failure.Usage, "not-push", fmt.Sprintf("The dataset “%s” refuses rows: it is not a push dataset.", e.Dataset),
		"Choose a push dataset, or create one with this program. Datasets made in Power BI Desktop or Excel cannot be sent rows.").
		WithDetails("Dataset ID: %s", e.ID)
}

// CreateUnknownError says that nobody can say whether a dataset was created.
type CreateUnknownError struct {
	Dataset string
	Err     error
}

func (e *CreateUnknownError) Error() string { return "the dataset may or may not have been created" }
func (e *CreateUnknownError) Unwrap() error { return e.Err }

// Failure is the error in words.
func (e *CreateUnknownError) Failure() *failure.Error {
	return failure.New(failure.Stopped, "create-unknown",
		fmt.Sprintf("We don't know whether the dataset “%s” was created: Power BI's reply never arrived.", e.Dataset),
		"Check the list of datasets in a moment. If it is there, choose it. If not, try again.").
		Because(e.Err).WithDetails("%s", history.Explain(e.Err).Details)
}

// ColumnsError is a mapping that does not fit an existing table: a row must hold
// every column of the table and nothing else.
type ColumnsError struct {
	Table          string
	Missing, Extra []string
}

func (e *ColumnsError) Error() string {
	return fmt.Sprintf("the mapping does not fit the table %q", e.Table)
}

// Failure is the error in words.
func (e *ColumnsError) Failure() *failure.Error {
	s := fmt.Sprintf("The columns do not fit the table “%s”.", e.Table)
	if len(e.Extra) > 0 {
		s += " It does not have: " + strings.Join(e.Extra, ", ") + "."
	}
	if len(e.Missing) > 0 {
		s += " Not mapped: " + strings.Join(e.Missing, ", ") + "."
	}
	return failure.New(failure.Contract, "columns-unfit", s,
		"Map every column of the table; a column without a source is sent as blank. Leave out columns that the table lacks.")
}

// Prepare finds the dataset and table of a target, and creates them when they
// are missing and t.Create is set. It never creates twice: when the answer to the
// creation is lost, it looks for the dataset by its name.
//
// t needs the workspace's ID, the dataset's ID or name, and the table. With an ID
// nothing is ever created.
func Prepare(ctx context.Context, api Service, t history.Table, m mapping.Mapping, o PrepareOptions) (Prepared, error) {
	m.Table = t.Table
	all, err := PrepareAll(ctx, api, t, []mapping.Mapping{m}, o)
	if err != nil {
		return Prepared{}, err
	}
	return all[0], nil
}

// prepareExisting checks that a dataset has the table and that the mapping fits.
func prepareExisting(ctx context.Context, api Service, t history.Table, d powerbi.Dataset, m mapping.Mapping, o PrepareOptions) (Prepared, error) {
	if !d.AddRowsAPIEnabled {
		return Prepared{}, &NotPushError{d.Name, d.ID}
	}
	t.DatasetID, t.DatasetName = d.ID, d.Name
	if d.DefaultRetentionPolicy != "" {
		t.Retention = d.DefaultRetentionPolicy
	}
	tables, err := api.Tables(ctx, t.WorkspaceID, d.ID)
	if err != nil {
		return Prepared{}, err
	}
	table, err := powerbi.FindTable(tables, t.Table)
	var missing *powerbi.NotFoundError
	if errors.As(err, &missing) && t.Create {
		e := &NoTableError{Dataset: d.Name, Table: t.Table}
		for _, x := range tables {
			e.Tables = append(e.Tables, x.Name)
		}
		return Prepared{}, e
	}
	if err != nil {
		return Prepared{}, err
	}
	t.Table = table.Name // as it is spelled: the path knows small from capital letters
	p := Prepared{Target: t}
	p.Learned, err = Learn(ctx, api, o.Known, o.APIURL, t)
	var unknown *NoSchemaError
	if errors.As(err, &unknown) { // the mapping is all there is to go by
		return p, nil
	}
	if err != nil {
		return p, err
	}
	return p, fits(table.Name, p.Learned, m)
}

// fits compares a mapping with the columns of a table.
func fits(table string, l Learned, m mapping.Mapping) error {
	e := &ColumnsError{Table: table}
	has := func(list []powerbi.Column, name string) bool {
		return slices.ContainsFunc(list, func(c powerbi.Column) bool { return c.Name == name })
	}
	sent := m.Schema().Columns
	for _, c := range sent {
		if !has(l.Columns, c.Name) {
			e.Extra = append(e.Extra, c.Name)
		}
	}
	for _, c := range l.Columns {
		if !has(sent, c.Name) {
			e.Missing = append(e.Missing, c.Name)
		}
	}
	if len(e.Extra)+len(e.Missing) == 0 {
		return nil
	}
	return e
}

// createdAfterAll looks for a dataset whose creation had no answer.
func createdAfterAll(ctx context.Context, api Service, t history.Table, before []powerbi.Dataset, pauseFor func(context.Context, time.Duration) error, lost error) (powerbi.Dataset, error) {
	for _, wait := range pollAfter {
		if err := pauseFor(ctx, wait); err != nil {
			break
		}
		list, err := api.Datasets(ctx, t.WorkspaceID)
		if err != nil {
			continue
		}
		var made []powerbi.Dataset
		for _, d := range list {
			was := slices.ContainsFunc(before, func(b powerbi.Dataset) bool { return b.ID == d.ID })
			if d.Name == t.DatasetName && !was {
				made = append(made, d)
			}
		}
		if len(made) == 1 {
			return made[0], nil
		}
	}
	return powerbi.Dataset{}, &CreateUnknownError{t.DatasetName, lost}
}

// PrepareAll is Prepare for several tables of one dataset, each named by its
// mapping; t.Table is not looked at. A dataset that is missing is created with all
// tables at once, because the service cannot add one later. Of a dataset that
// exists every table is checked, and nothing is changed: the first that does not
// fit is the error. The answers are in the order of the mappings.
func PrepareAll(ctx context.Context, api Service, t history.Table, list []mapping.Mapping, o PrepareOptions) ([]Prepared, error) {
	if o.Pause == nil {
		o.Pause = pause.For
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
		var made []Prepared
		if made, found, err = createAlone(ctx, api, t, datasets, list, o); err != nil || made != nil {
			return made, err
		}
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

// createLimit is how long another run on this computer may take to create a dataset.
const createLimit = 3 * time.Minute

// createAlone creates a dataset while no other run on this computer creates one of the
// same name. If another has created it meanwhile, it is found instead.
func createAlone(ctx context.Context, api Service, t history.Table, before []powerbi.Dataset, list []mapping.Mapping, o PrepareOptions) (made []Prepared, found powerbi.Dataset, err error) {
	if o.Known != nil {
		path := o.Known.lockOf(o.APIURL, t.WorkspaceID, t.DatasetName)
		looks := 1 // another run may have been done with it just before
		lock, err := storage.TryLock(path)
		var held *storage.LockedError
		if errors.As(err, &held) {
			wait, cancel := context.WithTimeout(ctx, createLimit)
			lock, err = storage.WaitLock(wait, path)
			cancel()
			looks = len(pollAfter)
		}
		if err != nil {
			return nil, found, err
		}
		defer func() { err = errors.Join(err, lock.Unlock()) }()
		found = appeared(ctx, api, t, looks, o)
	}
	if found.ID != "" {
		return nil, found, nil
	}
	made, err = prepareNew(ctx, api, t, before, list, o)
	return made, found, err
}

// appeared looks for a dataset that another run has just created: lists may show it a
// little later.
func appeared(ctx context.Context, api Service, t history.Table, looks int, o PrepareOptions) powerbi.Dataset {
	for _, wait := range pollAfter[:looks] {
		if o.Pause(ctx, wait) != nil {
			break
		}
		if list, err := api.Datasets(ctx, t.WorkspaceID); err == nil {
			if d, err := powerbi.FindDataset(list, t.DatasetName); err == nil {
				return d
			}
		}
	}
	return powerbi.Dataset{}
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
		if d, err = createdAfterAll(ctx, api, t, before, o.Pause, err); err != nil {
			return nil, err
		}
	}
	t.DatasetID = d.ID
	var all []Prepared
	for _, table := range schema.Tables {
		t.Table = table.Name
		p := Prepared{Target: t, Created: true, Learned: Learned{Columns: table.Columns, Source: FromComputer}}
		if o.Known != nil {
			// Not to remember is no reason to fail: the dataset is there.
			if err := o.Known.Keep(o.APIURL, d.ID, Entry{Table: table, Whole: true, AllRelationships: true}); err != nil {
				p.Learned.Note = "The columns of the new table could not be remembered: " + err.Error()
			}
		}
		all = append(all, p)
	}
	return all, nil
}
