//go:build unix

package attack

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
)

// nasty is a text that clears the screen, sets the title, hides what follows, turns the
// direction round, writes over the line, and looks like a line of its own.
const nasty = "x\x1b[2J\x1b]0;owned\x07\u009b31m\u202egnp.exe\u2066\u200f\u061c\x7f\r\nDone.\U000e0041"

// quoted is nasty in JSON.
var quoted = strings.NewReplacer("\x1b", `\u001b`, "\x07", `\u0007`, "\x7f", `\u007f`, "\r", `\r`, "\n", `\n`).Replace(nasty)

// sources are where text of others comes from. Each makes a file to send, and lets the
// service answer as it likes.
var sources = []struct {
	name    string
	file    func(t *testing.T, dir string) string
	service []faults.Fault
	flags   []string
}{
	{"cells", csvOf("sales.csv", "Region,Amount\n\"West "+nasty+"\",1\nEast,\"2"+nasty+"\"\n"), nil, nil},
	{"names of columns", csvOf("sales.csv", "\"Region "+nasty+"\",Amount\nWest,1\n"), nil, nil},
	{"the name of the file", csvOf("sales\x1b[2J\u202e\u009b\x7f.csv", "Region,Amount\nWest,1\n"), nil, nil},
	{"refused values", csvOf("sales.csv", "Region,Amount\nWest,1\nEast,2\nNorth,3\nSouth,4\n\"a\",\"zwei"+nasty+"\"\n"), nil, []string{"--type", "Amount=Int64", "--bad-rows", "skip"}},
	{"names of tables", csvOf("sales.csv", "Region,Amount\nWest,1\n"), nil, []string{"--table", "T" + nasty}},
	{"names of datasets", csvOf("sales.csv", "Region,Amount\nWest,1\n"), nil, []string{"--dataset", "D" + nasty}},
	{"flags", csvOf("sales.csv", "Region,Amount\nWest,1\n"), nil, []string{"--map", "Amount=" + nasty}},
	{"errors about rows", csvOf("sales.csv", "Region,Amount\nWest,1\n"), []faults.Fault{{Operation: faults.OpRows, Status: 400, Times: -1, Body: `{"error":{"code":"` + quoted + `","message":"` + quoted + `"}}`}}, nil},
	{"errors about datasets", csvOf("sales.csv", "Region,Amount\nWest,1\n"), []faults.Fault{{Operation: faults.OpCreateDataset, Status: 400, Times: -1, Body: `{"error":{"code":"x","message":"` + quoted + `"}}`}}, nil},
	{"errors about tokens", csvOf("sales.csv", "Region,Amount\nWest,1\n"), []faults.Fault{{Operation: faults.OpToken, Status: 400, Times: -1, Body: `{"error":"invalid_client","error_description":"AADSTS7000215: ` + quoted + `"}`}}, nil},
	{"names of workspaces", csvOf("sales.csv", "Region,Amount\nWest,1\n"), []faults.Fault{{Operation: faults.OpGroups, Status: 200, Times: -1, Body: `{"value":[{"id":"11111111-2222-3333-4444-555555555555","name":"` + quoted + `","isOnDedicatedCapacity":false}]}`}}, nil},
	{"lists of datasets", csvOf("sales.csv", "Region,Amount\nWest,1\n"), []faults.Fault{{Operation: faults.OpDatasets, Status: 200, Times: -1, Body: `{"value":[{"id":"11111111-2222-3333-4444-555555555555","name":"` + quoted + `","addRowsAPIEnabled":true}]}`}}, nil},
}

func csvOf(name, text string) func(t *testing.T, dir string) string {
	return func(t *testing.T, dir string) string { return write(t, filepath.Join(dir, name), text) }
}

// TestAttackTexts lets text of every source go through every command that may show it: none
// writes what a terminal would obey, neither in words nor in JSON.
func TestAttackTexts(t *testing.T) {
	var list []attack
	for _, s := range sources {
		list = append(list, attack{s.name, func(t *testing.T) {
			h := behind(t, -1, 0)
			home := h.home(t)
			path := s.file(t, t.TempDir())
			for _, f := range s.service {
				h.service.Faults().Add(f)
			}
			send := append([]string{"send", path, "--connection", "Local", "--workspace", practice.Workspace, "--create", "--yes"}, s.flags...)
			for flag, value := range map[string]string{"--dataset": "D", "--table": "T"} {
				if !strings.Contains(strings.Join(s.flags, " "), flag) {
					send = append(send, flag, value)
				}
			}
			commands := [][]string{{"inspect", path}, append(send, "--dry-run"), send, {"runs", "list"}, {"runs", "show", "last"}, {"runs", "export"}, {"runs", "rejects", "last"},
				{"connection", "test", "Local"}, {"connection", "list"}, {"connection", "show", "Local"}, {"inspect", path, "--cells"}}
			for i, args := range commands {
				for j, as := range [][]string{args, append(append([]string{}, args...), "--json")} {
					if (i+j)%2 != 0 && i != 2 && !*long { // the other half with -attacks
						continue
					}
					r := run(t, home, h.env(), as...)
					what := fmt.Sprintf("%s in %s", s.name, as[0])
					if j == 0 || r.code == 0 {
						r.code = 0 // words have no code
					}
					survived(t, what, r, h.key.ClientSecret)
				}
			}
			for _, name := range []string{"log.txt", "pushdesk.log"} {
				if text, err := os.ReadFile(filepath.Join(home, name)); err == nil && obeyed(string(text)) != "" {
					t.Errorf("%s: a terminal would obey the log", s.name)
				}
			}
		}})
	}
	try(t, 3, list)
}
