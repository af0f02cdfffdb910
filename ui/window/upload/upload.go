// Package upload is the page that leads from a file to a receipt, step by step:
// source, destination, columns, check and send.
package upload

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"slices"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/humanize"
	"pushdesk/storage/workbook"
	"pushdesk/ui/app"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/receipt"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Service is what the Upload page needs from below.
type Service interface {
	sourceService
	destinationService
	checkService
	sendService
	// Corrected gives the corrected rows of a run with everything decided as in that run.
	Corrected(ctx context.Context, runID, path, password string) (job.Draft, error)
	// Again is the draft of a run that is done once more.
	Again(ctx context.Context, runID, password string) (job.Draft, error)
}

// Page leads from a file to a receipt. It keeps what is decided and shows it to the
// steps; what they decide they give back.
//
// Large: it leads from each step to the next.
type Page struct {
	service Service
	host    page.Host

	now     bundle
	current int

	source      *sourceStep
	destination *destinationStep
	columns     *columnsStep
	check       *checkStep
	send        *sendStep
	steps       []step

	header     *widget.Header
	stepper    *widget.Stepper
	notice     *widget.Banner
	backButton *widget.Button
	next       *widget.Button
	why        *widget.Text
	foot       *fyne.Container
	content    fyne.CanvasObject
	opening    *task.Latest // of a table's file once more
}

// New returns the page.
func New(d Service, h page.Host) *Page {
	p := &Page{service: d, host: h, notice: widget.NewBanner(), header: widget.NewHeader("Upload", ""), opening: h.Work().Loose()}
	p.stepper = widget.NewStepper(func(step int) { p.bring(step) }, stepNames...)
	p.backButton = widget.NewButton(widget.Secondary, theme.IconArrowLeft, "Back", func() { p.bring(p.current - 1) })
	p.next = widget.NewButton(widget.Primary, theme.IconArrowRight, "Next", p.forward).Trailing()
	p.why = widget.NewCut("", widget.StyleMuted)
	p.source = newSourceStep(p, h, d)
	p.destination = newDestinationStep(p, h, d)
	p.columns = newColumnsStep(p, h)
	p.check = newCheckStep(p, h, d)
	p.send = newSendStep(p, h, d)
	p.steps = []step{p.source, p.destination, p.columns, p.check, p.send}
	body := container.NewStack()
	for _, s := range p.steps {
		s.Content().Hide()
		body.Add(s.Content())
	}
	p.foot = widget.Margins(theme.Gap, 0, 0, 0, widget.Row(theme.Gap, p.backButton, p.source.finder.content, widget.Fill(widget.Column(0, p.source.finder.said, p.why)), p.send.more, p.send.begin, p.next))
	top := widget.Margins(0, 0, theme.GapLarge, 0, widget.Column(theme.GapLarge, p.header, p.stepper, p.notice))
	p.content = widget.Inset(theme.PageMargin, widget.UnderLast(top, widget.Above(body, p.foot)))
	p.bring(stepSource)
	return p
}

// Content implements Page.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Shown looks for connections that were made meanwhile.
func (p *Page) Shown() {
	p.destination.reloadConnections()
	p.refresh()
}

// OnTable sets what opens a table that exists.
func (p *Page) OnTable(do func(job.Destination)) { p.destination.onTable = do }

// Changed lists the connections again after another program has changed them.
func (p *Page) Changed() { p.Shown() }

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
	return "Rows are being sent. Requests in progress will finish, the rest can be sent later: the run is kept under Activity."
}

// bring implements frame.
func (p *Page) bring(step int) {
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
	p.focus()
}

// focus implements frame.
func (p *Page) focus() {
	screen := p.host.Window().Canvas()
	if p.content == nil || !p.content.Visible() || len(screen.Overlays().List()) > 0 {
		return
	}
	for at, button := range map[int]*widget.Button{stepCheck: p.next, stepSend: p.send.begin} {
		if p.current == at && button.Visible() && !button.Disabled() { // there is nothing to fill in
			screen.Focus(button)
			return
		}
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
	p.bring(p.current + 1)
}

// reached is the last step that may be gone to.
func (p *Page) reached() int {
	for i, s := range p.steps[:stepSend] {
		if s.blocked() != "" || i == stepDestination && !p.now.located() {
			return i
		}
	}
	return stepSend
}

// refresh implements frame: it brings what stands around the steps up to date.
func (p *Page) refresh() {
	if p.content == nil {
		return // it is being made
	}
	why := p.steps[p.current].blocked()
	p.why.SetText(why)
	p.next.SetEnabled(why == "" && !p.destination.locating.Busy())
	if p.current < stepSend {
		p.next.SetText("Next: " + stepNames[p.current+1])
	}
	widget.ShowIf(p.next, p.current < stepSend)
	widget.ShowIf(p.backButton, p.current > stepSource && !p.send.running() && !(p.current == stepSend && p.send.sent))
	reached := p.reached()
	p.send.arrange(p.current == stepSend, reached == stepSend)
	if p.send.running() {
		reached = stepSend
	}
	p.stepper.Set(p.current, reached)
	subtitle := ""
	if r := p.send.resume; r != nil && p.current == stepSend {
		subtitle = receipt.Title(*r) + "  to  " + r.Table + " in " + r.Dataset + ", " + r.Workspace
	} else if book := p.now.draft.Reading.Book; book != nil {
		subtitle = filepath.Base(book.Path())
		if p.now.located() {
			t := p.now.draft.Place.Target
			subtitle += "  to  " + t.Table + " in " + t.DatasetName + ", " + t.WorkspaceName
		}
		if n := len(p.now.others); n > 0 && !p.send.sent {
			subtitle += ", with " + humanize.Count(n, "table") + " added"
		}
	}
	p.header.SetTitle("Upload", subtitle)
	widget.ShowIf(p.foot, (p.current > stepSource || p.now.draft.Reading.Book != nil) && !(p.current == stepSend && (p.send.running() || p.send.sent)))
	p.content.Refresh()
}

// give implements frame.
func (p *Page) give(d job.Draft) {
	p.now.draft = d
	for _, s := range p.steps {
		s.show(p.now)
	}
}

// giveReading implements frame.
func (p *Page) giveReading(d job.Draft) {
	p.now.reading++
	p.give(d)
}

// sending implements frame.
func (p *Page) sending() bool { return p.send.running() }

// back implements frame.
func (p *Page) back() { p.bring(p.reached()) }

// say implements frame.
func (p *Page) say(m widget.Message) {
	p.notice.Say(m)
	p.content.Refresh()
}

// quiet implements frame.
func (p *Page) quiet() { p.notice.Hide() }

// explainFile implements frame.
func (p *Page) explainFile(err error, what string) {
	m := page.Explain(err, what)
	var bad *workbook.Error
	if errors.As(err, &bad) {
		m.Action, m.OnAction = "Open the file again", func() { p.source.again(nil) }
	}
	p.say(m)
}

// explain implements frame.
func (p *Page) explain(err error, what string) {
	p.say(page.Explain(err, what))
}

// askPassword implements frame.
func (p *Page) askPassword(path string, why *workbook.Error, then func(password string)) {
	page.AskPassword(p.host, path, why, then)
	p.refresh()
}

// addTable implements frame: it keeps the draft as one table of the run and goes on to
// the next. Its file is opened for itself.
func (p *Page) addTable() {
	if p.send.running() || p.reached() < stepSend || p.now.draft.Checked == nil {
		return
	}
	one := p.now.draft
	task.Read(p.opening, one.Reading.Reopened, func(r job.Reading, err error) {
		if err != nil {
			p.explainFile(err, "The table could not be added.")
			return
		}
		p.now.others = append(p.now.others[:len(p.now.others):len(p.now.others)], one.Reopened(r))
		p.give(p.now.draft.To(job.Place{}, "").Bad(mapping.PolicyStop))
		p.bring(stepSource)
		p.host.Toast(one.Place.Target.Table + " was added. Choose the next sheet or file.")
	})
}

// dropTable implements frame.
func (p *Page) dropTable(i int) {
	go p.now.others[i].Reading.Book.Close()
	p.now.others = slices.Delete(slices.Clone(p.now.others), i, i+1)
	p.give(p.now.draft)
	p.bring(p.current)
}

// clearTables implements frame.
func (p *Page) clearTables() {
	for _, one := range p.now.others {
		go one.Reading.Book.Close()
	}
	p.now.others = nil
}

// prepared is an upload that only waits to be sent.
type prepared struct {
	draft      job.Draft // checked
	workspaces []powerbi.Workspace
	partial    error // why these are not all
}

// TrySample fills all steps for the sample workbook and the practice workspace,
// so that one click sends it. A person can go back and look at each step.
func (p *Page) TrySample(c connection.Connection) {
	if p.send.running() {
		return
	}
	folder := p.service.Folder()
	p.restart()
	task.Read(p.source.reads, func(ctx context.Context) (prepared, error) {
		return prepareSample(ctx, p.service, c, folder)
	}, func(x prepared, err error) {
		if err != nil {
			p.explain(err, "The sample could not be prepared.")
			p.refresh()
			return
		}
		p.fill(x)
		p.bring(stepSend)
		p.host.Window().Canvas().Focus(p.send.begin)
	})
	p.refresh()
}

// fill takes over an upload in which everything is decided.
func (p *Page) fill(x prepared) {
	p.destination.take(x.draft.Reading, x.draft.Place, x.workspaces, x.partial)
	p.giveReading(x.draft)
}

// Correct opens the corrected rows of a run with everything decided as in that run.
func (p *Page) Correct(r history.Receipt, path string) {
	p.prepare(path, "The corrected rows could not be read.", func(ctx context.Context, password string) (job.Draft, error) {
		return p.service.Corrected(ctx, r.RunID, path, password)
	})
}

// Again opens the file of a run as it is now with everything decided as in that run.
func (p *Page) Again(r history.Receipt) {
	p.prepare(r.File, "The run cannot be repeated.", func(ctx context.Context, password string) (job.Draft, error) {
		return p.service.Again(ctx, r.RunID, password)
	})
}

// prepare opens a draft in which everything is decided at its check. The password of a
// protected file is asked for.
func (p *Page) prepare(path, failed string, open func(ctx context.Context, password string) (job.Draft, error)) {
	if p.send.running() {
		p.host.Toast("Another run is in progress.")
		return
	}
	p.restart()
	p.open(path, failed, "", open)
}

func (p *Page) open(path, failed, password string, open func(ctx context.Context, password string) (job.Draft, error)) {
	task.Read(p.source.reads, func(ctx context.Context) (prepared, error) {
		var x prepared
		u, err := open(ctx, password)
		if err != nil {
			return x, err
		}
		if x.workspaces, x.partial = p.service.Workspaces(ctx, u.Place.Destination.Connection.ID); x.partial != nil && !powerbi.Partial(x.partial) {
			return x, errors.Join(x.partial, u.Reading.Book.Close())
		}
		x.draft, err = p.service.Check(ctx, u, nil)
		return x, err
	}, func(x prepared, err error) {
		var bad *workbook.Error
		if errors.As(err, &bad) && bad.Kind == workbook.ErrorPassword {
			p.askPassword(path, bad, func(password string) { p.open(path, failed, password, open) })
			return
		}
		if err != nil {
			p.explain(err, failed)
			p.refresh()
			return
		}
		p.fill(x)
		p.bring(stepCheck)
	})
	p.refresh()
}

func prepareSample(ctx context.Context, d Service, c connection.Connection, folder string) (prepared, error) {
	var x prepared
	path, err := writeSample(folder)
	if err != nil {
		return x, err
	}
	r, err := job.OpenWorkbook(ctx, path, workbook.Options{}, "", "", 0)
	if err != nil {
		return x, err
	}
	if r, err = r.Paged(ctx, folder, nil); err != nil {
		return x, err
	}
	if x.workspaces, x.partial = d.Workspaces(ctx, c.ID); x.partial != nil && !powerbi.Partial(x.partial) {
		return x, x.partial
	}
	place, err := d.Locate(ctx, job.PracticeDestination(app.For(c), r))
	if err != nil {
		return x, err
	}
	x.draft, err = d.Check(ctx, job.Draft{}.From(r).To(place, plan.ModeAppend).Map(job.Propose(r, place)), nil)
	return x, err
}

// Resume continues a run that was chosen under Activity.
func (p *Page) Resume(r history.Receipt) {
	if p.send.running() {
		p.host.Toast("Another run is in progress.")
		return
	}
	p.send.Resume(r)
}

// restart implements frame.
func (p *Page) restart() {
	if book := p.now.draft.Reading.Book; book != nil {
		go book.Close()
	}
	p.clearTables()
	p.giveReading(job.Draft{})
	p.bring(stepSource)
}
