package entra

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"pushdesk/connection"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/netfail"
)

// Error says why there is no token: what the login service answered, or why
// it could not be asked. It holds copies of the parts of the answer that are fit to
// be shown and nothing of what was sent, so it never holds a secret.
type Error struct {
	Code          int    // the number behind AADSTS, 0 if there is none
	ErrorName     string // the OAuth error, such as invalid_client
	Suberror      string
	Description   string // without the IDs at its end
	Claims        string // JSON of a claims challenge
	CorrelationID string
	TraceID       string
	Timestamp     string
	Status        int           // of the HTTP answer, 0 if there was none
	RetryAfter    time.Duration // as the service asked
	Network       netfail.Kind
	Host          string // the login host
	Reason        string // what the system says of the network
}

func (e *Error) Error() string {
	var parts []string
	if e.Network != "" {
		parts = append(parts, string(e.Network))
	}
	if e.Reason != "" {
		parts = append(parts, e.Reason)
	}
	if e.Status != 0 {
		parts = append(parts, fmt.Sprintf("status %d", e.Status))
	}
	if e.ErrorName != "" {
		parts = append(parts, e.ErrorName)
	}
	if e.Description != "" {
		parts = append(parts, strings.TrimRight(e.Description, ". "))
	} else if e.Code != 0 {
		parts = append(parts, fmt.Sprintf("AADSTS%d", e.Code))
	}
	return fmt.Sprintf("get a token from %s: %s", e.Host, strings.Join(parts, ": "))
}

// Failure says it in words. What is about custom addresses is left out where there
// are none.
func (e *Error) Failure() *failure.Error {
	if e.unreached() {
		f := netfail.Explain(e.Network, "the login host "+e.Host, e.Reason)
		if e.Network == netfail.Untrusted {
			f.Remedy += " With custom addresses, it can be the connection's CA file."
		} else if f.Who != failure.You && !connection.IsLoginHost(e.Host) {
			f.Remedy += customAddress
		}
		return f.WithDetails("%s", e.details())
	}
	c := e.cause()
	remedy := c.remedy
	if connection.IsLoginHost(e.Host) {
		remedy = strings.NewReplacer(customAddress, "", customResource, "").Replace(remedy)
	}
	f := failure.New(failure.Connection, e.code(), e.fill(c.sentence), e.fill(remedy)).WithDetails("%s", e.details())
	f.Who, f.Request = c.who, e.fill(c.ask)
	return f
}

// unreached reports whether the login host was not reached, rather than that something
// came in place of its answer.
func (e *Error) unreached() bool {
	return e.Network != netfail.None && !slices.ContainsFunc(causes, func(c cause) bool { return c.network == e.Network })
}

// code names the failure for scripts and for the hints of a front end.
func (e *Error) code() string {
	name := strings.NewReplacer(" ", "-", "_", "-")
	switch {
	case e.Network != "":
		return "network-" + name.Replace(string(e.Network))
	case e.Code != 0:
		return fmt.Sprintf("aadsts%d", e.Code)
	case e.ErrorName != "":
		return "entra-" + name.Replace(strings.ToLower(e.ErrorName))
	}
	return "entra"
}

// details are codes and IDs for support.
func (e *Error) details() string {
	var lines []string
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, name+": "+value)
		}
	}
	add("Login host", e.Host)
	add("Network", string(e.Network))
	add("Reason", e.Reason)
	if e.Code != 0 {
		add("Code", fmt.Sprintf("AADSTS%d", e.Code))
	}
	add("Error", strings.TrimSpace(e.ErrorName+" "+e.Suberror))
	add("Message", e.Description)
	if e.Status != 0 {
		add("Status", strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))))
	}
	if e.RetryAfter > 0 {
		add("Retry after", e.RetryAfter.String())
	}
	add("Correlation ID", e.CorrelationID)
	add("Trace ID", e.TraceID)
	add("Time", e.Timestamp)
	return strings.Join(lines, "\n")
}

// Temporary reports whether the same request may work after a wait: the service is
// busy or down, or the network broke.
func (e *Error) Temporary() bool {
	return e.Status == http.StatusTooManyRequests || e.Status >= 500 || e.Network.Passes()
}

// Passing reports whether the login service says that it is only busy, or has a fault
// of its own: it says nothing about the connection then.
func (e *Error) Passing() bool {
	return e.Status == http.StatusTooManyRequests || e.Status >= 500 || e.cause().remedy == waitAndRetry
}

// cause finds the cause in the catalogue: by the network's trouble, then by the
// number, then by the name of the error, then by the status. Microsoft may change
// numbers, so they choose words here and nothing else.
func (e *Error) cause() cause {
	for _, c := range causes {
		if c.fits(e) {
			return c
		}
	}
	c := cause{sentence: "The login service refused and gave a reason that Pushdesk does not know: {says}.",
		remedy: "Read the reason. If it does not help, send the details to the app's owner.", who: failure.AppOwner,
		ask: "Find out what the reason means for the app; the correlation ID below leads to the sign-in logs."}
	if e.Description == "" {
		c.sentence = "The login service refused and gave no reason."
		c.remedy = "Check the tenant ID, the client ID and the cloud. If they are right, send the details to the app's owner."
	}
	return c
}

func (e *Error) fill(template string) string {
	says := strings.TrimRight(strings.TrimSpace(strings.TrimPrefix(e.Description, fmt.Sprintf("AADSTS%d:", e.Code))), ". ")
	if says == "" {
		template = strings.Replace(template, ": {says}", "", 1)
	}
	wait := "a few minutes"
	if e.RetryAfter > 0 {
		wait = humanize.Duration((e.RetryAfter + time.Second - 1).Truncate(time.Second))
	}
	return strings.NewReplacer("{host}", e.Host, "{says}", says, "{wait}", wait, "{reason}", e.Reason, "{cloud}", e.cloud()).Replace(template)
}

// address is a web address in what the service says.
var address = regexp.MustCompile(`https://[^\s'"“”,;()]+`)

// cloud names the cloud whose Power BI a token was asked for, as far as the service says it.
func (e *Error) cloud() string {
	for _, resource := range address.FindAllString(e.Description, -1) {
		if c, ok := connection.CloudOfResource(strings.TrimRight(resource, "./")); ok {
			return "the cloud " + c.Label()
		}
	}
	return "the connection's cloud"
}

func (c cause) fits(e *Error) bool {
	switch {
	case c.network != "":
		return c.network == e.Network
	case len(c.codes) > 0:
		return slices.Contains(c.codes, e.Code)
	case len(c.names) > 0:
		return slices.ContainsFunc(c.names, func(n string) bool { return strings.EqualFold(n, e.ErrorName) })
	}
	return e.Status >= c.status[0] && e.Status <= c.status[1]
}
