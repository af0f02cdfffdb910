package workbook

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"pushdesk/storage/remark"
)

// excelLock is a lock file as Excel writes it.
func excelLock(owner string) []byte {
	data := make([]byte, 0, 165)
	data = append(data, byte(len(owner)))
	data = append(data, (owner + strings.Repeat(" ", 54))[:54]...)
	units := utf16.Encode([]rune(owner))
	data = append(data, byte(len(units)), 0)
	for _, u := range units {
		data = append(data, byte(u), byte(u>>8))
	}
	for len(data) < 165 {
		data = append(data, ' ', 0)
	}
	return data[:165]
}

// TestLockFilesOfOtherPrograms: a workbook that is open elsewhere is read as it was saved,
// which is said with the name of who has it open; the lock file itself is no file to read.
func TestLockFilesOfOtherPrograms(t *testing.T) {
	for _, c := range []struct{ name, of, owner, content string }{
		{"~$Ausgaben März.csv", "Ausgaben März.csv", "Jörg Weiß", string(excelLock("Jörg Weiß"))},
		{".~lock.Plan.csv#", "Plan.csv", "Dana Ortiz", ",dana,desk,30.11.2026 09:12,file:///home/dana;"},
		{"~$Old.csv", "Old.csv", "Somebody", "x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, c.of)
			if c.owner == "Dana Ortiz" {
				c.content = "Dana Ortiz" + c.content
			}
			for name, content := range map[string]string{c.of: "Name,Units\nNut,3\n", c.name: c.content} {
				if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := Open(t.Context(), filepath.Join(folder, c.name), Options{})
			var bad *Error
			if !errors.As(err, &bad) || !strings.Contains(bad.Failure().Sentence, c.of) || !strings.Contains(bad.Failure().Remedy, c.of) {
				t.Errorf("the lock file: %v", err)
			}
			b, err := Open(t.Context(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			said := strings.Join(remark.Sentences(b.Remarks()), " ")
			if !strings.Contains(said, c.owner+" seems to have the file open") {
				t.Errorf("the remarks: %q", said)
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
			if err := os.Remove(filepath.Join(folder, c.name)); err != nil {
				t.Fatal(err)
			}
			if b, err = Open(t.Context(), path, Options{}); err != nil || remark.Has(b.Remarks(), openCode) {
				t.Errorf("closed again: %v", err)
			}
			_ = b.Close()
		})
	}
}
