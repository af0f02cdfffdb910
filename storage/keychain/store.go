package keychain

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

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

// Store keeps secrets under the IDs of connections. Its methods may be used by any
// number of goroutines. Calls for the same ID wait for each other, because a
// keychain may still carry out a call that was given up.
//
// Large: secrets and sealed sign-ins can each be stored, read, moved and deleted in four
// places, and the vault among these is created, opened and locked.
type Store struct {
	os     backend
	home   string // holds the sealed files; "" for none
	vault  *vault
	hint   func()        // somebody waits: see OnWait
	limit  time.Duration // see Limit
	silent atomic.Bool   // it did not answer when it was last asked
	probe  string        // the ID of the entry that Probe writes

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

// release forgets what is held in memory, and reports whether there was anything.
func (s *Store) release(id string, k kind) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.session[sessionKey{id, k}]
	delete(s.session, sessionKey{id, k})
	return ok
}
