package practice

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/api"
	"pushdesk/powerbi/practice/entra"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/web"
)

// door is what every request comes in through: it names the operation, lets the faults
// strike, asks the handler and writes the answer with a RequestId and a line in the
// log.
type door struct {
	faults  *faults.Set
	login   *entra.Login
	api     *api.API
	control *control
	log     *requestLog

	quit    chan struct{} // closed when the service is; ends waits
	serving sync.RWMutex  // held for reading by every request, and to wait for them

	mu   sync.Mutex // guards late
	late []straggler
}

// straggler is a request that is served after its connection was cut: one whose
// connection broke may still be under way inside a service.
type straggler struct {
	q      *web.Request // Now is when it is served
	handle web.Handler
}

// closed reports whether no more requests are served.
func (d *door) closed() bool {
	select {
	case <-d.quit:
		return true
	default:
		return false
	}
}

// route names the operation of a request and finds its handler.
func (d *door) route(q *web.Request) web.Handler {
	switch {
	case web.Under(q.Parts, "practice"):
		q.Op = faults.OpControl
		return d.control.serve
	case web.Under(q.Parts, "v1.0", "myorg"):
		return d.api.Route(q)
	}
	return d.login.Route(q)
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.serving.RLock()
	defer d.serving.RUnlock()
	if d.closed() {
		panic(http.ErrAbortHandler)
	}
	began := time.Now()
	q := web.NewRequest(r, d.faults.Now())
	d.serveStragglers(q.Now)
	handle := d.route(q)
	f, struck := d.faults.Strike(q.Op, r)
	var a *web.Answer
	if struck {
		a = d.strike(q, f, handle)
	} else {
		a = handle(q)
	}
	if a == nil {
		d.log.add(q, 0, time.Since(began), struck)
		panic(http.ErrAbortHandler) // net/http's way to break the connection
	}
	d.log.add(q, a.Status, time.Since(began), struck)
	h := w.Header()
	for k, v := range a.Header {
		h[k] = v
	}
	h.Set("RequestId", q.ID)
	h.Set("Cache-Control", "no-store, must-revalidate, no-cache")
	if h.Get("Date") == "" { // a fault may ask for a wrong one
		h.Set("Date", q.Now.Add(d.faults.Behavior().DateOff()).UTC().Format(http.TimeFormat))
	}
	h.Set("Content-Length", strconv.Itoa(len(a.Body)))
	w.WriteHeader(a.Status)
	w.Write(a.Body)
}

// strike serves a request under a fault. nil means that the connection is broken
// instead of answered. What a fault does that fails, because the path names no table
// or workspace, is left undone.
func (d *door) strike(q *web.Request, f faults.Fault, handle web.Handler) *web.Answer {
	if f.Others > 0 {
		_ = d.api.AddBlankRows(q, q.Parts, f.Others)
	}
	if f.RevokeTokens {
		d.control.portal.RevokeTokens()
	}
	switch {
	case f.CutAfter && f.Hold != nil: // what is held is the answer
		defer d.hold(q, f)
	case q.Op == faults.OpRows && !f.CutBefore && f.Status == 0:
		q.Pending = func() { d.hold(q, f) }
	default:
		d.hold(q, f)
	}
	switch {
	case f.CutBefore && f.LaterMS > 0:
		d.serveLater(q, f, handle)
		return nil
	case f.CutBefore && f.OthersAsMany:
		_ = d.api.AddBlankRows(q, q.Parts, rowsIn(q))
		return nil
	case f.CutBefore:
		q.Drain()
		return nil
	case f.Status != 0 && f.CutAfter:
		handle(q)
		return canned(f)
	case f.Status != 0:
		q.Drain()
		return canned(f)
	}
	if f.Role != "" {
		_ = d.api.SetCallerRole(q, f.Role)
	}
	a := handle(q)
	if f.CutAfter {
		return nil
	}
	return a
}

// rowsIn counts the rows of a POST; 0 if its body holds none.
func rowsIn(q *web.Request) int {
	var body struct {
		Rows []json.RawMessage `json:"rows"`
	}
	if err := json.NewDecoder(io.LimitReader(q.Body, 2*powerbi.MaxBodyBytes)).Decode(&body); err != nil {
		return 0
	}
	return len(body.Rows)
}

// hold waits as a fault says, or until the client or the service has gone.
func (d *door) hold(q *web.Request, f faults.Fault) {
	if f.Delay > 0 {
		passed := make(chan struct{})
		t := time.AfterFunc(f.Delay, func() { close(passed) })
		defer t.Stop()
		d.await(q, passed)
	}
	if f.Hold != nil {
		d.await(q, f.Hold)
	}
}

func (d *door) await(q *web.Request, done <-chan struct{}) {
	select {
	case <-done:
	case <-q.Context().Done():
	case <-d.quit:
	}
}

// canned is the answer a fault asks for.
func canned(f faults.Fault) *web.Answer {
	a := web.Empty(f.Status)
	switch {
	case f.Body != "":
		a = web.New(f.Status, "application/json; charset=utf-8", []byte(f.Body))
	case f.Status == http.StatusTooManyRequests && f.RetryAfter > 0:
		a = web.Throttled(time.Duration(f.RetryAfter) * time.Second)
	}
	if f.ErrorInfo != "" {
		a.Header.Set("x-powerbi-error-info", f.ErrorInfo)
	}
	if f.RetryAfter > 0 {
		a.Header.Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	for k, v := range f.Header {
		a.Header.Set(k, v)
	}
	return a
}

// serveLater keeps a request to be served once its time has come.
func (d *door) serveLater(q *web.Request, f faults.Fault, handle web.Handler) {
	body, err := io.ReadAll(io.LimitReader(q.Body, 2*powerbi.MaxBodyBytes))
	if err != nil { // the client never sent it whole
		return
	}
	later := *q
	later.Request = q.Request.Clone(context.WithoutCancel(q.Context()))
	later.Body, later.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	later.Now = q.Now.Add(time.Duration(f.LaterMS) * time.Millisecond)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.late = append(d.late, straggler{&later, handle})
}

// serveStragglers serves those whose time has come, before the next request is.
func (d *door) serveStragglers(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.late = slices.DeleteFunc(d.late, func(l straggler) bool {
		if l.q.Now.After(now) {
			return false
		}
		if a := l.handle(l.q); a.Status == http.StatusOK {
			d.log.add(l.q, 0, 0, false) // served, but nobody was told
		}
		return true
	})
}
