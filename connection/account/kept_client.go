package account

import (
	"bytes"

	"pushdesk/connection"
	"pushdesk/connection/network"
	"pushdesk/powerbi"
)

// client is the Power BI client of one connection. It is kept while the connection
// stays the same, so that its token is asked for once.
type client struct {
	building chan struct{} // has room for the one who looks at the rest, or makes it

	connection connection.Connection
	endpoints  connection.Endpoints
	credential connection.Credential
	network    network.Settings
	api        *powerbi.Client
}

// fits reports whether the client is still the right one. The practice service has
// another address and authority each time it starts.
func (k *client) fits(c connection.Connection, e connection.Endpoints, given connection.Credential, n network.Settings) bool {
	return k.api != nil && k.credential.Same(given) && k.connection.SameLogin(c) && k.network.Equal(n) &&
		k.endpoints.LoginURL == e.LoginURL && k.endpoints.APIURL == e.APIURL && bytes.Equal(k.endpoints.CAPEM, e.CAPEM)
}
