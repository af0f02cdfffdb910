package upload

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/receipt"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// sendService is what the step needs from below.
type sendService interface {
	Send(ctx context.Context, d job.Draft, c job.Control, on func(push.Progress)) (history.Receipt, error)
	Resume(ctx context.Context, runID string, o job.ResumeOptions, on func(push.Progress)) (history.Receipt, error)
	MissingTable(ctx context.Context, runID string) (tables []string, missing bool, err error)
	PlanSet(ctx context.Context, set []job.Draft, now time.Time) (plan.Set, error)
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
	workingCard
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

// workingCard shows the run under way.
type workingCard struct {
	tables  []string     // of the run, when there are several
	at      atomic.Int32 // which of them is under way
	held    *push.Pause
	abort   chan struct{} // closed to end a run that was cancelled at once
	halted  bool          // it was cancelled
	state   *widget.Text
	bar     *widget.Bar
	numbers *widget.Paragraph
	pause   *widget.Button
	stop    *widget.Button
	working *fyne.Container
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
	s.state, s.bar, s.numbers = widget.NewText("", widget.StyleSection), widget.NewBar(), widget.NewParagraph("", widget.StyleMuted)
	s.looking = h.Work().Latest()
	s.begin = widget.NewButton(widget.Primary, theme.IconUpload, "Send", s.ask)
	s.more = widget.NewButton(widget.Secondary, theme.IconAdd, "Add another table", f.addTable)
	s.laid = widget.Column(8)
	s.laidCard = widget.Card(widget.NewText("Sent in the same run", widget.StyleSection), s.laid)
	s.stop = widget.NewButton(widget.Secondary, theme.IconStopped, "Cancel", s.halt)
	s.pause = widget.NewButton(widget.Secondary, theme.IconPause, "Pause", s.hold)
	s.ready = widget.Card(widget.NewText("Ready to send", widget.StyleSection), s.facts, s.warning)
	s.working = widget.Card(widget.Row(theme.Gap, widget.Fill(s.state), s.pause, s.stop), s.bar, s.numbers)
	s.receipt = receipt.NewPanel(h, s.Resume)
	another := widget.NewButton(widget.Secondary, theme.IconAdd, "Upload another file", f.restart)
	activity := widget.NewButton(widget.Secondary, theme.IconActivity, "Show in Activity", func() { h.Open(page.Activity) })
	s.outcome = widget.NewCut("", widget.StyleSection)
	s.which = widget.NewSelect(nil, "", func(i int) { s.receipt.Show(s.receipts[i]) })
	s.whichBox = widget.AtLeast(180, 0, s.which)
	s.whichBox.Hide()
	s.after = widget.Margins(0, 0, theme.Gap, 0, widget.HeadRow(8, 240, s.outcome, s.whichBox, activity, another))
	s.done = widget.Under(s.after, s.receipt.Content())
	top := widget.Column(theme.Gap, s.ready, s.laidCard, s.working)
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
	widget.ShowIf(s.working, s.running())
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
	s.resume, s.tables = nil, nil
	u, control := s.now.draft, s.control()
	s.work(s.now.draft.ToSend(), func(ctx context.Context, on func(push.Progress)) (history.Receipt, error) {
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
		s.decide(r)
	case r.Status == history.StatusFailed:
		s.lookForTable(r)
	default:
		s.goOn(r, job.ResumeOptions{})
	}
}

// decide asks for each unknown batch that nobody has answered for what to do with it.
func (s *sendStep) decide(r history.Receipt) { s.decideFrom(r, 0, map[int]bool{}) }

// decideFrom asks for the batches from one on, one after the other.
func (s *sendStep) decideFrom(r history.Receipt, at int, answers map[int]bool) {
	for at < len(r.UnknownBatches) && r.UnknownBatches[at].Stored != nil {
		at++
	}
	if at == len(r.UnknownBatches) {
		s.goOn(r, job.ResumeOptions{Answers: answers})
		return
	}
	u := r.UnknownBatches[at]
	text := "We don't know whether these rows were saved: Power BI's reply never arrived. " + receipt.BatchText(u) +
		" Pushdesk looks for them again. If they are still unknown after that, what should happen?"
	choice := widget.NewChoices([]widget.Reason{
		{Title: "Stop and leave them unknown", About: "Nothing more is sent until it is known whether they were saved."},
		{Title: "Treat the rows as saved", About: "They are not sent again. If they were lost, they are missing from the table."},
		{Title: "Send the rows again", About: "If they were saved, they are in the table twice."},
	}, 0, nil)
	var dialog *widget.Dialog
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	goOn := widget.NewButton(widget.Primary, "", "Continue", func() {
		dialog.Close()
		if n := choice.Selected(); n > 0 {
			answers[u.Batch] = n == 1
		}
		s.decideFrom(r, at+1, answers)
	})
	dialog = widget.NewDialog(s.host.Window(), 520, "Some rows are unknown", widget.Column(theme.Gap, widget.NewParagraph(text, widget.StyleBody), choice), cancel, goOn)
	dialog.Show(nil)
}

func (s *sendStep) goOn(r history.Receipt, o job.ResumeOptions) {
	s.tables, o.Control = nil, s.control()
	s.resume, s.how = &r, o
	defer s.frame.bring(stepSend) // when it runs, so that the step does not describe an upload
	s.work(max(r.RowsTotal, r.RowsRead), func(ctx context.Context, on func(push.Progress)) (history.Receipt, error) {
		return s.service.Resume(ctx, r.RunID, o, on)
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
	s.progress(push.Progress{}, total)
	s.stop.SetEnabled(true)
	s.stop.SetText("Cancel")
	s.pause.SetEnabled(true)
	s.showPause()
	s.frame.quiet()
	s.cancel = host.Work().Go(func(ctx context.Context) {
		receipt, err := send(ctx, func(p push.Progress) { host.Work().Post(mine(func() { s.progress(p, total) })) })
		host.Work().Post(mine(func() { s.ended(receipt, err) }))
	})
	s.arrangeBody()
	s.frame.refresh()
}

// control makes what holds and ends the run that is about to begin.
func (c *workingCard) control() job.Control {
	c.held, c.abort, c.halted = new(push.Pause), make(chan struct{}), false
	return job.Control{Pause: c.held, Abort: c.abort}
}

// halt asks the run to stop; what is on its way is waited for. The second time it ends now,
// and what is on its way is found out when the run is continued.
func (s *sendStep) halt() {
	if !s.running() {
		return
	}
	s.pause.SetEnabled(false)
	if s.halted {
		s.stop.SetEnabled(false)
		s.stop.SetText("Ending")
		close(s.abort)
		return
	}
	s.halted = true
	s.stop.SetText("End now")
	s.state.SetText("Stopping: requests in progress are finished")
	s.cancel()
}

// hold pauses the run, or lets it go on.
func (s *sendStep) hold() {
	if s.running() {
		s.held.Set(!s.held.On())
		s.showPause()
		s.content.Refresh()
	}
}

// showPause says on the button what it does next.
func (c *workingCard) showPause() {
	if c.held.On() {
		c.pause.SetText("Resume")
		c.pause.SetIcon(theme.IconArrowRight)
		return
	}
	c.pause.SetText("Pause")
	c.pause.SetIcon(theme.IconPause)
}

// progress shows how far the run is.
func (s *sendStep) progress(p push.Progress, total int64) {
	title, why := "Sending", ""
	if s.held.On() {
		title = "Pausing… finishing requests in progress"
	}
	switch p.State {
	case push.StateReading, "":
		title = "Starting"
	case push.StateStopping:
		title = "Stopping: requests in progress are finished"
	case push.StatePaused:
		title = "Paused"
	case push.StateWaiting:
		title = "Waiting"
		if !p.WaitUntil.IsZero() {
			title += " " + humanize.Duration(max(time.Until(p.WaitUntil), 0).Round(time.Second)) + ", until " + humanize.Time(p.WaitUntil, time.Now())
		}
		if p.WaitReason != "" {
			why = p.WaitReason + ".\n"
		}
	}
	if len(s.tables) > 1 {
		at := min(int(s.at.Load()), len(s.tables)-1)
		title += fmt.Sprintf(" (table %d of %d)", at+1, len(s.tables))
		why = s.tables[at] + ": " + why
	}
	s.state.SetText(title)
	left := ""
	if p.Left >= time.Second {
		left = "at least " + humanize.Duration(p.Left) + " left"
	}
	fraction := 0.0
	if total > 0 {
		fraction = float64(p.RowsSent+p.RowsRejected) / float64(total)
	}
	s.bar.Set(min(fraction, 1), humanize.Number(p.RowsSent)+" of "+humanize.Number(total)+" "+humanize.Plural(total, "row")+" sent", left)
	text := humanize.Count(p.Batches, "batch", "batches") + " accepted, " + humanize.Count(p.Requests, "request")
	if p.Retries > 0 {
		text += fmt.Sprintf(", %d repeated", p.Retries)
	}
	if p.Rate >= 1 {
		text += ", " + humanize.Number(int64(p.Rate)) + " rows a second"
	}
	s.numbers.SetText(why + text + ". When you cancel, the rest can be sent later.")
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
	if len(s.tables) > 1 {
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
	if len(s.tables) < 2 {
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
	task.Read(s.looking, func(ctx context.Context) (plan.Set, error) { return s.service.PlanSet(ctx, set, time.Now()) }, func(p plan.Set, err error) {
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
	s.resume, s.tables = nil, nil
	control := s.control()
	for i := range set {
		s.tables = append(s.tables, set[i].Place.Target.Table)
	}
	s.work(total, func(ctx context.Context, on func(push.Progress)) (history.Receipt, error) {
		sent := make([]int64, len(set))
		receipts, err := s.service.SendSet(ctx, set, job.SetOptions{Control: control}, func(table int, p push.Progress) {
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
	if done == len(s.tables) {
		return fmt.Sprintf("%d tables, %s sent.", done, humanize.Count(sent, "row"))
	}
	return fmt.Sprintf("%d of %d tables sent, %s. The remaining tables were not started.", done, len(s.tables), humanize.Count(sent, "row"))
}

// mayLayBy tells whether the upload can wait for other tables.
func (b bundle) mayLayBy() bool {
	return b.draft.Checked != nil && !b.draft.Reshape && b.draft.Skip+b.draft.Limit == 0 && !b.draft.OneHour
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
		s.askTable(r, m.tables)
	})
}

// askTable asks which table a run shall go on with.
func (s *sendStep) askTable(r history.Receipt, tables []string) {
	text := fmt.Sprintf("The dataset %s no longer has a table %s. If it was renamed, choose it by its new name; the rows that were sent are not sent again. If it was deleted, send the file as a new run.", r.Dataset, r.Table)
	choose := widget.NewSelect(tables, "Choose the table", nil)
	if len(tables) == 1 {
		choose.SetSelected(0)
	}
	var dialog *widget.Dialog
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	goOn := widget.NewButton(widget.Primary, theme.IconArrowRight, "Continue", func() {
		if at := choose.Selected(); at >= 0 {
			dialog.Close()
			s.goOn(r, job.ResumeOptions{Table: tables[at]})
		}
	})
	var content fyne.CanvasObject = widget.Column(theme.Gap, widget.NewParagraph(text, widget.StyleBody), widget.NewField("Table", choose, ""))
	dialog = widget.NewDialog(s.host.Window(), 520, "Was the table renamed?", content, cancel, goOn)
	dialog.Show(nil)
}
