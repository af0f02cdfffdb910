package storage_test

import (
	"testing"

	"pushdesk/storage"
)

// TestFileName: what is suggested can be stored on every system under that very name.
func TestFileName(t *testing.T) {
	for text, want := range map[string]string{
		"Größe EU.json":         "Größe EU.json",
		"Sales / EU: 2026?.md":  "Sales - EU- 2026-.md",
		" a\tb\n.csv ":          "a-b-.csv",
		"Sales. ":               "Sales",
		"CON.json":              "CON-.json",
		"nul":                   "nul-",
		"Com1 .tar.gz":          "Com1-.tar.gz",
		"LPT².txt":              "LPT²-.txt",
		"CONTROL.json":          "CONTROL.json",
		"COM.json":              "COM.json",
		".hidden":               ".hidden",
		`\\server\share\a.xlsx`: "--server-share-a.xlsx",
	} {
		if got := storage.FileName(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
