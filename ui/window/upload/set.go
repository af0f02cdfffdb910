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

// laidBy is a table that is decided and waits for the others of its run.
type laidBy struct {
	upload  job.Upload // its file is opened for itself
	report  mapping.CheckReport
	toSend  int64
	earlier []history.Receipt
}

// layBy keeps the upload as one table of the run and goes on to the next.
func (p *Page) layBy() {
	if p.send.running() || p.reached() < stepSend || p.report == nil {
		return
	}
	one := laidBy{p.upload, *p.report, p.check.toSend(), p.earlier}
	task.Read(p.send.looking, one.upload.Reading.Reopened, func(r job.Reading, err error) {
		if err != nil {
			p.explainFile(err, "The table could not be laid by.")
			return
		}
		one.upload.Reading = r
		p.laid = append(p.laid, one)
		p.destination.named = ""
		p.destination.forget()
		p.check.policy.SetSelected(0)
		p.upload.Policy = mapping.PolicyStop
		p.show(stepSource)
		p.host.Toast(one.upload.Place.Target.Table + " is laid by. Choose the next sheet or file.")
	})
}

// dropLaid takes a table out of the run again.
func (p *Page) dropLaid(i int) {
	go p.laid[i].upload.Reading.Book.Close()
	p.laid = append(p.laid[:i:i], p.laid[i+1:]...)
	p.send.describe()
	p.refresh()
}

// clearLaid forgets every table that was laid by.
func (p *Page) clearLaid() {
	for _, one := range p.laid {
		go one.upload.Reading.Book.Close()
	}
	p.laid = nil
}

// set are the tables of the run, with the one that is decided now.
func (p *Page) set() (set []job.Upload, reports []mapping.CheckReport, toSend int64) {
	for _, one := range p.laid {
		set, reports, toSend = append(set, one.upload), append(reports, one.report), toSend+one.toSend
	}
	return append(set, p.upload), append(reports, *p.report), toSend + p.check.toSend()
}

// taken reports whether a table of the run goes into the table of a name already.
func (d *destinationStep) taken(name string) bool {
	return slices.ContainsFunc(d.page.laid, func(one laidBy) bool { return strings.EqualFold(one.upload.Place.Target.Table, name) })
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
	was := laid[0].upload.Place
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
	if len(s.page.laid) == 0 || s.page.report == nil {
		s.laidCard.Hide()
		return
	}
	for i, one := range s.page.laid {
		t := one.upload.Place.Target
		what := fmt.Sprintf("%s: %s from %s", t.Table, humanize.Count(one.toSend, "row"), one.upload.Reading.Layout.Source.Sheet)
		drop := widget.NewButton(widget.Quiet, theme.IconClose, "Take out", func() { s.page.dropLaid(i) })
		s.laid.Add(widget.Row(theme.Gap, widget.Fill(widget.NewCut(what, widget.StyleBody)), drop))
	}
	together := widget.NewParagraph("Working out what all tables cost together …", widget.StyleMuted)
	s.laid.Add(together)
	s.laidCard.Show()
	set, reports, _ := s.page.set()
	task.Read(s.looking, func(context.Context) (plan.Set, error) { return s.page.service.PlanSet(set, reports, time.Now()) }, func(p plan.Set, err error) {
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
	set, _, total := s.page.set()
	s.resume, s.brake, s.tables = nil, new(push.Pause), nil
	for i := range set {
		set[i].Brake = s.brake
		s.tables = append(s.tables, set[i].Place.Target.Table)
	}
	s.work(total, func(ctx context.Context, on func(push.Progress)) (history.Receipt, error) {
		sent := make([]int64, len(set))
		receipts, err := s.page.service.SendSet(ctx, set, false, func(table int, p push.Progress) {
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

// askSet asks before several tables are sent what one would be asked for.
func (s *sendStep) askSet() {
	set, _, total := s.page.set()
	replaced := 0
	var before []history.Receipt
	for i, u := range set {
		earlier := s.page.earlier
		if i < len(s.page.laid) {
			earlier = s.page.laid[i].earlier
		}
		if u.Mode == plan.ModeReplace {
			replaced++
		} else {
			before = append(before, earlier...)
		}
	}
	c, t := s.page.upload.Place.Destination.Connection, s.page.upload.Place.Target
	what := fmt.Sprintf("%s go into %d tables of %s.", humanize.Count(total, "row"), len(set), t.DatasetName)
	if replaced > 0 {
		what += fmt.Sprintf(" All rows of %s are deleted first, each right before its first batch.", humanize.Count(replaced, "table"))
	}
	if len(before) > 0 {
		what += " " + sentBefore(before) + " Sending them again adds them a second time."
	}
	w := s.page.host.Window()
	switch {
	case c.Production && replaced > 0:
		widget.ConfirmTyped(w, "Replace all rows?", c.Name+" is a production connection. "+what+" "+backAgain, t.DatasetName, "Replace and send", s.startSet)
	case c.Production:
		widget.Confirm(w, "Send to production?", c.Name+" is a production connection. "+what, "Send", s.startSet)
	case replaced > 0:
		widget.Confirm(w, "Replace all rows?", what+" "+backAgain, "Replace and send", s.startSet)
	case len(before) > 0:
		widget.Confirm(w, "Send the same rows again?", what, "Send again", s.startSet)
	default:
		s.startSet()
	}
}

// mayLayBy tells whether the upload can wait for other tables.
func (s *sendStep) mayLayBy() bool {
	return s.page.report != nil && !s.page.upload.Reshape && s.page.upload.Skip+s.page.upload.Limit == 0 && !s.page.upload.OneHour
}
