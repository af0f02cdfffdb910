package connections

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// proofKinds are the ways to sign in, in the order of their choice.
var proofKinds = []connection.CredentialKind{
	connection.CredentialSecret, connection.CredentialCertificate, connection.CredentialBrowser, connection.CredentialDevice,
}

var proofAbout = map[connection.CredentialKind]string{
	connection.CredentialSecret:      "The app signs in by itself with a client secret.",
	connection.CredentialCertificate: "The app signs in by itself with an RSA certificate and its private key.",
	connection.CredentialBrowser:     "You sign in with your own account in a web browser. The connection has the same Power BI permissions as you.",
	connection.CredentialDevice:      "You sign in with your own account by typing a code on any device, for computers without a browser.",
}

// credentialSection is the part of the form that says how the connection signs in.
type credentialSection struct {
	form *form

	kind        *widget.Segmented
	about       *widget.Paragraph
	secret      *widget.Entry
	expires     *widget.Entry
	manager     *widget.Entry // the reference to a secret manager
	file        *widget.Entry
	password    *widget.Entry
	facts       *widget.KeyValues // of the certificate
	signIn      *widget.Button
	account     *widget.Chip
	secretPart  fyne.CanvasObject
	certificate fyne.CanvasObject
	person      fyne.CanvasObject
	content     *fyne.Container

	working *task.Latest
	given   connection.Credential // a certificate or a sign-in that is not saved yet
	path    string                // of the certificate that was read
}

func newCredentialSection(f *form, c connection.Connection) *credentialSection {
	s := &credentialSection{form: f, working: f.page.host.Work().Latest(), about: widget.NewParagraph("", widget.StyleMuted)}
	hint := "The column Value under Certificates & secrets. Entra shows it only once."
	if c.ID != "" {
		hint = "Leave it empty to keep the secret that is stored."
		if place := f.page.places[c.ID]; place != "" {
			hint += " Now: " + place + "."
		}
	}
	s.secret = widget.NewPassword("The secret's Value")
	if c.ID != "" {
		s.secret.PlaceHolder = "Unchanged"
	}
	s.secret.Clean = connection.CleanSecret
	s.secret.OnChanged = func(string) { f.changed(connection.FieldSecret) }
	s.expires = f.entry(connection.FieldExpires, "2027-01-31", string(c.Expires))
	s.manager = f.entry(connection.FieldReference, "op:op://Finance/Power BI/secret", c.Reference.String())
	manager := f.row(connection.FieldReference, "Secret manager (optional)", s.manager, "Where the secret is kept when none is stored here: manager:name. "+managersHint)
	widget.ShowIf(manager, c.Team == "") // else the team's file says it
	s.secretPart = widget.Column(theme.Gap,
		f.row(connection.FieldSecret, "Client secret", s.secret, hint),
		f.row(connection.FieldExpires, "Secret expires (optional)", s.expires, "The date that Entra shows next to the secret. Pushdesk warns 30, 14 and 3 days before."), manager)

	s.file = widget.NewPath("A PFX, P12 or PEM file with the private key", func() {
		page.ChooseFile(f.page.host.Window(), nil, func(path string) { s.file.SetText(path); s.read() })
	})
	s.file.Clean = text.Clean
	s.file.OnSubmitted = func(string) { s.read() }
	s.password = widget.NewPassword("Only if the file has one")
	s.password.OnSubmitted = func(string) { s.read() }
	s.facts = widget.NewKeyValues()
	read := widget.NewButton(widget.Secondary, theme.IconKey, "Read the file", s.read)
	fileHint := "Pushdesk stores an encrypted copy, so the file is not needed afterwards."
	if c.ID != "" && c.Credential == connection.CredentialCertificate {
		fileHint = "Leave it empty to keep the certificate that is stored. " + fileHint
	}
	s.certificate = widget.Column(theme.Gap, f.row(connection.FieldFile, "Certificate file", s.file, fileHint),
		widget.NewField("File password", s.password, ""), widget.Row(0, read), s.facts)
	s.facts.Hide()

	s.signIn = widget.NewButton(widget.Secondary, theme.IconPerson, "Sign in", s.begin)
	s.account = widget.NewChip(widget.Neutral, theme.IconPerson, "Not signed in")
	s.person = widget.Row(theme.Gap, s.signIn, s.account)

	at := max(slices.Index(proofKinds, c.Credential), 0)
	s.kind = widget.NewSegmented([]widget.Option{{Word: "Secret"}, {Word: "Certificate"}, {Word: "Browser"}, {Word: "Code"}}, at, func(int) {
		s.working.Cancel()
		s.given = connection.Credential{}
		s.path = ""
		s.facts.Hide()
		f.changed(connection.FieldSecret)
		f.arrange()
	})
	s.content = widget.Column(theme.Gap, widget.NewField("Sign in with", s.kind, ""), s.about, s.secretPart, s.certificate, s.person)
	if c.Account != "" && c.Credential.User() {
		s.account.Set(widget.Neutral, theme.IconPerson, c.Account)
		s.signIn.SetText("Sign in again")
	}
	return s
}

// chosen is the kind that is chosen.
func (s *credentialSection) chosen() connection.CredentialKind { return proofKinds[s.kind.Selected()] }

// arrange shows the inputs of the kind that is chosen.
func (s *credentialSection) arrange() {
	k := s.chosen()
	s.about.SetText(proofAbout[k])
	widget.ShowIf(s.secretPart, k == connection.CredentialSecret)
	widget.ShowIf(s.certificate, k == connection.CredentialCertificate)
	widget.ShowIf(s.person, k.User())
	s.content.Refresh()
}

// typed is what was given to sign in with; nil when nothing was, so that what is
// stored stays.
func (s *credentialSection) typed() *connection.Credential {
	switch k := s.chosen(); {
	case k == connection.CredentialSecret:
		if secret := connection.CleanSecret(s.secret.Text); secret != "" {
			c := connection.SecretCredential(secret)
			return &c
		}
	case s.given.Kind == k:
		return &s.given
	}
	return nil
}

// describe puts what is known of the credential into a connection.
func (s *credentialSection) describe(c *connection.Connection) {
	c.Credential = s.chosen()
	if c.Credential != connection.CredentialSecret && s.form.was.Credential != c.Credential {
		c.Expires, c.ExpiresFrom, c.Account = "", "", ""
	}
	switch {
	case c.Credential == connection.CredentialSecret:
		c.Account = ""
		if c.Team == "" {
			name, item, _ := strings.Cut(text.Clean(s.manager.Text), ":")
			c.Reference = connection.Reference{Manager: strings.ToLower(strings.TrimSpace(name)), Item: strings.TrimSpace(item)}
		}
		if day := connection.Day(text.Clean(s.expires.Text)); day != c.Expires {
			c.Expires, c.ExpiresFrom = day, connection.ExpiryTyped
		}
	case s.given.Certificate != nil:
		c.Expires, c.ExpiresFrom = connection.DayOf(s.given.Certificate.NotAfter()), connection.ExpiryCertificate
	case s.given.SignIn != nil:
		c.Account = s.given.SignIn.Account()
	}
}

// read reads the certificate file.
func (s *credentialSection) read() {
	path, password := text.Clean(s.file.Text), s.password.Text
	field := s.form.fields[connection.FieldFile]
	if path == "" || s.working.Busy() {
		return
	}
	task.Read(s.working, func(ctx context.Context) (connection.Credential, error) {
		return s.form.page.service.ReadCertificate(ctx, path, password)
	}, func(c connection.Credential, err error) {
		s.given, s.path = c, path
		s.facts.Hide()
		if err != nil {
			s.given, s.path = connection.Credential{}, ""
			m := page.Explain(err, "The file cannot be read as a certificate.")
			field.Say(widget.Error, m.Sentence, m.Remedy)
		} else {
			field.Say(widget.Neutral, "", "")
			s.show(c.Certificate)
		}
		s.form.changed(connection.FieldSecret)
		s.form.content.Refresh()
	})
}

// show shows whose certificate it is and until when it is good.
func (s *credentialSection) show(c *connection.Certificate) {
	until := humanize.Date(c.NotAfter())
	if now := time.Now(); now.After(c.NotAfter()) {
		until += " (expired)"
	}
	s.facts.Set(widget.Pair{Key: "Certificate", Value: c.Subject()},
		widget.Pair{Key: "Thumbprint", Value: c.Thumbprint(), Mono: true, Copy: true},
		widget.Pair{Key: "Valid until", Value: until})
	s.facts.Show()
}

// begin signs a person in.
func (s *credentialSection) begin() {
	f := s.form
	c := f.typed()
	for _, name := range []connection.Field{connection.FieldTenant, connection.FieldClient, connection.FieldLoginURL} {
		f.touched[name] = true
	}
	f.check()
	if f.wrong(connection.FieldTenant) || f.wrong(connection.FieldClient) || f.wrong(connection.FieldLoginURL) {
		return
	}
	d := newSignInDialog(f.page.host, c, f.page.service, func(got connection.Credential) {
		s.given = got
		s.account.Set(widget.Success, theme.IconPass, "Signed in as "+got.SignIn.Account())
		s.signIn.SetText("Sign in again")
		f.changed(connection.FieldSecret)
		f.content.Refresh()
	})
	d.start()
}

// signInDialog leads a person through a sign-in.
type signInDialog struct {
	host    page.Host
	c       connection.Connection
	service Service
	done    func(connection.Credential)
	text    *widget.Paragraph
	facts   *widget.KeyValues
	notice  *widget.Banner
	open    *widget.Button
	copy    *widget.Button // of the address, for another browser
	again   *widget.Button
	dialog  *widget.Dialog
	work    *task.Latest
	link    string
}

func newSignInDialog(h page.Host, c connection.Connection, d Service, done func(connection.Credential)) *signInDialog {
	s := &signInDialog{host: h, c: c, service: d, done: done, notice: widget.NewBanner(), text: widget.NewParagraph("", widget.StyleBody), facts: widget.NewKeyValues(), work: h.Work().Latest()}
	s.open = widget.NewButton(widget.Secondary, theme.IconCloud, "Open the browser", func() { s.browse(s.link) })
	s.copy = widget.NewButton(widget.Quiet, theme.IconCopy, "Copy the address", func() { widget.CopyText(s.link) })
	s.again = widget.NewButton(widget.Primary, "", "Try again", s.begin)
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { s.dialog.Close() })
	s.dialog = widget.NewDialog(h.Window(), 480, "Sign in", widget.Column(theme.Gap, s.notice, s.text, s.facts), s.copy, s.open, cancel, s.again)
	s.dialog.OnClosed(s.work.Cancel)
	return s
}

func (s *signInDialog) start() {
	s.dialog.Show(nil)
	s.begin()
}

// browse opens an address in the person's browser.
func (s *signInDialog) browse(link string) {
	u, err := url.Parse(link)
	if err == nil {
		err = fyne.CurrentApp().OpenURL(u)
	}
	if err != nil {
		widget.CopyText(link)
		s.host.Toast("The browser could not be opened. The address is copied.")
	}
}

func (s *signInDialog) begin() {
	s.notice.Hide()
	s.again.Hide()
	s.open.Hide()
	s.copy.Hide()
	s.facts.Hide()
	s.text.SetText("Asking the login service.")
	s.dialog.Fit()
	work := s.host.Work()
	task.Read(s.work, func(ctx context.Context) (connection.Credential, error) {
		return s.service.SignIn(ctx, s.c, func(link string) error {
			work.Post(func() { s.waitForBrowser(link) })
			return nil
		}, func(code entra.DeviceCode) {
			work.Post(func() { s.showCode(code) })
		})
	}, func(got connection.Credential, err error) {
		if err != nil {
			m := page.Explain(err, "You are not signed in.")
			s.notice.Say(m)
			s.text.SetText("")
			s.facts.Hide()
			s.open.Hide()
			s.copy.Hide()
			s.again.Show()
			s.dialog.Fit()
			return
		}
		s.dialog.Close()
		s.done(got)
	})
}

func (s *signInDialog) waitForBrowser(link string) {
	s.link = link
	s.text.SetText("A web browser opens the sign-in page of Microsoft. Come back here when it says that you are signed in.")
	s.open.SetText("Open it again")
	s.open.Show()
	s.copy.Show()
	s.dialog.Fit()
	s.browse(link)
}

func (s *signInDialog) showCode(code entra.DeviceCode) {
	s.link = code.URL
	s.text.SetText(fmt.Sprintf("Open the address on any device and type the code. It is valid until %s.", humanize.Time(code.Expires, time.Now())))
	s.facts.Set(widget.Pair{Key: "Code", Value: code.UserCode, Mono: true, Copy: true}, widget.Pair{Key: "Address", Value: code.URL, Mono: true, Copy: true})
	s.facts.Show()
	s.open.SetText("Open the browser")
	s.open.Show()
	s.dialog.Fit()
}
