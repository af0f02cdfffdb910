package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// folderMark is the file in a temporary folder that is locked while the folder is in use.
const folderMark = "lock"

// Folder is a folder of its own among the temporary files of all programs, for this user
// alone. End it with Remove.
type Folder struct {
	Path string
	mark *Lock
}

// folderPrefix begins the names of temporary folders of a kind.
func folderPrefix(kind string) string { return "pushdesk-" + kind + "-" }

// NewFolder makes a temporary folder of a kind, and removes those of this kind that killed
// programs have left.
func NewFolder(kind string) (*Folder, error) { return NewFolderIn(os.TempDir(), kind) }

// NewFolderIn is NewFolder in a folder that exists, such as the program's home.
func NewFolderIn(parent, kind string) (*Folder, error) {
	sweep(parent, kind)
	path, err := os.MkdirTemp(parent, folderPrefix(kind)) // 0700
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	mark, err := TryLock(filepath.Join(path, folderMark))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("mark a temporary folder: %w", err), os.RemoveAll(path))
	}
	return &Folder{path, mark}, nil
}

// Remove removes the folder with all that is in it.
func (f *Folder) Remove() {
	_ = f.mark.Unlock()
	_ = os.RemoveAll(f.Path)
}

// SweepFolders removes the temporary folders of some kinds that killed programs have left.
// One that is younger than an hour may just be made, and its lock not be held yet.
func SweepFolders(kinds ...string) { sweep(os.TempDir(), kinds...) }

func sweep(parent string, kinds ...string) {
	list, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, f := range list {
		for _, kind := range kinds {
			if !f.IsDir() || !strings.HasPrefix(f.Name(), folderPrefix(kind)) {
				continue
			}
			path := filepath.Join(parent, f.Name())
			_, unmarked := os.Stat(filepath.Join(path, folderMark))
			info, err := f.Info()
			switch {
			case err != nil, time.Since(info.ModTime()) < sweepAge:
			case unmarked != nil || !Locked(filepath.Join(path, folderMark)):
				_ = os.RemoveAll(path) // one of somebody else stays
			}
		}
	}
}
