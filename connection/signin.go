package connection

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"

	"pushdesk/storage/failure"

	"github.com/google/uuid"
)

// SignIn is a person's sign-in: what renews it without asking again, but no access
// token. It is as good as a password, so it is kept sealed.
//
// The login service gives a new refresh token now and then, and the old one expires.
// Who has tokens from a sign-in asks Renewed afterwards, and stores it then.
type SignIn struct {
	id      string // tells one sign-in from the next
	account string // the user's name
	homeID  string // what the login service calls the account

	mu      sync.Mutex
	cache   []byte
	renewed bool
}

// NewSignIn returns a sign-in. cache is JSON that holds the refresh token.
func NewSignIn(account, homeID string, cache []byte) *SignIn {
	return &SignIn{id: uuid.NewString(), account: account, homeID: homeID, cache: cache}
}

// Account returns the name of who signed in, such as ann@contoso.com.
func (s *SignIn) Account() string { return s.account }

// HomeID returns what the login service calls the account.
func (s *SignIn) HomeID() string { return s.homeID }

// Format writes who signed in and nothing secret, whatever the verb.
func (s *SignIn) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, "sign-in of "+s.account) }

// Cache returns a copy of the JSON that holds the refresh token.
func (s *SignIn) Cache() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.cache)
}

// Renew replaces the JSON that holds the refresh token.
func (s *SignIn) Renew(cache []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !bytes.Equal(s.cache, cache) {
		s.cache, s.renewed = cache, true
	}
}

// Renewed reports, once, that there is a refresh token that was not stored yet.
func (s *SignIn) Renewed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	renewed := s.renewed
	s.renewed = false
	return renewed
}

// signInFile is the form of a kept sign-in.
type signInFile struct {
	Version int             `json:"version"`
	ID      string          `json:"id"`
	Account string          `json:"account"`
	Home    string          `json:"home"`
	Cache   json.RawMessage `json:"cache"`
}

// Encode writes the sign-in for the sealed store and nothing else.
func (s *SignIn) Encode() ([]byte, error) {
	content, err := json.Marshal(signInFile{Version: 1, ID: s.id, Account: s.account, Home: s.homeID, Cache: s.Cache()})
	if err != nil {
		return nil, fmt.Errorf("write the sign-in: %w", err)
	}
	return content, nil
}

// DecodeSignIn reads what Encode wrote.
func DecodeSignIn(content []byte) (*SignIn, error) {
	var f signInFile
	if err := json.Unmarshal(content, &f); err != nil || f.Version != 1 || len(f.Cache) == 0 || !json.Valid(f.Cache) {
		return nil, failure.New(failure.Connection, "sign-in-unreadable", "The stored sign-in cannot be read.", "Sign in again.")
	}
	return &SignIn{id: f.ID, account: f.Account, homeID: f.Home, cache: f.Cache}, nil
}
