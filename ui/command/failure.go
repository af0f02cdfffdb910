package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/failure"
	"pushdesk/storage/keychain"
	"pushdesk/storage/workbook"
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

// exitCodes are the exit codes by the kind of a failure.
var exitCodes = map[failure.Kind]int{
	failure.Unexpected: exitUnexpected, failure.Cancelled: exitUnexpected, failure.Usage: exitUsage,
	failure.Connection: exitConnection, failure.Data: exitData, failure.Stopped: exitStopped,
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

// reported ends a command that has printed what went wrong itself.
func reported(code int) error { return &coded{code: code, err: errReported} }

// usage is a command line that cannot be carried out. The text ends without a full
// stop and may have lines of advice after the first.
func usage(format string, args ...any) error {
	return failure.New(failure.Usage, "command-line", fmt.Sprintf(format, args...), "")
}

// explained is an error that knows what to tell a person.
type explained interface {
	error
	Sentence() string
	Remedy() string
	Who() string
	Details() string
}

// problem is a failure as the commands print it, in words and in JSON.
type problem struct {
	Kind     string `json:"kind"`
	Code     string `json:"code,omitempty"`
	Sentence string `json:"sentence"`
	Remedy   string `json:"remedy,omitempty"`
	Who      string `json:"who,omitempty"`
	Details  string `json:"details,omitempty"`
	Sheet    string `json:"sheet,omitempty"`
	Row      int    `json:"row,omitempty"`
}

// kinds are the kinds of failures by exit code, for errors that have no kind.
var kinds = map[int]string{
	exitUnexpected: "unexpected", exitUsage: "usage", exitConnection: "connection", exitData: "data", exitStopped: "stopped",
}

// describe turns an error into an exit code and what is said about it.
func describe(err error) (int, problem) {
	code, p := explain(err)
	if given, ok := errors.AsType[*coded](err); ok {
		code = given.code
	}
	if bad, ok := errors.AsType[*workbook.Error](err); ok {
		p.Kind, p.Sheet, p.Row = string(bad.Kind), bad.Sheet, bad.Row
	}
	if hint := hints[p.Code]; hint != "" {
		p.Remedy = strings.TrimSpace(p.Remedy + " " + hint)
	}
	return code, p
}

// explain finds the words for an error.
func explain(err error) (int, problem) {
	if f, ok := failure.From(err); ok {
		return exitCodes[f.Kind], problem{Kind: string(f.Kind), Code: f.Code, Sentence: f.Sentence, Remedy: f.Remedy, Who: string(f.Who), Details: f.Details}
	}
	code := blame(err)
	p := problem{Kind: kinds[code], Sentence: err.Error()}
	if known, ok := errors.AsType[explained](err); ok {
		p.Sentence, p.Remedy, p.Who, p.Details = known.Sentence(), known.Remedy(), known.Who(), known.Details()
	} else if errors.Is(err, context.Canceled) {
		p.Kind, p.Sentence = string(failure.Cancelled), "Cancelled."
	}
	return code, p
}

// blame finds the exit code of an error: what it is that is not as it must be.
func blame(err error) int {
	switch {
	case is[*push.RowError](err), is[*schema.ColumnsError](err), is[*history.ChangedError](err), is[*job.SchemaError](err),
		is[*push.QuotaError](err), is[*job.RejectsError](err), is[*job.MovedError](err):
		return exitData
	case is[*job.ChooseError](err), is[*schema.NotPushError](err), is[*schema.NoTableError](err),
		is[*history.NoRunError](err), is[*history.DoneError](err), is[*history.BusyError](err), is[*job.LostRunError](err),
		is[*job.NoUndoError](err), is[*job.SetError](err), is[*push.NotOursError](err), is[*push.OtherTableError](err), is[*job.NoRejectsError](err):
		return exitUsage
	case is[*keychain.Unavailable](err):
		return exitConnection
	}
	return exitUnexpected
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// sentenceOf says an error as a person reads it.
func sentenceOf(err error) string {
	_, p := describe(err)
	return p.Sentence
}

// printJSON writes what went wrong as one JSON object, with the place in the file.
func (p problem) printJSON(w io.Writer) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(map[string]any{"error": map[string]any{"kind": p.Kind, "sentence": p.Sentence, "remedy": p.Remedy, "sheet": p.Sheet, "row": p.Row}})
}

func (p problem) print(w io.Writer) {
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
