package connection

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// NotFoundError says that there is no connection of a name or ID.
type NotFoundError struct {
	Name string
	Near []string // names that are much like it
}

func (e *NotFoundError) Error() string { return fmt.Sprintf("there is no connection %q", e.Name) }

// Sentence says what happened.
func (e *NotFoundError) Sentence() string {
	return fmt.Sprintf("There is no connection “%s” on this computer.", e.Name)
}

// Remedy says what to do next.
func (e *NotFoundError) Remedy() string {
	if len(e.Near) > 0 {
		return "Did you mean “" + strings.Join(e.Near, "”, “") + "”?"
	}
	return "Look at the list of connections for the right name, or add one."
}

// Who says who can fix it.
func (e *NotFoundError) Who() string { return "you" }

// Details are for support.
func (e *NotFoundError) Details() string { return "Looked for: " + e.Name }

// NameTakenError says that another connection has the name. Names that differ only
// in capitals or blanks are the same.
type NameTakenError struct {
	Name string // as the other connection has it
}

func (e *NameTakenError) Error() string {
	return fmt.Sprintf("there is a connection %q already", e.Name)
}

// Sentence says what happened.
func (e *NameTakenError) Sentence() string {
	return fmt.Sprintf("There is a connection “%s” already.", e.Name)
}

// Remedy says what to do next.
func (e *NameTakenError) Remedy() string {
	return "Choose another name; capitals and blanks make no difference."
}

// Who says who can fix it.
func (e *NameTakenError) Who() string { return "you" }

// Details are for support.
func (e *NameTakenError) Details() string { return "Name: " + e.Name }

// InvalidError says that a connection cannot be kept as it is.
type InvalidError struct{ Finding Finding }

func invalid(field Field, f *Finding) error {
	f.Field = field
	return &InvalidError{Finding: *f}
}

func (e *InvalidError) Error() string { return lowerFirst(e.Finding.Sentence) }

// Sentence says what happened.
func (e *InvalidError) Sentence() string { return e.Finding.Sentence }

// Remedy says what to do next.
func (e *InvalidError) Remedy() string { return e.Finding.Remedy }

// Who says who can fix it.
func (e *InvalidError) Who() string { return "you" }

// Details are for support.
func (e *InvalidError) Details() string { return "Field: " + string(e.Finding.Field) }

// ChangedError says that a connection is no longer what the change was made on.
type ChangedError struct{ Name string }

func (e *ChangedError) Error() string {
	return fmt.Sprintf("connection %q was changed meanwhile", e.Name)
}

// Sentence says what happened.
func (e *ChangedError) Sentence() string {
	return fmt.Sprintf("“%s” was changed in another window or by a command since it was opened here, so nothing was saved.", e.Name)
}

// Remedy says what to do next.
func (e *ChangedError) Remedy() string { return "Open it again and repeat your change." }

// Who says who can fix it.
func (e *ChangedError) Who() string { return "you" }

// Details are for support.
func (e *ChangedError) Details() string { return "Connection: " + e.Name }

// NewerFileError says that a newer program wrote the connection file. This one
// reads what it knows of it and writes nothing, so that nothing is lost.
type NewerFileError struct {
	Path    string
	Version int
}

func (e *NewerFileError) Error() string {
	return fmt.Sprintf("%s has version %d, and this program writes version %d", e.Path, e.Version, fileVersion)
}

// Sentence says what happened.
func (e *NewerFileError) Sentence() string {
	return "A newer Pushdesk has written the connection file, so this one does not change it."
}

// Remedy says what to do next.
func (e *NewerFileError) Remedy() string { return "Update Pushdesk on this computer." }

// Who says who can fix it.
func (e *NewerFileError) Who() string { return "you" }

// Details are for support.
func (e *NewerFileError) Details() string {
	return fmt.Sprintf("File: %s\nVersion: %d\nHighest version known here: %d", e.Path, e.Version, fileVersion)
}

// BusyError says that another program has been writing the connection file for
// longer than writing takes.
type BusyError struct {
	Path string
	Err  error
}

func (e *BusyError) Error() string { return fmt.Sprintf("lock %s: %v", e.Path, e.Err) }
func (e *BusyError) Unwrap() error { return e.Err }

// Sentence says what happened.
func (e *BusyError) Sentence() string {
	return "The connection file is held by another program, so nothing was saved."
}

// Remedy says what to do next.
func (e *BusyError) Remedy() string {
	return "Try again. If it stays like this, close other Pushdesk windows and commands."
}

// Who says who can fix it.
func (e *BusyError) Who() string { return "you" }

// Details are for support.
func (e *BusyError) Details() string { return "Lock: " + e.Path + "\nCause: " + e.Err.Error() }

// FileError says that the connection file cannot be read. It is left as it is.
type FileError struct {
	Path string
	Err  error
}

func (e *FileError) Error() string {
	return fmt.Sprintf("read the connection file %s: %v", e.Path, e.Err)
}
func (e *FileError) Unwrap() error { return e.Err }

// Sentence says what happened.
func (e *FileError) Sentence() string {
	return fmt.Sprintf("The connection file %s cannot be read.", e.Path)
}

// Remedy says what to do next.
func (e *FileError) Remedy() string {
	return "See that this user may read it and that it is a file. Nothing in it was changed."
}

// Who says who can fix it.
func (e *FileError) Who() string { return "you" }

// Details are for support.
func (e *FileError) Details() string { return "File: " + e.Path + "\nCause: " + e.Err.Error() }

// lowerFirst turns a sentence for a person into the text of an error.
func lowerFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return strings.TrimSuffix(string(unicode.ToLower(first))+s[size:], ".")
}
