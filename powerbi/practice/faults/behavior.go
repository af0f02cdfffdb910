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
	AlterEmpties    bool            `json:"alterEmpties"`    // PUT of a table drops its rows
	NoQueries       bool            `json:"noQueries"`       // queries are refused, as where the tenant does not allow them
	LoseOneIn       int             `json:"loseOneIn"`       // of POSTs of rows, one in so many gets no reply: its connection is cut; 0 loses none
	Lost            Lost            `json:"lost"`            // what becomes of the rows of such a POST
	LostMS          int64           `json:"lostMs"`          // of "late": after how long they are stored
	DateOffMS       int64           `json:"dateOffMs"`       // by how much the Date of answers is wrong, as if the computer's clock had been set
	NoLimits        bool            `json:"noLimits"`        // no limit on requests, pending requests, rows an hour or stored rows
	Limits          traffic.Limits  `json:"limits"`          // zero fields are the documented ones
}

// Lost is what becomes of the rows of a request whose reply is lost.
type Lost string

const (
	LostStored Lost = ""       // they are stored
	LostNever  Lost = "never"  // they are not
	LostLate   Lost = "late"   // they are stored some time after the connection was cut
	LostOthers Lost = "others" // they are not, and another program adds as many rows
)

// Default is the behavior of a service of which no other was asked.
func Default() Behavior { return Behavior{Limits: traffic.Limits{}.OrDocumented()} }

// check returns what keeps a behavior from being taken on.
func (b Behavior) check() error {
	switch b.Windows {
	case traffic.Rolling, traffic.Fixed, traffic.First:
	default:
		return fmt.Errorf(`there are no windows %q; there are "", "fixed" and "first"`, b.Windows)
	}
	switch b.Lost {
	case LostStored, LostNever, LostLate, LostOthers:
	default:
		return fmt.Errorf(`lost batches are not %q; they are "", "never", "late" or "others"`, b.Lost)
	}
	if b.CountDelayMS < 0 || b.LoseOneIn < 0 || b.LostMS < 0 || b.Limits.Least() < 0 {
		return errors.New("a number is below zero")
	}
	return nil
}

// CountDelay returns the time after which queries show rows that were added.
func (b Behavior) CountDelay() time.Duration {
	return time.Duration(b.CountDelayMS) * time.Millisecond
}

// lost returns the fault that takes the reply of a POST of rows.
func (b Behavior) lost() Fault {
	switch b.Lost {
	case LostNever:
		return Fault{CutBefore: true}
	case LostLate:
		return Fault{CutBefore: true, LaterMS: max(b.LostMS, 1)}
	case LostOthers:
		return Fault{CutBefore: true, OthersAsMany: true}
	}
	return Fault{CutAfter: true}
}

// DateOff returns by how much the Date of answers is wrong.
func (b Behavior) DateOff() time.Duration { return time.Duration(b.DateOffMS) * time.Millisecond }
