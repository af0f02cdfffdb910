package doctor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/storage/failure"
)

// checkTenant asks the login host for the tenant. Nothing secret is sent.
func (e *examination) checkTenant(ctx context.Context) finding {
	t, err := entra.LookUpTenant(ctx, e.Endpoints, e.Connection.TenantID, e.hc)
	if err != nil {
		f := trouble(ctx, login, err)
		var refused *entra.Error
		if errors.As(err, &refused) && refused.About() == entra.AboutTenant {
			f.who = "you"
			if cloud, ok := e.propose(ctx); ok {
				f.evidence = fmt.Sprintf("There is no such tenant in the cloud %s; it belongs to %s.", e.Connection.Cloud.Label(), cloud.Label())
				f.remedy = "Choose the cloud " + cloud.Label() + " for the connection."
			}
		}
		return f
	}
	e.tenant = t
	f := pass("It exists" + where(t.Region) + ".")
	f.details = lines("Tenant", t.ID, "Issuer", t.Issuer, "Region", t.Region)
	if other := t.Cloud; e.elsewhere(other) {
		f.status, f.who = Warn, "you"
		f.evidence = fmt.Sprintf("The tenant belongs to the cloud %s, and the connection to %s.", other.Label(), e.cloud().Label())
		f.remedy = "Choose the cloud " + other.Label() + " for the connection."
	}
	return f
}

func where(region string) string {
	if region == "" {
		return ""
	}
	return " (region " + region + ")"
}

// elsewhere tells whether a tenant says that it is in another of Microsoft's clouds
// than the connection. Not every tenant of GCC says so.
func (e *examination) elsewhere(c connection.Cloud) bool {
	mine := e.cloud()
	return mine != "" && c != "" && c != mine && !(c == connection.CloudPublic && mine == connection.CloudGCC)
}

// cloud is the cloud of Microsoft's that the connection is for, or ""; with custom
// addresses, the one whose Power BI its tokens are asked for.
func (e *examination) cloud() connection.Cloud {
	if _, fixed := e.Connection.Cloud.Endpoints(); fixed {
		return e.Connection.Cloud
	}
	if c, ok := connection.CloudOfResource(e.Endpoints.Resource); ok && e.Connection.Cloud == connection.CloudCustom {
		return c
	}
	return ""
}

// propose finds the cloud that a tenant is in.
func (e *examination) propose(ctx context.Context) (connection.Cloud, bool) {
	if e.Propose == nil {
		return "", false
	}
	return e.Propose(ctx)
}

// checkApp signs in, and looks at the answer for the app alone. A refusal of the
// credential proves that the app is known. The source of tokens is new, so that no
// token from before can hide that the credential is wrong.
func (e *examination) checkApp(ctx context.Context) finding {
	tokens, err := entra.NewTokens(e.Endpoints, e.Connection.TenantID, e.Connection.ClientID, e.credential, e.hc)
	if err == nil {
		e.token, err = tokens.Token(ctx)
	}
	if err == nil {
		e.tokens = tokens
		e.conceal(e.token)
		return pass("The tenant knows the app.")
	}
	e.refused, e.refusedIn = err, ctx.Err()
	var refused *entra.Error
	if errors.As(err, &refused) {
		switch refused.About() {
		case entra.AboutApp:
			return trouble(ctx, login, err)
		case entra.AboutCredential:
			return pass("The tenant knows the app.")
		}
	}
	return skip("Not known: the sign-in did not come so far.")
}

// checkToken says what came of the sign-in.
func (e *examination) checkToken(ctx context.Context) finding {
	what := e.noun()
	if e.refused != nil {
		f := trouble(ctx, login, e.refused)
		if errors.Is(e.refusedIn, context.DeadlineExceeded) && f.evidence == "" {
			f.evidence = login + " did not answer in time."
		}
		return f
	}
	if claims, err := entra.ReadClaims(e.token); err == nil && !claims.Expires.IsZero() {
		return pass(fmt.Sprintf("The %s was accepted; the token is valid until %s.", what, claims.Expires.Local().Format("15:04")))
	}
	return pass("The " + what + " was accepted.")
}

// checkExpiry looks at the day on which the credential ends.
func (e *examination) checkExpiry(ctx context.Context) finding {
	switch k := e.Connection.Credential; {
	case k == connection.CredentialPractice:
		return skip("Not needed: what the practice service has built in does not end.")
	case k.User():
		return skip("Not needed: a sign-in is renewed while it is used.")
	}
	c := e.Connection
	if cert := e.credential.Certificate; cert != nil {
		c.Expires, c.ExpiresFrom = connection.DayOf(cert.NotAfter()), connection.ExpiryCertificate
	}
	if c.Credential == connection.CredentialSecret && (c.Expires == "" || c.ExpiresFrom == connection.ExpiryGraph) {
		if day, ok := entra.SecretExpiry(ctx, e.Endpoints, c.TenantID, c.ClientID, e.credential, e.hc); ok {
			c.Expires, c.ExpiresFrom = day, connection.ExpiryGraph
			e.report.Expires = day
		}
	}
	x := c.Expiry(e.now())
	from := map[connection.ExpirySource]string{connection.ExpiryCertificate: " The certificate says so.", connection.ExpiryGraph: " Entra says so."}[c.ExpiresFrom]
	if from == "" {
		from = " You entered the day."
	}
	f := pass(x.Sentence + from)
	f.details = lines("Ends", string(c.Expires))
	switch {
	case !x.Known:
		f = skip("Not known: nobody entered the day on which the " + e.noun() + " ends.")
		f.remedy = "Edit the connection and enter the day that Entra shows beside the secret: Pushdesk warns 30, 14 and 3 days before."
	case x.Level == connection.ExpiryOver:
		f.status, f.who = Warn, "you" // it was accepted, so the day cannot be right
		f.remedy = "Entra accepts it all the same, so the day is not right: enter the one that Entra shows."
	case x.Level != connection.ExpiryFar:
		f.status, f.who = Warn, string(failure.AppOwner)
		f.remedy = "Make a new one in the app registration now and put it in with “Replace the secret”: two can be active at once."
		f.ask = "Make a new client secret in the app registration under Certificates & secrets, and send me its Value in a safe way: it is shown only once. Leave the old one until I have put the new one in."
		if c.ExpiresFrom == connection.ExpiryCertificate {
			f.ask = "Make a new certificate for the app, upload it to the app registration under Certificates & secrets, and send me its PFX file in a safe way. Leave the old one until I have put the new one in."
			f.remedy = "Make a new certificate now, upload it to the app registration, and choose it in the connection: two can be active at once."
		}
	}
	return f
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
