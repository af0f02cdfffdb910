package upload

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/fresh"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/receipt"
	"pushdesk/ui/window/table"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/upload/contract"
	"pushdesk/ui/window/upload/newrows"
	"pushdesk/ui/window/upload/notes"
	"pushdesk/ui/window/widget"
)

// checkService is what the step needs from below.
type checkService interface {
	Check(ctx context.Context, d job.Draft, progress func(rows int64)) (job.Draft, error)
	Plan(ctx context.Context, d job.Draft) (job.Draft, error)
	// NewBy leaves out the rows that the table holds already, told by a column.
	NewBy(ctx context.Context, d job.Draft, by fresh.By) (job.Draft, error)
}

// checkStep reads every row, converts it as the run will, and says what it found
// and what sending will cost.
//
// Large: a field for each control of the step.
type checkStep struct {
	frame   frame
	host    page.Host
	service checkService
	now     bundle
	checks  *task.Latest
	watch   context.CancelFunc

	bar      *widget.Bar
	cancel   *widget.Button
	again    *widget.Button
	working  *fyne.Container
	tiles    *fyne.Container
	contract *fyne.Container
	policy   *widget.Choices
	title    *widget.Text
	decision *widget.Field
	bad      *fyne.Container // what is there only when there are problems
	all      *fyne.Container
	counts   *fyne.Container
	table    *table.Grid
	listed   *widget.Text
	plan     *widget.Paragraph
	facts    *widget.KeyValues
	notes    *fyne.Container
	choices  *fyne.Container
	newRows  *newrows.Chooser
	result   *fyne.Container
	content  fyne.CanvasObject
}

func newCheckStep(f frame, h page.Host, d checkService) *checkStep {
	s := &checkStep{frame: f, host: h, service: d, checks: h.Work().Loose(), bar: widget.NewBar(), tiles: widget.Even(theme.Gap), contract: widget.Column(8),
		counts: widget.Column(8), table: table.New(receipt.Problems(nil)), listed: widget.NewText("", widget.StyleCaption),
		plan: widget.NewParagraph("", widget.StyleStrong), facts: widget.NewKeyValues(), notes: widget.Column(theme.Gap), choices: widget.Column(theme.Gap)}
	s.cancel = widget.NewButton(widget.Secondary, theme.IconClose, "Cancel", s.stop)
	s.again = widget.NewButton(widget.Primary, theme.IconTest, "Check again", s.run)
	s.working = widget.Card(s.bar, widget.Row(0, s.cancel, s.again))
	var policies []widget.Reason
	for _, p := range mapping.Policies {
		policies = append(policies, widget.Reason{Title: p.Title, About: p.About})
	}
	s.policy = widget.NewChoices(policies, 0, func(i int) {
		s.frame.give(s.now.draft.Bad(mapping.Policies[i].Policy))
		s.run()
	})
	s.newRows = newrows.New(s.onlyNew, func() {
		s.frame.give(s.now.draft.Map(s.now.draft.Mapping))
		s.run()
	})
	s.title = widget.NewText("", widget.StyleSection)
	s.decision = widget.NewField("What to do with these rows", s.policy, "")
	s.bad = widget.Card(s.title, s.counts, s.decision)
	s.all = widget.Card(widget.NewText("Cell by cell", widget.StyleSection), widget.AtLeast(0, 260, s.table), s.listed)
	s.result = widget.Column(theme.Gap, widget.Card(s.tiles), widget.Card(s.contract), s.bad, widget.Card(widget.NewText("Plan", widget.StyleSection), s.plan, s.facts, s.notes, s.choices, s.newRows.Content), s.all)
	s.content = widget.NewScrolled(widget.Margins(0, 0, 8, 0, widget.Column(theme.Gap, s.working, s.result)), s.table)
	s.clear()
	return s
}

// Content implements step.
func (s *checkStep) Content() fyne.CanvasObject { return s.content }

// enter checks what was not checked yet.
func (s *checkStep) enter() {
	if s.now.draft.Checked == nil && !s.checks.Busy() {
		s.run()
	}
}

func (s *checkStep) blocked() string {
	switch c := s.now.draft.Checked; {
	case s.checks.Busy():
		return "Every row is checked"
	case c == nil:
		return "Check the rows first"
	case failure.HasCode(s.now.draft.Blocked(), "contract-broken"):
		return "Decide about the columns that do not match"
	case failure.HasCode(s.now.draft.Blocked(), "type-guessed"):
		return "Say under Columns which types the guessed columns really have"
	case failure.HasCode(s.now.draft.Blocked(), "zones-mixed"):
		return "Decide under Columns how times of different zones are sent"
	case failure.HasCode(s.now.draft.Blocked(), "bad-rows"):
		return "Some values cannot be sent: say what to do with them"
	case len(c.Plan.Blockers) > 0:
		return c.Plan.Blockers[0].Sentence
	}
	return ""
}

// show implements step.
func (s *checkStep) show(b bundle) {
	s.now = b
	s.policy.SetSelected(max(slices.IndexFunc(mapping.Policies, func(p mapping.PolicyChoice) bool { return p.Policy == b.draft.Policy }), 0))
	if b.draft.Checked == nil {
		s.clear()
		return
	}
	s.describe()
}

// clear drops the last result, or the check that is under way.
func (s *checkStep) clear() {
	s.checks.Cancel()
	if s.watch != nil {
		s.watch()
	}
	s.result.Hide()
	s.working.Hide()
}

func (s *checkStep) stop() {
	s.clear()
	s.pause("The check was cancelled.")
}

// pause offers the check again.
func (s *checkStep) pause(why string) {
	s.bar.Set(0, why, "")
	s.cancel.Hide()
	s.again.Show()
	s.working.Show()
	s.frame.refresh()
}

func (s *checkStep) run() {
	s.frame.give(s.now.draft.Unchecked())
	u := s.now.draft
	total := max(u.Reading.Profile.Rows, 1)
	var done atomic.Int64
	show := func() {
		n := done.Load()
		s.bar.Set(float64(n)/float64(total), "Checking every value", humanize.Number(n)+" of "+humanize.Number(u.Reading.Profile.Rows)+" rows")
	}
	show()
	s.cancel.Show()
	s.again.Hide()
	s.working.Show()
	s.frame.quiet()
	s.watch = s.host.Work().Every(150*time.Millisecond, func() {
		if s.checks.Busy() {
			show()
		}
	})
	task.Read(s.checks, func(ctx context.Context) (job.Draft, error) {
		return s.service.Check(ctx, u, done.Store)
	}, func(d job.Draft, err error) {
		s.watch()
		if err != nil {
			s.frame.explainFile(err, "The rows could not be checked.")
			s.pause("The check did not finish.")
			return
		}
		s.frame.give(d)
		s.frame.refresh()
		s.frame.focus()
	})
	s.frame.refresh()
}

// describe shows what the check found and the plan that follows from it.
func (s *checkStep) describe() {
	r := s.now.draft.Checked.Report
	s.working.Hide()
	tone := widget.Success
	if r.RowsWithProblems > 0 {
		tone = widget.Warning
	}
	s.tiles.Objects = []fyne.CanvasObject{widget.NewTile(humanize.Number(r.Rows+r.RowsFiltered), "Rows in the file", widget.Neutral)}
	if s.now.draft.Mapping.FilterWords() != "" {
		s.tiles.Add(widget.NewTile(humanize.Number(r.Rows), "Meet the conditions", widget.Neutral))
	}
	columns := s.now.draft.Contract()
	s.showContract(columns)
	if n := len(columns.New) + len(columns.Missing); n > 0 {
		s.tiles.Add(widget.NewTile(humanize.Number(n), "Columns that do not match", widget.Warning))
	}
	for _, tile := range []fyne.CanvasObject{
		widget.NewTile(humanize.Number(s.now.draft.ToSend()), "Will be sent", widget.Neutral),
		widget.NewTile(humanize.Number(r.RowsWithProblems), "Rows with problems", tone),
	} {
		s.tiles.Add(tile)
	}
	s.showPlan(s.now.draft.Checked.Plan)
	s.newRows.Show(s.now.draft)
	s.showProblems(r)
	s.result.Show()
	s.content.Refresh()
}

// showContract shows how the columns of the file stand to those of the table.
func (s *checkStep) showContract(c mapping.Contract) {
	s.contract.Objects = []fyne.CanvasObject{contract.NewRow(c)}
	if c.Drifted() {
		s.contract.Add(contract.NewChoice(c.OnDrift, func(o mapping.OnDrift) {
			if drift(s.frame, s.now.draft, o) {
				s.run()
			}
		}))
	}
	s.contract.Refresh()
}

func (s *checkStep) showPlan(p plan.Plan) {
	s.plan.SetText(p.Summary)
	ends, least := "", ""
	if p.LeastTime >= time.Second {
		least = humanize.Duration(p.LeastTime)
		ends = humanize.Time(p.Ends, time.Now())
	}
	s.facts.Set(
		widget.Pair{Key: "Requests", Value: humanize.Number(p.Requests)}, widget.Pair{Key: "Data", Value: humanize.Bytes(p.Bytes)},
		widget.Pair{Key: "At least", Value: least}, widget.Pair{Key: "Until", Value: ends})
	s.notes.Objects = nil
	add := func(state widget.State, list []plan.Note) {
		for _, n := range list {
			s.notes.Add(notes.Row(state, n))
		}
	}
	if bad := s.now.draft.Blocked(); !failure.HasCode(bad, "bad-rows") && !failure.HasCode(bad, "contract-broken") && !failure.HasCode(bad, "zones-mixed") && !failure.HasCode(bad, "type-guessed") {
		add(widget.Fail, p.Blockers)
	} else {
		s.plan.SetText("Nothing will be sent until these problems are fixed.")
		s.facts.Set()
	}
	for _, row := range notes.Of(s.now.draft) {
		s.notes.Add(row)
	}
	add(widget.Warn, p.Warnings)
	s.showChoices(p)
	if row := receipt.RemarksRow(s.now.draft.Remarks()); row != nil {
		s.notes.Add(row)
	}
	widget.ShowIf(s.notes, len(s.notes.Objects) > 0)
}

func (s *checkStep) showProblems(r mapping.CheckReport) {
	s.counts.Objects = notes.Counts(r)
	if len(r.Problems) > 0 {
		s.table.SetSource(receipt.Problems(r.Problems))
		s.listed.SetText(receipt.Listed(history.Receipt{Problems: r.Problems, ProblemCounts: r.ProblemCounts}))
	}
	s.title.SetText("Values that cannot be sent as they are")
	if r.Errors() == 0 {
		s.title.SetText("Worth knowing")
	}
	widget.ShowIf(s.decision, r.Errors() > 0)
	widget.ShowIf(s.bad, len(r.ProblemCounts) > 0)
	widget.ShowIf(s.all, len(r.Problems) > 0)
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
	u := s.now.draft.Choose(c)
	task.Read(s.checks, func(ctx context.Context) (job.Draft, error) { return s.service.Plan(ctx, u) }, func(d job.Draft, err error) {
		if err != nil {
			s.frame.explain(err, "The plan could not be calculated.")
			return
		}
		s.frame.give(d)
		s.frame.refresh()
	})
}

// onlyNew leaves out the rows that the table holds already, and checks the others.
func (s *checkStep) onlyNew(by fresh.By) {
	if s.now.draft.Checked == nil || s.checks.Busy() {
		return
	}
	u := s.now.draft
	task.Read(s.checks, func(ctx context.Context) (job.Draft, error) { return s.service.NewBy(ctx, u, by) }, func(d job.Draft, err error) {
		if err != nil {
			s.frame.explain(err, "It could not be found out which rows are new.")
			return
		}
		s.frame.give(d)
		s.run()
	})
}
