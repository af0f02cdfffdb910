package table

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

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
