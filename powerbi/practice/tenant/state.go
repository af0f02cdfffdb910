package tenant

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"pushdesk/powerbi/practice/store"
	"pushdesk/powerbi/practice/traffic"
	"pushdesk/storage"
	"pushdesk/storage/failure"
)

// What a tenant keeps in its folder.
const (
	StateFile  = "state.json"
	RowsFolder = "rows"
)

const version = 1

var errUnreadable = failure.New(failure.Unexpected, "practice-state-unreadable",
	"The data of the practice service cannot be read.",
	"Move the file named in the details to another folder. The practice service then starts with new data.")

// Open returns the tenant that is kept in a folder. If there is none, it is the fresh
// one, which the first Save keeps there. With an empty folder it stays in memory.
// discard counts rows without keeping their values.
func Open(folder string, discard bool, now time.Time, fresh func() *Tenant) (*Tenant, error) {
	t, err := read(folder)
	switch {
	case errors.Is(err, os.ErrNotExist):
		t = fresh()
	case err != nil:
		return nil, unreadable(folder, err)
	}
	t.Version, t.folder, t.discard = version, folder, discard
	for _, w := range t.Workspaces {
		for _, d := range w.Datasets {
			if err := t.OpenRows(d, now); err != nil {
				return nil, err
			}
		}
	}
	t.removeOrphans()
	return t, nil
}

func unreadable(folder string, err error) error {
	err = fmt.Errorf("read the practice state in %s: %w", filepath.Join(folder, StateFile), err)
	return errUnreadable.Because(err).WithDetails("%v", err)
}

// read reads the tenant of a folder and checks that it can be worked with.
func read(folder string) (*Tenant, error) {
	if folder == "" {
		return nil, os.ErrNotExist
	}
	data, err := storage.ReadFile(filepath.Join(folder, StateFile), storage.MostKept)
	if err != nil {
		return nil, err
	}
	t := &Tenant{}
	if err := json.Unmarshal(data, t); err != nil {
		return nil, err
	}
	if t.Version != version {
		return nil, fmt.Errorf("this program does not know its version %d", t.Version)
	}
	if len(t.Users) == 0 || slices.Contains(t.Users, nil) || slices.Contains(t.Apps, nil) || slices.Contains(t.Workspaces, nil) {
		return nil, errors.New("the tenant in it is incomplete")
	}
	for _, w := range t.Workspaces {
		for _, d := range w.Datasets {
			if d == nil || !IsGUID(d.ID) || slices.Contains(d.Tables, nil) {
				return nil, errors.New("a dataset in it is incomplete")
			}
		}
	}
	return t, nil
}

// InMemory reports whether nothing of the tenant is kept.
func (t *Tenant) InMemory() bool { return t.folder == "" }

// Unreadable returns the failure that the kept tenant cannot be worked with.
func (t *Tenant) Unreadable(err error) error { return unreadable(t.folder, err) }

// OpenRows opens the rows of a dataset's tables, and counts what the last hour has
// used of its limits.
func (t *Tenant) OpenRows(d *Dataset, now time.Time) error {
	var batches []traffic.Stored
	for i, table := range d.Tables {
		table.Define(table.Definition)
		var err error
		if table.Rows, err = t.newStore(d.ID, i, now); err != nil {
			return fmt.Errorf("open dataset %q: %w", d.Name, err)
		}
		batches = append(batches, table.Rows.Batches(now.Add(-time.Hour))...)
	}
	d.Traffic.Restore(batches)
	return nil
}

func (t *Tenant) newStore(datasetID string, table int, now time.Time) (store.Store, error) {
	switch {
	case t.discard:
		return store.NewCounter(), nil
	case t.InMemory():
		return store.NewMemory(), nil
	}
	dir := filepath.Join(t.folder, RowsFolder, datasetID)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for rows: %w", err)
	}
	return store.Open(filepath.Join(dir, strconv.Itoa(table)+".rows"), now)
}

// removeOrphans deletes rows of datasets that the tenant does not know: left by a
// process that was killed while it deleted them, or before it had noted them.
func (t *Tenant) removeOrphans() {
	if t.InMemory() {
		return
	}
	known := map[string]bool{}
	for _, w := range t.Workspaces {
		for _, d := range w.Datasets {
			known[d.ID] = true
		}
	}
	entries, err := os.ReadDir(filepath.Join(t.folder, RowsFolder))
	if err != nil {
		return // no rows yet
	}
	for _, e := range entries {
		if !e.IsDir() || !IsGUID(e.Name()) || known[e.Name()] {
			continue
		}
		dir := filepath.Join(t.folder, RowsFolder, e.Name())
		files, _ := filepath.Glob(filepath.Join(dir, "*.rows*"))
		for _, f := range files {
			os.Remove(f)
		}
		os.Remove(dir) // stays when it holds anything else
	}
}

// Save keeps the tenant. The caller holds its lock.
func (t *Tenant) Save() error {
	if t.InMemory() {
		return nil
	}
	data, err := json.MarshalIndent(t, "", " ")
	if err == nil {
		err = storage.WriteFile(filepath.Join(t.folder, StateFile), data)
	}
	if err != nil {
		return fmt.Errorf("keep the practice state: %w", err)
	}
	return nil
}
