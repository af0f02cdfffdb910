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
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"sync"
)

// service names our entries in the keychain; the other half of an entry's name is
// the ID of its connection.
const service = "app.pushdesk.connections"

// MaxSecret is the length of the longest secret that is kept, in bytes. The
// Credential Manager takes 2560 and the Keychain of macOS about 2900 of what is
// written; half of that leaves room for what they add.
const MaxSecret = 1200

// Place says in a few words where a secret is.
type Place string

const (
	PlaceKeychain Place = "System keychain"
	PlaceSealed   Place = "Sealed file" // its key is in the system keychain
	PlaceVault    Place = "Passphrase vault"
	PlaceShut     Place = "Vault locked"
	PlaceSession  Place = "This session only" // in the memory of this process
	PlaceNone     Place = "Not stored"
	PlaceLocked   Place = "Keychain locked"
	PlaceRefused  Place = "Keychain refuses"
	PlaceMissing  Place = "No keychain" // and nothing in this session
	PlaceSilent   Place = "Keychain does not answer"
	PlaceUnknown  Place = "Keychain error"
)

// ErrNotFound says that no secret is stored for an ID.
var ErrNotFound = errors.New("no secret is stored")

// Store keeps secrets under the IDs of connections. Its methods may be used by any
// number of goroutines. Calls for the same ID wait for each other, because a
// keychain may still carry out a call that was given up.
type Store struct {
	os    backend
	home  string // holds the sealed files; "" for none
	vault *vault
	hint  func() // somebody waits: see OnWait
	probe string // the ID of the entry that Probe writes

	mu      sync.Mutex
	turns   map[string]chan struct{}
	session map[sessionKey][]byte // where there is no keychain, or by choice
}

// sessionKey names what is held in memory.
type sessionKey struct {
	id   string
	kind kind
}

// New makes a store on the keychain of this computer, with its sealed files in a
// folder. It asks the keychain nothing yet. Without a folder there are no sealed
// files and no vault.
func New(folder string) *Store { return newStore(system{}, folder) }

func newStore(b backend, folder string) *Store {
	return &Store{os: b, hint: func() {}, home: folder, vault: newVault(folder), probe: "probe-" + rand.Text(), turns: map[string]chan struct{}{}, session: map[sessionKey][]byte{}}
}

// Format writes a text without anything secret, whatever the verb.
func (s *Store) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, "keychain") }

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

// fromKeychain asks the system's keychain.
func (s *Store) fromKeychain(ctx context.Context, id string) (string, error) {
	var secret string
	err := s.call(ctx, id, "read the secret", func(func() bool) error {
		value, err := s.os.get(id)
		if err != nil {
			return err
		}
		secret, err = open(value)
		return err
	}, nil)
	if err != nil {
		return "", explain("read the secret", err, "")
	}
	return secret, nil
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

// write puts a secret into the keychain and compares what the keychain has then.
func (s *Store) write(ctx context.Context, id, secret string) error {
	value := seal(secret)
	var before string
	var had, wrote bool
	restore := func() {
		switch {
		case wrote && had:
			_ = s.os.set(id, before)
		case wrote:
			_ = s.os.delete(id)
		}
	}
	return s.call(ctx, id, "store the secret", func(left func() bool) error {
		var err error
		before, err = s.os.get(id)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		had = err == nil
		if left() {
			return nil
		}
		wrote = true // also when it fails: it may have come through
		if err := s.os.set(id, value); err != nil {
			return err
		}
		now, err := s.os.get(id)
		if err == nil && subtle.ConstantTimeCompare([]byte(now), []byte(value)) == 1 {
			return nil
		}
		restore()
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		return errNotKept
	}, restore)
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

// Probe tells whether the keychain of this computer would keep a secret: it stores
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

func (s *Store) held(id string, k kind) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, ok := s.session[sessionKey{id, k}]
	return data, ok
}

func (s *Store) hold(id string, k kind, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session[sessionKey{id, k}] = bytes.Clone(data)
}

// release forgets what is held in memory, and tells whether there was anything.
func (s *Store) release(id string, k kind) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.session[sessionKey{id, k}]
	delete(s.session, sessionKey{id, k})
	return ok
}

// A stored value begins with the version of its form.
const version = "1"

func seal(secret string) string { return version + secret }

func open(value string) (string, error) {
	if len(value) == 0 || value[:1] != version {
		return "", errNewer
	}
	return value[1:], nil
}
