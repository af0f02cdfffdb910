package upload

import (
	"context"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/recent"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"

	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/ui/app"
	"pushdesk/ui/window/windowtest"
)

// house is the Upload page on a real desk in a folder of its own, with the practice
// service, over HTTPS.
type house struct {
	*testing.T
	*windowtest.Stage
	desk   *app.App
	canvas fyne.Canvas
	page   *Page
}

// service gives the page what it needs of a desk.
type service struct {
	*app.App
	stage *windowtest.Stage
}

func (s service) List() []connection.Connection { return s.Connections.List() }
func (s service) Folder() string                { return s.Home }

// What follows may wait, and tells the stage.
func (s service) Recent() []recent.File { s.stage.Waits("Recent"); return s.App.Recent() }
func (s service) Opened(path string, c recent.Choice, now time.Time) error {
	s.stage.Waits("Opened")
	return s.App.Opened(path, c, now)
}
func (s service) ChoiceFor(path string) (recent.Choice, bool) {
	s.stage.Waits("ChoiceFor")
	return s.App.ChoiceFor(path)
}
func (s service) ForgetFile(path string) error {
	s.stage.Waits("ForgetFile")
	return s.App.ForgetFile(path)
}
func (s service) Workspaces(ctx context.Context, id string) ([]powerbi.Workspace, error) {
	s.stage.Waits("Workspaces")
	return s.App.Workspaces(ctx, id)
}
func (s service) Datasets(ctx context.Context, id, workspace string) ([]powerbi.Dataset, error) {
	s.stage.Waits("Datasets")
	return s.App.Datasets(ctx, id, workspace)
}
func (s service) Tables(ctx context.Context, id, workspace, dataset string) ([]powerbi.Table, error) {
	s.stage.Waits("Tables")
	return s.App.Tables(ctx, id, workspace, dataset)
}
func (s service) Locate(ctx context.Context, dest job.Destination) (job.Place, error) {
	s.stage.Waits("Locate")
	return s.App.Locate(ctx, dest)
}
func (s service) Check(ctx context.Context, d job.Draft, progress func(int64)) (job.Draft, error) {
	s.stage.Waits("Check")
	return s.App.Check(ctx, d, progress)
}
func (s service) Plan(ctx context.Context, d job.Draft) (job.Draft, error) {
	s.stage.Waits("Plan")
	return s.App.Plan(ctx, d)
}
func (s service) PlanSet(ctx context.Context, set []job.Draft) (plan.Set, error) {
	s.stage.Waits("PlanSet")
	return s.App.PlanSet(ctx, set)
}
func (s service) Send(ctx context.Context, d job.Draft, c job.Control, on func(push.Progress)) (history.Receipt, error) {
	s.stage.Waits("Send")
	return s.App.Send(ctx, d, c, on)
}
func (s service) SendSet(ctx context.Context, set []job.Draft, o job.SetOptions, on func(int, push.Progress)) ([]history.Receipt, error) {
	s.stage.Waits("SendSet")
	return s.App.SendSet(ctx, set, o, on)
}
func (s service) Resume(ctx context.Context, runID string, o job.ResumeOptions, on func(push.Progress)) (history.Receipt, error) {
	s.stage.Waits("Resume")
	return s.App.Resume(ctx, runID, o, on)
}
func (s service) MissingTable(ctx context.Context, runID string) ([]string, bool, error) {
	s.stage.Waits("MissingTable")
	return s.App.MissingTable(ctx, runID)
}

func openHouse(t *testing.T) *house {
	t.Helper()
	d, err := app.Open(app.Options{Home: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &house{T: t, Stage: windowtest.NewStage(t), desk: d}
	h.Patience = 30 * time.Second
	h.canvas = h.Win.Canvas()
	h.page = New(service{d, h.Stage}, h.Stage)
	h.Put(h.page)
	return h
}

func (h *house) sees(pieces ...string)   { h.Helper(); h.Sees(pieces...) }
func (h *house) until(holds func() bool) { h.Helper(); h.Until(holds) }

// fileName is the name of the file that is uploaded.
func (p *Page) fileName() string { return filepath.Base(p.now.draft.Reading.Book.Path()) }
