//go:build linux

package command

import (
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
	x := newTerminal(t)
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
