package window

import (
	"context"

	"fyne.io/fyne/v2"

	"pushdesk/connection/doctor"
	"pushdesk/ui/window/look"
	"pushdesk/ui/window/part"
	"pushdesk/ui/window/post"
)

// checkup runs the doctor and shows its checks as they start and end.
type checkup struct {
	host    Host
	work    *post.Work
	content *fyne.Container
	title   *part.Text
	chip    *part.Chip
	summary *part.Paragraph
	remedy  *part.Paragraph // of the first check that needs one, so that it is in sight
	able    *fyne.Container // what the connection can do, a chip each
	actions *fyne.Container // what can be done with the report
	letter  *part.Button
	notice  *part.Banner
	retires *part.Paragraph // what the end of push datasets means for it
	cancel  *part.Button
	rows    *fyne.Container
	hint    *part.Paragraph

	byID   map[string]*part.CheckRow
	group  string // of the last row
	stop   context.CancelFunc
	run    int // counts tests, so that a late answer of an old one is dropped
	report *doctor.Report
	// changed is told when a test starts and ends.
	changed func(running bool)
}

// newCheckup makes the panel; hint is what stands in it before the first test.
func newCheckup(host Host, hint string) *checkup {
	work := host.Work()
	u := &checkup{
		host: host, work: work, changed: func(bool) {}, title: part.NewText("Test", part.StyleSection), chip: part.NewChip(part.Neutral, "", ""),
		summary: part.NewParagraph("", part.StyleStrong), remedy: part.NewParagraph("", part.StyleBody), rows: part.Column(look.Gap), hint: part.NewParagraph(hint, part.StyleMuted),
	}
	u.able, u.notice, u.retires = part.Flow(6), part.NewBanner(), part.NewParagraph("", part.StyleCaption)
	u.letter = part.NewButton(part.Secondary, look.IconMail, "Write to your admin", u.write)
	u.actions = part.Flow(8, u.letter,
		part.NewButton(part.Secondary, look.IconCopy, "Copy report", u.copyReport),
		part.NewButton(part.Secondary, look.IconSave, "Save report", u.saveReport))
	u.cancel = part.NewButton(part.Quiet, look.IconClose, "Cancel", u.abandon)
	head := part.Row(look.Gap, u.title, u.chip, part.Space(), u.cancel)
	u.content = part.Card(head, u.notice, u.hint, u.summary, u.remedy, u.able, u.retires, u.actions, u.rows)
	u.clear()
	return u
}

// clear goes back to the hint.
func (u *checkup) clear() {
	u.end()
	u.report = nil
	u.rows.Objects, u.byID, u.group = nil, map[string]*part.CheckRow{}, ""
	u.rows.Hide()
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

func (u *checkup) end() {
	u.run++
	if u.stop != nil {
		u.stop()
		u.stop = nil
		u.changed(false)
	}
}

// abandon stops a test at the person's wish.
func (u *checkup) abandon() {
	running := u.running()
	u.end()
	if !running {
		return
	}
	for _, row := range u.byID {
		if r := row.Result(); r.State == part.Running {
			r.State, r.Evidence = part.Skipped, "Cancelled."
			row.Set(r)
		}
	}
	u.cancel.Hide()
	u.chip.Set(part.Neutral, look.IconStopped, "Cancelled")
	u.content.Refresh()
}

func (u *checkup) running() bool { return u.stop != nil }

// start runs test on a goroutine and shows what it tells. done gets the report on
// the widgets' goroutine, unless the test was abandoned.
func (u *checkup) start(test func(ctx context.Context, on func(doctor.Check)) doctor.Report, done func(doctor.Report)) {
	u.clear()
	run := u.run
	u.hint.Hide()
	u.cancel.Show()
	u.chip.Set(part.Info, look.IconRunning, "Testing")
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
func (u *checkup) check(c doctor.Check) {
	result := part.CheckResult{
		State: state(c.Status), Title: c.Title, Evidence: c.Evidence, Remedy: c.Remedy,
		Who: c.Who, Details: c.Details, Took: c.Duration,
	}
	if row, ok := u.byID[c.ID]; ok {
		row.Set(result)
	} else {
		row := part.NewCheckRow(result)
		u.byID[c.ID] = row
		switch {
		case c.Group != u.group:
			u.group = c.Group
			u.rows.Add(part.Margins(4, 0, 0, 0, part.NewText(layer(c.Group), part.Style{Size: look.TextCaption, Bold: true, Color: look.ColorMuted})))
		case len(u.rows.Objects) > 0:
			u.rows.Add(part.Rule())
		}
		u.rows.Add(row)
		u.rows.Show()
	}
	u.content.Refresh()
}

// show shows a whole report.
func (u *checkup) show(r doctor.Report) {
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
	part.ShowIf(u.remedy, u.remedy.Text() != "")
	u.hint.Hide()
	u.cancel.Hide()
	u.showAbilities(r.Capabilities)
	u.retires.SetText(r.Retirement)
	part.ShowIf(u.retires, r.Retirement != "")
	_, ok := r.Letter()
	part.ShowIf(u.letter, ok)
	u.actions.Show()
	u.content.Refresh()
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
