package widget_test

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

func TestRows(t *testing.T) {
	count, asked := 10_000, 0
	var told []int
	r := widget.NewRows(func() int { return count }, func(i int) widget.RowData {
		asked++
		d := widget.RowData{Title: fmt.Sprint("Connection ", i), Caption: "caption", Chips: []widget.RowChip{{Word: "Public", Icon: theme.IconCloud}, {Tone: widget.Warning, Icon: theme.IconWarning, Word: "No secret"}}}
		if i == 1 {
			d.State = widget.RowChip{Tone: widget.Error, Icon: theme.IconFail, Word: "Does not work"}
		}
		return d
	}, true, true, func(i int) { told = append(told, i) })
	w := on(t, 300, r)
	windowtest.Sees(t, w.Canvas(), "Connection 0", "Public", "No secret", "Does not work", "caption")
	if asked > 200 {
		t.Errorf("showing the list asked for %d rows", asked)
	}
	r.Select(9_999)
	windowtest.Sees(t, w.Canvas(), "Connection 9999")
	if len(told) != 0 || r.Selected() != 9_999 {
		t.Errorf("selected %d by code, told %v", r.Selected(), told)
	}
	r.Choose(0)
	if len(told) != 1 || told[0] != 0 || r.Selected() != 0 {
		t.Errorf("chose the first, told %v", told)
	}
	count = 0
	r.Select(-1)
	r.Reload()
	windowtest.SeesNot(t, w.Canvas(), "Connection")
	if r.Selected() != -1 {
		t.Error("a row of an empty list is chosen")
	}
}

func TestTicks(t *testing.T) {
	on3 := [3]bool{}
	r := widget.NewTicks(func() int { return 3 }, func(i int) widget.RowData {
		tick := widget.Unticked
		if on3[i] {
			tick = widget.Ticked
		}
		return widget.RowData{Title: fmt.Sprint("Connection ", i), Tick: tick}
	}, false, false, func(i int) { on3[i] = !on3[i] })
	w := on(t, 300, r)
	r.Choose(1)
	if on3 != [3]bool{false, true, false} {
		t.Errorf("a click ticks %v", on3)
	}
	r.Choose(1)
	if on3 != [3]bool{} {
		t.Errorf("a second click leaves %v", on3)
	}
	w.Canvas().FocusNext()
	list := w.Canvas().Focused()
	for _, key := range []fyne.KeyName{fyne.KeyHome, fyne.KeyDown, fyne.KeyDown} {
		list.TypedKey(&fyne.KeyEvent{Name: key})
	}
	if on3 != [3]bool{} {
		t.Errorf("the arrow keys tick %v", on3)
	}
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if on3 != [3]bool{false, true, true} {
		t.Errorf("Space ticks %v", on3)
	}
}

func TestChipsThatDoNotFitAreLeftOut(t *testing.T) {
	r := widget.NewRows(func() int { return 1 }, func(int) widget.RowData {
		return widget.RowData{Title: "Sales", Chips: []widget.RowChip{{Word: "Public"}, {Word: "A chip with far too many words in it for a narrow list"}}}
	}, false, true, func(int) {})
	w := on(t, 260, r)
	windowtest.Sees(t, w.Canvas(), "Public")
	windowtest.SeesNot(t, w.Canvas(), "far too many")
	w.Resize(fyne.NewSize(900, 300))
	windowtest.Sees(t, w.Canvas(), "far too many")
}

func TestKeyValuesLeaveOutWhatIsEmpty(t *testing.T) {
	k := widget.NewKeyValues(widget.Pair{Key: "Workspace", Value: "Sales"}, widget.Pair{Key: "Notes"}, widget.Pair{Key: "Client ID", Value: "0f0e", Copy: true, Mono: true})
	w := on(t, 400, widget.Column(0, k))
	windowtest.Sees(t, w.Canvas(), "Workspace", "Sales", "0f0e")
	windowtest.SeesNot(t, w.Canvas(), "Notes")
	windowtest.Press(t, w.Canvas(), "Copy")
	if got := fyne.CurrentApp().Clipboard().Content(); got != "0f0e" {
		t.Errorf("copied %q", got)
	}
	copier := windowtest.Button(t, w.Canvas(), "Copy")
	if copier.Icon() != theme.IconTick {
		t.Error("nothing shows that it is copied")
	}
	copier.MouseOut()
	if copier.Icon() != theme.IconCopy {
		t.Error("the tick stays")
	}
	k.Set(widget.Pair{Key: "Workspace", Value: "Finance"})
	windowtest.Sees(t, w.Canvas(), "Finance")
	windowtest.SeesNot(t, w.Canvas(), "0f0e")
}

// TestTheChosenRowIsInSightAtTheStart chooses before the list has a size, as a
// page does that is filled before it is shown.
func TestTheChosenRowIsInSightAtTheStart(t *testing.T) {
	for _, chosen := range []int{0, 40} {
		r := widget.NewRows(func() int { return 60 }, func(i int) widget.RowData { return widget.RowData{Title: fmt.Sprintf("Row %d.", i)} }, false, false, func(int) {})
		r.Select(chosen)
		w := on(t, 300, r)
		windowtest.Sees(t, w.Canvas(), fmt.Sprintf("Row %d.", chosen))
		if r.Selected() != chosen {
			t.Errorf("row %d is chosen, want %d", r.Selected(), chosen)
		}
	}
}

func TestRowsDoNotOverlap(t *testing.T) {
	chips := []widget.RowChip{{Word: "Public", Icon: theme.IconCloud}}
	r := widget.NewRows(func() int { return 3 }, func(i int) widget.RowData {
		return widget.RowData{Title: fmt.Sprintf("Row %d.", i), Chips: chips}
	}, false, true, func(int) {})
	w := on(t, 300, r)
	tops := map[string]float32{}
	for _, text := range windowtest.All[*widget.Text](w.Canvas()) {
		tops[text.Text()] = fyne.CurrentApp().Driver().AbsolutePositionForObject(text).Y
	}
	if pitch := tops["Row 1."] - tops["Row 0."]; pitch < 60 {
		t.Errorf("rows with chips stand %v apart", pitch)
	}
}

func TestArrowsChooseRows(t *testing.T) {
	var told []int
	r := widget.NewRows(func() int { return 60 }, func(i int) widget.RowData { return widget.RowData{Title: fmt.Sprintf("Row %d.", i)} }, false, false,
		func(i int) { told = append(told, i) })
	w := on(t, 300, r)
	r.Select(0)
	w.Canvas().FocusNext()
	list := w.Canvas().Focused()
	if list == nil {
		t.Fatal("Tab does not reach the list")
	}
	for _, name := range []fyne.KeyName{fyne.KeyUp, fyne.KeyDown, fyne.KeyDown, fyne.KeyEnd, fyne.KeyDown, fyne.KeyUp, fyne.KeyHome, fyne.KeyPageDown} {
		list.TypedKey(&fyne.KeyEvent{Name: name})
	}
	if len(told) != 6 || told[0] != 1 || told[1] != 2 || told[2] != 59 || told[3] != 58 || told[4] != 0 || told[5] < 5 || told[5] > 20 {
		t.Errorf("chosen %v", told)
	}
	windowtest.Sees(t, w.Canvas(), fmt.Sprintf("Row %d.", r.Selected()))
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) // goes on to whoever listens
}

// A heading stands above the first row of a group; the keyboard knows rows only, and no
// two rows overlap.
func TestHeadingsOfGroups(t *testing.T) {
	count := 30
	var told []int
	r := widget.NewRows(func() int { return count }, func(i int) widget.RowData { return widget.RowData{Title: fmt.Sprintf("Row %d.", i)} }, false, false, func(i int) { told = append(told, i) })
	w := on(t, 300, r)
	r.SetHeadings(map[int]string{0: "My own (2)", 2: "Team Finance (28)"})
	r.Select(0)
	windowtest.Sees(t, w.Canvas(), "My own (2)", "Team Finance (28)")
	tops := func() map[string]float32 {
		at := map[string]float32{}
		for _, text := range windowtest.All[*widget.Text](w.Canvas()) {
			at[text.Text()] = fyne.CurrentApp().Driver().AbsolutePositionForObject(text).Y
		}
		return at
	}
	at := tops()
	plain, headed := at["Row 1."]-at["Row 0."], at["Row 2."]-at["Row 1."]
	if headed < plain+15 || at["Team Finance (28)"] <= at["Row 1."] || at["Team Finance (28)"] >= at["Row 2."] {
		t.Errorf("%v", at)
	}
	w.Canvas().Focus(r.Keys())
	for _, name := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyEnd, fyne.KeyHome} {
		r.Keys().TypedKey(&fyne.KeyEvent{Name: name})
	}
	if !slices.Equal(told, []int{1, 2, 29, 0}) {
		t.Errorf("%v", told)
	}
	r.Choose(29) // the last is in sight below the headings
	windowtest.Sees(t, w.Canvas(), "Row 29.")
	count = 2
	r.SetHeadings(nil)
	r.Select(0)
	windowtest.SeesNot(t, w.Canvas(), "My own", "Team Finance")
	if at := tops(); at["Row 1."]-at["Row 0."] != plain {
		t.Errorf("%v, want %v apart", at, plain)
	}
}
