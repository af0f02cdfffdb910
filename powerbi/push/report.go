package push

import (
	"time"

	"pushdesk/powerbi/push/clock"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
)

// Progress is how far a run is.
type Progress struct {
	RowsRead, RowsSent, RowsRejected int64
	Batches, Requests, Retries       int
	InFlight                         int           // requests without an answer
	Rate                             float64       // rows a second since the start
	Left                             time.Duration // the plan's least time for the rest; 0 if not known
	State                            State
	WaitUntil                        time.Time     // when State is waiting and the end is known
	Now                              time.Time     // by the clock of the run, which that of a practice service may be
	Forward                          clock.Forward // of that clock; nil for real services
	WaitReason                       string
}

// State is what a run is doing.
type State string

const (
	StateReading  State = "reading" // the first rows, or row counts
	StateSending  State = "sending"
	StateWaiting  State = "waiting"
	StatePaused   State = "paused"
	StateStopping State = "stopping" // cancelled: it waits for the requests in flight, and for row counts
)

// progressEvery is how often progress is told at most.
const progressEvery = 100 * time.Millisecond

// report is the account of a run while it is made, and tells its progress.
type report struct {
	history.Receipt
	clock  clock.Clock
	pacer  *plan.Pacer
	reader *reader
	on     func(Progress)
	batch  int64 // rows of a full batch

	started  time.Time     // of this session
	before   time.Duration // what earlier sessions took
	earlier  int64         // rows that they have sent
	waited   time.Duration // with what earlier sessions waited
	spent    time.Duration // by requests that were answered
	answered int

	state     State
	stopping  bool
	waitUntil time.Time
	waitWhy   string
	inFlight  int

	lastCall time.Time // of progress
	lastLeft time.Time // when left was worked out
	left     time.Duration
}

// waiting notes what the run waits for. Waiting for an answer is sending.
func (r *report) waiting(until time.Time, why string, known bool) {
	if !known {
		r.state = StateSending
		return
	}
	r.state, r.waitUntil, r.waitWhy = StateWaiting, until, why
}

// requested counts a POST of rows.
func (r *report) requested(tries int) {
	r.Requests++
	if tries > 1 {
		r.Retries++
	}
	r.inFlight++
	r.state = StateSending
}

// answer counts the end of a POST of rows.
func (r *report) answer(took time.Duration) {
	r.answered++
	r.spent += took
}

// waitedSince counts the time since a wait began, unless requests were in flight.
func (r *report) waitedSince(since time.Time) {
	if r.inFlight == 0 {
		r.waited += max(r.clock.Now().Sub(since), 0)
	}
}

// tell tells the progress if it is time, or now.
func (r *report) tell(now bool) {
	at := time.Now()
	if !now && at.Sub(r.lastCall) < progressEvery {
		return
	}
	r.lastCall = at
	p := Progress{RowsRead: r.reader.read.Load(), RowsSent: r.RowsSent, RowsRejected: r.RowsRejected + r.reader.rejected.Load(),
		Batches: r.Batches, Requests: r.Requests, Retries: r.Retries, InFlight: r.inFlight, State: r.state, Now: r.clock.Now()}
	if r.state == StateWaiting {
		p.WaitUntil, p.WaitReason = r.waitUntil, r.waitWhy
		if c, ok := r.clock.(*clock.Followed); ok {
			p.Forward = c.Forward()
		}
	}
	if r.stopping {
		p.State = StateStopping
	}
	sent := r.RowsSent - r.earlier
	if took := p.Now.Sub(r.started); took > 0 {
		p.Rate = float64(sent) / took.Seconds()
	}
	if at.Sub(r.lastLeft) >= time.Second {
		r.lastLeft, r.left = at, r.timeLeft(sent)
	}
	p.Left = r.left
	r.on(p)
}

// tellLast tells the progress of a run that has ended.
func (r *report) tellLast() {
	r.on(Progress{RowsRead: r.RowsRead, RowsSent: r.RowsSent, RowsRejected: r.RowsRejected,
		Batches: r.Batches, Requests: r.Requests, Retries: r.Retries, State: r.state})
}

// timeLeft runs the pacer ahead over what is still to be sent.
func (r *report) timeLeft(sent int64) time.Duration {
	done := r.RowsSent + r.RowsRejected + r.reader.rejected.Load()
	rest := r.RowsTotal - done
	if rest <= 0 || r.RowsTotal == 0 {
		return 0
	}
	batch := r.batch
	if r.Batches > 0 && sent > 0 {
		batch = max(1, r.RowsSent/int64(r.Batches))
	}
	var request time.Duration
	if r.answered > 0 {
		request = r.spent / time.Duration(r.answered)
	}
	return r.pacer.Left(r.clock.Now(), rest, batch, request)
}
