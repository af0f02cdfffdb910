package history

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestReadingChangesNothing: a history is read from a folder that may only be read, while
// another program has it open, and where there is none.
func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	none, err := OpenToRead(filepath.Join(dir, "none"))
	if err != nil {
		t.Fatal(err)
	}
	if list, err := none.List(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
	if err := none.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "none")); err == nil {
		t.Error("reading made a folder")
	}
	writer, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writer.DB().Exec("INSERT INTO runs (id, begun, about, same) VALUES ('r', 1, '{}', '')"); err != nil {
		t.Fatal(err)
	}
	read := func(when string) {
		t.Helper()
		h, err := OpenToRead(dir)
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		if list, err := h.List(t.Context()); err != nil || len(list) != 1 {
			t.Errorf("%s: %v, %v", when, list, err)
		}
		if _, err := h.DB().Exec("DELETE FROM runs"); err == nil {
			t.Errorf("%s: it was changed", when)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}
	read("beside a writer")
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	read("alone")
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(dir, 0o700) }()
	read("in a folder that may only be read")
}

// TestWhyTheHistoryCannotBeUsed: each reason has its own words.
func TestWhyTheHistoryCannotBeUsed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if _, err := h.DB().Exec("PRAGMA busy_timeout = 1"); err != nil {
		t.Fatal(err)
	}
	other, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	hold, err := other.DB().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err = h.db.ExecContext(ctx, "DELETE FROM holds")
	if err = h.db.fault(err); !errors.Is(err, ErrBusy) {
		t.Errorf("while another program writes: %v", err)
	}
	if err := hold.Rollback(); err != nil {
		t.Error(err)
	}
	if _, err := h.DB().Exec("PRAGMA query_only = ON"); err != nil {
		t.Fatal(err)
	}
	_, err = h.db.ExecContext(ctx, "DELETE FROM holds")
	if err = h.db.fault(err); !errors.Is(err, ErrReadOnly) {
		t.Errorf("where it may only be read: %v", err)
	}
}

// TestDamageInTheMiddleIsSetAside: damage that shows up while the history is used is set
// aside at the next start, and the other runs are rescued.
func TestDamageInTheMiddleIsSetAside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	const all = 400
	for i := range all {
		if _, err := h.DB().Exec("INSERT INTO runs (id, begun, about, same) VALUES (?, ?, ?, '')", fmt.Sprintf("r%03d", i), i, `{"file":"`+strings.Repeat("x", 300)+`"}`); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, databaseFile)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(string(file), "r200")
	for i := at &^ 4095; i < at&^4095+4096; i++ {
		file[i] = 0xff
	}
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if h, err = Open(dir); err == nil {
		_, err = h.List(t.Context())
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("the damage shows up as %v", err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
		h, err = Open(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	var n int
	if err := h.DB().QueryRow("SELECT count(*) FROM runs").Scan(&n); err != nil || n < all*3/4 || n >= all {
		t.Errorf("%d runs of %d, %v", n, all, err)
	}
	if list := h.Notices(); len(list) != 1 || !strings.Contains(list[0], "could be rescued") {
		t.Errorf("%q", list)
	}
}

// TestAHistoryThatIsBegun: a program that reads finds no runs in a file that another has
// begun a moment ago and not filled yet.
func TestAHistoryThatIsBegun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, databaseFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := OpenToRead(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if list, err := h.List(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}
