package page_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"pushdesk/storage"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// saving opens the dialog for a file in a folder and types a name.
func saving(t *testing.T, s *windowtest.Stage, folder, name string, what page.Saving) {
	t.Helper()
	what.Title = "Save the receipt"
	page.Save(s, what)
	windowtest.Fill(t, s.Win.Canvas(), "Folder", folder)
	windowtest.Fill(t, s.Win.Canvas(), "File name", name)
}

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestAFileStaysUntilTheNewOneIsWhole: a file that is there is replaced only when a
// person says so, and not before the new content exists.
func TestAFileStaysUntilTheNewOneIsWhole(t *testing.T) {
	s := windowtest.NewStage(t)
	folder := t.TempDir()
	old := filepath.Join(folder, "receipt.html")
	if err := os.WriteFile(old, []byte("last month"), 0o600); err != nil {
		t.Fatal(err)
	}
	fail := errors.New("the disk is gone")
	var saved string
	saving(t, s, folder, "receipt.html", page.Saving{
		Write: page.Content(func(string) ([]byte, error) { return []byte("this month"), fail }),
		Saved: func(path string) { saved = path },
	})
	c := s.Win.Canvas()
	windowtest.Press(t, c, "Save")
	s.Sees("A file with this name exists.")
	if got := content(t, old); got != "last month" {
		t.Fatalf("before anybody said so it holds %q", got)
	}
	windowtest.Press(t, c, "Replace it")
	s.Sees("The file could not be saved.")
	if got := content(t, old); got != "last month" {
		t.Fatalf("after a failure it holds %q", got)
	}
	fail = nil
	windowtest.Press(t, c, "Save")
	s.Sees("A file with this name exists.") // asked again
	windowtest.Press(t, c, "Replace it")
	s.Until(func() bool { return saved != "" })
	if got := content(t, old); got != "this month" || saved != old {
		t.Errorf("%s holds %q", saved, got)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("left in the folder: %v %v", left, err)
	}
}

// TestTheSourceIsNotReplaced: not under any of its names, and not even when asked twice.
func TestTheSourceIsNotReplaced(t *testing.T) {
	s := windowtest.NewStage(t)
	folder := t.TempDir()
	source := filepath.Join(folder, "orders.csv")
	if err := os.WriteFile(source, []byte("A,B\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(source, filepath.Join(folder, "alias.csv")); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{"orders.csv", "alias.csv"} {
		saving(t, s, folder, name, page.Saving{Source: source, Saved: func(string) { t.Error("saved") },
			Write: func(context.Context, string) error { t.Error("written"); return nil }})
		windowtest.Press(t, s.Win.Canvas(), "Save")
		s.Sees("The rows come from this file, so it is not replaced.")
		for _, b := range windowtest.All[*widget.Button](s.Win.Canvas()) {
			if b.Text() == "Replace it" {
				t.Error("it is offered to replace the source")
			}
		}
		windowtest.Press(t, s.Win.Canvas(), "Cancel")
	}
	if got := content(t, source); got != "A,B\n" {
		t.Errorf("the source holds %q", got)
	}
}

func TestAFileIsSavedInAFolderThatIsThere(t *testing.T) {
	s := windowtest.NewStage(t)
	folder := t.TempDir()
	saved := ""
	saving(t, s, filepath.Join(folder, "nowhere"), "runs.csv", page.Saving{
		Write: func(_ context.Context, path string) error { return storage.WriteFile(path, []byte("x")) },
		Saved: func(path string) { saved = path },
	})
	windowtest.Press(t, s.Win.Canvas(), "Save")
	s.Sees("There is no such folder.")
	windowtest.Fill(t, s.Win.Canvas(), "Folder", folder)
	windowtest.Press(t, s.Win.Canvas(), "Save")
	s.Until(func() bool { return saved == filepath.Join(folder, "runs.csv") })
	if len(s.Win.Canvas().Overlays().List()) != 0 {
		t.Error("the dialog is still open")
	}
}

// TestEscapeClosesOneDialog: the chooser of a folder first, and then the dialog under it.
func TestEscapeClosesOneDialog(t *testing.T) {
	s := windowtest.NewStage(t)
	c := s.Win.Canvas()
	s.Win.Resize(fyne.NewSize(900, 700))
	saving(t, s, t.TempDir(), "runs.csv", page.Saving{Saved: func(string) {}})
	windowtest.Press(t, c, "Choose a file")
	if n := len(c.Overlays().List()); n != 2 {
		t.Fatalf("%d dialogs are open", n)
	}
	for want := 1; want >= 0; want-- {
		if f := c.Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		} else {
			c.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
		}
		if n := len(c.Overlays().List()); n != want {
			t.Fatalf("after Escape %d dialogs are open, not %d", n, want)
		}
		if want == 1 {
			windowtest.Sees(t, c, "Save the receipt")
		}
	}
}
