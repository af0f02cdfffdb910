package doctor

import (
	"context"
	"errors"
	"fmt"

	"pushdesk/connection"
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

// trouble turns an error into a finding. Trouble that passes by itself is a
// warning: it says nothing about the connection.
func trouble(ctx context.Context, server string, err error) finding {
	f := finding{status: Fail, nothing: true}
	if passing(err) {
		f.status = Warn
	}
	var x explained
	known, ok := failure.From(err)
	switch {
	case ok:
		f.evidence, f.remedy, f.who, f.ask, f.details = known.Sentence, known.Remedy, string(known.Who), known.Request, known.Details
	case errors.As(err, &x):
		f.evidence, f.remedy, f.who, f.details = x.Sentence(), x.Remedy(), x.Who(), x.Details()
		var asking interface{ Request() string }
		if errors.As(err, &asking) {
			f.ask = asking.Request()
		}
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
	var entra *connection.EntraError
	return errors.As(err, &entra) && entra.Passing()
}
