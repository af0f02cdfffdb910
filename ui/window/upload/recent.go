package upload

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/recent"
	"pushdesk/storage/humanize"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/widget"
)

// shownRecent is how many of the files opened last are offered.
const shownRecent = 6

// recentService is what the list needs from below. It may wait for the disk.
type recentService interface {
	// Recent lists the files that were opened, Opened adds one with how it is read, and
	// ForgetFile takes one off.
	Recent() []recent.File
	Opened(path string, c recent.Choice, now time.Time) error
	ForgetFile(path string) error
}

// recentFiles lists the files that were opened before. It never asks whether one is
// still there: a drive that does not answer would hold up the window.
type recentFiles struct {
	host    page.Host
	service recentService
	changed func()
	work    *task.Latest
	kept    chan struct{} // closed when the change made last is kept
	files   []recent.File
	list    *widget.Rows
	content *fyne.Container
}

func newRecentFiles(h page.Host, d recentService, open func(path string), changed func()) *recentFiles {
	r := &recentFiles{host: h, service: d, changed: changed, work: h.Work().Latest()}
	r.list = widget.NewRows(func() int { return len(r.files) }, r.row, true, false, func(i int) {
		path := r.files[i].Path
		r.list.Select(-1)
		open(path)
	})
	r.content = widget.Column(6, widget.NewText("Opened before", widget.StyleSection), r.list)
	r.content.Hide()
	return r
}

func (r *recentFiles) row(i int) widget.RowData {
	f := r.files[i]
	return widget.RowData{Title: filepath.Base(f.Path), Caption: shortFolder(filepath.Dir(f.Path)) + ", opened " + humanize.DateTime(f.Opened)}
}

// shortFolder leaves out the middle of a long path.
func shortFolder(path string) string {
	parts := strings.Split(filepath.ToSlash(path), "/")
	if len(path) <= 60 || len(parts) < 5 {
		return path
	}
	return strings.Join(parts[:2], "/") + "/…/" + strings.Join(parts[len(parts)-2:], "/")
}

// load reads the list, which lies beside what the program keeps.
func (r *recentFiles) load() {
	task.Read(r.work, func(context.Context) ([]recent.File, error) {
		all := r.service.Recent()
		return all[:min(len(all), shownRecent)], nil
	}, func(all []recent.File, _ error) {
		r.files = all
		widget.ShowIf(r.content, len(all) > 0)
		r.content.Objects[1] = widget.AtLeast(0, r.list.HeightOf(len(all)), r.list)
		r.content.Refresh()
		r.list.Reload()
		r.changed()
	})
}

// add keeps a file as the one opened last, with how it is read. That it could not be
// kept is no reason to stop.
func (r *recentFiles) add(reading job.Reading) {
	path, choice := reading.Book.Path(), reading.Choice()
	r.change(func() error { return r.service.Opened(path, choice, time.Now()) })
}

// forget takes a file off the list that is not there any more.
func (r *recentFiles) forget(path string) {
	r.change(func() error { return r.service.ForgetFile(path) })
}

// change keeps a change in the background, behind the one before it: the choice made
// last is the one that holds.
func (r *recentFiles) change(keep func() error) {
	before, kept := r.kept, make(chan struct{})
	r.kept = kept
	work := r.host.Work()
	work.Go(func(context.Context) {
		defer close(kept)
		if before != nil {
			<-before
		}
		_ = keep()
		work.Post(r.load)
	})
}
