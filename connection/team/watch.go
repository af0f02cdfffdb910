package team

import (
	"context"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// calm is how long a folder must be quiet before it is read: programs that copy
	// folders write several files at once.
	calm = 400 * time.Millisecond
	// pollEvery is how often the folders are looked at beside that: the system tells
	// nothing of what another computer changes on a network share.
	pollEvery = 30 * time.Second
)

// Watch calls changed after the folder of a team was changed, or answers again, or does
// not answer any more, until ctx ends. It is told by the system, and looks from time to
// time. A folder that does not answer keeps nobody waiting, not even another folder.
func (b *Book) Watch(ctx context.Context, changed func()) {
	w, err := b.notify()
	if err == nil {
		defer w.Close()
	} else {
		w = &fsnotify.Watcher{} // it tells nothing: looking is enough
	}
	type seen struct{ folder, print string }
	looks := make(chan seen)
	prints := map[string]string{}
	looking := map[string]bool{}
	hangs := map[string]bool{}
	look := func() {
		for _, v := range b.List() {
			folder := v.Folder
			if looking[folder] {
				continue
			}
			looking[folder] = true
			go func() { // it may wait for a drive for as long as that takes
				<-b.ask(folder).answered
				now := seen{folder, Print(folder)}
				if w.Events != nil {
					for _, sub := range []string{"", connectionsFolder, stampsFolder, requestsFolder} {
						_ = w.Add(filepath.Join(folder, sub)) // one that is not there yet is added later
					}
				}
				select {
				case looks <- now:
				case <-ctx.Done():
				}
			}()
		}
	}
	look()
	poll, quiet := time.NewTicker(b.pollEvery), time.NewTimer(time.Hour)
	defer poll.Stop()
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-poll.C:
			news := false
			for folder := range looking {
				news = news || !hangs[folder]
				hangs[folder] = true
			}
			look()
			if news {
				changed()
			}
		case <-b.added:
			look()
		case <-w.Events:
			quiet.Reset(calm)
		case <-w.Errors:
		case <-quiet.C:
			look()
		case now := <-looks:
			before, known := prints[now.folder]
			differs := known && before != now.print || hangs[now.folder]
			prints[now.folder] = now.print
			delete(looking, now.folder)
			delete(hangs, now.folder)
			if differs {
				changed()
			}
		}
	}
}
