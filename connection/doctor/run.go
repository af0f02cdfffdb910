// Package doctor tests a connection step by step and says, for every step, what
// it saw, what to do about it and who can do it. It works in three layers: this
// computer, Microsoft Entra (who gives the token) and Power BI (which decides what
// the token is good for). A token that was issued proves only the second.
//
// A test never uses a token from before: a wrong secret must not pass because a
// right one did. Neither the secret nor a token is ever in a report.
package doctor

import (
	"context"
	"strings"
	"time"

	"pushdesk/connection"
	"pushdesk/storage/text"
)

// Run tests a connection. on, if not nil, is called when a check starts and when
// it ends, in order and from the caller's goroutine. When ctx ends, the check
// that is being made and those that follow are skipped.
func Run(ctx context.Context, s Subject, on func(Check)) Report {
	return newTest(s, on).run(ctx)
}

func newTest(s Subject, on func(Check)) *test {
	if on == nil {
		on = func(Check) {}
	}
	connection.CleanFields(&s.Connection)
	s.Workspace = text.Clean(s.Workspace)
	s.Connection.Workspace = s.Workspace // the one that is tested
	if s.Now == nil {
		s.Now = time.Now
	}
	return &test{Subject: s, on: on, limit: networkLimit,
		report: Report{Connection: s.Connection.Name, Started: time.Now()}}
}

func (t *test) run(ctx context.Context) Report {
	missing := "" // why the checks that remain cannot be made
	for _, made := range checks {
		c := t.begin(made)
		t.current = c
		if missing == "" && ctx.Err() != nil {
			missing = "the test was stopped"
		}
		if missing != "" {
			t.end(c, skip("Not checked: "+missing+"."), 0)
			continue
		}
		t.on(c)
		began := time.Now()
		f := t.limited(ctx, made)
		if ctx.Err() != nil && f.status != Pass {
			f = skip("The test was stopped before this check ended.")
		}
		t.end(c, f, time.Since(began))
		if f.nothing || f.status == Fail && made.without != "" && !f.goesOn {
			missing = made.without
		}
	}
	t.whole = missing == ""
	if t.hc != nil {
		t.hc.CloseIdleConnections()
	}
	t.report.Duration = max(time.Since(t.report.Started), time.Millisecond) // some clocks stand for longer than that
	t.report.Verdict, t.report.Summary = t.verdict(ctx)
	t.report.Unproven = t.whole && t.unproven()
	t.report.Ready = t.whole && t.report.Verdict != Fail && !t.report.Unproven
	t.report.Capabilities = t.capabilities()
	t.report.Retirement = t.retirement()
	t.report.about = t.about()
	return t.report
}

// begin returns the check as it is shown while it is made.
func (t *test) begin(c check) Check {
	return Check{ID: c.id, Group: c.group, Title: strings.ReplaceAll(c.title, "{credential}", t.noun()), Status: Running}
}

// limited makes a check within its time.
func (t *test) limited(ctx context.Context, c check) finding {
	if c.limit == 0 {
		return c.run(t, ctx)
	}
	limit := c.limit
	if limit == networkLimit {
		limit = t.limit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return c.run(t, ctx)
}

// end puts a finding into the report.
func (t *test) end(c Check, f finding, d time.Duration) {
	c.Status, c.Duration = f.status, d
	c.Evidence, c.Remedy, c.Who, c.Details = t.clean(f.evidence), t.clean(f.remedy), f.who, t.clean(f.details)
	c.ask = t.clean(f.ask)
	t.report.Checks = append(t.report.Checks, c)
	t.on(c)
}
