package account

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/connection/entra"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/storage/keychain"
	"pushdesk/storage/keychain/keychaintest"
)

// vaulted is a desk whose secrets are in a vault, as on a computer without a keychain.
func vaulted(t *testing.T) *Accounts {
	t.Helper()
	home := t.TempDir()
	keychaintest.Vault(t, home, "a passphrase of this test")
	a := openAccounts(t, home)
	if err := a.Secrets.UnlockVault(t.Context(), "a passphrase of this test"); err != nil {
		t.Fatal(err)
	}
	return a
}

// practiceApp is a connection to the practice service as one of its apps.
func practiceApp(t *testing.T, a *Accounts, name, app string) (connection.Connection, connection.Credential) {
	t.Helper()
	p, err := a.options.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range p.Credentials() {
		if k.Name == app {
			return connection.Connection{Name: name, Cloud: connection.CloudPractice, Credential: connection.CredentialSecret,
				TenantID: k.TenantID, ClientID: k.ClientID, Workspace: k.Workspace}, connection.SecretCredential(k.ClientSecret)
		}
	}
	t.Fatalf("no app %q", app)
	return connection.Connection{}, connection.Credential{}
}

func TestARemovedConnectionComesBack(t *testing.T) {
	a := vaulted(t)
	c, given := practiceApp(t, a, "Sales", practice.AppPractice)
	c.Tags = []string{"eu"}
	saved, err := a.Add(t.Context(), c, &given)
	if err != nil || saved.SecretPlace != string(keychain.PlaceVault) {
		t.Fatalf("%+v, %v", saved, err)
	}
	gone, err := a.Remove(t.Context(), saved.Connection)
	if err != nil || gone.Warning != "" || len(a.Connections.List()) != 0 || a.Secrets.Where(t.Context(), saved.Connection.ID) != keychain.PlaceNone {
		t.Fatalf("%+v, %v", gone, err)
	}
	if files, _ := filepath.Glob(filepath.Join(a.options.Home, "vault", saved.Connection.ID+"*")); len(files) != 0 {
		t.Errorf("its secret is still in %q", files)
	}
	back, err := gone.Undo(t.Context())
	if err != nil || back.Connection.ID != saved.Connection.ID || len(back.Connection.Tags) != 1 {
		t.Fatalf("%+v, %v", back, err)
	}
	if r := a.Test(t.Context(), back.Connection, nil, TestOptions{}, nil); r.Verdict != doctor.Pass {
		t.Errorf("%s", r.Text())
	}
	if c, _ := a.Connections.Find("Sales"); c.Used.IsZero() {
		t.Error("its use was not noted")
	}
}

// A sign-in and a copy of it are kept sealed, and the moved ones too.
func TestSignInsAreKeptAndMoved(t *testing.T) {
	a := vaulted(t)
	c, _ := practiceApp(t, a, "Me", practice.AppSignIn)
	c.Credential = connection.CredentialDevice
	p, err := a.options.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	given, err := a.SignIn(t.Context(), c, nil, func(code entra.DeviceCode) {
		if err := p.Service().ApproveDevice(code.UserCode); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Account = given.SignIn.Account()
	saved, err := a.Add(t.Context(), c, &given)
	if err != nil {
		t.Fatal(err)
	}
	copied, err := a.Duplicate(t.Context(), saved.Connection)
	if err != nil || len(copied.Warnings) > 0 {
		t.Fatalf("%+v, %v", copied, err)
	}
	for _, x := range []connection.Connection{saved.Connection, copied.Connection} {
		if r := a.Test(t.Context(), x, nil, TestOptions{Trial: true}, nil); r.Verdict != doctor.Pass {
			t.Errorf("%s: %s", x.Name, r.Text())
		}
	}
	if err := a.MoveSecrets(t.Context(), keychain.PlaceSession, nil); err != nil {
		t.Fatal(err)
	}
	if n := a.Elsewhere(t.Context()); n != 0 || a.Secrets.Where(t.Context(), copied.Connection.ID) != keychain.PlaceSession {
		t.Errorf("%d are elsewhere, the copy is at %s", n, a.Secrets.Where(t.Context(), copied.Connection.ID))
	}
	if files, _ := filepath.Glob(filepath.Join(a.options.Home, "vault", "*.large.age")); len(files) != 0 {
		t.Errorf("left in the vault: %q", files)
	}
	if err := a.MoveSecrets(t.Context(), keychain.PlaceVault, nil); err != nil {
		t.Fatal(err)
	}
	a.Secrets.LockVault()
	r := a.Test(t.Context(), saved.Connection, nil, TestOptions{}, nil)
	if got, _ := r.Check(doctor.Secret); got.Status != doctor.Fail || !strings.Contains(got.Evidence, "vault is locked") {
		t.Errorf("%+v", got)
	}
}

// A trial dataset that a crash left behind is deleted at the next start.
func TestTrialsAreCleanedUp(t *testing.T) {
	a := vaulted(t)
	c, given := practiceApp(t, a, "Sales", practice.AppPractice)
	saved, err := a.Add(t.Context(), c, &given)
	if err != nil {
		t.Fatal(err)
	}
	p, err := a.options.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.Service().Faults().Add(faults.Fault{Operation: faults.OpDeleteDataset, Status: 500})
	r := a.Test(t.Context(), saved.Connection, nil, TestOptions{Trial: true}, nil)
	if got, _ := r.Check(doctor.TrialDataset); !strings.Contains(got.Evidence, "could not be deleted") {
		t.Fatalf("%+v", got)
	}
	notes, _ := filepath.Glob(filepath.Join(a.trials(), "*.json"))
	if len(notes) != 1 {
		t.Fatalf("%q", notes)
	}
	text, err := os.ReadFile(notes[0])
	if err == nil { // as if it had been long ago
		err = os.WriteFile(notes[0], []byte(strings.Replace(string(text), `"started": "20`, `"started": "19`, 1)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if left := a.CleanUpTrials(context.Background()); len(left) != 0 {
		t.Errorf("%q", left)
	}
	if notes, _ = filepath.Glob(filepath.Join(a.trials(), "*.json")); len(notes) != 0 {
		t.Errorf("%q", notes)
	}
}

// The day on which a secret ends is learned from Entra, and a day that a person
// entered stays.
func TestTheEndOfASecretIsLearned(t *testing.T) {
	a := vaulted(t)
	c, given := practiceApp(t, a, "Sales", practice.AppPractice)
	p, err := a.options.Practice(t.Context())
	if err == nil {
		err = p.Service().SetReadsApps(c.ClientID, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	saved, err := a.Add(t.Context(), c, &given)
	if err != nil {
		t.Fatal(err)
	}
	r := a.Test(t.Context(), saved.Connection, nil, TestOptions{}, nil)
	kept, _ := a.Connections.Find("Sales")
	if got, _ := r.Check(doctor.Expiry); got.Status != doctor.Pass || !strings.Contains(got.Evidence, "Entra says so") || kept.Expires == "" || kept.ExpiresFrom != connection.ExpiryGraph {
		t.Errorf("%+v, %+v", got, kept)
	}
	kept.Expires, kept.ExpiresFrom = "2027-01-31", connection.ExpiryTyped
	if kept, err = a.Connections.Update(kept); err != nil {
		t.Fatal(err)
	}
	a.Test(t.Context(), kept, nil, TestOptions{}, nil)
	if kept, _ = a.Connections.Find("Sales"); kept.Expires != "2027-01-31" {
		t.Errorf("the day became %s", kept.Expires)
	}
}
