package receipt

import (
	"fmt"
	"path/filepath"
	"pushdesk/powerbi/push/words"
	"strings"

	"pushdesk/powerbi/push/history"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Title names a run by its file; a journal that cannot be read has only its ID.
func Title(r history.Receipt) string {
	switch {
	case r.File != "":
		return filepath.Base(r.File)
	case r.Table != "":
		return r.Table
	}
	return r.RunID
}

// Outcome is how a run ended, in a word.
func Outcome(r history.Receipt) widget.RowChip {
	switch r.Status {
	case history.StatusUndone:
		return widget.RowChip{Tone: widget.Neutral, Icon: theme.IconArrowLeft, Word: "Undone"}
	case history.StatusPartial:
		return widget.RowChip{Tone: widget.Warning, Icon: theme.IconWarning, Word: "Partial"}
	case history.StatusDone:
		return widget.RowChip{Tone: widget.Success, Icon: theme.IconPass, Word: "Done"}
	case history.StatusUnproven:
		if !r.Undone.IsZero() {
			return widget.RowChip{Tone: widget.Neutral, Icon: theme.IconArrowLeft, Word: "Undone"}
		}
		return widget.RowChip{Tone: widget.Warning, Icon: theme.IconUnknown, Word: "Not proven"}
	case history.StatusStopped:
		return widget.RowChip{Tone: widget.Warning, Icon: theme.IconStopped, Word: "Stopped"}
	case history.StatusUnknown:
		return widget.RowChip{Tone: widget.Warning, Icon: theme.IconUnknown, Word: "Unknown"}
	case history.StatusRunning:
		return widget.RowChip{Tone: widget.Info, Icon: theme.IconRunning, Word: "Running"}
	}
	return widget.RowChip{Tone: widget.Error, Icon: theme.IconFail, Word: "Failed"}
}

// Text is a receipt to paste into a message.
func Text(r history.Receipt) string {
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-18s %s\n", key+":", value)
		}
	}
	line("Run", r.RunID)
	line("Outcome", Outcome(r).Word)
	line("Reason", r.Reason)
	line("File", r.File)
	line("Sheet", r.Sheet)
	line("Workspace", r.Workspace)
	line("Dataset", r.Dataset)
	line("Table", r.Table)
	line("Started", humanize.DateTime(r.Started))
	for _, t := range words.Totals(r) {
		line("Rows "+strings.ToLower(t.Name), t.Value())
	}
	return b.String()
}
