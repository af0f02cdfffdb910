// Package progress shows a run at work, and holds or ends it.
package progress

import (
	"fmt"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/clock"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Card shows the run under way, with the buttons that hold and end it.
type Card struct {
	cancel  func()       // lets what is on its way finish
	tables  []string     // of the run, when there are several
	at      atomic.Int32 // which of them is under way
	held    *push.Pause
	abort   chan struct{} // closed to end a run that was cancelled at once
	halted  bool          // it was cancelled
	state   *widget.Text
	bar     *widget.Bar
	numbers *widget.Paragraph
	pause   *widget.Button
	stop    *widget.Button
	pass    *widget.Button
	forward clock.Forward // of the clock of the run; nil when it cannot be put forward, or nothing waits
	waits   time.Duration // for so long
	content *fyne.Container
}

// New returns the card, hidden until Begin. cancel asks the run to stop, and pass lets time
// pass for the practice service.
func New(cancel func(), pass func(clock.Forward, time.Duration)) *Card {
	c := &Card{cancel: cancel, state: widget.NewText("", widget.StyleSection), bar: widget.NewBar(), numbers: widget.NewParagraph("", widget.StyleMuted)}
	c.stop = widget.NewButton(widget.Secondary, theme.IconStopped, "Cancel", c.halt)
	c.pause = widget.NewButton(widget.Secondary, theme.IconPause, "Pause", c.hold)
	c.pass = widget.NewButton(widget.Secondary, theme.IconArrowRight, "Let the time pass", func() { pass(c.forward, c.waits) })
	c.pass.Hide()
	c.content = widget.Card(widget.Row(theme.Gap, widget.Fill(c.state), c.pass, c.pause, c.stop), c.bar, c.numbers)
	c.content.Hide()
	return c
}

// Content is what is shown.
func (c *Card) Content() fyne.CanvasObject { return c.content }

// Begin makes the card ready for a run, and what the run looks at to be held and ended.
// tables names its tables when there are several.
func (c *Card) Begin(total int64, tables []string) job.Control {
	c.tables = tables
	c.at.Store(0)
	c.held, c.abort, c.halted = new(push.Pause), make(chan struct{}), false
	c.stop.SetEnabled(true)
	c.stop.SetText("Cancel")
	c.pause.SetEnabled(true)
	c.showPause()
	c.Show(push.Progress{}, total)
	return job.Control{Pause: c.held, Abort: c.abort}
}

// Tables names the tables of a run of several.
func (c *Card) Tables() []string { return c.tables }

// Table says which of the tables is under way. Any goroutine may call it.
func (c *Card) Table(i int) { c.at.Store(int32(i)) }

// halt asks the run to stop; what is on its way is waited for. The second time it ends now,
// and what is on its way is found out when the run is continued.
func (c *Card) halt() {
	c.pause.SetEnabled(false)
	if c.halted {
		c.stop.SetEnabled(false)
		c.stop.SetText("Ending")
		close(c.abort)
		return
	}
	c.halted = true
	c.stop.SetText("End now")
	c.state.SetText("Stopping: requests in progress are finished")
	c.cancel()
}

// hold pauses the run, or lets it go on.
func (c *Card) hold() {
	c.held.Set(!c.held.On())
	c.showPause()
	c.content.Refresh()
}

// showPause says on the button what it does next.
func (c *Card) showPause() {
	if c.held.On() {
		c.pause.SetText("Resume")
		c.pause.SetIcon(theme.IconArrowRight)
		return
	}
	c.pause.SetText("Pause")
	c.pause.SetIcon(theme.IconPause)
}

// Show says how far the run is, which is to send total rows.
func (c *Card) Show(p push.Progress, total int64) {
	title, why := "Sending", ""
	c.forward = nil
	if c.held.On() {
		title = "Pausing… finishing requests in progress"
	}
	switch p.State {
	case push.StateReading, "":
		title = "Starting"
	case push.StateStopping:
		title = "Stopping: requests in progress are finished"
	case push.StatePaused:
		title = "Paused"
	case push.StateWaiting:
		title = "Waiting"
		if !p.WaitUntil.IsZero() {
			c.waits = max(p.WaitUntil.Sub(p.Now), 0)
			title += " " + humanize.Duration(c.waits.Round(time.Second)) + ", until " + humanize.Time(p.WaitUntil, p.Now)
			if c.waits > 2*time.Second {
				c.forward = p.Forward
			}
		}
		if p.WaitReason != "" {
			why = p.WaitReason + ".\n"
		}
	}
	if len(c.tables) > 1 {
		at := min(int(c.at.Load()), len(c.tables)-1)
		title += fmt.Sprintf(" (table %d of %d)", at+1, len(c.tables))
		why = c.tables[at] + ": " + why
	}
	widget.ShowIf(c.pass, c.forward != nil && !c.halted)
	c.state.SetText(title)
	left := ""
	if p.Left >= time.Second {
		left = "at least " + humanize.Duration(p.Left) + " left"
	}
	fraction := 0.0
	if total > 0 {
		fraction = float64(p.RowsSent+p.RowsRejected) / float64(total)
	}
	c.bar.Set(min(fraction, 1), humanize.Number(p.RowsSent)+" of "+humanize.Number(total)+" "+humanize.Plural(total, "row")+" sent", left)
	numbers := humanize.Count(p.Batches, "batch", "batches") + " accepted, " + humanize.Count(p.Requests, "request")
	if p.Retries > 0 {
		numbers += fmt.Sprintf(", %d repeated", p.Retries)
	}
	if p.Rate >= 1 {
		numbers += ", " + humanize.Number(int64(p.Rate)) + " rows a second"
	}
	c.numbers.SetText(why + text.UpperFirst(numbers) + ". When you cancel, the rest can be sent later.")
}
