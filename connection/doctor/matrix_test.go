package doctor_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/connection/network"
	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
)

// fault is one trouble of the matrix: what is broken, and what the doctor must say.
type fault struct {
	name   string
	app    string // "" is the one that works
	broken func(*clinic, *doctor.Subject)
	check  string // the one that names it
	status doctor.Status
	says   string // part of its evidence
	remedy string // part of its remedy
	who    string
}

func entraFault(code int, name, text string) func(*clinic, *doctor.Subject) {
	return func(c *clinic, _ *doctor.Subject) {
		c.service.Faults().Add(faults.Fault{Operation: faults.OpToken, Status: 400, Times: -1,
			Body: fmt.Sprintf(`{"error":%q,"error_description":"AADSTS%d: %s Trace ID: t Correlation ID: c0ffee00-0000-4000-8000-000000000000 Timestamp: 2026-11-23 10:00:00Z","error_codes":[%d],"correlation_id":"c0ffee00-0000-4000-8000-000000000000"}`, name, code, text, code)})
	}
}

func apiFault(f faults.Fault) func(*clinic, *doctor.Subject) {
	return func(c *clinic, _ *doctor.Subject) {
		f.Times = -1
		c.service.Faults().Add(f)
	}
}

// proxied sends everything through a proxy that answers with a status.
func proxied(status int, offers ...string) func(*clinic, *doctor.Subject) {
	return func(c *clinic, s *doctor.Subject) {
		p := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for _, o := range offers {
				w.Header().Add("Proxy-Authenticate", o)
			}
			w.WriteHeader(status)
		}))
		c.Cleanup(p.Close)
		s.Network = network.Settings{Mode: network.Explicit, ProxyURL: p.URL}
	}
}

func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "https://" + l.Addr().String()
}

var matrix = []fault{
	// What was typed.
	{name: "No tenant ID", broken: func(_ *clinic, s *doctor.Subject) { s.Connection.TenantID = "" }, check: doctor.Format, status: doctor.Fail, says: "tenant ID is missing", remedy: "Directory (tenant) ID", who: "you"},
	{name: "Client ID is no GUID", broken: func(_ *clinic, s *doctor.Subject) { s.Connection.ClientID = "my app" }, check: doctor.Format, status: doctor.Fail, says: "not a GUID", remedy: "Application (client) ID", who: "you"},
	{name: "Secret ID in place of the Value", broken: func(_ *clinic, s *doctor.Subject) { s.Credential = secret(unknownID) }, check: doctor.Secret, status: doctor.Warn, says: "Secret ID", remedy: "column Value", who: "you"},
	{name: "No secret", broken: func(_ *clinic, s *doctor.Subject) { s.Credential = secret("") }, check: doctor.Secret, status: doctor.Fail, says: "secret is missing", remedy: "Value", who: "you"},

	// The network.
	{name: "DNS: host unknown", broken: func(_ *clinic, s *doctor.Subject) { s.Endpoints.LoginURL = "https://login.pushdesk.invalid" }, check: doctor.Network, status: doctor.Fail, says: "login.pushdesk.invalid", remedy: "VPN", who: "your network team"},
	{name: "Login host refuses", broken: func(c *clinic, s *doctor.Subject) { s.Endpoints.LoginURL = closedPort(c.T) }, check: doctor.Network, status: doctor.Fail, says: "refuses connections", remedy: "firewall", who: "your network team"},
	{name: "API host refuses", broken: func(c *clinic, s *doctor.Subject) { s.Endpoints.APIURL = closedPort(c.T) }, check: doctor.Network, status: doctor.Fail, says: "refuses connections", remedy: "firewall", who: "your network team"},
	{name: "TLS by an unknown authority", broken: func(_ *clinic, s *doctor.Subject) { s.Endpoints.CAPEM = nil }, check: doctor.Network, status: doctor.Fail, says: "does not trust the certificate", remedy: "root certificate", who: "your network team"},
	{name: "No TLS at all", broken: func(c *clinic, s *doctor.Subject) {
		p := httptest.NewServer(http.NotFoundHandler())
		c.Cleanup(p.Close)
		s.Endpoints.LoginURL = strings.Replace(p.URL, "http:", "https:", 1)
	}, check: doctor.Network, status: doctor.Fail, says: "No secure connection", remedy: "network team", who: "your network team"},
	{name: "Proxy wants a password (407)", broken: proxied(407, `Basic realm="x"`), check: doctor.Network, status: doctor.Fail, says: "requires a user name and a password", remedy: "network settings", who: "your network team"},
	{name: "Proxy requires a Windows sign-in", broken: proxied(407, "NTLM", "Negotiate"), check: doctor.Network, status: doctor.Fail, says: "Windows sign-in (NTLM, Negotiate)", remedy: "a user name and a password", who: "your network team"},
	{name: "Proxy forbids the host", broken: proxied(403), check: doctor.Network, status: doctor.Fail, says: "does not connect to", remedy: "proxy's address", who: "your network team"},
	{name: "Captive portal (HTML)", broken: apiFault(faults.Fault{Operation: faults.OpMetadata, Status: 200, Body: "<html>Welcome to the Wi-Fi", Header: map[string]string{"Content-Type": "text/html"}}), check: doctor.Tenant, status: doctor.Fail, says: "returned a web page", remedy: "sign in to the network", who: "your network team"},
	{name: "Captive portal for everything (HTML)", broken: func(c *clinic, s *doctor.Subject) {
		p := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<html>Welcome to the Wi-Fi"))
		}))
		c.Cleanup(p.Close)
		s.Endpoints.LoginURL, s.Endpoints.APIURL, s.Endpoints.CAPEM = p.URL, p.URL, pemOf(p)
	}, check: doctor.Network, status: doctor.Fail, says: "returned a web page", remedy: "sign in to the network", who: "your network team"},
	{name: "Login host with a page of its own", broken: func(c *clinic, s *doctor.Subject) {
		apiFault(faults.Fault{Operation: faults.OpUnknown, Status: 302, Header: map[string]string{"Location": "https://www.office.com/", "Content-Type": "text/html"}})(c, s)
		s.Connection.ClientID = unknownID
	}, check: doctor.App, status: doctor.Fail, says: "does not know this app", remedy: "client ID", who: "you"},
	{name: "Clock an hour off", broken: apiFault(faults.Fault{Operation: faults.OpUnknown, Status: 404, Header: map[string]string{"Date": time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)}}), check: doctor.Clock, status: doctor.Warn, says: "minutes behind", remedy: "set its clock", who: "you"},

	// Entra.
	{name: "Tenant unknown (90002)", broken: func(_ *clinic, s *doctor.Subject) { s.Connection.TenantID = unknownID }, check: doctor.Tenant, status: doctor.Fail, says: "no such tenant", remedy: "Check the tenant ID", who: "you"},
	{name: "Wrong cloud", broken: func(_ *clinic, s *doctor.Subject) {
		s.Connection.TenantID = unknownID
		s.Propose = proposeHigh
	}, check: doctor.Tenant, status: doctor.Fail, says: "it belongs to US Government (GCC High)", remedy: "Choose the cloud US Government (GCC High)", who: "you"},
	{name: "App not in the tenant (700016)", broken: func(_ *clinic, s *doctor.Subject) { s.Connection.ClientID = unknownID }, check: doctor.App, status: doctor.Fail, says: "does not know this app", remedy: "not the Object ID", who: "you"},
	{name: "No service principal (7000229)", app: practice.AppNoPrincipal, check: doctor.App, status: doctor.Fail, says: "no enterprise application", remedy: "An admin of the tenant", who: "your Entra administrator"},
	{name: "App disabled (7000112)", app: practice.AppDisabled, check: doctor.App, status: doctor.Fail, says: "disabled", remedy: "enable sign-in", who: "your Entra administrator"},
	{name: "Wrong secret (7000215)", broken: func(_ *clinic, s *doctor.Subject) { s.Credential = secret("abc8Q~this-is-not-the-secret-of-the-app.") }, check: doctor.Token, status: doctor.Fail, says: "secret is wrong", remedy: "Value", who: "the app's owner"},
	{name: "Secret expired (7000222)", app: practice.AppExpired, check: doctor.Token, status: doctor.Fail, says: "expired", remedy: "new client secret", who: "the app's owner"},
	{name: "Certificate not uploaded (700027)", broken: func(c *clinic, s *doctor.Subject) {
		c.certificate(s)
		entraFault(700027, "invalid_client", "The certificate with identifier used to sign the client assertion is not registered on application.")(c, s)
	}, check: doctor.Token, status: doctor.Fail, says: "certificate is not accepted", remedy: "Upload this certificate", who: "the app's owner"},
	{name: "No consent (65001)", broken: entraFault(65001, "invalid_grant", "The user or administrator has not consented to use the application."), check: doctor.Token, status: doctor.Fail, says: "No one has consented", remedy: "grant consent", who: "your Entra administrator"},
	{name: "Resource unknown (500011)", broken: entraFault(500011, "invalid_resource", "The resource principal was not found in the tenant."), check: doctor.Token, status: doctor.Fail, says: "does not know Power BI", remedy: "Check the cloud", who: "you"},
	{name: "Conditional Access (53003)", broken: entraFault(53003, "access_denied", "Access has been blocked by Conditional Access policies."), check: doctor.Token, status: doctor.Fail, says: "Conditional Access", remedy: "correlation ID", who: "your Entra administrator"},
	{name: "Tenant restrictions (500021)", broken: entraFault(500021, "access_denied", "Access to tenant is denied."), check: doctor.Token, status: doctor.Fail, says: "some tenants only", remedy: "allow this tenant", who: "your network team"},
	{name: "A number nobody knows", broken: entraFault(999999, "weird_error", "Something new happened."), check: doctor.Token, status: doctor.Fail, says: "Something new happened", remedy: "app's owner", who: "the app's owner"},
	{name: "Entra down", broken: apiFault(faults.Fault{Operation: faults.OpToken, Status: 503}), check: doctor.Token, status: doctor.Warn, says: "temporarily unavailable", remedy: "Nothing is wrong with the connection", who: ""},
	{name: "Entra throttles", broken: apiFault(faults.Fault{Operation: faults.OpToken, Status: 429, RetryAfter: 90}), check: doctor.Token, status: doctor.Warn, says: "busy", remedy: "1 min 30 s", who: ""},
	{name: "Entra throttles by number (90055)", broken: entraFault(90055, "invalid_request", "The service is busy."), check: doctor.Token, status: doctor.Warn, says: "busy", remedy: "Nothing is wrong with the connection", who: ""},
	{name: "Resource of another cloud (custom addresses)", broken: func(c *clinic, s *doctor.Subject) {
		high, _ := connection.CloudGCCHigh.Endpoints()
		s.Endpoints.Resource = high.Resource
		tenantIn("microsoftonline.com")(c, s)
	}, check: doctor.Tenant, status: doctor.Warn, says: "belongs to the cloud Public, and the connection to US Government (GCC High)", remedy: "Choose the cloud Public", who: "you"},
	{name: "Token is over by this clock", broken: token(jwt.MapClaims{"exp": time.Now().Add(-time.Hour).Unix()}), check: doctor.Claims, status: doctor.Warn, says: "already expired", remedy: "clock", who: "you"},
	{name: "Token of another cloud", broken: token(jwt.MapClaims{"aud": "https://analysis.usgovcloudapi.net/powerbi/api"}), check: doctor.Claims, status: doctor.Fail, says: "US Government (GCC)", remedy: "Choose the cloud US Government (GCC)", who: "you"},
	{name: "Signed in without Dataset.ReadWrite.All", broken: token(jwt.MapClaims{"idtyp": "user", "scp": "Workspace.Read.All"}), check: doctor.Permission, status: doctor.Fail, says: "Dataset.ReadWrite.All is not among", remedy: "consent", who: "your Entra administrator"},
	{name: "Secret ends in 10 days", broken: func(_ *clinic, s *doctor.Subject) {
		s.Connection.Expires = connection.DayOf(time.Now().AddDate(0, 0, 10))
	}, check: doctor.Expiry, status: doctor.Warn, says: "expires in 10 days", remedy: "new one", who: "the app's owner"},

	// Power BI.
	{name: "Tenant setting off", broken: func(c *clinic, _ *doctor.Subject) { c.service.SetServicePrincipalsAllowed(false) }, check: doctor.API, status: doctor.Fail, says: "does not let this app use", remedy: "Service principals can call Fabric public APIs", who: "your Power BI administrator"},
	{name: "Not in the security group", broken: func(c *clinic, _ *doctor.Subject) {
		other, _ := c.service.Credential(practice.AppViewer)
		c.service.LimitServicePrincipals(other.ClientID)
	}, check: doctor.API, status: doctor.Fail, says: "does not let this app use", remedy: "security groups", who: "your Power BI administrator"},
	{name: "Tenant setting off (in the details only)", broken: apiFault(faults.Fault{Operation: faults.OpGroups, Status: 403, Body: `{"error":{"code":"GeneralException","pbi.error":{"code":"GeneralException","details":[{"code":"DetailsMessage","detail":{"type":1,"value":"ServicePrincipalIsNotAllowedByTenantAdminSwitch"}}]}}}`}), check: doctor.API, status: doctor.Fail, says: "does not let this app use", remedy: "Allow service principals to use Power BI APIs", who: "your Power BI administrator"},
	{name: "Refused without a word (401)", broken: apiFault(faults.Fault{Operation: faults.OpGroups, Status: 401}), check: doctor.API, status: doctor.Fail, says: "does not let this app list the workspaces", remedy: "Service principals can call Fabric public APIs", who: "your Power BI administrator"},
	{name: "Conditional Access at Power BI (claims)", broken: apiFault(faults.Fault{Operation: faults.OpGroups, Status: 401, Header: map[string]string{"WWW-Authenticate": `Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7InZhbHVlIjoiMSJ9fX0="`}}), check: doctor.API, status: doctor.Fail, says: "stronger sign-in for Power BI", remedy: "exception", who: "your Entra administrator"},
	{name: "Signed in, but Power BI refuses", broken: func(c *clinic, s *doctor.Subject) {
		token(jwt.MapClaims{"idtyp": "user", "scp": "Dataset.ReadWrite.All Workspace.Read.All"})(c, s)
		apiFault(faults.Fault{Operation: faults.OpGroups, Status: 401})(c, s)
	}, check: doctor.API, status: doctor.Fail, says: "does not let this account list", remedy: "licence", who: "your Power BI administrator"},
	{name: "My workspace path", broken: apiFault(faults.Fault{Operation: faults.OpGroups, Status: 403, Body: `{"Message":"API is not accessible for application"}`}), check: doctor.API, status: doctor.Fail, says: "does not let apps use its API here", remedy: "never in My workspace", who: "your Power BI administrator"},
	{name: "Token for another cloud", broken: apiFault(faults.Fault{Operation: faults.OpGroups, Status: 403, ErrorInfo: "InvalidToken"}), check: doctor.API, status: doctor.Fail, says: "does not accept the sign-in", remedy: "cloud", who: "you"},
	{name: "Power BI down", broken: apiFault(faults.Fault{Operation: faults.OpGroups, Status: 503}), check: doctor.API, status: doctor.Warn, says: "not available right now", remedy: "try again", who: ""},
	{name: "Power BI throttles", broken: apiFault(faults.Fault{Operation: faults.OpGroups, Status: 429, RetryAfter: 3600}), check: doctor.API, status: doctor.Warn, says: "1 h", remedy: "Nothing is wrong", who: ""},
	{name: "Power BI throttles the lists", broken: apiFault(faults.Fault{Operation: faults.OpDatasets, Status: 429, RetryAfter: 3600}), check: doctor.Limits, status: doctor.Warn, says: "1 h", remedy: "Nothing is wrong", who: ""},
	{name: "No role in any workspace", app: practice.AppNoWorkspace, check: doctor.Workspace, status: doctor.Fail, says: "a role in none", remedy: "service principal OID", who: "a workspace administrator"},
	{name: "Workspace misspelled", broken: func(_ *clinic, s *doctor.Subject) { s.Workspace = "Practise workspace" }, check: doctor.Workspace, status: doctor.Fail, says: "no workspace “Practise workspace”", remedy: "Did you mean “Practice workspace”?", who: "you"},
	{name: "Members not shown (404)", broken: apiFault(faults.Fault{Operation: faults.OpGroupUsers, Status: 404, Body: `{"error":{"code":"PowerBIEntityNotFound"}}`}), check: doctor.Role, status: doctor.Skipped, says: "may not see who has a role", remedy: "trial dataset proves", who: ""},
	{name: "Viewer", app: practice.AppViewer, check: doctor.Role, status: doctor.Fail, says: "Viewer cannot create or push", remedy: "Contributor", who: "a workspace administrator"},
	{name: "Datasets refused", broken: apiFault(faults.Fault{Operation: faults.OpDatasets, Status: 401, ErrorInfo: "GroupNotAccessible"}), check: doctor.Datasets, status: doctor.Fail, says: "no role in the workspace", remedy: "Contributor", who: "a workspace administrator"},
	{name: "Dataset deleted", broken: func(_ *clinic, s *doctor.Subject) { s.Dataset = "Depots" }, check: doctor.Target, status: doctor.Fail, says: "There is no dataset “Depots”", remedy: "Check the name", who: "you"},
	{name: "Dataset not push-capable", broken: func(_ *clinic, s *doctor.Subject) { s.Dataset = "Budget model" }, check: doctor.Target, status: doctor.Fail, says: "rows cannot be pushed into it", remedy: "Choose a push dataset", who: "you"},
	{name: "Table renamed", broken: func(c *clinic, s *doctor.Subject) {
		makeDataset(c)
		s.Dataset, s.Table = "Stock", "Old name"
	}, check: doctor.Target, status: doctor.Fail, says: "There is no table “Old name”", remedy: "Check the name", who: "you"},
	{name: "Columns changed meanwhile", broken: func(c *clinic, s *doctor.Subject) {
		fillDataset(c)
		s.Dataset, s.Table = "Stock", "Depots"
		s.Remembers = func(string, string) []powerbi.Column {
			return []powerbi.Column{{Name: "n", DataType: powerbi.Int64}, {Name: "Depot", DataType: powerbi.String}}
		}
	}, check: doctor.Target, status: doctor.Warn, says: "have changed since this computer last sent rows: gone: Depot", remedy: "columns of the upload", who: "you"},
	{name: "Rows of the hour used up", broken: func(c *clinic, s *doctor.Subject) {
		makeDataset(c)
		s.Dataset = "Stock"
		s.Sent = func(string) (doctor.Sent, bool) {
			return doctor.Sent{RowsLastHour: 990_000, RequestsLastMinute: 99}, true
		}
	}, check: doctor.Limits, status: doctor.Warn, says: "990,000 of 1,000,000 rows", remedy: "waits and continues automatically", who: ""},
	{name: "Creation ended in this tenant", broken: func(c *clinic, s *doctor.Subject) {
		c.service.SetCreationAllowed(false)
		s.Trial = &doctor.Trial{Journal: filepath.Join(c.TempDir(), "probes")}
	}, check: doctor.TrialDataset, status: doctor.Fail, says: "can no longer create", remedy: "existing push dataset", who: "your Power BI administrator"},
	{name: "An answer nobody knows", broken: apiFault(faults.Fault{Operation: faults.OpGroups, Status: 418, Body: `{"error":{"code":"Teapot","message":"short and stout"}}`}), check: doctor.API, status: doctor.Fail, says: "status 418", remedy: "details", who: ""},
}

// forThem reports whether a letter asks its reader for something that the reader can do:
// not to ask somebody, nor for what only the user can do in the program.
func forThem(body string) bool {
	_, asked, ok := strings.Cut(body, "Could you please do the following?")
	asked, _, _ = strings.Cut(asked, "What it is about:")
	for _, word := range []string{"Ask ", "ask the", "ask an", "ask a ", "network settings", "paste its Value here", "Sign in again", "Check the name", "{"} {
		ok = ok && !strings.Contains(asked, word)
	}
	return ok && strings.TrimSpace(asked) != ""
}

// token makes Entra issue a token with other claims.
func token(change jwt.MapClaims) func(*clinic, *doctor.Subject) {
	return func(c *clinic, s *doctor.Subject) {
		claims := jwt.MapClaims{"aud": c.service.Resource(), "tid": c.app.TenantID, "appid": c.app.ClientID, "oid": c.app.ObjectID,
			"idtyp": "app", "exp": time.Now().Add(time.Hour).Unix()}
		maps.Copy(claims, change)
		signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("any key"))
		if err != nil {
			c.Fatal(err)
		}
		apiFault(faults.Fault{Operation: faults.OpToken, Status: 200, Body: fmt.Sprintf(`{"token_type":"Bearer","expires_in":3599,"access_token":%q}`, signed)})(c, s)
	}
}

// tenantIn makes the login host say in whose cloud the tenant is.
func tenantIn(instance string) func(*clinic, *doctor.Subject) {
	return func(c *clinic, s *doctor.Subject) {
		at := c.service.LoginURL() + "/" + c.app.TenantID
		apiFault(faults.Fault{Operation: faults.OpMetadata, Status: 200, Body: fmt.Sprintf(
			`{"issuer":"%[1]s/v2.0","authorization_endpoint":"%[1]s/oauth2/v2.0/authorize","token_endpoint":"%[1]s/oauth2/v2.0/token","cloud_instance_name":%[2]q}`, at, instance)})(c, s)
	}
}

// fillDataset makes Stock and adds a row, which tells the columns.
func fillDataset(c *clinic) {
	makeDataset(c)
	workspace, err := c.service.WorkspaceID(practice.Workspace)
	if err != nil {
		c.Fatal(err)
	}
	list, err := c.client().Datasets(c.Context(), workspace)
	if err != nil {
		c.Fatal(err)
	}
	for _, d := range list {
		if d.Name == "Stock" {
			if _, err := c.client().AddRows(c.Context(), workspace, d.ID, "Depots", []byte(`{"rows":[{"n":1}]}`)); err != nil {
				c.Fatal(err)
			}
		}
	}
}

// makeDataset makes the push dataset Stock with the table Depots.
func makeDataset(c *clinic) {
	id, err := c.service.WorkspaceID(practice.Workspace)
	if err != nil {
		c.Fatal(err)
	}
	_, err = c.client().CreateDataset(c.Context(), id, powerbi.DatasetSchema{Name: "Stock", Tables: []powerbi.Table{{Name: "Depots", Columns: []powerbi.Column{{Name: "n", DataType: powerbi.Int64}}}}}, "")
	if err != nil {
		c.Fatal(err)
	}
}

// TestMatrix seeds every trouble and looks whether it is named as what it is, with
// the right person to put it right. make doctor-matrix prints the table.
func TestMatrix(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil || !strings.Contains(string(readme), fmt.Sprintf("breaks it in %d ways", len(matrix))) {
		t.Errorf("the README does not say that there are %d faults: %v", len(matrix), err)
	}
	var mu sync.Mutex
	lines := make([]string, len(matrix))
	t.Run("faults", func(t *testing.T) {
		for i, f := range matrix {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				app := f.app
				if app == "" {
					app = practice.AppPractice
				}
				c := open(t, app)
				s := c.subject(practice.Workspace)
				if f.broken != nil {
					f.broken(c, &s)
				}
				r := doctor.RunWithin(t.Context(), 3*time.Second, s, nil)
				got := at(t, r, f.check)
				remedy := strings.ReplaceAll(f.remedy, "OID", c.app.ObjectID)
				if got.Status != f.status || !strings.Contains(got.Evidence, f.says) || !strings.Contains(got.Remedy, remedy) || got.Who != f.who {
					t.Errorf("%s is %s: %q\nremedy %q\nwho %q\n%s", got.ID, got.Status, got.Evidence, got.Remedy, got.Who, r.Text())
				}
				if r.Ready != (r.Verdict != doctor.Fail && !r.Unproven && r.Checks[len(r.Checks)-1].Evidence[:3] != "Not") {
					t.Errorf("ready: %v, though %s: %s", r.Ready, r.Verdict, r.Summary)
				}
				if want := f.check == doctor.Role && f.status == doctor.Skipped; r.Unproven && !want && r.Verdict != doctor.Fail || want && !r.Unproven {
					t.Errorf("unproven: %v, though %s", r.Unproven, r.Summary)
				}
				if f.status == doctor.Fail && r.Verdict != doctor.Fail {
					t.Errorf("verdict %s", r.Verdict)
				}
				letter, ok := r.Letter()
				if another := f.status == doctor.Fail && f.who != "" && f.who != "you"; another && (!ok || letter.To != f.who || !forThem(letter.Body)) {
					t.Errorf("the letter is to %q: %s", letter.To, letter.Body)
				}
				wellFormed(t, r)
				mu.Lock()
				defer mu.Unlock()
				who := got.Who
				if who == "" {
					who = "-"
				}
				lines[i] = fmt.Sprintf("%s\t%s\t%s\t%s\t%s", f.name, got.ID, got.Status, who, got.Evidence)
			})
		}
	})
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "FAULT\tCHECK\tSTATUS\tWHO\tWHAT THE DOCTOR SAYS")
	for _, l := range lines {
		fmt.Fprintln(w, l)
	}
	w.Flush()
	t.Logf("%d faults, each named:\n\n%s", len(matrix), table.String())
}

func proposeHigh(context.Context) (connection.Cloud, bool) { return connection.CloudGCCHigh, true }
