package window

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/ui/desk"
	"pushdesk/ui/window/grid"
	"pushdesk/ui/window/look"
	"pushdesk/ui/window/part"
	"pushdesk/ui/window/post"
)

// checkStep reads every row, converts it as the run will, and says what it found
// and what sending will cost.
type checkStep struct {
	page   *uploadPage
	checks *post.Latest
	watch  context.CancelFunc

	bar      *part.Bar
	cancel   *part.Button
	again    *part.Button
	working  *fyne.Container
	tiles    *fyne.Container
	policy   *part.Choices
	title    *part.Text
	decision *part.Field
	bad      *fyne.Container // what is there only when there are problems
	all      *fyne.Container
	byRule   *fyne.Container
	table    *grid.Grid
	listed   *part.Text
	plan     *part.Paragraph
	facts    *part.KeyValues
	notes    *fyne.Container
	choices  *fyne.Container
	result   *fyne.Container
	content  fyne.CanvasObject
}

var policies = []mapping.Policy{mapping.PolicyStop, mapping.PolicySkip, mapping.PolicyBlank}

func newCheckStep(p *uploadPage) *checkStep {
	s := &checkStep{page: p, checks: p.host.Work().Latest(), bar: part.NewBar(), tiles: part.Even(look.Gap),
		byRule: part.Column(8), table: grid.New(problems(nil)), listed: part.NewText("", part.StyleCaption),
		plan: part.NewParagraph("", part.StyleStrong), facts: part.NewKeyValues(), notes: part.Column(look.Gap), choices: part.Column(look.Gap)}
	s.cancel = part.NewButton(part.Secondary, look.IconClose, "Cancel", s.stop)
	s.again = part.NewButton(part.Primary, look.IconTest, "Check again", s.run)
	s.working = part.Card(s.bar, part.Row(0, s.cancel, s.again))
	s.policy = part.NewChoices([]part.Reason{
		{Title: "Send nothing", About: "Correct the file or the columns first. This is the safe way."},
		{Title: "Leave such rows out", About: "They are listed in the receipt."},
		{Title: "Send blank for such values", About: "The rows are sent, with nothing in place of the value."},
	}, 0, func(i int) {
		p.upload.Policy = policies[i]
		s.run()
	})
	s.title = part.NewText("", part.StyleSection)
	s.decision = part.NewField("What to do with them", s.policy, "")
	s.bad = part.Card(s.title, s.byRule, s.decision)
	s.all = part.Card(part.NewText("Cell by cell", part.StyleSection), part.AtLeast(0, 260, s.table), s.listed)
	s.result = part.Column(look.Gap, part.Card(s.tiles), s.bad, part.Card(part.NewText("Plan", part.StyleSection), s.plan, s.facts, s.notes, s.choices), s.all)
	s.content = part.NewScrolled(part.Margins(0, 8, 8, 0, part.Column(look.Gap, s.working, s.result)), s.table)
	s.forget()
	return s
}

// Content implements uploadStep.
func (s *checkStep) Content() fyne.CanvasObject { return s.content }

// enter checks what was not checked yet.
func (s *checkStep) enter() {
	if s.page.report == nil && !s.checks.Busy() {
		s.run()
	}
}

func (s *checkStep) blocked() string {
	switch r := s.page.report; {
	case s.checks.Busy():
		return "Every row is checked"
	case r == nil:
		return "Check the rows first"
	case r.Errors() > 0 && s.page.upload.Policy != mapping.PolicySkip && s.page.upload.Policy != mapping.PolicyBlank:
		return "Some values cannot be sent: say what to do with them"
	case len(s.page.plan.Blockers) > 0:
		return s.page.plan.Blockers[0].Sentence
	}
	return ""
}

// forget drops the last result.
func (s *checkStep) forget() {
	s.checks.Cancel()
	if s.watch != nil {
		s.watch()
	}
	s.page.report = nil
	s.result.Hide()
	s.working.Hide()
}

func (s *checkStep) stop() {
	s.forget()
	s.pause("The check was cancelled.")
}

// pause offers the check again.
func (s *checkStep) pause(why string) {
	s.bar.Set(0, why, "")
	s.cancel.Hide()
	s.again.Show()
	s.working.Show()
	s.page.refresh()
}

func (s *checkStep) run() {
	s.forget()
	s.page.send.forget()
	u := s.page.upload
	total := max(u.Reading.Profile.Rows, 1)
	var done atomic.Int64
	show := func() {
		n := done.Load()
		s.bar.Set(float64(n)/float64(total), "Checking every value", number(n)+" of "+rows(u.Reading.Profile.Rows))
	}
	show()
	s.cancel.Show()
	s.again.Hide()
	s.working.Show()
	s.page.notice.Hide()
	s.watch = s.page.host.Work().Every(150*time.Millisecond, func() {
		if s.checks.Busy() {
			show()
		}
	})
	post.Read(s.checks, func(ctx context.Context) (checked, error) {
		r, err := desk.Check(ctx, u, done.Store)
		if err != nil {
			return checked{}, err
		}
		return checkedWith(ctx, s.page.desk, u, r)
	}, func(r checked, err error) {
		s.watch()
		if err != nil {
			s.page.explainFile(err, "The rows could not be checked.")
			s.pause("The check came to no end.")
			return
		}
		s.show(r)
		s.page.refresh()
	})
	s.page.refresh()
}

// show shows a report and the plan that follows from it.
func (s *checkStep) show(c checked) {
	r := c.report
	s.page.upload.Rows = r.Rows
	s.page.report, s.page.plan, s.page.shape, s.page.earlier = &r, c.plan, c.shape, c.earlier
	s.working.Hide()
	tone := part.Success
	if r.RowsWithProblems > 0 {
		tone = part.Warning
	}
	s.tiles.Objects = []fyne.CanvasObject{part.NewTile(number(r.Rows+r.RowsFiltered), "Rows in the file", part.Neutral)}
	if len(s.page.upload.Mapping.Filter) > 0 {
		s.tiles.Add(part.NewTile(number(r.Rows), "Meet the conditions", part.Neutral))
	}
	for _, tile := range []fyne.CanvasObject{
		part.NewTile(number(s.toSend()), "Will be sent", part.Neutral),
		part.NewTile(number(r.RowsWithProblems), "Rows with problems", tone),
	} {
		s.tiles.Add(tile)
	}
	s.showPlan(s.page.plan)
	s.showProblems(r)
	s.result.Show()
	s.content.Refresh()
}

// toSend is how many rows the run will send.
func (s *checkStep) toSend() int64 {
	if s.page.report == nil || s.page.report.RowsToSend == 0 {
		return 0
	}
	return s.page.plan.Rows
}

func (s *checkStep) showPlan(p plan.Plan) {
	s.plan.SetText(p.Summary)
	ends, least := "", ""
	if p.LeastTime >= time.Second {
		least = part.Took(p.LeastTime)
		ends = p.Ends.Local().Format("2 January 15:04")
	}
	s.facts.Set(
		part.Pair{Key: "Requests", Value: number(int64(p.Requests))}, part.Pair{Key: "Data", Value: size(p.Bytes)},
		part.Pair{Key: "At least", Value: least}, part.Pair{Key: "Until", Value: ends})
	s.notes.Objects = nil
	add := func(state part.State, list []plan.Note) {
		for _, n := range list {
			s.notes.Add(part.NewCheckRow(part.CheckResult{State: state, Title: noteTitle(n.Kind), Evidence: n.Sentence, Remedy: n.Remedy}))
		}
	}
	if s.page.report.Errors() == 0 || s.page.upload.Policy == mapping.PolicySkip || s.page.upload.Policy == mapping.PolicyBlank {
		add(part.Fail, p.Blockers)
	} else {
		s.plan.SetText("Nothing is sent while values stand in the way.")
		s.facts.Set()
	}
	if row := s.showShape(); row != nil {
		s.notes.Add(row)
	}
	if row := s.showEarlier(); row != nil {
		s.notes.Add(row)
	}
	add(part.Warn, p.Warnings)
	s.showChoices(p)
	part.ShowIf(s.notes, len(s.notes.Objects) > 0)
}

// noteTitle is a note of the plan in a few words.
func noteTitle(kind string) string {
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
		return "New push datasets come to an end"
	case plan.NoteUnknown:
		return "The row count is not known"
	case plan.NoteUsed:
		return "Used already"
	case plan.NoteHeld:
		return "Power BI asked to wait"
	case plan.NotePart:
		return "Not all rows"
	}
	return "Worth knowing"
}

func (s *checkStep) showProblems(r mapping.CheckReport) {
	const most = 8
	s.byRule.Objects = nil
	for i, c := range r.ByColumn {
		if i == most {
			s.byRule.Add(part.NewText(fmt.Sprintf("and %s more", counted(len(r.ByColumn)-most, "kind", "kinds")), part.StyleCaption))
			break
		}
		state := part.Fail
		if c.Severity == mapping.SeverityNote {
			state = part.Warn
		}
		s.byRule.Add(part.NewCheckRow(part.CheckResult{State: state,
			Title:    fmt.Sprintf("%s: %s", c.Column, c.Rule),
			Evidence: fmt.Sprintf("%s, the first in %s.", counted(int(c.Count), "value", "values"), c.First.Address), Remedy: c.Advice}))
	}
	if len(r.Problems) > 0 {
		s.table.SetSource(problems(r.Problems))
		s.listed.SetText(listed(push.Receipt{Problems: r.Problems, ByColumn: r.ByColumn}))
	}
	s.title.SetText("Values that cannot be sent as they are")
	if r.Errors() == 0 {
		s.title.SetText("Worth knowing")
	}
	part.ShowIf(s.decision, r.Errors() > 0)
	part.ShowIf(s.bad, len(r.ByColumn) > 0)
	part.ShowIf(s.all, len(r.Problems) > 0)
}
