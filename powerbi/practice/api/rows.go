package api

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/rows"
	"pushdesk/powerbi/practice/tenant"
)

// addRows takes a POST of rows. The order is: rights, pending requests, request
// rate, size, every value, rows of the hour, rows stored. A batch is stored whole
// or not at all, unless Behavior.PartlyStored asks for the other possible way.
func (q *call) addRows() *web.Answer {
	d, t, refused := q.admit()
	if refused != nil {
		q.Drain()
		return refused
	}
	defer func() {
		q.tenant.Lock()
		d.Traffic.Pending--
		q.tenant.Unlock()
	}()
	if q.Pending != nil {
		q.Pending()
	}

	buffer, ok := q.bodies.Get().(*bytes.Buffer)
	if !ok {
		buffer = new(bytes.Buffer)
	}
	defer q.bodies.Put(buffer)
	buffer.Reset()
	most := q.behavior().Limits.BodyBytes
	if q.ContentLength > most {
		return q.tooLarge(most)
	}
	if q.ContentLength > 0 {
		buffer.Grow(int(q.ContentLength) + bytes.MinRead)
	}
	n, err := buffer.ReadFrom(io.LimitReader(q.Body, most+1))
	q.Bytes = int(n)
	switch {
	case n > most:
		return q.tooLarge(most)
	case err != nil:
		return badRequest("The body could not be read.")
	}
	return q.storeRows(q.Request, d, t, buffer.Bytes())
}

func (q *call) tooLarge(most int64) *web.Answer {
	q.Drain()
	return apiError(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
		fmt.Sprintf("The request is larger than %d bytes.", most))
}

// admit checks what can be checked before the body is read, and counts the
// request as pending.
func (q *call) admit() (*tenant.Dataset, *tenant.Table, *web.Answer) {
	q.tenant.Lock()
	defer q.tenant.Unlock()
	d, t, refused := q.enterTable(tenant.RoleContributor)
	if refused != nil {
		return nil, nil, refused
	}
	if acts := q.behavior(); !acts.NoLimits {
		if d.Traffic.Pending >= acts.Limits.Pending {
			return nil, nil, web.Throttled(time.Second) // how long a request will be pending is not known
		}
		if wait, ok := d.Traffic.AdmitRequest(acts.Windows, q.Now, acts.Limits, d.Largest()); !ok {
			return nil, nil, web.Throttled(wait)
		}
	}
	d.Traffic.Pending++
	return d, t, nil
}

// storeRows checks a body and stores its rows.
func (a *API) storeRows(q *web.Request, d *tenant.Dataset, t *tenant.Table, body []byte) *web.Answer {
	lines, ok := a.batches.Get().(*[]byte)
	if !ok {
		lines = new([]byte)
	}
	defer a.batches.Put(lines)

	acts := a.behavior()
	a.tenant.Lock()
	checker := t.Checker
	a.tenant.Unlock()
	check := func() (n int, bad *rows.Error) {
		*lines, n, bad = checker.Check(body, acts.Limits.RowsPerRequest, a.keep, (*lines)[:0])
		return n, bad
	}
	n, bad := check() // several batches may be checked at a time

	d.Storing.Lock()
	defer d.Storing.Unlock()
	a.tenant.Lock()
	current, gone := t.Checker, d.Gone
	a.tenant.Unlock()
	if gone {
		return entityNotFound()
	}
	if current != checker { // the table was redefined meanwhile
		checker = current
		n, bad = check()
	}
	answer := web.Empty(http.StatusOK)
	if bad != nil {
		if answer = refusedRows(bad); !acts.PartlyStored {
			return answer
		}
	}
	if n == 0 {
		return answer
	}
	if refused := a.roomForRows(q, acts, d, t, int64(n)); refused != nil {
		return refused
	}
	if err := t.Rows.Append(checker.Columns(), *lines, n, q.Now); err != nil {
		return internalError(err)
	}
	q.Rows = n
	t.Lately.Add(q.Now, n)
	if acts.NoLimits {
		return answer
	}
	a.tenant.Lock()
	d.Traffic.AddRows(q.Now, int64(n))
	a.tenant.Unlock()
	if d.Retention == powerbi.RetentionFIFO && t.Rows.Count() > acts.Limits.RowsFIFO+acts.Limits.RowsFIFOSlack {
		if err := t.Rows.Trim(acts.Limits.RowsFIFO); err != nil {
			return internalError(err)
		}
	}
	return answer
}

// roomForRows checks the limits on rows.
func (a *API) roomForRows(q *web.Request, acts faults.Behavior, d *tenant.Dataset, t *tenant.Table, n int64) *web.Answer {
	if acts.NoLimits {
		return nil
	}
	if most := acts.Limits.RowsPerHour; n > most { // waiting would not help; with the real limits it cannot be
		return apiError(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
			fmt.Sprintf("The request holds %d rows, and no more than %d may be added in an hour.", n, most))
	}
	a.tenant.Lock()
	wait, ok := d.Traffic.AdmitRows(acts.Windows, q.Now, acts.Limits, n)
	a.tenant.Unlock()
	if !ok {
		return web.Throttled(wait)
	}
	if d.Retention != powerbi.RetentionFIFO && t.Rows.Count()+n > acts.Limits.RowsNone {
		// Status and text of the real service are not known.
		return invalid("The table would hold more than %d rows, which is the most for a dataset without a retention policy.", acts.Limits.RowsNone)
	}
	return nil
}

// refusedRows answers a body that did not pass the check. The real service is
// known to answer 400 and to say little; the details here are for learning.
func refusedRows(e *rows.Error) *web.Answer {
	return apiError(http.StatusBadRequest, "BadRequest", "Bad request.",
		ErrorDetail{Code: "InvalidRows", Message: e.Error(), Target: e.Target()})
}
