//go:build linux

package command

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi/practice"
	"pushdesk/ui/command/cli"
)

// silentKeychain makes each command a program of its own whose keychain takes every call
// and answers none, and waits for it no longer than a moment.
func (x *terminal) silentKeychain() {
	x.t.Helper()
	folder, err := os.MkdirTemp("", "bus") // short, for the socket in it
	if err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { _ = os.RemoveAll(folder) })
	socket := filepath.Join(folder, "bus")
	l, err := net.Listen("unix", socket)
	if err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			x.t.Cleanup(func() { _ = c.Close() })
		}
	}()
	x.outside = []string{"DBUS_SESSION_BUS_ADDRESS=unix:path=" + socket, keychainVariable + "=200ms"}
}

// TestASilentKeychain is C5: where nobody can answer it, a keychain that never answers is
// given up after a bounded time, with exit code 3 and the environment variable that works
// without it. A list says that it does not know.
func TestASilentKeychain(t *testing.T) {
	x := apart(t)
	s, k := x.service(practice.AppPractice)
	delete(x.env, cli.SecretVariable)
	rows := tempFile(t, "stock.csv", []byte("Depot,Units\nGent,1\n"))
	send := []string{"send", rows, "--connection", "Local", "--workspace", practice.Workspace, "--dataset", "New", "--table", "T", "--create"}
	x.silentKeychain()
	began := time.Now()
	x.stdin = k.ClientSecret
	x.want(cli.ExitConnection, "connection", "add", "--name", "Second", "--tenant", k.TenantID, "--client", k.ClientID, "--secret-stdin")
	x.says("The client secret of “Second” was not stored.", "The keychain does not answer.", cli.SecretVariable)
	for _, line := range [][]string{send, append(send[:len(send):len(send)], "--dry-run"), {"connection", "browse", "Local"}} {
		x.want(cli.ExitConnection, line...)
		x.says("The keychain does not answer.", cli.SecretVariable)
	}
	x.want(cli.ExitConnection, append(send, "--json")...)
	var failed struct {
		Reason string
		Error  struct{ Code string }
	}
	if x.document(&failed); failed.Reason != "connection" || failed.Error.Code != "keychain-no-answer" {
		t.Errorf("%+v", failed)
	}
	x.want(cli.ExitConnection, "connection", "test", "Local")
	x.says("The keychain does not answer.")

	x.want(cli.ExitDone, "connection", "list")
	x.says("Not known (Keychain does not answer)", "of 2 connections it is not known whether the secret is stored")
	x.want(cli.ExitDone, "connection", "list", "--json")
	var d struct {
		Connections []struct{ SecretState string }
	}
	if x.document(&d); len(d.Connections) != 2 || d.Connections[0].SecretState != "unknown" || d.Connections[1].SecretState != "unknown" {
		t.Errorf("%+v", d)
	}
	x.want(cli.ExitDone, "connection", "show", "Local")
	x.says("Keychain does not answer")
	x.env[cli.SecretVariable] = k.ClientSecret
	x.want(cli.ExitDone, send...)
	if got := len(rowsOf(t, s, "New", "T")); got != 1 {
		t.Errorf("%d rows", got)
	}
	if took := time.Since(began); took > 60*time.Second {
		t.Errorf("it took %v", took)
	}
	if strings.Contains(x.stdout+x.stderr, k.ClientSecret) {
		t.Error("the secret is printed")
	}
}

// TestAnImportWithASilentKeychain: of many connections only the first waits for a keychain
// that does not answer. That is said once, the connections are stored, and nothing says that
// the file, which alone has their secrets, may be deleted now.
func TestAnImportWithASilentKeychain(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const many, limit = 60, 3 * time.Second
	x := newTerminal(t)
	const secret = "MARKER-of-a-silent-import"
	var with, without strings.Builder
	with.WriteString("name,tenant,client,secret\n")
	without.WriteString("name,tenant,client\n")
	for i := range many {
		fmt.Fprintf(&with, "Depot %d,contoso.com,66666666-7777-4888-9999-%012d,%s-%d\n", i, i, secret, i)
		fmt.Fprintf(&without, "Shop %d,contoso.com,66666666-7777-4888-9999-1%011d\n", i, i)
	}
	x.silentKeychain()
	x.outside = append(x.outside, keychainVariable+"="+limit.String())
	path := tempFile(t, "depots.csv", []byte(with.String()))
	took := func(code int, line ...string) {
		t.Helper()
		began := time.Now()
		x.want(code, line...)
		if took := time.Since(began); took > 3*limit { // a thirtieth of the limit for each would be 6 s, and as long again to see what is ready
			t.Errorf("%v took %v", line, took)
		}
		if strings.Contains(x.stdout+x.stderr, secret) {
			t.Error("a secret is printed")
		}
	}
	took(cli.ExitConnection, "connection", "import", path, "--yes")
	x.says("60 added", "The keychain does not answer. 60 client secrets were not stored, of “Depot 0”, “Depot 1”", "and 52 more. Once it answers, import the file again and update the connections.",
		"Delete it once all of them are stored.", "--existing update", "Depot 0, Depot 1", "and 52 more: The keychain does not answer.")
	if n := strings.Count(x.stdout+x.stderr, "keychain does not answer"); n != 2 {
		t.Errorf("it is said %d times: %s%s", n, x.stdout, x.stderr)
	}
	took(cli.ExitConnection, "connection", "import", path, "--existing", "both", "--json")
	var d struct {
		Added, Secrets int
		Unstored       []string
		Lacking        []struct{ Name, Lacks string }
	}
	if x.document(&d); d.Added != many || d.Secrets != 0 || len(d.Unstored) != many || len(d.Lacking) != many || d.Lacking[many-1].Lacks != "The keychain does not answer." {
		t.Errorf("%+v", d)
	}
	took(cli.ExitDone, "connection", "import", tempFile(t, "shops.csv", []byte(without.String())), "--yes")
	x.says("60 added", "and 52 more: The keychain does not answer.", "pushdesk connection list")

	// What needs no keychain is stored and tested as ever.
	x.vaulted()
	took(cli.ExitDone, "connection", "import", path, "--existing", "update", "--no-test", "--json")
	if x.document(&d); d.Secrets != many || len(d.Unstored) != 0 || len(d.Lacking) != 0 {
		t.Errorf("%d stored, %d not, %+v", d.Secrets, len(d.Unstored), d.Lacking)
	}
}
