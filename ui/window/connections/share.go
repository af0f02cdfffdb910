package connections

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/connection/manager"
	"pushdesk/connection/team"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/keychain"
	"pushdesk/storage/text"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// shareHows are the ways in which a secret reaches the members.
var shareHows = []string{team.SecretOwn, team.SecretSealed, team.SecretReference}

// share asks how a connection is shared with a team, tests it and shares it.
func (d *detailPanel) share() {
	c, win := d.c, d.page.host.Window()
	var views []team.View
	var names []string
	at := 0
	for _, v := range d.page.service.ListTeams() {
		if v.Standing != team.StandingMember || c.Team != "" && c.Team != v.ID {
			continue
		}
		views, names = append(views, v), append(names, v.Name)
	}
	if len(views) == 0 {
		widget.Confirm(win, "You are in no team", "A team shares connections in a folder that its members can reach. Create a team, or join one.", "Open the page Team", func() { d.page.host.Open(page.Team) })
		return
	}
	how := 0
	if s, err := views[0].Find(c.ID); err == nil {
		for i, h := range shareHows {
			if h == s.How {
				how = i
			}
		}
	}
	choice := widget.NewSelect(names, "Choose a team", func(i int) { at = i })
	choice.SetSelected(0)
	explain := widget.NewParagraph("", widget.StyleMuted)
	reference, referenceField := d.referenceField()
	widget.ShowIf(referenceField, shareHows[how] == team.SecretReference)
	var dialog *widget.Dialog
	says := []string{"Each member enters the secret once, into their own keychain.", "The secret is in the file, sealed to the members' keys. Everyone in the team can act as the Entra app, also outside Pushdesk.", "The file says where your secret manager keeps the secret. Each member's own settings say whether it may be asked."}
	ways := widget.NewSegmented([]widget.Option{{Word: "Without the secret"}, {Word: "Sealed to the members"}, {Word: "In a secret manager"}}, how, func(i int) {
		how = i
		explain.SetText(says[i])
		widget.ShowIf(referenceField, shareHows[i] == team.SecretReference)
		dialog.Fit()
	})
	explain.SetText(says[how])
	trial := 1
	proof := widget.NewSegmented([]widget.Option{{Word: "By an earlier run"}, {Word: "By a trial dataset"}}, 1, func(i int) { trial = i })
	reason := widget.NewEntry("Why it is shared all the same")
	reason.Clean = text.Name
	anyway := widget.NewField("Reason (everybody in the team sees it)", reason, "Only a proven connection is shared. With a reason it is shared without proof.")
	anyway.Hide()
	notice := widget.NewBanner()
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	accept := widget.NewButton(widget.Primary, theme.IconTest, "Test and share", nil)
	lose := false
	accept.OnTapped = func() {
		c := c
		if shareHows[how] == team.SecretReference && !readReference(reference, referenceField, &c) {
			dialog.Fit()
			return
		}
		accept.SetEnabled(false)
		accept.SetText("Testing")
		o := account.ShareOptions{Team: views[at].ID, How: shareHows[how], Trial: trial == 1, Anyway: reason.Text, Lose: lose}
		task.Read(d.changes, func(ctx context.Context) (account.Sharing, error) {
			return d.page.service.Share(ctx, c, o, func(doctor.Check) {})
		}, func(s account.Sharing, err error) {
			accept.SetEnabled(true)
			accept.SetText("Test and share")
			if err == nil {
				dialog.Close()
				d.page.tested[c.ID] = s.Report
				d.page.load()
				if s.Kept != "" {
					d.page.notice.Say(widget.Message{Tone: widget.Info, Sentence: "The secret of " + c.Name + " is no longer in the team's file. It is stored on this computer: " + s.Kept + ".", Remedy: "The other members enter it once."})
				}
				d.page.host.Toast(c.Name + " is shared with " + s.Team.Name + ".")
				return
			}
			m := page.Explain(err, "The connection could not be shared.")
			if failure.HasCode(err, "secret-manager-not-allowed") {
				m.Action, m.OnAction = "Allow it", func() {
					page.AllowManager(d.page.host, d.page.service, c.Reference, manager.Manager{}, func() { notice.Hide(); dialog.Fit() })
				}
			}
			if errors.Is(err, account.ErrOnlyCopy) {
				m.Action, m.OnAction = "Remove it", func() { lose = true; accept.OnTapped() }
			}
			if errors.Is(err, team.ErrNotProven) {
				m.Tone = widget.Warning
				anyway.Show()
			}
			notice.Say(m)
			dialog.Fit()
		})
	}
	note := "The test runs first, and its result is signed and shared with the connection."
	if c.Careful() {
		note = "It is a production connection. " + doctor.TrialAsks + " " + note
	}
	dialog = widget.NewDialog(win, 620, "Share "+c.Name, widget.Column(theme.Gap, notice, widget.NewField("Team", choice, ""), widget.NewField("The secret", ways, ""), explain, referenceField,
		widget.NewField("The right to push is proven", proof, ""), widget.NewParagraph(note, widget.StyleMuted), anyway), cancel, accept)
	dialog.OnClosed(d.changes.Cancel)
	dialog.Show(nil)
}

// referenceField asks where a secret manager keeps the secret.
func (d *detailPanel) referenceField() (*widget.Entry, *widget.Field) {
	e := widget.NewEntry("op:op://Finance/Power BI/secret")
	e.Clean = text.Clean
	e.SetText(d.c.Reference.String())
	return e, widget.NewField("Secret manager and name of the secret", e, "The name of the secret manager, a colon, and what it calls the secret. "+managersHint)
}

const managersHint = "Each person's Settings say how the secret manager is asked."

// readReference puts what was typed into a connection, or says what is wrong with it.
func readReference(e *widget.Entry, f *widget.Field, c *connection.Connection) bool {
	r, err := connection.ParseReference(e.Text)
	var invalid *connection.InvalidError
	switch {
	case errors.As(err, &invalid):
		f.Say(widget.Error, invalid.Finding.Sentence, invalid.Finding.Remedy)
		return false
	case r == (connection.Reference{}):
		f.Say(widget.Error, "Nothing is named.", "Write it as manager:item, such as op:op://Finance/Power BI/secret.")
		return false
	}
	f.Say(widget.Neutral, "", "")
	c.Reference = r
	return true
}

// export asks what is given along and writes a file for others.
func (d *detailPanel) export() {
	c, win := d.c, d.page.host.Window()
	how := 0
	hows := []account.ExportHow{account.ExportDefinition, account.ExportPassphrase, account.ExportPeople, account.ExportReference}
	says := []string{"The file holds no secret. The recipient enters it once.", "A passphrase is made up and shown once. Send it another way than the file. Everyone who has both can act as the Entra app.",
		"The secret is sealed to the public keys of people. They can act as the Entra app.", "The file says where your secret manager keeps the secret."}
	explain := widget.NewParagraph(says[0], widget.StyleMuted)
	keys := widget.NewNotes("age1..., a public key a line", 3)
	recipients := widget.NewField("Public keys", keys, "Each person finds their own with the command pushdesk team key.")
	recipients.Hide()
	reference, referenceField := d.referenceField()
	referenceField.Hide()
	notice := widget.NewBanner()
	var dialog *widget.Dialog
	ways := widget.NewSegmented([]widget.Option{{Word: "Without the secret"}, {Word: "With a passphrase"}, {Word: "For people"}, {Word: "Secret manager"}}, 0, func(i int) {
		how = i
		explain.SetText(says[i])
		widget.ShowIf(recipients, hows[i] == account.ExportPeople)
		widget.ShowIf(referenceField, hows[i] == account.ExportReference)
		dialog.Fit()
	})
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	accept := widget.NewButton(widget.Primary, theme.IconSave, "Choose the file", nil)
	accept.OnTapped = func() {
		c := c
		if hows[how] == account.ExportReference && !readReference(reference, referenceField, &c) {
			dialog.Fit()
			return
		}
		o := account.ExportOptions{How: hows[how], Recipients: strings.Fields(keys.Text)}
		if o.How == account.ExportPassphrase || o.How == account.ExportPeople {
			o.ValidUntil = connection.DayOf(time.Now().AddDate(0, 0, 7))
		}
		if o.How == account.ExportPassphrase {
			o.Passphrase = keychain.SuggestPassphrase()
		}
		task.Read(d.changes, func(ctx context.Context) ([]byte, error) {
			return d.page.service.Export(ctx, []connection.Connection{c}, o)
		}, func(content []byte, err error) {
			if err != nil {
				notice.Say(page.Explain(err, "The connection could not be exported."))
				dialog.Fit()
				return
			}
			dialog.Close()
			page.Save(d.page.host, page.Saving{Title: "Save the export", Name: c.Name + ".json",
				Write: func(_ context.Context, path string) error {
					if o.How == account.ExportPeople || o.How == account.ExportPassphrase { // it holds a secret, though sealed
						return storage.WriteFile(path, content)
					}
					return storage.Export(path, content)
				},
				Saved: func(path string) {
					d.page.host.Toast("Saved as " + filepath.Base(path) + ".")
					if o.Passphrase != "" {
						d.showPassphrase(o.Passphrase)
					}
				}})
		})
	}
	dialog = widget.NewDialog(win, 620, "Export "+c.Name, widget.Column(theme.Gap, notice, widget.NewField("The secret", ways, ""), explain, recipients, referenceField), cancel, accept)
	dialog.OnClosed(d.changes.Cancel)
	dialog.Show(nil)
}

// showPassphrase shows the passphrase of an export, once.
func (d *detailPanel) showPassphrase(passphrase string) {
	var dialog *widget.Dialog
	copied := widget.NewButton(widget.Secondary, theme.IconCopy, "Copy", func() { d.copySecret(passphrase, "The passphrase") })
	done := widget.NewButton(widget.Primary, "", "Done", func() { dialog.Close() })
	dialog = widget.NewDialog(d.page.host.Window(), 480, "The passphrase of the file", widget.Column(theme.Gap, widget.NewParagraph(passphrase, widget.Style{Size: 16, Bold: true, Mono: true}),
		widget.NewParagraph("It is shown only now. Send it another way than the file, and ask that it is used within seven days.", widget.StyleMuted)), copied, done)
	dialog.Show(nil)
}

// clipboardLimit is how long a secret stays in the clipboard.
const clipboardLimit = 30 * time.Second

// copySecret puts a secret into the clipboard and takes it out again, if it is still
// there.
func (d *detailPanel) copySecret(secret, what string) {
	widget.CopyText(secret)
	d.page.copied = secret
	d.page.host.Toast(what + " is copied. The clipboard is cleared after 30 seconds.")
	d.page.host.Work().After(clipboardLimit, func() { d.forgetCopied(secret) })
}

// forgetCopied takes a secret out of the clipboard, unless something else was copied.
func (d *detailPanel) forgetCopied(secret string) {
	if d.page.copied == secret {
		d.page.copied = ""
	}
	if clipboard := fyne.CurrentApp().Clipboard(); clipboard.Content() == secret {
		clipboard.SetContent("")
		d.page.host.Toast("The clipboard is cleared.")
	}
}

// Closing takes a copied secret out of the clipboard before the window closes: nobody
// would do it afterwards.
func (p *Page) Closing() {
	if p.copied != "" {
		p.detail.forgetCopied(p.copied)
	}
}

// parameters shows the values for the form of another program, field by field, and the
// secret on demand.
func (d *detailPanel) parameters() {
	c := d.c
	var dialog *widget.Dialog
	notice := widget.NewBanner()
	endpoints, err := c.Endpoints()
	pairs := []widget.Pair{{Key: "Connection name", Value: c.Name, Copy: true}, {Key: "Tenant ID", Value: c.TenantID, Mono: true, Copy: true}, {Key: "Client ID", Value: c.ClientID, Mono: true, Copy: true},
		{Key: "Workspace", Value: c.Workspace, Copy: true}, {Key: "Dataset", Value: c.Dataset, Copy: true}, {Key: "Table", Value: c.Table, Copy: true}}
	if err == nil {
		pairs = append(pairs, widget.Pair{Key: "Authority", Value: endpoints.LoginURL + "/" + c.TenantID, Mono: true, Copy: true}, widget.Pair{Key: "Scope", Value: endpoints.Resource + "/.default", Mono: true, Copy: true},
			widget.Pair{Key: "API", Value: endpoints.APIURL + "/v1.0/myorg", Mono: true, Copy: true})
	}
	buttons := []*widget.Button{}
	if c.Credential == connection.CredentialSecret {
		var secret *widget.Button
		secret = widget.NewButton(widget.Secondary, theme.IconKey, "Copy the client secret", func() {
			secret.SetEnabled(false)
			task.Read(d.changes, func(ctx context.Context) (string, error) { return d.page.service.SecretOf(ctx, c) }, func(value string, err error) {
				secret.SetEnabled(true)
				if err != nil {
					notice.Say(page.Explain(err, "The client secret could not be read."))
					dialog.Fit()
					return
				}
				d.copySecret(value, "The client secret")
			})
		})
		buttons = append(buttons, secret)
	}
	buttons = append(buttons, widget.NewButton(widget.Primary, "", "Done", func() { dialog.Close() }))
	dialog = widget.NewDialog(d.page.host.Window(), 640, fmt.Sprintf("Parameters of %s", c.Name), widget.Column(theme.Gap, notice,
		widget.NewParagraph("For the connection form of another program. The client secret is not shown: it is copied when you ask for it, and taken out of the clipboard after 30 seconds.", widget.StyleMuted),
		widget.NewKeyValues(pairs...)), buttons...)
	dialog.OnClosed(d.changes.Cancel)
	dialog.Show(nil)
}
