package upload

import (
	"context"
	"errors"
	"fmt"
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

// sendStep sends the rows and shows the receipt.
type sendStep struct {
	page   *Page
	cancel context.CancelFunc // of the run under way, nil when there is none
	run    int                // counts runs, so that late progress of an old one is dropped
	sent   bool               // a receipt is shown
	resume *history.Receipt   // the run that is continued here, in place of the upload,
	how    job.ResumeOptions  // and how

	begin          *widget.Button    // in the foot of the page
	more           *widget.Button    // lays the table by, in the foot too
	laid, laidCard *fyne.Container   // the tables that were laid by
	blocker        string            // why the tables cannot be sent together
	tables         []string          // of the run under way, when there are several
	at             atomic.Int32      // which of them is under way
	receipts       []history.Receipt // of them
	facts          *widget.KeyValues
	warning        *widget.Banner
	ready          *fyne.Container
	state          *widget.Text
	bar            *widget.Bar
	numbers        *widget.Paragraph
	pause          *widget.Button
	stop           *widget.Button
	brake          *push.Pause  // of the run under way
	looking        *task.Latest // for a table that was renamed
	working        *fyne.Container
	receipt        *receipt.Panel
	outcome        *widget.Text
	which          *widget.Select // of the tables' receipts is shown
	after          *fyne.Container
	done           fyne.CanvasObject
	content        fyne.CanvasObject
}

func newSendStep(p *Page) *sendStep {
	s := &sendStep{page: p, facts: widget.NewKeyValues(), warning: widget.NewBanner(), state: widget.NewText("", widget.StyleSection),
		bar: widget.NewBar(), numbers: widget.NewParagraph("", widget.StyleMuted)}
	s.looking = p.host.Work().Latest()
	s.begin = widget.NewButton(widget.Primary, theme.IconUpload, "Send", s.ask)
	s.more = widget.NewButton(widget.Secondary, theme.IconAdd, "Add another table", p.layBy)
	s.laid = widget.Column(8)
	s.laidCard = widget.Card(widget.NewText("Sent in the same run", widget.StyleSection), s.laid)
	s.stop = widget.NewButton(widget.Secondary, theme.IconStopped, "Cancel", s.halt)
	s.pause = widget.NewButton(widget.Secondary, theme.IconPause, "Pause", s.hold)
	s.ready = widget.Card(widget.NewText("Ready to send", widget.StyleSection), s.facts, s.warning)
	s.working = widget.Card(widget.Row(theme.Gap, widget.Fill(s.state), s.pause, s.stop), s.bar, s.numbers)
	s.receipt = receipt.NewPanel(p.host, s.Resume)
	another := widget.NewButton(widget.Secondary, theme.IconAdd, "Upload another file", p.restart)
	activity := widget.NewButton(widget.Secondary, theme.IconActivity, "Show in Activity", func() { p.host.Open(page.Activity) })
	s.outcome = widget.NewCut("", widget.StyleSection)
	s.which = widget.NewSelect(nil, "", func(i int) { s.receipt.Show(s.receipts[i]) })
	s.after = widget.Margins(0, 0, theme.Gap, 0, widget.Row(8, widget.Fill(s.outcome), widget.AtLeast(180, 0, s.which), activity, another))
	s.done = widget.Under(s.after, s.receipt.Content())
	top := widget.Column(theme.Gap, s.ready, s.laidCard, s.working)
	s.content = widget.Under(top, s.done)
	s.arrangeBody()
	return s
}

// Content implements uploadStep.
func (s *sendStep) Content() fyne.CanvasObject { return s.content }

func (s *sendStep) enter() {
	if !s.running() && !s.sent && s.page.upload.Reading.Book != nil {
		s.describe()
	}
}

func (s *sendStep) blocked() string { return "" }

func (s *sendStep) running() bool { return s.cancel != nil }

// forget drops the receipt of an upload that has changed since.
func (s *sendStep) forget() {
	if !s.running() {
		s.sent, s.resume = false, nil
		s.arrangeBody()
	}
}

// describe says what will be sent where.
func (s *sendStep) describe() {
	u, t := s.page.upload, s.page.upload.Place.Target
	to := t.Table + " in " + t.DatasetName
	mode := "Added to the rows that are there"
	if n := u.Place.Rows; n > 0 {
		mode = "Added to the " + humanize.Count(n, "row") + " that are there"
	}
	s.warning.Hide()
	if u.Mode == plan.ModeReplace {
		mode = "Replace the rows that are there"
		s.warning.Say(widget.Message{Tone: widget.Warning, Sentence: s.replaced(), Remedy: backAgain, Stays: true})
	}
	if !u.Place.Exists {
		to, mode = to+", which are made now", ""
	}
	s.facts.Set(
		widget.Pair{Key: "File", Value: s.page.fileName()}, widget.Pair{Key: "Sheet", Value: u.Reading.Layout.Source.Sheet},
		widget.Pair{Key: "Connection", Value: u.Place.Destination.Connection.Name},
		widget.Pair{Key: "Workspace", Value: t.WorkspaceName}, widget.Pair{Key: "Table", Value: to}, widget.Pair{Key: "Rows", Value: mode},
		widget.Pair{Key: "Conditions", Value: u.Mapping.FilterWords()},
		widget.Pair{Key: "Plan", Value: s.page.plan.Summary})
	s.showLaid()
	s.arrangeBody()
}

// replaced says what a replace will delete.
func (s *sendStep) replaced() string {
	what := "All rows"
	if n := s.page.upload.Place.Rows; n > 0 {
		what = "The " + humanize.Count(n, "row")
	}
	return fmt.Sprintf("%s of the table %s are deleted right before the first batch is sent.", what, s.page.upload.Place.Target.Table)
}

// arrangeBody shows what belongs to the state of the step.
func (s *sendStep) arrangeBody() {
	widget.ShowIf(s.ready, !s.running() && !s.sent)
	widget.ShowIf(s.laidCard, !s.running() && !s.sent && len(s.laid.Objects) > 0)
	widget.ShowIf(s.working, s.running())
	widget.ShowIf(s.done, s.sent && !s.running())
	s.content.Refresh()
}

// arrange brings the button in the foot of the page up to date.
func (s *sendStep) arrange() {
	shown := s.page.current == stepSend && !s.running() && !s.sent
	widget.ShowIf(s.begin, shown)
	widget.ShowIf(s.more, shown && s.mayLayBy())
	if shown && s.page.report != nil {
		s.begin.SetText("Send " + humanize.Count(s.page.check.toSend(), "row"))
		if n := len(s.page.laid); n > 0 {
			s.begin.SetText(fmt.Sprintf("Send %d tables", n+1))
		}
	}
	s.begin.SetEnabled(s.page.reached() == stepSend && s.blocker == "")
}

// ask starts the run; it asks before rows are deleted, and before anything is
// written with a production connection.
func (s *sendStep) ask() {
	if s.running() || s.page.report == nil {
		return
	}
	if len(s.page.laid) > 0 {
		s.askSet()
		return
	}
	u := s.page.upload
	c := u.Place.Destination.Connection
	replace := u.Mode == plan.ModeReplace
	before := ""
	if len(s.page.earlier) > 0 {
		before = " " + sentBefore(s.page.earlier)
	}
	switch {
	case s.page.shape.Diff.Destructive():
		widget.ConfirmTyped(s.page.host.Window(), "Change the table's columns?", strings.Join(s.page.shape.Diff.Sentences(), "\n")+"\nTheir values are lost."+before,
			u.Place.Target.DatasetName, "Change and send", s.start)
	case c.Production && replace:
		widget.ConfirmTyped(s.page.host.Window(), "Replace all rows?", fmt.Sprintf("%s is a production connection. %s %s", c.Name, s.replaced(), backAgain),
			u.Place.Target.DatasetName, "Replace and send", s.start)
	case c.Production:
		widget.Confirm(s.page.host.Window(), "Send to production?", fmt.Sprintf("%s is a production connection. %s go to %s in %s. Rows that were sent cannot be taken back one by one.",
			c.Name, humanize.Count(s.page.check.toSend(), "row"), u.Place.Target.Table, u.Place.Target.DatasetName)+before, "Send", s.start)
	case len(s.page.earlier) > 0 && !replace:
		widget.Confirm(s.page.host.Window(), "Send the same rows again?", sentBefore(s.page.earlier)+" Sending them again adds them a second time.", "Send again", s.start)
	case replace:
		widget.Confirm(s.page.host.Window(), "Replace all rows?", s.replaced()+" "+backAgain, "Replace and send", s.start)
	default:
		s.start()
	}
}

func (s *sendStep) start() {
	s.resume, s.tables = nil, nil
	s.brake = new(push.Pause)
	u := s.page.upload
	u.Brake = s.brake
	s.work(s.page.check.toSend(), func(ctx context.Context, on func(push.Progress)) (history.Receipt, error) {
		return s.page.service.Send(ctx, u, on)
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

// decide asks what to do with rows that may have been stored.
func (s *sendStep) decide(r history.Receipt) {
	text := fmt.Sprintf("The answer to %s with %s was lost, so that nobody can say whether these rows were stored. "+
		"Pushdesk looks at the table's row count again; if that decides nothing, what shall it do?",
		humanize.Count(len(r.UnknownBatches), "batch", "batches"), humanize.Count(r.RowsUnknown, "row"))
	choice := widget.NewChoices([]widget.Reason{
		{Title: "Leave it open", About: "Nothing more is sent while the count decides nothing."},
		{Title: "Take the rows as stored", About: "They are not sent again. If they were lost, they are missing."},
		{Title: "Send the rows again", About: "If they were stored, they are there twice."},
	}, 0, nil)
	doubts := []push.OnUnknown{push.UnknownKeep, push.UnknownStored, push.UnknownResend}
	var dialog *widget.Dialog
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	goOn := widget.NewButton(widget.Primary, "", "Continue", func() {
		dialog.Close()
		s.goOn(r, job.ResumeOptions{Doubt: doubts[max(choice.Selected(), 0)]})
	})
	dialog = widget.NewDialog(s.page.host.Window(), 520, "Some rows are not certain", widget.Column(theme.Gap, widget.NewParagraph(text, widget.StyleBody), choice), cancel, goOn)
	dialog.Show(nil)
}

func (s *sendStep) goOn(r history.Receipt, o job.ResumeOptions) {
	s.brake, s.tables = new(push.Pause), nil
	o.Brake = s.brake
	s.resume, s.how = &r, o
	defer s.page.show(stepSend) // when it runs, so that the step does not describe an upload
	s.work(max(r.RowsTotal, r.RowsRead), func(ctx context.Context, on func(push.Progress)) (history.Receipt, error) {
		return s.page.service.Resume(ctx, r.RunID, o, on)
	})
}

// work runs a send. It is not dropped when it is cancelled: its receipt says what
// was sent until then.
func (s *sendStep) work(total int64, send func(ctx context.Context, on func(push.Progress)) (history.Receipt, error)) {
	s.run++
	run, host := s.run, s.page.host
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
	s.showBrake()
	s.page.notice.Hide()
	s.cancel = host.Work().Go(func(ctx context.Context) {
		receipt, err := send(ctx, func(p push.Progress) { host.Work().Post(mine(func() { s.progress(p, total) })) })
		host.Work().Post(mine(func() { s.ended(receipt, err) }))
	})
	s.arrangeBody()
	s.page.refresh()
}

// halt asks the run to stop; what is on its way is waited for.
func (s *sendStep) halt() {
	if s.running() {
		s.stop.SetEnabled(false)
		s.pause.SetEnabled(false)
		s.stop.SetText("Stopping")
		s.cancel()
	}
}

// hold pauses the run, or lets it go on.
func (s *sendStep) hold() {
	if s.running() {
		s.brake.Set(!s.brake.On())
		s.showBrake()
		s.content.Refresh()
	}
}

// showBrake says on the button what it does next.
func (s *sendStep) showBrake() {
	if s.brake.On() {
		s.pause.SetText("Go on")
		s.pause.SetIcon(theme.IconArrowRight)
		return
	}
	s.pause.SetText("Pause")
	s.pause.SetIcon(theme.IconPause)
}

// progress shows how far the run is.
func (s *sendStep) progress(p push.Progress, total int64) {
	title, why := "Sending", ""
	if s.brake.On() {
		title = "Pausing: requests on their way are waited for"
	}
	switch p.State {
	case push.StateReading, "":
		title = "Starting"
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
			s.page.show(s.page.reached())
		}
		var bad *workbook.Error
		if resumed != nil && errors.As(err, &bad) && bad.Kind == workbook.KindPassword {
			s.arrangeBody()
			s.page.askPassword(resumed.File, bad, func(password string) {
				s.how.Password = password
				s.goOn(*resumed, s.how)
			})
			return
		}
		if err == nil {
			err = errors.New("nothing was sent")
		}
		s.arrangeBody()
		s.page.refresh()
		if resumed != nil {
			s.page.explain(err, "Nothing was sent.")
		} else {
			s.page.explainFile(err, "Nothing was sent.")
		}
		return
	}
	s.sent = true
	// What was found out about the destination and the plan is old now.
	s.page.destination.located = false
	s.page.report = nil
	s.outcome.SetText(outcome(r))
	if len(s.tables) > 1 {
		s.outcome.SetText(s.setOutcome())
	}
	s.page.clearLaid()
	s.laid.Objects = nil
	s.receipt.Show(r)
	s.offerReceipts()
	s.arrangeBody()
	s.page.refresh()
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
	widget.ShowIf(s.which, len(words) > 1)
}

// outcome says in a few words what became of a run. It stays as a heading, because a
// toast would lie on the buttons of what is done next.
func outcome(r history.Receipt) string {
	if r.Status == history.StatusDone {
		return humanize.Count(r.RowsSent, "row") + " sent."
	}
	return fmt.Sprintf("%s of %s sent.", humanize.Number(r.RowsSent), humanize.Count(max(r.RowsTotal, r.RowsRead), "row"))
}
