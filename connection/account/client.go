package account

import (
	"context"
	"net/http"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/connection/network"
	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
)

// Client returns the Power BI client of a connection. Callers who want it at the same
// time get the same one.
func (a *Accounts) Client(ctx context.Context, c connection.Connection) (*powerbi.Client, error) {
	if c.Team != "" {
		if err := a.Teams.Usable(c); err != nil {
			return nil, err
		}
	}
	c, endpoints, err := a.resolve(ctx, c)
	if err != nil {
		return nil, err
	}
	given, _, err := a.Credential(ctx, c)
	if err != nil {
		return nil, err
	}
	settings, err := a.Network(ctx)
	if err != nil {
		return nil, err
	}
	k := a.clientOf(c.ID)
	select {
	case k.building <- struct{}{}:
		defer func() { <-k.building }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if k.fits(c, endpoints, given, settings) {
		return k.api, nil
	}
	transport, err := network.Client(endpoints, settings)
	if err != nil {
		return nil, err
	}
	tokens, err := a.tokens(c, endpoints, given, transport)
	if err != nil {
		return nil, err
	}
	api := powerbi.NewClient(endpoints.APIURL, tokens, transport)
	if given.Kind.User() {
		api.ForPerson()
	}
	k.connection, k.endpoints, k.credential, k.network, k.api = c, endpoints, given, settings, api
	return api, nil
}

// clientOf returns the place of a connection's client.
func (a *Accounts) clientOf(id string) *client {
	a.mu.Lock()
	defer a.mu.Unlock()
	k := a.clients[id]
	if k == nil {
		k = &client{building: make(chan struct{}, 1)}
		a.clients[id] = k
	}
	return k
}

// forgetClient drops the client of a connection.
func (a *Accounts) forgetClient(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.clients, id)
}

// forgetClients drops every client.
func (a *Accounts) forgetClients() {
	a.mu.Lock()
	defer a.mu.Unlock()
	clear(a.clients)
}

// tokens is the token source of a connection. A sign-in that its tokens renew is
// stored.
func (a *Accounts) tokens(c connection.Connection, e connection.Endpoints, given connection.Credential, transport *http.Client) (powerbi.TokenSource, error) {
	tokens, err := entra.NewTokens(e, c.TenantID, c.ClientID, given, transport)
	if err != nil {
		return nil, err
	}
	return storing{tokens, func() { a.renewals.store(c.ID, given.SignIn) }}, nil
}

// resolve returns the addresses of a connection, and starts the practice service
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
