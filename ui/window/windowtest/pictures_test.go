//go:build display

package windowtest

import (
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain"
)

var picturesTo = flag.String("pictures", "", "the folder to put the README's pictures into (.ci/screenshots)")

// TestPictures takes the pictures of the README: real pages after real work.
func TestPictures(t *testing.T) {
	to := *picturesTo
	if to == "" {
		to = t.TempDir()
	}
	home := t.TempDir()
	expired := teamConnections(t, home)
	p := Start(t, Options{Home: home})
	p.WaitFor("5 connections")
	p.Click(expired)
	p.Press("Test")
	p.WaitFor("Cannot sign in: the client secret has expired.", "Copy report")
	p.Click("Month-end rehearsal")
	p.Press("Test")
	p.WaitFor("Ready to push to Practice workspace (Admin).", "Copy report")
	p.calm()
	p.photograph(to, "connections.png")

	p.Press("Upload")
	p.Press("Use the sample workbook")
	p.until("every row is read", func() bool {
		return slices.ContainsFunc(p.Screen().Items, func(i Item) bool { return i.Text == "Next: Destination" && !i.Off })
	})
	p.calm()
	p.photograph(to, "upload.png")
	p.Press("Next: Destination")
	p.Choose("Connection", "Month-end rehearsal")
	p.Press("Next: Columns")
	p.WaitFor("columns are sent")
	p.calm()
	p.photograph(to, "columns.png")
	p.Press("Next: Check")
	p.Press("Next: Send")
	p.Press("Send 480 rows")
	p.WaitFor("480 rows sent.", "The table's row count after the last batch")
	p.calm()
	p.photograph(to, "sent.png")
}

// teamConnections keeps what an analyst may have, and names one whose secret has expired.
func teamConnections(t *testing.T, home string) (expired string) {
	t.Helper()
	s, err := practice.Open(t.Context(), filepath.Join(home, "practice"))
	if err != nil {
		t.Fatal(err)
	}
	old, ok := s.Service().Credential(practice.AppExpired)
	if err := s.Close(); err != nil || !ok {
		t.Fatalf("the practice service has no expired app (%v)", err)
	}
	store, err := file.Open(filepath.Join(home, "connections.json"))
	if err != nil {
		t.Fatal(err)
	}
	secrets := keychain.New("")
	const tenant, client = "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "7d1a9c52-06be-4f0e-9b7f-2f9c1d5e8a44"
	for _, c := range []connection.Connection{
		{Name: "Finance", Cloud: connection.CloudPractice, Environment: connection.EnvironmentTest, TenantID: old.TenantID, ClientID: old.ClientID, Workspace: practice.Workspace},
		{Name: "Logistics Shanghai", Cloud: connection.CloudChina, TenantID: tenant, ClientID: client},
		{Name: "Month-end rehearsal", Cloud: connection.CloudPractice, Credential: connection.CredentialPractice, Workspace: practice.Workspace,
			Environment: connection.EnvironmentDevelopment, Tags: []string{"finance"}, Notes: "The practice service on this computer. Nothing leaves it."},
		{Name: "Sales EU", Cloud: connection.CloudPublic, TenantID: "contoso.com", ClientID: client, Workspace: "Sales",
			Environment: connection.EnvironmentProduction, Expires: connection.DayOf(time.Now().AddDate(0, 0, 12)), ExpiresFrom: connection.ExpiryTyped},
		{Name: "Sales US Government", Cloud: connection.CloudGCC, TenantID: tenant, ClientID: client},
	} {
		secret := old.ClientSecret
		if c.Credential == "" {
			c.Credential = connection.CredentialSecret
		}
		kept, err := store.Add(c)
		if err != nil {
			t.Fatal(err)
		}
		if c.Credential == connection.CredentialSecret && c.Cloud != connection.CloudChina {
			if _, err := secrets.Set(t.Context(), kept.ID, secret); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = secrets.Delete(t.Context(), kept.ID) })
		}
	}
	return "Finance"
}

// photograph takes a picture and looks whether it is one.
func (p *Program) photograph(dir, name string) {
	p.t.Helper()
	path := filepath.Join(dir, name)
	p.Picture(path)
	f, err := os.Open(path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		p.t.Fatalf("%s is no picture: %v", name, err)
	}
	colours := map[[3]uint32]bool{}
	for y := 0; y < img.Bounds().Dy(); y += 3 {
		for x := 0; x < img.Bounds().Dx(); x += 3 {
			r, g, b, _ := img.At(x, y).RGBA()
			colours[[3]uint32{r, g, b}] = true
		}
	}
	if size := img.Bounds().Size(); size.X != 1180 || size.Y != 760 || len(colours) < 50 {
		p.t.Errorf("%s is %v with %d colours", name, size, len(colours))
	}
}

// calm takes the pointer and the keyboard away from what they are on, and waits
// until no message floats over the page.
func (p *Program) calm() {
	p.t.Helper()
	p.tool("xdotool", "mousemove", "--window", p.window, "700", "5", "click", "1", "mousemove", "--window", p.window, "104", "400", "click", "1")
	p.until("nothing has the keyboard", func() bool { return p.Focused() == "" })
}
