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
	// Probe, when set, proves the right to push by making a throw-away dataset.
	Probe *Probe
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

const (
	networkLimit = 8 * time.Second  // for a check that asks a server: what stands in the way is named within ten
	graphLimit   = 3 * time.Second  // for the end of the secret, which is nice to know
	probeLimit   = 30 * time.Second // for the probe, which asks it five times
	secretLimit  = 2 * time.Minute  // a person may have to unlock the keychain
	secretHint   = 3 * time.Second  // after so long the person is told
)

// Run tests a connection. on, if not nil, is called when a check starts and when
// it ends, in order and from the caller's goroutine. When ctx ends, the check on
// its way and those that follow are skipped.
func Run(ctx context.Context, s Subject, on func(Check)) Report {
	return newExamination(s, on).run(ctx)
}

// step is one check as it is made.
type step struct {
	id, group, title string
	limit            time.Duration // 0: it asks nobody
	make             func(*examination, context.Context) finding
	without          string // why what follows cannot be checked when this one gives nothing
}

// steps are the checks in their order. {credential} is what it signs in with.
func steps() []step {
	return []step{
		{Format, GroupLocal, "The settings are well formed", 0, (*examination).checkFormat, "the settings must be put right first"},
		{Secret, GroupLocal, "The {credential} can be read", secretLimit, (*examination).checkSecret, "there is nothing to sign in with"},
		{Network, GroupLocal, "The hosts can be reached", networkLimit, (*examination).checkNetwork, "the login host cannot be reached"},
		{Clock, GroupLocal, "The clock is right", 0, (*examination).checkClock, ""},
		{Tenant, GroupEntra, "The tenant exists", networkLimit, (*examination).checkTenant, "the tenant is not known"},
		{App, GroupEntra, "The tenant knows the app", networkLimit, (*examination).checkApp, "the app is not known"},
		{Token, GroupEntra, "Entra issues a token", 0, (*examination).checkToken, "there is no token"},
		{Expiry, GroupEntra, "The {credential} has time left", graphLimit, (*examination).checkExpiry, ""},
		{Claims, GroupEntra, "The token fits", 0, (*examination).checkClaims, "the token does not fit"},
		{Permission, GroupEntra, "The permissions are enough", 0, (*examination).checkPermission, ""},
		{API, GroupPowerBI, "Power BI lets the connection in", networkLimit, (*examination).checkAPI, "Power BI gave no answer that could be used"},
		{Workspace, GroupPowerBI, "The workspace is visible", networkLimit, (*examination).checkWorkspace, "the workspace cannot be seen"},
		{Role, GroupPowerBI, "The role allows pushing", networkLimit, (*examination).checkRole, ""},
		{Datasets, GroupPowerBI, "The datasets can be listed", networkLimit, (*examination).checkDatasets, ""},
		{Target, GroupPowerBI, "Rows can be pushed into the dataset", networkLimit, (*examination).checkTarget, ""},
		{WriteProbe, GroupPowerBI, "A trial dataset can be made, filled and deleted", probeLimit, (*examination).checkProbe, ""},
		{Limits, GroupPowerBI, "No limit is reached", 0, (*examination).checkLimits, ""},
	}
}

// title is the title of a check, with what the connection signs in with.
func (e *examination) title(id string) string {
	for _, s := range steps() {
		if s.id == id {
			return strings.ReplaceAll(s.title, "{credential}", e.noun())
		}
	}
	return ""
}

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
func skip(reason string) finding   { return finding{status: Skipped, evidence: reason} }

// examination is a test on its way, with what the checks learn for each other.
type examination struct {
	Subject
	on     func(Check)
	report Report
	hide   []string // never shown: the secret, the token

	hc         *http.Client
	login      reach // how the login host was reached
	apiOut     bool  // the API's host was not
	credential connection.Credential
	tenant     entra.Tenant
	tokens     *entra.Tokens
	refused    error // what came of the sign-in
	refusedIn  error // and what its time was at, then
	token      string
	claims     entra.Claims
	client     *powerbi.Client

	workspaces []powerbi.Workspace
	workspace  powerbi.Workspace // the chosen one, once it was found
	role       string            // the app's, once it was read
	datasets   []powerbi.Dataset // of the workspace, once they were listed
	listed     bool
	target     powerbi.Dataset // the one to push into, once it was found
	whole      bool            // the test came to its end
	throttled  time.Duration   // how long a service asked to wait; 0 when none did
	probed     probeSteps
	limit      time.Duration // in place of networkLimit, for tests
}

func newExamination(s Subject, on func(Check)) *examination {
	if on == nil {
		on = func(Check) {}
	}
	connection.CleanFields(&s.Connection)
	s.Workspace = text.Clean(s.Workspace)
	s.Connection.Workspace = s.Workspace // the one that is tested
	if s.Now == nil {
		s.Now = time.Now
	}
	return &examination{Subject: s, on: on, limit: networkLimit,
		report: Report{Connection: s.Connection.Name, Started: time.Now()}}
}

func (e *examination) run(ctx context.Context) Report {
	missing := "" // why the checks that remain cannot be made
	for _, s := range steps() {
		c := Check{ID: s.id, Group: s.group, Title: e.title(s.id), Status: Running}
		if missing == "" && ctx.Err() != nil {
			missing = "the test was stopped"
		}
		if missing != "" {
			e.end(c, skip("Not checked: "+missing+"."), 0)
			continue
		}
		e.on(c)
		began := time.Now()
		f := e.limited(ctx, s)
		if ctx.Err() != nil && f.status != Pass {
			f = skip("The test was stopped before this check ended.")
		}
		e.end(c, f, time.Since(began))
		if f.nothing || f.status == Fail && s.without != "" && !f.goesOn {
			missing = s.without
		}
	}
	e.whole = missing == ""
	if e.hc != nil {
		e.hc.CloseIdleConnections()
	}
	e.report.Duration = time.Since(e.report.Started)
	e.report.Verdict, e.report.Summary = e.verdict(ctx)
	e.report.Ready = e.whole && e.report.Verdict != Fail
	e.report.Capabilities = e.capabilities()
	e.report.Retirement = e.retirement()
	e.report.about = e.about()
	return e.report
}

func (e *examination) now() time.Time { return e.Now() }

// limited makes a check within its time.
func (e *examination) limited(ctx context.Context, s step) finding {
	if s.limit == 0 {
		return s.make(e, ctx)
	}
	limit := s.limit
	if limit == networkLimit {
		limit = e.limit
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return s.make(e, ctx)
}

// end puts a finding into the report.
func (e *examination) end(c Check, f finding, d time.Duration) {
	c.Status, c.Duration = f.status, d
	c.Evidence, c.Remedy, c.Who, c.Details = e.clean(f.evidence), e.clean(f.remedy), f.who, e.clean(f.details)
	c.ask = e.clean(f.ask)
	e.report.Checks = append(e.report.Checks, c)
	e.on(c)
}

// clean takes the secret and the token out of a text. Nothing here puts them in;
// this holds even if a server sends back what it was sent.
func (e *examination) clean(text string) string {
	for _, hidden := range e.hide {
		text = strings.ReplaceAll(text, hidden, "[hidden]")
	}
	return text
}

// conceal adds a text that must never be shown.
func (e *examination) conceal(text string) {
	if len(text) >= 4 { // a shorter one would take letters out of every word
		e.hide = append(e.hide, text, url.QueryEscape(text))
	}
}
