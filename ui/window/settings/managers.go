package settings

import (
	"context"
	"maps"
	"slices"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/manager"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// managersCard is which secret managers may be asked on this computer, and how.
type managersCard struct {
	service Service
	host    page.Host
	notice  *widget.Banner
	list    *fyne.Container
	asking  *task.Latest
	doing   *task.Latest
	content *fyne.Container
}

func newManagersCard(d Service, h page.Host) *managersCard {
	c := &managersCard{service: d, host: h, notice: widget.NewBanner(), list: widget.Column(8), asking: h.Work().Latest(), doing: h.Work().Latest()}
	add := widget.NewButton(widget.Secondary, theme.IconAdd, "Allow a secret manager", func() { page.AllowManager(h, d, connection.Reference{}, manager.Manager{}, c.show) })
	c.content = widget.Card(widget.Row(theme.Gap, widget.NewText("Secret managers", widget.StyleSection), widget.Space(), add),
		widget.NewParagraph("A connection can name a secret in a secret manager in place of a stored one. A manager is asked only if you allow it here.", widget.StyleBody),
		c.notice, c.list)
	return c
}

// show reads what is allowed.
func (c *managersCard) show() {
	task.Read(c.asking, func(context.Context) (map[string]manager.Manager, error) { return c.service.Managers() }, func(all map[string]manager.Manager, err error) {
		if err != nil {
			c.notice.Say(page.Explain(err, "The secret managers could not be read."))
			c.content.Refresh()
			return
		}
		var lines []fyne.CanvasObject
		for _, name := range slices.Sorted(maps.Keys(all)) {
			m := all[name]
			says := m.String()
			if m.Token {
				says += " (with a token)"
			}
			change := widget.NewIconButton(theme.IconEdit, "Change "+name, func() { page.AllowManager(c.host, c.service, connection.Reference{Manager: name}, m, c.show) })
			forbid := widget.NewButton(widget.Quiet, theme.IconDelete, "Forbid", func() { c.forbid(name) })
			lines = append(lines, widget.Rule(), widget.Row(8, widget.Fill(widget.Column(0, widget.NewCut(name, widget.StyleStrong), widget.NewCut(says, widget.StyleMono))), change, forbid))
		}
		if len(lines) == 0 {
			lines = append(lines, widget.NewParagraph("No secret manager may be asked.", widget.StyleMuted))
		}
		c.list.Objects = lines
		c.content.Refresh()
	})
}

func (c *managersCard) forbid(name string) {
	widget.Confirm(c.host.Window(), "Forbid "+name+"?", "Connections can no longer ask it on this computer. Nothing changes in the secret manager.", "Forbid it", func() {
		task.Read(c.doing, func(ctx context.Context) (struct{}, error) { return struct{}{}, c.service.ForbidManager(ctx, name) }, func(_ struct{}, err error) {
			if err != nil {
				c.notice.Say(page.Explain(err, name+" could not be forbidden."))
			}
			c.show()
		})
	})
}
