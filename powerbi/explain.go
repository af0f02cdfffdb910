package powerbi

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/netfail"
)

// explain finds the cause of an error in the catalogue, in the order in which its
// parts can be trusted: header, details of the body, the words that say more than a
// code, the code, the status.
func (e *APIError) explain() cause {
	switch {
	case e.Page && e.Status >= 500:
		return pageDown
	case e.Page:
		return page
	case e.Claims != "":
		return stronger
	}
	for _, key := range e.keys() {
		for _, c := range causes {
			if (key == "") == (len(c.codes) == 0) && c.fits(e, key) {
				return c
			}
		}
	}
	for _, c := range fallbacks {
		if c.fits(e, "") {
			return c
		}
	}
	c := cause{sentence: "Power BI did not {op} and answered with status " + fmt.Sprint(e.Status) + ".", remedy: "Send the details to your Pushdesk administrator."}
	if e.Status >= 500 {
		c = cause{sentence: "Power BI reported an internal error.", remedy: tryLater}
	}
	return c
}

// keys are the codes of an error, the one that says most first, with "" where its
// words are looked at. A detail may hold its code as its only word.
func (e *APIError) keys() []string {
	var keys []string
	add := func(code string) {
		if code != "" && !strings.Contains(code, " ") {
			keys = append(keys, code)
		}
	}
	add(e.ErrorInfo)
	for _, d := range e.Causes {
		add(d.Code)
		add(d.Message)
	}
	keys = append(keys, "")
	add(e.Code)
	return keys
}

func (c cause) fits(e *APIError, key string) bool {
	return (len(c.codes) == 0 || slices.ContainsFunc(c.codes, func(s string) bool { return strings.EqualFold(s, key) })) &&
		(c.contains == "" || strings.Contains(strings.ToLower(e.says()), c.contains)) &&
		(len(c.ops) == 0 || slices.Contains(c.ops, e.Operation)) &&
		(!c.person || e.Person) &&
		(c.status == 0 || c.status == e.Status)
}

// says is everything the service says in words.
func (e *APIError) says() string {
	parts := []string{e.Message}
	for _, d := range e.Causes {
		if strings.Contains(d.Message, " ") && !strings.Contains(e.Message, d.Message) { // a lone word is a code
			parts = append(parts, d.Message)
		}
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// Failure returns the error in words.
func (e *APIError) Failure() *failure.Error {
	c := e.explain()
	says := strings.TrimRight(e.says(), ". ")
	if says == "" {
		says = "it did not say why"
	}
	wait := ""
	if e.RetryAfter > 0 {
		wait = "; it asks to wait " + humanize.Duration(e.RetryAfter)
	}
	sentence := strings.NewReplacer("{op}", string(e.Operation), "{says}", says, "{wait}", wait).Replace(e.addressed(c.sentence))
	remedy := e.addressed(c.remedy)
	if e.Status >= 500 && !e.Operation.reads() && !strings.Contains(remedy, afterAPending) {
		remedy += " " + unknownAdvice(e.Operation)
	}
	return failure.New(failure.Connection, cmp.Or(c.code, "power-bi"), strings.TrimRight(sentence, ".")+".", remedy).
		FixedBy(c.who, e.addressed(c.request())).WithDetails("%s", e.details())
}

// toPerson turns words about an app into words about the account of who signed in.
var toPerson = strings.NewReplacer("This app", "This account", "this app", "this account", "The app", "The account", "the app", "the account")

// addressed is a text of the catalogue in the words for an app or for a person.
func (e *APIError) addressed(text string) string {
	if e.Person {
		return toPerson.Replace(text)
	}
	return text
}

func (c cause) request() string {
	switch {
	case c.ask != "":
		return c.ask
	case c.who == whoWorkspace:
		return requestRole
	case c.who == whoFabric && c.remedy == askLicence:
		return requestLicence
	case c.who == whoFabric:
		return requestSettingApps
	case c.who == whoNetwork:
		return "Let this program's HTTPS requests to the Power BI host through."
	}
	return ""
}

func (e *APIError) details() string {
	l := lines{}
	l.add("Operation", string(e.Operation))
	l.add("Status", strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))))
	l.add("x-powerbi-error-info", e.ErrorInfo)
	l.add("Code", e.Code)
	l.add("Message", e.Message)
	for _, d := range e.Causes {
		l.add("Detail", strings.TrimSpace(strings.Join([]string{d.Code, d.Target, d.Message}, " ")))
	}
	if e.RetryAfter > 0 {
		l.add("Retry after", humanize.Duration(e.RetryAfter))
	}
	l.add("Request ID", e.RequestID)
	if !e.Time.IsZero() {
		l.add("Time", e.Time.UTC().Format(time.RFC3339))
	}
	return l.String()
}

// Failure returns the error in words.
func (e *TransportError) Failure() *failure.Error {
	kind := netfail.KindOf(e.Err)
	switch {
	case kind != netfail.None && kind != netfail.Other:
	case e.Sent:
		kind = netfail.Cut
	default:
		kind = netfail.Other
	}
	f, reached := netfail.Explain(kind, "Power BI", netfail.Reason(e.Err)), "did not leave this computer"
	if e.Sent {
		reached = "may have reached the service"
		if !e.Operation.reads() {
			f.Remedy += " " + unknownAdvice(e.Operation)
		}
	}
	l := lines{}
	l.add("Operation", string(e.Operation))
	l.add("Cause", cleanMessage(e.Err.Error()))
	l.add("Request", reached)
	return f.WithDetails("%s", l)
}

// CreationEnded reports whether the service refused because it creates no more push
// datasets for this tenant.
func (e *APIError) CreationEnded() bool {
	codes := []string{e.ErrorInfo, e.Code}
	for _, d := range e.Causes {
		codes = append(codes, d.Code)
	}
	return slices.Contains(codes, "FeatureDeprecatedError") ||
		(e.Operation == OpCreateDataset || e.Operation == OpUpdateTable) && strings.Contains(strings.ToLower(e.says()), "is deprecated")
}

// RoleTooLow reports whether the service refused because the caller's role in the workspace
// does not allow it.
func (e *APIError) RoleTooLow() bool {
	return e.ErrorInfo == "PowerBINotAuthorizedException" || e.Code == "PowerBINotAuthorizedException"
}
