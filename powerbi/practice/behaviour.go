package practice

import (
	"fmt"
	"net/http"
	"time"
)

// AddRowsOfOthers adds blank rows to a table as another program would: they count
// against the limits. It fails with the answer such a program would get.
func (s *Service) AddRowsOfOthers(datasetID, tableName string, n int) error {
	d, t := s.tableOf([]string{"datasets", datasetID, "tables", tableName})
	if t == nil {
		return fmt.Errorf("there is no dataset %q with a table", datasetID)
	}
	most := s.faults.Behaviour().Limits.RowsPerRequest
	for ; n > 0; n -= most {
		if a := s.othersStore(&request{Request: &http.Request{Header: http.Header{}}, now: s.faults.Now()}, d, t, min(n, most)); a.status != http.StatusOK {
			return fmt.Errorf("the service answered %d: %s", a.status, a.body)
		}
	}
	return nil
}

// controlBehaviour changes the fields that are given.
func (s *Service) controlBehaviour(q *request) answer {
	b := s.faults.Behaviour()
	if err := decodeBody(q, &b); err != nil {
		return plainAnswer(http.StatusBadRequest, err.Error())
	}
	if err := s.faults.SetBehaviour(b); err != nil {
		return plainAnswer(http.StatusBadRequest, err.Error())
	}
	return jsonAnswer(http.StatusOK, s.faults.Behaviour())
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
	s.faults.Forward(time.Duration(body.ForwardMS) * time.Millisecond)
	return jsonAnswer(http.StatusOK, map[string]string{"now": s.faults.Now().UTC().Format(time.RFC3339)})
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
