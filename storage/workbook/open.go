package workbook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"pushdesk/storage"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/internal/compound"
	"pushdesk/storage/workbook/internal/delimited"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
	"pushdesk/storage/workbook/internal/jsonrows"
	"pushdesk/storage/workbook/internal/ods"
	"pushdesk/storage/workbook/internal/ooxml"
	"pushdesk/storage/workbook/internal/webtable"
	"pushdesk/storage/workbook/internal/xls"
	"pushdesk/storage/workbook/internal/xlsb"
	"pushdesk/storage/workbook/internal/xml2003"
)

// formats are the formats that are read, in the order in which they are asked whether
// a file is theirs.
var formats = []*format.Format{&ooxml.Format, &xlsb.Format, &ods.Format, &xls.Format,
	&webtable.Page, &webtable.Archive, &xml2003.Format, &jsonrows.Format, &delimited.Format}

// Book is an open file. It may be used from several goroutines at once.
type Book struct {
	path    string
	format  *format.Format
	file    *watchedFile
	opened  os.FileInfo
	written bool // by this program, with guarded texts: see Options.Guarded
	memory  bool // the content was decrypted into memory, and no longer follows the file
	content format.Content
	listing *format.Listing // of content

	mu      sync.Mutex
	remarks []remark.Remark
	pages   *Pages // of the last ProfilePages
}

// Open opens a file and decides by its content what it is. A file that cannot be read
// ends with an *Error that says what it is and what to do. When ctx is done Open returns
// at once, also while a disk or the network does not answer.
func Open(ctx context.Context, path string, opts Options) (*Book, error) {
	return abandoned(ctx, func() (*Book, error) { return openFile(ctx, path, opts) }, func(b *Book) { _ = b.Close() })
}

func openFile(ctx context.Context, path string, opts Options) (*Book, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, notAFile(path, info)
	}
	if of, ok := marksOpen(path); ok && err == nil && info.Size() <= mostMark && isThere(path, of) {
		return nil, lockFile(path, of)
	}
	var file *os.File
	if err == nil {
		file, err = storage.OpenRegular(path)
	}
	if err != nil {
		return nil, cannotOpen(path, err)
	}
	b := &Book{path: path, file: &watchedFile{file: file}}
	if b.opened, err = file.Stat(); err == nil {
		err = b.read(ctx, opts)
	}
	if err != nil {
		err = b.explain(err, "", 0)
		b.file.Close()
		return nil, err
	}
	return b, nil
}

// read recognizes the file and reads what it offers.
func (b *Book) read(ctx context.Context, opts Options) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.Corrupt("opening it failed: %v", p)
		}
	}()
	if b.opened.Size() == 0 && mayBeText(b.path) {
		b.format = &delimited.Format
		if b.content, err = b.format.Open(ctx, format.File{ReaderAt: b.file, Name: filepath.Base(b.path)}, opts); err == nil {
			b.listing = b.content.Listing()
			b.remarks = slices.Clone(b.listing.Remarks)
		}
		return err
	}
	if b.opened.Size() == 0 {
		return emptyFile(b.path)
	}
	file := format.File{ReaderAt: b.file, Name: filepath.Base(b.path), Size: b.opened.Size()}
	probe, err := format.Look(file, file.Size)
	if err != nil {
		return err
	}
	if probe.Encrypted() {
		plain, err := compound.Decrypt(ctx, file, file.Size, opts.Password)
		if errors.Is(err, compound.ErrPassword) {
			return needsPassword(b.path, opts.Password != "")
		}
		if err != nil {
			return err
		}
		file.ReaderAt, file.Size, b.memory = plain, plain.Size(), true
		if probe, err = format.Look(file, file.Size); err != nil {
			return err
		}
	}
	at := slices.IndexFunc(formats, func(f *format.Format) bool { return f.Recognizes(probe) })
	if at < 0 {
		return notRead(b.path, probe.Refusal())
	}
	b.format = formats[at]
	b.written = opts.Guarded && b.format.Lines
	if b.content, err = b.format.Open(ctx, file, opts); errors.Is(err, compound.ErrPassword) {
		return needsPassword(b.path, opts.Password != "")
	}
	if err != nil {
		return err
	}
	b.listing = b.content.Listing()
	b.remarks = slices.Clone(b.listing.Remarks)
	if r, ok := openRemark(b.path); ok {
		b.remarks = append(b.remarks, r)
	}
	return nil
}

// mayBeText reports whether a file with this name may be one of text: without a byte it is
// an empty table, and a workbook would be a copy that was not completed.
func mayBeText(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".ods", ".fods", ".zip", ".pbix", ".parquet":
		return false
	}
	return true
}

// Path is where the file lies, as it was given to Open.
func (b *Book) Path() string { return b.path }

// Format names what the file is, as such files usually end: "xlsx", "ods", "csv".
func (b *Book) Format() string { return b.format.Name }

// IsText reports whether the file is lines of text, which can be read with another
// encoding, delimiter or quotation mark, see Options.
func (b *Book) IsText() bool { return b.format.Lines }

// TextForm is how a text file is read; it is empty for other files.
func (b *Book) TextForm() TextForm { return b.listing.Text }

// Size is the length of the file in bytes.
func (b *Book) Size() int64 { return b.opened.Size() }

// Remarks says what was found out or repaired while opening and reading: encoding,
// delimiter, the date system, rows out of order.
func (b *Book) Remarks() []remark.Remark {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.remarks)
}

// remark adds what a reading found. A text file is one sheet, which may be read as far as a
// table goes and as a whole: of what both count, the reading that came further speaks.
func (b *Book) remark(more ...remark.Remark) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range more {
		at := slices.IndexFunc(b.remarks, func(was remark.Remark) bool { return was.Code == r.Code && was.Column == r.Column })
		switch {
		case at < 0 || !b.format.Lines || r.Count == 0 || b.remarks[at].Count == 0:
			b.remarks = remark.Add(b.remarks, r)
		case r.Count > b.remarks[at].Count:
			b.remarks[at] = r
		}
	}
}

// Hash returns the SHA-256 of the file in hexadecimal, to know it again.
func (b *Book) Hash(ctx context.Context) (string, error) {
	return abandoned(ctx, func() (string, error) {
		h := sha256.New()
		if _, err := io.CopyBuffer(h, io.NewSectionReader(b.file, 0, b.opened.Size()), make([]byte, 1<<20)); err != nil {
			return "", b.explain(err, "", 0)
		}
		return hex.EncodeToString(h.Sum(nil)), b.unchanged()
	}, nil)
}

// Close ends every reader of the book, and waits neither for them nor for a disk that
// does not answer.
func (b *Book) Close() error {
	b.content.Close()
	b.keepPages(nil)
	return b.file.Close()
}

// keepPages makes pages go with the book, in place of others.
func (b *Book) keepPages(pages *Pages) {
	b.mu.Lock()
	before := b.pages
	b.pages = pages
	b.mu.Unlock()
	if before != nil {
		_ = before.Close()
	}
}

// rows starts reading a sheet, after a look whether the file is still the same.
func (b *Book) rows(ctx context.Context, sheet string, r format.Request) (*guarded, error) {
	if r.Sheet = b.listing.Sheet(sheet); r.Sheet < 0 && b.format.Lines {
		r.Sheet = 0 // the file was renamed, and its only sheet with it
	}
	rows, err := abandoned(ctx, func() (format.Rows, error) {
		if err := b.unchanged(); err != nil {
			return nil, err
		}
		if r.Sheet < 0 {
			return nil, fault.Corrupt("it has no sheet %q", sheet)
		}
		rows, err := b.content.Rows(ctx, r)
		switch {
		case err != nil:
		case b.written:
			rows = unguarded{rows}
		case !b.format.Lines && !r.Raw:
			rows = &cleaned{Rows: rows, column: r.First}
		}
		return rows, err
	}, format.Rows.Close)
	if err != nil {
		return nil, b.explain(err, sheet, 0)
	}
	return &guarded{Rows: rows}, nil
}

// unchanged compares the file with what it was when it was opened.
func (b *Book) unchanged() error {
	now, err := os.Stat(b.path)
	switch {
	case err != nil:
		return changed(b.path, fmt.Sprintf("the file is no longer there: %v", err))
	case !os.SameFile(now, b.opened):
		return changed(b.path, "another file has taken its place")
	case now.Size() != b.opened.Size():
		return changed(b.path, fmt.Sprintf("its size was %d and is %d", b.opened.Size(), now.Size()))
	case !now.ModTime().Equal(b.opened.ModTime()):
		return changed(b.path, fmt.Sprintf("it was written at %v and again at %v", b.opened.ModTime(), now.ModTime()))
	}
	return nil
}

// explain turns an error of the layers below into an *Error. A cancelled context
// stays what it is. A file that has changed meanwhile explains every other fault.
func (b *Book) explain(err error, sheet string, row int) error {
	var known *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, os.ErrClosed):
		return newError(ErrorUnreadable, b.path, "The file was closed while it was read.", "Open it again.").at(sheet, row).because(err)
	}
	if now := b.unchanged(); now != nil && errors.As(now, &known) {
		return known.at(sheet, row).because(errors.Join(known.cause, err))
	}
	if failed := b.file.failure(); failed != nil {
		return newError(ErrorUnreadable, b.path, "The file could not be read to its end: the disk or the network failed.", remedyDrive).at(sheet, row).because(failed)
	}
	if b.format != nil && b.format.Lines {
		return brokenText(b.path, row, err)
	}
	return damage(b.path, sheet, row, err)
}
