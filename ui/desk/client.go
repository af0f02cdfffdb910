package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/powerbi"
	"pushdesk/storage/keychain"
)

// client is a Power BI client that is kept while the connection stays the same,
// so that its token is asked for once.
type client struct {
	connection connection.Connection
	endpoints  connection.Endpoints
	secret     string
	api        *powerbi.Client
}

// fits tells whether the client is still the right one. The practice service has
// another address and authority each time it starts.
func (k client) fits(c connection.Connection, e connection.Endpoints, secret string) bool {
	return k.api != nil && k.secret == secret && k.connection.Equal(c) &&
		k.endpoints.LoginURL == e.LoginURL && k.endpoints.APIURL == e.APIURL && bytes.Equal(k.endpoints.CAPEM, e.CAPEM)
}

// Client gives the Power BI client of a connection.
func (d *Desk) Client(ctx context.Context, c connection.Connection) (*powerbi.Client, error) {
	c, endpoints, err := d.resolve(ctx, c)
	if err != nil {
		return nil, err
	}
	secret, _, err := d.Secret(ctx, c)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	kept := d.clients[c.ID]
	d.mu.Unlock()
	if kept.fits(c, endpoints, secret) {
		return kept.api, nil
	}

	transport, err := connection.HTTPClient(endpoints, connection.Network{})
	if err != nil {
		return nil, err
	}
	api, err := newClient(c, endpoints, secret, transport)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	d.clients[c.ID] = client{connection: c, endpoints: endpoints, secret: secret, api: api}
	d.mu.Unlock()
	return api, nil
}

func newClient(c connection.Connection, e connection.Endpoints, secret string, transport *http.Client) (*powerbi.Client, error) {
	tokens, err := connection.NewTokens(e, c.TenantID, c.ClientID, connection.SecretCredential(secret), transport)
	if err != nil {
		return nil, err
	}
	return powerbi.NewClient(e.APIURL, tokens, transport), nil
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
	return c, connection.Endpoints{LoginURL: p.LoginURL(), APIURL: p.APIURL(), Resource: p.Resource(), CAPEM: p.CAPEM()}, nil
}

// Secret reads the secret of a connection at the moment of use and says where
// it came from.
func (d *Desk) Secret(ctx context.Context, c connection.Connection) (secret, place string, err error) {
	if c.Credential == connection.CredentialPractice {
		p, err := d.Practice(ctx)
		if err != nil {
			return "", "", err
		}
		return p.Credentials()[0].ClientSecret, "built into the practice service", nil
	}
	if d.secret != "" {
		return d.secret, "from the environment, for this command only", nil
	}
	secret, err = d.Secrets.Get(ctx, c.ID)
	if errors.Is(err, keychain.ErrNotFound) {
		return "", "", &NoSecretError{Connection: c.Name}
	}
	if err != nil {
		return "", "", fmt.Errorf("read the secret of %q: %w", c.Name, err)
	}
	return secret, string(d.Secrets.Where(ctx, c.ID)), nil
}

// Test runs the doctor on a connection as it is in a form or in the file. A typed
// secret is used in place of the stored one; an empty workspace means the
// connection's default.
func (d *Desk) Test(ctx context.Context, c connection.Connection, typed *string, workspace string, on func(doctor.Check)) doctor.Report {
	resolved, endpoints, err := d.resolve(ctx, c)
	if err == nil {
		c = resolved
	}
	if workspace == "" {
		workspace = c.Workspace
	}
	return doctor.Run(ctx, doctor.Subject{
		Connection: c, Endpoints: endpoints, Workspace: workspace,
		Secret: func(ctx context.Context) (string, string, error) {
			if typed != nil && c.Credential != connection.CredentialPractice {
				return *typed, "typed, not saved yet", nil
			}
			return d.Secret(ctx, c)
		},
	}, on)
}

// NoSecretError says that nothing is stored for a connection.
type NoSecretError struct{ Connection string }

func (e *NoSecretError) Error() string {
	return fmt.Sprintf("no client secret is stored for %q", e.Connection)
}

// Sentence says what happened.
func (e *NoSecretError) Sentence() string {
	return fmt.Sprintf("No client secret is stored for %q on this computer.", e.Connection)
}

// Remedy says what to do next.
func (e *NoSecretError) Remedy() string {
	return "Edit the connection and paste the client secret: the Value that Entra showed when the secret was made, not its ID."
}

// Who says who can fix it.
func (e *NoSecretError) Who() string { return "you" }

// Details are for support.
func (e *NoSecretError) Details() string { return "" }
