package team

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
	"pushdesk/storage/keychain"
)

// A team from its beginning to a removal: what is sealed reaches who belongs to it.
func TestSealedToTheMembers(t *testing.T) {
	ann, bob, cy := newPerson(t, "Ann"), newPerson(t, "Bob"), newPerson(t, "Cy")
	folder := ann.founds()
	bob.joins(folder, ann)
	ann.shares(sealed(first, "Sales", marker+"-1"))
	if got, err := bob.opens(first); err != nil || got != marker+"-1" {
		t.Fatalf("%q, %v", got, err)
	}
	cy.joins(folder, ann) // and what is there is sealed to Cy, too
	if got, err := cy.opens(first); err != nil || got != marker+"-1" {
		t.Fatalf("%q, %v", got, err)
	}
	c := cy.sees(first)
	if c.Proof.State != StampProven || c.Proof.Name != "Ann" || c.SharedBy != "Ann" || c.Proof.Principal != "oid" {
		t.Errorf("%+v", c)
	}
	// Bob rotates: Ann has it, and knows who and when. The proof is stale.
	v, err := bob.Rotate(t.Context(), bob.team, first, connection.SecretCredential(marker+"-2"), "2030-01-31", connection.ExpiryTyped)
	if err != nil || len(v.Connections) != 1 {
		t.Fatal(err)
	}
	if got, err := ann.opens(first); err != nil || got != marker+"-2" {
		t.Errorf("%q, %v", got, err)
	}
	if c := ann.sees(first); c.RotatedBy != "Bob" || c.Proof.State != StampStale || c.Secret.RotatedAt.IsZero() || c.Expires != "2030-01-31" {
		t.Errorf("%+v", c)
	}
	// Ann does not know Cy's word from before; Bob has to trust the new member.
	if m := bob.sync().Members; len(m) != 3 || m[2].Trusted {
		t.Errorf("%+v", m)
	}
	// Cy is removed while away: Cy's copy stays until Cy reads the folder.
	_, exposed, err := ann.Book.Remove(t.Context(), ann.team, "Cy")
	if err != nil || !slices.Equal(exposed, []string{"Sales"}) {
		t.Fatalf("%v, %v", exposed, err)
	}
	if got, err := bob.opens(first); err != nil || got != marker+"-2" {
		t.Errorf("%q, %v", got, err)
	}
	if c := bob.sees(first); !slices.Equal(c.Secret.ReadBy, []string{"Cy"}) || len(c.Secret.To) != 2 {
		t.Errorf("%+v", c.Secret)
	}
	if v := cy.sync(); v.Standing != StandingRemoved {
		t.Errorf("%+v", v.Standing)
	}
	k, err := key.Load(t.Context(), cy.secrets)
	if err != nil {
		t.Fatal(err)
	}
	d := bob.sees(first)
	if _, err := shared.Open(d.Secret.Age, k.Identity()); !errors.Is(err, shared.ErrNotForYou) {
		t.Errorf("Cy can open it: %v", err)
	}
	if c, err := cy.sync().Find(first); err == nil && c.Usable() == nil {
		t.Errorf("Cy can use it: %+v", c)
	}
	// A new secret ends that.
	if _, err := ann.Rotate(t.Context(), ann.team, first, connection.SecretCredential(marker+"-3"), "", ""); err != nil {
		t.Fatal(err)
	}
	if c := bob.sees(first); len(c.Secret.ReadBy) != 0 {
		t.Errorf("%+v", c.Secret)
	}
	noMarker(t, folder, ann.home, bob.home, cy.home)
}

// noMarker looks for a secret in every file.
func noMarker(t *testing.T, folders ...string) {
	t.Helper()
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, f fs.DirEntry, err error) error {
			if err == nil && !f.IsDir() && strings.Contains(content(t, path), "MARKER") {
				t.Errorf("a secret is in %s", path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestOnlyWhatIsProvenIsShared(t *testing.T) {
	ann := newPerson(t, "Ann")
	folder := ann.founds()
	o := Offer{Definition: definition(first, "Sales")}
	if _, err := ann.Share(t.Context(), ann.team, o); !errors.Is(err, ErrNotProven) {
		t.Errorf("nothing: %v", err)
	}
	o.Proof = proof()
	o.Proof.Proved = ""
	if _, err := ann.Share(t.Context(), ann.team, o); !errors.Is(err, ErrNotProven) {
		t.Errorf("assumed: %v", err)
	}
	if found, _ := filepath.Glob(filepath.Join(folder, connectionsFolder, "*")); len(found) != 0 {
		t.Errorf("%v", found)
	}
	o.Anyway = "  the app gets its role\ntomorrow "
	ann.shares(o)
	c := ann.sees(first)
	if f := c.Failing(); len(f) != 0 {
		t.Errorf("%+v", f)
	}
	failed := o
	failed.Definition = definition(second, "Depots")
	failed.Proof = &Stamp{At: time.Now().UTC().Truncate(time.Second), Summary: "Refused."}
	ann.shares(failed)
	if f := ann.sees(second).Failing(); len(f) != 1 || !f[0].FailsSince.Equal(failed.Proof.At) {
		t.Errorf("%+v", f)
	}
	if c.Anyway == nil || c.Anyway.Reason != "the app gets its role tomorrow" || c.Proof.State != StampPartly {
		t.Errorf("%+v", c)
	}
	o.Proof, o.Anyway = proof(), ""
	ann.shares(o)
	if c = ann.sees(first); c.Anyway != nil || c.Proof.State != StampProven {
		t.Errorf("%+v", c)
	}
	// Any change makes the stamp stale, and needs a new one.
	o.Definition.Workspace, o.Proof = "Elsewhere", nil
	if _, err := ann.Share(t.Context(), ann.team, o); !errors.Is(err, ErrNotProven) {
		t.Errorf("changed: %v", err)
	}
	ann.now = func() time.Time { return time.Now().AddDate(0, 0, 41) }
	if c = ann.sees(first); c.Proof.State != StampOld || c.Proof.Age != 41 {
		t.Errorf("%+v", c.Proof)
	}
}

// A colleague's test fails: everybody sees since when.
func TestStampsOfMembers(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	ann.shares(sealed(first, "Sales", marker))
	bob.sync()
	began := time.Now().Add(-48 * time.Hour).UTC().Truncate(time.Second)
	for i := range 3 {
		s := Stamp{Connection: first, At: began.Add(time.Duration(i) * time.Hour), Summary: "Signs in, but cannot push."}
		if _, err := bob.Stamp(t.Context(), bob.team, s); err != nil {
			t.Fatal(err)
		}
	}
	c := ann.sees(first)
	if f := c.Failing(); len(f) != 1 || f[0].Name != "Bob" || !f[0].FailsSince.Equal(began) || c.Proof.State != StampProven {
		t.Errorf("%+v", c.Stamps)
	}
	s := Stamp{Connection: first, At: time.Now().UTC(), Passed: true}
	if _, err := bob.Stamp(t.Context(), bob.team, s); err != nil {
		t.Fatal(err)
	}
	if c := ann.sees(first); len(c.Failing()) != 0 || len(c.Stamps) != 2 {
		t.Errorf("%+v", c.Stamps)
	}
}

// The folder is gone: the copy is used, with its date. Back again, everything goes on.
func TestOffline(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	o := sealed(first, "Sales", marker)
	o.Proof, o.Anyway = nil, "a test"
	ann.shares(o)
	s := *proof()
	s.Connection = first
	if _, err := ann.Stamp(t.Context(), ann.team, s); err != nil {
		t.Fatal(err)
	}
	bob.sync()
	if err := os.Rename(folder, folder+"-away"); err != nil {
		t.Fatal(err)
	}
	v := bob.sync()
	if !v.Offline || !errors.Is(v.Problem, ErrNoFolder) || v.ReadAt.IsZero() {
		t.Errorf("%+v", v)
	}
	if got, err := bob.opens(first); err != nil || got != marker || bob.sees(first).Proof.State != StampProven {
		t.Errorf("%q, %v, %v", got, err, bob.sees(first).Proof.State)
	}
	if _, err := bob.Share(t.Context(), bob.team, sealed(second, "Other", marker)); !errors.Is(err, ErrNoFolder) {
		t.Errorf("%v", err)
	}
	again := Open(bob.home, bob.secrets) // the next start
	if l := again.List(); len(l) != 1 || len(l[0].Connections) != 1 || !l[0].Offline {
		t.Errorf("%+v", l)
	}
	if err := os.Rename(folder+"-away", folder); err != nil {
		t.Fatal(err)
	}
	if v := bob.sync(); v.Offline || v.Problem != nil {
		t.Errorf("%+v", v)
	}
}

// TestWhatANewMemberWroteStays: a member changes a connection together with somebody who is
// new to another's computer. That computer uses what it trusts, says what it does not, and
// writes over nothing; once it trusts the new member it shows both versions.
func TestWhatANewMemberWroteStays(t *testing.T) {
	ann, bob, carl := newPerson(t, "Ann"), newPerson(t, "Bob"), newPerson(t, "Carl")
	folder := ann.founds()
	ann.shares(sealed(first, "Sales", marker))
	bob.joins(folder, ann)
	carl.joins(folder, ann)
	carl.sees(first)
	path := fileOf(t, folder, first)
	before := content(t, path)
	rotates := func(p *person, secret string) string {
		t.Helper()
		if _, err := p.Rotate(t.Context(), p.team, first, connection.SecretCredential(secret), "", ""); err != nil {
			t.Fatal(err)
		}
		return content(t, path)
	}
	anns := rotates(ann, marker+"-ann")
	put(t, path, before) // Carl's drive is behind
	carls := rotates(carl, marker+"-carl")
	put(t, strings.TrimSuffix(path, ".json")+"-ANNS-PC.json", anns)
	for range 2 {
		c := bob.sees(first)
		if len(c.Imposters) != 1 || !errors.Is(c.Imposters[0].Why, ErrNewMember) || !strings.Contains(c.Imposters[0].Unused(), "Carl, who is new to this computer") {
			t.Errorf("%+v", c.Imposters)
		}
		if got, err := bob.opens(first); got != marker+"-ann" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
		if content(t, path) != carls {
			t.Fatal("Carl's version was written over")
		}
	}
	if _, err := bob.Rotate(t.Context(), bob.team, first, connection.SecretCredential(marker+"-bob"), "", ""); err != nil {
		t.Fatal(err)
	}
	if content(t, path) != carls {
		t.Fatal("Carl's version was written over by a change")
	}
	if _, err := bob.Trust(t.Context(), bob.team, "Carl"); err != nil {
		t.Fatal(err)
	}
	if c := bob.sees(first); len(c.Conflicts) != 2 || len(c.Imposters) != 0 {
		t.Errorf("%d versions, %+v", len(c.Conflicts), c.Imposters)
	}
}

func TestTakenOutOfTheTeam(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	ann.shares(sealed(first, "Sales", marker))
	old := content(t, fileOf(t, folder, first))
	bob.sync()
	if _, err := ann.Unshare(t.Context(), ann.team, first, DropsAny); err != nil {
		t.Fatal(err)
	}
	if v := bob.sync(); len(v.Connections) != 0 {
		t.Errorf("%+v", v.Connections)
	}
	// A sync program brings an old copy: it brings nothing back.
	put(t, filepath.Join(folder, connectionsFolder, "sales (Bob's conflicted copy 2026-11-30).json"), old)
	if v := bob.sync(); len(v.Connections) != 0 {
		t.Errorf("%+v", v.Connections)
	}
	if found, _ := filepath.Glob(filepath.Join(folder, connectionsFolder, "*")); len(found) != 1 {
		t.Errorf("%v", found)
	}
	if strings.Contains(content(t, fileOf(t, folder, first)), "YWdlLWVu") {
		t.Error("the sealed secret is still in the file")
	}
}

// What belongs to one computer, and to nobody else.
func TestOwnAddressesAndLeaving(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	o := sealed(first, "Sales", marker)
	o.Definition.Cloud = connection.CloudCustom
	ann.shares(o)
	if err := bob.sees(first).Usable(); !errors.Is(err, ErrAddresses) {
		t.Errorf("%v", err)
	}
	if err := bob.Allow(t.Context(), bob.team, first, &Addresses{LoginURL: "https://login.example", APIURL: "https://api.example"}); err != nil {
		t.Fatal(err)
	}
	if got, err := bob.opens(first); err != nil || got != marker {
		t.Errorf("%q, %v", got, err)
	}
	if strings.Contains(content(t, fileOf(t, folder, first)), "example") {
		t.Error("an address is in the shared file")
	}
	if _, err := ann.Leave(t.Context(), ann.team); !errors.Is(err, ErrLastOwner) {
		t.Errorf("%v", err)
	}
	if _, err := bob.Leave(t.Context(), bob.team); err != nil {
		t.Fatal(err)
	}
	if len(bob.List()) != 0 {
		t.Errorf("%+v", bob.List())
	}
	if v := ann.sync(); len(v.Requests) != 1 || !v.Requests[0].Leave || v.Requests[0].Name != "Bob" {
		t.Errorf("%+v", v.Requests)
	}
	if _, _, err := ann.Book.Remove(t.Context(), ann.team, "Bob"); err != nil {
		t.Fatal(err)
	}
	if v := ann.sync(); len(v.Members) != 1 || len(v.Gone) != 1 || len(v.Requests) != 0 {
		t.Errorf("%+v", v)
	}
	// Two owners, and one of them steps back.
	cy := newPerson(t, "Cy")
	cy.joins(folder, ann)
	if _, err := ann.SetRole(t.Context(), ann.team, "Cy", RoleOwner); err != nil {
		t.Fatal(err)
	}
	if _, err := ann.SetRole(t.Context(), ann.team, "Ann", RoleMember); !errors.Is(err, ErrYourself) {
		t.Errorf("%v", err)
	}
	if _, _, err := ann.Book.Remove(t.Context(), ann.team, "Ann"); !errors.Is(err, ErrYourself) {
		t.Errorf("%v", err)
	}
	cy.sync()
	if _, err := cy.SetRole(t.Context(), cy.team, "Ann", RoleMember); err != nil {
		t.Fatal(err)
	}
	if v := ann.sync(); v.Role != RoleMember || v.Problem != nil {
		t.Errorf("%+v", v)
	}
	if _, err := ann.AllowTenants(t.Context(), ann.team, []string{"other.com"}); !errors.Is(err, ErrNotOwner) {
		t.Errorf("%v", err)
	}
}

// The key comes back with its words, on another computer, and opens what it opened.
func TestRecoveredKey(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	ann.shares(sealed(first, "Sales", marker))
	k, err := key.Load(t.Context(), bob.secrets)
	if err != nil {
		t.Fatal(err)
	}
	other := newPerson(t, "Bob")
	back, err := key.Recover(k.Recovery())
	if err != nil {
		t.Fatal(err)
	}
	if err := key.Keep(t.Context(), other.secrets, back); err != nil {
		t.Fatal(err)
	}
	v, err := other.Join(t.Context(), folder, "Bob", ann.sync().Signer)
	if err != nil || v.Standing != StandingMember {
		t.Fatalf("%+v, %v", v, err)
	}
	other.team = v.ID
	if got, err := other.opens(first); err != nil || got != marker {
		t.Errorf("%q, %v", got, err)
	}
}

func TestNoKeychainNoTeam(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
	home := t.TempDir()
	b := Open(home, keychain.New(home))
	_, err := b.Create(t.Context(), filepath.Join(t.TempDir(), "t"), "Finance", "Ann", nil)
	if err == nil {
		t.Skip("this computer has a keychain")
	}
	if len(b.List()) != 0 {
		t.Error("there is a team")
	}
}

// TestWhatIsPutBackIsSaid: somebody writes into the file of a connection, and the program of
// the member who wrote it last puts that back, which is said until it is changed again.
func TestWhatIsPutBackIsSaid(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	ann.shares(sealed(first, "Sales", marker))
	bob.joins(folder, ann)
	path := fileOf(t, folder, first)
	good := content(t, path)
	says := func(p *person) string { return strings.Join(p.sees(first).Remarks(time.Now()), " ") }
	put(t, path, strings.Replace(good, tenant, "evil.example.com", 1))
	ann.sees(first)
	if content(t, path) != good || !strings.Contains(says(ann), "Your version was put back") {
		t.Errorf("%s", says(ann))
	}
	if got, err := bob.opens(first); got != marker || err != nil || strings.Contains(says(bob), "put back") {
		t.Errorf("%q, %v: %s", got, err, says(bob))
	}
	if _, err := ann.Rotate(t.Context(), ann.team, first, connection.SecretCredential(marker+"-2"), "", ""); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(says(ann), "put back") {
		t.Error(says(ann))
	}
}
