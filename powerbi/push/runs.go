package push

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"
)

// Runs is the folder with the journals of all runs.
type Runs struct{ dir string }

// OpenRuns opens the folder, and makes it when it is missing.
func OpenRuns(dir string) (*Runs, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the runs: %w", err)
	}
	return &Runs{dir}, nil
}

const (
	journalExt = ".jsonl"
	lockExt    = ".lock"
)

func (r *Runs) path(id string) string { return filepath.Join(r.dir, id+journalExt) }

// Begin makes the journal of a new run, to be given to Send in Options.Journal.
// Close it when it is not.
func (r *Runs) Begin() (*Journal, error) {
	id, err := uuid.NewV7() // in the order of time
	if err != nil {
		return nil, fmt.Errorf("make an ID for the run: %w", err)
	}
	j := &Journal{id: id.String(), path: r.path(id.String())}
	if j.lock, err = r.lock(j.id); err != nil {
		return nil, err
	}
	return j, nil
}

// BusyError is a run that another process, or this one, is at.
type BusyError struct{ RunID string }

func (e *BusyError) Error() string    { return fmt.Sprintf("the run %s is going on", e.RunID) }
func (e *BusyError) Sentence() string { return "This run is going on already." }
func (e *BusyError) Remedy() string {
	return "Wait for it to end, or cancel it where it was started."
}
func (e *BusyError) Who() string     { return "you" }
func (e *BusyError) Details() string { return "Run ID: " + e.RunID }

// lock takes a run for this process. List looks at locks for a moment, so that a
// few tries are made.
func (r *Runs) lock(id string) (*flock.Flock, error) {
	l := flock.New(filepath.Join(r.dir, id+lockExt), flock.SetPermissions(0o600))
	for try := range 5 {
		ok, err := l.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock the run: %w", err)
		}
		if ok {
			return l, nil
		}
		time.Sleep(time.Duration(try) * 5 * time.Millisecond)
	}
	return nil, &BusyError{id}
}

// live tells whether a process is at a run.
func (r *Runs) live(id string) bool {
	l := flock.New(filepath.Join(r.dir, id+lockExt), flock.SetPermissions(0o600), flock.SetFlag(os.O_RDONLY))
	ok, err := l.TryRLock()
	if ok {
		l.Unlock()
	}
	return !ok && err == nil
}

// List gives the receipts of all runs, the newest first. A run that was broken
// off is StatusStopped, with the batches that had no answer as unknown. A journal
// that cannot be read is StatusFailed with the reason.
func (r *Runs) List() ([]Receipt, error) {
	files, err := os.ReadDir(r.dir)
	if err != nil {
		return nil, fmt.Errorf("list the runs: %w", err)
	}
	list := []Receipt{}
	for _, f := range files {
		id, ok := strings.CutSuffix(f.Name(), journalExt)
		if !ok || f.IsDir() {
			continue
		}
		receipt, err := r.Get(id)
		switch {
		case errors.Is(err, fs.ErrNotExist): // it was removed meanwhile
			continue
		case err != nil:
			a := accountOf(err)
			receipt = Receipt{RunID: id, Status: StatusFailed, Problems: []Problem{}, Reason: a.reason, Remedy: a.remedy, Details: a.details}
			if info, err := f.Info(); err == nil {
				receipt.Started = info.ModTime()
			}
		}
		list = append(list, receipt)
	}
	slices.SortStableFunc(list, func(a, b Receipt) int { return b.Started.Compare(a.Started) })
	return list, nil
}

// NoRunError is an ID of no run.
type NoRunError struct{ RunID string }

func (e *NoRunError) Error() string        { return fmt.Sprintf("there is no run %q", e.RunID) }
func (e *NoRunError) Is(target error) bool { return target == fs.ErrNotExist }
func (e *NoRunError) Sentence() string {
	return fmt.Sprintf("There is no run “%s” on this computer.", e.RunID)
}
func (e *NoRunError) Remedy() string  { return "Look at the list of runs for its ID." }
func (e *NoRunError) Who() string     { return "you" }
func (e *NoRunError) Details() string { return "" }

// Get gives the receipt of one run.
func (r *Runs) Get(id string) (Receipt, error) {
	meta, past, err := r.read(id)
	if err != nil {
		return Receipt{}, err
	}
	receipt := past.receipt(meta)
	if past.ended == nil && r.live(id) {
		receipt.Status, receipt.Resumable = StatusRunning, false
		receipt.Reason, receipt.Remedy, receipt.Ended = "", "", time.Time{}
	}
	return receipt, nil
}

// Info tells what a run was about, for resuming it: the file, its hash, and how
// rows were read from it.
func (r *Runs) Info(id string) (Target, Mapping, Options, error) {
	meta, _, err := r.read(id)
	j := Journal{meta: meta}
	o := j.Options()
	o.Journal = nil
	return meta.Target, meta.Mapping, o, err
}

func (r *Runs) read(id string) (runMeta, *past, error) {
	if uuid.Validate(id) != nil { // it is part of a path
		return runMeta{}, nil, &NoRunError{id}
	}
	f, err := os.Open(r.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return runMeta{}, nil, &NoRunError{id}
	}
	if err != nil {
		return runMeta{}, nil, &JournalError{r.path(id), err}
	}
	defer f.Close()
	meta, past, err := readJournal(f)
	if err != nil {
		return runMeta{}, nil, &JournalError{r.path(id), err}
	}
	return meta, past, nil
}

// Resume takes a run up again that is not done. fileHash is that of the content
// that will be read; with another than the run was begun with, the error is a
// *ChangedError. Give the journal to Send, with its Target, Mapping and Options,
// or close it.
func (r *Runs) Resume(id, fileHash string) (*Journal, error) {
	if _, _, err := r.read(id); err != nil {
		return nil, err
	}
	lock, err := r.lock(id)
	if err != nil {
		return nil, err
	}
	j, err := r.resume(id, fileHash, lock)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return j, nil
}

// DoneError is a run that has nothing left to send.
type DoneError struct{ RunID string }

func (e *DoneError) Error() string    { return fmt.Sprintf("the run %s is done", e.RunID) }
func (e *DoneError) Sentence() string { return "This run is done: nothing is left to send." }
func (e *DoneError) Remedy() string   { return "Start a new run to send the file again." }
func (e *DoneError) Who() string      { return "you" }
func (e *DoneError) Details() string  { return "Run ID: " + e.RunID }

// resume reads a journal that this process has locked.
func (r *Runs) resume(id, fileHash string, lock *flock.Flock) (*Journal, error) {
	meta, past, err := r.read(id)
	switch {
	case err != nil:
		return nil, err
	case past.ended != nil && past.ended.Status == StatusDone:
		return nil, &DoneError{id}
	case meta.FileHash != fileHash:
		return nil, &ChangedError{meta.File}
	}
	if err := os.Truncate(r.path(id), past.good); err != nil { // what a crash left of a line
		return nil, &JournalError{r.path(id), err}
	}
	return &Journal{id: id, path: r.path(id), lock: lock, meta: meta, past: past}, nil
}

// Remove deletes the journal of a run that no process is at.
func (r *Runs) Remove(id string) error {
	if _, _, err := r.read(id); err != nil {
		var damaged *JournalError
		if !errors.As(err, &damaged) {
			return err
		}
	}
	lock, err := r.lock(id)
	if err != nil {
		return err
	}
	err = os.Remove(r.path(id))
	return errors.Join(err, (&Journal{path: r.path(id), lock: lock}).Close())
}
