package upload

import (
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
type service struct{ *app.App }

func (s service) List() []connection.Connection { return s.Connections.List() }
func (s service) Folder() string                { return s.Home }

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
	h.page = New(service{d}, h.Stage)
	h.Put(h.page)
	return h
}

func (h *house) sees(pieces ...string)   { h.Helper(); h.Sees(pieces...) }
func (h *house) until(holds func() bool) { h.Helper(); h.Until(holds) }
