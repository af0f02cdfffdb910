package mapfile

import (
	"bytes"
	"testing"
	"unicode/utf16"
)

// TestReadFromPowerShell reads a mapping file that Windows PowerShell wrote: what a program
// prints goes to a file as UTF-16 with line ends of two characters.
func TestReadFromPowerShell(t *testing.T) {
	const text = "version: 1\r\ntables:\r\n  - table: Größen\r\n    columns:\r\n      - column: Maß\r\n        from: Länge\r\n"
	data := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		data = append(data, byte(u), byte(u>>8))
	}
	f, err := Read(bytes.NewReader(data))
	if err != nil || len(f.Tables) != 1 || f.Tables[0].Table != "Größen" || f.Tables[0].Columns[0].From != "Länge" {
		t.Errorf("%+v, %v", f, err)
	}
}
