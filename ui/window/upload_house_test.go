package window

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/ui/app"
	"pushdesk/ui/window/windowtest"
)

// uploadHouse is the Upload page on a real desk in a folder of its own, with the practice
// service, over HTTPS.
type uploadHouse struct {
	*testing.T
	*windowtest.Stage
	desk   *app.App
	canvas fyne.Canvas
	page   *uploadPage
}

// uploadService gives the page what it needs of a desk.
type uploadService struct{ *app.App }

func (s uploadService) List() []connection.Connection { return s.Connections.List() }
func (s uploadService) Folder() string                { return s.Home }

func openUploadHouse(t *testing.T) *uploadHouse {
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
	h := &uploadHouse{T: t, Stage: windowtest.NewStage(t), desk: d}
	h.Patience = 30 * time.Second
	h.canvas = h.Win.Canvas()
	h.page = newUploadPage(uploadService{d}, h.Stage)
	h.Put(h.page)
	return h
}

func (h *uploadHouse) sees(pieces ...string)   { h.Helper(); h.Sees(pieces...) }
func (h *uploadHouse) until(holds func() bool) { h.Helper(); h.Until(holds) }
