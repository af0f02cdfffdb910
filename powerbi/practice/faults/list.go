package faults

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// List is the trouble the service will make. It may be changed while
// the service runs.
type List struct {
	mu   sync.Mutex
	next int
	list []*planned
}

type planned struct {
	id     int
	fault  Fault
	seen   int
	struck int
}

// Add asks for a fault and returns its number.
func (l *List) Add(fault Fault) int {
	if fault.DelayMS > 0 {
		fault.Delay = time.Duration(fault.DelayMS) * time.Millisecond
	}
	fault.DelayMS = fault.Delay.Milliseconds()
	for i := range fault.Among {
		fault.Among[i].Delay = max(fault.Among[i].Delay, time.Duration(fault.Among[i].DelayMS)*time.Millisecond)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	l.list = append(l.list, &planned{id: l.next, fault: fault})
	return l.next
}

// Remove removes a fault.
func (l *List) Remove(id int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = slices.DeleteFunc(l.list, func(p *planned) bool { return p.id == id })
}

// Clear removes every fault.
func (l *List) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = nil
}

// Struck returns how often a fault has struck.
func (l *List) Struck(id int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.list {
		if p.id == id {
			return p.struck
		}
	}
	return 0
}

// Strike returns the first fault that strikes a request. Every matching fault
// counts the request, whether another one struck it or not.
func (l *List) Strike(op Operation, r *http.Request) (Fault, bool) {
	if op == OpControl {
		return Fault{}, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var hit *planned
	var does Fault
	for _, p := range l.list {
		if !p.matches(op, r) {
			continue
		}
		p.seen++
		if hit != nil || p.seen <= p.fault.After || p.spent() {
			continue
		}
		if what, strikes := p.fault.chosen(p.seen); strikes {
			hit, does = p, what
		}
	}
	if hit == nil {
		return Fault{}, false
	}
	hit.struck++
	return does, true
}

func (p *planned) matches(op Operation, r *http.Request) bool {
	return (p.fault.Operation == "" || p.fault.Operation == op) &&
		(p.fault.Method == "" || strings.EqualFold(p.fault.Method, r.Method)) &&
		(p.fault.PathContains == "" || strings.Contains(r.URL.Path, p.fault.PathContains))
}

func (p *planned) spent() bool {
	return p.fault.Times >= 0 && p.struck >= max(1, p.fault.Times)
}

// State is a fault with how often it has struck.
type State struct {
	ID     int   `json:"id"`
	Struck int   `json:"struck"`
	Fault  Fault `json:"fault"`
}

// States returns every fault.
func (l *List) States() []State {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]State, 0, len(l.list))
	for _, p := range l.list {
		list = append(list, State{p.id, p.struck, p.fault})
	}
	return list
}
