// Package failure holds the one error value that reaches a person. Whoever
// understands what went wrong makes one; everything above passes it on, wraps it
// with what was being done, and in the end prints it. A sentence is worded once.
//
// A failure names no page, button, command, flag or environment variable: the
// window and the terminal add where to click or what to type, found by Code.
package failure

import (
	"errors"
	"fmt"
)

// Kind is the sort of failure. It alone decides a command's exit code and where
// the window shows the failure, so a new failure needs no edit there.
type Kind string

const (
	Unexpected Kind = "unexpected" // a fault of the program or of the computer
	Usage      Kind = "usage"      // what was asked for cannot be done that way
	Connection Kind = "connection" // the connection is not ready: secret, sign-in, network, rights
	Data       Kind = "data"       // the file or its values have problems
	Stopped    Kind = "stopped"    // stopped part-way; what was begun can be resumed
	Cancelled  Kind = "cancelled"  // a person cancelled
	Contract   Kind = "contract"   // the columns of the file and of the table do not fit as they did
	Missing    Kind = "missing"    // the file that was named is not there
	Nothing    Kind = "nothing"    // there is nothing to do: it was done before
	Unanswered Kind = "unanswered" // a person has to agree first, and nobody did
)

// Kinds are all kinds. The front ends say of each how it ends: a new one needs an exit
// code in ui/command/cli.
var Kinds = []Kind{Unexpected, Usage, Connection, Data, Stopped, Cancelled, Contract, Missing, Nothing, Unanswered}

// Who can fix a failure.
type Who string

const (
	You            Who = "you"
	Nobody         Who = "" // it passes, or nothing has to be fixed
	AppOwner       Who = "the app's owner"
	NetworkTeam    Who = "your network team"
	TenantAdmin    Who = "your Entra administrator"
	PowerBIAdmin   Who = "your Power BI administrator"
	WorkspaceAdmin Who = "a workspace administrator"
)

// Error is a failure in words. Make one with New or a constructor named after its
// kind; the methods that add to it return a changed copy, so that a package may
// keep failures as constants and add details to each use.
type Error struct {
	Kind     Kind
	Code     string // stable, lower case with hyphens: "name-taken"; for scripts, and for hints of a front end
	Sentence string // what happened, for a person; ends with a full stop
	Remedy   string // what to do next, ditto; "" if there is nothing to do
	Who      Who    // who can fix it
	Request  string // what that person is asked for, in words to them; "" if that is the user
	Details  string // codes and IDs for support; never a secret
	Cause    error  // the error below, or nil
}

// New returns a failure that the user can fix.
func New(kind Kind, code, sentence, remedy string) *Error {
	return &Error{Kind: kind, Code: code, Sentence: sentence, Remedy: remedy, Who: You}
}

// Because returns a copy that wraps cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// WithDetails returns a copy with details for support.
func (e *Error) WithDetails(format string, args ...any) *Error {
	c := *e
	c.Details = fmt.Sprintf(format, args...)
	return &c
}

// FixedBy returns a copy that another person than the user can fix, and what that
// person is asked for.
func (e *Error) FixedBy(who Who, request string) *Error {
	c := *e
	c.Who, c.Request = who, request
	return &c
}

// Error is the sentence with its cause, for logs and for wrapping.
func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Sentence
	}
	return e.Sentence + ": " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is reports whether target is a failure with the same code, so that a failure
// kept as a variable works with errors.Is.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && e.Code != "" && e.Code == t.Code
}

// Explainer is an error with fields that code branches on, and which can say
// itself in words.
type Explainer interface {
	error
	Failure() *Error
}

// From finds the words for err: the first *Error or Explainer in its chain. It
// reports false for an error that was not made for a person.
func From(err error) (*Error, bool) {
	for err != nil {
		switch e := err.(type) { //nolint:errorlint // walks the chain itself, outermost first
		case *Error:
			return e, true
		case Explainer:
			return e.Failure(), true
		}
		if many, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // ditto
			for _, one := range many.Unwrap() {
				if f, ok := From(one); ok {
					return f, true
				}
			}
			return nil, false
		}
		err = errors.Unwrap(err)
	}
	return nil, false
}

// HasCode reports whether err carries a failure with this code.
func HasCode(err error, code string) bool {
	f, ok := From(err)
	return ok && f.Code == code
}
