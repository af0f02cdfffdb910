package connections

import (
	"context"

	"fyne.io/fyne/v2"

	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/connection/register"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// testPanel runs the doctor and shows its checks as they start and end.
//
// Large: a field for each control.
type testPanel struct {
	host    page.Host
	work    *task.Work
	content *fyne.Container
	title   *widget.Text
	chip    *widget.Chip
	summary *widget.Paragraph
	remedy  *widget.Paragraph // of the first check that needs one, so that it is in sight
	able    *fyne.Container   // what the connection can do, a chip each
	actions *fyne.Container   // what can be done with the report
	letter  *widget.Button
	admin   *widget.Button // what an administrator does first
	// about is what is tested, for the page about registering an app.
	about   func() register.Values
	notice  *widget.Banner
	retires *widget.Paragraph // what the end of push datasets means for it
	cancel  *widget.Button
	rows    *fyne.Container
	hint    *widget.Paragraph
	first   string           // what the hint says before the first test
	last    account.LastTest // that is shown, as it is stored; zero for none

	byID   map[string]*widget.CheckRow
	group  string // of the last row
	stop   context.CancelFunc
	run    int // counts tests, so that a late answer of an old one is dropped
	report *doctor.Report
	// changed is told when a test starts and ends.
	changed func(running bool)
}

// newTestPanel makes the panel; hint is what stands in it before the first test.
func newTestPanel(host page.Host, hint string) *testPanel {
	work := host.Work()
	u := &testPanel{
		first: hint, host: host, work: work, changed: func(bool) {}, title: widget.NewText("Test", widget.StyleSection), chip: widget.NewChip(widget.Neutral, "", ""),
		summary: widget.NewParagraph("", widget.StyleStrong), remedy: widget.NewParagraph("", widget.StyleBody), rows: widget.Column(theme.Gap), hint: widget.NewParagraph(hint, widget.StyleMuted),
	}
	u.able, u.notice, u.retires = widget.Flow(6), widget.NewBanner(), widget.NewParagraph("", widget.StyleCaption)
	u.letter = widget.NewButton(widget.Secondary, theme.IconMail, "Write to your admin", u.write)
	u.admin = widget.NewButton(widget.Secondary, theme.IconInfo, "What an administrator does", func() { page.RegisterApp(u.host, u.values()) })
	u.actions = widget.Flow(8, u.letter, u.admin,
		widget.NewButton(widget.Secondary, theme.IconCopy, "Copy report", u.copyReport),
		widget.NewButton(widget.Secondary, theme.IconSave, "Save report", u.saveReport))
	u.cancel = widget.NewButton(widget.Quiet, theme.IconClose, "Cancel", u.abandon)
	head := widget.Row(theme.Gap, u.title, u.chip, widget.Space(), u.cancel)
	u.content = widget.Card(head, u.notice, u.hint, u.summary, u.remedy, u.able, u.retires, u.actions, u.rows)
	u.clear()
	return u
}

// clear goes back to the hint.
func (u *testPanel) clear() {
	u.end()
	u.report = nil
	u.rows.Objects, u.byID, u.group = nil, map[string]*widget.CheckRow{}, ""
	u.rows.Hide()
	u.last = account.LastTest{}
	u.hint.SetText(u.first)
	u.hint.Show()
	u.notice.Hide()
	u.summary.Hide()
	u.remedy.Hide()
	u.chip.Hide()
	u.able.Hide()
	u.retires.Hide()
	u.actions.Hide()
	u.cancel.Hide()
	u.content.Refresh()
}

func (u *testPanel) end() {
	u.run++
	if u.stop != nil {
		u.stop()
		u.stop = nil
		u.changed(false)
	}
}

// abandon stops a test at the person's wish.
func (u *testPanel) abandon() {
	running := u.running()
	u.end()
	if !running {
		return
	}
	for _, row := range u.byID {
		if r := row.Result(); r.State == widget.Running {
			r.State, r.Evidence = widget.Skipped, "Cancelled."
			row.Set(r)
		}
	}
	u.cancel.Hide()
	u.chip.Set(widget.Neutral, theme.IconStopped, "Cancelled")
	u.content.Refresh()
}

func (u *testPanel) running() bool { return u.stop != nil }

// shows reports whether the panel says what the last test said; tested is whether
// there was one.
func (u *testPanel) shows(r doctor.Report, tested bool) bool {
	if u.report == nil || !tested {
		return (u.report != nil) == tested
	}
	return u.report.Started.Equal(r.Started) && u.report.Verdict == r.Verdict && u.report.Summary == r.Summary
}

// start runs test on a goroutine and shows what it tells. done gets the report on
// the widgets' goroutine, unless the test was abandoned.
func (u *testPanel) start(test func(ctx context.Context, on func(doctor.Check)) doctor.Report, done func(doctor.Report)) {
	u.clear()
	run := u.run
	u.hint.Hide()
	u.cancel.Show()
	u.chip.Set(widget.Info, theme.IconRunning, "Testing")
	u.chip.Show()
	u.content.Refresh()
	mine := func(f func()) func() {
		return func() {
			if u.run == run {
				f()
			}
		}
	}
	u.stop = u.work.Go(func(ctx context.Context) {
		report := test(ctx, func(c doctor.Check) { u.work.Post(mine(func() { u.check(c) })) })
		u.work.Post(mine(func() {
			u.show(report)
			done(report)
		}))
	})
	u.changed(true)
}

// check shows one check, new or changed.
func (u *testPanel) check(c doctor.Check) {
	result := widget.CheckResult{
		State: state(c.Status), Title: c.Title, Evidence: c.Evidence, Remedy: c.Remedy,
		Who: c.Who, Details: c.Details, Took: c.Duration,
	}
	if row, ok := u.byID[c.ID]; ok {
		row.Set(result)
	} else {
		row := widget.NewCheckRow(result)
		u.byID[c.ID] = row
		switch {
		case c.Group != u.group:
			u.group = c.Group
			u.rows.Add(widget.Margins(4, 0, 0, 0, widget.NewText(layer(c.Group), widget.Style{Size: theme.TextCaption, Bold: true, Color: theme.ColorMuted})))
		case len(u.rows.Objects) > 0:
			u.rows.Add(widget.Rule())
		}
		u.rows.Add(row)
		u.rows.Show()
	}
	u.content.Refresh()
}

// show shows a whole report.
func (u *testPanel) show(r doctor.Report) {
	u.end()
	u.report = &r
	for _, c := range r.Checks {
		u.check(c)
	}
	chip := verdictChip(r)
	u.chip.Set(chip.Tone, chip.Icon, chip.Word)
	u.chip.Show()
	u.summary.SetText(r.Summary)
	u.summary.Show()
	u.remedy.SetText(firstRemedy(r))
	widget.ShowIf(u.remedy, u.remedy.Text() != "")
	u.hint.Hide()
	u.cancel.Hide()
	u.showAbilities(r.Capabilities)
	u.retires.SetText(r.Retirement)
	widget.ShowIf(u.retires, r.Retirement != "")
	_, ok := r.Letter()
	widget.ShowIf(u.letter, ok)
	widget.ShowIf(u.admin, u.about != nil && (ok || r.Verdict == doctor.Fail))
	u.actions.Show()
	u.content.Refresh()
}

// showLast shows what is stored of the last test.
func (u *testPanel) showLast(l account.LastTest) {
	u.last = l
	now := time.Now()
	chip := lastChip(l, l.Word()+", "+humanize.Time(l.At, now))
	u.chip.Set(chip.Tone, chip.Icon, chip.Word)
	u.chip.Show()
	u.summary.SetText(l.Summary)
	u.summary.Show()
	u.hint.SetText("Test again to see every step.")
	if l.Stale {
		u.hint.SetText("The connection or its secret was changed since. Test again.")
	}
	u.content.Refresh()
}

// values are what is known of the app that is tested.
func (u *testPanel) values() register.Values {
	var v register.Values
	if u.about != nil {
		v = u.about()
	}
	if u.report != nil {
		v.Principal, _, _ = u.report.About()
	}
	return v
}

// firstRemedy is what to do about the first check that failed, or else warns.
func firstRemedy(r doctor.Report) string {
	for _, status := range []doctor.Status{doctor.Fail, doctor.Warn} {
		for _, c := range r.Checks {
			if c.Status != status || c.Remedy == "" {
				continue
			}
			if c.Who != "" && c.Who != "you" {
				return c.Remedy + " Who can fix it: " + c.Who + "."
			}
			return c.Remedy
		}
	}
	return ""
}

// showAbilities shows what the connection can do, a chip each.
func (u *testPanel) showAbilities(all []doctor.Capability) {
	u.able.Objects = nil
	for _, c := range all {
		switch c.Answer {
		case doctor.Yes:
			u.able.Add(widget.NewChip(widget.Success, theme.IconPass, c.Title))
		case doctor.No:
			u.able.Add(widget.NewChip(widget.Error, theme.IconFail, c.Title))
		case doctor.Expected:
			u.able.Add(widget.NewChip(widget.Neutral, theme.IconTick, c.Title+": by its role"))
		default:
			u.able.Add(widget.NewChip(widget.Neutral, theme.IconUnknown, c.Title+": not tested"))
		}
	}
	widget.ShowIf(u.able, len(all) > 0)
}

func (u *testPanel) copyReport() {
	if u.report != nil {
		widget.CopyText(u.report.Text())
		u.host.Toast("The report is copied.")
	}
}

// saveReport writes the report to a file: as JSON when its name ends so, else as
// Markdown.
func (u *testPanel) saveReport() {
	if u.report == nil {
		return
	}
	r := *u.report
	page.Save(u.host, page.Saving{
		Title: "Save the report", Name: reportName(r),
		Write: page.Content(func(path string) ([]byte, error) { return reportFile(path, r) }),
		Saved: func(path string) { u.host.Toast("Report saved as " + filepath.Base(path) + ".") },
	})
}

// reportName suggests a name for the file of a report.
func reportName(r doctor.Report) string {
	return fmt.Sprintf("%s %s.md", strings.TrimSpace("Test of "+r.Connection), r.Started.Local().Format("2006-01-02"))
}

// reportFile is the report as JSON when the name of the file ends so, else as Markdown.
func reportFile(path string, r doctor.Report) ([]byte, error) {
	if strings.EqualFold(filepath.Ext(path), ".json") {
		return json.MarshalIndent(r, "", "  ")
	}
	return []byte(r.Markdown()), nil
}

// write shows the message for the person who can put things right.
func (u *testPanel) write() {
	if u.report == nil {
		return
	}
	letter, ok := u.report.Letter()
	if !ok {
		return
	}
	text := widget.NewNotes("", 14)
	text.SetText(letter.Body)
	var d *widget.Dialog
	closed := widget.NewButton(widget.Secondary, "", "Close", func() { d.Close() })
	mail := widget.NewButton(widget.Secondary, theme.IconMail, "Open in mail", func() {
		link := &url.URL{Scheme: "mailto", RawQuery: strings.ReplaceAll(url.Values{"subject": {letter.Subject}, "body": {text.Text}}.Encode(), "+", "%20")}
		if err := fyne.CurrentApp().OpenURL(link); err != nil {
			widget.CopyText(text.Text)
			u.host.Toast("No mail program opens. The message is copied.")
		}
	})
	whole := widget.NewButton(widget.Quiet, theme.IconInfo, "The whole checklist", func() { d.Close(); page.RegisterApp(u.host, u.values()) })
	widget.ShowIf(whole, u.about != nil)
	copied := widget.NewButton(widget.Primary, theme.IconCopy, "Copy", func() {
		widget.CopyText(letter.Subject + "\n\n" + text.Text)
		u.host.Toast("The message is copied.")
		d.Close()
	})
	to := letter.To
	body := widget.Column(theme.Gap, widget.NewParagraph("For "+to+". It contains no secret. Edit it before you send it.", widget.StyleMuted),
		widget.NewField("Subject: "+letter.Subject, text, ""))
	d = widget.NewDialog(u.host.Window(), 640, "Write to your admin", body, closed, whole, mail, copied)
	d.Show(nil)
}
