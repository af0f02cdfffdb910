package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"pushdesk/storage"
)

func TestHomeFromVariable(t *testing.T) {
	want := filepath.Join(t.TempDir(), "a", "b")
	t.Setenv(storage.HomeVariable, want)
	got, err := storage.Home()
	if err != nil || got != want {
		t.Fatalf("%q, %v; want %q", got, err, want)
	}
	info, err := os.Stat(got)
	if err != nil || !info.IsDir() {
		t.Fatalf("the folder is not there: %v", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		t.Errorf("mode %o, want 700", info.Mode().Perm())
	}
	if again, err := storage.Home(); err != nil || again != want {
		t.Errorf("the second time: %q, %v", again, err)
	}
}

func TestHomeRelative(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv(storage.HomeVariable, "mine")
	got, err := storage.Home()
	if err != nil || !filepath.IsAbs(got) || filepath.Base(got) != "mine" {
		t.Errorf("%q, %v; want an absolute path", got, err)
	}
}

func TestHomeByDefault(t *testing.T) {
	config := t.TempDir()
	t.Setenv(storage.HomeVariable, "")
	for _, name := range []string{"XDG_CONFIG_HOME", "HOME", "AppData"} {
		t.Setenv(name, config)
	}
	got, err := storage.Home()
	if err != nil || filepath.Base(got) != "pushdesk" || !strings.HasPrefix(got, config) {
		t.Errorf("%q, %v; want pushdesk under %q", got, err, config)
	}
}

func TestHomeNotToBeHad(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, variables := range map[string]map[string]string{
		"below a file": {storage.HomeVariable: filepath.Join(file, "home")},
		"a file":       {storage.HomeVariable: file},
		"nowhere":      {storage.HomeVariable: "", "XDG_CONFIG_HOME": "", "HOME": "", "AppData": "", "home": ""},
	} {
		t.Run(name, func(t *testing.T) {
			for k, v := range variables {
				t.Setenv(k, v)
			}
			_, err := storage.Home()
			var e *storage.HomeError
			if !errors.As(err, &e) {
				t.Fatalf("%v", err)
			}
			if !strings.HasSuffix(e.Failure().Sentence, ".") || !strings.Contains(e.Failure().Remedy, "folder that you may write to") || e.Failure().Who != "you" || e.Failure().Details == "" || errors.Unwrap(err) == nil {
				t.Errorf("%q %q %q", e.Failure().Sentence, e.Failure().Remedy, e.Failure().Details)
			}
		})
	}
}
