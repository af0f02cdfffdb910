package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/look"
	"pushdesk/ui/window/part"
)

// sidebar is the navigation at the left: the places, with Settings at the bottom.
type sidebar struct {
	items   map[Place]*navItem
	content fyne.CanvasObject
}

func newSidebar(places []Place, open func(Place)) *sidebar {
	s := &sidebar{items: map[Place]*navItem{}}
	var top, bottom []fyne.CanvasObject
	for _, p := range places {
		item := newNavItem(p, func() { open(p) })
		s.items[p] = item
		if p == Settings {
			bottom = append(bottom, item)
		} else {
			top = append(top, item)
		}
	}
	mark := canvas.NewImageFromResource(look.Logo())
	mark.FillMode = canvas.ImageFillContain
	mark.SetMinSize(fyne.NewSquareSize(28))
	name := part.Margins(2, 0, 14, 8, part.Row(10, mark, part.NewText("Pushdesk", part.Style{Size: 17, Bold: true})))
	objects := append([]fyne.CanvasObject{name}, top...)
	objects = append(objects, part.Space())
	objects = append(objects, bottom...)
	edge := part.NewRect(look.ColorHairline, "", 0)
	edge.SetMinSize(fyne.NewSize(1, 1))
	s.content = container.NewStack(part.NewRect(look.ColorSidebar, "", 0),
		container.NewBorder(nil, nil, nil, edge, part.AtLeast(look.SidebarWidth-1, 0, part.Inset(12, part.Column(4, objects...)))))
	return s
}

func (s *sidebar) choose(p Place) {
	for place, item := range s.items {
		item.setSelected(place == p)
	}
}

// navItem is one entry: icon and word, on a tint when it is the open place.
type navItem struct {
	widget.BaseWidget
	place                      Place
	tapped                     func()
	selected, hovered, focused bool
	back                       *part.Rect
	glyph                      *part.Glyph
	word                       *part.Text
}

var (
	_ fyne.Focusable    = (*navItem)(nil)
	_ desktop.Hoverable = (*navItem)(nil)
)

func newNavItem(p Place, tapped func()) *navItem {
	n := &navItem{
		place: p, tapped: tapped,
		back:  part.NewRect("", "", look.RadiusInput),
		glyph: part.NewGlyph(p.icon(), look.ColorMuted, 20),
		word:  part.NewText(p.Label(), part.StyleBody),
	}
	n.back.Width = 2
	n.ExtendBaseWidget(n)
	return n
}

func (n *navItem) setSelected(on bool) { n.selected = on; n.dress() }

func (n *navItem) dress() {
	fill, stroke, ink, word := fyne.ThemeColorName(""), fyne.ThemeColorName(""), look.ColorMuted, part.StyleBody
	if n.hovered {
		fill = theme.ColorNameHover
	}
	if n.selected {
		fill, ink, word = look.ColorSelected, theme.ColorNamePrimary, part.StyleStrong
	}
	if n.focused {
		stroke = look.ColorFocusRing
	}
	n.back.SetColors(fill, stroke)
	n.glyph.Set(n.place.icon(), ink)
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
	return widget.NewSimpleRenderer(container.NewStack(n.back,
		part.AtLeast(0, 38, part.Margins(0, 10, 0, 10, part.Row(10, n.glyph, n.word)))))
}
