package house

import (
	"encoding/json"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var testName = regexp.MustCompile(`(?m)^func (Test\w+)`)

// Each recipe of CONTRIBUTING.md is carried out beside the tree: it must compile, and
// the test that it brings must pass. So the page cannot grow false.
func TestRecipes(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles packages")
	}
	page, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	list := recipes(string(page))
	if len(list) < 5 {
		t.Errorf("%d recipes were found", len(list))
	}
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		t.Run(r.title, func(t *testing.T) {
			folder := t.TempDir()
			files, err := r.overlay(top, folder)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(map[string]any{"Replace": files})
			if err != nil {
				t.Fatal(err)
			}
			overlay := filepath.Join(folder, "overlay.json")
			if err := os.WriteFile(overlay, text, 0o600); err != nil {
				t.Fatal(err)
			}
			var packages, tests []string
			for _, s := range r.steps {
				if !strings.HasSuffix(s.path, "_test.go") {
					continue
				}
				packages = append(packages, "./"+path.Dir(s.path))
				for _, m := range testName.FindAllStringSubmatch(s.text, -1) {
					tests = append(tests, m[1])
				}
			}
			if len(tests) == 0 {
				t.Fatal("the recipe brings no test")
			}
			slices.Sort(packages)
			command := exec.CommandContext(t.Context(), "go", append([]string{"test", "-overlay", overlay, "-vet", "off", "-tags", "ci,migrated_fynedo",
				"-run", "^(" + strings.Join(tests, "|") + ")$", "-v"}, slices.Compact(packages)...)...)
			command.Dir = top
			command.Env = append(os.Environ(), "CGO_ENABLED=0")
			out, err := command.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, name := range tests {
				if !strings.Contains(string(out), "--- PASS: "+name+" ") {
					t.Errorf("%s did not run:\n%s", name, out)
				}
			}
		})
	}
}

func TestApply(t *testing.T) {
	const text = "a\nb\nc\nb\nd\n"
	for diff, want := range map[string]string{
		" a\n+x\n b\n":             "a\nx\nb\nc\nb\nd\n",
		"-c\n+e\n":                 "a\nb\ne\nb\nd\n",
		" a\n+x\n@@\n d\n+y\n":     "a\nx\nb\nc\nb\nd\ny\n",
		" b\n+x\n":                 "", // stands there twice
		"+x\n":                     "", // where?
		" z\n+x\n":                 "",
		" c\n b\n+between\n d\n":   "a\nb\nc\nb\nbetween\nd\n",
		" a\n-b\n c\n@@\n c\n-b\n": "a\nc\nd\n",
	} {
		got, err := apply(text, diff)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", diff, got, err)
		}
	}
}

func TestRecipesAreRead(t *testing.T) {
	list := recipes("# A\n\n### Add a thing\n\nWords.\n\n`a/b.go`, new:\n\n```go\npackage b\n```\n\n`a/c.go`\n\n```diff\n a\n+b\n```\n\n### Add another\n")
	if len(list) != 2 || list[0].title != "Add a thing" || len(list[0].steps) != 2 || list[0].steps[0].text != "package b\n" || !list[0].steps[1].diff || list[0].steps[1].path != "a/c.go" {
		t.Errorf("%+v", list)
	}
}
