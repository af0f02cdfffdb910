package workbook

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"pushdesk/storage/remark"
)

// hold opens a file as another program does that lets others do with it what share says.
func hold(t *testing.T, path string, share uint32) (letGo func()) {
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

// TestWorkbookHeldOpen: what Excel has open is read as it was saved, and its owner is
// named; what a program lets no one else read is said to be so, and is read once it is
// closed.
func TestWorkbookHeldOpen(t *testing.T) {
	folder := t.TempDir()
	path, mark := filepath.Join(folder, "Umsätze März.csv"), filepath.Join(folder, "~$Umsätze März.csv")
	for name, content := range map[string][]byte{path: []byte("Name;Stück\r\nMutter;3\r\n"), mark: excelLock("Jörg Weiß")} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opens := func(what, owner string) {
		t.Helper()
		b, err := Open(t.Context(), path, Options{})
		if err != nil {
			t.Errorf("%s: %v", what, err)
			return
		}
		defer b.Close()
		if said := strings.Join(remark.Sentences(b.Remarks()), " "); owner != "" && !strings.Contains(said, owner+" seems to have the file open") {
			t.Errorf("%s: %q", what, said)
		}
	}
	excel, excelMark := hold(t, path, windows.FILE_SHARE_READ), hold(t, mark, windows.FILE_SHARE_READ)
	opens("as Excel has it", "Jörg Weiß")
	excelMark()
	keeps := hold(t, mark, 0)
	opens("its lock file is kept from others", "Somebody")
	keeps()
	excel()

	alone := hold(t, path, 0)
	_, err := Open(t.Context(), path, Options{})
	var bad *Error
	if !errors.As(err, &bad) || bad.Kind != ErrorInUse || !strings.Contains(bad.Failure().Sentence, "Jörg Weiß has") || !strings.Contains(bad.Failure().Remedy, "Close the file in the other program") {
		t.Errorf("kept from others: %v", err)
	}
	alone()
	alone = hold(t, path, 0)
	time.AfterFunc(300*time.Millisecond, alone)
	opens("kept from others for a moment", "")
}
