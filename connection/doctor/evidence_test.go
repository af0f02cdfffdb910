package doctor_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"pushdesk/connection/doctor"
	"pushdesk/powerbi/practice"
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
		{name: "as asked", status: doctor.Pass, evidence: "its role in the workspace decides"},
		{name: "resource with a slash", change: jwt.MapClaims{"aud": "https://analysis.windows.net/powerbi/api/"}, status: doctor.Pass},
		{name: "resource by ID", change: jwt.MapClaims{"aud": "00000009-0000-0000-c000-000000000000"}, status: doctor.Pass},
		{name: "other resource", change: jwt.MapClaims{"aud": "https://graph.microsoft.com"}, status: doctor.Fail, evidence: "another service"},
		{name: "other tenant", change: jwt.MapClaims{"tid": unknownID}, status: doctor.Fail, evidence: "another tenant"},
		{name: "other app", change: jwt.MapClaims{"appid": unknownID}, status: doctor.Fail, evidence: "another app"},
		{name: "slow clock", change: jwt.MapClaims{"iat": time.Now().Add(time.Hour).Unix()}, status: doctor.Warn, evidence: "60 minutes behind"},
		{name: "fast clock", change: jwt.MapClaims{"iat": time.Now().Add(-time.Hour).Unix()}, status: doctor.Warn, evidence: "60 minutes ahead of"},
		{name: "tenant-wide permission", change: jwt.MapClaims{"roles": []string{"Tenant.Read.All"}}, status: doctor.Warn, evidence: "Tenant.Read.All"},
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
			at0.service.Faults().Add(practice.Fault{Operation: practice.OpToken, Status: 200, Body: string(body), Times: -1})
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
			at0.service.Faults().Add(practice.Fault{Operation: practice.OpGroupUsers, Status: 200, Body: body})
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
	c.service.Faults().Add(practice.Fault{Operation: practice.OpDatasets, Status: 200, Body: `{"value":[` + strings.Join(list, ",") + `]}`})
	r := doctor.Run(t.Context(), c.subject(practice.Workspace), nil)
	got := at(t, r, doctor.Datasets)
	if got.Status != doctor.Pass || got.Evidence != "12 datasets, 11 of them for pushing." || !strings.HasSuffix(got.Details, "Depot 10 and 1 more") {
		t.Errorf("%+v", got)
	}
}
