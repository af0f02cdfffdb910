// Package remarks shows what is worth knowing about how a file is read.
package remarks

import (
	"slices"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job"
	"pushdesk/storage/remark"
	"pushdesk/storage/text"
	"pushdesk/storage/workbook/infer"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// List shows what is worth knowing about how a file is read, the most important
// first: a line a remark, with a button for each way to read it otherwise.
type List struct {
	choose  func(o remark.Option)
	rows    *fyne.Container
	scroll  *widget.Scrolled
	Content *fyne.Container
	shown   []remark.Remark
}

// New makes one; choose is told the option whose button was pressed.
func New(choose func(o remark.Option)) *List {
	l := &List{choose: choose, rows: widget.Column(rowGap)}
	l.scroll = widget.NewScrolled(l.rows)
	l.Content = widget.WholeRows(remarksShare, rowGap, l.scroll, l.rows)
	l.Content.Hide()
	return l
}

const (
	rowGap = 8
	// remarksShare is how much of the window's height the list takes before it scrolls:
	// four rows with buttons in the smallest window.
	remarksShare = 0.22
)

// kindWords say of a remark what happens, in the order in which they are listed.
var kindWords = []struct {
	kind remark.Kind
	word string
	tone widget.Tone
}{
	{remark.Omit, "Left out", widget.Warning}, {remark.Guess, "Please check", widget.Warning}, {remark.Damage, "Damaged", widget.Error},
	{remark.Change, "Changed", widget.Neutral}, {remark.Info, "Note", widget.Neutral},
}

func rank(r remark.Remark) int {
	for i, k := range kindWords {
		if k.kind == r.Kind {
			return i
		}
	}
	return len(kindWords) - 1
}

// Show lists the remarks of a reading.
func (l *List) Show(r job.Reading) {
	list := slices.DeleteFunc(slices.Clone(r.Remarks()), func(n remark.Remark) bool {
		return n.Code == infer.NoteHeaderGuess && len(n.Options) == 0 // the field above says so
	})
	slices.SortStableFunc(list, func(a, b remark.Remark) int { return rank(a) - rank(b) })
	if slices.EqualFunc(list, l.shown, func(a, b remark.Remark) bool { return a.Same(b) }) {
		return
	}
	l.shown = list
	l.rows.Objects = nil
	for _, n := range list {
		l.rows.Add(l.row(n))
	}
	l.scroll.ToTop()
	widget.ShowIf(l.Content, len(list) > 0)
	l.rows.Refresh()
	l.Content.Refresh()
}

// row is a remark: what happens, the sentence, and what can be chosen.
func (l *List) row(n remark.Remark) fyne.CanvasObject {
	kind := kindWords[rank(n)]
	sentence := n.Sentence
	if n.Column != "" {
		sentence = text.Name(n.Column) + ": " + sentence
	}
	objects := []fyne.CanvasObject{widget.AtLeast(104, 0, widget.Row(0, widget.NewChip(kind.tone, "", kind.word))), widget.Fill(widget.NewParagraph(sentence, widget.StyleBody))}
	for _, o := range n.Options {
		if word := optionWord(o); word != "" && job.Chooses(o) {
			objects = append(objects, widget.NewButton(widget.Secondary, theme.Icon(""), word, func() { l.choose(o) }))
		}
	}
	return widget.Row(8, objects...)
}

// optionWord is what the button of an option says; "" when the option is chosen in a
// field above.
func optionWord(o remark.Option) string {
	switch o.Setting {
	case remark.KeepTotals:
		return "Keep"
	case remark.LeaveTotal:
		return "Leave out"
	case remark.FillDown:
		return "Fill down"
	case remark.KeepBlank:
		return "Keep blank"
	case remark.Hidden:
		return "Leave out hidden"
	case remark.ShowHidden:
		return "Include hidden"
	case remark.HeaderRows:
		return "Join to names"
	case remark.Range:
		return "Read it"
	case remark.Sheet:
		return "Read " + text.Shorten(text.Name(o.Value), 20)
	case remark.Encoding, remark.Delimiter, remark.Quote:
		return text.UpperFirst(text.Shorten(o.Does, 28))
	}
	return ""
}
