package account

import (
	"bytes"
	"context"
	"net/http"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
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
func (a *Accounts) Client(ctx context.Context, c connection.Connection) (*powerbi.Client, error) {
	c, endpoints, err := a.resolve(ctx, c)
	if err != nil {
		return nil, err
	}
	given, _, err := a.Credential(ctx, c)
	if err != nil {
		return nil, err
	}
	network, err := a.Network(ctx)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	kept := a.clients[c.ID]
	a.mu.Unlock()
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
	a.mu.Lock()
	a.clients[c.ID] = client{connection: c, endpoints: endpoints, credential: given, network: network, api: api}
	a.mu.Unlock()
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
func (a *Accounts) resolve(ctx context.Context, c connection.Connection) (connection.Connection, connection.Endpoints, error) {
	if c.Cloud != connection.CloudPractice {
		e, err := c.Endpoints()
		return c, e, err
	}
	p, err := a.options.Practice(ctx)
	if err != nil {
		return c, connection.Endpoints{}, err
	}
	if c.Credential == connection.CredentialPractice {
		ready := p.Credentials()[0]
		c.TenantID, c.ClientID = ready.TenantID, ready.ClientID
	}
	return c, connection.Endpoints{LoginURL: p.LoginURL(), APIURL: p.APIURL(), Resource: p.Resource(), CAPEM: p.CAPEM(), GraphURL: p.APIURL(), GraphResource: practice.GraphResource}, nil
}
