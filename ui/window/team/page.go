// Package team is the page of the teams: their members, and the connections that they
// share in a folder.
package team

import (
	"context"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"pushdesk/connection"
	"pushdesk/connection/team"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Page lists the teams at the left and shows the chosen one at the right.
//
// Large: each card, and each thing that can be done with a team, is a method.
type Page struct {
	service Service
	host    page.Host
	reads   *task.Latest
	changes *task.Latest

	all     []team.View
	current string
	list    *widget.Rows
	notice  *widget.Banner
	unread  bool // the notice says that the folders could not be read
	header  *widget.Header
	create  *widget.Button
	join    *widget.Button
	refresh *widget.Button
	right   *fyne.Container
	browse  fyne.CanvasObject
	empty   fyne.CanvasObject
	content *fyne.Container
	// replace leads through replacing the secrets that somebody could read; nil when no page does.
	replace func(ids []string, who string)
	sample  func(connectionID string) // sends the sample with a connection; nil when no page does
}

// OnSample sets what sends the sample workbook with a connection.
func (p *Page) OnSample(do func(connectionID string)) { p.sample = do }

// OnReplace sets what leads through replacing the secrets that somebody could read.
func (p *Page) OnReplace(do func(ids []string, who string)) { p.replace = do }

// New returns the page.
func New(d Service, h page.Host) *Page {
	p := &Page{service: d, host: h, reads: h.Work().Latest(), changes: h.Work().Latest(), notice: widget.NewBanner()}
	p.create = widget.NewButton(widget.Secondary, theme.IconAdd, "New team", p.creates)
	p.join = widget.NewButton(widget.Secondary, theme.IconPerson, "Join a team", p.joins)
	p.refresh = widget.NewButton(widget.Secondary, theme.IconRefresh, "Refresh", p.read)
	p.header = widget.NewHeader("Team", "", p.refresh, p.join, p.create)
	p.list = widget.NewRows(func() int { return len(p.all) }, p.row, true, true, func(i int) { p.current = p.all[i].ID; p.show() })
	p.right = widget.Column(theme.Gap)
	p.browse = container.New(&widget.Sides{Left: 280, Gap: theme.GapLarge}, widget.Panel(10, p.list), widget.NewScrolled(widget.Margins(0, widget.Gutter, 8, 0, p.right)))
	p.empty = widget.NewEmpty(theme.IconPerson, "No team yet",
		"A team shares connections in a folder that all members can reach: a network share, a synced drive, a git repository. There is no server, and by default no secret is in the folder.",
		widget.NewButton(widget.Primary, theme.IconAdd, "New team", p.creates),
		widget.NewButton(widget.Secondary, theme.IconPerson, "Join a team", p.joins))
	p.content = container.NewStack()
	p.load()
	return p
}

// Content implements page.Page.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Shown reads the folders: the window may have been in the back for a while.
func (p *Page) Shown() { p.load(); p.read() }

// Changed shows the teams again after a folder was read.
func (p *Page) Changed() { p.load() }

// read reads the folders.
func (p *Page) read() {
	if len(p.all) == 0 {
		return
	}
	task.Read(p.reads, func(ctx context.Context) (struct{}, error) { return struct{}{}, p.service.SyncTeams(ctx) }, func(_ struct{}, err error) {
		switch {
		case err != nil:
			p.notice.Say(page.Explain(err, "The folders of your teams could not be read."))
		case p.unread:
			p.notice.Hide()
		}
		p.unread = err != nil
		p.load()
	})
}

// load shows what is known.
func (p *Page) load() {
	p.all = p.service.ListTeams()
	at := -1
	for i, v := range p.all {
		if v.ID == p.current {
			at = i
		}
	}
	if at < 0 && len(p.all) > 0 {
		at, p.current = 0, p.all[0].ID
	}
	p.list.Select(at)
	body := p.browse
	if len(p.all) == 0 {
		body = p.empty
		p.header.SetTitle("Team", "")
		p.header.SetActions()
	} else {
		p.header.SetTitle("Team", humanize.Count(len(p.all), "team"))
		p.header.SetActions(p.refresh, p.join, p.create)
	}
	p.content.Objects = []fyne.CanvasObject{widget.Inset(theme.PageMargin,
		widget.Under(widget.Margins(0, 0, theme.GapLarge, 0, widget.Column(theme.Gap, p.header, p.notice)), body))}
	p.show()
	p.content.Refresh()
}

func (p *Page) row(i int) widget.RowData {
	v := p.all[i]
	d := widget.RowData{Title: v.Name, Caption: humanize.Count(len(v.Connections), "connection") + ", " + humanize.Count(len(v.Members), "member")}
	if chip, ok := standingChip(v); ok {
		d.Chips = append(d.Chips, chip)
	}
	if n := len(v.Requests); n > 0 && v.Role == team.RoleOwner {
		d.Chips = append(d.Chips, widget.RowChip{Tone: widget.Info, Icon: theme.IconPerson, Word: humanize.Count(n, "request")})
	}
	return d
}

// standingChip says how the person stands in a team, and whether its folder was read.
func standingChip(v team.View) (widget.RowChip, bool) {
	switch {
	case v.Standing == team.StandingPending:
		return widget.RowChip{Tone: widget.Info, Icon: theme.IconWaiting, Word: "Asked to join"}, true
	case v.Standing == team.StandingRemoved:
		return widget.RowChip{Tone: widget.Error, Icon: theme.IconFail, Word: "Removed"}, true
	case v.Offline:
		return widget.RowChip{Tone: widget.Warning, Icon: theme.IconWarning, Word: "Offline copy"}, true
	case v.Problem != nil:
		return widget.RowChip{Tone: widget.Error, Icon: theme.IconWarning, Word: "Not trusted"}, true
	case v.Role == team.RoleOwner:
		return widget.RowChip{Tone: widget.Neutral, Icon: theme.IconKey, Word: "Owner"}, true
	}
	return widget.RowChip{Tone: widget.Neutral, Icon: theme.IconPerson, Word: "Member"}, true
}

func (p *Page) view() (team.View, bool) {
	for _, v := range p.all {
		if v.ID == p.current {
			return v, true
		}
	}
	return team.View{}, false
}

// show puts the chosen team at the right.
func (p *Page) show() {
	v, ok := p.view()
	if !ok {
		p.right.Objects = nil
		return
	}
	var cards []fyne.CanvasObject
	if v.Problem != nil {
		b := widget.NewBanner()
		m := page.Explain(v.Problem, "The team's folder cannot be used.")
		m.Stays = true
		if v.Offline {
			m.Tone, m.Remedy = widget.Warning, m.Remedy+" The copy from "+humanize.DateTime(v.ReadAt)+" is used."
		}
		b.Say(m)
		cards = append(cards, b)
	}
	cards = append(cards, p.head(v))
	if v.Standing == team.StandingPending {
		cards = append(cards, widget.Card(widget.NewText("Read these words to an owner of the team", widget.StyleSection),
			widget.NewParagraph(v.Phrase, widget.Style{Size: 20, Bold: true}),
			widget.NewParagraph("On the phone or face to face. The owner sees the same words and accepts you. Other words mean that somebody has changed the folder: do not join then.", widget.StyleMuted)))
	} else {
		if card := p.requests(v); card != nil {
			cards = append(cards, card)
		}
		cards = append(cards, p.shared(v), p.members(v))
	}
	p.right.Objects = cards
	p.right.Refresh()
}

// head is what the team is, and what can be done with it.
func (p *Page) head(v team.View) fyne.CanvasObject {
	title := widget.NewParagraph(v.Name, widget.Style{Size: 18, Bold: true})
	title.MostLines = 2
	line := []fyne.CanvasObject{widget.Fill(title)}
	if v.Role == team.RoleOwner && v.Standing == team.StandingMember {
		line = append(line, widget.NewButton(widget.Primary, theme.IconMail, "Invite", func() { p.invite(v) }))
	}
	var more *widget.Button
	more = widget.NewButton(widget.Secondary, theme.IconMore, "More", func() {
		widget.Menu(p.host.Window(), more, fyne.NewMenuItem("Show my recovery phrase", p.recovery), fyne.NewMenuItem("Leave the team", func() { p.leave(v) }))
	})
	chip, _ := standingChip(v)
	return widget.Card(widget.TopRow(8, append(line, more)...), widget.Row(6, widget.NewChip(chip.Tone, chip.Icon, chip.Word)),
		widget.NewKeyValues(widget.Pair{Key: "Folder", Value: v.Folder, Mono: true, Copy: true}, widget.Pair{Key: "Tenants", Value: strings.Join(v.Tenants, ", "), Mono: true},
			widget.Pair{Key: "You are", Value: v.MyName}))
}

// requests are the people who ask to join, for an owner.
func (p *Page) requests(v team.View) fyne.CanvasObject {
	var lines []fyne.CanvasObject
	for _, q := range v.Requests {
		if v.Role != team.RoleOwner {
			continue
		}
		if q.Leave {
			lines = append(lines, widget.Row(8, widget.Fill(widget.NewParagraph(q.Name+" left the team.", widget.StyleBody)),
				widget.NewButton(widget.Secondary, theme.IconDelete, "Remove", func() { p.remove(v, q.Name) })))
			continue
		}
		words := "Their words are shown before you accept."
		if q.Words != "" {
			words = "Their words must be: " + q.Words
		}
		lines = append(lines, widget.Row(8, widget.Fill(widget.Column(2, widget.NewParagraph(q.Name+" asks to join.", widget.StyleStrong), widget.NewParagraph(words, widget.StyleBody))),
			widget.NewButton(widget.Secondary, theme.IconClose, "Reject", func() {
				p.change(func(ctx context.Context) error { return p.service.RejectMember(ctx, v.ID, q.ID) }, "The request could not be deleted.", q.Name+"'s request is deleted.")
			}),
			widget.NewButton(widget.Primary, theme.IconTick, "Accept", func() { p.accept(v, q) })))
	}
	if len(lines) == 0 {
		return nil
	}
	return widget.Card(append([]fyne.CanvasObject{widget.NewText("Requests", widget.StyleSection)}, lines...)...)
}

// members are the people of the team.
func (p *Page) members(v team.View) fyne.CanvasObject {
	lines := []fyne.CanvasObject{widget.NewText("Members", widget.StyleSection)}
	for i, m := range v.Members {
		if i > 0 {
			lines = append(lines, widget.Rule())
		}
		name := m.Name
		if m.Me {
			name += " (you)"
		}
		line := []fyne.CanvasObject{widget.Fill(widget.NewCut(name, widget.StyleBody))}
		if m.Role == team.RoleOwner {
			line = append(line, widget.NewChip(widget.Neutral, theme.IconKey, "Owner"))
		}
		if !m.Trusted {
			line = append(line, widget.NewChip(widget.Warning, theme.IconWarning, "New to this computer"), widget.NewButton(widget.Secondary, theme.IconTick, "Trust", func() {
				p.change(func(ctx context.Context) error { return p.service.TrustMember(ctx, v.ID, m.ID) }, m.Name+" could not be trusted.", m.Name+" is trusted on this computer.")
			}))
		}
		if v.Role == team.RoleOwner && !m.Me {
			line = append(line, widget.NewButton(widget.Quiet, theme.IconDelete, "Remove", func() { p.remove(v, m.Name) }))
		}
		lines = append(lines, widget.Row(8, line...))
	}
	return widget.Card(lines...)
}

// shared are the connections of the team.
func (p *Page) shared(v team.View) fyne.CanvasObject {
	lines := []fyne.CanvasObject{widget.NewText("Connections", widget.StyleSection)}
	if len(v.Connections) == 0 {
		lines = append(lines, widget.NewParagraph("Nothing is shared yet. Open a connection under Connections, and choose More, Share with a team.", widget.StyleMuted))
	}
	for i, c := range v.Connections {
		if i > 0 {
			lines = append(lines, widget.Rule())
		}
		lines = append(lines, p.connection(v, c))
	}
	for _, b := range v.Broken {
		m := page.Explain(b.Why, "A file cannot be read.")
		lines = append(lines, widget.Rule(), widget.NewParagraph("Not read: "+b.Path, widget.StyleStrong), widget.NewParagraph(m.Sentence+" "+m.Remedy, widget.StyleBody))
	}
	return widget.Card(lines...)
}

func (p *Page) connection(v team.View, c team.ConnectionView) fyne.CanvasObject {
	now := time.Now()
	var chips []fyne.CanvasObject
	if !team.IsUntrusted(c.Problem) {
		proof := page.ProofChip(c)
		chips = append(chips, widget.NewChip(proof.Tone, proof.Icon, proof.Word))
	}
	switch {
	case c.Credential == connection.CredentialPractice:
	case c.Credential.User():
		chips = append(chips, widget.NewChip(widget.Neutral, theme.IconPerson, "Each signs in"))
	case c.Own:
		chips = append(chips, widget.NewChip(widget.Neutral, theme.IconKey, "Your own secret"))
	case c.How == team.SecretSealed:
		chips = append(chips, widget.NewChip(widget.Neutral, theme.IconLock, "Sealed to the members"))
	case c.How == team.SecretReference:
		chips = append(chips, widget.NewChip(widget.Neutral, theme.IconKey, "In a secret manager"))
	default:
		chips = append(chips, widget.NewChip(widget.Neutral, theme.IconKey, "Each enters the secret"))
	}
	if c.Environment != "" {
		chips = append(chips, widget.NewChip(widget.Neutral, theme.IconTag, string(c.Environment)))
	}
	var buttons []fyne.CanvasObject
	var notes []fyne.CanvasObject
	if c.Problem != nil {
		m := page.Explain(c.Problem, "The connection cannot be used.")
		word, tone := "Not usable", widget.Warning
		if team.IsUntrusted(c.Problem) {
			word, tone = "Untrusted", widget.Error
		}
		chips = append([]fyne.CanvasObject{widget.NewChip(tone, theme.IconWarning, word)}, chips...)
		notes = append(notes, widget.NewParagraph(m.Sentence+" "+m.Remedy, widget.StyleBody))
		if failureIs(c.Problem, team.ErrAddresses) {
			buttons = append(buttons, widget.NewButton(widget.Secondary, theme.IconComputer, "Allow addresses", func() { p.addresses(v, c) }))
		}
	} else {
		if p.sample != nil {
			buttons = append(buttons, widget.NewButton(widget.Secondary, theme.IconUpload, "Send the sample", func() { p.sample(c.ID) }))
		}
		buttons = append(buttons, widget.NewButton(widget.Secondary, theme.IconTest, "Verify", func() { p.verify(c) }))
	}
	var urgent []fyne.CanvasObject // below what makes them so: beside the others they are too wide for a small window
	if c.Secret != nil && len(c.Secret.ReadBy) > 0 && p.replace != nil {
		urgent = append(urgent, widget.NewButton(widget.Primary, theme.IconRotate, "Replace the secret", func() { p.replace([]string{c.ID}, humanize.List(c.Secret.ReadBy)) }))
	}
	if len(c.Conflicts) > 1 {
		urgent = append(urgent, widget.NewButton(widget.Primary, theme.IconWarning, fmt.Sprintf("Decide between %d versions", len(c.Conflicts)), func() { p.decide(v, c) }))
	}
	var more *widget.Button
	more = widget.NewIconButton(theme.IconMore, "More about "+c.Name, func() {
		widget.Menu(p.host.Window(), more, fyne.NewMenuItem("Open under Connections", func() { p.host.Open(page.Connections) }), fyne.NewMenuItem("Take it out of the team", func() { p.unshare(v, c) }))
	})
	for _, s := range c.Remarks(now) {
		notes = append(notes, widget.NewParagraph(s, widget.StyleMuted))
	}
	head := widget.Row(8, append(append([]fyne.CanvasObject{widget.Fill(widget.NewCut(c.Name, widget.StyleStrong))}, buttons...), more)...)
	lines := append([]fyne.CanvasObject{head, widget.Flow(6, chips...)}, notes...)
	if len(urgent) > 0 {
		lines = append(lines, widget.Flow(8, urgent...))
	}
	return widget.Column(6, lines...)
}
