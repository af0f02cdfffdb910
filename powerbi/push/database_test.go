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

// TestRecipe: what a run needs to be taken up again is kept before its first row
// leaves, also when the run then dies.
func TestRecipe(t *testing.T) {
	ctx := context.Background()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	runs := openRuns(t)
	j := begin(t, runs)
	j.SetRecipe(json.RawMessage(`{"sheet":"Stock"}`))
	b.api = &staged{API: b.api, after: func(int32) {}, before: func(n int32) {
		if got, err := runs.Recipe(ctx, j.ID()); n == 1 && (err != nil || string(got) != `{"sheet":"Stock"}`) {
			t.Errorf("before the first row: %q, %v", got, err)
		}
	}}
	if _, err := b.send(ctx, rows(10), Options{Journal: j, FileHash: "h"}, nil); err != nil {
		t.Fatal(err)
	}
	var none *NoRunError
	if _, err := runs.Recipe(ctx, "x"); !errors.As(err, &none) {
		t.Errorf("no such run: %v", err)
	}
}
