package table

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	fynetheme "fyne.io/fyne/v2/theme"

	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// slot is the pair of objects that shows one cell. Row r is always shown by slot
// r modulo the number of slots, so scrolling by one row changes one row of slots.
type slot struct {
	tint        *canvas.Rectangle
	text        *canvas.Text
	row, column int
	generation  int
}

// body is the part that scrolls both ways.
type body struct {
	g             *view
	clip          *container.Clip
	layer         *fyne.Container
	slots         [][]slot
	lines         []*canvas.Rectangle // under each row, then after each column
	hover, chosen *canvas.Rectangle   // the rows of the pointer and of the current cell
	block         *canvas.Rectangle   // the cells chosen, when they are several
	ring          *canvas.Rectangle   // around the current cell
}

func newBody(g *view) *body {
	b := &body{g: g, hover: canvas.NewRectangle(nil), chosen: canvas.NewRectangle(nil), block: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil)}
	b.layer = layer()
	b.clip = container.NewClip(b.layer)
	g.clip = b.clip
	return b
}

// Size is the size of the part in sight.
func (b *body) Size() fyne.Size { return b.clip.Size() }

// ensure makes enough slots for what is in sight. They never become fewer.
func (b *body) ensure(rows, columns int) {
	if len(b.slots) >= rows && (len(b.slots) == 0 || len(b.slots[0]) >= columns) {
		return
	}
	rows, columns = rows+2, columns+2 // half a row more is in sight when scrolled a little
	if len(b.slots) > 0 {
		rows, columns = max(rows, len(b.slots)), max(columns, len(b.slots[0]))
	}
	b.slots = make([][]slot, rows)
	under := []fyne.CanvasObject{b.hover, b.chosen, b.block}
	var tints, texts []fyne.CanvasObject
	for r := range b.slots {
		b.slots[r] = make([]slot, columns)
		for c := range b.slots[r] {
			s := slot{tint: canvas.NewRectangle(color.Transparent), text: canvas.NewText("", color.Transparent), row: -1}
			s.text.TextSize = cellText
			b.slots[r][c] = s
			tints, texts = append(tints, s.tint), append(texts, s.text)
		}
	}
	b.lines = b.lines[:0]
	var lines []fyne.CanvasObject
	for range rows + columns {
		l := canvas.NewRectangle(color.Transparent)
		b.lines = append(b.lines, l)
		lines = append(lines, l)
	}
	objects := append(append(append(under, tints...), lines...), texts...)
	b.layer.Objects = append(objects, b.ring)
}

func (b *body) place() {
	g := b.g
	row, rowEnd, column, columnEnd := g.inSight()
	b.ensure(rowEnd-row, columnEnd-column)
	for r := range b.slots {
		for c := range b.slots[r] {
			s := &b.slots[r][c]
			s.tint.Hidden, s.text.Hidden = true, true
		}
	}
	for r := row; r < rowEnd; r++ {
		slots := b.slots[r%len(b.slots)]
		for c := column; c < columnEnd; c++ {
			b.show(&slots[c%len(slots)], r, c)
		}
	}
	b.placeLines(row, rowEnd, column, columnEnd)
	b.placeMarks()
	b.hover.Refresh() // draws again; refreshing the layer would throw every text's picture away
}

func (b *body) show(s *slot, row, column int) {
	g := b.g
	width := g.edges[column+1] - g.edges[column]
	at := fyne.NewPos(g.left(column), g.top(row))
	if s.row != row || s.column != column || s.generation != g.generation {
		cell := g.source.Cell(row, column)
		s.row, s.column, s.generation = row, column, g.generation
		ink := fynetheme.ColorNameForeground
		if cell.Muted || g.columns[column].Muted {
			ink = fynetheme.ColorNamePlaceHolder
		}
		s.tint.FillColor = tintOf(cell.Tone)
		s.text.Text = widget.Cut(oneLine(cell.Text), width-2*cellPad, cellText, fyne.TextStyle{})
		s.text.Color = theme.Color(ink)
		s.text.Alignment = fyne.TextAlignLeading
		if g.columns[column].Right {
			s.text.Alignment = fyne.TextAlignTrailing
		}
		s.text.Refresh()
		s.tint.Refresh()
	}
	s.text.Hidden = false
	s.tint.Hidden = s.tint.FillColor == color.Transparent
	s.tint.Resize(fyne.NewSize(width, rowHeight))
	s.tint.Move(at)
	s.text.Resize(fyne.NewSize(width-2*cellPad, rowHeight))
	s.text.Move(at.AddXY(cellPad, 0))
}

// tintOf is see-through for tones that say nothing is wrong.
func tintOf(t widget.Tone) color.Color {
	switch t {
	case widget.Warning:
		return theme.Color(theme.ColorWarningTint)
	case widget.Error:
		return theme.Color(theme.ColorErrorTint)
	}
	return color.Transparent
}

func (b *body) placeLines(row, rowEnd, column, columnEnd int) {
	g, n := b.g, 0
	view := b.Size()
	end := min(g.left(len(g.columns)), view.Width)
	bottom := min(g.top(g.rows), view.Height)
	line := func(x, y, w, h float32) {
		if n == len(b.lines) {
			return
		}
		l := b.lines[n]
		l.FillColor, l.Hidden = theme.Color(theme.ColorHairline), false
		l.Move(fyne.NewPos(x, y))
		l.Resize(fyne.NewSize(w, h))
		n++
	}
	for r := row; r < rowEnd; r++ {
		line(0, g.top(r+1)-1, end, 1)
	}
	for c := column; c < columnEnd; c++ {
		line(g.left(c+1)-1, 0, 1, bottom)
	}
	for ; n < len(b.lines); n++ {
		b.lines[n].Hidden = true
	}
}

func (b *body) placeMarks() {
	g := b.g
	width := min(g.left(len(g.columns)), b.Size().Width)
	mark := func(r *canvas.Rectangle, row int, name fyne.ThemeColorName) {
		r.Hidden = row < 0
		if row >= 0 {
			r.FillColor = theme.Color(name)
			r.Move(fyne.NewPos(0, g.top(row)))
			r.Resize(fyne.NewSize(width, rowHeight))
		}
	}
	mark(b.hover, g.hover[0], fynetheme.ColorNameHover)
	mark(b.chosen, g.row, theme.ColorSelected)
	b.markBlock()
	b.ring.Hidden = g.row < 0
	if g.row >= 0 {
		b.ring.FillColor = color.Transparent
		b.ring.StrokeColor, b.ring.StrokeWidth, b.ring.CornerRadius = theme.Color(fynetheme.ColorNamePrimary), 2, 2
		b.ring.Move(fyne.NewPos(g.left(g.column), g.top(g.row)))
		b.ring.Resize(fyne.NewSize(g.edges[g.column+1]-g.edges[g.column]-1, rowHeight-1))
	}
}

// markBlock tints the chosen cells when they are several. What lies far outside the part
// in sight is cut off: positions of single precision do not reach the last row.
func (b *body) markBlock() {
	g, view := b.g, b.Size()
	c := g.chosen()
	b.block.Hidden = g.row < 0 || c.row == c.lastRow && c.column == c.lastColumn
	if b.block.Hidden {
		return
	}
	b.chosen.Hidden = true
	edge := func(at float64, end float32) float32 { return float32(min(max(at, -1), float64(end)+1)) }
	top, bottom := edge(float64(c.row)*rowHeight-g.y, view.Height), edge(float64(c.lastRow+1)*rowHeight-g.y, view.Height)
	left, right := edge(float64(g.edges[c.column])-g.x, view.Width), edge(float64(g.edges[c.lastColumn+1])-g.x, view.Width)
	b.block.FillColor = theme.Color(theme.ColorSelected)
	b.block.Move(fyne.NewPos(left, top))
	b.block.Resize(fyne.NewSize(right-left, bottom-top))
}

// side holds the row numbers, which only scroll down.
type side struct {
	g     *view
	clip  *container.Clip
	layer *fyne.Container
	back  *canvas.Rectangle
	edge  *canvas.Rectangle
	texts []*canvas.Text
	shown []int // the row each text says, with its generation
	gens  []int
}

func newSide(g *view) *side {
	s := &side{g: g, back: canvas.NewRectangle(nil), edge: canvas.NewRectangle(nil)}
	s.layer = layer(s.back, s.edge)
	s.clip = container.NewClip(s.layer)
	return s
}

func (s *side) place() {
	g := s.g
	row, rowEnd, _, _ := g.inSight()
	for len(s.texts) < rowEnd-row {
		t := canvas.NewText("", color.Transparent)
		t.TextSize, t.Alignment = theme.TextCaption, fyne.TextAlignTrailing
		s.texts, s.shown, s.gens = append(s.texts, t), append(s.shown, -1), append(s.gens, -1)
		s.layer.Objects = append(s.layer.Objects, t)
		for i := range s.shown {
			s.shown[i] = -1 // the slots have moved
		}
	}
	size := s.clip.Size()
	s.back.FillColor, s.edge.FillColor = color.Transparent, theme.Color(theme.ColorHairline)
	s.edge.Move(fyne.NewPos(g.names-1, 0))
	s.edge.Resize(fyne.NewSize(1, min(g.top(g.rows), size.Height)))
	for _, t := range s.texts {
		t.Hidden = true
	}
	for r := row; r < rowEnd; r++ {
		i := r % len(s.texts)
		t := s.texts[i]
		t.Hidden = false
		if s.shown[i] != r || s.gens[i] != g.generation {
			s.shown[i], s.gens[i] = r, g.generation
			t.Text, t.Color = g.source.RowName(r), theme.Color(theme.ColorMuted)
			t.Refresh()
		}
		t.Move(fyne.NewPos(0, g.top(r)))
		t.Resize(fyne.NewSize(g.names-cellPad, rowHeight))
	}
}
