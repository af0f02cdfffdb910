package push

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
)

// The first versions kept each journal in a file of its own, one JSON object a
// line. They are taken over into the database when it is opened, and removed once
// it holds them.

const legacyExt = ".jsonl"

// takeOver moves the journals of the first versions into the database.
func (r *Runs) takeOver() error {
	files, err := filepath.Glob(filepath.Join(r.dir, "*"+legacyExt))
	if err != nil {
		return fmt.Errorf("look for journals of an earlier version: %w", err)
	}
	for _, path := range files {
		id := strings.TrimSuffix(filepath.Base(path), legacyExt)
		if uuid.Validate(id) != nil {
			continue
		}
		var busy *BusyError
		switch err := r.takeOverOne(id, path); {
		case errors.As(err, &busy): // an earlier version is at it right now
		case err != nil:
			r.notices = append(r.notices, fmt.Sprintf("The journal %s of an earlier version could not be read and was left as it is.", filepath.Base(path)))
		}
	}
	return nil
}

func (r *Runs) takeOverOne(id, path string) error {
	lock, err := r.lock(id)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	lines, meta, began, receipt, err := readLegacy(path)
	if err != nil {
		return err
	}
	about, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	err = r.db.change(func(tx *sql.Tx) error {
		added, err := tx.Exec("INSERT INTO runs (id, begun, meta, same, receipt) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			id, stamp(began), string(about), meta.same(), receipt)
		if err != nil {
			return err
		}
		if n, err := added.RowsAffected(); n == 0 || err != nil { // it was taken over before
			return err
		}
		for _, line := range lines {
			if _, err := tx.Exec("INSERT INTO entries (run, data) VALUES (?, ?)", id, line); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return os.Remove(path)
}

// readLegacy reads a journal of the first versions. A last line that a crash cut
// off is left out.
func readLegacy(path string) (lines []string, meta runMeta, began time.Time, receipt sql.NullString, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, meta, began, receipt, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 64<<10)
	for {
		line, err := in.ReadString('\n')
		if err == io.EOF {
			break // and line, if any, was never finished
		}
		if err != nil {
			return nil, meta, began, receipt, err
		}
		var e entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			return nil, meta, began, receipt, errJournalDamaged
		}
		if e.Type == entryStart && e.Run != nil {
			if len(lines) == 0 {
				began = e.Time
			}
			meta = *e.Run
		}
		receipt = sql.NullString{}
		if e.Type == entryEnd && e.Receipt != nil {
			data, err := json.Marshal(e.Receipt)
			if err != nil {
				return nil, meta, began, receipt, err
			}
			receipt = sql.NullString{String: string(data), Valid: true}
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	if meta.RunID == "" {
		return nil, meta, began, receipt, errJournalDamaged
	}
	return lines, meta, began, receipt, nil
}
