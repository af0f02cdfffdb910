package account

import (
	"context"
	"fmt"

	"pushdesk/connection"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain"
)

// Saved is a connection after it was saved, and where its secret went.
type Saved struct {
	Connection  connection.Connection
	SecretPlace string   // in a few words; empty when no secret was given
	Warnings    []string // whole sentences
	// Refused says why what it signs in with was not stored, though it was given; what
	// was there before still is.
	Refused error
}

// Add keeps a new connection and what it signs in with; nil when nothing was given.
// The built-in practice app works in the practice workspace unless another is named.
func (a *Accounts) Add(ctx context.Context, c connection.Connection, given *connection.Credential) (Saved, error) {
	saved, err := a.Connections.Add(readyMade(c))
	if err != nil {
		return Saved{}, err
	}
	return a.keepGiven(ctx, saved, given), nil
}

// readyMade gives the built-in practice app the workspace it works in.
func readyMade(c connection.Connection) connection.Connection {
	if c.Credential == connection.CredentialPractice && c.Workspace == "" {
		c.Workspace = practice.Workspace
	}
	return c
}

// Edit keeps a changed connection. Without a credential the stored one stays.
func (a *Accounts) Edit(ctx context.Context, c connection.Connection, given *connection.Credential) (Saved, error) {
	saved, err := a.Connections.Update(c)
	if err != nil {
		return Saved{}, err
	}
	return a.keepGiven(ctx, saved, given), nil
}

// keepGiven stores a credential. A keychain that refuses does not undo the saved
// connection: the person is told and can give it again.
func (a *Accounts) keepGiven(ctx context.Context, c connection.Connection, given *connection.Credential) Saved {
	saved := Saved{Connection: c}
	if given == nil || given.Empty() || c.Credential == connection.CredentialPractice {
		return saved
	}
	what := noun(c.Credential)
	place, err := a.keepCredential(ctx, c, *given)
	if err != nil {
		f := *inWords(err)
		f.Sentence = fmt.Sprintf("The %s of “%s” was not stored. %s", what, c.Name, f.Sentence)
		saved.Refused, saved.SecretPlace = &f, a.SecretPlace(ctx, c)
		return saved
	}
	saved.SecretPlace = string(place)
	a.newCredentials(c.ID)
	if c.Team != "" {
		if err := a.useOwn(ctx, c); err != nil {
			saved.Warnings = append(saved.Warnings, fmt.Sprintf("The %s of “%s” was stored, but the team's is still used: %s", what, c.Name, sentence(err)))
		}
	}
	if place == keychain.PlaceSession && a.Secrets.Choice() != keychain.PlaceSession {
		saved.Warnings = append(saved.Warnings, fmt.Sprintf("The %s of “%s” is kept in memory until this program is closed. It is not stored. %s", what, c.Name, a.whyNowhere(ctx)))
	}
	return saved
}

// whyNowhere says why secrets are held in memory only, and what would keep them.
func (a *Accounts) whyNowhere(ctx context.Context) string {
	why := "No keychain answers on this computer."
	if err := a.Secrets.Probe(ctx); err != nil {
		why = sentence(err)
	}
	return why + " A passphrase vault can store it."
}

// Duplicate copies a connection with what it signs in with.
func (a *Accounts) Duplicate(ctx context.Context, c connection.Connection) (Saved, error) {
	var given *connection.Credential
	if c.Credential != connection.CredentialPractice {
		stored, _, err := a.stored(ctx, c)
		if err != nil {
			return Saved{}, err
		}
		given = &stored
	}
	copied, err := a.Connections.Duplicate(c.ID)
	if err != nil {
		return Saved{}, err
	}
	return a.keepGiven(ctx, copied, given), nil
}

// stored is the credential that is kept for a connection, empty when none is. A
// secret from the environment is not one.
func (a *Accounts) stored(ctx context.Context, c connection.Connection) (connection.Credential, string, error) {
	own := Accounts{Secrets: a.Secrets, options: a.options}
	given, place, err := own.Credential(ctx, c)
	if IsNothingStored(err) {
		return connection.Credential{}, "", nil
	}
	return given, place, err
}

// SecretPlace says in a few words where the secret of a connection is.
func (a *Accounts) SecretPlace(ctx context.Context, c connection.Connection) string {
	if c.Credential == connection.CredentialPractice {
		return "Built into the practice service"
	}
	if a.sealedByTeam(c) {
		return string(PlaceTeam)
	}
	place := a.Secrets.Where(ctx, c.ID)
	if (place == keychain.PlaceNone || place == keychain.PlaceMissing) && c.Reference != (connection.Reference{}) {
		if _, unasked := a.Unasked(c); unasked {
			return string(PlaceUnasked)
		}
		return string(PlaceManager)
	}
	return string(place)
}
