package window

import (
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/ui/window/look"
	"pushdesk/ui/window/part"
)

// ShowFailure opens a small window that says why Pushdesk cannot start, and returns
// when it is closed: who starts a program with the mouse sees no terminal.
func ShowFailure(a fyne.App, err error) { newFailure(a, err).ShowAndRun() }

func newFailure(a fyne.App, err error) fyne.Window {
	a.Settings().SetTheme(look.New(look.ParseChoice(a.Preferences().String(prefTheme))))
	w := a.NewWindow("Pushdesk")
	w.SetIcon(look.Logo())
	w.SetMaster()
	m := part.Explain(err, strings.ToUpper(err.Error()[:1])+err.Error()[1:]+".")
	details := m.Sentence + "\n" + m.Remedy + "\n\n" + m.Details
	w.SetContent(part.Inset(look.PageMargin, part.NewEmpty(look.IconWarning, "Pushdesk cannot start", m.Sentence+" "+m.Remedy,
		part.NewButton(part.Secondary, look.IconCopy, "Copy details", func() { part.CopyText(details) }),
		part.NewButton(part.Primary, "", "Close", w.Close))))
	w.Resize(fyne.NewSize(560, 320))
	w.CenterOnScreen()
	return w
}
