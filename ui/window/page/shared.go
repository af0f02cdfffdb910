package page

import (
	"pushdesk/connection/team"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// ProofChip says whether a shared connection is proven. An old proof is grey.
func ProofChip(c team.ConnectionView) widget.RowChip {
	switch s := c.Proof; s.State {
	case team.StampProven:
		return widget.RowChip{Tone: widget.Success, Icon: theme.IconPass, Word: "Proven by " + s.Name + " on " + humanize.Date(s.At)}
	case team.StampOld:
		return widget.RowChip{Tone: widget.Neutral, Icon: theme.IconTick, Word: "Proven " + humanize.Count(s.Age, "day") + " ago"}
	case team.StampStale:
		return widget.RowChip{Tone: widget.Warning, Icon: theme.IconRefresh, Word: "Changed since " + s.Name + "'s test"}
	case team.StampPartly:
		return widget.RowChip{Tone: widget.Warning, Icon: theme.IconUnknown, Word: "The right to push is not proven"}
	case team.StampFailed:
		return widget.RowChip{Tone: widget.Error, Icon: theme.IconFail, Word: "Fails"}
	}
	return widget.RowChip{Tone: widget.Warning, Icon: theme.IconUnknown, Word: "Not proven"}
}

// SharedState is how a shared connection stands, in a chip of a list. The worst is said:
// that it is not used, that a colleague's test fails, else what its proof is worth.
func SharedState(v team.View, c team.ConnectionView) widget.RowChip {
	failing := c.Failing()
	switch s := c.Proof; {
	case team.IsUntrusted(c.Problem):
		return widget.RowChip{Tone: widget.Error, Icon: theme.IconWarning, Word: "Untrusted"}
	case c.Problem != nil || v.Standing != team.StandingMember:
		return widget.RowChip{Tone: widget.Error, Icon: theme.IconWarning, Word: "Not usable"}
	case len(c.Conflicts) > 1:
		return widget.RowChip{Tone: widget.Warning, Icon: theme.IconWarning, Word: humanize.Count(len(c.Conflicts), "version")}
	case len(failing) > 0:
		return widget.RowChip{Tone: widget.Warning, Icon: theme.IconFail, Word: "Fails for " + failing[0].Name}
	case s.State == team.StampProven:
		return widget.RowChip{Tone: widget.Success, Icon: theme.IconPass, Word: "Proven"}
	case s.State == team.StampOld:
		return widget.RowChip{Tone: widget.Neutral, Icon: theme.IconTick, Word: "Proven " + humanize.Count(s.Age, "day") + " ago"}
	case s.State == team.StampStale:
		return widget.RowChip{Tone: widget.Warning, Icon: theme.IconRefresh, Word: "Changed since"}
	}
	return widget.RowChip{Tone: widget.Warning, Icon: theme.IconUnknown, Word: "Not proven"}
}
