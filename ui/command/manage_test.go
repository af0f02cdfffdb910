package command

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage/keychain/keychaintest"
	"pushdesk/ui/command/cli"
)

// vaulted gives the terminal a vault, as on a computer without a keychain.
func (x *terminal) vaulted() {
	x.t.Helper()
	x.env[cli.VaultVariable] = "a passphrase of this test"
	keychaintest.Vault(x.t, x.home, x.env[cli.VaultVariable])
}

// newCertificate gives an app a certificate, and returns its file.
func newCertificate(t *testing.T, s *practice.Service, clientID, name, password string) (path string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 0, 20)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err == nil {
		err = s.AddCertificate(clientID, cert)
	}
	if err != nil {
		t.Fatal(err)
	}
	data, err := pkcs12.Modern2023.Encode(key, cert, nil, password)
	if err != nil {
		t.Fatal(err)
	}
	return tempFile(t, "app.pfx", data)
}

func TestACertificateSignsIn(t *testing.T) {
	x := apart(t)
	x.env[cli.VaultVariable] = "a passphrase of this test"
	x.want(cli.ExitDone, "vault", "create")
	s, k := x.service(practice.AppPractice)
	pfx := newCertificate(t, s, k.ClientID, "Depots", "geheim")
	args := []string{"connection", "add", "--name", "By certificate", "--cloud", "custom", "--authority-url", s.LoginURL(), "--api-url", s.APIURL(),
		"--resource", s.Resource(), "--ca-file", s.CAFile(), "--tenant", k.TenantID, "--client", k.ClientID, "--workspace", practice.Workspace, "--certificate", pfx}
	x.want(cli.ExitUsage, args...)
	x.says("has a password")
	x.hidden = []string{"geheim"}
	x.want(cli.ExitDone, args...)
	x.says("Certificate: Passphrase vault")
	if err := os.Remove(pfx); err != nil {
		t.Fatal(err)
	}
	x.want(cli.ExitDone, "connection", "test", "By certificate")
	x.says("Depots", "certificate was accepted", "expires in", "Ready to push to Practice workspace")
	x.want(cli.ExitDone, "connection", "show", "By certificate")
	x.says("Passphrase vault", "days")
	// Without the passphrase it stays shut, and says so.
	delete(x.env, cli.VaultVariable)
	x.want(cli.ExitDone, "connection", "show", "By certificate")
	x.says("Vault locked")
	x.want(cli.ExitConnection, "connection", "test", "By certificate")
	x.says("The passphrase vault is locked.")
}

func TestAPersonSignsInWithACode(t *testing.T) {
	x := apart(t)
	x.vaulted()
	s, err := practice.Start(practice.Options{DevicePolls: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	k, _ := s.Credential(practice.AppSignIn)
	x.want(cli.ExitDone, "connection", "add", "--name", "Me", "--cloud", "custom", "--authority-url", s.LoginURL(), "--api-url", s.APIURL(), "--resource", s.Resource(),
		"--ca-file", s.CAFile(), "--tenant", k.TenantID, "--client", k.ClientID, "--workspace", practice.Workspace, "--credential", "device")
	x.says("sign-in")
	x.want(cli.ExitConnection, "connection", "test", "Me")
	x.says("Nobody has signed in")
	x.want(cli.ExitDone, "connection", "sign-in", "Me")
	x.says("type the code", "Signed in as alex@"+practice.Domain)
	x.want(cli.ExitDone, "connection", "test", "Me")
	x.says("may push rows (Dataset.ReadWrite.All)", "Ready to push")
	x.want(cli.ExitDone, "send", sales(t, 3), "--connection", "Me", "--dataset", "Mine", "--table", "Rows", "--create", "--json")
	if a := x.account(); a.RowsConfirmed != 3 {
		t.Errorf("%+v", a)
	}
}

func TestConnectionsAreImported(t *testing.T) {
	x := apart(t)
	x.vaulted()
	s, k := x.service(practice.AppPractice)
	delete(x.env, cli.SecretVariable)
	const marker = "MARKER8Q~import"
	list := tempFile(t, "team.csv", []byte("name;tenant;client;secret;workspace;environment;tags;login url;cloud;api url\n"+
		"Sales;"+k.TenantID+";"+k.ClientID+";"+marker+"1;Sales;prod;eu,finance;;\n"+
		"Local;"+k.TenantID+";"+k.ClientID+";;;;;;\n"+
		"Bad;"+k.TenantID+";nonsense;"+marker+"2;;;;;\n"+
		"Foreign;"+k.TenantID+";"+k.ClientID+";"+marker+"3;;;;https://evil.example;custom;https://evil.example\n"))
	x.want(cli.ExitData, "connection", "import", list, "--dry-run", "--json")
	var d struct {
		Added, Wrong int
		Rows         []struct {
			Row               int
			Name, State, Says string
			Secret            bool
		}
	}
	x.document(&d)
	if d.Added != 1 || d.Wrong != 2 || len(d.Rows) != 4 || d.Rows[0].State != "new" || d.Rows[1].State != "there" || !strings.Contains(d.Rows[2].Says, "GUID") || !strings.Contains(d.Rows[3].Says, "custom addresses") {
		t.Errorf("%+v", d)
	}
	x.want(cli.ExitDone, "connection", "list", "--json")
	if strings.Contains(x.stdout, "Sales") {
		t.Error("a dry run wrote")
	}
	x.want(cli.ExitData, "connection", "import", list, "--no-test")
	x.says("1 added, 0 updated, 3 skipped", "Delete it", "ROW")
	x.want(cli.ExitDone, "connection", "list", "--find", "env:production tag:finance")
	x.says("Sales", "production", "eu, finance")
	if strings.Contains(x.stdout, "Local") {
		t.Error("the search found too much")
	}
	x.want(cli.ExitDone, "connection", "show", "Sales")
	x.says("Passphrase vault")
	x.want(cli.ExitData, "connection", "import", list, "--existing", "both", "--allow-custom", "--no-test", "--json")
	x.want(cli.ExitDone, "connection", "list")
	x.says("Sales 2", "Local 2", "Foreign")
	if strings.Contains(x.stdout+x.stderr, "MARKER") {
		t.Error("a secret is printed")
	}
	_ = s
	x.nowhere("MARKER")
}

// nowhere looks for a secret in every file that the program keeps.
func (x *terminal) nowhere(secret string) {
	x.t.Helper()
	err := filepath.WalkDir(x.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), secret) {
			x.t.Errorf("%s holds the secret", path)
		}
		return err
	})
	if err != nil {
		x.t.Error(err)
	}
}

func TestProductionIsHandledWithCare(t *testing.T) {
	x := apart(t)
	s, _ := x.service(practice.AppPractice)
	x.want(cli.ExitDone, "connection", "edit", "Local", "--environment", "production", "--tag", "eu", "--tag", "Finance", "--workspace", practice.Workspace)
	x.want(cli.ExitDone, "connection", "edit", "Local", "--untag", "finance")
	x.want(cli.ExitDone, "connection", "show", "Local")
	x.says("production", "eu")
	book := sales(t, 3)
	send := []string{"send", book, "--connection", "Local", "--dataset", "Real", "--table", "Rows", "--create"}
	x.want(cli.ExitUsage, append(send, "--json")...)
	x.says("production connection", "--yes")
	x.lines = []string{"no"}
	x.want(cli.ExitUsage, send...)
	id, err := s.WorkspaceID(practice.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(s.State().Tenants); n == 0 {
		t.Fatal("no state")
	}
	for _, r := range s.Requests() {
		if r.Operation == faults.OpCreateDataset || r.Operation == faults.OpRows {
			t.Errorf("without a yes: %s in %s", r.Operation, id)
		}
	}
	x.lines = []string{"y"}
	x.want(cli.ExitDone, send...)
	x.says(`"Local" is a production connection. 3 rows will be sent`, `[y/N]`)
	x.lines = nil
	x.want(cli.ExitDone, "send", book, "--connection", "Local", "--dataset", "Real", "--yes", "--again")
	replace := []string{"send", book, "--connection", "Local", "--dataset", "Real", "--mode", "replace"}
	x.want(cli.ExitUsage, append(replace, "--yes")...)
	x.says("--yes-replace")
	x.lines = []string{"Unreal"}
	x.want(cli.ExitUsage, replace...)
	x.lines = []string{"Real"}
	x.want(cli.ExitDone, replace...)
	x.lines = nil
	x.want(cli.ExitDone, append(replace, "--yes-replace", "Real")...)
	x.want(cli.ExitUsage, "connection", "remove", "Local")
	x.lines = []string{"local?"}
	x.want(cli.ExitUsage, "connection", "remove", "Local")
	x.lines = nil
	x.want(cli.ExitDone, "connection", "remove", "Local", "--yes-remove", "Local")
	x.want(cli.ExitDone, "connection", "list")
	x.says("No connections yet")
}

// Seventy connections of one app get a new secret and are tested again, in well
// under a minute. The old one stays where the new one is refused.
func TestSeventyConnectionsAreRotated(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	x := apart(t)
	x.vaulted()
	s, k := x.service(practice.AppPractice)
	delete(x.env, cli.SecretVariable)
	var b strings.Builder
	b.WriteString("name,tenant,client,secret,cloud,login url,api url,resource,ca file,workspace\n")
	for i := range 70 {
		workspace := practice.Workspace
		if i%10 == 9 {
			workspace = "Gone"
		}
		fmt.Fprintf(&b, "Depot %02d,%s,%s,%s,custom,%s,%s,%s,%s,%s\n", i, k.TenantID, k.ClientID, k.ClientSecret, s.LoginURL(), s.APIURL(), s.Resource(), s.CAFile(), workspace)
	}
	x.want(cli.ExitDone, "connection", "remove", "Local")
	x.want(cli.ExitDone, "connection", "import", tempFile(t, "depots.csv", []byte(b.String())), "--allow-custom", "--existing", "both", "--no-test", "--json")
	x.stdin = "wrong8Q~secret-that-nobody-has-0123456789"
	x.want(cli.ExitConnection, "connection", "rotate", "Depot 00", "--secret-stdin", "--json")
	var d struct {
		Replaced  int
		Rotations []struct {
			Name     string
			Replaced bool
			Says     string
		}
	}
	x.document(&d)
	if d.Replaced != 0 || len(d.Rotations) != 70 || !strings.Contains(d.Rotations[0].Says, "secret is wrong") {
		t.Fatalf("%d of %d: %+v", d.Replaced, len(d.Rotations), d.Rotations[:1])
	}
	x.want(cli.ExitConnection, "connection", "test", "--all", "--json")
	var tests struct{ NotReady int }
	x.document(&tests)
	if tests.NotReady != 7 { // those whose workspace is gone
		t.Errorf("%d are not ready with the old secret", tests.NotReady)
	}
	fresh, err := s.AddSecret(k.ClientID, time.Now().AddDate(2, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	x.stdin = fresh
	x.want(cli.ExitDone, "connection", "rotate", "Depot 00", "--secret-stdin", "--expires", "2028-11-30", "--json")
	took := time.Since(began)
	x.document(&d)
	if d.Replaced != 70 || took > time.Minute {
		t.Errorf("%d replaced in %s", d.Replaced, took)
	}
	t.Logf("70 connections were rotated and tested in %s", took.Round(time.Millisecond))
	x.want(cli.ExitDone, "connection", "list", "--find", "Depot")
	x.says("2028-11-30")
	for _, secret := range []string{k.ClientSecret, fresh} {
		x.nowhere(secret)
		if strings.Contains(x.stdout+x.stderr, secret) {
			t.Error("a secret is printed")
		}
	}
}

func TestTheNetworkIsSet(t *testing.T) {
	x := apart(t)
	x.vaulted()
	x.service(practice.AppPractice)
	x.want(cli.ExitDone, "network")
	x.says("system settings")
	x.want(cli.ExitUsage, "network", "--proxy", "proxy:8080")
	x.says("does not begin")
	x.env[cli.ProxyVariable] = "MARKERpassword"
	x.want(cli.ExitDone, "network", "--proxy", "http://127.0.0.1:1", "--proxy-user", "ann")
	x.says("the proxy http://127.0.0.1:1", "ann")
	delete(x.env, cli.ProxyVariable)
	x.nowhere("MARKER")
	x.want(cli.ExitConnection, "connection", "test", "Local", "--workspace", practice.Workspace)
	x.says("proxy does not connect to", "your network team")
	x.want(cli.ExitDone, "network", "--direct")
	x.want(cli.ExitDone, "connection", "test", "Local", "--workspace", practice.Workspace)
	x.want(cli.ExitDone, "network", "--system", "--json")
}

func TestReportsAndLetters(t *testing.T) {
	x := apart(t)
	s, k := x.service(practice.AppPractice)
	s.SetServicePrincipalsAllowed(false)
	md, js := filepath.Join(t.TempDir(), "report.md"), filepath.Join(t.TempDir(), "report.json")
	x.want(cli.ExitConnection, "connection", "test", "Local", "--workspace", practice.Workspace, "--report", md, "--letter")
	x.says("For your Power BI administrator:", "Service principals can call Fabric public APIs", "Service principals can use Fabric APIs", k.ClientID, k.ObjectID, k.TenantID, "Request ID")
	x.want(cli.ExitConnection, "connection", "test", "Local", "--workspace", practice.Workspace, "--report", js, "--json")
	for path, words := range map[string][]string{md: {"# Test of Local", "## What it can do", "| Sign in | yes |", "Who can:* your Power BI administrator", "31 October 2027"}, js: {`"capabilities"`, `"retirement"`, `"who": "your Power BI administrator"`}} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if !strings.Contains(string(text), w) {
				t.Errorf("%s lacks %q:\n%s", filepath.Base(path), w, text)
			}
		}
		if strings.Contains(string(text), k.ClientSecret) {
			t.Error("the secret is in the report")
		}
	}
	s.SetServicePrincipalsAllowed(true)
	x.want(cli.ExitDone, "connection", "test", "Local", "--workspace", practice.Workspace, "--trial")
	x.says("It was deleted again.", "Create   yes", "Query    yes")
}
