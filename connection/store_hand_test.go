package connection_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pushdesk/connection"
)

// A slip in one field costs that field, is said, and is written back as it was.
func TestFileWithFieldsOfTheWrongKind(t *testing.T) {
	const id = "11111111-2222-4333-8444-555555555555"
	for name, c := range map[string]struct{ field, kept string }{
		"tags by name":      {`"tags":{"a":1}`, `"tags (not read)":{"a":1}`},
		"tags of numbers":   {`"tags":["a",5]`, `"tags (not read)":["a",5]`},
		"a day in parts":    {`"expires":{"year":2027}`, `"expires (not read)":{"year":2027}`},
		"notes as a list":   {`"notes":["a","b"]`, `"notes (not read)":["a","b"]`},
		"a time in words":   {`"created":"yesterday"`, `"created (not read)":"yesterday"`},
		"a cloud in a list": {`"cloud":[7]`, `"cloud (not read)":[7]`},
		"other capitals":    {`"TAGS":{"a":1}`, `"tags (not read)":{"a":1}`},
		"twice":             {`"notes":"first","notes":"second"`, `"notes (not read)":"first"`},
		"two spellings":     {`"workspace":"mine","Workspace":"other"`, `"Workspace (not read)":"other"`},
		"unknown twice":     {`"x":1,"x":2`, `"x (not read)":1`},
	} {
		t.Run(name, func(t *testing.T) {
			path := given(t, `{"version":1,"connections":[{"id":"`+id+`","name":"Sales","clientId":"c",`+c.field+`}]}`)
			s := open(t, path)
			got, err := s.Find(id)
			if err != nil || got.Name != "Sales" || got.ClientID != "c" || len(got.Tags) != 0 {
				t.Fatalf("%+v, %v", got, err)
			}
			if n := s.Notices(); len(n) != 1 || !strings.Contains(n[0], "“Sales”") || !strings.Contains(n[0], "(not read)") {
				t.Errorf("%q", n)
			}
			got.Cloud, got.Tags = connection.CloudPublic, []string{"new"}
			if got, err = s.Update(got); err != nil {
				t.Fatal(err)
			}
			var compact bytes.Buffer
			if err := json.Compact(&compact, []byte(contentOf(t, path))); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(compact.String(), c.kept) || !strings.Contains(compact.String(), `"tags":["new"]`) {
				t.Errorf("%s is not kept in %s", c.kept, &compact)
			}
			again := open(t, path)
			if after, err := again.Find(id); err != nil || !after.Equal(got) || len(again.Notices()) != 0 {
				t.Errorf("%+v, %v, %q", after, err, again.Notices())
			}
		})
	}
}

// A merge by hand leaves two lists in a file, of which JSON readers see the last.
func TestFileMergedByHand(t *testing.T) {
	path := given(t, `{"version":1,"theme":1,"connections":[{"name":"One","cloud":"public"}],"theme":2,
		"connections":[{"name":"Two","cloud":"public"},{"name":"one","cloud":"gcc"}]}`)
	s := open(t, path)
	if got := namesOf(s.List()); got != "One|one 2|Two" {
		t.Errorf("%s", got)
	}
	if n := strings.Join(s.Notices(), "\n"); !strings.Contains(n, "several lists") || !strings.Contains(n, "“theme” twice") {
		t.Errorf("%s", n)
	}
	add(t, s, "Three")
	if got := namesOf(open(t, path).List()); got != "One|one 2|Three|Two" {
		t.Errorf("%s", got)
	}
	if text := contentOf(t, path); !strings.Contains(text, `"theme (not read)": 1`) || !strings.Contains(text, `"theme": 2`) {
		t.Errorf("%s", text)
	}
}

// The first of a name keeps it, also when a later one has the number it would get.
func TestFileWithANameTwice(t *testing.T) {
	path := given(t, `{"connections":[{"id":"11111111-2222-4333-8444-555555555551","name":"A"},{"id":"11111111-2222-4333-8444-555555555552","name":"a"},{"id":"11111111-2222-4333-8444-555555555553","name":"A 2"}]}`)
	s := open(t, path)
	if got := namesOf(s.List()); got != "A|A 2|a 3" {
		t.Errorf("%s", got)
	}
	if first, err := s.Find("a"); err != nil || !strings.HasSuffix(first.ID, "51") {
		t.Errorf("%+v, %v", first, err)
	}
}
