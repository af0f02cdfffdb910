package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/network"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/keychain"
)

// proxyID is the entry of the keychain with the proxy's password.
const proxyID = "proxy"

// NetworkSettings returns how requests leave this computer, without the proxy's
// password. It answers from memory.
func (a *Accounts) NetworkSettings() network.Settings {
	settings, _ := a.network.now()
	return settings
}

// Network returns the settings with the proxy's password, for use.
func (a *Accounts) Network(ctx context.Context) (network.Settings, error) {
	a.network.refresh()
	n := a.NetworkSettings()
	if n.Mode != network.Explicit || n.ProxyUser == "" || n.Password != "" {
		return n, nil
	}
	password, err := a.Secrets.Get(ctx, proxyID)
	if err != nil && !errors.Is(err, keychain.ErrNotFound) {
		return n, fmt.Errorf("read the proxy's password: %w", err)
	}
	n.Password = password
	return n, nil
}

// SetNetwork saves the settings. An empty password leaves the stored one alone, and
// without a user name none is kept. The warning says when the password is only held
// until the program is closed.
func (a *Accounts) SetNetwork(ctx context.Context, n network.Settings, password string) (warning string, err error) {
	n.Password = password
	n = n.SplitProxy()
	found := network.Validate(n)
	if f := network.CheckAuthorities(network.FieldRootsFile, n.RootsFile); f != nil {
		found = append(found, *f)
	}
	for _, f := range found {
		if f.Level == connection.LevelFail {
			return "", &connection.InvalidError{Finding: f}
		}
	}
	a.network.refresh()
	before, unreadable := a.network.now()
	switch {
	case n.ProxyUser == "" || n.Mode != network.Explicit:
		if before.ProxyUser != "" {
			_ = a.Secrets.Delete(ctx, proxyID) // it is not used any more; what stays harms nobody
		}
	case n.Password != "":
		place, err := a.Secrets.Set(ctx, proxyID, n.Password)
		if err != nil {
			return "", fmt.Errorf("store the proxy's password: %w", err)
		}
		if place == keychain.PlaceSession {
			warning = "The proxy's password is kept in memory until Pushdesk is closed. It is not stored."
		}
	}
	if unreadable != nil {
		if _, err := storage.SetAside(a.network.path, time.Now()); err != nil {
			return "", err
		}
	}
	if err := network.Save(a.network.path, n); err != nil {
		return "", err
	}
	a.network.refresh()
	a.forgetClients() // they would leave the old way
	return warning, nil
}

// networkNotice says what is wrong with the file of the network settings, or "".
func (a *Accounts) networkNotice() string {
	_, err := a.network.now()
	if f, ok := failure.From(err); ok {
		return f.Sentence + " " + f.Remedy
	}
	return ""
}
