package window

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push"
	"pushdesk/ui/desk"
	"pushdesk/ui/window/post"
)

// New makes the window of a desk. version is shown in Settings.
func New(a fyne.App, d *desk.Desk, version string) *Window {
	return newWindow(a, d, version, fyne.Do)
}

func newWindow(a fyne.App, d *desk.Desk, version string, p post.Poster) *Window {
	w := newShell(a, p)
	from := &fromDesk{d}
	connections := newConnectionsPage(from, w)
	first := Connections
	if len(from.List()) > 0 {
		first = Place(a.Preferences().String(prefPlace))
	}
	activity := newActivityPage(from, w)
	pages := map[Place]Page{Connections: connections, Upload: newUploadPage(from, w), Activity: activity, Settings: newSettingsPage(from, w, w, version)}
	for place, page := range pages {
		if s, ok := page.(sampler); ok {
			connections.sample = func(c connection.Connection) { w.Open(place); s.TrySample(c) }
		}
		if r, ok := page.(resumer); ok {
			activity.receipt.onResume = func(receipt push.Receipt) { w.Open(place); r.Resume(receipt) }
		}
	}
	w.fill(pages, first)
	return w
}

// fromDesk gives each page what it needs of the desk.
type fromDesk struct{ *desk.Desk }

var (
	_ connectionsDesk = (*fromDesk)(nil)
	_ settingsDesk    = (*fromDesk)(nil)
	_ activityDesk    = (*fromDesk)(nil)
	_ uploadDesk      = (*fromDesk)(nil)
)

// List are the saved connections, by name.
func (d *fromDesk) List() []connection.Connection { return d.Connections.List() }

// Notices say what was wrong with the connection file.
func (d *fromDesk) Notices() []string { return d.Connections.Notices() }

// Receipts are those of all runs.
func (d *fromDesk) Receipts(context.Context) ([]push.Receipt, error) { return d.Runs.List() }

// Folder is where everything but the secrets is kept.
func (d *fromDesk) Folder() string { return d.Home }

// ProbeKeychain asks the keychain whether it would keep a secret.
func (d *fromDesk) ProbeKeychain(ctx context.Context) error { return d.Secrets.Probe(ctx) }

// PracticeRunning tells where the practice service is once it was used here.
func (d *fromDesk) PracticeRunning() (practiceState, bool) {
	p := d.Desk.PracticeRunning()
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
	if err := d.Close(); err != nil {
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
