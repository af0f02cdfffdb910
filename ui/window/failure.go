package window

import (
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/ui/window/page"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// ShowFailure opens a small window that says why Pushdesk cannot start, and returns
// when it is closed: who starts a program with the mouse sees no terminal.
func ShowFailure(a fyne.App, err error) { newFailure(a, err).ShowAndRun() }

func newFailure(a fyne.App, err error) fyne.Window {
	a.Settings().SetTheme(theme.New(theme.ParseChoice(a.Preferences().String(prefTheme))))
	w := a.NewWindow("Pushdesk")
	w.SetIcon(theme.Logo())
	w.SetMaster()
	m := page.Explain(err, strings.ToUpper(err.Error()[:1])+err.Error()[1:]+".")
	details := m.Sentence + "\n" + m.Remedy + "\n\n" + m.Details
	w.SetContent(widget.Inset(theme.PageMargin, widget.NewEmpty(theme.IconWarning, "Pushdesk cannot start", m.Sentence+" "+m.Remedy,
		widget.NewButton(widget.Secondary, theme.IconCopy, "Copy details", func() { widget.CopyText(details) }),
		widget.NewButton(widget.Primary, "", "Close", w.Close))))
	w.Resize(fyne.NewSize(560, 320))
	w.CenterOnScreen()
	return w
}
