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
	"net/http"
	"net/url"
	"strings"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/connection/network"
	"pushdesk/powerbi"
	"pushdesk/storage/text"
)

// Subject is what is tested.
type Subject struct {
	Connection connection.Connection
	Endpoints  connection.Endpoints
	Network    network.Settings
	Workspace  string // name or ID; "" when none is chosen
	Dataset    string // the one to push into, name or ID; "" when none is chosen
	Table      string // in that dataset; "" when none is chosen

	// Credential reads what the connection signs in with and tells where it was, in a
	// few words.
	Credential func(ctx context.Context) (c connection.Credential, place string, err error)
	// Propose finds the cloud of a tenant that is not in the connection's; nil means
	// that none is proposed.
	Propose func(ctx context.Context) (connection.Cloud, bool)
	// Remembers gives the columns that a table had when this computer last sent into it;
	// nil for none.
	Remembers func(datasetID, table string) []powerbi.Column
	// Sent tells what this computer sent into a dataset lately; nil when that is not known.
	Sent func(datasetID string) (Sent, bool)
	// Trial, when set, proves the right to push with a trial dataset.
	Trial *Trial
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

const (
	networkLimit = 8 * time.Second  // for a check that asks a server: what stands in the way is named within ten
	graphLimit   = 3 * time.Second  // for the expiry of the secret, which is nice to know
	trialLimit   = 30 * time.Second // for the trial dataset, which asks it five times
	secretLimit  = 2 * time.Minute  // a person may have to unlock the keychain
	secretHint   = 3 * time.Second  // after so long the person is told
)

// Run tests a connection. on, if not nil, is called when a check starts and when
// it ends, in order and from the caller's goroutine. When ctx ends, the check
// that is being made and those that follow are skipped.
func Run(ctx context.Context, s Subject, on func(Check)) Report {
	return newTest(s, on).run(ctx)
}

// test is a test that is being made.
type test struct {
	Subject
	on      func(Check)
	report  Report
	current Check         // the one that is being made
	hide    []string      // never shown: the secret, the token
	limit   time.Duration // in place of networkLimit, for tests
	whole   bool          // the test was finished

	signedIn
	seen
}

// signedIn is what the checks learn of this computer and of Entra for each other.
type signedIn struct {
	hc         *http.Client
	login      reach // how the login host was reached
	apiOut     bool  // the API's host was not
	credential connection.Credential
	tenant     entra.Tenant
	tokens     *entra.Tokens
	refused    error // why there is no token
	refusedIn  error // and whether its time was over then
	token      string
	claims     entra.Claims
}

// seen is what the checks learn of Power BI for each other.
type seen struct {
	client     *powerbi.Client
	workspaces []powerbi.Workspace
	workspace  powerbi.Workspace // the chosen one, once it was found
	role       string            // the app's, once it was read
	datasets   []powerbi.Dataset // of the workspace, once they were listed
	listed     bool
	target     powerbi.Dataset // the one to push into, once it was found
	throttled  time.Duration   // how long a service asked to wait; 0 when none did
	tried      trialSteps
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
	t.report.Duration = time.Since(t.report.Started)
	t.report.Verdict, t.report.Summary = t.verdict(ctx)
	t.report.Ready = t.whole && t.report.Verdict != Fail
	t.report.Capabilities = t.capabilities()
	t.report.Retirement = t.retirement()
	t.report.about = t.about()
	return t.report
}

func (t *test) now() time.Time { return t.Now() }

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

// clean takes the secret and the token out of a text. Nothing here puts them in;
// this holds even if a server sends back what it was sent.
func (t *test) clean(text string) string {
	for _, hidden := range t.hide {
		text = strings.ReplaceAll(text, hidden, "[hidden]")
	}
	return text
}

// conceal adds a text that must never be shown.
func (t *test) conceal(text string) {
	if len(text) >= 4 { // a shorter one would take letters out of every word
		t.hide = append(t.hide, text, url.QueryEscape(text))
	}
}

// isUser reports whether a person signed in.
func (t *test) isUser() bool {
	return t.claims.IDType == "user" || t.claims.IDType == "" && t.Connection.Credential.User()
}

// subject names who the token is for.
func (t *test) subject() string {
	if t.isUser() {
		if t.Connection.Account != "" {
			return t.Connection.Account
		}
		return "the signed-in user"
	}
	return "the app"
}

// noun names what the connection signs in with.
func (t *test) noun() string {
	switch k := t.Connection.Credential; {
	case k == connection.CredentialCertificate:
		return "certificate"
	case k.User():
		return "sign-in"
	}
	return "client secret"
}

// trialProves is what to do where nobody tells what the connection may.
const trialProves = "A trial dataset proves whether it may push; so does the first upload."
