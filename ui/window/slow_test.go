package window

import (
	"path/filepath"
	"testing"
	"time"

	"pushdesk/storage"
	"pushdesk/ui/window/page"
	"pushdesk/ui/window/windowtest"
)

// TestTheWindowWaitsForNoLock: while another program holds the files of the program,
// every page opens at once and typing is not held up.
func TestTheWindowWaitsForNoLock(t *testing.T) {
	h := openHouse(t)
	h.sees("No connections yet")
	windowtest.Press(t, h.canvas, "Try it with sample data")
	h.sees("Ready to send")
	held, err := storage.TryLock(filepath.Join(h.desk.Home, "connections.json.lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := held.Unlock(); err != nil {
			t.Error(err)
		}
	}()
	quick := func(what string, f func()) {
		t.Helper()
		start := time.Now()
		f()
		h.queue.Drain()
		if d := time.Since(start); d > 8*time.Second { // a lock is waited for up to 10 s; a busy machine is slow, too
			t.Errorf("%s took %v", what, d)
		}
	}
	for _, place := range page.Places {
		quick(place.Label(), func() { h.Open(place) })
	}
	quick("the list", func() { h.Open(page.Connections) })
	quick("the form", func() { windowtest.Press(t, h.canvas, "Edit") })
	quick("typing", func() { windowtest.Fill(t, h.canvas, "Notes (optional)", "Ask Anna before month end") })
}
