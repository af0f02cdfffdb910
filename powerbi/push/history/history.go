package history

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

	"github.com/google/uuid"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// History is the account of all runs on this computer, and the ledger of what each
// dataset was sent. Several processes may use it at once.
type History struct {
	dir     string
	db      *database
	notices []string
}

const lockExt = ".lock"

// Open opens the history in a folder, and makes both if they are missing. Close it
// when it is no longer needed.
func Open(dir string) (*History, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, keepError(dir, err)
	}
	db, setAside, err := openDatabase(context.Background(), dir)
	if err != nil {
		return nil, err
	}
	h := &History{dir: dir, db: db}
	if setAside != "" {
		h.notices = append(h.notices, fmt.Sprintf("The history of the runs was damaged and was set aside as %s. %s", filepath.Base(setAside), rescued(db)))
	}
	return h, nil
}

// rescued says how much of a damaged history is left.
func rescued(db *database) string {
	var n int
	if err := db.QueryRowContext(context.Background(), "SELECT count(*) FROM runs").Scan(&n); err != nil || n == 0 {
		return "None of its runs could be read: runs that were not finished cannot be resumed."
	}
	return humanize.Count(n, "run") + " could be rescued; later ones may be missing."
}

// OpenToRead opens the history in a folder to read it. It changes nothing, and works on
// a full or read-only disk.
func OpenToRead(dir string) (*History, error) {
	db, err := openToRead(context.Background(), dir)
	if err != nil {
		return nil, err
	}
	return &History{dir: dir, db: db}, nil
}

// Close closes the history.
func (h *History) Close() error { return h.db.Close() }

// Dir returns the folder of the history.
func (h *History) Dir() string { return h.dir }

// DB returns the database below, for tests that fill or damage it.
func (h *History) DB() *sql.DB { return h.db.DB }

// Notices are sentences about what was set aside when the history was opened.
func (h *History) Notices() []string { return h.notices }

// Begin makes the journal of a new run. Close it if it is not used.
func (h *History) Begin() (*Journal, error) {
	id, err := uuid.NewV7() // in the order of time
	if err != nil {
		return nil, fmt.Errorf("make an ID for the run: %w", err)
	}
	return h.journal(id.String())
}

// journal takes a run for this process.
func (h *History) journal(id string) (*Journal, error) {
	lock, err := storage.TryLock(h.lockPath(id))
	var busy *storage.LockedError
	if errors.As(err, &busy) {
		return nil, &BusyError{RunID: id}
	}
	if err != nil {
		return nil, err
	}
	return &Journal{id: id, db: h.db, lock: lock, ledger: ledger{live: h.live, session: uuid.NewString(), run: id}}, nil
}

func (h *History) lockPath(id string) string { return filepath.Join(h.dir, id+lockExt) }

// live reports whether a process is at a run.
func (h *History) live(id string) bool { return storage.Locked(h.lockPath(id)) }

// BusyError is a run that another process, or this one, is at.
type BusyError struct{ RunID string }

func (e *BusyError) Error() string { return fmt.Sprintf("the run %s is in progress", e.RunID) }

// Failure is the error in words.
func (e *BusyError) Failure() *failure.Error {
	return failure.New(failure.Usage, "run-busy", "This run is already in progress.",
		"Wait until it has finished, or cancel it where it was started.").WithDetails("Run ID: %s", e.RunID)
}

// DoneError is a run that has nothing left to send.
type DoneError struct{ RunID string }

func (e *DoneError) Error() string { return fmt.Sprintf("the run %s is done", e.RunID) }

// Failure is the error in words.
func (e *DoneError) Failure() *failure.Error {
	return failure.New(failure.Usage, "run-done", "This run is finished: nothing is left to send.",
		"Start a new run to send the file again.").WithDetails("Run ID: %s", e.RunID)
}

// NoRunError is an ID of no run.
type NoRunError struct{ RunID string }

func (e *NoRunError) Error() string        { return fmt.Sprintf("there is no run %q", e.RunID) }
func (e *NoRunError) Is(target error) bool { return target == fs.ErrNotExist }

// Failure is the error in words.
func (e *NoRunError) Failure() *failure.Error {
	return failure.New(failure.Usage, "run-missing", fmt.Sprintf("There is no run “%s” on this computer.", e.RunID),
		"Check its ID in the list of runs.")
}

// List returns the receipts of all runs, the newest first, without their problems and
// request IDs, which Get returns. A run that was interrupted is StatusStopped, and one
// whose journal cannot be read is StatusFailed with the reason.
func (h *History) List(ctx context.Context) ([]Receipt, error) {
	return h.receipts(ctx, "SELECT id, begun, receipt FROM runs ORDER BY begun DESC, id DESC")
}

// Same returns, as List does, earlier runs that sent the same content and range with
// the same mapping to the same table.
func (h *History) Same(ctx context.Context, t Table, m mapping.Mapping, fileHash, sheet, area string) ([]Receipt, error) {
	about := About{Target: t, Mapping: m, Origin: Origin{FileHash: fileHash, Sheet: sheet, Range: area}}
	return h.receipts(ctx, "SELECT id, begun, receipt FROM runs WHERE same = ? AND same <> '' ORDER BY begun DESC, id DESC", about.same())
}

// InTable returns, as List does, the runs into a table.
func (h *History) InTable(ctx context.Context, t Table) ([]Receipt, error) {
	return h.receipts(ctx, `SELECT id, begun, receipt FROM runs WHERE about ->> '$.target.workspaceId' = ? AND about ->> '$.target.datasetId' = ?
		AND about ->> '$.target.table' = ? ORDER BY begun DESC, id DESC`, t.WorkspaceID, t.DatasetID, t.Table)
}

// Made reports whether a run on this computer created a dataset after a moment: it may seem
// not to be there yet.
func Made(ctx context.Context, h *History, datasetID string, after time.Time) bool {
	var made bool
	err := h.db.QueryRowContext(ctx, `SELECT count(*) > 0 AND NOT EXISTS (SELECT 1 FROM runs WHERE begun < ?1 AND about ->> '$.target.datasetId' = ?2)
		FROM runs WHERE begun >= ?1 AND about ->> '$.target.datasetId' = ?2 AND about ->> '$.target.create'`, after.UnixNano(), datasetID).Scan(&made)
	return err == nil && made
}

// receipts returns the receipts that a query finds.
func (h *History) receipts(ctx context.Context, query string, args ...any) ([]Receipt, error) {
	type found struct {
		id      string
		begun   int64
		receipt sql.NullString
	}
	var all []found
	rows, err := h.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, h.db.fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		var f found
		if err := rows.Scan(&f.id, &f.begun, &f.receipt); err != nil {
			return nil, h.db.fault(err)
		}
		all = append(all, f)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, h.db.fault(err)
	}
	list := []Receipt{}
	for _, f := range all {
		var receipt Receipt
		if f.receipt.Valid && json.Unmarshal([]byte(f.receipt.String), &receipt) == nil {
			receipt.Problems = []mapping.Problem{}
			receipt.settle([]byte(f.receipt.String))
			list = append(list, receipt)
			continue
		}
		receipt, err := h.Get(ctx, f.id)
		if errors.Is(err, fs.ErrNotExist) { // it was deleted meanwhile
			continue
		}
		if err != nil && ctx.Err() != nil {
			return nil, err
		}
		if err != nil {
			receipt = Receipt{RunID: f.id, Status: StatusFailed, Problems: []mapping.Problem{}, Started: fromUnix(f.begun)}
			receipt.Fail(err)
		}
		list = append(list, receipt)
	}
	return list, nil
}

// Get returns the receipt of one run.
func (h *History) Get(ctx context.Context, id string) (Receipt, error) {
	about, replay, err := h.read(ctx, id)
	if err != nil {
		return Receipt{}, err
	}
	receipt := replay.Receipt(about)
	if replay.Ended == nil && h.live(id) {
		now := time.Now().Round(0)
		receipt.running(now)
		if receipt.Waiting, err = h.waiting(ctx, receipt, now); err != nil {
			return Receipt{}, err
		}
	}
	return receipt, nil
}

// shortWait is not worth mentioning.
const shortWait = 2 * time.Second

// waiting works out what a run under way has to wait for, by the limits that all runs
// share.
func (h *History) waiting(ctx context.Context, r Receipt, now time.Time) (*Waiting, error) {
	l := &ledger{live: h.live}
	l.of(Table{DatasetID: r.DatasetID, Table: r.Table})
	u, err := l.read(ctx, h.db, now) // nothing is changed by looking: the run may go by another clock
	if err != nil {
		return nil, fmt.Errorf("read what was sent lately: %w", err)
	}
	q := plan.QuotaOf(u.Usage, r.Table, now)
	next := powerbi.MaxRowsPerRequest
	if rest := r.RowsTotal - r.RowsSent; rest > 0 {
		next = int(min(rest, int64(next)))
	}
	at, why, known := q.Wait(r.Retention, next, now)
	if !known || at.Sub(now) < shortWait {
		return nil, nil
	}
	return &Waiting{at, why}, nil
}

// Quota returns what a dataset was sent lately, as it matters to one of its tables.
func (h *History) Quota(ctx context.Context, datasetID, table string, now time.Time) (plan.Quota, error) {
	l := &ledger{live: h.live}
	l.of(Table{DatasetID: datasetID, Table: table})
	var u plan.Usage
	err := h.db.change(ctx, func(tx *sql.Tx) (err error) {
		u, err = l.current(ctx, tx, now)
		return err
	})
	if err != nil {
		return plan.Quota{}, err
	}
	return plan.QuotaOf(u, table, now), nil
}

// Info returns what a run is about.
func (h *History) Info(ctx context.Context, id string) (About, error) {
	about, _, err := h.read(ctx, id)
	return about, err
}

// Refused returns the rows of a run that the service did not accept, by their place in
// the source, counted from 0.
func (h *History) Refused(ctx context.Context, id string) (map[int]mapping.Problem, error) {
	_, replay, err := h.read(ctx, id)
	if err != nil {
		return nil, err
	}
	return replay.Rejects, nil
}

// Recipe returns what Journal.SetRecipe has kept with a run; nil if nothing was.
func (h *History) Recipe(ctx context.Context, id string) (json.RawMessage, error) {
	var recipe sql.NullString
	switch err := h.db.QueryRowContext(ctx, "SELECT recipe FROM runs WHERE id = ?", id).Scan(&recipe); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, &NoRunError{id}
	case err != nil:
		return nil, h.db.fault(err)
	case !recipe.Valid:
		return nil, nil
	}
	return json.RawMessage(recipe.String), nil
}

// read returns what a run is about and what its sessions did.
func (h *History) read(ctx context.Context, id string) (About, *Replay, error) {
	var about About
	var begun int64
	var text string
	var summary sql.NullString
	var details []byte
	switch err := h.db.QueryRowContext(ctx, "SELECT begun, about, receipt, details FROM runs WHERE id = ?", id).Scan(&begun, &text, &summary, &details); {
	case errors.Is(err, sql.ErrNoRows):
		return about, nil, &NoRunError{id}
	case err != nil:
		return about, nil, h.db.fault(err)
	}
	if json.Unmarshal([]byte(text), &about) != nil {
		return about, nil, h.db.fault(errDamaged)
	}
	p := newReplay(fromUnix(begun))
	if summary.Valid {
		var err error
		if p.Ended, err = join(summary.String, details); err != nil {
			return about, nil, h.db.fault(err)
		}
	}
	rows, err := h.db.QueryContext(ctx, "SELECT data FROM entries WHERE run = ? ORDER BY seq", id)
	if err != nil {
		return about, nil, h.db.fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		var data []byte
		var e Entry
		if err := rows.Scan(&data); err != nil {
			return about, nil, h.db.fault(err)
		}
		if json.Unmarshal(data, &e) != nil {
			return about, nil, h.db.fault(errDamaged)
		}
		p.apply(e)
	}
	p.end()
	return about, p, h.db.fault(rows.Err())
}

// Resume takes up a run again that is not done. fileHash is that of the content that
// will be read; if the run was begun with another, the error is a *ChangedError. Give
// the journal to the sender, or close it.
func (h *History) Resume(ctx context.Context, id, fileHash string) (*Journal, error) {
	j, err := h.Take(ctx, id)
	if err != nil {
		return nil, err
	}
	switch {
	case j.finished:
		err = &DoneError{id}
	case j.about.FileHash != fileHash:
		err = &ChangedError{j.about.File}
	}
	if err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// Take takes a run for this process, also one that is done, such as to undo it.
func (h *History) Take(ctx context.Context, id string) (*Journal, error) {
	if _, _, err := h.read(ctx, id); err != nil {
		return nil, err
	}
	j, err := h.journal(id)
	if err != nil {
		return nil, err
	}
	j.kept = true
	if j.about, j.replay, err = h.read(ctx, id); err != nil { // nobody changes it any more
		return nil, errors.Join(err, j.Close())
	}
	ended := j.replay.Ended
	j.finished = ended != nil && ended.Status.Finished()
	j.ledger.of(j.about.Target)
	return j, nil
}
