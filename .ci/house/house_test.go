package house

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const root = "../.."

func load(t *testing.T, root string) []Package {
	t.Helper()
	all, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func report(t *testing.T, found []string) {
	t.Helper()
	for _, f := range found {
		t.Error(f)
	}
}

// house is this repository, which is read once.
var house = sync.OnceValues(func() ([]Package, error) { return Load(root) })

func ours(t *testing.T) []Package {
	t.Helper()
	all, err := house()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestArrows(t *testing.T) { report(t, Arrows(ours(t))) }

func TestSizes(t *testing.T) { report(t, Sizes(ours(t))) }

func TestRetiredWords(t *testing.T) {
	found, err := RetiredWords(root, ours(t), "README.md")
	if err != nil {
		t.Fatal(err)
	}
	report(t, found)
}

func TestFrontEndWords(t *testing.T) { report(t, FrontEndWords(ours(t))) }

// The map in CONTRIBUTING.md names the package that is looked for.
func TestEveryPackageIsInTheMap(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range ours(t) {
		if d := p.Path; strings.Count(d, "/") == 1 && len(p.Files) > 0 && !strings.HasPrefix(d, ".") &&
			!strings.Contains(string(page), d) && !strings.Contains(string(page), filepath.Base(d)+" ") {
			t.Errorf("CONTRIBUTING.md does not name %s", d)
		}
	}
}

func TestClocks(t *testing.T) { report(t, Clocks(ours(t))) }

// scratch writes a module of a few files.
func scratch(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Each rule is broken once, and found.
func TestArrowsFindABrokenRule(t *testing.T) {
	for _, c := range []struct{ at, imports string }{
		{"storage/cell/a.go", "pushdesk/powerbi"},
		{"storage/text/a.go", "pushdesk/storage/workbook"},
		{"storage/workbook/infer/a.go", "fyne.io/fyne/v2"},
		{"storage/keychain/a.go", "pushdesk/storage/workbook"},
		{"powerbi/a.go", "pushdesk/connection"},
		{"powerbi/push/a.go", "pushdesk/storage/workbook"},
		{"powerbi/push/plan/a.go", "pushdesk/powerbi/push"},
		{"powerbi/push/history/a.go", "pushdesk/powerbi/practice/faults"},
		{"powerbi/practice/rows/a.go", "pushdesk/powerbi/push/mapping"},
		{"connection/doctor/a.go", "pushdesk/ui/app"},
		{"connection/account/a.go", "github.com/gofrs/flock"},
		{"ui/window/upload/a.go", "pushdesk/ui/window/activity"},
		{"ui/window/upload/a.go", "pushdesk/ui/window"},
		{"ui/window/widget/a.go", "pushdesk/powerbi"},
		{"ui/command/a.go", "pushdesk/ui/window/theme"},
		{"ui/command/a.go", "fyne.io/fyne/v2/widget"},
	} {
		dir := scratch(t, map[string]string{
			c.at:               "package a\n\nimport _ \"" + c.imports + "\"\n",
			"storage/a.go":     "package a\n\nimport _ \"os\"\n",
			"ui/window/ok.go":  "package ok\n\nimport _ \"pushdesk/ui/window/upload\"\n",
			"ui/app/a_test.go": "package app\n\nimport _ \"fyne.io/fyne/v2\"\n",
		})
		if found := Arrows(load(t, dir)); len(found) != 1 || !strings.HasPrefix(found[0], c.at) {
			t.Errorf("%s imports %s: %q", c.at, c.imports, found)
		}
	}
}

func TestSizesFindWhatIsTooLarge(t *testing.T) {
	wide := "struct {\n\tA0 int\n" + strings.Repeat("\tB, C, D, E, F int\n", 4) + "}\n"
	files := map[string]string{
		"wide/a.go":    "package a\n\ntype Wide " + wide,
		"excused/a.go": "package a\n\n// T is wide.\n//\n// Large: it mirrors a file format.\ntype T " + wide,
		"busy/a.go":    "package a\n\ntype Busy[T any] struct{}\n" + strings.Repeat("func (b *Busy[T]) M() {}\n", 26),
		"long/a.go":    "package a\n" + strings.Repeat("\n", 4000),
		"data/a.go":    "// Package a is data.\n//\n// Large: it is data.\npackage a\n" + strings.Repeat("\n", 5000),
	}
	for i := range 26 {
		files["many/"+string(rune('a'+i))+".go"] = "package a\n"
		files["tests/"+string(rune('a'+i))+"_test.go"] = "package a\n"
	}
	found := Sizes(load(t, scratch(t, files)))
	want := []string{"busy/a.go:3: Busy has 26 methods", "long: 4001 lines", "many: 26 files", "wide/a.go:3: Wide has 21 fields"}
	if !slices.EqualFunc(found, want, strings.HasPrefix) {
		t.Errorf("found %q", found)
	}
}

func TestRetiredWordsAreFound(t *testing.T) {
	dir := scratch(t, map[string]string{
		"README.md": "Fine.\n\nThe check came\nto no end.\n",
		"a/a.go":    "package a\n\n// Whoever reads comments is spared.\nvar A, B = \"Not Certain 0\", `fine`\n",
	})
	found, err := RetiredWords(dir, load(t, dir), "README.md")
	if want := []string{"a/a.go:4: “Not Certain”", "README.md, paragraph 2: “came to no end”"}; err != nil || !slices.EqualFunc(found, want, strings.HasPrefix) {
		t.Errorf("found %q, %v", found, err)
	}
}

func TestFrontEndWordsAndClocksAreFound(t *testing.T) {
	dir := scratch(t, map[string]string{
		"powerbi/a.go":        "package a\n\nvar (\n\tA = \"Use --type.\"\n\tB = \"Set PUSHDESK_HOME.\"\n\tC = \"Press Test.\"\n\tD = \"a -- b, a pressing --need\"\n\tE = \"2006-01-02 15:04\"\n\tF = \"15:04:05Z\"\n)\n",
		"ui/command/a.go":     "package a\n\nvar A = \"Use --type.\"\n",
		"storage/humanize.go": "package storage\n\nvar A = \"2006-01-02T15:04\"\n",
	})
	all := load(t, dir)
	if found := FrontEndWords(all); len(found) != 4 {
		t.Errorf("found %q", found)
	}
	if found := Clocks(all); len(found) != 1 || !strings.HasPrefix(found[0], "powerbi/a.go:8") {
		t.Errorf("found %q", found)
	}
}
