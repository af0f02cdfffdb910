package connection

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// EntraError says why there is no token: what the login service answered, or why
// it could not be asked. It holds copies of the parts of the answer that are fit to
// be shown and nothing of what was sent, so it never holds a secret.
type EntraError struct {
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
	Network       NetworkKind
	Host          string // the login host
	Reason        string // what the system says of the network
}

func (e *EntraError) Error() string {
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

// Sentence says what happened.
func (e *EntraError) Sentence() string { return e.fill(e.explain().sentence) }

// Remedy says what to do next. What is about custom addresses is left out where
// there are none.
func (e *EntraError) Remedy() string {
	remedy := e.explain().remedy
	if isMicrosoft(e.Host) {
		remedy = strings.NewReplacer(customAddress, "", customResource, "").Replace(remedy)
	}
	return e.fill(remedy)
}

// isMicrosoft tells whether a host is the login host of one of Microsoft's clouds.
func isMicrosoft(host string) bool {
	for _, e := range fixed {
		if e.LoginURL == "https://"+host {
			return true
		}
	}
	return false
}

// Who says who can fix it.
func (e *EntraError) Who() string { return e.explain().who }

// Request is what the person who can fix it is asked for, in words to them; "" where
// that is the user.
func (e *EntraError) Request() string { return e.fill(e.explain().ask) }

// Details are for support: codes and IDs.
func (e *EntraError) Details() string {
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

// Temporary tells whether the same request may work after a wait: the service is
// busy or down, or the network broke.
func (e *EntraError) Temporary() bool {
	return e.Status == http.StatusTooManyRequests || e.Status >= 500 || e.Network.passes()
}

// Passing tells whether the login service says that it is only busy, or has a fault
// of its own: it says nothing about the connection then.
func (e *EntraError) Passing() bool {
	return e.Status == http.StatusTooManyRequests || e.Status >= 500 || e.explain().remedy == waitAndRetry
}

// explain finds the cause in the catalogue: by the network's trouble, then by the
// number, then by the name of the error, then by the status. Microsoft may change
// numbers, so they choose words here and nothing else.
func (e *EntraError) explain() cause {
	for _, c := range causes {
		if c.fits(e) {
			return c
		}
	}
	c := cause{sentence: "The login service refused and gave a reason that Pushdesk does not know: {says}.",
		remedy: "Read the reason. If it does not help, send the details to the app's owner.", who: whoOwner,
		ask: "Look what the reason means for the app; the correlation ID below leads to the sign-in logs."}
	if e.Description == "" {
		c.sentence = "The login service refused and gave no reason."
		c.remedy = "Check the tenant ID, the client ID and the cloud. If they are right, send the details to the app's owner."
	}
	return c
}

func (e *EntraError) fill(text string) string {
	says := strings.TrimRight(strings.TrimSpace(strings.TrimPrefix(e.Description, fmt.Sprintf("AADSTS%d:", e.Code))), ". ")
	wait := "a few minutes"
	if e.RetryAfter > 0 {
		wait = inWords(e.RetryAfter)
	}
	return strings.NewReplacer("{host}", e.Host, "{says}", says, "{wait}", wait, "{reason}", e.Reason).Replace(text)
}

// inWords writes a wait as people say it, rounded up.
func inWords(d time.Duration) string {
	n, unit := int((d+time.Second-1)/time.Second), "second"
	if d > 90*time.Second {
		n, unit = int((d+time.Minute-1)/time.Minute), "minute"
	}
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
