//go:build unix

package attack

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// sources are where text of others comes from. Each makes a file to send, lets the service
// answer as it likes, and may write into the home.
var sources = []struct {
	name    string
	file    func(t *testing.T, dir string) string
	service []faults.Fault
	flags   []string
	spoil   func(t *testing.T, home string)
}{
	{"cells", csvOf("sales.csv", "Region,Amount\n\"West "+nasty+"\",1\nEast,\"2"+nasty+"\"\n"), nil, nil, nil},
	{"names of columns", csvOf("sales.csv", "\"Region "+nasty+"\",Amount\nWest,1\n"), nil, nil, nil},
	{"the name of the file", csvOf("sales\x1b[2J\u202e\u009b\x7f.csv", "Region,Amount\nWest,1\n"), nil, nil, nil},
	{"refused values", csvOf("sales.csv", "Region,Amount\nWest,1\n\"=cmd|' /C calc'!A0\",drei\nEast,2\nNorth,3\nSouth,4\n\"a\",\"zwei"+nasty+"\"\n"), nil, []string{"--type", "Amount=Int64", "--bad-rows", "skip"}, nil},
	{"names of tables", csvOf("sales.csv", "Region,Amount\nWest,1\n"), nil, []string{"--table", "T" + nasty}, nil},
	{"names of datasets", csvOf("sales.csv", "Region,Amount\nWest,1\n"), nil, []string{"--dataset", "D" + nasty}, nil},
	{"flags", csvOf("sales.csv", "Region,Amount\nWest,1\n"), nil, []string{"--map", "Amount=" + nasty}, nil},
	{"errors about rows", csvOf("sales.csv", "Region,Amount\nWest,1\n"), []faults.Fault{{Operation: faults.OpRows, Status: 400, Times: -1, Body: `{"error":{"code":"` + quoted + `","message":"` + quoted + `"}}`}}, nil, nil},
	{"errors about datasets", csvOf("sales.csv", "Region,Amount\nWest,1\n"), []faults.Fault{{Operation: faults.OpCreateDataset, Status: 400, Times: -1, Body: `{"error":{"code":"x","message":"` + quoted + `"}}`}}, nil, nil},
	{"errors about tokens", csvOf("sales.csv", "Region,Amount\nWest,1\n"), []faults.Fault{{Operation: faults.OpToken, Status: 400, Times: -1, Body: `{"error":"invalid_client","error_description":"AADSTS7000215: ` + quoted + `"}`}}, nil, nil},
	{"names of workspaces", csvOf("sales.csv", "Region,Amount\nWest,1\n"), []faults.Fault{{Operation: faults.OpGroups, Status: 200, Times: -1, Body: `{"value":[{"id":"11111111-2222-3333-4444-555555555555","name":"` + quoted + `","isOnDedicatedCapacity":false}]}`}}, nil, nil},
	{"lists of datasets", csvOf("sales.csv", "Region,Amount\nWest,1\n"), []faults.Fault{{Operation: faults.OpDatasets, Status: 200, Times: -1, Body: `{"value":[{"id":"11111111-2222-3333-4444-555555555555","name":"` + quoted + `","addRowsAPIEnabled":true}]}`}}, nil, nil},
	{"lists of tables", plain, answering(faults.OpTables, 200, `{"value":[{"name":"T","columns":[{"name":"`+quoted+`","dataType":"`+quoted+`"}]},{"name":"`+quoted+`"}]}`), nil, nil},
	{"rows of tables", plain, answering(faults.OpQuery, 200, `{"results":[{"tables":[{"rows":[{"T[`+quoted+`]":"`+quoted+`"}]}]}]}`), nil, nil},
	{"errors about queries", plain, answering(faults.OpQuery, 400, `{"error":{"code":"`+quoted+`","pbi.error":{"code":"`+quoted+`","details":[{"code":"`+quoted+`","detail":{"value":"`+quoted+`"}}]}}}`), nil, nil},
	{"who has a role", plain, answering(faults.OpGroupUsers, 200, `{"value":[{"identifier":"`+quoted+`","displayName":"`+quoted+`","groupUserAccessRight":"`+quoted+`","principalType":"Group"}]}`), nil, nil},
	{"reports", plain, answering(faults.OpReports, 200, `{"value":[{"id":"1","name":"`+quoted+`","datasetId":"`+quoted+`"}]}`), nil, nil},
	{"heads of answers", plain, []faults.Fault{{Operation: faults.OpRows, Status: 500, Times: -1, Header: map[string]string{"RequestId": "x\u009b31m\u202egnp", "Retry-After": "\u202e9"}, Body: `{}`}}, nil, nil},
	{"claims of tokens", plain, answering(faults.OpToken, 200, `{"token_type":"Bearer","expires_in":3600,"access_token":"`+claiming()+`"}`), nil, nil},
	{"what the tenant says of itself", plain, answering(faults.OpMetadata, 400, `{"error":"`+quoted+`","error_description":"AADSTS90002: `+quoted+`","tenant_region_scope":"`+quoted+`"}`), nil, nil},
	{"names of sheets", func(t *testing.T, dir string) string {
		book := replacing(t, workbook(t), map[string]string{"xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S` + "\u009b" + `31m` + "\u202e" + `gnp` + "\u2066\u200f\U000e0041" + `" sheetId="1" r:id="rId1"/><sheet name="Z` + "\u009b" + `31m` + "\u202e" + `gnp" sheetId="2" r:id="rId99"/></sheets><definedNames><definedName name="N` + "\u009b" + `31m` + "\u202e" + `">Sheet1!$A$1:$B$3</definedName></definedNames></workbook>`}, 0)
		return write(t, filepath.Join(dir, "book.xlsx"), string(book))
	}, nil, nil, nil},
	{"a mapping file", plain, nil, []string{"--mapping", "mapping.yaml"}, func(t *testing.T, home string) {
		write(t, filepath.Join(home, "mapping.yaml"), "version: 1\ntables:\n  - table: \"T"+quoted+"\"\n    columns:\n      \""+quoted+"\": {from: \""+quoted+"\", type: \""+quoted+"\"}\n")
	}},
	{"the connection file", plain, nil, nil, func(t *testing.T, home string) {
		path := filepath.Join(home, "connections.json")
		was, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, strings.NewReplacer(`"credential"`, `"notes":"`+quoted+`","tags":["`+quoted+`"],"environment":"`+quoted+`","account":"`+quoted+`","expires":"`+quoted+`","team":"`+quoted+`","dataset":"`+quoted+`","table":"`+quoted+`","workspace":"`+quoted+`","`+quoted+`":"`+quoted+`","credential"`,
			`"tenantId": "`, `"tenantId": "`+quoted).Replace(string(was)))
	}},
	{"files of the home", plain, nil, nil, func(t *testing.T, home string) {
		for _, name := range []string{"network.json", "secrets.json", "secret-managers.json", "tables.json", "decisions.json", "files.json", "connections.json.lock"} {
			write(t, filepath.Join(home, name), `{"version":1,"`+quoted+`":"`+quoted+`","proxy":"`+quoted+`","address":"`+quoted+`","store":"`+quoted+`","managers":[{"name":"`+quoted+`","kind":"`+quoted+`"}]}`)
		}
	}},
}

func plain(t *testing.T, dir string) string {
	return write(t, filepath.Join(dir, "sales.csv"), "Region,Amount\nWest,1\n")
}

func answering(op faults.Operation, status int, body string) []faults.Fault {
	return []faults.Fault{{Operation: op, Status: status, Times: -1, Body: body}}
}

// claiming is a token that claims what it likes.
func claiming() string {
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	return part(`{"alg":"none","typ":"JWT"}`) + "." + part(`{"aud":"`+quoted+`","iss":"`+quoted+`","appid":"`+quoted+`","app_displayname":"`+quoted+`","oid":"`+quoted+`","tid":"`+quoted+`","upn":"`+quoted+`","name":"`+quoted+`","roles":["`+quoted+`"],"scp":"`+quoted+`","idtyp":"`+quoted+`","exp":4102444800,"nbf":1,"iat":1}`) + ".x"
}

func csvOf(name, text string) func(t *testing.T, dir string) string {
	return func(t *testing.T, dir string) string { return write(t, filepath.Join(dir, name), text) }
}

// TestAttackTexts lets text of every source go through every command that may show it: none
// writes what a terminal would obey, neither in words nor in JSON, nor into what it keeps.
func TestAttackTexts(t *testing.T) {
	var list []attack
	for at, s := range sources {
		list = append(list, attack{s.name, func(t *testing.T) {
			h := behind(t, -1, 0)
			home := h.home(t)
			dir := t.TempDir()
			path := s.file(t, dir)
			for _, f := range s.service {
				h.service.Faults().Add(f)
			}
			if s.spoil != nil {
				s.spoil(t, home)
			}
			there := []string{"--connection", "Local", "--workspace", practice.Workspace}
			send := append(append([]string{"send", path}, there...), "--create", "--yes")
			for _, f := range s.flags {
				send = append(send, strings.ReplaceAll(f, "mapping.yaml", filepath.Join(home, "mapping.yaml")))
			}
			for flag, value := range map[string]string{"--dataset": "D", "--table": "T"} {
				if !slices.Contains(s.flags, flag) {
					send = append(send, flag, value)
				}
			}
			alter := append(append([]string{"table", "alter", "--dataset", "D", "--add", "Note" + nasty + "=String", "--dry-run"}, there...), "--table", "T")
			commands := [][]string{send, {"inspect", path}, append(send, "--dry-run"), {"runs", "list"}, {"runs", "show", "last"}, {"runs", "export"}, {"runs", "rejects", "last", "--out", filepath.Join(dir, "rejects.csv")},
				{"connection", "test", "Local"}, {"connection", "list"}, {"connection", "show", "Local"}, {"inspect", path, "--cells"},
				{"mapping", "init", path}, {"connection", "browse", "Local"}, {"connection", "browse", "Local", "--workspace", practice.Workspace},
				{"connection", "browse", "Local", "--workspace", practice.Workspace, "--dataset", "D"}, {"connection", "browse", "Local", "--workspace", practice.Workspace, "--dataset", "D", "--table", "T"},
				append([]string{"table", "show", "--dataset", "D"}, there...), alter,
				{"connection", "test", "Local", "--letter", "--workspace", practice.Workspace}, {"connection", "test", "--all", "--report", filepath.Join(dir, "report.md"), "--trial", "--yes"},
				{"connection", "export", "Local", "--to", filepath.Join(dir, "export.json")}, {"connection", "import", path, "--dry-run"}, {"connection", "label", "Local", "--tag", nasty},
				{"connection", "rotate", "Local"}, {"connection", "sign-in", "Local"}, {"connection", "edit", "Local", "--dataset", nasty}, {"connection", "list", "--find", nasty},
				{"runs", "again", "last", "--dry-run"}, {"runs", "resume", "last"}, {"runs", "resend", "last", path, "--dry-run"}, {"runs", "resolve", "last"}, {"runs", "undo", "last", "--dry-run"}, {"runs", "keep"},
				{"team", "create", "Finance " + nasty, "--folder", filepath.Join(dir, "team"), "--tenant", h.key.TenantID, "--me", "Ann " + nasty}, {"team", "share", "Local", "--anyway", nasty}, {"team", "show"}, {"team", "list"}, {"team", "verify", "Local"}, {"team", "invite"},
				{"secrets"}, {"network"}, {"vault"}, {"__complete", "connection", "show", ""}, {"__complete", "send", path, "--connection", ""}, {"connection", "show", nasty}, {"runs", "show", nasty}, {nasty}, {"send", "--" + nasty},
				{"runs", "delete", "last", "--yes"}, {"connection", "remove", "Local", "--yes"}}
			for i, args := range commands {
				if !*long && i > 0 && (i+at)%4 != 0 { // the other commands with -attacks
					continue
				}
				for j, as := range [][]string{args, append(append([]string{}, args...), "--json")} {
					if (i+j)%2 != 0 && i != 0 && !*long { // the other half with -attacks
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
			for _, pattern := range []string{filepath.Join(home, "*.txt"), filepath.Join(home, "*.log"), filepath.Join(dir, "report.md"), filepath.Join(dir, "export.json")} {
				names, _ := filepath.Glob(pattern)
				for _, name := range names {
					if text, err := os.ReadFile(name); err == nil && obeyed(string(text)) != "" {
						t.Errorf("%s: a terminal would obey %s in %s", s.name, obeyed(string(text)), filepath.Base(name))
					}
				}
			}
			if text, err := os.ReadFile(filepath.Join(dir, "rejects.csv")); err == nil && strings.Contains(string(text), "\n=") {
				t.Errorf("%s: a formula is in the rejected rows", s.name)
			}
		}})
	}
	try(t, 3, list)
}
