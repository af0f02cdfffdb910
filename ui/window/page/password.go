package page

import (
	"path/filepath"

	"pushdesk/storage/failure"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// AskPassword asks for the password of a protected workbook. err says why it is asked for.
func AskPassword(h Host, path string, err error, then func(password string)) {
	sentence := ""
	if f, ok := failure.From(err); ok {
		sentence = f.Sentence
	}
	password := widget.NewPassword("Password")
	field := widget.NewField(filepath.Base(path), password, sentence)
	var dialog *widget.Dialog
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	open := widget.NewButton(widget.Primary, theme.IconLock, "Open", func() {
		dialog.Close()
		then(password.Text)
	})
	dialog = widget.NewDialog(h.Window(), 440, "The workbook is protected", field, cancel, open)
	dialog.Show(password)
}
