// Package newrows asks by which column the new rows of a file that repeats what was sent are
// told.
package newrows

import (
	"fyne.io/fyne/v2"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/fresh"
	"pushdesk/powerbi/push/plan"
	"pushdesk/ui/window/widget"
)

// Chooser offers to send only new rows.
type Chooser struct {
	Content *fyne.Container

	by      *widget.Segmented
	column  *widget.Select
	use     *widget.Button
	all     *widget.Button
	said    *widget.Paragraph
	asks    *fyne.Container
	fields  []powerbi.Column // that are sent from the file
	offered []string         // of them, those that the column is chosen from
}

// The ways in which new rows are told.
const (
	byKey = iota
	byGrowing
)

// New makes one. choose is told the column, and back that all rows are to be sent again.
func New(choose func(fresh.By), back func()) *Chooser {
	c := &Chooser{said: widget.NewParagraph("", widget.StyleBody)}
	c.by = widget.NewSegmented([]widget.Option{{Word: "Values the table does not have"}, {Word: "Above the last in the table"}}, byKey, func(int) { c.offer() })
	c.column = widget.NewSelect(nil, "Choose a column", func(i int) { c.use.SetEnabled(i >= 0) })
	c.use = widget.NewButton(widget.Secondary, "", "Send only new rows", func() {
		if i := c.column.Selected(); i >= 0 {
			choose(fresh.By{Column: c.offered[i], Growing: c.by.Selected() == byGrowing})
		}
	})
	c.all = widget.NewButton(widget.Secondary, "", "Send all rows", back)
	c.asks = widget.Column(8, c.by, widget.NewField("Column that tells new rows", c.column, ""), widget.Row(0, c.use))
	c.Content = widget.Column(8, widget.NewText("New rows", widget.StyleStrong), c.said, c.asks, widget.Row(0, c.all))
	c.Content.Hide()
	return c
}

// Show offers the columns of a checked draft; nothing where rows are not added to a table
// that is there.
func (c *Chooser) Show(d job.Draft) {
	past := d.Mapping.Past
	widget.ShowIf(c.Content, d.Place.Exists && d.Mode != plan.ModeReplace && d.Of == "")
	c.said.SetText("If the file repeats rows that were sent before, only the new ones can be sent. Which are new is told by a column: rows with a key that the table does not have, or with a number or time above the last one in the table.")
	if past != nil {
		c.said.SetText(d.Mapping.FilterWords() + ".")
	}
	widget.ShowIf(c.asks, past == nil)
	widget.ShowIf(c.all, past != nil)
	c.fields = nil
	for _, f := range d.Mapping.Used() {
		if f.From >= 0 && !f.IsConstant() {
			c.fields = append(c.fields, f.Target)
		}
	}
	c.offer()
}

// offer lists the columns that can tell new rows in the chosen way.
func (c *Chooser) offer() {
	chosen := ""
	if i := c.column.Selected(); i >= 0 && i < len(c.offered) {
		chosen = c.offered[i]
	}
	c.offered = nil
	at := -1
	for _, f := range c.fields {
		if f.DataType == powerbi.Boolean || c.by.Selected() == byGrowing && f.DataType == powerbi.String {
			continue
		}
		if f.Name == chosen {
			at = len(c.offered)
		}
		c.offered = append(c.offered, f.Name)
	}
	c.column.SetOptions(c.offered)
	c.column.SetSelected(at)
	c.use.SetEnabled(at >= 0)
}
