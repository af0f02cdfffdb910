package upload

import (
	"context"
	"slices"

	"pushdesk/powerbi"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
)

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
		d.workspaceRow.SetHint("")
		if err != nil {
			d.complain(err, "The workspaces could not be listed.")
			return
		}
		d.workspaces = list
		if len(list) == 0 {
			d.workspaceRow.SetHint("This connection sees no workspace. Ask an admin of one to give the app the Contributor role.")
		}
		d.fill()
		if found, err := powerbi.FindWorkspace(list, c.Workspace); err == nil {
			d.workspace.SetSelected(slices.Index(list, found))
		} else if len(list) == 1 {
			d.workspace.SetSelected(0)
		}
		d.loadDatasets()
	})
	d.frame.refresh()
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
		if err != nil {
			d.complain(err, "The datasets could not be listed.")
			return
		}
		d.datasets = slices.DeleteFunc(slices.Clone(list), func(x powerbi.Dataset) bool { return !x.AddRowsAPIEnabled })
		hidden := len(list) - len(d.datasets)
		hint := ""
		switch {
		case len(d.datasets) == 0:
			hint = "No dataset of this workspace takes rows. Choose New dataset."
		case hidden > 0:
			hint = humanize.Count(hidden, "dataset that takes no rows is", "datasets that take no rows are") + " not offered."
		}
		d.datasetRow.SetHint(hint)
		at := slices.IndexFunc(d.datasets, func(x powerbi.Dataset) bool { return x.ID == chosen })
		if at < 0 {
			d.tables = nil
		}
		d.fill()
		d.dataset.SetSelected(at)
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
		d.tables = list
		d.fill()
		if found, err := powerbi.FindTable(list, d.newTable.Text); err == nil {
			d.table.SetSelected(slices.IndexFunc(list, func(t powerbi.Table) bool { return t.Name == found.Name }))
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
}

// told adds the ID to a name that another one has, too.
func told(name, id string, twice bool) string {
	if twice {
		return name + " (" + id + ")"
	}
	return name
}
