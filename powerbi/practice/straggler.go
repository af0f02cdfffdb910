package practice

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"pushdesk/powerbi"
)

// A request whose connection broke may still be under way inside a service, and be
// done a while later. So a request can be cut and served all the same.

// straggler is a request that is served after its connection was cut.
type straggler struct {
	due    time.Time
	q      *request
	handle handler
}

type stragglers struct {
	mu   sync.Mutex
	list []straggler
}

// serveLater keeps a request to be served once its time has come.
func (s *Service) serveLater(q *request, handle handler) {
	body, err := io.ReadAll(io.LimitReader(q.Body, 2*powerbi.MaxBodyBytes))
	if err != nil { // the client never sent it whole
		return
	}
	r := q.Request.Clone(context.WithoutCancel(q.Context()))
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	later := &request{Request: r, id: q.id, parts: q.parts, op: q.op}
	s.late.mu.Lock()
	defer s.late.mu.Unlock()
	s.late.list = append(s.late.list, straggler{q.now.Add(time.Duration(q.fault.LaterMS) * time.Millisecond), later, handle})
}

// serveStragglers serves those whose time has come, before the next request is.
func (s *Service) serveStragglers(now time.Time) {
	s.late.mu.Lock()
	defer s.late.mu.Unlock()
	s.late.list = slices.DeleteFunc(s.late.list, func(l straggler) bool {
		if l.due.After(now) {
			return false
		}
		l.q.now = l.due
		if a := l.handle(l.q); a.status == http.StatusOK {
			s.log.add(l.q.line(0, 0)) // served, but nobody was told
		}
		return true
	})
}
