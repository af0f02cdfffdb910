package window

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/connection/network"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
	"pushdesk/ui/window/activity"
	"pushdesk/ui/window/connections"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/schema"
	"pushdesk/ui/window/settings"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/team"
	"pushdesk/ui/window/upload"
)

// New makes the window of a desk. version is shown in Settings.
func New(a fyne.App, d *app.App, version string) *Window {
	return newWindow(a, d, version, fyne.Do)
}

func newWindow(a fyne.App, d *app.App, version string, p task.Poster) *Window {
	w := newShell(a, p)
	from := &services{d}
	list := connections.New(from, w)
	first := page.Connections
	if len(from.List()) > 0 {
		first = page.Place(a.Preferences().String(prefPlace))
	}
	activities, uploads, teams, tables := activity.New(from, w), upload.New(from, w), team.New(from, w), schema.New(from, w)
	pages := map[page.Place]page.Page{page.Connections: list, page.Upload: uploads, page.Activity: activities, page.Team: teams, page.Settings: settings.New(from, w, w, version)}
	list.OnSample(func(c connection.Connection) { w.Open(page.Upload); uploads.TrySample(c) })
	teams.OnSample(func(id string) {
		if c, err := d.Connections.Find(id); err == nil {
			w.Open(page.Upload)
			uploads.TrySample(c)
		}
	})
	teams.OnReplace(func(ids []string, who string) { w.Open(page.Connections); list.ReplaceSecrets(ids, who) })
	activities.OnResume(func(r history.Receipt) { w.Open(page.Upload); uploads.Resume(r) })
	activities.OnCorrect(func(r history.Receipt, path string) { w.Open(page.Upload); uploads.Correct(r, path) })
	activities.OnAgain(func(r history.Receipt) { w.Open(page.Upload); uploads.Again(r) })
	activities.OnTable(func(r history.Receipt) {
		w.Open(page.Table)
		tables.OpenRun(r.RunID, r.WorkspaceID, r.DatasetID, r.Table, page.Activity)
	})
	uploads.OnTable(func(dest job.Destination) { w.Open(page.Table); tables.Open(dest, page.Upload) })
	pages[page.Table] = tables
	w.fill(pages, first)
	d.Connections.OnChange(func() { // by another program
		w.work.Post(func() { list.Changed(); uploads.Changed() })
	})
	w.work.Go(func(ctx context.Context) {
		read := func() {
			if d.SyncTeams(ctx) == nil {
				w.work.Post(func() { list.Changed(); uploads.Changed(); teams.Changed() })
			}
		}
		if len(d.Teams.List()) > 0 {
			read()
		}
		d.Teams.Watch(ctx, read)
	})
	w.work.Go(func(ctx context.Context) {
		left := d.CleanUpTrials(ctx)
		w.work.Post(func() { list.Remark(left) })
	})
	if w.TestAtStart() {
		list.TestAtStart()
	}
	return w
}

// services gives each page what it needs of the desk.
//
// Large: it has what every page needs.
type services struct{ *app.App }

var (
	_ connections.Service = (*services)(nil)
	_ settings.Service    = (*services)(nil)
	_ activity.Service    = (*services)(nil)
	_ upload.Service      = (*services)(nil)
	_ schema.Service      = (*services)(nil)
	_ team.Service        = (*services)(nil)
)

// List are the saved connections, by name.
func (d *services) List() []connection.Connection { return d.Connections.List() }

// Test runs the doctor; trial creates a trial dataset.
func (d *services) Test(ctx context.Context, c connection.Connection, typed *connection.Credential, trial bool, on func(doctor.Check)) doctor.Report {
	return d.App.Test(ctx, c, typed, account.TestOptions{Trial: trial}, on)
}

// Forget removes a connection, which can be undone.
func (d *services) Forget(ctx context.Context, c connection.Connection) (connections.Deleted, error) {
	r, err := d.Remove(ctx, c)
	if err != nil {
		return connections.Deleted{}, err
	}
	return connections.Deleted{Warning: r.Warning, Undo: func(ctx context.Context) error { _, err := r.Undo(ctx); return err }}, nil
}

// SecretsState tells where secrets go and what can take them.
func (d *services) SecretsState(ctx context.Context) (settings.SecretsState, error) {
	return settings.SecretsState{Choice: d.Secrets.Choice(), Keychain: d.Secrets.Probe(ctx), Vault: d.Secrets.VaultState(), Others: d.Elsewhere(ctx)}, nil
}

// ChooseSecrets changes where new secrets go.
func (d *services) ChooseSecrets(_ context.Context, p keychain.Place) error {
	return d.Secrets.Choose(p)
}

// CreateVault, UnlockVault, LockVault and ChangeVault are the passphrase vault's.
func (d *services) CreateVault(ctx context.Context, passphrase string) error {
	return d.Secrets.CreateVault(ctx, passphrase)
}
func (d *services) UnlockVault(ctx context.Context, passphrase string) error {
	return d.Secrets.UnlockVault(ctx, passphrase)
}
func (d *services) LockVault() { d.Secrets.LockVault() }
func (d *services) ChangeVault(ctx context.Context, old, fresh string) error {
	return d.Secrets.ChangePassphrase(ctx, old, fresh)
}

// SuggestPassphrase makes one up.
func (d *services) SuggestPassphrase() string { return keychain.SuggestPassphrase() }

// MoveSecrets brings every secret to a place.
func (d *services) MoveSecrets(ctx context.Context, p keychain.Place) error {
	return d.App.MoveSecrets(ctx, p, nil)
}

// Network gives the network settings.
func (d *services) Network() network.Settings { return d.NetworkSettings() }

// Receipts are those of all runs, without what is long in them.
func (d *services) Receipts(ctx context.Context) ([]history.Receipt, error) { return d.Runs.List(ctx) }

// Receipt is the whole receipt of one run.
func (d *services) Receipt(ctx context.Context, runID string) (history.Receipt, error) {
	return d.Runs.Get(ctx, runID)
}

// DeleteRun deletes what is kept of a run.
func (d *services) DeleteRun(ctx context.Context, runID string) error {
	return d.Runs.Delete(ctx, runID)
}

// Folder is where everything but the secrets is kept.
func (d *services) Folder() string { return d.Home }

// PracticeRunning tells where the practice service is once it was used here.
func (d *services) PracticeRunning() (settings.PracticeState, bool) {
	p := d.App.PracticeRunning()
	if p == nil {
		return settings.PracticeState{}, false
	}
	return d.practiceState(p), true
}

// StartPractice starts the practice service or joins the one that runs.
func (d *services) StartPractice(ctx context.Context) (settings.PracticeState, error) {
	p, err := d.Practice(ctx)
	if err != nil {
		return settings.PracticeState{}, err
	}
	return d.practiceState(p), nil
}

// RestartPractice ends the service if it is ours and starts it again.
func (d *services) RestartPractice(ctx context.Context) (settings.PracticeState, error) {
	if err := d.EndPractice(); err != nil {
		return settings.PracticeState{}, errors.Join(errors.New("end the practice service"), err)
	}
	return d.StartPractice(ctx)
}

func (d *services) practiceState(p *practice.Local) settings.PracticeState {
	s := settings.PracticeState{URL: p.APIURL(), Joined: p.Service() == nil, Apps: p.Credentials()}
	if !s.Joined {
		s.CAFile = p.Service().CAFile()
	} else {
		s.CAFile = filepath.Join(d.Home, "practice", "ca.pem")
	}
	return s
}
