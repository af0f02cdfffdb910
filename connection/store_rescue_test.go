package connection_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"pushdesk/connection"
)

const (
	firstEntry  = `{"id":"11111111-2222-4333-8444-555555555551","name":"Sales","cloud":"public","notes":"a // b, \"c\" ]"}`
	secondEntry = `{"id":"11111111-2222-4333-8444-555555555552","name":"Stock","cloud":"gcc"}`
)

// A slip that changes no meaning costs nothing: the file is put right, the one with
// the slip is kept, and both is said.
func TestFileWithASlip(t *testing.T) {
	wide := func(text string) string {
		b := []byte("\xff\xfe")
		for _, u := range utf16.Encode([]rune(text)) {
			b = append(b, byte(u), byte(u>>8))
		}
		return string(b)
	}
	for name, text := range map[string]string{
		"comma at the end of the list": `{"version":1,"connections":[` + firstEntry + "," + secondEntry + ",\n]}",
		"commas everywhere":            `{"version":1,,"connections":[,` + firstEntry + ",," + secondEntry + ",],}",
		"no comma between two":         `{"version":1,"connections":[` + firstEntry + "\n" + secondEntry + "]}",
		"no comma between fields":      `{"version":1 "connections":[` + firstEntry + "," + strings.Replace(secondEntry, `,"name"`, "\n\"name\"", 1) + "]}",
		"comments":                     "// mine\n{\"version\":1, /* the list */ \"connections\":[" + firstEntry + ", // south\n" + secondEntry + "]}",
		"two bytes a letter":           wide(`{"version":1,"connections":[` + firstEntry + "," + secondEntry + "]}"),
	} {
		t.Run(name, func(t *testing.T) {
			path := given(t, text)
			s := open(t, path)
			if got := namesOf(s.List()); got != "Sales|Stock" {
				t.Fatalf("%s: %q", got, s.Notices())
			}
			if c, err := s.Find("Sales"); err != nil || c.Notes != `a // b, "c" ]` || c.ID != "11111111-2222-4333-8444-555555555551" {
				t.Errorf("%+v, %v", c, err)
			}
			aside := setAside(t, path)
			for file, kept := range aside {
				if n := s.Notices(); len(n) != 1 || !strings.Contains(n[0], "put right") || !strings.Contains(n[0], file) || kept != text {
					t.Errorf("%q", n)
				}
			}
			if again := open(t, path); namesOf(again.List()) != "Sales|Stock" || len(again.Notices()) != 0 || len(aside) != 1 {
				t.Errorf("%q, %d set aside", again.Notices(), len(aside))
			}
		})
	}
}

func TestFileOfAnOldEditor(t *testing.T) {
	path := given(t, "{\"connections\":[{\"name\":\"M\xfcller\"}]}")
	if got := namesOf(open(t, path).List()); got != "Müller" || len(setAside(t, path)) != 1 {
		t.Errorf("%s", got)
	}
}

// What stands in a damaged file in one piece is read out of it.
func TestDamagedFileRead(t *testing.T) {
	whole := `{"version":1,"future":{"name":"no connection"},"connections":[` + firstEntry + "," + secondEntry + "]}"
	for name, c := range map[string]struct{ text, names string }{
		"cut in the second":  {whole[:len(whole)-30], "Sales"},
		"cut behind both":    {whole[:len(whole)-1], "Sales|Stock"},
		"rubbish in between": {strings.Replace(whole, "},{", "}\x00\x00,{\"id\" \"name {", 1), "Sales|Stock"},
		"the first is cut":   {strings.Replace(whole, `","cloud":"public"`, "", 1), "Stock"},
		"version in words":   {strings.Replace(whole, `"version":1`, `"version":"one"`, 1), "Sales|Stock"},
		"a bare list":        {"[" + firstEntry + "," + secondEntry + "]", "Sales|Stock"},
	} {
		t.Run(name, func(t *testing.T) {
			path := given(t, c.text)
			s := open(t, path)
			if got := namesOf(s.List()); got != c.names {
				t.Fatalf("%s: %q", got, s.Notices())
			}
			n := s.Notices()
			if len(n) == 0 || !strings.Contains(n[0], fmt.Sprintf("%d connection", len(s.List()))) || !strings.Contains(n[0], "could be read out of it") || len(setAside(t, path)) != 1 {
				t.Errorf("%q", n)
			}
			if got := namesOf(open(t, path).List()); got != c.names {
				t.Errorf("written again: %s", got)
			}
		})
	}
}

// What is read out of a broken file is the same file for whoever reads it next, and
// nothing of it can end the program.
func FuzzRescue(f *testing.F) {
	for _, seed := range []string{"", "{", "[", `{"connections":[` + firstEntry + "},]}", "\xff\xfe{", "/*", `{"a":"\\`, "{\"name\":\"x\",\"id\":1,}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		path := t.TempDir() + "/connections.json"
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := connection.OpenStore(path)
		if err != nil {
			t.Fatal(err)
		}
		again, err := connection.OpenStore(path)
		if err != nil || namesOf(again.List()) != namesOf(s.List()) {
			t.Errorf("%v, then %v, %v", s.List(), again.List(), err)
		}
	})
}
