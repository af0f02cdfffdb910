package table

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// numbers is a source in which every cell says where it is.
type numbers struct {
	rows, columns int
	asked         int
	head          string
}

func (n *numbers) Rows() int { return n.rows }
func (n *numbers) Columns() []Column {
	c := make([]Column, n.columns)
	for i := range c {
		c[i] = Column{Name: fmt.Sprintf("%s %d", n.head, i+1), Type: "Whole number", Icon: theme.IconWhole, Right: i%2 == 0}
	}
	return c
}
func (n *numbers) RowName(row int) string { return fmt.Sprint(row + 1) }
func (n *numbers) Cell(row, column int) Cell {
	n.asked++
	c := Cell{Text: fmt.Sprintf("%d/%d", row, column)}
	switch {
	case column == 1 && row%7 == 3:
		c.Tone, c.Note = widget.Error, "The value is not a date."
	case column == 2:
		c.Text = strings.Repeat("long ", 100)
	case column == 3:
		c.Text, c.Muted = "", true
	}
	return c
}

func shown(t *testing.T, n *numbers) *Grid {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(theme.New(theme.Light))
	g := New(n)
	w := test.NewTempWindow(t, g)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(900, 600))
	return g
}

// visible gives what the body shows: text by row and column.
func visible(g *Grid) map[[2]int]*slot {
	seen := map[[2]int]*slot{}
	for r := range g.body.slots {
		for c := range g.body.slots[r] {
			if s := &g.body.slots[r][c]; !s.text.Hidden {
				seen[[2]int{s.row, s.column}] = s
			}
		}
	}
	return seen
}

func TestAMillionRowsOf75Columns(t *testing.T) {
	n := &numbers{rows: 1_000_000, columns: 75, head: "Column"}
	g := shown(t, n)
	if n.asked > 75*60+2000 {
		t.Fatalf("opening asked for %d cells", n.asked)
	}
	if objects := len(g.body.layer.Objects); objects > 3000 {
		t.Fatalf("%d objects for what is in sight", objects)
	}
	n.asked = 0
	g.Select(999_999, 74)
	if n.asked > 600 {
		t.Errorf("going to the end asked for %d cells", n.asked)
	}
	seen := visible(g)
	last := seen[[2]int{999_999, 74}]
	if last == nil || last.text.Text != "999999/74" {
		t.Fatalf("the last cell is not in sight: %+v", last)
	}
	bottom := last.text.Position().Y + rowHeight
	if end := g.body.Size().Height; bottom > end+0.5 || bottom < end-0.5 {
		t.Errorf("the last row ends at %v of %v", bottom, g.body.Size().Height)
	}
	for i, r := range g.side.shown {
		if text := g.side.texts[i]; !text.Hidden && r >= 0 {
			if cell := seen[[2]int{r, 74}]; cell == nil || cell.text.Position().Y != text.Position().Y {
				t.Fatalf("row number %s does not stand beside its row", text.Text)
			}
		}
	}
	n.asked = 0
	g.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, rowHeight)})
	if n.asked == 0 || n.asked > 40 {
		t.Errorf("scrolling by one row asked for %d cells, want one row of them", n.asked)
	}
}

func TestScrollingKeepsWithinTheTable(t *testing.T) {
	g := shown(t, &numbers{rows: 50, columns: 12, head: "Column"})
	g.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(500, 500)})
	if g.x != 0 || g.y != 0 {
		t.Errorf("scrolled before the beginning: %v, %v", g.x, g.y)
	}
	g.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(-1e9, -1e9)})
	maxX, maxY := g.room()
	if g.x != maxX || g.y != maxY || maxX == 0 || maxY == 0 {
		t.Errorf("at %v, %v of %v, %v", g.x, g.y, maxX, maxY)
	}
	short := shown(t, &numbers{rows: 3, columns: 40, head: "Column"})
	short.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -100)})
	if short.x != 100 {
		t.Errorf("the wheel over a short wide table went to x %v, want 100", short.x)
	}
}

func TestEmptyAndShrinkingSources(t *testing.T) {
	n := &numbers{head: "Column"}
	g := shown(t, n)
	g.Select(0, 0)
	if _, _, ok := g.Current(); ok {
		t.Error("an empty table has a current cell")
	}
	g.FocusGained()
	g.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	n.rows, n.columns = 100, 5
	g.Reload()
	g.Select(99, 4)
	n.rows = 10
	g.Reload()
	if _, _, ok := g.Current(); ok {
		t.Error("the current cell is gone from the source but not from the grid")
	}
	if len(visible(g)) == 0 {
		t.Error("nothing is shown after the source became smaller")
	}
	for at := range visible(g) {
		if at[0] >= 10 {
			t.Fatalf("row %d is shown of 10", at[0])
		}
	}
	g.SetSource(&numbers{rows: 2, columns: 1, head: "Other"})
	if len(visible(g)) != 2 {
		t.Errorf("%d cells shown of 2", len(visible(g)))
	}
}

func TestKeysMoveTheCurrentCell(t *testing.T) {
	g := shown(t, &numbers{rows: 1000, columns: 30, head: "Column"})
	var told [][2]int
	g.OnSelected = func(r, c int) { told = append(told, [2]int{r, c}) }
	g.FocusGained()
	for _, step := range []struct {
		key    fyne.KeyName
		r, c   int
		within bool
	}{
		{fyne.KeyDown, 1, 0, true}, {fyne.KeyRight, 1, 1, true}, {fyne.KeyEnd, 1, 29, true}, {fyne.KeyHome, 1, 0, true},
		{fyne.KeyUp, 0, 0, true}, {fyne.KeyUp, 0, 0, true}, {fyne.KeyPageDown, 16, 0, true},
	} {
		g.TypedKey(&fyne.KeyEvent{Name: step.key})
		r, c, _ := g.Current()
		if r != step.r || c != step.c {
			t.Fatalf("%s went to %d, %d; want %d, %d", step.key, r, c, step.r, step.c)
		}
		if visible(g)[[2]int{r, c}] == nil {
			t.Fatalf("the current cell %d, %d is not in sight", r, c)
		}
	}
	g.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyEnd, Modifier: fyne.KeyModifierControl})
	if r, _, _ := g.Current(); r != 999 {
		t.Errorf("Ctrl+End went to row %d", r)
	}
	if len(told) != 8 || told[1] != [2]int{1, 0} {
		t.Errorf("told of %v", told)
	}
	g.Select(5, 2)
	clip := test.NewClipboard()
	g.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clip})
	if clip.Content() != strings.Repeat("long ", 100) {
		t.Errorf("copied %q, want the whole value", clip.Content())
	}
}

// TestCopyingABlock: cells that were chosen by dragging, or by extending the selection,
// are copied as spreadsheet programs take them.
func TestCopyingABlock(t *testing.T) {
	g := shown(t, &numbers{rows: 1_000_000, columns: 6, head: "Column"})
	clip := test.NewClipboard()
	copies := func() string {
		g.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clip})
		return clip.Content()
	}
	g.Select(4, 0)
	g.Extend(5, 1)
	want := ""
	for row := 4; row <= 5; row++ {
		want += g.source.Cell(row, 0).Text + "\t" + g.source.Cell(row, 1).Text + "\n"
	}
	if got := copies(); got != want || g.body.block.Hidden || g.body.block.Size().Height != 2*rowHeight {
		t.Errorf("copied %q, want %q; %v", got, want, g.body.block.Size())
	}
	at := g.body.clip.Position().AddXY(5, 5)
	g.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at.AddXY(0, rowHeight)}, Dragged: fyne.NewDelta(0, rowHeight)})
	g.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at.AddXY(0, 2*rowHeight)}, Dragged: fyne.NewDelta(0, rowHeight)})
	g.DragEnd()
	if b := g.chosen(); b.lastRow-b.row != 2 || b.column != b.lastColumn {
		t.Errorf("dragging chose %+v", b)
	}
	var rows, of int
	g.OnCopied = func(r, n int) { rows, of = r, n }
	g.TypedShortcut(&fyne.ShortcutSelectAll{})
	if copies(); rows != mostCopied/6 || of != 1_000_000 {
		t.Errorf("%d of %d rows were copied", rows, of)
	}
	if h := g.body.block.Size().Height; h > g.body.Size().Height+3 {
		t.Errorf("the mark is %v high", h)
	}
	g.Select(2, 2)
	if got := copies(); got != g.source.Cell(2, 2).Text || !g.body.block.Hidden {
		t.Errorf("one cell is copied as %q", got)
	}
}

func TestCellsAreCutTintedAndExplained(t *testing.T) {
	g := shown(t, &numbers{rows: 100, columns: 6, head: "A column with a name that is too long to be shown whole anywhere"})
	seen := visible(g)
	long := seen[[2]int{0, 2}].text
	if !strings.HasSuffix(long.Text, "…") || long.MinSize().Width > long.Size().Width+1 {
		t.Errorf("a long value is shown as %q, %v wide in %v", long.Text, long.MinSize().Width, long.Size().Width)
	}
	if name := g.head.heads[0].name; !strings.HasSuffix(name.Text, "…") {
		t.Errorf("a long name is shown as %q", name.Text)
	}
	bad := seen[[2]int{3, 1}]
	if bad.tint.Hidden || !seen[[2]int{2, 1}].tint.Hidden {
		t.Error("exactly the cell with a problem must be tinted")
	}
	at := g.body.clip.Position().Add(bad.text.Position()).AddXY(4, 4)
	g.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}})
	if !g.tip.Visible() || g.tip.text.Text() != "The value is not a date." {
		t.Errorf("the note under the pointer is %q", g.tip.text.Text())
	}
	g.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at.AddXY(0, rowHeight)}})
	if g.tip.Visible() {
		t.Error("a cell without a problem shows a note")
	}
	g.Tapped(&fyne.PointEvent{Position: at})
	if r, c, ok := g.Current(); !ok || r != 3 || c != 1 {
		t.Errorf("a click went to %d, %d", r, c)
	}
}

func TestColumnsCanBeDragged(t *testing.T) {
	g := shown(t, &numbers{rows: 10, columns: 4, head: "Column"})
	edge := g.edges[1]
	drag := func(from, by float32) {
		g.head.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(from+by, 10)}, Dragged: fyne.NewDelta(by, 0)})
		g.head.DragEnd()
	}
	drag(edge, 40)
	if g.edges[1] != edge+40 {
		t.Errorf("the column is %v wide, want %v", g.edges[1], edge+40)
	}
	drag(g.edges[1], -1000)
	if g.edges[1] != minColumn {
		t.Errorf("the column was made %v wide, want at least %v", g.edges[1], minColumn)
	}
	g.Reload()
	if g.edges[1] != minColumn {
		t.Error("a reload forgot the width the person chose")
	}
	tapped := -1
	g.OnHead = func(c int, _ fyne.Position) { tapped = c }
	g.head.Tapped(&fyne.PointEvent{Position: fyne.NewPos(g.edges[1]+30, 10)})
	if tapped != 1 {
		t.Errorf("a click on the second head told of column %d", tapped)
	}
}

func TestTheThumbScrolls(t *testing.T) {
	g := shown(t, &numbers{rows: 1_000_000, columns: 3, head: "Column"})
	length, _, _, most := g.down.measure()
	g.down.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(3, float32(length)+50)}, Dragged: fyne.NewDelta(0, float32(length)+40)})
	g.down.DragEnd()
	if g.y != most {
		t.Errorf("dragged to the end, at %v of %v", g.y, most)
	}
	g.down.Tapped(&fyne.PointEvent{Position: fyne.NewPos(3, float32(length)/2)})
	if g.y < most*0.45 || g.y > most*0.55 {
		t.Errorf("a click in the middle went to %v of %v", g.y, most)
	}
	if g.across.Visible() {
		t.Error("three columns fit, and yet there is a bar below them")
	}
}

func TestTheGridFollowsTheTheme(t *testing.T) {
	g := shown(t, &numbers{rows: 10, columns: 3, head: "Column"})
	before := visible(g)[[2]int{0, 0}].text.Color
	fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Dark))
	g.Refresh()
	if visible(g)[[2]int{0, 0}].text.Color == before {
		t.Error("a cell kept its colour when the theme changed")
	}
}

func BenchmarkScroll(b *testing.B) {
	test.NewTempApp(b).Settings().SetTheme(theme.New(theme.Light))
	g := New(&numbers{rows: 1_000_000, columns: 75, head: "Column"})
	w := test.NewTempWindow(b, g)
	w.Resize(fyne.NewSize(1180, 760))
	for b.Loop() {
		g.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(-20, -rowHeight)})
	}
}
