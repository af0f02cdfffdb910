package account

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"pushdesk/connection"
	"pushdesk/storage/keychain"
)

// proxyID is the entry of the keychain with the proxy's password.
const proxyID = "proxy"

func (a *Accounts) networkPath() string { return filepath.Join(a.options.Home, "network.json") }

// NetworkSettings are how requests leave this computer, without the password, as
// the file has them.
func (a *Accounts) NetworkSettings() connection.Network {
	n, notice, err := connection.LoadNetwork(a.networkPath())
	if err != nil {
		notice = fmt.Sprintf("The network settings cannot be read, so the system's are used: %v.", err)
	}
	if notice != "" {
		a.notice(notice)
	}
	return n
}

// Network gives the settings with the proxy's password, for use.
func (a *Accounts) Network(ctx context.Context) (connection.Network, error) {
	n := a.NetworkSettings()
	if n.Mode != connection.NetworkExplicit || n.ProxyUser == "" || n.Password != "" {
		return n, nil
	}
	password, err := a.Secrets.Get(ctx, proxyID)
	if err != nil && !errors.Is(err, keychain.ErrNotFound) {
		return n, fmt.Errorf("read the proxy's password: %w", err)
	}
	n.Password = password
	return n, nil
}

// SetNetwork keeps the settings. An empty password leaves the stored one alone, and
// without a user name none is kept. The warning says when the password is held
// until the program ends only.
func (a *Accounts) SetNetwork(ctx context.Context, n connection.Network, password string) (warning string, err error) {
	n.Password = password
	n = n.SplitProxy()
	for _, f := range connection.ValidateNetwork(n) {
		if f.Level == connection.LevelFail {
			return "", &connection.InvalidError{Finding: f}
		}
	}
	switch {
	case n.ProxyUser == "" || n.Mode != connection.NetworkExplicit:
		if a.NetworkSettings().ProxyUser != "" {
			_ = a.Secrets.Delete(ctx, proxyID) // it is not used any more; what stays harms nobody
		}
	case n.Password != "":
		place, err := a.Secrets.Set(ctx, proxyID, n.Password)
		if err != nil {
			return "", fmt.Errorf("keep the proxy's password: %w", err)
		}
		if place == keychain.PlaceSession {
			warning = "The proxy's password is held until Pushdesk is closed and stored nowhere."
		}
	}
	if err := connection.SaveNetwork(a.networkPath(), n); err != nil {
		return "", err
	}
	a.mu.Lock()
	clear(a.clients) // they would go on the old way
	a.mu.Unlock()
	return warning, nil
}
