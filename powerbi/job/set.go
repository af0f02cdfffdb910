package job

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/schema"
)

// Several tables of one dataset can be sent in one go: everything is read, checked
// and planned before the first row leaves, a dataset that is missing is made with
// all tables at once, because the service cannot add one later, and each table is a
// run of its own, which can be resumed and undone.

// SetError says that tables cannot be sent together.
type SetError struct{ Why string }

func (e *SetError) Error() string { return "the tables cannot be sent together: " + e.Why }

// Sentence says what happened.
func (e *SetError) Sentence() string { return "The tables cannot be sent together: " + e.Why + "." }

// Remedy says what to do next.
func (e *SetError) Remedy() string {
	return "Give each table of the dataset once, or send them one by one."
}

// Who says who can fix it.
func (e *SetError) Who() string { return "you" }

// Details are for support.
func (e *SetError) Details() string { return "" }

// checkSet checks that uploads go into different tables of one dataset.
func checkSet(set []Upload) error {
	seen := map[string]bool{}
	for _, u := range set {
		first, t := set[0].Place, u.Place
		if first.Exists != t.Exists || first.Target.WorkspaceID != t.Target.WorkspaceID || first.Target.DatasetID != t.Target.DatasetID || first.Target.DatasetName != t.Target.DatasetName {
			return &SetError{"they are not of one dataset"}
		}
		name := strings.ToLower(t.Target.Table)
		if seen[name] {
			return &SetError{fmt.Sprintf("the table %q is there twice", t.Target.Table)}
		}
		seen[name] = true
	}
	return nil
}

// PlanSet works out what sending several tables costs, one after the other, from
// what the check of each has counted.
func (j *Jobs) PlanSet(set []Upload, reports []mapping.CheckReport, now time.Time) (plan.Set, error) {
	if err := checkSet(set); err != nil {
		return plan.Set{}, err
	}
	var in plan.SetInput
	for i, u := range set {
		one, err := j.planInput(u, reports[i], now)
		if err != nil {
			return plan.Set{}, err
		}
		in.Tables, in.Names = append(in.Tables, one), append(in.Names, u.Place.Target.Table)
		in.InParts = in.InParts || u.InParts
	}
	return plan.MakeSet(in), nil
}

// SendSet sends several tables into one dataset, in their order. It gives the
// receipts of those that were begun. It stops at the first that does not come to
// its end, unless keepGoing is set; the errors are joined then. on is told which of
// them is under way.
func (j *Jobs) SendSet(ctx context.Context, set []Upload, keepGoing bool, on func(table int, p push.Progress)) ([]history.Receipt, error) {
	if err := checkSet(set); err != nil || len(set) == 0 {
		return nil, err
	}
	place := set[0].Place
	if !place.Exists {
		var mappings []mapping.Mapping
		for _, u := range set {
			m := u.Mapping
			m.Table = u.Place.Target.Table
			mappings = append(mappings, m)
		}
		api, err := j.Connector.API(ctx, place.Destination.Connection.ID)
		if err != nil {
			return nil, err
		}
		made, err := schema.PrepareAll(ctx, api, place.Target, mappings,
			schema.PrepareOptions{Known: j.Known, APIURL: place.Destination.Connection.Service})
		if err != nil {
			return nil, err
		}
		for i := range set {
			set[i].Place.Target, set[i].Place.Exists = made[i].Target, true
		}
	}
	var receipts []history.Receipt
	var failed error
	for i, u := range set {
		r, err := j.Send(ctx, u, func(p push.Progress) {
			if on != nil {
				on(i, p)
			}
		})
		if r.RunID != "" {
			receipts = append(receipts, r)
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("table %q: %w", u.Place.Target.Table, err))
			if !keepGoing || ctx.Err() != nil {
				break
			}
		}
	}
	return receipts, failed
}
