package window

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/push/plan"
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
	shape                      *part.Segmented
	shapeRow                   *part.Field
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

// backAgain says what can be done about rows that were replaced.
const backAgain = "Undo under Activity brings them back only when this computer has sent them all, from files that are unchanged."

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
	d.shape = part.NewSegmented([]part.Option{{Word: "Keep the table's columns"}, {Word: "Change them to the file's"}}, 0, func(int) { d.forget(); d.arrange() })
	d.practice = part.NewButton(part.Secondary, look.IconPractice, "Add the practice workspace", d.addPractice)

	d.connectionRow = part.NewField("Connection", d.connection, "")
	d.workspaceRow = part.NewField("Workspace", d.workspace, "")
	d.datasetRow = part.NewField("Dataset", d.dataset, "")
	d.tableRow = part.NewField("Table", d.table, "")
	d.newDatasetRow = part.NewField("Dataset name", d.newDataset, "Made in the workspace if there is none of this name.")
	d.newTableRow = part.NewField("Table name", d.newTable, "")
	d.modeRow = part.NewField("Rows", d.mode, "")
	d.shapeRow = part.NewField("Columns", d.shape, "")
	d.makes = part.Column(look.Gap, d.newDatasetRow, d.newTableRow, part.NewField("What Power BI keeps", d.retention, ""))
	d.exists = part.Column(look.Gap, d.datasetRow, d.tableRow, d.modeRow, d.shapeRow)
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
		if len(d.page.laid) == 0 { // else it is that of the tables laid by
			d.newDataset.SetText(proposed.Dataset)
		}
		d.newTable.SetText(proposed.Table)
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
	d.newDatasetRow.Say(part.Neutral, "", "")
	if _, err := powerbi.FindDataset(d.datasets, d.newDataset.Text); err == nil {
		d.newDatasetRow.Say(part.Info, "A dataset of this name is there.", "The rows are added to its table; what it keeps was decided when it was made.")
	}
	d.newTableRow.Say(part.Neutral, "", "")
	if strings.TrimSpace(d.newTable.Text) != "" {
		if p := d.nameProblem(); p != nil {
			d.newTableRow.Say(part.Error, p.Sentence, p.Remedy)
		}
	}
}

// arrange shows the fields of the kind that is chosen.
func (d *destinationStep) arrange() {
	existing := d.kind.Selected() == kindExisting
	d.sayNames()
	part.ShowIf(d.makes, !existing)
	part.ShowIf(d.exists, existing)
	if d.mode.Selected() == 1 {
		d.modeRow.Say(part.Warning, "All rows of the table are deleted right before the first batch is sent.", backAgain)
	} else {
		d.modeRow.Say(part.Neutral, "", "")
	}
	if d.shape.Selected() == 1 {
		d.shapeRow.Say(part.Warning, "The table gets the columns and types of the file.", "What is dropped or changed is shown before anything is sent.")
	} else {
		d.shapeRow.Say(part.Neutral, "", "")
	}
	d.content.Refresh()
	if d.page.content != nil {
		d.page.refresh()
	}
}

// chosen is the destination as it is chosen.
func (d *destinationStep) chosen() (desk.Destination, plan.Mode) {
	dest := desk.Destination{Connection: d.selected(), Workspace: d.workspaces[d.workspace.Selected()].ID}
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
func (d *destinationStep) found(place desk.Place, mode plan.Mode) {
	d.located = true
	d.page.upload.Place, d.page.upload.Mode, d.page.upload.Reshape = place, mode, place.Exists && place.Destination.Reshape
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
	d.found(place, plan.ModeAppend)
	d.arrange()
}
