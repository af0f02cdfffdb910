package upload

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Several tables can go into one dataset in one run: each is led through the steps
// and laid by, and the last one is sent together with those before it. A new dataset
// gets all of its tables at once, because Power BI lets none be added later.

// layBy keeps the draft as one table of the run and goes on to the next. Its file is
// opened for itself.
func (p *Page) layBy() {
	if p.send.running() || p.reached() < stepSend || p.draft.Checked == nil {
		return
	}
	one := p.draft
	task.Read(p.send.looking, one.Reading.Reopened, func(r job.Reading, err error) {
		if err != nil {
			p.explainFile(err, "The table could not be added.")
			return
		}
		p.laid = append(p.laid, one.Reopened(r))
		p.destination.named = ""
		p.destination.forget()
		p.check.policy.SetSelected(0)
		p.draft = p.draft.Bad(mapping.PolicyStop)
		p.show(stepSource)
		p.host.Toast(one.Place.Target.Table + " was added. Choose the next sheet or file.")
	})
}

// dropLaid takes a table out of the run again.
func (p *Page) dropLaid(i int) {
	go p.laid[i].Reading.Book.Close()
	p.laid = append(p.laid[:i:i], p.laid[i+1:]...)
	p.send.describe()
	p.refresh()
}

// clearLaid forgets every table that was laid by.
func (p *Page) clearLaid() {
	for _, one := range p.laid {
		go one.Reading.Book.Close()
	}
	p.laid = nil
}

// set are the tables of the run, with the one that is decided now, and how many rows
// all of them send.
func (p *Page) set() (set []job.Draft, toSend int64) {
	set = append(slices.Clone(p.laid), p.draft)
	for _, one := range set {
		toSend += one.ToSend()
	}
	return set, toSend
}

// taken reports whether a table of the run goes into the table of a name already.
func (d *destinationStep) taken(name string) bool {
	return slices.ContainsFunc(d.page.laid, func(one job.Draft) bool { return strings.EqualFold(one.Place.Target.Table, name) })
}

// free is a name that no table of the run has.
func (d *destinationStep) free(name string) string {
	proposed := name
	for n := 2; d.taken(proposed); n++ {
		proposed = fmt.Sprintf("%s %d", name, n)
	}
	return proposed
}

// unlike says what keeps the chosen destination from being that of the tables that
// were laid by; "" when nothing does.
func (d *destinationStep) unlike() string {
	laid := d.page.laid
	if len(laid) == 0 || d.connection.Selected() < 0 || d.workspace.Selected() < 0 {
		return ""
	}
	dest, _ := d.chosen()
	was := laid[0].Place
	same := dest.Connection.ID == was.Destination.Connection.ID && dest.Workspace == was.Target.WorkspaceID &&
		(dest.Create && strings.EqualFold(dest.Dataset, was.Target.DatasetName) && (was.Exists || dest.Retention == was.Destination.Retention) || !dest.Create && dest.Dataset == was.Target.DatasetID)
	if !same {
		return "The tables laid by go into " + was.Target.DatasetName + ": choose the same dataset"
	}
	if d.taken(dest.Table) {
		return "The table " + dest.Table + " is laid by already"
	}
	return ""
}

// showLaid lists the tables that were laid by, and what all of them cost together.
func (s *sendStep) showLaid() {
	s.laid.Objects, s.blocker = nil, ""
	if len(s.page.laid) == 0 || s.page.draft.Checked == nil {
		s.laidCard.Hide()
		return
	}
	for i, one := range s.page.laid {
		t := one.Place.Target
		what := fmt.Sprintf("%s: %s from %s", t.Table, humanize.Count(one.ToSend(), "row"), one.Reading.Layout.Source.Sheet)
		drop := widget.NewButton(widget.Quiet, theme.IconClose, "Take out", func() { s.page.dropLaid(i) })
		s.laid.Add(widget.Row(theme.Gap, widget.Fill(widget.NewCut(what, widget.StyleBody)), drop))
	}
	together := widget.NewParagraph("Working out what all tables cost together …", widget.StyleMuted)
	s.laid.Add(together)
	s.laidCard.Show()
	set, _ := s.page.set()
	task.Read(s.looking, func(ctx context.Context) (plan.Set, error) { return s.page.service.PlanSet(ctx, set, time.Now()) }, func(p plan.Set, err error) {
		switch {
		case err != nil:
			s.blocker = "The tables do not go together"
			s.page.explain(err, s.blocker+".")
		case p.Blocker != nil:
			s.blocker = p.Blocker.Sentence
			together.SetText(p.Blocker.Sentence + " " + p.Blocker.Remedy)
		default:
			together.SetText("Together: " + p.Summary)
		}
		s.content.Refresh()
		s.page.refresh()
	})
}

// startSet sends every table of the run, one after the other.
func (s *sendStep) startSet() {
	set, total := s.page.set()
	s.resume, s.held, s.tables = nil, new(push.Pause), nil
	control := job.Control{Pause: s.held}
	for i := range set {
		s.tables = append(s.tables, set[i].Place.Target.Table)
	}
	s.work(total, func(ctx context.Context, on func(push.Progress)) (history.Receipt, error) {
		sent := make([]int64, len(set))
		receipts, err := s.page.service.SendSet(ctx, set, job.SetOptions{Control: control}, func(table int, p push.Progress) {
			s.at.Store(int32(table))
			sent[table] = p.RowsSent + p.RowsRejected
			for _, n := range sent[:table] {
				p.RowsSent += n
			}
			on(p)
		})
		if len(receipts) == 0 {
			return history.Receipt{}, err
		}
		s.host().Work().Post(func() { s.receipts = receipts })
		return receipts[len(receipts)-1], err
	})
}

func (s *sendStep) host() page.Host { return s.page.host }

// setOutcome says what became of several tables.
func (s *sendStep) setOutcome() string {
	var sent int64
	done := 0
	for _, r := range s.receipts {
		sent += r.RowsSent
		if r.Status == history.StatusDone {
			done++
		}
	}
	if done == len(s.tables) {
		return fmt.Sprintf("%d tables, %s sent.", done, humanize.Count(sent, "row"))
	}
	return fmt.Sprintf("%d of %d tables sent, %s. Those after this one were not begun.", done, len(s.tables), humanize.Count(sent, "row"))
}

// mayLayBy tells whether the upload can wait for other tables.
func (s *sendStep) mayLayBy() bool {
	return s.page.draft.Checked != nil && !s.page.draft.Reshape && s.page.draft.Skip+s.page.draft.Limit == 0 && !s.page.draft.OneHour
}
