package push

import (
	"database/sql"
	"strings"
	"time"

	"pushdesk/powerbi/push/plan"
)

// ledger is the account of what one dataset was sent lately, by every run of this
// computer: those of the window and of the command line, those before a restart,
// and those of programs that crashed. The service counts per dataset, so runs that
// send into one share what it allows.
//
// It is a lower bound of what the service has counted, because other people send
// too; what the service answers corrects it.
type ledger struct {
	runs    *Runs
	dataset string
	table   string
	session string // this sitting of a run; "" only looks
	run     string
	after   int64 // the last request when the run counted the table's rows
	counted bool  // it has
	clock   Clock // nil: the moments given are as good
}

// Requests older than this are forgotten. No window is longer than an hour, but a
// run that is resumed much later must know what others have added meanwhile.
const ledgerKeeps = 90 * 24 * time.Hour

// datasetKey is how the ledger knows a dataset. IDs are unique across tenants.
func datasetKey(id string) string { return strings.ToLower(id) }

// standing is the ledger of a dataset at a moment.
type standing struct {
	plan.Usage
	behind bool // something lies in the future: the computer's clock was put back since
}

// view is how this run looks at it.
func (l *ledger) view() plan.View {
	return plan.View{Run: l.run, Table: l.table, After: l.after, Counted: l.counted}
}

type querier interface {
	Query(query string, args ...any) (*sql.Rows, error)
	QueryRow(query string, args ...any) *sql.Row
}

// read gives the standing. An end that lies in the future was noted before the
// computer's clock was put back, and counts from now; straighten keeps that.
func (l *ledger) read(q querier, now time.Time) (standing, error) {
	var s standing
	rows, err := q.Query(`SELECT id, session, run, name, ended, rows, counts, taken, unsure FROM requests
		WHERE dataset = ? AND (ended IS NULL OR ended > ?) ORDER BY ended IS NULL, ended, id`, l.dataset, stamp(now.Add(-time.Hour)))
	if err != nil {
		return s, err
	}
	defer rows.Close()
	for rows.Next() {
		var p plan.Request
		var ended sql.NullInt64
		if err := rows.Scan(&p.ID, &p.Session, &p.Run, &p.Table, &ended, &p.Rows, &p.Counts, &p.Accepted, &p.Unknown); err != nil {
			return s, err
		}
		if ended.Valid {
			if p.Ended = moment(ended.Int64); p.Ended.After(now) {
				p.Ended, s.behind = now, true
			}
		}
		s.Requests = append(s.Requests, p)
	}
	if err := rows.Err(); err != nil {
		return s, err
	}
	if err := rows.Close(); err != nil {
		return s, err
	}
	var until, said int64
	switch err := q.QueryRow("SELECT until, why, said FROM holds WHERE dataset = ?", l.dataset).Scan(&until, &s.HeldWhy, &said); err {
	case nil:
		s.HeldUntil = moment(until)
		if at := moment(said); at.After(now) {
			s.HeldUntil, s.behind = now.Add(s.HeldUntil.Sub(at)), true
		}
	case sql.ErrNoRows:
	default:
		return s, err
	}
	s.Tables, err = l.sizes(q)
	for _, t := range s.Tables {
		s.behind = s.behind || t.At.After(now)
	}
	return s, err
}

// ahead is how far what was noted must lie in the future to tell that the clock was put
// back since: a moment that was taken before the database was free may be a little old.
const ahead = time.Minute

// straighten moves what lies in the future to now, once: it would look just said, or
// just sent, until the clock is where it was.
func (l *ledger) straighten(tx *sql.Tx, s *standing, now time.Time) error {
	if !s.behind {
		return nil
	}
	if l.clock != nil {
		if fresh := l.clock.Now(); fresh.After(now) { // nothing else can have been noted meanwhile
			now = fresh
		}
	}
	for _, change := range []string{
		"UPDATE requests SET ended = ?1 WHERE dataset = ?2 AND ended > ?3",
		"UPDATE counts SET at = ?1 WHERE dataset = ?2 AND at > ?3",
		"UPDATE holds SET until = ?1 + until - said, said = ?1 WHERE dataset = ?2 AND said > ?3",
	} {
		if _, err := tx.Exec(change, stamp(now), l.dataset, stamp(now.Add(ahead))); err != nil {
			return err
		}
	}
	return nil
}

// sizes gives what is known of the tables of the dataset: the last count, and what
// was sent since.
func (l *ledger) sizes(q querier) (map[string]plan.TableRows, error) {
	rows, err := q.Query(`SELECT c.name, c.at, c.rows + coalesce((SELECT sum(taken) FROM requests r
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
		list[name] = plan.TableRows{Rows: n, At: moment(at)}
	}
	return list, rows.Err()
}

// dead tells whether a request without an answer will never have one noted: the
// program that made it has ended.
func (l *ledger) dead(p plan.Request) bool {
	if p.Session == l.session {
		return false
	}
	return p.Run == l.run && l.session != "" || !l.runs.live(p.Run)
}

// bury ends the requests of programs that have ended. Whether the service took
// them is not known, so they count.
func (l *ledger) bury(tx *sql.Tx, s *standing, now time.Time) error {
	for i, p := range s.Requests {
		if !p.Ended.IsZero() || !l.dead(p) {
			continue
		}
		if _, err := tx.Exec("UPDATE requests SET ended = ?, counts = 1, taken = rows, unsure = 1 WHERE id = ?", stamp(now), p.ID); err != nil {
			return err
		}
		s.Requests[i].Ended, s.Requests[i].Counts, s.Requests[i].Accepted, s.Requests[i].Unknown = now, true, p.Rows, true
	}
	return nil
}

// reserve lets a batch of n rows go now, if every run together leaves room for it,
// and writes both the ledger and the journal before it gives the request's ID.
// The pacer knows what the others do afterwards, whatever the answer.
func (l *ledger) reserve(j *Journal, p *plan.Pacer, now time.Time, n int, e entry) (id int64, ok bool, err error) {
	err = l.runs.db.change(func(tx *sql.Tx) error {
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
		p.Adopt(s.Usage, l.view(), now)
		if at, _, known := p.Next(now, n); !known || at.After(now) {
			return nil
		}
		if silent, err := l.silenced(tx); silent || err != nil {
			p.Hold(now, now.Add(lookAgain), waitCounting)
			return err
		}
		done, err := tx.Exec("INSERT INTO requests (dataset, session, run, name, started, rows, counts, taken, unsure) VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0)",
			l.dataset, l.session, l.run, l.table, stamp(now), n)
		if err != nil {
			return err
		}
		ok = true
		if id, err = done.LastInsertId(); err != nil {
			return err
		}
		e.Ledger = id
		return j.add(tx, e, now)
	})
	return id, ok && err == nil, err
}

// end notes the answer to a request, together with the journal's entry. unsure says
// that the answer was lost.
func (l *ledger) end(j *Journal, id int64, now time.Time, counts bool, taken int, unsure bool, e entry) error {
	return l.runs.db.change(func(tx *sql.Tx) error {
		if _, err := tx.Exec("UPDATE requests SET ended = ?, counts = ?, taken = ?, unsure = ? WHERE id = ?", stamp(now), counts, taken, unsure, id); err != nil {
			return err
		}
		return j.add(tx, e, now)
	})
}

// settled notes whether the rows of a request were stored after all, together with
// the journal's entry.
func (l *ledger) settled(j *Journal, id int64, taken int, e entry, now time.Time) error {
	return l.runs.db.change(func(tx *sql.Tx) error {
		if _, err := tx.Exec("UPDATE requests SET taken = ?, unsure = 0 WHERE id = ?", taken, id); err != nil {
			return err
		}
		return j.add(tx, e, now)
	})
}

// hold notes that the service wants nothing before a moment. One that ends later
// stands.
func (l *ledger) hold(now, until time.Time, why string) error {
	return l.runs.db.change(func(tx *sql.Tx) error {
		s, err := l.read(tx, now)
		if err != nil {
			return err
		}
		if err := l.straighten(tx, &s, now); err != nil || !s.HeldUntil.Before(until) {
			return err
		}
		_, err = tx.Exec("INSERT INTO holds (dataset, until, said, why) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (dataset) DO UPDATE SET until = ?2, said = ?3, why = ?4",
			l.dataset, stamp(until), stamp(now), why)
		return err
	})
}

// sized notes how many rows a table holds, and forgets requests nobody needs.
func (l *ledger) sized(rows int64, now time.Time) error {
	return l.runs.db.change(func(tx *sql.Tx) error {
		if _, err := tx.Exec("INSERT INTO counts (dataset, name, rows, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (dataset, name) DO UPDATE SET rows = ?3, at = ?4",
			l.dataset, l.table, rows, stamp(now)); err != nil {
			return err
		}
		_, err := tx.Exec("DELETE FROM requests WHERE ended < ?", stamp(now.Add(-ledgerKeeps)))
		return err
	})
}

// Quota gives the ledger of a dataset at a moment.
func (r *Runs) Quota(datasetID, table string, now time.Time) (plan.Quota, error) {
	l := &ledger{runs: r, dataset: datasetKey(datasetID), table: table}
	var s standing
	err := r.db.change(func(tx *sql.Tx) (err error) {
		if s, err = l.read(tx, now); err != nil {
			return err
		}
		if err := l.bury(tx, &s, now); err != nil {
			return err
		}
		return l.straighten(tx, &s, now)
	})
	if err != nil {
		return plan.Quota{}, err
	}
	return plan.QuotaOf(s.Usage, table, now), nil
}
