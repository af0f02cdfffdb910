package upload

import (
	"slices"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job"
	"pushdesk/storage/workbook"
	"pushdesk/ui/window/widget"
)

// The steps of an upload, in their order.
const (
	stepSource = iota
	stepDestination
	stepColumns
	stepCheck
	stepSend
)

var stepNames = []string{"Source", "Destination", "Columns", "Check", "Send"}

// bundle is what is being put together: a draft, and the other tables of its run,
// which are decided. It is a value: nobody changes one that another has.
type bundle struct {
	draft   job.Draft // as far as it is decided; Checked holds the report and the plan
	others  []job.Draft
	reading int // is another number whenever the draft has another reading
}

// all are the tables of the run, the one that is decided now last.
func (b bundle) all() []job.Draft { return append(slices.Clone(b.others), b.draft) }

// toSend counts the rows of the whole run.
func (b bundle) toSend() (n int64) {
	for _, one := range b.all() {
		n += one.ToSend()
	}
	return n
}

// located reports whether the destination was looked up.
func (b bundle) located() bool { return b.draft.Place.Target.Table != "" }

// step is one step of an upload. It is shown what is decided and gives the next draft
// to its frame. It changes nothing that another step has, and knows no other step.
type step interface {
	Content() fyne.CanvasObject
	// show is called whenever something was decided, here or elsewhere.
	show(bundle)
	// enter is called when the step comes to the front.
	enter()
	// blocked says why the next step cannot be entered; "" when it can.
	blocked() string
}

// frame is what a step may ask of the page around it.
type frame interface {
	// give takes the next draft and shows it to every step. giveReading does that for a
	// draft whose file is read in another way, or is another one.
	give(job.Draft)
	giveReading(job.Draft)
	// addTable, dropTable and clearTables change the other tables of the run.
	addTable()
	dropTable(i int)
	clearTables()
	// bring brings a step to the front.
	bring(step int)
	// refresh is called when it has changed whether one can go on.
	refresh()
	// focus puts the keyboard on the first control of the step in front, or on what goes
	// on where there is nothing to fill in, so that it is never nowhere.
	focus()
	// sending reports whether a run is under way, which holds the other steps.
	sending() bool
	// restart goes back to an empty first step.
	restart()
	// back goes as far as everything is decided.
	back()
	// say, explain and explainFile put a message above the steps, quiet takes it away.
	// explainFile offers to open the file again, which often cures.
	say(widget.Message)
	explain(err error, what string)
	explainFile(err error, what string)
	quiet()
	// askPassword asks for the password of a protected workbook.
	askPassword(path string, why *workbook.Error, then func(password string))
}
