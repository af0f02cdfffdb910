// Package activity is the page of the runs: their list, the receipt of one, and what
// can be done with it afterwards.
package activity

import (
	"context"
	"path/filepath"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/audit"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"pushdesk/powerbi/push/history"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/receipt"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Page lists the runs at the left and shows the receipt of the chosen one
// at the right.
type Page struct {
	*shown
	reads  *task.Latest
	whole  *task.Latest // the receipt of the run shown
	read   bool         // the list was read at least once
	unread bool         // the last time it could not be read

	header  *widget.Header
	refresh *widget.Button
	export  *widget.Button
	actions *runActions
	list    *widget.Rows
	body    *fyne.Container
	beside  fyne.CanvasObject // the list and the receipt
}

// followEvery is how often a run under way is looked at again.
const followEvery = 2 * time.Second

// New returns the page.
func New(d Service, h page.Host) *Page {
	p := &Page{shown: &shown{service: d, host: h, notice: widget.NewBanner()}, reads: h.Work().Latest(), whole: h.Work().Latest()}
	p.reload = p.load
	p.refresh = widget.NewButton(widget.Secondary, theme.IconRefresh, "Refresh", p.load)
	p.export = widget.NewButton(widget.Secondary, theme.IconSave, "Export CSV", p.save)
	p.header = widget.NewHeader("Activity", "", p.export, p.refresh)
	p.list = widget.NewRows(func() int { return len(p.runs) }, p.row, true, false, func(i int) { p.show(p.runs[i]) })
	p.receipt = receipt.NewPanel(h, nil)
	p.actions = newRunActions(p.shown)
	p.receipt.SetActions(p.actions.arrange, p.actions.again, p.actions.undo, p.actions.pause, p.actions.stop, p.actions.rejects, p.actions.corrected, p.actions.table, p.actions.remove)
	p.receipt.OnAnswer(p.actions.answer)
	p.body = container.NewStack()
	h.Work().Every(followEvery, p.follow)
	p.content = widget.Inset(theme.PageMargin, widget.Under(
		widget.Margins(0, 0, theme.GapLarge, 0, widget.Column(theme.Gap, p.header, p.notice)), p.body))
	return p
}

// Content implements Page.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Shown reads the runs again: the terminal may have made some.
func (p *Page) Shown() { p.load() }

// follow reads the runs again while one of them is under way in sight.
func (p *Page) follow() {
	running := slices.ContainsFunc(p.runs, func(r history.Receipt) bool { return r.Status == history.StatusRunning })
	if running && p.content.Visible() && !p.reads.Busy() {
		p.load()
	}
}

// load keeps what is shown until the answer is there.
func (p *Page) load() {
	p.refresh.SetEnabled(false)
	task.Read(p.reads, p.service.Receipts, func(runs []history.Receipt, err error) {
		p.refresh.SetEnabled(true)
		if err != nil {
			p.unread = true
			p.notice.Say(page.Explain(err, "The list of runs could not be read."))
			p.content.Refresh()
			return
		}
		if p.unread { // what is said of a run stays
			p.unread = false
			p.notice.Hide()
		}
		slices.SortStableFunc(runs, job.LiveFirst)
		p.runs, p.read = runs, true
		p.arrange()
	})
}

// save writes all runs as a CSV file.
func (p *Page) save() {
	list := slices.Clone(p.runs)
	page.Save(p.host, page.Saving{
		Title: "Export the runs", Name: "Pushdesk runs " + time.Now().Format("2006-01-02") + ".csv",
		Write: page.Content(func(string) ([]byte, error) { return audit.CSV(list) }),
		Saved: func(path string) { p.host.Toast("Runs exported to " + filepath.Base(path) + ".") },
	})
}

// OnResume sets what continues a run.
func (p *Page) OnResume(do func(history.Receipt)) { p.receipt.OnResume(do) }

// OnCorrect sets what sends the corrected rows of a run.
func (p *Page) OnCorrect(do func(r history.Receipt, path string)) { p.actions.onCorrect = do }

// OnAgain sets what opens a run that is done once more at its check.
func (p *Page) OnAgain(do func(history.Receipt)) { p.actions.onAgain = do }

// OnTable sets what opens the table of a run.
func (p *Page) OnTable(do func(history.Receipt)) { p.actions.onTable = do }

// Busy asks before the window is closed while a run is done again or undone.
func (p *Page) Busy() string {
	if !p.actions.work.Busy() {
		return ""
	}
	return "A run is being undone. What was sent is kept in the list, and the rest can be sent later."
}

// Open shows a run when the page comes to the front.
func (p *Page) Open(runID string) { p.current = runID }

func (p *Page) arrange() {
	if len(p.runs) == 0 {
		p.header.SetTitle("Activity", "")
		p.export.Hide()
		p.body.Objects = []fyne.CanvasObject{widget.NewEmpty(theme.IconActivity, "Nothing has been sent yet",
			"Every run leaves a receipt here: rows read, sent, rejected and confirmed.",
			widget.NewButton(widget.Primary, theme.IconUpload, "Upload a workbook", func() { p.host.Open(page.Upload) }))}
		p.body.Refresh()
		return
	}
	p.header.SetTitle("Activity", humanize.Count(len(p.runs), "run"))
	p.export.Show()
	if len(p.body.Objects) != 1 || p.body.Objects[0] != p.beside {
		p.beside = container.New(&widget.Sides{Left: 340, Gap: theme.GapLarge}, widget.Panel(10, p.list), p.receipt.Content())
		p.body.Objects = []fyne.CanvasObject{p.beside}
	}
	at := max(slices.IndexFunc(p.runs, func(r history.Receipt) bool { return r.RunID == p.current }), 0)
	p.list.Reload()
	p.list.Select(at)
	p.show(p.runs[at])
	p.body.Refresh()
}

func (p *Page) show(r history.Receipt) {
	p.current = r.RunID
	p.receipt.Show(r)
	p.whole.Cancel()
	if len(r.UnknownBatches) > 0 {
		task.Read(p.whole, func(ctx context.Context) ([]history.UnknownBatch, error) {
			return p.service.UnknownBatches(ctx, r.RunID, "")
		}, func(list []history.UnknownBatch, err error) {
			if err == nil { // else what the receipt says of them is all there is to see
				r.UnknownBatches = list
				p.receipt.Show(r)
			}
		})
		return
	}
	if r.RowsRejected == 0 || len(r.Problems) > 0 {
		return
	}
	task.Read(p.whole, func(ctx context.Context) (history.Receipt, error) { return p.service.Receipt(ctx, r.RunID) }, func(whole history.Receipt, err error) {
		if err == nil { // else the sums are all there is to see
			p.receipt.Show(whole)
		}
	})
}

// row is a run in the list.
func (p *Page) row(i int) widget.RowData {
	r := p.runs[i]
	what := humanize.Count(r.RowsSent, "row")
	if r.Table != "" {
		what += " to " + r.Table
	}
	if started := humanize.Time(r.Started, time.Now()); started != "" {
		what = started + ", " + what // a long name is cut at its end
	}
	return widget.RowData{Title: receipt.Title(r), State: receipt.Outcome(r), Caption: what}
}
