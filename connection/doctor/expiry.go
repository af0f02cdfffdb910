package doctor

import (
	"context"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/storage/failure"
)

// Expiry is the check that the credential has time left.
const Expiry = "expiry"

var expiryCheck = check{id: Expiry, group: GroupEntra, title: "The {credential} has not expired", limit: graphLimit, run: (*test).checkExpiry}

// checkExpiry looks at the day on which the credential ends.
func (t *test) checkExpiry(ctx context.Context) finding {
	switch k := t.Connection.Credential; {
	case k == connection.CredentialPractice:
		return skip("Not needed: the built-in app of the practice service does not expire.")
	case k.User():
		return skip("Not needed: a sign-in is renewed while it is used.")
	}
	c := t.Connection
	if cert := t.credential.Certificate; cert != nil {
		c.Expires, c.ExpiresFrom = connection.DayOf(cert.NotAfter()), connection.ExpiryCertificate
	}
	if c.Credential == connection.CredentialSecret && (c.Expires == "" || c.ExpiresFrom == connection.ExpiryGraph) {
		if day, ok := entra.SecretExpiry(ctx, t.Endpoints, c.TenantID, c.ClientID, t.credential, t.hc); ok {
			c.Expires, c.ExpiresFrom = day, connection.ExpiryGraph
			t.report.Expires = day
		}
	}
	x := c.Expiry(t.now())
	from := map[connection.ExpirySource]string{connection.ExpiryCertificate: " The certificate says so.", connection.ExpiryGraph: " Entra says so."}[c.ExpiresFrom]
	if from == "" {
		from = " You entered the date."
	}
	f := pass(x.Sentence + from)
	f.details = lines("Expires", string(c.Expires))
	switch {
	case !x.Known:
		f = skip("Not known: no expiry date was entered for the " + t.noun() + ".")
		f.remedy = "Edit the connection and enter the expiry date that Entra shows next to the secret: Pushdesk warns 30, 14 and 3 days before."
	case x.Level == connection.ExpiryOver:
		f.status, f.who = Warn, "you" // it was accepted, so the day cannot be right
		f.remedy = "Entra accepts it all the same, so the date is wrong: enter the one that Entra shows."
	case x.Level != connection.ExpiryFar:
		f.status, f.who = Warn, string(failure.AppOwner)
		f.remedy = "Create a new one in the app registration now and replace the old one with it: two can be active at once."
		f.ask = "Create a new client secret in the app registration under Certificates & secrets, and send me its Value in a safe way: it is shown only once. Leave the old one until I have entered the new one."
		if c.ExpiresFrom == connection.ExpiryCertificate {
			f.ask = "Create a new certificate for the app, upload it to the app registration under Certificates & secrets, and send me its PFX file in a safe way. Leave the old one until I have entered the new one."
			f.remedy = "Create a new certificate now, upload it to the app registration, and choose it in the connection: two can be active at once."
		}
	}
	return f
}
