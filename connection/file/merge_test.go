package file

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"pushdesk/connection"
)

// TestEditsOfDifferentFieldsMerge: two people change one connection; only what both
// changed is refused.
func TestEditsOfDifferentFieldsMerge(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "connections.json")
	one, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := one.Add(connection.Connection{Name: "Sales", Cloud: connection.CloudPublic, Notes: "old"})
	if err != nil {
		t.Fatal(err)
	}
	two, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	theirs, mine := c, c
	theirs.Notes, theirs.Tags = "theirs", []string{"a"}
	if _, err = two.Update(theirs); err != nil {
		t.Fatal(err)
	}
	mine.Workspace = "Finance"
	merged, err := one.Update(mine)
	if err != nil || merged.Notes != "theirs" || merged.Workspace != "Finance" || len(merged.Tags) != 1 {
		t.Errorf("%+v, %v", merged, err)
	}
	mine.Notes = "mine"
	if _, err := one.Update(mine); !errors.Is(err, ErrChanged) {
		t.Errorf("both changed the notes: %v", err)
	}
}

// TestAPipeInPlaceOfAFile: nothing is waited for.
func TestAPipeInPlaceOfAFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"connections.json", "connections.json.lock"} {
		dir := t.TempDir()
		if err := mkfifo(filepath.Join(dir, name)); err != nil {
			t.Skip("no pipes with names here:", err)
		}
		done := make(chan error, 1)
		go func() {
			s, err := Open(filepath.Join(dir, "connections.json"))
			if err == nil {
				_, err = s.Add(connection.Connection{Name: "Sales", Cloud: connection.CloudPublic})
			}
			done <- err
		}()
		select {
		case err := <-done:
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("%s: still waiting", name)
		}
	}
}
