package job

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/failure"
)

// Several tables of one dataset can be sent in one go: everything is read, checked
// and planned before the first row leaves, a dataset that is missing is created with
// all tables at once, because the service cannot add one later, and each table is a
// run of its own, which can be resumed and undone.

// checkSet checks that drafts go into different tables of one dataset.
func checkSet(set []Draft) error {
	no := func(why string) error {
		return failure.New(failure.Usage, "set", "The tables cannot be sent together: "+why+".", "Give each table of the dataset once, or send them one by one.")
	}
	seen := map[string]bool{}
	for _, d := range set {
		first, t := set[0].Place, d.Place
		if first.Exists != t.Exists || first.Target.WorkspaceID != t.Target.WorkspaceID || first.Target.DatasetID != t.Target.DatasetID || first.Target.DatasetName != t.Target.DatasetName {
			return no("they are not all for one dataset")
		}
		name := strings.ToLower(t.Target.Table)
		if seen[name] {
			return no(fmt.Sprintf("the table %q appears twice", t.Target.Table))
		}
		seen[name] = true
	}
	return nil
}

// together tells the readings of a set of each other.
func together(set []Draft) []Draft {
	set = slices.Clone(set)
	for i := range set {
		for k := range set {
			if r := &set[i].Reading; i != k && r.Book.Path() == set[k].Reading.Book.Path() {
				*r = r.Together(set[k].Reading.Layout.Source.Sheet)
			}
		}
	}
	return set
}

// TableError is an error about one of several tables.
type TableError struct {
	From, Into string // a sheet or table of the file, and the table
	Err        error
}

func (e *TableError) Error() string { return e.From + " into " + e.Into + ": " + e.Err.Error() }
func (e *TableError) Unwrap() error { return e.Err }

// Failure implements failure.Explainer.
func (e *TableError) Failure() *failure.Error {
	f, ok := failure.From(e.Err)
	if !ok {
		f = failure.New(failure.Unexpected, "", e.Err.Error(), "")
	}
	f = f.Because(e.Err)
	f.Sentence = fmt.Sprintf("“%s” into “%s”: %s", e.From, e.Into, f.Sentence)
	return f
}

// PlanSet works out what sending several checked drafts costs, one after the other.
func (j *Jobs) PlanSet(ctx context.Context, set []Draft) (plan.Set, error) {
	if err := checkSet(set); err != nil {
		return plan.Set{}, err
	}
	var in plan.SetInput
	for _, d := range set {
		one, err := j.planInput(ctx, d)
		if err != nil {
			return plan.Set{}, err
		}
		in.Tables, in.Names = append(in.Tables, one), append(in.Names, d.Place.Target.Table)
		in.InParts = in.InParts || d.InParts
	}
	return plan.MakeSet(in), nil
}

// SetBlocked returns why a set cannot be sent by its plan, and nil when it can.
func SetBlocked(p plan.Set) error {
	if p.Blocker == nil {
		return nil
	}
	return blocked(*p.Blocker)
}

// SetOptions say how several tables are sent.
type SetOptions struct {
	KeepGoing bool // continue with the next table if one fails
	Control
}

// SendSet sends several tables into one dataset, in their order. It returns the
// receipts of those that were begun. It stops at the first that fails, unless KeepGoing
// is set; the errors are joined then. on is told which of them is under way; it may be
// nil.
func (j *Jobs) SendSet(ctx context.Context, set []Draft, o SetOptions, on func(table int, p push.Progress)) ([]history.Receipt, error) {
	if err := checkSet(set); err != nil || len(set) == 0 {
		return nil, err
	}
	if on == nil {
		on = func(int, push.Progress) {}
	}
	if place := set[0].Place; !place.Exists {
		var mappings []mapping.Mapping
		for _, d := range set {
			m := d.Mapping
			m.Table = d.Place.Target.Table
			mappings = append(mappings, m)
		}
		c := place.Destination.Connection
		api, err := j.Connector.API(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		made, err := schema.PrepareAll(ctx, api, place.Target, mappings, schema.PrepareOptions{Known: j.Known, APIURL: c.Service})
		if err != nil {
			return nil, err
		}
		set = slices.Clone(set)
		for i := range set {
			// One that was just created here has the columns that it was created with.
			set[i].Place.Target, set[i].Place.Exists, set[i].created = made[i].Target, !made[i].Created, made[i].Created
		}
	}
	set = together(set)
	var receipts []history.Receipt
	var failed error
	for i, d := range set {
		r, err := j.Send(ctx, d, o.Control, func(p push.Progress) { on(i, p) })
		if r.RunID != "" {
			receipts = append(receipts, r)
		}
		if err != nil {
			failed = errors.Join(failed, &TableError{d.Reading.Layout.Source.Name, d.Place.Target.Table, err})
			if !o.KeepGoing || ctx.Err() != nil {
				break
			}
		}
	}
	return receipts, failed
}
