package receipt

import (
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/ui/window/widget"
)

// RemarksRow shows what was guessed, changed or left out between the file and the table;
// nil when there is nothing to say.
func RemarksRow(list []remark.Remark) fyne.CanvasObject {
	if len(list) == 0 {
		return nil
	}
	state := widget.Pass
	for _, r := range list {
		if r.Kind == remark.Guess || r.Kind == remark.Damage {
			state = widget.Warn
		}
	}
	return widget.NewCheckRow(widget.CheckResult{State: state, Title: humanize.Count(len(list), "remark"), Evidence: remarkLines(list)})
}

// remarkLines is a line a remark.
func remarkLines(list []remark.Remark) string {
	var lines []string
	for _, r := range list {
		line := r.Sentence
		if r.Column != "" {
			line = r.Column + ": " + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
