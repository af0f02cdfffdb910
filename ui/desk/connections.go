package desk

import (
	"context"
	"errors"
	"fmt"

	"pushdesk/connection"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain"
)

// Saved is a connection after it was written, and where its secret went.
type Saved struct {
	Connection  connection.Connection
	SecretPlace string   // in a few words; empty when no secret was given
	Warnings    []string // whole sentences
}

// Add keeps a new connection and what it signs in with; nil when nothing was given.
// The built-in practice app works in the practice workspace unless another is named.
func (d *Desk) Add(ctx context.Context, c connection.Connection, given *connection.Credential) (Saved, error) {
	if c.Credential == connection.CredentialPractice && c.Workspace == "" {
		c.Workspace = practice.Workspace
	}
	saved, err := d.Connections.Add(c)
	if err != nil {
		return Saved{}, err
	}
	return d.keepGiven(ctx, saved, given), nil
}

// Edit keeps a changed connection. Without a credential the stored one stays.
func (d *Desk) Edit(ctx context.Context, c connection.Connection, given *connection.Credential) (Saved, error) {
	saved, err := d.Connections.Update(c)
	if err != nil {
		return Saved{}, err
	}
	return d.keepGiven(ctx, saved, given), nil
}

// keepGiven stores a credential. A keychain that refuses does not undo the saved
// connection: the person is told and can give it again.
func (d *Desk) keepGiven(ctx context.Context, c connection.Connection, given *connection.Credential) Saved {
	saved := Saved{Connection: c}
	if given == nil || given.Empty() || c.Credential == connection.CredentialPractice {
		return saved
	}
	what := noun(c.Credential)
	place, err := d.keepCredential(ctx, c, *given)
	if err != nil {
		saved.SecretPlace = string(keychain.PlaceNone)
		saved.Warnings = append(saved.Warnings, fmt.Sprintf("The %s of %q was not stored: %s", what, c.Name, sentence(err)))
		return saved
	}
	saved.SecretPlace = string(place)
	if place == keychain.PlaceSession && d.Secrets.Choice() != keychain.PlaceSession {
		why := "No keychain answers on this computer."
		if err := d.Secrets.Probe(ctx); err != nil {
			why = sentence(err)
		}
		saved.Warnings = append(saved.Warnings, fmt.Sprintf("The %s of %q is held until this program ends and is stored nowhere. %s A passphrase vault can keep it: see Settings under Secrets.", what, c.Name, why))
	}
	return saved
}

// noun names what a connection signs in with.
func noun(k connection.CredentialKind) string {
	switch {
	case k == connection.CredentialCertificate:
		return "certificate"
	case k.User():
		return "sign-in"
	}
	return "client secret"
}

// Duplicate copies a connection with what it signs in with.
func (d *Desk) Duplicate(ctx context.Context, c connection.Connection) (Saved, error) {
	var given *connection.Credential
	if c.Credential != connection.CredentialPractice {
		stored, _, err := d.stored(ctx, c)
		if err != nil {
			return Saved{}, err
		}
		given = &stored
	}
	copied, err := d.Connections.Duplicate(c.ID)
	if err != nil {
		return Saved{}, err
	}
	return d.keepGiven(ctx, copied, given), nil
}

// stored is the credential that is kept for a connection, empty when none is. A
// secret from the environment is not one.
func (d *Desk) stored(ctx context.Context, c connection.Connection) (connection.Credential, string, error) {
	own := Desk{Secrets: d.Secrets}
	given, place, err := own.Credential(ctx, c)
	var none *NoSecretError
	if errors.As(err, &none) {
		return connection.Credential{}, "", nil
	}
	return given, place, err
}

// Removal is a connection that was removed and can be brought back while the
// program runs.
type Removal struct {
	Connection connection.Connection
	Warning    string // what could not be removed, or ""

	desk    *Desk
	removed connection.Removed
	secret  connection.Credential // held in memory only
}

// Remove forgets a connection and what it signs in with. What is removed is held in
// memory, so that Undo can bring it back until the program ends.
func (d *Desk) Remove(ctx context.Context, c connection.Connection) (*Removal, error) {
	r := &Removal{desk: d}
	if c.Credential != connection.CredentialPractice {
		// A secret that cannot be read is not brought back, and that is no reason to keep
		// the connection.
		r.secret, _, _ = d.stored(ctx, c)
	}
	removed, err := d.Connections.Take(c.ID)
	if err != nil {
		return nil, err
	}
	r.removed, r.Connection = removed, removed.Connection
	d.mu.Lock()
	delete(d.clients, c.ID)
	d.mu.Unlock()
	if c.Credential == connection.CredentialPractice {
		return r, nil
	}
	if err := d.Secrets.Delete(ctx, c.ID); err != nil {
		r.Warning = fmt.Sprintf("The connection is gone, but its %s may still be in the keychain (entry %s): %s", noun(c.Credential), c.ID, sentence(err))
	}
	return r, nil
}

// Undo brings the connection back, with what it signed in with.
func (r *Removal) Undo(ctx context.Context) (Saved, error) {
	c, err := r.desk.Connections.Restore(r.removed)
	if err != nil {
		return Saved{}, err
	}
	return r.desk.keepGiven(ctx, c, &r.secret), nil
}

// SecretPlace says in a few words where the secret of a connection is.
func (d *Desk) SecretPlace(ctx context.Context, c connection.Connection) string {
	if c.Credential == connection.CredentialPractice {
		return "Built into the practice service"
	}
	return string(d.Secrets.Where(ctx, c.ID))
}

// sentence says an error as a person reads it.
func sentence(err error) string {
	var known interface{ Sentence() string }
	if errors.As(err, &known) {
		return known.Sentence()
	}
	return err.Error() + "."
}
