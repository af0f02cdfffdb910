package settings

import (
	"context"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/manager"
	"pushdesk/connection/network"
	"pushdesk/powerbi/practice"
	"pushdesk/storage/keychain"
	"pushdesk/ui/window/page"
)

// Service is what the Settings page needs from below.
type Service interface {
	// Folder is where everything but the secrets is kept.
	Folder() string
	// SecretsState tells where secrets go and what can take them. It may wait for the keychain.
	SecretsState(ctx context.Context) (SecretsState, error)
	ChooseSecrets(ctx context.Context, p keychain.Place) error
	MoveSecrets(ctx context.Context, to keychain.Place) error
	page.Vault
	CreateVault(ctx context.Context, passphrase string) error
	LockVault()
	ChangeVault(ctx context.Context, old, fresh string) error
	// Managers are the secret managers that may be asked; it reads a file. ForbidManager
	// takes one out.
	Managers() (map[string]manager.Manager, error)
	ForbidManager(ctx context.Context, name string) error
	page.Managers
	// Network are the network settings, without the proxy's password. SetNetwork keeps
	// them; an empty password leaves the stored one alone.
	Network() network.Settings
	SetNetwork(ctx context.Context, n network.Settings, password string) (warning string, err error)
	// KeepRuns returns how long runs are kept, 0 for ever. SetKeepRuns changes it and
	// returns how many runs were deleted because they are older.
	KeepRuns() (time.Duration, error)
	SetKeepRuns(ctx context.Context, keep time.Duration) (deleted int, err error)
	// PracticeRunning tells where the practice service is, if it is known to run.
	PracticeRunning() (PracticeState, bool)
	// StartPractice starts it or joins the one another Pushdesk runs; RestartPractice
	// ends it first if it is ours.
	StartPractice(ctx context.Context) (PracticeState, error)
	RestartPractice(ctx context.Context) (PracticeState, error)
	Add(ctx context.Context, c connection.Connection, given *connection.Credential) (account.Saved, error)
}

// PracticeState is where the practice service is.
type PracticeState struct {
	URL    string // of sign-in and API
	CAFile string // the certificate authority to trust, as PEM
	Joined bool   // another Pushdesk runs it
	Apps   []practice.Credential
}

// SecretsState is where secrets go and what can take them.
type SecretsState struct {
	Choice   keychain.Place
	Keychain error // why the keychain cannot keep a secret; nil when it can
	Vault    keychain.VaultState
	Others   int // how many secrets are not where new ones go
}
