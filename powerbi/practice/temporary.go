package practice

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pushdesk/storage"
)

// temporaryPrefix begins the names of the folders of services in memory, which hold the
// file of their authority.
const temporaryPrefix = "pushdesk-practice-"

// makingLimit is how long a folder may be without the lock of its service: it is made
// first.
const makingLimit = time.Hour

// markingLimit is how long the lock in a folder may be free: it is made, then taken.
const markingLimit = time.Minute

// temporary makes the folder of a service in memory, with a lock in it that says that it
// is in use, and removes those that killed programs have left.
func temporary() (dir string, mark *storage.Lock, err error) {
	sweepTemporary(os.TempDir())
	if dir, err = os.MkdirTemp("", temporaryPrefix); err != nil {
		return "", nil, err
	}
	if mark, err = storage.TryLock(filepath.Join(dir, lockFile)); err != nil {
		return dir, nil, fmt.Errorf("mark it: %w", err)
	}
	return dir, mark, nil
}

func sweepTemporary(folder string) {
	list, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, f := range list {
		if !f.IsDir() || !strings.HasPrefix(f.Name(), temporaryPrefix) {
			continue
		}
		dir := filepath.Join(folder, f.Name())
		_, unmarked := os.Stat(filepath.Join(dir, lockFile))
		info, err := f.Info()
		switch {
		case err != nil, time.Since(info.ModTime()) < markingLimit, unmarked != nil && time.Since(info.ModTime()) < makingLimit:
		case unmarked != nil || !storage.Locked(filepath.Join(dir, lockFile)):
			_ = os.RemoveAll(dir) // one of somebody else stays
		}
	}
}
