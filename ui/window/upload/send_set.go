package upload

import (
	"context"
	"fmt"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Several tables can go into one dataset in one run: each is led through the steps
// and added, and the last one is sent together with those before it. A new dataset
// gets all of its tables at once, because Power BI lets none be added later.

// showLaid lists the tables that were added, and what all of them cost together.
func (s *sendStep) showLaid() {
	s.laid.Objects, s.blocker = nil, ""
	if len(s.now.others) == 0 || s.now.draft.Checked == nil {
		s.laidCard.Hide()
		return
	}
	for i, one := range s.now.others {
		t := one.Place.Target
		what := fmt.Sprintf("%s: %s from %s", t.Table, humanize.Count(one.ToSend(), "row"), one.Reading.Layout.Source.Sheet)
		drop := widget.NewButton(widget.Quiet, theme.IconClose, "Remove", func() { s.frame.dropTable(i) })
		s.laid.Add(widget.Row(theme.Gap, widget.Fill(widget.NewCut(what, widget.StyleBody)), drop))
	}
	together := widget.NewParagraph("Planning all tables together…", widget.StyleMuted)
	s.laid.Add(together)
	s.laidCard.Show()
	set := s.now.all()
	task.Read(s.looking, func(ctx context.Context) (plan.Set, error) { return s.service.PlanSet(ctx, set) }, func(p plan.Set, err error) {
		switch {
		case err != nil:
			s.blocker = "These tables cannot be sent together"
			s.frame.explain(err, s.blocker+".")
		case p.Blocker != nil:
			s.blocker = p.Blocker.Sentence
			together.SetText(p.Blocker.Sentence + " " + p.Blocker.Remedy)
		default:
			together.SetText("Together: " + p.Summary)
		}
		s.content.Refresh()
		s.frame.refresh()
	})
}

// startSet sends every table of the run, one after the other.
func (s *sendStep) startSet() {
	set, total := s.now.all(), s.now.toSend()
	s.resume = nil
	var tables []string
	for i := range set {
		tables = append(tables, set[i].Place.Target.Table)
	}
	control := s.working.Begin(total, tables)
	s.work(total, func(ctx context.Context, on func(push.Progress)) (history.Receipt, error) {
		sent := make([]int64, len(set))
		receipts, err := s.service.SendSet(ctx, set, job.SetOptions{Control: control}, func(table int, p push.Progress) {
			s.working.Table(table)
			sent[table] = p.RowsSent + p.RowsRejected
			for _, n := range sent[:table] {
				p.RowsSent += n
			}
			on(p)
		})
		if len(receipts) == 0 {
			return history.Receipt{}, err
		}
		s.host.Work().Post(func() { s.receipts = receipts })
		return receipts[len(receipts)-1], err
	})
}

// setOutcome says what became of several tables.
func (s *sendStep) setOutcome() string {
	var sent int64
	done := 0
	for _, r := range s.receipts {
		sent += r.RowsSent
		if r.Status.Finished() {
			done++
		}
	}
	if done == len(s.working.Tables()) {
		return fmt.Sprintf("%d tables, %s sent.", done, humanize.Count(sent, "row"))
	}
	return fmt.Sprintf("%d of %d tables sent, %s. The remaining tables were not started.", done, len(s.working.Tables()), humanize.Count(sent, "row"))
}

// mayLayBy tells whether the upload can wait for other tables.
func (b bundle) mayLayBy() bool {
	return b.draft.Checked != nil && !b.draft.Reshape && b.draft.Skip+b.draft.Limit == 0 && !b.draft.OneHour
}
