package push

import (
	"context"
	"sync/atomic"
	"time"

	"pushdesk/powerbi/push/clock"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
)

// Options say how a run is done. The zero value appends, stops at the first problem,
// keeps no journal and the documented limits.
//
// Large: they are the choices of a person, one by one.
type Options struct {
	history.Origin                  // the empty Mode appends, the empty Policy stops
	Journal        *history.Journal // from Begin or Resume of a history; nil keeps nothing on disk
	Clock          clock.Clock      // nil: the computer's
	Pace           plan.Pace

	TotalRows  int64         // rows of the source, if a check has counted them: for the time left
	CancelWait time.Duration // how long requests in flight are waited for after a cancel; 0: 30 s
	Unknown    OnUnknown     // what to do with batches whose outcome cannot be found out; of a resumed run only
	// Abort ends the run at once, after a cancel: requests in flight are given up and
	// nothing is asked any more. What is not known then is in the journal. nil: nothing does.
	Abort <-chan struct{}

	// Created says that the dataset was created for this run: for a while the service may
	// answer that it is not there.
	Created bool

	Pause   *Pause // nil: nothing pauses the run
	OneHour bool   // stop, to be resumed, where the run would have to wait for the hour

	// Verify is asked when nothing is left to send, before the run is called finished: whether
	// the rows that were sent are those that were meant. nil asks nobody.
	Verify func(context.Context) error

	// Reread returns the source once more. In a run that replaces rows it is read, checked
	// and encoded to its end before anything is deleted. nil leaves that out.
	Reread  func() (mapping.Source, error)
	InParts bool // replace also if the limits leave the table partly filled for a while
}

// OptionsOf returns the options of a run that is resumed, with its journal.
func OptionsOf(j *history.Journal) Options {
	a := j.About()
	return Options{Origin: a.Origin, Journal: j, TotalRows: a.TotalRows}
}

// about returns what a run with these options is about.
func (o Options) about(id string, t history.Table, m mapping.Mapping) history.About {
	return history.About{RunID: id, Target: t, Mapping: m, Origin: o.Origin, TotalRows: o.TotalRows}
}

func (o Options) orDefault() Options {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Mode == "" {
		o.Mode = plan.ModeAppend
	}
	if o.Policy == "" {
		o.Policy = mapping.PolicyStop
	}
	if o.CancelWait <= 0 {
		o.CancelWait = cancelWait
	}
	return o
}

// OnUnknown is a person's decision about batches of which nobody can say whether they
// were stored.
type OnUnknown string

const (
	UnknownKeep   OnUnknown = ""       // they stay unknown
	UnknownStored OnUnknown = "stored" // take them as stored
	UnknownResend OnUnknown = "resend" // send them again, at the risk of doubled rows
)

// Pause holds a run and lets it continue, from any goroutine. While it is on, no
// further request of rows starts and nothing is deleted; those in flight end as they
// do. The limits, the journal and the answers that are waited for go on as time does.
// The zero value is off; nil is off for good.
type Pause struct{ on atomic.Bool }

// Set turns the pause on or off.
func (p *Pause) Set(on bool) { p.on.Store(on) }

// On reports whether the pause is on.
func (p *Pause) On() bool { return p != nil && p.on.Load() }
