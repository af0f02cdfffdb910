package team

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
	"pushdesk/storage/failure"
)

// Anybody who can write to the folder can ask to join under any name. The words that were
// compared are those of one request, so a name that two people give accepts nobody.
func TestTwoAskUnderOneName(t *testing.T) {
	ann, bob, eve := newPerson(t, "Ann"), newPerson(t, "Bob"), newPerson(t, "Eve")
	folder := ann.founds()
	mine, err := bob.Join(t.Context(), folder, "Bob", "")
	if err != nil {
		t.Fatal(err)
	}
	hers, err := eve.Join(t.Context(), folder, "BOB", "")
	if err != nil {
		t.Fatal(err)
	}
	if v := ann.sync(); len(v.Requests) != 2 {
		t.Fatalf("%+v", v.Requests)
	}
	if _, err := ann.Accept(t.Context(), ann.team, "Bob"); !errors.Is(err, ErrTwoRequests) {
		t.Errorf("accepted: %v", err)
	}
	if _, err := ann.Reject(t.Context(), ann.team, "bob"); !errors.Is(err, ErrTwoRequests) {
		t.Errorf("rejected: %v", err)
	}
	if v, err := ann.Accept(t.Context(), ann.team, mine.Me); err != nil || len(v.Members) != 2 || v.Members[1].ID != mine.Me {
		t.Errorf("%+v, %v", v.Members, err)
	}
	if v, err := ann.Reject(t.Context(), ann.team, hers.Me); err != nil || len(v.Requests) != 0 {
		t.Errorf("%+v, %v", v.Requests, err)
	}
}

// Who left and comes back before an owner removed them has not left.
func TestLeaveAndComeBack(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	leaves := func(p *person, want string) {
		t.Helper()
		if says, err := p.Leave(t.Context(), p.team); err != nil || says != want {
			t.Errorf("%s: %q, %v", p.name, says, err)
		}
	}
	leaves(bob, "An owner sees that, and removes you from the list of members.")
	if v := ann.sync(); len(v.Requests) != 1 || !v.Requests[0].Leave {
		t.Fatalf("%+v", v.Requests)
	}
	if _, err := bob.Join(t.Context(), folder, "Bob", ""); !errors.Is(err, ErrComingBack) {
		t.Fatalf("%v", err)
	}
	if v, err := bob.Join(t.Context(), folder, "Bob", ann.sync().Signer); err != nil || v.Standing != StandingMember {
		t.Fatalf("%+v, %v", v, err)
	}
	if v := ann.sync(); len(v.Requests) != 0 || len(v.Members) != 2 {
		t.Errorf("%+v", v.Requests)
	}
	// A folder that cannot be written keeps nobody.
	inTheWay := requestPath(folder, bob.sync().Me)
	if err := os.Mkdir(inTheWay, 0o700); err != nil {
		t.Fatal(err)
	}
	leaves(bob, "No owner can see that, because the team's folder cannot be reached or written: ask one to remove you.")
	if _, _, err := ann.Remove(t.Context(), ann.team, "Bob"); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(inTheWay); err != nil {
		t.Fatal(err)
	}
	if _, err := bob.Join(t.Context(), folder, "Bob", ""); err != nil {
		t.Fatal(err)
	}
	leaves(bob, "Your request to join is withdrawn.")
	leaves(ann, "Nobody else was in it; the folder stays as it is.")
}

// A name of one's own that nobody could trust is refused in words about oneself, not
// about a file of somebody else.
func TestOwnNamesAreRefused(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	if _, err := bob.Join(t.Context(), folder, "Bоb", ""); !errors.Is(err, ErrOwnName) {
		t.Errorf("%v", err)
	}
	if _, err := bob.Create(t.Context(), t.TempDir(), "Fin\u0430nce", "Bob", []string{tenant}); !errors.Is(err, ErrOwnName) {
		t.Errorf("%v", err)
	}
	bob.joins(folder, ann)
	ann.shares(sealed(first, "Sales", marker))
	for _, name := range []string{"SALES", "Sa1es"} {
		_, err := bob.Share(t.Context(), bob.team, sealed(second, name, marker))
		f, ok := failure.From(err)
		if !ok || !errors.Is(err, ErrSharedName) || !strings.Contains(f.Sentence, "“Sales”") || !strings.Contains(f.Remedy, "another name") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is in the folder and cannot be read or trusted is said, whatever it claims to be.
func TestWhatIsNotReadIsSaid(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	ann.shares(sealed(first, "Sales", marker))
	if _, err := bob.Stamp(t.Context(), bob.team, *withConnection(proof())); err != nil {
		t.Fatal(err)
	}
	stamps, err := filepath.Glob(filepath.Join(folder, stampsFolder, "*.json"))
	if err != nil || len(stamps) != 1 {
		t.Fatalf("%v, %v", stamps, err)
	}
	put(t, stamps[0], strings.Replace(content(t, stamps[0]), "Ready to push.", "Ready for all.", 1))
	put(t, filepath.Join(folder, stampsFolder, "other.json"), "{")
	put(t, filepath.Join(folder, requestsFolder, "other.json"), `{"pushdeskRequest": 1, "name": "Dana"}`)
	v := ann.sync()
	var names []string
	for _, b := range v.Broken {
		names = append(names, filepath.Base(b.Path))
		if b.Why == nil {
			t.Errorf("%+v", b)
		}
	}
	if len(names) != 3 || len(v.Requests) != 0 || len(v.Connections[0].Stamps) != 1 {
		t.Errorf("%v, %+v", names, v)
	}
	// A file that is gone is not one that was taken out of the team.
	if err := os.Remove(fileOf(t, folder, first)); err != nil {
		t.Fatal(err)
	}
	if c := bob.sees(first); !c.Lost || c.Usable() != nil || !strings.Contains(strings.Join(c.Remarks(bob.now()), "\n"), "missing in the team's folder") {
		t.Errorf("%+v", c)
	}
}

func withConnection(s *Stamp) *Stamp {
	s.Connection = first
	return s
}

// Nothing can be written into the folder: what others changed at once reaches this person
// all the same, and that it could not be written is said.
func TestFolderThatCannotBeWritten(t *testing.T) {
	ann, bob, cy := newPerson(t, "Ann"), newPerson(t, "Bob"), newPerson(t, "Cy")
	folder := ann.founds()
	bob.joins(folder, ann)
	cy.joins(folder, ann)
	offer := func(id, name string, change func(d *shared.Definition)) Offer {
		o := Offer{Definition: definition(id, name), Proof: proof()}
		change(&o.Definition)
		return o
	}
	ann.shares(offer(first, "Sales", func(*shared.Definition) {}))
	ann.shares(offer(second, "Depots", func(*shared.Definition) {}))
	bob.sync()
	if v := cy.sync(); len(v.Connections) != 2 {
		t.Fatalf("%+v", v)
	}
	path := fileOf(t, folder, first)
	before := content(t, path)
	ann.shares(offer(second, "Depots", func(d *shared.Definition) { d.Notes = "later" }))
	ann.shares(offer(first, "Sales", func(d *shared.Definition) { d.Notes = "by Ann" }))
	byAnn := content(t, path)
	put(t, path, before)
	bob.shares(offer(first, "Sales", func(d *shared.Definition) { d.Dataset = "by Bob" }))
	put(t, strings.TrimSuffix(path, ".json")+" (1).json", content(t, path))
	put(t, strings.TrimSuffix(path, ".json")+" (2).json", byAnn)
	besides := strings.TrimSuffix(path, ".json") + "." + cy.List()[0].Me[:8] + ".json"
	if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700), os.Mkdir(besides, 0o700)); err != nil { // in the way
		t.Fatal(err)
	}
	v := cy.sync()
	if f, ok := failure.From(v.Problem); !ok || !strings.Contains(f.Sentence, "written") || v.Offline {
		t.Errorf("%v, offline %v", v.Problem, v.Offline)
	}
	if c, err := v.Find(first); err != nil || c.Notes != "by Ann" || c.Dataset != "by Bob" || c.Usable() != nil || c.Offline {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := v.Find(second); err != nil || c.Notes != "later" {
		t.Errorf("%+v, %v", c, err)
	}
}

// A team whose name is not what it looks like is not joined, though its owner signed it.
func TestNameOfATeam(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	path := filepath.Join(folder, rosterFile)
	r, err := decodeRoster([]byte(content(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	k, err := key.Load(t.Context(), ann.secrets)
	if err != nil {
		t.Fatal(err)
	}
	r.Name = "Fin\u0430nce"
	if err := r.sign(k, time.Now()); err != nil {
		t.Fatal(err)
	}
	line, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	put(t, path, string(line))
	if _, err := bob.Join(t.Context(), folder, "Bob", ""); !errors.Is(err, ErrNames) {
		t.Errorf("%v", err)
	}
}

// Anybody can give their team the name of another: neither is taken for the other.
func TestTwoTeamsOfOneName(t *testing.T) {
	ann, eve, bob := newPerson(t, "Ann"), newPerson(t, "Eve"), newPerson(t, "Bob")
	bob.joins(ann.founds(), ann)
	mine := bob.team
	bob.joins(eve.founds(), eve)
	if _, err := bob.Find("finance"); !errors.Is(err, ErrSeveral) {
		t.Errorf("%v", err)
	}
	for _, id := range []string{mine, bob.team} {
		if v, err := bob.Find(id); err != nil || v.ID != id {
			t.Errorf("%+v, %v", v, err)
		}
	}
}

// Somebody is accepted while a member whose drive is behind seals a new secret: it is not
// sealed to the new member, which is said, until a member who can open it reads the folder.
func TestAcceptedWhileAnotherShares(t *testing.T) {
	ann, bob, cy := newPerson(t, "Ann"), newPerson(t, "Bob"), newPerson(t, "Cy")
	folder := ann.founds()
	bob.joins(folder, ann)
	ann.shares(sealed(first, "Sales", marker))
	bob.sync()
	roster, path := filepath.Join(folder, rosterFile), fileOf(t, folder, first)
	before, was := content(t, roster), content(t, path)
	v, err := cy.Join(t.Context(), folder, "Cy", "")
	if err != nil {
		t.Fatal(err)
	}
	cy.team = v.ID
	if _, err := ann.Accept(t.Context(), ann.team, "Cy"); err != nil {
		t.Fatal(err)
	}
	after := content(t, roster)
	put(t, roster, before)
	put(t, path, was)
	if _, err := bob.Rotate(t.Context(), bob.team, first, connection.SecretCredential(marker+"-2"), "", ""); err != nil {
		t.Fatal(err)
	}
	put(t, roster, after)
	if c := cy.sees(first); !slices.Equal(c.Unsealed, []string{"Cy"}) || !strings.Contains(strings.Join(c.Remarks(time.Now()), " "), "Not sealed to Cy yet") {
		t.Errorf("%q, %v", c.Unsealed, c.Remarks(time.Now()))
	}
	ann.sync()
	if got, err := cy.opens(first); got != marker+"-2" || err != nil || len(cy.sees(first).Unsealed) != 0 {
		t.Errorf("%q, %v", got, err)
	}
	// So it is when somebody is removed meanwhile, who could read it.
	bob.sync()
	before = content(t, roster)
	if _, _, err := ann.Book.Remove(t.Context(), ann.team, "Cy"); err != nil {
		t.Fatal(err)
	}
	after = content(t, roster)
	put(t, roster, before)
	if _, err := bob.Rotate(t.Context(), bob.team, first, connection.SecretCredential(marker+"-3"), "", ""); err != nil {
		t.Fatal(err)
	}
	put(t, roster, after)
	if c := ann.sees(first); len(c.Secret.To) != 2 || !slices.Equal(c.Secret.ReadBy, []string{"Cy"}) {
		t.Errorf("%+v", c.Secret)
	}
}

// Programs that copy folders make copies of requests: one person asks once, and nothing of
// the request stays after the answer. Who was rejected sees that.
func TestCopiesOfRequests(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	copied := func() (path, text string) {
		t.Helper()
		list, err := filepath.Glob(filepath.Join(folder, requestsFolder, "*.json"))
		if err != nil || len(list) != 1 {
			t.Fatalf("%v, %v", list, err)
		}
		put(t, besides(list[0], "%s (conflicted copy).json"), content(t, list[0]))
		return list[0], content(t, list[0])
	}
	empty := func() {
		t.Helper()
		if list, _ := filepath.Glob(filepath.Join(folder, requestsFolder, "*")); len(list) != 0 {
			t.Errorf("%v", list)
		}
	}
	v, err := bob.Join(t.Context(), folder, "Bob", "")
	if err != nil {
		t.Fatal(err)
	}
	bob.team = v.ID
	copied()
	if v := ann.sync(); len(v.Requests) != 1 {
		t.Errorf("%+v", v.Requests)
	}
	if _, err := ann.Reject(t.Context(), ann.team, "Bob"); err != nil {
		t.Fatal(err)
	}
	empty()
	if v := bob.sync(); v.Standing != StandingPending || !errors.Is(v.Problem, ErrRejected) {
		t.Errorf("%v, %v", v.Standing, v.Problem)
	}
	if _, err := bob.Join(t.Context(), folder, "Bob", ""); err != nil {
		t.Fatal(err)
	}
	copied()
	if _, err := ann.Accept(t.Context(), ann.team, "Bob"); err != nil {
		t.Fatal(err)
	}
	empty()
	bob.sync()
	if _, err := bob.Leave(t.Context(), bob.team); err != nil {
		t.Fatal(err)
	}
	path, text := copied()
	if _, _, err := ann.Book.Remove(t.Context(), ann.team, "Bob"); err != nil {
		t.Fatal(err)
	}
	empty()
	put(t, path, text) // another computer brings it back
	if v := ann.sync(); len(v.Requests) != 0 {
		t.Errorf("%+v", v.Requests)
	}
}

// Who was away while the owners changed, twice, goes through the changes: each is signed by
// an owner of the one before. Nobody makes themselves an owner.
func TestAwayWhileTheOwnersChanged(t *testing.T) {
	ann, bob, cy, dan := newPerson(t, "Ann"), newPerson(t, "Bob"), newPerson(t, "Cy"), newPerson(t, "Dan")
	folder := ann.founds()
	for _, p := range []*person{bob, cy, dan} {
		p.joins(folder, ann)
	}
	bob.sync()
	if _, err := ann.SetRole(t.Context(), ann.team, "Bob", RoleOwner); err != nil {
		t.Fatal(err)
	}
	bob.sync()
	if _, _, err := bob.Book.Remove(t.Context(), bob.team, "Ann"); err != nil {
		t.Fatal(err)
	}
	if _, err := bob.AllowTenants(t.Context(), bob.team, []string{"north.com"}); err != nil {
		t.Fatal(err)
	}
	if v := cy.sync(); v.Problem != nil || len(v.Tenants) != 2 || len(v.Members) != 3 {
		t.Errorf("%v, %v, %+v", v.Problem, v.Tenants, v.Members)
	}
	// Cy signs a list that makes Cy the only owner, and says that it follows.
	k, err := key.Load(t.Context(), cy.secrets)
	if err != nil {
		t.Fatal(err)
	}
	r, err := decodeRoster([]byte(content(t, filepath.Join(folder, rosterFile))))
	if err != nil {
		t.Fatal(err)
	}
	r.Signed.Revision++
	for i := range r.Members {
		r.Members[i].Role = RoleMember
		if r.Members[i].Name == "Cy" {
			r.Members[i].Role = RoleOwner
		}
	}
	if err := r.sign(k, time.Now()); err != nil {
		t.Fatal(err)
	}
	text, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(folder, rosterFile), string(text))
	put(t, filepath.Join(folder, ownersFolder, r.hash()+".json"), string(text))
	if v := dan.sync(); !errors.Is(v.Problem, ErrNewOwner) {
		t.Errorf("%v", v.Problem)
	}
	if _, err := dan.Trust(t.Context(), dan.team, "Cy"); !errors.Is(err, ErrNewOwner) {
		t.Errorf("%v", err)
	}
}

// A team is created in no folder that a sync program has brought half of yet, and under no
// name that cannot be typed.
func TestWhereNoTeamIsCreated(t *testing.T) {
	ann := newPerson(t, "Ann")
	create := func(folder, name, me string) error {
		_, err := ann.Create(t.Context(), folder, name, me, []string{tenant})
		return err
	}
	half := filepath.Join(t.TempDir(), "team")
	if err := os.MkdirAll(filepath.Join(half, connectionsFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(half, "notes.json"), "{}") // of anybody
	put(t, filepath.Join(half, connectionsFolder, "sales--11111111.json"), "{}")
	if err := create(half, "Finance", "Ann"); !errors.Is(err, ErrHalf) {
		t.Errorf("%v", err)
	}
	for _, name := range []string{"--yes", strings.Repeat("n", 5000)} {
		var bad *connection.InvalidError
		if err := create(t.TempDir(), name, "Ann"); !errors.As(err, &bad) {
			t.Errorf("%v", err)
		}
		if err := create(t.TempDir(), "Finance", name); !errors.As(err, &bad) {
			t.Errorf("%v", err)
		}
	}
}

// Leaving while this computer's disk is full is told to the owners all the same.
func TestLeavingWithAFullDisk(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	ann.shares(sealed(first, "Sales", marker))
	states := filepath.Join(bob.home, "teams", bob.team, "states", first)
	if err := os.MkdirAll(filepath.Dir(states), 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, states, "in the way: nothing can be kept")
	if says, err := bob.Leave(t.Context(), bob.team); err != nil || !strings.Contains(says, "An owner sees that") {
		t.Errorf("%q, %v", says, err)
	}
}
