package windowtest

import (
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"pushdesk/ui/window/page"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
)

// Stage is a window for one page under test, and the page.Host around it. What
// workers post waits in Queue until the test drains it.
type Stage struct {
	t      *testing.T
	Win    fyne.Window
	Tasks  *task.Work
	Queue  task.Queue
	Toasts []string
	Offers []func()
	Opened []page.Place
	// Patience is how long Until waits.
	Patience time.Duration
	// Slowness is how long everything takes that waits; see Waits.
	Slowness time.Duration

	widgets string // the goroutine that owns the widgets
}

// NewStage returns an empty stage in the light theme.
func NewStage(t *testing.T) *Stage {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	s := &Stage{t: t, Patience: 10 * time.Second, widgets: goroutine()}
	s.Tasks = task.NewWork(s.Queue.Post)
	s.Win = test.NewTempWindow(t, widget.Column(0))
	s.Win.SetPadded(false)
	t.Cleanup(s.Tasks.Close)
	return s
}

// Work implements page.Host.
func (s *Stage) Work() *task.Work { return s.Tasks }

// Window implements page.Host.
func (s *Stage) Window() fyne.Window { return s.Win }

// Toast implements page.Host; it is kept in Toasts.
func (s *Stage) Toast(text string) { s.Toasts = append(s.Toasts, text) }

// Offer implements page.Host; what it does is kept in Offers.
func (s *Stage) Offer(text, action string, do func()) {
	s.Toasts = append(s.Toasts, text)
	s.Offers = append(s.Offers, do)
}

// Open implements page.Host; the place is kept in Opened.
func (s *Stage) Open(p page.Place) { s.Opened = append(s.Opened, p) }

// Put shows a page on the stage.
func (s *Stage) Put(p page.Page) {
	s.Win.SetContent(p.Content())
	s.Win.Resize(fyne.NewSize(972, 760))
	p.Shown()
	s.Until(func() bool { return true })
}

// Until drains what workers post until the condition holds; the answer comes
// from a goroutine, so the test must wait for it.
func (s *Stage) Until(done func() bool) {
	s.t.Helper()
	end := time.Now().Add(s.Patience)
	for {
		s.Queue.Drain()
		if done() {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("what was waited for never came; the screen says:\n%s", Words(s.Win.Canvas()))
		}
		time.Sleep(time.Millisecond)
	}
}

// Sees waits for words.
func (s *Stage) Sees(pieces ...string) {
	s.t.Helper()
	s.Until(func() bool {
		words := Words(s.Win.Canvas())
		return !slices.ContainsFunc(pieces, func(p string) bool { return !strings.Contains(words, p) })
	})
}

// Waits is called by what a page is given, in each method that may wait for a disk, a
// lock, the keychain or the network. It takes Slowness, and fails the test when the
// goroutine that owns the widgets would wait.
func (s *Stage) Waits(what string) {
	if goroutine() == s.widgets {
		s.t.Errorf("the window waits for %s", what)
	}
	time.Sleep(s.Slowness)
}

// goroutine names the goroutine that calls it.
func goroutine() string {
	head, _, _ := strings.Cut(string(debug.Stack()), " [")
	return head
}
