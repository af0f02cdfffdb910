package doctor

import (
	"cmp"
	"time"

	"pushdesk/connection"
)

// Status is the state of a check, or the verdict of a report.
type Status string

const (
	Pass    Status = "pass"
	Warn    Status = "warn"
	Fail    Status = "fail"
	Skipped Status = "skipped"
	Running Status = "running"
)

// Groups of checks: the layers that are tested, in this order.
const (
	GroupLocal   = "local"
	GroupEntra   = "entra"
	GroupPowerBI = "powerbi"
)

// Check is one step of a test.
type Check struct {
	ID       string
	Group    string
	Title    string
	Status   Status
	Evidence string // what was seen; for a skipped check, why it was not made
	Remedy   string // what to do, "" when there is nothing to do
	Who      string // who can do it
	Details  string // codes and IDs for support, a line each
	ask      string // what that person is asked for, in words to them; "" is the remedy
	Duration time.Duration
}

// Report is the result of a test.
type Report struct {
	Verdict    Status // Fail when a check failed, Warn when one warns or the test could not be finished, else Pass
	Summary    string // the verdict in a sentence
	Ready      bool   // the test came to its end and nothing failed, so rows can be sent
	Unproven   bool   // a workspace is chosen, and whether rows may be pushed there is not known
	Checks     []Check
	Connection string // its name
	Started    time.Time
	Duration   time.Duration

	// Capabilities tell what the connection can do, each with the reason.
	Capabilities []Capability
	// Retirement says what the end of push datasets means for the connection.
	Retirement string

	// Expires is the day on which the client secret ends, when Entra told it; else "".
	Expires connection.Day

	about about // what a letter to an admin needs
}

// Check gives a check by its ID; ok is false when the report has none.
func (r Report) Check(id string) (c Check, ok bool) {
	for _, c := range r.Checks {
		if c.ID == id {
			return c, true
		}
	}
	return Check{}, false
}

// Answer says whether the connection can do something.
type Answer string

const (
	Yes      Answer = "yes"
	No       Answer = "no"
	Expected Answer = "expected" // nothing speaks against it, and nothing proves it
	Untested Answer = "not tested"
)

// Capability is something that a connection can do, or not.
type Capability struct {
	ID     string `json:"id"`    // signin, list, create, push, delete, query
	Title  string `json:"title"` // a word or two
	Answer Answer `json:"answer"`
	Why    string `json:"why"`
}

// about is what the reader of a letter needs to find the app and the workspace.
type about struct {
	tenant, client, app, object, account, workspace, workspaceID, cloud, thumbprint string
}

// About returns for whom and where the test was made: the principal's object ID, or the
// account of a person, and the workspace.
func (r Report) About() (principal, workspace, workspaceID string) {
	return cmp.Or(r.about.object, r.about.account), r.about.workspace, r.about.workspaceID
}
