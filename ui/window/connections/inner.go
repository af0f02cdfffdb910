package connections

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/widget"
)

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
