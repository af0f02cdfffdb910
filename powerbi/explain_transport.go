package powerbi

import "pushdesk/storage/netfail"

// explain finds the cause in the catalogue.
func (e *TransportError) explain() cause {
	kind := netfail.KindOf(e.Err)
	if kind == netfail.None || kind == netfail.Other {
		if kind = netfail.Other; e.Sent {
			kind = netfail.Cut
		}
	}
	return transports[kind]
}

func (e *TransportError) Sentence() string { return e.explain().sentence }

func (e *TransportError) Remedy() string {
	if e.Sent && !e.Operation.reads() {
		return e.explain().remedy + " " + unknownAdvice(e.Operation)
	}
	return e.explain().remedy
}

func (e *TransportError) Who() string { return e.explain().who }

// Request is what the person who can fix it is asked for, in words to them.
func (e *TransportError) Request() string { return e.explain().request() }

func (e *TransportError) Details() string {
	l := lines{}
	l.add("Operation", string(e.Operation))
	l.add("Cause", cleanMessage(e.Err.Error()))
	if e.Sent {
		l.add("Request", "may have reached the service")
	} else {
		l.add("Request", "did not leave this computer")
	}
	return l.String()
}
