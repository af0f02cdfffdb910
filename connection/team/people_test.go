package team

import (
	"errors"
	"os"
	"strings"
	"testing"

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
	if says := bob.sync().Leaving(); says != "An owner sees that, and removes you from the list of members." {
		t.Error(says)
	}
	if err := bob.Leave(t.Context(), bob.team); err != nil {
		t.Fatal(err)
	}
	if v := ann.sync(); len(v.Requests) != 1 || !v.Requests[0].Leave {
		t.Fatalf("%+v", v.Requests)
	}
	if v, err := bob.Join(t.Context(), folder, "Bob", ""); err != nil || v.Standing != StandingMember {
		t.Fatalf("%+v, %v", v, err)
	}
	if v := ann.sync(); len(v.Requests) != 0 || len(v.Members) != 2 {
		t.Errorf("%+v", v.Requests)
	}
	if err := os.Rename(folder, folder+"-away"); err != nil {
		t.Fatal(err)
	}
	if says := bob.sync().Leaving(); !strings.Contains(says, "ask one to remove you") {
		t.Error(says)
	}
	if err := os.Rename(folder+"-away", folder); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ann.Remove(t.Context(), ann.team, "Bob"); err != nil {
		t.Fatal(err)
	}
	if says := bob.sync().Leaving(); says != "You were no longer a member." {
		t.Error(says)
	}
	if says := ann.sync().Leaving(); says != "Nobody else was in it; the folder stays as it is." {
		t.Error(says)
	}
}

// A name of one's own that nobody could trust is refused in words about oneself, not
// about a file of somebody else.
func TestOwnNamesAreRefused(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	if _, err := bob.Join(t.Context(), folder, "Bоb", ""); !errors.Is(err, ErrOwnName) {
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
