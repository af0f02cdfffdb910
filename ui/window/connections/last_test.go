package connections

import (
	"slices"
	"testing"
	"time"

	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/ui/window/widget"
	"pushdesk/ui/window/windowtest"
)

// TestTheLastTestIsShown is C14: what an earlier session found stands in the list and beside
// it, grey where something was changed since, until the connection is tested again.
func TestTheLastTestIsShown(t *testing.T) {
	at := time.Date(2026, 3, 3, 14, 5, 0, 0, time.Local)
	all := three()
	s, d, p := openConnections(t, all...)
	d.do(func() {
		d.last = map[string]account.LastTest{
			all[0].ID: {At: at, Verdict: doctor.Pass, Summary: "Ready to push to Sales (Member)."},
			all[1].ID: {At: at, Verdict: doctor.Fail, Check: doctor.Token, Summary: "Cannot sign in.", Stale: true},
		}
	})
	p.load()
	s.Until(func() bool { return len(p.last) == 2 })
	states := map[string]widget.RowChip{}
	for i, c := range p.found {
		states[c.ID] = p.row(i).State
	}
	if got := states[all[0].ID]; got.Tone != widget.Success || got.Word != "Worked 3 Mar" && got.Word != "Worked 3 Mar 2026" {
		t.Errorf("%+v", got)
	}
	if got := states[all[1].ID]; got.Tone != widget.Neutral {
		t.Errorf("a stale one is %+v", got)
	}
	if got := states[all[2].ID]; got.Word != "" {
		t.Errorf("one that was never tested is %+v", got)
	}
	// That there is no secret is said before what may find no room.
	for i, c := range p.found {
		chips := p.row(i).Chips
		at := slices.IndexFunc(chips, func(x widget.RowChip) bool { return x.Word == "No secret" })
		if cloud := slices.IndexFunc(chips, func(x widget.RowChip) bool { return x.Word == "Public" }); at < 0 || at > cloud {
			t.Errorf("%s: %+v", c.Name, chips)
		}
	}
	p.show(all[0].ID)
	s.Sees("Worked, 3 Mar 2026 14:05", "Ready to push to Sales (Member).", "Test again to see every step.")
	p.show(all[1].ID)
	s.Sees("Failed, 3 Mar 2026 14:05", "Cannot sign in.", "was changed since")
	p.show(all[2].ID)
	windowtest.SeesNot(t, s.Win.Canvas(), "Cannot sign in.", "Failed, ")
	s.Sees("It changes nothing.")

	// A test of this session takes its place, until a terminal finds something else.
	p.show(all[1].ID)
	windowtest.Press(t, s.Win.Canvas(), "Test")
	s.Sees("Works", "The connection works.")
	d.do(func() {
		d.last[all[1].ID] = account.LastTest{At: time.Now(), Verdict: doctor.Fail, Check: doctor.Token, Summary: "The secret has expired."}
	})
	p.Changed()
	s.Sees("Failed, ", "The secret has expired.")
	windowtest.SeesNot(t, s.Win.Canvas(), "The connection works.")
}
