// Package archive reads the parts of the zip that a workbook is, with limits against
// files that expand without end.
package archive

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"strings"

	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/internal/fault"
)

const (
	maxMembers        = 100_000  // files inside a workbook; real ones have tens
	maxDirectoryBytes = 32 << 20 // of the zip's list of members
)

// Archive is the zip package of a workbook. Parts are found whatever the case and
// the slashes of their names.
type Archive struct {
	parts map[string]*zip.File
	small int64 // bytes that the small parts have taken so far, see tokens
}

func Open(file io.ReaderAt, size int64) (*Archive, error) {
	budget := &budgetReader{file: file, left: maxDirectoryBytes}
	z, err := zip.NewReader(budget, size)
	budget.listed = true
	switch {
	case errors.Is(err, errBudget):
		return nil, fault.TooLarge("the list of its parts is larger than that of any workbook")
	case errors.Is(err, zip.ErrFormat), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return nil, fault.Truncated("the list of its parts, at the end of the file, is missing")
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, err
	case len(z.File) > maxMembers:
		return nil, fault.TooLarge("it has %s parts; the most this program reads is %s", humanize.Number(len(z.File)), humanize.Number(maxMembers))
	}
	a := &Archive{parts: make(map[string]*zip.File, len(z.File))}
	var plain int64
	for _, f := range z.File {
		// Many parts that each stay within the limit of one may expand without end, too.
		if plain += int64(min(f.UncompressedSize64, 1<<40)); expands(plain, size) {
			return nil, fault.TooLarge("its parts expand to many times its size, as those of no real workbook do")
		}
		name := Fold(f.Name)
		if strings.HasSuffix(name, "/") {
			continue
		}
		if _, twice := a.parts[name]; twice {
			return nil, fault.Corrupt("two parts have the name %s", f.Name)
		}
		a.parts[name] = f
	}
	return a, nil
}

// Fold brings the name of a part to one spelling.
func Fold(name string) string {
	name = strings.ToLower(strings.ReplaceAll(name, `\`, "/"))
	folder := strings.HasSuffix(name, "/")
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if folder {
		name += "/"
	}
	return name
}

func (a *Archive) Has(name string) bool {
	_, ok := a.parts[Fold(name)]
	return ok
}

// Find returns the first part of these names that exists, or "".
func (a *Archive) Find(names ...string) string {
	for _, name := range names {
		if a.Has(name) {
			return name
		}
	}
	return ""
}

// HasFolder reports whether any part lies in a folder, given with its slash.
func (a *Archive) HasFolder(folder string) bool {
	for name := range a.parts {
		if strings.HasPrefix(name, folder) {
			return true
		}
	}
	return false
}

var errBudget = errors.New("the list of parts is too long")

// budgetReader stops archive/zip from loading a list of members without end: it
// trusts neither the count nor the length that the file states. Only reading the
// list is limited; the parts are read through the same value later, without limit.
type budgetReader struct {
	file   io.ReaderAt
	left   int64
	listed bool // the list has been read
}

func (b *budgetReader) ReadAt(p []byte, off int64) (int, error) {
	n, err := b.file.ReadAt(p, off)
	if !b.listed {
		if b.left -= int64(n); b.left < 0 {
			return 0, errBudget
		}
	}
	return n, err
}

func expands(plain, packed int64) bool {
	return plain > freePart && plain/freeRatio > packed || plain > largePart && plain/largeRatio > packed
}

// Limits against files that expand without end. A sheet of a million real rows
// expands 5 to 11 times, an honest extreme 121 times, bombs 400 times and more.
const (
	freePart   = 100 << 20 // bytes that a part may expand to, whatever the ratio
	freeRatio  = 200       // the ratio it may have beyond that
	largePart  = 4 << 30   // beyond this many bytes ...
	largeRatio = 25        // ... the ratio of ordinary sheets is the limit
)
