package window

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/ui/desk"
)

// fakeDesk keeps connections in memory and answers tests as it is told.
type fakeDesk struct {
	mu      sync.Mutex
	all     []connection.Connection
	secrets map[string]string
	notices []string
	fail    error          // of the next change
	checks  []doctor.Check // what a test tells
	gate    chan struct{}  // a test waits for it after its first check, when set
	asked   []connection.Connection
	typed   []string // secrets given to tests, "stored" where none was typed
}

// do changes what the fake holds; a goroutine of the page may be reading it.
func (d *fakeDesk) do(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
}

func (d *fakeDesk) List() []connection.Connection {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.all)
}
func (d *fakeDesk) Notices() []string { return d.notices }
func (d *fakeDesk) SecretPlace(_ context.Context, c connection.Connection) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.secrets[c.ID]; ok {
		return "System keychain"
	}
	return "Not stored"
}
func (d *fakeDesk) change(c connection.Connection, secret string) (desk.Saved, error) {
	if err := d.fail; err != nil {
		d.fail = nil
		return desk.Saved{}, err
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
	return desk.Saved{Connection: c, SecretPlace: "System keychain"}, nil
}
func (d *fakeDesk) Add(_ context.Context, c connection.Connection, secret string) (desk.Saved, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.change(c, secret)
}
func (d *fakeDesk) Edit(ctx context.Context, c connection.Connection, secret string) (desk.Saved, error) {
	return d.Add(ctx, c, secret)
}
func (d *fakeDesk) Duplicate(_ context.Context, c connection.Connection) (desk.Saved, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	secret := d.secrets[c.ID]
	c.ID, c.Name = "", c.Name+" copy"
	return d.change(c, secret)
}
func (d *fakeDesk) Remove(_ context.Context, c connection.Connection) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.fail; err != nil {
		d.fail = nil
		return "", err
	}
	d.all = slices.DeleteFunc(d.all, func(x connection.Connection) bool { return x.ID == c.ID })
	delete(d.secrets, c.ID)
	return "", nil
}
func (d *fakeDesk) PracticeConnection(ctx context.Context, _ bool) (connection.Connection, error) {
	s, err := d.Add(ctx, connection.Connection{Name: "Practice", Cloud: connection.CloudPractice, Credential: connection.CredentialPractice, Workspace: "Practice workspace"}, "")
	return s.Connection, err
}
func (d *fakeDesk) Test(ctx context.Context, c connection.Connection, typed *string, _ string, on func(doctor.Check)) doctor.Report {
	d.mu.Lock()
	d.asked = append(d.asked, c)
	if typed != nil {
		d.typed = append(d.typed, *typed)
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
