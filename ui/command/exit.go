package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
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
	code := blame(err)
	f := failure{Kind: kinds[code], Sentence: err.Error()}
	if known, ok := errors.AsType[explained](err); ok {
		f.Sentence, f.Remedy, f.Who, f.Details = known.Sentence(), known.Remedy(), known.Who(), known.Details()
	} else if errors.Is(err, context.Canceled) {
		f.Kind, f.Sentence = "cancelled", "Cancelled."
	}
	if bad, ok := errors.AsType[*workbook.Error](err); ok {
		f.Kind, f.Sheet, f.Row = string(bad.Kind), bad.Sheet, bad.Row
		if bad.Kind == workbook.KindPassword {
			f.Remedy += " A command takes the password from the environment variable " + passwordVariable + ", or asks for it in a terminal."
		}
	}
	return code, f
}

// blame finds the exit code of an error: what it is that is not as it must be.
func blame(err error) int {
	switch {
	case is[*coded](err):
		given, _ := errors.AsType[*coded](err)
		return given.code
	case is[*connection.ImportError](err), is[*account.ImportFileError](err), is[*workbook.Error](err), is[*push.RowError](err), is[*push.ColumnsError](err), is[*history.ChangedError](err), is[*job.SchemaError](err),
		is[*push.QuotaError](err), is[*job.RejectsError](err), is[*job.MovedError](err):
		return exitData
	case is[*connection.NameTakenError](err), is[*connection.InvalidError](err), is[*connection.CertificateError](err), is[*account.CertificateFileError](err),
		is[*powerbi.AmbiguousError](err), is[*job.ChooseError](err), is[*push.NotPushError](err), is[*push.NoTableError](err),
		is[*history.NoRunError](err), is[*history.DoneError](err), is[*history.BusyError](err), is[*job.LostRunError](err),
		is[*job.NoUndoError](err), is[*job.SetError](err), is[*push.NotOursError](err), is[*push.OtherTableError](err), is[*job.NoRejectsError](err),
		is[*mapping.FilterError](err):
		return exitUsage
	case is[*powerbi.NotFoundError](err):
		if missing, _ := errors.AsType[*powerbi.NotFoundError](err); missing.What != "workspace" {
			return exitUsage
		}
		return exitConnection
	case is[*connection.EntraError](err), is[*connection.NotFoundError](err), is[*connection.EndpointsError](err), is[*connection.CAError](err),
		is[*account.NoSecretError](err), is[*account.NotMovedError](err), is[*keychain.Unavailable](err), is[*powerbi.APIError](err), is[*powerbi.TransportError](err):
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
	_, f := describe(err)
	return f.Sentence
}

// printJSON writes what went wrong as one JSON object, with the place in the file.
func (f failure) printJSON(w io.Writer) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(map[string]any{"error": map[string]any{"kind": f.Kind, "sentence": f.Sentence, "remedy": f.Remedy, "sheet": f.Sheet, "row": f.Row}})
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
