package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"pushdesk/ui/window/theme"
)

// Bar is a thin progress bar with words above it: what is done at the left, what
// is left at the right.
type Bar struct {
	fynewidget.BaseWidget
	left, right *Text
	fraction    float32
	track, fill *Rect
}

// NewBar makes one.
func NewBar() *Bar {
	b := &Bar{
		left: NewCut("", StyleBody), right: NewText("", StyleMuted),
		track: NewRect(theme.ColorTrack, "", theme.BarHeight/2),
		fill:  NewRect("primary", "", theme.BarHeight/2),
	}
	b.ExtendBaseWidget(b)
	return b
}

// Set shows a fraction from 0 to 1 and the words.
func (b *Bar) Set(fraction float64, left, right string) {
	b.fraction = float32(min(max(fraction, 0), 1))
	b.left.SetText(left)
	b.right.SetText(right)
	b.Refresh()
}

// Fraction is what is shown.
func (b *Bar) Fraction() float64 { return float64(b.fraction) }

// Words are what stands above the bar.
func (b *Bar) Words() (left, right string) { return b.left.Text(), b.right.Text() }

// CreateRenderer implements fyne.Widget.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer {
	bar := &fyne.Container{Layout: barLayout{b}, Objects: []fyne.CanvasObject{b.track, b.fill}}
	return fynewidget.NewSimpleRenderer(Column(6, Row(theme.Gap, Fill(b.left), b.right), bar))
}

// Refresh also moves the fill.
func (b *Bar) Refresh() {
	if s := b.track.Size(); s.Width > 0 {
		barLayout{b}.Layout(nil, s)
	}
	b.BaseWidget.Refresh()
}

type barLayout struct{ b *Bar }

func (barLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(60, theme.BarHeight) }

func (l barLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	l.b.track.Resize(s)
	w := s.Width * l.b.fraction
	if l.b.fraction > 0 {
		w = max(w, theme.BarHeight) // a sliver would not be round
	}
	l.b.fill.Resize(fyne.NewSize(w, s.Height))
	ShowIf(l.b.fill, l.b.fraction > 0)
}

// NewTile is a number with its name below it. A tone other than Neutral tints it.
func NewTile(number, name string, tone Tone) fyne.CanvasObject {
	fill, ink, soft := fynetheme.ColorNameBackground, fynetheme.ColorNameForeground, theme.ColorMuted
	if tone != Neutral {
		fill, ink, soft = tone.tint(), tone.ink(), tone.ink()
	}
	return container.NewStack(NewRect(fill, "", theme.RadiusInput), Margins(10, 12, 10, 12,
		Column(2, NewCut(number, Style{Size: 20, Bold: true, Color: ink}), NewCut(name, Style{Size: theme.TextCaption, Color: soft}))))
}
