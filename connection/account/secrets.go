package account

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pushdesk/storage/keychain"
)

// SecretIDs are the entries that the secrets of all connections are kept under, and
// that of the proxy's password.
func (a *Accounts) SecretIDs() []string {
	ids := []string{proxyID}
	for _, c := range a.Connections.List() {
		ids = append(ids, c.ID)
	}
	return ids
}

// MoveSecrets brings every secret to another place and makes it the place of new
// ones. The error names those that stayed where they were.
func (a *Accounts) MoveSecrets(ctx context.Context, to keychain.Place, on func(done, of int)) error {
	if err := a.Secrets.Choose(to); err != nil {
		return err
	}
	moved, err := a.Secrets.Move(ctx, a.SecretIDs(), to, on)
	if err != nil {
		return err
	}
	stuck := &NotMovedError{To: to}
	for _, m := range moved {
		if m.Err == nil {
			continue
		}
		name := "the proxy's password"
		if c, err := a.Connections.Find(m.ID); err == nil {
			name = "“" + c.Name + "”"
		}
		stuck.Names = append(stuck.Names, name)
		stuck.Err = errors.Join(stuck.Err, m.Err)
	}
	if len(stuck.Names) > 0 {
		return stuck
	}
	return nil
}

// Elsewhere counts the secrets that are not where new ones go.
func (a *Accounts) Elsewhere(ctx context.Context) (n int) {
	at := a.Secrets.Choice()
	for _, id := range a.SecretIDs() {
		switch where := a.Secrets.Where(ctx, id); {
		case where == keychain.PlaceNone, where == keychain.PlaceMissing, where == at:
		case where == keychain.PlaceSealed && at == keychain.PlaceKeychain, where == keychain.PlaceShut && at == keychain.PlaceVault:
		case where == keychain.PlaceKeychain, where == keychain.PlaceSealed, where == keychain.PlaceVault, where == keychain.PlaceSession, where == keychain.PlaceShut:
			n++
		}
	}
	return n
}

// NotMovedError says which secrets stayed where they were.
type NotMovedError struct {
	To    keychain.Place
	Names []string
	Err   error
}

func (e *NotMovedError) Error() string { return fmt.Sprintf("move secrets: %v", e.Err) }
func (e *NotMovedError) Unwrap() error { return e.Err }

// Sentence says what happened.
func (e *NotMovedError) Sentence() string {
	return fmt.Sprintf("Not moved: %s. They are still where they were.", strings.Join(e.Names, ", "))
}

// Remedy says what to do next.
func (e *NotMovedError) Remedy() string {
	var known interface{ Remedy() string }
	if errors.As(e.Err, &known) {
		return known.Remedy()
	}
	return "Try again."
}

// Who says who can fix it.
func (e *NotMovedError) Who() string { return "you" }

// Details are for support.
func (e *NotMovedError) Details() string { return "Cause: " + e.Err.Error() }
