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
