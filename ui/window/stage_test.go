package window

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// stage is a page in a window of its own, with a queue the test drains.
type stage struct {
	t      *testing.T
	win    fyne.Window
	work   *task.Work
	queue  task.Queue
	toasts []string
	offers []func()
	opened []Place
}

func newStage(t *testing.T) *stage {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	s := &stage{t: t}
	s.work = task.NewWork(s.queue.Post)
	s.win = test.NewTempWindow(t, widget.Column(0))
	s.win.SetPadded(false)
	t.Cleanup(s.work.Close)
	return s
}

func (s *stage) Work() *task.Work    { return s.work }
func (s *stage) Window() fyne.Window { return s.win }
func (s *stage) Toast(text string)   { s.toasts = append(s.toasts, text) }
func (s *stage) Offer(text, action string, do func()) {
	s.toasts = append(s.toasts, text)
	s.offers = append(s.offers, do)
}
func (s *stage) Open(p Place) { s.opened = append(s.opened, p) }

func (s *stage) put(p Page) {
	s.win.SetContent(p.Content())
	s.win.Resize(fyne.NewSize(972, 760))
	p.Shown()
	s.until(func() bool { return true })
}

// until drains what workers post until the condition holds; the answer comes
// from a goroutine, so the test must wait for it.
func (s *stage) until(done func() bool) {
	s.t.Helper()
	end := time.Now().Add(10 * time.Second)
	for {
		s.queue.Drain()
		if done() {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("what was waited for never came; the screen says:\n%s", windowtest.Words(s.win.Canvas()))
		}
		time.Sleep(time.Millisecond)
	}
}

// sees waits for words.
func (s *stage) sees(pieces ...string) {
	s.t.Helper()
	s.until(func() bool {
		words := windowtest.Words(s.win.Canvas())
		return !slices.ContainsFunc(pieces, func(p string) bool { return !strings.Contains(words, p) })
	})
}
