package workbook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrorKind says what stands in the way of reading a file.
type ErrorKind string

const (
	KindNotFound    ErrorKind = "not-found"   // no such file
	KindPermission  ErrorKind = "permission"  // this person may not read it
	KindInUse       ErrorKind = "in-use"      // another program holds it
	KindNotAFile    ErrorKind = "not-a-file"  // a folder or a device
	KindEmpty       ErrorKind = "empty"       // no bytes, or no values
	KindPassword    ErrorKind = "password"    // protected; the password is missing or wrong
	KindUnsupported ErrorKind = "unsupported" // a format that is recognised and not read
	KindCorrupt     ErrorKind = "corrupt"     // damaged
	KindTruncated   ErrorKind = "truncated"   // ends too early
	KindChanged     ErrorKind = "changed"     // changed after it was opened
	KindUnreadable  ErrorKind = "unreadable"  // the disk or the network failed
	KindTooLarge    ErrorKind = "too-large"   // beyond a limit of this program or of Excel
	KindNoSource    ErrorKind = "no-source"   // no such sheet, table or range
)

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

// Sentence says what happened.
func (e *Error) Sentence() string { return e.sentence }

// Remedy says what to do next.
func (e *Error) Remedy() string { return e.remedy }

// Who can act on it: it is always the person with the file.
func (e *Error) Who() string { return "you" }

// Details gives the facts for support.
func (e *Error) Details() string {
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
	return strings.Join(lines, "\n")
}

// fault is what the parsers below report: a kind and a fact. The book turns it
// into an Error, adding the file and the place.
type fault struct {
	kind ErrorKind
	fact string
}

func (f *fault) Error() string { return f.fact }

func corrupt(format string, args ...any) error {
	return &fault{KindCorrupt, fmt.Sprintf(format, args...)}
}

func tooLarge(format string, args ...any) error {
	return &fault{KindTooLarge, fmt.Sprintf(format, args...)}
}

func unsupported(format string, args ...any) error {
	return &fault{KindUnsupported, fmt.Sprintf(format, args...)}
}

// kindOf gives the kind of an error of the layers below.
func kindOf(err error) ErrorKind {
	var f *fault
	switch {
	case errors.As(err, &f):
		return f.kind
	case errors.Is(err, io.ErrUnexpectedEOF):
		return KindTruncated
	}
	return KindCorrupt
}

// stopped tells whether err is a cancelled context, which is no fault of the file.
func stopped(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

const (
	remedySaveAgain = "Open the file in Excel, save it under a new name, and use the new file. If Excel cannot open it either, ask for the file again."
	remedySaveAs    = "Open it in Excel and save it as Excel Workbook (.xlsx), or convert it with LibreOffice."
	remedyReopen    = "Wait until the other program has finished saving, then open the file again."
)

// damage describes a fault found while the content was read.
func damage(path, sheet string, row int, cause error) *Error {
	e := &Error{Kind: kindOf(cause), Path: path, Sheet: sheet, Row: row, cause: cause}
	place := "The file"
	if sheet != "" {
		place = fmt.Sprintf("The sheet %q", sheet)
	}
	after := ""
	if row > 0 {
		after = " after row " + grouped(int64(row))
	}
	switch e.Kind {
	case KindTruncated:
		e.sentence, e.remedy = place+" ends too early"+after+": a part of the file is missing.",
			"Copy or download the file again; the last copy was not completed."
	case KindTooLarge:
		e.sentence, e.remedy = place+" goes beyond a limit"+after+": "+cause.Error()+".",
			"Save only the rows and columns you need as a new workbook, and use that."
	case KindUnsupported:
		e.sentence, e.remedy = place+" cannot be read: "+cause.Error()+".", remedySaveAs
	default:
		e.sentence, e.remedy = place+" is damaged"+after+", so its rows cannot be read in full.", remedySaveAgain
		var f *fault
		if errors.As(cause, &f) {
			e.sentence = place + " is damaged" + after + ", so its rows cannot be read in full: " + f.fact + "."
		}
	}
	return e
}

// brokenText describes a fault in a text file. Its facts name the line.
func brokenText(path string, row int, cause error) *Error {
	e := &Error{Kind: kindOf(cause), Path: path, Row: row, cause: cause,
		sentence: "The text file cannot be read to its end: " + cause.Error() + ".",
		remedy:   "Correct that line in a text editor, or save the file again from the program that made it."}
	if e.Kind == KindUnsupported {
		e.sentence = "The text file cannot be read: " + cause.Error() + "."
		e.remedy = "Choose another encoding or delimiter, or save the file again as UTF-8."
	}
	return e
}

// grouped writes a count with commas, as people read it.
func grouped(n int64) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
