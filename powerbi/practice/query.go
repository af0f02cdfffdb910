package practice

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/traffic"
)

// Limits of executeQueries. Source: the API's published description.
const (
	maxResultRows   = 100_000
	maxResultValues = 1_000_000
	maxResultBytes  = 15 << 20
)

type queryBody struct {
	Queries []struct {
		Query string `json:"query"`
	} `json:"queries"`
	SerializerSettings struct {
		IncludeNulls bool `json:"includeNulls"`
	} `json:"serializerSettings"`
	ImpersonatedUserName string `json:"impersonatedUserName"`
}

// executeQueries answers the queries a sender needs: a row count and a sample.
// It needs Read and Build on the dataset, which a Viewer does not have.
func (s *Service) executeQueries(q *request, in place) answer {
	var body queryBody
	if err := decodeBody(q, &body); err != nil {
		return badBody(err)
	}
	s.mu.Lock()
	d, refused := s.enterQuery(q, in)
	s.mu.Unlock()
	if refused != nil {
		return *refused
	}
	if len(body.Queries) != 1 {
		return *invalid("A request holds one query, not %d.", len(body.Queries))
	}
	parsed, err := parseQuery(body.Queries[0].Query)
	if err != nil {
		return queryError(err)
	}
	rows, cut, err := s.evaluate(d, parsed, q.now, body.SerializerSettings.IncludeNulls)
	if err != nil {
		return queryError(err)
	}
	var out bytes.Buffer
	out.WriteString(`{"results":[{"tables":[{"rows":[`)
	out.Write(rows)
	out.WriteString(`]}]`)
	if cut != "" {
		// The documentation says only that an error is in the result; its code is assumed.
		text, _ := json.Marshal(apiErrorInner{Code: "ResultSetTooLarge", Message: cut})
		out.WriteString(`,"error":`)
		out.Write(text)
	}
	out.WriteString(`}]}`)
	return newAnswer(http.StatusOK, "application/json; charset=utf-8", out.Bytes())
}

// enterQuery checks whether the caller may query a dataset now. The caller holds
// s.mu.
func (s *Service) enterQuery(q *request, in place) (*dataset, *answer) {
	w, refused := s.enter(q, in, RoleViewer)
	if refused != nil {
		return nil, refused
	}
	d := w.dataset(in.dataset)
	if d == nil || !w.role(q.caller.objectID).AtLeast(RoleContributor) {
		a := entityNotFound()
		return nil, &a
	}
	if q.caller.tenant.ExecuteQueriesBlocked {
		a := notAuthorized(http.StatusUnauthorized) // assumed
		return nil, &a
	}
	acts := s.faults.Behaviour()
	if acts.NoLimits {
		return d, nil
	}
	recent := s.queries[q.caller.objectID]
	if recent == nil {
		recent = &traffic.Window{}
		s.queries[q.caller.objectID] = recent
	}
	if wait, ok := recent.Admit(traffic.Rolling, q.now, time.Minute, int64(acts.Limits.Queries), 1); !ok {
		a := throttled(wait)
		return nil, &a
	}
	recent.Add(q.now, 1)
	return d, nil
}

// shown gives how many rows of a table queries see.
func (s *Service) shown(t *table, now time.Time) int64 {
	return t.lately.Shown(t.store.count(), now, s.faults.Behaviour().CountDelay())
}

// queryError is the answer to a query that cannot be run.
func queryError(err error) answer {
	return pbiErrorAnswer(http.StatusBadRequest, "DatasetExecuteQueriesError",
		detail("DetailsMessage", err.Error()), detail("AnalysisServicesErrorCode", "3238920195"))
}

// evaluate runs a query. rows are JSON objects with commas between; cut says why
// there are fewer than there should be.
func (s *Service) evaluate(d *dataset, p query, now time.Time, includeNulls bool) (rows []byte, cut string, err error) {
	find := func(name string) (*table, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, t := range d.Tables {
			if strings.EqualFold(t.Definition.Name, name) { // DAX names have no case
				return t, nil
			}
		}
		return nil, fmt.Errorf("cannot find table '%s'", name)
	}
	if p.table != "" {
		t, err := find(p.table)
		if err != nil {
			return nil, "", err
		}
		if _, only := t.store.(*countingStore); only && p.filter != nil {
			return nil, "", errors.New("this practice service keeps no values of rows")
		}
		return s.sample(t, p.top, s.shown(t, now), p.filter, includeNulls)
	}
	row := newObject(rows)
	for _, c := range p.counts {
		t, err := find(c.table)
		if err != nil {
			return nil, "", err
		}
		if n := s.shown(t, now); n > 0 {
			row.field("["+c.name+"]", fmt.Append(nil, n))
		} else if includeNulls {
			row.field("["+c.name+"]", null) // COUNTROWS of an empty table is blank, not 0
		}
	}
	return row.end(), "", nil
}

// sample gives the first rows of a table that fit a filter; top < 0 means all. Only
// the first shown rows of the table are seen.
func (s *Service) sample(t *table, top, shown int64, filter condition, includeNulls bool) (out []byte, cut string, err error) {
	var n, values, seen int64
	name := t.Definition.Name
	err = s.readRows(t, func(columns []powerbi.Column, fields [][]byte) bool {
		seen++
		switch {
		case seen > shown, top >= 0 && n >= top:
			return false
		case filter != nil && !filter(columns, fields):
			return true
		case n >= maxResultRows || values+int64(len(columns)) > maxResultValues:
			cut = fmt.Sprintf("The result was cut off at %d rows.", n)
			return false
		case len(out) > maxResultBytes:
			cut = "The result was cut off at 15 MB."
			return false
		}
		if n > 0 {
			out = append(out, ',')
		}
		row := newObject(out)
		for i, c := range columns {
			if bytes.Equal(fields[i], null) && !includeNulls {
				continue
			}
			row.field(name+"["+c.Name+"]", queryValue(c.DataType, fields[i]))
		}
		out = row.end()
		n++
		values += int64(len(columns))
		return true
	})
	return out, cut, err
}

// queryValue writes a stored value as a query answers it.
func queryValue(kind powerbi.DataType, raw []byte) []byte {
	if kind != powerbi.DateTime || bytes.Equal(raw, null) {
		return raw
	}
	t, ok := parseDateTime([]byte(unescaped(raw[1:len(raw)-1], bytes.IndexByte(raw, '\\') >= 0)))
	if !ok {
		return raw
	}
	return fmt.Appendf(nil, "%q", formatDateTime(storedDateTime(t)))
}

// object writes one JSON object.
type object struct {
	out   []byte
	first bool
}

func newObject(out []byte) *object { return &object{append(out, '{'), true} }

func (o *object) field(name string, value []byte) {
	if !o.first {
		o.out = append(o.out, ',')
	}
	o.first = false
	key, _ := json.Marshal(name)
	o.out = append(append(o.out, key...), ':')
	o.out = append(o.out, value...)
}

func (o *object) end() []byte { return append(o.out, '}') }
