package schema

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job/tables"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// review shows a planned change, and carries it out once it is agreed to.
type review struct {
	page   *Page
	change tables.Change

	notes    *fyne.Container
	choices  *widget.Choices
	rows     *fyne.Container
	again    *fyne.Container
	question *widget.Paragraph
	typed    *widget.Entry
	typedRow *widget.Field
	back     *widget.Button
	accept   *widget.Button
	content  fyne.CanvasObject
}

func newReview(p *Page) *review {
	r := &review{page: p, notes: widget.Column(8), again: widget.Column(6), question: widget.NewParagraph("", widget.StyleStrong)}
	r.choices = widget.NewChoices([]widget.Reason{
		{Title: "Leave the rows as they are", About: "Columns that stay should keep their values. A column that is removed, renamed or gets another type loses them."},
		{Title: "Send my runs again", About: "All rows are deleted once the table is changed, and the runs on this computer that filled it are sent again, if their files have not changed."},
	}, 0, func(i int) { p.plan(i == 1) })
	r.typed = widget.NewEntry("")
	r.typed.OnChanged = func(string) { p.buttons() }
	r.typedRow = widget.NewField("Type the name of the dataset to continue", r.typed, "")
	r.back = widget.NewButton(widget.Secondary, theme.IconArrowLeft, "Back to the columns", p.leave)
	r.accept = widget.NewButton(widget.Danger, "", "Change the table", func() { p.carry(r.change) })
	r.rows = widget.Card(widget.NewText("Rows", widget.StyleSection), r.choices, r.again)
	r.content = widget.NewScrolled(widget.Column(theme.Gap,
		widget.Card(widget.NewText("What changes", widget.StyleSection), r.notes),
		r.rows,
		widget.Card(r.question, r.typedRow, widget.Row(8, r.back, widget.Space(), r.accept))))
	return r
}

// show shows a change.
func (r *review) show(c tables.Change) {
	r.change = c
	r.notes.Objects = nil
	for _, n := range c.Alteration.Notes {
		r.notes.Add(widget.TopRow(8, widget.NewText("•", widget.StyleMuted), widget.Fill(widget.NewParagraph(n, widget.StyleBody))))
	}
	widget.ShowIf(r.rows, c.Place.Rows != 0 || c.Rebuild != nil)
	continues := c.Rebuild != nil && c.Rebuild.Continues()
	widget.ShowIf(r.choices, !continues)
	r.accept.SetText("Change the table")
	if continues {
		r.accept.SetText("Continue the rebuild")
	}
	r.choices.SetSelected(0)
	r.again.Objects = nil
	if x := c.Rebuild; x != nil {
		r.choices.SetSelected(1)
		r.again.Add(widget.NewParagraph(x.Sentence(c.Place.Target.Table), widget.StyleBody))
		for _, run := range x.Runs {
			r.again.Add(widget.NewParagraph(humanize.DateTime(run.Started)+", "+humanize.Count(run.RowsSent, "row")+" from "+filepath.Base(run.File), widget.StyleMuted))
		}
	}
	q := c.Ask()
	t := c.Place.Target
	switch {
	case q.Type != "":
		r.question.SetText("Something is lost or breaks. Check the list above.")
	case q.Sentence != "":
		r.question.SetText(q.Sentence)
	default:
		r.question.SetText("Nothing is lost.")
	}
	r.typed.SetText("")
	r.typed.SetPlaceHolder(t.DatasetName)
	r.typedRow.SetHint("“" + t.DatasetName + "” in " + t.WorkspaceName)
	widget.ShowIf(r.typedRow, q.Type != "")
	r.content.Refresh()
}

// refused goes back to what was planned before.
func (r *review) refused() {
	r.choices.SetSelected(0)
	if r.change.Rebuild != nil {
		r.choices.SetSelected(1)
	}
}

// buttons lets the change be carried out when it is agreed to.
func (r *review) buttons(busy bool) {
	q := r.change.Ask()
	r.accept.SetEnabled(!busy && (q.Type == "" || strings.TrimSpace(r.typed.Text) == q.Type))
	r.back.SetEnabled(!r.page.changes.Busy())
}
