package account

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain"
)

// lastTest is the last test of a connection as it is stored; ok is false for none.
func lastTest(t *testing.T, a *Accounts, id string) (l LastTest, ok bool) {
	t.Helper()
	c, err := a.Connections.Find(id)
	if err != nil {
		c.ID = id
	}
	all, err := a.LastTests([]connection.Connection{c})
	if err != nil {
		t.Fatal(err)
	}
	l, ok = all[id]
	return l, ok
}

// TestTheLastTestIsRemembered: by another program too, without a secret, and until the
// connection is removed.
func TestTheLastTestIsRemembered(t *testing.T) {
	a := vaulted(t)
	s, k := service(t)
	ids := depots(t, a, s, k, 2)
	c, err := a.Connections.Find(ids[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := lastTest(t, a, c.ID); ok {
		t.Fatal("it was never tested")
	}
	r := a.Test(t.Context(), c, nil, TestOptions{Trial: true}, nil)
	l, ok := lastTest(t, openAccounts(t, a.options.Home), c.ID)
	if !ok || l.Verdict != doctor.Pass || l.Summary != r.Summary || l.Check != "" || !l.Pushed || l.Stale || l.At.Sub(r.Started).Abs() > time.Second {
		t.Errorf("%+v", l)
	}
	if says := l.Says(time.Now()); !strings.HasPrefix(says, "Worked, ") || strings.Contains(says, "changed since") {
		t.Errorf("%q", says)
	}
	// What a colleague finds with TestMany is remembered as well, and which check failed.
	wrong := connection.SecretCredential("wrong8Q~0123456789abcdefghijklmnopqrstuv")
	other, err := a.Connections.Find(ids[1])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Edit(t.Context(), other, &wrong); err != nil {
		t.Fatal(err)
	}
	a.TestMany(t.Context(), ids, func(string, *doctor.Report) {})
	if l, ok := lastTest(t, a, other.ID); !ok || l.Verdict != doctor.Fail || l.Check != doctor.Token || l.Pushed || !strings.Contains(l.Summary, "Cannot sign in") {
		t.Errorf("%+v", l)
	}
	text, err := os.ReadFile(a.tests.Path())
	if err != nil || strings.Contains(string(text), k.ClientSecret) || strings.Contains(string(text), wrong.Secret) {
		t.Errorf("%v\n%s", err, text)
	}
	gone, err := a.Remove(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := lastTest(t, a, c.ID); ok {
		t.Error("the test of a removed connection is kept")
	}
	if _, err := gone.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if l, ok := lastTest(t, a, c.ID); !ok || l.Stale {
		t.Errorf("it came back, and its test is %+v, %v", l, ok)
	}
}

// TestALastTestGetsStale where what was tested is not what is stored any more.
func TestALastTestGetsStale(t *testing.T) {
	a := vaulted(t)
	s, k := service(t)
	id := depots(t, a, s, k, 1)[0]
	given := connection.SecretCredential(k.ClientSecret)
	now := func() connection.Connection {
		c, err := a.Connections.Find(id)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	edit := func(given *connection.Credential, do func(*connection.Connection)) func() {
		return func() {
			c := now()
			do(&c)
			if _, err := a.Edit(t.Context(), c, given); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, change := range []struct {
		name  string
		do    func()
		stale bool
	}{
		{"another name", edit(nil, func(c *connection.Connection) { c.Name += " new" }), false},
		{"labels and notes", edit(nil, func(c *connection.Connection) { c.Notes, c.Tags = "x", []string{"y"} }), false},
		{"its expiry", edit(nil, func(c *connection.Connection) { c.Expires = "2031-01-31" }), false},
		{"another workspace", edit(nil, func(c *connection.Connection) { c.Workspace = "Another" }), true},
		{"the workspace as before", edit(nil, func(c *connection.Connection) { c.Workspace = practice.Workspace }), true},
		{"another tenant", edit(nil, func(c *connection.Connection) { c.TenantID = practice.Domain }), true},
		{"a new secret", edit(&given, func(*connection.Connection) {}), true},
		{"a rotation", func() {
			if err := a.Rotate(t.Context(), []string{id}, k.ClientSecret, "", func(string, *Rotation) {}); err != nil {
				t.Fatal(err)
			}
		}, true},
	} {
		a.Test(t.Context(), now(), nil, TestOptions{}, nil)
		if l, ok := lastTest(t, a, id); !ok || l.Stale {
			t.Fatalf("before %s: %+v, %v", change.name, l, ok)
		}
		change.do()
		if l, _ := lastTest(t, a, id); l.Stale != change.stale {
			t.Errorf("%s: stale is %v", change.name, l.Stale)
		}
	}
}

// TestOnlyTheStoredConnectionIsRemembered: not what is typed in a form, another workspace,
// a secret from the environment or a test that was cancelled.
func TestOnlyTheStoredConnectionIsRemembered(t *testing.T) {
	a := vaulted(t)
	s, k := service(t)
	id := depots(t, a, s, k, 1)[0]
	c, err := a.Connections.Find(id)
	if err != nil {
		t.Fatal(err)
	}
	typed := connection.SecretCredential(k.ClientSecret)
	edited := c
	edited.Workspace = "Another"
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	a.Test(t.Context(), c, &typed, TestOptions{}, nil)
	a.Test(t.Context(), edited, nil, TestOptions{}, nil)
	a.Test(t.Context(), c, nil, TestOptions{Workspace: "Another"}, nil)
	a.Test(t.Context(), c, nil, TestOptions{Dataset: "Another"}, nil)
	a.Test(cancelled, c, nil, TestOptions{}, nil)
	a.Test(t.Context(), connection.Connection{Name: "New", Cloud: connection.CloudPractice, Credential: connection.CredentialPractice}, nil, TestOptions{}, nil)
	a.secret = k.ClientSecret
	a.Test(t.Context(), c, nil, TestOptions{}, nil)
	a.secret = ""
	if l, ok := lastTest(t, a, id); ok {
		t.Errorf("%+v", l)
	}
	if _, err := os.Stat(a.tests.Path()); !os.IsNotExist(err) {
		t.Errorf("%v", err)
	}
	a.Test(t.Context(), c, nil, TestOptions{Workspace: practice.Workspace}, nil)
	if _, ok := lastTest(t, a, id); !ok {
		t.Error("it was tested as it is stored")
	}
}

// TestWhereSecretsAre is asked for all connections at once, and says which have none.
func TestWhereSecretsAre(t *testing.T) {
	a := vaulted(t)
	s, k := service(t)
	depots(t, a, s, k, 20)
	bare, err := a.Add(t.Context(), leadsTo(s, k, "Bare"), nil)
	if err != nil {
		t.Fatal(err)
	}
	places := a.SecretPlaces(t.Context(), a.Connections.List())
	if len(places) != 21 || StateOfSecret(places[bare.Connection.ID]) != SecretMissing {
		t.Errorf("%v", places)
	}
	delete(places, bare.Connection.ID)
	for id, place := range places {
		if place != string(keychain.PlaceVault) || StateOfSecret(place) != SecretStored {
			t.Errorf("%s: %s", id, place)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	for id, place := range a.SecretPlaces(ended, a.Connections.List()) {
		if StateOfSecret(place) == "" {
			t.Errorf("%s: %q", id, place)
		}
	}
}
