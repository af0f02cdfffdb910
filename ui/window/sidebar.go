package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/page"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// sidebar is the navigation at the left: the places, with Settings at the bottom.
type sidebar struct {
	items   map[page.Place]*navItem
	content fyne.CanvasObject
}

func newSidebar(places []page.Place, open func(page.Place)) *sidebar {
	s := &sidebar{items: map[page.Place]*navItem{}}
	var top, bottom []fyne.CanvasObject
	for _, p := range places {
		item := newNavItem(p, func() { open(p) })
		s.items[p] = item
		if p == page.Settings {
			bottom = append(bottom, item)
		} else {
			top = append(top, item)
		}
	}
	mark := canvas.NewImageFromResource(theme.Logo())
	mark.FillMode = canvas.ImageFillContain
	mark.SetMinSize(fyne.NewSquareSize(28))
	name := widget.Margins(2, 0, 14, 8, widget.Row(10, mark, widget.NewText("Pushdesk", widget.Style{Size: 17, Bold: true})))
	objects := append([]fyne.CanvasObject{name}, top...)
	objects = append(objects, widget.Space())
	objects = append(objects, bottom...)
	edge := widget.NewRect(theme.ColorHairline, "", 0)
	edge.SetMinSize(fyne.NewSize(1, 1))
	s.content = container.NewStack(widget.NewRect(theme.ColorSidebar, "", 0),
		container.NewBorder(nil, nil, nil, edge, widget.AtLeast(theme.SidebarWidth-1, 0, widget.Inset(12, widget.Column(4, objects...)))))
	return s
}

func (s *sidebar) choose(p page.Place) {
	for place, item := range s.items {
		item.setSelected(place == p)
	}
}

// navItem is one entry: icon and word, on a tint when it is the open place.
type navItem struct {
	fynewidget.BaseWidget
	place                      page.Place
	tapped                     func()
	selected, hovered, focused bool
	back                       *widget.Rect
	glyph                      *widget.Glyph
	word                       *widget.Text
}

var (
	_ fyne.Focusable    = (*navItem)(nil)
	_ desktop.Hoverable = (*navItem)(nil)
)

func newNavItem(p page.Place, tapped func()) *navItem {
	n := &navItem{
		place: p, tapped: tapped,
		back:  widget.NewRect("", "", theme.RadiusInput),
		glyph: widget.NewGlyph(p.Icon(), theme.ColorMuted, 20),
		word:  widget.NewText(p.Label(), widget.StyleBody),
	}
	n.back.Width = 2
	n.ExtendBaseWidget(n)
	return n
}

func (n *navItem) setSelected(on bool) { n.selected = on; n.dress() }

func (n *navItem) dress() {
	fill, stroke, ink, word := fyne.ThemeColorName(""), fyne.ThemeColorName(""), theme.ColorMuted, widget.StyleBody
	if n.hovered {
		fill = fynetheme.ColorNameHover
	}
	if n.selected {
		fill, ink, word = theme.ColorSelected, fynetheme.ColorNamePrimary, widget.StyleStrong
	}
	if n.focused {
		stroke = theme.ColorFocusRing
	}
	n.back.SetColors(fill, stroke)
	n.glyph.Set(n.place.Icon(), ink)
	n.word.SetStyle(word)
}

func (n *navItem) Tapped(*fyne.PointEvent)        { n.tapped() }
func (n *navItem) FocusGained()                   { n.focused = true; n.dress() }
func (n *navItem) FocusLost()                     { n.focused = false; n.dress() }
func (n *navItem) TypedRune(rune)                 {}
func (n *navItem) MouseIn(*desktop.MouseEvent)    { n.hovered = true; n.dress() }
func (n *navItem) MouseMoved(*desktop.MouseEvent) {}
func (n *navItem) MouseOut()                      { n.hovered = false; n.dress() }

// TypedKey opens the place.
func (n *navItem) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		n.tapped()
	}
}

// AccessibilityLabel says where the entry leads.
func (n *navItem) AccessibilityLabel() string { return n.place.Label() }

// AccessibilityRole says that it is pressed.
func (n *navItem) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (n *navItem) CreateRenderer() fyne.WidgetRenderer {
	return fynewidget.NewSimpleRenderer(container.NewStack(n.back,
		widget.AtLeast(0, 38, widget.Margins(0, 10, 0, 10, widget.Row(10, n.glyph, n.word)))))
}
