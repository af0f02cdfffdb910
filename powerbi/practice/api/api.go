// Package api is the Power BI side of the practice service: the REST API of
// workspaces, datasets, tables, rows and queries, with the real one's rules.
package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"sync"
	"time"

	"pushdesk/powerbi/practice/entra"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/web"
	"pushdesk/powerbi/practice/tenant"
	"pushdesk/powerbi/practice/traffic"
)

// API is the REST API of one tenant.
type API struct {
	tenant   *tenant.Tenant
	login    *entra.Login
	behavior func() faults.Behavior
	base     string // address of the API
	keep     bool   // keep the values of rows

	bodies  sync.Pool // *bytes.Buffer for bodies of rows
	batches sync.Pool // *[]byte for rows made ready to store

	queries   map[string]*traffic.Window // executeQueries by caller; guarded by the tenant's lock, and so is refreshed
	refreshed map[string]time.Time       // when a caller last refreshed its rights
}

// New returns the API of a tenant at a host. discard keeps no values of rows.
func New(t *tenant.Tenant, login *entra.Login, host web.Host, behavior func() faults.Behavior, discard bool) *API {
	return &API{tenant: t, login: login, behavior: behavior, base: host.URL(), keep: !discard,
		queries: map[string]*traffic.Window{}, refreshed: map[string]time.Time{}}
}

// list answers a list as OData does.
func (a *API) list(context string, value any) *web.Answer {
	return web.JSON(http.StatusOK, struct {
		Context string `json:"@odata.context"`
		Count   int    `json:"@odata.count"` // some clients page by it, and take a list without it for an empty one
		Value   any    `json:"value"`
	}{a.context(context), reflect.ValueOf(value).Len(), value})
}

// entity answers one object with its OData context in front.
func (a *API) entity(status int, context string, value any) *web.Answer {
	body, err := json.Marshal(value)
	if err != nil {
		return internalError(err)
	}
	head, _ := json.Marshal(a.context(context) + "/$entity")
	out := append([]byte(`{"@odata.context":`), head...)
	if len(body) > 2 {
		out = append(out, ',')
	}
	return web.New(status, "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8", append(out, body[1:]...))
}

func (a *API) context(of string) string { return a.base + "/v1.0/myorg/$metadata#" + of }

// saved keeps what a call has changed, and then answers.
func (a *API) saved(answer *web.Answer) *web.Answer {
	if err := a.tenant.Save(); err != nil {
		return internalError(err)
	}
	return answer
}
