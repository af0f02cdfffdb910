package practice

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"pushdesk/powerbi/practice/api"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/practice/internal/web"
)

// control serves the paths below /practice, for people who run the service alone
// and for other processes.
type control struct {
	token    string
	host     web.Host
	faults   *faults.Set
	portal   *Portal
	contents *Contents
	api      *api.API
	log      *requestLog
}

// ControlHeader carries the service's control token.
const ControlHeader = "Pushdesk-Control"

// serve answers who has the control token, and others only whether somebody is there and
// what the time is. It refuses whatever a web page could send: requests with an Origin, and
// requests for another host name.
func (c *control) serve(q *web.Request) *web.Answer {
	if q.Header.Get("Origin") != "" || !c.host.Own(q.Host) || q.Header.Get("Sec-Fetch-Site") != "" && q.Method != http.MethodGet {
		return web.Plain(http.StatusForbidden, "This path does not answer web pages.")
	}
	way := q.Method + " " + strings.Join(q.Parts[1:], "/")
	if way != "GET ping" && way != "GET clock" && subtle.ConstantTimeCompare([]byte(q.Header.Get(ControlHeader)), []byte(c.token)) != 1 {
		return web.Plain(http.StatusUnauthorized, "This path needs the control token, which is shown when the service starts, in the header "+ControlHeader+".")
	}
	done := web.Empty(http.StatusNoContent)
	switch way {
	case "GET ping":
		return web.Plain(http.StatusOK, "pushdesk practice\n")
	case "GET state":
		return web.JSON(http.StatusOK, c.state())
	case "GET requests":
		return web.JSON(http.StatusOK, c.log.all())
	case "GET behavior":
		return web.JSON(http.StatusOK, c.faults.Behavior())
	case "POST behavior":
		return ordered(q, c.faults.Behavior(), func(b faults.Behavior) (*web.Answer, error) {
			err := c.faults.SetBehavior(b)
			return web.JSON(http.StatusOK, c.faults.Behavior()), err
		})
	case "POST faults":
		return ordered(q, faults.Fault{}, c.addFault)
	case "DELETE faults":
		c.faults.Clear()
		return done
	case "POST revoke-tokens":
		c.portal.RevokeTokens()
		return done
	case "POST role":
		type role struct {
			Workspace string `json:"workspace"`
			Who       string `json:"who"`
			Role      Role   `json:"role"`
		}
		return ordered(q, role{}, func(r role) (*web.Answer, error) { return done, c.portal.SetRole(r.Workspace, r.Who, r.Role) })
	case "POST settings":
		return ordered(q, settings{}, c.setSettings)
	case "POST rename-table":
		type renaming struct {
			Dataset string `json:"dataset"` // ID
			Table   string `json:"table"`
			Name    string `json:"name"` // the new one
		}
		return ordered(q, renaming{}, func(r renaming) (*web.Answer, error) {
			return done, c.portal.RenameTable(r.Dataset, r.Table, r.Name)
		})
	case "GET clock":
		return c.clock()
	case "POST clock":
		type passing struct {
			ForwardMS int64 `json:"forwardMs"`
		}
		return ordered(q, passing{}, func(p passing) (*web.Answer, error) { return c.forward(p.ForwardMS) })
	case "POST others":
		type others struct {
			Dataset string `json:"dataset"` // ID
			Table   string `json:"table"`   // "" is the first one
			Rows    int    `json:"rows"`
		}
		return ordered(q, others{}, func(o others) (*web.Answer, error) {
			return done, c.api.AddBlankRows(q, []string{"datasets", o.Dataset, "tables", o.Table}, o.Rows)
		})
	}
	if len(q.Parts) == 3 && q.Parts[1] == "faults" && q.Method == http.MethodDelete {
		if id, err := strconv.Atoi(q.Parts[2]); err == nil {
			c.faults.Remove(id)
			return done
		}
	}
	return web.Plain(http.StatusNotFound, "There is no such practice path.")
}

// ordered does what the body of a request asks for, and answers an error with 400.
// Fields that the body does not give stay as they are in order.
func ordered[T any](q *web.Request, order T, do func(T) (*web.Answer, error)) *web.Answer {
	err := q.Decode(&order)
	var a *web.Answer
	if err == nil {
		a, err = do(order)
	}
	if err != nil {
		return web.Plain(http.StatusBadRequest, err.Error())
	}
	return a
}

// state returns what the service holds.
func (c *control) state() State {
	return State{Tenants: []TenantState{c.contents.tenantState()}, Faults: c.faults.States()}
}

func (c *control) addFault(f faults.Fault) (*web.Answer, error) {
	switch {
	case f.Role != "" && !f.Role.Known():
		return nil, errors.New("role is none of None, Viewer, Contributor, Member, Admin")
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return nil, errors.New("status is not between 200 and 599")
	}
	return web.JSON(http.StatusCreated, map[string]int{"id": c.faults.Add(f)}), nil
}

type settings struct {
	ServicePrincipals *bool `json:"servicePrincipals"`
	ExecuteQueries    *bool `json:"executeQueries"`
}

func (c *control) setSettings(s settings) (*web.Answer, error) {
	if s.ServicePrincipals != nil {
		c.portal.SetServicePrincipalsAllowed(*s.ServicePrincipals)
	}
	if s.ExecuteQueries != nil {
		c.portal.SetExecuteQueriesAllowed(*s.ExecuteQueries)
	}
	return web.Empty(http.StatusNoContent), nil
}

// farthest is how far the clock goes forward at most.
const farthest = 10 * 365 * 24 * time.Hour

func (c *control) forward(ms int64) (*web.Answer, error) {
	if ms < 0 {
		return nil, errors.New("the clock only goes forward")
	}
	if ms > farthest.Milliseconds() || c.faults.Ahead()+time.Duration(ms)*time.Millisecond > farthest {
		return nil, errors.New("the clock goes forward by ten years at most")
	}
	c.faults.Forward(time.Duration(ms) * time.Millisecond)
	return c.clock(), nil
}

func (c *control) clock() *web.Answer {
	return web.JSON(http.StatusOK, map[string]any{"now": c.faults.Now().UTC().Format(time.RFC3339), "aheadMs": c.faults.Ahead().Milliseconds()})
}
