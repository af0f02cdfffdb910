package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pushdesk/connection"
)

// checkToken signs in. The source is new, so that no token from before can hide
// that the secret is wrong.
func (e *examination) checkToken(ctx context.Context) finding {
	const server = "Microsoft Entra"
	tokens, err := connection.NewTokens(e.Endpoints, e.Connection.TenantID, e.Connection.ClientID, connection.SecretCredential(e.secret), e.hc)
	if err != nil {
		return trouble(ctx, server, err)
	}
	token, err := tokens.Token(ctx)
	if err != nil {
		return trouble(ctx, server, err)
	}
	e.tokens, e.token = tokens, token
	e.conceal(token)
	if claims, err := connection.ReadClaims(token); err == nil && !claims.Expires.IsZero() {
		return pass("The client secret was accepted; the token is valid until " + claims.Expires.Local().Format("15:04") + ".")
	}
	return pass("The client secret was accepted.")
}

// powerBIApp is the Power BI service itself; tokens may name it in place of its address.
const powerBIApp = "00000009-0000-0000-c000-000000000000"

// clockSlack is how far clocks may be apart before it is worth a word.
const clockSlack = 5 * time.Minute

// checkClaims compares what the token says with what was asked for. What an app
// may do is not in its token: no scope is missing there.
func (e *examination) checkClaims(context.Context) finding {
	c, err := connection.ReadClaims(e.token)
	if err != nil {
		return finding{status: Warn, evidence: "The token cannot be read, so what it says was not compared.",
			remedy: "If the checks that follow pass, nothing needs to be done."}
	}
	e.claims = c
	f := pass("It is for Power BI, this tenant and this app. An app's token lists no permissions: its role in the workspace decides what it may do.")
	f.details = lines("aud", c.Audience, "tid", c.TenantID, "appid", c.AppID, "oid", c.ObjectID, "idtyp", c.IDType,
		"scp", strings.Join(c.Scopes, " "), "roles", strings.Join(c.Roles, " "),
		"iat", stamp(c.Issued), "nbf", stamp(c.NotBefore), "exp", stamp(c.Expires))
	if problem := e.mismatch(c); problem != "" {
		f.status, f.evidence, f.who = Fail, problem, "you"
		f.remedy = "Check the connection's cloud, tenant ID and client ID."
		return f
	}
	if off := time.Since(c.Issued); !c.Issued.IsZero() && off.Abs() > clockSlack {
		side := "ahead of"
		if off < 0 {
			side = "behind"
		}
		f.status, f.who = Warn, "you"
		f.evidence = fmt.Sprintf("This computer's clock is about %d minutes %s Entra's.", int(off.Abs().Round(time.Minute).Minutes()), side)
		f.remedy = "Let this computer set its clock automatically: tokens are refused when it is too far off."
		return f
	}
	for _, role := range c.Roles {
		if strings.HasPrefix(role, "Tenant.") {
			f.status, f.who = Warn, "the app's owner"
			f.evidence = "The token fits. The app has the permission " + role + " for the whole tenant, which pushing rows does not use."
			f.remedy = "Consider taking the Power BI permissions away from the app: they are not needed and can cause errors elsewhere."
			return f
		}
	}
	return f
}

// mismatch says what a token is wrong about, or "".
func (e *examination) mismatch(c connection.Claims) string {
	audience, resource := strings.TrimRight(c.Audience, "/"), strings.TrimRight(e.Endpoints.Resource, "/")
	switch {
	case audience != "" && resource != "" && !strings.EqualFold(audience, resource) && !strings.EqualFold(audience, powerBIApp):
		return "The token is for another service, so the connection's cloud is likely wrong."
	case c.TenantID != "" && isGUID(e.Connection.TenantID) && !strings.EqualFold(c.TenantID, strings.TrimSpace(e.Connection.TenantID)):
		return "The token is for another tenant."
	case c.AppID != "" && isGUID(e.Connection.ClientID) && !strings.EqualFold(c.AppID, strings.TrimSpace(e.Connection.ClientID)):
		return "The token is for another app."
	}
	return ""
}

// isGUID tells whether a text has the shape of an ID.
func isGUID(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) != 36 {
		return false
	}
	for i, r := range s {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (r == '-') || !dash && !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return false
		}
	}
	return true
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
