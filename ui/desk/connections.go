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

// Add keeps a new connection and its secret. An empty secret keeps none. The
// built-in practice app works in the practice workspace unless another is named.
func (d *Desk) Add(ctx context.Context, c connection.Connection, secret string) (Saved, error) {
	if c.Credential == connection.CredentialPractice && c.Workspace == "" {
		c.Workspace = practice.Workspace
	}
	saved, err := d.Connections.Add(c)
	if err != nil {
		return Saved{}, err
	}
	return d.keepSecret(ctx, saved, secret), nil
}

// Edit keeps a changed connection. An empty secret leaves the stored one alone.
func (d *Desk) Edit(ctx context.Context, c connection.Connection, secret string) (Saved, error) {
	saved, err := d.Connections.Update(c)
	if err != nil {
		return Saved{}, err
	}
	return d.keepSecret(ctx, saved, secret), nil
}

// keepSecret stores a secret. A keychain that refuses does not undo the saved
// connection: the person is told and can paste the secret again.
func (d *Desk) keepSecret(ctx context.Context, c connection.Connection, secret string) Saved {
	saved := Saved{Connection: c}
	if secret == "" {
		return saved
	}
	place, err := d.Secrets.Set(ctx, c.ID, secret)
	if err != nil {
		saved.SecretPlace = string(keychain.PlaceNone)
		saved.Warnings = append(saved.Warnings, fmt.Sprintf("The client secret of %q was not stored: %s", c.Name, sentence(err)))
		return saved
	}
	saved.SecretPlace = string(place)
	if place == keychain.PlaceSession {
		why := "No keychain answers on this computer."
		if err := d.Secrets.Probe(ctx); err != nil {
			why = sentence(err)
		}
		saved.Warnings = append(saved.Warnings, fmt.Sprintf("The client secret of %q is held until this program ends and is stored nowhere. %s", c.Name, why))
	}
	return saved
}

// Duplicate copies a connection with its secret.
func (d *Desk) Duplicate(ctx context.Context, c connection.Connection) (Saved, error) {
	secret := ""
	if c.Credential != connection.CredentialPractice {
		var err error
		if secret, err = d.Secrets.Get(ctx, c.ID); err != nil && !errors.Is(err, keychain.ErrNotFound) {
			return Saved{}, fmt.Errorf("read the secret of %q: %w", c.Name, err)
		}
	}
	copied, err := d.Connections.Duplicate(c.ID)
	if err != nil {
		return Saved{}, err
	}
	return d.keepSecret(ctx, copied, secret), nil
}

// Remove forgets a connection and its secret. The warning is not empty when the
// secret could not be removed.
func (d *Desk) Remove(ctx context.Context, c connection.Connection) (warning string, err error) {
	if err := d.Connections.Remove(c.ID); err != nil {
		return "", err
	}
	d.mu.Lock()
	delete(d.clients, c.ID)
	d.mu.Unlock()
	if c.Credential == connection.CredentialPractice {
		return "", nil
	}
	if err := d.Secrets.Delete(ctx, c.ID); err != nil {
		return fmt.Sprintf("The connection is gone, but its client secret may still be in the keychain (entry %s): %s", c.ID, sentence(err)), nil
	}
	return "", nil
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
