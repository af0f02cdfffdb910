package practice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi/practice/entra"
	"pushdesk/powerbi/practice/tenant"

	msalerrors "github.com/AzureAD/microsoft-authentication-library-for-go/apps/errors"
	"github.com/golang-jwt/jwt/v5"
)

// form posts a form to the login service.
func (b *harness) form(path string, fields url.Values) reply {
	b.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), "POST", b.s.LoginURL()+path, strings.NewReader(fields.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("client-request-id", correlation)
	return b.send(req)
}

const correlation = "11111111-2222-4333-8444-555555555555"

// clientForm is a good request of an app for a token.
func clientForm(c Credential) url.Values {
	return url.Values{"grant_type": {"client_credentials"}, "client_id": {c.ClientID}, "client_secret": {c.ClientSecret},
		"scope": {entra.Resource + "/.default openid offline_access profile"}}
}

func TestEntraErrors(t *testing.T) {
	b := newHarness(t, Options{})
	good, _ := b.s.Credential(AppPractice)
	signIn, _ := b.s.Credential(AppSignIn)
	other := tenant.NewGUID()
	of := func(name string) Credential { c, _ := b.s.Credential(name); return c }
	change := func(fields ...string) url.Values {
		f := clientForm(good)
		for i := 0; i < len(fields); i += 2 {
			if f.Set(fields[i], fields[i+1]); fields[i+1] == "" {
				f.Del(fields[i])
			}
		}
		return f
	}
	for _, c := range []struct {
		name   string
		tenant string
		form   url.Values
		status int
		code   int
		oauth  string
	}{
		{"wrong tenant", other, clientForm(good), 400, 90002, "invalid_request"},
		{"unknown domain", "contoso.onmicrosoft.com", clientForm(good), 400, 90002, "invalid_request"},
		{"tenant is no name", "my tenant", clientForm(good), 400, 900023, "invalid_request"},
		{"tenant without a dot", "contoso", clientForm(good), 400, 900023, "invalid_request"},
		{"common", "common", clientForm(good), 400, 9001023, "invalid_request"},
		{"unknown app", good.TenantID, change("client_id", other), 400, 700016, "unauthorized_client"},
		{"wrong secret", good.TenantID, change("client_secret", "no"), 401, 7000215, "invalid_client"},
		{"expired secret", good.TenantID, clientForm(of(AppExpired)), 401, 7000222, "invalid_client"},
		{"disabled", good.TenantID, clientForm(of(AppDisabled)), 400, 7000112, "unauthorized_client"},
		{"no consent", good.TenantID, clientForm(of(AppNoConsent)), 400, 65001, "invalid_grant"},
		{"no service principal", good.TenantID, clientForm(of(AppNoPrincipal)), 400, 7000229, "unauthorized_client"},
		{"no secret", good.TenantID, change("client_secret", ""), 401, 7000216, "invalid_client"},
		{"public app with a secret", good.TenantID, change("client_id", signIn.ClientID), 401, 700025, "invalid_client"},
		{"confidential app as public", good.TenantID, change("client_secret", "", "grant_type", "refresh_token", "refresh_token", "x"), 401, 7000218, "invalid_client"},
		{"scope without default", good.TenantID, change("scope", entra.Resource), 400, 1002012, "invalid_scope"},
		{"delegated scope", good.TenantID, change("scope", entra.Resource+"/Dataset.ReadWrite.All"), 400, 1002012, "invalid_scope"},
		{"other cloud's resource", good.TenantID, change("scope", "https://analysis.usgovcloudapi.net/powerbi/api/.default"), 400, 500011, "invalid_resource"},
		{"two resources", good.TenantID, change("scope", entra.Resource+"/.default https://graph.microsoft.com/.default"), 400, 700022, "invalid_scope"},
		{"no scope", good.TenantID, change("scope", ""), 400, 900144, "invalid_request"},
		{"no client id", good.TenantID, change("client_id", ""), 400, 900144, "invalid_request"},
		{"no grant", good.TenantID, change("grant_type", ""), 400, 900144, "invalid_request"},
		{"unknown grant", good.TenantID, change("grant_type", "password"), 400, 70003, "unsupported_grant_type"},
		{"nonsense assertion", good.TenantID, change("client_assertion", "x.y.z"), 400, 50027, "invalid_request"},
	} {
		r := b.form("/"+url.PathEscape(c.tenant)+"/oauth2/v2.0/token", c.form)
		e := decode[entra.ErrorBody](t, r.body)
		if r.status != c.status || e.Error != c.oauth || !slices.Equal(e.Codes, []int{c.code}) {
			t.Errorf("%s: %d %s %v, want %d %s [%d]", c.name, r.status, e.Error, e.Codes, c.status, c.oauth, c.code)
		}
		if !strings.HasPrefix(e.Description, fmt.Sprintf("AADSTS%d: ", c.code)) || strings.Contains(e.Description, "%!") {
			t.Errorf("%s: description %q", c.name, e.Description)
		}
		if e.CorrelationID != correlation || !tenant.IsGUID(e.TraceID) || !strings.HasSuffix(e.URI, fmt.Sprintf("/error?code=%d", c.code)) {
			t.Errorf("%s: %+v", c.name, e)
		}
		if _, err := time.Parse("2006-01-02 15:04:05Z", e.Timestamp); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if strings.Contains(r.body, good.ClientSecret) {
			t.Errorf("%s: the answer holds the secret", c.name)
		}
	}
}

// The tenant may be a domain, and basic authentication works too.
func TestTokenByDomain(t *testing.T) {
	b := newHarness(t, Options{})
	c, _ := b.s.Credential(AppPractice)
	if r := b.form("/"+Domain+"/oauth2/v2.0/token", clientForm(c)); r.status != 200 {
		t.Errorf("by domain: %d %s", r.status, r.body)
	}
	f := clientForm(c)
	f.Del("client_id")
	f.Del("client_secret")
	req, _ := http.NewRequestWithContext(context.Background(), "POST", b.s.LoginURL()+"/"+c.TenantID+"/oauth2/v2.0/token", strings.NewReader(f.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(url.QueryEscape(c.ClientID), url.QueryEscape(c.ClientSecret))
	if r := b.send(req); r.status != 200 {
		t.Errorf("by basic authentication: %d %s", r.status, r.body)
	}
}

func TestAppTokenClaims(t *testing.T) {
	b := newHarness(t, Options{TokenLife: 10 * time.Minute})
	c, _ := b.s.Credential(AppPractice)
	claims := jwt.MapClaims{}
	parsed, _, err := jwt.NewParser().ParseUnverified(b.token, claims)
	if err != nil {
		t.Fatal(err)
	}
	now := float64(b.clock.now().Unix())
	for name, want := range map[string]any{
		"aud": entra.Resource, "iss": "https://sts.windows.net/" + c.TenantID + "/", "tid": c.TenantID, "appid": c.ClientID,
		"appidacr": "1", "oid": c.ObjectID, "sub": c.ObjectID, "idtyp": "app", "ver": "1.0", "iat": now, "nbf": now, "exp": now + 600,
	} {
		if claims[name] != want {
			t.Errorf("%s is %v, want %v", name, claims[name], want)
		}
	}
	for _, name := range []string{"scp", "roles"} {
		if _, ok := claims[name]; ok {
			t.Errorf("an app's token has %s", name)
		}
	}
	if parsed.Header["alg"] != "RS256" || parsed.Header["kid"] == "" {
		t.Errorf("header %v", parsed.Header)
	}
	// The published key verifies the token.
	resp := b.get("/" + c.TenantID + "/discovery/v2.0/keys")
	keys := decode[struct{ Keys []entra.JSONWebKey }](t, resp.body)
	if len(keys.Keys) != 1 || keys.Keys[0].ID != parsed.Header["kid"] {
		t.Errorf("keys %+v", keys)
	}
}

func TestMetadata(t *testing.T) {
	b := newHarness(t, Options{})
	c, _ := b.s.Credential(AppPractice)
	for _, tenant := range []string{c.TenantID, Domain} {
		r := b.get("/" + tenant + "/v2.0/.well-known/openid-configuration")
		m := decode[map[string]any](t, r.body)
		if r.status != 200 || m["issuer"] != b.s.LoginURL()+"/"+c.TenantID+"/v2.0" || m["token_endpoint"] != b.s.LoginURL()+"/"+c.TenantID+"/oauth2/v2.0/token" {
			t.Errorf("metadata of %s: %d %s", tenant, r.status, r.body)
		}
	}
	for tenant, code := range map[string]int{tenant.NewGUID(): 90002, "no tenant": 900023} {
		r := b.get("/" + url.PathEscape(tenant) + "/v2.0/.well-known/openid-configuration")
		if e := decode[entra.ErrorBody](t, r.body); r.status != 400 || !slices.Equal(e.Codes, []int{code}) {
			t.Errorf("metadata of %q: %d %s", tenant, r.status, r.body)
		}
	}
	if r := b.form("/"+Domain+"/v2.0/.well-known/openid-configuration", nil); r.status != 405 {
		t.Errorf("POST of metadata: %d", r.status)
	}
	if r := b.get("/" + Domain + "/nothing"); r.status != 404 {
		t.Errorf("unknown path: %d", r.status)
	}
}

// MSAL turns the answers into errors that carry the code.
func TestMSALErrors(t *testing.T) {
	b := newHarness(t, Options{})
	good, _ := b.s.Credential(AppPractice)
	wrong := good
	wrong.ClientSecret = "wrong"
	elsewhere := good
	elsewhere.TenantID = tenant.NewGUID()
	for code, c := range map[string]Credential{"AADSTS7000215": wrong, "AADSTS90002": elsewhere} {
		_, err := b.msal(c).AcquireTokenByCredential(context.Background(), []string{entra.Resource + "/.default"})
		var call msalerrors.CallErr
		if !errors.As(err, &call) || !strings.Contains(err.Error(), code) {
			t.Errorf("%s: MSAL says %v", code, err)
		}
	}
}

func TestRefreshInAndLife(t *testing.T) {
	b := newHarness(t, Options{TokenLife: 20 * time.Minute, RefreshIn: 10 * time.Minute})
	c, _ := b.s.Credential(AppPractice)
	var body map[string]any
	if err := json.Unmarshal([]byte(b.form("/"+Domain+"/oauth2/v2.0/token", clientForm(c)).body), &body); err != nil {
		t.Fatal(err)
	}
	if body["expires_in"] != 1200.0 || body["refresh_in"] != 600.0 || body["token_type"] != "Bearer" {
		t.Errorf("token answer: %v", body)
	}
}

// What an administrator does to an app shows at the next sign-in.
func TestAppChanges(t *testing.T) {
	b := newHarness(t, Options{})
	c, err := b.s.AddApp("Nightly")
	if err != nil {
		t.Fatal(err)
	}
	token := "/" + c.TenantID + "/oauth2/v2.0/token"
	want := func(what, contains string) {
		t.Helper()
		if r := b.form(token, clientForm(c)); !strings.Contains(r.body, contains) {
			t.Errorf("%s: %s, want %s", what, r.body, contains)
		}
	}
	want("new", `"access_token"`)
	if c.ClientSecret, err = b.s.AddSecret(c.ClientID, b.clock.now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	want("another secret", `"access_token"`)
	b.clock.add(time.Hour)
	want("that secret, expired", "AADSTS7000222")
	if err := b.s.SetAppDisabled(c.ClientID, true); err != nil {
		t.Fatal(err)
	}
	want("disabled", "AADSTS7000112")
	if _, err := b.s.AddApp("nightly"); err == nil {
		t.Error("two apps of one name")
	}
	if b.s.SetAppDisabled(tenant.NewGUID(), true) == nil {
		t.Error("an unknown app was disabled")
	}
	id, err := b.s.AddWorkspace("Third")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.s.SetRole(id, c.ClientID, RoleMember); err != nil {
		t.Fatal(err)
	}
	if got := b.s.State().Tenants[0].Workspaces[2].Roles["Nightly"]; got != RoleMember {
		t.Errorf("role %q", got)
	}
}
