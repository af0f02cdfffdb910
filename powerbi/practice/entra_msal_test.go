package practice

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"html"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi/practice/entra"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/tenant"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
	"github.com/golang-jwt/jwt/v5"
)

// certificateFor makes a self-signed certificate, as people upload to an app.
func certificateFor(t *testing.T) (*x509.Certificate, *rsa.PrivateKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "app"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

func TestCertificateLogin(t *testing.T) {
	b := newHarness(t, Options{})
	app, err := b.s.AddApp("With a certificate")
	if err != nil {
		t.Fatal(err)
	}
	cert, key := certificateFor(t)
	login := func() (string, error) {
		cred, err := confidential.NewCredFromCert([]*x509.Certificate{cert}, key)
		if err != nil {
			t.Fatal(err)
		}
		c, err := confidential.New(b.s.LoginURL()+"/"+app.TenantID, app.ClientID, cred,
			confidential.WithHTTPClient(b.hc), confidential.WithInstanceDiscovery(false))
		if err != nil {
			t.Fatal(err)
		}
		res, err := c.AcquireTokenByCredential(context.Background(), []string{entra.Resource + "/.default"})
		return res.AccessToken, err
	}
	if _, err := login(); err == nil || !strings.Contains(err.Error(), "AADSTS700027") {
		t.Errorf("a certificate nobody registered: %v", err)
	}
	if err := b.s.AddCertificate(app.ClientID, cert); err != nil {
		t.Fatal(err)
	}
	token, err := login()
	if err != nil {
		t.Fatal(err)
	}
	if claims := claimsOf(t, token); claims["appidacr"] != "2" || claims["appid"] != app.ClientID {
		t.Errorf("claims %v", claims)
	}
	b.clock.add(time.Hour) // the assertion is valid for minutes
	if _, err := login(); err == nil || !strings.Contains(err.Error(), "AADSTS700024") {
		t.Errorf("a clock an hour off: %v", err)
	}
}

// An assertion with the thumbprint of a registered certificate but signed with
// another key is refused, and so is one for another audience.
func TestForgedAssertion(t *testing.T) {
	b := newHarness(t, Options{})
	app, _ := b.s.Credential(AppPractice)
	cert, key := certificateFor(t)
	_, otherKey := certificateFor(t)
	if err := b.s.AddCertificate(app.ClientID, cert); err != nil {
		t.Fatal(err)
	}
	thumbprint := sha256.Sum256(cert.Raw)
	for _, c := range []struct {
		name     string
		key      *rsa.PrivateKey
		audience string
		issuer   string
		want     string
	}{
		{"good", key, b.s.LoginURL() + "/x", app.ClientID, `"access_token"`},
		{"forged", otherKey, b.s.LoginURL() + "/x", app.ClientID, "AADSTS700027"},
		{"other audience", key, "https://login.example.com/x", app.ClientID, "AADSTS700027"},
		{"other app", key, b.s.LoginURL() + "/x", tenant.NewGUID(), "AADSTS700027"},
	} {
		token := jwt.NewWithClaims(jwt.SigningMethodPS256, jwt.MapClaims{"aud": c.audience, "iss": c.issuer, "sub": c.issuer,
			"jti": tenant.NewGUID(), "nbf": b.clock.now().Unix(), "exp": b.clock.now().Add(time.Minute).Unix()})
		token.Header["x5t#S256"] = base64.RawURLEncoding.EncodeToString(thumbprint[:])
		signed, err := token.SignedString(c.key)
		if err != nil {
			t.Fatal(err)
		}
		f := clientForm(app)
		f.Del("client_secret")
		f.Set("client_assertion", signed)
		if r := b.form("/"+Domain+"/oauth2/v2.0/token", f); !strings.Contains(r.body, c.want) {
			t.Errorf("%s: %s, want %s", c.name, r.body, c.want)
		}
	}
}

func claimsOf(t *testing.T, token string) jwt.MapClaims {
	t.Helper()
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

// With instance discovery on, MSAL asks a host it knows which hosts are one.
// Here the service answers under the name of that host.
func TestInstanceDiscovery(t *testing.T) {
	const host = "login.microsoftonline.com"
	b := newHarness(t, Options{Hosts: []string{host}})
	c, _ := b.s.Credential(AppPractice)
	cred, err := confidential.NewCredFromSecret(c.ClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	for _, authority := range []string{"https://" + host, b.s.LoginURL()} {
		client, err := confidential.New(authority+"/"+c.TenantID, c.ClientID, cred, confidential.WithHTTPClient(b.hc))
		if err != nil {
			t.Fatal(err)
		}
		before := b.count(faults.OpToken)
		for range 2 {
			if _, err := client.AcquireTokenByCredential(context.Background(), []string{entra.Resource + "/.default"}); err != nil {
				t.Fatalf("%s: %v", authority, err)
			}
			if _, err := client.AcquireTokenByCredential(context.Background(), []string{entra.Resource + "/.default"}); err != nil {
				t.Fatalf("%s: %v", authority, err)
			}
		}
		if n := b.count(faults.OpToken) - before; n != 1 {
			t.Errorf("%s: %d token requests, want 1 and then the cache", authority, n)
		}
	}
	if b.count(faults.OpDiscovery) == 0 {
		t.Error("no instance discovery was asked for")
	}
	r := b.get("/common/discovery/instance?api-version=1.1&authorization_endpoint=" + url.QueryEscape("https://evil.example.com/x/oauth2/v2.0/authorize"))
	if e := decode[entra.ErrorBody](t, r.body); r.status != 400 || e.Error != "invalid_instance" {
		t.Errorf("discovery of an unknown host: %d %s", r.status, r.body)
	}
}

// signInClient makes a public client of MSAL for the ready-made sign-in app.
func (b *harness) signInClient() public.Client {
	b.t.Helper()
	c, _ := b.s.Credential(AppSignIn)
	client, err := public.New(c.ClientID, public.WithAuthority(b.s.LoginURL()+"/"+c.TenantID),
		public.WithHTTPClient(b.hc), public.WithInstanceDiscovery(false))
	if err != nil {
		b.t.Fatal(err)
	}
	return client
}

var userScopeList = []string{entra.Resource + "/Dataset.ReadWrite.All", entra.Resource + "/Workspace.Read.All"}

func TestDeviceCode(t *testing.T) {
	b := newHarness(t, Options{})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	client := b.signInClient()
	start := func() public.DeviceCode {
		d, err := client.AcquireTokenByDeviceCode(ctx, userScopeList)
		if err != nil {
			t.Fatal(err)
		}
		if d.Result.UserCode == "" || !strings.Contains(d.Result.Message, d.Result.UserCode) || !strings.HasPrefix(d.Result.VerificationURL, b.s.LoginURL()) {
			t.Fatalf("device code %+v", d.Result)
		}
		return d
	}
	d := start()
	// A person opens the page and types the code.
	page := b.form("/devicelogin", url.Values{"user_code": {"NOSUCHONE"}, "decision": {"accept"}})
	if !strings.Contains(page.body, "not known") {
		t.Errorf("page for a wrong code: %s", page.body)
	}
	page = b.form("/devicelogin", url.Values{"user_code": {strings.ToLower(d.Result.UserCode)}, "decision": {"accept"}})
	if !strings.Contains(page.body, "You are signed in") {
		t.Errorf("page: %s", page.body)
	}
	res, err := d.AuthenticationResult(ctx)
	if err != nil {
		t.Fatal(err)
	}
	claims := claimsOf(t, res.AccessToken)
	if claims["scp"] != "Dataset.ReadWrite.All Workspace.Read.All" || claims["idtyp"] != "user" || claims["appidacr"] != "0" || claims["upn"] != "alex@"+Domain {
		t.Errorf("claims %v", claims)
	}
	d = start()
	if err := b.s.DeclineDevice(d.Result.UserCode); err != nil {
		t.Fatal(err)
	}
	if _, err := d.AuthenticationResult(ctx); err == nil || !strings.Contains(err.Error(), "AADSTS70020") {
		t.Errorf("declined: %v", err)
	}
	d = start()
	b.clock.add(16 * time.Minute)
	if _, err := d.AuthenticationResult(ctx); err == nil || !strings.Contains(err.Error(), "AADSTS70019") {
		t.Errorf("expired: %v", err)
	}
	if err := b.s.ApproveDevice(d.Result.UserCode); err == nil {
		t.Error("an expired code could be approved")
	}
}

func TestDeviceCodePendingThenApproved(t *testing.T) {
	b := newHarness(t, Options{DevicePolls: 2})
	c, _ := b.s.Credential(AppSignIn)
	started := decode[map[string]any](t, b.form("/"+Domain+"/oauth2/v2.0/devicecode",
		url.Values{"client_id": {c.ClientID}, "scope": {strings.Join(userScopeList, " ")}}).body)
	poll := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "client_id": {c.ClientID}, "device_code": {started["device_code"].(string)}}
	for _, want := range []string{"authorization_pending", "authorization_pending", `"access_token"`, "bad_verification_code"} {
		if r := b.form("/"+Domain+"/oauth2/v2.0/token", poll); !strings.Contains(r.body, want) {
			t.Errorf("poll: %s, want %s", r.body, want)
		}
	}
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
var formAction = regexp.MustCompile(`<form id="(accept|decline|tell)" method="post" action="([^"]+)">`)

// browser does what a person's browser does: it reads the sign-in page and sends
// one of its forms to the program.
func (b *harness) browser(t *testing.T, which string) func(string) error {
	return func(address string) error {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		resp, err := b.hc.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		for _, part := range strings.Split(string(data), "</form>") {
			m := formAction.FindStringSubmatch(part)
			if m == nil || m[1] != which {
				continue
			}
			fields := url.Values{}
			for _, f := range hiddenField.FindAllStringSubmatch(part, -1) {
				fields.Set(html.UnescapeString(f[1]), html.UnescapeString(f[2]))
			}
			go func() {
				req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, html.UnescapeString(m[2]), strings.NewReader(fields.Encode()))
				if err != nil {
					t.Error(err)
					return
				}
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				if resp, err := http.DefaultClient.Do(req); err == nil {
					resp.Body.Close()
				}
			}()
			return nil
		}
		return errors.New("no form " + which + " in " + string(data))
	}
}

func TestBrowserSignInAndRefresh(t *testing.T) {
	b := newHarness(t, Options{})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	client := b.signInClient()
	res, err := client.AcquireTokenInteractive(ctx, userScopeList, public.WithOpenURL(b.browser(t, "accept")), public.WithRedirectURI("http://localhost"))
	if err != nil {
		t.Fatal(err)
	}
	if res.Account.PreferredUsername != "alex@"+Domain || res.Account.IsZero() {
		t.Errorf("account %+v", res.Account)
	}
	b.token = res.AccessToken
	b.want(200, "GET", "/groups", nil)
	// Other scopes are not in the cache, so the refresh token is used.
	silent := func() error {
		_, err := client.AcquireTokenSilent(ctx, []string{entra.Resource + "/Dataset.Read.All"}, public.WithSilentAccount(res.Account))
		return err
	}
	b.s.RevokeSignIns()
	if err := silent(); err == nil || !strings.Contains(err.Error(), "AADSTS50173") {
		t.Errorf("revoked refresh token: %v", err)
	}
	if res, err = client.AcquireTokenInteractive(ctx, userScopeList, public.WithOpenURL(b.browser(t, "accept")), public.WithRedirectURI("http://localhost")); err != nil {
		t.Fatal(err)
	}
	if err := silent(); err != nil {
		t.Errorf("refresh: %v", err)
	}
	_, err = client.AcquireTokenInteractive(ctx, userScopeList, public.WithOpenURL(b.browser(t, "decline")), public.WithRedirectURI("http://localhost"))
	if err == nil || !strings.Contains(html.UnescapeString(err.Error()), "AADSTS65004") {
		t.Errorf("declined: %v", err)
	}
	_, err = client.AcquireTokenInteractive(ctx, []string{entra.Resource + "/No.Such.Scope"}, public.WithOpenURL(b.browser(t, "tell")), public.WithRedirectURI("http://localhost"))
	if err == nil || !strings.Contains(html.UnescapeString(err.Error()), "AADSTS70011") {
		t.Errorf("unknown scope: %v", err)
	}
}

func TestAuthorizePage(t *testing.T) {
	b := newHarness(t, Options{})
	c, _ := b.s.Credential(AppSignIn)
	p := url.Values{"client_id": {c.ClientID}, "response_type": {"code"}, "redirect_uri": {"http://localhost:1234"}, "scope": {userScopeList[0]},
		"code_challenge": {"x"}, "code_challenge_method": {"S256"}, "state": {`"><script>`}, "practice": {"accept"}}
	page := b.get("/" + Domain + "/oauth2/v2.0/authorize?" + p.Encode()).body
	if !strings.Contains(page, `getElementById("accept").submit()`) || strings.Contains(page, `"><script>`) {
		t.Errorf("page: %s", page)
	}
	code := regexp.MustCompile(`name="code" value="([^"]+)"`).FindStringSubmatch(page)[1]
	redeem := url.Values{"grant_type": {"authorization_code"}, "client_id": {c.ClientID}, "code": {code}, "redirect_uri": {"http://localhost:1234"}, "code_verifier": {"y"}}
	if r := b.form("/"+Domain+"/oauth2/v2.0/token", redeem); !strings.Contains(r.body, "AADSTS501481") {
		t.Errorf("a verifier that does not fit: %s", r.body)
	}
	p.Set("redirect_uri", "https://evil.example.com")
	if r := b.get("/" + Domain + "/oauth2/v2.0/authorize?" + p.Encode()); r.status != 400 || !strings.Contains(r.body, "AADSTS50011") || strings.Contains(r.body, "<form") {
		t.Errorf("a foreign redirect: %d %s", r.status, r.body)
	}
}
