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

	"pushdesk/ui/window/table"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

func main() {
	a := app.NewWithID("app.pushdesk.gallery")
	a.Settings().SetTheme(theme.New(theme.System))
	w := a.NewWindow("Gallery")
	w.SetPadded(false)
	work := task.NewWork(fyne.Do)
	toasts := widget.NewToasts(work)

	if len(os.Args) > 1 && os.Args[1] == "grid" {
		g := table.New(orders{})
		g.OnHead = func(column int, at fyne.Position) { toasts.Show(fmt.Sprint("Column ", column+1)) }
		page := container.NewBorder(widget.Margins(0, 0, 16, 0, widget.NewHeader("Preview", "1,000,000 rows in 75 columns")), nil, nil, nil, g)
		w.SetContent(container.NewStack(widget.NewRect("background", "", 0), widget.Inset(theme.PageMargin, page), toasts.Object()))
		w.Resize(fyne.NewSize(1180, 760))
		w.ShowAndRun()
		return
	}

	banner := func(m widget.Message) fyne.CanvasObject {
		b := widget.NewBanner()
		b.Say(m)
		return b
	}
	steps := widget.NewStepper(nil, "Source", "Destination", "Columns", "Check", "Send")
	steps.Set(2, 3)
	bar := widget.NewBar()
	bar.Set(0.42, "412 300 of 981 000 rows sent", "about 12 min left")
	secret := widget.NewPassword("Paste the secret's value")
	secret.SetText("correct horse")
	bad := widget.NewField("Client secret", secret, "")
	bad.Say(widget.Warning, "This looks like the Secret ID.", "Copy the Value column instead: it is shown once, when the secret is made.")
	tenant := widget.NewEntry("00000000-0000-0000-0000-000000000000")
	wrong := widget.NewField("Tenant ID", tenant, "")
	tenant.SetText("contoso")
	wrong.Say(widget.Error, "This is not a tenant ID or a domain name.", "Copy Directory (tenant) ID from the app's overview.")
	cloud := widget.NewSelect([]string{"Public", "GCC", "China"}, "Choose a cloud", nil)
	cloud.SetSelected(0)
	off := widget.NewButton(widget.Primary, theme.IconUpload, "Send 412 300 rows", nil)
	off.Disable()
	checks := widget.Card(widget.NewText("Checks", widget.StyleSection),
		widget.NewCheckRow(widget.CheckResult{State: widget.Pass, Title: "Token issued", Evidence: "Microsoft Entra gave a token for Contoso in 412 ms.", Took: 412 * time.Millisecond}),
		widget.Rule(),
		widget.NewCheckRow(widget.CheckResult{State: widget.Fail, Title: "Role in the workspace", Evidence: "The app is Viewer in Sales EU.", Remedy: "Ask for the Contributor role: open the workspace, Manage access, add the app.", Who: "the workspace admin", Details: "RequestId 5b1c8a\nHTTP 403 PowerBINotAuthorizedException"}),
		widget.Rule(),
		widget.NewCheckRow(widget.CheckResult{State: widget.Running, Title: "Datasets can be listed"}),
		widget.Rule(),
		widget.NewCheckRow(widget.CheckResult{State: widget.Skipped, Title: "API answers", Evidence: "Not tried, because no token was issued."}),
	)
	left := widget.Column(theme.GapLarge,
		widget.NewHeader("Connections", "3 connections, 1 needs attention", widget.NewButton(widget.Secondary, theme.IconRefresh, "Refresh", nil), widget.NewButton(widget.Primary, theme.IconAdd, "New connection", func() { toasts.Show("Connection saved.") })),
		steps,
		widget.Row(8, widget.NewChip(widget.Neutral, theme.IconCloud, "Public cloud"), widget.NewChip(widget.Info, theme.IconRunning, "Testing"), widget.NewChip(widget.Success, theme.IconPass, "Works"), widget.NewChip(widget.Warning, theme.IconWarning, "Expires soon"), widget.NewChip(widget.Error, theme.IconFail, "Fails")),
		banner(widget.Message{Tone: widget.Error, Sentence: "The client secret is wrong or has expired.", Remedy: "Create a new secret in the app registration and paste its value here.", Details: "AADSTS7000215\nCorrelation 0f0e1a2b", Action: "Edit connection"}),
		banner(widget.Message{Tone: widget.Success, Sentence: "700 of 700 rows are confirmed."}),
		bar, checks,
	)
	right := widget.Card(widget.NewText("Connection", widget.StyleSection),
		widget.NewField("Name", widget.NewEntry("For example Sales EU"), "Shown in lists and on the command line."),
		widget.NewField("Cloud", cloud, ""), wrong, bad,
		widget.NewField("Appearance", widget.NewSegmented([]widget.Option{{Icon: theme.IconComputer, Word: "System"}, {Icon: theme.IconSun, Word: "Light"}, {Icon: theme.IconMoon, Word: "Dark"}}, 1, nil), ""),
		widget.Row(8, widget.NewButton(widget.Quiet, theme.IconTest, "Test", nil), widget.Space(), widget.NewButton(widget.Secondary, "", "Cancel", func() {
			widget.Confirm(w, "Delete Sales EU?", "The connection and its secret in the keychain are removed. Runs stay in the activity list.", "Delete connection", func() {})
		}), off),
		widget.Rule(),
		widget.NewKeyValues(widget.Pair{Key: "Workspace", Value: "Sales EU"}, widget.Pair{Key: "Dataset ID", Value: "cfafbeb1-8037-4d0c-896e-a46fb27ff229", Mono: true, Copy: true}),
		widget.NewDropZone("Drop a workbook here", "Excel (.xlsx) or text (.csv)", widget.NewButton(widget.Secondary, theme.IconFolder, "Choose a file", nil)),
	)
	page := widget.Inset(theme.PageMargin, widget.TopRow(theme.GapLarge, widget.Fill(left), widget.AtLeast(420, 0, right)))
	w.SetContent(container.NewStack(widget.NewRect("background", "", 0), container.NewVScroll(page), toasts.Object()))
	w.Resize(fyne.NewSize(1280, 900))
	w.SetOnClosed(work.Close)
	fmt.Println("gallery is open")
	w.ShowAndRun()
}

// orders is a table of a million rows.
type orders struct{}

var kinds = []table.Column{
	{Name: "Order", Type: "Text", Icon: theme.IconText},
	{Name: "Placed", Type: "Date and time", Icon: theme.IconDateTime},
	{Name: "Customer and the place they live in", Type: "Text", Icon: theme.IconText},
	{Name: "Units", Type: "Whole number", Icon: theme.IconWhole, Right: true},
	{Name: "Amount", Type: "Decimal number", Icon: theme.IconDecimal, Right: true, Tone: widget.Error},
	{Name: "Paid", Type: "True or false", Icon: theme.IconBoolean},
	{Name: "Internal note", Type: "Left out", Muted: true},
}

func (orders) Rows() int { return 1_000_000 }
func (orders) Columns() []table.Column {
	c := make([]table.Column, 75)
	for i := range c {
		c[i] = kinds[i%len(kinds)]
	}
	return c
}
func (orders) RowName(row int) string { return fmt.Sprint(row + 2) }
func (orders) Cell(row, column int) table.Cell {
	switch column % len(kinds) {
	case 0:
		return table.Cell{Text: fmt.Sprintf("%08d", row*37)}
	case 1:
		return table.Cell{Text: time.Date(2026, 1, 1, 8, row, 0, 0, time.UTC).Format("2006-01-02 15:04")}
	case 2:
		return table.Cell{Text: []string{"Blåbär AB, Göteborg", "Contoso", "A customer with a very long name that does not fit, Port Townsend"}[row%3]}
	case 3:
		if row%11 == 5 {
			return table.Cell{Text: "blank", Muted: true}
		}
		return table.Cell{Text: fmt.Sprint(row % 97)}
	case 4:
		if row%9 == 4 {
			return table.Cell{Text: "n/a", Tone: widget.Error, Note: "E" + fmt.Sprint(row+2) + " holds text, and the column sends decimal numbers. Leave the row out, send nothing, or change the type."}
		}
		return table.Cell{Text: fmt.Sprintf("%.2f", float64(row%5000)*1.37)}
	case 5:
		return table.Cell{Text: fmt.Sprint(row%2 == 0)}
	}
	return table.Cell{Text: "x"}
}
