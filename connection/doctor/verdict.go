package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/storage/humanize"
)

// verdict sums the checks up in one word and one sentence.
func (t *test) verdict(ctx context.Context) (Status, string) {
	has := func(s Status) bool {
		return slices.ContainsFunc(t.report.Checks, func(c Check) bool { return c.Status == s })
	}
	status := Pass
	switch {
	case has(Fail):
		status = Fail
	case has(Warn), ctx.Err() != nil, t.unproven():
		status = Warn
	}
	if status != Fail && ctx.Err() != nil {
		return status, "The test was stopped before it finished."
	}
	return status, t.clean(t.summary())
}

// unproven reports whether nothing tells that rows may be pushed into the chosen workspace: no
// role was seen, and none was pushed.
func (t *test) unproven() bool { return t.workspace.ID != "" && t.role == "" && !t.tried.filled }

// summary is the verdict in a sentence, about the first thing that matters.
func (t *test) summary() string {
	at := func(id string) Check {
		c, _ := t.report.Check(id)
		return c
	}
	role, workspace := at(Role), at(Workspace)
	name := t.workspace.Name
	switch {
	case at(Format).Status == Fail:
		return "Cannot be tested: " + continued(at(Format).Evidence)
	case at(Secret).Status == Fail:
		return "Cannot sign in: " + continued(at(Secret).Evidence)
	case at(Network).Status == Fail && !t.apiOut:
		return "Cannot be reached: " + continued(at(Network).Evidence)
	case at(Tenant).Status == Fail:
		return "Cannot sign in: " + continued(at(Tenant).Evidence)
	case at(Tenant).Status == Warn && at(App).Status == Skipped:
		return "The test did not finish: " + continued(at(Tenant).Evidence)
	case at(App).Status == Fail:
		return "Cannot sign in: " + continued(at(App).Evidence)
	case at(Token).Status == Fail:
		return "Cannot sign in: " + continued(at(Token).Evidence)
	case at(Token).Status == Warn:
		return "The test did not finish: " + continued(at(Token).Evidence)
	case at(Clock).Status == Fail:
		return "Signs in, but with a certificate and a wrong clock: " + continued(at(Clock).Evidence)
	case at(Claims).Status == Fail:
		return "Signs in, but with a token that does not fit: " + continued(at(Claims).Evidence)
	case t.apiOut:
		return "Signs in, but cannot reach Power BI: " + continued(at(Network).Evidence)
	case at(Permission).Status == Fail:
		return "Signs in, but may not push: " + continued(at(Permission).Evidence)
	case at(API).Status == Fail:
		return "Signs in, but cannot use Power BI: " + continued(at(API).Evidence)
	case at(API).Status == Warn:
		return "Signs in, but the test did not finish: " + continued(at(API).Evidence)
	case t.Workspace == "" && len(t.workspaces) == 0:
		return "Signs in, but has a role in no workspace."
	case t.Workspace == "":
		return fmt.Sprintf("Signs in and sees %s; none is chosen, so the right to push was not checked.", humanize.Count(len(t.workspaces), "workspace"))
	case workspace.Status == Fail:
		return fmt.Sprintf("Signs in, but cannot see the workspace %s.", t.Workspace)
	case workspace.Status == Warn:
		return "Signs in, but the test did not finish: " + continued(workspace.Evidence)
	case role.Status == Fail && t.role != "":
		return fmt.Sprintf("Signs in, but cannot push to %s: its role there is %s.", name, t.role)
	case at(Datasets).Status == Fail:
		return fmt.Sprintf("Signs in, but the datasets of %s cannot be listed: %s", name, continued(at(Datasets).Evidence))
	case at(Target).Status == Fail:
		return fmt.Sprintf("Signs in and sees %s, but cannot push into the dataset: %s", name, continued(at(Target).Evidence))
	case at(TrialDataset).Status == Fail:
		return fmt.Sprintf("Signs in and sees %s, but the trial dataset failed: %s", name, continued(at(TrialDataset).Evidence))
	case t.tried.filled && role.Status != Pass:
		return fmt.Sprintf("Ready to push to %s: a trial dataset proved it.", name)
	case role.Status != Pass:
		return fmt.Sprintf("Signs in and sees %s; whether it may push there could not be checked.", name)
	case at(Datasets).Status == Warn:
		return fmt.Sprintf("May push to %s (%s), with a warning: %s", name, t.role, continued(at(Datasets).Evidence))
	}
	for _, c := range t.report.Checks {
		if c.Status == Fail {
			return fmt.Sprintf("Signs in, but “%s” failed: %s", c.Title, continued(c.Evidence))
		}
	}
	for _, c := range t.report.Checks {
		if c.Status == Warn {
			return fmt.Sprintf("Ready to push to %s (%s), with a warning: %s", name, t.role, continued(c.Evidence))
		}
	}
	return fmt.Sprintf("Ready to push to %s (%s).", name, t.role)
}

// retirement says what the end of push datasets means for this connection.
func (t *test) retirement() string {
	const day = "31 October 2027"
	if t.now().After(powerbi.CreationEnds.AddDate(0, 0, 1)) {
		return "New push datasets can no longer be created: Microsoft ended that on " + day + ". Microsoft says that existing ones keep working." + t.existing(".")
	}
	left := int(powerbi.CreationEnds.Sub(t.now().UTC()).Hours()/24) + 1
	return fmt.Sprintf("New push datasets can be created until %s (%s from now). Microsoft says that existing ones will keep working.%s",
		day, humanize.Count(left, "day"), t.existing(" yet: create the ones you will need before that day."))
}

// existing says how many push datasets the workspace has, and continues with none
// when there is none.
func (t *test) existing(none string) string {
	if !t.listed {
		return ""
	}
	n := 0
	for _, d := range t.datasets {
		if d.AddRowsAPIEnabled && !strings.HasPrefix(d.Name, trialPrefix) {
			n++
		}
	}
	if n == 0 {
		return fmt.Sprintf(" “%s” has none%s", t.workspace.Name, none)
	}
	return fmt.Sprintf(" “%s” has %s.", t.workspace.Name, humanize.Number(n))
}
