package doctor

import (
	"context"
	"fmt"
	"strings"

	"pushdesk/connection"
	"pushdesk/connection/entra"
)

// Claims is the check that the token is for this service, tenant and app.
const Claims = "claims"

var claimsCheck = check{id: Claims, group: GroupEntra, title: "The token fits", run: (*test).checkClaims,
	without: "the token does not fit"}

// powerBIApp is the Power BI service itself; tokens may name it in place of its address.
const powerBIApp = "00000009-0000-0000-c000-000000000000"

// checkClaims compares what the token says with what was asked for.
func (t *test) checkClaims(context.Context) finding {
	c, err := entra.ReadClaims(t.token)
	if err != nil {
		return finding{status: Warn, evidence: "The token cannot be read, so its contents were not checked.",
			remedy: "If the checks that follow pass, nothing needs to be done."}
	}
	t.claims = c
	f := pass("It is for Power BI, this tenant and this app.")
	f.details = lines("aud", c.Audience, "tid", c.TenantID, "appid", c.AppID, "oid", c.ObjectID, "idtyp", c.IDType,
		"scp", strings.Join(c.Scopes, " "), "roles", strings.Join(c.Roles, " "),
		"iat", stamp(c.Issued), "nbf", stamp(c.NotBefore), "exp", stamp(c.Expires))
	switch problem, remedy := t.mismatch(c); {
	case problem != "":
		f.status, f.evidence, f.remedy, f.who = Fail, problem, remedy, "you"
	case !c.Expires.IsZero() && c.Expires.Before(t.now()):
		f.status, f.who = Warn, "you"
		f.evidence = "The token has already expired, by this computer's clock."
		f.remedy = "Let this computer set its clock automatically."
	}
	return f
}

// mismatch says what a token is wrong about and what to do, or "".
func (t *test) mismatch(c entra.Claims) (problem, remedy string) {
	remedy = "Check the connection's cloud, tenant ID and client ID."
	tenant := strings.TrimSpace(t.Connection.TenantID)
	if !connection.IsGUID(tenant) {
		tenant = t.tenant.ID // a domain stands for it
	}
	audience, resource := strings.TrimRight(c.Audience, "/"), strings.TrimRight(t.Endpoints.Resource, "/")
	switch {
	case audience != "" && resource != "" && !strings.EqualFold(audience, resource) && !strings.EqualFold(audience, powerBIApp):
		if cloud, ok := connection.CloudOfResource(audience); ok {
			return fmt.Sprintf("The token is for Power BI in the cloud %s, but the connection uses another cloud.", cloud.Label()),
				"Choose the cloud " + cloud.Label() + " for the connection, if its tenant is there; with custom addresses, check the resource."
		}
		return "The token is for another service, so the connection's cloud is likely wrong.", remedy
	case c.TenantID != "" && connection.IsGUID(tenant) && !strings.EqualFold(c.TenantID, tenant):
		return "The token is for another tenant.", remedy
	case c.AppID != "" && connection.IsGUID(t.Connection.ClientID) && !strings.EqualFold(c.AppID, strings.TrimSpace(t.Connection.ClientID)):
		return "The token is for another app.", remedy
	}
	return "", ""
}
