package storage

import (
	"net/url"
	"testing"
)

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address string
		windows bool
		want    string
	}{
		{"file:///home/ann/a%20b.xlsx", false, "/home/ann/a b.xlsx"},
		{"file:///C:/Users/Ann%20Z/B%C3%BCcher.xlsx", true, `C:\Users\Ann Z\Bücher.xlsx`},
		{"file://server/share/a.csv", true, `\\server\share\a.csv`},
		{"file://localhost/D:/a.csv", true, `D:\a.csv`},
	} {
		u, err := url.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		if got := localPath(u, c.windows); got != c.want {
			t.Errorf("%s: %q, want %q", c.address, got, c.want)
		}
	}
}
