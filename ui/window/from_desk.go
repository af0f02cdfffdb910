package window

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
)

// New makes the window of a desk. version is shown in Settings.
func New(a fyne.App, d *app.App, version string) *Window {
	return newWindow(a, d, version, fyne.Do)
}

func newWindow(a fyne.App, d *app.App, version string, p task.Poster) *Window {
	w := newShell(a, p)
	from := &fromDesk{d}
	connections := newConnectionsPage(from, w)
	first := page.Connections
	if len(from.List()) > 0 {
		first = page.Place(a.Preferences().String(prefPlace))
	}
	activity := newActivityPage(from, w)
	pages := map[page.Place]page.Page{page.Connections: connections, page.Upload: newUploadPage(from, w), page.Activity: activity, page.Settings: newSettingsPage(from, w, w, version)}
	for place, page := range pages {
		if s, ok := page.(sampler); ok {
			connections.sample = func(c connection.Connection) { w.Open(place); s.TrySample(c) }
		}
		if r, ok := page.(resumer); ok {
			activity.receipt.onResume = func(receipt history.Receipt) { w.Open(place); r.Resume(receipt) }
		}
		if c, ok := page.(corrector); ok {
			activity.actions.onCorrect = func(receipt history.Receipt, path string) { w.Open(place); c.Correct(receipt, path) }
		}
	}
	w.fill(pages, first)
	w.work.Go(func(ctx context.Context) {
		left := d.CleanUpProbes(ctx)
		w.work.Post(func() { connections.remark(left) })
	})
	if w.TestAtStart() {
		connections.testAtStart()
	}
	return w
}

// fromDesk gives each page what it needs of the desk.
type fromDesk struct{ *app.App }

var (
	_ connectionsDesk = (*fromDesk)(nil)
	_ settingsDesk    = (*fromDesk)(nil)
	_ activityDesk    = (*fromDesk)(nil)
	_ uploadDesk      = (*fromDesk)(nil)
)

// List are the saved connections, by name.
func (d *fromDesk) List() []connection.Connection { return d.Connections.List() }

// Test runs the doctor; probe makes a throw-away dataset.
func (d *fromDesk) Test(ctx context.Context, c connection.Connection, typed *connection.Credential, probe bool, on func(doctor.Check)) doctor.Report {
	return d.App.Test(ctx, c, typed, account.TestOptions{Probe: probe}, on)
}

// Forget removes a connection, which can be undone.
func (d *fromDesk) Forget(ctx context.Context, c connection.Connection) (deleted, error) {
	r, err := d.Remove(ctx, c)
	if err != nil {
		return deleted{}, err
	}
	return deleted{Warning: r.Warning, Undo: func(ctx context.Context) error { _, err := r.Undo(ctx); return err }}, nil
}

// SecretsState tells where secrets go and what can take them.
func (d *fromDesk) SecretsState(ctx context.Context) (secretsState, error) {
	return secretsState{Choice: d.Secrets.Choice(), Keychain: d.Secrets.Probe(ctx), Vault: d.Secrets.VaultState(), Others: d.Elsewhere(ctx)}, nil
}

// ChooseSecrets changes where new secrets go.
func (d *fromDesk) ChooseSecrets(_ context.Context, p keychain.Place) error {
	return d.Secrets.Choose(p)
}

// CreateVault, UnlockVault, LockVault and ChangeVault are the passphrase vault's.
func (d *fromDesk) CreateVault(ctx context.Context, passphrase string) error {
	return d.Secrets.CreateVault(ctx, passphrase)
}
func (d *fromDesk) UnlockVault(ctx context.Context, passphrase string) error {
	return d.Secrets.UnlockVault(ctx, passphrase)
}
func (d *fromDesk) LockVault() { d.Secrets.LockVault() }
func (d *fromDesk) ChangeVault(ctx context.Context, old, fresh string) error {
	return d.Secrets.ChangePassphrase(ctx, old, fresh)
}

// SuggestPassphrase makes one up.
func (d *fromDesk) SuggestPassphrase() string { return keychain.SuggestPassphrase() }

// MoveSecrets brings every secret to a place.
func (d *fromDesk) MoveSecrets(ctx context.Context, p keychain.Place) error {
	return d.App.MoveSecrets(ctx, p, nil)
}

// Network gives the network settings.
func (d *fromDesk) Network() connection.Network { return d.NetworkSettings() }

// Receipts are those of all runs, without what is long in them.
func (d *fromDesk) Receipts(ctx context.Context) ([]history.Receipt, error) { return d.Runs.List(ctx) }

// Receipt is the whole receipt of one run.
func (d *fromDesk) Receipt(ctx context.Context, runID string) (history.Receipt, error) {
	return d.Runs.Get(ctx, runID)
}

// Folder is where everything but the secrets is kept.
func (d *fromDesk) Folder() string { return d.Home }

// PracticeRunning tells where the practice service is once it was used here.
func (d *fromDesk) PracticeRunning() (practiceState, bool) {
	p := d.App.PracticeRunning()
	if p == nil {
		return practiceState{}, false
	}
	return d.practiceState(p), true
}

// StartPractice starts the practice service or joins the one that runs.
func (d *fromDesk) StartPractice(ctx context.Context) (practiceState, error) {
	p, err := d.Practice(ctx)
	if err != nil {
		return practiceState{}, err
	}
	return d.practiceState(p), nil
}

// RestartPractice ends the service if it is ours and starts it again.
func (d *fromDesk) RestartPractice(ctx context.Context) (practiceState, error) {
	if err := d.EndPractice(); err != nil {
		return practiceState{}, errors.Join(errors.New("end the practice service"), err)
	}
	return d.StartPractice(ctx)
}

func (d *fromDesk) practiceState(p *practice.Local) practiceState {
	s := practiceState{URL: p.APIURL(), Joined: p.Service() == nil, Apps: p.Credentials()}
	if !s.Joined {
		s.CAFile = p.Service().CAFile()
	} else {
		s.CAFile = filepath.Join(d.Home, "practice", "ca.pem")
	}
	return s
}
