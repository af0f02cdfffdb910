package practice

import (
	"bytes"
	"encoding/json"
	"slices"
)

// othersWrite adds blank rows to the table of a request, or to the first one of its
// dataset, as another program would: they count against the limits.
func (s *Service) othersWrite(q *request, n int) {
	if d, t := s.tableOf(q.parts); t != nil {
		s.othersStore(&request{Request: q.Request.Clone(q.Context()), now: q.now}, d, t, n)
	}
}

func (s *Service) othersStore(q *request, d *dataset, t *table, n int) answer {
	s.mu.Lock()
	columns := t.Definition.Columns
	s.mu.Unlock()
	row := map[string]any{}
	for _, c := range columns {
		row[c.Name] = nil
	}
	line, err := json.Marshal(row)
	if err != nil {
		return internalError(err)
	}
	body := append([]byte(`{"rows":[`), bytes.Repeat(append(line, ','), n)...)
	body = append(bytes.TrimSuffix(body, []byte(",")), "]}"...)
	return s.storeRows(q, d, t, body)
}

// tableOf finds the table that a path names, or the first one of its dataset.
func (s *Service) tableOf(parts []string) (*dataset, *table) {
	after := func(word string) string {
		if i := slices.Index(parts, word); i >= 0 && i+1 < len(parts) {
			return parts[i+1]
		}
		return ""
	}
	id, name := after("datasets"), after("tables")
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, tenant := range s.model.Tenants {
		for _, w := range tenant.Workspaces {
			d := w.dataset(id)
			if d == nil || len(d.Tables) == 0 {
				continue
			}
			if t := d.table(name); t != nil {
				return d, t
			}
			return d, d.Tables[0]
		}
	}
	return nil, nil
}
