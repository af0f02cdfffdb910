package team

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
)

// writers is how many rounds two writers work against each other.
var writers = flag.Int("writers", 40, "rounds of TestTwoWriters")

// sharedFiles is how many shared files are looked through for secrets.
var sharedFiles = flag.Int("files", 500, "files of TestSharedFilesHoldNoSecret")

// copyNames are how programs that copy folders name a copy that conflicts.
var copyNames = []string{"%s (Ann's conflicted copy 2026-11-30).json", "%s-ANNS-PC.json", "%s.sync-conflict-20261130-101010-ABCDEF.json", "%s (conflicted copy 2026-11-30 101010).json", "%s_conf(1).json", "%s (1).json"}

// Two members write at once, over and over. A program that copies the folder keeps one
// of the two files under another name, or loses one altogether. Nothing that was written
// is lost, and what was taken out of the team stays out.
func TestTwoWriters(t *testing.T) {
	rounds := *writers
	if testing.Short() {
		rounds = min(rounds, 20)
	}
	const seed = 20261130
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // a test that can be repeated
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	ids := []string{first, second, "33333333-2222-4333-8444-555555555555"}
	names := []string{"Sales", "Depots", "Orders"}
	for i, id := range ids {
		ann.shares(Offer{Definition: definition(id, names[i]), Anyway: "a test"})
	}
	bob.sync()
	wantNotes, wantWorkspace := map[string]string{}, map[string]string{}
	wantTags := map[string][]string{}
	gone := map[string]bool{}
	copies := slices.Concat(copyNames, mergeNames)
	edit := func(p *person, id string, change func(o *Offer)) {
		t.Helper()
		c := p.sees(id)
		o := Offer{Definition: c.Definition, Anyway: "a test"}
		base := o.Definition
		if err := p.Mirrored(t.Context(), p.team, map[string]*shared.Definition{id: &base}); err != nil {
			t.Fatal(err)
		}
		change(&o)
		p.shares(o)
	}
	for round := range rounds {
		id := ids[random.IntN(len(ids))]
		if gone[id] {
			continue
		}
		path := fileOf(t, folder, id)
		before := content(t, path)
		notes, workspace := fmt.Sprintf("note %d", round), fmt.Sprintf("workspace %d", round)
		// Ann changes the notes, on what both know.
		edit(ann, id, func(o *Offer) { o.Definition.Notes = notes })
		anns := content(t, path)
		wantNotes[id] = notes
		// Bob has not seen that: their drive is behind.
		put(t, path, before)
		if round%3 == 0 {
			tag := fmt.Sprintf("tag%d", round)
			edit(bob, id, func(o *Offer) { o.Definition.Tags = []string{tag} })
			wantTags[id] = []string{tag}
		} else {
			edit(bob, id, func(o *Offer) { o.Definition.Workspace = workspace })
			wantWorkspace[id] = workspace
		}
		bobs := content(t, path)
		// The program that copies folders brings the two together in its way.
		switch random.IntN(4) {
		case 0: // Bob's file wins and Ann's is kept beside
			put(t, filepath.Join(filepath.Dir(path), fmt.Sprintf(copies[random.IntN(len(copies))], strings.TrimSuffix(filepath.Base(path), ".json"))), anns)
		case 1: // the other way round
			put(t, path, anns)
			put(t, filepath.Join(filepath.Dir(path), fmt.Sprintf(copies[random.IntN(len(copies))], strings.TrimSuffix(filepath.Base(path), ".json"))), bobs)
		case 2: // Ann's file wins and Bob's is lost
			put(t, path, anns)
		case 3: // Ann's is lost
		}
		if random.IntN(2) == 0 {
			ann.sync()
			bob.sync()
		} else {
			bob.sync()
			ann.sync()
		}
		bob.sync()
		a, b := ann.sees(id), bob.sees(id)
		for _, c := range []ConnectionView{a, b} {
			if c.Notes != wantNotes[id] || c.Workspace != wantWorkspace[id] || !slices.Equal(c.Tags, wantTags[id]) || len(c.Conflicts) > 0 || c.Problem != nil {
				t.Fatalf("round %d: %q %q %q, want %q %q %q; %d versions, %v", round, c.Notes, c.Workspace, c.Tags, wantNotes[id], wantWorkspace[id], wantTags[id], len(c.Conflicts), c.Problem)
			}
		}
		if round == rounds/2 { // one is taken out, and an old copy comes back, again and again
			if _, err := ann.Unshare(t.Context(), ann.team, id, DropsAny); err != nil {
				t.Fatal(err)
			}
			gone[id] = true
			bob.sync()
		}
		for id := range gone {
			put(t, filepath.Join(folder, connectionsFolder, fmt.Sprintf("old copy %d.json", round)), before)
			if _, err := bob.sync().Find(id); err == nil && strings.Contains(before, id) {
				t.Fatalf("round %d: what was taken out is back", round)
			}
		}
	}
	left, err := os.ReadDir(filepath.Join(folder, connectionsFolder))
	if err != nil || len(left) != len(ids) {
		t.Errorf("%d files are left: %v, %v", len(left), left, err)
	}
}

// Two members change the same field, or the secret: a person decides, and what they
// decide against is kept.
func TestVersionsToDecideBetween(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	bob.joins(folder, ann)
	ann.shares(sealed(first, "Sales", marker+"-0"))
	bob.sync()
	path := fileOf(t, folder, first)
	before := content(t, path)
	rotate := func(p *person, secret string) {
		t.Helper()
		if _, err := p.Rotate(t.Context(), p.team, first, connection.SecretCredential(secret), "", ""); err != nil {
			t.Fatal(err)
		}
	}
	rotate(ann, marker+"-ann")
	put(t, path, before)
	rotate(bob, marker+"-bob")
	for range 3 {
		ann.sync()
		bob.sync()
	}
	a, b := ann.sees(first), bob.sees(first)
	if len(a.Conflicts) != 2 || len(b.Conflicts) != 2 || a.Conflicts[0].hash() != b.Conflicts[0].hash() {
		t.Fatalf("%d and %d versions", len(a.Conflicts), len(b.Conflicts))
	}
	if _, err := ann.Share(t.Context(), ann.team, sealed(first, "Sales", marker)); err == nil {
		t.Error("a third version was written")
	}
	if d := b.Differences(); len(d) != 1 || d[0].Field != "Secret" || !strings.Contains(strings.Join(d[0].Values, ";"), "sealed by Ann, ") || !strings.Contains(strings.Join(d[0].Values, ";"), "sealed by Bob, ") {
		t.Errorf("%+v", d)
	}
	if _, err := bob.Keep(t.Context(), bob.team, first, "a state of yesterday"); !errors.Is(err, ErrVersions) {
		t.Errorf("%v", err)
	}
	keep := slices.IndexFunc(b.Conflicts, func(v Version) bool { return v.Name == "Bob" })
	if keep < 0 {
		t.Fatalf("%+v", b.Conflicts)
	}
	if _, err := bob.Keep(t.Context(), bob.team, first, b.Conflicts[keep].ID); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*person{ann, bob, ann} {
		if got, err := p.opens(first); err != nil || got != marker+"-bob" {
			t.Errorf("%s: %q, %v", p.name, got, err)
		}
		if c := p.sees(first); len(c.Conflicts) != 0 {
			t.Errorf("%s: %d versions", p.name, len(c.Conflicts))
		}
	}
	if kept, err := os.ReadDir(filepath.Join(folder, conflictsFolder)); err != nil || len(kept) != 1 {
		t.Errorf("%v, %v", kept, err)
	}
}

// One change is one line of the content and the line of the signature; nothing is
// written that did not change.
func TestFilesDifferLittle(t *testing.T) {
	ann := newPerson(t, "Ann")
	folder := ann.founds()
	o := sealed(first, "Sales & <söhne>", marker)
	ann.shares(o)
	path := fileOf(t, folder, first)
	one := content(t, path)
	o.Definition.Workspace, o.Given, o.Proof = "Finance", connection.Credential{}, nil
	o.Anyway = "a test"
	ann.shares(o)
	o.Definition.Workspace = "Sales"
	two := content(t, path)
	ann.shares(o)
	three := content(t, path)
	x, y := strings.Split(two, "\n"), strings.Split(three, "\n")
	if len(x) != len(y) {
		t.Fatalf("%s\n%s", two, three)
	}
	for i := range x { // the workspace, the signature, and why and when it is shared all the same
		key, _, _ := strings.Cut(strings.TrimSpace(x[i]), ":")
		if x[i] != y[i] && !slices.Contains([]string{`"workspace"`, `"sharedAnyway"`, `"signed"`}, key) {
			t.Errorf("the line of %s differs", key)
		}
	}
	if !strings.Contains(one, `"name": "Sales & <söhne>"`) {
		t.Error(one)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		ann.sync()
	}
	if again, err := os.Stat(path); err != nil || !again.ModTime().Equal(info.ModTime()) {
		t.Error("reading the folder wrote into it")
	}
	if info.Mode().Perm()&0o044 == 0 {
		t.Errorf("colleagues cannot read it: %v", info.Mode())
	}
}

// Generated files of shared connections are looked through: no secret is in any, and
// what was written is read back as it was.
func TestSharedFilesHoldNoSecret(t *testing.T) {
	many := *sharedFiles
	if testing.Short() {
		many = min(many, 200)
	}
	k, err := key.New()
	if err != nil {
		t.Fatal(err)
	}
	other, err := key.New()
	if err != nil {
		t.Fatal(err)
	}
	l := &local{roster: &Roster{Members: []Member{{ID: k.Public().ID(), Public: k.Public()}, {ID: other.Public().ID(), Public: other.Public()}}}}
	for i := range many {
		d := &Document{Format: 1, Team: second, Definition: definition(first, fmt.Sprintf("Depot %d", i)), Proof: proof(), Signed: shared.Signed{Revision: 1 + i%3}}
		d.Tags, d.Notes = []string{fmt.Sprint(i % 5)}, strings.Repeat("ü", i%9)
		o := Offer{How: []string{SecretSealed, SecretOwn, SecretReference}[i%3], Reference: connection.Reference{Manager: "op", Item: "x"}, Given: connection.SecretCredential(fmt.Sprintf("%s-%d", marker, i))}
		if err := l.offerSecret(d, o, Member{ID: k.Public().ID()}); err != nil {
			t.Fatal(err)
		}
		if err := d.sign(k, time.Unix(int64(i), 0)); err != nil {
			t.Fatal(err)
		}
		text, err := d.encode()
		if err != nil || strings.Contains(string(text), "MARKER") || strings.Contains(string(text), "http") {
			t.Fatalf("%v\n%s", err, text)
		}
		back, err := decodeDocument(text)
		if err != nil || back.hash() != d.hash() {
			t.Fatalf("%v\n%s", err, text)
		}
		signed, err := back.signable()
		if err != nil || !k.Public().Verifies(signed, back.Signed.Signature) || other.Public().Verifies(signed, back.Signed.Signature) {
			t.Fatalf("%d: the signature does not hold: %v", i, err)
		}
		again, err := back.encode()
		if err != nil || string(again) != string(text) {
			t.Fatalf("%d: what is read is written otherwise", i)
		}
	}
}

// A change in a folder is noticed, also in that of a team that was added meanwhile.
func TestWatch(t *testing.T) {
	ann, bob := newPerson(t, "Ann"), newPerson(t, "Bob")
	folder := ann.founds()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	noticed := make(chan bool, 1)
	ended := make(chan bool)
	go func() {
		bob.Watch(ctx, func() {
			select {
			case noticed <- true:
			default:
			}
		})
		close(ended)
	}()
	bob.joins(folder, ann)
	for i := range 200 { // the first look may come after the first change
		ann.shares(sealed(first, fmt.Sprintf("Sales %d", i), marker))
		select {
		case <-noticed:
			stop()
			<-ended
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Error("nobody noticed")
}
