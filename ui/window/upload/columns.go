package upload

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	fynewidget "fyne.io/fyne/v2/widget"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
	"pushdesk/storage/humanize"
	"pushdesk/storage/remark"
	"pushdesk/storage/workbook/infer"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/upload/contract"
	"pushdesk/ui/window/upload/grid"
	"pushdesk/ui/window/upload/mapped"
	"pushdesk/ui/window/widget"
)

// columnsStep maps the columns of the file to those of the table.
type columnsStep struct {
	*mappedColumns

	about    *widget.Paragraph
	filter   *filterRows
	contract *contract.List
	problem  *widget.Banner
	all      *widget.Button
	reset    *widget.Button
	list     *fynewidget.List
	headings *fyne.Container
	content  fyne.CanvasObject
}

func newColumnsStep(f frame, h page.Host) *columnsStep {
	s := &columnsStep{mappedColumns: &mappedColumns{frame: f, host: h, reads: h.Work().Loose()}, about: widget.NewParagraph("", widget.StyleMuted), problem: widget.NewBanner()}
	s.checked = s.check
	s.all = widget.NewButton(widget.Quiet, "", "Use all", s.useAll)
	s.reset = widget.NewButton(widget.Quiet, theme.IconRefresh, "Start again", func() {
		s.frame.give(s.now.draft.Map(mapping.Mapping{}))
		s.enter()
	})
	s.list = fynewidget.NewList(
		func() int { return len(s.now.draft.Mapping.Fields) },
		func() fyne.CanvasObject { return newColumnRow(s.mappedColumns) },
		func(i fynewidget.ListItemID, o fyne.CanvasObject) { o.(*columnRow).bind(i) })
	s.list.HideSeparators = true
	s.headings = widget.Margins(0, grid.Edge, 0, grid.Edge, container.New(grid.Columns{}, heading(""), heading("Column of the file"), heading("Column of the table"), heading("Type"), heading("For example, as it is sent"), heading("")))
	s.filter = newFilterRows(s.mappedColumns)
	s.contract = newContractList(s.mappedColumns)
	files := widget.NewIconButton(theme.IconMore, "Mapping file", nil)
	files.OnTapped = func() {
		widget.Menu(h.Window(), files, fyne.NewMenuItem("Open a mapping file", s.openMapping), fyne.NewMenuItem("Save as a mapping file", func() { mapped.Save(h, s.now.all()) }))
	}
	head := widget.Column(theme.Gap, widget.Row(theme.Gap, widget.Fill(s.about), s.all, s.reset, files), s.contract.Content, s.filter.content, s.problem)
	s.content = widget.Under(widget.Margins(0, 0, theme.Gap, 0, head),
		widget.Panel(10, widget.Under(widget.Column(6, s.headings, widget.Rule()), widget.WheelOver(s.list))))
	return s
}

func heading(text string) fyne.CanvasObject {
	return widget.NewCut(text, widget.Style{Size: theme.TextCaption, Bold: true, Color: theme.ColorMuted})
}

// Content implements step.
func (s *columnsStep) Content() fyne.CanvasObject { return s.content }

// show implements step. The list is drawn also while it is hidden: a mapping must never
// outlive the file it points into.
func (s *columnsStep) show(b bundle) {
	if b.reading != s.now.reading {
		s.reads.Cancel()
		s.sources = []string{"Nothing (blank)"}
		for _, h := range b.draft.Reading.Layout.Headers {
			s.sources = append(s.sources, cell.Column(h.Column)+"  "+h.Name)
		}
	}
	s.now = b
	if s.mapped() && s.content.Visible() {
		s.check()
		return
	}
	s.list.Refresh()
}

// mapped reports whether the draft has a mapping, which then belongs to its file and
// destination.
func (s *columnsStep) mapped() bool { return len(s.now.draft.Mapping.Fields) > 0 }

// enter proposes a mapping where there is none yet.
func (s *columnsStep) enter() {
	if !s.mapped() {
		s.frame.give(s.now.draft.Map(job.Propose(s.now.draft.Reading, s.now.draft.Place)))
	}
	s.check()
	s.list.ScrollToTop()
}

func (s *columnsStep) blocked() string {
	switch {
	case s.reads.Busy():
		return "Reading the column again"
	case !s.mapped():
		return "Map the columns first"
	case len(s.now.draft.Mapping.Used()) == 0:
		return "Use at least one column"
	case s.now.draft.Mapping.CheckFilter() != nil:
		return "Fix the conditions first"
	case job.CheckMapping(s.now.draft.Mapping) != nil:
		return "Fix the columns first"
	case s.now.draft.Contract().Broken:
		return "Decide about the columns that do not match"
	}
	return ""
}

// check finds what is wrong with the mapping and says it.
func (s *columnsStep) check() {
	u := s.now.draft
	s.wrong = map[string]powerbi.SchemaProblem{}
	var first *powerbi.SchemaProblem
	s.filter.show()
	s.contract.Show(u.Contract())
	columns := u.Mapping
	columns.Filter = nil // what is wrong with the conditions stands below them
	for _, p := range columns.Check() {
		if _, there := s.wrong[p.Column]; !there || !p.Warning {
			s.wrong[p.Column] = p
		}
		if !p.Warning && (first == nil || first.Column != "" && p.Column == "") {
			first = &p
		}
	}
	used := len(u.Mapping.Used())
	said := []string{fmt.Sprintf("%d of %s are sent; a table holds at most %d.", used, humanize.Count(len(u.Mapping.Fields), "column"), powerbi.MaxColumns)}
	p := u.Place
	switch {
	case s.fixed() && !p.Exists:
		said = []string{fmt.Sprintf("The table %s is created with %s, as the mapping file says.", p.Target.Table, humanize.Count(len(u.Mapping.Fields), "column"))}
	case s.fixed():
		said = []string{fmt.Sprintf("The table %s exists with %s. Each row fills all of them; a column without a source is sent as blank.", p.Target.Table, humanize.Count(len(u.Mapping.Fields), "column"))}
		if left := u.Contract().LeftOut; len(left) > 0 {
			said = append(said, "Left out: "+humanize.ListSome(left, 6)+".")
		}
	case p.Exists && !p.Destination.Reshape:
		said = append(said, "Their names and types must be those of the table.")
		if p.Unlearned != nil {
			said = append(said, page.Explain(p.Unlearned, "The columns of the table are not known.").Sentence)
		}
	}
	if words := u.Mapping.FilterWords(); words != "" && u.Mapping.CheckFilter() == nil {
		said = append(said, words+".")
	}
	if p.Learned.Note != "" {
		said = append(said, p.Learned.Note)
	}
	s.about.SetText(strings.Join(said, " "))
	s.problem.Hide()
	if first != nil {
		s.problem.Say(widget.Message{Tone: widget.Error, Sentence: first.Sentence, Remedy: first.Remedy, Stays: true})
	} else if m, doubt := s.doubt(); doubt {
		s.problem.Say(m)
	}
	widget.ShowIf(s.all, !s.fixed())
	s.all.SetText("Use all")
	if used == len(u.Mapping.Fields) {
		s.all.SetText("Use none")
	}
	s.list.Refresh()
	s.content.Refresh()
}

// doubt says which columns allow two readings, until a person has chosen one.
func (s *columnsStep) doubt() (m widget.Message, found bool) {
	var names []string
	sentence := ""
	for _, f := range s.now.draft.Mapping.Fields {
		if f.From < 0 || !f.Use || f.DateOrder != mapping.DateOrderUnknown || f.DecimalMark != "" {
			continue
		}
		p := s.now.draft.Reading.Profile.Columns[f.From]
		at := slices.IndexFunc(p.Remarks, func(n remark.Remark) bool { return n.Code == infer.NoteAmbiguous })
		switch {
		case f.Target.DataType == powerbi.String && f.Zone == mapping.ZoneUndecided && remark.Has(p.Remarks, infer.NoteZones):
			sentence = "The times have different time zones."
		case at >= 0:
			sentence = p.Remarks[at].Sentence
		case p.OfferText.Ambiguous && job.DataType(p.OfferType) == f.Target.DataType:
			sentence = "Its texts can be read in two ways."
		default:
			continue
		}
		names = append(names, f.Target.Name)
	}
	switch len(names) {
	case 0:
		return m, false
	case 1:
		sentence = names[0] + ": " + sentence
	default:
		sentence = "The values of " + humanize.ListSome(names, 4) + " can be read in two ways."
	}
	return widget.Message{Tone: widget.Warning, Stays: true, Sentence: sentence, Remedy: "Choose in the row how the values are written."}, true
}

// openMapping takes the mapping of a file that a person chooses.
func (s *columnsStep) openMapping() {
	page.ChooseFile(s.host.Window(), mapped.Extensions, s.takeMapping)
}

func (s *columnsStep) takeMapping(path string) {
	d := s.now.draft
	task.Read(s.reads, func(ctx context.Context) (job.Draft, error) { return mapped.Open(ctx, path, d) }, func(d job.Draft, err error) {
		if err != nil {
			s.frame.explain(err, "The mapping file cannot be used.")
		} else {
			s.frame.quiet()
			s.frame.giveReading(d)
		}
		s.check()
		s.frame.refresh()
	})
	s.frame.refresh()
}

func (s *columnsStep) useAll() {
	all := len(s.now.draft.Mapping.Used()) < len(s.now.draft.Mapping.Fields)
	s.change(func(m *mapping.Mapping) {
		for i := range m.Fields {
			m.Fields[i].Use = all
		}
	})
}
