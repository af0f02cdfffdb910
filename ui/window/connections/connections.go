// Package connections is the page of the connections: their list, one of them with
// its test, the form, testing and importing many, and replacing a secret.
package connections

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/connection/team"
	"pushdesk/storage/humanize"
	"pushdesk/storage/keychain"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

const trySample = "Try it with sample data"

// Page lists the connections at the left and shows the chosen one, or
// the form, at the right.
//
// Large: the list, what stands beside it, and what is chosen in both.
type Page struct {
	*listing

	noticed int // how many notices were said
	reads   *task.Latest
	byUse   bool                 // recently used first
	used    map[string]time.Time // when each was used last, as it was when the page was opened

	header  *widget.Header
	add     *widget.Button
	test    *widget.Button
	more    *widget.Button
	try     *widget.Button
	groups  *widget.Select    // one's own connections, or those of a team; hidden without teams
	grouped []string          // the IDs of the groups: "" for one's own
	none    *widget.Paragraph // in place of the list when the search finds nothing
	locked  *widget.Banner    // while the vault is
	detail  *detailPanel
	empty   fyne.CanvasObject
	browse  fyne.CanvasObject
	right   *fyne.Container
	content *fyne.Container
	// sample leads a newcomer to sending the sample workbook; nil when no page does.
	sample func(connection.Connection)
}

// New returns the page.
func New(d Service, h page.Host) *Page {
	p := &Page{reads: h.Work().Latest(), byUse: true}
	p.listing = &listing{outer: p, service: d, host: h, places: map[string]string{}, tested: map[string]doctor.Report{}}
	if kept, ok := h.(orderKeeper); ok {
		p.byUse = !kept.SortedByName()
	}
	p.add = widget.NewButton(widget.Secondary, theme.IconAdd, "New connection", p.create)
	p.test = widget.NewButton(widget.Secondary, theme.IconTest, "Test all", p.testMany)
	p.more = widget.NewButton(widget.Secondary, theme.IconMore, "Manage", p.menu)
	p.header = widget.NewHeader("Connections", "", p.test, p.more, p.add)
	p.notice, p.locked = widget.NewBanner(), widget.NewBanner()
	p.search = widget.NewSearch("Search, or tag:finance", func(string) { p.searching() })
	p.search.OnSubmitted = func(string) { p.open() }
	p.list = widget.NewRows(func() int { return len(p.found) }, p.row, false, true, func(i int) { p.show(p.found[i].ID) })
	p.detail = newDetailPanel(p.listing)
	p.none = widget.NewParagraph("", widget.StyleMuted)
	p.groups = widget.NewSelect([]string{allGroups}, "", func(int) { p.filter() })
	p.groups.SetSelected(0)
	p.groups.Hide()
	left := widget.Under(widget.Margins(0, 0, 8, 0, widget.Column(8, widget.Bare(p.search), p.groups)),
		container.NewStack(p.list, widget.Margins(10, 12, 0, 12, widget.Column(0, p.none))))
	p.right = container.NewStack(p.detail.content)
	p.browse = container.New(&widget.Sides{Left: 316, Gap: theme.GapLarge}, widget.Panel(10, left), p.right)
	p.try = widget.NewButton(widget.Primary, theme.IconPractice, trySample, p.practice)
	p.empty = widget.NewEmpty(theme.IconConnections, "No connections yet",
		"Pushdesk sends the rows of spreadsheets and text files into Power BI push datasets, through connections that it has tested. To try it first, the practice workspace runs on this computer and needs no account and no network. It keeps Power BI's rules, so what works there works for real.",
		p.try,
		widget.NewButton(widget.Secondary, theme.IconAdd, "New connection", p.create),
		widget.NewButton(widget.Secondary, theme.IconFile, "Import", p.imports))
	p.content = container.NewStack()
	p.browsing()
	return p
}

// Content implements Page.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Commands puts the page's shortcut into the File menu.
func (p *Page) Commands() []*fyne.MenuItem {
	item := fyne.NewMenuItem("New connection", func() {
		p.host.Open(page.Connections)
		if p.inner == nil {
			p.create()
		}
	})
	item.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierShortcutDefault}
	return []*fyne.MenuItem{item}
}

// Shown reads the list again: a terminal may have changed it.
func (p *Page) Shown() {
	if p.inner == nil {
		p.used = nil
		p.load()
	}
}

// Changed shows the list again after another program has changed it.
func (p *Page) Changed() { p.Shown() }

// OnSample sets what leads a newcomer to sending the sample workbook.
func (p *Page) OnSample(do func(connection.Connection)) { p.sample = do }

// standing is what is kept elsewhere of the connections.
type standing struct {
	places map[string]string
	last   map[string]account.LastTest
	unread error // why the last tests are not known
}

// load shows the list at once, and where the secrets are and how the last tests ended when
// the disk and the keychain have answered.
func (p *Page) load() {
	p.all = p.service.List()
	if p.used == nil {
		p.used = make(map[string]time.Time, len(p.all))
	}
	for _, c := range p.all {
		if _, ok := p.used[c.ID]; !ok {
			p.used[c.ID] = c.Used
		}
	}
	if notices := p.service.Notices(); len(notices) > p.noticed {
		p.noticed = len(notices) // said once: a message that was closed stays closed
		p.notice.Say(widget.Message{Tone: widget.Warning, Sentence: notices[0], Remedy: strings.Join(notices[1:], " ")})
	}
	p.filter()
	p.browsing()
	all := slices.Clone(p.all)
	task.Read(p.reads, func(ctx context.Context) (s standing, err error) {
		s.last, s.unread = p.service.LastTests(all)
		s.places = p.service.SecretPlaces(ctx, all)
		return s, ctx.Err()
	}, func(s standing, err error) {
		if err != nil {
			return
		}
		if s.unread != nil {
			p.notice.Say(page.Explain(s.unread, "The last tests are not known."))
		}
		p.places = s.places
		p.recall(s.last)
		p.list.Reload()
		p.detail.refresh()
		p.detail.recall()
		p.offerUnlock()
	})
}

// offerUnlock asks for the vault's passphrase where secrets wait in it.
func (p *Page) offerUnlock() {
	shut := 0
	for _, place := range p.places {
		if keychain.Place(place) == keychain.PlaceShut {
			shut++
		}
	}
	widget.ShowIf(p.locked, shut > 0)
	if shut == 0 {
		return
	}
	p.locked.Say(widget.Message{Tone: widget.Info, Sentence: "The passphrase vault is locked.",
		Remedy: fmt.Sprintf("It holds the secrets of %s.", humanize.Count(shut, "connection")),
		Action: "Unlock", OnAction: func() { page.AskPassphrase(p.host, p.service, p.load, func() {}) }})
}

// filter leaves what the search asks for. The order is that of the page's opening, so
// that no row moves away under the pointer because something was tested.
func (p *Page) filter() {
	all := p.all
	if p.byUse {
		all = slices.Clone(all)
		slices.SortStableFunc(all, func(a, b connection.Connection) int { return p.used[b.ID].Compare(p.used[a.ID]) })
	}
	p.found = connection.Search(all, p.search.Text)
	p.group()
	at := slices.IndexFunc(p.found, func(c connection.Connection) bool { return c.ID == p.current })
	if at < 0 && len(p.found) > 0 {
		at, p.current = 0, p.found[0].ID
	}
	nothing := ""
	if len(p.found) == 0 && p.groups.Selected() > 0 {
		nothing = "There are no connections in this group."
	}
	if asked := strings.TrimSpace(p.search.Text); len(p.found) == 0 && asked != "" {
		nothing = fmt.Sprintf("No connections match “%s”.", asked)
	}
	p.none.SetText(nothing)
	p.list.SetHeadings(p.headings())
	p.list.Select(at)
	if at < 0 {
		p.detail.show(connection.Connection{}, false)
		return
	}
	p.detail.show(p.connection(p.current))
}

// allGroups is the choice of every connection.
const allGroups = "All connections"

// group puts the person's own connections first, and then those of each team by name,
// and leaves those of the chosen group.
func (p *Page) group() {
	names, ids := []string{allGroups, "My own"}, []string{"", ""}
	p.teams = map[string]team.View{}
	for _, v := range p.service.ListTeams() {
		p.teams[v.ID] = v
		names, ids = append(names, "Team "+v.Name), append(ids, v.ID)
	}
	if !slices.Equal(ids, p.grouped) {
		p.grouped = ids
		p.groups.SetOptions(names)
		p.groups.SetSelected(0)
		widget.ShowIf(p.groups, len(p.teams) > 0)
	}
	if at := p.groups.Selected(); at > 0 && len(p.teams) > 0 {
		p.found = slices.DeleteFunc(slices.Clone(p.found), func(c connection.Connection) bool { return c.Team != ids[at] })
	}
	if len(p.teams) == 0 {
		return
	}
	order := map[string]int{} // of the groups: while something is searched, as their best hits are
	for _, c := range p.found {
		if id := p.groupOf(c); strings.TrimSpace(p.search.Text) != "" {
			if _, ok := order[id]; !ok {
				order[id] = len(order)
			}
		} else {
			order[id] = slices.Index(ids[1:], id)
		}
	}
	slices.SortStableFunc(p.found, func(a, b connection.Connection) int { return order[p.groupOf(a)] - order[p.groupOf(b)] })
}

// groupOf is the ID of the team that a connection stands under, "" for the person's own.
func (p *Page) groupOf(c connection.Connection) string {
	if _, ok := p.teams[c.Team]; ok {
		return c.Team
	}
	return ""
}

// headings are the names of the groups above their first connections. Without a team
// there are none.
func (p *Page) headings() map[int]string {
	if len(p.teams) == 0 {
		return nil
	}
	count := map[string]int{}
	for _, c := range p.found {
		count[p.groupOf(c)]++
	}
	all := map[int]string{}
	for i, c := range p.found {
		id := p.groupOf(c)
		if i > 0 && p.groupOf(p.found[i-1]) == id {
			continue
		}
		name := "My own"
		if v, ok := p.teams[id]; ok {
			name = "Team " + v.Name
			if v.Offline {
				name += ", offline copy"
			}
		}
		all[i] = fmt.Sprintf("%s (%s)", name, humanize.Number(count[id]))
	}
	return all
}

// searching shows the best of what is found for what is typed.
func (p *Page) searching() {
	shown := p.current
	if strings.TrimSpace(p.search.Text) != "" {
		p.current = ""
	}
	p.filter()
	if p.current == "" {
		p.current = shown // for when the search is cleared
	}
}

// open puts the keyboard on the connection that the search found.
func (p *Page) open() {
	if len(p.found) > 0 {
		p.host.Window().Canvas().Focus(p.list.Keys())
	}
}

func (p *Page) connection(id string) (connection.Connection, bool) {
	for _, c := range p.all {
		if c.ID == id {
			return c, true
		}
	}
	return connection.Connection{}, false
}

// row is a connection in the list.
func (p *Page) row(i int) widget.RowData {
	c := p.found[i]
	d := widget.RowData{Title: c.Name}
	if s, v, ok := p.sharedAs(c); ok {
		d.Chips = append(d.Chips, page.SharedState(v, s))
	}
	if chip, ok := environmentChip(c); ok {
		d.Chips = append(d.Chips, chip)
	}
	if chip, ok := expiryChip(c, time.Now()); ok {
		chip.Word = strings.TrimPrefix(chip.Word, "Expires in ") // the calendar beside it says the rest
		d.Chips = append(d.Chips, chip)
	}
	d.Chips = append(d.Chips, widget.RowChip{Tone: widget.Neutral, Icon: cloudIcon(c.Cloud), Word: cloudWord(c.Cloud)})
	if chip, ok := placeChip(c, p.places[c.ID]); ok {
		chip.Word = placeWord(c, chip.Word)
		at := len(d.Chips)
		if chip.Tone == widget.Warning { // not the one for which there is no room
			at--
		}
		d.Chips = slices.Insert(d.Chips, at, chip)
	}
	for _, tag := range c.Tags {
		d.Chips = append(d.Chips, widget.RowChip{Tone: widget.Neutral, Icon: theme.IconTag, Word: tag})
	}
	if r, ok := p.tested[c.ID]; ok {
		d.State = verdictChip(r)
	} else if l, ok := p.last[c.ID]; ok {
		d.State = lastChip(l, l.Word()+" "+humanize.When(l.At, time.Now()))
	}
	return d
}

// show puts a connection at the right.
func (p *Page) show(id string) {
	p.current = id
	p.detail.show(p.connection(id))
}

// browsing shows the list and the chosen connection, or the empty page.
func (p *Page) browsing() {
	if p.inner != nil {
		p.inner = nil
		p.host.Window().Canvas().SetOnTypedKey(nil)
	}
	var body fyne.CanvasObject = p.browse
	if len(p.all) == 0 {
		body = p.empty
		p.header.SetTitle("Connections", "")
		p.header.SetActions()
	} else {
		p.header.SetTitle("Connections", humanize.Count(len(p.all), "connection"))
		p.header.SetActions(p.test, p.more, p.add)
	}
	p.content.Objects = []fyne.CanvasObject{widget.Inset(theme.PageMargin,
		widget.Under(widget.Margins(0, 0, theme.GapLarge, 0, widget.Column(theme.Gap, p.header, p.locked, p.notice)), body))}
	p.content.Refresh()
}

// menu offers what is done seldom.
func (p *Page) menu() {
	byName := fyne.NewMenuItem("Sort by name", func() { p.sort(false) })
	byUse := fyne.NewMenuItem("Recently used first", func() { p.sort(true) })
	byName.Checked, byUse.Checked = !p.byUse, p.byUse
	widget.Menu(p.host.Window(), p.more, fyne.NewMenuItem("Import connections", p.imports), fyne.NewMenuItemSeparator(), byName, byUse)
}

// orderKeeper remembers in which order a person wants the list.
type orderKeeper interface {
	SortedByName() bool
	SetSortedByName(on bool)
}

func (p *Page) sort(byUse bool) {
	p.byUse = byUse
	if keep, ok := p.host.(orderKeeper); ok {
		keep.SetSortedByName(!byUse)
	}
	p.filter()
}

// testMany opens the page that tests many connections: those in the list.
func (p *Page) testMany() {
	if len(p.found) == 0 {
		return
	}
	p.enter(newManyTests(p.listing, slices.Clone(p.found)), nil)
}

// testThese opens the page that tests many connections, and begins.
func (p *Page) testThese(list []connection.Connection) {
	m := newManyTests(p.listing, list)
	p.enter(m, nil)
	m.accept()
}

// TestAtStart tests every connection without opening a page; the list shows what
// comes of it.
func (p *Page) TestAtStart() {
	var ids []string
	for _, c := range p.service.List() {
		ids = append(ids, c.ID)
	}
	if len(ids) == 0 {
		return
	}
	work := p.host.Work()
	work.Go(func(ctx context.Context) {
		p.service.TestMany(ctx, ids, func(id string, r *doctor.Report) {
			if r == nil || ctx.Err() != nil {
				return
			}
			work.Post(func() {
				p.tested[id] = *r
				p.list.Reload()
				if c, ok := p.connection(id); ok && id == p.current && !p.detail.test.running() {
					p.detail.again(c)
				}
			})
		})
	})
}

// Remark says what was found when the program began.
func (p *Page) Remark(sentences []string) {
	if len(sentences) > 0 {
		p.notice.Say(widget.Message{Tone: widget.Warning, Sentence: sentences[0], Remedy: strings.Join(sentences[1:], " ")})
	}
}

// create opens the form for a new connection.
func (p *Page) create() {
	p.edit(connection.Connection{Cloud: connection.CloudPublic, Credential: connection.CredentialSecret})
}

// edit opens the form.
func (p *Page) edit(c connection.Connection) {
	form := newForm(p.listing, c)
	p.enter(form, form.name)
}

// ReplaceSecrets leads through replacing the secrets of connections that somebody could
// read who may not any more.
func (p *Page) ReplaceSecrets(ids []string, who string) {
	p.toReplace, p.shutOut = ids, who
	if p.inner != nil { // what was typed there is not lost without a question
		p.notice.Say(widget.Message{Tone: widget.Warning, Sentence: who + " could read secrets that are still in use.", Remedy: "Finish what you are doing here first.",
			Action: "Replace the secrets", OnAction: func() { p.exposed() }})
		return
	}
	p.exposed()
}

// exposed leads to the next of these connections.
func (p *Page) exposed() bool {
	for len(p.toReplace) > 0 {
		id := p.toReplace[0]
		p.toReplace = p.toReplace[1:]
		c, ok := p.connection(id)
		if !ok {
			continue
		}
		p.current = id
		if c.Credential == connection.CredentialCertificate {
			form := newForm(p.listing, c)
			p.enter(form, form.name)
			form.notice.Say(widget.Message{Tone: widget.Warning, Sentence: p.shutOut + " could read the key of this certificate.",
				Remedy: "Upload a new certificate in Entra, choose its file here and save. Then share the connection with the team again, and remove the old certificate in Entra: only that shuts " + p.shutOut + " out."})
			return true
		}
		p.enter(newRotation(p.listing, c, p.service.SameApp(c), p.shutOut), nil)
		return true
	}
	return false
}

// rotate opens the page that replaces the secret of every connection of the app.
func (p *Page) rotate(c connection.Connection) {
	r := newRotation(p.listing, c, p.service.SameApp(c), "")
	p.enter(r, r.secret)
}

// enter opens an inner page with the keyboard on first.
func (p *Page) enter(inner innerPage, first fyne.Focusable) {
	p.detail.stop()
	p.inner = inner
	p.content.Objects = []fyne.CanvasObject{inner.Content()}
	p.content.Refresh()
	screen := p.host.Window().Canvas()
	screen.SetOnTypedKey(p.typed)
	if first != nil {
		screen.Focus(first)
	}
}

// typed are the keys that an inner page's inputs have no use for: Enter accepts, Escape
// leaves. Under another page they rest.
func (p *Page) typed(e *fyne.KeyEvent) {
	if p.inner == nil || !p.content.Visible() {
		return
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		p.inner.accept()
	case fyne.KeyEscape:
		p.inner.leave()
	}
}

// saved comes back from the form.
func (p *Page) saved(s account.Saved, report *doctor.Report) {
	delete(p.tested, s.Connection.ID)
	if report != nil {
		p.tested[s.Connection.ID] = *report
	}
	p.search.SetText("")
	p.current = s.Connection.ID
	p.load()
	if s.Refused != nil {
		m := page.Explain(s.Refused, "The secret was not stored.")
		m.Tone = widget.Warning
		p.notice.Say(m)
		return
	}
	if len(s.Warnings) > 0 {
		p.notice.Say(widget.Message{Tone: widget.Warning, Sentence: s.Warnings[0], Remedy: strings.Join(s.Warnings[1:], " ")})
		return
	}
	p.notice.Hide()
	p.host.Toast(fmt.Sprintf("%s is saved.", s.Connection.Name))
}

// practice makes the practice connection and leads on to the sample.
func (p *Page) practice() {
	p.try.SetEnabled(false)
	p.try.SetText("Starting")
	task.Read(p.reads, func(ctx context.Context) (connection.Connection, error) {
		return p.service.PracticeConnection(ctx, true)
	}, func(c connection.Connection, err error) {
		p.try.SetText(trySample)
		p.try.SetEnabled(true)
		if err != nil {
			p.notice.Say(page.Explain(err, "The practice workspace could not be started."))
			p.browsing()
			return
		}
		p.current = c.ID
		p.load()
		if p.sample != nil {
			p.sample(c)
		}
	})
}

// imports opens the page that brings connections in from a file.
func (p *Page) imports() {
	m := newImportPage(p.listing)
	p.enter(m, m.path)
}
