package command

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/powerbi/practice"
	"pushdesk/ui/command/cli"
)

// The team's secret manager has the secret. Each person says how it is asked on their
// computer, by an address or an environment variable; the shared file decides nothing.
func TestReferenceByAddress(t *testing.T) {
	x := newTerminal(t)
	dana, bob := newColleague(t, "Dana"), newColleague(t, "Bob")
	s, err := practice.Start(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	k, _ := s.Credential(practice.AppPractice)
	const token = "MARKER-token-of-the-manager"
	vault := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/finance/sales" || r.Header.Get("X-Vault-Token") != token {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte(`{"data":{"value":"` + k.ClientSecret + `"}}`))
	}))
	t.Cleanup(vault.Close)
	folder := filepath.Join(t.TempDir(), "team")
	allow := []string{"secrets", "allow", "vault", "--address", vault.URL + "/v1/{item}", "--field", "data.value", "--header", "X-Vault-Token", "--token-stdin", "--json"}

	x.as(dana)
	x.want(cli.ExitDone, "team", "create", "Finance", "--folder", folder, "--tenant", k.TenantID, "--me", "Dana")
	x.want(cli.ExitDone, append([]string{"connection", "add", "--name", "Sales", "--cloud", "custom", "--tenant", k.TenantID, "--client", k.ClientID,
		"--workspace", practice.Workspace, "--dataset", "Orders", "--table", "Lines", "--manager", "vault:finance/sales"}, addresses(s)...)...)
	x.want(cli.ExitConnection, "connection", "test", "Sales")
	x.says("may not be asked on this computer")
	x.want(cli.ExitConnection, "send", sales(t, 2), "--connection", "Sales")
	x.says("pushdesk secrets allow MANAGER")
	x.want(cli.ExitUsage, "secrets", "allow", "vault")
	x.want(cli.ExitUsage, "secrets", "allow", "vault", "--field", "x")
	x.want(cli.ExitUsage, "secrets", "allow", "vault", "--address", "http://vault.example.com/{item}")
	x.want(cli.ExitUsage, "secrets", "forbid", "vault")
	x.stdin = token
	x.want(cli.ExitDone, allow...)
	x.want(cli.ExitDone, "connection", "test", "Sales")
	x.want(cli.ExitDone, "connection", "show", "Sales")
	x.says("In a secret manager", "vault:finance/sales", "Orders", "Lines")
	x.want(cli.ExitDone, "team", "share", "Sales", "--with", "reference", "--trial", "--json")
	// The default destination is taken where none is named.
	x.want(cli.ExitUsage, "send", sales(t, 2), "--connection", "Sales", "--workspace", "Elsewhere")
	x.says("--dataset")
	x.want(cli.ExitDone, "send", sales(t, 2), "--connection", "Sales", "--create")
	x.says(`"Lines"`, `"Orders"`)

	x.want(cli.ExitDone, "team", "share", "Sales", "--json") // the run has proven it, and its table is known now
	x.joinTeam(dana, bob, folder)
	x.as(bob)
	x.want(cli.ExitDone, append([]string{"team", "addresses", "Sales"}, addresses(s)...)...)
	x.want(cli.ExitConnection, "send", sales(t, 3), "--connection", "Sales")
	x.says("may not be asked on this computer")
	x.stdin = token
	x.want(cli.ExitDone, allow...)
	x.want(cli.ExitDone, "send", sales(t, 3), "--connection", "Sales")
	x.says(`"Lines"`, `"Orders"`)
	x.want(cli.ExitDone, "secrets", "forbid", "vault", "--json")
	x.want(cli.ExitConnection, "send", sales(t, 4), "--connection", "Sales")

	// What is exported has the destination and where the secret is, and imports again.
	x.as(dana)
	file := filepath.Join(t.TempDir(), "sales.json")
	x.want(cli.ExitDone, "connection", "export", "Sales", "--to", file, "--with", "reference")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"dataset": "Orders"`, `"table": "Lines"`, `"Units Sold"`, `"manager": "vault"`, `"item": "finance/sales"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the export lacks %s:\n%s", want, text)
		}
	}
	x.as(newColleague(t, "Cy"))
	x.want(cli.ExitDone, "connection", "import", file, "--allow-custom", "--json")
	x.says("pushdesk secrets allow vault")
	x.want(cli.ExitDone, "connection", "show", "Sales", "--json")
	x.says(`"dataset": "Orders"`, `"table": "Lines"`)

	// An environment variable, and only one that is meant for this.
	x.want(cli.ExitDone, "connection", "edit", "Sales", "--manager", "env:PBI_SALES")
	x.want(cli.ExitDone, "secrets", "allow", "env", "--json")
	t.Setenv("PBI_SALES", k.ClientSecret)
	x.want(cli.ExitDone, "connection", "test", "Sales")
	x.want(cli.ExitDone, "connection", "edit", "Sales", "--manager", "env:PATH")
	x.want(cli.ExitConnection, "connection", "test", "Sales")
	x.says("PBI_")
	x.stdin = k.ClientSecret // the new one is stored here, and the others ask the secret manager
	x.want(cli.ExitDone, "connection", "rotate", "Sales", "--secret-stdin")
	x.says("The secret manager “env” may still have the old client secret", "replace it there, too")
	for _, p := range []colleague{dana, bob, {home: folder}} {
		x.home = p.home
		x.nowhere(k.ClientSecret)
		x.nowhere(token)
	}
}
