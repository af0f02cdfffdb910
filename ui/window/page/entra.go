package page

import (
	"net/url"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/register"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// registerKinds are the ways to sign in, in the order in which they are offered.
var registerKinds = []connection.CredentialKind{connection.CredentialSecret, connection.CredentialCertificate, connection.CredentialBrowser, connection.CredentialDevice}

// RegisterApp shows what an administrator does before a connection can work, with the
// reader's own values: as a checklist, or as a letter that can be copied or sent.
func RegisterApp(h Host, v register.Values) {
	text := widget.NewNotes("", 16)
	letter := false
	subject := ""
	at := max(0, slices.Index(registerKinds, v.Kind))
	show := func() {
		v.Kind = registerKinds[at]
		var body string
		if subject, body = v.Letter(); !letter {
			body = v.Markdown()
		}
		text.SetText(body)
	}
	kinds := widget.NewSegmented([]widget.Option{{Word: "Client secret"}, {Word: "Certificate"}, {Word: "Browser"}, {Word: "Code"}}, at, func(i int) { at = i; show() })
	forms := widget.NewSegmented([]widget.Option{{Word: "Checklist"}, {Word: "Letter"}}, 0, func(i int) { letter = i == 1; show() })
	var d *widget.Dialog
	closed := widget.NewButton(widget.Secondary, "", "Close", func() { d.Close() })
	mail := widget.NewButton(widget.Secondary, theme.IconMail, "Open in mail", func() {
		body := text.Text
		if !letter {
			_, body = v.Letter()
		}
		link := &url.URL{Scheme: "mailto", RawQuery: strings.ReplaceAll(url.Values{"subject": {subject}, "body": {body}}.Encode(), "+", "%20")}
		if err := fyne.CurrentApp().OpenURL(link); err != nil {
			widget.CopyText(body)
			h.Toast("No mail program opens. The letter is copied.")
		}
	})
	copied := widget.NewButton(widget.Primary, theme.IconCopy, "Copy", func() {
		widget.CopyText(text.Text)
		h.Toast("The text is copied.")
	})
	show()
	d = widget.NewDialog(h.Window(), 720, "What an administrator does first", widget.Column(theme.Gap,
		widget.Row(theme.Gap, kinds, widget.Space(), forms), widget.NewField("It contains no secret. Edit it before you send it.", text, "")), closed, mail, copied)
	d.Show(nil)
}
