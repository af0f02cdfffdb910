package command

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// The exit codes of every command.
const (
	exitDone       = 0
	exitUnexpected = 1
	exitUsage      = 2 // the command line is wrong
	exitConnection = 3 // the connection is not ready
	exitData       = 4 // the file or its values have problems
	exitStopped    = 5 // stopped part-way; the run can be resumed
)

// coded gives an error its exit code.
type coded struct {
	code int
	err  error
}

func (c *coded) Error() string { return c.err.Error() }
func (c *coded) Unwrap() error { return c.err }

// errReported marks a failure whose words were already printed.
var errReported = errors.New("reported")

func withCode(code int, err error) error {
	if err == nil {
		return nil
	}
	return &coded{code: code, err: err}
}

func usage(format string, args ...any) error {
	return withCode(exitUsage, fmt.Errorf(format, args...))
}

// explained is an error that knows what to tell a person.
type explained interface {
	error
	Sentence() string
	Remedy() string
	Who() string
	Details() string
}

// failure is an error as the commands print it, in words and in JSON.
type failure struct {
	Kind     string `json:"kind"`
	Sentence string `json:"sentence"`
	Remedy   string `json:"remedy,omitempty"`
	Who      string `json:"who,omitempty"`
	Details  string `json:"details,omitempty"`
	Sheet    string `json:"sheet,omitempty"`
	Row      int    `json:"row,omitempty"`
}

var kinds = map[int]string{
	exitUnexpected: "unexpected", exitUsage: "usage", exitConnection: "connection", exitData: "data", exitStopped: "stopped",
}

// describe turns an error into an exit code and what is said about it.
func describe(err error) (int, failure) {
	code := exitUnexpected
	var withExit *coded
	if errors.As(err, &withExit) {
		code = withExit.code
	}
	if errors.Is(err, context.Canceled) && code == exitUnexpected {
		return code, failure{Kind: "cancelled", Sentence: "Cancelled."}
	}
	f := failure{Kind: kinds[code], Sentence: err.Error()}
	var known explained
	if errors.As(err, &known) {
		f.Sentence, f.Remedy, f.Who, f.Details = known.Sentence(), known.Remedy(), known.Who(), known.Details()
	}
	if placed, ok := errors.AsType[interface {
		error
		Place() (kind, sheet string, row int)
	}](err); ok {
		f.Kind, f.Sheet, f.Row = placed.Place()
	}
	return code, f
}

func (f failure) print(w io.Writer) {
	fmt.Fprintln(w, f.Sentence)
	if f.Remedy != "" {
		fmt.Fprintln(w, f.Remedy)
	}
	if f.Who != "" && f.Who != "you" {
		fmt.Fprintf(w, "Who can fix it: %s.\n", f.Who)
	}
	if f.Details != "" {
		fmt.Fprintf(w, "\n%s\n", f.Details)
	}
}
