package desk

import (
	"context"
	"errors"
	"strings"
	"sync"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
)

// sideBySide is how many connections are tested at the same time: enough to hide
// the waits, few enough not to be throttled.
const sideBySide = 8

// TestMany tests connections side by side, each with a new sign-in. on is told with
// nil when a test starts and with its report when it ends; it is called by several
// goroutines, one at a time. Connections that do not exist are left out. It returns
// when all are tested, or ctx ends.
func (d *Desk) TestMany(ctx context.Context, ids []string, on func(id string, r *doctor.Report)) {
	d.each(ctx, ids, func(c connection.Connection, tell func(func())) {
		tell(func() { on(c.ID, nil) })
		report := d.Test(ctx, c, nil, TestOptions{}, nil)
		if ctx.Err() == nil {
			tell(func() { on(c.ID, &report) })
		}
	})
}

// each does something with each of the connections, some at a time. tell runs
// what it is given while no other does.
func (d *Desk) each(ctx context.Context, ids []string, do func(c connection.Connection, tell func(func()))) {
	var wait sync.WaitGroup
	var telling sync.Mutex
	tell := func(f func()) {
		telling.Lock()
		defer telling.Unlock()
		f()
	}
	room := make(chan struct{}, sideBySide)
	for _, id := range ids {
		c, err := d.Connections.Find(id)
		if err != nil {
			continue
		}
		select {
		case room <- struct{}{}:
		case <-ctx.Done():
			wait.Wait()
			return
		}
		wait.Go(func() {
			defer func() { <-room }()
			do(c, tell)
		})
	}
	wait.Wait()
}

// SameApp gives the connections that sign in with the client secret of c: those
// with its tenant, client and addresses. c is the first.
func (d *Desk) SameApp(c connection.Connection) []connection.Connection {
	same := []connection.Connection{c}
	for _, x := range d.Connections.List() {
		if x.ID != c.ID && x.Credential == connection.CredentialSecret && x.Cloud == c.Cloud && x.LoginURL == c.LoginURL &&
			strings.EqualFold(x.TenantID, c.TenantID) && strings.EqualFold(x.ClientID, c.ClientID) {
			same = append(same, x)
		}
	}
	return same
}

// Rotation is what became of one connection when its client secret was replaced.
type Rotation struct {
	Connection connection.Connection
	Replaced   bool
	Report     doctor.Report // of the test with the new secret
	Err        error         // why a secret that was accepted was not kept
}

// Rotate tests connections with a new client secret and keeps it where Entra
// accepts it; everywhere else the old one stays. At any moment each connection has
// a secret that works, if it had one. on is told like that of TestMany. The error
// is an *connection.InvalidError for a secret or a day that cannot be right.
func (d *Desk) Rotate(ctx context.Context, ids []string, secret string, expires connection.Day, on func(id string, r *Rotation)) error {
	secret = connection.CleanSecret(secret)
	day, err := connection.ParseDay(string(expires))
	if err != nil {
		return err
	}
	if secret == "" {
		return errors.New("replace the client secret: there is no new one")
	}
	d.each(ctx, ids, func(c connection.Connection, tell func(func())) {
		tell(func() { on(c.ID, nil) })
		r := d.rotate(ctx, c, secret, day)
		if r.Replaced || r.Err != nil || ctx.Err() == nil {
			tell(func() { on(c.ID, &r) })
		}
	})
	return nil
}

func (d *Desk) rotate(ctx context.Context, c connection.Connection, secret string, day connection.Day) Rotation {
	given := connection.SecretCredential(secret)
	r := Rotation{Connection: c, Report: d.Test(ctx, c, &given, TestOptions{}, nil)}
	token, _ := r.Report.Check(doctor.Token)
	if token.Status != doctor.Pass || ctx.Err() != nil {
		return r
	}
	// A person may have edited it meanwhile: only the day is changed on what is there.
	now, err := d.Connections.Find(c.ID)
	if err == nil {
		now.Credential, now.Expires, now.ExpiresFrom = connection.CredentialSecret, day, ""
		if day != "" {
			now.ExpiresFrom = connection.ExpiryTyped
		}
		r.Err = d.replaceSecret(ctx, now, given)
	} else {
		r.Err = err
	}
	r.Replaced = r.Err == nil
	return r
}

// replaceSecret keeps a secret and, when that is done, the connection.
func (d *Desk) replaceSecret(ctx context.Context, c connection.Connection, given connection.Credential) error {
	if _, err := d.keepCredential(ctx, c, given); err != nil {
		return err
	}
	_, err := d.Connections.Update(c)
	return err
}
