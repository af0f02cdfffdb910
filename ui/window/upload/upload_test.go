package upload

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/xuri/excelize/v2"

	"pushdesk/assets"
	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// uploading is a house with the practice connection, at the Upload page.
func uploading(t *testing.T) (*house, *Page) {
	t.Helper()
	h := openHouse(t)
	if _, err := h.desk.PracticeConnection(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	h.page.Shown()
	h.sees("Drop an Excel workbook or CSV file here")
	return h, h.page
}

func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// prices has two values that are no numbers among the prices.
func prices(t *testing.T) string {
	var b strings.Builder
	b.WriteString("Item,Price\n")
	for i := range 40 {
		fmt.Fprintf(&b, "Thing %d,%d.5\n", i, i)
	}
	return written(t, "prices.csv", b.String()+"Odd,ask Anna\nOdd,none\n")
}

// next waits until the next step can be gone to and goes there.
func (h *house) next(p *Page) {
	h.Helper()
	h.until(func() bool { return p.next.Visible() && !p.next.Disabled() })
	windowtest.Press(h.T, h.canvas, p.next.Text())
}

// stored gives how many rows the practice service keeps.
func (h *house) stored(dataset, table string) int {
	h.Helper()
	p, err := h.desk.Practice(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	rows, err := p.Service().Rows(practice.Workspace, dataset, table)
	if err != nil {
		h.Fatal(err)
	}
	return len(rows)
}

func TestUploadStepByStep(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{written(t, "towns.csv", "Town;Code;Founded\nGhent;00900;1978-03-04\nBruges;00800;1928-07-27\n")})
	h.sees("towns.csv", "2 rows, 3 columns", "Semicolons, found")
	h.next(p)
	h.sees("Practice workspace", "Dataset name")
	if got := p.destination.newDataset.Text; got != "towns" {
		t.Errorf("the dataset is called %q", got)
	}
	windowtest.Fill(t, h.canvas, "Dataset name", "Towns of Flanders")
	h.next(p)
	h.sees("3 of 3 columns are sent", `"Ghent"`, `"00900"`)
	h.next(p)
	h.sees("2 rows in 1 request")
	h.next(p)
	windowtest.Press(t, h.canvas, "Send 2 rows")
	h.sees("Done", "Upload another file")
	if n := h.stored("Towns of Flanders", "towns"); n != 2 {
		t.Errorf("%d rows are stored, want 2", n)
	}
	windowtest.Press(t, h.canvas, "Upload another file")
	h.sees("Drop an Excel workbook or CSV file here")
}

func TestUploadOfFilesThatCannotBeRead(t *testing.T) {
	h, p := uploading(t)
	for name, says := range map[string]string{"empty.xlsx": "is empty", "picture.xlsx": "cannot be read here"} {
		text := ""
		if name == "picture.xlsx" {
			text = "\x89PNG\r\n\x1a\n" + strings.Repeat("\x01\x02\x00", 500)
		}
		p.Dropped([]string{written(t, name, text)})
		h.until(func() bool { return p.notice.Visible() })
		if p.notice.Sentence() == "" || p.notice.Remedy() == "" {
			t.Errorf("%s (%s): %q, %q", name, says, p.notice.Sentence(), p.notice.Remedy())
		}
	}
	p.Dropped([]string{written(t, "empty.csv", "")})
	h.sees("The file is empty. It has no bytes at all.", "There are no rows to send")
	p.Dropped([]string{prices(t), "another.csv"})
	h.sees("42 rows, 2 columns", "2 files were dropped")
	if p.notice.Visible() {
		t.Errorf("the old trouble is still said: %s", p.notice.Sentence())
	}
	p.Dropped([]string{filepath.Join(t.TempDir(), "gone.xlsx")})
	h.until(func() bool { return p.notice.Visible() })
	h.sees("prices.csv") // what was open stays
}

// protected writes a workbook that opens with "open sesame".
func protected(t *testing.T) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for address, row := range map[string][]any{"A1": {"Item", "Price"}, "A2": {"Coffee", 1.5}} {
		if err := f.SetSheetRow("Sheet1", address, &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "protected.xlsx")
	if err := f.SaveAs(path, excelize.Options{Password: "open sesame"}); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUploadOfAProtectedWorkbook(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{protected(t)})
	h.sees("The workbook is protected")
	windowtest.Fill(t, h.canvas, "protected.xlsx", "wrong")
	pressLast(t, h, "Open")
	h.sees("The password does not open the workbook")
	windowtest.Fill(t, h.canvas, "protected.xlsx", "open sesame")
	pressLast(t, h, "Open")
	h.sees("1 row, 2 columns")

	// The role is gone when the rows are sent, so that nothing was. When it is back the run
	// can be continued, and the password, which is kept nowhere, is asked for again.
	h.faults().Add(faults.Fault{Operation: faults.OpRows, Role: practice.RoleViewer})
	for p.current < stepSend {
		was := p.current
		h.next(p)
		h.until(func() bool { return p.current > was })
	}
	windowtest.Press(t, h.canvas, "Send 1 row")
	h.sees("Failed")
	service, err := h.desk.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := service.Service().SetRole(practice.Workspace, service.Credentials()[0].ClientID, practice.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	windowtest.Press(t, h.canvas, "Upload another file")
	p.Resume(h.receipt())
	h.sees("The workbook is protected")
	windowtest.Fill(t, h.canvas, "protected.xlsx", "open sesame")
	pressLast(t, h, "Open")
	h.sees("Done")
	if n := h.stored("protected", "Sheet1"); n != 1 {
		t.Errorf("%d rows are stored, want 1", n)
	}
}

// pressLast presses the button of a name that lies on top.
func pressLast(t *testing.T, h *house, text string) {
	t.Helper()
	var last *widget.Button
	for _, b := range windowtest.All[*widget.Button](h.canvas) {
		if b.Text() == text {
			last = b
		}
	}
	if last == nil {
		t.Fatalf("there is no button %q", text)
	}
	last.Tapped(nil)
}

func TestUploadChoosesTheTable(t *testing.T) {
	h, p := uploading(t)
	path := filepath.Join(t.TempDir(), assets.SampleName)
	if err := os.WriteFile(path, assets.Sample, 0o600); err != nil {
		t.Fatal(err)
	}
	p.path(path)
	h.sees("480 rows")
	windowtest.Choose(t, h.canvas, "Sheet, table or named range", "Targets")
	h.until(func() bool {
		return p.now.draft.Reading.Layout.Source.Name == "Targets" && !p.now.draft.Reading.Profile.Provisional
	})
	p.source.area.SetText("A1:B3")
	p.source.area.OnSubmitted(p.source.area.Text)
	h.until(func() bool {
		return len(p.now.draft.Reading.Layout.Headers) == 2 && !p.now.draft.Reading.Profile.Provisional
	})
	p.source.useArea("no range")
	if p.source.areaRow.Note() == "" {
		t.Error("nothing is said of a range that is none")
	}
	windowtest.Choose(t, h.canvas, "Column names", "There are none")
	h.until(func() bool {
		return p.now.draft.Reading.Layout.HeaderRow == 0 && !p.now.draft.Reading.Profile.Provisional
	})

	p.Dropped([]string{prices(t)})
	h.sees("42 rows, 2 columns")
	windowtest.Choose(t, h.canvas, "Separated by", "Tabs")
	h.until(func() bool { return len(p.now.draft.Reading.Layout.Headers) == 1 && !p.source.full.Busy() })
}

// path opens a file as if its path was typed.
func (p *Page) path(path string) {
	p.source.path.SetText(`"` + path + `"`)
	p.source.openTyped()
}

func TestUploadSaysWhatCannotBeSent(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{prices(t)})
	h.next(p)
	h.next(p)
	h.sees("Nearly all values fit the type Decimal number. The first that does not is in B42.")
	p.columns.change(func(m *mapping.Mapping) { m.Fields[1].Target.DataType = powerbi.Double })
	h.sees("B42: Not a number")
	h.next(p)
	h.sees("Values that cannot be sent as they are", "2 values, in B42 and B43.", "ask Anna", "Nothing will be sent until these problems are fixed")
	if p.next.Visible() && !p.next.Disabled() {
		t.Error("one can go on with values that cannot be sent")
	}
	p.check.policy.SetSelected(1)
	p.check.policy.OnChanged(1)
	h.sees("40 rows in 1 request")
	h.next(p)
	windowtest.Press(t, h.canvas, "Send 40 rows")
	h.sees("Partial")
	if n := h.stored("prices", "prices"); n != 40 {
		t.Errorf("%d rows are stored, want 40", n)
	}
}

func TestUploadColumnsOfANewTable(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{written(t, "a.csv", "A,B,C\n1,2,3\n")})
	h.next(p)
	h.next(p)
	h.sees("3 of 3 columns are sent")
	p.columns.change(func(m *mapping.Mapping) { m.Fields[2].Target.Name = "a" })
	h.sees("a")
	if p.columns.blocked() == "" || !p.columns.problem.Visible() {
		t.Error("two columns of one name are not refused")
	}
	p.columns.change(func(m *mapping.Mapping) { m.Fields[2].Use = false })
	h.sees("2 of 3 columns are sent", "Left out")
	windowtest.Press(t, h.canvas, "Use all")
	if p.columns.blocked() == "" {
		t.Error("the column of the same name is back, and nothing is said")
	}
	windowtest.Press(t, h.canvas, "Start again")
	h.sees("3 of 3 columns are sent")
	windowtest.Press(t, h.canvas, "Use none")
	if got := p.columns.blocked(); got != "Use at least one column" {
		t.Errorf("%q", got)
	}
}

func TestUploadIntoAnExistingTable(t *testing.T) {
	h, p := uploading(t)
	first := written(t, "stock.csv", "Item,Pieces,Place\nCup,5,Hall\nPot,6,Hall\n")
	h.send(p, first, "Send 2 rows")
	p.Dropped([]string{written(t, "stock2.csv", "ITEM,Weight,pieces\nCan,1.5,7\n")})
	h.sees("1 row, 3 columns")
	h.next(p)
	p.destination.kind.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	h.until(func() bool { return len(p.destination.datasets) > 0 && !p.destination.lists.Busy() })
	windowtest.Choose(t, h.canvas, "Dataset", "stock")
	h.until(func() bool { return p.destination.table.Selected() == 0 })
	p.destination.mode.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	h.sees("All rows of the table are deleted right before the first batch is sent.")
	h.next(p)
	h.sees("The table stock exists with 3 columns", "Nothing (blank)", "2 columns matched, 1 new in the file, 1 missing in the file.", "Weight is new in the file and goes nowhere.", "Place gets nothing from the file.")
	if why := p.columns.blocked(); why != "Decide about the columns that do not match" {
		t.Errorf("%q", why)
	}
	windowtest.Press(t, h.canvas, "Leave out")
	windowtest.Press(t, h.canvas, "Send blank")
	h.sees("Left out: Weight.")
	h.next(p)
	h.sees("1 sent as blank, as decided, 1 left out, as decided.")
	h.next(p)
	h.sees("The 2 rows of the table stock are deleted")
	windowtest.Press(t, h.canvas, "Send 1 row")
	h.sees("Replace all rows?")
	if n := h.stored("stock", "stock"); n != 2 {
		t.Errorf("%d rows are there before the answer", n)
	}
	windowtest.Press(t, h.canvas, "Replace and send")
	h.sees("Done", "Replaced the rows that were there")
	if n := h.stored("stock", "stock"); n != 1 {
		t.Errorf("%d rows are stored, want 1", n)
	}
}

// TestUploadWithoutAListOfWorkspaces: with only the right to write datasets the list is
// refused, and the window sends into the connection's workspace by its ID.
func TestUploadWithoutAListOfWorkspaces(t *testing.T) {
	h, p := uploading(t)
	service, err := h.desk.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id, err := service.Service().WorkspaceID(practice.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	c := h.desk.Connections.List()[0]
	c.Workspace = id
	if _, err := h.desk.Edit(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	service.Service().Faults().Add(faults.Fault{Operation: faults.OpGroups, Times: -1, Status: 403, Body: `{"error":{"code":"PowerBINotAuthorizedException"}}`})
	p.Shown()
	h.send(p, written(t, "few.csv", "Item\n1\n2\n"), "Send 2 rows")
	if n := h.stored("few", "few"); n != 2 {
		t.Errorf("%d rows", n)
	}
}

// TestUploadThatTheHourDoesNotCover is S9 in the window: a replacement that would leave the
// table partly filled is refused in the plan's words, nothing is deleted, and the way out is
// beside it.
func TestUploadThatTheHourDoesNotCover(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	h, p := uploading(t)
	h.send(p, written(t, "few.csv", "Item\n1\n2\n"), "Send 2 rows")
	p.Dropped([]string{written(t, "many.csv", "Item\n"+strings.Repeat("7\n", 1_000_001))})
	h.sees("1,000,001 rows, 1 column")
	h.next(p)
	p.destination.kind.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	h.until(func() bool { return len(p.destination.datasets) > 0 && !p.destination.lists.Busy() })
	windowtest.Choose(t, h.canvas, "Dataset", "few")
	h.until(func() bool { return p.destination.table.Selected() == 0 })
	p.destination.mode.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	h.next(p)
	h.next(p)
	h.sees("the table would stay partly filled", "Replace in parts, with the table partly filled meanwhile")
	if why := p.check.blocked(); why != p.now.draft.Checked.Plan.Blockers[0].Sentence || !p.next.Disabled() {
		t.Errorf("%q", why)
	}
	windowtest.Press(t, h.canvas, "Use")
	h.until(func() bool { return p.now.draft.InParts && p.check.blocked() == "" })
	if n := h.stored("few", "few"); n != 2 {
		t.Errorf("%d rows", n)
	}
}

// send uploads a file with what is proposed.
func (h *house) send(p *Page, path, button string) {
	h.Helper()
	p.Dropped([]string{path})
	h.until(func() bool { return p.now.draft.Reading.Book != nil && p.now.draft.Reading.Book.Path() == path })
	for p.current < stepSend {
		was := p.current
		h.next(p)
		h.until(func() bool { return p.current > was })
	}
	windowtest.Press(h.T, h.canvas, button)
	h.sees("Upload another file")
}

func TestUploadNamesWhyTheServiceSaysNo(t *testing.T) {
	h := openHouse(t)
	s, err := h.desk.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var expired practice.Credential
	for _, k := range s.Credentials() {
		if k.Name == practice.AppExpired {
			expired = k
		}
	}
	given := connection.SecretCredential(expired.ClientSecret)
	if _, err := h.desk.Add(t.Context(), connection.Connection{Name: "Old", Cloud: connection.CloudPractice, Credential: connection.CredentialSecret,
		TenantID: expired.TenantID, ClientID: expired.ClientID}, &given); err != nil {
		t.Fatal(err)
	}
	p := h.page
	p.Shown()
	p.Dropped([]string{prices(t)})
	h.next(p)
	h.sees("expired", "Test the connection")
	if p.next.Visible() && !p.next.Disabled() {
		t.Error("one can go on without a workspace")
	}
	windowtest.Press(t, h.canvas, "Test the connection")
	if len(h.Opened) != 1 || h.Opened[0] != page.Connections {
		t.Errorf("opened %v", h.Opened)
	}
}

// TestUploadSaysThatAListIsCut: the beginning of a list that is too long is offered, and the
// row says that there is more.
func TestUploadSaysThatAListIsCut(t *testing.T) {
	h, p := uploading(t)
	entry := `{"id":"11111111-2222-3333-4444-555555555555","name":"First of many","x":"` + strings.Repeat("x", 3_000_000) + `"}`
	h.faults().Add(faults.Fault{Operation: faults.OpGroups, Status: 200, Times: -1, Body: `{"value":[` + entry + "," + entry + "," + entry + `]}`})
	p.Dropped([]string{prices(t)})
	h.sees("42 rows, 2 columns")
	h.next(p)
	h.sees("is longer than the 8.0 MB that Pushdesk reads: the list ends after 2 entries.")
	h.until(func() bool { return len(p.destination.workspaces) == 2 })
	if p.notice.Visible() {
		t.Errorf("it is no failure: %s", p.notice.Sentence())
	}
}
