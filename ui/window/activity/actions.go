package activity

import (
	"context"
	"path/filepath"
	"sync/atomic"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/receipt"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// shown is what the page shares with what can be done with the run it shows.
type shown struct {
	service Service
	host    page.Host
	runs    []history.Receipt // newest first
	current string            // the ID of the run shown
	notice  *widget.Banner
	receipt *receipt.Panel
	content fyne.CanvasObject
	reload  func() // reads the list again
}

// runActions are what can be done with a run that is over.
type runActions struct {
	page  *shown
	work  *task.Latest
	again *widget.Button
	undo  *widget.Button

	remove *widget.Button
	table  *widget.Button

	pause, stop *widget.Button // of what sends now
	held        *push.Pause
	cancel      func()
	sending     bool

	rejects   *widget.Button
	corrected *widget.Button
	onCorrect func(r history.Receipt, path string) // sends the corrected rows of a run
	onAgain   func(history.Receipt)                // checks a run that is done once more
	onTable   func(history.Receipt)                // opens the table of a run
}

func newRunActions(p *shown) *runActions {
	a := &runActions{page: p, work: p.host.Work().Latest()}
	a.again = widget.NewButton(widget.Secondary, theme.IconRefresh, "Run again", func() {
		if a.onAgain != nil {
			a.onAgain(p.receipt.Receipt())
		}
	})
	a.undo = widget.NewButton(widget.Secondary, theme.IconArrowLeft, "Undo", func() { a.planUndo(p.receipt.Receipt()) })
	a.rejects = widget.NewButton(widget.Secondary, theme.IconSave, "Save rejects", func() { a.saveRejects(p.receipt.Receipt()) })
	a.corrected = widget.NewButton(widget.Secondary, theme.IconUpload, "Send corrected rows", func() { a.chooseCorrected(p.receipt.Receipt()) })
	a.table = widget.NewButton(widget.Secondary, theme.IconTable, "Show the table", func() {
		if a.onTable != nil {
			a.onTable(p.receipt.Receipt())
		}
	})
	a.pause = widget.NewButton(widget.Secondary, theme.IconPause, "Pause", func() {
		a.held.Set(!a.held.On())
		a.pause.SetText(map[bool]string{true: "Continue", false: "Pause"}[a.held.On()])
	})
	a.stop = widget.NewButton(widget.Secondary, theme.IconStopped, "Cancel", func() { a.cancel() })
	a.remove = widget.NewButton(widget.Quiet, theme.IconDelete, "Delete this run", func() { a.askDelete(p.receipt.Receipt()) })
	return a
}

// askDelete asks before a run is deleted from the history.
func (a *runActions) askDelete(r history.Receipt) {
	text := "Its receipt and the values that were left out are deleted from this computer. The rows that it sent stay in Power BI. The run cannot be undone or repeated afterwards."
	if r.Resumable {
		text = "It is not finished, and the rest of its rows cannot be sent afterwards. " + text
	}
	widget.Confirm(a.page.host.Window(), "Delete this run?", text, "Delete run", func() {
		task.Read(a.work, func(ctx context.Context) (struct{}, error) {
			return struct{}{}, a.page.service.DeleteRun(ctx, r.RunID)
		}, func(_ struct{}, err error) {
			if err != nil {
				a.failed(err, "The run could not be deleted.")
				return
			}
			a.page.reload()
			a.page.host.Toast("The run is deleted.")
		})
	})
}

// saveRejects writes the rows that a run left out to a file, to be corrected. The password of
// a protected workbook is asked for first.
func (a *runActions) saveRejects(r history.Receipt) { a.openRejects(r, "") }

func (a *runActions) openRejects(r history.Receipt, password string) {
	task.Read(a.work, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.page.service.Opens(ctx, r.RunID, password)
	}, func(_ struct{}, err error) {
		a.arrange(a.page.receipt.Receipt())
		if failure.HasCode(err, workbook.CodePassword) {
			page.AskPassword(a.page.host, r.File, err, func(password string) { a.openRejects(r, password) })
			return
		}
		a.chooseRejects(r, password) // what else is wrong is said there
	})
	a.arrange(a.page.receipt.Receipt())
}

func (a *runActions) chooseRejects(r history.Receipt, password string) {
	host, d := a.page.host, a.page.service
	var saved atomic.Int64
	page.Save(host, page.Saving{
		Title: "Save the rejects", Name: filepath.Base(job.SuggestRejects(r)), Source: r.File, New: true,
		Write: func(ctx context.Context, path string) error {
			n, err := d.SaveRejects(ctx, r.RunID, path, password)
			saved.Store(n)
			return err
		},
		Saved: func(path string) {
			host.Toast(humanize.Count(saved.Load(), "row") + " saved as " + filepath.Base(path) + ". Correct them there, then send them here.")
		},
	})
}

// chooseCorrected asks for the file with the corrected rows.
func (a *runActions) chooseCorrected(r history.Receipt) {
	page.ChooseFile(a.page.host.Window(), []string{".xlsx", ".csv"}, func(path string) {
		if a.onCorrect != nil {
			a.onCorrect(r, path)
		}
	})
}

// arrange shows the buttons that suit a run.
func (a *runActions) arrange(r history.Receipt) {
	over := r.Status != history.StatusRunning && r.FileHash != ""
	widget.ShowIf(a.again, over && !r.Resumable && a.onAgain != nil)
	unfinished := over && job.UndoUnfinished(a.page.runs, r)
	widget.ShowIf(a.undo, unfinished || over && r.Undone.IsZero() && (r.RowsSent+r.RowsUnknown > 0 || r.Deleted))
	a.undo.SetText("Undo")
	if unfinished {
		a.undo.SetText("Restore the rows")
	}
	if r.Deleted && r.Resumable { // a replacement that stopped: forward or back
		a.undo.SetText("Restore the earlier rows")
	}
	widget.ShowIf(a.rejects, over && r.RowsRejected > 0)
	widget.ShowIf(a.corrected, over && r.RowsRejected > 0 && a.onCorrect != nil)
	widget.ShowIf(a.table, over && r.DatasetID != "" && a.onTable != nil)
	widget.ShowIf(a.remove, r.Status != history.StatusRunning)
	widget.ShowIf(a.pause, a.sending)
	widget.ShowIf(a.stop, a.sending)
	a.remove.SetEnabled(!a.work.Busy())
	a.again.SetEnabled(!a.work.Busy())
	a.undo.SetEnabled(!a.work.Busy())
}

// planUndo finds out how a run can be undone, and asks.
func (a *runActions) planUndo(r history.Receipt) { a.planUndoWith(r, "") }

func (a *runActions) planUndoWith(r history.Receipt, password string) {
	host, d := a.page.host, a.page.service
	a.arrange(r)
	task.Read(a.work, func(ctx context.Context) (job.UndoPlan, error) { return d.PlanUndo(ctx, r.RunID, password) }, func(t job.UndoPlan, err error) {
		a.arrange(a.page.receipt.Receipt())
		if failure.HasCode(err, workbook.CodePassword) {
			page.AskPassword(host, r.File, err, func(password string) { a.planUndoWith(r, password) })
			return
		}
		if err != nil {
			a.failed(err, "The run cannot be undone.")
			return
		}
		start := func() {
			a.run("Undoing", t.RowsAgain(), func(ctx context.Context, on func(push.Progress)) (string, error) {
				_, err := d.Undo(ctx, t, job.Control{Pause: a.held}, on)
				return r.RunID, err
			})
		}
		if t.Connection.Production {
			widget.ConfirmTyped(host.Window(), "Undo this run?", t.Sentence(), r.Dataset, "Delete the rows", start)
			return
		}
		widget.Confirm(host.Window(), "Undo this run?", t.Sentence(), "Delete the rows", start)
	})
}

// run does something that sends, and shows how far it is.
func (a *runActions) run(title string, total int64, do func(ctx context.Context, on func(push.Progress)) (string, error)) {
	p := a.page
	say := func(sent int64) {
		s := title + "."
		if total > 0 {
			s = title + ": " + humanize.Number(sent) + " of " + humanize.Count(total, "row") + " sent."
		}
		p.notice.Say(widget.Message{Tone: widget.Info, Sentence: s, Remedy: "Closing the program stops it; what was sent is kept in the list.", Stays: true})
		p.content.Refresh()
	}
	say(0)
	stopped, cancel := context.WithCancel(context.Background())
	a.held, a.cancel = &push.Pause{}, cancel
	a.pause.SetText("Pause")
	a.sending = true
	task.Read(a.work, func(ctx context.Context) (string, error) {
		ctx, end := context.WithCancel(ctx)
		defer end()
		defer context.AfterFunc(stopped, end)()
		return do(ctx, func(x push.Progress) { p.host.Work().Post(func() { say(x.RowsSent) }) })
	}, func(id string, err error) {
		cancel()
		a.sending = false
		p.notice.Hide()
		if id != "" {
			p.current = id
		}
		a.arrange(p.receipt.Receipt())
		p.reload()
		if err != nil {
			a.failed(err, title+" did not finish.")
		}
	})
	a.arrange(p.receipt.Receipt())
}

// answer keeps what a person says about an unknown batch.
func (a *runActions) answer(r history.Receipt, batch int, stored bool) {
	task.Read(a.work, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, a.page.service.AnswerBatch(ctx, r.RunID, batch, stored)
	}, func(_ struct{}, err error) {
		if err != nil {
			a.failed(err, "The answer could not be kept.")
			return
		}
		a.page.reload()
	})
}

func (a *runActions) failed(err error, what string) {
	a.page.notice.Say(page.Explain(err, what))
	a.page.content.Refresh()
}

// Service is what the Activity page needs from below.
type Service interface {
	// Receipts are those of all runs kept on this computer, without what is long in them.
	Receipts(ctx context.Context) ([]history.Receipt, error)
	// Receipt is the whole receipt of one run.
	Receipt(ctx context.Context, runID string) (history.Receipt, error)
	PlanUndo(ctx context.Context, runID, password string) (job.UndoPlan, error)
	Undo(ctx context.Context, t job.UndoPlan, c job.Control, on func(push.Progress)) ([]history.Receipt, error)
	// Opens says why the file of a run cannot be opened.
	Opens(ctx context.Context, runID, password string) error
	SaveRejects(ctx context.Context, runID, path, password string) (int64, error)
	// UnknownBatches are those of a run, with what tells their rows; AnswerBatch keeps what a
	// person says about one.
	UnknownBatches(ctx context.Context, runID, password string) ([]history.UnknownBatch, error)
	AnswerBatch(ctx context.Context, runID string, batch int, stored bool) error
	// DeleteRun deletes what is kept of a run; the rows it sent stay.
	DeleteRun(ctx context.Context, runID string) error
}
