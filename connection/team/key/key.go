// Package key is what a person opens and signs with in every team, and the words that
// people compare and write down of it.
package key

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"filippo.io/age"

	"pushdesk/connection/shared"
	"pushdesk/storage/failure"
	"pushdesk/storage/keychain"
	"pushdesk/storage/text"
)

// Entry is the entry of the keychain, or the vault, with this person's key.
const Entry = "team-key"

const seedSize = 16

// Key is what a person opens and signs with in every team: an age key and an Ed25519
// key, both made from one seed, which is kept with the secrets.
type Key struct {
	seed     []byte
	sign     ed25519.PrivateKey
	identity *age.X25519Identity
}

// Format writes whose key it is and nothing secret, whatever the verb.
func (k Key) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, "key of "+k.Public().ID()) }

// Public is the part of a key that others know a person by.
type Public struct {
	Sign      string `json:"signingKey"` // Ed25519, in base64
	Recipient string `json:"recipient"`  // age, to seal to
}

// ID is what a member is known by. It is made of the keys, so that nobody's keys can be
// replaced under their ID.
func (p Public) ID() string {
	sum := sha256.Sum256([]byte("pushdesk/member\n" + p.Sign + "\n" + p.Recipient))
	return hex.EncodeToString(sum[:16])
}

// Verifies reports whether a person signed something.
func (p Public) Verifies(content []byte, signature string) bool {
	name := sha256.Sum256(slices.Concat([]byte(p.Sign+"\n"+signature+"\n"), content))
	if _, ok := verified.Load(name); ok {
		return true
	}
	key, err := base64.StdEncoding.DecodeString(p.Sign)
	sig, bad := base64.StdEncoding.DecodeString(signature)
	ok := err == nil && bad == nil && len(key) == ed25519.PublicKeySize && ed25519.Verify(key, content, sig)
	if ok {
		verified.Store(name, true)
	}
	return ok
}

// verified are the signatures that were found good: the same files are read over and over.
var verified sync.Map

// Public returns the part of the key that others may know.
func (k Key) Public() Public {
	if k.identity == nil {
		return Public{}
	}
	return Public{base64.StdEncoding.EncodeToString(k.sign.Public().(ed25519.PublicKey)), k.identity.Recipient().String()}
}

// Known reports whether there is a key.
func (k Key) Known() bool { return k.identity != nil }

// Identity opens what is sealed to this person.
func (k Key) Identity() age.Identity { return k.identity }

// Sign signs something.
func (k Key) Sign(content []byte) string {
	return base64.StdEncoding.EncodeToString(ed25519.Sign(k.sign, content))
}

// New makes a key.
func New() (Key, error) {
	seed := make([]byte, seedSize)
	if _, err := rand.Read(seed); err != nil {
		return Key{}, fmt.Errorf("make a key: %w", err)
	}
	return keyOf(seed)
}

// keyOf makes the two keys of a seed.
func keyOf(seed []byte) (k Key, err error) {
	sign, err := hkdf.Key(sha256.New, seed, nil, "pushdesk/team/signing", ed25519.SeedSize)
	if err != nil {
		return k, fmt.Errorf("make the signing key: %w", err)
	}
	open, err := hkdf.Key(sha256.New, seed, nil, "pushdesk/team/age", 32)
	if err != nil {
		return k, fmt.Errorf("make the age key: %w", err)
	}
	identity, err := shared.Identity(open)
	if err != nil {
		return k, fmt.Errorf("make the age key: %w", err)
	}
	return Key{seed: slices.Clone(seed), sign: ed25519.NewKeyFromSeed(sign), identity: identity}, nil
}

//go:embed words.txt
var wordList string

// words are 256 words that are hard to mistake for one another when they are spoken.
var words = strings.Fields(wordList)

// safeRounds make each guess at a phrase cost a while, because a phrase is short.
const safeRounds = 200_000

// PhraseRounds are lowered in tests: under -race they cost most of the time.
var PhraseRounds = safeRounds

// Phrase returns five words that two people compare to know that they mean the same
// team, its owner and the same new member. It takes a moment: see PhraseRounds.
func Phrase(teamID, owner, member string) string {
	key := [3]string{teamID, owner, member}
	if known, ok := phrases.Load(key); ok {
		return known.(string) //nolint:forcetypeassert // only these are stored
	}
	sum, err := pbkdf2.Key(sha256.New, teamID+"\n"+owner+"\n"+member, []byte("pushdesk/team/phrase"), PhraseRounds, 5)
	if err != nil {
		return "" // only for parameters that cannot be
	}
	phrase := inWords(sum)
	phrases.Store(key, phrase)
	return phrase
}

// phrases are those that were worked out before.
var phrases sync.Map

func inWords(data []byte) string {
	var list []string
	for _, b := range data {
		list = append(list, words[b])
	}
	return strings.Join(list, " ")
}

// Recovery returns the words that bring the key back on another computer: those of the
// seed and two that find a slip. They are as good as the key.
func (k Key) Recovery() string {
	sum := sha256.Sum256(k.seed)
	return inWords(append(slices.Clone(k.seed), sum[:2]...))
}

// ErrRecovery says that words are no recovery phrase.
var ErrRecovery = failure.New(failure.Usage, "team-recovery", "These are not the words of a recovery phrase.", "There are 18 words, in the order in which they were shown. Check the spelling of each word.")

// Recover returns the key of a recovery phrase.
func Recover(phrase string) (Key, error) {
	var data []byte
	for _, w := range strings.Fields(strings.ToLower(text.Line(phrase))) {
		i := slices.Index(words, strings.Trim(w, ".,;"))
		if i < 0 {
			return Key{}, ErrRecovery
		}
		data = append(data, byte(i))
	}
	if len(data) != seedSize+2 {
		return Key{}, ErrRecovery
	}
	seed := data[:seedSize]
	if sum := sha256.Sum256(seed); !bytes.Equal(sum[:2], data[seedSize:]) {
		return Key{}, ErrRecovery
	}
	return keyOf(seed)
}

// What can be wrong with the key of this person.
var (
	ErrNone  = failure.New(failure.Connection, "team-no-key", "You have no key for teams on this computer.", "Create or join a team, or bring your key back with its recovery phrase.")
	ErrStays = failure.New(failure.Connection, "team-key-not-stored", "There is nowhere to store your key, so nothing was done.", "Sign in to a desktop with a keychain, or create a passphrase vault.")
)

// Load reads this person's key. The error is ErrNone when there is none.
func Load(ctx context.Context, secrets *keychain.Store) (Key, error) {
	kept, err := secrets.Get(ctx, Entry)
	var no *keychain.Unavailable
	if errors.Is(err, keychain.ErrNotFound) || errors.As(err, &no) && no.None() {
		return Key{}, ErrNone
	}
	if err != nil {
		return Key{}, fmt.Errorf("read your key: %w", err)
	}
	seed, err := hex.DecodeString(kept)
	if err != nil || len(seed) != seedSize {
		return Key{}, ErrNone
	}
	return keyOf(seed)
}

// Keep stores this person's key with the secrets. One that would be gone when the
// program ends is ErrStays.
func Keep(ctx context.Context, secrets *keychain.Store, k Key) error {
	place, err := secrets.Set(ctx, Entry, hex.EncodeToString(k.seed))
	if err != nil {
		return fmt.Errorf("store your key: %w", err)
	}
	if place == keychain.PlaceSession && secrets.Choice() != keychain.PlaceSession {
		_ = secrets.Delete(ctx, Entry)
		return ErrStays
	}
	return nil
}

// Own reads this person's key, and makes one when there is none yet.
func Own(ctx context.Context, secrets *keychain.Store) (Key, error) {
	k, err := Load(ctx, secrets)
	if !errors.Is(err, ErrNone) {
		return k, err
	}
	if k, err = New(); err != nil {
		return k, err
	}
	return k, Keep(ctx, secrets, k)
}
