package connections

import (
	"context"
	"fmt"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/connection/register"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// rotation replaces the client secret of every connection of one app.
type rotation struct {
	page    *listing
	ticks   *tickList
	secret  *widget.Entry
	expires *widget.Entry
	fields  map[connection.Field]*widget.Field
	notice  *widget.Banner
	start   *widget.Button
	close   *widget.Button
	stop    context.CancelFunc // set while it runs
	run     int
	kept    int
	failed  int
	next    *widget.Button // to the next connection whose secret somebody could read
	content *fyne.Container
}

// newRotation leads through replacing the secret of an app. who could read the old one
// and may not any more, or "".
func newRotation(p *listing, c connection.Connection, same []connection.Connection, who string) *rotation {
	r := &rotation{page: p, notice: widget.NewBanner(), fields: map[connection.Field]*widget.Field{}}
	r.ticks = newTickList(same, r.refresh)
	r.secret = widget.NewPassword("The new secret's Value")
	r.secret.Clean = connection.CleanSecret
	r.secret.OnChanged = func(string) { r.check() }
	r.expires = widget.NewEntry("2027-01-31")
	r.expires.Clean = text.Clean
	r.expires.OnChanged = func(string) { r.check() }
	r.fields[connection.FieldSecret] = widget.NewField("New client secret", r.secret,
		"Create it in Entra under Certificates & secrets. Two secrets can be active at once, so nothing stops working meanwhile.")
	r.fields[connection.FieldExpires] = widget.NewField("Expires (optional)", r.expires, "The date that Entra shows next to the secret. Pushdesk warns 30, 14 and 3 days before.")
	r.start = widget.NewButton(widget.Primary, theme.IconRotate, "", r.startOrStop)
	r.close = widget.NewButton(widget.Secondary, "", "Cancel", r.leave)
	r.next = widget.NewButton(widget.Primary, theme.IconArrowRight, "Next connection", func() { r.end(); r.page.exposed() }).Trailing()
	r.next.Hide()
	header := widget.NewHeader("Replace the client secret", "App "+c.ClientID, r.close, r.next, r.start)
	back := widget.NewIconButton(theme.IconArrowLeft, "Back", r.leave)
	if who != "" {
		r.notice.Say(widget.Message{Tone: widget.Warning, Sentence: who + " could read the client secret of " + c.Name + ".",
			Remedy: "The secrets are sealed again without " + who + ", but only a new secret in Entra shuts " + who + " out."})
	}
	fields := widget.Card(r.fields[connection.FieldSecret], r.fields[connection.FieldExpires],
		widget.NewParagraph("Each connection is tested with the new secret first. The old secret is replaced only if Entra accepts the new one.", widget.StyleMuted))
	form := widget.Column(theme.Gap, fields, r.steps(c, who))
	if who != "" { // it begins in Entra
		form = widget.Column(theme.Gap, r.steps(c, who), fields)
	}
	list := widget.Panel(10, widget.Under(widget.Margins(4, 8, 8, 8, widget.NewText("Connections of this app", widget.StyleStrong)), r.ticks.rows))
	r.content = widget.Inset(theme.PageMargin, widget.Under(
		widget.Margins(0, 0, theme.GapLarge, 0, widget.Column(theme.Gap, widget.TopRow(8, back, widget.Fill(header)), r.notice)),
		container.New(formAndTest{}, widget.NewScrolled(widget.Column(0, form)), list)))
	r.refresh()
	return r
}

// steps are what is done in Entra before and after, with the values of the app.
func (r *rotation) steps(c connection.Connection, who string) fyne.CanvasObject {
	v := register.Of(c)
	head := []fyne.CanvasObject{widget.Fill(widget.NewText("Step by step", widget.StyleSection))}
	if link := v.Link(); link != "" {
		head = append(head, widget.NewButton(widget.Secondary, theme.IconCloud, "Open Entra", func() {
			u, err := url.Parse(link)
			if err == nil {
				err = fyne.CurrentApp().OpenURL(u)
			}
			if err != nil {
				widget.CopyText(link)
				r.page.host.Toast("The browser could not be opened. The address is copied.")
			}
		}))
	}
	lines := []fyne.CanvasObject{widget.Row(8, head...)}
	for i, step := range v.Rotation(who) {
		lines = append(lines, widget.TopRow(8, widget.NewText(fmt.Sprintf("%d.", i+1), widget.StyleStrong), widget.Fill(widget.NewParagraph(step, widget.StyleBody))))
	}
	return widget.Card(append(lines, widget.NewKeyValues(widget.Pair{Key: "Client ID", Value: c.ClientID, Mono: true, Copy: true}, widget.Pair{Key: "Tenant ID", Value: c.TenantID, Mono: true, Copy: true}))...)
}

// Content implements innerPage.
func (r *rotation) Content() fyne.CanvasObject { return r.content }

func (r *rotation) accept() {
	if r.stop == nil && len(r.ticks.chosen()) > 0 {
		r.startOrStop()
	}
}

func (r *rotation) leave() {
	r.end()
	r.page.load()
}

func (r *rotation) end() {
	r.run++
	if r.stop != nil {
		r.stop()
		r.stop = nil
	}
	r.ticks.locked = false
	r.ticks.stopped()
}

// check says what is wrong with the secret and the date, and tells whether they
// can be used.
func (r *rotation) check() bool {
	c := r.ticks.all[0]
	c.Credential, c.Expires = connection.CredentialSecret, connection.Day(r.expires.Text)
	findings := connection.Validate(c, connection.CleanSecret(r.secret.Text), true)
	good := true
	for name, field := range r.fields {
		page.SayFinding(field, name, findings)
		for _, f := range findings {
			good = good && (f.Field != name || f.Level != connection.LevelFail)
		}
	}
	return good
}

func (r *rotation) startOrStop() {
	if r.stop != nil {
		r.end()
		r.refresh()
		return
	}
	if !r.check() {
		return
	}
	ids, secret, expires := r.ticks.chosen(), connection.CleanSecret(r.secret.Text), connection.Day(r.expires.Text)
	run := r.run
	r.kept, r.failed = 0, 0
	r.notice.Hide()
	r.ticks.results = map[string]tickResult{}
	r.ticks.waiting(ids)
	r.ticks.locked = true
	work := r.page.host.Work()
	r.stop = work.Go(func(ctx context.Context) {
		err := r.page.service.Rotate(ctx, ids, secret, expires, func(id string, done *account.Rotation) {
			work.Post(func() { r.tell(run, id, done) })
		})
		work.Post(func() {
			if r.run == run {
				r.end()
				r.sum(len(ids), err)
			}
		})
	})
	r.refresh()
}

// tell shows that a connection has its turn, or what became of it. A secret that
// was replaced is told also after Stop.
func (r *rotation) tell(run int, id string, done *account.Rotation) {
	switch {
	case done == nil:
		if r.run == run {
			r.ticks.running(id)
		}
	case done.Err != nil:
		r.failed++
		r.ticks.set(id, widget.RowChip{Tone: widget.Error, Icon: theme.IconFail, Word: "Old secret kept"}, page.Explain(done.Err, "The new secret could not be stored.").Sentence)
	case done.Replaced:
		r.kept++
		r.page.tested[id] = done.Report
		chip := widget.RowChip{Tone: widget.Success, Icon: theme.IconPass, Word: "Replaced"}
		if done.Report.Verdict == doctor.Fail {
			chip = widget.RowChip{Tone: widget.Warning, Icon: theme.IconWarning, Word: "Replaced"}
		}
		r.ticks.set(id, chip, outcomeOf(done.Report))
	default:
		r.failed++
		r.ticks.set(id, widget.RowChip{Tone: widget.Error, Icon: theme.IconFail, Word: "Old secret kept"}, outcomeOf(done.Report))
	}
}

// sum says how it went as a whole.
func (r *rotation) sum(of int, err error) {
	m := widget.Message{Tone: widget.Success, Sentence: fmt.Sprintf("The new secret is in use in %s.", humanize.Count(r.kept, "connection")),
		Remedy: "When everyone who uses the app has the new secret, delete the old one in Entra."}
	switch {
	case err != nil:
		m = page.Explain(err, "The secret could not be replaced.")
	case r.kept == 0:
		m = widget.Message{Tone: widget.Error, Sentence: "No connection was changed: all keep the old secret.", Remedy: "See the list for the reasons."}
	case r.failed > 0 || r.kept < of:
		m.Tone = widget.Warning
		m.Sentence = fmt.Sprintf("The new secret is in use in %d of %d connections; the others keep the old one.", r.kept, of)
		m.Remedy = "See the list for the reasons."
	default:
		r.secret.SetText("")
		r.fields[connection.FieldSecret].Say(widget.Neutral, "", "")
	}
	r.notice.Say(m)
	r.close.SetText("Done")
	widget.ShowIf(r.next, r.kept > 0 && len(r.page.toReplace) > 0)
	r.refresh()
}

// refresh shows what can be pressed.
func (r *rotation) refresh() {
	n := len(r.ticks.chosen())
	if r.stop != nil {
		r.start.SetKind(widget.Secondary)
		r.start.SetIcon(theme.IconClose)
		r.start.SetText("Stop")
		r.start.SetEnabled(true)
	} else {
		r.start.SetKind(widget.Primary)
		r.start.SetIcon(theme.IconRotate)
		r.start.SetText("Test and replace")
		r.start.SetEnabled(n > 0)
	}
	r.content.Refresh()
}
