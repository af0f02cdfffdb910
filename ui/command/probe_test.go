//go:build unix

package command

import (
	"strings"
	"testing"
	"time"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/ui/command/cli"
)

// A program that is killed in the middle of a test with a trial dataset leaves a dataset behind; the
// next test deletes it, at once.
func TestAProbeThatWasKilledIsCleanedUp(t *testing.T) {
	x := apart(t)
	x.vaulted()
	s, k := x.service(practice.AppPractice)
	delete(x.env, cli.SecretVariable)
	x.stdin = k.ClientSecret
	x.want(cli.ExitDone, "connection", "add", "--name", "Probed", "--cloud", "custom", "--authority-url", s.LoginURL(), "--api-url", s.APIURL(), "--resource", s.Resource(),
		"--ca-file", s.CAFile(), "--tenant", k.TenantID, "--client", k.ClientID, "--workspace", practice.Workspace, "--secret-stdin")
	hold := make(chan struct{})
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, Hold: hold, Times: 1})
	c, out := x.child("", "connection", "test", "Probed", "--trial")
	sent := func(op faults.Operation) (n int) {
		for _, r := range s.Requests() {
			if r.Operation == op {
				n++
			}
		}
		return n
	}
	for end := time.Now().Add(30 * time.Second); sent(faults.OpCreateDataset) == 0 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	close(hold)
	if sent(faults.OpCreateDataset) != 1 || sent(faults.OpDeleteDataset) != 0 {
		t.Fatalf("it was not killed in the middle:\n%s", out)
	}
	x.want(cli.ExitDone, "connection", "test", "Probed")
	if sent(faults.OpDeleteDataset) != 1 || strings.Contains(x.stderr, "zz_conncheck") {
		t.Errorf("%d deletions\n%s", sent(faults.OpDeleteDataset), x.stderr)
	}
	x.want(cli.ExitDone, "connection", "test", "Probed")
	if sent(faults.OpDeleteDataset) != 1 {
		t.Error("it is deleted again and again")
	}
}
