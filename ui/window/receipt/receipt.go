// Package receipt shows what one run did, on the pages that have runs.
package receipt

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/words"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/table"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Panel shows what one run did: outcome, totals, where it went, and the
// rows that were rejected.
type Panel struct {
	// onResume continues the run; nil when nothing can.
	onResume func(history.Receipt)
	title    *widget.Text
	chip     *widget.Chip
	resume   *widget.Button
	actions  *fyne.Container // what else can be done with the run
	onShow   func(history.Receipt)
	notice   *widget.Banner
	unproven *widget.Paragraph
	open     *fyne.Container
	remarks  *widget.Paragraph
	noted    *fyne.Container
	unknownCard
	totals  *fyne.Container
	facts   *widget.KeyValues
	table   *table.Grid
	trouble *fyne.Container
	more    *widget.Text
	r       history.Receipt
	content *widget.Scrolled
}

// NewPanel returns an empty panel. resume continues a run; nil when nothing can.
func NewPanel(h page.Host, resume func(history.Receipt)) *Panel {
	r := &Panel{
		onResume: resume, title: widget.NewCut("", widget.Style{Size: 18, Bold: true}), chip: widget.NewChip(widget.Neutral, "", ""),
		notice: widget.NewBanner(), totals: container.NewGridWithColumns(3), facts: widget.NewKeyValues(),
		table: table.New(Problems(nil)), more: widget.NewText("", widget.StyleCaption),
	}
	save := widget.NewButton(widget.Quiet, theme.IconSave, "Save", func() { save(h, r.r) })
	copyText := widget.NewButton(widget.Quiet, theme.IconCopy, "Copy", func() {
		widget.CopyText(Text(r.r))
		h.Toast("The receipt is copied.")
	})
	r.resume = widget.NewButton(widget.Primary, theme.IconArrowRight, "Continue", func() { r.onResume(r.r) })
	head := widget.Row(8, widget.Fill(widget.Beside(theme.Gap, r.title, r.chip)), copyText, save, r.resume)
	r.actions = widget.Flow(8)
	r.unproven = widget.NewParagraph("", widget.StyleMuted)
	r.open = widget.Card(widget.NewText("Not proven", widget.StyleSection), r.unproven)
	r.remarks = widget.NewParagraph("", widget.StyleMuted)
	r.noted = widget.Card(widget.NewText("Remarks", widget.StyleSection), r.remarks)
	r.batches = widget.Column(theme.Gap)
	r.unknown = widget.Card(widget.NewText("Unknown batches", widget.StyleSection),
		widget.NewParagraph("Check in Power BI whether the rows are there, and answer for each batch. When you continue the run, Pushdesk looks for them once more; your answer counts where it still cannot tell.", widget.StyleMuted), r.batches)
	r.trouble = widget.Card(widget.NewText("Rows with problems", widget.StyleSection), widget.AtLeast(0, 260, r.table), r.more)
	r.content = widget.NewScrolled(widget.Margins(0, 0, 8, 0, widget.Column(theme.Gap,
		widget.Card(head, r.notice, r.totals, r.actions), r.unknown, r.open, r.noted, widget.Card(widget.NewText("Where it went", widget.StyleSection), r.facts), r.trouble)), r.table)
	return r
}

// Content is the panel.
func (p *Panel) Content() fyne.CanvasObject { return p.content }

// Receipt is what is shown.
func (p *Panel) Receipt() history.Receipt { return p.r }

// OnResume sets what continues the run; nil when nothing can.
func (p *Panel) OnResume(do func(history.Receipt)) { p.onResume = do }

// SetActions puts in the panel what else can be done with a run; arrange is told
// which run is shown.
func (p *Panel) SetActions(arrange func(history.Receipt), buttons ...fyne.CanvasObject) {
	p.onShow, p.actions.Objects = arrange, buttons
}

// Show puts a receipt here.
func (p *Panel) Show(r history.Receipt) {
	if r.RunID != p.r.RunID || r.Status != p.r.Status || !r.Undone.Equal(p.r.Undone) {
		p.content.ToTop() // what is new stands there
	}
	p.r = r
	p.title.SetText(Title(r))
	chip := Outcome(r)
	p.chip.Set(chip.Tone, chip.Icon, chip.Word)
	p.notice.Hide()
	switch {
	case !r.Undone.IsZero():
		p.notice.Say(widget.Message{Tone: widget.Info, Sentence: words.Outcome(r), Stays: true})
	case r.Reason != "":
		remedy := r.Remedy
		if r.Who != "" && r.Who != "you" {
			remedy += " Who can fix it: " + r.Who + "."
		}
		p.notice.Say(widget.Message{Tone: chip.Tone, Sentence: r.Reason, Remedy: remedy, Details: r.Details, Stays: true})
	case r.Status == history.StatusUnproven:
		p.notice.Say(widget.Message{Tone: chip.Tone, Sentence: words.Outcome(r), Remedy: "What is not proven is listed below. Check those rows in Power BI.", Stays: true})
	case r.Status == history.StatusPartial:
		p.notice.Say(widget.Message{Tone: chip.Tone, Sentence: words.LeftOut(r), Remedy: "Save the rejects, correct them, and send the corrected rows.", Stays: true})
	case r.Waiting != nil:
		left := humanize.Duration(max(time.Until(r.Waiting.Until), 0).Round(time.Second))
		p.notice.Say(widget.Message{Tone: widget.Info, Sentence: fmt.Sprintf("Waiting %s, until %s: %s.", left, humanize.Time(r.Waiting.Until, time.Now()), r.Waiting.Why),
			Remedy: "The run waits and continues automatically. Pause or cancel it where it was started.", Stays: true})
	case r.Unconfirmed != nil:
		p.notice.Say(widget.Message{Tone: widget.Info, Sentence: "The rows were sent, but could not be counted in the table.", Remedy: words.Unconfirmed(r), Stays: true})
	}
	widget.ShowIf(p.resume, p.onResume != nil && r.Resumable)
	p.totals.Objects = nil
	for _, t := range words.Totals(r) {
		tone := widget.Neutral
		if t.Trouble {
			tone = widget.Warning
		}
		p.totals.Add(widget.NewTile(t.Value(), t.Name, tone))
	}
	p.facts.Set(facts(r)...)
	if len(r.Problems) > 0 {
		p.table.SetSource(Problems(r.Problems))
		p.more.SetText(Listed(r))
	}
	widget.ShowIf(p.trouble, len(r.Problems) > 0)
	p.showUnknown(r)
	p.unproven.SetText(strings.Join(r.Unproven, "\n"))
	p.remarks.SetText(remarkLines(r.Remarks))
	widget.ShowIf(p.noted, len(r.Remarks) > 0)
	widget.ShowIf(p.open, len(r.Unproven) > 0 && r.Undone.IsZero())
	if p.onShow != nil {
		p.onShow(r)
	}
	widget.ShowIf(p.actions, len(p.actions.Objects) > 0)
	p.content.Refresh()
}

// facts are where a run went and how.
func facts(r history.Receipt) (list []widget.Pair) {
	for _, f := range words.Facts(r) {
		list = append(list, widget.Pair{Key: f.Name, Value: f.Value, Mono: f.Exact, Copy: f.Exact})
	}
	return list
}
