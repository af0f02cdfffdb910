package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/storagetest"
)

// TestFileHeldByAnotherProgram: a file that somebody has open, as Excel has a workbook or
// with nobody else let in, is not replaced, which is said as what it is. One that is held
// for a moment is.
func TestFileHeldByAnotherProgram(t *testing.T) {
	for name, share := range map[string]uint32{"as Excel does": windows.FILE_SHARE_READ, "alone": 0} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "Auszüge 1.xlsx")
			if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
				t.Fatal(err)
			}
			letGo := storagetest.Hold(t, path, share)
			err := storage.WriteFile(path, []byte("new"))
			var bad *storage.FileError
			if !errors.As(err, &bad) {
				t.Fatal(err)
			}
			if f := bad.Failure(); f.Code != "file-in-use" || !strings.Contains(f.Sentence, "Another program has "+path+" open") || !strings.Contains(f.Remedy, "Close the file") {
				t.Errorf("%s %q %q: %v", f.Code, f.Sentence, f.Remedy, err)
			}
			letGo()
			if got, err := os.ReadFile(path); err != nil || string(got) != "old" {
				t.Errorf("it holds %q, %v", got, err)
			}
			if left := names(t, dir); left != "Auszüge 1.xlsx" {
				t.Errorf("the folder holds %q", left)
			}

			letGo = storagetest.Hold(t, path, share)
			time.AfterFunc(200*time.Millisecond, letGo)
			if err := storage.WriteFile(path, []byte("new")); err != nil {
				t.Errorf("held for a moment: %v", err)
			}
			letGo = storagetest.Hold(t, path, 0)
			time.AfterFunc(200*time.Millisecond, letGo)
			if got, err := storage.ReadFile(path, 10); err != nil || string(got) != "new" {
				t.Errorf("held for a moment: %q, %v", got, err)
			}
		})
	}
}

// TestNamesOfDevices: Windows takes some names for devices and shortens others. Nothing is
// written to them.
func TestNamesOfDevices(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"CON", "con.json", "NUL.txt", "Com1.csv", "aux", "LPT9.tar.gz", "report.", "report ", "what?.json", "a.csv:stream"} {
		err := storage.WriteFile(filepath.Join(dir, name), []byte("x"))
		if f, ok := failure.From(err); !ok || f.Code != "file-name" || !strings.Contains(f.Sentence, name) || f.Kind != failure.Usage {
			t.Errorf("%q: %v, %+v", name, err, f)
		}
	}
	for _, name := range []string{"NUL", `\\.\NUL`} {
		if err := storage.WriteFile(name, []byte("gone")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := storage.WriteFile(`\\.\COM7`, []byte("x")); err == nil {
		t.Error("a device was written to")
	}
	if left := names(t, dir); left != "" {
		t.Errorf("the folder holds %q", left)
	}
	for _, name := range []string{"CON", "NUL", filepath.Join(dir, "CON"), "COM7"} {
		if _, err := storage.ReadFile(name, 10); err == nil {
			t.Errorf("%q was read", name)
		}
	}
}

// TestPathForms: what Windows and its programs write in place of C:\Folder is the same
// folder, and a folder of another computer is one too.
func TestPathForms(t *testing.T) {
	dir := t.TempDir()
	volume, rest := filepath.VolumeName(dir), strings.TrimPrefix(dir, filepath.VolumeName(dir))
	forms := map[string]string{`\\?\` + dir: dir, strings.ToLower(volume) + rest: dir, filepath.ToSlash(dir): dir, dir + `\.\`: dir, dir + `\\`: dir}
	if share := os.Getenv("PUSHDESK_SHARE"); share == "" {
		t.Log("no folder of another computer: PUSHDESK_SHARE names one")
	} else {
		forms[share], forms[filepath.ToSlash(share)], forms[`\\?\UNC`+share[1:]] = share, share, share
	}
	for form, dir := range forms {
		path := form + `\Größe 1.json`
		if err := storage.WriteFile(path, []byte(form)); err != nil {
			t.Errorf("%s: %v", form, err)
			continue
		}
		if got, err := storage.ReadFile(filepath.Join(dir, "Größe 1.json"), 1000); err != nil || string(got) != form {
			t.Errorf("%s: %q %v", form, got, err)
		}
		lock, err := storage.TryLock(path + ".lock")
		if err != nil {
			t.Errorf("%s: %v", form, err)
			continue
		}
		if err := lock.UnlockAndRemove(); err != nil {
			t.Errorf("%s: %v", form, err)
		}
	}
}
