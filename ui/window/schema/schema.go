// Package schema is the page of one table of a push dataset: its columns, measures and
// relationships, what is wanted otherwise of them, and the change once it is planned.
package schema

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"pushdesk/powerbi"
	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/tables"
	"pushdesk/powerbi/push"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Service is what the page needs from below.
type Service interface {
	// RunConnection is the connection that a run was sent through.
	RunConnection(ctx context.Context, runID string) (job.Connection, error)
	// LookTable looks a table up; definition is the path of a file that says what it is.
	LookTable(ctx context.Context, dest job.Destination, definition string) (tables.Table, error)
	// PlanTable works out a change; with rebuild, runs are sent again.
	PlanTable(ctx context.Context, t tables.Table, edits []alter.Edit, rebuild bool) (tables.Change, error)
	// ChangeTable carries a change out.
	ChangeTable(ctx context.Context, c tables.Change, on func(push.Progress)) (tables.Done, error)
}

// What of a table is shown.
const (
	tabColumns = iota
	tabMeasures
	tabRelationships
)

// Page shows one table and changes it.
//
// Large: a field for each control.
type Page struct {
	service Service
	host    page.Host
	work    *task.Latest
	changes *task.Latest // a change that is carried out

	from       page.Place // where the table was opened
	dest       job.Destination
	definition string // the path of a file; "" = none
	table      tables.Table
	read       bool
	list       []alter.Wish
	shown      []int // of list, under the tab

	header *widget.Header
	back   *widget.Button
	file   *widget.Button
	next   *widget.Button
	notice *widget.Banner
	tabs   *widget.Segmented
	add    *widget.Button
	rows   *widget.Rows
	form   *form
	about  *about
	review *review
	body   *fyne.Container
	beside fyne.CanvasObject // the list and the form

	content fyne.CanvasObject
}

// New returns the page.
func New(d Service, h page.Host) *Page {
	p := &Page{service: d, host: h, work: h.Work().Latest(), changes: h.Work().Latest(), from: page.Upload, notice: widget.NewBanner()}
	p.back = widget.NewButton(widget.Secondary, theme.IconArrowLeft, "Back", p.leave)
	p.file = widget.NewButton(widget.Secondary, theme.IconFile, "Definition", p.choose)
	p.next = widget.NewButton(widget.Primary, theme.IconArrowRight, "Review changes", func() { p.plan(false) }).Trailing()
	p.header = widget.NewHeader("Table", "", p.back, p.file, p.next)
	p.tabs = widget.NewSegmented([]widget.Option{{Word: "Columns"}, {Word: "Measures"}, {Word: "Relationships"}}, tabColumns, func(int) { p.arrange(0) })
	p.add = widget.NewButton(widget.Secondary, theme.IconAdd, "Add a column", p.addOne)
	p.rows = widget.NewRows(func() int { return p.count() }, p.row, true, false, func(i int) { p.choice(i) })
	p.form, p.about, p.review = newForm(p.edited, p.removed), newAbout(), newReview(p)
	p.beside = widget.Under(widget.Margins(0, 0, theme.Gap, 0, widget.Row(8, p.tabs, widget.Space(), p.add)),
		container.New(&widget.Sides{Left: 340, Gap: theme.GapLarge}, widget.Panel(10, p.rows),
			widget.NewScrolled(widget.Column(theme.Gap, p.form.content, p.about.content))))
	p.body = container.NewStack()
	p.content = widget.Inset(theme.PageMargin, widget.Under(
		widget.Margins(0, 0, theme.GapLarge, 0, widget.Column(theme.Gap, p.header, p.notice)), p.body))
	p.empty()
	return p
}

// Content implements page.Page.
func (p *Page) Content() fyne.CanvasObject { return p.content }

// Shown implements page.Page. The table is read when it is opened.
func (p *Page) Shown() {}

// Busy asks before the window is closed while a table is changed.
func (p *Page) Busy() string {
	if !p.changes.Busy() {
		return ""
	}
	return "A table is being changed. Runs that are being sent again can be resumed under Activity."
}

// Open shows a table; Back leads to from.
func (p *Page) Open(dest job.Destination, from page.Place) {
	if p.changes.Busy() {
		return
	}
	p.dest, p.from, p.definition, p.read = dest, from, "", false
	p.look(widget.Message{})
}

// OpenRun shows the table of a run.
func (p *Page) OpenRun(runID, workspaceID, datasetID, table string, from page.Place) {
	if p.changes.Busy() {
		return
	}
	p.from, p.definition, p.read = from, "", false
	p.wait("Looking the table up")
	task.Read(p.work, func(ctx context.Context) (job.Connection, error) { return p.service.RunConnection(ctx, runID) }, func(c job.Connection, err error) {
		if err != nil {
			p.failed(err, "The table could not be looked up.")
			return
		}
		p.Open(job.Destination{Connection: c, Workspace: workspaceID, Dataset: datasetID, Table: table}, from)
	})
}

// look reads the table. said is what is said then.
func (p *Page) look(said widget.Message) {
	p.wait("Looking the table up")
	dest, definition := p.dest, p.definition
	task.Read(p.work, func(ctx context.Context) (tables.Table, error) { return p.service.LookTable(ctx, dest, definition) }, func(t tables.Table, err error) {
		if err != nil {
			p.definition = ""
			p.failed(err, "The table could not be looked up.")
			return
		}
		p.table, p.read, p.list = t, true, alter.Wishes(t.Definition.Table)
		p.form.types = map[string]powerbi.DataType{}
		for _, c := range t.Definition.Table.Columns {
			p.form.types[c.Name] = c.DataType
		}
		p.notice.Hide()
		if x := t.Interrupted; x != nil && !x.Unrelated {
			if said.Sentence == "" {
				said = widget.Message{Tone: widget.Warning, Sentence: x.Sentence(), Stays: true}
			}
			said.Action, said.OnAction = "Continue the rebuild", func() { p.planOf(nil, true) }
		}
		if said.Sentence != "" {
			p.notice.Say(said)
		}
		p.edit()
		p.arrange(0)
	})
}

// wait says what is waited for.
func (p *Page) wait(what string) {
	p.notice.Say(widget.Message{Tone: widget.Info, Sentence: what + "…", Stays: true})
	p.buttons()
	p.content.Refresh()
}

func (p *Page) failed(err error, what string) {
	p.notice.Say(page.ExplainWithLead(p.host, err, what))
	p.buttons()
	p.content.Refresh()
}

// empty is shown while no table is open.
func (p *Page) empty() {
	p.header.SetTitle("Table", "")
	p.body.Objects = []fyne.CanvasObject{widget.NewEmpty(theme.IconTable, "No table is open",
		"A table is opened in the step Destination of an upload, or from a run under Activity.",
		widget.NewButton(widget.Primary, theme.IconUpload, "Go to Upload", func() { p.host.Open(page.Upload) }))}
	p.buttons()
}

// edit shows the table with its form.
func (p *Page) edit() {
	t := p.table.Place.Target
	p.header.SetTitle(t.Table, t.DatasetName+" in "+t.WorkspaceName+", "+rowsOf(p.table.Place.Rows))
	p.body.Objects = []fyne.CanvasObject{p.beside}
	p.about.show(p.table, p.definition)
	p.buttons()
	p.body.Refresh()
}

func rowsOf(n int64) string {
	if n < 0 {
		return "rows not counted"
	}
	return humanize.Count(n, "row")
}

// inReview reports whether the planned change is in front.
func (p *Page) inReview() bool {
	return len(p.body.Objects) == 1 && p.body.Objects[0] == p.review.content
}

// buttons suits the header to what can be done.
func (p *Page) buttons() {
	busy := p.work.Busy() || p.changes.Busy()
	widget.ShowIf(p.file, p.read && p.table.Definition.Source != alter.Told && !p.inReview())
	widget.ShowIf(p.next, p.read && !p.inReview())
	n := len(p.edits())
	p.next.SetText("Review changes")
	if n > 0 {
		p.next.SetText(fmt.Sprintf("Review %s", humanize.Count(n, "change")))
	}
	p.next.SetEnabled(n > 0 && !busy && !p.form.unnamed)
	p.file.SetEnabled(!busy)
	p.back.SetEnabled(!p.changes.Busy())
	p.review.buttons(busy)
	p.header.Refresh()
}

func (p *Page) edits() []alter.Edit {
	if !p.read {
		return nil
	}
	return alter.Edits(p.table.Definition.Table, p.list)
}

// leave goes back: from the review to the form, else to where the table was opened.
func (p *Page) leave() {
	switch {
	case p.inReview():
		p.work.Cancel()
		p.notice.Hide()
		p.edit()
	case len(p.edits()) > 0:
		widget.Confirm(p.host.Window(), "Leave without changing the table?", "What you have entered is lost. Nothing was changed in Power BI.", "Leave", p.away)
	default:
		p.away()
	}
}

func (p *Page) away() {
	p.work.Cancel()
	p.list, p.read = nil, false
	p.notice.Hide()
	p.empty()
	p.host.Open(p.from)
}

// choose asks for a file that says what the table is.
func (p *Page) choose() {
	page.ChooseFile(p.host.Window(), []string{".json"}, p.UseFile)
}

// UseFile takes what a file says of the table.
func (p *Page) UseFile(path string) {
	p.definition = path
	p.look(widget.Message{Tone: widget.Success, Sentence: "The definition is read from " + filepath.Base(path) + "."})
}

// arrange lists what the tab shows and chooses one of it.
func (p *Page) arrange(choose int) {
	p.shown = p.shown[:0]
	for i, w := range p.list {
		if w.IsMeasure() == (p.tabs.Selected() == tabMeasures) {
			p.shown = append(p.shown, i)
		}
	}
	widget.ShowIf(p.add, p.tabs.Selected() != tabRelationships)
	p.add.SetText("Add a column")
	if p.tabs.Selected() == tabMeasures {
		p.add.SetText("Add a measure")
	}
	full := p.tabs.Selected() == tabColumns && len(alter.SortChoices(p.list, "")) >= powerbi.MaxColumns
	p.add.SetEnabled(!full && len(p.table.Definition.Table.Columns) > 0)
	p.rows.Reload()
	at := min(max(choose, 0), p.count()-1)
	p.rows.Select(at)
	p.choice(at)
	p.buttons()
}

func (p *Page) count() int {
	if p.tabs.Selected() == tabRelationships {
		return len(p.table.Definition.Relationships)
	}
	return len(p.shown)
}

// row is a column, measure or relationship in the list.
func (p *Page) row(i int) widget.RowData {
	if p.tabs.Selected() == tabRelationships {
		r := p.table.Definition.Relationships[i]
		return widget.RowData{Title: r.Name, Caption: r.FromTable + "[" + r.FromColumn + "] to " + r.ToTable + "[" + r.ToColumn + "]"}
	}
	w := p.list[p.shown[i]]
	d := widget.RowData{Title: w.Name()}
	if w.IsMeasure() {
		d.Caption = strings.Join(strings.Fields(w.Measure.Expression), " ")
	} else {
		said := []string{w.Column.DataType.Label()}
		for _, s := range []string{w.Column.FormatString, w.Column.DataCategory} {
			if s != "" {
				said = append(said, s)
			}
		}
		if w.Column.IsHidden {
			said = append(said, "hidden")
		}
		d.Caption = strings.Join(said, ", ")
	}
	switch {
	case w.Removed:
		d.State = widget.RowChip{Tone: widget.Error, Icon: theme.IconDelete, Word: "Removed"}
	case w.Was == "":
		d.State = widget.RowChip{Tone: widget.Success, Icon: theme.IconAdd, Word: "New"}
	case alter.Changed(p.table.Definition.Table, p.list, p.shown[i]):
		d.State = widget.RowChip{Tone: widget.Info, Icon: theme.IconEdit, Word: "Changed"}
	}
	return d
}

// choice shows one of the list in the form.
func (p *Page) choice(i int) {
	switch {
	case p.tabs.Selected() == tabRelationships:
		p.form.relationship(p.table.Definition, i)
	case i < 0 || i >= len(p.shown):
		p.form.none(p.tabs.Selected() == tabMeasures)
	default:
		p.form.show(p.list, p.shown[i])
	}
	p.content.Refresh()
}

// edited takes what the form says of one of the list.
func (p *Page) edited(i int, w alter.Wish) {
	old := p.list[i].Name()
	p.list[i] = w
	if !w.IsMeasure() && old != w.Name() { // columns that are sorted by it go along
		for k := range p.list {
			if p.list[k].Column.SortByColumn == old {
				p.list[k].Column.SortByColumn = w.Name()
			}
		}
	}
	p.form.list = p.list
	p.rows.ReloadRow(slices.Index(p.shown, i))
	p.buttons()
}

// removed takes one of the list away, or brings it back; what is new is gone at once.
func (p *Page) removed(i int) {
	at := slices.Index(p.shown, i)
	if p.list[i].Was == "" {
		p.list = slices.Delete(p.list, i, i+1)
		p.arrange(at - 1)
		return
	}
	p.list[i].Removed = !p.list[i].Removed
	p.arrange(at)
}

// addOne adds a column or a measure.
func (p *Page) addOne() {
	w := alter.Wish{Column: powerbi.Column{Name: p.free("New column"), DataType: powerbi.String}}
	if p.tabs.Selected() == tabMeasures {
		w = alter.Wish{Measure: powerbi.Measure{Name: p.free("New measure"), Expression: "COUNTROWS('" + strings.ReplaceAll(p.table.Place.Target.Table, "'", "''") + "')"}}
	}
	p.list = append(p.list, w)
	p.arrange(p.count())
	p.host.Window().Canvas().Focus(p.form.name)
}

// free is a name that nothing in the table has.
func (p *Page) free(name string) string {
	proposed := name
	for n := 2; slices.ContainsFunc(p.list, func(w alter.Wish) bool { return strings.EqualFold(w.Name(), proposed) }); n++ {
		proposed = fmt.Sprintf("%s %d", name, n)
	}
	return proposed
}

// plan works out what was entered and shows it.
func (p *Page) plan(rebuild bool) { p.planOf(p.edits(), rebuild) }

// planOf works out a change and shows it.
func (p *Page) planOf(edits []alter.Edit, rebuild bool) {
	t := p.table
	p.wait("Working out what changes")
	task.Read(p.work, func(ctx context.Context) (tables.Change, error) { return p.service.PlanTable(ctx, t, edits, rebuild) }, func(c tables.Change, err error) {
		if err != nil {
			p.failed(err, "The change could not be planned.")
			p.review.refused()
			return
		}
		p.notice.Hide()
		p.review.show(c)
		p.body.Objects = []fyne.CanvasObject{p.review.content}
		p.buttons()
		p.content.Refresh()
	})
	p.buttons()
}

// carry changes the table.
func (p *Page) carry(c tables.Change) {
	stop := make(chan struct{})
	say := func(what string) {
		m := widget.Message{Tone: widget.Info, Sentence: what, Stays: true}
		if c.Rebuild != nil {
			m.Action, m.OnAction = "Stop", sync.OnceFunc(func() { close(stop) })
		}
		p.notice.Say(m)
		p.content.Refresh()
	}
	say("Changing the table…")
	task.Read(p.changes, func(ctx context.Context) (tables.Done, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		go func() {
			select {
			case <-stop:
				cancel()
			case <-ctx.Done():
			}
		}()
		return p.service.ChangeTable(ctx, c, func(x push.Progress) {
			p.host.Work().Post(func() {
				say(fmt.Sprintf("Sending again: %s of this run, %s in all.", humanize.Count(x.RowsSent, "row"), humanize.Number(c.Rebuild.RowsAgain)))
			})
		})
	}, func(done tables.Done, err error) {
		if err != nil && len(done.Receipts) == 0 {
			p.failed(err, "The table could not be changed.")
			return
		}
		p.definition = "" // this computer knows the table now
		if err != nil {
			p.look(page.Explain(err, "The runs were not all sent again."))
			return
		}
		m := widget.Message{Tone: widget.Success, Sentence: "The table is changed."}
		if done.RowsAfter != nil {
			m.Sentence += " It holds " + humanize.Count(*done.RowsAfter, "row") + "."
		}
		if done.Lost() {
			m.Tone, m.Remedy = widget.Warning, strings.Join(done.Notes, " ")
		}
		p.look(m)
	})
	p.buttons()
}
