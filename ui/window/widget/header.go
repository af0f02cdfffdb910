package widget

import (
	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/ui/window/theme"
)

// Header is the top of a page: title, status chips beside it, and the page's
// buttons at the right, the primary one last. A second line may say more.
type Header struct {
	fynewidget.BaseWidget
	title    *Text
	subtitle *Text
	chips    *fyne.Container
	actions  *fyne.Container
	box      *fyne.Container
}

// NewHeader makes one.
func NewHeader(title, subtitle string, actions ...fyne.CanvasObject) *Header {
	h := &Header{
		title: NewCut(title, StylePage), subtitle: NewCut(subtitle, StyleMuted),
		chips: Row(8), actions: Row(8, actions...),
	}
	// The title stands at the same height on every page, with buttons or without.
	left := Column(0, AtLeast(0, buttonHeight, Beside(theme.Gap, h.title, h.chips)), h.subtitle)
	h.box = TopRow(theme.Gap, Fill(left), h.actions)
	ShowIf(h.subtitle, subtitle != "")
	h.ExtendBaseWidget(h)
	return h
}

// SetTitle changes title and second line.
func (h *Header) SetTitle(title, subtitle string) {
	h.title.SetText(title)
	h.subtitle.SetText(subtitle)
	ShowIf(h.subtitle, subtitle != "")
	h.box.Refresh()
}

// Title is the title's text.
func (h *Header) Title() string { return h.title.Text() }

// SetChips changes the chips.
func (h *Header) SetChips(chips ...fyne.CanvasObject) {
	h.chips.Objects = chips
	h.chips.Refresh()
	h.box.Refresh()
}

// SetActions changes the buttons.
func (h *Header) SetActions(actions ...fyne.CanvasObject) {
	h.actions.Objects = actions
	h.actions.Refresh()
	h.box.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (h *Header) CreateRenderer() fyne.WidgetRenderer { return fynewidget.NewSimpleRenderer(h.box) }
