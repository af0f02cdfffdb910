package team

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
	"pushdesk/storage/keychain"
)

const (
	tenant = "contoso.com"
	client = "66666666-7777-4888-9999-aaaaaaaaaaaa"
	first  = "11111111-2222-4333-8444-555555555555"
	second = "22222222-2222-4333-8444-555555555555"
	marker = "MARKER-of-a-team"
)

func init() { key.PhraseRounds = 100 } // under -race the others cost most of the time

// person is somebody at a computer of their own.
type person struct {
	t    *testing.T
	name string
	home string
	*Book
	team string
}

func newPerson(t *testing.T, name string) *person {
	t.Helper()
	home := t.TempDir()
	secrets := keychain.New(home)
	if err := secrets.Choose(keychain.PlaceSession); err != nil {
		t.Fatal(err)
	}
	return &person{t: t, name: name, home: home, Book: Open(home, secrets)}
}

// founds makes a team in a new folder.
func (p *person) founds() (folder string) {
	p.t.Helper()
	folder = filepath.Join(p.t.TempDir(), "team")
	v, err := p.Create(p.t.Context(), folder, "Finance", p.name, []string{tenant})
	if err != nil {
		p.t.Fatal(err)
	}
	p.team = v.ID
	return folder
}

// joins asks, is accepted, and reads that.
func (p *person) joins(folder string, owner *person) {
	p.t.Helper()
	v, err := p.Join(p.t.Context(), folder, p.name, "")
	if err != nil {
		p.t.Fatal(err)
	}
	p.team = v.ID
	if o := owner.sync(); len(o.Requests) != 1 || o.Requests[0].Words != v.Phrase || len(strings.Fields(v.Phrase)) != 5 {
		p.t.Fatalf("%q: %+v", v.Phrase, o.Requests)
	}
	if _, err := owner.Accept(p.t.Context(), p.team, p.name); err != nil {
		p.t.Fatal(err)
	}
	if v := p.sync(); v.Standing != StandingMember || v.Problem != nil {
		p.t.Fatalf("%+v", v)
	}
}

func (p *person) sync() View {
	p.t.Helper()
	return p.Refresh(p.t.Context(), p.team)
}

// sees returns a connection as the person sees it now.
func (p *person) sees(id string) ConnectionView {
	p.t.Helper()
	c, err := p.sync().Find(id)
	if err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
	return c
}

// opens is what the person would sign in with.
func (p *person) opens(id string) (string, error) {
	p.t.Helper()
	c := p.sees(id)
	if err := c.Usable(); err != nil {
		return "", err
	}
	conn := c.Over(connection.Connection{})
	conn.Team = p.team
	given, _, err := p.Credential(p.t.Context(), conn)
	return given.Secret, err
}

func definition(id, name string) shared.Definition {
	return shared.Definition{ID: id, Name: name, Cloud: connection.CloudPublic, TenantID: tenant, ClientID: client, Credential: connection.CredentialSecret}
}

func proof() *Stamp {
	return &Stamp{At: time.Now().UTC().Truncate(time.Second), Passed: true, Proved: ProvedByTrial, Principal: "oid", Workspace: "Finance", Checks: []StampCheck{{"token", "pass"}}, Summary: "Ready to push."}
}

func (p *person) shares(o Offer) {
	p.t.Helper()
	if _, err := p.Share(p.t.Context(), p.team, o); err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
}

// sealed is an offer with a sealed secret.
func sealed(id, name, secret string) Offer {
	return Offer{Definition: definition(id, name), How: SecretSealed, Given: connection.SecretCredential(secret), Proof: proof()}
}

// fileOf is the path of a connection's file.
func fileOf(t *testing.T, folder, id string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, connectionsFolder, "*--"+id[:8]+".json"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	return found[0]
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
