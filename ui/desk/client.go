package desk

import (
	"bytes"
	"context"
	"net/http"
	"path/filepath"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push"
)

// client is a Power BI client that is kept while the connection stays the same,
// so that its token is asked for once.
type client struct {
	connection connection.Connection
	endpoints  connection.Endpoints
	credential connection.Credential
	network    connection.Network
	api        *powerbi.Client
}

// fits tells whether the client is still the right one. The practice service has
// another address and authority each time it starts.
func (k client) fits(c connection.Connection, e connection.Endpoints, given connection.Credential, n connection.Network) bool {
	return k.api != nil && k.credential.Same(given) && k.connection.SameLogin(c) && k.network.Equal(n) &&
		k.endpoints.LoginURL == e.LoginURL && k.endpoints.APIURL == e.APIURL && bytes.Equal(k.endpoints.CAPEM, e.CAPEM)
}

// Client gives the Power BI client of a connection.
func (d *Desk) Client(ctx context.Context, c connection.Connection) (*powerbi.Client, error) {
	c, endpoints, err := d.resolve(ctx, c)
	if err != nil {
		return nil, err
	}
	given, _, err := d.Credential(ctx, c)
	if err != nil {
		return nil, err
	}
	network, err := d.Network(ctx)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	kept := d.clients[c.ID]
	d.mu.Unlock()
	if kept.fits(c, endpoints, given, network) {
		return kept.api, nil
	}

	transport, err := connection.HTTPClient(endpoints, network)
	if err != nil {
		return nil, err
	}
	api, err := newClient(c, endpoints, given, transport)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	d.clients[c.ID] = client{connection: c, endpoints: endpoints, credential: given, network: network, api: api}
	d.mu.Unlock()
	return api, nil
}

func newClient(c connection.Connection, e connection.Endpoints, given connection.Credential, transport *http.Client) (*powerbi.Client, error) {
	tokens, err := connection.NewTokens(e, c.TenantID, c.ClientID, given, transport)
	if err != nil {
		return nil, err
	}
	api := powerbi.NewClient(e.APIURL, tokens, transport)
	if given.Kind.User() {
		api.ForPerson()
	}
	return api, nil
}

// resolve gives the addresses of a connection, starting the practice service
// where the connection leads to it.
func (d *Desk) resolve(ctx context.Context, c connection.Connection) (connection.Connection, connection.Endpoints, error) {
	if c.Cloud != connection.CloudPractice {
		e, err := c.Endpoints()
		return c, e, err
	}
	p, err := d.Practice(ctx)
	if err != nil {
		return c, connection.Endpoints{}, err
	}
	if c.Credential == connection.CredentialPractice {
		ready := p.Credentials()[0]
		c.TenantID, c.ClientID = ready.TenantID, ready.ClientID
	}
	return c, connection.Endpoints{LoginURL: p.LoginURL(), APIURL: p.APIURL(), Resource: p.Resource(), CAPEM: p.CAPEM(), GraphURL: p.APIURL(), GraphResource: practice.GraphResource}, nil
}

// TestOptions say what a test looks at beside the connection.
type TestOptions struct {
	Workspace string // name or ID; "" means the connection's default
	Dataset   string // to push into, or ""
	Table     string // of the dataset, or ""
	Probe     bool   // make a throw-away dataset: see doctor.ProbeAsks
}

// Test runs the doctor on a connection as it is in a form or in the file. A typed
// credential is used in place of the stored one.
func (d *Desk) Test(ctx context.Context, c connection.Connection, typed *connection.Credential, o TestOptions, on func(doctor.Check)) doctor.Report {
	resolved, endpoints, err := d.resolve(ctx, c)
	if err == nil {
		c = resolved
	}
	network, unread := d.Network(ctx)
	if o.Workspace == "" {
		o.Workspace = c.Workspace
	}
	s := doctor.Subject{
		Connection: c, Endpoints: endpoints, Network: network, Workspace: o.Workspace, Dataset: o.Dataset, Table: o.Table,
		Credential: func(ctx context.Context) (connection.Credential, string, error) {
			if unread != nil {
				return connection.Credential{}, "", unread
			}
			if typed != nil && c.Credential != connection.CredentialPractice {
				return *typed, "given, not saved yet", nil
			}
			return d.Credential(ctx, c)
		},
		Propose: func(ctx context.Context) (connection.Cloud, bool) {
			return connection.ProposeCloud(ctx, c.TenantID, c.Cloud, network, nil)
		},
	}
	s.Remembers = func(datasetID, table string) []powerbi.Column {
		columns, _ := d.Known.Columns(serviceOf(c), datasetID, table)
		return columns
	}
	s.Sent = d.sent
	if o.Probe {
		s.Probe = &doctor.Probe{Journal: d.probes()}
	}
	report := doctor.Run(ctx, s, on)
	if c.ID != "" && typed == nil && ctx.Err() == nil {
		_ = d.Connections.Touch(c.ID) // a list in another order is no reason to fail
		d.learnExpiry(c.ID, report.Expires)
	}
	return report
}

// sent tells what this computer sent into a dataset lately. A history that cannot be
// opened tells nothing.
func (d *Desk) sent(datasetID string) (doctor.Sent, bool) {
	now, runs := time.Now(), d.Runs
	if runs == nil {
		var err error
		if runs, err = push.OpenRuns(runsIn(d.Home)); err != nil {
			return doctor.Sent{}, false
		}
		defer runs.Close()
	}
	q, err := runs.Quota(datasetID, "", now)
	return doctor.Sent{RowsLastHour: q.RowsLastHour, RequestsLastMinute: q.RequestsLastMinute, Wait: max(0, q.HeldUntil.Sub(now))}, err == nil
}

// learnExpiry keeps the day on which a secret ends, as Entra told it. A day that a
// person entered stays, and so does everything if it cannot be kept.
func (d *Desk) learnExpiry(id string, day connection.Day) {
	c, err := d.Connections.Find(id)
	if err != nil || day == "" || c.Expires == day || c.Expires != "" && c.ExpiresFrom != connection.ExpiryGraph {
		return
	}
	_ = d.Connections.LearnExpiry(id, day)
}

func (d *Desk) probes() string { return filepath.Join(d.Home, "probes") }

// CleanUpProbes deletes what write probes left behind when a program ended before
// they did, and says what could not be deleted.
func (d *Desk) CleanUpProbes(ctx context.Context) (sentences []string) {
	for _, l := range doctor.CleanUp(ctx, d.probes(), func(ctx context.Context, id string) (*powerbi.Client, error) {
		c, err := d.Connections.Find(id)
		if err != nil {
			return nil, err
		}
		return d.Client(ctx, c)
	}) {
		sentences = append(sentences, l.Sentence())
	}
	return sentences
}
