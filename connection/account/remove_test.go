package account

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/storage/keychain/keychaintest"
)

func TestRemovedAndBroughtBack(t *testing.T) {
	a := openInMemory(t)
	s, k := service(t)
	ids := depots(t, a, s, k, 4)
	before := a.Connections.List()
	gone, err := a.RemoveAll(t.Context(), []connection.Connection{before[2], before[0]})
	if err != nil || len(gone) != 2 || len(a.Connections.List()) != 2 {
		t.Fatalf("%v, %v", gone, err)
	}
	for _, id := range []string{ids[0], ids[2]} {
		if kept(t, a, id) != "" {
			t.Error("the secret of a removed connection is kept")
		}
	}
	hides(t, k.ClientSecret, gone, gone[0], []any{gone})
	if gone[0].Warning != "" || gone[0].Connection.Name != "Depot 02" {
		t.Errorf("%v: %s", gone[0], gone[0].Warning)
	}
	saved, err := gone.Undo(t.Context())
	if err != nil || len(saved) != 2 || len(saved[0].Warnings) != 0 {
		t.Fatalf("%+v, %v", saved, err)
	}
	if after := a.Connections.List(); !slices.EqualFunc(after, before, connection.Connection.Equal) {
		t.Errorf("%+v\nwas\n%+v", after, before)
	}
	for _, id := range ids {
		if kept(t, a, id) != k.ClientSecret {
			t.Error("a secret did not come back")
		}
	}
	if _, err := a.Client(t.Context(), before[2]); err != nil {
		t.Errorf("what came back does not work: %v", err)
	}

	if _, err := a.RemoveAll(t.Context(), []connection.Connection{before[1], {ID: "nobody", Name: "Nobody"}}); !errors.Is(err, file.ErrNotFound) || kept(t, a, before[1].ID) == "" {
		t.Errorf("one is not there, and another was removed: %v", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := a.Remove(stopped, before[1]); !errors.Is(err, context.Canceled) || kept(t, a, before[1].ID) == "" {
		t.Errorf("%v", err)
	}
	if all, err := (Removals{}).Undo(t.Context()); all != nil || err != nil {
		t.Errorf("%v, %v", all, err)
	}
}

// A secret that cannot be read when it is removed cannot come back, and that is said.
func TestRemovedFromALockedVault(t *testing.T) {
	home := t.TempDir()
	keychaintest.Vault(t, home, "a passphrase of this test")
	a := openAccounts(t, home)
	if err := a.Secrets.UnlockVault(t.Context(), "a passphrase of this test"); err != nil {
		t.Fatal(err)
	}
	s, k := service(t)
	ids := depots(t, a, s, k, 1)
	c, err := a.Connections.Find(ids[0])
	if err != nil {
		t.Fatal(err)
	}
	a.Secrets.LockVault()
	gone, err := a.Remove(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	saved, err := gone.Undo(t.Context())
	if err != nil || !saved.Connection.Equal(c) || len(saved.Warnings) != 1 || !strings.Contains(saved.Warnings[0], "could not be read when it was removed") {
		t.Errorf("%+v, %v", saved, err)
	}
}
