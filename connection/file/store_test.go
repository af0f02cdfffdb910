package file_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/storage/failure"
)

func open(t *testing.T, path string) *file.Store {
	t.Helper()
	s, err := file.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const (
	tenantID = "5d0cf6a5-1111-4222-8333-444455556666"
	clientID = "0f9e8d7c-aaaa-4bbb-8ccc-ddddeeeeffff"
)

func sound() connection.Connection {
	return connection.Connection{Name: "Sales", Cloud: connection.CloudPublic, TenantID: tenantID, ClientID: clientID, Credential: connection.CredentialSecret}
}

func newStore(t *testing.T) (*file.Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "home", "connections.json")
	return open(t, path), path
}

func add(t *testing.T, s *file.Store, name string) connection.Connection {
	t.Helper()
	c := sound()
	c.Name = name
	c, err := s.Add(c)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func namesOf(list []connection.Connection) string {
	var names []string
	for _, c := range list {
		names = append(names, c.Name)
	}
	return strings.Join(names, "|")
}

func TestStoreKeeps(t *testing.T) {
	s, path := newStore(t)
	if got := s.List(); got == nil || len(got) != 0 || len(s.Notices()) != 0 {
		t.Fatalf("a new store holds %v, says %v", got, s.Notices())
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("opening made a file: %v", err)
	}
	c := sound()
	c.Name, c.Workspace, c.Notes, c.ID = "  Sales \n <EU> & more ", " W ", "one\ntwo", "not a UUID"
	added, err := s.Add(c)
	if err != nil {
		t.Fatal(err)
	}
	if uuid.Validate(added.ID) != nil || added.Name != "Sales <EU> & more" || added.Workspace != "W" || added.Created.IsZero() || !added.Updated.Equal(added.Created) {
		t.Errorf("%+v", added)
	}
	for name, other := range map[string]*file.Store{"this store": s, "another": open(t, path)} {
		for _, key := range []string{added.ID, strings.ToUpper(added.ID), "sales  <eu> & MORE ", " Sales <EU> & more"} {
			if got, err := other.Find(key); err != nil || !got.Equal(added) {
				t.Errorf("%s finds %+v, %v by %q; want %+v", name, got, err, key, added)
			}
		}
	}

	added.Notes = "three"
	changed, err := s.Update(added)
	if err != nil || changed.Notes != "three" || changed.Created != added.Created || changed.Updated.Before(added.Updated) {
		t.Errorf("%+v, %v", changed, err)
	}
	copied, err := s.Duplicate(changed.ID)
	if err != nil || copied.Name != "Sales <EU> & more copy" || copied.ID == changed.ID || copied.ClientID != changed.ClientID {
		t.Errorf("%+v, %v", copied, err)
	}
	if again, err := s.Duplicate(changed.ID); err != nil || again.Name != "Sales <EU> & more copy 2" {
		t.Errorf("%+v, %v", again, err)
	}
	if _, err := s.Remove(changed.ID); err != nil {
		t.Fatal(err)
	}
	if got := namesOf(open(t, path).List()); got != "Sales <EU> & more copy|Sales <EU> & more copy 2" {
		t.Errorf("left: %s", got)
	}

	restored, err := s.Add(changed) // undo of a removal keeps the ID, under which the secret is kept
	if err != nil || restored.ID != changed.ID {
		t.Errorf("%+v, %v", restored, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestStoreSortsByName(t *testing.T) {
	s, _ := newStore(t)
	for _, n := range []string{"beta", "Alpha", "äther", "Gamma", "alpha 2"} {
		add(t, s, n)
	}
	if got := namesOf(s.List()); got != "Alpha|alpha 2|beta|Gamma|äther" {
		t.Errorf("%s", got)
	}
}

func TestStoreNamesAreUnique(t *testing.T) {
	s, _ := newStore(t)
	first := add(t, s, "Straße  Süd")
	other := add(t, s, "Other")
	for _, name := range []string{"straße süd", "STRASSE SÜD", " Straße\u00a0 Süd\u200b", "Strasse Su\u0308d"} {
		c := sound()
		c.Name = name
		_, err := s.Add(c)
		if f, ok := failure.From(err); !ok || !errors.Is(err, file.ErrNameTaken) || f.Sentence != "A connection “Straße Süd” already exists." || f.Remedy == "" {
			t.Errorf("%q: %v", name, err)
		}
		changed := other
		changed.Name = name
		if _, err := s.Update(changed); !errors.Is(err, file.ErrNameTaken) {
			t.Errorf("renamed to %q: %v", name, err)
		}
	}
	first.Name = "STRASSE SÜD" // its own name in other capitals
	if _, err := s.Update(first); err != nil {
		t.Error(err)
	}
	if got := namesOf(s.List()); got != "Other|STRASSE SÜD" {
		t.Errorf("%s", got)
	}
}

func TestStoreDraftsAndRefusals(t *testing.T) {
	s, path := newStore(t)
	if c, err := s.Add(connection.Connection{Name: "Draft", Cloud: connection.CloudCustom}); err != nil || c.Credential != connection.CredentialSecret {
		t.Errorf("a draft is kept: %+v, %v", c, err)
	}
	before, _ := os.ReadFile(path)
	for want, c := range map[string]connection.Connection{
		"The connection has no name":             {Name: " \u200b", Cloud: connection.CloudPublic},
		"No cloud is chosen":                     {Name: "A"},
		"This version of Pushdesk does not know": {Name: "A", Cloud: "moon"},
	} {
		_, err := s.Add(c)
		var e *connection.InvalidError
		if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), want) || e.Finding.Field == "" || e.Failure().Sentence == "" || e.Failure().Remedy == "" || e.Failure().Details == "" {
			t.Errorf("%v, want %q", err, want)
		}
	}
	for name, err := range map[string]error{
		"update":    second(s.Update(connection.Connection{ID: uuid.NewString(), Name: "X", Cloud: connection.CloudPublic})),
		"remove":    second(s.Remove("x")),
		"duplicate": second(s.Duplicate("x")),
		"find":      second(s.Find("x")),
		"empty":     second(s.Find("")),
	} {
		if !errors.Is(err, file.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("a refused change was written")
	}
}

func second[T any](_ T, err error) error { return err }

func TestStoreNear(t *testing.T) {
	s, _ := newStore(t)
	for _, n := range []string{"Sales EU", "Sales US", "Sales APAC", "Finance", "HR"} {
		add(t, s, n)
	}
	for asked, want := range map[string]string{
		"sales eu x": "Sales EU", "salesEU": "Sales EU|Sales US", "sales": "Sales APAC|Sales EU|Sales US",
		"Finanze": "Finance", "the finance team": "Finance", "zzzzzz": "", "": "", strings.Repeat("x", 1<<20): "",
	} {
		_, err := s.Find(asked)
		f, ok := failure.From(err)
		if !ok || !errors.Is(err, file.ErrNotFound) || !strings.HasPrefix(f.Sentence, "There is no connection") || len(f.Sentence) > 500 {
			t.Errorf("%.20q: %v", asked, err)
			continue
		}
		near, _ := strings.CutSuffix(strings.TrimPrefix(f.Remedy, "Did you mean “"), "”?")
		if near = strings.ReplaceAll(near, "”, “", "|"); want == "" && strings.HasPrefix(f.Remedy, "Did you mean") || want != "" && near != want {
			t.Errorf("%.20q: %q, want %q", asked, f.Remedy, want)
		}
	}
}

// Programs and windows side by side lose nothing of each other's changes.
func TestStoreTwoAtOnce(t *testing.T) {
	s, path := newStore(t)
	other := open(t, path)
	first := add(t, s, "First")
	if err := other.Refresh(); err != nil {
		t.Fatal(err)
	}
	if got := namesOf(other.List()); got != "First" {
		t.Errorf("the other program sees %q", got)
	}
	var all sync.WaitGroup
	for i, store := range []*file.Store{s, other, open(t, path), open(t, path)} {
		all.Go(func() {
			for j := range 5 {
				c := sound()
				c.Name = string(rune('A'+i)) + string(rune('0'+j))
				if _, err := store.Add(c); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := other.Refresh(); err != nil {
		t.Fatal(err)
	}
	if got := len(open(t, path).List()); got != 21 || len(other.List()) != 21 {
		t.Errorf("%d connections, want 21", got)
	}

	mine, theirs := first, first
	theirs.Notes = "theirs"
	if _, err := other.Update(theirs); err != nil {
		t.Fatal(err)
	}
	mine.Notes = "mine"
	_, err := s.Update(mine)
	if f, ok := failure.From(err); !ok || !errors.Is(err, file.ErrChanged) || !strings.Contains(f.Sentence, "“First”") || f.Remedy == "" {
		t.Errorf("a change on what is out of date: %v", err)
	}
	if got, _ := s.Find("First"); got.Notes != "theirs" {
		t.Errorf("kept %q", got.Notes)
	}
	mine.Updated = time.Time{} // not read from the store: the person means all of it
	if got, err := s.Update(mine); err != nil || got.Notes != "mine" || got.Created != first.Created {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestStoreParallel(t *testing.T) {
	s, _ := newStore(t)
	c := add(t, s, "One")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			s.List()
			_, _ = s.Find("one")
			s.Notices()
			copied, err := s.Duplicate(c.ID)
			if err == nil {
				_, err = s.Remove(copied.ID)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := s.List(); !slices.EqualFunc(got, []connection.Connection{c}, connection.Connection.Equal) {
		t.Errorf("%v", got)
	}
}
