package window

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain"
	"pushdesk/ui/window/look"
	"pushdesk/ui/window/part"
	"pushdesk/ui/window/post"
)

// settingsDesk is what the Settings page needs from below.
type settingsDesk interface {
	// Folder is where everything but the secrets is kept.
	Folder() string
	// SecretsState tells where secrets go and what can take them. It may wait for the keychain.
	SecretsState(ctx context.Context) (secretsState, error)
	ChooseSecrets(ctx context.Context, p keychain.Place) error
	MoveSecrets(ctx context.Context, to keychain.Place) error
	vaultDesk
	CreateVault(ctx context.Context, passphrase string) error
	LockVault()
	ChangeVault(ctx context.Context, old, fresh string) error
	// Network are the network settings, without the proxy's password. SetNetwork keeps
	// them; an empty password leaves the stored one alone.
	Network() connection.Network
	SetNetwork(ctx context.Context, n connection.Network, password string) (warning string, err error)
	// PracticeRunning tells where the practice service is, if it is known to run.
	PracticeRunning() (practiceState, bool)
	// StartPractice starts it or joins the one another Pushdesk runs; RestartPractice
	// ends it first if it is ours.
	StartPractice(ctx context.Context) (practiceState, error)
	RestartPractice(ctx context.Context) (practiceState, error)
	Add(ctx context.Context, c connection.Connection, given *connection.Credential) (account.Saved, error)
}

// practiceState is where the practice service is.
type practiceState struct {
	URL    string // of sign-in and API
	CAFile string // the certificate authority to trust, as PEM
	Joined bool   // another Pushdesk runs it
	Apps   []practice.Credential
}

// appearance is how the window looks and what it does when it opens, which it
// changes by itself.
type appearance interface {
	Choice() look.Choice
	Choose(look.Choice)
	TestAtStart() bool
	SetTestAtStart(on bool)
}

// settingsPage shows how the program looks, where it keeps things, whether the
// keychain works, and the practice service.
type settingsPage struct {
	desk    settingsDesk
	host    Host
	content fyne.CanvasObject

	secrets *secretsCard
	network *networkCard

	starting *post.Latest
	adding   *post.Latest
	chip     *part.Chip
	start    *part.Button
	notice   *part.Banner
	facts    *part.KeyValues
	apps     *fyne.Container
	service  *fyne.Container
}

func newSettingsPage(d settingsDesk, h Host, a appearance, version string) *settingsPage {
	p := &settingsPage{desk: d, host: h, starting: h.Work().Latest(), adding: h.Work().Latest()}
	p.secrets, p.network = newSecretsCard(p), newNetworkCard(p)
	cards := part.Column(look.GapLarge, p.appearanceCard(a), p.secrets.content, p.network.content, p.startCard(a), p.serviceCard(), p.folderCard(), p.aboutCard(version))
	p.content = container.NewBorder(part.Margins(look.PageMargin, look.PageMargin, look.GapLarge, look.PageMargin, part.NewHeader("Settings", "")), nil, nil, nil,
		part.NewScrolled(part.Margins(0, look.PageMargin, look.PageMargin, look.PageMargin, part.Column(0, part.Capped(760, cards)))))
	return p
}

// Content implements Page.
func (p *settingsPage) Content() fyne.CanvasObject { return p.content }

// Shown asks the keychain and whether the practice service runs by now.
func (p *settingsPage) Shown() {
	p.secrets.ask()
	p.network.show()
	if s, ok := p.desk.PracticeRunning(); ok {
		p.running(s)
	}
}

func (p *settingsPage) appearanceCard(a appearance) fyne.CanvasObject {
	icons := map[look.Choice]look.Icon{look.System: look.IconComputer, look.Light: look.IconSun, look.Dark: look.IconMoon}
	var options []part.Option
	for _, c := range look.Choices {
		options = append(options, part.Option{Icon: icons[c], Word: c.Label()})
	}
	choice := part.NewSegmented(options, slices.Index(look.Choices, a.Choice()), func(i int) { a.Choose(look.Choices[i]) })
	return part.Card(part.NewText("Appearance", part.StyleSection), part.Row(0, choice))
}

// startCard says what happens when the window opens.
func (p *settingsPage) startCard(a appearance) fyne.CanvasObject {
	at := 0
	if a.TestAtStart() {
		at = 1
	}
	choice := part.NewSegmented([]part.Option{{Word: "Off"}, {Word: "On"}}, at, func(i int) { a.SetTestAtStart(i == 1) })
	return part.Card(part.Row(look.Gap, part.NewText("Test all connections when Pushdesk opens", part.StyleSection), part.Space(), choice),
		part.NewParagraph("The list then shows which ones work before you need them. The tests change nothing.", part.StyleMuted))
}

func (p *settingsPage) serviceCard() fyne.CanvasObject {
	p.chip = part.NewChip(part.Neutral, look.IconStopped, "Not started")
	p.start = part.NewButton(part.Secondary, look.IconPractice, "Start", p.startService)
	p.notice = part.NewBanner()
	p.facts = part.NewKeyValues()
	p.facts.Hide()
	p.apps = part.Column(10)
	p.apps.Hide()
	p.service = part.Card(part.Row(look.Gap, part.NewText("Practice service", part.StyleSection), p.chip, part.Space(), p.start),
		part.NewParagraph("A small Entra and Power BI on this computer that keeps the real service's rules. It starts by itself when a connection needs it, and other programs can be pointed at it, too.", part.StyleBody),
		p.notice, p.facts, p.apps)
	return p.service
}

// startService starts the service, or starts it again when it runs.
func (p *settingsPage) startService() {
	begin, word := p.desk.StartPractice, "Starting"
	if _, ok := p.desk.PracticeRunning(); ok {
		begin, word = p.desk.RestartPractice, "Restarting"
	}
	p.notice.Hide()
	p.start.SetEnabled(false)
	p.chip.Set(part.Info, look.IconRunning, word)
	post.Read(p.starting, begin, func(s practiceState, err error) {
		p.start.SetEnabled(true)
		if err != nil {
			p.chip.Set(part.Error, look.IconFail, "Not running")
			p.notice.Say(part.Explain(err, "The practice service could not be started."))
			p.service.Refresh()
			return
		}
		p.running(s)
	})
}

// running shows where the service is and its apps.
func (p *settingsPage) running(s practiceState) {
	word, started := "Running", "by this window"
	if s.Joined {
		word, started = "Running elsewhere", "by another Pushdesk on this computer"
	}
	p.chip.Set(part.Success, look.IconPass, word)
	p.start.SetIcon(look.IconRefresh)
	p.start.SetText("Restart")
	p.facts.Set(
		part.Pair{Key: "Address", Value: s.URL, Mono: true, Copy: true},
		part.Pair{Key: "CA file", Value: s.CAFile, Mono: true, Copy: true},
		part.Pair{Key: "Started", Value: started})
	p.facts.Show()
	lines := []fyne.CanvasObject{part.Rule(), part.NewText("Apps to sign in with", part.StyleStrong)}
	for _, app := range s.Apps {
		if app.ClientSecret == "" {
			continue // for people who sign in with a browser
		}
		add := part.NewButton(part.Quiet, look.IconAdd, "Add connection", func() { p.add(app) })
		lines = append(lines, part.Row(look.Gap,
			part.Fill(part.Column(0, part.NewCut(app.Name, part.StyleBody), part.NewParagraph(app.About, part.StyleCaption))), add))
	}
	p.apps.Objects = lines
	p.apps.Show()
	p.service.Refresh()
}

// add makes a connection of a ready-made app, to see how its trouble is told.
func (p *settingsPage) add(app practice.Credential) {
	c := connection.Connection{
		Name: "Practice app: " + app.Name, Cloud: connection.CloudPractice, Credential: connection.CredentialSecret,
		TenantID: app.TenantID, ClientID: app.ClientID, Workspace: app.Workspace, Notes: app.About,
	}
	post.Read(p.adding, func(ctx context.Context) (account.Saved, error) {
		given := connection.SecretCredential(app.ClientSecret)
		return p.desk.Add(ctx, c, &given)
	}, func(s account.Saved, err error) {
		if err != nil {
			p.notice.Say(part.Explain(err, fmt.Sprintf("A connection for %s could not be added.", app.Name)))
			p.service.Refresh()
			return
		}
		p.host.Toast(s.Connection.Name + " is added to the connections.")
	})
}

func (p *settingsPage) folderCard() fyne.CanvasObject {
	folder := p.desk.Folder()
	open := part.NewButton(part.Quiet, look.IconFolder, "Open folder", func() {
		if err := fyne.CurrentApp().OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(folder)}); err != nil {
			part.CopyText(folder)
			p.host.Toast("The folder cannot be opened here. Its path is copied.")
		}
	})
	return part.Card(part.Row(look.Gap, part.NewText("Where things are kept", part.StyleSection), part.Space(), open),
		part.NewKeyValues(
			part.Pair{Key: "Folder", Value: folder, Mono: true, Copy: true},
			part.Pair{Key: "Connections", Value: filepath.Join(folder, "connections.json"), Mono: true},
			part.Pair{Key: "Sealed files", Value: filepath.Join(folder, "sealed"), Mono: true},
			part.Pair{Key: "Runs", Value: filepath.Join(folder, "runs"), Mono: true},
			part.Pair{Key: "Practice data", Value: filepath.Join(folder, "practice"), Mono: true}),
		part.NewParagraph("No secret of a real connection is in these files, unless it is sealed. The environment variable PUSHDESK_HOME moves the folder.", part.StyleCaption))
}

func (p *settingsPage) aboutCard(version string) fyne.CanvasObject {
	return part.Card(part.NewText("About", part.StyleSection),
		part.NewParagraph("Pushdesk "+version+". Test Power BI connections and send spreadsheet rows into push datasets, from this window and from the command line.", part.StyleBody))
}
