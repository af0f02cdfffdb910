package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pushdesk/connection/entra"
	"pushdesk/powerbi"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

const login = "Microsoft Entra"

const server = "Power BI"

// finding is what a check found.
type finding struct {
	status   Status
	evidence string
	remedy   string
	who      string
	ask      string // what that person is asked for, in words to them
	details  string
	nothing  bool // what the checks that follow need is missing
	goesOn   bool // they can be made although this one failed
}

func pass(evidence string) finding { return finding{status: Pass, evidence: evidence} }

func skip(reason string) finding { return finding{status: Skipped, evidence: reason} }

// trouble turns an error into a finding. Trouble that passes by itself is a
// warning: it says nothing about the connection.
func trouble(ctx context.Context, server string, err error) finding {
	f := finding{status: Fail, nothing: true}
	if passing(err) {
		f.status = Warn
	}
	x, known := failure.From(err)
	switch {
	case known:
		f.evidence, f.remedy, f.who, f.ask, f.details = x.Sentence, x.Remedy, string(x.Who), x.Request, x.Details
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		f.evidence = server + " did not answer in time."
		f.remedy, f.who = "Check your network and your VPN, then test again.", "you"
	default:
		f.evidence = fmt.Sprintf("Something unexpected happened with %s.", server)
		f.remedy = "Test again. If it happens again, send the report to your Pushdesk administrator."
		f.details = "Cause: " + err.Error()
	}
	return f
}

// trouble is trouble with Power BI; a wait that it asks for is kept in mind.
func (t *test) trouble(ctx context.Context, err error) finding {
	var refused *powerbi.APIError
	if errors.As(err, &refused) && refused.Throttled() {
		t.throttled = max(t.throttled, refused.RetryAfter, time.Second)
	}
	return trouble(ctx, server, err)
}

// passing reports whether a server is only busy or down for now.
func passing(err error) bool {
	var api *powerbi.APIError
	if errors.As(err, &api) {
		return api.Throttled() || api.Status >= 500
	}
	var refused *entra.Error
	return errors.As(err, &refused) && refused.Passing()
}

// explain is a failure in the error's own words, or in these when it has none.
func explain(err error, evidence, remedy string) finding {
	f := finding{status: Fail, evidence: evidence, remedy: remedy, who: "you", details: "Cause: " + err.Error()}
	if x, ok := failure.From(err); ok {
		f.evidence, f.remedy, f.who, f.ask, f.details = x.Sentence, x.Remedy, string(x.Who), x.Request, x.Details
	}
	return f
}

// lines writes pairs of a name and a value, a line each, leaving out empty values.
func lines(pairs ...string) string {
	var l []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			l = append(l, pairs[i]+": "+pairs[i+1])
		}
	}
	return strings.Join(l, "\n")
}

// joined puts two texts of lines together; a line that is there already is left out.
func joined(a, b string) string {
	var l []string
	for line := range strings.Lines(a + "\n" + b) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && !slices.Contains(l, line) {
			l = append(l, line)
		}
	}
	return strings.Join(l, "\n")
}

// listed10 names the first ten of a list.
func listed10(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return humanize.ListSome(names, 10)
}

func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// upper begins a sentence.
func upper(s string) string {
	if strings.HasPrefix(s, "the ") {
		return "T" + s[1:]
	}
	return s
}
