package practice

import (
	"net/http"
	"strconv"
)

// Sequence numbers were a preview of the real service and are missing from its
// present reference. With Behaviour.SequenceNumbers this service honours them: a
// batch with a number not above the last one was accepted before, so it is not
// stored again. It is answered with success or, with Behaviour.RefuseRepeats, with
// 400; what the real service answers is not known.

const sequenceHeader = "X-PowerBI-PushData-SequenceNumber"

// sequence reads the number of a batch. skip means that it is already stored.
// The caller holds the dataset's storing lock.
func (s *Service) sequence(q *request, t *table) (skip bool, refused *answer) {
	text := q.Header.Get(sequenceHeader)
	acts := s.faults.Behaviour()
	if !acts.SequenceNumbers || text == "" {
		return false, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return false, invalid("The sequence number %q is not a whole number.", clip(text))
	}
	if skip = t.hasNumber && n <= t.sequence; skip && acts.RefuseRepeats {
		return false, invalid("The sequence number %d is not above the last one, %d.", n, t.sequence)
	}
	return skip, nil
}

// numberStored notes the number of a batch that has been stored.
func (s *Service) numberStored(q *request, t *table) {
	if n, err := strconv.ParseInt(q.Header.Get(sequenceHeader), 10, 32); err == nil && s.faults.Behaviour().SequenceNumbers {
		t.sequence, t.hasNumber = n, true
	}
}

func (s *Service) listSequenceNumbers(q *request, in place) answer {
	if !s.faults.Behaviour().SequenceNumbers {
		return notFound(q)
	}
	s.mu.Lock()
	d, t, refused := s.enterTable(q, in, RoleContributor)
	s.mu.Unlock()
	if refused != nil {
		return *refused
	}
	d.storing.Lock()
	defer d.storing.Unlock()
	type number struct {
		ClientID       int   `json:"clientId"`
		SequenceNumber int64 `json:"sequenceNumber"`
	}
	list := []number{}
	if t.hasNumber {
		list = append(list, number{1, t.sequence})
	}
	return jsonAnswer(http.StatusOK, s.odata("sequenceNumbers", list))
}
