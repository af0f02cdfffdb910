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

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage"
	"pushdesk/ui/command/cli"
)

// childVariable makes the test program run one command line as the program does,
// in a process of its own that can crash.
const childVariable = "PUSHDESK_TEST_CHILD"

func TestChild(t *testing.T) {
	line := os.Getenv(childVariable)
	if line == "" {
		return // it is only run as a child of another test
	}
	os.Exit(Main(context.Background(), strings.Split(line, "\x1f"), cli.World{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv, Version: "test"}))
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
	x := newTerminal(t)
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

	// A crash in the middle of a test, with every stack printed.
	hold := make(chan struct{})
	defer close(hold)
	s.Faults().Add(faults.Fault{Operation: faults.OpToken, Hold: hold, Times: -1})
	before := len(s.Requests())
	c, dump := x.child("", "connection", "test", "Marked")
	for end := time.Now().Add(20 * time.Second); len(s.Requests()) < before+3 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", c.Process.Pid))
	if err == nil {
		said.Write(line)
	}
	if err := c.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Error(err)
	}
	_ = c.Wait()
	if !strings.Contains(dump.String(), "goroutine ") {
		t.Errorf("the child did not crash:\n%s", dump)
	}
	said.WriteString(dump.String())

	if strings.Contains(said.String(), "MARKER") {
		at := strings.Index(said.String(), "MARKER")
		t.Errorf("a secret is printed: %.200s", said.String()[max(0, at-100):])
	}
	x.nowhere("MARKER")
	x.home = out
	x.nowhere("MARKER")
}
