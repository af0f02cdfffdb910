package workbook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"pushdesk/storage/cell"
)

// Format is a format this package reads.
type Format string

const (
	FormatXLSX Format = "xlsx" // .xlsx, .xlsm, .xltx and .xltm, transitional and strict
	FormatODS  Format = "ods"  // OpenDocument spreadsheet
	FormatCSV  Format = "csv"  // delimited text, whatever its delimiter
)

// Options say how to open a file. The zero value is right for nearly every file.
type Options struct {
	Password  string // of a protected workbook
	Delimiter rune   // of a text file; 0 = find it
	Quote     rune   // of a text file: what fields may stand in, or NoQuote; 0 = find it
	Encoding  string // of a text file, one of Encodings; "" = find it
}

// NoQuote says that the fields of a text file stand in no quotation marks: a mark is a
// letter like any other.
const NoQuote rune = -1

// Book is an open file. It may be used from several goroutines at once.
type Book struct {
	path    string
	format  Format
	file    *os.File
	opened  os.FileInfo
	memory  bool // the content was decrypted into memory, and no longer follows the file
	reads   *watchedFile
	content content

	mu    sync.Mutex
	notes []string
	pages *Pages // of the last ProfilePages
}

// content is what a format gives: its sources and the rows of its sheets.
type content interface {
	sources() []Source
	sheetNames() []string // of all sheets with cells, in the order of the file
	// header gives what the file itself says about the header of a source.
	header(src Source) knownHeader
	// rows starts reading a sheet's columns first to last; last -1 is all of them.
	rows(ctx context.Context, sheet string, first, last int) (rowReader, error)
	notes() []string
	close()
}

// rowReader gives the stored rows of a sheet, one at a time, in one slice of cells
// that it uses again.
type rowReader interface {
	next() bool
	number() int                 // of the row, or the last one that was read
	content() []cell.Cell        // one a column; fewer when the columns are open
	currencies() []uint8         // beside content; nil when the format knows none
	empty() bool                 // nothing in content
	beside() (cells, column int) // values outside the columns, and the first of them
	rowHidden() bool
	fraction() float64
	failure() error
	notes() []string
	close()
}

// Open opens a file and decides by its content what it is. A file that is not read
// here ends with an *Error that says what it is and what to do.
func Open(ctx context.Context, path string, opts Options) (*Book, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, notAFile(path, info)
	}
	var file *os.File
	if err == nil {
		file, err = os.Open(path)
	}
	if err != nil {
		return nil, cannotOpen(path, err)
	}
	b := &Book{path: path, file: file, reads: &watchedFile{file: file}}
	if b.opened, err = file.Stat(); err == nil {
		err = b.read(ctx, opts)
	}
	if err != nil {
		err = b.explain(err, "", 0)
		file.Close()
		return nil, err
	}
	return b, nil
}

// read recognises the file and reads its list of sheets.
func (b *Book) read(ctx context.Context, opts Options) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = corrupt("opening it failed: %v", p)
		}
	}()
	if b.opened.Size() == 0 {
		return emptyFile(b.path)
	}
	kind, err := sniff(b.reads, b.opened.Size())
	if err != nil {
		return err
	}
	var data io.ReaderAt = b.reads
	size := b.opened.Size()
	if kind == contentEncrypted {
		plain, err := decrypt(ctx, b.path, b.reads, size, opts.Password)
		if err != nil {
			return err
		}
		data, size, b.memory = plain, plain.Size(), true
		if kind, err = sniff(data, size); err != nil {
			return err
		}
	}
	switch kind {
	case contentXLSX:
		b.format = FormatXLSX
		b.content, err = asContent(openSpreadsheet(data, size))
	case contentODS:
		b.format = FormatODS
		b.content, err = asContent(openOpenDocument(data, size))
	case contentText:
		b.format = FormatCSV
		b.content, err = asContent(openDelimited(b.path, b.reads, size, opts))
	default:
		return notRead(b.path, kind)
	}
	if err != nil {
		return err
	}
	b.notes = b.content.notes()
	return nil
}

// asContent keeps a nil pointer from becoming a content that is not nil.
func asContent[T content](c T, err error) (content, error) {
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Path is where the file lies, as it was given to Open.
func (b *Book) Path() string { return b.path }

// Format is what the file is.
func (b *Book) Format() Format { return b.format }

// Size is the length of the file in bytes.
func (b *Book) Size() int64 { return b.opened.Size() }

// Notes says what was found out or put right while opening and reading: encoding,
// delimiter, the date system, rows out of order.
func (b *Book) Notes() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.notes...)
}

func (b *Book) addNotes(notes []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
next:
	for _, note := range notes {
		for _, known := range b.notes {
			if known == note {
				continue next
			}
		}
		b.notes = append(b.notes, note)
	}
}

// Hash gives the SHA-256 of the file in hexadecimal, to know it again.
func (b *Book) Hash(ctx context.Context) (string, error) {
	h := sha256.New()
	buf := make([]byte, 1<<20)
	r := io.NewSectionReader(b.reads, 0, b.opened.Size())
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		n, err := r.Read(buf)
		h.Write(buf[:n])
		if err == io.EOF {
			break
		}
		if err != nil {
			return "", b.explain(err, "", 0)
		}
	}
	if err := b.unchanged(); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Close ends every reader of the book.
func (b *Book) Close() error {
	b.content.close()
	b.mu.Lock()
	pages := b.pages
	b.pages = nil
	b.mu.Unlock()
	if pages != nil {
		_ = pages.Close()
	}
	err := b.file.Close()
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// open starts reading a sheet, after a look whether the file is still the same.
func (b *Book) open(ctx context.Context, sheet string, first, last int) (rowReader, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := b.unchanged(); err != nil {
		return nil, err
	}
	rows, err := b.content.rows(ctx, sheet, first, last)
	if err != nil {
		return nil, b.explain(err, sheet, 0)
	}
	return rows, nil
}

var errClosed = errors.New("the file was closed")

// unchanged compares the file with what it was when it was opened.
func (b *Book) unchanged() error {
	now, err := os.Stat(b.path)
	switch {
	case err != nil:
		return b.changed(fmt.Sprintf("the file is not there any more: %v", err))
	case !os.SameFile(now, b.opened):
		return b.changed("another file has taken its place")
	case now.Size() != b.opened.Size():
		return b.changed(fmt.Sprintf("its size was %d and is %d", b.opened.Size(), now.Size()))
	case !now.ModTime().Equal(b.opened.ModTime()):
		return b.changed(fmt.Sprintf("it was written at %v and again at %v", b.opened.ModTime(), now.ModTime()))
	}
	return nil
}

func (b *Book) changed(fact string) *Error {
	return &Error{Kind: KindChanged, Path: b.path, cause: errors.New(fact),
		sentence: "The file was changed, moved or replaced after it was opened, so what was read may not fit together.",
		remedy:   remedyReopen}
}

// explain turns an error of the layers below into an *Error. A cancelled context
// stays what it is. A file that has changed meanwhile explains every other fault.
func (b *Book) explain(err error, sheet string, row int) error {
	var known *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known), stopped(err):
		return err
	case errors.Is(err, os.ErrClosed), errors.Is(err, errClosed):
		return &Error{Kind: KindUnreadable, Path: b.path, Sheet: sheet, Row: row, cause: err,
			sentence: "The file was closed while it was read.", remedy: "Open it again."}
	}
	if changed := b.unchanged(); changed != nil {
		e := changed.(*Error)
		e.Sheet, e.Row, e.cause = sheet, row, errors.Join(e.cause, err)
		return e
	}
	if failed := b.reads.failure(); failed != nil {
		return &Error{Kind: KindUnreadable, Path: b.path, Sheet: sheet, Row: row, cause: failed,
			sentence: "The file could not be read to its end: the disk or the network failed.",
			remedy:   "Check that the drive is connected, or copy the file to this computer and open the copy."}
	}
	if b.format == FormatCSV {
		return brokenText(b.path, row, err)
	}
	return damage(b.path, sheet, row, err)
}

// watchedFile remembers the first failure to read, which is no fault of the content.
type watchedFile struct {
	file io.ReaderAt
	mu   sync.Mutex
	err  error
}

func (w *watchedFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := w.file.ReadAt(p, off)
	if err != nil && err != io.EOF {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.err == nil && !errors.Is(err, os.ErrClosed) {
			w.err = err
		}
	}
	return n, err
}

func (w *watchedFile) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}
