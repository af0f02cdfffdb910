package page

import (
	"pushdesk/connection"
	"pushdesk/ui/window/widget"
)

// SayFinding shows the worst finding of a field below it.
func SayFinding(row *widget.Field, name connection.Field, findings []connection.Finding) {
	var worst *connection.Finding
	for i := range findings {
		if findings[i].Field == name && (worst == nil || worst.Level != connection.LevelFail && findings[i].Level == connection.LevelFail) {
			worst = &findings[i]
		}
	}
	switch {
	case worst == nil:
		row.Say(widget.Neutral, "", "")
	case worst.Level == connection.LevelFail:
		row.Say(widget.Error, worst.Sentence, worst.Remedy)
	default:
		row.Say(widget.Warning, worst.Sentence, worst.Remedy)
	}
}
