package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"
)

// rowList is Fyne's list with the keys of every other list: the arrows choose,
// where Fyne's move a mark that Space makes the choice.
type rowList struct {
	fynewidget.List
	rows *Rows
}

func newRowList(rows *Rows, create func() fyne.CanvasObject) *rowList {
	l := &rowList{rows: rows}
	l.Length = rows.count
	l.CreateItem = create
	l.UpdateItem = func(i fynewidget.ListItemID, o fyne.CanvasObject) {
		rows.draw(i, o.(*rowItem))
	}
	l.HideSeparators = true
	l.ExtendBaseWidget(l)
	return l
}

// FocusGained and FocusLost implement fyne.Focusable.
func (l *rowList) FocusGained() { l.focus(true) }
func (l *rowList) FocusLost()   { l.focus(false) }

func (l *rowList) focus(on bool) {
	l.rows.focused = on
	if l.rows.selected >= 0 {
		l.rows.ReloadRow(l.rows.selected)
	}
}

// TypedKey chooses another row.
func (l *rowList) TypedKey(e *fyne.KeyEvent) {
	last, to := l.rows.count()-1, l.rows.selected
	switch e.Name {
	case fyne.KeyDown:
		to++
	case fyne.KeyUp:
		to--
	case fyne.KeyHome:
		to = 0
	case fyne.KeyEnd:
		to = last
	case fyne.KeyPageDown:
		to += l.page()
	case fyne.KeyPageUp:
		to -= l.page()
	case fyne.KeySpace:
		if l.rows.ticks && to >= 0 {
			l.rows.chosen(to)
			l.rows.ReloadRow(to)
		}
		return
	default:
		PassKey(l, e)
		return
	}
	if to = min(max(to, 0), last); to < 0 || to == l.rows.selected {
		return
	}
	if l.rows.ticks {
		l.rows.Select(to)
		return
	}
	l.rows.Choose(to)
}

// page is how many rows are in sight.
func (l *rowList) page() int {
	return max(int(l.Size().Height/l.rows.template.MinSize().Height)-1, 1)
}
