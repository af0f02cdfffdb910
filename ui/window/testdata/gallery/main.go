// Gallery shows every part of the window on one page, to look at them in both
// themes: go run ./ui/window/testdata/gallery. With the word grid it shows the
// grid with a million rows.
package main

import (
	"fmt"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"

	"pushdesk/ui/window/grid"
	"pushdesk/ui/window/look"
	"pushdesk/ui/window/part"
	"pushdesk/ui/window/post"
)

func main() {
	a := app.NewWithID("app.pushdesk.gallery")
	a.Settings().SetTheme(look.New(look.System))
	w := a.NewWindow("Gallery")
	w.SetPadded(false)
	work := post.NewWork(fyne.Do)
	toasts := part.NewToasts(work)

	if len(os.Args) > 1 && os.Args[1] == "grid" {
		g := grid.New(orders{})
		g.OnHead = func(column int, at fyne.Position) { toasts.Show(fmt.Sprint("Column ", column+1)) }
		page := container.NewBorder(part.Margins(0, 0, 16, 0, part.NewHeader("Preview", "1,000,000 rows in 75 columns")), nil, nil, nil, g)
		w.SetContent(container.NewStack(part.NewRect("background", "", 0), part.Inset(look.PageMargin, page), toasts.Object()))
		w.Resize(fyne.NewSize(1180, 760))
		w.ShowAndRun()
		return
	}

	banner := func(m part.Message) fyne.CanvasObject {
		b := part.NewBanner()
		b.Say(m)
		return b
	}
	steps := part.NewStepper(nil, "Source", "Destination", "Columns", "Check", "Send")
	steps.Set(2, 3)
	bar := part.NewBar()
	bar.Set(0.42, "412 300 of 981 000 rows sent", "about 12 min left")
	secret := part.NewPassword("Paste the secret's value")
	secret.SetText("correct horse")
	bad := part.NewField("Client secret", secret, "")
	bad.Say(part.Warning, "This looks like the Secret ID.", "Copy the Value column instead: it is shown once, when the secret is made.")
	tenant := part.NewEntry("00000000-0000-0000-0000-000000000000")
	wrong := part.NewField("Tenant ID", tenant, "")
	tenant.SetText("contoso")
	wrong.Say(part.Error, "This is not a tenant ID or a domain name.", "Copy Directory (tenant) ID from the app's overview.")
	cloud := part.NewSelect([]string{"Public", "GCC", "China"}, "Choose a cloud", nil)
	cloud.SetSelected(0)
	off := part.NewButton(part.Primary, look.IconUpload, "Send 412 300 rows", nil)
	off.Disable()
	checks := part.Card(part.NewText("Checks", part.StyleSection),
		part.NewCheckRow(part.CheckResult{State: part.Pass, Title: "Token issued", Evidence: "Microsoft Entra gave a token for Contoso in 412 ms.", Took: 412 * time.Millisecond}),
		part.Rule(),
		part.NewCheckRow(part.CheckResult{State: part.Fail, Title: "Role in the workspace", Evidence: "The app is Viewer in Sales EU.", Remedy: "Ask for the Contributor role: open the workspace, Manage access, add the app.", Who: "the workspace admin", Details: "RequestId 5b1c8a\nHTTP 403 PowerBINotAuthorizedException"}),
		part.Rule(),
		part.NewCheckRow(part.CheckResult{State: part.Running, Title: "Datasets can be listed"}),
		part.Rule(),
		part.NewCheckRow(part.CheckResult{State: part.Skipped, Title: "API answers", Evidence: "Not tried, because no token was issued."}),
	)
	left := part.Column(look.GapLarge,
		part.NewHeader("Connections", "3 connections, 1 needs attention", part.NewButton(part.Secondary, look.IconRefresh, "Refresh", nil), part.NewButton(part.Primary, look.IconAdd, "New connection", func() { toasts.Show("Connection saved.") })),
		steps,
		part.Row(8, part.NewChip(part.Neutral, look.IconCloud, "Public cloud"), part.NewChip(part.Info, look.IconRunning, "Testing"), part.NewChip(part.Success, look.IconPass, "Works"), part.NewChip(part.Warning, look.IconWarning, "Expires soon"), part.NewChip(part.Error, look.IconFail, "Fails")),
		banner(part.Message{Tone: part.Error, Sentence: "The client secret is wrong or has expired.", Remedy: "Make a new secret in the app registration and paste its value here.", Details: "AADSTS7000215\nCorrelation 0f0e1a2b", Action: "Edit connection"}),
		banner(part.Message{Tone: part.Success, Sentence: "700 of 700 rows are confirmed."}),
		bar, checks,
	)
	right := part.Card(part.NewText("Connection", part.StyleSection),
		part.NewField("Name", part.NewEntry("For example Sales EU"), "Shown in lists and on the command line."),
		part.NewField("Cloud", cloud, ""), wrong, bad,
		part.NewField("Appearance", part.NewSegmented([]part.Option{{Icon: look.IconComputer, Word: "System"}, {Icon: look.IconSun, Word: "Light"}, {Icon: look.IconMoon, Word: "Dark"}}, 1, nil), ""),
		part.Row(8, part.NewButton(part.Quiet, look.IconTest, "Test", nil), part.Space(), part.NewButton(part.Secondary, "", "Cancel", func() {
			part.Confirm(w, "Delete Sales EU?", "The connection and its secret in the keychain are removed. Runs stay in the activity list.", "Delete connection", func() {})
		}), off),
		part.Rule(),
		part.NewKeyValues(part.Pair{Key: "Workspace", Value: "Sales EU"}, part.Pair{Key: "Dataset ID", Value: "cfafbeb1-8037-4d0c-896e-a46fb27ff229", Mono: true, Copy: true}),
		part.NewDropZone("Drop a workbook here", "Excel (.xlsx) or text (.csv)", part.NewButton(part.Secondary, look.IconFolder, "Choose a file", nil)),
	)
	page := part.Inset(look.PageMargin, part.TopRow(look.GapLarge, part.Fill(left), part.AtLeast(420, 0, right)))
	w.SetContent(container.NewStack(part.NewRect("background", "", 0), container.NewVScroll(page), toasts.Object()))
	w.Resize(fyne.NewSize(1280, 900))
	w.SetOnClosed(work.Close)
	fmt.Println("gallery is open")
	w.ShowAndRun()
}

// orders is a table of a million rows.
type orders struct{}

var kinds = []grid.Column{
	{Name: "Order", Type: "Text", Icon: look.IconText},
	{Name: "Placed", Type: "Date and time", Icon: look.IconDateTime},
	{Name: "Customer and the place they live in", Type: "Text", Icon: look.IconText},
	{Name: "Units", Type: "Whole number", Icon: look.IconWhole, Right: true},
	{Name: "Amount", Type: "Decimal number", Icon: look.IconDecimal, Right: true, Tone: part.Error},
	{Name: "Paid", Type: "True or false", Icon: look.IconBoolean},
	{Name: "Internal note", Type: "Left out", Muted: true},
}

func (orders) Rows() int { return 1_000_000 }
func (orders) Columns() []grid.Column {
	c := make([]grid.Column, 75)
	for i := range c {
		c[i] = kinds[i%len(kinds)]
	}
	return c
}
func (orders) RowName(row int) string { return fmt.Sprint(row + 2) }
func (orders) Cell(row, column int) grid.Cell {
	switch column % len(kinds) {
	case 0:
		return grid.Cell{Text: fmt.Sprintf("%08d", row*37)}
	case 1:
		return grid.Cell{Text: time.Date(2026, 1, 1, 8, row, 0, 0, time.UTC).Format("2006-01-02 15:04")}
	case 2:
		return grid.Cell{Text: []string{"Blåbär AB, Göteborg", "Contoso", "A customer with a very long name that does not fit, Port Townsend"}[row%3]}
	case 3:
		if row%11 == 5 {
			return grid.Cell{Text: "blank", Muted: true}
		}
		return grid.Cell{Text: fmt.Sprint(row % 97)}
	case 4:
		if row%9 == 4 {
			return grid.Cell{Text: "n/a", Tone: part.Error, Note: "E" + fmt.Sprint(row+2) + " holds text, and the column sends decimal numbers. Leave the row out, send nothing, or change the type."}
		}
		return grid.Cell{Text: fmt.Sprintf("%.2f", float64(row%5000)*1.37)}
	case 5:
		return grid.Cell{Text: fmt.Sprint(row%2 == 0)}
	}
	return grid.Cell{Text: "x"}
}
