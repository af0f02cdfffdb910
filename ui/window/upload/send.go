package upload

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/clock"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/receipt"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/upload/doubt"
	"pushdesk/ui/window/upload/progress"
	"pushdesk/ui/window/widget"
)

// sendService is what the step needs from below.
type sendService interface {
	Send(ctx context.Context, d job.Draft, c job.Control, on func(push.Progress)) (history.Receipt, error)
	Resume(ctx context.Context, runID string, o job.ResumeOptions, on func(push.Progress)) (history.Receipt, error)
	MissingTable(ctx context.Context, runID string) (tables []string, missing bool, err error)
	PlanSet(ctx context.Context, set []job.Draft) (plan.Set, error)
	SendSet(ctx context.Context, set []job.Draft, o job.SetOptions, on func(table int, p push.Progress)) ([]history.Receipt, error)
}

// sendStep sends the rows and shows the receipt.
type sendStep struct {
	frame   frame
	host    page.Host
	service sendService
	now     bundle
	cancel  context.CancelFunc // of the run under way, nil when there is none
	run     int                // counts runs, so that late progress of an old one is dropped
	sent    bool               // a receipt is shown
	resume  *history.Receipt   // the run that is continued here, in place of the upload,
	how     job.ResumeOptions  // and how

	begin   *widget.Button // in the foot of the page
	looking *task.Latest   // for a table that was renamed
	laidTables
	readyCard
	working *progress.Card // the run under way
	doneCard
	content fyne.CanvasObject
}

// laidTables are the other tables of the run.
type laidTables struct {
	more           *widget.Button  // lays the table by, in the foot of the page too
	laid, laidCard *fyne.Container // the tables that were added
	blocker        string          // why the tables cannot be sent together
}

// readyCard says what will be sent where.
type readyCard struct {
	facts   *widget.KeyValues
	warning *widget.Banner
	ready   *fyne.Container
}

// doneCard shows what the run did.
type doneCard struct {
	receipts []history.Receipt // of the tables, when there are several
	receipt  *receipt.Panel
	outcome  *widget.Text
	which    *widget.Select // of the tables' receipts is shown
	whichBox *fyne.Container
	after    *fyne.Container
	done     fyne.CanvasObject
}

func newSendStep(f frame, h page.Host, d sendService) *sendStep {
	s := &sendStep{frame: f, host: h, service: d}
	s.facts, s.warning = widget.NewKeyValues(), widget.NewBanner()
	s.working = progress.New(s.halt, s.letPass)
	s.looking = h.Work().Latest()
	s.begin = widget.NewButton(widget.Primary, theme.IconUpload, "Send", s.ask)
	s.more = widget.NewButton(widget.Secondary, theme.IconAdd, "Add another table", f.addTable)
	s.laid = widget.Column(8)
	s.laidCard = widget.Card(widget.NewText("Sent in the same run", widget.StyleSection), s.laid)
	s.ready = widget.Card(widget.NewText("Ready to send", widget.StyleSection), s.facts, s.warning)
	s.receipt = receipt.NewPanel(h, s.Resume)
	another := widget.NewButton(widget.Secondary, theme.IconAdd, "Upload another file", f.restart)
	activity := widget.NewButton(widget.Secondary, theme.IconActivity, "Show in Activity", func() { h.Open(page.Activity) })
	s.outcome = widget.NewCut("", widget.StyleSection)
	s.which = widget.NewSelect(nil, "", func(i int) { s.receipt.Show(s.receipts[i]) })
	s.whichBox = widget.AtLeast(180, 0, s.which)
	s.whichBox.Hide()
	s.after = widget.Margins(0, 0, theme.Gap, 0, widget.HeadRow(8, 240, s.outcome, s.whichBox, activity, another))
	s.done = widget.Under(s.after, s.receipt.Content())
	top := widget.Column(theme.Gap, s.ready, s.laidCard, s.working.Content())
	s.content = widget.Under(top, s.done)
	s.arrangeBody()
	return s
}

// Content implements step.
func (s *sendStep) Content() fyne.CanvasObject { return s.content }

func (s *sendStep) enter() {
	if !s.running() && !s.sent && s.now.draft.Reading.Book != nil {
		s.describe()
	}
}

func (s *sendStep) blocked() string { return "" }

func (s *sendStep) running() bool { return s.cancel != nil }

// halt lets what is on its way finish.
func (s *sendStep) halt() {
	if s.running() {
		s.cancel()
	}
}

// show implements step. A receipt is that of an upload that has changed since.
func (s *sendStep) show(b bundle) {
	s.now = b
	if !s.running() {
		s.sent, s.resume = false, nil
		s.arrangeBody()
	}
}

// describe says what will be sent where.
func (s *sendStep) describe() {
	u, t := s.now.draft, s.now.draft.Place.Target
	to := t.Table + " in " + t.DatasetName
	mode := "Added to the rows that are there"
	if n := u.Place.Rows; n > 0 {
		mode = "Added to the " + humanize.Count(n, "row") + " that are there"
	}
	s.warning.Hide()
	if u.Mode == plan.ModeReplace {
		mode = "Replace the rows that are there"
		s.warning.Say(widget.Message{Tone: widget.Warning, Sentence: s.now.replaced(), Remedy: backAgain, Stays: true})
	}
	if !u.Place.Exists {
		to, mode = to+", created now", ""
	}
	s.facts.Set(
		widget.Pair{Key: "File", Value: filepath.Base(s.now.draft.Reading.Book.Path())}, widget.Pair{Key: "Sheet", Value: u.Reading.Layout.Source.Sheet},
		widget.Pair{Key: "Connection", Value: u.Place.Destination.Connection.Name},
		widget.Pair{Key: "Workspace", Value: t.WorkspaceName}, widget.Pair{Key: "Table", Value: to}, widget.Pair{Key: "Rows", Value: mode},
		widget.Pair{Key: "Conditions", Value: u.Mapping.FilterWords()},
		widget.Pair{Key: "Plan", Value: s.now.draft.Checked.Plan.Summary})
	s.showLaid()
	s.arrangeBody()
}

// replaced says what a replace will delete.
func (b bundle) replaced() string {
	what := "All rows"
	if n := b.draft.Place.Rows; n > 0 {
		what = "The " + humanize.Count(n, "row")
	}
	return fmt.Sprintf("%s of the table %s are deleted right before the first batch is sent.", what, b.draft.Place.Target.Table)
}

// arrangeBody shows what belongs to the state of the step.
func (s *sendStep) arrangeBody() {
	widget.ShowIf(s.ready, !s.running() && !s.sent)
	widget.ShowIf(s.laidCard, !s.running() && !s.sent && len(s.laid.Objects) > 0)
	widget.ShowIf(s.working.Content(), s.running())
	widget.ShowIf(s.done, s.sent && !s.running())
	s.content.Refresh()
}

// arrange brings the buttons in the foot of the page up to date. front is set while
// the step is in front, ready when everything before it is decided.
func (s *sendStep) arrange(front, ready bool) {
	shown := front && !s.running() && !s.sent
	widget.ShowIf(s.begin, shown)
	widget.ShowIf(s.more, shown && s.now.mayLayBy())
	if shown && s.now.draft.Checked != nil {
		s.begin.SetText("Send " + humanize.Count(s.now.draft.ToSend(), "row"))
		if n := len(s.now.others); n > 0 {
			s.begin.SetText(fmt.Sprintf("Send %d tables", n+1))
		}
	}
	s.begin.SetEnabled(ready && s.blocker == "")
}

// ask starts the run; it asks before rows are deleted, and before anything is
// written with a production connection.
func (s *sendStep) ask() {
	if s.running() || s.now.draft.Checked == nil {
		return
	}
	start := s.start
	if len(s.now.others) > 0 {
		start = s.startSet
	}
	set := s.now.all()
	var first *job.Question
	typed, text := "", ""
	for _, q := range job.Questions(set...) {
		if !q.Note && first == nil {
			first = &q
		}
		if typed == "" {
			typed = q.Type
		}
		text += q.Sentence + " "
		if q.Kind == job.AskReplace {
			text += backAgain + " "
		}
	}
	text = strings.TrimSpace(text)
	switch w := s.host.Window(); {
	case first == nil:
		start()
	case typed != "":
		widget.ConfirmTyped(w, asked[first.Kind].title, text, typed, asked[first.Kind].button, start)
	default:
		widget.Confirm(w, asked[first.Kind].title, text, asked[first.Kind].button, start)
	}
}

// asked is how a dialog that asks before a run is headed, and its button.
var asked = map[job.QuestionKind]struct{ title, button string }{
	job.AskSchema:     {"Change the table's columns?", "Change and send"},
	job.AskReplace:    {"Replace all rows?", "Replace and send"},
	job.AskProduction: {"Send to production?", "Send"},
	job.AskRepeat:     {"Send the same rows again?", "Send again"},
}

func (s *sendStep) start() {
	s.resume = nil
	u, total := s.now.draft, s.now.draft.ToSend()
	control := s.working.Begin(total, nil)
	s.work(total, func(ctx context.Context, on func(push.Progress)) (history.Receipt, error) {
		return s.service.Send(ctx, u, control, on)
	})
}

// Resume continues a run. When nobody can say whether some of its rows were
// stored, a person decides first.
func (s *sendStep) Resume(r history.Receipt) {
	if s.running() {
		return
	}
	switch {
	case len(r.UnknownBatches) > 0:
		doubt.Batches(s.host.Window(), r, func(answers map[int]bool) { s.goOn(r, job.ResumeOptions{Answers: answers}) })
	case r.Status == history.StatusFailed:
		s.lookForTable(r)
	default:
		s.goOn(r, job.ResumeOptions{})
	}
}

func (s *sendStep) goOn(r history.Receipt, o job.ResumeOptions) {
	total := max(r.RowsTotal, r.RowsRead)
	o.Control = s.working.Begin(total, nil)
	s.resume, s.how = &r, o
	defer s.frame.bring(stepSend) // when it runs, so that the step does not describe an upload
	s.work(total, func(ctx context.Context, on func(push.Progress)) (history.Receipt, error) {
		return s.service.Resume(ctx, r.RunID, o, on)
	})
}

// letPass lets time pass for the practice service that a run waits for.
func (s *sendStep) letPass(forward clock.Forward, d time.Duration) {
	task.Read(s.looking, func(ctx context.Context) (struct{}, error) { return struct{}{}, forward(ctx, d) }, func(_ struct{}, err error) {
		if err != nil {
			s.frame.explain(err, "The time did not pass.")
		}
	})
}

// work runs a send. It is not dropped when it is cancelled: its receipt says what
// was sent until then.
func (s *sendStep) work(total int64, send func(ctx context.Context, on func(push.Progress)) (history.Receipt, error)) {
	s.run++
	run, host := s.run, s.host
	mine := func(f func()) func() {
		return func() {
			if s.run == run && s.running() {
				f()
			}
		}
	}
	s.frame.quiet()
	s.cancel = host.Work().Go(func(ctx context.Context) {
		receipt, err := send(ctx, func(p push.Progress) { host.Work().Post(mine(func() { s.working.Show(p, total) })) })
		host.Work().Post(mine(func() { s.ended(receipt, err) }))
	})
	s.arrangeBody()
	s.frame.refresh()
}

// ended shows the receipt, or why there is none.
func (s *sendStep) ended(r history.Receipt, err error) {
	s.cancel()
	s.cancel = nil
	if r.RunID == "" {
		resumed := s.resume
		s.resume = nil
		if resumed != nil && !s.sent { // back to the upload as far as it is decided, or to an empty page
			s.frame.back()
		}
		var bad *workbook.Error
		if resumed != nil && errors.As(err, &bad) && bad.Kind == workbook.ErrorPassword {
			s.arrangeBody()
			s.frame.askPassword(resumed.File, bad, func(password string) {
				s.how.Password = password
				s.goOn(*resumed, s.how)
			})
			return
		}
		if err == nil {
			err = errors.New("nothing was sent")
		}
		s.arrangeBody()
		s.frame.refresh()
		if resumed != nil {
			s.frame.explain(err, "Nothing was sent.")
		} else {
			s.frame.explainFile(err, "Nothing was sent.")
		}
		return
	}
	// What was found out about the destination and the plan is old now.
	s.frame.clearTables()
	s.frame.give(s.now.draft.To(job.Place{}, ""))
	s.sent = true
	s.outcome.SetText(outcome(r))
	if len(s.working.Tables()) > 1 {
		s.outcome.SetText(s.setOutcome())
	}
	s.laid.Objects = nil
	s.receipt.Show(r)
	s.offerReceipts()
	s.arrangeBody()
	s.frame.refresh()
}

// offerReceipts lets a person choose which table's receipt is shown.
func (s *sendStep) offerReceipts() {
	if len(s.working.Tables()) < 2 {
		s.receipts = nil
	}
	var words []string
	for _, r := range s.receipts {
		words = append(words, r.Table+": "+receipt.Outcome(r).Word)
	}
	s.which.SetOptions(words)
	s.which.SetSelected(len(words) - 1)
	widget.ShowIf(s.whichBox, len(words) > 1)
}

// outcome says in a few words what became of a run. It stays as a heading, because a
// toast would lie on the buttons of what is done next.
func outcome(r history.Receipt) string {
	if r.Status == history.StatusDone {
		return humanize.Count(r.RowsSent, "row") + " sent."
	}
	if r.Status == history.StatusUnproven && r.RowsRejected == 0 {
		return fmt.Sprintf("%s sent, %s of them not proven.", humanize.Count(r.RowsSent, "row"), humanize.Number(r.RowsUnproven))
	}
	return fmt.Sprintf("%s of %s sent.", humanize.Number(r.RowsSent), humanize.Count(max(r.RowsTotal, r.RowsRead), "row"))
}

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
		doubt.Table(s.host.Window(), r, m.tables, func(table string) { s.goOn(r, job.ResumeOptions{Table: table}) })
	})
}
