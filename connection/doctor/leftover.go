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

// leftover is a dataset of a write probe that must be deleted. It is written down
// before the dataset is made.
type leftover struct {
	Connection    string    `json:"connection"` // its ID
	Name          string    `json:"name"`       // of the connection
	Workspace     string    `json:"workspace"`  // its ID
	WorkspaceName string    `json:"workspaceName"`
	Dataset       string    `json:"dataset"` // its name, which nothing else has
	DatasetID     string    `json:"datasetId,omitempty"`
	Started       time.Time `json:"started"`
}

// write notes it in a folder and gives the path of the note.
func (l leftover) write(folder string) (string, error) {
	text, err := json.MarshalIndent(l, "", "  ")
	if err == nil {
		err = os.MkdirAll(folder, 0o700)
	}
	if err != nil {
		return "", fmt.Errorf("note the write probe: %w", err)
	}
	path := filepath.Join(folder, l.Dataset+".json")
	return path, storage.WriteFile(path, text)
}

// forget takes a note away. One that stays is looked at again at the next start,
// which does no harm.
func forget(path string) { _ = os.Remove(path) }

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

// running is how long a probe may be on its way in another program.
const running = 2 * time.Minute

// CleanUp deletes what write probes have left behind when a program ended before
// they did. open gives the client of a connection. What cannot be deleted is given
// back and tried again the next time.
func CleanUp(ctx context.Context, journal string, open func(ctx context.Context, connectionID string) (*powerbi.Client, error)) []Leftover {
	return cleanUp(ctx, journal, open, time.Now().Add(-running))
}

func cleanUp(ctx context.Context, journal string, open func(context.Context, string) (*powerbi.Client, error), before time.Time) (left []Leftover) {
	notes, err := os.ReadDir(journal)
	if err != nil {
		return nil // there was never a probe
	}
	for _, n := range notes {
		path := filepath.Join(journal, n.Name())
		if ctx.Err() != nil || !strings.HasPrefix(n.Name(), probePrefix) || storage.IsTemporary(n.Name()) {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		var l leftover
		if json.Unmarshal(text, &l) != nil || !strings.HasPrefix(l.Dataset, probePrefix) {
			forget(path) // not ours, or cut: nothing can be found with it
			continue
		}
		if l.Started.After(before) {
			continue
		}
		client, err := open(ctx, l.Connection)
		if err == nil {
			err = l.remove(ctx, client)
		}
		if err != nil {
			left = append(left, Leftover{Connection: l.Name, Workspace: l.WorkspaceName, Dataset: l.Dataset, Err: err})
			continue
		}
		forget(path)
	}
	return left
}

// remove deletes the dataset, wherever the probe was stopped. It is found by its
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
