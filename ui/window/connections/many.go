package connections

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// manyTests tests many connections side by side and shows one table of results.
type manyTests struct {
	page    *listing
	ticks   *tickList
	reports map[string]doctor.Report
	header  *widget.Header
	counts  *fyne.Container
	start   *widget.Button
	all     *widget.Button
	copy    *widget.Button
	stop    context.CancelFunc // set while it runs
	run     int                // counts runs, so that late answers are dropped
	content *fyne.Container
}

func newManyTests(p *listing, all []connection.Connection) *manyTests {
	m := &manyTests{page: p, reports: map[string]doctor.Report{}, counts: widget.Row(8)}
	m.ticks = newTickList(all, m.refresh)
	m.start = widget.NewButton(widget.Primary, theme.IconTest, "Test", m.startOrStop)
	m.copy = widget.NewButton(widget.Secondary, theme.IconCopy, "Copy results", func() {
		widget.CopyText(m.text())
		p.host.Toast("The results are copied.")
	})
	m.all = widget.NewButton(widget.Quiet, "", "Select none", func() { m.ticks.tickAll(len(m.ticks.chosen()) == 0) })
	m.header = widget.NewHeader("Test connections", "Side by side, each with a new sign-in. Nothing is changed.", m.copy, m.start)
	back := widget.NewIconButton(theme.IconArrowLeft, "Back", m.leave)
	bar := widget.Row(8, m.all, widget.Space(), m.counts)
	m.content = widget.Inset(theme.PageMargin, widget.Under(
		widget.Margins(0, 0, theme.GapLarge, 0, widget.TopRow(8, back, widget.Fill(m.header))),
		widget.Panel(10, widget.Under(widget.Margins(0, 0, 8, 0, bar), m.ticks.rows))))
	m.refresh()
	return m
}

// Content implements innerPage.
func (m *manyTests) Content() fyne.CanvasObject { return m.content }

func (m *manyTests) accept() {
	if m.stop == nil && len(m.ticks.chosen()) > 0 {
		m.startOrStop()
	}
}

func (m *manyTests) leave() {
	m.end()
	m.page.load()
}

func (m *manyTests) end() {
	m.run++
	if m.stop != nil {
		m.stop()
		m.stop = nil
	}
	m.ticks.locked = false
	m.ticks.stopped()
}

func (m *manyTests) startOrStop() {
	if m.stop != nil {
		m.end()
		m.refresh()
		return
	}
	ids := m.ticks.chosen()
	run := m.run
	m.reports = map[string]doctor.Report{}
	m.ticks.results = map[string]tickResult{}
	m.ticks.waiting(ids)
	m.ticks.locked = true
	work := m.page.host.Work()
	mine := func(f func()) {
		work.Post(func() {
			if m.run == run {
				f()
				m.refresh()
			}
		})
	}
	m.stop = work.Go(func(ctx context.Context) {
		m.page.service.TestMany(ctx, ids, func(id string, r *doctor.Report) {
			if ctx.Err() != nil {
				return
			}
			mine(func() {
				if r == nil {
					m.ticks.running(id)
					return
				}
				m.reports[id], m.page.tested[id] = *r, *r
				m.ticks.set(id, verdictChip(*r), outcomeOf(*r))
			})
		})
		mine(m.end)
	})
	m.refresh()
}

// refresh shows the counts and what can be pressed.
func (m *manyTests) refresh() {
	n := len(m.ticks.chosen())
	switch {
	case m.stop != nil:
		m.start.SetKind(widget.Secondary)
		m.start.SetIcon(theme.IconClose)
		m.start.SetText("Stop")
		m.start.SetEnabled(true)
	default:
		m.start.SetKind(widget.Primary)
		m.start.SetIcon(theme.IconTest)
		m.start.SetText("Test")
		if n > 0 {
			m.start.SetText("Test " + humanize.Count(n, "connection"))
		}
		m.start.SetEnabled(n > 0)
	}
	m.all.SetEnabled(m.stop == nil)
	m.all.SetText("Select none")
	if n == 0 {
		m.all.SetText("Select all")
	}
	widget.ShowIf(m.copy, len(m.reports) > 0 && m.stop == nil)
	tally := map[widget.RowChip]int{}
	var order []widget.RowChip
	for _, c := range m.ticks.all {
		if r, ok := m.reports[c.ID]; ok {
			chip := verdictChip(r)
			if tally[chip] == 0 {
				order = append(order, chip)
			}
			tally[chip]++
		}
	}
	m.counts.Objects = nil
	for _, chip := range order {
		m.counts.Add(widget.NewChip(chip.Tone, chip.Icon, tallied(tally[chip], chip.Word)))
	}
	m.content.Refresh()
}

// tallied counts verdicts.
func tallied(n int, word string) string {
	switch word {
	case "Works":
		return humanize.Count(n, "works", "work")
	case "Does not work":
		return humanize.Count(n, "does not work", "do not work")
	case "Warnings":
		return humanize.Count(n, "has warnings", "have warnings")
	}
	return fmt.Sprintf("%d %s", n, strings.ToLower(word))
}

// text is the table of results for a message.
func (m *manyTests) text() string {
	var b strings.Builder
	for _, c := range m.ticks.all {
		if r, ok := m.reports[c.ID]; ok {
			fmt.Fprintf(&b, "%s\t%s\t%s\n", c.Name, verdictChip(r).Word, outcomeOf(r))
		}
	}
	return b.String()
}
