package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"pushdesk/connection/entra"
	"pushdesk/powerbi"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// Network is the check that the hosts can be reached.
const Network = "network"

var networkCheck = check{id: Network, group: GroupLocal, title: "The hosts can be reached", limit: networkLimit, run: (*test).checkNetwork,
	without: "the login host cannot be reached"}

// checkNetwork reaches the login host and the API host, side by side, the way that
// every request goes. Without the login host nothing can be tested; without the
// API's, the sign-in still can.
func (t *test) checkNetwork(ctx context.Context) finding {
	var login, api reach
	var wait sync.WaitGroup
	wait.Go(func() { login = t.reach(ctx, t.Endpoints.LoginURL) })
	wait.Go(func() { api = t.reach(ctx, t.Endpoints.APIURL) })
	wait.Wait()
	t.login = login
	details := joined(login.details("Login"), api.details("API"))
	if login.err != nil {
		f := trouble(ctx, login.host, entra.NetworkError(login.host, login.err))
		f.status, f.details = Fail, joined(details, f.details)
		return f
	}
	if login.page {
		if f, ok := t.portal(ctx); ok {
			f.details = joined(details, f.details)
			return f
		}
	}
	if api.err != nil {
		t.apiOut = true
		f := trouble(ctx, api.host, &powerbi.TransportError{Operation: powerbi.OpWorkspaces, Err: api.err})
		f.status, f.nothing, f.goesOn, f.details = Fail, false, true, joined(details, f.details)
		return f
	}
	f := pass(fmt.Sprintf("%s and %s answer, in %s and %s%s.", login.host, api.host, humanize.Duration(login.took), humanize.Duration(api.took), through(login.proxy)))
	f.details = details
	for _, r := range []reach{login, api} {
		if _, known := t.Connection.Cloud.Endpoints(); known && !publicIssuer(r.issuer) {
			f.status, f.who = Warn, string(failure.NetworkTeam)
			f.evidence = fmt.Sprintf("The network inspects encrypted traffic: the certificate of %s was made by “%s”.", r.host, r.issuer)
			f.remedy = "It works now. If it stops, ask the network team to leave " + login.host + " and " + api.host + " out of the inspection."
			f.ask = "Leave " + login.host + " and " + api.host + " out of the inspection of encrypted traffic."
			break
		}
	}
	return f
}

// portal reports whether the web page that a login host answers with is that of a
// network that wants a sign-in first. The hosts have pages of their own, so the tenant
// is asked for, which is never one.
func (t *test) portal(ctx context.Context) (f finding, ok bool) {
	_, err := entra.LookUpTenant(ctx, t.Endpoints, t.Connection.TenantID, t.hc)
	var refused *entra.Error
	if !errors.As(err, &refused) || refused.Network != entra.Page {
		return f, false
	}
	return trouble(ctx, login, err), true
}

func through(proxy string) string {
	if proxy == "" {
		return ""
	}
	return " through the proxy " + proxy
}

func (r reach) details(name string) string {
	return lines(name+" host", r.host, name+" proxy", r.proxy, name+" certificate by", r.issuer)
}

// publicIssuer reports whether a certificate comes from one of the authorities that
// Microsoft's hosts use. Source: learn.microsoft.com/azure/security/fundamentals/azure-ca-details.
func publicIssuer(issuer string) bool {
	return strings.Contains(issuer, "Microsoft") || strings.Contains(issuer, "DigiCert")
}

// reach asks a host for its headers. Any answer will do: what counts is that there
// is one, over a connection that can be trusted.
func (t *test) reach(ctx context.Context, address string) (r reach) {
	u, err := url.Parse(address)
	if err != nil {
		r.err = err
		return r
	}
	r.host = u.Host
	if proxy, err := t.Network.Proxy(u); err == nil && proxy != nil {
		r.proxy = proxy.Host
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodHead, address+"/", nil)
	if err != nil {
		r.err = err
		return r
	}
	once := *t.hc
	once.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	began := t.now()
	answer, err := once.Do(ask)
	r.took = t.now().Sub(began)
	r.asked = began.Add(r.took / 2)
	if err != nil {
		var sending *url.Error
		if errors.As(err, &sending) {
			err = sending.Err // the address says nothing to a person
		}
		r.err = err
		return r
	}
	answer.Body.Close()
	r.issuer = issuerOf(answer.TLS)
	r.page = answer.StatusCode >= 300 && answer.StatusCode < 400 || strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html")
	if date, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		r.date = date
	}
	return r
}

func issuerOf(state *tls.ConnectionState) string {
	if state == nil || len(state.PeerCertificates) == 0 {
		return ""
	}
	issuer := state.PeerCertificates[0].Issuer
	if len(issuer.Organization) > 0 {
		return strings.Join(issuer.Organization, ", ") + " (" + issuer.CommonName + ")"
	}
	return issuer.CommonName
}
