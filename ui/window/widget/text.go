package widget

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/storage/text"
	"pushdesk/ui/window/theme"
)

// Text is one line of text in a colour of the theme. Unlike Fyne's Label it has
// no inner margin, so it lines up with cards and inputs.
type Text struct {
	said
	cut bool
}

// said is what a text says and how it looks.
type said struct {
	fynewidget.BaseWidget
	content string
	style   Style
}

func newSaid(content string, style Style) said {
	return said{content: text.Visible(content), style: style}
}

// Text is what it says, uncut.
func (s *said) Text() string { return s.content }

// SetText changes what it says.
func (s *said) SetText(content string) {
	if content = text.Visible(content); s.content != content {
		s.content = content
		s.Refresh()
	}
}

// SetStyle changes how it looks.
func (s *said) SetStyle(style Style) {
	if s.style != style {
		s.style = style
		s.Refresh()
	}
}

// Style is how text looks. The zero Style is body text.
type Style struct {
	Size  float32             // 0 is TextBody
	Color fyne.ThemeColorName // "" is the foreground
	Bold  bool
	Mono  bool
	Align fyne.TextAlign
}

func (s Style) size() float32 {
	if s.Size == 0 {
		return theme.TextBody
	}
	return s.Size
}

func (s Style) color() fyne.ThemeColorName {
	if s.Color == "" {
		return fynetheme.ColorNameForeground
	}
	return s.Color
}

func (s Style) fyne() fyne.TextStyle { return fyne.TextStyle{Bold: s.Bold, Monospace: s.Mono} }

// The styles the program uses.
var (
	StylePage    = Style{Size: theme.TextPage, Bold: true}
	StyleSection = Style{Size: theme.TextSection, Bold: true}
	StyleStrong  = Style{Bold: true}
	StyleBody    = Style{}
	StyleMuted   = Style{Color: theme.ColorMuted}
	StyleCaption = Style{Size: theme.TextCaption, Color: theme.ColorMuted}
	StyleLabel   = Style{Size: theme.TextCaption, Bold: true}
	StyleMono    = Style{Size: theme.TextCaption, Mono: true}
)

// NewText makes a line that is always shown whole.
func NewText(content string, style Style) *Text {
	t := &Text{said: newSaid(content, style)}
	t.ExtendBaseWidget(t)
	return t
}

// NewCut makes a line that ends in an ellipsis where there is no room for it.
func NewCut(content string, style Style) *Text {
	t := NewText(content, style)
	t.cut = true
	return t
}

// CreateRenderer implements fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{t: t, text: canvas.NewText("", theme.Color(t.style.color()))}
	r.Refresh()
	return r
}

type textRenderer struct {
	t    *Text
	text *canvas.Text
}

func (r *textRenderer) Destroy()                     {}
func (r *textRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }

func (r *textRenderer) MinSize() fyne.Size {
	s := fyne.MeasureText(r.t.content, r.t.style.size(), r.t.style.fyne())
	if r.t.cut {
		s.Width = min(s.Width, 24)
	}
	return s
}

func (r *textRenderer) Layout(size fyne.Size) {
	if r.t.cut {
		r.text.Text = Cut(r.t.content, size.Width, r.t.style.size(), r.t.style.fyne())
	} else {
		r.text.Text = r.t.content
	}
	r.text.Resize(size)
}

func (r *textRenderer) Refresh() {
	r.text.TextSize = r.t.style.size()
	r.text.TextStyle = r.t.style.fyne()
	r.text.Alignment = r.t.style.Align
	r.text.Color = theme.Color(r.t.style.color())
	r.Layout(r.t.Size())
	r.text.Refresh()
}

// longest is how many bytes can fit a width at most: no letter has more than four,
// or is narrower than a pixel. Longer text need not be measured, which is slow.
func longest(width float32) int { return 4 * int(width+1) }

// Cut shortens s so that it fits width, with an ellipsis at its end.
func Cut(s string, width, size float32, style fyne.TextStyle) string {
	most := longest(width)
	if s == "" || width <= 0 || len(s) <= most && fyne.MeasureText(s, size, style).Width <= width+0.5 {
		return s
	}
	const ellipsis = "…"
	low, high := 0, min(len(s), most+1) // s[:low] fits, s[:high] does not
	for high-low > 1 {
		mid := (low + high) / 2
		for mid > low && !utf8.RuneStart(s[mid]) {
			mid--
		}
		if mid == low {
			break
		}
		if fyne.MeasureText(s[:mid]+ellipsis, size, style).Width <= width {
			low = mid
		} else {
			high = mid
		}
	}
	return s[:low] + ellipsis
}

// Beside puts o directly behind a line that is cut only when both do not fit.
func Beside(gap float32, t *Text, o fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: beside{gap, t}, Objects: []fyne.CanvasObject{t, o}}
}

type beside struct {
	gap  float32
	text *Text
}

func (b beside) MinSize(o []fyne.CanvasObject) fyne.Size {
	t, m := b.text.MinSize(), o[1].MinSize()
	return fyne.NewSize(t.Width+b.gap+m.Width, max(t.Height, m.Height))
}

func (b beside) Layout(o []fyne.CanvasObject, size fyne.Size) {
	m, whole := o[1].MinSize(), fyne.MeasureText(b.text.content, b.text.style.size(), b.text.style.fyne())
	w := min(whole.Width, max(size.Width-m.Width-b.gap, 0))
	b.text.Resize(fyne.NewSize(w, whole.Height))
	b.text.Move(fyne.NewPos(0, (size.Height-whole.Height)/2))
	o[1].Resize(m)
	o[1].Move(fyne.NewPos(w+b.gap, (size.Height-m.Height)/2))
}
