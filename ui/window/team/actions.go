package team

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/connection/account"
	"pushdesk/connection/team"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

func failureIs(err, target error) bool { return errors.Is(err, target) }

// change does something with a team in the background and shows what came of it; offer adds
// to what is said of a failure.
func (p *Page) change(do func(ctx context.Context) error, what, done string, offer ...func(err error, m *widget.Message)) {
	task.Read(p.changes, func(ctx context.Context) (struct{}, error) {
		err := do(ctx)
		if err == nil {
			err = p.service.SyncTeams(ctx)
		}
		return struct{}{}, err
	}, func(_ struct{}, err error) {
		if err != nil {
			m := page.Explain(err, what)
			for _, add := range offer {
				add(err, &m)
			}
			p.notice.Say(m)
		} else {
			p.notice.Hide()
			p.host.Toast(done)
		}
		p.load()
	})
}

// asked is a dialog with inputs whose action runs in the background; what goes wrong is
// said in it.
func (p *Page) asked(width float32, title string, first fyne.Focusable, body fyne.CanvasObject, yes string, do func(ctx context.Context) error, what string, done func()) {
	var d *widget.Dialog
	notice := widget.NewBanner()
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { d.Close() })
	accept := widget.NewButton(widget.Primary, "", yes, nil)
	accept.OnTapped = func() {
		accept.SetEnabled(false)
		task.Read(p.changes, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) }, func(_ struct{}, err error) {
			accept.SetEnabled(true)
			if err != nil {
				notice.Say(page.Explain(err, what))
				d.Fit()
				return
			}
			d.Close()
			p.load()
			done()
			p.read()
		})
	}
	d = widget.NewDialog(p.host.Window(), width, title, widget.Column(theme.Gap, notice, body), cancel, accept)
	d.OnClosed(p.changes.Cancel)
	d.Show(first)
}

// folderField is an input for a folder.
func (p *Page) folderField(hint string) (*widget.Entry, *widget.Field) {
	var e *widget.Entry
	e = widget.NewPath("A folder that all members can reach", func() { page.ChooseFolder(p.host.Window(), e.SetText) })
	e.Clean = text.Clean
	return e, widget.NewField("Folder", e, hint)
}

func (p *Page) creates() {
	name := widget.NewEntry("For example Finance")
	name.Clean = text.Name
	folder, folderField := p.folderField("A network share, a synced drive or a git repository.")
	tenants := widget.NewEntry("contoso.onmicrosoft.com")
	tenants.Clean = text.Clean
	me := widget.NewEntry("")
	me.SetText(p.service.OwnName())
	var made team.View
	p.asked(560, "New team", name, widget.Column(theme.Gap, widget.NewField("Name", name, ""), folderField,
		widget.NewField("Tenants", tenants, "Connections of the team may sign in to these only. Separate several with commas."),
		widget.NewField("Your name in the team", me, "")), "Create the team", func(ctx context.Context) (err error) {
		made, err = p.service.CreateTeam(ctx, folder.Text, name.Text, me.Text, strings.FieldsFunc(tenants.Text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }))
		return err
	}, "The team could not be created.", func() {
		p.current = made.ID
		p.load()
		p.host.Toast(made.Name + " is created. Invite your colleagues.")
	})
}

func (p *Page) joins() {
	folder, folderField := p.folderField("The folder with the file team.json.")
	owner := widget.NewEntry("From the invitation (optional)")
	owner.Clean = text.Clean
	me := widget.NewEntry("")
	me.SetText(p.service.OwnName())
	var joined team.View
	p.asked(560, "Join a team", folder, widget.Column(theme.Gap, folderField, widget.NewField("Your name in the team", me, ""), widget.NewField("ID of the owner", owner, "It proves that the folder is the one you were invited to.")),
		"Ask to join", func(ctx context.Context) (err error) {
			joined, err = p.service.JoinTeam(ctx, folder.Text, me.Text, owner.Text)
			return err
		}, "You could not ask to join.", func() {
			p.current = joined.ID
			p.load()
		})
}

// invite shows a letter to a colleague.
func (p *Page) invite(v team.View) {
	body := fmt.Sprintf("Hello,\n\nplease join the team “%s” in Pushdesk, so that you can use its connections.\n\n1. Make sure that you can open this folder (on your computer it may have another path):\n   %s\n"+
		"2. In Pushdesk choose Team, Join a team, and enter the folder and this ID of the owner:\n   %s\n3. You will see five words. Call me and read them to me; I will then accept you.\n\nNothing in this message is secret.\n", v.Name, v.Folder, v.Signer)
	notes := widget.NewNotes("", 12)
	notes.SetText(body)
	var d *widget.Dialog
	closed := widget.NewButton(widget.Secondary, "", "Close", func() { d.Close() })
	mail := widget.NewButton(widget.Secondary, theme.IconMail, "Open in mail", func() {
		link := &url.URL{Scheme: "mailto", RawQuery: strings.ReplaceAll(url.Values{"subject": {"Join our team in Pushdesk: " + v.Name}, "body": {notes.Text}}.Encode(), "+", "%20")}
		if err := fyne.CurrentApp().OpenURL(link); err != nil {
			widget.CopyText(notes.Text)
			p.host.Toast("No mail program opens. The invitation is copied.")
		}
	})
	copied := widget.NewButton(widget.Primary, theme.IconCopy, "Copy", func() {
		widget.CopyText(notes.Text)
		p.host.Toast("The invitation is copied.")
		d.Close()
	})
	d = widget.NewDialog(p.host.Window(), 640, "Invite a colleague", widget.NewField("Invitation", notes, ""), closed, mail, copied)
	d.Show(nil)
}

func (p *Page) accept(v team.View, q team.RequestView) {
	var d *widget.Dialog
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { d.Close() })
	yes := widget.NewButton(widget.Primary, theme.IconTick, "The words are the same: accept", func() {
		d.Close()
		p.change(func(ctx context.Context) error { return p.service.AcceptMember(ctx, v.ID, q.ID) }, q.Name+" could not be accepted.", q.Name+" is a member of "+v.Name+".")
	})
	d = widget.NewDialog(p.host.Window(), 520, "Did "+q.Name+" read these words to you?", widget.Column(theme.Gap,
		widget.NewParagraph(cmp.Or(q.Words, q.Phrase()), widget.Style{Size: 20, Bold: true}),
		widget.NewParagraph("Compare them on the phone or face to face, not by mail. If the words differ, somebody has changed the folder: do not accept. Sealed secrets are sealed to the new member, too.", widget.StyleBody)), cancel, yes)
	d.Show(nil)
}

func (p *Page) remove(v team.View, who string) {
	widget.Confirm(p.host.Window(), fmt.Sprintf("Remove %s from %s?", who, v.Name),
		"The secrets are sealed again without them. That does not take away what they could read: only a new secret in Entra does.", "Remove "+who, func() {
			task.Read(p.changes, func(ctx context.Context) ([]string, error) {
				exposed, err := p.service.RemoveMember(ctx, v.ID, who)
				return exposed, errors.Join(err, p.service.SyncTeams(ctx))
			}, func(exposed []string, err error) {
				switch {
				case err != nil:
					p.notice.Say(page.Explain(err, who+" could not be removed."))
				case len(exposed) > 0:
					p.host.Toast(who + " is removed.")
					p.load() // it says who could read what until the secret is replaced
					p.replaceSecrets(v, exposed, who)
					return
				default:
					p.host.Toast(who + " is removed.")
				}
				p.load()
			})
		})
}

// replaceSecrets opens the assistant for connections of a team, by name.
func (p *Page) replaceSecrets(v team.View, names []string, who string) {
	var ids []string
	for _, name := range names {
		if c, err := v.Find(name); err == nil {
			ids = append(ids, c.ID)
		}
	}
	if p.replace != nil {
		p.replace(ids, who)
	}
}

func (p *Page) leave(v team.View) {
	widget.Confirm(p.host.Window(), "Leave "+v.Name+"?", "The team's connections are removed from this computer.", "Leave the team", func() {
		task.Read(p.changes, func(ctx context.Context) (string, error) { return p.service.LeaveTeam(ctx, v.ID) }, func(says string, err error) {
			if err != nil {
				p.notice.Say(page.Explain(err, "You could not leave the team."))
			} else {
				p.notice.Hide()
				p.host.Toast("You left " + v.Name + ". " + says)
			}
			p.load()
		})
	})
}

// recovery shows the words of the person's key, on demand.
func (p *Page) recovery() {
	task.Read(p.changes, p.service.Recovery, func(words string, err error) {
		if err != nil {
			p.notice.Say(page.Explain(err, "Your key could not be read."))
			return
		}
		var d *widget.Dialog
		done := widget.NewButton(widget.Primary, "", "I wrote them down", func() { d.Close() })
		d = widget.NewDialog(p.host.Window(), 560, "Your recovery phrase", widget.Column(theme.Gap, widget.NewParagraph(words, widget.StyleStrong),
			widget.NewParagraph("These words bring your key back on another computer. Write them down, in this order, and keep them safe: they are as good as your key.", widget.StyleMuted)), done)
		d.Show(nil)
	})
}

func (p *Page) verify(c team.ConnectionView) {
	run := func(trial bool) {
		p.host.Toast("Testing " + c.Name + ".")
		task.Read(p.changes, func(ctx context.Context) (account.Sharing, error) {
			s, err := p.service.VerifyShared(ctx, c.ID, trial)
			return s, errors.Join(err, p.service.SyncTeams(ctx))
		}, func(s account.Sharing, err error) {
			switch {
			case err != nil:
				p.notice.Say(page.Explain(err, c.Name+" could not be verified."))
			case len(s.Lacks) > 0:
				p.notice.Say(widget.Message{Tone: widget.Warning, Sentence: c.Name + ": " + s.Report.Summary, Remedy: s.Lacks[0], Details: strings.Join(s.Lacks, "\n")})
			default:
				p.notice.Hide()
				p.host.Toast(c.Name + " is proven. Everybody sees that.")
			}
			p.load()
		})
	}
	var d *widget.Dialog
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { d.Close() })
	plain := widget.NewButton(widget.Secondary, "", "Test only", func() { d.Close(); run(false) })
	trial := widget.NewButton(widget.Primary, theme.IconTest, "Prove it with a trial dataset", func() { d.Close(); run(true) })
	d = widget.NewDialog(p.host.Window(), 560, "Verify "+c.Name, widget.NewParagraph("The test signs in and asks Power BI. A trial dataset also proves the right to push: it is created, filled and deleted. Your result is shown to the team.", widget.StyleBody), cancel, plain, trial)
	d.Show(nil)
}

func (p *Page) unshare(v team.View, c team.ConnectionView) {
	widget.Confirm(p.host.Window(), fmt.Sprintf("Take %s out of %s?", c.Name, v.Name), "Members can no longer use it. It stays with you, as a connection of your own. Members who could open its secret keep what they read: only a new secret in Entra ends that.", "Take it out", func() {
		p.takeOut(c, false)
	})
}

// takeOut takes a connection out of its team; lose says that its secret may be lost.
func (p *Page) takeOut(c team.ConnectionView, lose bool) {
	p.change(func(ctx context.Context) error { return p.service.UnshareShared(ctx, c.ID, lose) }, c.Name+" could not be taken out of the team.", c.Name+" is no longer shared.", func(err error, m *widget.Message) {
		if errors.Is(err, account.ErrOnlyCopy) {
			m.Action, m.OnAction = "Remove it", func() { p.takeOut(c, true) }
		}
	})
}

// addresses asks for the custom addresses of a connection.
func (p *Page) addresses(v team.View, c team.ConnectionView) {
	login, api, resource := widget.NewEntry("https://login.example.com"), widget.NewEntry("https://api.example.com"), widget.NewEntry("The public cloud's when empty")
	var ca *widget.Entry
	ca = widget.NewPath("A PEM file (optional)", func() { page.ChooseFile(p.host.Window(), nil, ca.SetText) })
	p.asked(560, "Allow addresses for "+c.Name, login, widget.Column(theme.Gap,
		widget.NewParagraph("Your secret is sent to these addresses. A shared file never brings them: get them from somebody you trust.", widget.StyleBody),
		widget.NewField("Login URL", login, ""), widget.NewField("API URL", api, ""), widget.NewField("Resource (optional)", resource, ""), widget.NewField("CA file (optional)", ca, "")),
		"Allow on this computer", func(ctx context.Context) error {
			return p.service.AllowAddresses(ctx, v.ID, c.ID, team.Addresses{LoginURL: login.Text, APIURL: api.Text, Resource: resource.Text, CAFile: ca.Text})
		}, "The addresses cannot be used.", func() { p.host.Toast(c.Name + " can be used on this computer.") })
}

// decide shows the versions of a connection side by side, in what they differ.
func (p *Page) decide(v team.View, c team.ConnectionView) {
	var d *widget.Dialog
	var columns []fyne.CanvasObject
	differences := c.Differences()
	authors := map[string]int{}
	for _, x := range c.Conflicts {
		authors[x.Name]++
	}
	for i, x := range c.Conflicts {
		name := x.Name + "'s"
		if authors[x.Name] > 1 {
			name = fmt.Sprintf("version %d", i+1)
		}
		keep := widget.NewButton(widget.Primary, theme.IconTick, "Keep "+name, func() {
			d.Close()
			p.change(func(ctx context.Context) error { return p.service.KeepVersion(ctx, v.ID, c.ID, x.ID) }, "The version could not be kept.", "One version of "+c.Name+" is left.")
		})
		pairs := []widget.Pair{{Key: "By", Value: x.Name}, {Key: "Changed", Value: humanize.Time(x.Signed.At, time.Now())}}
		for _, f := range differences {
			pairs = append(pairs, widget.Pair{Key: f.Field, Value: cmp.Or(f.Values[i], "none")})
		}
		columns = append(columns, widget.Card(widget.NewText(fmt.Sprintf("Version %d", i+1), widget.StyleStrong), widget.NewKeyValues(append(pairs, widget.Pair{Key: "File", Value: x.File})...), widget.Row(0, keep)))
	}
	cancel := widget.NewButton(widget.Secondary, "", "Later", func() { d.Close() })
	d = widget.NewDialog(p.host.Window(), 820, fmt.Sprintf("%d versions of %s", len(c.Conflicts), c.Name), widget.Column(theme.Gap,
		widget.NewParagraph("Members changed the same thing at the same time. Everything that is not shown is the same. What you decide against is kept in the folder “conflicts” of the team.", widget.StyleBody), widget.EvenOrStacked(theme.Gap, columns...)), cancel)
	d.Show(nil)
}
