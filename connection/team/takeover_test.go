package team

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
)

// forges signs a change of team.json with the key of a person who may not.
func (p *person) forges(folder string, change func(*Roster)) *Roster {
	p.t.Helper()
	k, err := key.Load(p.t.Context(), p.secrets)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := decodeRoster([]byte(content(p.t, filepath.Join(folder, rosterFile))))
	if err != nil {
		p.t.Fatal(err)
	}
	was := r.hash()
	change(r)
	if r.Signed.Revision++; r.Signed.Ancestors != nil {
		r.Signed.Ancestors = slices.Insert(r.Signed.Ancestors, 0, was)
	}
	if err := r.sign(k, time.Now()); err != nil {
		p.t.Fatal(err)
	}
	text, err := r.encode()
	if err != nil {
		p.t.Fatal(err)
	}
	put(p.t, filepath.Join(folder, rosterFile), string(text))
	return r
}

// Who was removed is known to every computer, and signs nothing any more.
func TestARemovedMemberIsNoOwner(t *testing.T) {
	ann, bob, mal := newPerson(t, "Ann"), newPerson(t, "Bob"), newPerson(t, "Mallory")
	folder := ann.founds()
	mal.joins(folder, ann)
	bob.joins(folder, ann)
	member := ann.sync().Members[1].Member
	if _, _, err := ann.Book.Remove(t.Context(), ann.team, "Mallory"); err != nil {
		t.Fatal(err)
	}
	bob.sync()
	member.Role = RoleOwner
	mal.forges(folder, func(r *Roster) { r.Members, r.Gone = append(r.Members, member), nil })
	for _, p := range []*person{bob, ann} {
		if v := p.sync(); !errors.Is(v.Problem, ErrStranger) || len(v.Members) != 2 {
			t.Errorf("%s: %v, %d members", p.name, v.Problem, len(v.Members))
		}
	}
}

// The words of a newcomer who saw what a plain member signed are nobody's.
func TestWordsOfAForgedTeam(t *testing.T) {
	ann, bob, cy := newPerson(t, "Ann"), newPerson(t, "Bob"), newPerson(t, "Cy")
	folder := ann.founds()
	bob.joins(folder, ann)
	real := content(t, filepath.Join(folder, rosterFile))
	bob.forges(folder, func(r *Roster) {
		for i := range r.Members {
			r.Members[i].Role = RoleOwner
		}
	})
	v, err := cy.Join(t.Context(), folder, "Cy", "")
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(folder, rosterFile), real)
	if o := ann.sync(); len(o.Requests) != 1 || o.Requests[0].Words != "" {
		t.Errorf("%+v", o.Requests)
	}
	if _, err := ann.Accept(t.Context(), ann.team, v.Me); !errors.Is(err, ErrOwner) {
		t.Errorf("%v", err)
	}
}

// A list of members that is older than all it is said to be made of is old all the same.
func TestAnOldListOfMembers(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	old := content(t, filepath.Join(folder, rosterFile))
	for n := range 45 {
		if _, err := ann.AllowTenants(t.Context(), ann.team, []string{fmt.Sprintf("north%d.com", n)}); err != nil {
			t.Fatal(err)
		}
	}
	bob.sync()
	put(t, filepath.Join(folder, rosterFile), old)
	if v := bob.sync(); !errors.Is(v.Problem, ErrRolledBack) || len(v.Tenants) < 2 {
		t.Errorf("%v, %d tenants", v.Problem, len(v.Tenants))
	}
}

// What somebody who was an owner writes beside the changes of owners keeps nobody who was
// away from the true ones.
func TestAPlantedChangeOfOwners(t *testing.T) {
	ann, bob, cy := newPerson(t, "Ann"), newPerson(t, "Bob"), newPerson(t, "Cy")
	folder := ann.founds()
	bob.joins(folder, ann)
	if _, err := ann.SetRole(t.Context(), ann.team, "Bob", RoleOwner); err != nil {
		t.Fatal(err)
	}
	cy.joins(folder, ann)
	if _, err := ann.SetRole(t.Context(), ann.team, "Bob", RoleMember); err != nil {
		t.Fatal(err)
	}
	if _, err := ann.AllowTenants(t.Context(), ann.team, []string{"north.com"}); err != nil {
		t.Fatal(err)
	}
	real := content(t, filepath.Join(folder, rosterFile))
	planted := bob.forges(folder, func(r *Roster) {
		r.Signed.Revision -= 2
		r.Members = slices.DeleteFunc(r.Members, func(m Member) bool { return m.Name == "Ann" })
		for i := range r.Members {
			r.Members[i].Role = RoleOwner
		}
	})
	text, err := planted.encode()
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(folder, ownersFolder, "00.json"), string(text))
	put(t, filepath.Join(folder, rosterFile), real)
	if v := cy.sync(); v.Problem != nil || len(v.Tenants) != 2 {
		t.Errorf("%v, %v", v.Problem, v.Tenants)
	}
}

// Anybody who can write into the folder can fill it: the rest works, and says so.
func TestAFolderThatIsFilled(t *testing.T) {
	ann := newPerson(t, "Ann")
	folder := ann.founds()
	ann.shares(sealed(first, "Sales", marker))
	text := content(t, fileOf(t, folder, first))
	signer := ann.sync().Signer
	for n := range 100 {
		put(t, filepath.Join(folder, connectionsFolder, fmt.Sprintf("copy %d.json", n)), text)
		k, err := key.New()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ask(folder, ann.team, signer, fmt.Sprintf("Guest %d", n), false, k, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	v := ann.sync()
	words := 0
	for _, q := range v.Requests {
		if q.Words != "" {
			words++
		}
	}
	if words != mostPhrases || len(v.Requests) != 100 {
		t.Errorf("%d requests, %d with words", len(v.Requests), words)
	}
	for _, b := range v.Broken {
		if !errors.Is(b.Why, shared.ErrNotRead) {
			t.Errorf("%s: %v", b.Path, b.Why)
		}
	}
	if c := ann.sees(first); c.Usable() != nil {
		t.Errorf("%v", c.Usable())
	}
}
