package widget

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
)

// ToastTime is how long a toast stays, and OfferTime one that can be answered.
const (
	ToastTime = 3 * time.Second
	OfferTime = 12 * time.Second
)

// Toasts says "done" at the bottom right, one at a time. What needs an answer
// belongs in a Banner or a dialog. Lay Object over the window's content.
type Toasts struct {
	work    *task.Work
	layer   *fyne.Container
	current *toast
	waiting []saying
	cancel  context.CancelFunc
}

// saying is what a toast says, and what can be done about it.
type saying struct {
	text, action string
	do           func()
}

// NewToasts makes the layer.
func NewToasts(work *task.Work) *Toasts {
	t := &Toasts{work: work}
	t.layer = container.New(corner{theme.PageMargin})
	return t
}

// Object is the layer to lay over the content; it lets clicks through.
func (t *Toasts) Object() fyne.CanvasObject { return t.layer }

// Show says text, after what is being said now.
func (t *Toasts) Show(text string) { t.say(saying{text: text}) }

// Offer says text with a button that does something about it, such as undoing it.
// It takes the place of what is said now: what is offered is about the last thing done.
func (t *Toasts) Offer(text, action string, do func()) {
	t.waiting = nil
	t.next()
	t.say(saying{text, action, do})
}

func (t *Toasts) say(s saying) {
	if t.current != nil {
		t.waiting = append(t.waiting, s)
		return
	}
	t.current = newToast(s, t.next)
	t.layer.Objects = []fyne.CanvasObject{t.current}
	t.layer.Refresh()
	end := t.current.Position()
	if fyne.CurrentApp().Settings().ShowAnimations() {
		canvas.NewPositionAnimation(end.AddXY(0, 24), end, canvas.DurationShort, t.current.Move).Start()
	}
	stays := ToastTime
	if s.do != nil {
		stays = OfferTime
	}
	t.cancel = t.work.After(stays, t.next)
}

// Text is what is being said, "" when nothing is.
func (t *Toasts) Text() string {
	if t.current == nil {
		return ""
	}
	return t.current.text.Text()
}

func (t *Toasts) next() {
	if t.cancel != nil {
		t.cancel()
		t.cancel = nil
	}
	t.current = nil
	t.layer.Objects = nil
	t.layer.Refresh()
	if len(t.waiting) > 0 {
		s := t.waiting[0]
		t.waiting = t.waiting[1:]
		t.say(s)
	}
}

// toast swallows clicks, so that one meant to close it does not press what is below.
type toast struct {
	fynewidget.BaseWidget
	text *Paragraph
	box  fyne.CanvasObject
}

func newToast(s saying, closed func()) *toast {
	t := &toast{text: NewParagraph(s.text, Style{Color: theme.ColorToastText, Bold: true})}
	t.text.MostLines = 4
	back := NewRect(theme.ColorToast, "", theme.RadiusCard)
	back.Floats = true
	width := min(fyne.MeasureText(s.text, theme.TextBody, fyne.TextStyle{Bold: true}).Width, 440)
	t.text.Resize(fyne.NewSize(width+1, 1)) // it wraps before it is asked for its height
	line := Row(10, NewGlyph(theme.IconPass, theme.ColorToastText, theme.IconSize), AtLeast(width+1, 0, t.text))
	if s.do != nil {
		line.Add(NewButton(Secondary, "", s.action, func() { closed(); s.do() }))
	}
	line.Add(newCloser(closed))
	t.box = container.NewStack(back, Margins(12, 16, 12, 14, line))
	t.ExtendBaseWidget(t)
	return t
}

func (t *toast) Tapped(*fyne.PointEvent) {}

func (t *toast) CreateRenderer() fyne.WidgetRenderer { return fynewidget.NewSimpleRenderer(t.box) }

// closer is a small cross in the toast's own colour.
type closer struct {
	fynewidget.BaseWidget
	tapped func()
}

func newCloser(tapped func()) *closer {
	c := &closer{tapped: tapped}
	c.ExtendBaseWidget(c)
	return c
}

func (c *closer) Tapped(*fyne.PointEvent) { c.tapped() }

func (c *closer) CreateRenderer() fyne.WidgetRenderer {
	return fynewidget.NewSimpleRenderer(NewGlyph(theme.IconClose, theme.ColorToastText, 16))
}

// corner keeps its objects at the bottom right, above the row in which a page has its
// buttons, and never asks for room.
type corner struct{ margin float32 }

func (corner) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (c corner) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		m := o.MinSize()
		o.Resize(m)
		o.Move(fyne.NewPos(size.Width-m.Width-c.margin, size.Height-m.Height-2*c.margin-buttonHeight))
	}
}
