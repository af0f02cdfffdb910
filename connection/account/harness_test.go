package account

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pushdesk/connection"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain"
)

// openAccounts opens accounts in a folder, with a practice service of their own.
func openAccounts(t *testing.T, home string) *Accounts {
	t.Helper()
	var mu sync.Mutex
	var local *practice.Local
	a, err := Open(Options{Home: home, Practice: func(ctx context.Context) (*practice.Local, error) {
		mu.Lock()
		defer mu.Unlock()
		var err error
		if local == nil {
			local, err = practice.Open(ctx, filepath.Join(home, "practice"))
		}
		return local, err
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		a.Close()
		if local != nil {
			_ = local.Close()
		}
	})
	return a
}

// openInMemory opens a desk whose secrets are held in memory, as a person may choose.
func openInMemory(t *testing.T) *Accounts {
	t.Helper()
	a := openAccounts(t, t.TempDir())
	if err := a.Secrets.Choose(keychain.PlaceSession); err != nil {
		t.Fatal(err)
	}
	return a
}

// service starts a practice service that answers like a foreign one, by its address.
func service(t *testing.T) (*practice.Service, practice.Credential) {
	t.Helper()
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	k, ok := s.Credential(practice.AppPractice)
	if !ok {
		t.Fatal("there is no app")
	}
	return s, k
}

// leadsTo is a connection to a service, as one of its apps.
func leadsTo(s *practice.Service, k practice.Credential, name string) connection.Connection {
	return connection.Connection{
		Name: name, Cloud: connection.CloudCustom, Credential: connection.CredentialSecret, TenantID: k.TenantID, ClientID: k.ClientID,
		LoginURL: s.LoginURL(), APIURL: s.APIURL(), Resource: s.Resource(), CAFile: s.CAFile(), Workspace: practice.Workspace,
	}
}

// depots adds connections of one app, with their secret, and gives their IDs.
func depots(t *testing.T, a *Accounts, s *practice.Service, k practice.Credential, n int) (ids []string) {
	t.Helper()
	for i := range n {
		given := connection.SecretCredential(k.ClientSecret)
		saved, err := a.Add(t.Context(), leadsTo(s, k, fmt.Sprintf("Depot %02d", i)), &given)
		if err != nil || len(saved.Warnings) > 0 {
			t.Fatalf("%+v, %v", saved, err)
		}
		ids = append(ids, saved.Connection.ID)
	}
	return ids
}

// kept gives the secret of a connection, or "".
func kept(t *testing.T, a *Accounts, id string) string {
	t.Helper()
	secret, err := a.Secrets.Get(t.Context(), id)
	var no *keychain.Unavailable
	if err != nil && !errors.Is(err, keychain.ErrNotFound) && !(errors.As(err, &no) && no.None()) {
		t.Fatal(err)
	}
	return secret
}

// hides checks that no way to print a value shows a secret.
func hides(t *testing.T, secret string, values ...any) {
	t.Helper()
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, secret) {
				t.Errorf("%s of %T shows the secret: %s", verb, v, text)
			}
		}
	}
}
