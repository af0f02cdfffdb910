package workbook

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// The sentences for files that cannot be opened or are not read here.

func notAFile(path string, info os.FileInfo) error {
	what := "a device, not a file"
	if info.IsDir() {
		what = "a folder, not a file"
	}
	return &Error{Kind: KindNotAFile, Path: path,
		sentence: fmt.Sprintf("%q is %s.", filepath.Base(path), what),
		remedy:   "Choose a workbook (.xlsx) or a text file (.csv)."}
}

func cannotOpen(path string, err error) error {
	name := filepath.Base(path)
	e := &Error{Path: path, cause: err}
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		e.Kind, e.sentence = KindNotFound, fmt.Sprintf("There is no file %q at that place.", name)
		e.remedy = "Check the name and the folder; on a network drive, check that it is connected."
	case errors.Is(err, fs.ErrPermission):
		e.Kind, e.sentence = KindPermission, fmt.Sprintf("You do not have permission to read %q.", name)
		e.remedy = "Ask the file's owner for permission to read it, or for a copy."
	case inUse(err):
		e.Kind, e.sentence = KindInUse, fmt.Sprintf("Another program holds %q open and lets no one else read it.", name)
		e.remedy = "Close the file in the other program, often Excel, and try again."
	default:
		e.Kind, e.sentence = KindUnreadable, fmt.Sprintf("The file %q could not be opened.", name)
		e.remedy = "Check that the drive is connected, or copy the file to this computer and open the copy."
	}
	return e
}

// inUse recognises the sharing and lock violations of Windows (codes 32 and 33).
func inUse(err error) bool {
	return runtime.GOOS == "windows" && (errors.Is(err, syscall.Errno(32)) || errors.Is(err, syscall.Errno(33)))
}

func emptyFile(path string) error {
	return &Error{Kind: KindEmpty, Path: path,
		sentence: fmt.Sprintf("The file %q is empty: it has no bytes at all.", filepath.Base(path)),
		remedy:   "Copy or download the file again; the last copy was probably not completed."}
}

// noRows is for workbooks without a worksheet.
func (b *Book) noRows() error {
	e := &Error{Kind: KindEmpty, Path: b.path,
		sentence: fmt.Sprintf("The workbook %q has no worksheet.", filepath.Base(b.path)),
		remedy:   "Add a sheet with the rows to it, or choose another file."}
	if what, remedy := b.elsewhere(); what != "" {
		e.sentence, e.remedy = e.sentence+" "+what, remedy
	}
	return e
}

// elsewhere tells where a workbook keeps data beside its sheets, and how to get at it.
func (b *Book) elsewhere() (what, remedy string) {
	x, ok := b.content.(*spreadsheet)
	switch {
	case !ok:
	case x.archive.hasFolder("xl/model/"), x.archive.hasFolder("xl/customdata/"):
		return "The workbook keeps data in its data model (Power Pivot), where only Excel can read it.",
			"In Excel, load the model's table into a sheet (Data, Existing Connections, Tables), save, and open the file again."
	case x.archive.hasFolder("xl/pivotcache/"):
		return "The workbook keeps data behind its pivot tables, where only Excel can read it.",
			"In Excel, double-click the grand total of the pivot table to get its rows as a sheet, save, and open the file again."
	}
	return "", ""
}

// noValues is for sources in which nothing stands.
func (b *Book) noValues(s Source) error {
	place := fmt.Sprintf("The %s %q", s.Kind, s.Name)
	e := &Error{Kind: KindEmpty, Path: b.path, Sheet: s.Sheet,
		sentence: place + " has no values.", remedy: "Choose another sheet or range, or another file."}
	if what, remedy := b.elsewhere(); what != "" {
		e.sentence, e.remedy = e.sentence+" "+what, remedy
	}
	return e
}

// notRead is for formats that are recognised and not read.
func notRead(path string, is contents) error {
	e := &Error{Kind: KindUnsupported, Path: path, cause: errors.New("content: " + string(is)),
		sentence: fmt.Sprintf("%q is %s, which Pushdesk does not read.", filepath.Base(path), is),
		remedy:   "Open it in Excel and save it as Excel Workbook (.xlsx), or convert it with LibreOffice."}
	switch is {
	case contentBinary:
		e.sentence = fmt.Sprintf("%q is neither a spreadsheet nor text.", filepath.Base(path))
		e.remedy = "Choose a workbook (.xlsx) or a text file (.csv)."
	case contentHTML:
		e.sentence = fmt.Sprintf("%q is a web page, whatever its name says.", filepath.Base(path))
	case contentNumbers:
		e.remedy = "Open it in Numbers and export it as Excel (.xlsx) or CSV."
	case contentJSON, contentXML, contentParquet, contentSQLite:
		e.remedy = "Export its rows as CSV from the program that made it, or load it in Excel (Data, Get Data) and save a workbook (.xlsx)."
	case contentPacked, contentZip:
		e.remedy = "Unpack it first, and open the workbook or text file inside."
	case contentWord, contentSlides, contentPDF, contentImage, contentOffice:
		e.remedy = "Copy its table into Excel, save that as Excel Workbook (.xlsx), and open the new file."
	}
	return e
}
