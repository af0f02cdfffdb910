package practice

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/faults"
)

// addRows takes a POST of rows. The order is: rights, pending requests, request
// rate, size, every value, rows of the hour, rows stored. A batch is stored whole
// or not at all, unless Behaviour.PartlyStored asks for the other possible way.
func (s *Service) addRows(q *request, in place) answer {
	d, t, refused := s.admit(q, in)
	if refused != nil {
		drain(q.Request)
		return *refused
	}
	defer func() {
		s.mu.Lock()
		d.traffic.Pending--
		s.mu.Unlock()
	}()
	if q.struck {
		s.hold(q)
	}

	buffer, ok := s.bodies.Get().(*bytes.Buffer)
	if !ok {
		buffer = new(bytes.Buffer)
	}
	defer s.bodies.Put(buffer)
	buffer.Reset()
	most := s.faults.Behaviour().Limits.BodyBytes
	if q.ContentLength > most {
		return tooLarge(q, most)
	}
	if q.ContentLength > 0 {
		buffer.Grow(int(q.ContentLength) + bytes.MinRead)
	}
	n, err := buffer.ReadFrom(io.LimitReader(q.Body, most+1))
	q.bytes = int(n)
	switch {
	case n > most:
		return tooLarge(q, most)
	case err != nil:
		return apiError(http.StatusBadRequest, "BadRequest", "The body could not be read.")
	}
	return s.storeRows(q, d, t, buffer.Bytes())
}

func tooLarge(q *request, most int64) answer {
	drain(q.Request)
	return apiError(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
		fmt.Sprintf("The request is larger than %d bytes.", most))
}

// admit checks what can be checked before the body is read, and counts the
// request as pending.
func (s *Service) admit(q *request, in place) (*dataset, *table, *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, t, refused := s.enterTable(q, in, RoleContributor)
	if refused != nil {
		return nil, nil, refused
	}
	if acts := s.faults.Behaviour(); !acts.NoLimits {
		if d.traffic.Pending >= acts.Limits.Pending {
			a := throttled(time.Second) // how long a request will be pending is not known
			return nil, nil, &a
		}
		if wait, ok := d.traffic.AdmitRequest(acts.Windows, q.now, acts.Limits, d.largest()); !ok {
			a := throttled(wait)
			return nil, nil, &a
		}
	}
	d.traffic.Pending++
	return d, t, nil
}

// storeRows checks a body and stores its rows.
func (s *Service) storeRows(q *request, d *dataset, t *table, body []byte) answer {
	lines, ok := s.batches.Get().(*[]byte)
	if !ok {
		lines = new([]byte)
	}
	defer s.batches.Put(lines)

	acts := s.faults.Behaviour()
	s.mu.Lock()
	checker := t.checker
	s.mu.Unlock()
	check := func() (n int, bad *rowError) {
		*lines, n, bad = checker.check(body, acts.Limits.RowsPerRequest, !s.opts.DiscardRows, (*lines)[:0])
		return n, bad
	}
	n, bad := check() // several batches may be checked at a time

	d.storing.Lock()
	defer d.storing.Unlock()
	s.mu.Lock()
	current, gone := t.checker, d.gone
	s.mu.Unlock()
	if gone {
		return entityNotFound()
	}
	if current != checker { // the table was redefined meanwhile
		checker = current
		n, bad = check()
	}
	if bad != nil && !(acts.PartlyStored && bad.row > 0) {
		return refusedRows(bad)
	}
	skip, refused := s.sequence(q, t)
	if refused != nil {
		return *refused
	}
	if n == 0 || skip {
		return emptyAnswer(http.StatusOK)
	}
	if refused := s.roomForRows(q, acts, d, t, int64(n)); refused != nil {
		return *refused
	}
	if err := t.store.append(checker.columns, *lines, n, q.now); err != nil {
		return internalError(err)
	}
	q.rows = n
	t.lately.Add(q.now, n)
	s.numberStored(q, t)
	stored := emptyAnswer(http.StatusOK)
	if bad != nil {
		stored = refusedRows(bad)
	}
	if acts.NoLimits {
		return stored
	}
	s.mu.Lock()
	d.traffic.AddRows(q.now, int64(n))
	s.mu.Unlock()
	if d.Retention == powerbi.RetentionFIFO && t.store.count() > acts.Limits.RowsFIFO+acts.Limits.RowsFIFOSlack {
		if err := t.store.trim(acts.Limits.RowsFIFO); err != nil {
			return internalError(err)
		}
	}
	return stored
}

// roomForRows checks the limits on rows.
func (s *Service) roomForRows(q *request, acts faults.Behaviour, d *dataset, t *table, n int64) *answer {
	if acts.NoLimits {
		return nil
	}
	s.mu.Lock()
	wait, ok := d.traffic.AdmitRows(acts.Windows, q.now, acts.Limits, n)
	s.mu.Unlock()
	if !ok {
		a := throttled(wait)
		return &a
	}
	if d.Retention != powerbi.RetentionFIFO && t.store.count()+n > acts.Limits.RowsNone {
		// Status and text of the real service are not known.
		a := apiError(http.StatusBadRequest, "InvalidRequest", fmt.Sprintf(
			"The table would hold more than %d rows, which is the most for a dataset without a retention policy.", acts.Limits.RowsNone))
		return &a
	}
	return nil
}

// refusedRows answers a body that did not pass the check. The real service is
// known to answer 400 and to say little; the details here are for learning.
func refusedRows(e *rowError) answer {
	return apiError(http.StatusBadRequest, "BadRequest", "Bad request.",
		apiErrorDetail{Code: "InvalidRows", Message: e.Error(), Target: e.target()})
}

// readRows gives the rows of a table for its present columns.
func (s *Service) readRows(t *table, yield func(columns []powerbi.Column, values [][]byte) bool) error {
	s.mu.Lock()
	columns := t.Definition.Columns
	s.mu.Unlock()
	var stored []powerbi.Column // the columns of the row before
	var from []int              // where a row holds the value of a column, or -1
	values := make([][]byte, len(columns))
	var fields [][]byte
	var broken error
	err := t.store.each(func(c []powerbi.Column, line []byte) bool {
		if from == nil || !sameColumns(stored, c) {
			stored, from = c, matchColumns(columns, c)
		}
		if fields, broken = splitLine(fields[:0], line); broken != nil {
			return false
		}
		for i, f := range from {
			values[i] = null
			if f >= 0 && f < len(fields) {
				values[i] = fields[f]
			}
		}
		return yield(columns, values)
	})
	return errors.Join(err, broken)
}

var null = []byte("null")

// matchColumns finds each column among those that rows were stored with.
func matchColumns(columns, stored []powerbi.Column) []int {
	from := make([]int, len(columns))
	for i, c := range columns {
		from[i] = -1
		for j, o := range stored {
			if c.Name == o.Name && c.DataType == o.DataType {
				from[i] = j
			}
		}
	}
	return from
}

// splitLine cuts a stored row into its values.
func splitLine(fields [][]byte, line []byte) ([][]byte, error) {
	k := scanner{b: line}
	if err := k.expect('['); err != nil {
		return nil, fmt.Errorf("read a stored row: %w", err)
	}
	for k.i < len(line) && line[k.i] != ']' {
		if len(fields) > 0 {
			k.i++ // the comma
		}
		from := k.i
		if err := k.scalar(); err != nil {
			return nil, fmt.Errorf("read a stored row: %w", err)
		}
		fields = append(fields, line[from:k.i])
	}
	return fields, nil
}

// rowObject writes a row as the JSON object that was sent.
func rowObject(columns []powerbi.Column, values [][]byte) json.RawMessage {
	out := []byte{'{'}
	for i, c := range columns {
		if i > 0 {
			out = append(out, ',')
		}
		name, _ := json.Marshal(c.Name)
		out = append(append(out, name...), ':')
		out = append(out, values[i]...)
	}
	return append(out, '}')
}
