package plan

import (
	"testing"
	"time"
)

// TestClockPutBack: a clock that is put back does not make a run wait for a day.
func TestClockPutBack(t *testing.T) {
	p := NewPacer(Pace{RowsPerHour: 100}, "")
	p.Started(100)
	p.Ended(noon, 100, true, 100)
	p.Hold(noon, noon.Add(10*time.Minute), WaitThrottle)
	yesterday := noon.Add(-24 * time.Hour)
	if at, why, _ := p.Next(yesterday, 50); at.Sub(yesterday) != time.Hour || why != WaitRows {
		t.Errorf("waits %v: %s", at.Sub(yesterday), why)
	}
	if until, _ := p.Held(yesterday); until.Sub(yesterday) != 10*time.Minute {
		t.Errorf("held until %v", until)
	}
	// And one that jumps ahead, as after sleep, lets it go on.
	if at, _, _ := p.Next(noon.Add(8*time.Hour), 50); at.After(noon.Add(8 * time.Hour)) {
		t.Errorf("waits until %v", at)
	}
}

func TestPacerOneBatchAboveTheLimit(t *testing.T) {
	p := NewPacer(Pace{RowsPerHour: 10}, "")
	if at, why, known := p.Next(noon, 50); !known || !at.Equal(noon) {
		t.Errorf("a batch above the hourly limit must be tried: %v %s", at, why)
	}
}
