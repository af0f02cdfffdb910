package history

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// KeepYear is how long runs are kept unless a person decides otherwise.
const KeepYear = 365 * 24 * time.Hour

// Delete deletes a run that no process is at: its receipt, its journal and everything
// else that is kept of it. What its requests count in the limits stays, without values.
func (h *History) Delete(ctx context.Context, id string) error {
	if _, _, err := h.read(ctx, id); err != nil && !errors.Is(err, ErrNotKept) && !errors.Is(err, ErrDamaged) { // a damaged one can be deleted
		return err
	}
	j, err := h.journal(id)
	if err != nil {
		return err
	}
	err = h.db.change(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM runs WHERE id = ?", id)
		return err
	})
	j.kept = err != nil
	return errors.Join(err, j.Close(), h.shrink(ctx))
}

// Sweep deletes the runs that began longer ago than keep and that no process is at, and
// returns how many. A keep of 0 or less deletes none.
func (h *History) Sweep(ctx context.Context, keep time.Duration, now time.Time) (n int, err error) {
	if keep <= 0 {
		return 0, nil
	}
	rows, err := h.db.QueryContext(ctx, "SELECT id FROM runs WHERE begun < ?", toUnix(now.Add(-keep)))
	if err != nil {
		return 0, h.db.fault(err)
	}
	defer rows.Close()
	var old []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return 0, h.db.fault(err)
		}
		old = append(old, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return 0, h.db.fault(err)
	}
	for _, id := range old {
		var busy *BusyError
		switch err := h.Delete(ctx, id); {
		case errors.As(err, &busy):
		case err != nil:
			return n, err
		default:
			n++
		}
	}
	return n, nil
}

// shrink gives space that is no longer needed back to the disk.
func (h *History) shrink(ctx context.Context) error {
	_, err := h.db.ExecContext(ctx, "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)")
	return h.db.fault(err)
}
