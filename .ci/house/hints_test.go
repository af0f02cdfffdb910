package house

import (
	"strings"
	"testing"
)

// TestHints: every hint of the window and the terminal belongs to a failure.
func TestHints(t *testing.T) { report(t, Hints(ours(t))) }

func TestHintsWithoutAFailureAreFound(t *testing.T) {
	dir := scratch(t, map[string]string{
		"storage/a.go": "package a\n\nvar (\n\tA = failure.New(failure.Data, \"file-\"+kind, \"\", \"\")\n\tB = failure.New(failure.Data, \"taken\", \"\", \"\")\n\tC, D = \"too large\", \"shut\"\n)\n",
		"ui/a/a.go":    "package a\n\nvar hints = map[string]string{\n\t\"taken\": \"A\", \"file-too-large\": \"B\", \"file-open\": \"C\",\n\t\"gone\": \"D\", b.Code: \"E\",\n}\n",
	})
	found := Hints(load(t, dir))
	if len(found) != 2 || !strings.Contains(found[0], `"file-open"`) || !strings.HasPrefix(found[1], "ui/a/a.go:5") || !strings.Contains(found[1], `"gone"`) {
		t.Errorf("found %q", found)
	}
}
