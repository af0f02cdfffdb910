package connections

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/connection/account"
	"pushdesk/connection/file"
	"pushdesk/connection/shared"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// existingChoices are what can become of connections that are there already.
var existingChoices = []file.Existing{file.ExistingSkip, file.ExistingUpdate, file.ExistingBoth}

// importPage brings many connections in from a file. It shows what it would
// do before anything is written.
type importPage struct {
	page     *listing
	path     *widget.Entry
	custom   *widget.Segmented
	existing *widget.Segmented
	tests    *widget.Segmented
	phrase   *widget.Entry
	phrases  *widget.Field // shown for a file that is sealed with a passphrase
	choices  fyne.CanvasObject
	notice   *widget.Banner
	rows     *widget.Rows
	panel    fyne.CanvasObject
	accepts  *widget.Button
	work     *task.Latest
	plan     account.ImportPlan
	content  *fyne.Container
}

func newImportPage(p *listing) *importPage {
	m := &importPage{page: p, notice: widget.NewBanner(), work: p.host.Work().Latest()}
	m.path = widget.NewPath("A CSV or JSON file", func() {
		page.ChooseFile(p.host.Window(), []string{".csv", ".tsv", ".txt", ".json"}, func(path string) { m.path.SetText(path); m.read() })
	})
	m.path.Clean = text.Clean
	m.path.OnSubmitted = func(string) { m.read() }
	read := widget.NewButton(widget.Secondary, theme.IconFile, "Read the file", m.read)
	m.existing = widget.NewSegmented([]widget.Option{{Word: "Leave them"}, {Word: "Update them"}, {Word: "Keep both"}}, 0, func(int) { m.refresh() })
	m.custom = widget.NewSegmented([]widget.Option{{Word: "Leave out"}, {Word: "Allow"}}, 0, func(int) { m.read() })
	m.tests = widget.NewSegmented([]widget.Option{{Word: "Test at once"}, {Word: "Later"}}, 0, func(int) {})
	m.phrase = widget.NewPassword("From the sender, by another way than the file")
	m.phrase.OnSubmitted = func(string) { m.read() }
	m.phrases = widget.NewField("Passphrase of the file", m.phrase, "Then press Read the file.")
	m.phrases.Hide()
	m.choices = widget.Even(theme.Gap,
		widget.NewField("Existing connections", m.existing, ""),
		widget.NewField("Connections with custom addresses", m.custom, "The file then decides where your secrets are sent."),
		widget.NewField("Afterwards", m.tests, ""))
	m.rows = widget.NewRows(func() int { return len(m.plan.Rows) }, m.row, true, false, func(int) {})
	m.panel = widget.Panel(10, m.rows)
	m.accepts = widget.NewButton(widget.Primary, "", "Import", m.accept)
	back := widget.NewIconButton(theme.IconArrowLeft, "Back", m.leave)
	header := widget.NewHeader("Import connections", "An export of Pushdesk, or a list with the columns name, tenant, client; also secret, workspace, cloud, environment, tags, expires, notes", m.accepts)
	top := widget.Column(theme.Gap, widget.TopRow(8, back, widget.Fill(header)), m.notice,
		widget.Card(widget.NewField("File", m.path, "Nothing is written before you press Import."), m.phrases, widget.Row(0, read), m.choices))
	m.content = widget.Inset(theme.PageMargin, widget.Under(widget.Margins(0, 0, theme.GapLarge, 0, top), m.panel))
	m.refresh()
	return m
}

// Content implements innerPage.
func (m *importPage) Content() fyne.CanvasObject { return m.content }

func (m *importPage) leave() {
	m.work.Cancel()
	m.page.load()
}

// read makes the plan.
func (m *importPage) read() {
	path := text.Clean(m.path.Text)
	if path == "" {
		return
	}
	o := file.ImportOptions{AllowCustom: m.custom.Selected() == 1, Keys: file.Keys{Passphrase: text.Clean(m.phrase.Text)}}
	task.Read(m.work, func(ctx context.Context) (account.ImportPlan, error) {
		return m.page.service.PlanImport(ctx, path, o)
	}, func(p account.ImportPlan, err error) {
		m.plan = p
		m.notice.Hide()
		if errors.Is(err, file.ErrPassphraseNeeded) || errors.Is(err, shared.ErrPassphrase) {
			m.phrases.Show()
		}
		switch {
		case err != nil:
			m.notice.Say(page.Explain(err, "The file could not be read."))
		case len(p.Remarks) > 0:
			m.notice.Say(widget.Message{Tone: widget.Info, Sentence: strings.Join(p.Remarks, " ")})
		}
		m.rows.Select(-1)
		m.refresh()
	})
}

func (m *importPage) row(i int) widget.RowData {
	r := m.plan.Rows[i]
	d := widget.RowData{Title: r.Name, Caption: r.Remark(existingChoices[m.existing.Selected()])}
	if d.Title == "" {
		d.Title = fmt.Sprintf("Row %d", r.Row)
	}
	existing := m.existing.Selected()
	missing := r.Missing(existingChoices[existing])
	var says []string
	for _, c := range r.Changes {
		if existingChoices[existing] == file.ExistingBoth {
			break // nothing is changed
		}
		says = append(says, c.Field+": "+cmp.Or(c.From, "none")+" → "+cmp.Or(c.To, "none"))
	}
	switch {
	case r.Secret:
		says = append(says, "with its client secret")
	case missing != "":
		says = append(says, "missing: "+missing)
	}
	if r.State != account.ImportWrong && len(says) > 0 {
		d.Caption = text.UpperFirst(strings.TrimSpace(d.Caption + " " + text.UpperFirst(strings.Join(says, "; ")) + "."))
	}
	switch {
	case r.State == account.ImportWrong:
		d.State = widget.RowChip{Tone: widget.Error, Icon: theme.IconFail, Word: fmt.Sprintf("Row %d is wrong", r.Row)}
	case r.State == account.ImportThere:
		d.State = widget.RowChip{Tone: widget.Neutral, Icon: theme.IconSkipped, Word: []string{"Left as it is", "Updated", "Kept beside it"}[existing]}
		if !r.Writes(existingChoices[existing]) {
			d.State.Word = "Left as it is"
		}
	default:
		d.State = widget.RowChip{Tone: widget.Success, Icon: theme.IconAdd, Word: "New"}
	}
	return d
}

// willDo is how many connections an import would write.
func (m *importPage) willDo() int {
	would := m.plan.Would(existingChoices[m.existing.Selected()])
	return would.Added + would.Updated
}

func (m *importPage) refresh() {
	widget.ShowIf(m.choices, len(m.plan.Rows) > 0)
	widget.ShowIf(m.panel, len(m.plan.Rows) > 0)
	m.accepts.SetText("Import")
	if n := m.willDo(); n > 0 {
		m.accepts.SetText("Import " + humanize.Count(n, "connection"))
	}
	m.accepts.SetEnabled(m.willDo() > 0 && !m.work.Busy())
	m.rows.Reload()
	m.content.Refresh()
}

func (m *importPage) accept() {
	if m.work.Busy() || m.willDo() == 0 {
		if len(m.plan.Rows) == 0 {
			m.read()
		}
		return
	}
	plan, existing := m.plan, existingChoices[m.existing.Selected()]
	m.accepts.SetEnabled(false)
	task.Read(m.work, func(ctx context.Context) (account.ImportResult, error) {
		return m.page.service.Import(ctx, plan, existing)
	}, func(done account.ImportResult, err error) {
		if err != nil {
			message := page.Explain(err, "Not everything could be imported.")
			message.Sentence = fmt.Sprintf("%s Before that, %s saved.", message.Sentence, humanize.Count(done.Added+done.Updated, "connection was", "connections were"))
			m.notice.Say(message)
			m.refresh()
			return
		}
		m.page.search.SetText("")
		m.page.load()
		if len(done.Warnings) > 0 {
			m.page.notice.Say(widget.Message{Tone: widget.Warning, Sentence: done.Warnings[len(done.Warnings)-1], Remedy: strings.Join(done.Warnings[:min(len(done.Warnings)-1, 3)], " ")})
		}
		if m.tests.Selected() == 0 && len(done.Written) > 0 {
			m.page.testThese(done.Written)
		}
		m.page.host.Toast(humanize.Count(done.Added+done.Updated, "connection is", "connections are") + " imported from " + filepath.Base(plan.Path) + ".")
	})
}
