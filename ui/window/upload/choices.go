package upload

import (
	"context"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// checked is what was found out about an upload before it is sent.
type checked struct {
	report  mapping.CheckReport
	plan    plan.Plan
	shape   job.Reshaping     // what changes of the table's columns
	earlier []history.Receipt // runs that have sent the same rows in the same way
}

// checkedWith works out the plan that follows from a report.
func checkedWith(ctx context.Context, d Service, u job.Upload, r mapping.CheckReport) (checked, error) {
	plan, err := d.Plan(u, r, time.Now())
	if err != nil {
		return checked{}, err
	}
	c := checked{report: r, plan: plan}
	if u.Reshape {
		if c.shape, err = d.PlanReshape(ctx, u); err != nil {
			return c, err
		}
	}
	c.earlier, err = d.Earlier(ctx, u)
	return c, err
}

// showShape says in the plan's notes what changes of the table's columns.
func (s *checkStep) showShape() fyne.CanvasObject {
	shape := s.page.shape
	if len(shape.Notes) == 0 {
		return nil
	}
	state := widget.Pass
	if shape.Diff.Destructive() {
		state = widget.Warn
	}
	return widget.NewCheckRow(widget.CheckResult{State: state, Title: "The table's columns", Evidence: strings.Join(shape.Notes, "\n")})
}

// showChoices offers other ways to send the file where a limit stands in the way.
func (s *checkStep) showChoices(p plan.Plan) {
	s.choices.Objects = nil
	if len(p.Choices) > 0 {
		s.choices.Add(widget.NewText("Other ways", widget.StyleStrong))
	}
	for _, c := range p.Choices {
		use := widget.NewButton(widget.Secondary, "", "Use", func() { s.take(c) })
		switch {
		case c.Kind == plan.ChoiceDataset, c.Kind == plan.ChoiceFilter:
			use.SetText("Choose")
		case s.taken(c):
			use.SetText("In use")
			use.SetEnabled(false)
		}
		s.choices.Add(widget.TopRow(theme.Gap, widget.Fill(widget.NewParagraph(c.Sentence, widget.StyleBody)), use))
	}
	widget.ShowIf(s.choices, len(s.choices.Objects) > 0)
}

// taken tells whether the upload is as a choice would make it.
func (s *checkStep) taken(c plan.Choice) bool {
	u := s.page.upload
	switch c.Kind {
	case plan.ChoiceWait:
		return !u.OneHour
	case plan.ChoiceOneHour:
		return u.OneHour
	}
	return false
}

// take changes the upload as a choice says, and plans it again.
func (s *checkStep) take(c plan.Choice) {
	if s.page.report == nil || s.checks.Busy() {
		return
	}
	if c.Kind == plan.ChoiceDataset {
		s.page.show(stepDestination)
		return
	}
	if c.Kind == plan.ChoiceFilter {
		s.page.show(stepColumns)
		return
	}
	s.page.upload = s.page.upload.Take(c)
	u, report := s.page.upload, *s.page.report
	task.Read(s.checks, func(ctx context.Context) (checked, error) { return checkedWith(ctx, s.page.service, u, report) }, func(r checked, err error) {
		if err != nil {
			s.page.explain(err, "The plan could not be worked out.")
			return
		}
		s.show(r)
		s.page.refresh()
	})
}

// sentBefore says that the same rows were sent before.
func sentBefore(list []history.Receipt) string {
	if len(list) == 0 {
		return ""
	}
	r := list[0]
	return fmt.Sprintf("You sent the same rows to this table on %s: %s.", humanize.DateTime(r.Started), humanize.Count(r.RowsSent, "row"))
}

// showEarlier says in the plan's notes that the same rows were sent before.
func (s *checkStep) showEarlier() fyne.CanvasObject {
	list := s.page.earlier
	if len(list) == 0 {
		return nil
	}
	remedy := "Sending them again adds them a second time."
	if s.page.upload.Mode == plan.ModeReplace {
		remedy = "The rows are replaced, so that nothing is doubled."
	}
	if list[0].Resumable {
		remedy = "That run is not done. Continue it under Activity to send the rest."
	}
	return widget.NewCheckRow(widget.CheckResult{State: widget.Warn, Title: "Sent before", Evidence: sentBefore(list), Remedy: remedy})
}
