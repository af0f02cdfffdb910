package connections

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/connection/entra"
	"pushdesk/connection/file"
	"pushdesk/connection/manager"
	"pushdesk/connection/team"
	"pushdesk/ui/window/windowtest"
)

// fakeService keeps connections in memory and answers tests as it is told.
type fakeService struct {
	mu       sync.Mutex
	stage    *windowtest.Stage
	all      []connection.Connection
	secrets  map[string]string
	notices  []string
	fail     error // of the next change
	plan     account.ImportPlan
	checks   []doctor.Check // what a test tells
	gate     chan struct{}  // a test waits for it after its first check, when set
	asked    []connection.Connection
	touches  bool // a test counts as a use, the last one most
	teams    []team.View
	managers []string // allowed
	sharedAs []connection.Connection
	unasked  bool // the secret manager of the connections may not be asked
	shared   []account.ShareOptions
	typed    []string // secrets given to tests, "stored" where none was typed
	last     map[string]account.LastTest
}

// waits tells the stage, if there is one, that a method may wait.
func (d *fakeService) waits(what string) {
	if d.stage != nil {
		d.stage.Waits(what)
	}
}

// do changes what the fake holds; a goroutine of the page may be reading it.
func (d *fakeService) do(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
}

func (d *fakeService) List() []connection.Connection {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.all)
}
func (d *fakeService) AllowManager(_ context.Context, name string, m manager.Manager, _ string) (string, error) {
	d.do(func() { d.managers = append(d.managers, name+" "+m.String()) })
	return "", m.Check()
}
func (d *fakeService) Notices() []string { return d.notices }
func (d *fakeService) LastTests([]connection.Connection) (map[string]account.LastTest, error) {
	d.waits("LastTests")
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.last), nil
}
func (d *fakeService) SecretPlaces(_ context.Context, list []connection.Connection) map[string]string {
	d.waits("SecretPlaces")
	d.mu.Lock()
	defer d.mu.Unlock()
	places := map[string]string{}
	for _, c := range list {
		places[c.ID] = d.secretPlace(c)
	}
	return places
}
func (d *fakeService) secretPlace(c connection.Connection) string {
	if _, ok := d.secrets[c.ID]; ok {
		return "System keychain"
	}
	if d.unasked {
		return string(account.PlaceUnasked)
	}
	return "Not stored"
}
func (d *fakeService) change(c connection.Connection, secret string) (account.Saved, error) {
	if err := d.fail; err != nil {
		d.fail = nil
		return account.Saved{}, err
	}
	if c.ID == "" {
		c.ID = fmt.Sprintf("id-%d", len(d.all)+1)
	}
	i := slices.IndexFunc(d.all, func(x connection.Connection) bool { return x.ID == c.ID })
	if i < 0 {
		d.all = append(d.all, c)
	} else {
		d.all[i] = c
	}
	if secret != "" {
		d.secrets[c.ID] = secret
	}
	return account.Saved{Connection: c, SecretPlace: "System keychain"}, nil
}
func (d *fakeService) Add(_ context.Context, c connection.Connection, given *connection.Credential) (account.Saved, error) {
	d.waits("Add")
	d.mu.Lock()
	defer d.mu.Unlock()
	secret := ""
	if given != nil {
		secret = given.Secret
	}
	return d.change(c, secret)
}
func (d *fakeService) Edit(ctx context.Context, c connection.Connection, given *connection.Credential) (account.Saved, error) {
	d.waits("Edit")
	return d.Add(ctx, c, given)
}
func (d *fakeService) Duplicate(_ context.Context, c connection.Connection) (account.Saved, error) {
	d.waits("Duplicate")
	d.mu.Lock()
	defer d.mu.Unlock()
	secret := d.secrets[c.ID]
	c.ID, c.Name = "", c.Name+" copy"
	return d.change(c, secret)
}
func (d *fakeService) Forget(_ context.Context, c connection.Connection) (Deleted, error) {
	d.waits("Forget")
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.fail; err != nil {
		d.fail = nil
		return Deleted{}, err
	}
	secret := d.secrets[c.ID]
	d.all = slices.DeleteFunc(d.all, func(x connection.Connection) bool { return x.ID == c.ID })
	delete(d.secrets, c.ID)
	return Deleted{Undo: func(context.Context) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		_, err := d.change(c, secret)
		return err
	}}, nil
}
func (d *fakeService) SameApp(c connection.Connection) (same []connection.Connection) {
	for _, x := range d.List() {
		if x.ClientID == c.ClientID {
			same = append(same, x)
		}
	}
	return same
}
func (d *fakeService) Rotate(ctx context.Context, ids []string, secret string, expires connection.Day, on func(string, *account.Rotation)) error {
	d.waits("Rotate")
	for _, id := range ids {
		on(id, nil)
		i := slices.IndexFunc(d.List(), func(c connection.Connection) bool { return c.ID == id })
		c := d.List()[i]
		given := connection.SecretCredential(secret)
		r := account.Rotation{Connection: c, Report: d.Test(ctx, c, &given, false, func(doctor.Check) {})}
		if r.Report.Verdict != "fail" {
			c.Expires, r.Replaced = expires, true
			if _, err := d.Edit(ctx, c, &given); err != nil {
				r.Replaced, r.Err = false, err
			}
		}
		on(id, &r)
	}
	return nil
}
func (d *fakeService) ReadCertificate(context.Context, string, string) (connection.Credential, error) {
	d.waits("ReadCertificate")
	return connection.Credential{}, d.fail
}
func (d *fakeService) SignIn(ctx context.Context, _ connection.Connection, open func(string) error, show func(entra.DeviceCode)) (connection.Credential, error) {
	d.waits("SignIn")
	show(entra.DeviceCode{UserCode: "ABCD-1234", URL: "https://127.0.0.1/devicelogin"})
	<-ctx.Done()
	return connection.Credential{}, ctx.Err()
}
func (d *fakeService) PlanImport(context.Context, string, file.ImportOptions) (account.ImportPlan, error) {
	d.waits("PlanImport")
	return d.plan, d.fail
}
func (d *fakeService) Import(context.Context, account.ImportPlan, file.Existing) (account.ImportResult, error) {
	d.waits("Import")
	return account.ImportResult{Added: d.plan.Count(account.ImportNew)}, d.fail
}
func (d *fakeService) UnlockVault(_ context.Context, passphrase string) error {
	d.waits("UnlockVault")
	if passphrase != "right" {
		return errors.New("wrong")
	}
	return nil
}
func (d *fakeService) SuggestPassphrase() string { return "abcd-efgh" }
func (d *fakeService) PracticeConnection(ctx context.Context, _ bool) (connection.Connection, error) {
	d.waits("PracticeConnection")
	s, err := d.Add(ctx, connection.Connection{Name: "Practice", Cloud: connection.CloudPractice, Credential: connection.CredentialPractice, Workspace: "Practice workspace"}, nil)
	return s.Connection, err
}
func (d *fakeService) Test(ctx context.Context, c connection.Connection, typed *connection.Credential, _ bool, on func(doctor.Check)) doctor.Report {
	d.waits("Test")
	d.mu.Lock()
	d.asked = append(d.asked, c)
	if typed != nil {
		d.typed = append(d.typed, typed.Secret)
	} else {
		d.typed = append(d.typed, "stored")
	}
	checks, gate := d.checks, d.gate
	d.mu.Unlock()
	r := doctor.Report{Verdict: "pass", Summary: "The connection works.", Connection: c.Name}
	for i, check := range checks {
		begun := check
		begun.Status, begun.Evidence, begun.Remedy = "running", "", ""
		on(begun)
		if i == 0 && gate != nil {
			select {
			case <-gate:
			case <-ctx.Done():
			}
		}
		on(check)
		r.Checks = append(r.Checks, check)
		if check.Status == "fail" {
			r.Verdict, r.Summary = "fail", "The connection does not work: "+check.Evidence
		}
	}
	return r
}

func (d *fakeService) TestMany(ctx context.Context, ids []string, on func(string, *doctor.Report)) {
	d.waits("TestMany")
	for _, id := range ids {
		on(id, nil)
		i := slices.IndexFunc(d.List(), func(c connection.Connection) bool { return c.ID == id })
		r := d.Test(ctx, d.List()[i], nil, false, func(doctor.Check) {})
		if d.touches {
			d.do(func() { d.all[i].Used = time.Now() })
		}
		on(id, &r)
	}
}

func (d *fakeService) ListTeams() []team.View                 { return d.teams }
func (d *fakeService) ChangedHere(connection.Connection) bool { return false }
func (d *fakeService) Share(_ context.Context, c connection.Connection, o account.ShareOptions, _ func(doctor.Check)) (account.Sharing, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shared, d.sharedAs = append(d.shared, o), append(d.sharedAs, c)
	if !o.Trial && o.Anyway == "" {
		return account.Sharing{}, team.ErrNotProven.WithDetails("The right to push was not proven.")
	}
	return account.Sharing{Team: d.teams[0]}, nil
}
func (d *fakeService) Export(context.Context, []connection.Connection, account.ExportOptions) ([]byte, error) {
	return []byte("{}"), nil
}
func (d *fakeService) SecretOf(_ context.Context, c connection.Connection) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.secrets[c.ID], nil
}
