package doctor

import (
	"context"
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
)

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
	text, err := os.ReadFile(n.path)
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
