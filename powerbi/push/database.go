package push

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// The database holds what must outlive a run: the journals, the receipts and the
// ledger of what each dataset was sent. The window and the command line use it at
// the same time. Every commit is forced to the disk before the call returns.
//
// It holds row numbers, column names and the values of rows that were refused,
// but no values of rows that were accepted, and no secret.

const (
	databaseFile    = "history.db"
	databaseVersion = 1
	busyWait        = 20 * time.Second // for another process that is writing
)

// tables are those of the history. Times are nanoseconds since 1970 in UTC.
const tables = `
CREATE TABLE runs (
	id      TEXT PRIMARY KEY,
	begun   INTEGER NOT NULL,
	meta    TEXT NOT NULL,    -- what it is about, as JSON
	same    TEXT NOT NULL,    -- the same for runs with the same content, range, mapping and target
	recipe  TEXT,             -- what whoever began it keeps to take it up again, as JSON
	receipt TEXT              -- of the last session, when it came to its end
) STRICT;
CREATE INDEX runs_same ON runs(same);

CREATE TABLE entries (
	seq  INTEGER PRIMARY KEY, -- in the order of writing
	run  TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
	data TEXT NOT NULL        -- one entry of the run's journal, as JSON
) STRICT;
CREATE INDEX entries_run ON entries(run, seq);

CREATE TABLE requests (
	id      INTEGER PRIMARY KEY,
	dataset TEXT NOT NULL,
	session TEXT NOT NULL,    -- the sitting of a run that made it
	run     TEXT NOT NULL,
	name    TEXT NOT NULL,    -- of the table
	started INTEGER NOT NULL,
	ended   INTEGER,          -- NULL while there is no answer
	rows    INTEGER NOT NULL,
	counts  INTEGER NOT NULL, -- 1 when it reached the service, or may have
	taken   INTEGER NOT NULL, -- rows the service took, or may have
	unsure  INTEGER NOT NULL  -- 1 while nobody knows whether it took them
) STRICT;
CREATE INDEX requests_dataset ON requests(dataset, ended);
CREATE INDEX requests_table ON requests(dataset, name, id);

CREATE TABLE holds (
	dataset TEXT PRIMARY KEY,
	until   INTEGER NOT NULL, -- the service asked for nothing to be sent before
	said    INTEGER NOT NULL, -- when it asked, to know it again when the clock was put back
	why     TEXT NOT NULL
) STRICT;

CREATE TABLE quiet (
	dataset TEXT PRIMARY KEY,
	session TEXT NOT NULL,    -- whose request for silence it is, while it counts rows
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

// database is the open file.
type database struct {
	*sql.DB
	path string
}

// openDatabase opens the file in a folder, and makes it when it is missing. One
// that is no database, or is damaged, is set aside under another name, which is
// given as setAside.
func openDatabase(dir string) (db *database, setAside string, err error) {
	path := filepath.Join(dir, databaseFile)
	db, err = connect(path)
	if !damaged(err) {
		return db, "", err
	}
	setAside = path + ".broken-" + time.Now().UTC().Format("20060102-150405")
	for _, end := range []string{"", "-wal", "-shm"} {
		if moved := os.Rename(path+end, setAside+end); moved != nil && !errors.Is(moved, os.ErrNotExist) {
			return nil, "", &JournalError{path, errors.Join(err, moved)}
		}
	}
	db, err = connect(path)
	return db, setAside, err
}

func connect(path string) (*database, error) {
	if err := private(path); err != nil {
		return nil, &JournalError{path, err}
	}
	name := filepath.ToSlash(path)
	if runtime.GOOS == "windows" {
		name = "/" + name
	}
	pragmas := url.Values{"_txlock": {"immediate"}, "_pragma": {
		fmt.Sprintf("busy_timeout(%d)", busyWait.Milliseconds()),
		"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)", "trusted_schema(OFF)"}}
	pool, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: name, RawQuery: pragmas.Encode()}).String())
	if err != nil {
		return nil, &JournalError{path, err}
	}
	// One connection: its writers take turns anyway, and each one costs memory.
	pool.SetMaxOpenConns(1)
	db := &database{pool, path}
	if err := db.prepare(); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return db, nil
}

// private makes the file before the database does, so that nobody else may read
// it. What the database puts beside it gets the same rights.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// VersionError is a history that a newer version of this program has written.
type VersionError struct {
	Path    string
	Version int
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("the history %s was written by a newer version (%d) of this program", e.Path, e.Version)
}
func (e *VersionError) Sentence() string {
	return "The history of the runs was written by a newer version of this program."
}
func (e *VersionError) Remedy() string  { return "Use the newer version." }
func (e *VersionError) Who() string     { return "you" }
func (e *VersionError) Details() string { return e.Error() }

// prepare makes the tables of a new file.
func (db *database) prepare() error {
	return db.change(func(tx *sql.Tx) error {
		var version int
		if err := tx.QueryRow("PRAGMA user_version").Scan(&version); err != nil {
			return err
		}
		switch {
		case version == databaseVersion:
			return nil
		case version > databaseVersion:
			return &VersionError{db.path, version}
		}
		_, err := tx.Exec(tables + fmt.Sprintf("PRAGMA user_version = %d;", databaseVersion))
		return err
	})
}

// change does several writes at once, all or none, while no other process writes.
func (db *database) change(do func(*sql.Tx) error) error {
	tx, err := db.Begin()
	if err != nil {
		return db.fault(err)
	}
	if err := do(tx); err != nil {
		tx.Rollback()
		return db.fault(err)
	}
	return db.fault(tx.Commit())
}

// fault says which file an error is about, unless it explains itself.
func (db *database) fault(err error) error {
	var e explained
	if err == nil || errors.As(err, &e) {
		return err
	}
	return &JournalError{db.path, err}
}

// damaged tells whether a file is no database, or one that cannot be trusted.
func damaged(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_NOTADB || e.Code()&0xff == sqlite3.SQLITE_CORRUPT)
}

// stamp and moment turn times into what the database keeps, and back.
func stamp(t time.Time) int64 { return t.UnixNano() }

func moment(n int64) time.Time { return time.Unix(0, n).UTC() }
