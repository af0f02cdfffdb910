package account

import (
	"bytes"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/connection/manager"
	"pushdesk/connection/network"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
	"pushdesk/storage/failure"
	"pushdesk/storage/keychain"
)

// exported writes an export into a file.
func exported(t *testing.T, a *Accounts, list []connection.Connection, o ExportOptions) (path, text string) {
	t.Helper()
	content, err := a.Export(t.Context(), list, o)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "export.json")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, string(content)
}

func lines(a, b string) (differ int) {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(x), len(y)) {
		if i >= len(x) || i >= len(y) || x[i] != y[i] {
			differ++
		}
	}
	return differ
}

// exports is how many exports TestExportsHoldNoSecret makes.
var exports = flag.Int("files", 10_000, "exports of TestExportsHoldNoSecret")

// Generated connections are exported: no secret is in any file, the same connection is
// the same bytes, and what is changed in it is one line.
func TestExportsHoldNoSecret(t *testing.T) {
	many := *exports
	if testing.Short() {
		many = min(many, 300)
	}
	a := openInMemory(t)
	secret := connection.SecretCredential("MARKER-of-an-export")
	saved, err := a.Add(t.Context(), connection.Connection{Name: "Kept", Cloud: connection.CloudPublic}, &secret)
	if err != nil {
		t.Fatal(err)
	}
	kinds := []connection.CredentialKind{connection.CredentialSecret, connection.CredentialCertificate, connection.CredentialBrowser}
	for i := range many {
		c := connection.Connection{ID: saved.Connection.ID, Name: fmt.Sprintf("Depot %d & <söhne>", i), Cloud: connection.Clouds[i%5], TenantID: "contoso.com", Credential: kinds[i%3],
			ClientID: fmt.Sprintf("66666666-7777-4888-9999-%012d", i), Workspace: strings.Repeat("w", i%7), Environment: connection.Environments[i%3], Account: "ann@contoso.com"}
		for n := range i % 4 {
			c.Tags = append(c.Tags, fmt.Sprint("tag ", n))
		}
		first, err := a.Export(t.Context(), []connection.Connection{c}, ExportOptions{How: ExportDefinition})
		if err != nil {
			t.Fatal(err)
		}
		again, err := a.Export(t.Context(), []connection.Connection{c}, ExportOptions{How: ExportDefinition})
		if err != nil || !bytes.Equal(first, again) {
			t.Fatalf("%d: two exports differ: %v", i, err)
		}
		c.Notes, c.Used = "", saved.Connection.Created // what belongs to this computer is not there
		c.Name = "Another name"
		changed, err := a.Export(t.Context(), []connection.Connection{c}, ExportOptions{How: ExportDefinition})
		if err != nil || lines(string(first), string(changed)) != 1 {
			t.Fatalf("%d: one change is %d lines: %v", i, lines(string(first), string(changed)), err)
		}
		if bytes.Contains(first, []byte("MARKER")) || bytes.Contains(first, []byte("ann@")) {
			t.Fatalf("%d: %s", i, first)
		}
	}
}

// openWith is a person who has a key.
func openWith(t *testing.T, k key.Key) *Accounts {
	t.Helper()
	a := openInMemory(t)
	if err := key.Keep(t.Context(), a.Secrets, k); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestExportComesBackWithItsSecret(t *testing.T) {
	k, err := key.New()
	if err != nil {
		t.Fatal(err)
	}
	from, to := openInMemory(t), openWith(t, k)
	s, app := service(t)
	given := connection.SecretCredential(app.ClientSecret)
	saved, err := from.Add(t.Context(), leadsTo(s, app, "Sales"), &given)
	if err != nil {
		t.Fatal(err)
	}
	list := []connection.Connection{saved.Connection}
	tables := func(connection.Connection) []shared.Table {
		return []shared.Table{{DatasetID: "d", Name: "T", Columns: []shared.Column{{Name: "Qty", Type: "Int64"}}}}
	}
	path, text := exported(t, from, list, ExportOptions{How: ExportPeople, Recipients: []string{k.Public().Recipient}, ValidUntil: "2020-01-31", Tables: tables})
	if strings.Contains(text, app.ClientSecret) {
		t.Fatal(text)
	}
	if p, err := to.PlanImport(t.Context(), path, file.ImportOptions{}); err != nil || p.Count(ImportWrong) != 1 {
		t.Errorf("custom addresses were not asked about: %+v, %v", p, err)
	}
	var learned []shared.Table
	to.options.Learn = func(_ connection.Connection, tables []shared.Table) { learned = tables }
	p, err := to.PlanImport(t.Context(), path, file.ImportOptions{AllowCustom: true})
	if err != nil || p.Count(ImportNew) != 1 || !p.Rows[0].Secret || p.Rows[0].Missing(file.ExistingSkip) != "" || len(p.Remarks) != 1 || !strings.Contains(p.Remarks[0], "31 January 2020") {
		t.Fatalf("%+v, %v", p, err)
	}
	hides(t, app.ClientSecret, p, p.Rows[0])
	if done, err := to.Import(t.Context(), p, file.ExistingSkip); err != nil || done.Secrets != 1 || len(done.Warnings) != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	c, err := to.Connections.Find("Sales")
	if err != nil || kept(t, to, c.ID) != app.ClientSecret || len(learned) != 1 || c.ID != saved.Connection.ID {
		t.Errorf("%+v, %v", c, err)
	}
	if r := to.Test(t.Context(), c, nil, TestOptions{}, nil); !r.Ready { // with the CA that came as text
		t.Errorf("%s", r.Markdown())
	}
	if says := p.Rows[0].Says; !strings.Contains(says, s.LoginURL()) || !strings.Contains(says, s.APIURL()) || !strings.Contains(says, "certificates in the file") {
		t.Errorf("where it leads is not shown: %q", says)
	}
	// Another address in the file: the secret was not sealed for it.
	for _, field := range []string{"loginUrl", "apiUrl", "resource"} {
		evil := regexp.MustCompile(`"`+field+`": "[^"]*"`).ReplaceAllString(text, `"`+field+`": "https://evil.example"`)
		if err := os.WriteFile(path, []byte(evil), 0o600); err != nil || evil == text {
			t.Fatal(err, evil == text)
		}
		p, err := openWith(t, k).PlanImport(t.Context(), path, file.ImportOptions{AllowCustom: true})
		if err != nil || p.Rows[0].State != ImportWrong || p.Rows[0].Secret || !strings.Contains(p.Rows[0].Says, "sealed for other addresses") {
			t.Errorf("%s: %+v %q, %v", field, p, p.Rows[0].Says, err)
		}
	}
	// Renamed by the sender: it is the same connection, and one field changes.
	renamed := saved.Connection
	renamed.Name = "Sales EU"
	path, _ = exported(t, from, []connection.Connection{renamed}, ExportOptions{How: ExportDefinition})
	p, err = to.PlanImport(t.Context(), path, file.ImportOptions{AllowCustom: true})
	if err != nil || p.Count(ImportThere) != 1 || len(p.Rows[0].Changes) == 0 || p.Rows[0].Changes[0] != (ImportChange{"name", "Sales", "Sales EU"}) {
		t.Errorf("%+v, %v", p, err)
	}
	// For somebody else it is sealed, and that is said.
	stranger := openInMemory(t)
	path, _ = exported(t, from, list, ExportOptions{How: ExportPeople, Recipients: []string{k.Public().Recipient}})
	p, err = stranger.PlanImport(t.Context(), path, file.ImportOptions{AllowCustom: true})
	if err != nil || p.Rows[0].Secret || !strings.Contains(p.Rows[0].Missing(file.ExistingSkip), "sealed for others") {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestExportWithAPassphrase(t *testing.T) {
	a := openInMemory(t)
	var list []connection.Connection
	for _, name := range []string{"One", "Two"} {
		given := connection.SecretCredential("MARKER-" + name)
		saved, err := a.Add(t.Context(), connection.Connection{Name: name, Cloud: connection.CloudPublic, TenantID: "contoso.com", ClientID: "66666666-7777-4888-9999-aaaaaaaaaaaa"}, &given)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, saved.Connection)
	}
	passphrase := keychain.SuggestPassphrase()
	path, text := exported(t, a, list, ExportOptions{How: ExportPassphrase, Passphrase: passphrase})
	if strings.Contains(text, "MARKER") || strings.Contains(text, passphrase) {
		t.Fatal(text)
	}
	to := openInMemory(t)
	if _, err := to.PlanImport(t.Context(), path, file.ImportOptions{}); !errors.Is(err, file.ErrPassphraseNeeded) {
		t.Errorf("%v", err)
	}
	if _, err := to.PlanImport(t.Context(), path, file.ImportOptions{Keys: file.Keys{Passphrase: "wrong"}}); !errors.Is(err, shared.ErrPassphrase) {
		t.Errorf("%v", err)
	}
	p, err := to.PlanImport(t.Context(), path, file.ImportOptions{Keys: file.Keys{Passphrase: passphrase}})
	if err != nil || p.Secrets() != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
	// Swapped sealed parts: each secret is in the other connection's place.
	parts := strings.Split(text, `"age": "`)
	if len(parts) != 3 {
		t.Fatal(text)
	}
	one, rest1, _ := strings.Cut(parts[1], `"`)
	two, rest2, _ := strings.Cut(parts[2], `"`)
	swapped := parts[0] + `"age": "` + two + `"` + rest1 + `"age": "` + one + `"` + rest2
	if err := os.WriteFile(path, []byte(swapped), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err = to.PlanImport(t.Context(), path, file.ImportOptions{Keys: file.Keys{Passphrase: passphrase}})
	if err != nil || p.Count(ImportWrong) != 2 || !strings.Contains(p.Rows[0].Says, "belongs to another connection") {
		t.Errorf("%+v, %v", p, err)
	}
}

// A secret manager is asked only as the person's own settings say, without a shell.
func TestSecretManager(t *testing.T) {
	echo, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PUSHDESK_TEST_MANAGER", "1")
	a := openInMemory(t)
	c := connection.Connection{Name: "Sales", Cloud: connection.CloudPublic, TenantID: "contoso.com", ClientID: "66666666-7777-4888-9999-aaaaaaaaaaaa",
		Reference: connection.Reference{Manager: "op", Item: "op://Finance/$(touch evil); secret"}}
	saved, err := a.Add(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.Credential(t.Context(), saved.Connection); !failure.HasCode(err, "secret-manager-not-allowed") {
		t.Errorf("%v", err)
	}
	if place := a.SecretPlace(t.Context(), saved.Connection); place != string(PlaceUnasked) {
		t.Error(place)
	}
	if r, ok := a.Unasked(saved.Connection); !ok || r.Manager != "op" {
		t.Errorf("%+v", r)
	}
	for _, bad := range [][]string{{echo}, {echo, "read"}} {
		if _, err := a.AllowManager(t.Context(), "op", manager.Manager{Program: bad}, ""); !failure.HasCode(err, "secret-manager-command") {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if _, err := a.AllowManager(t.Context(), "op", manager.Manager{Environment: true}, ""); !failure.HasCode(err, "secret-manager-env") {
		t.Errorf("%v", err)
	}
	if _, err := a.AllowManager(t.Context(), "op", manager.Manager{Program: []string{echo, "-test.run=^$", "says " + manager.Item}}, ""); err != nil {
		t.Fatal(err)
	}
	given, place, err := a.Credential(t.Context(), saved.Connection)
	if err != nil || given.Secret != "says op://Finance/$(touch evil); secret" || place != "from the secret manager op" {
		t.Errorf("%q %s %v", given.Secret, place, err)
	}
	own := connection.SecretCredential("one of my own")
	if _, err := a.Edit(t.Context(), saved.Connection, &own); err != nil {
		t.Fatal(err)
	}
	if given, _, err = a.Credential(t.Context(), saved.Connection); err != nil || given.Secret != "one of my own" {
		t.Errorf("%v %v", given, err)
	}
	if err := a.ForbidManager(t.Context(), "op"); err != nil {
		t.Fatal(err)
	}
	if err := a.ForbidManager(t.Context(), "op"); !failure.HasCode(err, "secret-manager-missing") {
		t.Errorf("%v", err)
	}
	if all, err := a.Managers(); err != nil || len(all) != 0 {
		t.Errorf("%v %v", all, err)
	}
	for _, bad := range []string{"op:-rf", "op:", ":x", "o p:x", "op:a\x00b"} {
		if r, err := connection.ParseReference(bad); err == nil && r.Item != "ab" {
			t.Errorf("%q is taken: %+v", bad, r)
		}
	}
}

// A secret manager is asked at an address that the person gave, with a token that is
// stored with the secrets and goes nowhere else.
func TestSecretManagerAtAnAddress(t *testing.T) {
	const secret, token = "MARKER-of-a-manager", "MARKER-token"
	var asked []string
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path+" "+r.Header.Get("X-Vault-Token"))
		_, _ = w.Write([]byte(`{"data":{"value":"` + secret + `"}}`))
	}))
	defer s.Close()
	a := openInMemory(t)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := a.SetNetwork(t.Context(), network.Settings{RootsFile: ca}, ""); err != nil {
		t.Fatal(err)
	}
	c := connection.Connection{Name: "Sales", Cloud: connection.CloudPublic, TenantID: "contoso.com", ClientID: "66666666-7777-4888-9999-aaaaaaaaaaaa",
		Reference: connection.Reference{Manager: "vault", Item: "finance/sales"}}
	saved, err := a.Add(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	way := manager.Manager{Address: s.URL + "/v1/" + manager.Item, Field: "data.value", Header: "X-Vault-Token"}
	if warning, err := a.AllowManager(t.Context(), "vault", way, token); err != nil || warning == "" {
		t.Fatalf("%q, %v", warning, err)
	}
	given, place, err := a.Credential(t.Context(), saved.Connection)
	if err != nil || given.Secret != secret || place != "from the secret manager vault" || !slices.Equal(asked, []string{"/v1/finance/sales " + token}) {
		t.Errorf("%s, %q, %v", place, asked, err)
	}
	if place := a.SecretPlace(t.Context(), saved.Connection); place != string(PlaceManager) {
		t.Error(place)
	}
	if !slices.Contains(a.SecretIDs(), tokenID("vault")) {
		t.Error("the token is not moved with the secrets")
	}
	// Another address does not get the token.
	way.Address = s.URL + "/v2/" + manager.Item
	if _, err := a.AllowManager(t.Context(), "vault", way, ""); err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.Credential(t.Context(), saved.Connection); err != nil || asked[len(asked)-1] != "/v2/finance/sales " {
		t.Errorf("%q, %v", asked, err)
	}
	if _, err := a.Secrets.Get(t.Context(), tokenID("vault")); err == nil {
		t.Error("the token is still stored")
	}
	s.Close()
	if _, _, err := a.Credential(t.Context(), saved.Connection); !failure.HasCode(err, "secret-manager-failed") {
		t.Errorf("%v", err)
	}
}

// TestMain lets the test program stand for a secret manager.
func TestMain(m *testing.M) {
	if os.Getenv("PUSHDESK_TEST_MANAGER") != "" {
		fmt.Println(os.Args[len(os.Args)-1])
		os.Exit(0)
	}
	os.Exit(m.Run())
}
