package file_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/file"
)

func TestTouchIsNoChange(t *testing.T) {
	s, path := newStore(t)
	c := add(t, s, "One")
	other := add(t, s, "Two")
	if err := open(t, path).Touch(other.ID); err != nil { // by another program
		t.Fatal(err)
	}
	if err := s.Refresh(); err != nil {
		t.Fatal(err)
	}
	if got := namesOf(connection.Recent(s.List())); got != "Two|One" {
		t.Errorf("recently used first: %s", got)
	}
	if err := s.Touch(c.ID); err != nil {
		t.Fatal(err)
	}
	used, err := s.Find(c.ID)
	if err != nil || used.Used.IsZero() || !used.Updated.Equal(c.Updated) {
		t.Errorf("%+v, %v", used, err)
	}
	if err := s.LearnExpiry(c.ID, "2027-01-31"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Find(c.ID); err != nil || got.Expires != "2027-01-31" || got.ExpiresFrom != connection.ExpiryGraph {
		t.Errorf("%+v, %v", got, err)
	}
	c.Notes = "from a form that was open"
	saved, err := s.Update(c)
	if err != nil || !saved.Used.Equal(used.Used) {
		t.Errorf("the form cannot be saved, or forgets the use: %+v, %v", saved, err)
	}
	if copied, err := s.Duplicate(c.ID); err != nil || !copied.Used.IsZero() {
		t.Errorf("a copy was never used: %+v, %v", copied, err)
	}
	other.Expires, other.ExpiresFrom = "2026-12-24", connection.ExpiryTyped
	if _, err := s.Update(other); err != nil {
		t.Fatal(err)
	}
	if err := s.LearnExpiry(other.ID, "2027-01-31"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Find(other.ID); err != nil || got.Expires != "2026-12-24" {
		t.Errorf("a day that a person entered is gone: %+v, %v", got, err)
	}
	if err := s.LearnExpiry("nobody", "2027-01-31"); !errors.Is(err, file.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if err := s.Touch("nobody"); !errors.Is(err, file.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// What is removed comes back as it was: place, ID, and what a newer program wrote.
func TestRemovedComesBack(t *testing.T) {
	s, path := newStore(t)
	var ids []string
	for i := range 6 {
		ids = append(ids, add(t, s, fmt.Sprintf("C%d", i)).ID)
	}
	newer := strings.Replace(contentOf(t, path), `"name": "C3",`, `"name": "C3", "magic": {"a": [1.50]},`, 1)
	path = given(t, newer)
	s = open(t, path)
	add(t, s, "C6") // so that the file is written in the form of this program
	before := contentOf(t, path)
	for _, some := range [][]string{{ids[0]}, {ids[5]}, {ids[3]}, {ids[4], ids[1], ids[3]}, {ids[0], ids[1], ids[2], ids[3], ids[4], ids[5]}} {
		removed, err := s.Remove(some...)
		if err != nil || len(s.List()) != 7-len(some) {
			t.Fatalf("%v, %v", namesOf(s.List()), err)
		}
		if _, err := open(t, path).Restore(removed); err != nil {
			t.Fatal(err)
		}
		if after := contentOf(t, path); after != before {
			t.Errorf("the file is now\n%s\nand was\n%s", after, before)
		}
	}
	if _, err := s.Remove(ids[0], "nobody"); !errors.Is(err, file.ErrNotFound) || contentOf(t, path) != before {
		t.Errorf("some were removed: %v", err)
	}

	r, err := s.Remove(ids[0])
	if err != nil {
		t.Fatal(err)
	}
	add(t, s, "c0")
	if back, err := s.Restore(r); err != nil || back[0].Name != "C0 2" || back[0].ID != ids[0] {
		t.Errorf("the name was taken meanwhile: %+v, %v", back, err)
	}
	if twice, err := s.Restore(r); err != nil || twice[0].ID == ids[0] || twice[0].Name != "C0 3" {
		t.Errorf("%+v, %v", twice, err)
	}
}

func TestLabels(t *testing.T) {
	s, path := newStore(t)
	a, b := add(t, s, "A"), add(t, s, "B")
	production := connection.EnvironmentProduction
	got, err := s.Label([]string{a.ID, b.ID}, connection.Labels{Environment: &production, Add: []string{" month  end ", "EU", "eu"}})
	if err != nil || len(got) != 2 || !slices.Equal(got[1].Tags, []string{"month end", "EU"}) || !got[0].Careful() {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, err = s.Label([]string{a.ID}, connection.Labels{Drop: []string{"Month End"}}); err != nil || !slices.Equal(got[0].Tags, []string{"EU"}) || !got[0].Careful() {
		t.Errorf("%+v, %v", got, err)
	}
	unchanged, err := s.Label([]string{a.ID}, connection.Labels{Add: []string{"eu"}})
	if err != nil || !unchanged[0].Updated.Equal(got[0].Updated) {
		t.Errorf("what changes nothing is a change: %+v, %v", unchanged, err)
	}
	none := connection.Environment("")
	before := contentOf(t, path)
	if _, err := s.Label([]string{a.ID, "nobody"}, connection.Labels{Environment: &none}); err == nil || contentOf(t, path) != before {
		t.Errorf("one of them is not there, and the other was changed: %v", err)
	}
	if got, err = s.Label([]string{a.ID}, connection.Labels{Environment: &none}); err != nil || got[0].Careful() {
		t.Errorf("%+v, %v", got, err)
	}
	if !(connection.Labels{}).Empty() || (connection.Labels{Environment: &none}).Empty() {
		t.Error("Empty is wrong")
	}
}

// A batch is one step: what fails in it does not end it, and its own error undoes it.
func TestBatch(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	s, path := newStore(t)
	there := add(t, s, "There")
	err := s.Batch(func(b *file.Batch) error {
		for i := range 10_000 {
			c := sound()
			c.Name = fmt.Sprintf("Depot %d", i)
			if _, err := b.Add(c); err != nil {
				return err
			}
		}
		c := sound()
		if c.Name = "THERE"; !errors.Is(second(b.Add(c)), file.ErrNameTaken) {
			t.Error("a name was given twice")
		}
		if c.Name = b.FreeName("There", ""); c.Name != "There 2" {
			t.Errorf("%q", c.Name)
		}
		there.Notes = "changed"
		_, err := b.Update(there)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if list := open(t, path).List(); len(list) != 10_001 {
		t.Errorf("%d connections", len(list))
	}
	before := contentOf(t, path)
	stop := errors.New("stop")
	if err := s.Batch(func(b *file.Batch) error {
		if _, err := b.Add(connection.Connection{Name: "No", Cloud: connection.CloudPublic}); err != nil {
			t.Error(err)
		}
		return stop
	}); !errors.Is(err, stop) || contentOf(t, path) != before {
		t.Errorf("%v", err)
	}
}
