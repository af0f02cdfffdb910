package page

import (
	"context"
	"strings"

	"pushdesk/connection"
	"pushdesk/connection/manager"
	"pushdesk/storage/text"
	"pushdesk/ui/app"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Managers is where a person says which secret managers may be asked, and how.
type Managers interface {
	// AllowManager keeps the way to ask one; an empty token leaves the stored one alone.
	AllowManager(ctx context.Context, name string, m manager.Manager, token string) (warning string, err error)
}

// AllowManager asks how a secret manager is asked, and allows that on this computer.
// wanted is the secret that a connection names in it, or nothing; was is how it is asked
// now. done is called when it is allowed.
func AllowManager(h Host, s Managers, wanted connection.Reference, was manager.Manager, done func()) {
	if was.Check() != nil {
		was, _ = app.SuggestManager(wanted.Manager)
	}
	name := widget.NewEntry("For example op or vault")
	name.Clean = text.Clean
	name.SetText(wanted.Manager)
	program := widget.NewEntry("op read --no-newline {item}")
	program.Clean = text.Clean
	if len(was.Program) > 0 {
		program.SetText(was.String())
	}
	address, field, header := widget.NewEntry("https://vault.example.com/v1/{item}"), widget.NewEntry("data.value"), widget.NewEntry("Authorization")
	for _, e := range []*widget.Entry{address, field, header} {
		e.Clean = text.Clean
	}
	address.SetText(was.Address)
	field.SetText(was.Field)
	header.SetText(was.Header)
	token := widget.NewPassword("Only if the address asks for one")
	if was.Token {
		token.PlaceHolder = "Unchanged"
	}
	byProgram := widget.Column(theme.Gap, widget.NewField("Program", program, "It is run without a shell. {item} is replaced by what the secret manager calls the secret."))
	byAddress := widget.Column(theme.Gap, widget.NewField("Address", address, "{item} stands in the path or the query. Only this address is asked."),
		widget.Even(theme.Gap, widget.NewField("Field of the answer (optional)", field, ""), widget.NewField("Header of the token (optional)", header, "")),
		widget.NewField("Token (optional)", token, "Stored with your secrets, and sent to this address only."))
	byVariable := widget.NewParagraph("Environment variables whose names begin with "+manager.VariablePrefix+" may be read, and no others.", widget.StyleBody)
	way := 0
	switch {
	case was.Environment || wanted.Manager == "env":
		way = 2
	case was.Address != "":
		way = 1
	}
	var dialog *widget.Dialog
	arrange := func() {
		widget.ShowIf(byProgram, way == 0)
		widget.ShowIf(byAddress, way == 1)
		widget.ShowIf(byVariable, way == 2)
	}
	ways := widget.NewSegmented([]widget.Option{{Word: "A program"}, {Word: "An address"}, {Word: "Environment variables"}}, way, func(i int) {
		way = i
		if i == 2 {
			name.SetText("env")
		}
		arrange()
		dialog.Fit()
	})
	arrange()
	about := "A connection names a secret manager and a secret in it. How it is asked is yours to say: no shared file can change that."
	if wanted.Item != "" {
		about = "The connection asks the secret manager “" + wanted.Manager + "” for “" + wanted.Item + "”. How it is asked is yours to say: no shared file can change that."
	}
	notice := widget.NewBanner()
	working := h.Work().Latest()
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	accept := widget.NewButton(widget.Primary, "", "Allow on this computer", nil)
	accept.OnTapped = func() {
		m := manager.Manager{Environment: way == 2}
		switch way {
		case 0:
			var err error
			if m.Program, err = manager.Split(program.Text); err != nil {
				notice.Say(Explain(err, "The program cannot be used."))
				dialog.Fit()
				return
			}
		case 1:
			m.Address, m.Field, m.Header = strings.TrimSpace(address.Text), strings.TrimSpace(field.Text), strings.TrimSpace(header.Text)
		}
		given := ""
		if way == 1 {
			given = connection.CleanSecret(token.Text)
		}
		accept.SetEnabled(false)
		task.Read(working, func(ctx context.Context) (string, error) { return s.AllowManager(ctx, name.Text, m, given) }, func(warning string, err error) {
			accept.SetEnabled(true)
			if err != nil {
				notice.Say(Explain(err, "The secret manager could not be allowed."))
				dialog.Fit()
				return
			}
			dialog.Close()
			if warning == "" {
				warning = text.Name(name.Text) + " may be asked on this computer."
			}
			h.Toast(warning)
			done()
		})
	}
	fields := []*widget.Field{widget.NewField("Name", name, "As it stands in the connection, before the colon.")}
	body := widget.Column(theme.Gap, notice, widget.NewParagraph(about, widget.StyleBody))
	if wanted.Manager == "" {
		body.Add(fields[0])
	}
	body.Add(widget.NewField("Ask it by", ways, ""))
	body.Add(byProgram)
	body.Add(byAddress)
	body.Add(byVariable)
	title := "Allow a secret manager"
	if wanted.Manager != "" {
		title = "Allow the secret manager " + wanted.Manager
	}
	dialog = widget.NewDialog(h.Window(), 620, title, body, cancel, accept)
	dialog.OnClosed(working.Cancel)
	if wanted.Manager == "" {
		dialog.Show(name)
	} else {
		dialog.Show(nil)
	}
}
