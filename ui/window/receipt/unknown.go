package receipt

import (
	"fmt"
	"pushdesk/powerbi/push/words"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/push/history"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// unknownCard lists the unknown batches of a run.
type unknownCard struct {
	onAnswer func(r history.Receipt, batch int, stored bool) // keeps an answer; nil only lists
	batches  *fyne.Container
	unknown  *fyne.Container // with its heading
}

// BatchText tells an unknown batch to a person: its rows, and what stands in the first and
// the last of them.
func BatchText(u history.UnknownBatch) string {
	s := fmt.Sprintf("Batch %s: %s, rows %s to %s of the sheet, sent %s.", humanize.Number(u.Batch), humanize.Count(u.Rows, "row"),
		humanize.Number(u.FirstRow), humanize.Number(u.LastRow), humanize.Time(u.Sent, time.Now()))
	if u.FirstKey != "" {
		s += fmt.Sprintf(" First row: %s. Last row: %s.", u.FirstKey, u.LastKey)
	}
	return strings.TrimSpace(s + " " + u.Looked)
}

// OnAnswer sets what keeps a person's answer for an unknown batch of a run; without it the
// batches are only listed.
func (p *Panel) OnAnswer(do func(r history.Receipt, batch int, stored bool)) { p.onAnswer = do }

// showUnknown lists the unknown batches of a run, each with its answer.
func (p *Panel) showUnknown(r history.Receipt) {
	p.batches.Objects = nil
	for _, u := range r.UnknownBatches {
		answer := "Not answered yet."
		if a := words.Answered(u); a != "" {
			answer = "Your answer: " + a + "."
		}
		line := []fyne.CanvasObject{widget.Fill(widget.NewText(answer, widget.StyleMuted))}
		if p.onAnswer != nil && r.Status != history.StatusRunning {
			line = append(line,
				widget.NewButton(widget.Secondary, theme.IconPass, "They are stored", func() { p.onAnswer(p.r, u.Batch, true) }),
				widget.NewButton(widget.Secondary, theme.IconRefresh, "Send them again", func() { p.onAnswer(p.r, u.Batch, false) }))
		}
		p.batches.Add(widget.Column(4, widget.NewParagraph(BatchText(u), widget.StyleBody), widget.Row(8, line...)))
	}
	widget.ShowIf(p.unknown, len(r.UnknownBatches) > 0)
}
