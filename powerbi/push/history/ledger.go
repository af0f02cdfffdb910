package history

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
)

// ledger is the account of what one dataset was sent lately, by every run on this
// computer: those of the window and of the command line, those before a restart, and
// those of programs that crashed. The service counts per dataset, so runs that send
// into one share what it allows.
//
// It is a lower bound of what the service has counted, because other people send too;
// what the service answers corrects it.
type ledger struct {
	live    func(run string) bool // a process is at a run
	dataset string
	table   string
	session string // of the run; "" only looks
	run     string
	after   int64 // the last request when the run counted the table's rows
	counted bool  // it has
	clock   func() time.Time
}

// Requests older than this are forgotten. No window is longer than an hour, but a run
// that is resumed much later must know what others have added meanwhile.
const ledgerKeeps = 90 * 24 * time.Hour

// of says which table the ledger is about. IDs are unique across tenants.
func (l *ledger) of(t Table) { l.dataset, l.table = strings.ToLower(t.DatasetID), t.Table }

// usage is what a dataset was sent, at a moment.
type usage struct {
	plan.Usage
	behind bool // something lies in the future: the computer's clock was put back since
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// read returns the usage. An end that lies in the future was noted before the
// computer's clock was put back, and counts from now; fixClock keeps that.
func (l *ledger) read(ctx context.Context, q querier, now time.Time) (usage, error) {
	var u usage
	rows, err := q.QueryContext(ctx, `SELECT id, session, run, name, ended, rows, counts, accepted, unknown FROM requests
		WHERE dataset = ? AND (ended IS NULL OR ended > ?) ORDER BY ended IS NULL, ended, id`, l.dataset, toUnix(now.Add(-time.Hour)))
	if err != nil {
		return u, err
	}
	defer rows.Close()
	for rows.Next() {
		var r plan.Request
		var ended sql.NullInt64
		if err := rows.Scan(&r.ID, &r.Session, &r.Run, &r.Table, &ended, &r.Rows, &r.Counts, &r.Accepted, &r.Unknown); err != nil {
			return u, err
		}
		if ended.Valid {
			if r.Ended = fromUnix(ended.Int64); r.Ended.After(now) {
				r.Ended, u.behind = now, true
			}
		}
		u.Requests = append(u.Requests, r)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return u, err
	}
	var until, said int64
	switch err := q.QueryRowContext(ctx, "SELECT until, why, said FROM holds WHERE dataset = ?", l.dataset).Scan(&until, &u.HeldWhy, &said); {
	case err == nil:
		u.HeldUntil = fromUnix(until)
		if at := fromUnix(said); at.After(now) {
			u.HeldUntil, u.behind = now.Add(u.HeldUntil.Sub(at)), true
		}
	case !errors.Is(err, sql.ErrNoRows):
		return u, err
	}
	u.Tables, err = l.sizes(ctx, q)
	for _, t := range u.Tables {
		u.behind = u.behind || t.At.After(now)
	}
	return u, err
}

// current returns the usage once requests of programs that have ended are expired and
// what lies in the future is moved to now.
func (l *ledger) current(ctx context.Context, tx *sql.Tx, now time.Time) (plan.Usage, error) {
	u, err := l.read(ctx, tx, now)
	if err == nil {
		err = l.expire(ctx, tx, &u, now)
	}
	if err == nil {
		err = l.fixClock(ctx, tx, u, now)
	}
	return u.Usage, err
}

// ahead is how far what was noted must lie in the future to tell that the clock was put
// back since: a time that was taken before the database was free may be a little old.
const ahead = time.Minute

// fixClock moves what lies in the future to now, once: it would look just said, or just
// sent, until the clock is where it was.
func (l *ledger) fixClock(ctx context.Context, tx *sql.Tx, u usage, now time.Time) error {
	if !u.behind {
		return nil
	}
	if l.clock != nil {
		if fresh := l.clock(); fresh.After(now) { // nothing else can have been noted meanwhile
			now = fresh
		}
	}
	for _, change := range []string{
		"UPDATE requests SET ended = ?1 WHERE dataset = ?2 AND ended > ?3",
		"UPDATE counts SET at = ?1 WHERE dataset = ?2 AND at > ?3",
		"UPDATE holds SET until = ?1 + until - said, said = ?1 WHERE dataset = ?2 AND said > ?3",
	} {
		if _, err := tx.ExecContext(ctx, change, toUnix(now), l.dataset, toUnix(now.Add(ahead))); err != nil {
			return err
		}
	}
	return nil
}

// sizes returns what is known of the tables of the dataset: the last count, and what
// was sent since.
func (l *ledger) sizes(ctx context.Context, q querier) (map[string]plan.TableRows, error) {
	rows, err := q.QueryContext(ctx, `SELECT c.name, c.at, c.rows + coalesce((SELECT sum(accepted) FROM requests r
		WHERE r.dataset = c.dataset AND r.name = c.name AND r.ended > c.at), 0) FROM counts c WHERE c.dataset = ?`, l.dataset)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := map[string]plan.TableRows{}
	for rows.Next() {
		var name string
		var at, n int64
		if err := rows.Scan(&name, &at, &n); err != nil {
			return nil, err
		}
		list[name] = plan.TableRows{Rows: n, At: fromUnix(at)}
	}
	return list, rows.Err()
}

// stale reports whether a request without an answer will never have one noted: the
// program that made it has ended.
func (l *ledger) stale(r plan.Request) bool {
	if r.Session == l.session {
		return false
	}
	return r.Run == l.run && l.session != "" || !l.live(r.Run)
}

// expire ends the requests of programs that have ended. Whether the service accepted
// them is not known, so they count.
func (l *ledger) expire(ctx context.Context, tx *sql.Tx, u *usage, now time.Time) error {
	for i, r := range u.Requests {
		if !r.Ended.IsZero() || !l.stale(r) {
			continue
		}
		if _, err := tx.ExecContext(ctx, "UPDATE requests SET ended = ?, counts = 1, accepted = rows, unknown = 1 WHERE id = ?", toUnix(now), r.ID); err != nil {
			return err
		}
		u.Requests[i].Ended, u.Requests[i].Counts, u.Requests[i].Accepted, u.Requests[i].Unknown = now, true, r.Rows, true
	}
	return nil
}

// add notes a request that is about to be sent.
func (l *ledger) add(ctx context.Context, tx *sql.Tx, rows int, now time.Time) (int64, error) {
	done, err := tx.ExecContext(ctx, "INSERT INTO requests (dataset, session, run, name, started, rows, counts, accepted, unknown) VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0)",
		l.dataset, l.session, l.run, l.table, toUnix(now), rows)
	if err != nil {
		return 0, err
	}
	return done.LastInsertId()
}

// setRows notes how many rows a table holds, and forgets requests nobody needs.
func (l *ledger) setRows(ctx context.Context, tx *sql.Tx, rows int64, now time.Time) error {
	if _, err := tx.ExecContext(ctx, "INSERT INTO counts (dataset, name, rows, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (dataset, name) DO UPDATE SET rows = ?3, at = ?4",
		l.dataset, l.table, rows, toUnix(now)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM requests WHERE ended < ?", toUnix(now.Add(-ledgerKeeps)))
	return err
}

// ErrCounting says that another run is counting rows, so that nothing may be sent.
var ErrCounting = failure.New(failure.Stopped, "run-counting", "Another run on this computer is counting the table's rows.", "Try again in a moment.")

// countLocked reports whether another run that is under way has the lock or wants it.
// An earlier session of this run is not under way.
func (l *ledger) countLocked(ctx context.Context, q querier) (bool, error) {
	var session, run string
	err := q.QueryRowContext(ctx, "SELECT session, run FROM count_locks WHERE dataset = ?", l.dataset).Scan(&session, &run)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil && session != l.session && run != l.run && l.live(run), err
}
