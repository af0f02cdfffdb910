package doctor

import (
	"context"
	"errors"
	"fmt"

	"pushdesk/connection/entra"
	"pushdesk/powerbi"
	"pushdesk/storage/failure"
)

// explained is an error that says in plain words what happened.
type explained interface {
	error
	Sentence() string
	Remedy() string
	Who() string
	Details() string
}

// inWords returns the words of an error that was made for a person.
func inWords(err error) (*failure.Error, bool) {
	if f, ok := failure.From(err); ok {
		return f, true
	}
	var x explained
	if !errors.As(err, &x) {
		return nil, false
	}
	f := failure.New(failure.Connection, "", x.Sentence(), x.Remedy()).WithDetails("%s", x.Details())
	f.Who = failure.Who(x.Who())
	var asking interface{ Request() string }
	if errors.As(err, &asking) {
		f.Request = asking.Request()
	}
	return f, true
}

// trouble turns an error into a finding. Trouble that passes by itself is a
// warning: it says nothing about the connection.
func trouble(ctx context.Context, server string, err error) finding {
	f := finding{status: Fail, nothing: true}
	if passing(err) {
		f.status = Warn
	}
	x, known := inWords(err)
	switch {
	case known:
		f.evidence, f.remedy, f.who, f.ask, f.details = x.Sentence, x.Remedy, string(x.Who), x.Request, x.Details
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		f.evidence = server + " did not answer in time."
		f.remedy, f.who = "Check your network and your VPN, then test again.", "you"
	default:
		f.evidence = fmt.Sprintf("Something unexpected happened with %s.", server)
		f.remedy = "Test again. If it happens again, copy the report and send it to support."
		f.details = "Cause: " + err.Error()
	}
	return f
}

// passing tells whether a server is only busy or down for now.
func passing(err error) bool {
	var api *powerbi.APIError
	if errors.As(err, &api) {
		return api.Throttled() || api.Status >= 500
	}
	var refused *entra.Error
	return errors.As(err, &refused) && refused.Passing()
}
