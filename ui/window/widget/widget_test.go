package widget_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

func TestMain(m *testing.M) {
	test.NewApp().Settings().SetTheme(theme.New(theme.Light))
	m.Run()
}

// on puts content into a window of the given width.
func on(t *testing.T, width float32, content fyne.CanvasObject) fyne.Window {
	t.Helper()
	w := test.NewTempWindow(t, content)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, 500))
	return w
}

func TestButtonKeysAndStates(t *testing.T) {
	pressed := 0
	b := widget.NewButton(widget.Primary, theme.IconUpload, "Send 700 rows", func() { pressed++ })
	w := on(t, 400, widget.Row(0, b))
	test.Tap(b)
	w.Canvas().Focus(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if pressed != 3 {
		t.Errorf("pressed %d times, want 3", pressed)
	}
	b.SetEnabled(false)
	test.Tap(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if pressed != 3 {
		t.Error("a disabled button was pressed")
	}
	heard := ""
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { heard = string(e.Name) })
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if heard != "Escape" {
		t.Error("Escape did not reach the canvas")
	}
}

func TestEntryCleansWhatIsPasted(t *testing.T) {
	e := widget.NewEntry("")
	e.Clean = strings.TrimSpace
	w := on(t, 300, e)
	w.Canvas().Focus(e)
	clip := test.NewClipboard()
	clip.SetContent("  0f0e1a2b \n")
	e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	if e.Text != "0f0e1a2b" {
		t.Errorf("pasted %q", e.Text)
	}
	heard := ""
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { heard += string(k.Name) + " " })
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if heard != "Escape Return " {
		t.Errorf("the canvas heard %q", heard)
	}
}

func TestPasswordIsHiddenUntilAsked(t *testing.T) {
	e := widget.NewPassword("")
	w := on(t, 300, e)
	test.Type(e, "secret")
	windowtest.Press(t, w.Canvas(), "Show or hide")
	if e.Password {
		t.Error("the eye did not show the secret")
	}
	windowtest.Press(t, w.Canvas(), "Show or hide")
	if !e.Password {
		t.Error("the eye did not hide the secret again")
	}
}

func TestFieldShowsAFindingInsteadOfItsHint(t *testing.T) {
	f := widget.NewField("Tenant ID", widget.NewEntry(""), "From the app's overview.")
	w := on(t, 400, f)
	windowtest.Sees(t, w.Canvas(), "Tenant ID", "From the app's overview.")
	low := f.MinSize().Height
	f.Say(widget.Error, "This is not a tenant ID.", strings.Repeat("Copy it from the overview. ", 6))
	windowtest.SeesNot(t, w.Canvas(), "From the app's overview.")
	windowtest.Sees(t, w.Canvas(), "This is not a tenant ID. Copy it")
	if f.MinSize().Height <= low {
		t.Error("a long finding must get its lines")
	}
	f.Say(widget.Neutral, "", "")
	if f.Note() != "From the app's overview." {
		t.Errorf("the hint did not come back: %q", f.Note())
	}
}

func TestSelectTellsOnlyWhatAPersonChose(t *testing.T) {
	told := []int{}
	s := widget.NewSelect([]string{"Public", "GCC", "China"}, "Choose", func(i int) { told = append(told, i) })
	on(t, 300, s)
	s.SetSelected(1)
	if s.Selected() != 1 || len(told) != 0 {
		t.Errorf("set by code: selected %d, told %v", s.Selected(), told)
	}
	s.Inner.SetSelected("China")
	if len(told) != 1 || told[0] != 2 {
		t.Errorf("told %v", told)
	}
	s.SetOptions([]string{"Public"})
	if s.Selected() != -1 {
		t.Error("an option that is gone is still selected")
	}
}

func TestSegmented(t *testing.T) {
	told := -1
	s := widget.NewSegmented([]widget.Option{{Word: "System"}, {Word: "Light", Icon: theme.IconSun}, {Word: "Dark"}}, 0, func(i int) { told = i })
	on(t, 500, widget.Row(0, s))
	s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(s.MinSize().Width-5, 10)})
	if s.Selected() != 2 || told != 2 {
		t.Errorf("a click on the last chose %d, told %d", s.Selected(), told)
	}
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if s.Selected() != 0 || told != 0 {
		t.Errorf("the keys chose %d", s.Selected())
	}
}

func TestChoices(t *testing.T) {
	var told []int
	c := widget.NewChoices([]widget.Reason{
		{Title: "Stop", About: "Nothing is sent while a row has a problem."},
		{Title: "Leave the row out"},
		{Title: "Send nothing for the value", Off: true, About: "Not for a column that must have a value."},
	}, 0, func(i int) { told = append(told, i) })
	w := on(t, 400, widget.Column(0, c))
	windowtest.Sees(t, w.Canvas(), "Stop", "Nothing is sent while", "Leave the row out")
	var items []fyne.Tappable
	windowtest.Walk(c, func(o fyne.CanvasObject) bool {
		if item, ok := o.(fyne.Tappable); ok {
			items = append(items, item)
		}
		return true
	})
	items[2].Tapped(nil)
	if c.Selected() != 0 || len(told) != 0 {
		t.Errorf("chose what is off: %d", c.Selected())
	}
	items[1].Tapped(nil)
	items[1].Tapped(nil)
	items[1].(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	c.SetSelected(1)
	if c.Selected() != 1 || len(told) != 2 || told[0] != 1 || told[1] != 0 {
		t.Errorf("selected %d, told %v", c.Selected(), told)
	}
}

func TestStepperGoesBackButNotAhead(t *testing.T) {
	var gone []int
	var s *widget.Stepper
	s = widget.NewStepper(func(i int) { gone = append(gone, i); s.Set(i, 3) }, "Source", "Destination", "Columns", "Check", "Send")
	w := on(t, 900, s)
	s.Set(3, 3)
	click := func(i int) {
		var steps []fyne.CanvasObject
		windowtest.Walk(w.Canvas().Content(), func(o fyne.CanvasObject) bool {
			if _, ok := o.(fyne.Tappable); ok {
				steps = append(steps, o)
			}
			return true
		})
		steps[i].(fyne.Tappable).Tapped(nil)
	}
	click(4)
	click(3)
	if len(gone) != 0 {
		t.Fatalf("went to %v", gone)
	}
	click(1)
	click(2)
	if len(gone) != 2 || s.Current() != 2 {
		t.Fatalf("went to %v, now at %d", gone, s.Current())
	}
}

func TestBarKeepsWithinItsTrack(t *testing.T) {
	b := widget.NewBar()
	on(t, 400, b)
	for _, f := range []struct{ set, want float64 }{{-1, 0}, {0, 0}, {0.5, 0.5}, {7, 1}} {
		b.Set(f.set, "rows", "left")
		if b.Fraction() != f.want {
			t.Errorf("Set(%v) shows %v", f.set, b.Fraction())
		}
	}
}

func TestCheckRowShowsWhatMatters(t *testing.T) {
	c := widget.NewCheckRow(widget.CheckResult{State: widget.Running, Title: "Token issued"})
	w := on(t, 500, c)
	windowtest.Sees(t, w.Canvas(), "Token issued", "Running")
	c.Set(widget.CheckResult{State: widget.Fail, Title: "Token issued", Evidence: "AADSTS7000215", Remedy: "Make a new secret.", Who: "the app's owner", Details: "Correlation 1", Took: 412 * time.Millisecond})
	windowtest.Sees(t, w.Canvas(), "412 ms", "AADSTS7000215", "Make a new secret.", "Who can fix it: the app's owner", "Details")
	windowtest.SeesNot(t, w.Canvas(), "Correlation 1")
	windowtest.Press(t, w.Canvas(), "Details")
	windowtest.Sees(t, w.Canvas(), "Correlation 1")
	windowtest.Press(t, w.Canvas(), "Copy")
	if got := fyne.CurrentApp().Clipboard().Content(); got != "Correlation 1" {
		t.Errorf("copied %q", got)
	}
	c.Set(widget.CheckResult{State: widget.Pass, Title: "Token issued", Details: "Correlation 1", Who: "the app's owner"})
	windowtest.SeesNot(t, w.Canvas(), "Details", "Who can fix it")
}

func TestBannerSaysAndCloses(t *testing.T) {
	b := widget.NewBanner()
	w := on(t, 700, widget.Column(0, b))
	if b.Visible() {
		t.Error("a new banner is shown")
	}
	b.Say(widget.Message{Tone: widget.Error, Sentence: "The datasets could not be read.", Remedy: "Try again.", Details: "boom"})
	windowtest.Sees(t, w.Canvas(), "The datasets could not be read.", "Try again.")
	windowtest.Press(t, w.Canvas(), "Details")
	windowtest.Sees(t, w.Canvas(), "boom")
	windowtest.Press(t, w.Canvas(), "Close this message")
	if b.Sentence() != "" {
		t.Error("the banner did not close")
	}
}

func TestDialogKeys(t *testing.T) {
	entry := widget.NewEntry("")
	w := on(t, 800, widget.Column(0, entry))
	w.Canvas().Focus(entry)
	saved, closed := 0, 0
	name := widget.NewEntry("")
	save := widget.NewButton(widget.Primary, "", "Rename", func() { saved++ })
	var d *widget.Dialog
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { d.Close() })
	d = widget.NewDialog(w, 440, "Rename Sales EU", widget.NewField("Name", name, ""), cancel, save).OnClosed(func() { closed++ })
	d.Show(name)
	if w.Canvas().Focused() != name {
		t.Error("the dialog's first input has not the keyboard")
	}
	windowtest.Sees(t, w.Canvas(), "Rename Sales EU")
	name.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if saved != 1 {
		t.Errorf("Enter pressed the default button %d times", saved)
	}
	name.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	d.Close()
	if closed != 1 || len(w.Canvas().Overlays().List()) != 0 {
		t.Errorf("closed %d times", closed)
	}
	if w.Canvas().Focused() != entry {
		t.Error("the keyboard did not go back")
	}
	if w.Canvas().OnTypedKey() != nil {
		t.Error("the closed dialog still listens to keys")
	}
}

func TestConfirmIsNotAcceptedByEnter(t *testing.T) {
	w := on(t, 800, widget.Column(0))
	deleted := 0
	ask := func() {
		widget.Confirm(w, "Delete Sales EU?", "The secret is removed, too.", "Delete connection", func() { deleted++ })
	}
	ask()
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if deleted != 0 || len(w.Canvas().Overlays().List()) != 0 {
		t.Fatal("Enter must close without deleting")
	}
	ask()
	windowtest.Press(t, w.Canvas(), "Delete connection")
	if deleted != 1 || len(w.Canvas().Overlays().List()) != 0 {
		t.Fatalf("deleted %d times", deleted)
	}
}

func TestToastsComeOneAtATime(t *testing.T) {
	w := test.NewTempWindow(t, widget.Column(0))
	synctest.Test(t, func(t *testing.T) {
		var q task.Queue
		work := task.NewWork(q.Post)
		defer work.Close()
		toasts := widget.NewToasts(work)
		w.SetContent(toasts.Object())
		pass := func(d time.Duration) { time.Sleep(d); synctest.Wait(); q.Drain() }
		toasts.Show("Connection saved.")
		toasts.Show("Report copied.")
		pass(widget.ToastTime - time.Second)
		if toasts.Text() != "Connection saved." {
			t.Fatalf("says %q", toasts.Text())
		}
		pass(2 * time.Second)
		if toasts.Text() != "Report copied." {
			t.Fatalf("then says %q", toasts.Text())
		}
		pass(widget.ToastTime)
		if toasts.Text() != "" {
			t.Fatalf("at last says %q", toasts.Text())
		}
	})
}

func TestPartsFollowTheTheme(t *testing.T) {
	text, rect := widget.NewText("words", widget.StyleBody), widget.NewRect(theme.ColorSurface, theme.ColorHairline, 4)
	paragraph := widget.NewParagraph("more words", widget.StyleMuted)
	on(t, 300, widget.Column(0, text, rect, paragraph))
	colours := func() string {
		var b strings.Builder
		for _, w := range []fyne.Widget{text, rect, paragraph} {
			switch o := test.WidgetRenderer(w).Objects()[0].(type) {
			case *canvas.Text:
				fmt.Fprint(&b, o.Color, " ")
			case *canvas.Rectangle:
				fmt.Fprint(&b, o.FillColor, " ", o.StrokeColor, " ")
			}
		}
		return b.String()
	}
	light := strings.Fields(colours())
	test.ApplyTheme(t, theme.New(theme.Dark))
	t.Cleanup(func() { test.ApplyTheme(t, theme.New(theme.Light)) })
	for _, o := range []fyne.CanvasObject{text, rect, paragraph} {
		o.Refresh()
	}
	for i, dark := range strings.Fields(colours()) {
		if dark == light[i] && dark != "255}" {
			t.Errorf("colour %d stayed %s", i, dark)
		}
	}
}
