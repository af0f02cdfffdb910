package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"pushdesk/storage/failure"
	"pushdesk/storage/workbook"
)

// The exit codes of every command.
const (
	ExitDone       = 0
	ExitUnexpected = 1  // or cancelled
	ExitUsage      = 2  // the command line is wrong
	ExitConnection = 3  // the connection is not ready
	ExitData       = 4  // the file or its values have problems
	ExitStopped    = 5  // stopped part-way; the run can be resumed
	ExitUnproven   = 10 // finished, but of some rows it is not proven that the table holds them once
)

// exitCodes are the exit codes by the kind of a failure.
var exitCodes = map[failure.Kind]int{
	failure.Unexpected: ExitUnexpected, failure.Cancelled: ExitUnexpected, failure.Usage: ExitUsage,
	failure.Connection: ExitConnection, failure.Data: ExitData, failure.Stopped: ExitStopped,
}

// coded gives an error its exit code, where its kind does not.
type coded struct {
	code int
	err  error
}

func (c *coded) Error() string { return c.err.Error() }
func (c *coded) Unwrap() error { return c.err }

// errReported marks a failure whose words were already printed.
var errReported = errors.New("reported")

// Reported ends a command that has printed what went wrong itself.
func Reported(code int) error { return &coded{code: code, err: errReported} }

// AsUsage gives an error the exit code of a wrong command line.
func AsUsage(err error) error { return &coded{code: ExitUsage, err: err} }

// Usage is a command line that cannot be carried out. The text may have lines of
// advice after the first.
func Usage(format string, args ...any) error {
	return failure.New(failure.Usage, "command-line", fmt.Sprintf(format, args...), "")
}

// Problem is a failure as the commands print it, in words and in JSON.
type Problem struct {
	Kind     string `json:"kind"`
	Code     string `json:"code,omitempty"`
	Sentence string `json:"sentence"`
	Remedy   string `json:"remedy,omitempty"`
	Who      string `json:"who,omitempty"`
	Details  string `json:"details,omitempty"`
	Sheet    string `json:"sheet,omitempty"`
	Row      int    `json:"row,omitempty"`
}

// Describe turns an error into an exit code and what is said about it.
func Describe(err error) (int, Problem) {
	f, ok := failure.From(err)
	switch {
	case !ok && errors.Is(err, context.Canceled):
		f = failure.New(failure.Cancelled, "cancelled", "Cancelled.", "")
	case !ok:
		f = failure.New(failure.Unexpected, "", err.Error(), "")
	}
	code := exitCodes[f.Kind]
	if given, ok := errors.AsType[*coded](err); ok {
		code = given.code
	}
	p := Problem{Kind: string(f.Kind), Code: f.Code, Sentence: f.Sentence, Who: string(f.Who), Details: f.Details,
		Remedy: strings.TrimSpace(f.Remedy + " " + hints[f.Code])}
	if bad, ok := errors.AsType[*workbook.Error](err); ok {
		p.Sheet, p.Row = bad.Sheet, bad.Row
	}
	return code, p
}

// SentenceOf says an error as a person reads it.
func SentenceOf(err error) string {
	_, p := Describe(err)
	return p.Sentence
}

// printJSON writes what went wrong as one JSON object, with the place in the file.
func (p Problem) printJSON(w io.Writer) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(map[string]any{"error": map[string]any{"kind": p.Kind, "code": p.Code, "sentence": p.Sentence, "remedy": p.Remedy, "sheet": p.Sheet, "row": p.Row}})
}

func (p Problem) Print(w io.Writer) {
	fmt.Fprintln(w, p.Sentence)
	if p.Remedy != "" {
		fmt.Fprintln(w, p.Remedy)
	}
	if p.Who != "" && p.Who != "you" {
		fmt.Fprintf(w, "Who can fix it: %s.\n", p.Who)
	}
	if p.Details != "" {
		fmt.Fprintf(w, "\n%s\n", p.Details)
	}
}
