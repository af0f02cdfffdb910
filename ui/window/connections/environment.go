package connections

import (
	"slices"

	"pushdesk/connection"
	"pushdesk/ui/window/widget"
)

// newEnvironmentChoice shows the environments, with "None" before them.
func newEnvironmentChoice(e connection.Environment) *widget.Segmented {
	options := []widget.Option{{Word: "None"}}
	for _, known := range connection.Environments {
		chip, _ := environmentChip(connection.Connection{Environment: known})
		options = append(options, widget.Option{Word: chip.Word})
	}
	return widget.NewSegmented(options, slices.Index(connection.Environments, e)+1, nil)
}

// environmentOf is the environment that is chosen. One that only a newer program
// knows is shown as none and is not changed.
func environmentOf(s *widget.Segmented, was connection.Environment) connection.Environment {
	if i := s.Selected(); i > 0 {
		return connection.Environments[i-1]
	}
	if slices.Contains(connection.Environments, was) {
		return ""
	}
	return was
}
