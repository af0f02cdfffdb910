package connections

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/ui/window/task"
	"pushdesk/ui/window/theme"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// named are connections with these names, used in this order, the first one last.
func named(names ...string) (all []connection.Connection) {
	for i, name := range names {
		c := sales()
		c.ID, c.Name, c.Used = fmt.Sprintf("id-%d", i+1), name, time.Now().Add(-time.Duration(i)*time.Hour)
		all = append(all, c)
	}
	return all
}

func (p *Page) names() string {
	var names []string
	for _, c := range p.found {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// TestTheSearchShowsTheBestFirst: what is typed is first, chosen and at the right, also
// when something else was looked at before.
func TestTheSearchShowsTheBestFirst(t *testing.T) {
	all := named("Sales DACH", "Marketing", "Finance DACH")
	all[0].Tags = []string{"Finance"}
	s, _, p := openConnections(t, all...)
	c := s.Win.Canvas()
	test.Type(p.search, "Finance DACH")
	if got := p.names(); got != "Finance DACH, Sales DACH" || p.list.Selected() != 0 || p.detail.title.Text() != "Finance DACH" {
		t.Errorf("found %s, chosen %d, at the right %s", got, p.list.Selected(), p.detail.title.Text())
	}
	p.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if c.Focused() != p.list.Keys() {
		t.Errorf("after Enter the keyboard is on %T", c.Focused())
	}
	c.Focus(p.search)
	test.Type(p.search, " nowhere")
	windowtest.SeesNot(t, c, "Sales DACH", "Tenant ID", "Edit")
	p.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if p.search.Text != "" || p.names() != "Sales DACH, Marketing, Finance DACH" {
		t.Errorf("after Escape the search says %q and finds %s", p.search.Text, p.names())
	}
	windowtest.Sees(t, c, "Edit", "Tenant ID")
}

// TestTheOrderStaysAfterTestAll: the list is as it was, and what is at the right says
// what the list says.
func TestTheOrderStaysAfterTestAll(t *testing.T) {
	s, d, p := openConnections(t, named("Depots", "Marketing", "Sales EU")...)
	c := s.Win.Canvas()
	before := p.names()
	windowtest.Sees(t, c, "It changes nothing.") // not tested
	d.do(func() { d.checks = refused(); d.touches = true })
	windowtest.Press(t, c, "Test all")
	windowtest.Press(t, c, "Test 3 connections")
	s.Sees("3 do not work")
	p.inner.leave()
	s.Sees("3 connections")
	if got := p.names(); got != before {
		t.Errorf("the list was %s and is %s", before, got)
	}
	r, tested := p.tested[p.current]
	if !tested || !p.detail.test.shows(r, true) {
		t.Error("the detail does not show the result that the list shows")
	}
	windowtest.SeesNot(t, c, "It changes nothing.")
}

// BenchmarkSearch is one key typed into the search over 70 connections.
func BenchmarkSearch(b *testing.B) {
	var names []string
	for i := range 70 {
		names = append(names, fmt.Sprintf("%s %s %d", []string{"Sales", "Finance", "Marketing", "Logistics"}[i%4], []string{"EU", "DACH", "US"}[i%3], i))
	}
	all := named(names...)
	test.NewTempApp(b).Settings().SetTheme(theme.New(theme.Light))
	q := &task.Queue{}
	work := task.NewWork(q.Post)
	defer work.Close()
	win := test.NewTempWindow(b, widget.Column(0))
	h := &windowtest.Stage{Win: win, Tasks: work}
	p := New(&fakeService{all: all, secrets: map[string]string{}}, h)
	p.tested[all[3].ID] = doctor.Report{Verdict: doctor.Pass}
	win.SetContent(p.Content())
	win.Resize(fyne.NewSize(972, 760))
	p.Shown()
	q.Drain()
	const typed = "finance dach"
	for b.Loop() {
		for i := range typed {
			p.search.SetText(typed[:i+1])
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(len(typed)), "µs/key")
}
