package doctor_test

import (
	"strings"
	"testing"
	"time"

	"pushdesk/connection/doctor"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
)

const (
	unknownID = "11111111-2222-4333-8444-555555555555"
	allPass   = "pass pass pass pass pass pass pass pass"
)

// Each trouble is named as what it is, with what to do and who can do it.
func TestTroubles(t *testing.T) {
	for _, c := range []struct {
		name      string
		app       string
		workspace string
		change    func(*clinic, *doctor.Subject)
		course    string // statuses of the main checks
		verdict   doctor.Status
		summary   string
		check     string   // the one that tells, and what must be in it
		evidence  []string // parts
		remedy    []string
		who       string
	}{
		{name: "healthy", app: practice.AppPractice, workspace: practice.Workspace,
			course: allPass, verdict: doctor.Pass, summary: "Ready to push to Practice workspace (Admin).",
			check: doctor.Role, evidence: []string{"Admin"}},
		{name: "workspace by ID", app: practice.AppPractice,
			change: func(c *clinic, s *doctor.Subject) { s.Workspace, _ = c.service.WorkspaceID(practice.FinanceWorkspace) },
			course: allPass, verdict: doctor.Pass, summary: "Ready to push to Finance (practice) (Contributor).",
			check: doctor.Datasets, evidence: []string{"no dataset", "first upload"}},
		{name: "no workspace chosen", app: practice.AppPractice,
			course: "pass pass pass pass pass pass skipped skipped", verdict: doctor.Pass,
			summary: "Signs in and sees 2 workspaces; none is chosen, so the right to push was not checked.",
			check:   doctor.Workspace, evidence: []string{"Finance (practice) and Practice workspace"}},
		{name: "wrong tenant", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(_ *clinic, s *doctor.Subject) { s.Connection.TenantID = unknownID },
			course: "pass pass skipped skipped skipped skipped skipped skipped", verdict: doctor.Fail, summary: "Cannot sign in",
			check: doctor.Tenant, evidence: []string{"tenant"}, remedy: []string{"tenant"}},
		{name: "wrong client", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(_ *clinic, s *doctor.Subject) { s.Connection.ClientID = unknownID },
			course: "pass pass skipped skipped skipped skipped skipped skipped", verdict: doctor.Fail, summary: "Cannot sign in",
			check: doctor.App, evidence: []string{"app"}, remedy: []string{"client"}},
		{name: "wrong secret", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(_ *clinic, s *doctor.Subject) { s.Credential = secret("abc8Q~this-is-not-the-secret-of-the-app.") },
			course: "pass pass fail skipped skipped skipped skipped skipped", verdict: doctor.Fail, summary: "Cannot sign in",
			check: doctor.Token, evidence: []string{"secret"}, remedy: []string{"Value"}},
		{name: "expired secret", app: practice.AppExpired, workspace: practice.Workspace,
			course: "pass pass fail skipped skipped skipped skipped skipped", verdict: doctor.Fail, summary: "Cannot sign in",
			check: doctor.Token, evidence: []string{"secret", "expired"}, remedy: []string{"new client secret"}},
		{name: "unknown workspace", app: practice.AppPractice, workspace: "Practise workspace",
			course: "pass pass pass pass pass fail skipped skipped", verdict: doctor.Fail,
			summary: "Signs in, but cannot see the workspace Practise workspace.",
			check:   doctor.Workspace, evidence: []string{"Practise workspace", "Finance (practice) and Practice workspace"},
			remedy: []string{"Did you mean “Practice workspace”? If not, ask an admin", "service principal OID", "Contributor"}, who: "you"},
		{name: "unknown workspace ID", app: practice.AppPractice, workspace: unknownID,
			course: "pass pass pass pass pass fail skipped skipped", verdict: doctor.Fail,
			summary: "Signs in, but cannot see the workspace " + unknownID + ".",
			check:   doctor.Workspace, evidence: []string{"Visible"}, remedy: []string{"service principal OID"}, who: "a workspace administrator"},
		{name: "no role anywhere", app: practice.AppNoWorkspace, workspace: practice.Workspace,
			course: "pass pass pass pass pass fail skipped skipped", verdict: doctor.Fail,
			summary: "Signs in, but cannot see the workspace Practice workspace.",
			check:   doctor.Workspace, evidence: []string{"a role in none"}, remedy: []string{"service principal OID"}, who: "a workspace administrator"},
		{name: "no role, none chosen", app: practice.AppNoWorkspace,
			course: "pass pass pass pass pass warn skipped skipped", verdict: doctor.Warn, summary: "Signs in, but has a role in no workspace.",
			check: doctor.Workspace, evidence: []string{"no workspace"}, remedy: []string{"service principal OID"}, who: "a workspace administrator"},
		{name: "viewer", app: practice.AppViewer, workspace: practice.Workspace,
			course: "pass pass pass pass pass pass fail pass", verdict: doctor.Fail,
			summary: "Signs in, but cannot push to Practice workspace: its role there is Viewer.",
			check:   doctor.Role, evidence: []string{"Viewer cannot create or push."},
			remedy: []string{"service principal OID", "Contributor"}, who: "a workspace administrator"},
		{name: "disabled", app: practice.AppDisabled, workspace: practice.Workspace,
			course: "pass pass skipped skipped skipped skipped skipped skipped", verdict: doctor.Fail, summary: "Cannot sign in",
			check: doctor.App, evidence: []string{"disabled"}},
		{name: "not in this tenant", app: practice.AppNoPrincipal, workspace: practice.Workspace,
			course: "pass pass skipped skipped skipped skipped skipped skipped", verdict: doctor.Fail, summary: "Cannot sign in",
			check: doctor.App, evidence: []string{"tenant"}},
		{name: "tenant switch off", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(c *clinic, _ *doctor.Subject) { c.service.SetServicePrincipalsAllowed(false) },
			course: "pass pass pass pass fail skipped skipped skipped", verdict: doctor.Fail,
			summary: "Signs in, but cannot use Power BI: your organisation does not let this app use the Power BI API.",
			check:   doctor.API, remedy: []string{"Service principals can call Fabric public APIs", "Allow service principals to use Power BI APIs"}, who: "your Power BI administrator"},
		{name: "token revoked once", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(c *clinic, _ *doctor.Subject) {
				c.service.Faults().Add(faults.Fault{Operation: faults.OpGroups, RevokeTokens: true})
			},
			course: allPass, verdict: doctor.Pass, summary: "Ready to push to Practice workspace (Admin).", check: doctor.API},
		{name: "tokens revoked for good", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(c *clinic, _ *doctor.Subject) {
				c.service.Faults().Add(faults.Fault{Operation: faults.OpGroups, RevokeTokens: true, Times: -1})
			},
			course: "pass pass pass pass fail skipped skipped skipped", verdict: doctor.Fail, summary: "Signs in, but cannot use Power BI",
			check: doctor.API, evidence: []string{"expired"}, remedy: []string{"clock"}, who: "you"},
		{name: "API throttled", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(c *clinic, _ *doctor.Subject) {
				c.service.Faults().Add(faults.Fault{Operation: faults.OpGroups, Status: 429, RetryAfter: 30})
			},
			course: "pass pass pass pass warn skipped skipped skipped", verdict: doctor.Warn, summary: "the test did not finish",
			check: doctor.API, evidence: []string{"30 s"}},
		{name: "API down", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(c *clinic, _ *doctor.Subject) {
				c.service.Faults().Add(faults.Fault{Operation: faults.OpGroups, Status: 500, Times: -1})
			},
			course: "pass pass pass pass warn skipped skipped skipped", verdict: doctor.Warn, summary: "the test did not finish",
			check: doctor.API, evidence: []string{"an internal error"}},
		{name: "users refused", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(c *clinic, _ *doctor.Subject) {
				c.service.Faults().Add(faults.Fault{Operation: faults.OpGroupUsers, Status: 401, ErrorInfo: "x", Times: -1})
			},
			course: "pass pass pass pass pass pass skipped pass", verdict: doctor.Warn,
			summary: "Signs in and sees Practice workspace; whether it may push there could not be checked.",
			check:   doctor.Role, evidence: []string{"may not see who has a role"}},
		{name: "datasets throttled", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(c *clinic, _ *doctor.Subject) {
				c.service.Faults().Add(faults.Fault{Operation: faults.OpDatasets, Status: 429, RetryAfter: 60})
			},
			course: "pass pass pass pass pass pass pass warn", verdict: doctor.Warn, summary: "May push to Practice workspace (Admin), with a warning",
			check: doctor.Datasets, evidence: []string{"1 min"}},
		{name: "datasets refused", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(c *clinic, _ *doctor.Subject) {
				c.service.Faults().Add(faults.Fault{Operation: faults.OpDatasets, Status: 401, ErrorInfo: "GroupNotAccessible"})
			},
			course: "pass pass pass pass pass pass pass fail", verdict: doctor.Fail, summary: "the datasets of Practice workspace cannot be listed",
			check: doctor.Datasets, evidence: []string{"no role"}, who: "a workspace administrator"},
		{name: "no tenant", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(_ *clinic, s *doctor.Subject) { s.Connection.TenantID = "" },
			course: "fail skipped skipped skipped skipped skipped skipped skipped", verdict: doctor.Fail, summary: "Cannot be tested",
			check: doctor.Format, evidence: []string{"tenant"}, who: "you"},
		{name: "secret ID in place of secret", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(_ *clinic, s *doctor.Subject) { s.Credential = secret(unknownID) },
			course: "pass warn fail skipped skipped skipped skipped skipped", verdict: doctor.Fail, summary: "Cannot sign in",
			check: doctor.Secret, evidence: []string{"Secret ID"}, remedy: []string{"Value"}, who: "you"},
		{name: "empty secret", app: practice.AppPractice, workspace: practice.Workspace,
			change: func(_ *clinic, s *doctor.Subject) { s.Credential = secret("") },
			course: "pass fail skipped skipped skipped skipped skipped skipped", verdict: doctor.Fail, summary: "Cannot sign in",
			check: doctor.Secret, evidence: []string{"secret"}, who: "you"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			at0 := open(t, c.app)
			subject := at0.subject(c.workspace)
			if c.change != nil {
				c.change(at0, &subject)
			}
			r := doctor.Run(t.Context(), subject, nil)
			if course(r) != c.course {
				t.Errorf("course %s\nwant   %s\n%s", course(r), c.course, r.Text())
			}
			if r.Verdict != c.verdict || !strings.Contains(r.Summary, c.summary) {
				t.Errorf("%s: %q, want %s: %q", r.Verdict, r.Summary, c.verdict, c.summary)
			}
			told := at(t, r, c.check)
			for _, part := range c.evidence {
				if !strings.Contains(told.Evidence, part) {
					t.Errorf("evidence %q, want %q", told.Evidence, part)
				}
			}
			for _, part := range c.remedy {
				if part = strings.ReplaceAll(part, "OID", at0.app.ObjectID); !strings.Contains(told.Remedy, part) {
					t.Errorf("remedy %q, want %q", told.Remedy, part)
				}
			}
			if c.who != "" && told.Who != c.who {
				t.Errorf("who %q, want %q", told.Who, c.who)
			}
			wellFormed(t, r)
		})
	}
}

// wellFormed holds for every report.
func wellFormed(t *testing.T, r doctor.Report) {
	t.Helper()
	ids := doctor.CheckIDs()
	if len(r.Checks) != len(ids) {
		t.Fatalf("%d checks", len(r.Checks))
	}
	for i, c := range r.Checks {
		if c.ID != ids[i] || c.Group == "" || c.Title == "" || c.Evidence == "" {
			t.Errorf("check %d: %+v", i, c)
		}
		if (c.Status == doctor.Fail || c.Status == doctor.Warn) && c.Remedy == "" {
			t.Errorf("no remedy: %+v", c)
		}
		if c.Status == doctor.Running || c.Status == "" {
			t.Errorf("%s has no result", c.ID)
		}
	}
	if r.Duration <= 0 || r.Duration > 10*time.Second || r.Connection != "Depots" || !strings.HasSuffix(r.Summary, ".") {
		t.Errorf("report %s, %q, %q", r.Duration, r.Connection, r.Summary)
	}
}
