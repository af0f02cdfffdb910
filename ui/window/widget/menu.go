package widget

import (
	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	fynewidget "fyne.io/fyne/v2/widget"
)

// Menu opens a menu below a button.
func Menu(w fyne.Window, under fyne.CanvasObject, items ...*fyne.MenuItem) {
	m := fynewidget.NewPopUpMenu(fyne.NewMenu("", items...), w.Canvas())
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(under)
	size := under.Size()
	x := min(at.X, w.Canvas().Size().Width-m.MinSize().Width-8)
	m.ShowAtPosition(fyne.NewPos(x, at.Y+size.Height+fynetheme.Padding()))
}
