package workbook

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"pushdesk/storage/cell"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
)

// readBook is a whole file in memory, for tests that look at every row.
type readBook struct {
	layout  Layout
	rows    []cell.Row
	profile infer.Profile
	notes   []string
	codes   string
}

// readAll opens a file, finds its best source and reads every row of it.
func readAll(t *testing.T, path string, opts Options) (readBook, error) {
	t.Helper()
	return readSource(t, path, opts, "", "", 0)
}

func readSource(t *testing.T, path string, opts Options, sheet, area string, headerRow int) (r readBook, err error) {
	t.Helper()
	book, err := Open(t.Context(), path, opts)
	if err != nil {
		return r, err
	}
	defer book.Close()
	src, err := book.Find(t.Context(), sheet, area)
	if err != nil {
		return r, err
	}
	if r.layout, err = book.Layout(t.Context(), src, headerRow); err != nil {
		return r, err
	}
	if r.profile, err = book.Profile(t.Context(), r.layout, nil); err != nil {
		return r, err
	}
	if last := r.profile.Beyond; last > r.layout.LastCol {
		r.layout = r.layout.Wider(last)
		if r.profile, err = book.Profile(t.Context(), r.layout, nil); err != nil {
			return r, err
		}
	}
	r.layout = r.layout.WithTypes(r.profile)
	rows, err := book.Rows(t.Context(), r.layout)
	if err != nil {
		return r, err
	}
	defer rows.Close()
	for rows.Next() {
		row := rows.Row()
		row.Cells = append(row.Cells[:0:0], row.Cells...)
		r.rows = append(r.rows, row)
	}
	r.notes, r.codes = remark.Sentences(book.Remarks()), noteKinds(book.Remarks())
	return r, rows.Err()
}

// put writes a file into a new folder of the test.
func put(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// wantKind checks that err is an *Error of a kind, with something to say.
func wantKind(t *testing.T, err error, kind ErrorKind) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want an *Error of kind %s", err, kind)
	}
	if e.Kind != kind {
		t.Fatalf("got kind %s (%v), want %s", e.Kind, err, kind)
	}
	for what, text := range map[string]string{"Sentence": e.Failure().Sentence, "Remedy": e.Failure().Remedy, "Details": e.Failure().Details} {
		if text == "" {
			t.Errorf("%s of %v is empty", what, err)
		}
	}
	return e
}

func TestWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(t.Context(), dir, Options{})
	wantKind(t, err, ErrorNotAFile)
	_, err = Open(t.Context(), filepath.Join(dir, "missing.xlsx"), Options{})
	wantKind(t, err, ErrorNotFound)
	_, err = Open(t.Context(), put(t, "empty.xlsx", nil), Options{})
	wantKind(t, err, ErrorEmpty)
	_, err = Open(t.Context(), filepath.Join(put(t, "file", []byte("x")), "below.xlsx"), Options{})
	wantKind(t, err, ErrorNotFound)
	for kind, err := range map[ErrorKind]error{
		ErrorPermission: &os.PathError{Op: "open", Path: "x", Err: syscall.EACCES},
		ErrorUnreadable: &os.PathError{Op: "open", Path: "x", Err: syscall.EIO},
	} {
		wantKind(t, cannotOpen("x", err), kind)
	}
}
