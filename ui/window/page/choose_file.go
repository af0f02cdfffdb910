package page

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
)

// ChooseFile lets a person pick a file; nothing is called when they do not. An
// empty list of extensions offers every file.
func ChooseFile(w fyne.Window, extensions []string, chosen func(path string)) {
	d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil || f == nil {
			return
		}
		path := f.URI().Path()
		if err := f.Close(); err == nil {
			chosen(path)
		}
	}, w)
	if len(extensions) > 0 {
		d.SetFilter(storage.NewExtensionFileFilter(extensions))
	}
	openChooser(w, d)
}

// ChooseFolder lets a person pick a folder.
func ChooseFolder(w fyne.Window, chosen func(path string)) {
	openChooser(w, dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		if err == nil && folder != nil {
			chosen(folder.Path())
		}
	}, w))
}

// openChooser opens one of Fyne's dialogs for files. Escape closes it, and nothing
// that is open under it.
func openChooser(w fyne.Window, d *dialog.FileDialog) {
	c := w.Canvas()
	before := c.OnTypedKey()
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			d.Hide()
		}
	})
	d.SetOnClosed(func() { c.SetOnTypedKey(before) })
	d.Show() // resizing before showing panics in Fyne 2.8.1
	size := c.Size()
	d.Resize(fyne.NewSize(min(size.Width-80, 900), min(size.Height-80, 620)))
}
