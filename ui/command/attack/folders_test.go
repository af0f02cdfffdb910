//go:build unix

package attack

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"pushdesk/storage"
	"pushdesk/ui/command/cli"
)

// TestAttackOpenFolders: a home that others may write to is warned of, and one that secrets
// are in is refused for secrets, both to keep and to read.
func TestAttackOpenFolders(t *testing.T) {
	home := t.TempDir()
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	const secret = "made-up-secret-0123456789"
	env := []string{cli.VaultVariable + "=a passphrase that is long"}
	add := func(name string) result {
		c := fmt.Sprintf(`printf '%%s' '%s' | %s connection add --name %s --tenant 11111111-2222-3333-4444-555555555555 --client 66666666-7777-8888-9999-000000000000 --secret-stdin --json`, secret, program, name)
		return shell(t, home, env, c)
	}
	if r := run(t, home, env, "vault", "create", "--json"); r.code != 0 {
		t.Fatalf("%d %s%s", r.code, r.out, r.err)
	}
	if r := add("First"); r.code != 0 {
		t.Fatalf("%d %s%s", r.code, r.out, r.err)
	}
	for _, open := range []string{home, filepath.Join(home, "vault")} {
		if err := os.Chmod(open, 0o777); err != nil {
			t.Fatal(err)
		}
		if r := run(t, home, env, "connection", "list", "--json"); r.code != 0 || !strings.Contains(r.err, "Other users of this computer may write to the folder") && open == home {
			t.Errorf("%s: no warning: %s%s", open, r.out, r.err)
		}
		if r := add("Second" + filepath.Base(open)); r.code == 0 || !strings.Contains(r.out+r.err, "was not stored") || strings.Contains(r.out+r.err, secret) {
			t.Errorf("%s: a secret was kept: %s%s", open, r.out, r.err)
		}
		if r := run(t, home, env, "connection", "test", "First", "--json"); r.code == 0 || !strings.Contains(r.out, "sealed-folder-open") {
			t.Errorf("%s: a secret was read: %s%s", open, r.out, r.err)
		}
		if err := os.Chmod(open, 0o700); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAttackOpenHistory: a connection file, and a folder of runs, that others may write to
// are warned of, though the home is the person's own.
func TestAttackOpenHistory(t *testing.T) {
	home := t.TempDir()
	data := write(t, filepath.Join(t.TempDir(), "sales.csv"), "Region,Amount\nWest,1\n")
	for _, args := range [][]string{{"send", data, "--practice", "--json"}, {"connection", "add", "--name", "Here", "--tenant", "11111111-2222-3333-4444-555555555555", "--client", "66666666-7777-8888-9999-000000000000", "--json"}} {
		if r := run(t, home, nil, args...); r.code != 0 && !withoutSecret(r) || strings.Contains(r.err, "Other users") {
			t.Fatalf("%d %s%s", r.code, r.out, r.err)
		}
	}
	for name, warning := range map[string]string{"connections.json": "they could change where secrets are sent", "runs": "they could change what is known of rows that were sent"} {
		path := filepath.Join(home, name)
		was, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, was.Mode().Perm()|0o022); err != nil {
			t.Fatal(err)
		}
		if r := run(t, home, nil, "runs", "list", "--json"); r.code != 0 || !strings.Contains(r.err, warning) {
			t.Errorf("%s: no warning: %s%s", name, r.out, r.err)
		}
		if err := os.Chmod(path, was.Mode().Perm()); err != nil {
			t.Fatal(err)
		}
	}
}

// shell runs a line of the shell.
func shell(t *testing.T, home string, env []string, line string) result {
	t.Helper()
	c := exec.CommandContext(context.Background(), "sh", "-c", line)
	c.Env = append(append(os.Environ(), storage.HomeVariable+"="+home), env...)
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	_ = c.Run() // the exit code tells
	return result{code: c.ProcessState.ExitCode(), out: out.String(), err: said.String()}
}

// TestAttackMemoryImage: the system writes no image of the program to disk when it crashes.
func TestAttackMemoryImage(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells the limits of a process")
	}
	c := exec.CommandContext(t.Context(), program, "practice", "--json")
	c.Env = append(os.Environ(), storage.HomeVariable+"="+t.TempDir())
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	}()
	if _, err := out.Read(make([]byte, 1)); err != nil { // it runs
		t.Fatal(err)
	}
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", c.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(limits)) {
		if strings.HasPrefix(line, "Max core file size") && strings.Join(strings.Fields(line)[4:6], " ") != "0 0" {
			t.Error(line)
		}
	}
}
