package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"pushdesk/storage"
	"pushdesk/storage/failure"
)

const (
	databaseFile    = "history.db"
	databaseVersion = 1
	busyWait        = 20 * time.Second // for another process that is writing
)

// tables are those of the history. Times are nanoseconds since 1970 in UTC.
const tables = `
CREATE TABLE runs (
	id       TEXT PRIMARY KEY,
	begun    INTEGER NOT NULL,
	about    TEXT NOT NULL,    -- what it is about, as JSON
	same     TEXT NOT NULL,    -- the same for runs with the same content, range, mapping and target
	recipe   TEXT,             -- what is needed to read the file again on resuming, as JSON
	receipt  TEXT,             -- of the last session, once it has ended, as JSON without what is long
	details  BLOB              -- what is long in the receipt, as compressed JSON
) STRICT;
CREATE INDEX runs_same ON runs(same);
CREATE INDEX runs_begun ON runs(begun);

CREATE TABLE entries (
	seq  INTEGER PRIMARY KEY, -- in the order of writing
	run  TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
	data TEXT NOT NULL        -- one entry of the run's journal, as JSON
) STRICT;
CREATE INDEX entries_run ON entries(run, seq);

CREATE TABLE requests (
	id       INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: a run remembers the last one at its row count
	dataset  TEXT NOT NULL,
	session  TEXT NOT NULL,    -- of the run that made it
	run      TEXT NOT NULL,
	name     TEXT NOT NULL,    -- of the table
	started  INTEGER NOT NULL,
	ended    INTEGER,          -- NULL while there is no answer
	rows     INTEGER NOT NULL,
	counts   INTEGER NOT NULL, -- 1 when it reached the service, or may have
	accepted INTEGER NOT NULL, -- rows the service accepted, or may have
	unknown  INTEGER NOT NULL  -- 1 while nobody knows whether it accepted them
) STRICT;
CREATE INDEX requests_dataset ON requests(dataset, ended);
CREATE INDEX requests_table ON requests(dataset, name, id);

CREATE TABLE holds (
	dataset TEXT PRIMARY KEY,
	until   INTEGER NOT NULL, -- the service asked for nothing to be sent before
	said    INTEGER NOT NULL, -- when it asked, to know it again when the clock was put back
	why     TEXT NOT NULL
) STRICT;

CREATE TABLE count_locks (
	dataset TEXT PRIMARY KEY,
	session TEXT NOT NULL,    -- who counts rows, or wants to
	run     TEXT NOT NULL
) STRICT;

CREATE TABLE counts (
	dataset TEXT NOT NULL,
	name    TEXT NOT NULL,    -- of the table
	rows    INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	PRIMARY KEY (dataset, name)
) STRICT;
`

// database is the open file. Every commit is forced to the disk before the call
// returns.
type database struct {
	*sql.DB
	path string
}

// openDatabase opens the file in a folder, and makes it if it is missing. One that is
// no database, or is damaged, is set aside under another name, which is returned; what
// can be read of it is kept.
func openDatabase(ctx context.Context, dir string) (db *database, setAside string, err error) {
	path := filepath.Join(dir, databaseFile)
	if err := files(path); err != nil {
		return nil, "", err
	}
	if !noted(path) {
		if db, err = connect(ctx, path); !damaged(err) {
			return db, "", err
		}
	}
	if setAside, err = storage.SetAside(path, time.Now(), "-wal", "-shm"); err != nil {
		return nil, "", keepError(path, err)
	}
	if db, err = connect(ctx, path); err != nil {
		return nil, setAside, err
	}
	if _, err := db.rescue(ctx, setAside); err != nil {
		return nil, setAside, errors.Join(err, db.Close())
	}
	return db, setAside, nil
}

// openToRead opens the file without changing anything, also on a full or read-only
// disk. Where there is none it is empty.
func openToRead(ctx context.Context, dir string) (*database, error) {
	path := filepath.Join(dir, databaseFile)
	if err := files(path); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return empty(ctx, path)
	}
	var first error
	for _, how := range []url.Values{{"mode": {"ro"}}, {"immutable": {"1"}}} { // the second where not even a lock can be written
		how["_pragma"] = []string{fmt.Sprintf("busy_timeout(%d)", busyWait.Milliseconds()), "trusted_schema(OFF)", "query_only(ON)"}
		pool, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: uriPath(path), RawQuery: how.Encode()}).String())
		if err != nil {
			return nil, keepError(path, err)
		}
		pool.SetMaxOpenConns(1)
		var version int
		if err = pool.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err == nil {
			_, err = pool.ExecContext(ctx, "SELECT 1 FROM runs LIMIT 1")
		}
		switch {
		case err == nil && version > databaseVersion:
			return nil, errors.Join(ErrNewer, pool.Close())
		case err == nil:
			return &database{pool, path}, nil
		}
		var made int
		if version == 0 && pool.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&made) == nil && made == 0 {
			_ = pool.Close() // another program began the file a moment ago
			return empty(ctx, path)
		}
		if first == nil {
			first = err
		}
		_ = pool.Close()
	}
	return nil, keepError(path, first)
}

// empty is a history without runs that is nowhere kept.
func empty(ctx context.Context, path string) (*database, error) {
	pool, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, keepError(path, err)
	}
	pool.SetMaxOpenConns(1) // each one would have a memory of its own
	if _, err := pool.ExecContext(ctx, tables); err != nil {
		return nil, errors.Join(keepError(path, err), pool.Close())
	}
	return &database{pool, path}, nil
}

// files refuses a database that is no file, or beside which something else lies: the
// database would wait for a pipe without end.
func files(path string) error {
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		if info, err := os.Stat(path + end); err == nil && !info.Mode().IsRegular() {
			return keepError(path, fmt.Errorf("%s is not a file", filepath.Base(path+end)))
		}
	}
	return nil
}

// uriPath is a path as a file address has it.
func uriPath(path string) string {
	name := filepath.ToSlash(path)
	if runtime.GOOS == "windows" {
		name = "/" + name
	}
	return name
}

func connect(ctx context.Context, path string) (*database, error) {
	if err := private(path); err != nil {
		return nil, keepError(path, err)
	}
	pragmas := url.Values{"_txlock": {"immediate"}, "_pragma": {
		fmt.Sprintf("busy_timeout(%d)", busyWait.Milliseconds()), "auto_vacuum(INCREMENTAL)",
		"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)", "trusted_schema(OFF)", "secure_delete(ON)"}}
	pool, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: uriPath(path), RawQuery: pragmas.Encode()}).String())
	if err != nil {
		return nil, keepError(path, err)
	}
	// One connection: its writers take turns anyway, and each one costs memory.
	pool.SetMaxOpenConns(1)
	db := &database{pool, path}
	if err := db.prepare(ctx); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return db, nil
}

// private makes the file before the database does, so that nobody else may read it.
// What the database puts beside it gets the same rights.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// ErrNewer is a history that a newer version of this program has written.
var ErrNewer = failure.New(failure.Unexpected, "history-newer",
	"The history of the runs was written by a newer version of this program.", "Use the newer version.")

// prepare makes the tables of a new file.
func (db *database) prepare(ctx context.Context) error {
	return db.change(ctx, func(tx *sql.Tx) error {
		var version int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
			return err
		}
		switch {
		case version == databaseVersion:
			return nil
		case version > databaseVersion:
			return ErrNewer.WithDetails("%s has version %d, and this program knows version %d.", db.path, version, databaseVersion)
		}
		_, err := tx.ExecContext(ctx, tables+fmt.Sprintf("PRAGMA user_version = %d;", databaseVersion))
		return err
	})
}

// change does several writes at once, all or none, while no other process writes.
func (db *database) change(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return db.fault(err)
	}
	if err := do(tx); err != nil {
		return db.fault(errors.Join(err, ignoreDone(tx.Rollback())))
	}
	return db.fault(tx.Commit())
}

// ignoreDone leaves out that a transaction has ended already, as it does with its
// context.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// Why the history of the runs cannot be used. What was under way can be resumed in each
// case: nothing is sent that the history does not know.
var (
	// ErrNotKept is a history that cannot be read or written, for a reason of the system.
	ErrNotKept = failure.New(failure.Unexpected, "history-not-kept",
		"The history of the runs cannot be used on this computer.",
		"Check that you may read and write the program's folder, then resume the run.")
	// ErrBusy is a history that another program kept writing for longer than was waited.
	ErrBusy = failure.New(failure.Unexpected, "history-busy",
		"Another program on this computer is writing the history of the runs and does not finish.",
		"Wait until the other run has finished, or end the other program, and try again.")
	// ErrFull is a disk, or a quota, without room for the history.
	ErrFull = failure.New(failure.Unexpected, "history-full",
		"There is no room on the disk for the history of the runs.", "Make room on the disk, then resume the run.")
	// ErrReadOnly is a history that may be read and not written.
	ErrReadOnly = failure.New(failure.Unexpected, "history-read-only",
		"The history of the runs cannot be written: its folder or its disk is read-only.", "Allow yourself to write into the program's folder, then resume the run.")
	// ErrDamaged is a history with damage in what was asked for.
	ErrDamaged = failure.New(failure.Unexpected, "history-damaged",
		"The history of the runs is damaged.", "Start the program again: it sets the damaged history aside and begins a new one.")
)

// keepError says what is wrong with the history.
func keepError(path string, err error) error {
	return reason(err).Because(err).WithDetails("%s: %v", path, err)
}

func reason(err error) *failure.Error {
	var e *sqlite.Error
	code := 0
	if errors.As(err, &e) {
		code = e.Code() & 0xff
	}
	var file *storage.FileError
	switch {
	case code == sqlite3.SQLITE_BUSY, code == sqlite3.SQLITE_LOCKED:
		return ErrBusy
	case code == sqlite3.SQLITE_FULL, storage.IsFull(err), errors.As(err, &file) && file.Full:
		return ErrFull
	case code == sqlite3.SQLITE_READONLY, code == sqlite3.SQLITE_PERM, errors.Is(err, fs.ErrPermission), storage.IsReadOnly(err):
		return ErrReadOnly
	case code == sqlite3.SQLITE_CORRUPT, code == sqlite3.SQLITE_NOTADB:
		return ErrDamaged
	}
	return ErrNotKept
}

// fault says which file an error is about, unless the error was made for a person or
// the caller has cancelled.
func (db *database) fault(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if _, ok := failure.From(err); ok {
		return err
	}
	if damaged(err) {
		noteDamage(db.path)
	}
	return keepError(db.path, err)
}

// damaged reports whether a file is no database, or one that cannot be trusted.
func damaged(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_NOTADB || e.Code()&0xff == sqlite3.SQLITE_CORRUPT)
}

// toUnix and fromUnix turn times into what the database keeps, and back.
func toUnix(t time.Time) int64 { return t.UnixNano() }

func fromUnix(n int64) time.Time { return time.Unix(0, n).UTC() }
