package workbook

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook/internal/fault"
	"pushdesk/storage/workbook/internal/format"
)

// ErrorKind says why a file cannot be read.
type ErrorKind string

const (
	ErrorNotFound    ErrorKind = "not-found"   // no such file
	ErrorPermission  ErrorKind = "permission"  // this person may not read it
	ErrorInUse       ErrorKind = "in-use"      // another program holds it
	ErrorNotAFile    ErrorKind = "not-a-file"  // a folder or a device
	ErrorEmpty       ErrorKind = "empty"       // no bytes, or no values
	ErrorPassword    ErrorKind = "password"    // protected; the password is missing or wrong
	ErrorUnsupported ErrorKind = "unsupported" // a format that is recognized and not read
	ErrorCorrupt     ErrorKind = "corrupt"     // damaged
	ErrorTruncated   ErrorKind = "truncated"   // ends too early
	ErrorChanged     ErrorKind = "changed"     // changed after it was opened
	ErrorUnreadable  ErrorKind = "unreadable"  // the disk or the network failed
	ErrorTooLarge    ErrorKind = "too-large"   // beyond a limit of this program or of Excel
	ErrorNoSource    ErrorKind = "no-source"   // no such sheet, table or range
)

// CodePassword is the code of the failure when a password is missing or wrong.
const CodePassword = "file-" + string(ErrorPassword)

// Error is why a file, or a row of it, could not be read. Sheet and Row say where,
// as far as it is known: Row is the last row that was read, 0 before the first.
type Error struct {
	Kind  ErrorKind
	Path  string
	Sheet string
	Row   int

	sentence, remedy string
	cause            error
}

func newError(kind ErrorKind, path, sentence, remedy string) *Error {
	return &Error{Kind: kind, Path: path, sentence: sentence, remedy: remedy}
}

// at returns the error with a place.
func (e *Error) at(sheet string, row int) *Error {
	e.Sheet, e.Row = sheet, row
	return e
}

func (e *Error) because(cause error) *Error {
	e.cause = cause
	return e
}

func (e *Error) Error() string {
	text := string(e.Kind) + ": " + e.Path
	if e.Sheet != "" {
		text += fmt.Sprintf(", sheet %q", e.Sheet)
	}
	if e.Row > 0 {
		text += fmt.Sprintf(", row %d", e.Row)
	}
	if e.cause != nil {
		return text + ": " + e.cause.Error()
	}
	return text
}

func (e *Error) Unwrap() error { return e.cause }

// Failure is the error in words. Its code is the kind behind "file-".
func (e *Error) Failure() *failure.Error {
	lines := []string{"Kind: " + string(e.Kind), "File: " + e.Path}
	if e.Sheet != "" {
		lines = append(lines, "Sheet: "+e.Sheet)
	}
	if e.Row > 0 {
		lines = append(lines, fmt.Sprintf("Row: %d", e.Row))
	}
	if e.cause != nil {
		lines = append(lines, "Cause: "+e.cause.Error())
	}
	kind := failure.Data
	if e.Kind == ErrorNotFound {
		kind = failure.Missing
	}
	return failure.New(kind, "file-"+string(e.Kind), e.sentence, e.remedy).WithDetails("%s", strings.Join(lines, "\n")).Because(e.cause)
}

const (
	remedySaveAgain = "Open the file in Excel, save it under a new name, and use the new file. If Excel cannot open it either, ask for the file again."
	remedySaveAs    = "Open it in Excel and save it as Excel Workbook (.xlsx), or convert it with LibreOffice."
	remedyReopen    = "Wait until the other program has finished saving, then open the file again."
	remedyDrive     = "Check that the drive is connected, or copy the file to this computer and open the copy."
	remedyChoose    = "Choose a workbook (.xlsx) or a text file (.csv)."
)

// damage describes a fault found while the content was read.
func damage(path, sheet string, row int, cause error) *Error {
	e := newError(ErrorKind(fault.KindOf(cause)), path, "", "").at(sheet, row).because(cause)
	place := "The file"
	if sheet != "" {
		place = fmt.Sprintf("The sheet %q", sheet)
	}
	after := ""
	if row > 0 {
		after = " after row " + humanize.Number(row)
	}
	switch e.Kind {
	case ErrorTruncated:
		e.sentence = place + " ends too early" + after + ": a part of the file is missing."
		e.remedy = "Copy or download the file again; the last copy was not completed."
	case ErrorTooLarge:
		e.sentence = place + " exceeds a limit" + after + ": " + cause.Error() + "."
		e.remedy = "Save only the rows and columns you need as a new workbook, and use that."
	case ErrorUnsupported:
		e.sentence, e.remedy = place+" cannot be read: "+cause.Error()+".", remedySaveAs
	default:
		e.sentence, e.remedy = place+" is damaged"+after+", so its rows cannot be read in full.", remedySaveAgain
		var f *fault.Fault
		if errors.As(cause, &f) {
			e.sentence = place + " is damaged" + after + ", so its rows cannot be read in full: " + f.Fact + "."
		}
	}
	return e
}

// brokenText describes a fault in a text file. Its facts name the line.
func brokenText(path string, row int, cause error) *Error {
	e := newError(ErrorKind(fault.KindOf(cause)), path, "The text file cannot be read to its end: "+cause.Error()+".",
		"Correct that line in a text editor, or save the file again from the program that made it.").at("", row).because(cause)
	if e.Kind == ErrorUnsupported {
		e.sentence = "The text file cannot be read: " + cause.Error() + "."
		e.remedy = "Choose another encoding or delimiter, or save the file again as UTF-8."
	}
	return e
}

func changed(path, fact string) *Error {
	return newError(ErrorChanged, path, "The file was changed, moved or replaced after it was opened, so what was read may not fit together.", remedyReopen).because(errors.New(fact))
}

func notAFile(path string, info os.FileInfo) *Error {
	what := "a device, not a file"
	if info.IsDir() {
		what = "a folder, not a file"
	}
	return newError(ErrorNotAFile, path, fmt.Sprintf("%q is %s.", filepath.Base(path), what), remedyChoose)
}

func cannotOpen(path string, err error) *Error {
	name := filepath.Base(path)
	e := newError(ErrorUnreadable, path, fmt.Sprintf("The file %q could not be opened.", name), remedyDrive).because(err)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		e.Kind, e.sentence = ErrorNotFound, fmt.Sprintf("There is no file %q in that folder.", name)
		e.remedy = "Check the name and the folder; on a network drive, check that it is connected."
	case errors.Is(err, fs.ErrPermission):
		e.Kind, e.sentence = ErrorPermission, fmt.Sprintf("You do not have permission to read %q.", name)
		e.remedy = "Ask the file's owner for permission to read it, or for a copy."
	case inUse(err):
		e.Kind, e.sentence = ErrorInUse, fmt.Sprintf("Another program has %q open and lets no one else read it.", name)
		if who, ok := openBy(path); ok {
			e.sentence = fmt.Sprintf("%s has %q open in another program, which lets no one else read it.", who, name)
		}
		e.remedy = "Close the file in the other program, often Excel, and try again."
	}
	return e
}

// inUse recognizes the sharing and lock violations of Windows (codes 32 and 33).
func inUse(err error) bool {
	return runtime.GOOS == "windows" && (errors.Is(err, syscall.Errno(32)) || errors.Is(err, syscall.Errno(33)))
}

func emptyFile(path string) *Error {
	return newError(ErrorEmpty, path, fmt.Sprintf("The file %q is empty: it has no bytes at all.", filepath.Base(path)),
		"Copy or download the file again; the last copy was probably not completed.")
}

// needsPassword is for protected workbooks: the password is missing or wrong.
func needsPassword(path string, given bool) *Error {
	name := filepath.Base(path)
	if given {
		return newError(ErrorPassword, path, fmt.Sprintf("The password does not open the workbook %q.", name),
			"Check capital letters and the keyboard's language, and enter the password again.")
	}
	return newError(ErrorPassword, path, fmt.Sprintf("The workbook %q is protected with a password.", name),
		"Enter the password, or open it in Excel and save a copy without one (File, Info, Protect Workbook).")
}

// notRead is for files that are no spreadsheets and no rows of text.
func notRead(path string, is *format.Refusal) *Error {
	name := filepath.Base(path)
	if is == nil {
		return newError(ErrorUnsupported, path, fmt.Sprintf("%q is neither a spreadsheet nor text.", name), remedyChoose)
	}
	e := newError(ErrorUnsupported, path, fmt.Sprintf("%q is %s, which Pushdesk does not read.", name, is.What), is.Remedy)
	if e.remedy == "" {
		e.remedy = remedySaveAs
	}
	return e.because(errors.New("content: " + is.What))
}

// noWorksheet is for workbooks that have none.
func noWorksheet(b *Book) *Error {
	if len(b.listing.Sheets) > 0 && len(b.listing.Unread) > 0 {
		return newError(ErrorEmpty, b.path, fmt.Sprintf("The sheet %q has no rows that can be read, and every other sheet of %q is hidden.", b.listing.Unread[0], filepath.Base(b.path)),
			fmt.Sprintf("Choose a hidden sheet by its name (%s), or save the workbook again in Excel.", b.listing.Sheets[0].Name))
	}
	return orElsewhere(b, newError(ErrorEmpty, b.path, fmt.Sprintf("The workbook %q has no worksheet.", filepath.Base(b.path)),
		"Add a sheet with the rows to it, or choose another file."))
}

// noValues is for sources without a value.
func noValues(b *Book, s Source) *Error {
	return orElsewhere(b, newError(ErrorEmpty, b.path, fmt.Sprintf("The %s %q has no values.", s.Kind, s.Name),
		"Choose another sheet or range, or another file.").at(s.Sheet, 0))
}

// orElsewhere adds where a workbook keeps data beside its sheets, and how to get at it.
func orElsewhere(b *Book, e *Error) *Error {
	switch b.listing.Elsewhere {
	case format.InDataModel:
		e.sentence += " The workbook keeps data in its data model (Power Pivot), where only Excel can read it."
		e.remedy = "In Excel, load the model's table into a sheet (Data, Existing Connections, Tables), save, and open the file again."
	case format.InPivotCache:
		e.sentence += " The workbook keeps data behind its pivot tables, where only Excel can read it."
		e.remedy = "In Excel, double-click the grand total of the pivot table to get its rows as a sheet, save, and open the file again."
	}
	return e
}

// noSource is for a name that the file does not have.
func noSource(b *Book, all []Source, name string) *Error {
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = fmt.Sprintf("%q", s.Name)
	}
	return newError(ErrorNoSource, b.path, fmt.Sprintf("The file has no sheet, table or named range %q.", name),
		"It has "+humanize.ListSome(names, 12)+".").at(name, 0)
}
