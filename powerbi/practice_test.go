package powerbi_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
)

// signer gets tokens from the practice service as any client would: by the
// client credentials grant.
type signer struct {
	hc       *http.Client
	login    string
	resource string
	app      practice.Credential

	mu      sync.Mutex
	token   string
	renewed int
	claims  string
}

func (s *signer) Token(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token == "" {
		return s.fetch(ctx)
	}
	return s.token, nil
}

func (s *signer) Renew(ctx context.Context, claims string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.renewed++
	s.claims = claims
	return s.fetch(ctx)
}

func (s *signer) fetch(ctx context.Context) (string, error) {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {s.app.ClientID},
		"client_secret": {s.app.ClientSecret}, "scope": {s.resource + "/.default"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.login+"/"+s.app.TenantID+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.hc.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var body struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		return "", err
	}
	if body.AccessToken == "" {
		return "", fmt.Errorf("the token endpoint answered %s", resp.Status)
	}
	s.token = body.AccessToken
	return s.token, nil
}

// bench is a practice service and a client of it.
type bench struct {
	*testing.T
	service   *practice.Service
	hc        *http.Client
	tokens    *signer
	client    *powerbi.Client
	workspace string
	waits     []time.Duration
}

func newBench(t *testing.T, app string, opts practice.Options) *bench {
	t.Helper()
	s, err := practice.Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.CAPEM())
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	t.Cleanup(transport.CloseIdleConnections)
	b := &bench{T: t, service: s, hc: &http.Client{Transport: transport, Timeout: 20 * time.Second}}
	credential, ok := s.Credential(app)
	if !ok {
		t.Fatalf("no credential %q", app)
	}
	b.tokens = &signer{hc: b.hc, login: s.LoginURL(), resource: s.Resource(), app: credential}
	b.client = powerbi.NewClient(s.APIURL(), b.tokens, b.hc)
	b.client.OnWait(func(d time.Duration) { b.waits = append(b.waits, d) })
	if b.workspace, err = s.WorkspaceID(practice.Workspace); err != nil {
		t.Fatal(err)
	}
	return b
}

var stock = powerbi.DatasetSchema{Name: "Depot stock", Tables: []powerbi.Table{{Name: "Stock", Columns: []powerbi.Column{
	{Name: "Depot", DataType: powerbi.String},
	{Name: "CountedOn", DataType: powerbi.DateTime},
	{Name: "Units", DataType: powerbi.Int64},
	{Name: "Value", DataType: powerbi.Decimal},
}}}}

// stock creates the dataset and gives its ID.
func (b *bench) stock() string {
	b.Helper()
	d, err := b.client.CreateDataset(b.Context(), b.workspace, stock, powerbi.RetentionNone)
	if err != nil {
		b.Fatal(err)
	}
	return d.ID
}

const oneRow = `{"rows":[{"Depot":"Gent","CountedOn":"2026-11-20T00:00:00","Units":42,"Value":1234.50}]}`

func TestMainPath(t *testing.T) {
	b := newBench(t, practice.AppPractice, practice.Options{})
	ctx := t.Context()
	workspaces, err := b.client.Workspaces(ctx)
	if err != nil || len(workspaces) != 2 {
		t.Fatalf("workspaces %v, %v", workspaces, err)
	}
	w, err := powerbi.FindWorkspace(workspaces, "practice WORKSPACE")
	if err != nil || w.ID != b.workspace {
		t.Fatalf("found %v, %v", w, err)
	}
	if one, err := b.client.Workspace(ctx, w.ID); err != nil || one.Name != practice.Workspace {
		t.Errorf("workspace %v, %v", one, err)
	}
	users, err := b.client.WorkspaceUsers(ctx, w.ID)
	if err != nil || len(users) != 3 || users[0].Identifier != b.tokens.app.ObjectID ||
		users[0].GroupUserAccessRight != "Admin" || users[0].PrincipalType != "App" {
		t.Errorf("users %+v, %v", users, err)
	}
	d, err := b.client.CreateDataset(ctx, w.ID, stock, powerbi.RetentionFIFO)
	if err != nil || d.ID == "" || d.DefaultRetentionPolicy != powerbi.RetentionFIFO || !d.AddRowsAPIEnabled {
		t.Fatalf("created %+v, %v", d, err)
	}
	if got, err := b.client.Dataset(ctx, w.ID, d.ID); err != nil || got != d {
		t.Errorf("dataset %+v, want %+v; %v", got, d, err)
	}
	datasets, err := b.client.Datasets(ctx, w.ID)
	if err != nil || len(datasets) != 2 {
		t.Errorf("datasets %+v, %v", datasets, err)
	}
	tables, err := b.client.Tables(ctx, w.ID, d.ID)
	if err != nil || len(tables) != 1 || tables[0].Name != "Stock" {
		t.Errorf("tables %+v, %v", tables, err)
	}
	if n, err := b.client.CountRows(ctx, w.ID, d.ID, "Stock"); n != 0 || err != nil {
		t.Errorf("an empty table has %d rows, %v", n, err)
	}
	for range 3 {
		if a, err := b.client.AddRows(ctx, w.ID, d.ID, "Stock", []byte(oneRow)); err != nil || a.RequestID == "" || a.Duration <= 0 {
			t.Fatalf("add rows: %+v, %v", a, err)
		}
	}
	if n, err := b.client.CountRows(ctx, w.ID, d.ID, "Stock"); n != 3 || err != nil {
		t.Errorf("%d rows, %v", n, err)
	}
	rows, err := b.client.SampleRows(ctx, w.ID, d.ID, "Stock", 2)
	want := map[string]any{"Depot": "Gent", "CountedOn": "2026-11-20T00:00:00", "Units": json.Number("42"), "Value": json.Number("1234.50")}
	if err != nil || len(rows) != 2 || fmt.Sprintf("%#v", rows[0]) != fmt.Sprintf("%#v", want) {
		t.Errorf("sample %#v, %v", rows, err)
	}
	wider := stock.Tables[0]
	wider.Columns = append(wider.Columns[:4:4], powerbi.Column{Name: "Checked", DataType: powerbi.Boolean})
	if err := b.client.UpdateTable(ctx, w.ID, d.ID, wider); err != nil {
		t.Errorf("update: %v", err)
	}
	if err := b.client.DeleteRows(ctx, w.ID, d.ID, "Stock"); err != nil {
		t.Errorf("delete rows: %v", err)
	}
	if n, _ := b.service.CountRows(w.ID, d.ID, "Stock"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if err := b.client.DeleteDataset(ctx, w.ID, d.ID); err != nil {
		t.Errorf("delete: %v", err)
	}
	if b.tokens.renewed != 0 {
		t.Errorf("%d renewals", b.tokens.renewed)
	}
}

// A token that expires between two batches costs one renewal and no row.
func TestTokenExpires(t *testing.T) {
	var now atomic.Pointer[time.Time]
	start := time.Now()
	now.Store(&start)
	b := newBench(t, practice.AppPractice, practice.Options{Now: func() time.Time { return *now.Load() }})
	id := b.stock()
	for i := range 3 {
		if _, err := b.client.AddRows(t.Context(), b.workspace, id, "Stock", []byte(oneRow)); err != nil {
			t.Fatal(err)
		}
		later := start.Add(time.Duration(i+1) * 2 * time.Hour)
		now.Store(&later)
	}
	if n, _ := b.service.CountRows(b.workspace, id, "Stock"); n != 3 || b.tokens.renewed != 2 {
		t.Errorf("%d rows, %d renewals", n, b.tokens.renewed)
	}
}

// Many senders share a client while tokens are revoked under them.
func TestManySenders(t *testing.T) {
	b := newBench(t, practice.AppPractice, practice.Options{Behavior: faults.Behavior{NoLimits: true}})
	id := b.stock()
	b.service.Faults().Add(faults.Fault{Operation: faults.OpRows, After: 10, RevokeTokens: true})
	var senders sync.WaitGroup
	for range 20 {
		senders.Go(func() {
			for range 3 {
				if _, err := b.client.AddRows(t.Context(), b.workspace, id, "Stock", []byte(oneRow)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	senders.Wait()
	if n, _ := b.service.CountRows(b.workspace, id, "Stock"); n != 60 || b.tokens.renewed == 0 {
		t.Errorf("%d rows, %d renewals", n, b.tokens.renewed)
	}
}
