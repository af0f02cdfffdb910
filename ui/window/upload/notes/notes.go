// Package notes shows what a check found and what a plan says, a row each.
package notes

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/widget"
)

// Row shows a note of a plan.
func Row(state widget.State, n plan.Note) fyne.CanvasObject {
	return widget.NewCheckRow(widget.CheckResult{State: state, Title: title(n.Kind), Evidence: n.Sentence, Remedy: n.Remedy})
}

// Of shows what changes of the table's columns, and which rows of a checked draft were
// sent before.
func Of(d job.Draft) (rows []fyne.CanvasObject) {
	for _, row := range []fyne.CanvasObject{shape(d), earlier(d)} {
		if row != nil {
			rows = append(rows, row)
		}
	}
	return rows
}

// mostCounts is how many kinds of problems are shown.
const mostCounts = 8

// Counts shows each kind of problem of each column once.
func Counts(r mapping.CheckReport) (rows []fyne.CanvasObject) {
	for i, c := range r.ProblemCounts {
		if i == mostCounts {
			return append(rows, widget.NewText(fmt.Sprintf("and %s more", humanize.Count(len(r.ProblemCounts)-mostCounts, "kind")), widget.StyleCaption))
		}
		state := widget.Fail
		if c.Severity == mapping.SeverityNote {
			state = widget.Warn
		}
		rows = append(rows, widget.NewCheckRow(widget.CheckResult{State: state,
			Title:    fmt.Sprintf("%s: %s", c.Column, c.Rule),
			Evidence: fmt.Sprintf("%s, in %s.", humanize.Count(c.Count, "value"), c.Where()), Remedy: c.Advice}))
	}
	return rows
}

// title is a note of the plan in a few words.
func title(kind string) string {
	switch kind {
	case plan.NoteNothing:
		return "Nothing to send"
	case plan.NoteColumns:
		return "Too many columns"
	case plan.NoteFull:
		return "The table is full"
	case plan.NoteFIFO:
		return "Rows are dropped"
	case plan.NoteWait:
		return "Waits"
	case plan.NoteSlow:
		return "Fewer requests"
	case plan.NoteReplace:
		return "Rows are deleted"
	case plan.NoteRetirement:
		return "Push datasets are being retired"
	case plan.NoteUnknown:
		return "The row count is not known"
	case plan.NoteUsed:
		return "Already used"
	case plan.NoteHeld:
		return "Power BI asked to wait"
	case plan.NotePart:
		return "Not all rows"
	}
	return "Worth knowing"
}

// shape says what changes of the table's columns.
func shape(d job.Draft) fyne.CanvasObject {
	x := d.Checked.Shape
	if len(x.Notes) == 0 {
		return nil
	}
	state := widget.Pass
	if x.Diff.Destructive() {
		state = widget.Warn
	}
	return widget.NewCheckRow(widget.CheckResult{State: state, Title: "The table's columns", Evidence: strings.Join(x.Notes, "\n")})
}

// earlier says that the same rows were sent before.
func earlier(d job.Draft) fyne.CanvasObject {
	list := d.Checked.Earlier
	if o := d.Checked.Overlap; o.Rows > 0 {
		remedy := job.SendingAgain(d.Mode != plan.ModeReplace)
		if o.Unfinished() != nil {
			remedy = "That run is not finished. Continue it under Activity first."
		}
		return widget.NewCheckRow(widget.CheckResult{State: widget.Warn, Title: "Partly sent before", Evidence: o.Sentence(), Remedy: remedy})
	}
	if x := d.Checked.Scattered; x.Known > 0 {
		state, remedy := widget.Pass, ""
		if x.Many() {
			state, remedy = widget.Warn, job.SendingAgain(d.Mode != plan.ModeReplace)
		}
		return widget.NewCheckRow(widget.CheckResult{State: state, Title: "Partly sent before", Evidence: x.Sentence(), Remedy: remedy})
	}
	if len(list) == 0 {
		return nil
	}
	remedy := job.SendingAgain(d.Mode != plan.ModeReplace)
	if list[0].Resumable {
		remedy = "That run is not finished. Continue it under Activity to send the rest."
	}
	return widget.NewCheckRow(widget.CheckResult{State: widget.Warn, Title: "Sent before", Evidence: job.SentBefore(list[0]), Remedy: remedy})
}
