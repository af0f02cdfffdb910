package desk

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"pushdesk/connection"
	"pushdesk/storage/keychain"
)

// proxyID is the entry of the keychain with the proxy's password.
const proxyID = "proxy"

func (d *Desk) networkPath() string { return filepath.Join(d.Home, "network.json") }

// NetworkSettings are how requests leave this computer, without the password, as
// the file has them.
func (d *Desk) NetworkSettings() connection.Network {
	n, notice, err := connection.LoadNetwork(d.networkPath())
	if err != nil {
		notice = fmt.Sprintf("The network settings cannot be read, so the system's are used: %v.", err)
	}
	if notice != "" {
		d.mu.Lock()
		if !slices.Contains(d.notices, notice) {
			d.notices = append(d.notices, notice)
		}
		d.mu.Unlock()
	}
	return n
}

// Network gives the settings with the proxy's password, for use.
func (d *Desk) Network(ctx context.Context) (connection.Network, error) {
	n := d.NetworkSettings()
	if n.Mode != connection.NetworkExplicit || n.ProxyUser == "" || n.Password != "" {
		return n, nil
	}
	password, err := d.Secrets.Get(ctx, proxyID)
	if err != nil && !errors.Is(err, keychain.ErrNotFound) {
		return n, fmt.Errorf("read the proxy's password: %w", err)
	}
	n.Password = password
	return n, nil
}

// SetNetwork keeps the settings. An empty password leaves the stored one alone, and
// without a user name none is kept. The warning says when the password is held
// until the program ends only.
func (d *Desk) SetNetwork(ctx context.Context, n connection.Network, password string) (warning string, err error) {
	n.Password = password
	n = n.SplitProxy()
	for _, f := range connection.ValidateNetwork(n) {
		if f.Level == connection.LevelFail {
			return "", &connection.InvalidError{Finding: f}
		}
	}
	switch {
	case n.ProxyUser == "" || n.Mode != connection.NetworkExplicit:
		if d.NetworkSettings().ProxyUser != "" {
			_ = d.Secrets.Delete(ctx, proxyID) // it is not used any more; what stays harms nobody
		}
	case n.Password != "":
		place, err := d.Secrets.Set(ctx, proxyID, n.Password)
		if err != nil {
			return "", fmt.Errorf("keep the proxy's password: %w", err)
		}
		if place == keychain.PlaceSession {
			warning = "The proxy's password is held until Pushdesk is closed and stored nowhere."
		}
	}
	if err := connection.SaveNetwork(d.networkPath(), n); err != nil {
		return "", err
	}
	d.mu.Lock()
	clear(d.clients) // they would go on the old way
	d.mu.Unlock()
	return warning, nil
}
