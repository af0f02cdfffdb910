package faults

import (
	"math/rand/v2"
	"time"

	"pushdesk/powerbi/practice/tenant"
)

// Fault is trouble that was asked for. It strikes requests that match Operation,
// Method and PathContains (an empty one matches all), lets the first After of
// them pass, and strikes the next Times (0 means one, -1 until it is removed).
//
// With Among, a request is struck by chance: one in OneIn, by one of Among; Seed and
// the count of the requests decide, so that the same seed makes the same trouble.
//
// What it does happens in this order: Others, RevokeTokens, Delay (and Hold), CutBefore,
// Status, then the request is served with Role in force, and CutAfter withholds
// the answer. Status with CutAfter is the answer to a request that was served all the same.
// A POST of rows that is delayed counts as pending meanwhile.
//
// Large: a fault is written as one flat JSON object, so that a test can be read.
type Fault struct {
	Operation    Operation `json:"operation,omitempty"`
	Method       string    `json:"method,omitempty"`
	PathContains string    `json:"pathContains,omitempty"`
	After        int       `json:"after,omitempty"`
	Times        int       `json:"times,omitempty"`

	Delay        time.Duration   `json:"-"`
	DelayMS      int64           `json:"delayMs,omitempty"` // the same for JSON
	Hold         <-chan struct{} `json:"-"`                 // waits until it is closed; with CutAfter once the request was served
	RevokeTokens bool            `json:"revokeTokens,omitempty"`
	Role         tenant.Role     `json:"role,omitempty"` // the caller's role in the workspace of the request, from now on
	CutBefore    bool            `json:"cutBefore,omitempty"`
	CutAfter     bool            `json:"cutAfter,omitempty"`
	LaterMS      int64           `json:"laterMs,omitempty"`      // with CutBefore: the request is served all the same after so long by the service's clock
	OthersAsMany bool            `json:"othersAsMany,omitempty"` // with CutBefore: another program adds as many rows as the request holds
	Others       int             `json:"others,omitempty"`       // blank rows that another program adds to the table right before the request is served

	Status     int               `json:"status,omitempty"`
	Body       string            `json:"body,omitempty"` // sent as JSON unless Header says otherwise
	ErrorInfo  string            `json:"errorInfo,omitempty"`
	RetryAfter int               `json:"retryAfter,omitempty"` // seconds
	Header     map[string]string `json:"header,omitempty"`

	Seed  uint64  `json:"seed,omitempty"`
	OneIn int     `json:"oneIn,omitempty"`
	Among []Fault `json:"among,omitempty"`
}

// chosen returns the fault that strikes the n-th request.
func (f Fault) chosen(n int) (Fault, bool) {
	if len(f.Among) == 0 {
		return f, true
	}
	r := rand.New(rand.NewPCG(f.Seed, uint64(n)))
	if r.IntN(max(f.OneIn, 1)) != 0 {
		return Fault{}, false
	}
	return f.Among[r.IntN(len(f.Among))], true
}
