// Package values is the dialog that says what is changed of the values of one column on
// their way from the file to the table.
package values

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Form edits the rules of a field.
type Form struct {
	field  mapping.Field
	sample func(mapping.Field) (sent string, problem *mapping.Problem)

	constant, fallback, replace    *widget.Entry
	trueWords, falseWords, nothing *widget.Entry
	round                          *widget.Entry
	trim, collapse, cut            *fynewidget.Check
	letters                        *widget.Select

	shown   *widget.Text
	problem *widget.Paragraph
	use     *widget.Button
	content fyne.CanvasObject
}

// arrow stands between what is found and what takes its place.
const arrow = "=>"

// caseWords are the cases in the order of mapping.Cases.
var caseWords = []string{"As they are", "UPPER CASE", "lower case", "Title Case"}

// Show opens the dialog for a field. sample returns the first value as it would be sent.
// done is told the field as it is wanted.
func Show(w fyne.Window, f mapping.Field, sample func(mapping.Field) (string, *mapping.Problem), done func(mapping.Field)) *Form {
	x := &Form{field: f, sample: sample, shown: widget.NewCut("", widget.StyleMono), problem: widget.NewParagraph("", widget.StyleCaption)}
	var dialog *widget.Dialog
	cancel := widget.NewButton(widget.Secondary, "", "Cancel", func() { dialog.Close() })
	x.use = widget.NewButton(widget.Primary, "", "Use", func() {
		field, wrong := x.Field()
		if wrong == "" {
			dialog.Close()
			done(field)
		}
	})
	x.build()
	dialog = widget.NewDialog(w, 620, "Values of "+f.Target.Name, x.content, cancel, x.use)
	x.look()
	dialog.Show(x.constant)
	return x
}

// build makes the controls and fills them with the rules of the field.
func (x *Form) build() {
	r := x.rules()
	entry := func(text, placeholder string) *widget.Entry {
		e := widget.NewEntry(placeholder)
		e.SetText(text)
		e.OnChanged = func(string) { x.look() }
		return e
	}
	check := func(word string, on bool) *fynewidget.Check {
		c := fynewidget.NewCheck(word, nil)
		c.SetChecked(on)
		c.OnChanged = func(bool) { x.look() }
		return c
	}
	constant, round := "", ""
	if r.Constant != nil {
		constant = *r.Constant
	}
	if r.Round != nil {
		round = strconv.Itoa(*r.Round)
	}
	x.constant, x.fallback, x.round = entry(constant, ""), entry(r.Default, ""), entry(round, "")
	var lines []string
	for _, p := range r.Replace {
		lines = append(lines, p.Find+" "+arrow+" "+p.With)
	}
	x.replace = widget.NewNotes("EUR "+arrow+" ", 2)
	x.replace.SetText(strings.Join(lines, "\n"))
	x.replace.OnChanged = func(string) { x.look() }
	x.trueWords, x.falseWords, x.nothing = entry(strings.Join(r.True, ", "), "yes, ja"), entry(strings.Join(r.False, ", "), "no, nein"), entry(strings.Join(r.Nothing, ", "), "n/a, -")
	x.trim, x.collapse = check("Drop spaces at both ends", r.Trim), check("One space between words", r.Collapse)
	x.cut = check("Cut at 4,000 letters", x.field.OnTooLong == mapping.TooLongTruncate)
	x.letters = widget.NewSelect(caseWords, "", func(int) {
		if x.use != nil && x.letters != nil {
			x.look()
		}
	})
	for i, c := range mapping.Cases {
		if c == r.Case {
			x.letters.SetSelected(i)
		}
	}
	as := x.field.Target.DataType
	number := as == powerbi.Int64 || as == powerbi.Double || as == powerbi.Decimal
	truth := widget.Even(theme.Gap, widget.NewField("Words for true", x.trueWords, ""), widget.NewField("Words for false", x.falseWords, ""))
	decimals := widget.NewField("Round to decimals", x.round, "")
	widget.ShowIf(truth, as == powerbi.Boolean)
	widget.ShowIf(decimals, number)
	widget.ShowIf(x.cut, as == powerbi.String)
	x.content = widget.Column(theme.Gap,
		widget.Even(theme.Gap, widget.NewField("The same value in every row", x.constant, "In place of the column of the file."), widget.NewField("In place of a blank", x.fallback, "")),
		widget.Even(theme.Gap, x.trim, x.collapse),
		widget.NewField("Find and replace", x.replace, "One a line: what is found "+arrow+" what takes its place."),
		widget.Even(theme.Gap, widget.NewField("Letters", x.letters, ""), widget.NewField("Words for a blank", x.nothing, "Separated by commas.")),
		truth, decimals, x.cut, widget.Rule(), widget.NewText("For example, as it is sent", widget.StyleCaption), x.shown, x.problem)
}

// rules returns those that the field came with.
func (x *Form) rules() (r mapping.Rules) {
	if x.field.Rules != nil {
		r = *x.field.Rules
	}
	return r
}

// words reads words separated by commas.
func words(text string) (list []string) {
	for _, w := range strings.Split(text, ",") {
		if w = strings.TrimSpace(w); w != "" {
			list = append(list, w)
		}
	}
	return list
}

// Field returns the field with the rules as they stand, and what is wrong with them; ""
// when nothing is.
func (x *Form) Field() (f mapping.Field, wrong string) {
	f = x.field
	r := x.rules() // a rule without a control stays
	r.Default, r.Trim, r.Collapse, r.Nothing = strings.TrimSpace(x.fallback.Text), x.trim.Checked, x.collapse.Checked, words(x.nothing.Text)
	r.Case = mapping.Cases[max(x.letters.Selected(), 0)]
	r.Constant, r.Replace, r.True, r.False, r.Round = nil, nil, nil, nil, nil
	if c := strings.TrimSpace(x.constant.Text); c != "" {
		r.Constant = &c
	}
	for _, line := range strings.Split(x.replace.Text, "\n") {
		find, with, ok := strings.Cut(line, arrow)
		switch {
		case strings.TrimSpace(line) == "":
		case !ok || strings.TrimSpace(find) == "":
			return f, "Write what is found, " + arrow + ", and what takes its place."
		default:
			r.Replace = append(r.Replace, mapping.Replacement{Find: strings.TrimSuffix(find, " "), With: strings.TrimPrefix(with, " ")})
		}
	}
	if f.Target.DataType == powerbi.Boolean {
		r.True, r.False = words(x.trueWords.Text), words(x.falseWords.Text)
	}
	if text := strings.TrimSpace(x.round.Text); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return f, "The decimals are a number, such as 2."
		}
		r.Round = &n
	}
	f.OnTooLong = mapping.TooLongIsProblem
	if x.cut.Checked {
		f.OnTooLong = mapping.TooLongTruncate
	}
	f.Rules = r.Some()
	if f.IsConstant() {
		f.From, f.Header, f.Letter, f.By = -1, "", "", mapping.Chosen
	}
	return f, f.Rules.Check(f)
}

// look shows the first value as it would be sent now.
func (x *Form) look() {
	f, wrong := x.Field()
	x.use.SetEnabled(wrong == "")
	style := widget.StyleCaption
	if wrong != "" {
		style.Color = theme.ColorErrorText
		x.shown.SetText("")
	} else {
		sent, problem := x.sample(f)
		x.shown.SetText(sent)
		if problem != nil {
			wrong = problem.Rule + ". " + problem.Advice
		}
	}
	x.problem.SetStyle(style)
	x.problem.SetText(wrong)
}
