package keychain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"filippo.io/age"

	"pushdesk/storage"
)

// patience is how long a keychain may take to forget what is now kept elsewhere.
// It is asked in vain where there is none.
const patience = 3 * time.Second

// choiceFile is where the choice of a person is kept.
type choiceFile struct {
	NewSecrets Place `json:"newSecrets"`
}

// Choice is where new secrets go: PlaceKeychain unless a person chose otherwise.
func (s *Store) Choice() Place {
	if s.home == "" {
		return PlaceKeychain
	}
	text, err := storage.ReadFile(s.choicePath(), 1<<20)
	var c choiceFile
	if err != nil || json.Unmarshal(text, &c) != nil || !slices.Contains([]Place{PlaceVault, PlaceSession}, c.NewSecrets) {
		return PlaceKeychain
	}
	return c.NewSecrets
}

func (s *Store) choicePath() string { return filepath.Join(s.home, "secrets.json") }

// Choose changes where new secrets go. Those that are kept stay where they are:
// see Move. The vault must have been made.
func (s *Store) Choose(p Place) error {
	const doing = "choose where secrets go"
	switch {
	case !slices.Contains([]Place{PlaceKeychain, PlaceVault, PlaceSession}, p):
		return fmt.Errorf("%s: %q is no place for secrets", doing, p)
	case s.home == "":
		return explain(doing, errNoPlace, "")
	case p == PlaceVault && s.vault.state() == VaultNone:
		return explain(doing, errVaultNone, "")
	}
	text, err := json.MarshalIndent(choiceFile{p}, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return storage.WriteFile(s.choicePath(), append(text, '\n'))
}

// VaultState tells how the passphrase vault stands.
func (s *Store) VaultState() VaultState { return s.vault.state() }

// CreateVault makes the passphrase vault and leaves it open. Its errors are
// *Unavailable, and storage.FileError.
func (s *Store) CreateVault(ctx context.Context, passphrase string) error {
	return explain("make the vault", s.vault.create(ctx, passphrase), passphrase)
}

// UnlockVault opens the vault until it is locked or was not used for 30 minutes.
// It takes about half a second; when ctx ends first the vault stays as it is. A wrong
// passphrase is *Unavailable.
func (s *Store) UnlockVault(ctx context.Context, passphrase string) error {
	const doing = "unlock the vault"
	type answer struct {
		identity *age.X25519Identity
		err      error
	}
	read := make(chan answer, 1) // the reader cannot be stopped; what it reads after a cancellation is dropped
	go func() {
		identity, err := s.vault.read(passphrase)
		read <- answer{identity, err}
	}()
	select {
	case a := <-read:
		if ctx.Err() != nil { // both were ready
			return ended(ctx, doing)
		}
		return explain(doing, s.vault.unlocked(a.identity, a.err), passphrase)
	case <-ctx.Done():
		return ended(ctx, doing)
	}
}

// LockVault closes the vault.
func (s *Store) LockVault() { s.vault.lock() }

// ChangePassphrase gives the vault another passphrase; it must be told the old one.
func (s *Store) ChangePassphrase(ctx context.Context, old, fresh string) error {
	return explain("change the passphrase", s.vault.change(ctx, old, fresh), fresh)
}

// put keeps something at a place and then nowhere else. strict makes a missing
// keychain an error; else it is held in memory, as the place says.
func (s *Store) put(ctx context.Context, id string, k kind, data []byte, to Place, strict bool) (Place, error) {
	const doing = "store the secret"
	switch to {
	case PlaceSession:
		s.hold(id, k, data)
		s.dropElsewhere(ctx, id, k, PlaceSession)
		return PlaceSession, nil
	case PlaceVault:
		identity, err := s.vault.open()
		if err == nil {
			err = sealTo(s.vault.folder, id, k, data, identity)
		}
		if err != nil {
			return PlaceNone, explain(doing, err, string(data))
		}
		s.dropElsewhere(ctx, id, k, PlaceVault)
		return PlaceVault, nil
	}
	var err error
	kept := PlaceKeychain
	if k == kindSecret {
		err = explain(doing, s.write(ctx, id, string(data)), string(data))
	} else {
		kept = PlaceSealed
		var identity *age.X25519Identity
		if identity, err = s.own(ctx, true); err == nil {
			err = explain(doing, sealTo(s.sealed(), id, k, data, identity), string(data))
		}
	}
	var no *Unavailable
	if err != nil && !strict && errors.As(err, &no) && no.None() {
		s.hold(id, k, data)
		return PlaceSession, nil
	}
	if err != nil {
		return PlaceNone, err
	}
	s.dropElsewhere(ctx, id, k, PlaceKeychain)
	return kept, nil
}

// dropElsewhere forgets what other places still hold. What a keychain keeps because
// it does not answer does no harm: the other places are looked at before it. One that was
// silent is not asked until it has answered something else.
func (s *Store) dropElsewhere(ctx context.Context, id string, k kind, kept Place) {
	if kept != PlaceSession {
		s.release(id, k)
	}
	if kept != PlaceVault {
		_ = unlink(s.vault.folder, id, k)
	}
	if kept == PlaceKeychain {
		return
	}
	if k == kindLarge {
		_ = unlink(s.sealed(), id, k)
		return
	}
	if s.silent.Load() {
		return
	}
	short, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if Silent(s.call(short, id, "delete the secret", func(func() bool) error { return s.os.delete(id) }, nil)) {
		s.silent.Store(true)
	}
}

// ownID is the entry of the keychain with the key of this installation's sealed files.
const ownID = "installation"

// own gives the key of the sealed files, and makes one when there is none yet.
func (s *Store) own(ctx context.Context, make bool) (*age.X25519Identity, error) {
	const doing = "open the sealed files"
	if s.home == "" {
		return nil, explain(doing, errNoPlace, "")
	}
	var identity *age.X25519Identity
	read := func() error {
		text, err := s.fromKeychain(ctx, ownID)
		if err != nil {
			return err
		}
		if identity, err = age.ParseX25519Identity(text); err != nil {
			return explain(doing, errDamaged, text)
		}
		return nil
	}
	err := read()
	if !errors.Is(err, ErrNotFound) || !make {
		return identity, err
	}
	// Two programs that begin at the same time must end with one key.
	err = exclusively(ctx, s.sealed()+".lock", func() error {
		if err := read(); !errors.Is(err, ErrNotFound) {
			return err
		}
		fresh, err := age.GenerateX25519Identity()
		if err != nil {
			return fmt.Errorf("make the key of the sealed files: %w", err)
		}
		identity = fresh
		return explain(doing, s.write(ctx, ownID, fresh.String()), fresh.String())
	})
	if err != nil {
		return nil, err
	}
	return identity, nil
}

// SetSealed keeps something that is too large for a keychain, up to MaxSealed, and
// says where: in a file sealed with a key that is in the keychain, in the vault, or
// in this session. The errors are those of Set, and *storage.FileError.
func (s *Store) SetSealed(ctx context.Context, id string, data []byte) (Place, error) {
	if len(data) > MaxSealed {
		return PlaceNone, explain("store the secret", errTooBig, "")
	}
	return s.put(ctx, id, kindLarge, data, s.Choice(), false)
}

// GetSealed gives what SetSealed kept. The errors are those of Get.
func (s *Store) GetSealed(ctx context.Context, id string) ([]byte, error) {
	const doing = "read the sealed file"
	if data, ok := s.held(id, kindLarge); ok {
		return data, nil
	}
	if isSealed(s.vault.folder, id, kindLarge) {
		data, err := s.fromVault(id, kindLarge)
		return data, explain(doing, err, "")
	}
	if !isSealed(s.sealed(), id, kindLarge) {
		return nil, ErrNotFound
	}
	identity, err := s.own(ctx, false)
	if errors.Is(err, ErrNotFound) { // the keychain has lost it
		err = errDamaged
	}
	if err != nil {
		return nil, explain(doing, err, "")
	}
	data, err := unsealFrom(s.sealed(), id, kindLarge, identity)
	return data, explain(doing, err, "")
}

func (s *Store) fromVault(id string, k kind) ([]byte, error) {
	identity, err := s.vault.open()
	if err != nil {
		return nil, err
	}
	return unsealFrom(s.vault.folder, id, k, identity)
}

// sealed is the folder of sealed files whose key is in the keychain.
func (s *Store) sealed() string {
	if s.home == "" {
		return ""
	}
	return filepath.Join(s.home, "sealed")
}
