package window

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/ui/window/look"
	"pushdesk/ui/window/part"
	"pushdesk/ui/window/post"
)

// existingChoices are what can become of connections that are there already.
var existingChoices = []connection.Existing{connection.ExistingSkip, connection.ExistingUpdate, connection.ExistingBoth}

// connectionImport brings many connections in from a file. It shows what it would
// do before anything is written.
type connectionImport struct {
	page     *connectionsPage
	path     *part.Entry
	custom   *part.Segmented
	existing *part.Segmented
	choices  fyne.CanvasObject
	notice   *part.Banner
	rows     *part.Rows
	panel    fyne.CanvasObject
	accepts  *part.Button
	work     *post.Latest
	plan     account.ImportPlan
	content  *fyne.Container
}

func newConnectionImport(p *connectionsPage) *connectionImport {
	m := &connectionImport{page: p, notice: part.NewBanner(), work: p.host.Work().Latest()}
	m.path = part.NewPath("A CSV or JSON file", func() {
		chooseFile(p.host.Window(), []string{".csv", ".tsv", ".txt", ".json"}, func(path string) { m.path.SetText(path); m.read() })
	})
	m.path.Clean = connection.Clean
	m.path.OnSubmitted = func(string) { m.read() }
	read := part.NewButton(part.Secondary, look.IconFile, "Read the file", m.read)
	m.existing = part.NewSegmented([]part.Option{{Word: "Leave them"}, {Word: "Update them"}, {Word: "Keep both"}}, 0, func(int) { m.refresh() })
	m.custom = part.NewSegmented([]part.Option{{Word: "Leave out"}, {Word: "Allow"}}, 0, func(int) { m.read() })
	m.choices = part.Even(look.Gap,
		part.NewField("Connections that are there already", m.existing, ""),
		part.NewField("Connections with addresses of their own", m.custom, "Whoever wrote the file says there where secrets are sent."))
	m.rows = part.NewRows(func() int { return len(m.plan.Rows) }, m.row, true, false, func(int) {})
	m.panel = part.Panel(10, m.rows)
	m.accepts = part.NewButton(part.Primary, "", "Import", m.accept)
	back := part.NewIconButton(look.IconArrowLeft, "Back", m.leave)
	header := part.NewHeader("Import connections", "Columns: name, tenant, client; also secret, workspace, cloud, environment, tags, expires, notes", m.accepts)
	top := part.Column(look.Gap, part.TopRow(8, back, part.Fill(header)), m.notice,
		part.Card(part.NewField("File", m.path, "Nothing is written before you press Import."), part.Row(0, read), m.choices))
	m.content = part.Inset(look.PageMargin, container.NewBorder(part.Margins(0, 0, look.GapLarge, 0, top), nil, nil, nil, m.panel))
	m.refresh()
	return m
}

// Content implements innerPage.
func (m *connectionImport) Content() fyne.CanvasObject { return m.content }

func (m *connectionImport) leave() {
	m.work.Cancel()
	m.page.load()
}

// read makes the plan.
func (m *connectionImport) read() {
	path := connection.Clean(m.path.Text)
	if path == "" {
		return
	}
	o := connection.ImportOptions{AllowCustom: m.custom.Selected() == 1}
	post.Read(m.work, func(ctx context.Context) (account.ImportPlan, error) {
		return m.page.desk.PlanImport(ctx, path, o)
	}, func(p account.ImportPlan, err error) {
		m.plan = p
		m.notice.Hide()
		switch {
		case err != nil:
			m.notice.Say(part.Explain(err, "The file could not be read."))
		case len(p.Remarks) > 0:
			m.notice.Say(part.Message{Tone: part.Info, Sentence: strings.Join(p.Remarks, " ")})
		}
		m.rows.Select(-1)
		m.refresh()
	})
}

func (m *connectionImport) row(i int) part.RowData {
	r := m.plan.Rows[i]
	d := part.RowData{Title: r.Name, Caption: r.Says}
	if d.Title == "" {
		d.Title = fmt.Sprintf("Row %d", r.Row)
	}
	if d.Caption == "" {
		d.Caption = "Without a client secret."
		if r.Secret {
			d.Caption = "With its client secret."
		}
	}
	switch {
	case r.State == account.ImportWrong:
		d.State = part.RowChip{Tone: part.Error, Icon: look.IconFail, Word: fmt.Sprintf("Row %d is wrong", r.Row)}
	case r.State == account.ImportThere:
		d.State = part.RowChip{Tone: part.Neutral, Icon: look.IconSkipped, Word: []string{"Left as it is", "Updated", "Kept beside it"}[m.existing.Selected()]}
	default:
		d.State = part.RowChip{Tone: part.Success, Icon: look.IconAdd, Word: "New"}
	}
	return d
}

// willDo is how many connections an import would write.
func (m *connectionImport) willDo() int {
	n := m.plan.Count(account.ImportNew)
	if existingChoices[m.existing.Selected()] != connection.ExistingSkip {
		n += m.plan.Count(account.ImportThere)
	}
	return n
}

func (m *connectionImport) refresh() {
	part.ShowIf(m.choices, len(m.plan.Rows) > 0)
	part.ShowIf(m.panel, len(m.plan.Rows) > 0)
	m.accepts.SetText("Import")
	if n := m.willDo(); n > 0 {
		m.accepts.SetText("Import " + counted(n, "connection", "connections"))
	}
	m.accepts.SetEnabled(m.willDo() > 0 && !m.work.Busy())
	m.rows.Reload()
	m.content.Refresh()
}

func (m *connectionImport) accept() {
	if m.work.Busy() || m.willDo() == 0 {
		if len(m.plan.Rows) == 0 {
			m.read()
		}
		return
	}
	plan, existing := m.plan, existingChoices[m.existing.Selected()]
	m.accepts.SetEnabled(false)
	post.Read(m.work, func(ctx context.Context) (account.ImportResult, error) {
		return m.page.desk.Import(ctx, plan, existing)
	}, func(done account.ImportResult, err error) {
		if err != nil {
			message := part.Explain(err, "Not everything could be imported.")
			message.Sentence = fmt.Sprintf("%s Before that, %s kept.", message.Sentence, counted(done.Added+done.Updated, "connection was", "connections were"))
			m.notice.Say(message)
			m.refresh()
			return
		}
		m.page.search.SetText("")
		m.page.load()
		if len(done.Warnings) > 0 {
			m.page.notice.Say(part.Message{Tone: part.Warning, Sentence: done.Warnings[len(done.Warnings)-1], Remedy: strings.Join(done.Warnings[:min(len(done.Warnings)-1, 3)], " ")})
		}
		m.page.host.Toast(counted(done.Added+done.Updated, "connection is", "connections are") + " imported from " + filepath.Base(plan.Path) + ".")
	})
}
