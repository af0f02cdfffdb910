package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/connection/network"
	"pushdesk/powerbi"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// Subject is what is tested.
type Subject struct {
	Connection connection.Connection
	Endpoints  connection.Endpoints
	Network    network.Settings
	Workspace  string // name or ID; "" when none is chosen
	Dataset    string // the one to push into, name or ID; "" when none is chosen
	Table      string // in that dataset; "" when none is chosen
	Unsettled  error  // what has to be decided first, or nil

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

// check is one step of a test.
type check struct {
	id, group string
	title     string        // {credential} in it is what the connection signs in with
	limit     time.Duration // how long it may take; 0: it asks nobody
	run       func(*test, context.Context) finding
	without   string // why what follows cannot be checked when this one fails or finds nothing
}

// test is a test that is being made.
//
// Large: each check is a method of its own, and what they learn for one another is here.
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
	cut        bool              // there are more
	appName    string            // of the app, where a workspace tells it
	workspace  powerbi.Workspace // the chosen one, once it was found
	byItsID    bool              // it is used by its ID, since workspaces may not be listed
	role       string            // the app's, once it was read
	datasets   []powerbi.Dataset // of the workspace, once they were listed
	listed     bool
	target     powerbi.Dataset // the one to push into, once it was found
	throttled  time.Duration   // how long a service asked to wait; 0 when none did
	tried      trialSteps
}

// reach is how one host was reached, or why it was not.
type reach struct {
	host   string
	proxy  string
	issuer string // of the host's certificate
	date   time.Time
	asked  time.Time // the middle of the request, by this computer's clock
	took   time.Duration
	page   bool // the answer is a web page, or leads to one
	err    error
}

// trialSteps are how far a trial got.
type trialSteps struct {
	made, filled, read, deleted bool
	failed                      string // the step that failed: "create", "push", "query", "delete"
	blocked                     bool   // the tenant creates no push datasets any more
}

// Sent is what this computer sent into a dataset lately. Others may send into it too.
type Sent struct {
	RowsLastHour       int64
	RequestsLastMinute int
	Wait               time.Duration // that the service asked for and that is not over
}

// Trial asks for a trial dataset: a push dataset is created, one row is pushed into it
// and read back, and it is deleted.
type Trial struct {
	// Journal is a folder in which it is noted what must be deleted, so that a crash
	// leaves nothing behind: see CleanUp.
	Journal string
}

func (t *test) now() time.Time { return t.Now() }

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

// upper begins a sentence with t.subject: an account keeps its letters.
func upper(s string) string {
	if strings.HasPrefix(s, "the ") {
		return "T" + s[1:]
	}
	return s
}

// continued returns the first sentence of a text as it continues after a colon.
func continued(text string) string {
	first, _, more := strings.Cut(text, ". ")
	if more {
		first += "."
	}
	word, _, _ := strings.Cut(first, " ")
	switch word {
	case "The", "This", "There", "That", "No", "A", "An", "It", "Your", "Something", "Nothing", "Nobody", "What":
		r, size := utf8.DecodeRuneInString(first)
		return string(unicode.ToLower(r)) + first[size:]
	}
	return first
}
