// Package contract shows how the columns of a file stand to those of a table, and offers
// what can be done about each that does not match.
package contract

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Actions are what a person can do about columns that do not match.
type Actions struct {
	Join     func(mapping.Joined) // fill the column of the table with that of the file
	LeaveOut func(header string)  // the column of the file goes nowhere
	Blank    func(column string)  // the column of the table gets nothing
	Choose   func(mapping.OnDrift)
}

// titles are the choices for columns that do not match, as a person reads them.
func titles() (list []string) {
	for _, c := range mapping.DriftChoices {
		list = append(list, c.Title)
	}
	return list
}

func index(o mapping.OnDrift) int {
	return max(slices.IndexFunc(mapping.DriftChoices, func(c mapping.DriftChoice) bool { return c.OnDrift == o }), 0)
}

// NewChoice returns the choice for columns that do not match, with one taken, and what it
// does.
func NewChoice(o mapping.OnDrift, choose func(mapping.OnDrift)) *widget.Field {
	return newChoice(o, mapping.DriftChoices[index(o)].About, choose)
}

func newChoice(o mapping.OnDrift, about string, choose func(mapping.OnDrift)) *widget.Field {
	at := index(o)
	s := widget.NewSelect(titles(), "", func(i int) {
		if i >= 0 && i != at {
			choose(mapping.DriftChoices[i].OnDrift)
		}
	})
	s.SetSelected(at)
	return widget.NewField("Columns that do not match", s, about)
}

// List has a row for each column that does not match.
type List struct {
	Content *fyne.Container

	do     Actions
	title  *widget.Paragraph
	rows   *fyne.Container
	choice *fyne.Container
}

// NewList returns an empty list, which is hidden.
func NewList(do Actions) *List {
	l := &List{do: do, title: widget.NewParagraph("", widget.StyleStrong), rows: widget.Column(4), choice: widget.Column(0)}
	l.Content = widget.Card(widget.TopRow(theme.Gap, widget.Fill(l.title), widget.AtLeast(260, 0, l.choice)), l.rows)
	l.Content.Hide()
	return l
}

// mostRows is how many columns have a row of their own.
const mostRows = 3

// Show shows a contract; nothing where everything matches.
func (l *List) Show(c mapping.Contract) {
	widget.ShowIf(l.Content, len(c.New)+len(c.Missing)+len(c.Added) > 0 && c.Known != mapping.KnownNew)
	l.title.SetText(c.Summary())
	l.rows.Objects, l.choice.Objects = nil, nil
	hidden := 0
	add := func(said, word string, do func()) {
		if len(l.rows.Objects) == mostRows {
			hidden++
			return
		}
		l.rows.Add(widget.Row(theme.Gap, widget.Fill(widget.NewCut(said, widget.StyleBody)), widget.NewButton(widget.Secondary, "", word, do)))
	}
	paired := map[string]bool{}
	for _, j := range c.Renamed {
		paired["from "+j.From], paired["to "+j.To] = true, true
		add(fmt.Sprintf("%s gets nothing, and may be the column %s of the file (%s).", j.To, j.From, j.By), "Use "+j.From, func() { l.do.Join(j) })
	}
	for _, name := range c.New {
		if paired["from "+name] {
			continue
		}
		add(name+" is new in the file and goes nowhere.", "Leave out", func() { l.do.LeaveOut(name) })
	}
	for _, name := range c.Missing {
		if paired["to "+name] {
			continue
		}
		add(name+" gets nothing from the file.", "Send blank", func() { l.do.Blank(name) })
	}
	if hidden > 0 {
		l.rows.Add(widget.NewText("and "+humanize.Count(hidden, "more column"), widget.StyleCaption))
	}
	if len(c.Added) > 0 {
		l.rows.Add(widget.NewCut("Added to the table: "+strings.Join(c.Added, ", "), widget.StyleBody))
	}
	l.choice.Add(newChoice(c.OnDrift, "", l.do.Choose))
	l.Content.Refresh()
}

// NewRow shows a contract with its names, below a state.
func NewRow(c mapping.Contract) fyne.CanvasObject {
	state := widget.Pass
	switch {
	case c.Broken:
		state = widget.Fail
	case c.Drifted():
		state = widget.Warn
	}
	return widget.NewCheckRow(widget.CheckResult{State: state, Title: "Columns", Evidence: strings.Join(append([]string{c.Summary()}, c.Lines()...), "\n")})
}
