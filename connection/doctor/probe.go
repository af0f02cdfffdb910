package doctor

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"pushdesk/powerbi"
	"pushdesk/storage/failure"
)

// probePrefix begins the name of every dataset that a write probe makes.
const probePrefix = "zz_conncheck_"

// Probe is the wish for a write probe: it makes a push dataset with one row,
// reads the row back and deletes the dataset.
type Probe struct {
	// Journal is a folder in which it is noted what must be deleted, so that a crash
	// leaves nothing behind: see CleanUp.
	Journal string
}

// ProbeAsks says what a write probe will do, for the question before it.
const ProbeAsks = "The write probe creates a small push dataset named " + probePrefix + "… in the workspace, adds one row, reads it back and deletes the dataset. " +
	"People who look into the workspace at that moment may see it."

// probeSteps are how far a probe came.
type probeSteps struct {
	made, filled, read, deleted bool
	failed                      string // the step that failed: "create", "push", "query", "delete"
	blocked                     bool   // the tenant creates no push datasets any more
}

// cleanLimit is how long the deletion may take after a probe was stopped.
const cleanLimit = 10 * time.Second

// checkProbe makes, fills, reads and deletes a dataset.
func (e *examination) checkProbe(ctx context.Context) (f finding) {
	switch {
	case e.Probe == nil:
		return skip("Not made: the write probe is off. It proves the right to create, push and delete.")
	case e.workspace.ID == "":
		return skip("Not made: no workspace is chosen.")
	case e.role != "" && !mayPush(e.role):
		return skip("Not made: the role " + e.role + " cannot create datasets.")
	}
	name := probePrefix + randomHex()
	left := leftover{Connection: e.Connection.ID, Name: e.Connection.Name, Workspace: e.workspace.ID, WorkspaceName: e.workspace.Name, Dataset: name, Started: time.Now().UTC()}
	noted, err := left.write(e.Probe.Journal)
	if err != nil {
		return finding{status: Warn, who: "you", details: "Cause: " + err.Error(),
			evidence: "The write probe was not made: it could not be noted what would have to be deleted.",
			remedy:   "Look whether the disk is full, and test again."}
	}
	defer noted.close()
	steps := []string{}
	timed := func(step string, do func() error) error {
		began := time.Now()
		err := do()
		steps = append(steps, step, short(time.Since(began)))
		return err
	}
	var made powerbi.Dataset
	err = timed("Create", func() error {
		var err error
		made, err = e.client.CreateDataset(ctx, e.workspace.ID, powerbi.DatasetSchema{Name: name, Tables: []powerbi.Table{{Name: "probe",
			Columns: []powerbi.Column{{Name: "made", DataType: powerbi.DateTime}, {Name: "number", DataType: powerbi.Int64}}}}}, powerbi.RetentionNone)
		return err
	})
	if err != nil {
		return e.probeRefused(ctx, err, left, noted)
	}
	e.probed.made = true
	defer func() {
		err := timed("Delete", func() error { return e.unmake(ctx, made.ID) })
		f.details = joined(joined(lines("Dataset", name, "Dataset ID", made.ID), lines(steps...)), f.details)
		if err != nil {
			e.probed.failed = "delete"
			f.status, f.who = Warn, string(failure.WorkspaceAdmin)
			f.evidence += fmt.Sprintf(" The dataset “%s” could not be deleted.", name)
			f.remedy = fmt.Sprintf("Delete “%s” by hand, or start Pushdesk again: it tries once more then.", name)
			return
		}
		e.probed.deleted = true
		noted.forget()
		f.evidence += " It is deleted again."
	}()
	err = timed("Push a row", func() error {
		row := fmt.Appendf(nil, `{"rows":[{"made":%q,"number":1}]}`, time.Now().UTC().Format("2006-01-02T15:04:05"))
		_, err := e.client.AddRows(ctx, e.workspace.ID, made.ID, "probe", row)
		return err
	})
	if err != nil {
		e.probed.failed = "push"
		t := e.trouble(ctx, err)
		t.nothing, t.status = false, Fail
		t.evidence = "A dataset could be made, but no row pushed. " + t.evidence
		return t
	}
	e.probed.filled = true
	f = pass(fmt.Sprintf("“%s” was created and a row pushed into it", name))
	var count int64
	err = timed("Read back", func() error {
		var err error
		count, err = e.countSoon(ctx, made.ID)
		return err
	})
	switch {
	case err != nil:
		e.probed.failed = "query"
		t := e.trouble(ctx, err)
		f.status, f.who, f.remedy, f.details = Warn, t.who, t.remedy, t.details
		f.evidence += ", but it could not be read back: " + continued(t.evidence)
	case count != 1:
		f.status, f.evidence = Warn, f.evidence+", but the count of its rows did not show it yet."
		f.remedy = "The service may need a moment; test again if you rely on counting."
	default:
		e.probed.read = true
		f.evidence += " and read back."
	}
	return f
}

// probeRefused says why no dataset could be made.
func (e *examination) probeRefused(ctx context.Context, err error, left leftover, noted *note) finding {
	f := e.trouble(ctx, err)
	f.nothing = false
	var refused *powerbi.APIError
	if errors.As(err, &refused) {
		if refused.Status < 500 { // it says that nothing was made
			noted.forget()
		}
		e.probed.blocked = refused.CreationEnded()
		if !passing(err) {
			f.status = Fail
		}
	}
	if powerbi.OutcomeOf(err) != powerbi.Unknown {
		e.probed.failed = "create"
	} else {
		f.status = Warn
		f.evidence += fmt.Sprintf(" It is not known whether “%s” was made.", left.Dataset)
		clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanLimit)
		defer cancel()
		if left.remove(clean, e.client) == nil {
			noted.forget()
		}
	}
	return f
}

// unmake deletes a dataset, also when the test was stopped meanwhile.
func (e *examination) unmake(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanLimit)
	defer cancel()
	return e.client.DeleteDataset(ctx, e.workspace.ID, id)
}

// countSoon counts the rows, a few times while there are none: a count can run
// behind what was added just now.
func (e *examination) countSoon(ctx context.Context, id string) (count int64, err error) {
	for try := range 4 {
		if count, err = e.client.CountRows(ctx, e.workspace.ID, id, "probe"); err != nil || count > 0 {
			return count, err
		}
		select {
		case <-time.After(time.Duration(try+1) * 400 * time.Millisecond):
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	return count, nil
}

func randomHex() string {
	b := make([]byte, 4)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
