package account

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
	"pushdesk/connection/file"
	"pushdesk/storage/failure"
	"pushdesk/storage/keychain"
)

// SameApp gives the connections that sign in with the client secret of c. c is the
// first.
func (a *Accounts) SameApp(c connection.Connection) []connection.Connection {
	same := []connection.Connection{c}
	for _, x := range a.Connections.List() {
		if x.ID != c.ID && x.Credential == connection.CredentialSecret && c.SameApp(x) {
			same = append(same, x)
		}
	}
	return same
}

// Rotation is what became of one connection when its client secret was replaced.
type Rotation struct {
	Connection connection.Connection
	Replaced   bool
	Same       bool          // it was not replaced, because the new secret is the one that is there
	Report     doctor.Report // of the test with the new secret
	Err        error         // why a secret that was accepted was not kept
	Warning    string        // what is not as it should be though it was kept, or ""
}

// Rotate tests connections with a new client secret and keeps it where Entra
// accepts it; everywhere else the old one stays. At any moment each connection has
// a secret that works, if it had one. A secret that Entra refuses for one connection
// of an app is not tried with the others, which get the same report: many wrong
// secrets look like an attack. on is told like that of TestMany. The error is an
// *connection.InvalidError for a day that cannot be right.
func (a *Accounts) Rotate(ctx context.Context, ids []string, secret string, expires connection.Day, on func(id string, r *Rotation)) error {
	secret = connection.CleanSecret(secret)
	day, err := connection.ParseDay(string(expires))
	if err != nil {
		return err
	}
	if secret == "" {
		return errors.New("replace the client secret: there is no new one")
	}
	first, rest := a.apps(ids)
	refused := map[string]doctor.Report{} // by the ID of the first connection of an app
	a.each(ctx, first, func(c connection.Connection, tell func(func())) {
		tell(func() { on(c.ID, nil) })
		r := a.rotate(ctx, c, secret, day)
		tell(func() {
			if isWrong(r.Report) {
				refused[c.ID] = r.Report
			}
			if r.told(ctx) {
				on(c.ID, &r)
			}
		})
	})
	var others []string
	firstOf := map[string]string{}
	for _, id := range first {
		for _, other := range rest[id] {
			others = append(others, other)
			firstOf[other] = id
		}
	}
	a.each(ctx, others, func(c connection.Connection, tell func(func())) {
		tell(func() { on(c.ID, nil) })
		r := Rotation{Connection: c}
		var known bool
		if r.Report, known = refused[firstOf[c.ID]]; known {
			r.Report.Connection = c.Name
		} else {
			r = a.rotate(ctx, c, secret, day)
		}
		if r.told(ctx) {
			tell(func() { on(c.ID, &r) })
		}
	})
	return nil
}

// told reports whether something came of a rotation: not when it was stopped before.
func (r Rotation) told(ctx context.Context) bool {
	return r.Replaced || r.Err != nil || ctx.Err() == nil
}

// apps parts connections by their app: one of each, and to that one the others.
func (a *Accounts) apps(ids []string) (first []string, rest map[string][]string) {
	rest = map[string][]string{}
	var leaders []connection.Connection
	seen := map[string]bool{}
	for _, id := range ids {
		c, err := a.Connections.Find(id)
		if err != nil || seen[c.ID] {
			continue
		}
		seen[c.ID] = true
		at := -1
		for i, l := range leaders {
			if l.TenantID == c.TenantID && l.SameApp(c) {
				at = i
				break
			}
		}
		if at < 0 {
			leaders, first = append(leaders, c), append(first, c.ID)
			continue
		}
		rest[first[at]] = append(rest[first[at]], c.ID)
	}
	return first, rest
}

// isWrong reports whether Entra said that the secret itself is wrong or over, which
// it would say to every connection of the app.
func isWrong(r doctor.Report) bool {
	token, _ := r.Check(doctor.Token)
	said := token.Evidence + "\n" + token.Details
	return token.Status == doctor.Fail && (strings.Contains(said, "AADSTS7000215") || strings.Contains(said, "AADSTS7000222"))
}

var errSameSecret = failure.New(failure.Usage, "rotate-same-secret", "The team has this client secret already, so nothing was replaced.", "Create a new client secret in Entra, and give its value.")

// rotate tests one connection with a new secret and keeps it when it is accepted.
func (a *Accounts) rotate(ctx context.Context, c connection.Connection, secret string, day connection.Day) Rotation {
	given := connection.SecretCredential(secret)
	tested := c
	tested.Expires, tested.ExpiresFrom = ends(day, connection.ExpiryTyped) // the old day is the old secret's
	r := Rotation{Connection: c, Report: a.Test(ctx, tested, &given, TestOptions{}, nil)}
	if token, _ := r.Report.Check(doctor.Token); token.Status != doctor.Pass || ctx.Err() != nil {
		return r
	}
	err := a.Connections.Refresh()
	var now connection.Connection
	if err == nil {
		now, err = a.Connections.Find(c.ID)
	}
	if err == nil && !now.SameLogin(c) {
		err = file.Changed(now.Name) // the secret was tested with another app
	}
	var place keychain.Place
	switch {
	case err != nil:
	case a.sealedByTeam(now):
		place = PlaceTeam
		until, from := ends(day, connection.ExpiryTyped)
		if old, bad := a.Teams.Sealed(ctx, now); bad == nil && old.Secret == given.Secret {
			err, r.Same = errSameSecret, true // who could read it still can
			break
		}
		_, err = a.Teams.Rotate(ctx, now.Team, now.ID, given, until, from)
	default:
		place, err = a.keepCredential(ctx, now, given)
	}
	if err != nil {
		r.Err = err
		return r
	}
	r.Replaced = true
	a.newCredentials(c.ID)
	if place == keychain.PlaceSession && a.Secrets.Choice() != keychain.PlaceSession {
		r.Warning = "The new client secret is kept in memory until this program is closed. It is not stored. " + a.whyNowhere(ctx)
	}
	if m := now.Reference.Manager; m != "" {
		r.Warning = strings.TrimSpace(r.Warning + fmt.Sprintf(" The secret manager “%s” may still have the old client secret of “%s”, and others read it there: replace it there, too.", m, now.Name))
	}
	from := connection.ExpiryTyped
	if day == "" {
		day, from = r.Report.Expires, connection.ExpiryGraph
	}
	if r.Connection, err = a.noteExpiry(c.ID, day, from); err != nil {
		r.Connection = now
		r.Warning = strings.TrimSpace(r.Warning + " " + fmt.Sprintf("The new client secret was stored, but its expiry date was not: %s", sentence(err)))
	}
	return r
}

// ends is a day with where it comes from, or neither.
func ends(day connection.Day, from connection.ExpirySource) (connection.Day, connection.ExpirySource) {
	if day == "" {
		return "", ""
	}
	return day, from
}

// noteExpiry writes down when a new secret ends, over whatever a person has changed
// meanwhile. Without a day the old one goes: it was the old secret's.
func (a *Accounts) noteExpiry(id string, day connection.Day, from connection.ExpirySource) (c connection.Connection, err error) {
	err = a.Connections.Batch(func(b *file.Batch) error {
		if c, err = b.Find(id); err != nil {
			return err
		}
		c.Expires, c.ExpiresFrom = ends(day, from)
		c, err = b.Update(c)
		return err
	})
	return c, err
}
