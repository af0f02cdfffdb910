package upload

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/text"
	"pushdesk/ui/app"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// destinationService is what the step needs from below.
type destinationService interface {
	List() []connection.Connection
	PracticeConnection(ctx context.Context, save bool) (connection.Connection, error)
	Workspaces(ctx context.Context, connectionID string) ([]powerbi.Workspace, error)
	Datasets(ctx context.Context, connectionID, workspaceID string) ([]powerbi.Dataset, error)
	Tables(ctx context.Context, connectionID, workspaceID, datasetID string) ([]powerbi.Table, error)
	Locate(ctx context.Context, dest job.Destination) (job.Place, error)
}

// destinationStep chooses where the rows go.
type destinationStep struct {
	frame    frame
	host     page.Host
	service  destinationService
	now      bundle
	lists    *task.Latest // workspaces, datasets, tables: each asks for the next
	locating *task.Latest
	onTable  func(job.Destination) // opens a table; nil: nothing does

	offered
	named string // the file for which names were proposed

	connection, workspace       *widget.Select
	connectionRow, workspaceRow *widget.Field
	searches                    []search // of lists that may be long
	kind                        *widget.Segmented
	newPlace
	existingPlace
	practice *widget.Button
	offer    *fyne.Container // of the practice workspace
	content  fyne.CanvasObject
}

// newPlace asks for a dataset that is made.
type newPlace struct {
	newDataset, newTable       *widget.Entry
	newDatasetRow, newTableRow *widget.Field
	retention                  *widget.Choices
	makes                      *fyne.Container
}

// existingPlace asks for a dataset that is there, and what becomes of its rows.
type existingPlace struct {
	dataset, table       *widget.Select
	datasetRow, tableRow *widget.Field
	mode                 *widget.Segmented
	modeRow              *widget.Field
	shape                *widget.Segmented
	shapeRow             *widget.Field
	alter                *widget.Button
	exists               *fyne.Container
}

// What kind of destination is chosen.
const (
	kindNew = iota
	kindExisting
)

// backAgain says what can be done about rows that were replaced.
const backAgain = "Undo under Activity can restore them only if this computer sent all of them, from files that have not changed."

var retentions = []powerbi.Retention{powerbi.RetentionNone, powerbi.RetentionFIFO}

func newDestinationStep(f frame, h page.Host, s destinationService) *destinationStep {
	d := &destinationStep{frame: f, host: h, service: s, lists: h.Work().Latest(), locating: h.Work().Latest()}
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
		{Title: "Keep every row", About: "Holds up to 5,000,000 rows; Power BI refuses more. Above 250,000 rows: 120 requests an hour instead of a minute."},
		{Title: "Keep the newest 200,000 rows", About: "Power BI drops the oldest rows automatically (basicFIFO). This cannot be changed later."},
	}, 0, func(int) { d.forget(); d.frame.refresh() })
	d.mode = widget.NewSegmented([]widget.Option{{Word: "Add to the rows that are there"}, {Word: "Replace all rows"}}, 0, func(int) { d.forget(); d.arrange() })
	d.shape = widget.NewSegmented([]widget.Option{{Word: "Keep the table's columns"}, {Word: "Change them to the file's"}}, 0, func(int) { d.forget(); d.arrange() })
	d.alter = widget.NewButton(widget.Secondary, theme.IconTable, "Show or change the table", func() {
		if dest, _ := d.chosen(); d.onTable != nil {
			dest.Reshape = false
			d.onTable(dest)
		}
	})
	d.practice = widget.NewButton(widget.Secondary, theme.IconPractice, "Add the practice workspace", d.addPractice)

	d.connectionRow = widget.NewField("Connection", d.connection, "")
	d.workspaceRow = widget.NewField("Workspace", d.workspace, "")
	d.datasetRow = widget.NewField("Dataset", d.dataset, "")
	d.tableRow = widget.NewField("Table", d.table, "")
	d.newDatasetRow = widget.NewField("Dataset name", d.newDataset, "Created in the workspace if it does not exist.")
	d.newTableRow = widget.NewField("Table name", d.newTable, "")
	d.modeRow = widget.NewField("Rows", d.mode, "")
	d.shapeRow = widget.NewField("Columns", d.shape, "")
	d.searches = []search{newSearch(d.dataset, d.datasetRow, "dataset"), newSearch(d.table, d.tableRow, "table"), newSearch(d.workspace, d.workspaceRow, "workspace")}
	d.makes = widget.Column(theme.Gap, d.newDatasetRow, d.newTableRow, widget.NewField("What Power BI keeps", d.retention, ""))
	d.exists = widget.Column(theme.Gap, d.searches[0].box, d.datasetRow, d.searches[1].box, d.tableRow, d.modeRow, d.shapeRow, widget.Row(0, d.alter))
	d.offer = widget.Row(0, d.practice)
	where := widget.Card(widget.NewText("Where", widget.StyleSection), d.connectionRow, d.offer, d.searches[2].box, d.workspaceRow)
	what := widget.Card(widget.NewText("What", widget.StyleSection), widget.NewField("Send into", d.kind, ""), d.makes, d.exists)
	d.content = widget.NewScrolled(widget.Margins(0, 0, 8, 0, widget.EvenOrStacked(theme.GapLarge, where, what)))
	d.arrange()
	return d
}

// Content implements step.
func (d *destinationStep) Content() fyne.CanvasObject { return d.content }

// show implements step.
func (d *destinationStep) show(b bundle) {
	if b.reading != d.now.reading {
		d.locating.Cancel()
	}
	if b.draft.Reading.Book == nil || len(b.others) != len(d.now.others) {
		d.named = "" // names are proposed anew
	}
	d.now = b
}

// joinOthers chooses the dataset of the tables that were added where it exists already:
// Power BI adds no new table to one.
func (d *destinationStep) joinOthers() {
	if len(d.now.others) == 0 || !d.now.others[0].Place.Exists || d.kind.Selected() == kindExisting {
		return
	}
	id := d.now.others[0].Place.Target.DatasetID
	at := slices.IndexFunc(d.datasets, func(x powerbi.Dataset) bool { return x.ID == id })
	if at < 0 {
		return
	}
	d.kind.SetSelected(kindExisting)
	d.dataset.SetSelected(at)
	d.loadTables()
}

// nameOf names a table of a file, to tell whether another one was chosen.
func nameOf(r job.Reading) string { return r.Book.Path() + "\n" + r.Layout.Source.Name }

// enter proposes names from the file and looks up what can be chosen.
func (d *destinationStep) enter() {
	r := d.now.draft.Reading
	if r.Book != nil && d.named != nameOf(r) {
		d.named = nameOf(r)
		proposed := job.PracticeDestination(job.Connection{}, r)
		if len(d.now.others) == 0 { // else it is that of the tables that were added
			d.newDataset.SetText(proposed.Dataset)
		}
		d.newTable.SetText(d.free(proposed.Table))
		d.joinOthers()
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
		return "Loading the list from Power BI"
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
	case !existing && d.nameProblem() != nil && !d.nameProblem().Warning:
		return "Change the table's name"
	}
	return d.unlike()
}

// forget drops what was found out about the destination.
func (d *destinationStep) forget() {
	d.locating.Cancel()
	if d.now.located() {
		d.frame.give(d.now.draft.To(job.Place{}, ""))
	}
}

// reloadConnections lists the connections and keeps the chosen one.
func (d *destinationStep) reloadConnections() {
	if d.frame.sending() {
		return
	}
	chosen := ""
	if i := d.connection.Selected(); i >= 0 && i < len(d.all) {
		chosen = d.all[i].ID
	}
	d.all = d.service.List()
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
		return d.service.PracticeConnection(ctx, true)
	}, func(_ connection.Connection, err error) {
		if err != nil {
			d.frame.explain(err, "The practice workspace could not be started.")
			return
		}
		d.reloadConnections()
		d.loadWorkspaces()
	})
	d.frame.refresh()
}

// selected is the chosen connection.
func (d *destinationStep) selected() connection.Connection { return d.all[d.connection.Selected()] }

// nameProblem is what the service would say against the table's name, or how it would
// mishandle it; nil when nothing is wrong.
func (d *destinationStep) nameProblem() (found *powerbi.SchemaProblem) {
	t := powerbi.Table{Name: strings.TrimSpace(d.newTable.Text), Columns: []powerbi.Column{{Name: "A", DataType: powerbi.String}}}
	for _, p := range powerbi.CheckTable(t) {
		if found == nil || found.Warning && !p.Warning {
			found = &p
		}
	}
	return found
}

func (d *destinationStep) checkNames() {
	d.sayNames()
	d.frame.refresh()
}

// sayNames says below the names of a new dataset what is to be known about them.
func (d *destinationStep) sayNames() {
	d.newDatasetRow.Say(widget.Neutral, "", "")
	if _, err := powerbi.FindDataset(d.datasets, d.newDataset.Text); err == nil {
		d.newDatasetRow.Say(widget.Info, "A dataset with this name exists.", "The rows are added to its table. Its retention was set when it was created.")
	}
	d.newTableRow.Say(widget.Neutral, "", "")
	if strings.TrimSpace(d.newTable.Text) != "" {
		if p, tone := d.nameProblem(), widget.Error; p != nil {
			if p.Warning {
				tone = widget.Warning
			}
			d.newTableRow.Say(tone, p.Sentence, p.Remedy)
		}
	}
}

// arrange shows the fields of the kind that is chosen.
func (d *destinationStep) arrange() {
	existing := d.kind.Selected() == kindExisting
	d.sayNames()
	widget.ShowIf(d.makes, !existing)
	widget.ShowIf(d.exists, existing)
	widget.ShowIf(d.alter, existing && d.table.Selected() >= 0 && d.onTable != nil)
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
	d.frame.refresh()
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
	if d.now.located() {
		d.frame.bring(stepColumns)
		return
	}
	dest, mode := d.chosen()
	d.frame.quiet()
	task.Read(d.locating, func(ctx context.Context) (job.Place, error) {
		return d.service.Locate(ctx, dest)
	}, func(place job.Place, err error) {
		if err != nil {
			d.complain(err, "The destination could not be looked up.")
			return
		}
		d.frame.give(d.now.draft.To(place, mode))
		d.frame.bring(stepColumns)
	})
	d.frame.refresh()
}

// take shows a destination that was decided elsewhere: the sample's, or that of a run.
func (d *destinationStep) take(r job.Reading, place job.Place, workspaces []powerbi.Workspace, partial error) {
	d.all = d.service.List()
	d.workspaces, d.datasets, d.tables = workspaces, nil, nil
	words := make([]string, len(d.all))
	for i, c := range d.all {
		words[i] = c.Name
	}
	d.connection.SetOptions(words)
	d.connection.SetSelected(slices.IndexFunc(d.all, func(c connection.Connection) bool { return c.ID == place.Destination.Connection.ID }))
	widget.ShowIf(d.offer, len(d.all) == 0)
	d.fill()
	d.workspaceRow.SetHint(whyPartial(partial))
	d.workspace.SetSelected(slices.IndexFunc(workspaces, func(w powerbi.Workspace) bool { return w.ID == place.Target.WorkspaceID }))
	d.kind.SetSelected(kindNew)
	d.named = nameOf(r)
	d.newDataset.SetText(place.Target.DatasetName)
	d.newTable.SetText(place.Target.Table)
	d.arrange()
}

// taken reports whether a table of the run goes into the table of a name already.
func (d *destinationStep) taken(name string) bool {
	return slices.ContainsFunc(d.now.others, func(one job.Draft) bool { return strings.EqualFold(one.Place.Target.Table, name) })
}

// free is a name that no table of the run has.
func (d *destinationStep) free(name string) string {
	proposed := name
	for n := 2; d.taken(proposed); n++ {
		proposed = fmt.Sprintf("%s %d", name, n)
	}
	return proposed
}

// unlike says what keeps the chosen destination from being that of the tables that
// were added; "" when nothing does.
func (d *destinationStep) unlike() string {
	laid := d.now.others
	if len(laid) == 0 || d.connection.Selected() < 0 || d.workspace.Selected() < 0 {
		return ""
	}
	dest, _ := d.chosen()
	was := laid[0].Place
	same := dest.Connection.ID == was.Destination.Connection.ID && dest.Workspace == was.Target.WorkspaceID &&
		(dest.Create && strings.EqualFold(dest.Dataset, was.Target.DatasetName) && (was.Exists || dest.Retention == was.Destination.Retention) || !dest.Create && dest.Dataset == was.Target.DatasetID)
	if !same {
		return "The tables that were added go into " + was.Target.DatasetName + ": choose the same dataset"
	}
	if d.taken(dest.Table) {
		return "The table " + dest.Table + " was added already"
	}
	return ""
}
