package upload

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/history"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// missing are the tables of a dataset in which that of a run is not any more.
type missing struct {
	tables []string
	gone   bool
}

// lookForTable continues a run that failed. When its table is gone, a person says
// whether it was renamed.
func (s *sendStep) lookForTable(r history.Receipt) {
	d := s.service
	task.Read(s.looking, func(ctx context.Context) (missing, error) {
		tables, gone, err := d.MissingTable(ctx, r.RunID)
		return missing{tables, gone}, err
	}, func(m missing, err error) {
		if err != nil || !m.gone || len(m.tables) == 0 { // the run itself says what is wrong
			s.goOn(r, job.ResumeOptions{})
			return
		}
		s.askTable(r, m.tables)
	})
}

// askTable asks which table a run shall go on with.
func (s *sendStep) askTable(r history.Receipt, tables []string) {
	text := fmt.Sprintf("The dataset %s has no table %s any more. If it was renamed, choose it by its new name; the rows that were sent are not sent again. If it was deleted, send the file as a new run.", r.Dataset, r.Table)
	choose := widget.NewSelect(tables, "Choose the table", nil)
	if len(tables) == 1 {
		choose.SetSelected(0)
	}
	var dialog *widget.Dialog
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	goOn := widget.NewButton(widget.Primary, theme.IconArrowRight, "Continue", func() {
		if at := choose.Selected(); at >= 0 {
			dialog.Close()
			s.goOn(r, job.ResumeOptions{Table: tables[at]})
		}
	})
	var content fyne.CanvasObject = widget.Column(theme.Gap, widget.NewParagraph(text, widget.StyleBody), widget.NewField("Table", choose, ""))
	dialog = widget.NewDialog(s.host.Window(), 520, "Was the table renamed?", content, cancel, goOn)
	dialog.Show(nil)
}
