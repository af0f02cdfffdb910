// Package fault says what a format finds wrong with a file.
package fault

import (
	"errors"
	"fmt"
	"io"
)

// Kind says what is wrong with a file.
type Kind string

const (
	Damaged    Kind = "corrupt"
	Incomplete Kind = "truncated" // it ends too early
	NotRead    Kind = "unsupported"
	TooMuch    Kind = "too-large" // beyond a limit of this program or of Excel
)

// Fault is what a format finds wrong with a file: a kind and a fact. The book makes
// it an error for people, adding the file and the place.
type Fault struct {
	Kind Kind
	Fact string // follows "The sheet is damaged: "; without a full stop
}

func (f *Fault) Error() string { return f.Fact }

func Corrupt(format string, args ...any) error {
	return &Fault{Damaged, fmt.Sprintf(format, args...)}
}

func Truncated(format string, args ...any) error {
	return &Fault{Incomplete, fmt.Sprintf(format, args...)}
}

func TooLarge(format string, args ...any) error {
	return &Fault{TooMuch, fmt.Sprintf(format, args...)}
}

func Unsupported(format string, args ...any) error {
	return &Fault{NotRead, fmt.Sprintf(format, args...)}
}

// KindOf returns the kind of fault that err carries. An error that no format has
// described means that the content is damaged.
func KindOf(err error) Kind {
	var f *Fault
	switch {
	case errors.As(err, &f):
		return f.Kind
	case errors.Is(err, io.ErrUnexpectedEOF):
		return Incomplete
	}
	return Damaged
}
