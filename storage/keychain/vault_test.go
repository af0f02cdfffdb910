package keychain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pushdesk/storage"
)

const (
	otherID    = "0d1f6a1e-0000-4000-8000-000000000002"
	passphrase = "correct horse MARKER staple"
	marker     = "MARKER8Q~secretOfThisTest-0123456789"
)

// cheap makes a store whose passphrase costs little, for tests.
func cheap(t *testing.T, b backend) *Store {
	t.Helper()
	s := newStore(b, t.TempDir())
	s.vault.work = 4
	return s
}

// vaulted is a store with an open vault that new secrets go to.
func vaulted(t *testing.T, b backend) *Store {
	t.Helper()
	s := cheap(t, b)
	if err := s.CreateVault(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	if err := s.Choose(PlaceVault); err != nil {
		t.Fatal(err)
	}
	return s
}

func reason(t *testing.T, err error) Reason {
	t.Helper()
	var no *Unavailable
	if !errors.As(err, &no) {
		t.Fatalf("%T: %v", err, err)
	}
	if no.Failure().Sentence == "" || no.Failure().Remedy == "" {
		t.Errorf("no words for %q", no.Reason)
	}
	if text := fmt.Sprintf("%v %+v %s", err, err, no.Failure().Details); strings.Contains(text, "MARKER") {
		t.Errorf("a secret is shown: %s", text)
	}
	return no.Reason
}

func TestVault(t *testing.T) {
	f := newFake()
	s := cheap(t, f)
	if s.VaultState() != VaultNone || s.Choice() != PlaceKeychain {
		t.Fatalf("%s %s", s.VaultState(), s.Choice())
	}
	if got := reason(t, s.Choose(PlaceVault)); got != ReasonVaultNone {
		t.Errorf("%s", got)
	}
	if got := reason(t, s.UnlockVault(t.Context(), passphrase)); got != ReasonVaultNone {
		t.Errorf("%s", got)
	}
	if got := reason(t, s.CreateVault(t.Context(), "short")); got != ReasonWeak {
		t.Errorf("%s", got)
	}
	if err := s.CreateVault(t.Context(), passphrase); err != nil || s.VaultState() != VaultOpen {
		t.Fatalf("%v %s", err, s.VaultState())
	}
	if got := reason(t, s.CreateVault(t.Context(), passphrase)); got != ReasonVaultExists {
		t.Errorf("%s", got)
	}
	if err := s.Choose(PlaceVault); err != nil || s.Choice() != PlaceVault {
		t.Fatalf("%v %s", err, s.Choice())
	}
	if p, err := s.Set(t.Context(), id, marker); err != nil || p != PlaceVault || s.Where(t.Context(), id) != PlaceVault {
		t.Errorf("%s %v", p, err)
	}
	if p, err := s.SetSealed(t.Context(), id, []byte(marker+"-large")); err != nil || p != PlaceVault {
		t.Errorf("%s %v", p, err)
	}
	// Another program, or the next start, finds it locked.
	next := newStore(f, s.home)
	if next.VaultState() != VaultLocked || next.Choice() != PlaceVault || next.Where(t.Context(), id) != PlaceShut {
		t.Errorf("%s %s %s", next.VaultState(), next.Choice(), next.Where(t.Context(), id))
	}
	_, err := next.Get(t.Context(), id)
	if got := reason(t, err); got != ReasonVaultLocked {
		t.Errorf("%s", got)
	}
	_, err = next.Set(t.Context(), otherID, marker)
	if got := reason(t, err); got != ReasonVaultLocked || next.Where(t.Context(), otherID) != PlaceNone {
		t.Errorf("a locked vault lets a secret go elsewhere: %s, %s", got, next.Where(t.Context(), otherID))
	}
	if got := reason(t, next.UnlockVault(t.Context(), "wrong MARKER")); got != ReasonPassphrase {
		t.Errorf("%s", got)
	}
	if err := next.UnlockVault(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	if got, err := next.Get(t.Context(), id); err != nil || got != marker {
		t.Errorf("%q %v", got, err)
	}
	if got, err := next.GetSealed(t.Context(), id); err != nil || string(got) != marker+"-large" {
		t.Errorf("%q %v", got, err)
	}
	// The passphrase is changed without a moment in which nothing opens the vault.
	if got := reason(t, next.ChangePassphrase(t.Context(), "wrong MARKER", "another MARKER phrase")); got != ReasonPassphrase {
		t.Errorf("%s", got)
	}
	if err := next.ChangePassphrase(t.Context(), passphrase, "another MARKER phrase"); err != nil {
		t.Fatal(err)
	}
	s.LockVault()
	if got := reason(t, s.UnlockVault(t.Context(), passphrase)); got != ReasonPassphrase {
		t.Errorf("%s", got)
	}
	if err := s.UnlockVault(t.Context(), "another MARKER phrase"); err != nil {
		t.Fatal(err)
	}
	// It locks itself when it is not used.
	now := time.Now()
	s.vault.now = func() time.Time { return now }
	s.vault.keep(s.vault.identity)
	now = now.Add(29 * time.Minute)
	if _, err := s.Get(t.Context(), id); err != nil {
		t.Error(err)
	}
	now = now.Add(31 * time.Minute)
	if _, err := s.Get(t.Context(), id); reason(t, err) != ReasonVaultLocked {
		t.Error(err)
	}
	if err := s.Delete(t.Context(), id); err != nil || s.Where(t.Context(), id) != PlaceNone {
		t.Errorf("%v %s", err, s.Where(t.Context(), id))
	}
	nothingInTheClear(t, s.home)
}

// nothingInTheClear looks through every file of a folder.
func nothingInTheClear(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte("MARKER")) || bytes.Contains(text, []byte("AGE-SECRET-KEY")) {
			t.Errorf("%s holds a secret", path)
		}
		if info, statErr := d.Info(); statErr == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 && strings.HasSuffix(path, ".age") {
			t.Errorf("%s can be read by others: %s", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestVaultDamage(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(t *testing.T, s *Store)
		want Reason
	}{
		"identity cut":           {func(t *testing.T, s *Store) { truncate(t, s.vault.path, 60) }, ReasonDamaged},
		"identity empty":         {func(t *testing.T, s *Store) { truncate(t, s.vault.path, 0) }, ReasonDamaged},
		"identity no age":        {func(t *testing.T, s *Store) { rewrite(t, s.vault.path, func([]byte) []byte { return []byte("hello") }) }, ReasonDamaged},
		"identity's end flipped": {func(t *testing.T, s *Store) { flip(t, s.vault.path, -1) }, ReasonDamaged},
		"identity huge": {func(t *testing.T, s *Store) {
			rewrite(t, s.vault.path, func([]byte) []byte { return make([]byte, 2*MaxSealed+10) })
		}, ReasonDamaged},
		"hostile cost": {func(t *testing.T, s *Store) {
			rewrite(t, s.vault.path, func(b []byte) []byte {
				head, rest, _ := bytes.Cut(b, []byte(" 4\n"))
				return append(append(head, " 30\n"...), rest...)
			})
		}, ReasonDamaged},
		"secret cut":            {func(t *testing.T, s *Store) { truncate(t, secretPath(s), 100) }, ReasonDamaged},
		"secret's end flipped":  {func(t *testing.T, s *Store) { flip(t, secretPath(s), -1) }, ReasonDamaged},
		"secret's head flipped": {func(t *testing.T, s *Store) { flip(t, secretPath(s), 30) }, ReasonDamaged},
		"secret of another": {func(t *testing.T, s *Store) {
			if _, err := s.Set(t.Context(), otherID, "another secret"); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(filepath.Join(s.vault.folder, otherID+".secret.age"))
			if err == nil {
				err = os.WriteFile(secretPath(s), text, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}, ReasonSwapped},
		"large in place of the secret": {func(t *testing.T, s *Store) {
			if _, err := s.SetSealed(t.Context(), id, []byte("large")); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(filepath.Join(s.vault.folder, id+".large.age"))
			if err == nil {
				err = os.WriteFile(secretPath(s), text, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}, ReasonSwapped},
	} {
		t.Run(name, func(t *testing.T) {
			s := vaulted(t, newFake())
			if _, err := s.Set(t.Context(), id, marker); err != nil {
				t.Fatal(err)
			}
			c.harm(t, s)
			before := files(t, s.home)
			var err error
			if strings.HasPrefix(name, "identity") || name == "hostile cost" {
				s.LockVault()
				err = s.UnlockVault(t.Context(), passphrase)
			} else {
				_, err = s.Get(t.Context(), id)
			}
			if got := reason(t, err); got != c.want {
				t.Errorf("%s: %v", got, err)
			}
			if after := files(t, s.home); after != before {
				t.Errorf("the files were changed:\n%s\n%s", before, after)
			}
		})
	}
}

func secretPath(s *Store) string { return filepath.Join(s.vault.folder, id+".secret.age") }

func rewrite(t *testing.T, path string, f func([]byte) []byte) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, f(text), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func truncate(t *testing.T, path string, n int) {
	t.Helper()
	rewrite(t, path, func(b []byte) []byte { return b[:n] })
}

func flip(t *testing.T, path string, at int) {
	t.Helper()
	rewrite(t, path, func(b []byte) []byte {
		if at < 0 {
			at += len(b)
		}
		b[at] ^= 1
		return b
	})
}

// files lists a folder's files with their sizes.
func files(t *testing.T, folder string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			info, _ := d.Info()
			fmt.Fprintln(&b, path, info.Size())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Large secrets are in files whose key is in the keychain.
func TestSealedFiles(t *testing.T) {
	f := newFake()
	s := cheap(t, f)
	large := bytes.Repeat([]byte(marker), 2000)
	if p, err := s.SetSealed(t.Context(), id, large); err != nil || p != PlaceSealed || s.Where(t.Context(), id) != PlaceSealed {
		t.Fatalf("%s %v %s", p, err, s.Where(t.Context(), id))
	}
	if n := len(f.content()); n != 1 {
		t.Errorf("%d entries in the keychain", n)
	}
	next := newStore(f, s.home)
	if got, err := next.GetSealed(t.Context(), id); err != nil || !bytes.Equal(got, large) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := next.GetSealed(t.Context(), otherID); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v", err)
	}
	_, err := s.SetSealed(t.Context(), id, make([]byte, MaxSealed+1))
	if reason(t, err) != ReasonTooLong {
		t.Error(err)
	}
	// Another computer's keychain does not open them.
	_, err = newStore(newFake(), s.home).GetSealed(t.Context(), id)
	if reason(t, err) != ReasonDamaged {
		t.Error(err)
	}
	for _, bad := range []string{"", "../x", "a/b", `a\b`, "a:b", strings.Repeat("x", 200)} {
		if _, err := s.SetSealed(t.Context(), bad, []byte("x")); err == nil {
			t.Errorf("%q is taken as an ID", bad)
		}
	}
	nothingInTheClear(t, s.home)
	// Without a keychain they are held in memory, by the same words as before.
	s = cheap(t, &failing{errors.New(`The name org.freedesktop.secrets was not provided by any .service files`)})
	if p, err := s.SetSealed(t.Context(), id, large); err != nil || p != PlaceSession {
		t.Errorf("%s %v", p, err)
	}
	if got, err := s.GetSealed(t.Context(), id); err != nil || !bytes.Equal(got, large) {
		t.Errorf("%v", err)
	}
	if files(t, s.home) != "" && strings.Contains(files(t, s.home), ".age") {
		t.Errorf("written: %s", files(t, s.home))
	}
}

// Moving keeps each secret at one place, and loses none.
func TestMove(t *testing.T) {
	f := newFake()
	s := cheap(t, f)
	if _, err := s.Set(t.Context(), id, marker); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetSealed(t.Context(), otherID, []byte("large"+marker)); err != nil {
		t.Fatal(err)
	}
	check := func(secret, large Place) {
		t.Helper()
		if got, err := s.Get(t.Context(), id); err != nil || got != marker || s.Where(t.Context(), id) != secret {
			t.Errorf("%q %v %s", got, err, s.Where(t.Context(), id))
		}
		if got, err := s.GetSealed(t.Context(), otherID); err != nil || string(got) != "large"+marker || s.Where(t.Context(), otherID) != large {
			t.Errorf("%q %v %s", got, err, s.Where(t.Context(), otherID))
		}
	}
	ids := []string{id, otherID, "0d1f6a1e-0000-4000-8000-00000000000f"}
	_, err := s.Move(t.Context(), ids, PlaceVault, nil)
	if reason(t, err) != ReasonVaultNone {
		t.Error(err)
	}
	if err := s.CreateVault(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ to, secret, large Place }{
		{PlaceVault, PlaceVault, PlaceVault}, {PlaceKeychain, PlaceKeychain, PlaceSealed}, {PlaceSession, PlaceSession, PlaceSession}, {PlaceVault, PlaceVault, PlaceVault}, {PlaceKeychain, PlaceKeychain, PlaceSealed},
	} {
		last := 0
		moved, err := s.Move(t.Context(), ids, step.to, func(done, of int) { last = done })
		if err != nil || len(moved) != 3 || last != 3 {
			t.Fatalf("%v %v", moved, err)
		}
		for _, m := range moved {
			if m.Err != nil {
				t.Errorf("%s: %v", m.ID, m.Err)
			}
		}
		check(step.secret, step.large)
		_, inKeychain := f.content()[id]
		if inKeychain != (step.to == PlaceKeychain) {
			t.Errorf("to %s: in the keychain %t", step.to, inKeychain)
		}
	}
	// A keychain that refuses loses nothing.
	if _, err := s.Move(t.Context(), ids, PlaceVault, nil); err != nil {
		t.Fatal(err)
	}
	f.before = func(call, _ string) error { return errors.New("failed to unlock correct collection") }
	moved, err := s.Move(t.Context(), ids, PlaceKeychain, nil)
	if err != nil || moved[0].Err == nil || moved[1].Err == nil {
		t.Fatalf("%v %v", moved, err)
	}
	f.before = nil
	check(PlaceVault, PlaceVault)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Move(ctx, ids, PlaceKeychain, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	check(PlaceVault, PlaceVault)
}

// Two programs that begin at the same time agree on one key, and one vault.
func TestTwoProgramsBegin(t *testing.T) {
	f, home := newFake(), t.TempDir()
	var wait sync.WaitGroup
	made := make(chan error, 8)
	for i := range 8 {
		wait.Go(func() {
			s := newStore(f, home)
			s.vault.work = 4
			if _, err := s.SetSealed(t.Context(), fmt.Sprintf("id-%d", i), []byte(marker)); err != nil {
				t.Error(err)
			}
			made <- s.CreateVault(t.Context(), passphrase)
		})
	}
	wait.Wait()
	close(made)
	n := 0
	for err := range made {
		if err == nil {
			n++
		} else if reason(t, err) != ReasonVaultExists {
			t.Error(err)
		}
	}
	s := newStore(f, home)
	for i := range 8 {
		if _, err := s.GetSealed(t.Context(), fmt.Sprintf("id-%d", i)); err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	if n != 1 {
		t.Errorf("%d vaults were made", n)
	}
}

func TestManyUsersOfTheVault(t *testing.T) {
	s := vaulted(t, newFake())
	var wait sync.WaitGroup
	for i := range 50 {
		wait.Go(func() {
			mine := fmt.Sprintf("id-%d", i)
			if _, err := s.Set(t.Context(), mine, marker+mine); err != nil {
				t.Error(err)
			}
			if got, err := s.Get(t.Context(), mine); err != nil || got != marker+mine {
				t.Errorf("%q %v", got, err)
			}
		})
	}
	wait.Wait()
}

// The real cost is one that can be borne and that guards.
func TestVaultAtItsRealCost(t *testing.T) {
	s := newStore(newFake(), t.TempDir())
	if err := s.CreateVault(t.Context(), SuggestPassphrase()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(s.vault.path)
	if err != nil || !bytes.Contains(text, []byte(" 17\n")) {
		t.Errorf("%v: %.80s", err, text)
	}
	if a, b := SuggestPassphrase(), SuggestPassphrase(); a == b || len(a) != 29 {
		t.Errorf("%q %q", a, b)
	}
}

func FuzzSealedFile(f *testing.F) {
	s := newStore(newFake(), f.TempDir())
	s.vault.work = 2
	if err := s.CreateVault(f.Context(), passphrase); err != nil {
		f.Fatal(err)
	}
	if _, err := s.put(f.Context(), id, kindSecret, []byte("x"), PlaceVault, true); err != nil {
		f.Fatal(err)
	}
	for _, path := range []string{s.vault.path, secretPath(s)} {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(secretPath(s), text, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Get(t.Context(), id); err == nil && got != "x" {
			t.Errorf("%q", got)
		}
	})
}

// An unlocking that was given up does not open the vault later.
func TestCancelledUnlockStaysLocked(t *testing.T) {
	s := vaulted(t, newFake())
	s.LockVault()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.UnlockVault(ctx, passphrase); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	for range 50 { // the passphrase is tried all the same
		if got := s.VaultState(); got != VaultLocked {
			t.Fatalf("the vault is %s", got)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := s.UnlockVault(t.Context(), passphrase); err != nil || s.VaultState() != VaultOpen {
		t.Errorf("%v", err)
	}
}

// Another program that holds the secrets is waited for, but not for ever.
func TestLocksHaveALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "vault.lock")
		lock, err := storage.TryLock(path)
		if err != nil {
			t.Fatal(err)
		}
		defer lock.Unlock()
		began := time.Now()
		err = exclusively(t.Context(), path, func() error { return nil })
		var held *storage.LockedError
		if !errors.As(explain("try", err, ""), &held) || time.Since(began) != lockLimit {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}
