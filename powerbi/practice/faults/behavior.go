package faults

import (
	"errors"
	"fmt"
	"time"

	"pushdesk/powerbi/practice/traffic"
)

// Behavior is how the service acts where nobody knows how the real one does, and
// which limits it keeps, so that a sender can be judged under each of the ways. The
// zero value is the stricter reading of each, with the documented limits.
type Behavior struct {
	Windows         traffic.Windows `json:"windows"`         // how the periods of the limits run: "" rolling, "fixed", "first"
	CountDelayMS    int64           `json:"countDelayMs"`    // after which queries show rows that were added; at most two hours
	PartlyStored    bool            `json:"partlyStored"`    // of a batch that is refused for a row, keep the rows before it
	ColumnsInTables bool            `json:"columnsInTables"` // GET tables answers columns too
	NoLimits        bool            `json:"noLimits"`        // no limit on requests, pending requests, rows an hour or stored rows
	Limits          traffic.Limits  `json:"limits"`          // zero fields are the documented ones
}

// check returns what keeps a behavior from being taken on.
func (b Behavior) check() error {
	switch b.Windows {
	case traffic.Rolling, traffic.Fixed, traffic.First:
	default:
		return fmt.Errorf(`there are no windows %q; there are "", "fixed" and "first"`, b.Windows)
	}
	if b.CountDelayMS < 0 || b.Limits.Least() < 0 {
		return errors.New("a number is below zero")
	}
	return nil
}

// CountDelay returns the time after which queries show rows that were added.
func (b Behavior) CountDelay() time.Duration {
	return time.Duration(b.CountDelayMS) * time.Millisecond
}
