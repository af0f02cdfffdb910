package window

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/push"
	"pushdesk/ui/desk"
	"pushdesk/ui/window/look"
	"pushdesk/ui/window/part"
	"pushdesk/ui/window/post"
)

// destinationStep chooses where the rows go.
type destinationStep struct {
	page     *uploadPage
	lists    *post.Latest // workspaces, datasets, tables: each asks for the next
	locating *post.Latest
	located  bool // the page's upload has the place

	all        []connection.Connection
	workspaces []powerbi.Workspace
	datasets   []powerbi.Dataset // those that take rows
	tables     []powerbi.Table
	named      string // the file for which names were proposed

	connection, workspace      *part.Select
	kind                       *part.Segmented
	dataset, table             *part.Select // of existing ones
	newDataset, newTable       *part.Entry
	connectionRow              *part.Field
	workspaceRow               *part.Field
	datasetRow, tableRow       *part.Field
	newDatasetRow, newTableRow *part.Field
	retention                  *part.Choices
	mode                       *part.Segmented
	modeRow                    *part.Field
	makes, exists              *fyne.Container
	practice                   *part.Button
	offer                      *fyne.Container // of the practice workspace
	content                    fyne.CanvasObject
}

// What kind of destination is chosen.
const (
	kindNew = iota
	kindExisting
)

var retentions = []powerbi.Retention{powerbi.RetentionNone, powerbi.RetentionFIFO}

func newDestinationStep(p *uploadPage) *destinationStep {
	d := &destinationStep{page: p, lists: p.host.Work().Latest(), locating: p.host.Work().Latest()}
	d.connection = part.NewSelect(nil, "Choose a connection", func(int) { d.forget(); d.loadWorkspaces() })
	d.workspace = part.NewSelect(nil, "Choose a workspace", func(int) { d.forget(); d.loadDatasets() })
	d.kind = part.NewSegmented([]part.Option{{Icon: look.IconAdd, Word: "New dataset"}, {Icon: look.IconDatabase, Word: "Existing dataset"}}, kindNew, func(int) { d.forget(); d.arrange() })
	d.dataset = part.NewSelect(nil, "Choose a dataset", func(int) { d.forget(); d.loadTables() })
	d.table = part.NewSelect(nil, "Choose a table", func(int) { d.forget(); d.arrange() })
	d.newDataset, d.newTable = part.NewEntry("For example Orders"), part.NewEntry("For example Orders")
	d.newDataset.Clean, d.newTable.Clean = connection.Clean, connection.Clean
	d.newDataset.OnChanged = func(string) { d.forget(); d.checkNames() }
	d.newTable.OnChanged = func(string) { d.forget(); d.checkNames() }
	d.retention = part.NewChoices([]part.Reason{
		{Title: "Keep every row", About: "Up to 5,000,000 rows a table; then Power BI takes no more. From 250,000 rows on it takes 120 requests an hour instead of a minute."},
		{Title: "Keep the newest 200,000 rows", About: "Power BI drops the oldest rows by itself (basicFIFO). It cannot be changed later."},
	}, 0, func(int) { d.forget(); d.page.refresh() })
	d.mode = part.NewSegmented([]part.Option{{Word: "Add to the rows that are there"}, {Word: "Replace all rows"}}, 0, func(int) { d.forget(); d.arrange() })
	d.practice = part.NewButton(part.Secondary, look.IconPractice, "Add the practice workspace", d.addPractice)

	d.connectionRow = part.NewField("Connection", d.connection, "")
	d.workspaceRow = part.NewField("Workspace", d.workspace, "")
	d.datasetRow = part.NewField("Dataset", d.dataset, "")
	d.tableRow = part.NewField("Table", d.table, "")
	d.newDatasetRow = part.NewField("Dataset name", d.newDataset, "Made in the workspace if there is none of this name.")
	d.newTableRow = part.NewField("Table name", d.newTable, "")
	d.modeRow = part.NewField("Rows", d.mode, "")
	d.makes = part.Column(look.Gap, d.newDatasetRow, d.newTableRow, part.NewField("What Power BI keeps", d.retention, ""))
	d.exists = part.Column(look.Gap, d.datasetRow, d.tableRow, d.modeRow)
	d.offer = part.Row(0, d.practice)
	where := part.Card(part.NewText("Where", part.StyleSection), d.connectionRow, d.offer, d.workspaceRow)
	what := part.Card(part.NewText("What", part.StyleSection), part.NewField("Send into", d.kind, ""), d.makes, d.exists)
	d.content = part.NewScrolled(part.Margins(0, 8, 8, 0, part.Even(look.GapLarge, where, what)))
	d.arrange()
	return d
}

// Content implements uploadStep.
func (d *destinationStep) Content() fyne.CanvasObject { return d.content }

// enter proposes names from the file and looks up what can be chosen.
func (d *destinationStep) enter() {
	r := d.page.upload.Reading
	if r.Book != nil && d.named != r.Book.Path()+"\n"+r.Layout.Source.Name {
		d.named = r.Book.Path() + "\n" + r.Layout.Source.Name
		proposed := desk.PracticeDestination(connection.Connection{}, r)
		d.newDataset.SetText(proposed.Dataset)
		d.newTable.SetText(proposed.Table)
	}
	d.reloadConnections()
	if len(d.workspaces) == 0 && d.connection.Selected() >= 0 && !d.lists.Busy() {
		d.loadWorkspaces()
	}
	d.arrange()
}

func (d *destinationStep) blocked() string {
	existing := d.kind.Selected() == kindExisting
	switch {
	case d.locating.Busy():
		return "Looking up the destination"
	case d.connection.Selected() < 0:
		return "Choose a connection"
	case d.lists.Busy():
		return "Asking Power BI what there is"
	case d.workspace.Selected() < 0:
		return "Choose a workspace"
	case existing && d.dataset.Selected() < 0:
		return "Choose a dataset"
	case existing && d.table.Selected() < 0:
		return "Choose a table"
	case !existing && strings.TrimSpace(d.newDataset.Text) == "":
		return "Name the dataset"
	case !existing && strings.TrimSpace(d.newTable.Text) == "":
		return "Name the table"
	case !existing && d.nameProblem() != nil:
		return "Change the table's name"
	}
	return ""
}

// forget drops what was found out about the destination.
func (d *destinationStep) forget() {
	d.locating.Cancel()
	d.located = false
	d.page.upload.Place = desk.Place{}
	d.page.changed(stepDestination)
}

// reloadConnections lists the connections and keeps the chosen one.
func (d *destinationStep) reloadConnections() {
	if d.page.send.running() {
		return
	}
	chosen := ""
	if i := d.connection.Selected(); i >= 0 && i < len(d.all) {
		chosen = d.all[i].ID
	}
	d.all = d.page.desk.List()
	words := make([]string, len(d.all))
	for i, c := range d.all {
		words[i] = c.Name
	}
	d.connection.SetOptions(words)
	at := slices.IndexFunc(d.all, func(c connection.Connection) bool { return c.ID == chosen })
	if at < 0 && len(d.all) == 1 {
		at = 0
	}
	d.connection.SetSelected(at)
	if at < 0 || d.all[at].ID != chosen {
		d.workspaces, d.datasets, d.tables = nil, nil, nil
		d.fill()
	}
	part.ShowIf(d.offer, len(d.all) == 0)
}

func (d *destinationStep) addPractice() {
	post.Read(d.lists, func(ctx context.Context) (connection.Connection, error) {
		return d.page.desk.PracticeConnection(ctx, true)
	}, func(_ connection.Connection, err error) {
		if err != nil {
			d.page.explain(err, "The practice workspace could not be started.")
			return
		}
		d.reloadConnections()
		d.loadWorkspaces()
	})
	d.page.refresh()
}

// selected is the chosen connection.
func (d *destinationStep) selected() connection.Connection { return d.all[d.connection.Selected()] }

func (d *destinationStep) loadWorkspaces() {
	if d.connection.Selected() < 0 {
		return
	}
	c := d.selected()
	d.workspaces, d.datasets, d.tables = nil, nil, nil
	d.fill()
	d.page.notice.Hide()
	d.workspaceRow.SetHint("Asking Power BI")
	post.Read(d.lists, func(ctx context.Context) ([]powerbi.Workspace, error) {
		return d.page.desk.Workspaces(ctx, c)
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
	d.page.refresh()
}

// complain says what the service answered, with the way to the test.
func (d *destinationStep) complain(err error, what string) {
	m := part.Explain(err, what)
	var entra *connection.EntraError
	var noSecret *desk.NoSecretError
	var answer *powerbi.APIError
	if errors.As(err, &entra) || errors.As(err, &noSecret) || errors.As(err, &answer) && (answer.Status == 401 || answer.Status == 403) {
		m.Action, m.OnAction = "Test the connection", func() { d.page.host.Open(Connections) }
	}
	d.page.notice.Say(m)
	d.page.refresh()
}

func (d *destinationStep) loadDatasets() {
	d.datasets, d.tables = nil, nil
	d.fill()
	if d.workspace.Selected() < 0 {
		d.arrange()
		return
	}
	c, id := d.selected(), d.workspaces[d.workspace.Selected()].ID
	d.page.notice.Hide()
	post.Read(d.lists, func(ctx context.Context) ([]powerbi.Dataset, error) {
		return d.page.desk.Datasets(ctx, c, id)
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
			hint = counted(hidden, "dataset that takes no rows is", "datasets that take no rows are") + " not offered."
		}
		d.datasetRow.SetHint(hint)
		d.fill()
		d.arrange()
	})
	d.page.refresh()
}

func (d *destinationStep) loadTables() {
	d.tables = nil
	d.fill()
	if d.dataset.Selected() < 0 {
		d.arrange()
		return
	}
	c, workspace, dataset := d.selected(), d.workspaces[d.workspace.Selected()].ID, d.datasets[d.dataset.Selected()].ID
	post.Read(d.lists, func(ctx context.Context) ([]powerbi.Table, error) {
		return d.page.desk.Tables(ctx, c, workspace, dataset)
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
	d.page.refresh()
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

// nameProblem is what the service would say against the table's name.
func (d *destinationStep) nameProblem() *powerbi.SchemaProblem {
	t := powerbi.Table{Name: strings.TrimSpace(d.newTable.Text), Columns: []powerbi.Column{{Name: "A", DataType: powerbi.String}}}
	for _, p := range powerbi.CheckTable(t) {
		if !p.Warning {
			return &p
		}
	}
	return nil
}

func (d *destinationStep) checkNames() {
	d.newTableRow.Say(part.Neutral, "", "")
	if strings.TrimSpace(d.newTable.Text) != "" {
		if p := d.nameProblem(); p != nil {
			d.newTableRow.Say(part.Error, p.Sentence, p.Remedy)
		}
	}
	d.page.refresh()
}

// arrange shows the fields of the kind that is chosen.
func (d *destinationStep) arrange() {
	existing := d.kind.Selected() == kindExisting
	part.ShowIf(d.makes, !existing)
	part.ShowIf(d.exists, existing)
	if d.mode.Selected() == 1 {
		d.modeRow.Say(part.Warning, "All rows of the table are deleted right before the first batch is sent.", "This cannot be undone.")
	} else {
		d.modeRow.Say(part.Neutral, "", "")
	}
	d.content.Refresh()
	if d.page.content != nil {
		d.page.refresh()
	}
}

// chosen is the destination as it is chosen.
func (d *destinationStep) chosen() (desk.Destination, push.Mode) {
	dest := desk.Destination{Connection: d.selected(), Workspace: d.workspaces[d.workspace.Selected()].ID}
	if d.kind.Selected() == kindExisting {
		dest.Dataset, dest.Table = d.datasets[d.dataset.Selected()].ID, d.tables[d.table.Selected()].Name
		if d.mode.Selected() == 1 {
			return dest, push.ModeReplace
		}
		return dest, push.ModeAppend
	}
	dest.Dataset, dest.Table = strings.TrimSpace(d.newDataset.Text), strings.TrimSpace(d.newTable.Text)
	dest.Create, dest.Retention = true, retentions[max(d.retention.Selected(), 0)]
	return dest, push.ModeAppend
}

// locate looks the destination up and goes on to the columns.
func (d *destinationStep) locate() {
	if d.located {
		d.page.show(stepColumns)
		return
	}
	dest, mode := d.chosen()
	d.page.notice.Hide()
	post.Read(d.locating, func(ctx context.Context) (desk.Place, error) {
		return d.page.desk.Locate(ctx, dest)
	}, func(place desk.Place, err error) {
		if err != nil {
			d.complain(err, "The destination could not be looked up.")
			return
		}
		d.found(place, mode)
		d.page.show(stepColumns)
	})
	d.page.refresh()
}

// found keeps a place that was looked up.
func (d *destinationStep) found(place desk.Place, mode push.Mode) {
	d.located = true
	d.page.upload.Place, d.page.upload.Mode = place, mode
	d.page.changed(stepDestination)
}

// take shows a destination that was decided elsewhere: the sample's.
func (d *destinationStep) take(place desk.Place, workspaces []powerbi.Workspace) {
	d.all = d.page.desk.List()
	d.workspaces, d.datasets, d.tables = workspaces, nil, nil
	words := make([]string, len(d.all))
	for i, c := range d.all {
		words[i] = c.Name
	}
	d.connection.SetOptions(words)
	d.connection.SetSelected(slices.IndexFunc(d.all, func(c connection.Connection) bool { return c.ID == place.Destination.Connection.ID }))
	part.ShowIf(d.offer, len(d.all) == 0)
	d.fill()
	d.workspace.SetSelected(slices.IndexFunc(workspaces, func(w powerbi.Workspace) bool { return w.ID == place.Target.WorkspaceID }))
	d.kind.SetSelected(kindNew)
	d.named = d.page.upload.Reading.Book.Path() + "\n" + d.page.upload.Reading.Layout.Source.Name
	d.newDataset.SetText(place.Target.DatasetName)
	d.newTable.SetText(place.Target.Table)
	d.found(place, push.ModeAppend)
	d.arrange()
}

// fileName is the name of the file that is uploaded.
func (p *uploadPage) fileName() string { return filepath.Base(p.upload.Reading.Book.Path()) }
