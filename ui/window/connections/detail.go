package connections

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/connection/manager"
	"pushdesk/connection/register"
	"pushdesk/storage/humanize"
	"pushdesk/storage/keychain"
	"pushdesk/storage/text"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// detailPanel shows one connection with its test.
type detailPanel struct {
	page       *listing
	c          connection.Connection
	title      *widget.Paragraph
	chips      *fyne.Container
	facts      *widget.KeyValues
	testButton *widget.Button
	more       *widget.Button
	test       *testPanel
	changes    *task.Latest
	ask        *widget.Banner   // while its secret manager may not be asked
	shared     *fyne.Container  // what the team knows of it
	below      *widget.Scrolled // all but the name and the buttons
	content    *fyne.Container
}

func newDetailPanel(p *listing) *detailPanel {
	d := &detailPanel{
		page: p, title: widget.NewParagraph("", widget.Style{Size: 18, Bold: true}), chips: widget.Flow(6),
		ask: widget.NewBanner(), shared: widget.Column(6), facts: widget.NewKeyValues(), changes: p.host.Work().Latest(),
		test: newTestPanel(p.host, "The test signs in, asks Power BI, and tells for each step what it saw and what to do. It changes nothing."),
	}
	d.title.MostLines = 3
	d.test.about = func() register.Values { return register.Of(d.c) }
	d.testButton = widget.NewButton(widget.Primary, theme.IconTest, "Test", d.run)
	d.test.changed = func(running bool) {
		d.testButton.SetEnabled(!running)
		if running {
			d.below.ToTop()
		}
	}
	edit := widget.NewButton(widget.Secondary, theme.IconEdit, "Edit", func() { p.edit(d.c) })
	d.more = widget.NewButton(widget.Secondary, theme.IconMore, "More", d.menu)
	head := widget.HeadRow(8, 160, d.title, d.testButton, edit, d.more)
	top := widget.Margins(0, widget.Gutter, theme.Gap, 0, widget.Card(head, d.chips, d.shared, d.ask))
	// The test comes first: what it finds is in sight when Test is pressed.
	d.below = widget.NewScrolled(widget.Margins(0, 0, 8, 0, widget.Column(theme.Gap, d.test.content,
		widget.Card(widget.NewText("Settings", widget.StyleSection), d.facts))))
	d.content = widget.Under(top, d.below)
	d.content.Hide()
	return d
}

// show puts a connection here, with what its last test said.
func (d *detailPanel) show(c connection.Connection, ok bool) {
	if !ok {
		d.stop()
		d.content.Hide()
		return
	}
	same := d.c.ID == c.ID && d.content.Visible()
	if !same || !d.c.Equal(c) {
		d.c = c
		d.content.Show()
		d.refresh()
	}
	if r, tested := d.page.tested[c.ID]; same && (d.test.running() || d.test.shows(r, tested)) {
		return
	}
	d.again(c)
	d.below.ToTop()
}

// again shows what the last test said.
func (d *detailPanel) again(c connection.Connection) {
	d.test.clear()
	if r, ok := d.page.tested[c.ID]; ok {
		d.test.show(r)
	} else if l, ok := d.page.last[c.ID]; ok {
		d.test.showLast(l)
	}
}

// recall shows the last test as it is stored, where the one that is shown is another.
func (d *detailPanel) recall() {
	if _, ok := d.page.tested[d.c.ID]; !ok && !d.test.running() && (d.test.report != nil || d.test.last != d.page.last[d.c.ID]) {
		d.again(d.c)
	}
}

func (d *detailPanel) refresh() {
	c, place := d.c, d.page.places[d.c.ID]
	d.title.SetText(c.Name)
	chips := []fyne.CanvasObject{widget.NewChip(widget.Neutral, cloudIcon(c.Cloud), c.Cloud.Label())}
	if chip, ok := placeChip(c, place); ok {
		chips = append(chips, widget.NewChip(chip.Tone, chip.Icon, chip.Word))
	}
	if chip, ok := environmentChip(c); ok {
		chips = append(chips, widget.NewChip(chip.Tone, chip.Icon, chip.Word))
	}
	if chip, ok := expiryChip(c, time.Now()); ok {
		chips = append(chips, widget.NewChip(chip.Tone, chip.Icon, chip.Word))
	}
	for _, tag := range c.Tags {
		chips = append(chips, widget.NewChip(widget.Neutral, theme.IconTag, tag))
	}
	if s, v, ok := d.page.sharedAs(c); ok {
		chip := page.SharedState(v, s)
		chips = append([]fyne.CanvasObject{widget.NewChip(widget.Info, theme.IconPerson, v.Name), widget.NewChip(chip.Tone, chip.Icon, chip.Word)}, chips...)
		if d.page.service.ChangedHere(c) {
			chips = append(chips, widget.NewChip(widget.Warning, theme.IconEdit, "Changed here, not shared"))
		}
	}
	d.chips.Objects = chips
	d.showShared()
	pairs := []widget.Pair{
		{Key: "Tenant ID", Value: c.TenantID, Mono: true, Copy: true},
		{Key: "Client ID", Value: c.ClientID, Mono: true, Copy: true},
		{Key: credentialLabel(c.Credential), Value: place},
		{Key: "Secret manager", Value: c.Reference.String()},
		{Key: "Signed in as", Value: c.Account},
		{Key: "Expires", Value: expiryLine(c, time.Now())},
		{Key: "Default workspace", Value: c.Workspace}, {Key: "Default dataset", Value: c.Dataset}, {Key: "Default table", Value: c.Table},
		{Key: "Login URL", Value: c.LoginURL, Mono: true}, {Key: "API URL", Value: c.APIURL, Mono: true},
		{Key: "Resource", Value: c.Resource, Mono: true}, {Key: "CA file", Value: c.CAFile, Mono: true},
		{Key: "Notes", Value: c.Notes},
		{Key: "Changed", Value: humanize.DateTime(c.Updated)}, {Key: "Last used", Value: humanize.DateTime(c.Used)},
	}
	if c.Credential == connection.CredentialPractice {
		pairs = []widget.Pair{
			{Key: "Default workspace", Value: c.Workspace}, {Key: "Default dataset", Value: c.Dataset}, {Key: "Default table", Value: c.Table}, {Key: "Notes", Value: c.Notes}, {Key: "Changed", Value: humanize.DateTime(c.Updated)}, {Key: "Last used", Value: humanize.DateTime(c.Used)},
		}
	}
	d.facts.Set(pairs...)
	d.content.Refresh()
}

// showShared says what the team knows of the connection, and asks for what this computer
// does not allow yet.
func (d *detailPanel) showShared() {
	c := d.c
	var lines []fyne.CanvasObject
	if s, _, ok := d.page.sharedAs(c); ok {
		if s.Problem != nil {
			m := page.Explain(s.Problem, "The connection cannot be used.")
			lines = append(lines, widget.NewParagraph(m.Sentence+" "+m.Remedy, widget.StyleBody))
		}
		for _, text := range s.Remarks(time.Now()) {
			lines = append(lines, widget.NewParagraph(text, widget.StyleMuted))
		}
	}
	d.shared.Objects = lines
	widget.ShowIf(d.shared, len(lines) > 0)
	if keychain.Place(d.page.places[c.ID]) != account.PlaceUnasked {
		d.ask.Hide()
		return
	}
	d.ask.Say(widget.Message{Tone: widget.Warning, Sentence: "The client secret is in the secret manager “" + c.Reference.Manager + "”, which may not be asked on this computer.",
		Remedy: "Allow it, if you trust it. Or enter the client secret yourself, under Edit.", Stays: true,
		Action: "Allow it", OnAction: func() { page.AllowManager(d.page.host, d.page.service, c.Reference, manager.Manager{}, d.page.load) }})
}

// run tests the connection as it is kept.
func (d *detailPanel) run() { d.runWith(false) }

// trial asks before it tests with a trial dataset.
func (d *detailPanel) trial() {
	c := d.c
	text := doctor.TrialAsks + " Without it, the test changes nothing."
	if c.Careful() {
		text = "It is a production connection. " + text
	}
	widget.Confirm(d.page.host.Window(), fmt.Sprintf("Create a trial dataset with %s?", c.Name), text, "Create and delete it", func() {
		if d.c.ID == c.ID {
			d.runWith(true)
		}
	})
}

func (d *detailPanel) runWith(trial bool) {
	c := d.c
	d.test.start(func(ctx context.Context, on func(doctor.Check)) doctor.Report {
		return d.page.service.Test(ctx, c, nil, trial, on)
	}, func(r doctor.Report) {
		d.page.tested[c.ID] = r
		d.page.list.Reload()
	})
}

// stop abandons a test under way.
func (d *detailPanel) stop() { d.test.abandon() }

func (d *detailPanel) menu() {
	items := []*fyne.MenuItem{fyne.NewMenuItem("Test with a trial dataset", d.trial), fyne.NewMenuItem("Share with a team", d.share), fyne.NewMenuItem("Export", d.export),
		fyne.NewMenuItem("Copy the parameters", d.parameters), fyne.NewMenuItem("Rename", d.rename), fyne.NewMenuItem("Duplicate", d.duplicate)}
	if d.c.Credential == connection.CredentialSecret {
		items = append(items, fyne.NewMenuItem("Replace the secret", func() { d.page.rotate(d.c) }))
	}
	items = append(items, fyne.NewMenuItem("Delete", d.remove))
	widget.Menu(d.page.host.Window(), d.more,
		items...)
}

func (d *detailPanel) rename() {
	name := widget.NewEntry("")
	name.Clean = text.Name
	name.SetText(d.c.Name)
	field := widget.NewField("Name", name, "The secret and the history stay with the connection.")
	var dialog *widget.Dialog
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	save := widget.NewButton(widget.Primary, "", "Rename", nil)
	save.OnTapped = func() {
		c := d.c
		c.Name = text.Name(name.Text)
		save.SetEnabled(false)
		task.Read(d.changes, func(ctx context.Context) (account.Saved, error) {
			return d.page.service.Edit(ctx, c, nil)
		}, func(s account.Saved, err error) {
			save.SetEnabled(true)
			if err != nil {
				m := page.Explain(err, "The connection could not be renamed.")
				field.Say(widget.Error, m.Sentence, m.Remedy)
				dialog.Fit()
				return
			}
			dialog.Close()
			d.page.load()
			d.page.host.Toast("Renamed to " + s.Connection.Name + ".")
		})
	}
	name.OnChanged = func(typed string) {
		c := d.c
		c.Name = text.Name(typed)
		page.SayFinding(field, connection.FieldName, connection.Validate(c, "", false))
		dialog.Fit()
	}
	dialog = widget.NewDialog(d.page.host.Window(), 440, "Rename connection", field, cancel, save)
	dialog.OnClosed(d.changes.Cancel)
	dialog.Show(name)
}

func (d *detailPanel) duplicate() {
	c := d.c
	task.Read(d.changes, func(ctx context.Context) (account.Saved, error) {
		return d.page.service.Duplicate(ctx, c)
	}, func(s account.Saved, err error) {
		if err != nil {
			d.page.notice.Say(page.Explain(err, fmt.Sprintf("%s could not be duplicated.", c.Name)))
			return
		}
		d.page.saved(s, nil)
	})
}

func (d *detailPanel) remove() {
	c := d.c
	title := fmt.Sprintf("Delete %s?", c.Name)
	text := "The connection and its stored secret are removed from this computer. Nothing changes in Power BI or Entra, and rows already sent stay. You can undo this for a few seconds."
	if c.Credential == connection.CredentialPractice {
		text = "The connection is removed. The practice workspace and the rows in it stay, and you can add the connection again."
	}
	if c.Careful() {
		widget.ConfirmTyped(d.page.host.Window(), title, "It is a production connection. "+text, c.Name, "Delete connection", func() { d.forget(c) })
		return
	}
	widget.Confirm(d.page.host.Window(), title, text, "Delete connection", func() { d.forget(c) })
}

// forget removes a connection and offers to bring it back.
func (d *detailPanel) forget(c connection.Connection) {
	d.stop()
	task.Read(d.changes, func(ctx context.Context) (Deleted, error) {
		return d.page.service.Forget(ctx, c)
	}, func(gone Deleted, err error) {
		if err != nil {
			d.page.notice.Say(page.Explain(err, fmt.Sprintf("%s could not be deleted.", c.Name)))
			d.page.load()
			return
		}
		d.page.notice.Hide()
		if gone.Warning != "" {
			d.page.notice.Say(widget.Message{Tone: widget.Warning, Sentence: gone.Warning})
		}
		tested, had := d.page.tested[c.ID]
		delete(d.page.tested, c.ID)
		d.page.load()
		d.page.host.Offer(c.Name+" is deleted.", "Undo", func() {
			task.Read(d.changes, func(ctx context.Context) (struct{}, error) { return struct{}{}, gone.Undo(ctx) }, func(_ struct{}, err error) {
				if err != nil {
					d.page.notice.Say(page.Explain(err, fmt.Sprintf("%s could not be restored.", c.Name)))
				} else {
					d.page.current = c.ID
					if had {
						d.page.tested[c.ID] = tested
					}
				}
				if d.page.inner == nil {
					d.page.load()
				}
			})
		})
	})
}
