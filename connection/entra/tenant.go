package entra

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/network"
)

// Tenant is what a login host tells anybody about a tenant.
type Tenant struct {
	ID     string // its GUID, also when it was asked for by a domain
	Issuer string
	Region string           // where its data is, such as EU or NA; "" when not said
	Cloud  connection.Cloud // the cloud it is in; "" when that cannot be told
	Date   time.Time        // the host's clock, zero when not said
}

// openID is the part of a tenant's OpenID metadata that is read here.
type openID struct {
	Issuer        string `json:"issuer"`
	TokenEndpoint string `json:"token_endpoint"`
	Region        string `json:"tenant_region_scope"`
	SubRegion     string `json:"tenant_region_sub_scope"`
	Instance      string `json:"cloud_instance_name"`
}

// LookUpTenant asks the login host of a cloud for a tenant. Nothing secret is sent.
// The errors are *Error, *connection.InvalidError and network.ErrAuthorities.
func LookUpTenant(ctx context.Context, e connection.Endpoints, tenantID string, hc *http.Client) (Tenant, error) {
	l, err := newLogin(e, tenantID, anyClient, hc)
	if err != nil {
		return Tenant{}, err
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, l.authority+"/v2.0/.well-known/openid-configuration", nil)
	if err != nil {
		return Tenant{}, fmt.Errorf("look up the tenant: %w", err)
	}
	answer, err := l.hc.Do(ask)
	if err != nil {
		if errors.Is(ctx.Err(), context.Canceled) {
			return Tenant{}, fmt.Errorf("look up the tenant: %w", ctx.Err())
		}
		return Tenant{}, &Error{Host: l.host, Network: networkKind(err), Reason: networkReason(err)}
	}
	defer answer.Body.Close()
	const longest = 1 << 20
	body, err := io.ReadAll(io.LimitReader(answer.Body, longest))
	if err != nil {
		return Tenant{}, &Error{Host: l.host, Network: networkKind(err), Reason: networkReason(err)}
	}
	var found openID
	if answer.StatusCode != http.StatusOK || json.Unmarshal(body, &found) != nil || found.Issuer == "" {
		answer.Body = io.NopCloser(strings.NewReader(string(body)))
		refused := &Error{Host: l.host, Status: answer.StatusCode, RetryAfter: retryAfter(answer.Header, time.Now()),
			TraceID: answer.Header.Get("x-ms-request-id"), Timestamp: answer.Header.Get("Date")}
		refused.readBody(answer)
		if refused.Network == "" && refused.ErrorName == "" && answer.StatusCode == http.StatusOK {
			refused.Network, refused.Reason = Misfit, "the answer is not one about a tenant"
			if strings.HasPrefix(strings.TrimSpace(string(body)), "<") {
				refused.Network, refused.Reason = Page, "the answer is a web page"
			}
		}
		refused.tidy("")
		return Tenant{}, refused
	}
	t := Tenant{ID: connection.FindGUID(found.Issuer), Issuer: found.Issuer, Region: found.Region, Cloud: found.cloud()}
	t.Date, _ = http.ParseTime(answer.Header.Get("Date"))
	return t, nil
}

// anyClient stands for an app where none is asked for.
const anyClient = "11111111-1111-4111-8111-111111111111"

// cloud tells the cloud of a tenant. The names of the instances are those of
// Microsoft's login hosts. The sub-regions (GCC, DODCON, DOD) are seen in the
// metadata of such tenants but not documented, so they are used to propose a cloud
// and never to refuse one.
func (o openID) cloud() connection.Cloud {
	instance := strings.ToLower(o.Instance)
	if instance == "" {
		if u, err := url.Parse(o.TokenEndpoint); err == nil {
			instance = strings.TrimPrefix(strings.ToLower(u.Hostname()), "login.")
		}
	}
	switch instance {
	case "microsoftonline.us", "usgovcloudapi.net":
		if strings.EqualFold(o.SubRegion, "DOD") {
			return connection.CloudDoD
		}
		return connection.CloudGCCHigh
	case "partner.microsoftonline.cn", "chinacloudapi.cn":
		return connection.CloudChina
	case "microsoftonline.com", "windows.net":
		if strings.EqualFold(o.SubRegion, "GCC") {
			return connection.CloudGCC
		}
		return connection.CloudPublic
	}
	return ""
}

// loginClouds are clouds with login hosts of their own: who asks all of them has
// asked everywhere. GCC shares the public one's, DoD that of GCC High.
var loginClouds = []connection.Cloud{connection.CloudPublic, connection.CloudGCCHigh, connection.CloudChina}

// ProposeCloud finds the cloud that a tenant is in, when that is not the one that
// was chosen. It asks the login hosts of Microsoft's clouds; at, when not nil, gives
// other addresses for them. ok is false when the tenant is where it was looked for,
// or nowhere.
func ProposeCloud(ctx context.Context, tenantID string, chosen connection.Cloud, n network.Settings, at func(connection.Cloud) (connection.Endpoints, bool)) (c connection.Cloud, ok bool) {
	if at == nil {
		at = connection.Cloud.Endpoints
	}
	ask := func(cloud connection.Cloud) (Tenant, bool) {
		e, known := at(cloud)
		if !known {
			return Tenant{}, false
		}
		hc, err := network.Client(e, n)
		if err != nil {
			return Tenant{}, false
		}
		defer hc.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(ctx, 4*time.Second) // this only helps to explain
		defer cancel()
		t, err := LookUpTenant(ctx, e, tenantID, hc)
		return t, err == nil
	}
	if chosen == connection.CloudPractice || chosen == connection.CloudCustom {
		return "", false
	}
	if t, found := ask(chosen); found {
		return t.Cloud, t.Cloud != "" && t.Cloud != chosen && !(t.Cloud == connection.CloudPublic && chosen == connection.CloudGCC)
	}
	// Side by side: one that a firewall swallows must not use up the time of the others.
	answers := make([]struct {
		tenant Tenant
		found  bool
	}, len(loginClouds))
	var wait sync.WaitGroup
	for i, other := range loginClouds {
		if other != chosen {
			wait.Go(func() { answers[i].tenant, answers[i].found = ask(other) })
		}
	}
	wait.Wait()
	for i, other := range loginClouds {
		switch a := answers[i]; {
		case !a.found:
		case a.tenant.Cloud == "":
			return other, true
		default:
			return a.tenant.Cloud, a.tenant.Cloud != chosen
		}
	}
	return "", false
}
