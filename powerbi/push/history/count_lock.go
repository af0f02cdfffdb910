package history

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// A row count proves something only if it is known who has written how much. So the
// runs on this computer that send into one dataset pause for the moment in which one
// of them counts. The lock is on its dataset, and ends with the process that has it.

// AcquireCountLock asks for the lock, and reports whether the run may count: nobody
// else asks for it, and no request of another run is on its way. While it may not, the
// request for the lock already keeps others from sending.
func (j *Journal) AcquireCountLock(ctx context.Context, now time.Time) (ok bool, err error) {
	if j == nil {
		return true, nil
	}
	l := &j.ledger
	err = j.db.change(ctx, func(tx *sql.Tx) error {
		if locked, err := l.countLocked(ctx, tx); locked || err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO count_locks (dataset, session, run) VALUES (?1, ?2, ?3) ON CONFLICT (dataset) DO UPDATE SET session = ?2, run = ?3",
			l.dataset, l.session, l.run); err != nil {
			return err
		}
		u, err := l.current(ctx, tx, now)
		if err != nil {
			return err
		}
		for _, r := range u.Requests {
			if r.Ended.IsZero() && r.Session != l.session {
				return nil
			}
		}
		ok = true
		return nil
	})
	return ok && err == nil, err
}

// ReleaseCountLock lets the others send again.
func (j *Journal) ReleaseCountLock(ctx context.Context) error {
	return j.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM count_locks WHERE dataset = ? AND session = ?", j.ledger.dataset, j.ledger.session)
		return err
	})
}

// OtherWriters is what other runs on this computer have sent into the table since this
// run counted its rows first.
type OtherWriters struct {
	Rows    int64
	Unknown []int64 // batches of which nobody knows yet whether they were stored
	Last    int64   // the newest request of the ledger
}

// OtherWriters returns what other runs have sent into the table since this one counted.
func (j *Journal) OtherWriters(ctx context.Context) (o OtherWriters, err error) {
	if j == nil {
		return o, nil
	}
	l, db := &j.ledger, j.db
	if err := db.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM requests").Scan(&o.Last); err != nil {
		return o, db.fault(err)
	}
	rows, err := db.QueryContext(ctx, "SELECT accepted, unknown FROM requests WHERE dataset = ? AND name = ? AND id > ? AND run <> ? AND accepted > 0",
		l.dataset, l.table, l.after, l.run)
	if err != nil {
		return o, db.fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		var accepted int64
		var unknown bool
		if err := rows.Scan(&accepted, &unknown); err != nil {
			return o, db.fault(err)
		}
		if unknown {
			o.Unknown = append(o.Unknown, accepted)
		} else {
			o.Rows += accepted
		}
	}
	return o, db.fault(rows.Err())
}

// Counted says that the run has counted the table's rows, and which request was the
// newest then: what others send afterwards counts on top.
func (j *Journal) Counted(after int64) {
	if j != nil {
		j.ledger.after, j.ledger.counted = after, true
	}
}

// SetRows notes how many rows the table holds.
func (j *Journal) SetRows(ctx context.Context, rows int64, now time.Time) error {
	return j.change(ctx, func(tx *sql.Tx) error { return j.ledger.setRows(ctx, tx, rows, now) })
}

// lately is how long ago a row count may still not show rows that were accepted.
const lately = 2 * time.Minute

// LeastRows returns how many rows the table holds at least, by the last count and what
// was accepted since by runs on this computer, if that was lately; else 0. Deletions by
// others are not known.
func (j *Journal) LeastRows(ctx context.Context, now time.Time) (int64, error) {
	if j == nil {
		return 0, nil
	}
	var rows int64
	var last sql.NullInt64
	err := j.db.QueryRowContext(ctx, `SELECT c.rows + coalesce(sum(r.accepted), 0), max(r.ended) FROM counts c LEFT JOIN requests r
		ON r.dataset = c.dataset AND r.name = c.name AND r.ended > c.at AND r.unknown = 0 AND r.accepted > 0
		WHERE c.dataset = ? AND c.name = ? GROUP BY c.dataset`, j.ledger.dataset, j.ledger.table).Scan(&rows, &last)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, nil
	case err != nil:
		return 0, j.db.fault(err)
	case !last.Valid || now.Sub(fromUnix(last.Int64)) > lately:
		return 0, nil
	}
	return rows, nil
}
