package connections

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"pushdesk/connection/doctor"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

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

// reportName suggests a name that every file system takes.
func reportName(r doctor.Report) string {
	name := strings.Map(func(c rune) rune {
		if strings.ContainsRune(`<>:"/\|?*`, c) || c < ' ' {
			return '-'
		}
		return c
	}, r.Connection)
	return fmt.Sprintf("%s %s.md", strings.TrimSpace("Test of "+name), r.Started.Local().Format("2006-01-02"))
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
	copied := widget.NewButton(widget.Primary, theme.IconCopy, "Copy", func() {
		widget.CopyText(letter.Subject + "\n\n" + text.Text)
		u.host.Toast("The message is copied.")
		d.Close()
	})
	to := letter.To
	body := widget.Column(theme.Gap, widget.NewParagraph("For "+to+". It holds no secret. Change it as you like.", widget.StyleMuted),
		widget.NewField("Subject: "+letter.Subject, text, ""))
	d = widget.NewDialog(u.host.Window(), 640, "Write to your admin", body, closed, mail, copied)
	d.Show(nil)
}
