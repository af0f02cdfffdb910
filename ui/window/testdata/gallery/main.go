// Gallery shows every part of the window on one page, to look at them in both
// themes: go run ./ui/window/testdata/gallery
package main

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"

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
