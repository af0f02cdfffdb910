package settings

import (
	"context"
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/storage/humanize"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

const day = 24 * time.Hour

// kept are how long the runs can be kept; 0 is for ever.
var kept = []time.Duration{30 * day, 90 * day, 365 * day, 5 * 365 * day, 0}

// historyCard says how long runs are kept, and changes it.
type historyCard struct {
	service Service
	host    page.Host
	work    *task.Latest
	keep    time.Duration
	offered []time.Duration // with what was set elsewhere
	choice  *widget.Select
	notice  *widget.Banner
	content *fyne.Container
}

func newHistoryCard(d Service, host page.Host) *historyCard {
	h := &historyCard{service: d, host: host, work: host.Work().Latest(), notice: widget.NewBanner()}
	h.choice = widget.NewSelect(nil, "Choose", func(i int) { h.choose(h.offered[i]) })
	h.content = widget.Card(widget.Row(theme.Gap, widget.NewText("Keep runs for", widget.StyleSection), widget.Space(), widget.AtLeast(160, 0, h.choice)),
		widget.NewParagraph("Older runs are deleted from Activity, with their receipts and the values that were left out. The rows that they sent stay in Power BI.", widget.StyleMuted), h.notice)
	return h
}

// show reads the setting, which a terminal may have changed.
func (h *historyCard) show() {
	task.Read(h.work, func(context.Context) (time.Duration, error) { return h.service.KeepRuns() }, func(keep time.Duration, err error) {
		if err != nil {
			h.failed(err, "The setting could not be read.")
			return
		}
		h.notice.Hide()
		h.set(keep)
	})
}

func (h *historyCard) set(keep time.Duration) {
	h.keep, h.offered = keep, slices.Clone(kept)
	if !slices.Contains(h.offered, keep) {
		h.offered = append(h.offered, keep)
	}
	words := make([]string, len(h.offered))
	for i, k := range h.offered {
		words[i] = keepWords(k)
	}
	h.choice.SetOptions(words)
	h.choice.SetSelected(slices.Index(h.offered, keep))
	h.content.Refresh()
}

func keepWords(keep time.Duration) string {
	days := int(keep / day)
	switch {
	case days == 0:
		return "Forever"
	case days%365 == 0:
		return humanize.Count(days/365, "year")
	}
	return humanize.Count(days, "day")
}

// choose asks before runs are deleted that are kept now.
func (h *historyCard) choose(keep time.Duration) {
	if keep == h.keep {
		return
	}
	if keep == 0 || h.keep != 0 && keep > h.keep {
		h.change(keep)
		return
	}
	widget.Confirm(h.host.Window(), "Delete older runs?",
		fmt.Sprintf("Runs that are older than %s are deleted from this computer now. They cannot be undone or repeated afterwards.", keepWords(keep)),
		"Delete older runs", func() { h.change(keep) }).OnClosed(func() { h.set(h.keep) })
}

func (h *historyCard) change(keep time.Duration) {
	h.notice.Hide()
	task.Read(h.work, func(ctx context.Context) (int, error) { return h.service.SetKeepRuns(ctx, keep) }, func(deleted int, err error) {
		if err != nil {
			h.failed(err, "The setting could not be changed.")
			h.show()
			return
		}
		h.set(keep)
		if deleted > 0 {
			h.host.Toast(humanize.Count(deleted, "run is", "runs are") + " deleted.")
		}
	})
}

func (h *historyCard) failed(err error, what string) {
	h.notice.Say(page.Explain(err, what))
	h.content.Refresh()
}
