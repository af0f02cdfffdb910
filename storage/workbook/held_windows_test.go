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
	"pushdesk/storage/storagetest"
)

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
	excel, excelMark := storagetest.Hold(t, path, windows.FILE_SHARE_READ), storagetest.Hold(t, mark, windows.FILE_SHARE_READ)
	opens("as Excel has it", "Jörg Weiß")
	excelMark()
	keeps := storagetest.Hold(t, mark, 0)
	opens("its lock file is kept from others", "Somebody")
	keeps()
	excel()

	alone := storagetest.Hold(t, path, 0)
	_, err := Open(t.Context(), path, Options{})
	var bad *Error
	if !errors.As(err, &bad) || bad.Kind != ErrorInUse || !strings.Contains(bad.Failure().Sentence, "Jörg Weiß has") || !strings.Contains(bad.Failure().Remedy, "Close the file in the other program") {
		t.Errorf("kept from others: %v", err)
	}
	alone()
	alone = storagetest.Hold(t, path, 0)
	time.AfterFunc(300*time.Millisecond, alone)
	opens("kept from others for a moment", "")
}
