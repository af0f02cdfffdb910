package settings

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/manager"
	"pushdesk/connection/network"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// fakeSettings is a computer with a keychain and a practice service to order.
type fakeSettings struct {
	stage    *windowtest.Stage
	mu       sync.Mutex
	all      []connection.Connection
	secrets  map[string]string
	keychain error
	choice   keychain.Place
	vault    keychain.VaultState
	others   int
	network  network.Settings
	password string
	practice error
	running  bool
	starts   int
	restarts int
	keep     time.Duration
	swept    []time.Duration
	managers map[string]manager.Manager
}

// do changes what the fake holds; a goroutine of the page may be reading it.
func (f *fakeSettings) do(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}
func (f *fakeSettings) List() []connection.Connection {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.all)
}
func (f *fakeSettings) Add(_ context.Context, c connection.Connection, given *connection.Credential) (account.Saved, error) {
	f.stage.Waits("Add")
	f.mu.Lock()
	defer f.mu.Unlock()
	c.ID = fmt.Sprintf("id-%d", len(f.all)+1)
	f.all = append(f.all, c)
	if given != nil {
		f.secrets[c.ID] = given.Secret
	}
	return account.Saved{Connection: c, SecretPlace: "System keychain"}, nil
}
func (f *fakeSettings) KeepRuns() (time.Duration, error) {
	f.stage.Waits("KeepRuns")
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.keep, nil
}
func (f *fakeSettings) SetKeepRuns(_ context.Context, keep time.Duration) (int, error) {
	f.stage.Waits("SetKeepRuns")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keep, f.swept = keep, append(f.swept, keep)
	return 3, nil
}
func (f *fakeSettings) SuggestPassphrase() string { return "abcd-efgh" }
func (f *fakeSettings) Folder() string            { return "/home/ann/pushdesk" }
func (f *fakeSettings) SecretsState(context.Context) (SecretsState, error) {
	f.stage.Waits("SecretsState")
	f.mu.Lock()
	defer f.mu.Unlock()
	return SecretsState{Choice: cmp.Or(f.choice, keychain.PlaceKeychain), Keychain: f.keychain, Vault: cmp.Or(f.vault, keychain.VaultNone), Others: f.others}, nil
}
func (f *fakeSettings) ChooseSecrets(_ context.Context, p keychain.Place) error {
	f.stage.Waits("ChooseSecrets")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.choice = p
	return nil
}
func (f *fakeSettings) MoveSecrets(context.Context, keychain.Place) error {
	f.stage.Waits("MoveSecrets")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.others = 0
	return nil
}
func (f *fakeSettings) CreateVault(_ context.Context, passphrase string) error {
	f.stage.Waits("CreateVault")
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(passphrase) < 8 {
		return &keychain.Unavailable{Reason: keychain.ReasonWeak, Err: errors.New("weak")}
	}
	f.vault = keychain.VaultOpen
	return nil
}
func (f *fakeSettings) LockVault() {
	f.stage.Waits("LockVault")
	f.do(func() { f.vault = keychain.VaultLocked })
}
func (f *fakeSettings) UnlockVault(ctx context.Context, passphrase string) error {
	f.stage.Waits("UnlockVault")
	if passphrase != "right" {
		return errors.New("wrong")
	}
	f.do(func() { f.vault = keychain.VaultOpen })
	return nil
}
func (f *fakeSettings) ChangeVault(context.Context, string, string) error { return nil }
func (f *fakeSettings) Managers() (map[string]manager.Manager, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.managers), nil
}
func (f *fakeSettings) AllowManager(_ context.Context, name string, m manager.Manager, token string) (string, error) {
	m.Token = token != ""
	if err := m.Check(); err != nil {
		return "", err
	}
	f.do(func() {
		if f.managers == nil {
			f.managers = map[string]manager.Manager{}
		}
		f.managers[name] = m
	})
	return "", nil
}
func (f *fakeSettings) ForbidManager(_ context.Context, name string) error {
	f.do(func() { delete(f.managers, name) })
	return nil
}
func (f *fakeSettings) Network() network.Settings {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.network
}
func (f *fakeSettings) SetNetwork(_ context.Context, n network.Settings, password string) (string, error) {
	f.stage.Waits("SetNetwork")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.network, f.password = n, password
	return "", nil
}
func (f *fakeSettings) state() PracticeState {
	return PracticeState{URL: "https://127.0.0.1:43121", CAFile: "/home/ann/pushdesk/practice/ca.pem", Apps: []practice.Credential{
		{Name: "Viewer", About: "May look but not send.", TenantID: "t", ClientID: "c", ClientSecret: "viewer's", Workspace: "Practice workspace"},
		{Name: "Sign-in", About: "For people."},
	}}
}
func (f *fakeSettings) PracticeRunning() (PracticeState, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state(), f.running
}
func (f *fakeSettings) StartPractice(context.Context) (PracticeState, error) {
	f.stage.Waits("StartPractice")
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.practice != nil {
		return PracticeState{}, f.practice
	}
	f.starts++
	f.running = true
	return f.state(), nil
}
func (f *fakeSettings) RestartPractice(context.Context) (PracticeState, error) {
	f.stage.Waits("RestartPractice")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.restarts++
	return f.state(), f.practice
}

// chosen remembers the theme.
type chosen struct {
	choice theme.Choice
	test   bool
}

func (c *chosen) TestAtStart() bool      { return c.test }
func (c *chosen) SetTestAtStart(on bool) { c.test = on }

func (c *chosen) Choice() theme.Choice  { return c.choice }
func (c *chosen) Choose(x theme.Choice) { c.choice = x }

func openSettings(t *testing.T) (*windowtest.Stage, *fakeSettings, *chosen) {
	t.Helper()
	f := &fakeSettings{secrets: map[string]string{}}
	s, c := windowtest.NewStage(t), &chosen{choice: theme.Dark}
	f.stage = s
	s.Put(New(f, s, c, "1.2.3"))
	return s, f, c
}

func TestSettingsSayWhereThingsAre(t *testing.T) {
	s, f, _ := openSettings(t)
	s.Sees("System keychain works", "/home/ann/pushdesk", "connections.json", "Pushdesk 1.2.3", "Not started")
	f.do(func() { f.keychain = &keychain.Unavailable{Reason: keychain.ReasonMissing, Err: errors.New("no bus")} })
	windowtest.Press(t, s.Win.Canvas(), "Check again")
	s.Sees("This session only", "No keychain answers on this computer.")
	windowtest.SeesNot(t, s.Win.Canvas(), "System keychain works")
}

func TestTheThemeIsChosen(t *testing.T) {
	s, _, c := openSettings(t)
	seg := windowtest.All[*widget.Segmented](s.Win.Canvas())[0]
	if theme.Choices[seg.Selected()] != theme.Dark {
		t.Error("the choice in use is not marked")
	}
	seg.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if c.choice != theme.Light {
		t.Errorf("chose %q", c.choice)
	}
}

func TestThePracticeServiceIsStartedAndRestarted(t *testing.T) {
	s, f, _ := openSettings(t)
	c := s.Win.Canvas()
	f.do(func() { f.practice = errors.New("the port is taken") })
	windowtest.Press(t, c, "Start")
	s.Sees("Not running", "The practice service could not be started.")
	f.do(func() { f.practice = nil })
	windowtest.Press(t, c, "Start")
	s.Sees("Running", "https://127.0.0.1:43121", "ca.pem", "Viewer", "May look but not send.")
	windowtest.SeesNot(t, c, "Sign-in", "The practice service could not be started.")
	windowtest.Press(t, c, "Restart")
	s.Until(func() bool { f.mu.Lock(); defer f.mu.Unlock(); return f.restarts == 1 })
	if f.starts != 1 {
		t.Errorf("started %d times", f.starts)
	}
	windowtest.Press(t, c, "Add connection")
	s.Until(func() bool { return len(f.List()) == 1 })
	got := f.List()[0]
	if got.Cloud != connection.CloudPractice || got.Credential != connection.CredentialSecret || f.secrets[got.ID] != "viewer's" {
		t.Errorf("added %+v", got)
	}
	s.Until(func() bool { return len(s.Toasts) == 1 })
}

func TestThePassphraseVaultIsMadeAndUsed(t *testing.T) {
	s, f, _ := openSettings(t)
	c := s.Win.Canvas()
	s.Sees("System keychain works", "Passphrase vault")
	f.do(func() { f.others = 2 })
	choices := windowtest.All[*widget.Choices](c)[0]
	press := func(word string) {
		t.Helper()
		all := windowtest.All[*widget.Button](c)
		for i := len(all) - 1; i >= 0; i-- { // those of a dialog come last
			if all[i].Text() == word {
				all[i].Tapped(nil)
				return
			}
		}
		t.Fatalf("no button %q", word)
	}
	choices.OnChanged(1)
	windowtest.Sees(t, c, "Create a passphrase vault", "It cannot be recovered")
	windowtest.Fill(t, c, "New passphrase", "short")
	windowtest.Fill(t, c, "Repeat it", "other")
	press("Save")
	windowtest.Sees(t, c, "The passphrases do not match.")
	windowtest.Fill(t, c, "Repeat it", "short")
	press("Save") // that of the dialog
	s.Sees("The passphrase is too short.")
	press("Suggest one and copy it")
	press("Save")
	s.Sees("Vault open", "Move 2 secrets here", "Lock the vault")
	press("Move 2 secrets here")
	s.Until(func() bool { f.mu.Lock(); defer f.mu.Unlock(); return f.others == 0 })
	press("Lock the vault")
	s.Sees("Vault locked", "Unlock the vault")
}

func TestTheNetworkSettingsAreCheckedAndKept(t *testing.T) {
	s, f, _ := openSettings(t)
	c := s.Win.Canvas()
	windowtest.SeesNot(t, c, "Proxy address")
	var mode *widget.Segmented
	for _, seg := range windowtest.All[*widget.Segmented](c) {
		if seg.Selected() == 0 {
			mode = seg
			break
		}
	}
	mode.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	mode.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	windowtest.Sees(t, c, "Proxy address", "The proxy's address is missing.")
	windowtest.Fill(t, c, "Proxy address", "http://proxy.example.com/proxy.pac")
	windowtest.Sees(t, c, "a file that chooses a proxy (PAC)")
	windowtest.Fill(t, c, "Proxy address", "http://proxy.example.com:8080")
	windowtest.Fill(t, c, "User name (optional)", "ann")
	windowtest.Fill(t, c, "Password (optional)", "geheim")
	windowtest.Fill(t, c, "Hosts to reach without it (optional)", "localhost, intra.example")
	windowtest.Press(t, c, "Save")
	s.Until(func() bool { return len(s.Toasts) == 1 })
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.network.ProxyURL != "http://proxy.example.com:8080" || len(f.network.Bypass) != 2 || f.password != "geheim" {
		t.Errorf("kept %+v", f.network)
	}
}

// TestHowLongRunsAreKept: a year unless something else is chosen; before runs are
// deleted, a person is asked.
func TestHowLongRunsAreKept(t *testing.T) {
	s := windowtest.NewStage(t)
	f := &fakeSettings{stage: s, secrets: map[string]string{}, keep: 365 * day}
	p := New(f, s, &chosen{choice: theme.Dark}, "1.2.3")
	s.Put(p)
	c := s.Win.Canvas()
	choice := p.history.choice
	s.Until(func() bool { return choice.Inner.Selected == "1 year" })
	choice.Inner.SetSelected("30 days")
	windowtest.Sees(t, c, "Delete older runs?", "older than 30 days")
	windowtest.Press(t, c, "Cancel")
	if choice.Inner.Selected != "1 year" || len(f.swept) != 0 {
		t.Errorf("after Cancel it says %q and deleted %v", choice.Inner.Selected, f.swept)
	}
	choice.Inner.SetSelected("90 days")
	windowtest.Press(t, c, "Delete older runs")
	s.Until(func() bool { return len(s.Toasts) == 1 })
	if choice.Inner.Selected != "90 days" || s.Toasts[0] != "3 runs are deleted." {
		t.Errorf("it says %q, and %q", choice.Inner.Selected, s.Toasts)
	}
	choice.Inner.SetSelected("Forever") // deletes nothing
	s.Until(func() bool { return len(s.Toasts) == 2 })
	if f.keep != 0 {
		t.Errorf("kept for %v", f.keep)
	}
}

// A person says which secret managers may be asked, and how; nothing else does.
func TestSecretManagersAreAllowed(t *testing.T) {
	s, f, _ := openSettings(t)
	c := s.Win.Canvas()
	s.Sees("Secret managers", "No secret manager may be asked.")
	windowtest.Press(t, c, "Allow a secret manager")
	windowtest.Fill(t, c, "Name", "op")
	windowtest.Fill(t, c, "Program", "op read")
	windowtest.Press(t, c, "Allow on this computer")
	s.Sees("This is not a command that reads a secret.")
	windowtest.Fill(t, c, "Program", `op read --no-newline {item}`)
	windowtest.Press(t, c, "Allow on this computer")
	s.Sees("op read --no-newline {item}", "Forbid")
	windowtest.Press(t, c, "Allow a secret manager")
	windowtest.Fill(t, c, "Name", "vault")
	windowtest.Field(t, c, "Ask it by").Input.(*widget.Segmented).TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	windowtest.Fill(t, c, "Address", "http://vault.example.com/{item}")
	windowtest.Press(t, c, "Allow on this computer")
	s.Sees("This is not an address that gives a secret.")
	windowtest.Fill(t, c, "Address", "https://vault.example.com/v1/{item}")
	windowtest.Fill(t, c, "Token (optional)", "a-token")
	windowtest.Press(t, c, "Allow on this computer")
	s.Sees("https://vault.example.com/v1/{item} (with a token)")
	windowtest.Press(t, c, "Change op")
	s.Sees("Allow the secret manager op")
	windowtest.Press(t, c, "Cancel")
	windowtest.Press(t, c, "Forbid")
	s.Sees("Forbid op?")
	windowtest.Press(t, c, "Forbid it")
	s.Until(func() bool { all, _ := f.Managers(); return len(all) == 1 })
}
