package window

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"pushdesk/connection"
	"pushdesk/powerbi/practice"
	"pushdesk/ui/app"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// house is the whole window on a real desk in a folder of its own, with the
// practice service, over HTTPS.
type house struct {
	*testing.T
	*Window
	desk   *app.App
	canvas fyne.Canvas
	queue  task.Queue
}

func openHouse(t *testing.T) *house {
	t.Helper()
	d, err := app.Open(app.Options{Home: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{T: t, desk: d}
	h.Window = newWindow(test.NewTempApp(t), d, "1.2.3", h.queue.Post)
	h.canvas = h.win.Canvas()
	t.Cleanup(func() {
		if err := h.Window.Close(); err != nil {
			t.Error(err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// sees drains what workers post until all pieces are on the screen.
func (h *house) sees(pieces ...string) {
	h.Helper()
	end := time.Now().Add(30 * time.Second)
	for {
		h.queue.Drain()
		words := windowtest.Words(h.canvas)
		missing := slices.DeleteFunc(slices.Clone(pieces), func(p string) bool { return strings.Contains(words, p) })
		if len(missing) == 0 {
			return
		}
		if time.Now().After(end) {
			h.Fatalf("%q never came; the screen says:\n%s", missing, words)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// TestTwoClicks goes from an empty program to rows in the practice workspace.
func TestTwoClicks(t *testing.T) {
	h := openHouse(t)
	h.sees("No connections yet")
	windowtest.Press(t, h.canvas, "Try it with sample data")
	h.sees("Ready to send", "Harbour coffee orders.xlsx", "Practice workspace")
	windowtest.Press(t, h.canvas, "Send 480 rows")
	h.sees("Done", "Confirmed", "The table's row count after the last batch")
	p, err := h.desk.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	stored, err := p.Service().Rows(practice.Workspace, "Harbour coffee orders", "Orders")
	if err != nil || len(stored) != 480 {
		t.Errorf("%d rows are stored, want 480: %v", len(stored), err)
	}
	windowtest.Press(t, h.canvas, "Show in Activity")
	h.sees("1 run", "480 rows to Orders", "Done")
}

func TestFromAnEmptyProgramToATestedConnection(t *testing.T) {
	h := openHouse(t)
	h.sees("No connections yet")
	h.Open(page.Activity)
	h.sees("Nothing has been sent yet")
	h.Open(page.Connections)
	windowtest.Press(t, h.canvas, "Try it with sample data")
	h.sees("Ready to send")
	h.Open(page.Connections)
	h.sees("1 connection", "Practice workspace")
	windowtest.Press(t, h.canvas, "Test")
	h.sees("Works", "Ready to push to Practice workspace", "This computer", "Microsoft Entra", "Power BI")
	h.Open(page.Settings)
	h.sees("Where data is stored", h.desk.Home, "by this window") // the practice service runs by now
}

func TestTroublesAreNamedInTheForm(t *testing.T) {
	h := openHouse(t)
	p, err := h.desk.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	app := func(name string) practice.Credential {
		for _, c := range p.Credentials() {
			if c.Name == name {
				return c
			}
		}
		t.Fatalf("there is no app %q", name)
		return practice.Credential{}
	}
	good := app(practice.AppPractice)
	const nobody = "00000000-1111-4222-8333-444444444444"
	windowtest.Press(t, h.canvas, "New connection")
	windowtest.Choose(t, h.canvas, "Cloud", connection.CloudPractice.Label())
	windowtest.All[*widget.Segmented](h.canvas)[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	windowtest.Fill(t, h.canvas, "Name", "Trouble")
	for _, c := range []struct {
		name                              string
		tenant, client, secret, workspace string
		says                              []string
	}{
		{"nothing wrong", good.TenantID, good.ClientID, good.ClientSecret, good.Workspace, []string{"Works", "Ready to push"}},
		{"wrong tenant", nobody, good.ClientID, good.ClientSecret, good.Workspace, []string{"Does not work", "AADSTS90002", "tenant"}},
		{"wrong client", good.TenantID, nobody, good.ClientSecret, good.Workspace, []string{"Does not work", "AADSTS700016", "client"}},
		{"wrong secret", good.TenantID, good.ClientID, "AbC8Q~kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk", good.Workspace, []string{"Does not work", "AADSTS7000215", "secret"}},
		{"expired secret", good.TenantID, app(practice.AppExpired).ClientID, app(practice.AppExpired).ClientSecret, good.Workspace, []string{"Does not work", "AADSTS7000222", "expired"}},
		{"unknown workspace", good.TenantID, good.ClientID, good.ClientSecret, "Sales of nowhere", []string{"Does not work", "Sales of nowhere"}},
		{"viewer", good.TenantID, app(practice.AppViewer).ClientID, app(practice.AppViewer).ClientSecret, good.Workspace, []string{"Does not work", "Viewer"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			windowtest.Fill(t, h.canvas, "Tenant ID", c.tenant)
			windowtest.Fill(t, h.canvas, "Client ID", c.client)
			windowtest.Fill(t, h.canvas, "Client secret", c.secret)
			windowtest.Fill(t, h.canvas, "Default workspace (optional)", c.workspace)
			windowtest.Press(t, h.canvas, "Test")
			h.T = t
			h.sees("Copy report")
			for _, fold := range windowtest.All[*widget.Fold](h.canvas) {
				fold.SetOpen(true)
			}
			h.sees(c.says...)
			if c.says[0] != "Works" {
				var report string
				for _, row := range windowtest.All[*widget.CheckRow](h.canvas) {
					if r := row.Result(); r.State == widget.Fail {
						report = r.Remedy
					}
				}
				if report == "" {
					t.Error("the failed check has no remedy")
				}
			}
		})
	}
	if got := len(h.desk.Connections.List()); got != 0 {
		t.Errorf("testing saved %d connections", got)
	}
}

// What another program changes is shown without a click.
func TestConnectionsOfOthersAppear(t *testing.T) {
	h := openHouse(t)
	h.sees("No connections yet")
	other, err := app.Open(app.Options{Home: h.desk.Home})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for _, name := range []string{"Depots", "Harbours"} {
		if _, err := other.Connections.Add(connection.Connection{Name: name, Cloud: connection.CloudPublic}); err != nil {
			t.Fatal(err)
		}
		h.desk.Connections.List() // as any page does
		h.sees(name)
	}
}
