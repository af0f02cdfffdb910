package widget

import (
	"time"

	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/storage/humanize"
	"pushdesk/ui/window/theme"
)

// State is how a check stands.
type State int

const (
	Waiting State = iota
	Running
	Pass
	Warn
	Fail
	Skipped
)

func (s State) icon() theme.Icon {
	return [...]theme.Icon{theme.IconWaiting, theme.IconRunning, theme.IconPass, theme.IconWarning, theme.IconFail, theme.IconSkipped}[s]
}

func (s State) ink() fyne.ThemeColorName {
	return [...]fyne.ThemeColorName{theme.ColorMuted, theme.ColorInfoText, theme.ColorSuccessText, theme.ColorWarningText, theme.ColorErrorText, theme.ColorMuted}[s]
}

// Word names the state.
func (s State) Word() string {
	return [...]string{"Waiting", "Running", "Passed", "Warning", "Failed", "Skipped"}[s]
}

// CheckResult is what a CheckRow shows.
type CheckResult struct {
	State    State
	Title    string
	Evidence string        // what was seen
	Remedy   string        // what to do about it
	Who      string        // who can do it
	Details  string        // codes and IDs
	Took     time.Duration // 0 is not shown
}

// CheckRow is one check: icon, title and duration in a line, below it what was
// seen and what to do.
type CheckRow struct {
	fynewidget.BaseWidget
	result   CheckResult
	glyph    *Glyph
	title    *Text
	took     *Text
	evidence *Paragraph
	remedy   *Paragraph
	who      *Text
	fold     *Fold
	box      *fyne.Container
}

// NewCheckRow makes one.
func NewCheckRow(r CheckResult) *CheckRow {
	c := &CheckRow{
		glyph: NewGlyph(theme.IconWaiting, theme.ColorMuted, 20), title: NewCut("", StyleStrong), took: NewText("", StyleCaption),
		evidence: NewParagraph("", StyleMuted), remedy: NewParagraph("", StyleBody), who: NewText("", StyleCaption), fold: NewFold(""),
	}
	words := Column(4, Row(theme.Gap, Fill(c.title), c.took), c.evidence, c.remedy, c.who, c.fold)
	c.box = TopRow(10, c.glyph, Fill(words))
	c.ExtendBaseWidget(c)
	c.Set(r)
	return c
}

// Set changes what is shown.
func (c *CheckRow) Set(r CheckResult) {
	c.result = r
	c.glyph.Set(r.State.icon(), r.State.ink())
	c.title.SetText(r.Title)
	took := ""
	switch {
	case r.State == Skipped || r.State == Running || r.State == Waiting:
		took = r.State.Word()
	case r.Took > 0:
		took = humanize.Duration(r.Took)
	}
	c.took.SetText(took)
	c.evidence.SetText(r.Evidence)
	ShowIf(c.evidence, r.Evidence != "")
	c.remedy.SetText(r.Remedy)
	ShowIf(c.remedy, r.Remedy != "")
	c.who.SetText("")
	if r.Who != "" && r.Who != "you" {
		c.who.SetText("Who can fix it: " + r.Who)
	}
	ShowIf(c.who, c.who.Text() != "" && (r.State == Fail || r.State == Warn))
	c.fold.SetText(r.Details)
	ShowIf(c.fold, r.Details != "" && (r.State == Fail || r.State == Warn))
	c.box.Refresh()
	c.Refresh()
}

// Result is what is shown.
func (c *CheckRow) Result() CheckResult { return c.result }

// CreateRenderer implements fyne.Widget.
func (c *CheckRow) CreateRenderer() fyne.WidgetRenderer { return fynewidget.NewSimpleRenderer(c.box) }
