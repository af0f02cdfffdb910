package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"pushdesk/storage"
	"pushdesk/storage/failure"
)

// TestKept: changes of several programs are all kept, and none is made when it fails.
func TestKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "names.json")
	if got, err := storage.OpenKept[[]string](path, "the names").Read(); got != nil || err != nil {
		t.Fatalf("%v, %v", got, err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			k := storage.OpenKept[[]string](path, "the names") // as another program would
			for range 5 {
				if err := k.Change(func(all *[]string) error { *all = append(*all, "x"); return nil }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	k := storage.OpenKept[[]string](path, "the names")
	no := errors.New("no")
	if err := k.Change(func(all *[]string) error { *all = nil; return no }); !errors.Is(err, no) {
		t.Errorf("%v", err)
	}
	if got, err := k.Read(); len(got) != 40 || err != nil {
		t.Errorf("%d, %v", len(got), err)
	}
}

// TestKeptIsSetAside: what is damaged is not overwritten.
func TestKeptIsSetAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "names.json")
	if err := os.WriteFile(path, []byte(`["a", "b`), 0o600); err != nil {
		t.Fatal(err)
	}
	k := storage.OpenKept[[]string](path, "the names")
	if got, err := k.Read(); got != nil || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	if err := k.Change(func(all *[]string) error { *all = append(*all, "c"); return nil }); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Read(); len(got) != 1 || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	aside, err := filepath.Glob(path + ".broken-*")
	if err != nil || len(aside) != 1 {
		t.Fatalf("%v, %v", aside, err)
	}
	if was, err := os.ReadFile(aside[0]); string(was) != `["a", "b` || err != nil {
		t.Errorf("%s, %v", was, err)
	}
}

// TestKeptThatIsNeeded: what nothing else knows is not begun anew.
func TestKeptThatIsNeeded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "names.json")
	if err := os.WriteFile(path, []byte(`["a", "b`), 0o600); err != nil {
		t.Fatal(err)
	}
	k := storage.OpenKept[[]string](path, "the names").Needed()
	if _, err := k.Read(); !failure.HasCode(err, "kept-file-damaged") {
		t.Errorf("%v", err)
	}
	if err := k.Change(func(all *[]string) error { *all = append(*all, "c"); return nil }); err == nil {
		t.Error("it was changed")
	}
	if was, err := os.ReadFile(path); string(was) != `["a", "b` || err != nil {
		t.Errorf("%s, %v", was, err)
	}
}
