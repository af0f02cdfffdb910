package doctor

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/pause"
)

// TrialDataset is the check that a trial dataset can be created, filled and deleted.
const TrialDataset = "trial"

var trialCheck = check{id: TrialDataset, group: GroupPowerBI, title: "A trial dataset can be created, filled and deleted", limit: trialLimit, run: (*test).checkTrial}

// trialPrefix starts the name of every trial dataset.
const trialPrefix = "zz_conncheck_"

// TrialAsks says what will be done, for the question before it.
const TrialAsks = "The test creates a small push dataset named " + trialPrefix + "… in the workspace, adds one row, reads it back and deletes the dataset. " +
	"Other people in the workspace may see it for a moment."

// cleanLimit is how long the deletion may take after a test was stopped.
const cleanLimit = 10 * time.Second

// checkTrial creates, fills, reads and deletes a dataset.
func (t *test) checkTrial(ctx context.Context) (f finding) {
	switch {
	case t.Trial == nil:
		return skip("Not checked: no trial dataset was requested. It proves the right to create, push and delete.")
	case t.workspace.ID == "":
		return skip("Not checked: no workspace is chosen.")
	case t.role != "" && !mayPush(t.role):
		return skip("Not checked: the role " + t.role + " cannot create datasets.")
	}
	name := trialPrefix + strings.ToLower(rand.Text()[:8])
	left := leftover{Connection: t.Connection.ID, Name: t.Connection.Name, Workspace: t.workspace.ID, WorkspaceName: t.workspace.Name, Dataset: name, Started: time.Now().UTC()}
	noted, err := left.write(t.Trial.Journal)
	if err != nil {
		return finding{status: Warn, who: "you", details: "Cause: " + err.Error(),
			evidence: "No trial dataset was created, because Pushdesk could not save a note to delete it later.",
			remedy:   "Check whether the disk is full, and test again."}
	}
	defer noted.close()
	steps := []string{}
	timed := func(step string, do func() error) error {
		began := time.Now()
		err := do()
		steps = append(steps, step, humanize.Duration(time.Since(began)))
		return err
	}
	var made powerbi.Dataset
	err = timed("Create", func() error {
		var err error
		made, err = t.client.CreateDataset(ctx, t.workspace.ID, powerbi.DatasetSchema{Name: name, Tables: []powerbi.Table{{Name: "trial",
			Columns: []powerbi.Column{{Name: "made", DataType: powerbi.DateTime}, {Name: "number", DataType: powerbi.Int64}}}}}, powerbi.RetentionNone)
		return err
	})
	if err != nil {
		return t.trialRefused(ctx, err, left, noted)
	}
	t.tried.made = true
	defer func() {
		err := timed("Delete", func() error { return t.deleteTrial(ctx, made.ID) })
		f.details = joined(joined(lines("Dataset", name, "Dataset ID", made.ID), lines(steps...)), f.details)
		if err != nil {
			t.tried.failed = "delete"
			f.status, f.who = Warn, string(failure.WorkspaceAdmin)
			f.evidence += fmt.Sprintf(" The dataset “%s” could not be deleted.", name)
			f.remedy = fmt.Sprintf("Delete “%s” by hand, or start Pushdesk again: it then tries once more.", name)
			return
		}
		t.tried.deleted = true
		noted.forget()
		f.evidence += " It was deleted again."
	}()
	err = timed("Push a row", func() error {
		row := fmt.Appendf(nil, `{"rows":[{"made":%q,"number":1}]}`, time.Now().UTC().Format("2006-01-02T15:04:05"))
		_, err := t.client.AddRows(ctx, t.workspace.ID, made.ID, "trial", row)
		return err
	})
	if err != nil {
		t.tried.failed = "push"
		refused := t.trouble(ctx, err)
		refused.nothing, refused.status = false, Fail
		refused.evidence = "A dataset was created, but no row could be pushed. " + refused.evidence
		return refused
	}
	t.tried.filled = true
	f = pass(fmt.Sprintf("“%s” was created and a row pushed into it", name))
	var count int64
	err = timed("Read back", func() error {
		var err error
		count, err = t.countSoon(ctx, made.ID)
		return err
	})
	switch {
	case err != nil:
		t.tried.failed = "query"
		refused := t.trouble(ctx, err)
		f.status, f.who, f.remedy, f.details = Warn, refused.who, refused.remedy, refused.details
		f.evidence += ", but it could not be read back: " + continued(refused.evidence)
	case count != 1:
		f.status, f.evidence = Warn, f.evidence+", but the count of its rows did not show it yet."
		f.remedy = "The service may need a moment; test again if you rely on counting."
	default:
		t.tried.read = true
		f.evidence += " and read back."
	}
	return f
}

// trialRefused says why no dataset could be created.
func (t *test) trialRefused(ctx context.Context, err error, left leftover, noted *note) finding {
	f := t.trouble(ctx, err)
	f.nothing = false
	var refused *powerbi.APIError
	if errors.As(err, &refused) {
		if refused.Status < 500 { // it says that nothing was made
			noted.forget()
		}
		t.tried.blocked = refused.CreationEnded()
		if !passing(err) {
			f.status = Fail
		}
	}
	if powerbi.OutcomeOf(err) != powerbi.Unknown {
		t.tried.failed = "create"
		if t.role == "" && refused != nil && refused.RoleTooLow() {
			t.role = roles[0] // the one that sees a workspace and may create nothing there
			f.evidence += fmt.Sprintf(" It sees the workspace, so its role there is %s.", t.role)
		}
	} else {
		f.status = Warn
		f.evidence += fmt.Sprintf(" We don't know whether “%s” was created.", left.Dataset)
		clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanLimit)
		defer cancel()
		if left.remove(clean, t.client) == nil {
			noted.forget()
		}
	}
	return f
}

// deleteTrial deletes a dataset, also when the test was stopped meanwhile.
func (t *test) deleteTrial(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanLimit)
	defer cancel()
	return t.client.DeleteDataset(ctx, t.workspace.ID, id)
}

// countSoon counts the rows, a few times while there are none: a count can run
// behind what was added just now.
func (t *test) countSoon(ctx context.Context, id string) (count int64, err error) {
	for try := range 4 {
		if count, err = t.client.CountRows(ctx, t.workspace.ID, id, "trial"); err != nil || count > 0 {
			return count, err
		}
		if err := pause.For(ctx, time.Duration(try+1)*400*time.Millisecond); err != nil {
			return 0, err
		}
	}
	return count, nil
}

// leftover is a trial dataset that must be deleted. It is written down
// before the dataset is made.
type leftover struct {
	Connection    string    `json:"connection"` // its ID
	Name          string    `json:"name"`       // of the connection
	Workspace     string    `json:"workspace"`  // its ID
	WorkspaceName string    `json:"workspaceName"`
	Dataset       string    `json:"dataset"` // its name, which nothing else has
	Started       time.Time `json:"started"`
}

// note is a leftover on the disk. It is locked while its test is running: the
// system takes the lock from a program that ends, however it ends.
type note struct {
	path string
	lock *storage.Lock
}

const noteExt, lockExt = ".json", ".lock"

// write notes it in a folder. The note must be closed when the trial has ended.
func (l leftover) write(folder string) (*note, error) {
	text, err := json.MarshalIndent(l, "", "  ")
	if err == nil {
		err = os.MkdirAll(folder, 0o700)
	}
	if err != nil {
		return nil, fmt.Errorf("note the trial dataset: %w", err)
	}
	n := &note{path: filepath.Join(folder, l.Dataset+noteExt)}
	if held, err := n.hold(); err != nil || !held {
		return nil, errors.Join(errors.New("lock the note of the trial dataset"), err)
	}
	if err := storage.WriteFile(n.path, text); err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

// hold locks a note; false means that its test is running.
func (n *note) hold() (bool, error) {
	lock, err := storage.TryLock(strings.TrimSuffix(n.path, noteExt) + lockExt)
	var held *storage.LockedError
	if errors.As(err, &held) {
		return false, nil
	}
	n.lock = lock
	return err == nil, err
}

// forget takes the note away. One that stays is looked at again at the next start,
// which does no harm.
func (n *note) forget() { _ = os.Remove(n.path) }

// close releases the note for whoever cleans up.
func (n *note) close() { _ = n.lock.UnlockAndRemove() }

// Leftover is a trial dataset that could not be deleted.
type Leftover struct {
	Connection string // its name
	Workspace  string
	Dataset    string
	Err        error
}

// Sentence says it to a person.
func (l Leftover) Sentence() string {
	return fmt.Sprintf("The trial dataset “%s” in the workspace “%s” could not be deleted yet (connection %s). Delete it by hand if it stays.", l.Dataset, l.Workspace, l.Connection)
}

// CleanUp deletes the trial datasets that were left behind when a program ended before
// they did. open gives the client of a connection. What cannot be deleted is given
// back and tried again the next time.
func CleanUp(ctx context.Context, journal string, open func(ctx context.Context, connectionID string) (*powerbi.Client, error)) (left []Leftover) {
	notes, err := os.ReadDir(journal)
	if err != nil {
		return nil // there was never a trial dataset
	}
	for _, file := range notes {
		if ctx.Err() != nil || !strings.HasPrefix(file.Name(), trialPrefix) || filepath.Ext(file.Name()) != noteExt {
			continue
		}
		n := &note{path: filepath.Join(journal, file.Name())}
		if held, err := n.hold(); err != nil || !held {
			continue // the test of another program is running
		}
		if l := n.cleanUp(ctx, open); l != nil {
			left = append(left, *l)
		}
		n.close()
	}
	return left
}

// cleanUp deletes what one note is about; nil when nothing is left of it.
func (n *note) cleanUp(ctx context.Context, open func(context.Context, string) (*powerbi.Client, error)) *Leftover {
	text, err := storage.ReadFile(n.path, storage.MostKept)
	if err != nil {
		return nil // its test has ended meanwhile
	}
	var l leftover
	if json.Unmarshal(text, &l) != nil || !strings.HasPrefix(l.Dataset, trialPrefix) {
		n.forget() // not ours, or cut: nothing can be found with it
		return nil
	}
	client, err := open(ctx, l.Connection)
	if err == nil {
		err = l.remove(ctx, client)
	}
	if err != nil {
		return &Leftover{Connection: l.Name, Workspace: l.WorkspaceName, Dataset: l.Dataset, Err: err}
	}
	n.forget()
	return nil
}

// remove deletes the dataset, wherever the trial was stopped. It is found by its
// name, which is random: nothing else is ever deleted.
func (l leftover) remove(ctx context.Context, client *powerbi.Client) error {
	list, err := client.Datasets(ctx, l.Workspace)
	if err != nil {
		return fmt.Errorf("find the trial dataset: %w", err)
	}
	for _, d := range list {
		if d.Name != l.Dataset {
			continue
		}
		err := client.DeleteDataset(ctx, l.Workspace, d.ID)
		var gone *powerbi.APIError
		if err != nil && !(errors.As(err, &gone) && gone.Status == http.StatusNotFound) {
			return fmt.Errorf("delete the trial dataset: %w", err)
		}
	}
	return nil
}
