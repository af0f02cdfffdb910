package team

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
)

// mergeNames are how git, Subversion and merge tools name versions of a file, by its name without the
// ending.
var mergeNames = []string{"%s.json.mine", "%s.json.r12", "%s.json.orig", "%s.JSON.ORIG", "%s.json~HEAD", "%s.json~feature_x", "%s_BACKUP_123.json", "%s_BASE_123.json", "%s_LOCAL_123.json", "%s_REMOTE_123.json"}

// besides is the path of a copy beside a file.
func besides(path, name string) string {
	return filepath.Join(filepath.Dir(path), fmt.Sprintf(name, strings.TrimSuffix(filepath.Base(path), ".json")))
}

func there(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// A version of a connection's file under a name of git's or a merge tool's is what it
// holds: it is merged, or offered beside the other, and removed once all of it is in the
// file.
func TestCopiesOfMergeTools(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	ann.shares(sealed(first, "Sales", marker))
	path := fileOf(t, folder, first)
	edit := func(p *person, change func(d *shared.Definition)) {
		t.Helper()
		c := p.sees(first)
		base := c.Definition
		if err := p.Mirrored(t.Context(), p.team, map[string]*shared.Definition{first: &base}); err != nil {
			t.Fatal(err)
		}
		o := Offer{Definition: c.Definition, Anyway: "a test"}
		change(&o.Definition)
		p.shares(o)
	}
	for i, name := range mergeNames {
		bob.sync()
		before := content(t, path)
		edit(ann, func(d *shared.Definition) { d.Notes = name })
		anns := content(t, path)
		put(t, path, before)
		edit(bob, func(d *shared.Definition) { d.Workspace = fmt.Sprint("Workspace ", i) })
		put(t, besides(path, name), anns)
		c := bob.sees(first)
		if c.Notes != name || c.Workspace != fmt.Sprint("Workspace ", i) || c.Problem != nil || len(c.Conflicts) > 0 {
			t.Errorf("%s: %q %q, %v, %d versions", name, c.Notes, c.Workspace, c.Problem, len(c.Conflicts))
		}
		if there(besides(path, name)) {
			t.Errorf("%s is still there", name)
		}
	}

	// Where capitals do not count, this would be the file itself.
	capitals := filepath.Join(filepath.Dir(path), strings.ToUpper(filepath.Base(path)))
	put(t, capitals, content(t, path))
	if bob.sync(); !there(capitals) {
		t.Error("the file itself may be removed")
	}
	if err := os.Rename(capitals, path); err != nil {
		t.Fatal(err)
	}

	// What is never merged is offered side by side, and stays until somebody decides.
	bob.sync()
	before := content(t, path)
	rotate := func(p *person, secret string) {
		t.Helper()
		if _, err := p.Rotate(t.Context(), p.team, first, connection.SecretCredential(secret), "", ""); err != nil {
			t.Fatal(err)
		}
	}
	rotate(ann, marker+"-ann")
	copied := besides(path, "%s.json~HEAD")
	anns := content(t, path)
	put(t, path, before)
	rotate(bob, marker+"-bob")
	put(t, copied, anns)
	c := bob.sees(first)
	if len(c.Conflicts) != 2 || !slices.ContainsFunc(c.Conflicts, func(v Version) bool { return v.Name == "Ann" && v.File == filepath.Base(copied) }) || !there(copied) {
		t.Fatalf("%+v", c.Conflicts)
	}
	keep := slices.IndexFunc(c.Conflicts, func(v Version) bool { return v.Name == "Ann" })
	if _, err := bob.Keep(t.Context(), bob.team, first, c.Conflicts[keep].ID); err != nil {
		t.Fatal(err)
	}
	if got, err := ann.opens(first); err != nil || got != marker+"-ann" || there(copied) {
		t.Errorf("%q, %v, %v", got, err, there(copied))
	}

	// What is left of a merge that marks stand in counts for nothing and stays.
	good := content(t, path)
	marked := besides(path, "%s_BACKUP_123.json")
	put(t, marked, strings.Replace(good, "  \"workspace\": \"Workspace 9\",\n", "<<<<<<< ours\n  \"workspace\": \"Workspace 9\",\n=======\n  \"workspace\": \"Evil\",\n>>>>>>> theirs\n", 1))
	if c := bob.sees(first); c.Workspace != "Workspace 9" || c.Problem != nil || !there(marked) {
		t.Errorf("%q, %v, %v", c.Workspace, c.Problem, there(marked))
	}
}

// What is no version of a file, whatever it is called, is said where it lies among the
// connections, is never changed, and keeps nobody from using the team.
func TestJunkUnderNamesOfMergeTools(t *testing.T) {
	ann := newPerson(t, "Ann")
	folder := ann.founds()
	ann.shares(sealed(first, "Sales", marker))
	path, roster := fileOf(t, folder, first), filepath.Join(folder, rosterFile)
	good := content(t, path)
	marks := "{\n<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n}\n"
	junk := map[string]string{
		besides(path, "%s.json.orig"): "no JSON", besides(path, "%s.json~HEAD"): good + strings.Repeat(" ", shared.MaxFile), besides(path, "%s_BASE_1.json"): "", besides(path, "%s_LOCAL_1.json"): marks,
		besides(roster, "%s.json.orig"): marks, besides(roster, "%s.json~HEAD"): "{}", besides(roster, "%s_BACKUP_1.json"): marks, besides(roster, "%s_REMOTE_1.json"): "no JSON",
		besides(path, "%s.json.old"): good, besides(path, "%s.json~"): good, besides(path, "%s.json~RF1a2b.TMP"): good, // an editor's are nobody's version
	}
	for p, text := range junk {
		put(t, p, text)
	}
	for _, p := range []string{besides(path, "%s.json~folder"), besides(roster, "%s.json~folder")} {
		if err := os.Mkdir(p, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(folder, "nowhere"), besides(path, "%s.json~link")); err != nil {
		t.Log(err) // not on every system
	}
	if err := os.Symlink(filepath.Join(folder, "nowhere"), besides(roster, "%s.json~link")); err != nil {
		t.Log(err)
	}
	for range 2 {
		v := ann.sync()
		c, err := v.Find(first)
		if err != nil || v.Problem != nil || v.Offline || c.Problem != nil || len(c.Conflicts) > 0 || len(c.Imposters) > 0 {
			t.Fatalf("%v, %v, %v, %+v", err, v.Problem, c.Problem, c)
		}
		var said []string
		for _, b := range v.Broken {
			said = append(said, filepath.Base(b.Path))
		}
		for p := range junk {
			if name := filepath.Base(p); slices.Contains(said, name) != (junk[p] != good) {
				t.Errorf("%s is said: %v", name, slices.Contains(said, name))
			}
		}
	}
	if _, err := ann.AllowTenants(t.Context(), ann.team, []string{"north.com"}); err != nil {
		t.Error(err)
	}
	for p, text := range junk {
		if content(t, p) != text {
			t.Errorf("%s was changed", p)
		}
	}
}

// A copy of team.json is merged, and removed once team.json holds it; one that holds
// anything else stays.
func TestCopiesOfTheRoster(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	if _, err := ann.SetRole(t.Context(), ann.team, "Bob", RoleOwner); err != nil {
		t.Fatal(err)
	}
	bob.sync()
	path := filepath.Join(folder, rosterFile)
	allow := func(p *person, name string) {
		t.Helper()
		if _, err := p.AllowTenants(t.Context(), p.team, []string{name}); err != nil {
			t.Fatal(err)
		}
	}
	tenants := 1
	for i, name := range slices.Concat(copyNames, mergeNames) {
		before := content(t, path)
		allow(ann, fmt.Sprintf("a%d.com", i))
		anns := content(t, path)
		put(t, path, before)
		allow(bob, fmt.Sprintf("b%d.com", i))
		put(t, besides(path, name), anns)
		tenants += 2
		for _, p := range []*person{bob, ann} {
			if v := p.sync(); v.Problem != nil || len(v.Tenants) != tenants {
				t.Errorf("%s: %s: %v, %v", name, p.name, v.Problem, v.Tenants)
			}
		}
		if there(besides(path, name)) {
			t.Errorf("%s is still there", name)
		}
	}

	// Where capitals do not count, this would be team.json itself.
	capitals := filepath.Join(folder, "TEAM.JSON")
	put(t, capitals, content(t, path))
	if bob.sync(); !there(capitals) {
		t.Error("team.json may be removed")
	}
	if !there(path) {
		t.Fatal("team.json is gone")
	}
	if err := os.Rename(capitals, path); err != nil {
		t.Fatal(err)
	}

	// The newest state is only in a copy: team.json becomes it.
	before := content(t, path)
	allow(ann, "newest.com")
	newest := content(t, path)
	put(t, path, before)
	copied := besides(path, "%s-ANNS-PC.json")
	put(t, copied, newest)
	if v := bob.sync(); v.Problem != nil || len(v.Tenants) != tenants+1 || content(t, path) != newest || there(copied) {
		t.Errorf("%v, %v, %v", v.Problem, v.Tenants, there(copied))
	}
	ann.sync()

	// A member who is no owner tidies up as well, and never what is not in team.json.
	cy := newPerson(t, "Cy")
	cy.joins(folder, ann)
	put(t, copied, before)
	strange := besides(path, "%s.json~theirs")
	r, err := decodeRoster([]byte(content(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	evil, err := key.New()
	if err != nil {
		t.Fatal(err)
	}
	r.Members = append(slices.Clone(r.Members), evilMember(evil))
	r.Signed = shared.Signed{Revision: r.Signed.Revision + 1, Ancestors: shared.AncestorsOf(r.Signed)(r.hash())}
	if err := r.sign(evil, ann.now()); err != nil {
		t.Fatal(err)
	}
	text, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	put(t, strange, string(text))
	if v := cy.sync(); there(copied) || !there(strange) || !errors.Is(v.Problem, ErrStranger) || len(v.Members) != 3 {
		t.Errorf("%v, %v, %v", there(copied), there(strange), v.Problem)
	}
	if err := os.Remove(strange); err != nil {
		t.Fatal(err)
	}

	// Two versions that this person may not merge stay as they are.
	bob.sync()
	before = content(t, path)
	allow(ann, "one.com")
	anns := content(t, path)
	put(t, path, before)
	allow(bob, "two.com")
	bobs := content(t, path)
	put(t, copied, anns)
	if v := cy.sync(); v.Problem != nil || content(t, path) != bobs || content(t, copied) != anns {
		t.Errorf("%v, %v", v.Problem, v.Tenants)
	}
	if v := ann.sync(); v.Problem != nil || there(copied) || !slices.Contains(v.Tenants, "one.com") || !slices.Contains(v.Tenants, "two.com") {
		t.Errorf("%v, %v", v.Problem, v.Tenants)
	}

	// A copy that an owner signed who has left since is in team.json like any other.
	bob.sync()
	allow(bob, "bob.com")
	bobs = content(t, path)
	if _, _, err := ann.Book.Remove(t.Context(), ann.team, "Bob"); err != nil {
		t.Fatal(err)
	}
	put(t, copied, bobs)
	if v := cy.sync(); v.Problem != nil || there(copied) || len(v.Members) != 2 {
		t.Errorf("%v, %v, %+v", v.Problem, there(copied), v.Members)
	}
	ann.sync()
}

// What was seen is not lost to a state of the same age that was made beside it: what was
// taken out of the team does not come back, and a field that another member changed stays.
func TestStatesOfEqualAge(t *testing.T) {
	ann, bob, cy := newPerson(t, "Ann"), newPerson(t, "Bob"), newPerson(t, "Cy")
	folder := ann.founds()
	bob.joins(folder, ann)
	cy.joins(folder, ann)
	for _, p := range []*person{bob, ann} {
		if _, err := p.Trust(t.Context(), p.team, "Cy"); err != nil {
			t.Fatal(err)
		}
	}
	changes := func(p *person, change func(d *shared.Definition)) {
		t.Helper()
		o := Offer{Definition: p.sees(first).Definition, Anyway: "a test"}
		change(&o.Definition)
		p.shares(o)
	}
	ann.shares(sealed(first, "Sales", marker))
	path := fileOf(t, folder, first)
	for _, p := range []*person{bob, cy} {
		p.sees(first)
	}
	before := content(t, path)
	changes(ann, func(d *shared.Definition) { d.Notes = "by Ann" })
	cy.sees(first)
	put(t, path, before) // Bob's drive is behind, and his version is the one that stays
	changes(bob, func(d *shared.Definition) { d.Dataset = "by Bob" })
	if c := cy.sees(first); c.Notes != "by Ann" || c.Dataset != "by Bob" || c.Problem != nil {
		t.Errorf("%q %q, %v", c.Notes, c.Dataset, c.Problem)
	}
	for _, p := range []*person{ann, bob} {
		p.sees(first)
	}
	before = content(t, path)
	if _, err := ann.Unshare(t.Context(), ann.team, first, DropsAny); err != nil {
		t.Fatal(err)
	}
	cy.sync()
	put(t, path, before)
	changes(bob, func(d *shared.Definition) { d.Notes = "still there" })
	if c, err := cy.sync().Find(first); err != nil || c.Usable() == nil || len(c.Conflicts) != 2 {
		t.Errorf("%v, %v, %d versions", err, c.Usable(), len(c.Conflicts))
	}
}

// Who was removed does not come back where another owner, whose drive was behind, has written
// over the list of members: an owner who saw the removal merges both.
func TestRostersOfEqualAge(t *testing.T) {
	ann, bob, cy, dan := newPerson(t, "Ann"), newPerson(t, "Bob"), newPerson(t, "Cy"), newPerson(t, "Dan")
	folder := ann.founds()
	for _, p := range []*person{bob, cy, dan} {
		p.joins(folder, ann)
	}
	for _, name := range []string{"Bob", "Dan"} {
		if _, err := ann.SetRole(t.Context(), ann.team, name, RoleOwner); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []*person{bob, dan} {
		p.sync()
	}
	if _, err := bob.Trust(t.Context(), bob.team, "Dan"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, rosterFile)
	before := content(t, path)
	if _, _, err := ann.Book.Remove(t.Context(), ann.team, "Cy"); err != nil {
		t.Fatal(err)
	}
	bob.sync()
	put(t, path, before)
	if _, err := dan.AllowTenants(t.Context(), dan.team, []string{"north.com"}); err != nil {
		t.Fatal(err)
	}
	if v := bob.sync(); v.Problem != nil || len(v.Members) != 3 || len(v.Tenants) != 2 {
		t.Errorf("%v, %d members, %v", v.Problem, len(v.Members), v.Tenants)
	}
	if v := cy.sync(); v.Standing != StandingRemoved {
		t.Errorf("%v", v.Standing)
	}
}
