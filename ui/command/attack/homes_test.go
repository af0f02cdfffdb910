//go:build unix

package attack

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// kept are the files of a home.
var kept = []string{"connections.json", "decisions.json", "tests.json", "files.json", "tables.json", "retention.json", "network.json", "secrets.json", "secret-managers.json",
	"runs/history.db", "practice/state.json", "connections.json.lock", "tables.json.lock", "practice/lock"}

// spoilings make a file of a home hostile.
var spoilings = []struct {
	name string
	do   func(path string, was []byte) error
}{
	{"empty", func(p string, _ []byte) error { return os.WriteFile(p, nil, 0o600) }},
	{"garbage", func(p string, _ []byte) error {
		return os.WriteFile(p, bytes.Repeat([]byte("\xff\x1b]0;x\x07{[\""), 999), 0o600)
	}},
	{"cut", func(p string, was []byte) error { return os.WriteFile(p, was[:len(was)/2], 0o600) }},
	{"deep", func(p string, _ []byte) error {
		return os.WriteFile(p, bytes.Repeat([]byte("[{\"a\":"), 200_000), 0o600)
	}},
	{"other types", func(p string, _ []byte) error {
		return os.WriteFile(p, []byte(`{"version":"\u001b[2J","schemaVersion":-1,"connections":{"name":["\u202e"]},"runs":1e999,"tables":[[[]]],"files":7}`), 0o600)
	}},
	{"of a later version", func(p string, _ []byte) error {
		return os.WriteFile(p, []byte(`{"version":99999,"schemaVersion":99999}`), 0o600)
	}},
	{"endless", func(p string, _ []byte) error { return replaced(p, func() error { return os.Symlink("/dev/zero", p) }) }},
	{"huge", func(p string, was []byte) error {
		if err := os.WriteFile(p, was, 0o600); err != nil {
			return err
		}
		return os.Truncate(p, 40<<30)
	}},
	{"a pipe", func(p string, _ []byte) error { return replaced(p, func() error { return syscall.Mkfifo(p, 0o600) }) }},
	{"a folder", func(p string, _ []byte) error {
		return replaced(p, func() error { return os.MkdirAll(filepath.Join(p, "x"), 0o700) })
	}},
	{"a link to itself", func(p string, _ []byte) error { return replaced(p, func() error { return os.Symlink(p, p) }) }},
	{"for everybody", func(p string, was []byte) error {
		if err := os.WriteFile(p, was, 0o600); err != nil {
			return err
		}
		return os.Chmod(p, 0o666)
	}},
}

func replaced(path string, with func() error) error {
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	return with()
}

// TestAttackHomes spoils each file of a home in each way. Every command ends, with an error
// that says what is wrong or without one, and what the file held is still there.
func TestAttackHomes(t *testing.T) {
	data := write(t, filepath.Join(t.TempDir(), "sales.csv"), "Region,Amount\nWest,1\nEast,2\n")
	whole := t.TempDir()
	for _, args := range [][]string{{"send", data, "--practice", "--json"},
		{"connection", "add", "--name", "Here", "--tenant", "11111111-2222-3333-4444-555555555555", "--client", "66666666-7777-8888-9999-000000000000", "--json"}} {
		if r := run(t, whole, nil, args...); r.code != 0 && !withoutSecret(r) {
			t.Fatalf("%q: %d %s%s", args, r.code, r.out, r.err)
		}
	}
	commands := [][]string{{"connection", "list", "--json"}, {"runs", "list", "--json"}, {"send", data, "--practice", "--again", "--json"}, {"connection", "edit", "Here", "--notes", "x", "--json"}}
	var list []attack
	for i, name := range kept {
		for j, s := range spoilings {
			tried := commands[(i+j)%len(commands) : (i+j)%len(commands)+1]
			if *long {
				tried = commands
			}
			list = append(list, attack{name + " " + s.name, func(t *testing.T) {
				home := t.TempDir()
				if err := os.CopyFS(home, os.DirFS(whole)); err != nil {
					t.Fatal(err)
				}
				path := filepath.Join(home, filepath.FromSlash(name))
				was, err := os.ReadFile(path)
				if err != nil {
					was = []byte("{}")
					write(t, path, "{}")
				}
				if err := s.do(path, was); err != nil {
					t.Fatal(err)
				}
				spoiled, regular := []byte(nil), false
				if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() && info.Size() > 0 && info.Size() < 1<<24 {
					spoiled, err = os.ReadFile(path)
					regular = err == nil
				}
				for _, args := range tried {
					survived(t, name+" "+s.name, run(t, home, nil, args...))
				}
				if regular && strings.HasPrefix(name, "connections.json") && !strings.HasSuffix(name, ".lock") && s.name != "for everybody" && !holds(t, home, spoiled) {
					t.Errorf("what %s held is nowhere any more", name)
				}
			}})
		}
	}
	try(t, 8, list)
	if len(list) < 100 {
		t.Errorf("%d kinds of homes", len(list))
	}
}

// holds reports whether a file below a folder has some content.
func holds(t *testing.T, dir string, content []byte) (found bool) {
	t.Helper()
	want := sha256.Sum256(content)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		if info, err := d.Info(); err != nil || info.Size() != int64(len(content)) {
			return nil
		}
		is, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("look for it: %w", err)
		}
		found = found || sha256.Sum256(is) == want
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
