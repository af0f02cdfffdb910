package file_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/storage"
	"pushdesk/storage/failure"
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

func TestFileIsReadable(t *testing.T) {
	s, path := newStore(t)
	file.SetClock(s, func() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 8_000_999, time.UTC) })
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
		{"id":"11111111-2222-4333-8444-555555555556","name":"Two","cloud":"moon","x":null}
	]}`)
	s := open(t, path)
	if got := namesOf(s.List()); got != "One|Two" || len(s.Notices()) != 0 {
		t.Fatalf("%s, %q", got, s.Notices())
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
	for _, want := range []string{`"theme":{"b":1,"a":[1.50,2e3]}`, `"x":null}`, `"cloud":"moon"`} {
		if strings.Count(compact.String(), want) != 1 {
			t.Errorf("%s is not there once in %s", want, text)
		}
	}
	if got := strings.Count(compact.String(), `"big":12345678901234567890,"labels":["x"],"validUntil":"2027-01-01"}`); got != 2 {
		t.Errorf("the connection and its copy hold the fields %d times: %s", got, text)
	}
	if strings.Contains(text, "NAME") {
		t.Errorf("the name appears twice: %s", text)
	}
}

// A file with an error is left as it is. What is wrong is said, with the line.
func TestFileWithAnError(t *testing.T) {
	const id, other = "11111111-2222-4333-8444-555555555555", "11111111-2222-4333-8444-555555555556"
	list := func(entries string) string { return "{\n\"version\": 1,\n\"connections\": [\n" + entries + "\n]}\n" }
	sales := `{"id":"` + id + `","name":"Sales","cloud":"public"}`
	for name, c := range map[string]struct{ text, says string }{
		"cut":                {`{"version":1,"connections":[{"id":"1`, "line 1: this is not JSON"},
		"a bracket":          {"{\n\"version\":1,\n\"connections\":[{}}\n", "line 3: this is not JSON"},
		"a comma":            {list(sales + ",\n"), "line 6: this is not JSON"},
		"a comment":          {"// mine\n" + list(sales), "line 1: this is not JSON"},
		"empty":              {"", "it is empty"},
		"blank":              {" \n", "it is empty"},
		"zeros":              {strings.Repeat("\x00", 4096), "line 1: this is not JSON"},
		"not UTF-8":          {"{\"connections\":[{\"name\":\"M\xfcller\"}]}", "it is not UTF-8 text"},
		"a bare list":        {`[]`, "line 1: an object in braces is missing here"},
		"two files":          {`{}{}`, "line 1: this is not JSON"},
		"version":            {"{\n\"version\":\"one\"}", "line 2: the version is not a number"},
		"no list":            {`{"connections":{}}`, "line 1: the connections are not a list"},
		"deep":               {strings.Repeat("[", 100_000), "line 1: this is not JSON"},
		"two lists":          {"{\"connections\":[],\n\"connections\":[]}", "line 2: the field “connections” appears twice"},
		"not an entry":       {list(sales + ",\n\"a line by hand\""), "line 5: an object in braces is missing here"},
		"tags by name":       {list("{\"id\":\"" + id + "\",\"name\":\"Sales\",\n\"tags\":{\"a\":1}}"), "line 5: the value of the field “tags” is not valid"},
		"a day in parts":     {list(`{"id":"` + id + `","name":"Sales","expires":{"year":2027}}`), "line 4: the value of the field “expires” is not valid"},
		"a time in words":    {list(`{"id":"` + id + `","name":"Sales","created":"yesterday"}`), "line 4: the value of the field “created” is not valid"},
		"a number":           {list(`{"id":5}`), "line 4: the value of the field “id” is not valid"},
		"a field twice":      {list(`{"id":"` + id + `","name":"Sales","notes":"a","NOTES":"b"}`), "line 4: the field “NOTES” appears twice"},
		"an unknown one too": {list(`{"id":"` + id + `","name":"Sales","x":1,"x":2}`), "line 4: the field “x” appears twice"},
		"no ID":              {list(`{"name":"Sales"}`), "line 4: the connection “Sales” has no valid ID"},
		"an ID twice":        {list(sales + ",\n" + strings.Replace(sales, "Sales", "Stock", 1)), "line 5: the connection “Stock” has the ID of another one"},
		"no name":            {list(`{"id":"` + id + `"}`), "line 4: the connection has no name"},
		"a name twice":       {list(sales + ",\n" + strings.NewReplacer("Sales", "SALES ", id, other).Replace(sales)), "line 5: the name “SALES” appears twice"},
	} {
		t.Run(name, func(t *testing.T) {
			path := given(t, c.text)
			_, err := file.Open(path)
			f, ok := failure.From(err)
			if !ok || !errors.Is(err, file.ErrDamaged) || !strings.Contains(f.Sentence, path) || !strings.Contains(f.Sentence, c.says) || f.Remedy == "" {
				t.Errorf("%v does not say %q", err, c.says)
			}
			if contentOf(t, path) != c.text {
				t.Error("the file was touched")
			}
		})
	}
}

// A file that breaks while the program runs costs nothing: what is known stays, and
// nothing is written over it.
func TestFileBreaksMeanwhile(t *testing.T) {
	s, path := newStore(t)
	add(t, s, "One")
	before := contentOf(t, path)
	if err := os.WriteFile(path, []byte("{broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Refresh(); !errors.Is(err, file.ErrDamaged) {
		t.Errorf("%v", err)
	}
	if got := namesOf(s.List()); got != "One" {
		t.Errorf("%s", got)
	}
	if n := s.Notices(); len(n) != 1 || !strings.Contains(n[0], "line 1: this is not JSON") {
		t.Errorf("%q", n)
	}
	if _, err := s.Add(sound()); !errors.Is(err, file.ErrDamaged) || contentOf(t, path) != "{broken" {
		t.Errorf("%v: %s", err, contentOf(t, path))
	}
	if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	if add(t, s, "Two"); namesOf(open(t, path).List()) != "One|Two" || len(s.Notices()) != 0 {
		t.Errorf("%s, %q", namesOf(s.List()), s.Notices())
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := s.Refresh(); err != nil || len(s.List()) != 0 {
		t.Errorf("of a file that was deleted: %v, %v", s.List(), err)
	}
}

// Reading the list and finding a connection wait for nothing: neither for a lock that
// another program holds, nor for a change that waits for it, nor for the disk.
func TestReadingNeverWaits(t *testing.T) {
	s, path := newStore(t)
	first := add(t, s, "One")
	lock, err := storage.TryLock(path + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	var changing sync.WaitGroup
	changing.Go(func() { _, _ = s.Duplicate(first.ID) })
	defer changing.Wait()
	defer lock.Unlock()
	for deadline := time.Now().Add(10 * time.Second); !file.Changing(s); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the change never began")
		}
	}
	began := time.Now()
	for range 100 {
		if _, err := s.Find("One"); err != nil || len(s.List()) != 1 || len(s.Notices()) != 0 {
			t.Fatalf("%v, %v", s.List(), err)
		}
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("reading waited %v", took)
	}
}

// What another program changes is seen soon, and said.
func TestChangesOfOthersAreSeen(t *testing.T) {
	s, path := newStore(t)
	told := make(chan struct{}, 1)
	s.OnChange(func() { told <- struct{}{} })
	add(t, open(t, path), "One")
	s.List() // looks in the background
	select {
	case <-told:
	case <-time.After(10 * time.Second):
		t.Fatal("nobody was told")
	}
	if got := namesOf(s.List()); got != "One" {
		t.Errorf("%s", got)
	}
}

func TestFileOfNewerProgram(t *testing.T) {
	text := `{"version":2,"connections":[{"id":"11111111-2222-4333-8444-555555555555","name":"One","cloud":"moon","credential":"magic"}],"more":1}`
	path := given(t, text)
	s := open(t, path)
	if n := s.Notices(); len(n) != 1 || !strings.Contains(n[0], "newer Pushdesk") {
		t.Errorf("%q", n)
	}
	if got := s.List(); len(got) != 1 || got[0].Credential != "magic" {
		t.Errorf("%v", got)
	}
	_, err := s.Add(sound())
	f, ok := failure.From(err)
	if !ok || !errors.Is(err, file.ErrNewer) || !strings.Contains(f.Remedy, "Update") || !strings.Contains(f.Details, path) {
		t.Errorf("%v", err)
	}
	unknown := given(t, `{"version":99,"connections":{"one":{}}}`)
	if _, err := file.Open(unknown); !errors.Is(err, file.ErrNewer) {
		t.Errorf("%v", err)
	}
	if contentOf(t, path) != text {
		t.Error("the file was touched")
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
		_, err := file.Open(path)
		f, ok := failure.From(err)
		if !ok || !errors.Is(err, file.ErrUnreadable) || !strings.Contains(f.Sentence, path) || f.Remedy == "" || f.Cause == nil {
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
	lock, err := storage.TryLock(path + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Unlock()
	file.SetLockWait(s, 20*time.Millisecond)
	_, err = s.Add(connection.Connection{Name: "Two", Cloud: connection.CloudPublic})
	f, ok := failure.From(err)
	if !ok || !errors.Is(err, file.ErrLocked) || f.Sentence == "" || f.Remedy == "" || !strings.Contains(f.Details, path) || f.Cause == nil {
		t.Errorf("%v", err)
	}
}

func FuzzFile(f *testing.F) {
	f.Add(`{"version":1,"connections":[{"id":"11111111-2222-4333-8444-555555555555","name":"A","cloud":"public","new":1}]}`)
	f.Add(`{"connections":[{"NAME":"a"},{"name":"A"}],"z":{}}`)
	f.Add("{")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "connections.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := file.Open(path)
		if errors.Is(err, file.ErrDamaged) || errors.Is(err, file.ErrNewer) {
			if left, err := os.ReadFile(path); err != nil || string(left) != text {
				t.Errorf("the file was touched: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		before := s.List()
		added, err := s.Add(connection.Connection{Name: "Added by the test", Cloud: connection.CloudPublic})
		if errors.Is(err, file.ErrNewer) || errors.Is(err, file.ErrNameTaken) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		after, err := file.Open(path)
		if err != nil || len(after.List()) != len(before)+1 {
			t.Fatalf("%v: %d connections became %d", err, len(before), len(after.List()))
		}
		if got, err := after.Find(added.ID); err != nil || !got.Equal(added) {
			t.Fatalf("%+v, %v; want %+v", got, err, added)
		}
	})
}

// A connection that was removed comes back as it was, with what a newer program
// keeps in it.
func TestTakeAndRestore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "connections.json")
	const id = "11111111-2222-4333-8444-555555555555"
	if err := os.WriteFile(path, []byte(`{"connections":[{"id":"`+id+`","name":"One","cloud":"public","big":12345678901234567890},{"id":"21111111-2222-4333-8444-555555555555","name":"Two","cloud":"public"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := file.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	removed, err := s.Remove(id)
	if err != nil || len(s.List()) != 1 {
		t.Fatalf("%v, %d", err, len(s.List()))
	}
	if _, err := s.Add(connection.Connection{Name: "one", Cloud: connection.CloudPublic}); err != nil {
		t.Fatal(err)
	}
	back, err := s.Restore(removed)
	if err != nil || back[0].ID != id || back[0].Name != "One 2" || !strings.Contains(contentOf(t, path), "12345678901234567890") {
		t.Errorf("%+v, %v\n%s", back, err, contentOf(t, path))
	}
	if again, err := s.Restore(removed); err != nil || again[0].ID == id {
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
