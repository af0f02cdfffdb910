package upload

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// TestTheKeyboardIsOnTheStep: each step begins with its first control, and Tab goes
// through the step and its buttons before it comes to the circles of the steps.
func TestTheKeyboardIsOnTheStep(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{written(t, "towns.csv", "Town,Code\nGhent,9000\nBruges,8000\n")})
	h.sees("2 rows, 2 columns")
	for p.current < stepSend {
		h.until(func() bool { return p.next.Visible() && !p.next.Disabled() })
		var step fyne.Focusable
		for range 60 {
			if step = h.canvas.Focused(); step == p.next {
				break
			}
			if o, ok := step.(fyne.CanvasObject); !ok || within(p.stepper, o) {
				t.Fatalf("on %s the keyboard is on %T before the step's own controls", stepNames[p.current], step)
			}
			h.canvas.FocusNext()
		}
		if step != p.next {
			t.Fatalf("on %s Tab never comes to Next", stepNames[p.current])
		}
		was := p.current
		windowtest.Press(t, h.canvas, p.next.Text())
		h.until(func() bool { return p.current > was })
		if h.canvas.Focused() == nil {
			t.Errorf("on %s the keyboard is nowhere", stepNames[p.current])
		}
	}
}

// within reports whether an object is part of another.
func within(root, o fyne.CanvasObject) (found bool) {
	windowtest.Walk(root, func(part fyne.CanvasObject) bool { found = found || part == o; return !found })
	return found
}

// TestTheWheelTurnsTheColumns: also over the boxes of their names.
func TestTheWheelTurnsTheColumns(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{columns(t, "many.csv", 60)})
	h.next(p)
	h.next(p)
	h.sees("60 of 60 columns are sent")
	name := windowtest.All[*columnRow](h.canvas)[1].name
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(name).AddXY(30, 10)
	test.Scroll(h.canvas, at, 0, -120)
	if got := p.columns.list.GetScrollOffset(); got != 120 {
		t.Errorf("the list is scrolled by %v", got)
	}
}

// TestAFileThatCannotBeReadIsNamed, and so is the one that is open still.
func TestAFileThatCannotBeReadIsNamed(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{written(t, "towns.csv", "Town,Code\nGhent,9000\n")})
	h.sees("1 row, 2 columns")
	p.Dropped([]string{written(t, "broken.xlsx", "PK\x03\x04"+strings.Repeat("\x00\x01", 400))})
	h.until(func() bool { return p.notice.Visible() })
	if !strings.Contains(p.notice.Sentence(), "broken.xlsx") || !strings.Contains(p.notice.Remedy(), "towns.csv is still open") {
		t.Errorf("it says %q, %q", p.notice.Sentence(), p.notice.Remedy())
	}
}

// TestAFileWithoutRowsGoesNoFurther: there is nothing to send.
func TestAFileWithoutRowsGoesNoFurther(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{written(t, "heads.csv", "Town,Code,Founded\n")})
	h.until(func() bool {
		return p.now.draft.Reading.Book != nil && !p.source.full.Busy() && !p.now.draft.Reading.Profile.Provisional
	})
	if !p.next.Disabled() || p.source.blocked() != "There are no rows to send" {
		t.Errorf("one can go on with %d rows: %q", p.now.draft.Reading.Profile.Rows, p.source.blocked())
	}
}

// TestTheStepsStayWhole: whatever a banner says above a step, the step has the room that
// is left and begins below it.
func TestTheStepsStayWhole(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{written(t, "towns.csv", "Town,Code\nGhent,9000\n")})
	h.next(p)
	h.sees("Dataset name")
	for _, width := range []float32{650, 972, 1230} {
		h.Win.Resize(fyne.NewSize(width, 530))
		p.notice.Say(widget.Message{Tone: widget.Error, Sentence: strings.Repeat("The dataset has no such table. ", 4), Remedy: strings.Repeat("Choose another one. ", 6)})
		p.content.Refresh()
		d := fyne.CurrentApp().Driver()
		bottom := d.AbsolutePositionForObject(p.notice).Y + p.notice.Size().Height
		top := d.AbsolutePositionForObject(p.destination.content).Y
		if needs := p.notice.MinSize().Height; p.notice.Size().Height < needs {
			t.Errorf("at %v the banner is %v high and needs %v", width, p.notice.Size().Height, needs)
		}
		if gap := top - bottom; gap < 0 || gap > 40 {
			t.Errorf("at %v the step begins %v below the banner", width, gap)
		}
	}
}

// TestTheStepsFitTheLeastWindow: nothing is cut off at the right.
func TestTheStepsFitTheLeastWindow(t *testing.T) {
	h, p := uploading(t)
	p.Dropped([]string{columns(t, "many.csv", 12)})
	h.sees("1 row, 12 columns")
	h.Win.Resize(fyne.NewSize(650, 516))
	fits := func() {
		t.Helper()
		h.until(func() bool { return p.current == stepSend || !p.next.Disabled() })
		if m := p.content.MinSize(); m.Width > 650 {
			t.Errorf("on %s the page needs %v", stepNames[p.current], m)
		}
		d := fyne.CurrentApp().Driver()
		for _, b := range windowtest.All[*widget.Button](h.canvas) {
			if right := d.AbsolutePositionForObject(b).X + b.Size().Width; right > 650 {
				t.Errorf("on %s the button %q ends at %v", stepNames[p.current], b.AccessibilityLabel(), right)
			}
			if bottom := d.AbsolutePositionForObject(b).Y + b.Size().Height; b == p.next && bottom > 516 {
				t.Errorf("on %s Next ends at %v", stepNames[p.current], bottom)
			}
		}
		for _, s := range windowtest.All[*widget.Segmented](h.canvas) {
			if right := d.AbsolutePositionForObject(s).X + s.Size().Width; right > 650 {
				t.Errorf("on %s a choice ends at %v", stepNames[p.current], right)
			}
		}
	}
	fits()
	for p.current < stepSend {
		was := p.current
		windowtest.Press(t, h.canvas, p.next.Text())
		h.until(func() bool { return p.current > was })
		fits()
	}
}
