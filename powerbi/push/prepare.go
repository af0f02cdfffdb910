package push

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
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// Prepared is a target that rows can be sent to.
type Prepared struct {
	Target  history.Table
	Created bool // just now
	Learned Learned
}

// PrepareOptions say how a target is prepared.
type PrepareOptions struct {
	Known  *KnownTables // nil: nothing is remembered
	APIURL string       // under which tables are known
	Clock  Clock        // nil: the computer's
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
		"Look at the list of datasets in a moment. If it is there, choose it. If not, try again.").
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
	return failure.New(failure.Data, "columns-unfit", s,
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
	p.Learned, err = LearnColumns(ctx, api, o.Known, o.APIURL, t)
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
func createdAfterAll(ctx context.Context, api Service, t history.Table, before []powerbi.Dataset, clock Clock, lost error) (powerbi.Dataset, error) {
	for _, wait := range pollAfter {
		if err := waitFor(ctx, clock, wait); err != nil {
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

// waitFor waits, or gives the reason why the context ended.
func waitFor(ctx context.Context, clock Clock, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	fires, stop := clock.After(d)
	defer stop()
	select {
	case <-fires:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
