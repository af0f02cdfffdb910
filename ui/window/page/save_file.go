package page

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// lastFolder is where the last file of this session was saved, in Fyne's preferences.
const lastFolder = "save.folder"

// Saving is a file that a person may save.
type Saving struct {
	Title  string // of the dialog, as in "Save the receipt"
	Name   string // the file name that is proposed
	Source string // the file that the content comes from, which must not be replaced; "" is none
	New    bool   // an existing file is never replaced
	// Write writes the file, in the background. It leaves an existing file as it is
	// until the new one is whole; storage.Export and WriteFile do.
	Write func(ctx context.Context, path string) error
	Saved func(path string)
}

// Content is a Write that writes what make gives for the chosen name.
func Content(make func(path string) ([]byte, error)) func(context.Context, string) error {
	return func(_ context.Context, path string) error {
		data, err := make(path)
		if err != nil {
			return err
		}
		return storage.Export(path, data)
	}
}

// Save asks for a folder and a name and writes the file. Nothing on the disk changes
// before the new content is whole, and a file that is there is only replaced once a
// person has said so. What goes wrong is said in the dialog, where another name or
// folder can be chosen.
func Save(h Host, s Saving) {
	d := &saveDialog{host: h, saving: s, work: h.Work().Latest()}
	d.folder = widget.NewPath("A folder", d.browse)
	d.folder.SetText(folderToBegin())
	d.name = widget.NewEntry("A file name")
	d.name.SetText(storage.FileName(s.Name))
	d.folderField = widget.NewField("Folder", d.folder, "")
	d.nameField = widget.NewField("File name", d.name, "")
	d.folder.OnChanged = func(string) { d.reset() }
	d.name.OnChanged = func(string) { d.reset() }
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { d.dialog.Close() })
	d.accept = widget.NewButton(widget.Primary, theme.IconSave, "Save", d.save)
	d.dialog = widget.NewDialog(h.Window(), 560, s.Title, widget.Column(theme.Gap, d.nameField, d.folderField), cancel, d.accept)
	d.dialog.OnClosed(d.work.Cancel)
	d.dialog.Show(d.name)
}

// folderToBegin is the folder of the last file, or the person's own.
func folderToBegin() string {
	home, _ := os.UserHomeDir()
	return fyne.CurrentApp().Preferences().StringWithFallback(lastFolder, home)
}

type saveDialog struct {
	host                   Host
	saving                 Saving
	work                   *task.Latest
	folder, name           *widget.Entry
	folderField, nameField *widget.Field
	accept                 *widget.Button
	dialog                 *widget.Dialog
	replace                string // the file that may be replaced, "" is none
}

func (d *saveDialog) browse() {
	ChooseFolder(d.host.Window(), d.folder.SetText)
}

// reset forgets what was said about another name.
func (d *saveDialog) reset() {
	d.work.Cancel()
	d.replace = ""
	d.nameField.Say(widget.Neutral, "", "")
	d.folderField.Say(widget.Neutral, "", "")
	d.accept.SetEnabled(true)
	d.accept.SetKind(widget.Primary)
	d.accept.SetText("Save")
	d.dialog.Fit()
}

// path is the file that is chosen; "" while there is no name.
func (d *saveDialog) path() string {
	name := strings.TrimSpace(d.name.Text)
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(strings.TrimSpace(d.folder.Text), name)
}

func (d *saveDialog) save() {
	path := d.path()
	if path == "" || d.work.Busy() {
		return
	}
	d.accept.SetEnabled(false)
	d.accept.SetText("Saving")
	s, replace := d.saving, d.replace == path
	task.Read(d.work, func(ctx context.Context) (struct{}, error) {
		if err := s.mayWrite(path, replace); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, s.Write(ctx, path)
	}, func(_ struct{}, err error) {
		if err == nil {
			fyne.CurrentApp().Preferences().SetString(lastFolder, filepath.Dir(path))
			d.dialog.Close()
			s.Saved(path)
			return
		}
		d.reset()
		m := Explain(err, "The file could not be saved.")
		switch {
		case failure.HasCode(err, codeThere):
			d.replace = path
			d.accept.SetKind(widget.Danger)
			d.accept.SetText("Replace it")
			d.nameField.Say(widget.Warning, m.Sentence, m.Remedy)
		case failure.HasCode(err, codeNoFolder):
			d.folderField.Say(widget.Error, m.Sentence, m.Remedy)
		default:
			d.nameField.Say(widget.Error, m.Sentence, sentences(m.Remedy, m.Details))
		}
		d.dialog.Fit()
	})
}

const (
	codeThere    = "file-exists"
	codeNoFolder = "folder-not-found"
)

// mayWrite says why a file must not be written, or not yet. replace is set once a
// person has said that the file that is there may go.
func (s Saving) mayWrite(path string, replace bool) error {
	if at, err := os.Stat(filepath.Dir(path)); err != nil || !at.IsDir() {
		return failure.New(failure.Usage, codeNoFolder, "There is no such folder.", "Choose another folder.")
	}
	there, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case there.IsDir():
		return failure.New(failure.Usage, "file-is-folder", "A folder has this name.", "Choose another name.")
	}
	if s.Source != "" {
		if source, err := os.Stat(s.Source); err == nil && os.SameFile(source, there) {
			return failure.New(failure.Usage, "file-is-source", "The rows come from this file, so it is not replaced.", "Choose another name.")
		}
	}
	switch {
	case s.New:
		return failure.New(failure.Usage, "file-taken", "A file with this name exists.", "Choose another name.")
	case !replace:
		return failure.New(failure.Usage, codeThere, "A file with this name exists.", "Press again to replace it, or choose another name.")
	}
	return nil
}
