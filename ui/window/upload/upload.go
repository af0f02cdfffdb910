// Package upload is the page that leads from a file to a receipt, step by step:
// source, destination, columns, check and send.
package upload

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/receipt"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Service is what the Upload page needs from below.
type Service interface {
	List() []connection.Connection
	PracticeConnection(ctx context.Context, save bool) (connection.Connection, error)
	Workspaces(ctx context.Context, connectionID string) ([]powerbi.Workspace, error)
	Datasets(ctx context.Context, connectionID, workspaceID string) ([]powerbi.Dataset, error)
	Tables(ctx context.Context, connectionID, workspaceID, datasetID string) ([]powerbi.Table, error)
	Locate(ctx context.Context, dest job.Destination) (job.Place, error)
	Send(ctx context.Context, u job.Upload, on func(push.Progress)) (history.Receipt, error)
	Resume(ctx context.Context, runID string, o job.ResumeOptions, on func(push.Progress)) (history.Receipt, error)
	MissingTable(ctx context.Context, runID string) (tables []string, missing bool, err error)
	PlanSet(set []job.Upload, reports []mapping.CheckReport, now time.Time) (plan.Set, error)
	SendSet(ctx context.Context, set []job.Upload, keepGoing bool, on func(table int, p push.Progress)) ([]history.Receipt, error)
	Plan(u job.Upload, r mapping.CheckReport, now time.Time) (plan.Plan, error)
	Earlier(ctx context.Context, u job.Upload) ([]history.Receipt, error)
	PlanReshape(ctx context.Context, u job.Upload) (job.Reshaping, error)
	Corrected(ctx context.Context, runID, path, password string) (job.Upload, error)
	// Recent lists the files that were opened, Opened adds one with how it is read,
	// ChoiceFor gives that again, and ForgetFile takes a file off the list.
	Recent() []job.RecentFile
	Opened(path string, c job.Choice, now time.Time) error
	ChoiceFor(path string) (job.Choice, bool)
	ForgetFile(path string) error
	// Folder is where the program keeps things; the sample workbook is put there.
	Folder() string
}

// The steps of an upload.
const (
	stepSource = iota
	stepDestination
	stepColumns
	stepCheck
	stepSend
)

var stepNames = []string{"Source", "Destination", "Columns", "Check", "Send"}

// step is one step. What it decides is kept in the page's upload.
type step interface {
	Content() fyne.CanvasObject
	// enter is called when the step comes to the front.
	enter()
	// blocked says why the next step cannot be entered; "" when it can.
	blocked() string
}

// Page leads from a file to a receipt.
type Page struct {
	service Service
	host    page.Host

	upload  job.Upload           // as far as it is decided
	report  *mapping.CheckReport // of the upload as it is now; nil when it has to be checked
	plan    plan.Plan
	shape   job.Reshaping     // what changes of the table's columns
	earlier []history.Receipt // runs that have sent the same rows in the same way
	laid    []laidBy          // other tables of the same run, which are decided
	current int

	source      *sourceStep
	destination *destinationStep
	columns     *columnsStep
	check       *checkStep
	send        *sendStep
	steps       []step

	header  *widget.Header
	stepper *widget.Stepper
	notice  *widget.Banner
	back    *widget.Button
	next    *widget.Button
	why     *widget.Text
	foot    *fyne.Container
	content fyne.CanvasObject
}

// New returns the page.
func New(d Service, h page.Host) *Page {
	p := &Page{service: d, host: h, notice: widget.NewBanner(), header: widget.NewHeader("Upload", "")}
	p.stepper = widget.NewStepper(func(step int) { p.show(step) }, stepNames...)
	p.back = widget.NewButton(widget.Secondary, theme.IconArrowLeft, "Back", func() { p.show(p.current - 1) })
	p.next = widget.NewButton(widget.Primary, theme.IconArrowRight, "Next", p.forward).Trailing()
	p.why = widget.NewCut("", widget.StyleMuted)
	p.source = newSourceStep(p)
	p.destination = newDestinationStep(p)
	p.columns = newColumnsStep(p)
	p.check = newCheckStep(p)
	p.send = newSendStep(p)
	p.steps = []step{p.source, p.destination, p.columns, p.check, p.send}
	body := container.NewStack()
	for _, s := range p.steps {
		s.Content().Hide()
		body.Add(s.Content())
	}
	p.foot = widget.Margins(theme.Gap, 0, 0, 0, widget.Row(theme.Gap, p.back, p.source.finder.content, widget.Fill(p.why), p.send.more, p.send.begin, p.next))
	top := widget.Margins(0, 0, theme.GapLarge, 0, widget.Column(theme.GapLarge, p.header, p.stepper, p.notice))
	p.content = widget.Inset(theme.PageMargin, widget.UnderLast(top, widget.Above(body, p.foot)))
	p.show(stepSource)
	return p
}

// Content implements Page.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Shown looks for connections that were made meanwhile.
func (p *Page) Shown() {
	p.destination.reloadConnections()
	p.refresh()
}

// Commands puts the page's shortcut into the File menu.
func (p *Page) Commands() []*fyne.MenuItem {
	item := fyne.NewMenuItem("Open workbook", func() {
		p.host.Open(page.Upload)
		p.source.choose()
	})
	item.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyO, Modifier: fyne.KeyModifierShortcutDefault}
	return []*fyne.MenuItem{item}
}

// Dropped opens the first of the files that fell on the window.
func (p *Page) Dropped(paths []string) {
	if p.send.running() {
		p.host.Toast("Rows are being sent. Drop the file again when that is done.")
		return
	}
	p.source.openFirst(paths)
}

// Busy asks before the window is closed while rows are sent.
func (p *Page) Busy() string {
	if !p.send.running() {
		return ""
	}
	return "Rows are being sent. Those on their way are waited for, the rest can be sent later: the run is kept under Activity."
}

// show brings a step to the front.
func (p *Page) show(step int) {
	if step < 0 || step >= len(p.steps) || p.send.running() && step != stepSend {
		return
	}
	p.current = step
	for i, s := range p.steps {
		widget.ShowIf(s.Content(), i == step)
	}
	p.source.finder.step(step == stepSource)
	p.notice.Hide()
	p.steps[step].enter()
	p.refresh()
	p.focusFirst()
}

// focusFirst puts the keyboard on the first control of the step, so that it is never
// nowhere.
func (p *Page) focusFirst() {
	screen := p.host.Window().Canvas()
	if p.content == nil || !p.content.Visible() || len(screen.Overlays().List()) > 0 {
		return
	}
	screen.Unfocus()
	screen.FocusNext()
}

// forward goes to the next step; the destination is looked up on the way.
func (p *Page) forward() {
	if p.steps[p.current].blocked() != "" {
		return
	}
	if p.current == stepDestination {
		p.destination.locate()
		return
	}
	p.show(p.current + 1)
}

// reached is the last step that may be gone to.
func (p *Page) reached() int {
	for i, s := range p.steps[:stepSend] {
		if s.blocked() != "" || i == stepDestination && !p.destination.located {
			return i
		}
	}
	return stepSend
}

// refresh brings what stands around the steps up to date.
func (p *Page) refresh() {
	why := p.steps[p.current].blocked()
	p.why.SetText(why)
	p.next.SetEnabled(why == "" && !p.destination.locating.Busy())
	if p.current < stepSend {
		p.next.SetText("Next: " + stepNames[p.current+1])
	}
	widget.ShowIf(p.next, p.current < stepSend)
	widget.ShowIf(p.back, p.current > stepSource && !p.send.running() && !(p.current == stepSend && p.send.sent))
	p.send.arrange()
	reached := p.reached()
	if p.send.running() {
		reached = stepSend
	}
	p.stepper.Set(p.current, reached)
	subtitle := ""
	if r := p.send.resume; r != nil && p.current == stepSend {
		subtitle = receipt.Title(*r) + "  to  " + r.Table + " in " + r.Dataset + ", " + r.Workspace
	} else if book := p.upload.Reading.Book; book != nil {
		subtitle = filepath.Base(book.Path())
		if p.destination.located {
			t := p.upload.Place.Target
			subtitle += "  to  " + t.Table + " in " + t.DatasetName + ", " + t.WorkspaceName
		}
		if n := len(p.laid); n > 0 && !p.send.sent {
			subtitle += ", with " + humanize.Count(n, "table") + " laid by"
		}
	}
	p.header.SetTitle("Upload", subtitle)
	widget.ShowIf(p.foot, (p.current > stepSource || p.upload.Reading.Book != nil) && !(p.current == stepSend && (p.send.running() || p.send.sent)))
	p.content.Refresh()
}

// fileName is the name of the file that is uploaded.
func (p *Page) fileName() string { return filepath.Base(p.upload.Reading.Book.Path()) }

// changed forgets what followed from a step that has changed.
func (p *Page) changed(step int) {
	if step <= stepSource {
		p.destination.forget()
		p.columns.reads.Cancel()
	}
	if step <= stepDestination {
		// The list of columns is drawn also while it is hidden: a mapping must never
		// outlive the file it points into.
		p.columns.mapped = false
		p.upload.Mapping = mapping.Mapping{}
	}
	if step <= stepCheck {
		p.upload.Skip, p.upload.Limit, p.upload.OneHour = 0, 0, false
		p.report = nil
		p.check.forget()
		p.send.forget()
	}
}

// explainFile says what went wrong while the file was read, which opening it again
// often cures.
func (p *Page) explainFile(err error, what string) {
	m := page.Explain(err, what)
	var bad *workbook.Error
	if errors.As(err, &bad) {
		m.Action, m.OnAction = "Open the file again", func() { p.source.again(nil) }
	}
	p.notice.Say(m)
	p.content.Refresh()
}

// explain says in the page what went wrong.
func (p *Page) explain(err error, what string) {
	p.notice.Say(page.Explain(err, what))
	p.content.Refresh()
}
