package push

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
)

// Runs is the history of all runs on this computer, and the ledger of what each
// dataset was sent. Several processes may use it at once.
type Runs struct {
	dir     string
	db      *database
	notices []string
}

const lockExt = ".lock"

// OpenRuns opens the history in a folder, and makes both when they are missing.
// Close it when it is no longer needed.
func OpenRuns(dir string) (*Runs, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the runs: %w", err)
	}
	db, setAside, err := openDatabase(dir)
	if err != nil {
		return nil, err
	}
	r := &Runs{dir: dir, db: db}
	if setAside != "" {
		r.notices = append(r.notices, fmt.Sprintf("The history of the runs could not be read and was set aside as %s. Runs that were not done cannot be resumed.", filepath.Base(setAside)))
	}
	return r, nil
}

// Close closes the history.
func (r *Runs) Close() error { return r.db.Close() }

// Notices are sentences about what was put right or set aside when the history
// was opened.
func (r *Runs) Notices() []string { return r.notices }

// Begin makes the journal of a new run, to be given to Send in Options.Journal.
// Close it when it is not.
func (r *Runs) Begin() (*Journal, error) {
	id, err := uuid.NewV7() // in the order of time
	if err != nil {
		return nil, fmt.Errorf("make an ID for the run: %w", err)
	}
	j := &Journal{id: id.String(), runs: r, session: uuid.NewString()}
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
	return r.receipts("SELECT id, begun, receipt FROM runs ORDER BY begun DESC, id DESC")
}

// Same gives the receipts of earlier runs that sent the same content and range
// with the same mapping to the same table, the newest first. fileHash, sheet and
// area are those of Options.
func (r *Runs) Same(t Target, m mapping.Mapping, fileHash, sheet, area string) ([]Receipt, error) {
	meta := runMeta{Target: t, Mapping: m, FileHash: fileHash, Sheet: sheet, Range: area}
	return r.receipts("SELECT id, begun, receipt FROM runs WHERE same = ? AND same <> '' ORDER BY begun DESC, id DESC", meta.same())
}

// receipts gives the receipts that a query finds.
func (r *Runs) receipts(query string, args ...any) ([]Receipt, error) {
	type found struct {
		id      string
		begun   int64
		receipt sql.NullString
	}
	var all []found
	rows, err := r.db.Query(query, args...)
	if err != nil {
		return nil, r.db.fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		var f found
		if err := rows.Scan(&f.id, &f.begun, &f.receipt); err != nil {
			return nil, r.db.fault(err)
		}
		all = append(all, f)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, r.db.fault(err)
	}
	list := []Receipt{}
	for _, f := range all {
		var receipt Receipt
		if f.receipt.Valid && json.Unmarshal([]byte(f.receipt.String), &receipt) == nil {
			list = append(list, receipt)
			continue
		}
		receipt, err := r.Get(f.id)
		if errors.Is(err, fs.ErrNotExist) { // it was removed meanwhile
			continue
		}
		if err != nil {
			a := accountOf(err)
			receipt = Receipt{RunID: f.id, Status: StatusFailed, Problems: []mapping.Problem{}, Started: moment(f.begun),
				Reason: a.reason, Remedy: a.remedy, Details: a.details}
		}
		list = append(list, receipt)
	}
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
		now := time.Now().Round(0)
		receipt.DurationMs = max(now.Sub(receipt.Started), 0).Milliseconds()
		if receipt.Waiting, err = r.waiting(receipt, now); err != nil {
			return Receipt{}, err
		}
	}
	return receipt, nil
}

// shortWait is not worth mentioning.
const shortWait = 2 * time.Second

// waiting works out what a run that goes on has to wait for, by the limits that all
// runs share.
func (r *Runs) waiting(receipt Receipt, now time.Time) (*Waiting, error) {
	q, err := r.Quota(receipt.DatasetID, receipt.Table, now)
	if err != nil {
		return nil, err
	}
	next := powerbi.MaxRowsPerRequest
	if rest := receipt.RowsTotal - receipt.RowsSent; rest > 0 {
		next = int(min(rest, int64(next)))
	}
	at, why, known := q.Wait(receipt.Retention, next, now)
	if !known || at.Sub(now) < shortWait {
		return nil, nil
	}
	return &Waiting{at, why}, nil
}

// Info tells what a run was about, for resuming it: the file, its hash, and how
// rows were read from it.
func (r *Runs) Info(id string) (Target, mapping.Mapping, Options, error) {
	meta, _, err := r.read(id)
	j := Journal{meta: meta}
	o := j.Options()
	o.Journal = nil
	return meta.Target, meta.Mapping, o, err
}

// Recipe returns what Journal.SetRecipe has kept with a run; nil if nothing was.
func (r *Runs) Recipe(ctx context.Context, id string) (json.RawMessage, error) {
	var recipe sql.NullString
	switch err := r.db.QueryRowContext(ctx, "SELECT recipe FROM runs WHERE id = ?", id).Scan(&recipe); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, &NoRunError{id}
	case err != nil:
		return nil, r.db.fault(err)
	case !recipe.Valid:
		return nil, nil
	}
	return json.RawMessage(recipe.String), nil
}

func (r *Runs) read(id string) (runMeta, *past, error) {
	var exists bool
	if err := r.db.QueryRow("SELECT EXISTS (SELECT 1 FROM runs WHERE id = ?)", id).Scan(&exists); err != nil {
		return runMeta{}, nil, r.db.fault(err)
	}
	if !exists {
		return runMeta{}, nil, &NoRunError{id}
	}
	rows, err := r.db.Query("SELECT data FROM entries WHERE run = ? ORDER BY seq", id)
	if err != nil {
		return runMeta{}, nil, r.db.fault(err)
	}
	defer rows.Close()
	meta, past, err := readJournal(func(e *entry) (bool, error) {
		if !rows.Next() {
			return false, rows.Err()
		}
		var data []byte
		if err := rows.Scan(&data); err != nil {
			return false, err
		}
		if json.Unmarshal(data, e) != nil {
			return false, errJournalDamaged
		}
		return true, nil
	})
	return meta, past, r.db.fault(err)
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
		var done *DoneError
		return nil, errors.Join(err, (&Journal{lock: lock, done: errors.As(err, &done), begun: true}).Close())
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
	case past.ended != nil && (past.ended.Status == StatusDone || !past.ended.Undone.IsZero()):
		return nil, &DoneError{id}
	case meta.FileHash != fileHash:
		return nil, &ChangedError{meta.File}
	}
	return &Journal{id: id, runs: r, session: uuid.NewString(), lock: lock, meta: meta, past: past, begun: true}, nil
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
	err = r.db.change(func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM runs WHERE id = ?", id)
		return err
	})
	return errors.Join(err, (&Journal{lock: lock, done: err == nil, begun: true}).Close())
}
