package page

import (
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"pushdesk/storage"
)

// SaveFile asks for a name and writes what content gives for it.
func SaveFile(h Host, name string, content func(path string) ([]byte, error), what string, failed func(error)) {
	AskPath(h, name, func(path string) {
		data, err := content(path)
		if err == nil {
			err = storage.WriteFile(path, data)
		}
		if err != nil {
			failed(err)
			return
		}
		h.Toast(what + " is saved as " + filepath.Base(path) + ".")
	})
}

// AskPath asks for the name of a file to write. The dialog makes an empty file of
// that name, which is removed.
func AskPath(h Host, name string, write func(path string)) {
	d := dialog.NewFileSave(func(f fyne.URIWriteCloser, err error) {
		if err != nil || f == nil {
			return
		}
		path := f.URI().Path()
		_ = f.Close() // it was only opened to learn its name
		if info, err := os.Stat(path); err == nil && info.Size() == 0 {
			_ = os.Remove(path)
		}
		write(path)
	}, h.Window())
	d.SetFileName(name)
	d.Show()
	size := h.Window().Canvas().Size()
	d.Resize(fyne.NewSize(min(size.Width-80, 900), min(size.Height-80, 620)))
}
