package storage

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address string
		windows bool
		want    string
	}{
		{"///home/ann/a%20b.xlsx", false, "/home/ann/a b.xlsx"},
		{"/home/ann/100%.xlsx", false, "/home/ann/100%.xlsx"},
		{"//localhost/home/a.csv", false, "/home/a.csv"},
		{"///C:/Users/Ann%20Z/B%C3%BCcher.xlsx", true, `C:\Users\Ann Z\Bücher.xlsx`},
		{"/C:/Users/100%.xlsx", true, `C:\Users\100%.xlsx`},
		{"//C:/Users/a.csv", true, `C:\Users\a.csv`},
		{`///C:\Users\a#1.csv`, true, `C:\Users\a#1.csv`},
		{"//server/share/a.csv", true, `\\server\share\a.csv`},
		{"////server/share/a.csv", true, `\\server\share\a.csv`},
		{"/////server/share/a.csv", true, `\\server\share\a.csv`},
		{"//localhost/D:/a.csv", true, `D:\a.csv`},
		{"///reports/a.csv", true, `\reports\a.csv`},
	} {
		if got := localPath(c.address, c.windows); got != c.want {
			t.Errorf("%s: %q, want %q", c.address, got, c.want)
		}
	}
}

// TestTypedPath: what file managers and terminals copy is the path in it.
func TestTypedPath(t *testing.T) {
	home, err := os.UserHomeDir()
	if err != nil {
		t.Skip(err)
	}
	for text, want := range map[string]string{
		` "a b.csv" `: "a b.csv", "'a b.csv'": "a b.csv", "~/a.csv": filepath.Join(home, "a.csv"), "~a.csv": "~a.csv",
		"https://example.org/a.csv": "https://example.org/a.csv", "file:a.csv": "file:a.csv", "": "",
	} {
		if got := TypedPath(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := filepath.ToSlash(TypedPath("FILE:///srv/a%20b.csv")); got != "/srv/a b.csv" {
		t.Error(got)
	}
}
