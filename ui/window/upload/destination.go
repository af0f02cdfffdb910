package upload

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/text"
	"pushdesk/ui/app"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// destinationStep chooses where the rows go.
type destinationStep struct {
	page     *Page
	lists    *task.Latest // workspaces, datasets, tables: each asks for the next
	locating *task.Latest
	located  bool // the page's upload has the place

	all        []connection.Connection
	workspaces []powerbi.Workspace
	datasets   []powerbi.Dataset // those that take rows
	tables     []powerbi.Table
	named      string // the file for which names were proposed

	connection, workspace      *widget.Select
	kind                       *widget.Segmented
	dataset, table             *widget.Select // of existing ones
	newDataset, newTable       *widget.Entry
	connectionRow              *widget.Field
	workspaceRow               *widget.Field
	datasetRow, tableRow       *widget.Field
	newDatasetRow, newTableRow *widget.Field
	retention                  *widget.Choices
	mode                       *widget.Segmented
	modeRow                    *widget.Field
	shape                      *widget.Segmented
	shapeRow                   *widget.Field
	makes, exists              *fyne.Container
	practice                   *widget.Button
	offer                      *fyne.Container // of the practice workspace
	content                    fyne.CanvasObject
}

// What kind of destination is chosen.
const (
	kindNew = iota
	kindExisting
)

// backAgain says what can be done about rows that were replaced.
const backAgain = "Undo under Activity brings them back only when this computer has sent them all, from files that are unchanged."

var retentions = []powerbi.Retention{powerbi.RetentionNone, powerbi.RetentionFIFO}

func newDestinationStep(p *Page) *destinationStep {
	d := &destinationStep{page: p, lists: p.host.Work().Latest(), locating: p.host.Work().Latest()}
	d.connection = widget.NewSelect(nil, "Choose a connection", func(int) { d.forget(); d.loadWorkspaces() })
	d.workspace = widget.NewSelect(nil, "Choose a workspace", func(int) { d.forget(); d.loadDatasets() })
	d.kind = widget.NewSegmented([]widget.Option{{Icon: theme.IconAdd, Word: "New dataset"}, {Icon: theme.IconDatabase, Word: "Existing dataset"}}, kindNew, func(int) { d.forget(); d.arrange() })
	d.dataset = widget.NewSelect(nil, "Choose a dataset", func(int) { d.forget(); d.loadTables() })
	d.table = widget.NewSelect(nil, "Choose a table", func(int) { d.forget(); d.arrange() })
	d.newDataset, d.newTable = widget.NewEntry("For example Orders"), widget.NewEntry("For example Orders")
	d.newDataset.Clean, d.newTable.Clean = text.Clean, text.Clean
	d.newDataset.OnChanged = func(string) { d.forget(); d.checkNames() }
	d.newTable.OnChanged = func(string) { d.forget(); d.checkNames() }
	d.retention = widget.NewChoices([]widget.Reason{
		{Title: "Keep every row", About: "Up to 5,000,000 rows a table; then Power BI takes no more. From 250,000 rows on it takes 120 requests an hour instead of a minute."},
		{Title: "Keep the newest 200,000 rows", About: "Power BI drops the oldest rows by itself (basicFIFO). It cannot be changed later."},
	}, 0, func(int) { d.forget(); d.page.refresh() })
	d.mode = widget.NewSegmented([]widget.Option{{Word: "Add to the rows that are there"}, {Word: "Replace all rows"}}, 0, func(int) { d.forget(); d.arrange() })
	d.shape = widget.NewSegmented([]widget.Option{{Word: "Keep the table's columns"}, {Word: "Change them to the file's"}}, 0, func(int) { d.forget(); d.arrange() })
	d.practice = widget.NewButton(widget.Secondary, theme.IconPractice, "Add the practice workspace", d.addPractice)

	d.connectionRow = widget.NewField("Connection", d.connection, "")
	d.workspaceRow = widget.NewField("Workspace", d.workspace, "")
	d.datasetRow = widget.NewField("Dataset", d.dataset, "")
	d.tableRow = widget.NewField("Table", d.table, "")
	d.newDatasetRow = widget.NewField("Dataset name", d.newDataset, "Made in the workspace if there is none of this name.")
	d.newTableRow = widget.NewField("Table name", d.newTable, "")
	d.modeRow = widget.NewField("Rows", d.mode, "")
	d.shapeRow = widget.NewField("Columns", d.shape, "")
	d.makes = widget.Column(theme.Gap, d.newDatasetRow, d.newTableRow, widget.NewField("What Power BI keeps", d.retention, ""))
	d.exists = widget.Column(theme.Gap, d.datasetRow, d.tableRow, d.modeRow, d.shapeRow)
	d.offer = widget.Row(0, d.practice)
	where := widget.Card(widget.NewText("Where", widget.StyleSection), d.connectionRow, d.offer, d.workspaceRow)
	what := widget.Card(widget.NewText("What", widget.StyleSection), widget.NewField("Send into", d.kind, ""), d.makes, d.exists)
	d.content = widget.NewScrolled(widget.Margins(0, 0, 8, 0, widget.Even(theme.GapLarge, where, what)))
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
		proposed := job.PracticeDestination(job.Connection{}, r)
		if len(d.page.laid) == 0 { // else it is that of the tables laid by
			d.newDataset.SetText(proposed.Dataset)
		}
		d.newTable.SetText(d.free(proposed.Table))
		if i := d.table.Selected(); i >= 0 && d.taken(d.tables[i].Name) {
			d.table.SetSelected(-1)
		}
	}
	d.reloadConnections()
	switch {
	case d.lists.Busy():
	case len(d.workspaces) == 0:
		d.loadWorkspaces()
	case d.workspace.Selected() >= 0:
		d.listDatasets() // the last run may have made one
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
	return d.unlike()
}

// forget drops what was found out about the destination.
func (d *destinationStep) forget() {
	d.locating.Cancel()
	d.located = false
	d.page.upload.Place = job.Place{}
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
	d.all = d.page.service.List()
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
	widget.ShowIf(d.offer, len(d.all) == 0)
}

func (d *destinationStep) addPractice() {
	task.Read(d.lists, func(ctx context.Context) (connection.Connection, error) {
		return d.page.service.PracticeConnection(ctx, true)
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
	d.sayNames()
	d.page.refresh()
}

// sayNames says below the names of a new dataset what is to be known about them.
func (d *destinationStep) sayNames() {
	d.newDatasetRow.Say(widget.Neutral, "", "")
	if _, err := powerbi.FindDataset(d.datasets, d.newDataset.Text); err == nil {
		d.newDatasetRow.Say(widget.Info, "A dataset of this name is there.", "The rows are added to its table; what it keeps was decided when it was made.")
	}
	d.newTableRow.Say(widget.Neutral, "", "")
	if strings.TrimSpace(d.newTable.Text) != "" {
		if p := d.nameProblem(); p != nil {
			d.newTableRow.Say(widget.Error, p.Sentence, p.Remedy)
		}
	}
}

// arrange shows the fields of the kind that is chosen.
func (d *destinationStep) arrange() {
	existing := d.kind.Selected() == kindExisting
	d.sayNames()
	widget.ShowIf(d.makes, !existing)
	widget.ShowIf(d.exists, existing)
	if d.mode.Selected() == 1 {
		d.modeRow.Say(widget.Warning, "All rows of the table are deleted right before the first batch is sent.", backAgain)
	} else {
		d.modeRow.Say(widget.Neutral, "", "")
	}
	if d.shape.Selected() == 1 {
		d.shapeRow.Say(widget.Warning, "The table gets the columns and types of the file.", "What is dropped or changed is shown before anything is sent.")
	} else {
		d.shapeRow.Say(widget.Neutral, "", "")
	}
	d.content.Refresh()
	if d.page.content != nil {
		d.page.refresh()
	}
}

// chosen is the destination as it is chosen.
func (d *destinationStep) chosen() (job.Destination, plan.Mode) {
	dest := job.Destination{Connection: app.For(d.selected()), Workspace: d.workspaces[d.workspace.Selected()].ID}
	if d.kind.Selected() == kindExisting {
		dest.Dataset, dest.Table = d.datasets[d.dataset.Selected()].ID, d.tables[d.table.Selected()].Name
		dest.Reshape = d.shape.Selected() == 1
		if d.mode.Selected() == 1 {
			return dest, plan.ModeReplace
		}
		return dest, plan.ModeAppend
	}
	dest.Dataset, dest.Table = strings.TrimSpace(d.newDataset.Text), strings.TrimSpace(d.newTable.Text)
	dest.Create, dest.Retention = true, retentions[max(d.retention.Selected(), 0)]
	return dest, plan.ModeAppend
}

// locate looks the destination up and goes on to the columns.
func (d *destinationStep) locate() {
	if d.located {
		d.page.show(stepColumns)
		return
	}
	dest, mode := d.chosen()
	d.page.notice.Hide()
	task.Read(d.locating, func(ctx context.Context) (job.Place, error) {
		return d.page.service.Locate(ctx, dest)
	}, func(place job.Place, err error) {
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
func (d *destinationStep) found(place job.Place, mode plan.Mode) {
	d.located = true
	d.page.upload.Place, d.page.upload.Mode, d.page.upload.Reshape = place, mode, place.Exists && place.Destination.Reshape
	d.page.changed(stepDestination)
}

// take shows a destination that was decided elsewhere: the sample's.
func (d *destinationStep) take(place job.Place, workspaces []powerbi.Workspace) {
	d.all = d.page.service.List()
	d.workspaces, d.datasets, d.tables = workspaces, nil, nil
	words := make([]string, len(d.all))
	for i, c := range d.all {
		words[i] = c.Name
	}
	d.connection.SetOptions(words)
	d.connection.SetSelected(slices.IndexFunc(d.all, func(c connection.Connection) bool { return c.ID == place.Destination.Connection.ID }))
	widget.ShowIf(d.offer, len(d.all) == 0)
	d.fill()
	d.workspace.SetSelected(slices.IndexFunc(workspaces, func(w powerbi.Workspace) bool { return w.ID == place.Target.WorkspaceID }))
	d.kind.SetSelected(kindNew)
	d.named = d.page.upload.Reading.Book.Path() + "\n" + d.page.upload.Reading.Layout.Source.Name
	d.newDataset.SetText(place.Target.DatasetName)
	d.newTable.SetText(place.Target.Table)
	d.found(place, plan.ModeAppend)
	d.arrange()
}
