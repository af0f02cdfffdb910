package practice

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi/practice/api"
	"pushdesk/powerbi/practice/entra"
	"pushdesk/powerbi/practice/internal/fixture"
	"pushdesk/powerbi/practice/tenant"

	"github.com/golang-jwt/jwt/v5"
)

// What the API answers to bad tokens and missing rights, as measured by others.
func TestTokensTheAPIRefuses(t *testing.T) {
	b := newHarness(t, Options{TokenLife: time.Hour, Dir: t.TempDir()})
	good := b.token
	block, _ := pem.Decode([]byte(b.s.tenant.SigningKey))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	resign := func(change func(jwt.MapClaims)) string {
		claims := claimsOf(t, good)
		change(claims)
		token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
		text, err := token.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	unsigned, err := jwt.NewWithClaims(jwt.SigningMethodNone, claimsOf(t, good)).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, header, info string
	}{
		{"no header", "", ""},
		{"no token", "Bearer ", "InvalidToken"},
		{"nonsense", "Bearer x.y.z", "InvalidToken"},
		{"basic", "Basic eDp5", "InvalidToken"},
		{"cut off", "Bearer " + good[:len(good)-10], "InvalidToken"},
		{"unsigned", "Bearer " + unsigned, "InvalidToken"},
		{"other audience", "Bearer " + resign(func(c jwt.MapClaims) { c["aud"] = "https://graph.microsoft.com" }), "InvalidToken"},
		{"unknown app", "Bearer " + resign(func(c jwt.MapClaims) { c["appid"] = tenant.NewGUID() }), "InvalidToken"},
		{"unknown tenant", "Bearer " + resign(func(c jwt.MapClaims) { c["tid"] = tenant.NewGUID() }), "InvalidToken"},
		{"expired", "Bearer " + resign(func(c jwt.MapClaims) { c["exp"] = b.clock.now().Add(-time.Second).Unix() }), "TokenExpired"},
	} {
		req, err := http.NewRequestWithContext(context.Background(), "GET", b.s.APIURL()+"/v1.0/myorg/groups", nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.header != "" {
			req.Header.Set("Authorization", c.header)
		}
		if r := b.send(req); r.status != 403 || r.body != "" || r.info() != c.info {
			t.Errorf("%s: %d %q %q, want 403, no body, %q", c.name, r.status, r.body, r.info(), c.info)
		}
	}
	for _, aud := range []string{entra.Resource + "/", entra.PowerBIAppID} {
		b.token = resign(func(c jwt.MapClaims) { c["aud"] = aud })
		b.want(200, "GET", "/groups", nil)
	}
}

func TestTokenExpiryByTheServicesClock(t *testing.T) {
	b := newHarness(t, Options{TokenLife: 10 * time.Minute})
	b.clock.add(10*time.Minute - time.Second)
	b.want(200, "GET", "/groups", nil)
	b.clock.add(time.Second)
	if r := b.want(403, "GET", "/groups", nil); r.info() != "TokenExpired" || r.body != "" {
		t.Errorf("expired: %q %q", r.info(), r.body)
	}
	b.token = b.signIn(AppPractice)
	b.want(200, "GET", "/groups", nil)
	b.s.RevokeTokens()
	if r := b.want(403, "GET", "/groups", nil); r.info() != "TokenExpired" {
		t.Errorf("revoked: %q", r.info())
	}
	b.token = b.signIn(AppPractice)
	b.want(200, "GET", "/groups", nil)
}

func TestRights(t *testing.T) {
	b := newHarness(t, Options{})
	path, _ := b.stock("None")
	finance, err := b.s.WorkspaceID(FinanceWorkspace)
	if err != nil {
		t.Fatal(err)
	}
	count := `{"queries":[{"query":"EVALUATE ROW(\"n\", COUNTROWS('Stock'))"}]}`
	create := `{"name":"X","tables":[{"name":"T","columns":[{"name":"A","dataType":"String"}]}]}`
	for _, c := range []struct {
		name, app, method, path, body string
		status                        int
		code, info                    string
	}{
		{"viewer lists", AppViewer, "GET", "/groups/" + b.group + "/datasets", "", 200, "", ""},
		{"viewer sees tables", AppViewer, "GET", path + "/tables", "", 200, "", ""},
		{"viewer sees users", AppViewer, "GET", "/groups/" + b.group + "/users", "", 200, "", ""},
		{"viewer creates", AppViewer, "POST", "/groups/" + b.group + "/datasets", create, 401, "PowerBINotAuthorizedException", ""},
		{"viewer pushes", AppViewer, "POST", path + "/tables/Stock/rows", fixture.StockRows(1), 401, "PowerBINotAuthorizedException", ""},
		{"viewer clears", AppViewer, "DELETE", path + "/tables/Stock/rows", "", 401, "PowerBINotAuthorizedException", ""},
		{"viewer redefines", AppViewer, "PUT", path + "/tables/Stock", `{"name":"Stock","columns":[{"name":"A","dataType":"String"}]}`, 401, "PowerBINotAuthorizedException", ""},
		{"viewer deletes", AppViewer, "DELETE", path, "", 401, "PowerBINotAuthorizedException", ""},
		{"viewer lacks Build", AppViewer, "POST", path + "/executeQueries", count, 404, "PowerBIEntityNotFound", ""},
		{"no role", AppViewer, "GET", "/groups/" + finance + "/datasets", "", 401, "", "GroupNotAccessible"},
		{"no role, the workspace itself", AppViewer, "GET", "/groups/" + finance, "", 401, "", "GroupNotAccessible"},
		{"no role, pushing", AppNoWorkspace, "POST", path + "/tables/Stock/rows", fixture.StockRows(1), 401, "", "GroupNotAccessible"},
		{"unknown workspace", AppPractice, "GET", "/groups/" + tenant.NewGUID() + "/datasets", "", 404, "PowerBIFolderNotFound", ""},
		{"workspace is no ID", AppPractice, "GET", "/groups/Practice/datasets", "", 404, "PowerBIFolderNotFound", ""},
		{"unknown dataset", AppPractice, "GET", "/groups/" + b.group + "/datasets/" + tenant.NewGUID(), "", 404, "PowerBIEntityNotFound", ""},
		{"dataset of another workspace", AppPractice, "GET", "/groups/" + finance + path[strings.LastIndex(path, "/datasets"):], "", 404, "PowerBIEntityNotFound", ""},
		{"rows of an unknown dataset", AppPractice, "POST", "/groups/" + b.group + "/datasets/" + tenant.NewGUID() + "/tables/Stock/rows", fixture.StockRows(1), 404, "PowerBIEntityNotFound", ""},
		{"unknown table", AppPractice, "POST", path + "/tables/Nothing/rows", fixture.StockRows(1), 404, "ItemNotFound", ""},
		{"table in another case", AppPractice, "POST", path + "/tables/stock/rows", fixture.StockRows(1), 404, "ItemNotFound", ""},
		{"contributor creates", AppPractice, "POST", "/groups/" + finance + "/datasets", create, 201, "", ""},
		{"contributor cannot give roles", AppPractice, "POST", "/groups/" + finance + "/users", `{"identifier":"x","principalType":"App","groupUserAccessRight":"Viewer"}`, 401, "PowerBINotAuthorizedException", ""},
	} {
		b.token = b.signIn(c.app)
		var body any
		if c.body != "" {
			body = c.body
		}
		r := b.do(c.method, c.path, body)
		if r.status != c.status || r.code() != c.code || r.info() != c.info {
			t.Errorf("%s: %d %q %q, want %d %q %q; body %s", c.name, r.status, r.code(), r.info(), c.status, c.code, c.info, r.body)
		}
	}
	b.token = b.signIn(AppNoWorkspace)
	if r := b.want(200, "GET", "/groups", nil); !strings.HasSuffix(r.body, `"value":[]}`) {
		t.Errorf("an app without a role sees %s", r.body)
	}
}

func TestAppsOnMyWorkspace(t *testing.T) {
	b := newHarness(t, Options{})
	id := tenant.NewGUID()
	for _, c := range [][2]string{{"GET", "/datasets"}, {"POST", "/datasets"}, {"GET", "/datasets/" + id}, {"GET", "/datasets/" + id + "/tables"},
		{"POST", "/datasets/" + id + "/tables/T/rows"}, {"DELETE", "/datasets/" + id + "/tables/T/rows"}, {"POST", "/datasets/" + id + "/executeQueries"}} {
		if r := b.do(c[0], c[1], `{}`); r.status != 403 || r.body != `{"Message":"API is not accessible for application"}` {
			t.Errorf("%s %s: %d %s", c[0], c[1], r.status, r.body)
		}
	}
}

func TestServicePrincipalSetting(t *testing.T) {
	b := newHarness(t, Options{})
	b.s.SetServicePrincipalsAllowed(false)
	const code = "ServicePrincipalIsNotAllowedByTenantAdminSwitch"
	if r := b.want(401, "GET", "/groups", nil); r.info() != code || r.code() != code {
		t.Errorf("blocked: %q %s", r.info(), r.body)
	}
	b.token = b.userToken(userScopeList...)
	b.want(200, "GET", "/groups", nil)
	b.s.SetServicePrincipalsAllowed(true)
	b.token = b.signIn(AppPractice)
	b.want(200, "GET", "/groups", nil)
}

// userToken signs the ready-made user in with a device code.
func (b *harness) userToken(scopes ...string) string {
	b.t.Helper()
	c, _ := b.s.Credential(AppSignIn)
	start := b.form("/"+c.TenantID+"/oauth2/v2.0/devicecode", url.Values{"client_id": {c.ClientID}, "scope": {"openid " + strings.Join(scopes, " ")}})
	d := decode[map[string]any](b.t, start.body)
	if err := b.s.ApproveDevice(fmt.Sprint(d["user_code"])); err != nil {
		b.t.Fatal(err)
	}
	r := b.form("/"+c.TenantID+"/oauth2/v2.0/token", url.Values{"client_id": {c.ClientID}, "grant_type": {"device_code"}, "device_code": {fmt.Sprint(d["device_code"])}})
	return decode[struct {
		Token string `json:"access_token"`
	}](b.t, r.body).Token
}

func TestUsersScopesAndMyWorkspace(t *testing.T) {
	b := newHarness(t, Options{})
	b.token = b.userToken(entra.Resource + "/Dataset.ReadWrite.All")
	if r := b.want(403, "GET", "/groups", nil); r.code() != "PowerBINotAuthorizedException" {
		t.Errorf("workspaces without the scope: %s", r.body)
	}
	r := b.want(201, "POST", "/datasets", `{"name":"Mine","tables":[{"name":"T","columns":[{"name":"A","dataType":"string"}]}]}`)
	id := decode[api.Dataset](t, r.body).ID
	b.want(200, "POST", "/datasets/"+id+"/tables/T/rows", `{"rows":[{"A":"x"}]}`)
	if r := b.want(200, "GET", "/datasets", nil); !strings.Contains(r.body, id) {
		t.Errorf("My workspace: %s", r.body)
	}
	if r := b.want(200, "POST", "/datasets/"+id+"/executeQueries", `{"queries":[{"query":"EVALUATE T"}]}`); !strings.Contains(r.body, `{"T[A]":"x"}`) {
		t.Errorf("query: %s", r.body)
	}
	// It is nobody else's, and no workspace of the list.
	b.token = b.userToken(userScopeList...)
	if r := b.want(200, "GET", "/groups", nil); strings.Contains(r.body, "My workspace") {
		t.Errorf("workspaces: %s", r.body)
	}
	b.token = b.userToken(entra.Resource + "/Dataset.Read.All")
	b.want(403, "DELETE", "/datasets/"+id, nil)
	b.want(200, "GET", "/datasets/"+id, nil)
}

// A token of one service is worth nothing to another.
func TestTokenOfAnotherService(t *testing.T) {
	b, other := newHarness(t, Options{}), newHarness(t, Options{})
	b.token = other.token
	if r := b.want(403, "GET", "/groups", nil); r.info() != "InvalidToken" {
		t.Errorf("%q", r.info())
	}
}
