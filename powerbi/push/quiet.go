package push

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"pushdesk/powerbi"
)

// A row count proves something only when it is known who has written how much.
// Runs of this computer that send into one table therefore keep silent for the
// moment in which one of them counts.

const (
	lookAgain    = 200 * time.Millisecond // between two looks at what others do
	silenceLimit = 2 * time.Minute        // for the requests of others to end
)

// counting is a row count and what other runs of this computer have to do with it.
type counting struct {
	rows    int64
	foreign int64   // rows that other runs have added since this one counted first
	unsure  []int64 // of other runs: batches of which nobody knows whether they are among the rows
	last    int64   // the newest request of the ledger at that moment
}

var errNoSilence = errors.New("another run of this computer kept sending into the table")

// silenced tells whether another run that goes on has asked for silence. An earlier
// sitting of this run does not go on.
func (l *ledger) silenced(q querier) (bool, error) {
	var session, run string
	switch err := q.QueryRow("SELECT session, run FROM quiet WHERE dataset = ?", l.dataset).Scan(&session, &run); err {
	case nil:
		return session != l.session && run != l.run && l.runs.live(run), nil
	case sql.ErrNoRows:
		return false, nil
	default:
		return false, err
	}
}

// silence asks the others to be silent, and tells whether they are: nobody else
// asks for it, and nothing of theirs is on its way.
func (l *ledger) silence(now time.Time) (ok bool, err error) {
	err = l.runs.db.change(func(tx *sql.Tx) error {
		if silent, err := l.silenced(tx); silent || err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO quiet (dataset, session, run) VALUES (?1, ?2, ?3) ON CONFLICT (dataset) DO UPDATE SET session = ?2, run = ?3",
			l.dataset, l.session, l.run); err != nil {
			return err
		}
		s, err := l.read(tx, now)
		if err != nil {
			return err
		}
		if err := l.bury(tx, &s, now); err != nil {
			return err
		}
		if err := l.straighten(tx, &s, now); err != nil {
			return err
		}
		for _, p := range s.Requests {
			if p.Ended.IsZero() && p.Session != l.session {
				return nil
			}
		}
		ok = true
		return nil
	})
	return ok && err == nil, err
}

// speak ends the silence.
func (l *ledger) speak() error {
	return l.runs.db.change(func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM quiet WHERE dataset = ? AND session = ?", l.dataset, l.session)
		return err
	})
}

// others gives what other runs have sent into the table since this one counted.
func (l *ledger) others(c *counting) error {
	if err := l.runs.db.QueryRow("SELECT coalesce(max(id), 0) FROM requests").Scan(&c.last); err != nil {
		return l.runs.db.fault(err)
	}
	rows, err := l.runs.db.Query("SELECT taken, unsure FROM requests WHERE dataset = ? AND name = ? AND id > ? AND run <> ? AND taken > 0",
		l.dataset, l.table, l.after, l.run)
	if err != nil {
		return l.runs.db.fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		var taken int64
		var unsure bool
		if err := rows.Scan(&taken, &unsure); err != nil {
			return l.runs.db.fault(err)
		}
		if unsure {
			c.unsure = append(c.unsure, taken)
		} else {
			c.foreign += taken
		}
	}
	return l.runs.db.fault(rows.Err())
}

// lately is how long ago a row count may still not show rows that were accepted.
const lately = 2 * time.Minute

// accepted gives how many rows the table holds at least, by the last count and what
// was accepted since by runs of this computer, when that was lately; else 0. Deletions
// by others are not known.
func (l *ledger) accepted(now time.Time) (int64, error) {
	var rows int64
	var last sql.NullInt64
	err := l.runs.db.QueryRow(`SELECT c.rows + coalesce(sum(r.taken), 0), max(r.ended) FROM counts c LEFT JOIN requests r
		ON r.dataset = c.dataset AND r.name = c.name AND r.ended > c.at AND r.unsure = 0 AND r.taken > 0
		WHERE c.dataset = ? AND c.name = ? GROUP BY c.dataset`, l.dataset, l.table).Scan(&rows, &last)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, nil
	case err != nil:
		return 0, l.runs.db.fault(err)
	case !last.Valid || now.Sub(moment(last.Int64)) > lately:
		return 0, nil
	}
	return rows, nil
}

// firstCount asks the table's row count before the run. Where runs of this computer
// have just sent more rows than it shows, it is asked until they are there.
func (r *run) firstCount(ctx context.Context, tick *time.Ticker) (asked time.Time, c counting, err error) {
	for i := range pollAfter {
		r.pause(ctx, tick, pollAfter[i])
		asked = r.clock.Now()
		c, err = r.countAlone(ctx, tick, func() (int64, error) { return r.patientCount(ctx, tick, bearCount) })
		if err != nil || r.journal == nil || r.target.Retention == powerbi.RetentionFIFO || !r.deadline.IsZero() {
			return asked, c, err
		}
		least, err := r.ledger.accepted(asked)
		if err != nil || c.rows >= least {
			return asked, c, err
		}
	}
	return asked, c, nil
}

// countAlone asks the table's row count while no other run of this computer sends
// into the dataset.
func (r *run) countAlone(ctx context.Context, tick *time.Ticker, ask func() (int64, error)) (counting, error) {
	var c counting
	if r.journal == nil {
		n, err := ask()
		return counting{rows: n}, err
	}
	defer func() {
		if err := r.ledger.speak(); err != nil {
			r.end(StatusStopped, err)
		}
	}()
	for began := r.clock.Now(); ; {
		ok, err := r.ledger.silence(r.clock.Now())
		if err != nil {
			return c, err
		}
		if ok {
			break
		}
		if r.clock.Now().Sub(began) > silenceLimit || !r.deadline.IsZero() {
			return c, errNoSilence
		}
		r.pauseFor(ctx, tick, lookAgain, waitOthers)
	}
	n, err := ask()
	if err != nil {
		return c, err
	}
	c.rows = n
	return c, r.ledger.others(&c)
}
