package table

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// placeTip shows the note of the cell under the pointer, or the whole of a value
// that is cut.
func (g *Grid) placeTip() {
	row, column := g.hover[0], g.hover[1]
	if row < 0 || row >= g.rows || column < 0 || column >= len(g.columns) {
		g.tip.Hide()
		return
	}
	cell := g.source.Cell(row, column)
	text := cell.Note
	room := g.edges[column+1] - g.edges[column] - 2*cellPad
	if text == "" && fyne.MeasureText(oneLine(first(cell.Text, 400)), cellText, fyne.TextStyle{}).Width > room+0.5 {
		text = first(cell.Text, 400)
	}
	if text == "" {
		g.tip.Hide()
		return
	}
	size := g.tip.say(text)
	origin := g.body.clip.Position()
	at := origin.AddXY(g.left(column)+8, g.top(row)+rowHeight+2)
	if at.Y+size.Height > g.Size().Height {
		at.Y = origin.Y + g.top(row) - size.Height - 2
	}
	at.X = max(min(at.X, g.Size().Width-size.Width-4), 4)
	g.tip.Move(at)
	g.tip.Show()
}

// first is the first n letters of s.
func first(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// tip is the small text beside the pointer.
type tip struct {
	fynewidget.BaseWidget
	text *widget.Paragraph
	box  fyne.CanvasObject
}

func newTip() *tip {
	t := &tip{text: widget.NewParagraph("", widget.Style{Size: theme.TextCaption, Color: theme.ColorToastText})}
	back := widget.NewRect(theme.ColorToast, "", theme.RadiusInput)
	back.Floats = true
	t.box = container.NewStack(back, widget.Margins(6, 10, 6, 10, t.text))
	t.ExtendBaseWidget(t)
	t.Hide()
	return t
}

func (t *tip) CreateRenderer() fyne.WidgetRenderer { return fynewidget.NewSimpleRenderer(t.box) }

// say changes the text and gives the size it needs.
func (t *tip) say(text string) fyne.Size {
	t.text.SetText(text)
	width := min(fyne.MeasureText(first(text, 80), theme.TextCaption, fyne.TextStyle{}).Width+1, 320) + 20
	for range 2 { // wrapped text knows its height only once it has its width
		t.Resize(fyne.NewSize(width, t.MinSize().Height))
	}
	return t.Size()
}
