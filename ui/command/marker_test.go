//go:build unix

package command

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pushdesk/connection/team/key"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage"
	"pushdesk/storage/keychain"
	"pushdesk/ui/command/cli"
)

// childVariable makes the test program run one command line as the program does,
// in a process of its own that can crash.
const childVariable = "PUSHDESK_TEST_CHILD"

// keychainVariable says how long the child waits for the keychain.
const keychainVariable = "PUSHDESK_TEST_KEYCHAIN"

func TestChild(t *testing.T) {
	line := os.Getenv(childVariable)
	if line == "" {
		return // it is only run as a child of another test
	}
	limit, _ := time.ParseDuration(os.Getenv(keychainVariable))
	os.Exit(Main(context.Background(), strings.Split(line, "\x1f"), cli.World{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Version: "test", Keychain: limit}))
}

// child starts a command line in a process of its own.
func (x *terminal) child(stdin string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	x.t.Helper()
	var out bytes.Buffer
	c := exec.Command(os.Args[0], "-test.run=^TestChild$")
	c.Env = append(os.Environ(), childVariable+"="+strings.Join(args, "\x1f"), storage.HomeVariable+"="+x.home, cli.VaultVariable+"="+x.env[cli.VaultVariable])
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(stdin), &out, &out
	if err := c.Start(); err != nil {
		x.t.Fatal(err)
	}
	return c, &out
}

// A secret is followed through every flow: it is in the sealed vault and nowhere
// else, whatever is printed, written, refused or crashes.
func TestTheSecretIsNowhereElse(t *testing.T) {
	const marker, second = "MARKERone8Q~abcdefghijklmnopqrstuvwxyz", "MARKERtwo8Q~abcdefghijklmnopqrstuvwxyz"
	x := apart(t)
	x.vaulted()
	s, k := x.service(practice.AppPractice)
	delete(x.env, cli.SecretVariable)
	out := t.TempDir()
	var said strings.Builder
	run := func(stdin string, args ...string) {
		t.Helper()
		for _, a := range args {
			if strings.Contains(a, "MARKER") {
				t.Fatalf("a secret among the arguments: %q", args)
			}
		}
		x.stdin = stdin
		x.run(args...)
		said.WriteString(x.stdout + x.stderr)
	}
	add := func(name string) []string {
		return []string{"connection", "add", "--name", name, "--cloud", "custom", "--authority-url", s.LoginURL(), "--api-url", s.APIURL(), "--resource", s.Resource(),
			"--ca-file", s.CAFile(), "--tenant", k.TenantID, "--client", k.ClientID, "--workspace", practice.Workspace, "--secret-stdin"}
	}
	run(marker, append(add("Marked"), "--json")...)
	run("", "connection", "show", "Marked", "--json")
	run("", "connection", "test", "Marked", "--json")
	run("", "connection", "test", "Marked", "--report", filepath.Join(out, "r.md"), "--letter", "--trial")
	run("", "connection", "test", "--all", "--json")
	run("", "connection", "test", "Marked", "--report", filepath.Join(out, "r.json"))
	run(second, "connection", "rotate", "Marked", "--secret-stdin", "--json")
	run(second, "connection", "edit", "Marked", "--secret-stdin", "--notes", "changed")
	run("", "send", sales(t, 2), "--connection", "Marked", "--dataset", "D", "--table", "T", "--create", "--json")
	run("", "secrets", "--json")
	// Given to others: sealed, and in no other form.
	folder := filepath.Join(out, "team")
	run("", "team", "create", "Marked", "--folder", folder, "--tenant", k.TenantID, "--me", "Dana", "--json")
	run("", "team", "share", "Marked", "--with", "sealed", "--anyway", "a test", "--json")
	run("", "team", "list")
	run("", "team", "show", "--json")
	run("", "team", "verify", "Marked", "--json")
	run(second, "connection", "rotate", "Marked", "--secret-stdin", "--json")
	for _, with := range []string{"definition", "passphrase"} {
		run("", "connection", "export", "Marked", "--to", filepath.Join(out, with+".json"), "--with", with)
	}
	run("", "connection", "import", filepath.Join(out, "passphrase.json"), "--json")
	// A host that sends everything back.
	s.Faults().Add(faults.Fault{Operation: faults.OpToken, Status: 400, Times: -1, Body: `{"error":"invalid_client","error_description":"AADSTS7000215: you sent ` + second + `"}`})
	run("", "connection", "test", "Marked", "--json")
	run("", "send", sales(t, 2), "--connection", "Marked", "--dataset", "D", "--table", "T", "--create")
	run("", "team", "verify", "Marked", "--json")
	run("", "team", "share", "Marked", "--trial", "--json")
	s.Faults().Clear()

	// Crashes with every stack printed: in the middle of a test, which here has opened what is
	// sealed to the team, of sharing it again, and of replacing it.
	hold := make(chan struct{})
	defer close(hold)
	s.Faults().Add(faults.Fault{Operation: faults.OpToken, Hold: hold, Times: -1})
	for _, line := range [][]string{{"connection", "test", "Marked"}, {"team", "verify", "Marked"}, {"team", "share", "Marked", "--with", "sealed", "--trial"}, {"connection", "rotate", "Marked", "--secret-stdin"}} {
		before := len(s.Requests())
		c, dump := x.child(marker, line...)
		for end := time.Now().Add(time.Minute); len(s.Requests()) < before+3 && time.Now().Before(end); { // the next is the sign-in, with the secret
			time.Sleep(10 * time.Millisecond)
		}
		if words, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", c.Process.Pid)); err == nil {
			said.Write(words)
		}
		if err := c.Process.Signal(syscall.SIGQUIT); err != nil {
			t.Error(err)
		}
		_ = c.Wait()
		if !strings.Contains(dump.String(), "goroutine ") {
			t.Errorf("%v did not crash in the middle of its test:\n%s", line, dump)
		}
		said.WriteString(dump.String())
	}
	key, err := key.Load(t.Context(), openVault(t, x.home, x.env[cli.VaultVariable]))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"AGE-SECRET-KEY", key.Recovery()} {
		if strings.Contains(said.String(), secret) {
			t.Errorf("the key of the team is printed: %.20s", secret)
		}
	}

	if strings.Contains(said.String(), "MARKER") {
		at := strings.Index(said.String(), "MARKER")
		t.Errorf("a secret is printed: %.200s", said.String()[max(0, at-100):])
	}
	for _, home := range []string{x.home, out} {
		x.home = home
		for _, secret := range []string{"MARKER", "AGE-SECRET-KEY", key.Recovery()} {
			x.nowhere(secret)
		}
	}
}

// openVault opens the secrets of a home.
func openVault(t *testing.T, home, passphrase string) *keychain.Store {
	t.Helper()
	secrets := keychain.New(home)
	if err := secrets.UnlockVault(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	return secrets
}
