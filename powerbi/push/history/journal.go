package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"pushdesk/powerbi/push/plan"
	"pushdesk/storage"
)

// Journal is the account of one run on disk. Each batch is written, and forced to the
// disk, before its POST and after its answer, so that a crash leaves no more unknown
// than what was on its way. It holds row numbers and column names, but no values of
// accepted rows.
//
// It belongs to one process at a time, from Begin, Resume or Take until Close. A nil
// Journal keeps nothing and always has room.
type Journal struct {
	id       string
	db       *database
	lock     *storage.Lock
	about    About   // of a run that is resumed
	replay   *Replay // what earlier sessions did; nil for a new run
	recipe   []byte  // to be kept with it
	ledger   ledger
	kept     bool // the database knows the run
	finished bool // nothing is left to send
}

// ID returns the ID of the run.
func (j *Journal) ID() string { return j.id }

// About returns what a resumed run is about.
func (j *Journal) About() About { return j.about }

// Replay returns what earlier sessions of the run did; nil for a new run.
func (j *Journal) Replay() *Replay {
	if j == nil {
		return nil
	}
	return j.replay
}

// SetRecipe keeps with the run what its caller needs to take it up again, such as how
// its file was read. Start writes it, before the first row leaves; History.Recipe
// returns it. It must hold no secret.
func (j *Journal) SetRecipe(recipe json.RawMessage) { j.recipe = recipe }

// SetTable says that the table of a resumed run has another name now.
func (j *Journal) SetTable(name string) { j.about.Target.Table = name }

// Start writes the start of a session. clock tells the time of the run.
func (j *Journal) Start(ctx context.Context, about About, now time.Time, clock func() time.Time) error {
	if j == nil {
		return nil
	}
	if j.replay != nil {
		if err := about.resumes(j.about); err != nil {
			return err
		}
	}
	text, err := json.Marshal(about)
	if err != nil {
		return fmt.Errorf("write what the run is about: %w", err)
	}
	j.ledger.of(about.Target)
	j.ledger.clock = clock
	return j.db.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO runs (id, begun, about, same) VALUES (?1, ?2, ?3, ?4)
			ON CONFLICT (id) DO UPDATE SET about = ?3, receipt = NULL, details = NULL`, j.id, toUnix(now), string(text), about.same())
		if err != nil {
			return err
		}
		if j.recipe != nil {
			if _, err := tx.ExecContext(ctx, "UPDATE runs SET recipe = ? WHERE id = ?", string(j.recipe), j.id); err != nil {
				return err
			}
		}
		j.kept = true
		return j.add(ctx, tx, Entry{Kind: Started}, now)
	})
}

// change does several writes at once, all or none.
func (j *Journal) change(ctx context.Context, do func(*sql.Tx) error) error {
	if j == nil {
		return nil
	}
	return j.db.change(ctx, do)
}

// Add writes an entry and forces it to the disk.
func (j *Journal) Add(ctx context.Context, e Entry, now time.Time) error {
	return j.change(ctx, func(tx *sql.Tx) error { return j.add(ctx, tx, e, now) })
}

// add adds an entry as a part of a larger change.
func (j *Journal) add(ctx context.Context, tx *sql.Tx, e Entry, now time.Time) error {
	e.Time = now
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO entries (run, data) VALUES (?, ?)", j.id, string(line))
	return err
}

// Finish writes the receipt of a session and closes the journal.
func (j *Journal) Finish(ctx context.Context, r Receipt) error {
	if j == nil {
		return nil
	}
	err := j.db.change(ctx, func(tx *sql.Tx) error {
		if err := j.keepReceipt(ctx, tx, r, r.Status.Finished()); err != nil || r.Status.Finished() {
			return err
		}
		return j.add(ctx, tx, Entry{Kind: Ended, Session: &Session{r.DurationMs, r.WaitedMs, r.RowsRead, r.Filtered}}, r.Ended)
	})
	j.finished = j.finished || err == nil && r.Status.Finished()
	return errors.Join(err, j.Close())
}

// Undone writes that all rows of the run's table were deleted to undo the run.
func (j *Journal) Undone(ctx context.Context, now time.Time) error {
	r := j.replay.Receipt(j.about)
	r.Status, r.Undone, r.Resumable = StatusUndone, now, false
	err := j.db.change(ctx, func(tx *sql.Tx) error {
		if err := j.keepReceipt(ctx, tx, r, true); err != nil {
			return err
		}
		return j.ledger.setRows(ctx, tx, 0, now)
	})
	j.finished = j.finished || err == nil
	return err
}

// keepReceipt writes a receipt. If the run has nothing left to send, the entries of its
// journal go but for those of rows that the service refused: the rows can still be saved
// to be corrected.
func (j *Journal) keepReceipt(ctx context.Context, tx *sql.Tx, r Receipt, finished bool) error {
	summary, details, err := r.split()
	if err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, "UPDATE runs SET receipt = ?, details = ? WHERE id = ?", summary, details, j.id); err != nil || !finished {
		return err
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM entries WHERE run = ? AND data ->> 'type' <> ?", j.id, string(Rejected))
	return err
}

// Close lets other processes have the run. A journal that was begun and never used
// leaves nothing behind.
func (j *Journal) Close() error {
	if j == nil || j.lock == nil {
		return nil
	}
	lock := j.lock
	j.lock = nil
	if j.finished || !j.kept { // nobody has a reason to lock it again
		return lock.UnlockAndRemove()
	}
	return lock.Unlock()
}

// Answer is what became of a request as the ledger counts it.
type Answer struct {
	Counts   bool // it reached the service, or may have
	Accepted int  // rows
	Unknown  bool // the answer was lost
}

// Reserve lets a batch go now if fits says that the dataset's usage leaves room for
// it, and writes both the ledger and the journal before it returns the request's ID. It
// returns ErrCounting while another run counts rows, and no ID while there is no room.
func (j *Journal) Reserve(ctx context.Context, now time.Time, e Entry, fits func(plan.Usage) bool) (id int64, ok bool, err error) {
	if j == nil {
		return 0, true, nil
	}
	err = j.db.change(ctx, func(tx *sql.Tx) error {
		u, err := j.ledger.current(ctx, tx, now)
		if err != nil || !fits(u) {
			return err
		}
		if locked, err := j.ledger.countLocked(ctx, tx); locked || err != nil {
			return errors.Join(err, ErrCounting)
		}
		ok = true
		if id, err = j.ledger.add(ctx, tx, e.Rows, now); err != nil {
			return err
		}
		e.Ledger = id
		return j.add(ctx, tx, e, now)
	})
	return id, ok && err == nil, err
}

// End writes the answer to a request, together with the journal's entry.
func (j *Journal) End(ctx context.Context, id int64, a Answer, e Entry, now time.Time) error {
	return j.change(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE requests SET ended = ?, counts = ?, accepted = ?, unknown = ? WHERE id = ?",
			toUnix(now), a.Counts, a.Accepted, a.Unknown, id); err != nil {
			return err
		}
		return j.add(ctx, tx, e, now)
	})
}

// Resolve writes whether the rows of a request were stored whose answer was lost,
// together with the journal's entry.
func (j *Journal) Resolve(ctx context.Context, id int64, accepted int, e Entry, now time.Time) error {
	return j.change(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE requests SET accepted = ?, unknown = 0 WHERE id = ?", accepted, id); err != nil {
			return err
		}
		return j.add(ctx, tx, e, now)
	})
}

// View is how the run looks at the usage of its dataset.
func (j *Journal) View() plan.View {
	return plan.View{Run: j.ledger.run, Table: j.ledger.table, After: j.ledger.after, Counted: j.ledger.counted}
}

// Usage returns what the run's dataset was sent.
func (j *Journal) Usage(ctx context.Context, now time.Time) (plan.Usage, error) {
	u, err := j.ledger.read(ctx, j.db, now)
	if err == nil && u.behind {
		err = j.db.change(ctx, func(tx *sql.Tx) error { return j.ledger.fixClock(ctx, tx, u, now) })
	}
	return u.Usage, j.db.fault(err)
}

// Hold notes that the service wants nothing before a time. One that ends later stands.
func (j *Journal) Hold(ctx context.Context, now, until time.Time, why string) error {
	return j.change(ctx, func(tx *sql.Tx) error {
		l := &j.ledger
		u, err := l.read(ctx, tx, now)
		if err != nil {
			return err
		}
		if err := l.fixClock(ctx, tx, u, now); err != nil || !u.HeldUntil.Before(until) {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO holds (dataset, until, said, why) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (dataset) DO UPDATE SET until = ?2, said = ?3, why = ?4",
			l.dataset, toUnix(until), toUnix(now), why)
		return err
	})
}
