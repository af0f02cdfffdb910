package practice

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"pushdesk/powerbi/practice/traffic"

	"github.com/gofrs/flock"
)

// Files of a service's folder.
const (
	stateFile    = "state.json"
	lockFile     = "lock"
	endpointFile = "endpoint.json"
	rowsFolder   = "rows"
)

// model is everything that outlives the service when it has a folder, except
// the rows, which have files of their own.
type model struct {
	Version    int       `json:"version"`
	SigningKey string    `json:"signingKey,omitempty"` // PEM
	Generation uint32    `json:"generation"`           // tokens of an older generation are revoked
	Refreshes  uint32    `json:"refreshes"`            // the same for refresh tokens
	Tenants    []*tenant `json:"tenants"`
}

const stateVersion = 1

// prepareDir makes the folder, and takes its lock unless the caller has it.
func (s *Service) prepareDir() error {
	if s.opts.Dir == "" {
		dir, err := os.MkdirTemp("", "pushdesk-practice-")
		if err != nil {
			return fmt.Errorf("make a folder for the certificate authority: %w", err)
		}
		s.dir = dir
		return nil
	}
	dir, err := filepath.Abs(s.opts.Dir)
	if err != nil {
		return fmt.Errorf("find the practice folder: %w", err)
	}
	s.dir = dir
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("make the practice folder: %w", err)
	}
	if s.lock != nil {
		return nil
	}
	lock := flock.New(filepath.Join(s.dir, lockFile), flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("lock the practice folder: %w", err)
	}
	if !ok {
		return ErrInUse
	}
	s.lock = lock
	return nil
}

// loadState reads the state of a folder, or makes the ready-made one.
func (s *Service) loadState() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opts.Dir == "" {
		s.model = readyMade(s.faults.Now())
		s.keys = &signingKey{wait: memoryKey}
		go s.keys.wait() // most likely ready when the first token is asked for
		return s.openStores()
	}
	if err := s.readState(filepath.Join(s.dir, stateFile)); err != nil {
		return err
	}
	if err := s.openStores(); err != nil {
		return err
	}
	s.removeOrphans()
	return s.saveState()
}

// readState reads the model and the signing key from a file, or makes new ones
// when there is no such file.
func (s *Service) readState(path string) error {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		s.model, s.keys = readyMade(s.faults.Now()), newSigningKey()
		s.model.SigningKey, err = s.keys.pem()
		return err
	}
	if err != nil {
		return stateProblem(path, err)
	}
	s.model = &model{}
	if err := json.Unmarshal(data, s.model); err != nil {
		return stateProblem(path, err)
	}
	if s.model.Version != stateVersion {
		return stateProblem(path, fmt.Errorf("its version %d is not known to this program", s.model.Version))
	}
	if err := s.model.check(); err != nil {
		return stateProblem(path, err)
	}
	if s.keys, err = parseSigningKey(s.model.SigningKey); err != nil {
		return stateProblem(path, err)
	}
	return nil
}

// check tells whether a model that was read can be worked with.
func (m *model) check() error {
	if len(m.Tenants) == 0 {
		return errors.New("it holds no tenant")
	}
	for _, t := range m.Tenants {
		if t == nil || len(t.Users) == 0 || slices.Contains(t.Users, nil) || slices.Contains(t.Apps, nil) || slices.Contains(t.Workspaces, nil) {
			return errors.New("a tenant in it is incomplete")
		}
		for _, w := range t.Workspaces {
			for _, d := range w.Datasets {
				if d == nil || !isGUID(d.ID) || slices.Contains(d.Tables, nil) {
					return errors.New("a dataset in it is incomplete")
				}
			}
		}
	}
	return nil
}

// openStores opens the rows of every table and rebuilds what the last hour
// counts for the limits.
func (s *Service) openStores() error {
	now := s.faults.Now()
	for _, t := range s.model.Tenants {
		for _, w := range t.Workspaces {
			for _, d := range w.Datasets {
				if err := s.openDataset(d, now); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// openDataset opens the rows of one dataset's tables.
func (s *Service) openDataset(d *dataset, now time.Time) error {
	var batches []traffic.Stored
	for i, t := range d.Tables {
		t.checker = newRowChecker(t.Definition.Columns)
		var err error
		if t.store, err = s.newStore(d.ID, i, now); err != nil {
			return fmt.Errorf("open dataset %q: %w", d.Name, err)
		}
		batches = append(batches, t.store.posts(now.Add(-time.Hour))...)
	}
	d.traffic.Restore(batches)
	return nil
}

func (s *Service) newStore(datasetID string, tableIndex int, now time.Time) (rowStore, error) {
	switch {
	case s.opts.DiscardRows:
		return &countingStore{}, nil
	case s.opts.Dir == "":
		return &memoryStore{}, nil
	}
	dir := filepath.Join(s.dir, rowsFolder, datasetID)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for rows: %w", err)
	}
	return openFolderStore(filepath.Join(dir, strconv.Itoa(tableIndex)+".rows"), now)
}

// removeOrphans deletes rows of datasets that the state does not know: left by a
// process that was killed while it deleted them, or before it had noted them.
func (s *Service) removeOrphans() {
	known := map[string]bool{}
	for _, t := range s.model.Tenants {
		for _, w := range t.Workspaces {
			for _, d := range w.Datasets {
				known[d.ID] = true
			}
		}
	}
	entries, err := os.ReadDir(filepath.Join(s.dir, rowsFolder))
	if err != nil {
		return // no rows yet
	}
	for _, e := range entries {
		if !e.IsDir() || !isGUID(e.Name()) || known[e.Name()] {
			continue
		}
		dir := filepath.Join(s.dir, rowsFolder, e.Name())
		files, _ := filepath.Glob(filepath.Join(dir, "*.rows*"))
		for _, f := range files {
			os.Remove(f)
		}
		os.Remove(dir) // stays when it holds anything else
	}
}

// saveState keeps the model. The caller holds s.mu.
func (s *Service) saveState() error {
	if s.opts.Dir == "" {
		return nil
	}
	data, err := json.MarshalIndent(s.model, "", " ")
	if err != nil {
		return fmt.Errorf("keep the practice state: %w", err)
	}
	if err := writeFile(filepath.Join(s.dir, stateFile), data, 0o600); err != nil {
		return fmt.Errorf("keep the practice state: %w", err)
	}
	return nil
}

// closeState keeps the model one last time.
func (s *Service) closeState() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.saveState()
}

// writeFile replaces a file in one step, so that a reader or a killed process
// never leaves half of it.
func writeFile(path string, data []byte, perm os.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".~"+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it has been renamed
	if err := f.Chmod(perm); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		f.Close()
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
