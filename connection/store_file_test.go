package connection_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"pushdesk/connection"
	"pushdesk/storage"
)

// given makes a folder with a connection file of some text.
func given(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "connections.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func contentOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// setAside gives the files that were set aside, by name.
func setAside(t *testing.T, path string) map[string]string {
	t.Helper()
	found, err := filepath.Glob(path + ".broken-*")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range found {
		files[f] = contentOf(t, f)
	}
	return files
}

func TestFileIsReadable(t *testing.T) {
	s, path := newStore(t)
	connection.SetClock(s, func() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 8_000_999, time.UTC) })
	c := sound()
	c.Name, c.ID = "R&D <x>", "11111111-2222-4333-8444-555555555555"
	if _, err := s.Add(c); err != nil {
		t.Fatal(err)
	}
	want := `{
  "version": 1,
  "connections": [
    {
      "id": "11111111-2222-4333-8444-555555555555",
      "name": "R&D <x>",
      "cloud": "public",
      "tenantId": "` + tenantID + `",
      "clientId": "` + clientID + `",
      "credential": "secret",
      "created": "2026-03-04T05:06:07.008Z",
      "updated": "2026-03-04T05:06:07.008Z"
    }
  ]
}
`
	if got := contentOf(t, path); got != want {
		t.Errorf("%s", got)
	}
}

// What a newer program, or a person, added is written back as it was.
func TestFileKeepsUnknownFields(t *testing.T) {
	path := given(t, "\xef\xbb\xbf"+`{"theme":{"b":1,"a":[1.50,2e3]},"version":1,"connections":[
		{"id":"11111111-2222-4333-8444-555555555555","NAME":"One","cloud":"public","validUntil":"2027-01-01","big":12345678901234567890,"labels":["x"]},
		{"name":"Two","cloud":"moon","x":null},
		"a line by hand", null, {"id":5}
	]}`)
	s := open(t, path)
	if got := namesOf(s.List()); got != "One|Two" {
		t.Fatalf("%s", got)
	}
	if n := s.Notices(); len(n) != 3 || n[0] != "Entry 3 of the connection file cannot be read as a connection. It was left there as it is." {
		t.Errorf("%q", n)
	}
	one, err := s.Find("one")
	if err != nil || one.Credential != connection.CredentialSecret {
		t.Fatalf("%+v, %v", one, err)
	}
	one.Notes = "changed"
	if _, err := s.Update(one); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Duplicate(one.ID); err != nil {
		t.Fatal(err)
	}
	text := contentOf(t, path)
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(text)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"theme":{"b":1,"a":[1.50,2e3]}`, `"x":null}`, `"a line by hand",null,{"id":5},`, `"cloud":"moon"`} {
		if strings.Count(compact.String(), want) != 1 {
			t.Errorf("%s is not there once in %s", want, text)
		}
	}
	if got := strings.Count(compact.String(), `"big":12345678901234567890,"labels":["x"],"validUntil":"2027-01-01"}`); got != 2 {
		t.Errorf("the connection and its copy hold the fields %d times: %s", got, text)
	}
	if strings.Contains(text, "NAME") {
		t.Errorf("the name is there twice: %s", text)
	}
	two, err := s.Find("two")
	if id := two.ID; err != nil || id == "" {
		t.Fatalf("%+v, %v", two, err)
	} else if again, _ := open(t, path).Find("two"); again.ID != id {
		t.Errorf("the ID given to a connection without one changes: %s, %s", id, again.ID)
	}
}

func TestFileMended(t *testing.T) {
	const id = "11111111-2222-4333-8444-555555555555"
	path := given(t, `{"connections":[{"id":"`+id+`","name":"Sales","cloud":"public"},{"id":"`+id+`","name":"sales ","cloud":"gcc"},{"name":"","cloud":"public"}]}`)
	before := contentOf(t, path)
	s := open(t, path)
	if got := namesOf(s.List()); got != "Sales|sales 2|Unnamed" {
		t.Errorf("%s", got)
	}
	first, _ := s.Find(id)
	other, err := s.Find("SALES 2")
	if first.Name != "Sales" || err != nil || other.ID == id || other.Cloud != connection.CloudGCC {
		t.Errorf("%+v %+v, %v", first, other, err)
	}
	if n := strings.Join(s.Notices(), "\n"); !strings.Contains(n, "ID of “sales ” twice") || !strings.Contains(n, "is now called “sales 2”") {
		t.Errorf("%s", n)
	}
	if contentOf(t, path) != before {
		t.Error("reading wrote the file")
	}
	if err := s.Remove(other.ID); err != nil {
		t.Fatal(err)
	}
	if got := namesOf(open(t, path).List()); got != "Sales|Unnamed" {
		t.Errorf("%s", got)
	}
}

// A file that is no connection file is never written over.
func TestFileSetAside(t *testing.T) {
	for name, c := range map[string]struct{ text, reason string }{
		"cut":         {`{"version":1,"connections":[{"id":"1`, "it is not JSON from line 1 on"},
		"by hand":     {"{\n\"version\":1,\n\"connections\":[{}}\n", "it is not JSON from line 3 on"},
		"empty":       {"", "it is empty"},
		"blank":       {" \n", "it is empty"},
		"zeros":       {strings.Repeat("\x00", 4096), "it is not JSON from line 1 on"},
		"a list":      {`[]`, "it is not a list of fields"},
		"two":         {`{}{}`, "it is not JSON from line 1 on"},
		"version":     {`{"version":"one"}`, "its version is not a number"},
		"connections": {`{"connections":{}}`, "its connections are not a list"},
		"deep":        {strings.Repeat("[", 100_000), "it is not JSON from line 1 on"},
	} {
		t.Run(name, func(t *testing.T) {
			path := given(t, c.text)
			s := open(t, path)
			if got := s.List(); len(got) != 0 {
				t.Errorf("%v", got)
			}
			aside := setAside(t, path)
			if len(aside) != 1 {
				t.Fatalf("set aside: %v", aside)
			}
			for file, text := range aside {
				if n := s.Notices(); len(n) != 1 || !strings.Contains(n[0], file) || !strings.Contains(n[0], c.reason) || text != c.text {
					t.Errorf("%q", n)
				}
			}
			add(t, s, "New")
			if got := namesOf(open(t, path).List()); got != "New" || len(setAside(t, path)) != 1 {
				t.Errorf("%s", got)
			}
		})
	}
}

// A file that breaks while the program runs costs nothing either.
func TestFileBreaksMeanwhile(t *testing.T) {
	s, path := newStore(t)
	connection.SetClock(s, func() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC) })
	add(t, s, "One")
	for _, text := range []string{"{broken once", "{broken twice"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := namesOf(s.List()); got != "One" {
			t.Errorf("%s", got)
		}
		if got := namesOf(open(t, path).List()); got != "One" {
			t.Errorf("written again: %s", got)
		}
	}
	if aside := setAside(t, path); aside[path+".broken-20260304-050607"] != "{broken once" || aside[path+".broken-20260304-050607-2"] != "{broken twice" {
		t.Errorf("%v", aside)
	}
	add(t, s, "Two")
	if got := namesOf(open(t, path).List()); got != "One|Two" {
		t.Errorf("%s", got)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if got := s.List(); len(got) != 0 {
		t.Errorf("of a file that was deleted: %v", got)
	}
}

func TestFileOfNewerProgram(t *testing.T) {
	for name, text := range map[string]string{
		"readable":   `{"version":2,"connections":[{"id":"11111111-2222-4333-8444-555555555555","name":"One","cloud":"moon","credential":"magic"}],"more":1}`,
		"unreadable": `{"version":99,"connections":{"one":{}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			path := given(t, text)
			s := open(t, path)
			if n := s.Notices(); len(n) != 1 || !strings.Contains(n[0], "newer Pushdesk") {
				t.Errorf("%q", n)
			}
			if got := s.List(); name == "readable" && (len(got) != 1 || got[0].Credential != "magic") {
				t.Errorf("%v", got)
			}
			_, err := s.Add(sound())
			var e *connection.NewerFileError
			if !errors.As(err, &e) || e.Version < 2 || !strings.Contains(e.Remedy(), "Update") || e.Sentence() == "" || e.Who() != "you" || !strings.Contains(e.Details(), path) {
				t.Errorf("%v", err)
			}
			if contentOf(t, path) != text || len(setAside(t, path)) != 0 {
				t.Error("the file was touched")
			}
		})
	}
}

func TestFileNotToBeRead(t *testing.T) {
	folder := t.TempDir()
	huge := filepath.Join(t.TempDir(), "connections.json")
	f, err := os.Create(huge)
	if err == nil {
		err = errors.Join(f.Truncate(1<<30), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{folder, huge, filepath.Join(given(t, "{}"), "below a file")} {
		_, err := connection.OpenStore(path)
		var e *connection.FileError
		if !errors.As(err, &e) || !strings.Contains(e.Sentence(), path) || e.Remedy() == "" || e.Who() != "you" || !strings.Contains(e.Details(), path) || errors.Unwrap(e) == nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// A disk that cannot be written leaves file and list as they were.
func TestFileNotToBeWritten(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		// Root may write anywhere, so the way to the file is blocked instead.
		path := filepath.Join(t.TempDir(), "connections.json")
		if err := os.Mkdir(path+".lock", 0o700); err != nil {
			t.Fatal(err)
		}
		notWritten(t, path)
		return
	}
	path := given(t, "{}")
	if err := os.Chmod(filepath.Dir(path), 0o500); err != nil {
		t.Fatal(err)
	}
	notWritten(t, path)
}

func notWritten(t *testing.T, path string) {
	t.Helper()
	s := open(t, path)
	_, err := s.Add(sound())
	var e *storage.FileError
	if !errors.As(err, &e) || len(s.List()) != 0 {
		t.Errorf("%v, list %v", err, s.List())
	}
	if text, err := os.ReadFile(path); err == nil && string(text) != "{}" || err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%q, %v", text, err)
	}
}

func TestFileHeldByAnother(t *testing.T) {
	s, path := newStore(t)
	add(t, s, "One")
	lock := flock.New(path + ".lock")
	if err := lock.Lock(); err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	connection.SetLockWait(s, 20*time.Millisecond)
	_, err := s.Add(connection.Connection{Name: "Two", Cloud: connection.CloudPublic})
	var e *connection.BusyError
	if !errors.As(err, &e) || e.Sentence() == "" || e.Remedy() == "" || e.Who() != "you" || !strings.Contains(e.Details(), path) || errors.Unwrap(e) == nil {
		t.Errorf("%v", err)
	}
	if got := namesOf(s.List()); got != "One" {
		t.Errorf("reading needs no lock: %s", got)
	}
}

func FuzzFile(f *testing.F) {
	f.Add(`{"version":1,"connections":[{"id":"x","name":"A","cloud":"public","new":1},5]}`)
	f.Add(`{"connections":[{"NAME":"a"},{"name":"A"}],"z":{}}`)
	f.Add("{")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "connections.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := connection.OpenStore(path)
		if err != nil {
			t.Fatal(err)
		}
		before := s.List()
		added, err := s.Add(connection.Connection{Name: "Added by the test", Cloud: connection.CloudPublic})
		var newer *connection.NewerFileError
		var taken *connection.NameTakenError
		if errors.As(err, &newer) || errors.As(err, &taken) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		after, err := connection.OpenStore(path)
		if err != nil || len(after.List()) != len(before)+1 {
			t.Fatalf("%v: %d connections became %d", err, len(before), len(after.List()))
		}
		if got, err := after.Find(added.ID); err != nil || !got.Equal(added) {
			t.Fatalf("%+v, %v; want %+v", got, err, added)
		}
	})
}

// What a hand easily gets wrong makes no connection unreadable.
func TestFileMendsTypes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "connections.json")
	const id = "11111111-2222-4333-8444-555555555555"
	if err := os.WriteFile(path, []byte(`{"version":1,"connections":[
		{"id":"`+id+`","name":2026,"cloud":"public","tags":"eu, finance","notes":true,"tenantId":"contoso.com"},
		{"id":"21111111-2222-4333-8444-555555555555","name":"Odd","cloud":"public","tags":{"a":1}}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := connection.OpenStore(path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Find(id)
	if err != nil || c.Name != "2026" || len(c.Tags) != 2 || c.TenantID != "contoso.com" || c.Notes != "true" {
		t.Fatalf("%+v, %v", c, err)
	}
	if len(s.Notices()) != 1 || len(s.List()) != 2 {
		t.Errorf("%q, %d connections", s.Notices(), len(s.List()))
	}
	c.Notes = "changed"
	if _, err := s.Update(c); err != nil {
		t.Fatal(err)
	}
	if text := contentOf(t, path); !strings.Contains(text, `"a": 1`) || !strings.Contains(text, `"finance"`) {
		t.Errorf("something is lost:\n%s", text)
	}
}

// A connection that was removed comes back as it was, with what a newer program
// keeps in it.
func TestTakeAndRestore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "connections.json")
	const id = "11111111-2222-4333-8444-555555555555"
	if err := os.WriteFile(path, []byte(`{"connections":[{"id":"`+id+`","name":"One","cloud":"public","big":12345678901234567890},{"id":"21111111-2222-4333-8444-555555555555","name":"Two","cloud":"public"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := connection.OpenStore(path)
	if err != nil {
		t.Fatal(err)
	}
	removed, err := s.Take(id)
	if err != nil || len(s.List()) != 1 {
		t.Fatalf("%v, %d", err, len(s.List()))
	}
	if _, err := s.Add(connection.Connection{Name: "one", Cloud: connection.CloudPublic}); err != nil {
		t.Fatal(err)
	}
	back, err := s.Restore(removed)
	if err != nil || back.ID != id || back.Name != "One 2" || !strings.Contains(contentOf(t, path), "12345678901234567890") {
		t.Errorf("%+v, %v\n%s", back, err, contentOf(t, path))
	}
	if again, err := s.Restore(removed); err != nil || again.ID == id {
		t.Errorf("a second one under the same ID: %+v, %v", again, err)
	}
	before, _ := s.Find(id)
	if err := s.Touch(id); err != nil {
		t.Fatal(err)
	}
	before.Notes = "typed meanwhile"
	if _, err := s.Update(before); err != nil {
		t.Errorf("its use is in the way of a change: %v", err)
	}
	if after, _ := s.Find(id); after.Notes != "typed meanwhile" {
		t.Errorf("%+v", after)
	}
	if list := connection.Recent([]connection.Connection{{Name: "a"}, {Name: "b", Used: time.Now()}}); list[0].Name != "b" {
		t.Errorf("%v", list)
	}
}
