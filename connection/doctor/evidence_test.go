package doctor_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
)

// What a token says about itself is compared with what was asked for.
func TestClaims(t *testing.T) {
	for _, c := range []struct {
		name     string
		change   jwt.MapClaims
		opaque   bool
		status   doctor.Status
		evidence string
	}{
		{name: "as asked", status: doctor.Pass, evidence: "this tenant and this app"},
		{name: "resource with a slash", change: jwt.MapClaims{"aud": "https://analysis.windows.net/powerbi/api/"}, status: doctor.Pass},
		{name: "resource by ID", change: jwt.MapClaims{"aud": "00000009-0000-0000-c000-000000000000"}, status: doctor.Pass},
		{name: "other resource", change: jwt.MapClaims{"aud": "https://graph.microsoft.com"}, status: doctor.Fail, evidence: "another service"},
		{name: "other tenant", change: jwt.MapClaims{"tid": unknownID}, status: doctor.Fail, evidence: "another tenant"},
		{name: "other app", change: jwt.MapClaims{"appid": unknownID}, status: doctor.Fail, evidence: "another app"},
		{name: "another cloud's resource", change: jwt.MapClaims{"aud": "https://high.analysis.usgovcloudapi.net/powerbi/api"}, status: doctor.Fail, evidence: "Power BI in the cloud US Government (GCC High)"},
		{name: "over already", change: jwt.MapClaims{"exp": time.Now().Add(-time.Hour).Unix()}, status: doctor.Warn, evidence: "has already expired, by this computer's clock"},
		{name: "not readable", opaque: true, status: doctor.Warn, evidence: "cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			at0 := open(t, practice.AppPractice)
			claims := jwt.MapClaims{"aud": at0.service.Resource(), "tid": at0.app.TenantID, "appid": at0.app.ClientID,
				"oid": at0.app.ObjectID, "idtyp": "app", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()}
			maps.Copy(claims, c.change)
			token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("any key"))
			if err != nil {
				t.Fatal(err)
			}
			if c.opaque {
				token = "opaque-token"
			}
			body, err := json.Marshal(map[string]any{"token_type": "Bearer", "expires_in": 3599, "access_token": token})
			if err != nil {
				t.Fatal(err)
			}
			at0.service.Faults().Add(faults.Fault{Operation: faults.OpToken, Status: 200, Body: string(body), Times: -1})
			r := doctor.Run(t.Context(), at0.subject(practice.Workspace), nil)
			got := at(t, r, doctor.Claims)
			if got.Status != c.status || !strings.Contains(got.Evidence, c.evidence) {
				t.Errorf("%s", r.Text())
			}
			if !c.opaque && !strings.Contains(got.Details, "oid: "+at0.app.ObjectID) {
				t.Errorf("details %q", got.Details)
			}
			wellFormed(t, r)
		})
	}
}

// A role is found among all who have one, and one that comes through a group is not guessed.
func TestRoles(t *testing.T) {
	user := func(id, right, kind string) string {
		return fmt.Sprintf(`{"identifier":%q,"displayName":"Analysts","groupUserAccessRight":%q,"principalType":%q}`, id, right, kind)
	}
	for _, c := range []struct {
		name     string
		users    []string // OID stands for the app's object ID
		status   doctor.Status
		evidence string
		summary  string
	}{
		{"member", []string{user("OID", "Member", "App")}, doctor.Pass, "Member", "Ready to push to Practice workspace (Member)."},
		{"the stronger of two", []string{user("OID", "Contributor", "App"), user("OID", "Viewer", "App")}, doctor.Pass, "Contributor", "Ready to push"},
		{"through a group", []string{user("g", "Member", "Group")}, doctor.Skipped, "Analysts (Member)", "whether it may push there could not be checked"},
		{"no trace", []string{user("other", "Admin", "App")}, doctor.Skipped, "through a group", "whether it may push there could not be checked"},
		{"unknown role", []string{user("OID", "None", "App")}, doctor.Fail, "None cannot create or push", "its role there is None"},
	} {
		t.Run(c.name, func(t *testing.T) {
			at0 := open(t, practice.AppPractice)
			body := `{"value":[` + strings.ReplaceAll(strings.Join(c.users, ","), "OID", strings.ToUpper(at0.app.ObjectID)) + `]}`
			at0.service.Faults().Add(faults.Fault{Operation: faults.OpGroupUsers, Status: 200, Body: body})
			r := doctor.Run(t.Context(), at0.subject(practice.Workspace), nil)
			if got := at(t, r, doctor.Role); got.Status != c.status || !strings.Contains(got.Evidence, c.evidence) || !strings.Contains(r.Summary, c.summary) {
				t.Errorf("%s", r.Text())
			}
			wellFormed(t, r)
		})
	}
}

// The datasets that rows can be pushed into are counted and named.
func TestPushDatasets(t *testing.T) {
	c := open(t, practice.AppPractice)
	var list []string
	for i := range 12 {
		list = append(list, fmt.Sprintf(`{"id":"%d","name":"Depot %02d","addRowsAPIEnabled":%t}`, i, i, i > 0))
	}
	c.service.Faults().Add(faults.Fault{Operation: faults.OpDatasets, Status: 200, Body: `{"value":[` + strings.Join(list, ",") + `]}`})
	r := doctor.Run(t.Context(), c.subject(practice.Workspace), nil)
	got := at(t, r, doctor.Datasets)
	if got.Status != doctor.Pass || got.Evidence != "12 datasets, 11 of them for pushing." || !strings.HasSuffix(got.Details, "Depot 10 and 1 more") {
		t.Errorf("%+v", got)
	}
}

// The clock is compared with the login host's.
func TestClock(t *testing.T) {
	for _, x := range []struct {
		off      time.Duration // of the login host's clock
		kind     connection.CredentialKind
		status   doctor.Status
		evidence string
	}{
		{0, connection.CredentialSecret, doctor.Pass, "agrees"},
		{time.Minute, connection.CredentialSecret, doctor.Pass, "agrees"},
		{time.Hour, connection.CredentialSecret, doctor.Warn, "60 minutes behind"},
		{-time.Hour, connection.CredentialSecret, doctor.Warn, "60 minutes ahead of"},
		{4 * time.Minute, connection.CredentialCertificate, doctor.Warn, "4 minutes behind"},
		{time.Hour, connection.CredentialCertificate, doctor.Fail, "60 minutes behind"},
	} {
		c := open(t, practice.AppPractice)
		c.service.Faults().Add(faults.Fault{Operation: faults.OpUnknown, Method: "HEAD", Status: 404, Times: -1,
			Header: map[string]string{"Date": time.Now().Add(x.off).UTC().Format(http.TimeFormat)}})
		s := c.subject(practice.Workspace)
		if x.kind == connection.CredentialCertificate {
			c.certificate(&s)
		}
		r := doctor.Run(t.Context(), s, nil)
		if got := at(t, r, doctor.Clock); got.Status != x.status || !strings.Contains(got.Evidence, x.evidence) {
			t.Errorf("%s %s: %s %q", x.off, x.kind, got.Status, got.Evidence)
		}
		if x.status == doctor.Fail && !strings.Contains(r.Summary, "clock") {
			t.Errorf("%q", r.Summary)
		}
		wellFormed(t, r)
	}
}

// An app is told that it needs no scope, a person which one is missing.
func TestPermissions(t *testing.T) {
	for _, x := range []struct {
		name     string
		claims   jwt.MapClaims
		status   doctor.Status
		evidence string
		who      string
	}{
		{"app", jwt.MapClaims{"idtyp": "app"}, doctor.Pass, "can never be in an app's token", ""},
		{"app with a tenant-wide role", jwt.MapClaims{"idtyp": "app", "roles": []string{"Tenant.Read.All"}}, doctor.Warn, "Tenant.Read.All", "the app's owner"},
		{"person", jwt.MapClaims{"idtyp": "user", "scp": "Dataset.ReadWrite.All Workspace.Read.All"}, doctor.Pass, "may push rows", ""},
		{"person without the push", jwt.MapClaims{"idtyp": "user", "scp": "Workspace.Read.All"}, doctor.Fail, "may not push rows", "your Entra administrator"},
		{"person without the list", jwt.MapClaims{"idtyp": "user", "scp": "Dataset.ReadWrite.All"}, doctor.Warn, "not list the workspaces", "the app's owner"},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := open(t, practice.AppPractice)
			claims := jwt.MapClaims{"aud": c.service.Resource(), "tid": c.app.TenantID, "appid": c.app.ClientID, "oid": c.app.ObjectID, "exp": time.Now().Add(time.Hour).Unix()}
			maps.Copy(claims, x.claims)
			token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("any key"))
			if err != nil {
				t.Fatal(err)
			}
			body, err := json.Marshal(map[string]any{"token_type": "Bearer", "expires_in": 3599, "access_token": token})
			if err != nil {
				t.Fatal(err)
			}
			c.service.Faults().Add(faults.Fault{Operation: faults.OpToken, Status: 200, Body: string(body), Times: -1})
			r := doctor.Run(t.Context(), c.subject(practice.Workspace), nil)
			got := at(t, r, doctor.Permission)
			if got.Status != x.status || !strings.Contains(got.Evidence, x.evidence) || got.Who != x.who {
				t.Errorf("%+v", got)
			}
			if x.status == doctor.Fail && !strings.Contains(r.Summary, "may not push") {
				t.Errorf("%q", r.Summary)
			}
		})
	}
}

// The end of a credential is warned of in time.
func TestExpiry(t *testing.T) {
	now := time.Now()
	for _, x := range []struct {
		day      connection.Day
		status   doctor.Status
		evidence string
	}{
		{"", doctor.Skipped, "no expiry date was entered"},
		{connection.DayOf(now.AddDate(0, 0, 60)), doctor.Pass, "expires in 60 days"},
		{connection.DayOf(now.AddDate(0, 0, 20)), doctor.Warn, "expires in 20 days"},
		{connection.DayOf(now.AddDate(0, 0, -20)), doctor.Warn, "expired on"},
	} {
		c := open(t, practice.AppPractice)
		s := c.subject(practice.Workspace)
		s.Connection.Expires = x.day
		s.Now = func() time.Time { return now.UTC() }
		r := doctor.Run(t.Context(), s, nil)
		if got := at(t, r, doctor.Expiry); got.Status != x.status || !strings.Contains(got.Evidence, x.evidence) {
			t.Errorf("%s: %+v", x.day, got)
		}
		if want := map[bool]doctor.Status{true: doctor.Warn, false: doctor.Pass}[x.status == doctor.Warn]; r.Verdict != want {
			t.Errorf("%s: %s, %s", x.day, r.Verdict, r.Summary)
		}
		wellFormed(t, r)
	}
}

// What the end of push datasets means is said plainly, before it and after.
func TestRetirement(t *testing.T) {
	for day, says := range map[string]string{
		"2026-11-23": "until 31 October 2027 (342 days from now). Microsoft says that existing ones will keep working. “Finance (practice)” has none yet",
		"2027-10-31": "until 31 October 2027 (1 day from now)",
		"2027-11-02": "can no longer be created: Microsoft ended that on 31 October 2027. Microsoft says that existing ones keep working. “Finance (practice)” has none.",
	} {
		c := open(t, practice.AppPractice)
		s := c.subject(practice.FinanceWorkspace)
		now, err := time.Parse("2006-01-02", day)
		if err != nil {
			t.Fatal(err)
		}
		s.Now = func() time.Time { return now.Add(12 * time.Hour) }
		if r := doctor.Run(t.Context(), s, nil); !strings.Contains(r.Retirement, says) || !strings.Contains(r.Text(), r.Retirement) {
			t.Errorf("%s: %q", day, r.Retirement)
		}
	}
}
