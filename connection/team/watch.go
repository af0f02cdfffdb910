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

// Watch calls changed after the folder of a team was changed, until ctx ends. It is told
// by the system, and looks from time to time. A folder that does not answer keeps nobody
// waiting.
func (b *Book) Watch(ctx context.Context, changed func()) {
	w, err := fsnotify.NewWatcher()
	if err == nil {
		defer w.Close()
	} else {
		w = &fsnotify.Watcher{} // it tells nothing: looking is enough
	}
	prints := map[string]string{}
	looks := make(chan map[string]string, 1)
	looking := false
	look := func() {
		if looking {
			return
		}
		looking = true
		views := b.List()
		go func() { // it may wait for a drive for as long as that takes
			now := map[string]string{}
			for _, v := range views {
				now[v.Folder] = Print(v.Folder)
				if w.Events == nil {
					continue
				}
				for _, sub := range []string{"", connectionsFolder, stampsFolder, requestsFolder} {
					_ = w.Add(filepath.Join(v.Folder, sub)) // one that is not there yet is added later
				}
			}
			looks <- now
		}()
	}
	look()
	poll, quiet := time.NewTicker(pollEvery), time.NewTimer(time.Hour)
	defer poll.Stop()
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-poll.C:
			look()
		case <-b.added:
			look()
		case <-w.Events:
			quiet.Reset(calm)
		case <-w.Errors:
		case <-quiet.C:
			look()
		case now := <-looks:
			looking = false
			differ := false
			for folder, p := range now {
				before, known := prints[folder]
				differ = differ || known && before != p
				prints[folder] = p
			}
			if differ {
				changed()
			}
		}
	}
}
