package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Pair is a line of a KeyValues.
type Pair struct {
	Key   string
	Value string
	Mono  bool // IDs and paths
	Copy  bool // with a button that copies the value
}

// KeyValues is a small table of names and values.
type KeyValues struct {
	fynewidget.BaseWidget
	pairs []Pair
	box   *fyne.Container
}

// NewKeyValues makes one.
func NewKeyValues(pairs ...Pair) *KeyValues {
	k := &KeyValues{box: Column(8)}
	k.ExtendBaseWidget(k)
	k.Set(pairs...)
	return k
}

// Set changes the lines. Pairs without a value are left out.
func (k *KeyValues) Set(pairs ...Pair) {
	k.pairs = pairs
	var width float32
	for _, p := range pairs {
		if p.Value != "" {
			width = max(width, fyne.MeasureText(p.Key, theme.TextBody, fyne.TextStyle{}).Width)
		}
	}
	var lines []fyne.CanvasObject
	for _, p := range pairs {
		if p.Value == "" {
			continue
		}
		style := StyleBody
		if p.Mono {
			style = StyleMono
		}
		var value fyne.CanvasObject = NewParagraph(p.Value, style)
		if p.Mono {
			value = Margins(2, 0, 0, 0, value) // smaller letters on the same line as the key
		}
		line := []fyne.CanvasObject{AtLeast(width, 0, NewText(p.Key, StyleMuted)), Fill(value)}
		if p.Copy {
			line = append(line, newCopier(p.Value))
		}
		lines = append(lines, TopRow(theme.Gap, line...))
	}
	k.box.Objects = lines
	k.box.Refresh()
	k.Refresh()
}

// Value is the value of a key, "" when there is none.
func (k *KeyValues) Value(key string) string {
	for _, p := range k.pairs {
		if p.Key == key {
			return p.Value
		}
	}
	return ""
}

// CreateRenderer implements fyne.Widget.
func (k *KeyValues) CreateRenderer() fyne.WidgetRenderer { return fynewidget.NewSimpleRenderer(k.box) }

// newCopier is a copy button no higher than a line of text.
func newCopier(value string) fyne.CanvasObject {
	var b *Button
	b = NewIconButton(theme.IconCopy, "Copy", func() {
		CopyText(value)
		b.SetIcon(theme.IconTick) // the sign that it is copied
	})
	b.left = func() { b.SetIcon(theme.IconCopy) }
	return &fyne.Container{Layout: lineHigh{}, Objects: []fyne.CanvasObject{b}}
}

type lineHigh struct{}

func (lineHigh) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(26, 20) }
func (lineHigh) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(s.Width, 26))
	o[0].Move(fyne.NewPos(0, -3))
}
