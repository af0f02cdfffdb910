package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/failure"
	"pushdesk/storage/workbook"
)

// The exit codes of every command. They are stable: a new meaning gets a new number.
const (
	ExitDone       = 0
	ExitUnexpected = 1  // or cancelled before anything was changed
	ExitUsage      = 2  // the command line is wrong, or nobody agreed
	ExitConnection = 3  // the connection is not ready
	ExitData       = 4  // the file or its values have problems
	ExitStopped    = 5  // stopped part-way; the run can be resumed
	ExitNothing    = 6  // nothing to do: the rows were sent before, or the secret is the same
	ExitLeftOut    = 7  // finished, but rows were left out
	ExitContract   = 8  // the columns of the file and of the table no longer fit
	ExitMissing    = 9  // the file is not there
	ExitUnproven   = 10 // finished, but of some rows it is not proven that the table holds them once
)

// ExitCode is an exit code with its meaning, and the reasons that a JSON answer gives for
// it.
type ExitCode struct {
	Code    int
	Meaning string
	Reasons []string
}

// The reasons of JSON answers. A failure has a code of its own besides.
const (
	ReasonDone       = "done"
	ReasonChecked    = "checked"           // a dry run
	ReasonSkipped    = "rows-skipped"      // done, but rows were left out as the command line allows
	ReasonUnexpected = "unexpected"        // a fault of the program or of the computer
	ReasonCancelled  = "cancelled"         // by a person, before anything was changed
	ReasonUsage      = "wrong-usage"       //
	ReasonUnanswered = "not-confirmed"     // a person has to agree first, and nobody did
	ReasonConnection = "connection"        // secret, sign-in, network or rights
	ReasonData       = "data"              // the file or its values
	ReasonStopped    = "stopped"           // by a failure or a limit
	ReasonByHand     = "stopped-by-person" //
	ReasonUnknown    = "rows-unknown"      // replies were lost
	ReasonNothing    = "already-sent"      //
	ReasonSame       = "same-secret"       // the new secret is the one that is there
	ReasonRefused    = "rows-refused"      // finished; the service refused rows
	ReasonLeftOut    = "rows-left-out"     // finished; more rows were left out than allowed
	ReasonContract   = "contract"          //
	ReasonMissing    = "file-missing"      //
	ReasonUnproven   = "rows-unproven"     // finished; replies were lost, and what was decided then is not proven
)

// ExitCodes are all exit codes, for the help and the documentation.
var ExitCodes = []ExitCode{
	{ExitDone, "done", []string{ReasonDone, ReasonChecked, ReasonSkipped}},
	{ExitUnexpected, "unexpected, or cancelled before anything was changed", []string{ReasonUnexpected, ReasonCancelled}},
	{ExitUsage, "wrong usage, or a question was not answered", []string{ReasonUsage, ReasonUnanswered}},
	{ExitConnection, "the connection is not ready, or its test did not finish", []string{ReasonConnection}},
	{ExitData, "the data has problems", []string{ReasonData}},
	{ExitStopped, "stopped part-way; runs resume continues", []string{ReasonStopped, ReasonByHand, ReasonUnknown}},
	{ExitNothing, "nothing to do: the rows were sent before, or the secret is the same", []string{ReasonNothing, ReasonSame}},
	{ExitLeftOut, "finished, but rows were left out", []string{ReasonRefused, ReasonLeftOut}},
	{ExitContract, "the columns of the file and the table no longer fit", []string{ReasonContract}},
	{ExitMissing, "the file is not there", []string{ReasonMissing}},
	{ExitUnproven, "finished, but of some rows it is not proven that the table holds them once", []string{ReasonUnproven}},
}

// ending is how a command ends: its exit code and reason.
type ending struct {
	code   int
	reason string
}

// kinds are the endings by the kind of a failure. It has every one of failure.Kinds.
var kinds = map[failure.Kind]ending{
	failure.Unexpected: {ExitUnexpected, ReasonUnexpected}, failure.Cancelled: {ExitUnexpected, ReasonCancelled},
	failure.Usage: {ExitUsage, ReasonUsage}, failure.Unanswered: {ExitUsage, ReasonUnanswered},
	failure.Connection: {ExitConnection, ReasonConnection}, failure.Data: {ExitData, ReasonData},
	failure.Stopped: {ExitStopped, ReasonStopped}, failure.Nothing: {ExitNothing, ReasonNothing},
	failure.Contract: {ExitContract, ReasonContract}, failure.Missing: {ExitMissing, ReasonMissing},
}

// endingOf returns how a failure of a kind ends a command. What has no ending is
// unexpected, never done.
func endingOf(k failure.Kind) ending {
	if e, ok := kinds[k]; ok {
		return e
	}
	return kinds[failure.Unexpected]
}

// ExitHelp lists the exit codes for the help.
func ExitHelp() string {
	var b strings.Builder
	b.WriteString("Exit codes:")
	for _, e := range ExitCodes {
		fmt.Fprintf(&b, "\n  %-2d %s", e.Code, e.Meaning)
	}
	return b.String()
}

// RunEnd returns the exit code and the reason of a command that has sent, by the receipt.
func RunEnd(r history.Receipt) (code int, reason string) {
	switch r.Status {
	case history.StatusDone, history.StatusUndone, history.StatusRunning:
		return ExitDone, ReasonDone
	case history.StatusPartial:
		switch {
		case r.RowsRefused > 0:
			return ExitLeftOut, ReasonRefused
		case r.TooManyLeftOut():
			return ExitLeftOut, ReasonLeftOut
		}
		return ExitDone, ReasonSkipped
	case history.StatusUnproven:
		return ExitUnproven, ReasonUnproven
	case history.StatusUnknown:
		return ExitStopped, ReasonUnknown
	}
	if r.Resumable {
		if r.Kind == failure.Cancelled {
			return ExitStopped, ReasonByHand
		}
		return ExitStopped, ReasonStopped
	}
	k := endingOf(r.Kind)
	return k.code, k.reason
}

// coded gives an error its exit code, where its kind does not.
type coded struct {
	code   int
	reason string // "" = the first of the code
	err    error
}

func (c *coded) Error() string { return c.err.Error() }
func (c *coded) Unwrap() error { return c.err }

// errReported marks a failure whose words were already printed.
var errReported = errors.New("reported")

// Reported ends a command that has printed what went wrong itself.
func Reported(code int) error { return &coded{code: code, err: errReported} }

// Ended ends a command that has printed how it ended itself, with the reason.
func Ended(code int, reason string) error {
	return &coded{code: code, reason: reason, err: errReported}
}

// End returns the exit code and the reason for an error; nil is done.
func End(err error) (code int, reason string) {
	if err == nil {
		return ExitDone, ReasonDone
	}
	k := endingOf(describe(err).Kind)
	if given, ok := errors.AsType[*coded](err); ok {
		if k.code != given.code {
			k.reason = ""
		}
		k.code = given.code
		if given.reason != "" {
			k.reason = given.reason
		}
	}
	for _, e := range ExitCodes {
		if e.Code == k.code && k.reason == "" {
			k.reason = e.Reasons[0]
		}
	}
	return k.code, k.reason
}

// describe returns the failure in an error.
func describe(err error) *failure.Error {
	f, ok := failure.From(err)
	switch {
	case ok:
		return f
	case errors.Is(err, context.Canceled):
		return failure.New(failure.Cancelled, "cancelled", "Cancelled.", "")
	}
	return failure.New(failure.Unexpected, "", err.Error(), "")
}

// AsUsage gives an error the exit code of a wrong command line.
func AsUsage(err error) error { return &coded{code: ExitUsage, err: err} }

// Usage is a command line that cannot be carried out. The text may have lines of
// advice after the first.
func Usage(format string, args ...any) error {
	return failure.New(failure.Usage, "command-line", fmt.Sprintf(format, args...), "")
}

// NoEffect is a flag that would change nothing here, and why.
func NoEffect(flag, why string) error {
	return failure.New(failure.Usage, "flag-without-effect", fmt.Sprintf("%s has no effect here: %s.", flag, why), "Leave the flag out.")
}

// Unanswered is a question that somebody has to agree to, and nobody did.
func Unanswered(format string, args ...any) error {
	return failure.New(failure.Unanswered, "not-confirmed", fmt.Sprintf(format, args...), "")
}

// AlreadySent is a command that would do what was done before.
func AlreadySent(format string, args ...any) error {
	return failure.New(failure.Nothing, "already-sent", fmt.Sprintf(format, args...), "")
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
	f := describe(err)
	code, _ := End(err)
	p := Problem{Kind: string(f.Kind), Code: f.Code, Sentence: f.Sentence, Who: string(f.Who), Details: f.Details,
		Remedy: WithHint(f.Remedy, f.Code)}
	if e, ok := errors.AsType[*job.RecalledError](err); ok {
		p.Remedy = strings.TrimSpace(WithHint(describe(e.Err).Remedy, f.Code) + " " + e.Sentence() + " To find it again: --detect.")
	}
	if bad, ok := errors.AsType[*workbook.Error](err); ok {
		p.Sheet, p.Row = bad.Sheet, bad.Row
	}
	return code, p
}

// WithHint adds to a remedy what to type, by the code of the failure.
func WithHint(remedy, code string) string {
	return strings.TrimSpace(remedy + " " + hints[code])
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
