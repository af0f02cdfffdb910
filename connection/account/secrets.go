package account

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pushdesk/connection/team/key"
	"pushdesk/storage/failure"
	"pushdesk/storage/keychain"
)

// SecretIDs are the entries that the secrets of all connections are kept under, and
// those of the proxy's password, of this person's key for teams and of secret managers.
func (a *Accounts) SecretIDs() []string {
	ids := append([]string{proxyID, key.Entry}, a.managerTokens()...)
	for _, c := range a.Connections.List() {
		ids = append(ids, c.ID)
	}
	return ids
}

// MoveSecrets moves every secret to another place and makes it the place of new ones. The error names those that stayed where they were.
func (a *Accounts) MoveSecrets(ctx context.Context, to keychain.Place, on func(done, of int)) error {
	if err := a.Secrets.Choose(to); err != nil {
		return err
	}
	moved, err := a.Secrets.Move(ctx, a.SecretIDs(), to, on)
	if err != nil {
		return err
	}
	var stuck []string
	var reason error
	for _, m := range moved {
		if m.Err == nil {
			continue
		}
		name := "the proxy's password"
		if m.ID == key.Entry {
			name = "your key for teams"
		} else if manager, ok := strings.CutPrefix(m.ID, tokenID("")); ok {
			name = "the token of the secret manager " + manager
		}
		if c, err := a.Connections.Find(m.ID); err == nil {
			name = "“" + c.Name + "”"
		}
		stuck = append(stuck, name)
		reason = errors.Join(reason, m.Err)
	}
	if len(stuck) == 0 {
		return nil
	}
	remedy := "Try again."
	if f, ok := failure.From(reason); ok {
		remedy = f.Remedy
	}
	return failure.New(failure.Connection, "secrets-not-moved", fmt.Sprintf("Not moved: %s. They are still where they were.", strings.Join(stuck, ", ")), remedy).
		Because(reason).WithDetails("Cause: %v", reason)
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
