package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// verdict sums the checks up in one word and one sentence.
func (e *examination) verdict(ctx context.Context) (Status, string) {
	has := func(s Status) bool {
		return slices.ContainsFunc(e.report.Checks, func(c Check) bool { return c.Status == s })
	}
	status := Pass
	switch {
	case has(Fail):
		status = Fail
	case has(Warn), ctx.Err() != nil, e.workspace.ID != "" && e.role == "" && !e.probed.filled:
		status = Warn
	}
	if status != Fail && ctx.Err() != nil {
		return status, "The test was stopped before it ended."
	}
	return status, e.clean(e.summary())
}

// summary is the verdict in a sentence, about the first thing that matters.
func (e *examination) summary() string {
	at := func(id string) Check {
		c, _ := e.report.Check(id)
		return c
	}
	role, workspace := at(Role), at(Workspace)
	name := e.workspace.Name
	switch {
	case at(Format).Status == Fail:
		return "Cannot be tested: " + continued(at(Format).Evidence)
	case at(Secret).Status == Fail:
		return "Cannot sign in: " + continued(at(Secret).Evidence)
	case at(Network).Status == Fail && !e.apiOut:
		return "Cannot be reached: " + continued(at(Network).Evidence)
	case at(Tenant).Status == Fail:
		return "Cannot sign in: " + continued(at(Tenant).Evidence)
	case at(Tenant).Status == Warn && at(App).Status == Skipped:
		return "Could not be tested to the end: " + continued(at(Tenant).Evidence)
	case at(App).Status == Fail:
		return "Cannot sign in: " + continued(at(App).Evidence)
	case at(Token).Status == Fail:
		return "Cannot sign in: " + continued(at(Token).Evidence)
	case at(Token).Status == Warn:
		return "Could not be tested to the end: " + continued(at(Token).Evidence)
	case at(Clock).Status == Fail:
		return "Signs in, but with a certificate and a wrong clock: " + continued(at(Clock).Evidence)
	case at(Claims).Status == Fail:
		return "Signs in, but with a token that does not fit: " + continued(at(Claims).Evidence)
	case e.apiOut:
		return "Signs in, but cannot reach Power BI: " + continued(at(Network).Evidence)
	case at(Permission).Status == Fail:
		return "Signs in, but may not push: " + continued(at(Permission).Evidence)
	case at(API).Status == Fail:
		return "Signs in, but cannot use Power BI: " + continued(at(API).Evidence)
	case at(API).Status == Warn:
		return "Signs in, but could not be tested to the end: " + continued(at(API).Evidence)
	case e.Workspace == "" && len(e.workspaces) == 0:
		return "Signs in, but has a role in no workspace."
	case e.Workspace == "":
		return fmt.Sprintf("Signs in and sees %s; none is chosen, so the right to push was not checked.", count(len(e.workspaces), "workspace"))
	case workspace.Status == Fail:
		return fmt.Sprintf("Signs in, but cannot see the workspace %s.", e.Workspace)
	case workspace.Status == Warn:
		return "Signs in, but could not be tested to the end: " + continued(workspace.Evidence)
	case role.Status == Fail && e.role != "":
		return fmt.Sprintf("Signs in, but cannot push to %s: its role there is %s.", name, e.role)
	case at(Datasets).Status == Fail:
		return fmt.Sprintf("Signs in, but the datasets of %s cannot be listed: %s", name, continued(at(Datasets).Evidence))
	case at(Target).Status == Fail:
		return fmt.Sprintf("Signs in and sees %s, but cannot push into the dataset: %s", name, continued(at(Target).Evidence))
	case at(WriteProbe).Status == Fail:
		return fmt.Sprintf("Signs in and sees %s, but the write probe failed: %s", name, continued(at(WriteProbe).Evidence))
	case e.probed.filled && role.Status != Pass:
		return fmt.Sprintf("Ready to push to %s: the write probe did it.", name)
	case role.Status != Pass:
		return fmt.Sprintf("Signs in and sees %s; whether it may push there could not be checked.", name)
	case at(Datasets).Status == Warn:
		return fmt.Sprintf("May push to %s (%s), with a warning: %s", name, e.role, continued(at(Datasets).Evidence))
	}
	for _, c := range e.report.Checks {
		if c.Status == Warn {
			return fmt.Sprintf("Ready to push to %s (%s), with a warning: %s", name, e.role, continued(c.Evidence))
		}
	}
	return fmt.Sprintf("Ready to push to %s (%s).", name, e.role)
}

// continued makes the first sentence of a text one that goes on behind a colon.
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
