package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
)

// A history in which damage shows up while it is used is set aside at the next start,
// and what can still be read of it goes into the new one.

// damagedMark is the ending of the file that notes damage for the next start.
const damagedMark = ".damaged"

// noteDamage notes that the database is damaged. Without a note the damage shows up again.
func noteDamage(path string) {
	_ = os.WriteFile(path+damagedMark, nil, 0o600)
}

// noted reports whether damage was noted, and forgets it.
func noted(path string) bool { return os.Remove(path+damagedMark) == nil }

// rescue copies what can be read of a damaged database into a new one: the rows of each
// table from its start up to the damage, and from its end back to it. It returns how many
// runs there are then.
func (db *database) rescue(ctx context.Context, from string) (runs int, err error) {
	old, err := sql.Open("sqlite", "file:"+uriPath(from)+"?mode=ro&immutable=1&_pragma=trusted_schema(OFF)")
	if err != nil {
		return 0, keepError(from, err)
	}
	defer old.Close()
	for _, table := range []string{"runs", "entries", "requests", "holds", "counts"} {
		for _, order := range []string{"ASC", "DESC"} {
			if err := db.copyRows(ctx, old, table, order); err != nil {
				return 0, err
			}
		}
	}
	err = db.QueryRowContext(ctx, "SELECT count(*) FROM runs").Scan(&runs)
	return runs, db.fault(err)
}

// copyRows copies rows until the damage. Only an error of the new database is one.
func (db *database) copyRows(ctx context.Context, old *sql.DB, table, order string) error {
	rows, err := old.QueryContext(ctx, fmt.Sprintf("SELECT * FROM %s ORDER BY rowid %s", table, order))
	if err != nil {
		return nil
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil
	}
	insert := fmt.Sprintf("INSERT OR IGNORE INTO %s (%s) VALUES (?%s)", table, strings.Join(names, ", "), strings.Repeat(", ?", len(names)-1))
	return db.change(ctx, func(tx *sql.Tx) error {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		for rows.Next() {
			if rows.Scan(into...) != nil {
				return nil
			}
			if _, err := tx.ExecContext(ctx, insert, values...); err != nil && !damaged(err) {
				if errors.Is(err, context.Canceled) || reason(err) != ErrNotKept {
					return err
				} // a row that breaks a rule of the table is part of the damage
			}
		}
		_ = rows.Err() // the damage
		return nil
	})
}
