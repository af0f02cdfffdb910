package keychain

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"filippo.io/age"

	"pushdesk/storage"
)

// VaultState is how the passphrase vault stands.
type VaultState string

const (
	VaultNone   VaultState = "none" // it was never made
	VaultLocked VaultState = "locked"
	VaultOpen   VaultState = "open"
)

const (
	// vaultWork is the cost of the passphrase, as the power of two of scrypt's N: half
	// a second and 128 MB on a small computer.
	vaultWork = 17
	// mostWork is the highest cost that is paid. A file that asks for more is hostile.
	mostWork = 18
	// Idle is how long the vault stays open without being used.
	Idle = 30 * time.Minute
	// shortest is the length of the shortest passphrase that is taken, in characters.
	shortest = 8
)

var (
	errVaultNone   = errors.New("there is no passphrase vault")
	errVaultLocked = errors.New("the passphrase vault is locked")
	errVaultExists = errors.New("there is already a passphrase vault")
	errPassphrase  = errors.New("the passphrase does not open the vault")
	errWeak        = fmt.Errorf("the passphrase has fewer than %d characters", shortest)
)

// vault is a folder of sealed files whose identity is itself sealed with a
// passphrase.
type vault struct {
	folder string // holds the secrets
	path   string // of the identity
	work   int
	now    func() time.Time

	mu       sync.Mutex
	identity *age.X25519Identity // nil while it is locked
	used     time.Time
	refused  error // why it is still locked after somebody tried
}

func newVault(home string) *vault {
	v := &vault{work: vaultWork, now: time.Now}
	if home != "" {
		v.folder, v.path = filepath.Join(home, "vault"), filepath.Join(home, "vault", "identity.age")
	}
	return v
}

// state tells how it stands now. An open vault that was not used for a while is
// locked here.
func (v *vault) state() VaultState {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.expire()
	if v.identity != nil {
		return VaultOpen
	}
	if v.path == "" {
		return VaultNone
	}
	if _, err := os.Stat(v.path); err != nil {
		return VaultNone
	}
	return VaultLocked
}

func (v *vault) expire() {
	if v.identity != nil && v.now().Sub(v.used) > Idle {
		v.identity = nil
	}
}

// open gives the identity for use; the error says why there is none.
func (v *vault) open() (*age.X25519Identity, error) {
	switch v.state() {
	case VaultNone:
		return nil, errVaultNone
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.identity == nil && v.refused != nil:
		return nil, v.refused
	case v.identity == nil:
		return nil, errVaultLocked
	}
	v.used = v.now()
	return v.identity, nil
}

func (v *vault) lock() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.identity, v.refused = nil, nil
}

func (v *vault) keep(identity *age.X25519Identity) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.identity, v.used, v.refused = identity, v.now(), nil
}

// refuse remembers why the vault did not open.
func (v *vault) refuse(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.refused = err
}

// create makes the vault. Two programs that make one at the same time end with one.
func (v *vault) create(ctx context.Context, passphrase string) error {
	if v.path == "" {
		return errNoPlace
	}
	if utf8.RuneCountInString(passphrase) < shortest {
		return errWeak
	}
	if err := os.MkdirAll(v.folder, 0o700); err != nil {
		return fmt.Errorf("make the folder of the vault: %w", err)
	}
	if err := private(v.folder); err != nil {
		return err
	}
	return exclusively(ctx, v.folder+".lock", func() error {
		if _, err := os.Lstat(v.path); err == nil {
			return errVaultExists
		}
		identity, err := age.GenerateX25519Identity()
		if err != nil {
			return fmt.Errorf("make the vault's key: %w", err)
		}
		if err := v.write(identity, passphrase); err != nil {
			return err
		}
		v.keep(identity)
		return nil
	})
}

// write seals the identity with a passphrase, in one step: at every moment the
// file opens with the old passphrase or with the new one.
func (v *vault) write(identity *age.X25519Identity, passphrase string) error {
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return fmt.Errorf("use the passphrase: %w", err)
	}
	recipient.SetWorkFactor(v.work)
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, recipient)
	if err == nil {
		_, err = io.WriteString(w, identity.String())
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return fmt.Errorf("seal the vault: %w", err)
	}
	return storage.WriteFile(v.path, sealed.Bytes())
}

// read opens the identity with a passphrase.
func (v *vault) read(passphrase string) (*age.X25519Identity, error) {
	sealed, err := readSmall(v.path)
	if errors.Is(err, ErrNotFound) || v.path == "" {
		return nil, errVaultNone
	}
	if err != nil {
		return nil, err
	}
	if err := private(v.folder); err != nil {
		return nil, err
	}
	if passphrase == "" {
		return nil, errPassphrase
	}
	key, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, errPassphrase
	}
	key.SetMaxWorkFactor(mostWork)
	r, err := age.Decrypt(bytes.NewReader(sealed), key)
	var other *age.NoIdentityMatchError
	switch {
	case errors.As(err, &other) && !strings.Contains(err.Error(), "work factor"):
		return nil, errPassphrase
	case err != nil:
		return nil, errDamaged
	}
	text, err := io.ReadAll(io.LimitReader(r, 1024))
	if err != nil {
		return nil, errDamaged
	}
	identity, err := age.ParseX25519Identity(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, errDamaged
	}
	return identity, nil
}

// unlocked is what became of trying a passphrase.
func (v *vault) unlocked(identity *age.X25519Identity, err error) error {
	if err != nil {
		v.refuse(err)
		return err
	}
	v.keep(identity)
	return nil
}

// change gives the vault another passphrase.
func (v *vault) change(ctx context.Context, old, fresh string) error {
	if utf8.RuneCountInString(fresh) < shortest {
		return errWeak
	}
	return exclusively(ctx, v.folder+".lock", func() error {
		identity, err := v.read(old)
		if err != nil {
			return err
		}
		if err := v.write(identity, fresh); err != nil {
			return err
		}
		v.keep(identity)
		return nil
	})
}

// lockLimit is how long another program is waited for that changes the secrets.
const lockLimit = 10 * time.Second

// exclusively does something while no other program does it. Another program that
// holds the lock for too long is a *storage.LockedError.
func exclusively(ctx context.Context, path string, do func() error) error {
	ctx, cancel := context.WithTimeout(ctx, lockLimit)
	defer cancel()
	lock, err := storage.WaitLock(ctx, path)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	return do()
}

// SuggestPassphrase makes up a passphrase of six groups of four letters and digits
// that cannot be mistaken for each other: 118 bits, far beyond guessing.
func SuggestPassphrase() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	var b strings.Builder
	for i := range 24 {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			panic(err) // the system's source of chance never fails
		}
		b.WriteByte(letters[n.Int64()])
	}
	return b.String()
}
