package workbook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/ods"
)

// stalling is a disk that hangs at one byte of a file, until the test lets it.
type stalling struct {
	content io.ReaderAt
	at      int64
	stalled chan struct{} // is closed when a read hangs
	answer  chan struct{} // lets reads go on
	closed  chan struct{}
}

func stall(content []byte, at int64) *stalling {
	return &stalling{bytes.NewReader(content), at, make(chan struct{}), make(chan struct{}), make(chan struct{})}
}

func (s *stalling) ReadAt(p []byte, off int64) (int, error) {
	if off <= s.at && s.at < off+int64(len(p)) {
		select {
		case <-s.stalled:
		default:
			close(s.stalled)
		}
		<-s.answer
	}
	return s.content.ReadAt(p, off)
}

func (s *stalling) Close() error {
	close(s.closed)
	return nil
}

// soon fails the test when work takes longer than anything that is not waiting.
func soon(t *testing.T, what string, work func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal(what + " waits for the disk")
	}
}

// cancelled returns a context that is cancelled as soon as the disk hangs.
func cancelled(t *testing.T, disk *stalling) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-disk.stalled
		cancel()
	}()
	return ctx
}

// TestOpeningAnODSIsCancelled: an .ods is read to its end when it is opened, and that
// ends with the context, also in the middle of a read.
func TestOpeningAnODSIsCancelled(t *testing.T) {
	var rows strings.Builder
	random := rand.New(rand.NewPCG(1, 2))
	for range 60_000 {
		fmt.Fprintf(&rows, `<table:table-row><table:table-cell office:value-type="float" office:value="%d"/></table:table-row>`, random.Uint32())
	}
	content := readFile(t, odsFile(t, `<table:table table:name="S">`+rows.String()+`</table:table>`))
	disk := stall(content, int64(len(content)/2))
	defer close(disk.answer)
	soon(t, "opening an .ods", func() {
		_, err := ods.Format.Open(cancelled(t, disk), format.File{ReaderAt: disk, Size: int64(len(content))}, Options{})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// TestOpeningIsCancelled: what hangs on a disk is left behind, and closed when the disk
// answers after all.
func TestOpeningIsCancelled(t *testing.T) {
	data := book(many(50)).zip(t)
	path := put(t, "book.xlsx", data)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	disk := stall(data, 0)
	b := &Book{path: path, file: &watchedFile{file: disk}, opened: info}
	soon(t, "opening", func() {
		_, err := abandoned(cancelled(t, disk), func() (*Book, error) { return b, b.read(context.Background(), Options{}) }, func(b *Book) { _ = b.Close() })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	close(disk.answer)
	soon(t, "closing what was opened too late", func() { <-disk.closed })
}

// TestFindingTheBestSourceIsCancelled: a sheet without values is read to its end to
// find the best source, and that ends with the context.
func TestFindingTheBestSourceIsCancelled(t *testing.T) {
	data := book(strings.Repeat(`<row><c s="1"/><c s="2"/></row>`, 900_000) + many(3)).zip(t)
	path := put(t, "book.xlsx", data)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	disk := stall(data, -1)
	b := &Book{path: path, file: &watchedFile{file: disk}, opened: info}
	if err := b.read(t.Context(), Options{}); err != nil {
		t.Fatal(err)
	}
	disk.at = int64(len(data) / 2)
	defer close(disk.answer)
	soon(t, "finding the best source", func() {
		if _, err := b.Find(cancelled(t, disk), "", ""); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	soon(t, "closing", func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestClosingWaitsForNoRead: the file is closed when the last read has ended.
func TestClosingWaitsForNoRead(t *testing.T) {
	disk := stall(make([]byte, 100), 0)
	w := &watchedFile{file: disk}
	read := make(chan error)
	go func() {
		_, err := w.ReadAt(make([]byte, 10), 0)
		read <- err
	}()
	<-disk.stalled
	soon(t, "closing", func() { _ = w.Close() })
	if _, err := w.ReadAt(make([]byte, 10), 0); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a read after closing: %v", err)
	}
	select {
	case <-disk.closed:
		t.Fatal("the file was closed under a read")
	default:
	}
	close(disk.answer)
	if err := <-read; err != nil {
		t.Error(err)
	}
	soon(t, "closing the file", func() { <-disk.closed })
}

// TestPagesAreNotInClear: nothing that was read lies in the temporary folder, and the
// file in the program's own is encrypted and goes with the book.
func TestPagesAreNotInClear(t *testing.T) {
	temp, folder := t.TempDir(), filepath.Join(t.TempDir(), "own")
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, temp)
	}
	b, l := open(t, put(t, "rows.csv", []byte("Name,Amount\n"+strings.Repeat("Secretary Smith,4711\n", 5000))))
	_, pages, err := b.ProfilePages(t.Context(), l, folder, nil)
	if err != nil || pages == nil {
		t.Fatal(pages, err)
	}
	if list, _ := os.ReadDir(temp); len(list) > 0 {
		t.Errorf("the temporary folder has %v", list)
	}
	if row, ok := pages.Row(4321); !ok || row.Cells[0].Text != "Secretary Smith" {
		t.Errorf("%+v %v", row, ok)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if _, ok := pages.Row(0); ok {
		t.Error("a row was read after the book was closed")
	}
	if list, _ := os.ReadDir(folder); len(list) > 0 {
		t.Errorf("the program's folder has %v", list)
	}
}
