package team

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/shared"
)

// clone is a person's copy of a repository.
type clone struct {
	t    *testing.T
	path string
}

func (c clone) git(args ...string) (string, error) {
	c.t.Helper()
	cmd := exec.CommandContext(c.t.Context(), "git", append([]string{"-C", c.path}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@example.com", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@example.com", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (c clone) must(args ...string) string {
	c.t.Helper()
	out, err := c.git(args...)
	if err != nil {
		c.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return out
}

// saves commits and pushes everything.
func (c clone) saves() {
	c.t.Helper()
	c.must("add", "-A")
	c.must("commit", "-q", "-m", "a change")
	c.must("push", "-q", "origin", "HEAD:main")
}

// clean fails when something in the folder was changed.
func (c clone) clean(when string) {
	c.t.Helper()
	if out := c.must("status", "--porcelain"); out != "" {
		c.t.Errorf("%s: the folder is changed:\n%s\n%s", when, out, c.must("diff"))
	}
}

// The folder of a team is a git repository, which knows nothing of teams: reading it
// changes nothing, a change is one line and the signature, and what two members change
// at once is brought together, also where git leaves its marks in the file.
func TestGitRepository(t *testing.T) {
	ann, bob, ours, theirs, origin := repository(t)
	o := sealed(first, "Sales", marker)
	o.Definition.Notes, o.Definition.Workspace, o.Definition.Tags = "as it was", "Finance", []string{"eu"}
	ann.shares(o)
	ours.saves()
	theirs.must("pull", "-q", "origin", "main")
	if got, err := bob.opens(first); err != nil || got != marker {
		t.Fatalf("%q, %v", got, err)
	}
	for range 3 {
		ann.sync()
		bob.sync()
	}
	ours.clean("after reading")
	theirs.clean("after reading")

	change := func(p *person, do func(d *shared.Definition)) {
		t.Helper()
		c := p.sees(first)
		base := c.Definition
		if err := p.Mirrored(t.Context(), p.team, map[string]*shared.Definition{first: &base}); err != nil {
			t.Fatal(err)
		}
		next := Offer{Definition: c.Definition, Anyway: "a test"}
		do(&next.Definition)
		p.shares(next)
	}
	// One change: its line, and the lines that say who vouches for it.
	change(ann, func(d *shared.Definition) { d.Notes = "a change" })
	for _, line := range strings.Split(ours.must("diff", "-U0", "--", "team/connections"), "\n") {
		if !strings.HasPrefix(line, "+ ") {
			continue
		}
		switch key, _, _ := strings.Cut(strings.TrimSpace(line[1:]), ":"); key {
		case `"notes"`, `"proof"`, `"sharedAnyway"`, `"signed"`:
		default:
			t.Errorf("the line of %s differs, too", key)
		}
	}
	ours.saves()
	theirs.must("pull", "-q", "origin", "main")
	if c := bob.sees(first); c.Notes != "a change" {
		t.Errorf("%+v", c)
	}

	// Both change something at once. git merges what is far apart, and leaves its marks in
	// the lines of the signature: the file is taken apart, merged and signed anew.
	both := func(style string, anns, bobs func(d *shared.Definition)) {
		t.Helper()
		theirs.must("config", "merge.conflictStyle", style)
		change(ann, anns)
		ours.saves()
		change(bob, bobs)
		theirs.must("add", "-A")
		theirs.must("commit", "-q", "-m", "a change")
		if out, err := theirs.git("pull", "-q", "--no-rebase", "origin", "main"); err == nil {
			t.Fatalf("git sees no conflict: %s", out)
		}
		if text := content(t, fileOf(t, filepath.Join(theirs.path, "team"), first)); !strings.Contains(text, "<<<<<<< ") {
			t.Fatalf("there are no marks:\n%s", text)
		}
	}
	both("merge", func(d *shared.Definition) { d.Name = "Sales EU" }, func(d *shared.Definition) { d.Expires = "2031-01-31" })
	if c := bob.sees(first); c.Name != "Sales EU" || c.Expires != "2031-01-31" || c.Problem != nil || len(c.Conflicts) != 0 {
		t.Errorf("%q %q, %v, %d versions\n%s", c.Name, c.Expires, c.Problem, len(c.Conflicts), content(t, fileOf(t, filepath.Join(theirs.path, "team"), first)))
	}
	if text := content(t, fileOf(t, filepath.Join(theirs.path, "team"), first)); strings.Contains(text, "<<<<<<<") {
		t.Errorf("the marks are still there:\n%s", text)
	}
	theirs.saves()
	ours.must("pull", "-q", "--no-rebase", "origin", "main")
	if c := ann.sees(first); c.Name != "Sales EU" || c.Expires != "2031-01-31" || c.Problem != nil {
		t.Errorf("%+v", c)
	}
	both("diff3", func(d *shared.Definition) { d.Tags = []string{"eu", "north"} }, func(d *shared.Definition) { d.Workspace = "Sales" })
	if c := bob.sees(first); len(c.Tags) != 2 || c.Workspace != "Sales" || c.Problem != nil {
		t.Errorf("%+v", c)
	}
	theirs.saves()
	ours.must("pull", "-q", "--no-rebase", "origin", "main")
	ann.sees(first)

	// Two secrets at once are never merged: both versions are shown, and one is kept.
	rotate := func(p *person, secret string) {
		t.Helper()
		if _, err := p.Rotate(t.Context(), p.team, first, connection.SecretCredential(secret), "", ""); err != nil {
			t.Fatal(err)
		}
	}
	rotate(ann, marker+"-ann")
	ours.saves()
	rotate(bob, marker+"-bob")
	theirs.must("add", "-A")
	theirs.must("commit", "-q", "-m", "a new secret")
	if _, err := theirs.git("pull", "-q", "--no-rebase", "origin", "main"); err == nil {
		t.Fatal("git sees no conflict")
	}
	c := bob.sees(first)
	if len(c.Conflicts) != 2 {
		t.Fatalf("%d versions, %v", len(c.Conflicts), c.Problem)
	}
	keep := 0
	if c.Conflicts[1].Name == "Ann" {
		keep = 1
	}
	if _, err := bob.Keep(t.Context(), bob.team, first, c.Conflicts[keep].ID); err != nil {
		t.Fatal(err)
	}
	theirs.saves()
	ours.must("pull", "-q", "--no-rebase", "origin", "main")
	for _, p := range []*person{ann, bob} {
		if got, err := p.opens(first); err != nil || got != marker+"-ann" {
			t.Errorf("%s: %q, %v", p.name, got, err)
		}
	}
	// Marks that hide a change which nobody signed are no way in.
	file := fileOf(t, filepath.Join(theirs.path, "team"), first)
	good := content(t, file)
	put(t, file, strings.Replace(good, "  \"workspace\": \"Sales\",\n", "<<<<<<< ours\n  \"workspace\": \"Sales\",\n=======\n  \"workspace\": \"Evil\",\n>>>>>>> theirs\n", 1))
	if c, err := bob.sync().Find(first); err != nil || c.Workspace == "Evil" {
		t.Errorf("%+v, %v", c, err)
	}
	put(t, file, good)
	bob.sync()
	ann.sync()
	theirs.clean("at the end")
	ours.clean("at the end")
	for _, c := range []clone{ours, theirs, origin} {
		noMarker(t, c.path)
	}
}

// repository is the folder of a team of Ann and Bob in a git repository, of which each
// has a clone.
func repository(t *testing.T) (ann, bob *person, ours, theirs, origin clone) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed, so a team's folder in a repository was not tried")
	}
	root := t.TempDir()
	origin = clone{t, filepath.Join(root, "origin.git")}
	if err := os.Mkdir(origin.path, 0o700); err != nil {
		t.Fatal(err)
	}
	origin.must("init", "-q", "--bare", "-b", "main")
	ours, theirs = clone{t, filepath.Join(root, "ann")}, clone{t, filepath.Join(root, "bob")}
	origin.must("clone", "-q", origin.path, ours.path)
	ann, bob = newPerson(t, "Ann"), newPerson(t, "Bob")
	v, err := ann.Create(t.Context(), filepath.Join(ours.path, "team"), "Finance", "Ann", []string{tenant})
	if err != nil {
		t.Fatal(err)
	}
	ann.team = v.ID
	ours.must("checkout", "-q", "-B", "main")
	ours.saves()

	// Bob joins through the repository.
	origin.must("clone", "-q", "-b", "main", origin.path, theirs.path)
	if v, err = bob.Join(t.Context(), filepath.Join(theirs.path, "team"), "Bob", ""); err != nil {
		t.Fatal(err)
	}
	bob.team = v.ID
	theirs.saves()
	ours.must("pull", "-q", "origin", "main")
	if v := ann.sync(); len(v.Requests) != 1 {
		t.Fatalf("%+v", v.Requests)
	}
	if _, err := ann.Accept(t.Context(), ann.team, "Bob"); err != nil {
		t.Fatal(err)
	}
	ours.saves()
	theirs.must("pull", "-q", "origin", "main")
	bob.sync()
	return ann, bob, ours, theirs, origin
}

// Two owners change team.json at once. git merges the lines that are far apart into both
// sides, so that neither is as its owner signed it: each is found again, and both changes
// count. Where they cannot be found again, that is said, and the team that is known goes
// on.
func TestGitConflictInTheRoster(t *testing.T) {
	ann, bob, ours, theirs, _ := repository(t)
	if _, err := ann.SetRole(t.Context(), ann.team, "Bob", RoleOwner); err != nil {
		t.Fatal(err)
	}
	ours.saves()
	theirs.must("pull", "-q", "origin", "main")
	bob.sync()
	cy := newPerson(t, "Cy")
	if _, err := cy.Join(t.Context(), filepath.Join(theirs.path, "team"), "Cy", ""); err != nil {
		t.Fatal(err)
	}
	roster := filepath.Join(theirs.path, "team", rosterFile)
	conflict := func(anns, bobs func() error) {
		t.Helper()
		for _, err := range []error{anns(), bobs()} {
			if err != nil {
				t.Fatal(err)
			}
		}
		ours.saves()
		theirs.must("add", "-A")
		theirs.must("commit", "-q", "-m", "a change")
		if out, err := theirs.git("pull", "-q", "--no-rebase", "origin", "main"); err == nil {
			t.Fatalf("git sees no conflict: %s", out)
		}
		if text := content(t, roster); !strings.Contains(text, "<<<<<<< ") {
			t.Fatalf("there are no marks:\n%s", text)
		}
	}
	resolved := func(tenants, members int) {
		t.Helper()
		if v := bob.sync(); v.Problem != nil || len(v.Tenants) != tenants || len(v.Members) != members {
			t.Fatalf("%v: %v, %+v\n%s", v.Problem, v.Tenants, v.Members, content(t, roster))
		}
		if text := content(t, roster); strings.Contains(text, "<<<<<<<") {
			t.Errorf("the marks are still there:\n%s", text)
		}
		theirs.saves()
		ours.must("pull", "-q", "--no-rebase", "origin", "main")
		if v := ann.sync(); v.Problem != nil || len(v.Tenants) != tenants || len(v.Members) != members {
			t.Fatalf("%v: %v, %+v", v.Problem, v.Tenants, v.Members)
		}
	}
	allow := func(p *person, name string) func() error {
		return func() error { _, err := p.AllowTenants(t.Context(), p.team, []string{name}); return err }
	}
	conflict(allow(ann, "north.com"), func() error { _, err := bob.Accept(t.Context(), bob.team, "Cy"); return err })
	resolved(2, 3)
	conflict(allow(ann, "south.com"), allow(bob, "west.com")) // in the same lines
	resolved(4, 3)
	conflict(func() error { _, _, err := ann.Book.Remove(t.Context(), ann.team, "Cy"); return err }, allow(bob, "east.com"))
	resolved(5, 2)

	good := content(t, roster)
	tangled := strings.Replace(good, "{\n", "{\n<<<<<<< ours\n  \"pushdeskTeam\": 1,\n=======\n  \"pushdeskTeam\": one,\n>>>>>>> theirs\n", 1)
	put(t, roster, tangled)
	if v := bob.sync(); !errors.Is(v.Problem, errTangled) || !strings.Contains(errTangled.Sentence, "git conflict") || len(v.Members) != 2 {
		t.Errorf("%v, %+v", v.Problem, v.Members)
	}
	put(t, roster, tangled) // Bob, who wrote it last, has written it again
	if _, err := newPerson(t, "Dee").Join(t.Context(), filepath.Dir(roster), "Dee", ""); !errors.Is(err, errTangled) {
		t.Errorf("%v", err)
	}
	// Marks are no way in: what nobody signed counts for nothing.
	put(t, roster, strings.Replace(good, "    \"east.com\"", "<<<<<<< ours\n    \"east.com\"\n=======\n    \"evil.com\"\n>>>>>>> theirs", 1))
	if v := bob.sync(); !errors.Is(v.Problem, errTangled) || slices.Contains(v.Tenants, "evil.com") || len(v.Tenants) != 5 {
		t.Errorf("%v, %v", v.Problem, v.Tenants)
	}
}
