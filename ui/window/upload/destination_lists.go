package upload

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
	"pushdesk/ui/app"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/widget"
)

// offered is what each of the selects offers.
type offered struct {
	all        []connection.Connection
	workspaces []powerbi.Workspace
	datasets   []powerbi.Dataset // those that take rows
	tables     []powerbi.Table
	usualAt    string // the connection and workspace whose default dataset was proposed
}

// search finds options of a select that has many.
type search struct {
	entry *widget.Entry
	box   fyne.CanvasObject // holds it
}

// searchFrom is from how many options on a list is searched.
const searchFrom = 12

// newSearch makes the entry that narrows the options of a select; Enter chooses the only one
// that is left.
func newSearch(list *widget.Select, row *widget.Field, what string) search {
	e := widget.NewSearch("Search the "+what+"s", func(text string) {
		if list.Narrow(text) == 0 && strings.TrimSpace(text) != "" {
			row.Say(widget.Warning, "No "+what+" matches.", "")
		} else {
			row.Say(widget.Neutral, "", "")
		}
	})
	e.OnSubmitted = func(string) { list.Only() }
	box := widget.Bare(e)
	box.Hide()
	return search{e, box}
}

// loadWorkspaces begins anew with what the chosen connection sees.
func (d *destinationStep) loadWorkspaces() {
	if d.connection.Selected() < 0 {
		return
	}
	c := d.selected()
	d.workspaces, d.datasets, d.tables = nil, nil, nil
	d.fill()
	d.frame.quiet()
	d.workspaceRow.SetHint("Asking Power BI")
	task.Read(d.lists, func(ctx context.Context) ([]powerbi.Workspace, error) {
		return d.service.Workspaces(ctx, c.ID)
	}, func(list []powerbi.Workspace, err error) {
		d.workspaceRow.SetHint(whyPartial(err))
		if err != nil && !powerbi.Partial(err) {
			d.complain(err, "The workspaces could not be listed.")
			return
		}
		d.workspaces = slices.Clone(list)
		slices.SortStableFunc(d.workspaces, func(a, b powerbi.Workspace) int { return byName(a.Name, b.Name) })
		if err == nil && len(list) == 0 {
			d.workspaceRow.SetHint("This connection sees no workspace. Ask an admin of one to give the app the Contributor role.")
		}
		d.fill()
		if found, err := powerbi.FindWorkspace(list, c.Workspace); err == nil {
			d.workspace.SetSelected(slices.Index(d.workspaces, found))
		} else if len(list) == 1 {
			d.workspace.SetSelected(0)
		}
		d.loadDatasets()
	})
	d.frame.refresh()
}

// whyPartial says why a list is not whole, and what can be done; "" when it is.
func whyPartial(err error) string {
	if !powerbi.Partial(err) {
		return ""
	}
	m := page.Explain(err, "")
	return m.Sentence + " " + m.Remedy
}

// complain says what the service answered, with the way to the test.
func (d *destinationStep) complain(err error, what string) {
	m := page.ExplainWithLead(d.host, err, what)
	d.frame.say(m)
	d.frame.refresh()
}

// loadDatasets begins anew with the datasets of the chosen workspace.
func (d *destinationStep) loadDatasets() {
	d.datasets, d.tables = nil, nil
	d.fill()
	if d.workspace.Selected() < 0 {
		d.arrange()
		return
	}
	d.frame.quiet()
	d.listDatasets()
}

// listDatasets lists the datasets and keeps the chosen one, if it is still there.
func (d *destinationStep) listDatasets() {
	chosen := ""
	if i := d.dataset.Selected(); i >= 0 {
		chosen = d.datasets[i].ID
	}
	c, id := d.selected(), d.workspaces[d.workspace.Selected()].ID
	task.Read(d.lists, func(ctx context.Context) ([]powerbi.Dataset, error) {
		return d.service.Datasets(ctx, c.ID, id)
	}, func(list []powerbi.Dataset, err error) {
		if err != nil && !errors.Is(err, powerbi.ErrCut) {
			d.complain(err, "The datasets could not be listed.")
			return
		}
		d.datasets = slices.DeleteFunc(slices.Clone(list), func(x powerbi.Dataset) bool { return !x.AddRowsAPIEnabled })
		slices.SortStableFunc(d.datasets, func(a, b powerbi.Dataset) int { return byName(a.Name, b.Name) })
		var hidden []string
		for _, x := range list {
			if !x.AddRowsAPIEnabled {
				hidden = append(hidden, text.Name(x.Name))
			}
		}
		slices.SortFunc(hidden, byName)
		hint := ""
		switch {
		case err != nil:
			hint = page.Explain(err, "").Sentence
		case len(list) == 0:
			hint = "The workspace has no dataset yet. Choose New dataset."
		case len(d.datasets) == 0:
			hint = "No dataset in this workspace accepts rows, because none was created through the API. Choose New dataset."
		case len(hidden) > 0:
			hint = "Not offered, because rows cannot be pushed into datasets that were not created through the API: " + humanize.ListSome(hidden, 3) + "."
		}
		d.datasetRow.SetHint(hint)
		at := slices.IndexFunc(d.datasets, func(x powerbi.Dataset) bool { return x.ID == chosen })
		usual, ok := app.For(c).Usual(d.workspaces, id, d.datasets)
		if ok = ok && at < 0 && d.usualAt != c.ID+id && len(d.now.others) == 0; ok { // proposed once
			d.usualAt, at = c.ID+id, usual
		}
		if at < 0 || ok {
			d.tables = nil
		}
		d.fill()
		d.dataset.SetSelected(at)
		switch {
		case ok && at >= 0:
			d.kind.SetSelected(kindExisting)
			d.loadTables()
		case ok && !connection.IsGUID(c.Dataset): // it is still to be made
			d.newDataset.SetText(c.Dataset)
			d.newTable.SetText(cmp.Or(c.Table, d.newTable.Text))
		}
		d.arrange()
	})
	d.frame.refresh()
}

func (d *destinationStep) loadTables() {
	d.tables = nil
	d.fill()
	if d.dataset.Selected() < 0 {
		d.arrange()
		return
	}
	c, workspace, dataset := d.selected(), d.workspaces[d.workspace.Selected()].ID, d.datasets[d.dataset.Selected()].ID
	task.Read(d.lists, func(ctx context.Context) ([]powerbi.Table, error) {
		return d.service.Tables(ctx, c.ID, workspace, dataset)
	}, func(list []powerbi.Table, err error) {
		if err != nil {
			d.complain(err, "The tables could not be listed.")
			return
		}
		d.tables = slices.Clone(list)
		slices.SortStableFunc(d.tables, func(a, b powerbi.Table) int { return byName(a.Name, b.Name) })
		d.fill()
		wanted := d.newTable.Text
		if set := d.datasets[d.dataset.Selected()]; c.Table != "" && (strings.EqualFold(c.Dataset, set.ID) || strings.EqualFold(c.Dataset, set.Name)) {
			wanted = c.Table
		}
		if found, err := powerbi.FindTable(list, wanted); err == nil {
			d.table.SetSelected(slices.IndexFunc(d.tables, func(t powerbi.Table) bool { return t.Name == found.Name }))
		} else if len(list) == 1 {
			d.table.SetSelected(0)
		}
		d.arrange()
	})
	d.frame.refresh()
}

// fill puts what is known into the selects.
func (d *destinationStep) fill() {
	var workspaces, datasets, tables []string
	for _, w := range d.workspaces {
		workspaces = append(workspaces, told(w.Name, w.ID, slices.ContainsFunc(d.workspaces, func(x powerbi.Workspace) bool { return x.ID != w.ID && x.Name == w.Name })))
	}
	for _, s := range d.datasets {
		datasets = append(datasets, told(s.Name, s.ID, slices.ContainsFunc(d.datasets, func(x powerbi.Dataset) bool { return x.ID != s.ID && x.Name == s.Name })))
	}
	for _, t := range d.tables {
		tables = append(tables, t.Name)
	}
	d.workspace.SetOptions(workspaces)
	d.dataset.SetOptions(datasets)
	d.table.SetOptions(tables)
	d.workspace.SetEnabled(len(workspaces) > 0)
	d.dataset.SetEnabled(len(datasets) > 0)
	d.table.SetEnabled(len(tables) > 0)
	for i, options := range [][]string{datasets, tables, workspaces} {
		s := d.searches[i]
		if many := len(options) >= searchFrom; many != s.box.Visible() {
			s.entry.SetText("")
			widget.ShowIf(s.box, many)
		}
	}
}

// byName orders names as a person looks for them.
func byName(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }

// told adds the ID to a name that another one has, too.
func told(name, id string, twice bool) string {
	if twice {
		return name + " (" + id + ")"
	}
	return name
}
