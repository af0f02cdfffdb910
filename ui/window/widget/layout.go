// Package widget holds the reusable pieces of the window: text, cards, buttons,
// form rows, chips, banners, steps, checks and dialogs. A widget knows how it
// looks and nothing of Power BI; every colour is asked for again in Refresh, so
// that widgets follow the theme.
package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynewidget "fyne.io/fyne/v2/widget"
)

// Column stacks objects from the top, each as wide as the column.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&mindful{layout: &column{gap}}, objects...)
}

// mindful lays its objects out anew when they need another room than when they were
// laid out. Fyne asks every visible container for its least size before each frame, but
// forgets that one is to be laid out when something else changes in the same frame: a
// message above a list that is filled at that moment would lie under the list.
type mindful struct {
	layout      fyne.Layout
	size, least fyne.Size
	laid        bool
}

func (m *mindful) MinSize(o []fyne.CanvasObject) fyne.Size {
	if least := m.layout.MinSize(o); !m.laid || least == m.least {
		return least
	}
	m.Layout(o, m.size)
	return m.least
}

func (m *mindful) Layout(o []fyne.CanvasObject, size fyne.Size) {
	m.layout.Layout(o, size)
	m.size, m.least, m.laid = size, m.layout.MinSize(o), true
}

type column struct{ gap float32 }

func (c *column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	n := inLine(objects, c.gap, down)
	return fyne.NewSize(n.across, n.length)
}

// Layout gives every object its width first: wrapped text only knows its height
// then. A spacer takes what is left.
func (c *column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		if o.Visible() {
			settle(o, size.Width)
		}
	}
	more := inLine(objects, c.gap, down).each(size.Height)
	var y float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		h := o.MinSize().Height
		if grows(o) {
			h += more
		}
		o.Resize(fyne.NewSize(size.Width, h))
		o.Move(fyne.NewPos(0, y))
		y += h + c.gap
	}
}

// need is what objects in a line need.
type need struct {
	length, across float32
	growing        int // of them take more where there is room
}

// each is how much each of those that grow gets of a length.
func (n need) each(length float32) float32 {
	return max(length-n.length, 0) / float32(max(n.growing, 1))
}

// Ways along which objects stand: how long one is, and how wide.
func down(s fyne.Size) (length, across float32)     { return s.Height, s.Width }
func sideways(s fyne.Size) (length, across float32) { return s.Width, s.Height }

// inLine is what visible objects need one behind the other.
func inLine(objects []fyne.CanvasObject, gap float32, along func(fyne.Size) (length, across float32)) (n need) {
	shown := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		length, across := along(o.MinSize())
		n.length, n.across = n.length+length, max(n.across, across)
		if shown++; grows(o) {
			n.growing++
		}
	}
	n.length += gap * float32(max(shown-1, 0))
	return n
}

// Row puts objects side by side in their own width, centred on one line. A Fill
// or Space shares the width that is left.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&row{gap: gap, centre: true}, objects...)
}

// TopRow is a Row whose objects start at the same height.
func TopRow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&row{gap: gap}, objects...)
}

type row struct {
	gap    float32
	centre bool
}

func (r *row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	n := inLine(objects, r.gap, sideways)
	return fyne.NewSize(n.length, n.across)
}

func (r *row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	more := inLine(objects, r.gap, sideways).each(size.Width)
	var x float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		w := o.MinSize().Width
		if grows(o) {
			w += more
			o.Resize(fyne.NewSize(w, o.MinSize().Height))
		}
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(w, h))
		y := float32(0)
		if r.centre {
			y = (size.Height - h) / 2
		}
		o.Move(fyne.NewPos(x, y))
		x += w + r.gap
	}
}

func grows(o fyne.CanvasObject) bool {
	if _, ok := o.(*Filler); ok {
		return true
	}
	_, ok := o.(layout.SpacerObject)
	return ok
}

// Space takes the room that is left in a Row or Column.
func Space() fyne.CanvasObject { return layout.NewSpacer() }

// Filler is an object that takes the room that is left in a Row or Column.
type Filler struct {
	fynewidget.BaseWidget
	content fyne.CanvasObject
}

// Fill makes o take the room that is left.
func Fill(o fyne.CanvasObject) *Filler {
	f := &Filler{content: o}
	f.ExtendBaseWidget(f)
	return f
}

// CreateRenderer implements fyne.Widget.
func (f *Filler) CreateRenderer() fyne.WidgetRenderer { return fynewidget.NewSimpleRenderer(f.content) }

// Inset keeps the same distance on all sides.
func Inset(distance float32, o fyne.CanvasObject) *fyne.Container {
	return Margins(distance, distance, distance, distance, o)
}

// Margins keeps the given distances around o.
func Margins(top, right, bottom, left float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(top, bottom, left, right), o)
}

// Capped keeps o at the left and lets it grow to width at most.
func Capped(width float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(capped{width: width}, o)
}

// Centred is Capped, in the middle both ways.
func Centred(width float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(capped{width: width, centre: true}, o)
}

type capped struct {
	width  float32
	centre bool
}

func (c capped) MinSize(objects []fyne.CanvasObject) fyne.Size {
	m := objects[0].MinSize()
	return fyne.NewSize(min(m.Width, c.width), m.Height)
}

func (c capped) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	o := objects[0]
	w := min(size.Width, c.width)
	if !c.centre {
		o.Resize(fyne.NewSize(w, size.Height))
		o.Move(fyne.Position{})
		return
	}
	o.Resize(fyne.NewSize(w, o.MinSize().Height))
	h := o.MinSize().Height
	o.Resize(fyne.NewSize(w, h))
	o.Move(fyne.NewPos((size.Width-w)/2, max((size.Height-h)/2, 0)))
}

// Under puts rest below top and gives it the room that is left. Tab goes through
// top first, which it does not in Fyne's border container, and top has its width
// before it is asked for its height, as wrapped text and chips need.
func Under(top, rest fyne.CanvasObject) *fyne.Container {
	return container.New(&mindful{layout: &stacked{rest: 1}}, top, rest)
}

// Above puts rest above bottom and gives it the room that is left.
func Above(rest, bottom fyne.CanvasObject) *fyne.Container {
	return container.New(&mindful{layout: &stacked{rest: 0}}, rest, bottom)
}

// UnderLast is Under for a top that Tab comes to last, such as the steps of a page:
// they are seldom what the keyboard is wanted on.
func UnderLast(top, rest fyne.CanvasObject) *fyne.Container {
	return container.New(&mindful{layout: &stacked{rest: 0, under: true}}, rest, top)
}

// stacked has two objects, of which one takes what the other leaves.
type stacked struct {
	rest  int
	under bool // the rest is below, though it is the first object
}

func (s *stacked) MinSize(o []fyne.CanvasObject) fyne.Size {
	var least fyne.Size
	for _, o := range o {
		if o.Visible() {
			m := o.MinSize()
			least = fyne.NewSize(max(least.Width, m.Width), least.Height+m.Height)
		}
	}
	return least
}

func (s *stacked) Layout(o []fyne.CanvasObject, size fyne.Size) {
	rest, other := o[s.rest], o[1-s.rest]
	var taken float32
	if other.Visible() {
		settle(other, size.Width)
		taken = min(other.Size().Height, size.Height)
	}
	at, restAt := float32(0), taken
	if s.rest == 0 && !s.under {
		at, restAt = size.Height-taken, 0
	}
	other.Move(fyne.NewPos(0, at))
	rest.Resize(fyne.NewSize(size.Width, size.Height-taken))
	rest.Move(fyne.NewPos(0, restAt))
}

// settle gives an object a width and then the height that it needs at that width.
func settle(o fyne.CanvasObject, width float32) {
	for range 3 { // what wraps inside what wraps
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(width, h))
		if o.MinSize().Height == h {
			return
		}
	}
}

// Fixed says that o needs just this much, whatever it needs: a window around it
// keeps the size that a person gave it.
func Fixed(size fyne.Size, o fyne.CanvasObject) *fyne.Container {
	return container.New(fixed{size}, o)
}

type fixed struct{ size fyne.Size }

func (f fixed) MinSize([]fyne.CanvasObject) fyne.Size { return f.size }

func (f fixed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	objects[0].Move(fyne.Position{})
}

// AtLeast gives o a least size; zero leaves a side as it is.
func AtLeast(width, height float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(atLeast{fyne.NewSize(width, height)}, o)
}

type atLeast struct{ size fyne.Size }

func (a atLeast) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().Max(a.size)
}

func (a atLeast) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	objects[0].Move(fyne.Position{})
}

// ShowIf shows or hides.
func ShowIf(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// Even puts objects side by side in columns of the same width, from the top.
// Hidden ones take no room.
func Even(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(even{gap}, objects...)
}

type even struct{ gap float32 }

func shown(objects []fyne.CanvasObject) (list []fyne.CanvasObject) {
	for _, o := range objects {
		if o.Visible() {
			list = append(list, o)
		}
	}
	return list
}

func (e even) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var widest, height float32
	list := shown(objects)
	for _, o := range list {
		m := o.MinSize()
		widest, height = max(widest, m.Width), max(height, m.Height)
	}
	n := float32(len(list))
	return fyne.NewSize(n*widest+max(n-1, 0)*e.gap, height)
}

func (e even) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	list := shown(objects)
	if len(list) == 0 {
		return
	}
	width := (size.Width - float32(len(list)-1)*e.gap) / float32(len(list))
	for i, o := range list {
		o.Resize(fyne.NewSize(width, o.MinSize().Height)) // text wraps at its width,
		o.Resize(fyne.NewSize(width, o.MinSize().Height)) // which gives it another height
		o.Move(fyne.NewPos(float32(i)*(width+e.gap), 0))
	}
}

// Flow puts objects side by side in their own width and goes on in the next line
// when one is full, like words. Hidden ones take no room.
func Flow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flow{gap: gap}, objects...)
}

// flow remembers the width it was given: how high it is depends on it.
type flow struct{ gap, width float32 }

func (f *flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var widest float32
	for _, o := range shown(objects) {
		widest = max(widest, o.MinSize().Width)
	}
	return fyne.NewSize(widest, f.place(objects, max(f.width, widest), func(fyne.CanvasObject, fyne.Position, fyne.Size) {}))
}

func (f *flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	f.width = size.Width
	f.place(objects, size.Width, func(o fyne.CanvasObject, at fyne.Position, own fyne.Size) {
		o.Resize(fyne.NewSize(min(own.Width, size.Width), own.Height))
		o.Move(at)
	})
}

// place finds where each object goes within a width, and gives the height of all.
func (f *flow) place(objects []fyne.CanvasObject, width float32, put func(fyne.CanvasObject, fyne.Position, fyne.Size)) float32 {
	var x, y, line float32
	for _, o := range shown(objects) {
		own := o.MinSize()
		if x > 0 && x+own.Width > width {
			x, y, line = 0, y+line+f.gap, 0
		}
		put(o, fyne.NewPos(x, y), own)
		x += own.Width + f.gap
		line = max(line, own.Height)
	}
	return y + line
}

// Sides is a layout of two objects: the left one gets a width of its own, the right
// one the rest.
type Sides struct{ Left, Gap float32 }

// leftShare is how much of the width the left one has at most.
const leftShare = 0.34

// MinSize implements fyne.Layout.
func (s *Sides) MinSize(o []fyne.CanvasObject) fyne.Size {
	right := o[1].MinSize().Width + s.Gap
	return fyne.NewSize(min(s.Left+right, right/(1-leftShare)), max(o[0].MinSize().Height, o[1].MinSize().Height))
}

// Layout implements fyne.Layout.
func (s *Sides) Layout(o []fyne.CanvasObject, size fyne.Size) {
	left := min(s.Left, size.Width*leftShare)
	o[0].Resize(fyne.NewSize(left, size.Height))
	o[0].Move(fyne.Position{})
	o[1].Resize(fyne.NewSize(size.Width-left-s.Gap, size.Height))
	o[1].Move(fyne.NewPos(left+s.Gap, 0))
}

// WholeRows gives a scrolled column of rows the height of all of them, or of as many whole
// ones as fit into a share of the window's height: a row that is cut in two looks like the
// last one. The gap is that of the column.
func WholeRows(share, gap float32, scroll fyne.CanvasObject, rows *fyne.Container) *fyne.Container {
	return container.New(&wholeRows{share, gap, rows}, scroll)
}

type wholeRows struct {
	share, gap float32
	rows       *fyne.Container
}

func (w *wholeRows) MinSize(objects []fyne.CanvasObject) fyne.Size {
	m := objects[0].MinSize()
	m.Height = 0
	limit := float32(0)
	if c := fyne.CurrentApp().Driver().CanvasForObject(objects[0]); c != nil {
		limit = w.share * c.Size().Height
	}
	end := float32(0) // of the row
	for _, row := range w.rows.Objects {
		if !row.Visible() {
			continue
		}
		if end += row.MinSize().Height; m.Height > 0 && end > limit {
			break
		}
		m.Height, end = end, end+w.gap
	}
	return m
}

func (w *wholeRows) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
	objects[0].Move(fyne.NewPos(0, 0))
}
