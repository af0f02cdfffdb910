package connections

import (
	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// tickList is a list of connections to tick, with what became of each. The
// pages that do something with many connections at once share it.
type tickList struct {
	all     []connection.Connection
	ticked  map[string]bool
	results map[string]tickResult
	rows    *widget.Rows
	changed func()
	locked  bool // while something runs
}

// tickResult is what became of one connection.
type tickResult struct {
	chip widget.RowChip
	says string
}

// newTickList makes the list with all of them ticked.
func newTickList(all []connection.Connection, changed func()) *tickList {
	t := &tickList{all: all, ticked: map[string]bool{}, results: map[string]tickResult{}, changed: changed}
	for _, c := range all {
		t.ticked[c.ID] = true
	}
	t.rows = widget.NewTicks(func() int { return len(t.all) }, t.row, true, true, t.toggle)
	return t
}

func (t *tickList) row(i int) widget.RowData {
	c := t.all[i]
	d := widget.RowData{Title: c.Name, Tick: widget.Unticked, Chips: []widget.RowChip{{Tone: widget.Neutral, Icon: cloudIcon(c.Cloud), Word: cloudWord(c.Cloud)}}}
	if t.ticked[c.ID] {
		d.Tick = widget.Ticked
	}
	if chip, ok := environmentChip(c); ok {
		d.Chips = append(d.Chips, chip)
	}
	d.Caption = c.Workspace
	if r, ok := t.results[c.ID]; ok {
		d.State, d.Caption = r.chip, r.says
	}
	return d
}

func (t *tickList) toggle(i int) {
	if t.locked {
		return
	}
	id := t.all[i].ID
	t.ticked[id] = !t.ticked[id]
	t.changed()
}

// tickAll ticks all, or none.
func (t *tickList) tickAll(on bool) {
	if t.locked {
		return
	}
	for _, c := range t.all {
		t.ticked[c.ID] = on
	}
	t.rows.Reload()
	t.changed()
}

// chosen are the IDs of those that are ticked, in the order of the list.
func (t *tickList) chosen() (ids []string) {
	for _, c := range t.all {
		if t.ticked[c.ID] {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// set says what became of a connection.
func (t *tickList) set(id string, chip widget.RowChip, says string) {
	t.results[id] = tickResult{chip, says}
	t.rows.Reload()
}

// running marks a connection that is being worked on.
func (t *tickList) running(id string) {
	t.set(id, widget.RowChip{Tone: widget.Info, Icon: theme.IconRunning, Word: "Testing"}, "")
}

// waiting marks those that have not had their turn.
func (t *tickList) waiting(ids []string) {
	for _, id := range ids {
		t.results[id] = tickResult{chip: widget.RowChip{Tone: widget.Neutral, Icon: theme.IconWaiting, Word: "Waiting"}}
	}
	t.rows.Reload()
}

// stopped takes back what was only begun.
func (t *tickList) stopped() {
	for id, r := range t.results {
		if r.chip.Word == "Testing" || r.chip.Word == "Waiting" {
			t.results[id] = tickResult{chip: widget.RowChip{Tone: widget.Neutral, Icon: theme.IconStopped, Word: "Not tested"}}
		}
	}
	t.rows.Reload()
}

// outcomeOf is a report in one line, with who can put it right.
func outcomeOf(r doctor.Report) string {
	for _, status := range []doctor.Status{doctor.Fail, doctor.Warn} {
		for _, c := range r.Checks {
			if c.Status == status && c.Who != "" && c.Who != "you" {
				return r.Summary + " Who can fix it: " + c.Who + "."
			}
		}
	}
	return r.Summary
}
