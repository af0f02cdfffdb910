package file

import (
	"errors"
	"fmt"
	"strings"

	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
)

// What can be wrong with the connection file and with a change to it, to compare with
// errors.Is.
var (
	ErrNotFound = failure.New(failure.Connection, "connection-not-found", "There is no such connection on this computer.",
		"Check the name in the list of connections, or add one.")
	ErrNameTaken = failure.New(failure.Usage, "name-taken", "A connection with this name already exists.",
		"Choose another name. Capitals and spaces make no difference.")
	ErrChanged = failure.New(failure.Unexpected, "connection-changed", "The connection was changed in another window or by a command since it was opened here, so nothing was saved.",
		"Open it again and repeat your change.")
	ErrNewer = failure.New(failure.Unexpected, "connections-newer", "The connection file was written by a newer Pushdesk, so this version does not change it.",
		"Update Pushdesk on this computer.")
	ErrLocked = failure.New(failure.Unexpected, "connections-locked", "Another program is writing the connection file, so nothing was saved.",
		"Try again. If it keeps happening, close other Pushdesk windows and commands.")
	ErrFull = failure.New(failure.Data, "connections-full", "The connection file would be larger than "+humanize.Bytes(largestFile)+", which is more than Pushdesk reads, so nothing was saved.",
		"Delete connections that nobody uses, or shorten their notes.")
	ErrUnreadable = failure.New(failure.Unexpected, "connections-unreadable", "The connection file cannot be read.",
		"Check that it is a file and that you are allowed to read it. Nothing in it was changed.")
	ErrDamaged = failure.New(failure.Unexpected, "connections-damaged", "The connection file contains an error.",
		"Correct it in a text editor, or restore the file from a backup. Nothing in it was changed.")
)

// saying returns a copy of a failure with another sentence.
func saying(f *failure.Error, sentence string, args ...any) *failure.Error {
	c := *f
	c.Sentence = fmt.Sprintf(sentence, args...)
	return &c
}

// notFound says that there is no connection of a name or ID, and which of the names
// are like it.
func notFound(asked string, names []string) error {
	asked = text.Shorten(text.Name(asked), 100)
	f := saying(ErrNotFound, "There is no connection “%s” on this computer.", asked)
	if near := text.Nearest(asked, names); len(near) > 0 {
		f.Remedy = "Did you mean “" + strings.Join(near, "”, “") + "”?"
	}
	return f
}

// nameTaken says that another connection has the name.
func nameTaken(name string) error {
	return saying(ErrNameTaken, "A connection “%s” already exists.", name)
}

// Changed says that a connection is no longer what a change was made on.
func Changed(name string) error {
	return saying(ErrChanged, "“%s” was changed in another window or by a command since it was opened here, so nothing was saved.", name)
}

// newer says that this program writes nothing, so that nothing is lost.
func newer(path string, version, known int) *failure.Error {
	return ErrNewer.WithDetails("File: %s\nVersion: %d\nHighest version known here: %d", path, version, known)
}

// locked says that another program has been writing the file for longer than writing
// takes.
func locked(err error) error {
	var held *storage.LockedError
	if errors.As(err, &held) {
		return ErrLocked.Because(err).WithDetails("%s", held.Failure().Details)
	}
	return err
}

func unreadable(path string, err error) error {
	return saying(ErrUnreadable, "The connection file %s cannot be read.", path).Because(err).WithDetails("Cause: %v", err)
}

// damaged says what is wrong with a file that was read, and where.
func damaged(path string, err error) error {
	return saying(ErrDamaged, "The connection file %s contains an error: %v.", path, err).WithDetails("File: %s", path)
}
