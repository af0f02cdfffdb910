package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"pushdesk/connection"
	"pushdesk/connection/manager"
	"pushdesk/connection/network"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/keychain"
	"pushdesk/storage/text"
)

var (
	errManagerUnknown = failure.New(failure.Connection, "secret-manager-not-allowed", "The client secret of “%s” is kept in the secret manager “%s”, which may not be asked on this computer.",
		"Allow it, if you trust it, by saying how a secret is read from it; or enter the client secret yourself.")
	errManagerFailed = failure.New(failure.Connection, "secret-manager-failed", "The secret manager “%s” did not give the client secret of “%s”.",
		"Sign in to the secret manager and check that it has the secret under this name, then try again.")
	errManagerName = failure.New(failure.Usage, "secret-manager-name", "This is not a name of a secret manager.", "It has at most 30 letters, digits and hyphens.")
	errManagerEnv  = failure.New(failure.Usage, "secret-manager-env", "The secret manager “env” stands for environment variables.", "Give the secret manager another name.")
)

// Where the secret of a connection is that a secret manager keeps.
const (
	PlaceManager keychain.Place = "In a secret manager"
	PlaceUnasked keychain.Place = "In a secret manager that may not be asked here"
)

type managersFile struct {
	Managers map[string]manager.Manager `json:"managers"`
}

func (a *Accounts) managersPath() string {
	return filepath.Join(a.options.Home, "secret-managers.json")
}

// tokenID is the entry of the keychain with the token of a secret manager.
func tokenID(name string) string { return "secret-manager-" + name }

// Managers returns the secret managers that may be asked, each with the way. They are
// this person's own settings: no shared file adds to them.
func (a *Accounts) Managers() (map[string]manager.Manager, error) {
	content, err := storage.ReadFile(a.managersPath(), 1<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]manager.Manager{}, nil
	}
	var f managersFile
	if err == nil {
		err = json.Unmarshal(content, &f)
	}
	if err != nil {
		return nil, cannotRead(failure.Unexpected, "secret-managers-unreadable", a.managersPath(), "Correct it in a text editor, or delete it and allow the secret managers again.", err)
	}
	if f.Managers == nil {
		f.Managers = map[string]manager.Manager{}
	}
	return f.Managers, nil
}

// AllowManager says how a secret manager may be asked. An empty token leaves the stored
// one alone. The warning says when the token is only held until the program is closed.
func (a *Accounts) AllowManager(ctx context.Context, name string, m manager.Manager, token string) (warning string, err error) {
	name = strings.ToLower(text.Clean(name))
	switch {
	case (connection.Reference{Manager: name, Item: "x"}).Check() != nil:
		return "", errManagerName
	case m.Environment != (name == "env"):
		return "", errManagerEnv
	}
	all, err := a.Managers()
	if err != nil {
		return "", err
	}
	was := all[name]
	// A token goes nowhere but to the address that it was given for.
	m.Token = token != "" || was.Token && m.Address != "" && m.Address == was.Address
	if err := m.Check(); err != nil {
		return "", err
	}
	if token != "" {
		place, err := a.Secrets.Set(ctx, tokenID(name), token)
		if err != nil {
			return "", fmt.Errorf("store the token: %w", err)
		}
		if place == keychain.PlaceSession {
			warning = "The token is kept in memory until Pushdesk is closed. It is not stored."
		}
	} else if was.Token && !m.Token {
		_ = a.Secrets.Delete(ctx, tokenID(name)) // it is not used any more; what stays harms nobody
	}
	all = maps.Clone(all)
	all[name] = m
	return warning, a.saveManagers(all)
}

// ForbidManager says that a secret manager may no longer be asked.
func (a *Accounts) ForbidManager(ctx context.Context, name string) error {
	name = strings.ToLower(text.Clean(name))
	all, err := a.Managers()
	if err != nil {
		return err
	}
	m, there := all[name]
	if !there {
		return failure.New(failure.Usage, "secret-manager-missing", fmt.Sprintf("The secret manager “%s” may not be asked anyway.", text.Shorten(text.Name(name), 40)), "Check its name.")
	}
	all = maps.Clone(all)
	delete(all, name)
	if err := a.saveManagers(all); err != nil {
		return err
	}
	if m.Token {
		_ = a.Secrets.Delete(ctx, tokenID(name)) // it is not used any more; what stays harms nobody
	}
	return nil
}

func (a *Accounts) saveManagers(all map[string]manager.Manager) error {
	content, err := json.MarshalIndent(managersFile{all}, "", "  ")
	if err != nil {
		return fmt.Errorf("write the secret managers: %w", err)
	}
	return storage.WriteFile(a.managersPath(), append(content, '\n'))
}

// managerTokens are the entries of the keychain with the tokens of secret managers.
func (a *Accounts) managerTokens() (ids []string) {
	all, err := a.Managers()
	if err != nil {
		return nil // that is said where they are used
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if all[name].Token {
			ids = append(ids, tokenID(name))
		}
	}
	return ids
}

// Unasked returns the secret manager that a connection needs and that may not be asked
// on this computer yet; ok is false when there is none, or an own secret is stored.
func (a *Accounts) Unasked(c connection.Connection) (r connection.Reference, ok bool) {
	if c.Reference == (connection.Reference{}) || c.Credential != connection.CredentialSecret {
		return r, false
	}
	all, err := a.Managers()
	if _, allowed := all[c.Reference.Manager]; err != nil || allowed {
		return r, false
	}
	return c.Reference, true
}

// fromManager asks the secret manager of a connection.
func (a *Accounts) fromManager(ctx context.Context, c connection.Connection) (string, error) {
	all, err := a.Managers()
	if err != nil {
		return "", err
	}
	r := c.Reference
	m, allowed := all[r.Manager]
	if !allowed || r.Check() != nil {
		f := *errManagerUnknown
		f.Sentence = fmt.Sprintf(f.Sentence, c.Name, r.Manager)
		return "", f.WithDetails("Secret: %s", r.Item)
	}
	secret, err := a.ask(ctx, m, r)
	if err != nil {
		f := *errManagerFailed
		f.Sentence = fmt.Sprintf(f.Sentence, r.Manager, c.Name)
		if known, ok := failure.From(err); ok {
			f.Remedy = known.Sentence + " " + known.Remedy
		}
		return "", f.Because(err).WithDetails("Asked: %s\nSecret: %s\nCause: %v", m, r.Item, err)
	}
	return secret, nil
}

// ask asks a secret manager in the way that is allowed.
func (a *Accounts) ask(ctx context.Context, m manager.Manager, r connection.Reference) (string, error) {
	if m.Address == "" {
		return m.Ask(ctx, r.Item, "", nil)
	}
	settings, err := a.Network(ctx)
	if err != nil {
		return "", err
	}
	client, err := network.Client(connection.Endpoints{}, settings)
	if err != nil {
		return "", err
	}
	defer client.CloseIdleConnections()
	token := ""
	if m.Token {
		if token, err = a.Secrets.Get(ctx, tokenID(r.Manager)); err != nil {
			return "", fmt.Errorf("read the token of the secret manager %s: %w", r.Manager, err)
		}
	}
	return m.Ask(ctx, r.Item, token, client)
}
