package push

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"time"

	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"

	"github.com/gofrs/flock"
)

// Journal is the account of one run on disk. Each batch is written, and forced to
// the disk, before its POST and after its answer, so that a crash leaves no more in
// doubt than what was on its way. It holds row numbers and column names, but no
// values of accepted rows.
//
// It belongs to one process at a time, from Runs.Begin or Runs.Resume until Close,
// which Send calls.
type Journal struct {
	id      string
	runs    *Runs
	lock    *flock.Flock
	session string  // this sitting of the run
	meta    runMeta // of a run that is resumed
	past    *past   // what earlier sessions did; nil for a new run
	recipe  []byte  // to be kept with it
	begun   bool    // the database knows the run
	done    bool    // the run has nothing left to send
}

// ID is the ID of the run.
func (j *Journal) ID() string { return j.id }

// Target is where a resumed run sends to.
func (j *Journal) Target() Target { return j.meta.Target }

// Mapping is that of a resumed run.
func (j *Journal) Mapping() mapping.Mapping { return j.meta.Mapping }

// SetRecipe keeps with the run what its caller needs to take it up again, such as how
// its file was read. Send writes it with the start of the run, before the first row
// leaves; Runs.Recipe returns it. It must hold no secret.
func (j *Journal) SetRecipe(recipe json.RawMessage) { j.recipe = recipe }

// Options are those of a resumed run, with the journal in them.
func (j *Journal) Options() Options {
	return Options{Mode: j.meta.Mode, Policy: j.meta.Policy, Journal: j, TotalRows: j.meta.TotalRows,
		File: j.meta.File, Sheet: j.meta.Sheet, Range: j.meta.Range, FileHash: j.meta.FileHash,
		By: j.meta.By, Connection: j.meta.Connection, Of: j.meta.Of, Skip: j.meta.Skip, Limit: j.meta.Limit}
}

// runMeta is what a run is about.
type runMeta struct {
	RunID     string          `json:"runId"`
	Target    Target          `json:"target"`
	Mapping   mapping.Mapping `json:"mapping"`
	Mode      plan.Mode       `json:"mode"`
	Policy    mapping.Policy  `json:"policy"`
	File      string          `json:"file,omitempty"`
	Sheet     string          `json:"sheet,omitempty"`
	Range     string          `json:"range,omitempty"`
	FileHash  string          `json:"fileHash,omitempty"`
	TotalRows int64           `json:"totalRows,omitempty"`
	Skip      int64           `json:"skip,omitempty"`
	Limit     int64           `json:"limit,omitempty"`

	By         string `json:"by,omitempty"`
	Connection string `json:"connection,omitempty"`
	Of         string `json:"of,omitempty"`
}

// same is one text for all runs that send the same rows in the same way to the
// same table.
func (m runMeta) same() string {
	about := runMeta{FileHash: m.FileHash, Sheet: m.Sheet, Range: m.Range, Mapping: m.Mapping, Skip: m.Skip, Limit: m.Limit,
		Target: Target{WorkspaceID: m.Target.WorkspaceID, DatasetID: m.Target.DatasetID, Table: m.Target.Table}}
	text, err := json.Marshal(about)
	if err != nil || m.FileHash == "" { // without a hash nothing is known to be the same
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// The kinds of entries.
const (
	entryStart    = "start"    // of a session; the first holds what the run is about
	entryBase     = "base"     // the rows in the table before the run
	entryDelete   = "delete"   // the table is about to be emptied
	entryDeleted  = "deleted"  // it is empty
	entryPost     = "post"     // a batch is about to be sent
	entryAccepted = "accepted" // the service took it
	entryRefused  = "refused"  // it did not, or was not reached
	entryUnknown  = "unknown"  // its answer was lost
	entrySettled  = "settled"  // what became of it was found out, or not (no stored)
	entryPartly   = "partly"   // a refused batch of which the table seems to hold a part
	entryRejected = "rejected" // one row is left out because the service does not take it
	entryEnd      = "end"      // of a session
	entryUndone   = "undone"   // the run's rows were taken back
)

// entry is one entry of a journal.
type entry struct {
	Type      string           `json:"type"`
	Time      time.Time        `json:"time"`
	Run       *runMeta         `json:"run,omitempty"`
	Batch     int              `json:"batch,omitempty"`
	Try       int              `json:"try,omitempty"`
	Rows      int              `json:"rows,omitempty"`
	First     int              `json:"first,omitempty"` // sheet rows
	Last      int              `json:"last,omitempty"`
	Spans     []span           `json:"spans,omitempty"` // rows of the source
	Bytes     int              `json:"bytes,omitempty"`
	RequestID string           `json:"requestId,omitempty"`
	Why       string           `json:"why,omitempty"`
	Count     *int64           `json:"count,omitempty"` // the table's row count; -1 when it could not be asked
	Stored    *bool            `json:"stored,omitempty"`
	Problem   *mapping.Problem `json:"problem,omitempty"`
	Receipt   *Receipt         `json:"receipt,omitempty"`
	Ledger    int64            `json:"ledger,omitempty"` // the request in the ledger
}

// open writes the start of a session.
func (j *Journal) open(meta runMeta, now time.Time) error {
	if j.past != nil {
		if err := j.sameRun(meta); err != nil {
			return err
		}
	}
	about, err := json.Marshal(meta)
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	return j.runs.db.change(func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO runs (id, begun, meta, same) VALUES (?1, ?2, ?3, ?4)
			ON CONFLICT (id) DO UPDATE SET meta = ?3, receipt = NULL`, j.id, stamp(now), string(about), meta.same())
		if err != nil {
			return err
		}
		if j.recipe != nil {
			if _, err := tx.Exec("UPDATE runs SET recipe = ? WHERE id = ?", string(j.recipe), j.id); err != nil {
				return err
			}
		}
		j.begun = true
		return j.add(tx, entry{Type: entryStart, Run: &meta}, now)
	})
}

// sameRun checks that a run is resumed with what it was begun with. The policy
// may be another: it decides about rows that were not sent yet.
func (j *Journal) sameRun(meta runMeta) error {
	was := j.meta
	switch {
	case was.FileHash != meta.FileHash:
		return &ChangedError{File: was.File}
	case was.Target.WorkspaceID != meta.Target.WorkspaceID || was.Target.DatasetID != meta.Target.DatasetID || was.Target.Table != meta.Target.Table:
		return errors.New("the run was begun with another target")
	case !reflect.DeepEqual(was.Mapping, meta.Mapping) || was.Mode != meta.Mode:
		return errors.New("the run was begun with another mapping or mode")
	case was.Skip != meta.Skip || was.Limit != meta.Limit:
		return errors.New("the run was begun with another part of the file")
	}
	return nil
}

// write adds an entry and forces it to the disk.
func (j *Journal) write(e entry, now time.Time) error {
	return j.runs.db.change(func(tx *sql.Tx) error { return j.add(tx, e, now) })
}

// add adds an entry as a part of a larger change.
func (j *Journal) add(tx *sql.Tx, e entry, now time.Time) error {
	e.Time = now
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	_, err = tx.Exec("INSERT INTO entries (run, data) VALUES (?, ?)", j.id, string(line))
	return err
}

// finish writes the receipt and closes the journal. It may be nil.
func (j *Journal) finish(r Receipt) error {
	if j == nil {
		return nil
	}
	data, err := json.Marshal(r)
	if err != nil {
		return errors.Join(fmt.Errorf("write the receipt: %w", err), j.Close())
	}
	err = j.runs.db.change(func(tx *sql.Tx) error {
		if _, err := tx.Exec("UPDATE runs SET receipt = ? WHERE id = ?", string(data), j.id); err != nil {
			return err
		}
		return j.add(tx, entry{Type: entryEnd, Receipt: &r}, r.Ended)
	})
	j.done = err == nil && r.Status == StatusDone
	return errors.Join(err, j.Close())
}

// Close lets other processes have the run. A journal that was begun and never
// used leaves nothing behind. It may be nil.
func (j *Journal) Close() error {
	if j == nil {
		return nil
	}
	err := j.lock.Unlock()
	if j.done || !j.begun { // nobody has a reason to lock it again
		os.Remove(j.lock.Path())
	}
	return err
}

// note writes an entry of this run. When that fails nothing more is sent: a batch
// that no journal knows of must not be on its way.
func (r *run) note(e entry) {
	if r.journal == nil {
		return
	}
	if err := r.journal.write(e, r.clock.Now()); err != nil {
		r.end(StatusStopped, err)
	}
}

// JournalError is a journal that cannot be written or read.
type JournalError struct {
	Path string
	Err  error
}

func (e *JournalError) Error() string { return fmt.Sprintf("the journal %s: %v", e.Path, e.Err) }
func (e *JournalError) Unwrap() error { return e.Err }
func (e *JournalError) Sentence() string {
	return "The journal of the run could not be kept on this computer."
}
func (e *JournalError) Remedy() string {
	return "Check that the disk is not full and that you may write into the program's folder, then resume."
}
func (e *JournalError) Who() string     { return "you" }
func (e *JournalError) Details() string { return e.Error() }

// ChangedError is a file that is not the one a run was begun with.
type ChangedError struct{ File string }

func (e *ChangedError) Error() string { return "the file has changed since the run was begun" }
func (e *ChangedError) Sentence() string {
	return "The file has changed since the run was begun, so that it is not known which of its rows were sent."
}
func (e *ChangedError) Remedy() string {
	return "Choose the file as it was. Or start a new run; with Replace nothing is doubled."
}
func (e *ChangedError) Who() string     { return "you" }
func (e *ChangedError) Details() string { return "File: " + e.File }
