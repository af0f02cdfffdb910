package clock

import (
	"testing"
	"time"

	"pushdesk/powerbi/push/history"
)

// TestTheComputersSteadyClock: it goes on, and knows the start that it counts from.
func TestTheComputersSteadyClock(t *testing.T) {
	first, second := sinceBoot(), sinceBoot()
	if first.Boot == "" || second.Boot != first.Boot || second.At < first.At || first.At <= 0 {
		t.Errorf("%+v, %+v", first, second)
	}
	if other := sinceProcess(); other.Since(history.Moment{Boot: "another", At: 1}) != 0 || other.Since(history.Moment{}) != 0 {
		t.Error("moments of two starts were compared")
	}
}

// TestAhead: the clock goes before the computer's by what is told last, and asks no more
// than once a second.
func TestAhead(t *testing.T) {
	by, known, asked := time.Hour, true, 0
	c := Ahead(func() (time.Duration, bool) { asked++; return by, known }, nil)
	before := func() time.Duration {
		m := System{}.Steady()
		if d := c.Steady().At - m.At - time.Until(c.Now()); d.Abs() > time.Second {
			t.Errorf("the two clocks differ by %v", d)
		}
		return time.Until(c.Now()).Round(time.Second)
	}
	for range 100 {
		if d := before(); d != time.Hour {
			t.Fatalf("%v ahead", d)
		}
	}
	by = 2 * time.Hour
	if d := before(); d != time.Hour || asked != 1 {
		t.Errorf("%v ahead, asked %d times", d, asked)
	}
	for _, x := range []struct {
		by    time.Duration
		known bool
		want  time.Duration
	}{{2 * time.Hour, true, 2 * time.Hour}, {0, false, 2 * time.Hour}} {
		by, known, c.asked = x.by, x.known, time.Time{}
		if d := before(); d != x.want {
			t.Errorf("%v ahead, want %v", d, x.want)
		}
	}
	if c.Forward() != nil {
		t.Error("nobody can put it forward")
	}
}
