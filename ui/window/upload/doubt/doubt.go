// Package doubt asks what only a person can know before a run goes on: what became of
// rows nobody can look for, and whether a table that is gone was renamed.
package doubt

import (
	"fmt"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/push/history"
	"pushdesk/ui/window/receipt"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Batches asks for each unknown batch of a run that nobody has answered for what to do
// with it, one after the other, and hands over the answers: true for rows that are taken
// as stored, false for rows to send again, none for what stays unknown.
func Batches(w fyne.Window, r history.Receipt, then func(answers map[int]bool)) {
	from(w, r, 0, map[int]bool{}, then)
}

func from(w fyne.Window, r history.Receipt, at int, answers map[int]bool, then func(map[int]bool)) {
	for at < len(r.UnknownBatches) && r.UnknownBatches[at].Stored != nil {
		at++
	}
	if at == len(r.UnknownBatches) {
		then(answers)
		return
	}
	u := r.UnknownBatches[at]
	text := "We don't know whether these rows were saved: Power BI's reply never arrived. " + receipt.BatchText(u) +
		" Pushdesk looks for them again. If they are still unknown after that, what should happen?"
	choice := widget.NewChoices([]widget.Reason{
		{Title: "Stop and leave them unknown", About: "Nothing more is sent until it is known whether they were saved."},
		{Title: "Treat the rows as saved", About: "They are not sent again. If they were lost, they are missing from the table."},
		{Title: "Send the rows again", About: "If they were saved, they are in the table twice."},
	}, 0, nil)
	var dialog *widget.Dialog
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	goOn := widget.NewButton(widget.Primary, "", "Continue", func() {
		dialog.Close()
		if n := choice.Selected(); n > 0 {
			answers[u.Batch] = n == 1
		}
		from(w, r, at+1, answers, then)
	})
	dialog = widget.NewDialog(w, 520, "Some rows are unknown", widget.Column(theme.Gap, widget.NewParagraph(text, widget.StyleBody), choice), cancel, goOn)
	dialog.Show(nil)
}

// Table asks which of a dataset's tables a run shall go on with, when its own is gone.
func Table(w fyne.Window, r history.Receipt, tables []string, then func(table string)) {
	text := fmt.Sprintf("The dataset %s no longer has a table %s. If it was renamed, choose it by its new name; the rows that were sent are not sent again. If it was deleted, send the file as a new run.", r.Dataset, r.Table)
	choose := widget.NewSelect(tables, "Choose the table", nil)
	if len(tables) == 1 {
		choose.SetSelected(0)
	}
	var dialog *widget.Dialog
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	goOn := widget.NewButton(widget.Primary, theme.IconArrowRight, "Continue", func() {
		if at := choose.Selected(); at >= 0 {
			dialog.Close()
			then(tables[at])
		}
	})
	content := widget.Column(theme.Gap, widget.NewParagraph(text, widget.StyleBody), widget.NewField("Table", choose, ""))
	dialog = widget.NewDialog(w, 520, "Was the table renamed?", content, cancel, goOn)
	dialog.Show(nil)
}
