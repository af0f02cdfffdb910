package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"pushdesk/powerbi/practice/dax"
	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/tenant"
	"pushdesk/powerbi/practice/traffic"
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
func (q *call) executeQueries() *web.Answer {
	var body queryBody
	if err := q.Decode(&body); err != nil {
		return badBody(err)
	}
	q.tenant.Lock()
	d, refused := q.enterQuery()
	q.tenant.Unlock()
	if refused != nil {
		return refused
	}
	if len(body.Queries) != 1 {
		return invalid("A request holds one query, not %d.", len(body.Queries))
	}
	parsed, err := dax.Parse(body.Queries[0].Query)
	if err != nil {
		return queryError(err)
	}
	found, cut, err := parsed.Run(q.tables(d), body.SerializerSettings.IncludeNulls)
	if err != nil {
		return queryError(err)
	}
	var out bytes.Buffer
	out.WriteString(`{"results":[{"tables":[{"rows":[`)
	out.Write(found)
	out.WriteString(`]}]`)
	if cut != "" {
		// The documentation says only that an error is in the result; its code is assumed.
		text, _ := json.Marshal(ErrorInner{Code: "ResultSetTooLarge", Message: cut})
		out.WriteString(`,"error":`)
		out.Write(text)
	}
	out.WriteString(`}]}`)
	return web.New(http.StatusOK, "application/json; charset=utf-8", out.Bytes())
}

// enterQuery returns the dataset of a call that may query it now.
func (q *call) enterQuery() (*tenant.Dataset, *web.Answer) {
	w, d, refused := q.enterDataset(tenant.RoleViewer)
	switch {
	case refused != nil:
		return nil, refused
	case !w.Role(q.caller.ObjectID).AtLeast(tenant.RoleContributor):
		return nil, entityNotFound()
	case q.tenant.ExecuteQueriesBlocked || q.behavior().NoQueries:
		return nil, notAuthorized(http.StatusUnauthorized) // assumed
	}
	acts := q.behavior()
	if acts.NoLimits {
		return d, nil
	}
	recent := q.queries[q.caller.ObjectID]
	if recent == nil {
		recent = &traffic.Window{}
		q.queries[q.caller.ObjectID] = recent
	}
	if wait, ok := recent.Admit(traffic.Rolling, q.Now, time.Minute, int64(acts.Limits.Queries), 1); !ok {
		return nil, web.Throttled(wait)
	}
	recent.Add(q.Now, 1)
	return d, nil
}

// tables finds the tables of a dataset for a query.
func (q *call) tables(d *tenant.Dataset) func(name string) (dax.Table, error) {
	delay := q.behavior().CountDelay()
	return func(name string) (dax.Table, error) {
		q.tenant.Lock()
		defer q.tenant.Unlock()
		for _, t := range d.Tables {
			if strings.EqualFold(t.Definition.Name, name) {
				return dax.Table{Name: t.Definition.Name, Columns: t.Definition.Columns, Rows: t.Rows, Shown: t.Shown(q.Now, delay)}, nil
			}
		}
		return dax.Table{}, fmt.Errorf("cannot find table '%s'", name)
	}
}

// queryError is the answer to a query that cannot be run.
func queryError(err error) *web.Answer {
	return pbiErrorAnswer(http.StatusBadRequest, "DatasetExecuteQueriesError",
		[2]string{"DetailsMessage", err.Error()}, [2]string{"AnalysisServicesErrorCode", "3238920195"})
}
