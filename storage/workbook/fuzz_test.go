package workbook

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzFile: whatever the bytes, opening and profiling them neither panics nor hangs.
func FuzzFile(f *testing.F) {
	t := &testing.T{}
	f.Add(book(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`).zip(t))
	f.Add([]byte("a;b\n1,5;x\n"))
	f.Add([]byte("+----+----+\n| a  | b  |\n+----+----+\n| 1\nx | 2+|\n|    | y  |\n+----+----+\n"))
	f.Add([]byte("┌──┬──┐\n│a │b │\n├──┼──┤\n│1 │… │\n└──┴──┘\n"))
	f.Add([]byte("a||b\n1||\"x||y\"\n"))
	f.Add([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 512)))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(dir, "fuzz.xlsx")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
		defer stop()
		b, err := Open(ctx, path, Options{})
		if err != nil {
			return
		}
		defer b.Close()
		src, err := b.Find(t.Context(), "", "")
		if err != nil {
			return
		}
		l, err := b.Layout(ctx, src, 0)
		if err != nil {
			return
		}
		p, err := b.Profile(ctx, l, nil)
		if ctx.Err() != nil {
			t.Fatal("it takes too long")
		}
		if err == nil && len(p.Columns) != len(l.Headers) {
			t.Fatalf("%d columns of %d", len(p.Columns), len(l.Headers))
		}
	})
}
