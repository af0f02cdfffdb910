package command

import (
	"bytes"
	"context"
	"encoding/base64"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pushdesk/powerbi/practice"
	"pushdesk/storage"
	"pushdesk/ui/command/cli"
)

// trail follows secrets through commands: everything that was printed, and every
// file that was written.
type trail struct {
	*terminal
	secrets []string
	said    strings.Builder
}

func (x *trail) do(code int, args ...string) {
	x.t.Helper()
	x.want(code, args...)
	x.said.WriteString(strings.Join(args, " ") + "\n" + x.stdout + x.stderr)
}

// nothing checks that no secret is anywhere, in any form that a program would write.
func (x *trail) nothing(when string) {
	x.t.Helper()
	look := func(where, text string) {
		x.t.Helper()
		for _, s := range x.secrets {
			for _, form := range []string{s, s[:len(s)-3], url.QueryEscape(s), url.PathEscape(s), base64.StdEncoding.EncodeToString([]byte(s))[:len(s)]} {
				if strings.Contains(text, form) {
					x.t.Errorf("%s: a secret is in %s:\n%s", when, where, text)
					return
				}
			}
		}
	}
	look("what was printed or given as an argument", x.said.String())
	if err := filepath.WalkDir(x.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		look(path, path+"\n"+string(text))
		return err
	}); err != nil {
		x.t.Error(err)
	}
}

// TestNoSecretLeavesATrail follows secrets through rotations that are refused and
// taken, through files that are whole, shifted and cut, through a panic and a
// removal. They are kept in the vault, sealed, and are nowhere else.
func TestNoSecretLeavesATrail(t *testing.T) {
	x := &trail{terminal: newTerminal(t)}
	x.vaulted()
	s, k := x.service(practice.AppPractice)
	delete(x.env, cli.SecretVariable)
	fresh, err := s.AddSecret(k.ClientID, time.Now().AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	const wrong, misplaced = "MARK8Q~+/&= %er-wrong.secret_of-letters", "Mk~8Q~0123456789abcdefghijklmnopqrstuv.x"
	x.secrets = []string{k.ClientSecret, fresh, wrong, misplaced, x.env[cli.VaultVariable]}
	custom := func(name, tenant string) []string {
		return []string{"connection", "add", "--name", name, "--cloud", "custom", "--authority-url", s.LoginURL(), "--api-url", s.APIURL(), "--resource", s.Resource(),
			"--ca-file", s.CAFile(), "--tenant", tenant, "--client", k.ClientID, "--workspace", practice.Workspace, "--secret-stdin"}
	}
	x.stdin = k.ClientSecret + "\n"
	x.do(cli.ExitDone, custom("One", k.TenantID)...)
	x.stdin = k.ClientSecret
	x.do(cli.ExitUsage, custom("One", k.TenantID)...) // the name is taken
	x.stdin = wrong
	x.do(cli.ExitDone, custom("Wrong", k.TenantID)...)
	x.stdin = k.ClientSecret
	x.do(cli.ExitDone, custom("Elsewhere", "3f2504e0-4f89-41d3-9a0c-0305e82c3301")...)
	x.nothing("added and edited")

	x.do(cli.ExitConnection, "connection", "test", "--all", "--json")
	x.nothing("tested")

	x.stdin = wrong
	x.do(cli.ExitConnection, "connection", "rotate", "One", "--secret-stdin", "--json")
	x.stdin = fresh
	x.do(cli.ExitDone, "connection", "rotate", "One", "--secret-stdin", "--expires", "31 Jan 2028")
	x.says("replaced")
	x.nothing("rotated")

	list := "name,tenant,client,secret,expires\nTeam," + k.TenantID + "," + k.ClientID + "," + fresh + ",2028-01-31\n" +
		"Shifted," + k.TenantID + "," + k.ClientID + ",2028-01-31," + misplaced + "\n" + misplaced + "," + k.TenantID + "," + k.ClientID + "," + wrong + ",soon\n"
	x.do(cli.ExitData, "connection", "import", tempFile(t, "team.csv", []byte(list)), "--no-test", "--json")
	x.do(cli.ExitData, "connection", "import", tempFile(t, "team.csv", []byte(list+"\"cut,"+wrong)))
	x.do(cli.ExitData, "connection", "import", tempFile(t, "team.json", []byte(`[{"name":"x","secret":"`+wrong+`"},`)))
	x.do(cli.ExitData, "connection", "import", tempFile(t, "team.csv", []byte(wrong+",b,c")))
	x.nothing("imported")

	x.crash("connection", "test", "One")
	x.crash("connection", "rotate", "One", "--secret-stdin")
	x.nothing("crashed")

	x.do(cli.ExitDone, "connection", "show", "One", "--json")
	x.do(cli.ExitDone, "connection", "remove", "One", "Team", "One")
	x.do(cli.ExitConnection, "connection", "test", "One")
	x.nothing("removed")
}

const crashing = "PUSHDESK_TEST_CRASH"

// crash runs a command in a program of its own that panics in the middle of it, with
// the secrets in its memory.
func (x *trail) crash(args ...string) {
	x.t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^TestCrashes$")
	c.Env = append(os.Environ(), crashing+"="+strings.Join(args, "\n"), "GOTRACEBACK=all", storage.HomeVariable+"="+x.home, cli.VaultVariable+"="+x.env[cli.VaultVariable])
	c.Stdin = strings.NewReader(x.secrets[1])
	out, err := c.CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("panic: in the middle of it")) || !bytes.Contains(out, []byte("goroutine ")) {
		x.t.Errorf("it did not crash: %v\n%s", err, out)
	}
	x.said.Write(out)
}

type panicking struct{}

func (panicking) Write([]byte) (int, error) { panic("in the middle of it") }

// TestCrashes is the program that crash runs.
func TestCrashes(t *testing.T) {
	args := os.Getenv(crashing)
	if args == "" {
		t.Skip("it runs inside TestNoSecretLeavesATrail")
	}
	// A panic of a test is reported with its output; one of a goroutine ends the program
	// as it would end Pushdesk.
	done := make(chan int)
	go func() {
		done <- Main(context.Background(), strings.Split(args, "\n"), cli.World{
			In: os.Stdin, Out: panicking{}, Err: os.Stderr, Getenv: os.Getenv, OpenWindow: func(context.Context) error { return nil }, Version: "test",
		})
	}()
	t.Errorf("exit code %d", <-done)
}

// A secret cannot be given as an argument, which every program on a computer can
// readTable: no flag takes one.
func TestNoFlagTakesASecret(t *testing.T) {
	c := &cli.Env{World: cli.World{Getenv: os.Getenv}}
	checked := 0
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			checked++
			for _, word := range []string{"secret", "password", "passphrase", "token"} {
				if strings.Contains(f.Name, word) && f.Value.Type() != "bool" {
					t.Errorf("%s --%s takes a value", cmd.CommandPath(), f.Name)
				}
			}
		})
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(c))
	if checked < 50 {
		t.Errorf("only %d flags were looked at", checked)
	}
}
