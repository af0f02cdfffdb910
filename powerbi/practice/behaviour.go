package practice

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Behaviour is how the service acts where nobody knows how the real one does, and
// which limits it keeps. Options give the first one; it can be changed while the
// service runs, so that a sender can be judged under each of the ways.
type Behaviour struct {
	Windows         Windows `json:"windows"`         // how the periods of the limits run: "" rolling, "fixed", "first"
	CountDelayMS    int64   `json:"countDelayMs"`    // after which queries show rows that were added; at most two hours
	SequenceNumbers bool    `json:"sequenceNumbers"` // honour X-PowerBI-PushData-SequenceNumber
	RefuseRepeats   bool    `json:"refuseRepeats"`   // with them, answer a repeat with 400 instead of a success
	PartlyStored    bool    `json:"partlyStored"`    // of a batch that is refused for a row, keep the rows before it
	ColumnsInTables bool    `json:"columnsInTables"` // GET tables answers columns too
	NoLimits        bool    `json:"noLimits"`        // no limit on requests, pending requests, rows an hour or stored rows
	Limits          Limits  `json:"limits"`          // zero fields are the documented ones
}

// check tells what keeps a behaviour from being taken on.
func (b Behaviour) check() error {
	switch b.Windows {
	case WindowsRolling, WindowsFixed, WindowsFirst:
	default:
		return fmt.Errorf(`there are no windows %q; there are "", "fixed" and "first"`, b.Windows)
	}
	l := b.Limits
	if b.CountDelayMS < 0 || min(int64(l.RowsPerRequest), l.RowsPerHour, int64(l.Requests), l.SlowFrom, int64(l.Pending), l.RowsFIFO, l.RowsFIFOSlack, l.RowsNone, int64(l.BodyBytes), int64(l.Queries)) < 0 {
		return errors.New("a number is below zero")
	}
	return nil
}

// Behaviour gives how the service acts now, with every limit as a number.
func (s *Service) Behaviour() Behaviour { return *s.acts.Load() }

// SetBehaviour lets the service act in another way from the next request on.
func (s *Service) SetBehaviour(b Behaviour) error {
	if err := b.check(); err != nil {
		return err
	}
	b.Limits = b.Limits.orDocumented()
	b.CountDelayMS = min(b.CountDelayMS, windowsKeep.Milliseconds())
	s.acts.Store(&b)
	return nil
}

// SetCountDelay changes after which time queries show rows that were added: both
// row counts and the rows themselves. At most two hours.
func (s *Service) SetCountDelay(d time.Duration) {
	b := s.Behaviour()
	b.CountDelayMS = max(d.Milliseconds(), 0)
	_ = s.SetBehaviour(b) // nothing else of it has changed
}

// Forward lets time pass for the service at once: an hour of its limits, the life
// of its tokens.
func (s *Service) Forward(d time.Duration) { s.ahead.Add(int64(max(d, 0))) }

// now is the service's time.
func (s *Service) now() time.Time { return s.opts.Now().Add(time.Duration(s.ahead.Load())) }

// AddRowsOfOthers adds blank rows to a table as another program would: they count
// against the limits. It fails with the answer such a program would get.
func (s *Service) AddRowsOfOthers(datasetID, tableName string, n int) error {
	d, t := s.tableOf([]string{"datasets", datasetID, "tables", tableName})
	if t == nil {
		return fmt.Errorf("there is no dataset %q with a table", datasetID)
	}
	most := s.Behaviour().Limits.RowsPerRequest
	for ; n > 0; n -= most {
		if a := s.othersStore(&request{Request: &http.Request{Header: http.Header{}}, now: s.now()}, d, t, min(n, most)); a.status != http.StatusOK {
			return fmt.Errorf("the service answered %d: %s", a.status, a.body)
		}
	}
	return nil
}

// controlBehaviour changes the fields that are given.
func (s *Service) controlBehaviour(q *request) answer {
	b := s.Behaviour()
	if err := decodeBody(q, &b); err != nil {
		return plainAnswer(http.StatusBadRequest, err.Error())
	}
	if err := s.SetBehaviour(b); err != nil {
		return plainAnswer(http.StatusBadRequest, err.Error())
	}
	return jsonAnswer(http.StatusOK, s.Behaviour())
}

func (s *Service) controlClock(q *request) answer {
	var body struct {
		ForwardMS int64 `json:"forwardMs"`
	}
	if err := decodeBody(q, &body); err != nil {
		return plainAnswer(http.StatusBadRequest, err.Error())
	}
	if body.ForwardMS < 0 {
		return plainAnswer(http.StatusBadRequest, "the clock only goes forward")
	}
	s.Forward(time.Duration(body.ForwardMS) * time.Millisecond)
	return jsonAnswer(http.StatusOK, map[string]string{"now": s.now().UTC().Format(time.RFC3339)})
}

func (s *Service) controlRename(q *request) answer {
	var body struct {
		Dataset string `json:"dataset"` // ID
		Table   string `json:"table"`
		Name    string `json:"name"` // the new one
	}
	if err := decodeBody(q, &body); err != nil {
		return plainAnswer(http.StatusBadRequest, err.Error())
	}
	if err := s.RenameTable(body.Dataset, body.Table, body.Name); err != nil {
		return plainAnswer(http.StatusBadRequest, err.Error())
	}
	return emptyAnswer(http.StatusNoContent)
}

func (s *Service) controlOthers(q *request) answer {
	var body struct {
		Dataset string `json:"dataset"` // ID
		Table   string `json:"table"`   // "" is the first one
		Rows    int    `json:"rows"`
	}
	if err := decodeBody(q, &body); err != nil {
		return plainAnswer(http.StatusBadRequest, err.Error())
	}
	if err := s.AddRowsOfOthers(body.Dataset, body.Table, body.Rows); err != nil {
		return plainAnswer(http.StatusBadRequest, err.Error())
	}
	return emptyAnswer(http.StatusNoContent)
}
