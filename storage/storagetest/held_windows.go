package storagetest

import (
	"testing"

	"golang.org/x/sys/windows"
)

// Hold opens a file as another program does, and lets others do with it meanwhile what
// share says. The file is let go when the test ends, or before.
func Hold(t testing.TB, path string, share uint32) (letGo func()) {
	t.Helper()
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		t.Fatal(err)
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, share, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	open := true
	letGo = func() {
		if open {
			_ = windows.CloseHandle(h)
		}
		open = false
	}
	t.Cleanup(letGo)
	return letGo
}
