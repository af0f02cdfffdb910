package job

import (
	"path/filepath"
	"testing"
)

// TestFilePattern: files whose names differ in numbers, dates and months only are read alike.
func TestFilePattern(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"orders-2024-03.csv", "orders-2024-12.csv", true},
		{"Orders March.csv", "orders april.csv", true},
		{"Umsatz_Dez_24.csv", "Umsatz_Okt_25.csv", true},
		{"orders_1.csv", "returns_1.csv", false},
		{"marching.csv", "maying.csv", false},
		{"a/orders1.csv", "b/orders1.csv", false},
	} {
		if same := filePattern(filepath.FromSlash(c.a)) == filePattern(filepath.FromSlash(c.b)); same != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, same)
		}
	}
}
