package practice

import (
	"sync"
	"time"

	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/web"
)

// Request is one line of the request log.
type Request struct {
	Time      time.Time        `json:"time"`
	Duration  time.Duration    `json:"duration"` // by the wall clock
	Method    string           `json:"method"`
	Path      string           `json:"path"` // without the query
	Query     string           `json:"query,omitempty"`
	Operation faults.Operation `json:"operation"`
	Status    int              `json:"status"` // 0 when the connection was cut
	RequestID string           `json:"requestId"`
	Rows      int              `json:"rows,omitempty"`  // rows stored by this request
	Bytes     int              `json:"bytes,omitempty"` // size of the rows body
	Caller    string           `json:"caller,omitempty"`
	Struck    bool             `json:"struck,omitempty"` // by a fault
}

// requestLog keeps the last requests.
type requestLog struct {
	mu    sync.Mutex
	size  int
	list  []Request // a ring once it is full
	start int
}

// add notes a request that was answered.
func (l *requestLog) add(q *web.Request, status int, took time.Duration, struck bool) {
	r := Request{Time: q.Now, Duration: took, Method: q.Method, Path: q.URL.Path, Query: q.URL.RawQuery, Operation: q.Op,
		Status: status, RequestID: q.ID, Rows: q.Rows, Bytes: q.Bytes, Caller: q.Caller, Struck: struck}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) < l.size {
		l.list = append(l.list, r)
		return
	}
	l.list[l.start] = r
	l.start = (l.start + 1) % l.size
}

// all returns the log, oldest first.
func (l *requestLog) all() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]Request, 0, len(l.list))
	out = append(out, l.list[l.start:]...)
	return append(out, l.list[:l.start]...)
}
