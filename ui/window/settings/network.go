package settings

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/network"
	"pushdesk/storage/text"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// networkModes are the ways out of this computer, in the order of their choice.
var networkModes = []string{network.FromSystem, network.Direct, network.Explicit}

// networkCard is how requests leave this computer: the proxy, and authorities to
// trust. It holds for every connection, for Entra and Power BI alike.
type networkCard struct {
	service Service
	host    page.Host
	mode    *widget.Segmented
	url     *widget.Entry
	user    *widget.Entry
	secret  *widget.Entry
	bypass  *widget.Entry
	roots   *widget.Entry
	fields  map[string]*widget.Field
	proxy   fyne.CanvasObject
	notice  *widget.Banner
	save    *widget.Button
	saving  *task.Latest
	content *fyne.Container
}

func newNetworkCard(d Service, h page.Host) *networkCard {
	c := &networkCard{service: d, host: h, notice: widget.NewBanner(), saving: h.Work().Latest(), fields: map[string]*widget.Field{}}
	c.mode = widget.NewSegmented([]widget.Option{{Word: "Use system settings"}, {Word: "No proxy"}, {Word: "This proxy"}}, 0, func(int) { c.arrange() })
	c.url = widget.NewEntry("http://proxy.example.com:8080")
	c.user = widget.NewEntry("Only if the proxy asks for it")
	c.secret = widget.NewPassword("Stored in the keychain")
	c.bypass = widget.NewEntry("localhost, intranet.example.com")
	c.roots = widget.NewPath("A PEM file with your organisation's root certificates", func() { page.ChooseFile(h.Window(), nil, c.roots.SetText) })
	for _, e := range []*widget.Entry{c.url, c.user, c.bypass, c.roots} {
		e.Clean = text.Clean
	}
	field := func(name, label string, e *widget.Entry, hint string) fyne.CanvasObject {
		f := widget.NewField(label, e, hint)
		c.fields[name] = f
		e.OnChanged = func(string) { c.check() }
		return f
	}
	c.proxy = widget.Column(theme.Gap,
		field("proxyUrl", "Proxy address", c.url, "The address and port, as the network team gives it. Files that choose a proxy (PAC) and proxies with a Windows sign-in (NTLM) are not supported."),
		widget.Even(theme.Gap, field("proxyUser", "User name (optional)", c.user, ""), field("proxyPassword", "Password (optional)", c.secret, "")),
		field("bypass", "Hosts to reach without it (optional)", c.bypass, "Separated by commas."))
	c.save = widget.NewButton(widget.Primary, "", "Save", c.keep)
	c.content = widget.Card(widget.Row(theme.Gap, widget.NewText("Network", widget.StyleSection), widget.Space(), c.save),
		widget.NewParagraph("Used for every connection, to sign in and to send. The system settings are the environment variables HTTPS_PROXY and NO_PROXY.", widget.StyleBody),
		c.notice, widget.Row(0, c.mode), c.proxy,
		field("rootsFile", "More root certificates (optional)", c.roots, "For a network that inspects encrypted traffic. They are trusted in addition to the system's."))
	return c
}

// show puts the stored settings into the card.
func (c *networkCard) show() {
	n := c.service.Network()
	for i, mode := range networkModes {
		if mode == n.Mode {
			c.mode.SetSelected(i)
		}
	}
	c.url.SetText(n.ProxyURL)
	c.user.SetText(n.ProxyUser)
	c.secret.SetText("")
	c.secret.PlaceHolder = "Stored in the keychain"
	if n.ProxyUser != "" {
		c.secret.PlaceHolder = "Unchanged"
	}
	c.bypass.SetText(strings.Join(n.Bypass, ", "))
	c.roots.SetText(n.RootsFile)
	c.arrange()
}

func (c *networkCard) arrange() {
	widget.ShowIf(c.proxy, networkModes[c.mode.Selected()] == network.Explicit)
	c.check()
	c.content.Refresh()
}

// typed are the settings as the card has them. The password is apart: an empty
// one leaves the stored one alone.
func (c *networkCard) typed() (n network.Settings, password string) {
	n.Mode, n.RootsFile = networkModes[c.mode.Selected()], text.Clean(c.roots.Text)
	if n.Mode == network.Explicit {
		n.ProxyURL, n.ProxyUser, password = text.Clean(c.url.Text), text.Clean(c.user.Text), c.secret.Text
		for host := range strings.SplitSeq(c.bypass.Text, ",") {
			if host = text.Clean(host); host != "" {
				n.Bypass = append(n.Bypass, host)
			}
		}
	}
	return n, password
}

// check says what is wrong below the fields, and tells whether it can be kept.
func (c *networkCard) check() bool {
	n, _ := c.typed()
	for _, f := range c.fields {
		f.Say(widget.Neutral, "", "")
	}
	findings := network.Validate(n)
	good := true
	for _, f := range findings {
		good = good && f.Level != connection.LevelFail
		if row, ok := c.fields[string(f.Field)]; ok {
			page.SayFinding(row, f.Field, findings)
		}
	}
	c.save.SetEnabled(good)
	return good
}

func (c *networkCard) keep() {
	if c.saving.Busy() || !c.check() {
		return
	}
	n, password := c.typed()
	c.save.SetEnabled(false)
	task.Read(c.saving, func(ctx context.Context) (string, error) {
		return c.service.SetNetwork(ctx, n, password)
	}, func(warning string, err error) {
		c.save.SetEnabled(true)
		switch {
		case err != nil:
			c.notice.Say(page.Explain(err, "The network settings could not be saved."))
		case warning != "":
			c.notice.Say(widget.Message{Tone: widget.Warning, Sentence: warning})
		default:
			c.notice.Hide()
			c.host.Toast("The network settings are saved.")
		}
		c.show()
	})
}
