package upload

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/plan"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// showShape says in the plan's notes what changes of the table's columns.
func (s *checkStep) showShape() fyne.CanvasObject {
	shape := s.now.draft.Checked.Shape
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
	u := s.now.draft
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
	if s.now.draft.Checked == nil || s.checks.Busy() {
		return
	}
	if c.Kind == plan.ChoiceDataset {
		s.frame.bring(stepDestination)
		return
	}
	if c.Kind == plan.ChoiceFilter {
		s.frame.bring(stepColumns)
		return
	}
	u := s.now.draft.Take(c)
	task.Read(s.checks, func(ctx context.Context) (job.Draft, error) { return s.service.Plan(ctx, u, time.Now()) }, func(d job.Draft, err error) {
		if err != nil {
			s.frame.explain(err, "The plan could not be worked out.")
			return
		}
		s.frame.give(d)
		s.frame.refresh()
	})
}

// showEarlier says in the plan's notes that the same rows were sent before.
func (s *checkStep) showEarlier() fyne.CanvasObject {
	list := s.now.draft.Checked.Earlier
	if len(list) == 0 {
		return nil
	}
	remedy := "Sending them again adds them a second time."
	if s.now.draft.Mode == plan.ModeReplace {
		remedy = "The rows are replaced, so that nothing is doubled."
	}
	if list[0].Resumable {
		remedy = "That run is not done. Continue it under Activity to send the rest."
	}
	return widget.NewCheckRow(widget.CheckResult{State: widget.Warn, Title: "Sent before", Evidence: job.SentBefore(list[0]), Remedy: remedy})
}
