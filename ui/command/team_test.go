package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pushdesk/connection/team/teamtest"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain/keychaintest"
	"pushdesk/ui/command/cli"
)

// colleague is a person with a home and a keychain of their own, here a vault; in
// .ci/keychain a real one: see TestTwoPeople.
type colleague struct {
	name, home string
	env        map[string]string
	outside    []string // the environment of a program of its own, for a real keychain; nil: none
}

// as runs what follows as a colleague.
func (x *terminal) as(p colleague) {
	x.t.Helper()
	x.at(p.home)
	x.env, x.outside = p.env, p.outside
}

// newColleague makes a person whose secrets are in a vault.
func newColleague(t *testing.T, name string) colleague {
	t.Helper()
	p := colleague{name, t.TempDir(), map[string]string{cli.VaultVariable: "a passphrase of " + name}, nil}
	keychaintest.Vault(t, p.home, p.env[cli.VaultVariable])
	return p
}

type teamDocument struct {
	ID, Name, Folder, Standing, Words, Role string
	Problem                                 *struct{ Code, Sentence string }
	Offline                                 bool
	Members                                 []struct {
		Name, Role string
		Trusted    bool
	}
	Requests    []struct{ Name, Words string }
	Connections []sharedDocument
}

type sharedDocument struct {
	Name, Secret, Proof, ProofSays, SharedBy, RotatedBy, Remark string
	Usable, Untrusted, OwnSecret                                bool
	Problem                                                     *struct{ Code, Sentence string }
	WasReadableBy                                               []string
	SharedAnyway                                                *struct{ Reason string }
	Stamps                                                      []struct {
		By, State  string
		FailsSince *time.Time
	}
}

func (x *terminal) teamOf() (d teamDocument) {
	x.t.Helper()
	x.want(cli.ExitDone, "team", "show", "--json")
	x.document(&d)
	return d
}

// joinTeam brings a colleague into the team of a folder: they ask, the owner compares
// the words and accepts.
func (x *terminal) joinTeam(owner, p colleague, folder string) {
	x.t.Helper()
	x.as(owner)
	x.want(cli.ExitDone, "team", "invite", "--json")
	var i struct{ Owner, Command, Letter string }
	x.document(&i)
	if !strings.Contains(i.Command, i.Owner) || !strings.Contains(i.Letter, folder) {
		x.t.Errorf("%+v", i)
	}
	x.as(p)
	x.want(cli.ExitDone, "team", "join", folder, "--me", p.name, "--owner", i.Owner, "--json")
	var d teamDocument
	x.document(&d)
	if d.Standing != "pending" || len(strings.Fields(d.Words)) != 5 {
		x.t.Fatalf("%+v", d)
	}
	x.as(owner)
	if o := x.teamOf(); len(o.Requests) != 1 || o.Requests[0].Words != d.Words {
		x.t.Fatalf("%+v", o.Requests)
	}
	x.want(cli.ExitUsage, "team", "accept", p.name) // nobody compared anything
	x.want(cli.ExitUsage, "team", "accept", p.name, "--words", "other words than those shown")
	x.want(cli.ExitDone, "team", "accept", p.name, "--words", d.Words)
}

// addresses are the flags for a practice service that answers like a foreign one.
func addresses(s *practice.Service) []string {
	return []string{"--authority-url", s.LoginURL(), "--api-url", s.APIURL(), "--resource", s.Resource(), "--ca-file", s.CAFile()}
}

// Two people on one computer: two homes, two keychains, one folder. A connection is
// made, proven, shared, used, its secret replaced, and one of them removed.
func TestTwoPeople(t *testing.T) {
	twoPeople(t, newColleague(t, "Dana"), newColleague(t, "Bob"))
}

func twoPeople(t *testing.T, dana, bob colleague) {
	x := newTerminal(t)
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	k, _ := s.Credential(practice.AppPractice)
	folder := filepath.Join(t.TempDir(), "shared drive")

	x.as(dana)
	x.want(cli.ExitUsage, "team", "create", "Finance", "--folder", folder) // for which tenants?
	x.want(cli.ExitDone, "team", "create", "Finance", "--folder", folder, "--tenant", k.TenantID, "--me", "Dana")
	x.stdin = k.ClientSecret
	x.want(cli.ExitDone, append([]string{"connection", "add", "--name", "Sales", "--cloud", "custom", "--tenant", k.TenantID, "--client", k.ClientID,
		"--workspace", practice.Workspace, "--secret-stdin"}, addresses(s)...)...)
	x.want(cli.ExitConnection, "team", "share", "Sales", "--with", "sealed")
	x.says("Only a connection that is proven is shared", "The right to push was not proven")
	x.want(cli.ExitDone, "send", sales(t, 2), "--connection", "Sales", "--dataset", "Orders", "--table", "Orders", "--create", "--json")
	x.want(cli.ExitDone, "team", "share", "Sales", "--with", "sealed", "--json") // the run has proven it
	var shared sharedDocument
	x.document(&shared)
	if shared.Proof != "proven" || !strings.Contains(shared.ProofSays, "(run, ") || shared.Secret != "sealed" || shared.SharedBy != "Dana" || !shared.Usable || shared.RotatedBy != "" {
		t.Errorf("%+v", shared)
	}

	x.joinTeam(dana, bob, folder)
	x.as(bob)
	x.want(cli.ExitDone, "connection", "list")
	x.says("Sales", "Finance (not usable)")
	x.want(cli.ExitConnection, "send", sales(t, 2), "--connection", "Sales", "--dataset", "Orders", "--table", "Orders")
	x.says("addresses of your own")
	x.want(cli.ExitConnection, "connection", "test", "Sales")
	x.says("addresses of your own")
	x.want(cli.ExitDone, append([]string{"team", "addresses", "Sales"}, addresses(s)...)...)
	x.want(cli.ExitDone, "send", sales(t, 3), "--connection", "Sales", "--dataset", "Orders", "--table", "Orders", "--json")
	x.want(cli.ExitDone, "connection", "test", "Sales")
	x.want(cli.ExitDone, "connection", "show", "Sales")
	x.says("Sealed by the team")
	x.want(cli.ExitUsage, "connection", "remove", "Sales")
	x.want(cli.ExitDone, "team", "verify", "Sales")

	// Bob replaces the secret in Entra: it reaches Dana, with who and when.
	fresh, err := s.AddSecret(k.ClientID, time.Now().AddDate(2, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	x.stdin = fresh
	x.want(cli.ExitDone, "connection", "rotate", "Sales", "--secret-stdin")
	x.as(dana)
	d := x.teamOf()
	if c := d.Connections[0]; c.RotatedBy != "Bob" || c.Proof != "stale" || !c.Usable {
		t.Errorf("%+v", c)
	}
	x.want(cli.ExitDone, "send", sales(t, 4), "--connection", "Sales", "--dataset", "Orders", "--table", "Orders", "--again")

	// Dana changes it. It is hers until she shares that, proven again.
	x.want(cli.ExitDone, "connection", "edit", "Sales", "--notes", "for everybody")
	x.want(cli.ExitDone, "connection", "list", "--json")
	x.says(`"changedHere": true`)
	x.want(cli.ExitDone, "team", "share", "Sales", "--trial")
	x.as(bob)
	x.want(cli.ExitDone, "connection", "show", "Sales", "--json")
	x.says("for everybody")

	// The folder is away: the copy is used, and that is said.
	if err := os.Rename(folder, folder+"-away"); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "send", sales(t, 5), "--connection", "Sales", "--dataset", "Orders", "--table", "Orders", "--again")
	x.says("cannot be reached", "The copy from")
	if err := os.Rename(folder+"-away", folder); err != nil {
		t.Fatal(err)
	}

	// Somebody writes into the file: it is shown, marked, and not used.
	file, err := filepath.Glob(filepath.Join(folder, "connections", "*.json"))
	if err != nil || len(file) != 1 {
		t.Fatalf("%v %v", file, err)
	}
	good, err := os.ReadFile(file[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file[0], []byte(strings.Replace(string(good), k.TenantID, "evil.example.com", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitConnection, "send", sales(t, 2), "--connection", "Sales", "--dataset", "Orders", "--table", "Orders")
	x.says("not signed by the member it names")
	if c := x.teamOf().Connections[0]; !c.Untrusted || c.Usable || c.Problem.Code != "team-unsigned" {
		t.Errorf("%+v", c)
	}
	x.want(cli.ExitConnection, "connection", "test", "Sales")
	if err := os.WriteFile(file[0], good, 0o600); err != nil {
		t.Fatal(err)
	}

	// Bob is removed. What he could read is said, and only a new secret ends it.
	x.as(dana)
	x.want(cli.ExitUsage, "team", "remove", "Bob")
	x.want(cli.ExitDone, "team", "remove", "Bob", "--yes")
	x.says("Only a new secret in Entra", `pushdesk connection rotate "Sales"`)
	if c := x.teamOf().Connections[0]; len(c.WasReadableBy) != 1 || c.WasReadableBy[0] != "Bob" {
		t.Errorf("%+v", c)
	}
	x.as(bob)
	x.want(cli.ExitConnection, "send", sales(t, 2), "--connection", "Sales", "--dataset", "Orders", "--table", "Orders")
	if d := x.teamOf(); d.Standing != "removed" {
		t.Errorf("%+v", d)
	}
	x.want(cli.ExitDone, "team", "leave", "--yes")
	x.want(cli.ExitDone, "connection", "list", "--json")
	if strings.Contains(x.stdout, "Sales") {
		t.Error(x.stdout)
	}
	x.as(dana)
	x.stdin = fresh // what Bob could read is no new secret
	x.want(cli.ExitNothing, "connection", "rotate", "Sales", "--secret-stdin")
	x.says("The team has this client secret already")
	if c := x.teamOf().Connections[0]; len(c.WasReadableBy) != 1 || c.RotatedBy != "Bob" {
		t.Errorf("%+v", c)
	}
	last, err := s.AddSecret(k.ClientID, time.Now().AddDate(2, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	x.stdin = last
	x.want(cli.ExitDone, "connection", "rotate", "Sales", "--secret-stdin")
	if c := x.teamOf().Connections[0]; len(c.WasReadableBy) != 0 {
		t.Errorf("%+v", c)
	}
	x.want(cli.ExitDone, "team", "unshare", "Sales")
	x.want(cli.ExitDone, "connection", "test", "Sales")
	for _, home := range []string{dana.home, bob.home, folder} {
		x.home = home
		for _, secret := range []string{k.ClientSecret, fresh, last} {
			x.nowhere(secret)
		}
	}
}

// Three people and two teams; one is removed while they are away, and sees it when they
// are back. What a team shares reaches nobody else.
func TestThreePeopleTwoTeams(t *testing.T) {
	threePeople(t, newColleague(t, "Dana"), newColleague(t, "Bob"), newColleague(t, "Cy"))
}

func threePeople(t *testing.T, dana, bob, cy colleague) {
	x := newTerminal(t)
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	k, _ := s.Credential(practice.AppPractice)
	one, two := filepath.Join(t.TempDir(), "one"), filepath.Join(t.TempDir(), "two")
	share := func(name, team string) {
		t.Helper()
		x.stdin = k.ClientSecret
		x.want(cli.ExitDone, append([]string{"connection", "add", "--name", name, "--cloud", "custom", "--tenant", k.TenantID, "--client", k.ClientID, "--workspace", practice.Workspace, "--secret-stdin"}, addresses(s)...)...)
		x.want(cli.ExitDone, "team", "share", name, "--team", team, "--with", "sealed", "--anyway", "a test")
	}
	names := func() string {
		t.Helper()
		x.want(cli.ExitDone, "connection", "list", "--json")
		var d struct {
			Connections []struct{ Name, TeamName string }
		}
		x.document(&d)
		var list []string
		for _, c := range d.Connections {
			list = append(list, c.Name+" of "+c.TeamName)
		}
		return strings.Join(list, ", ")
	}
	x.as(dana)
	x.want(cli.ExitDone, "team", "create", "Finance", "--folder", one, "--tenant", k.TenantID, "--me", "Dana")
	share("Sales", "Finance")
	x.joinTeam(dana, bob, one)
	x.joinTeam(dana, cy, one)
	x.as(bob)
	x.want(cli.ExitDone, "team", "create", "Depots EU", "--folder", two, "--tenant", k.TenantID, "--me", "Bob")
	share("Depot 1", "Depots EU")
	x.want(cli.ExitUsage, "team", "show")
	x.says("several teams", "Depots EU, Finance")
	x.as(cy)
	if got := names(); got != "Sales of Finance" {
		t.Error(got)
	}
	x.want(cli.ExitDone, append([]string{"team", "addresses", "Sales"}, addresses(s)...)...)
	send := []string{"send", sales(t, 3), "--connection", "Sales", "--dataset", "Orders", "--table", "Orders", "--create"}
	x.want(cli.ExitDone, send...)
	x.says("3 rows")
	// Cy is away: the folder cannot be reached, and Dana removes Cy.
	x.as(dana)
	x.want(cli.ExitDone, "team", "remove", "Cy", "--yes")
	x.as(bob)
	if got := names(); got != "Depot 1 of Depots EU, Sales of Finance" {
		t.Error(got)
	}
	if err := os.Rename(one, one+"-away"); err != nil {
		t.Fatal(err)
	}
	x.as(cy)
	x.want(cli.ExitDone, "connection", "test", "Sales") // with the copy
	x.want(cli.ExitDone, append(send, "--again")...)
	if err := os.Rename(one+"-away", one); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitConnection, "connection", "test", "Sales")
	x.says("no longer a member")
	x.want(cli.ExitConnection, append(send, "--again")...)
	x.as(bob) // to whom everything is as it was
	x.want(cli.ExitDone, append([]string{"team", "addresses", "Sales", "--team", "Finance"}, addresses(s)...)...)
	x.want(cli.ExitDone, append(send, "--accept-guesses")...) // here nobody knows the table yet
	x.want(cli.ExitDone, "connection", "test", "Depot 1")
	for _, p := range []colleague{dana, bob, cy, {home: one}, {home: two}} {
		x.home = p.home
		x.nowhere(k.ClientSecret)
	}
}

// What each member's own secret is for, and how to go back to the team's.
func TestOwnSecretInATeam(t *testing.T) {
	x := newTerminal(t)
	dana, bob := newColleague(t, "Dana"), newColleague(t, "Bob")
	folder := filepath.Join(t.TempDir(), "team")
	x.as(dana)
	x.want(cli.ExitDone, "connection", "add", "--name", "Try", "--cloud", "practice")
	x.want(cli.ExitDone, "team", "create", "Finance", "--folder", folder, "--tenant", "contoso.com", "--me", "Dana")
	x.want(cli.ExitUsage, "team", "share", "Try", "--with", "sealed", "--trial")
	x.want(cli.ExitDone, "team", "share", "Try", "--trial")
	x.stdin = "the-teams8Q~secret-0123456789"
	x.want(cli.ExitDone, "connection", "add", "--name", "Sales", "--tenant", "contoso.com", "--client", "66666666-7777-4888-9999-aaaaaaaaaaaa", "--secret-stdin")
	x.want(cli.ExitDone, "network", "--proxy", "http://127.0.0.1:1") // nothing is asked of Microsoft
	x.want(cli.ExitDone, "team", "share", "Sales", "--with", "sealed", "--anyway", "not granted yet")
	x.joinTeam(dana, bob, folder)
	x.as(bob)
	x.want(cli.ExitDone, "team", "list")
	x.says("Sales", "sealed to the members", "shared without proof: not granted yet", "Try", "proven by Dana")
	x.want(cli.ExitDone, "send", sales(t, 2), "--connection", "Try", "--dataset", "Orders", "--table", "Orders", "--create")
	x.stdin = "one-of-my-own8Q~0123456789"
	x.want(cli.ExitDone, "connection", "edit", "Sales", "--secret-stdin")
	x.want(cli.ExitDone, "connection", "show", "Sales")
	x.says("Passphrase vault")
	x.want(cli.ExitDone, "team", "list")
	x.says("your own")
	x.want(cli.ExitDone, "team", "use-sealed", "Sales")
	x.says("Sealed by the team")
	// What the team has sealed is given to somebody outside, sealed with a passphrase.
	file := filepath.Join(t.TempDir(), "sales.json")
	x.want(cli.ExitDone, "connection", "export", "Sales", "--to", file, "--with", "passphrase", "--json")
	var given struct{ Passphrase string }
	x.document(&given)
	eve := newColleague(t, "Eve")
	eve.env[cli.ExportVariable] = given.Passphrase
	x.as(eve)
	x.want(cli.ExitDone, "connection", "import", file, "--no-test", "--yes")
	x.want(cli.ExitDone, "connection", "show", "Sales")
	x.says("Passphrase vault")
	x.as(bob)
	// The key comes back with its words on another computer.
	x.want(cli.ExitDone, "team", "key", "--recovery", "--json")
	var key struct{ RecoveryPhrase string }
	x.document(&key)
	x.as(dana)
	x.want(cli.ExitDone, "team", "invite", "--json")
	var i struct{ Owner string }
	x.document(&i)
	x.as(newColleague(t, "Bob again"))
	x.stdin = key.RecoveryPhrase
	x.want(cli.ExitDone, "team", "key", "--recover")
	x.want(cli.ExitUsage, "team", "join", folder) // somebody may have put another list there
	x.says("Ask an owner for an invitation", "pushdesk team join FOLDER --owner ID")
	x.want(cli.ExitDone, "team", "join", folder, "--owner", i.Owner)
	x.says("You are a member")
	x.want(cli.ExitDone, "connection", "show", "Sales")
	x.says("Sealed by the team")
}

// The drive with the team's folder hangs: every command ends soon, with what this
// computer knows. What needs the folder says that it does not answer.
func TestCommandsWhileTheFolderHangs(t *testing.T) {
	if testing.Short() {
		t.Skip("each command waits for the folder")
	}
	x := apart(t)
	dana := newColleague(t, "Dana")
	x.as(dana)
	folder := filepath.Join(t.TempDir(), "team")
	x.want(cli.ExitDone, "team", "create", "Finance", "--folder", folder, "--tenant", "contoso.com", "--me", "Dana")
	x.want(cli.ExitDone, "connection", "add", "--name", "Try", "--cloud", "practice")
	x.want(cli.ExitDone, "team", "share", "Try", "--trial")
	resume := teamtest.Hang(t, folder)
	for _, c := range []struct {
		exit int
		says string
		line []string
	}{
		{cli.ExitDone, "The copy from", []string{"connection", "list"}},
		{cli.ExitDone, "does not answer", []string{"team", "list"}},
		{cli.ExitDone, "The copy from", []string{"send", sales(t, 2), "--connection", "Try", "--dataset", "Orders", "--table", "Orders", "--create"}},
		{cli.ExitConnection, "does not answer", []string{"team", "share", "Try", "--trial"}},
		{cli.ExitConnection, "does not answer", []string{"team", "join", folder, "--me", "Bob"}},
	} {
		begun := time.Now()
		x.want(c.exit, c.line...)
		x.says(c.says)
		if d := time.Since(begun); d > time.Minute { // 3 s and 10 s, on a busy machine
			t.Errorf("%v took %v", c.line, d)
		}
	}
	resume()
	x.want(cli.ExitDone, "team", "tenants", "other.com")
	if d := x.teamOf(); d.Offline || d.Problem != nil {
		t.Errorf("%+v", d)
	}
}

// A certificate is sealed to the members as a secret is. A new one takes its place, and
// reaches them; so it does after somebody was removed, whom only the new one shuts out.
func TestCertificateOfATeam(t *testing.T) {
	x := apart(t)
	dana, bob, cy := newColleague(t, "Dana"), newColleague(t, "Bob"), newColleague(t, "Cy")
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	k, _ := s.Credential(practice.AppPractice)
	folder := filepath.Join(t.TempDir(), "team")
	certificate := func(name string) []string {
		x.env[cli.CertificateVariable] = "geheim"
		return []string{"--certificate", newCertificate(t, s, k.ClientID, name, "geheim")}
	}
	x.as(dana)
	x.want(cli.ExitDone, "team", "create", "Finance", "--folder", folder, "--tenant", k.TenantID, "--me", "Dana")
	x.want(cli.ExitDone, append(append([]string{"connection", "add", "--name", "Sales", "--cloud", "custom", "--tenant", k.TenantID, "--client", k.ClientID, "--workspace", practice.Workspace}, certificate("The first")...), addresses(s)...)...)
	x.want(cli.ExitDone, "team", "share", "Sales", "--with", "sealed", "--trial")
	x.joinTeam(dana, bob, folder)
	x.joinTeam(dana, cy, folder)
	signsIn := func(p colleague, name string) {
		t.Helper()
		x.as(p)
		x.want(cli.ExitDone, append([]string{"team", "addresses", "Sales"}, addresses(s)...)...)
		x.want(cli.ExitDone, "connection", "test", "Sales")
		x.says(name, "certificate was accepted")
	}
	signsIn(bob, "The first")
	x.as(dana)
	x.want(cli.ExitDone, append([]string{"connection", "edit", "Sales"}, certificate("The second")...)...)
	x.want(cli.ExitDone, "team", "share", "Sales", "--trial", "--with", "sealed", "--json")
	signsIn(bob, "The second")
	if c := x.teamOf().Connections[0]; c.RotatedBy != "Dana" || c.Secret != "sealed" || c.Proof != "proven" {
		t.Errorf("%+v", c)
	}
	x.as(dana)
	x.want(cli.ExitDone, "team", "remove", "Cy", "--yes")
	x.says("Cy could read 1 secret.", `pushdesk connection edit "Sales" --certificate`, `pushdesk team share "Sales" --with sealed`)
	if c := x.teamOf().Connections[0]; len(c.WasReadableBy) != 1 {
		t.Errorf("%+v", c)
	}
	signsIn(bob, "The second")
	x.as(dana)
	x.want(cli.ExitDone, append([]string{"connection", "edit", "Sales"}, certificate("The third")...)...)
	x.want(cli.ExitDone, "team", "share", "Sales", "--trial", "--with", "sealed")
	if c := x.teamOf().Connections[0]; len(c.WasReadableBy) != 0 {
		t.Errorf("%+v", c)
	}
	signsIn(bob, "The third")
	for _, home := range []string{dana.home, bob.home, cy.home, folder} {
		x.home = home
		x.nowhere("PRIVATE KEY")
	}
}

// Somebody else asks to join under a colleague's name. The person whose words were read is
// accepted, and nobody else.
func TestAcceptedByTheirWords(t *testing.T) {
	x := apart(t)
	dana, folder := newColleague(t, "Dana"), filepath.Join(t.TempDir(), "shared")
	x.as(dana)
	x.want(cli.ExitDone, "team", "create", "Finance", "--folder", folder, "--tenant", "contoso.com", "--me", "Dana")
	both := []colleague{newColleague(t, "Bob"), newColleague(t, "Eve")}
	words, ids := make([]string, 2), make([]string, 2)
	for i, p := range both {
		x.as(p)
		x.want(cli.ExitDone, "team", "join", folder, "--me", "Bob", "--json")
		var d struct{ Words string }
		x.document(&d)
		words[i] = d.Words
		x.want(cli.ExitDone, "team", "key", "--json")
		var k struct{ ID string }
		x.document(&k)
		ids[i] = k.ID
	}
	x.as(dana)
	x.want(cli.ExitUsage, "team", "accept", "Bob")
	x.says("Several people ask to join under this name", "--words")
	for i := range both { // in whatever order the folder has them
		x.want(cli.ExitUsage, "team", "reject", "Bob")
		x.want(cli.ExitDone, "team", "accept", "Bob", "--words", words[i])
		x.as(both[i])
		if d := x.teamOf(); d.Standing != "member" {
			t.Errorf("%d: %+v", i, d)
		}
		x.as(both[1-i])
		if d := x.teamOf(); d.Standing != "pending" {
			t.Errorf("%d: %+v", i, d)
		}
		x.as(dana)
		x.want(cli.ExitUsage, "team", "accept", ids[1-i], "--words", words[1-i]) // the name is a member's by now
		x.want(cli.ExitDone, "team", "remove", ids[i], "--yes")
		x.as(both[i])
		x.want(cli.ExitDone, "team", "leave", "--yes")
		x.says("You were no longer a member")
		x.want(cli.ExitDone, "team", "join", folder, "--me", "Bob")
		x.as(dana)
	}
}

// Two members change the same thing, each on their own computer. The second is told, with
// both values, before theirs takes the place of the other.
func TestBothChangeTheSame(t *testing.T) {
	x := apart(t)
	dana, bob, folder := newColleague(t, "Dana"), newColleague(t, "Bob"), filepath.Join(t.TempDir(), "shared")
	x.as(dana)
	x.want(cli.ExitDone, "team", "create", "Finance", "--folder", folder, "--tenant", "contoso.com", "--me", "Dana")
	for _, name := range []string{"Try", "Depots"} {
		x.want(cli.ExitDone, "connection", "add", "--name", name, "--cloud", "practice")
		x.want(cli.ExitDone, "team", "share", name, "--anyway", "to try")
	}
	x.as(bob)
	x.want(cli.ExitDone, "connection", "add", "--name", "Depots", "--cloud", "practice") // his own
	x.joinTeam(dana, bob, folder)
	x.as(bob)
	x.want(cli.ExitDone, "connection", "edit", "Try", "--notes", "by Bob", "--tag", "bob")
	x.as(dana)
	for _, name := range []string{"Try", "Depots"} {
		x.want(cli.ExitDone, "connection", "edit", name, "--notes", "by Dana")
		x.want(cli.ExitDone, "team", "share", name, "--anyway", "to try")
	}
	x.as(bob)
	for range 2 { // reading the folder decides nothing
		x.want(cli.ExitDone, "connection", "list", "--json")
		x.says("by Bob", "Depots 2")
	}
	if strings.Contains(x.stdout, "Depots 3") {
		t.Error(x.stdout)
	}
	x.want(cli.ExitUsage, "team", "share", "Try", "--anyway", "to try")
	x.says("changed the same thing", "The other member: Dana", "notes: yours “by Bob”, theirs “by Dana”")
	x.want(cli.ExitDone, "team", "share", "Try", "--anyway", "to try") // now he knows
	x.want(cli.ExitDone, "connection", "edit", "Try", "--name", "Trial")
	x.as(dana)
	x.want(cli.ExitDone, "connection", "show", "Try")
	x.says("by Bob")
	x.want(cli.ExitDone, "connection", "edit", "Depots", "--notes", "again by Dana")
	x.want(cli.ExitDone, "team", "share", "Depots", "--anyway", "to try")
	x.as(bob)
	x.want(cli.ExitDone, "connection", "show", "Depots 2")
	x.says("again by Dana")
	x.want(cli.ExitDone, "team", "share", "Trial", "--anyway", "to try") // what came meanwhile takes no name back
	x.as(dana)
	x.want(cli.ExitDone, "connection", "show", "Trial")
	x.want(cli.ExitDone, "connection", "show", "Depots")
}
