package push

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
)

// TestDatabaseSetAside: a file that is no database is kept under another name and
// said, and the program goes on.
func TestDatabaseSetAside(t *testing.T) {
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	if _, err := b.send(context.Background(), rows(500), Options{Journal: begin(t, runs), FileHash: "h"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := runs.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(runs.dir, databaseFile))
	if err != nil {
		t.Fatal(err)
	}
	broken := append([]byte(nil), whole...)
	for i := 100; i < len(broken); i++ {
		broken[i] ^= 0x5a
	}
	for name, content := range map[string][]byte{"text": []byte(strings.Repeat("not a database ", 100)), "flipped": broken, "cut": whole[:3000]} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, databaseFile), content, 0o600); err != nil {
				t.Fatal(err)
			}
			r := openRunsIn(t, dir)
			if len(r.Notices()) != 1 || !strings.Contains(r.Notices()[0], "set aside") {
				t.Errorf("notices %q", r.Notices())
			}
			aside, _ := filepath.Glob(filepath.Join(dir, databaseFile+".broken-*"))
			if len(aside) == 0 {
				t.Fatal("nothing was set aside")
			}
			if kept, err := os.ReadFile(aside[0]); err != nil || string(kept) != string(content) {
				t.Errorf("the old file was changed: %v", err)
			}
			if list, err := r.List(); err != nil || len(list) != 0 {
				t.Errorf("%+v, %v", list, err)
			}
		})
	}
}

func TestDatabaseOfANewerVersion(t *testing.T) {
	runs := openRuns(t)
	if _, err := runs.db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	var newer *VersionError
	if _, err := OpenRuns(runs.dir); !errors.As(err, &newer) || newer.Version != 99 {
		t.Errorf("%v", err)
	}
}

// TestDatabaseOfTheFirstVersion gets what it lacks and keeps what it has.
func TestDatabaseOfTheFirstVersion(t *testing.T) {
	runs := openRuns(t)
	if _, err := runs.db.Exec("DROP TABLE said; INSERT INTO holds (dataset, until, why) VALUES ('d', 9000000000000000000, 'x'); PRAGMA user_version = 1"); err != nil {
		t.Fatal(err)
	}
	again := openRunsIn(t, runs.dir)
	for range 2 { // a hold without its moment ends some time
		if q, err := again.Quota("d", "Stock", noon); err != nil || q.HeldUntil.Sub(noon) != longestHold {
			t.Errorf("%+v, %v", q, err)
		}
	}
	if q, err := again.Quota("d", "Stock", noon.Add(longestHold)); err != nil || q.HeldUntil.After(noon.Add(longestHold)) {
		t.Errorf("%+v, %v", q, err)
	}
}

// TestEarlierJournals: runs that the first versions kept in files of their own are
// there, and those that were broken off can be resumed.
func TestEarlierJournals(t *testing.T) {
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	ctx, cancel := context.WithCancel(context.Background())
	b.service.Faults().Add(practice.Fault{Operation: onRows, After: 6, Status: 429, RetryAfter: 3000})
	r, err := b.send(ctx, rows(3000), Options{Clock: systemClock{}, Journal: begin(t, runs), FileHash: "h"}, func(p Progress) {
		if p.State == StateWaiting && p.WaitReason == WaitThrottle {
			cancel()
		}
	})
	cancel()
	if r.Status != StatusStopped {
		t.Fatalf("%+v, %v", r, err)
	}
	lines, err := runs.db.Query("SELECT data FROM entries ORDER BY seq")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for lines.Next() {
		var data string
		if err := lines.Scan(&data); err != nil {
			t.Fatal(err)
		}
		text.WriteString(data + "\n")
	}
	text.WriteString(`{"type":"start","ti`) // a crash cut the last line off
	dir := t.TempDir()
	path := filepath.Join(dir, r.RunID+legacyExt)
	if err := errors.Join(lines.Err(), os.WriteFile(path, []byte(text.String()), 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "01a20b50-060b-7b4e-8d8c-23e1c567ac11"+legacyExt), []byte("{nonsense}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time nothing is left to do but the one that cannot be read
		over := openRunsIn(t, dir)
		got, err := over.Get(r.RunID)
		want, _ := json.Marshal(r)
		if have, _ := json.Marshal(got); err != nil || string(have) != string(want) {
			t.Errorf("%s, want %s, %v", have, want, err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the old journal is still there: %v", err)
		}
		if len(over.Notices()) != 1 {
			t.Errorf("notices %q", over.Notices())
		}
	}
	j, err := openRunsIn(t, dir).Resume(r.RunID, "h")
	if err != nil {
		t.Fatal(err)
	}
	if r, err = b.send(context.Background(), rows(3000), j.Options(), nil); err != nil || r.RowsConfirmed != 3000 {
		t.Errorf("%+v, %v", r, err)
	}
	b.holds(everyRow, 3000)
}
