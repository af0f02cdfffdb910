// Package keychain keeps secrets in the keychain of the operating system: the
// Credential Manager of Windows, the Keychain of macOS, the Secret Service of
// Linux desktops. It puts a context in front of calls that know none: a keychain
// may wait for a person who types a password, for as long as that takes.
//
// What is too large for a keychain is in files sealed with a key that is in it.
// Where there is no keychain, a person can choose a vault of such files that opens
// with a passphrase; else a secret is held in the memory of this process until it
// ends. Nothing is ever written in the clear.
package keychain

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
)

// Get gives the secret of an ID. The errors are ErrNotFound, *Unavailable, and the
// context's when it was cancelled. It waits as long as ctx: a keychain that asks a
// person to unlock it takes its time.
func (s *Store) Get(ctx context.Context, id string) (string, error) {
	if secret, ok := s.held(id, kindSecret); ok {
		return string(secret), nil
	}
	if isSealed(s.vault.folder, id, kindSecret) {
		secret, err := s.fromVault(id, kindSecret)
		return string(secret), explain("read the secret", err, "")
	}
	secret, err := s.fromKeychain(ctx, id)
	var no *Unavailable
	if errors.As(err, &no) && no.None() && s.Choice() != PlaceKeychain {
		return "", ErrNotFound // secrets are elsewhere by choice, and this one is not there
	}
	return secret, err
}

// Set keeps a secret where the person chose and says where. It reads back what it
// wrote. Where there is no keychain the secret is held in memory and the place is
// PlaceSession; Probe says why. When ctx ends first, what the keychain may still
// write is taken back. The errors are *Unavailable, and the context's when it was
// cancelled.
func (s *Store) Set(ctx context.Context, id, secret string) (Place, error) {
	if len(secret) > MaxSecret {
		return PlaceNone, &Unavailable{Reason: ReasonTooLong, Doing: "store the secret", Err: fmt.Errorf("it has %d bytes, and %d is the most", len(secret), MaxSecret)}
	}
	return s.put(ctx, id, kindSecret, []byte(secret), s.Choice(), false)
}

// Delete forgets the secret of an ID, and what is sealed for it. One that is not
// there is no error. A deletion that was given up may still happen.
func (s *Store) Delete(ctx context.Context, id string) error {
	wasHeld := s.release(id, kindSecret)
	wasHeld = s.release(id, kindLarge) || wasHeld
	var files error
	for _, k := range []kind{kindSecret, kindLarge} {
		wasHeld = wasHeld || isSealed(s.vault.folder, id, k)
		files = errors.Join(files, unlink(s.vault.folder, id, k), unlink(s.sealed(), id, k))
	}
	if files != nil {
		return files
	}
	err := explain("delete the secret", s.call(ctx, id, "delete the secret", func(func() bool) error { return s.os.delete(id) }, nil), "")
	var no *Unavailable
	if errors.Is(err, ErrNotFound) || wasHeld && errors.As(err, &no) && no.None() {
		return nil
	}
	return err
}

// Where says where the secret of an ID is. It may wait for the keychain, as long
// as ctx.
func (s *Store) Where(ctx context.Context, id string) Place {
	for _, k := range []kind{kindSecret, kindLarge} {
		if _, ok := s.held(id, k); ok {
			return PlaceSession
		}
		if isSealed(s.vault.folder, id, k) {
			if s.vault.state() == VaultOpen {
				return PlaceVault
			}
			return PlaceShut
		}
	}
	_, err := s.Get(ctx, id)
	sealed := isSealed(s.sealed(), id, kindLarge)
	var no *Unavailable
	switch {
	case err == nil:
		return PlaceKeychain
	case sealed && errors.Is(err, ErrNotFound):
		return PlaceSealed
	case errors.Is(err, ErrNotFound):
		return PlaceNone
	case errors.As(err, &no):
		return no.place()
	}
	return PlaceSilent // the context was cancelled
}

// Probe reports whether the keychain of this computer would keep a secret: it stores
// one, reads it and deletes it. The error is *Unavailable, or the context's when it
// was cancelled.
func (s *Store) Probe(ctx context.Context) error {
	const doing = "try the keychain"
	secret := rand.Text()
	if err := s.write(ctx, s.probe, secret); err != nil {
		return explain(doing, err, secret)
	}
	err := s.call(ctx, s.probe, doing, func(func() bool) error { return s.os.delete(s.probe) }, nil)
	return explain(doing, err, secret)
}
