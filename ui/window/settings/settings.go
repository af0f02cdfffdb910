// Package settings is the page of what holds for the whole program: how it looks,
// where secrets go, the way out to the network, and the practice service.
package settings

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/powerbi/practice"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// appearance is how the window looks and what it does when it opens, which it
// changes by itself.
type appearance interface {
	Choice() theme.Choice
	Choose(theme.Choice)
	TestAtStart() bool
	SetTestAtStart(on bool)
}

// Page shows how the program looks, where it keeps things, whether the
// keychain works, and the practice service.
type Page struct {
	service Service
	host    page.Host
	content fyne.CanvasObject

	secrets  *secretsCard
	managers *managersCard
	network  *networkCard
	history  *historyCard

	starting *task.Latest
	adding   *task.Latest
	chip     *widget.Chip
	start    *widget.Button
	notice   *widget.Banner
	facts    *widget.KeyValues
	apps     *fyne.Container
	practice *fyne.Container
}

// New returns the page; version is shown in it.
func New(d Service, h page.Host, a appearance, version string) *Page {
	p := &Page{service: d, host: h, starting: h.Work().Latest(), adding: h.Work().Latest()}
	p.secrets, p.managers, p.network, p.history = newSecretsCard(d, h), newManagersCard(d, h), newNetworkCard(d, h), newHistoryCard(d, h)
	cards := widget.Column(theme.GapLarge, p.appearanceCard(a), p.secrets.content, p.managers.content, p.network.content, p.startCard(a), p.history.content, p.serviceCard(), p.folderCard(), p.aboutCard(version))
	p.content = widget.Under(widget.Margins(theme.PageMargin, theme.PageMargin, theme.GapLarge, theme.PageMargin, widget.NewHeader("Settings", "")),
		widget.NewScrolled(widget.Margins(0, theme.PageMargin-widget.Gutter, theme.PageMargin, theme.PageMargin, widget.Column(0, widget.Capped(760, cards)))))
	return p
}

// Content implements Page.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Shown asks the keychain and whether the practice service runs by now.
func (p *Page) Shown() {
	p.secrets.ask()
	p.managers.show()
	p.network.show()
	p.history.show()
	if s, ok := p.service.PracticeRunning(); ok {
		p.running(s)
	}
}

func (p *Page) appearanceCard(a appearance) fyne.CanvasObject {
	icons := map[theme.Choice]theme.Icon{theme.System: theme.IconComputer, theme.Light: theme.IconSun, theme.Dark: theme.IconMoon}
	var options []widget.Option
	for _, c := range theme.Choices {
		options = append(options, widget.Option{Icon: icons[c], Word: c.Label()})
	}
	choice := widget.NewSegmented(options, slices.Index(theme.Choices, a.Choice()), func(i int) { a.Choose(theme.Choices[i]) })
	return widget.Card(widget.NewText("Appearance", widget.StyleSection), widget.Row(0, choice))
}

// startCard says what happens when the window opens.
func (p *Page) startCard(a appearance) fyne.CanvasObject {
	at := 0
	if a.TestAtStart() {
		at = 1
	}
	choice := widget.NewSegmented([]widget.Option{{Word: "Off"}, {Word: "On"}}, at, func(i int) { a.SetTestAtStart(i == 1) })
	return widget.Card(widget.Row(theme.Gap, widget.NewText("Test all connections when Pushdesk opens", widget.StyleSection), widget.Space(), choice),
		widget.NewParagraph("The list then shows which ones work before you need them. The tests change nothing.", widget.StyleMuted))
}

func (p *Page) serviceCard() fyne.CanvasObject {
	p.chip = widget.NewChip(widget.Neutral, theme.IconStopped, "Not started")
	p.start = widget.NewButton(widget.Secondary, theme.IconPractice, "Start", p.startService)
	p.notice = widget.NewBanner()
	p.facts = widget.NewKeyValues()
	p.facts.Hide()
	p.apps = widget.Column(10)
	p.apps.Hide()
	p.practice = widget.Card(widget.Row(theme.Gap, widget.NewText("Practice service", widget.StyleSection), p.chip, widget.Space(), p.start),
		widget.NewParagraph("A small Entra and Power BI on this computer that keeps the real service's rules. It starts automatically when a connection needs it, and other programs can be pointed at it, too.", widget.StyleBody),
		p.notice, p.facts, p.apps)
	return p.practice
}

// startService starts the service, or starts it again when it runs.
func (p *Page) startService() {
	begin, word := p.service.StartPractice, "Starting"
	if _, ok := p.service.PracticeRunning(); ok {
		begin, word = p.service.RestartPractice, "Restarting"
	}
	p.notice.Hide()
	p.start.SetEnabled(false)
	p.chip.Set(widget.Info, theme.IconRunning, word)
	task.Read(p.starting, begin, func(s PracticeState, err error) {
		p.start.SetEnabled(true)
		if err != nil {
			p.chip.Set(widget.Error, theme.IconFail, "Not running")
			p.notice.Say(page.Explain(err, "The practice service could not be started."))
			p.practice.Refresh()
			return
		}
		p.running(s)
	})
}

// running shows where the service is and its apps.
func (p *Page) running(s PracticeState) {
	word, started := "Running", "by this window"
	if s.Joined {
		word, started = "Running elsewhere", "by another Pushdesk on this computer"
	}
	p.chip.Set(widget.Success, theme.IconPass, word)
	p.start.SetIcon(theme.IconRefresh)
	p.start.SetText("Restart")
	p.facts.Set(
		widget.Pair{Key: "Address", Value: s.URL, Mono: true, Copy: true},
		widget.Pair{Key: "CA file", Value: s.CAFile, Mono: true, Copy: true},
		widget.Pair{Key: "Started", Value: started})
	p.facts.Show()
	lines := []fyne.CanvasObject{widget.Rule(), widget.NewText("Apps to sign in with", widget.StyleStrong)}
	for _, app := range s.Apps {
		if app.ClientSecret == "" {
			continue // for people who sign in with a browser
		}
		add := widget.NewButton(widget.Quiet, theme.IconAdd, "Add connection", func() { p.add(app) })
		lines = append(lines, widget.Row(theme.Gap,
			widget.Fill(widget.Column(0, widget.NewCut(app.Name, widget.StyleBody), widget.NewParagraph(app.About, widget.StyleCaption))), add))
	}
	p.apps.Objects = lines
	p.apps.Show()
	p.practice.Refresh()
}

// add makes a connection of a ready-made app, to see how its trouble is told.
func (p *Page) add(app practice.Credential) {
	c := connection.Connection{
		Name: "Practice app: " + app.Name, Cloud: connection.CloudPractice, Credential: connection.CredentialSecret,
		TenantID: app.TenantID, ClientID: app.ClientID, Workspace: app.Workspace, Notes: app.About,
	}
	task.Read(p.adding, func(ctx context.Context) (account.Saved, error) {
		given := connection.SecretCredential(app.ClientSecret)
		return p.service.Add(ctx, c, &given)
	}, func(s account.Saved, err error) {
		if err != nil {
			p.notice.Say(page.Explain(err, fmt.Sprintf("A connection for %s could not be added.", app.Name)))
			p.practice.Refresh()
			return
		}
		p.host.Toast(s.Connection.Name + " is added to the connections.")
	})
}

func (p *Page) folderCard() fyne.CanvasObject {
	folder := p.service.Folder()
	open := widget.NewButton(widget.Quiet, theme.IconFolder, "Open folder", func() {
		if err := fyne.CurrentApp().OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(folder)}); err != nil {
			widget.CopyText(folder)
			p.host.Toast("The folder cannot be opened here. Its path is copied.")
		}
	})
	return widget.Card(widget.Row(theme.Gap, widget.NewText("Where data is stored", widget.StyleSection), widget.Space(), open),
		widget.NewKeyValues(
			widget.Pair{Key: "Folder", Value: folder, Mono: true, Copy: true},
			widget.Pair{Key: "Connections", Value: filepath.Join(folder, "connections.json"), Mono: true},
			widget.Pair{Key: "Encrypted files", Value: filepath.Join(folder, "sealed"), Mono: true},
			widget.Pair{Key: "Runs", Value: filepath.Join(folder, "runs"), Mono: true},
			widget.Pair{Key: "Practice data", Value: filepath.Join(folder, "practice"), Mono: true}),
		widget.NewParagraph("These files hold no secret of a real connection in clear text. The environment variable PUSHDESK_HOME moves the folder.", widget.StyleCaption))
}

func (p *Page) aboutCard(version string) fyne.CanvasObject {
	return widget.Card(widget.NewText("About", widget.StyleSection),
		widget.NewParagraph("Pushdesk "+version+". Test Power BI connections and send spreadsheet rows into push datasets, from this window and from the command line.", widget.StyleBody))
}
