package account

import (
	"errors"
	"path/filepath"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/connection/team"
)

// couple are two people of one team: Ann, who made it, and Bob.
func couple(t *testing.T) (ann, bob *Accounts, teamID string) {
	t.Helper()
	ann, bob = openInMemory(t), openInMemory(t)
	folder := filepath.Join(t.TempDir(), "team")
	v, err := ann.Teams.Create(t.Context(), folder, "Finance", "Ann", []string{"contoso.com"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bob.Teams.Join(t.Context(), folder, "Bob", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := ann.Teams.Accept(t.Context(), v.ID, "Bob"); err != nil {
		t.Fatal(err)
	}
	syncs(t, bob)
	return ann, bob, v.ID
}

func syncs(t *testing.T, a *Accounts) {
	t.Helper()
	if err := a.SyncTeams(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// finds is a connection as a person has it.
func finds(t *testing.T, a *Accounts, name string) connection.Connection {
	t.Helper()
	c, err := a.Connections.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Two members change different fields of one connection, and share it without having seen
// the other's change: both have both, and nobody puts the old value back.
func TestBothShareTheirOwnField(t *testing.T) {
	ann, bob, id := couple(t)
	saved, err := ann.Add(t.Context(), connection.Connection{Name: "Try", Cloud: connection.CloudPractice, Credential: connection.CredentialPractice}, nil)
	if err != nil {
		t.Fatal(err)
	}
	share := func(a *Accounts) error {
		_, err := a.Share(t.Context(), finds(t, a, "Try"), ShareOptions{Team: id, Anyway: "a test"}, nil)
		return err
	}
	edit := func(a *Accounts, change func(c *connection.Connection)) {
		t.Helper()
		c := finds(t, a, saved.Connection.Name)
		change(&c)
		if _, err := a.Edit(t.Context(), c, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := share(ann); err != nil {
		t.Fatal(err)
	}
	syncs(t, bob)
	edit(ann, func(c *connection.Connection) { c.Notes = "by Ann" })
	edit(bob, func(c *connection.Connection) { c.Dataset = "Bob's" })
	if err := errors.Join(share(ann), share(bob)); err != nil {
		t.Fatal(err)
	}
	has := func(a *Accounts, notes, dataset string) {
		t.Helper()
		if c := finds(t, a, "Try"); c.Notes != notes || c.Dataset != dataset || a.ChangedHere(c) {
			t.Errorf("%q %q, changed here: %v", c.Notes, c.Dataset, a.ChangedHere(c))
		}
	}
	has(bob, "by Ann", "Bob's")
	syncs(t, ann)
	has(ann, "by Ann", "Bob's")

	// Both change the same field, and Ann another one as well, which Bob never touched.
	edit(ann, func(c *connection.Connection) { c.Notes, c.Dataset = "again Ann", "Ann's" })
	edit(bob, func(c *connection.Connection) { c.Notes = "again Bob" })
	if err := share(ann); err != nil {
		t.Fatal(err)
	}
	if err := share(bob); !errors.Is(err, team.ErrClash) {
		t.Fatal(err)
	}
	if err := share(bob); err != nil { // now he knows
		t.Fatal(err)
	}
	has(bob, "again Bob", "Ann's")
	syncs(t, ann)
	has(ann, "again Bob", "Ann's")
}

// A secret that only the team's file has is not lost without a question: it is stored here
// before it leaves the file, or nothing is done. One's own is forgotten only for one that
// the team has.
func TestTheOnlyCopyStays(t *testing.T) {
	ann, bob, id := couple(t)
	const secret = "MARKER-of-the-team"
	given := connection.SecretCredential(secret)
	saved, err := ann.Add(t.Context(), connection.Connection{Name: "Sales", Cloud: connection.CloudPublic, TenantID: "contoso.com", ClientID: "66666666-7777-4888-9999-aaaaaaaaaaaa"}, &given)
	if err != nil {
		t.Fatal(err)
	}
	share := func(a *Accounts, how string) error {
		_, err := a.Share(t.Context(), finds(t, a, "Sales"), ShareOptions{Team: id, How: how, Anyway: "a test", Report: &doctor.Report{}}, nil)
		return err
	}
	if err := share(ann, team.SecretSealed); err != nil || kept(t, ann, saved.Connection.ID) != "" {
		t.Fatal(err)
	}
	syncs(t, bob)
	if _, err := bob.Secrets.Set(t.Context(), saved.Connection.ID, "left over"); err != nil {
		t.Fatal(err)
	}
	if err := bob.UseTeams(t.Context(), finds(t, bob, "Sales")); err != nil || kept(t, bob, saved.Connection.ID) == "" { // he uses it already: the keychain is not asked
		t.Errorf("%v", err)
	}
	own := connection.SecretCredential("MARKER-of-Bob")
	if _, err := bob.Edit(t.Context(), finds(t, bob, "Sales"), &own); err != nil {
		t.Fatal(err)
	}
	if err := share(bob, team.SecretOwn); !errors.Is(err, ErrOnlyCopy) {
		t.Errorf("%v", err)
	}
	if _, err := bob.Unshare(t.Context(), finds(t, bob, "Sales"), false); !errors.Is(err, ErrOnlyCopy) {
		t.Errorf("%v", err)
	}
	if err := share(ann, team.SecretOwn); err != nil || kept(t, ann, saved.Connection.ID) != secret {
		t.Errorf("%v, %q", err, kept(t, ann, saved.Connection.ID))
	}
	syncs(t, bob)
	if err := bob.UseTeams(t.Context(), finds(t, bob, "Sales")); err == nil || kept(t, bob, saved.Connection.ID) != "MARKER-of-Bob" {
		t.Errorf("%v, %q", err, kept(t, bob, saved.Connection.ID))
	}
}
