package command

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
)

// nasty is text as a hostile file or service may send it: it clears the screen, sets the
// title, hides what follows, turns the direction round, and writes over the line.
const nasty = "x\x1b[2J\x1b]0;owned\x07\u009b31m\u202egnp.exe\u2066\u200f\x7f\U000e0041"

// obeys returns what of a text a terminal would obey.
func obeys(s string) string {
	var bad []rune
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200f || r >= 0xe0000 && r <= 0xe007f {
			bad = append(bad, r)
		}
	}
	if len(bad) == 0 {
		return ""
	}
	return strings.Trim(strings.Join(strings.Split(string(bad), ""), " "), " ")
}

// TestHostileTextIsShownNotObeyed: outside text of every kind goes through every command
// that could print it: cells, headers, the name of the file, sheet and connection, and
// what the service answers.
func TestHostileTextIsShownNotObeyed(t *testing.T) {
	x := apart(t)
	s, k := x.service(practice.AppPractice)
	name := "sales" + nasty + ".csv"
	if runtime.GOOS == "windows" {
		name = "sales\u202e.csv"
	}
	path := filepath.Join(t.TempDir(), name)
	text := "Region" + nasty + ",Amount,Day\r\n\"West\n" + nasty + "\",1,2024-03-05\r\nEast\rx,2,2024-03-06\r\nNorth,zwei" + nasty + ",2024-03-07\r\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	check := func(args ...string) {
		t.Helper()
		for _, as := range [][]string{args, append(append([]string{}, args...), "--json")} {
			x.run(as...)
			for kind, said := range map[string]string{"output": x.stdout, "errors": x.stderr} {
				if bad := obeys(said); bad != "" {
					t.Errorf("%q: %q in the %s:\n%.2000q", as, bad, kind, said)
				}
			}
			if as[len(as)-1] == "--json" && strings.HasPrefix(x.stdout, "{") && !validJSON(x.stdout) {
				t.Errorf("%q: no JSON: %.300s", as, x.stdout)
			}
		}
	}
	check("inspect", path)
	check("inspect", path, "--cells")
	check("send", path, "--practice", "--dry-run")
	check("send", path, "--practice", "--bad-rows", "skip", "--yes")
	check("send", path+nasty, "--practice")
	check("send", path, "--practice", "--table", "T"+nasty, "--map", "Amount="+nasty)
	check("runs", "list")
	check("runs", "show", "last")
	check("runs", "export")
	x.stdin = k.ClientSecret
	check("connection", "add", "--name", "Sales "+nasty, "--cloud", "custom", "--authority-url", s.LoginURL(), "--api-url", s.APIURL(), "--resource", s.Resource(),
		"--ca-file", s.CAFile(), "--tenant", k.TenantID, "--client", k.ClientID, "--notes", "line\n"+nasty, "--tag", "t"+nasty, "--secret-stdin")
	check("connection", "list")
	check("connection", "show", "Sales "+nasty)
	s.Faults().Add(faults.Fault{Operation: faults.OpRows, Status: 400, Times: -1, Body: `{"error":{"code":"x","message":"` + strings.NewReplacer("\x1b", `\u001b`, "\x07", `\u0007`, "\x7f", `\u007f`).Replace(nasty) + `"}}`})
	check("send", path, "--connection", "Sales", "--dataset", "D"+nasty, "--table", "T", "--create", "--yes")
	s.Faults().Clear()
	s.Faults().Add(faults.Fault{Operation: faults.OpToken, Status: 400, Times: -1, Body: `{"error":"invalid_client","error_description":"AADSTS7000215: ` + strings.NewReplacer("\x1b", `\u001b`, "\x07", `\u0007`, "\x7f", `\u007f`).Replace(nasty) + `"}`})
	check("connection", "test", "--all")
	check("connection", "test", nasty)
	check(nasty)
	check("send", "--"+nasty)
}

// validJSON reports whether text is JSON: one document, or one on each line.
func validJSON(text string) bool {
	for d := json.NewDecoder(strings.NewReader(text)); ; {
		var each json.RawMessage
		if err := d.Decode(&each); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}
