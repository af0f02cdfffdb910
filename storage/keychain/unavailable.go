package keychain

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"runtime"
	"strings"

	"github.com/zalando/go-keyring"

	"pushdesk/storage"
)

// Reason is why the keychain did not do what it was asked.
type Reason string

const (
	ReasonMissing Reason = "missing"   // there is no keychain on this computer, or none in this kind of session
	ReasonNoRing  Reason = "no ring"   // there is one, but nothing in it that secrets could be put into
	ReasonLocked  Reason = "locked"    // and nobody unlocked it
	ReasonRefused Reason = "refused"   // a person or a rule of the system said no
	ReasonTooLong Reason = "too long"  // for the keychains of every system
	ReasonNotKept Reason = "not kept"  // it said yes and kept something else, or nothing
	ReasonNewer   Reason = "newer"     // a newer program stored the secret in a way unknown here
	ReasonSilent  Reason = "no answer" // within the time that was given
	ReasonOther   Reason = "other"

	ReasonVaultNone   Reason = "no vault"
	ReasonVaultLocked Reason = "vault locked"
	ReasonVaultExists Reason = "vault exists"
	ReasonPassphrase  Reason = "passphrase" // it does not open the vault
	ReasonWeak        Reason = "weak passphrase"
	ReasonDamaged     Reason = "damaged" // a sealed file
	ReasonSwapped     Reason = "swapped" // a sealed file that belongs to another connection
	ReasonNoFolder    Reason = "no folder"
)

var (
	errNotKept = errors.New("what was read back is not what was written")
	errNewer   = errors.New("the entry has a form that this version does not know")
)

// Unavailable says why a secret could not be had, stored or deleted.
type Unavailable struct {
	Reason Reason
	Doing  string // what was being done
	Err    error
}

func (e *Unavailable) Error() string { return fmt.Sprintf("%s: keychain: %v", e.Doing, e.Err) }
func (e *Unavailable) Unwrap() error { return e.Err }

// None tells whether there is no keychain to put anything into. A secret is then
// held in memory.
func (e *Unavailable) None() bool { return e.Reason == ReasonMissing || e.Reason == ReasonNoRing }

func (e *Unavailable) place() Place {
	switch e.Reason {
	case ReasonLocked:
		return PlaceLocked
	case ReasonRefused:
		return PlaceRefused
	case ReasonMissing, ReasonNoRing:
		return PlaceMissing
	case ReasonSilent:
		return PlaceSilent
	case ReasonVaultLocked:
		return PlaceShut
	}
	return PlaceUnknown
}

// scheduled is what else can be done where nobody sits at the computer.
const scheduled = " A command can also take the secret from the environment variable PUSHDESK_CLIENT_SECRET."

// words are what is said for a reason: what happened and what to do.
var words = map[Reason][2]string{
	ReasonMissing:     {"No keychain answers on this computer.", "On a Linux desktop, install and start GNOME Keyring or KWallet; in a remote session, sign in at the computer itself." + scheduled},
	ReasonNoRing:      {"The keychain of this computer has no open keyring for secrets.", "It is locked or was never set up: sign in to the desktop again, or make a default keyring with the system's password program." + scheduled},
	ReasonLocked:      {"The keychain is locked.", "Unlock it, for example by signing in to the desktop, and try again." + scheduled},
	ReasonRefused:     {"The keychain refuses Pushdesk.", "Allow it when the system asks. If it does not ask, look for a rule that forbids it."},
	ReasonTooLong:     {"The secret is longer than the keychains of all systems can keep.", "Check that only the client secret was pasted; Entra's have about 40 characters."},
	ReasonNotKept:     {"The keychain did not keep the secret.", "Try again. If it happens again, repair the keychain with the system's password program."},
	ReasonNewer:       {"The stored secret has a form that this version of Pushdesk does not know.", "Update Pushdesk on this computer, or enter the secret again."},
	ReasonSilent:      {"The keychain does not answer.", "It may be waiting for its password: look for a window that asks for it, unlock it and try again."},
	ReasonVaultNone:   {"There is no passphrase vault.", "Make one in Settings under Secrets, or with: pushdesk vault create"},
	ReasonVaultLocked: {"The passphrase vault is locked.", "Unlock it in Settings under Secrets. A command asks for the passphrase, or takes it from the environment variable PUSHDESK_VAULT_PASSPHRASE."},
	ReasonVaultExists: {"There is already a passphrase vault.", "Unlock it with its passphrase."},
	ReasonPassphrase:  {"The passphrase does not open the vault.", "Type it again; capital and small letters count. If it is right, the vault's file was damaged: bring it back from a backup."},
	ReasonWeak:        {"The passphrase is too short.", "Use at least 8 characters; four or more words are better. Pushdesk can suggest one."},
	ReasonDamaged:     {"The sealed file is damaged, or was sealed on another computer.", "Bring it back from a backup, or enter the secret, certificate or sign-in again."},
	ReasonSwapped:     {"The sealed file belongs to another connection.", "Somebody put it there. Enter the secret, certificate or sign-in of this connection again."},
	ReasonNoFolder:    {"There is no folder for sealed files.", "This is a fault of Pushdesk: send the details to whoever gives you Pushdesk."},
	ReasonOther:       {"The keychain could not be used.", "Try again. If it goes on, look at the keychain with the system's password program." + scheduled},
}

// Sentence says what happened.
func (e *Unavailable) Sentence() string { return words[e.Reason][0] }

// Remedy says what to do next.
func (e *Unavailable) Remedy() string { return words[e.Reason][1] }

// Who says who can fix it.
func (e *Unavailable) Who() string { return "you" }

// Details are for support.
func (e *Unavailable) Details() string {
	return fmt.Sprintf("Doing: %s\nKeychain: %s\nSystem: %s\nCause: %v", e.Doing, e.Reason, runtime.GOOS, e.Err)
}

// explain makes an *Unavailable of an error of the system's keychain. The secret
// that was being stored is taken out of its text.
func explain(doing string, err error, secret string) error {
	var done *Unavailable
	var file *storage.FileError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrNotFound):
		return ErrNotFound
	case errors.As(err, &done), errors.Is(err, context.Canceled), errors.As(err, &file):
		return err
	}
	text := err.Error()
	if secret != "" {
		text = strings.NewReplacer(secret, "[hidden]", url.QueryEscape(secret), "[hidden]").Replace(text)
	}
	return &Unavailable{Reason: classify(err), Doing: doing, Err: errors.New(text)}
}

// phrases are parts of what D-Bus and the Secret Service say. They have no types.
var phrases = []struct {
	part   string
	reason Reason
}{
	{"failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'", ReasonNoRing},
	{"Object does not exist at path", ReasonNoRing},
	{"No such object path", ReasonNoRing},
	{"failed to unlock correct collection", ReasonLocked},
	{"locked object", ReasonLocked},
	{"IsLocked", ReasonLocked},
	{"prompt was dismissed", ReasonLocked},
	{"not provided by any .service files", ReasonMissing},
	{"is not activatable", ReasonMissing},
	{"Could not activate remote peer", ReasonMissing},
	{"org.freedesktop.secrets was not found", ReasonMissing},
	{"couldn't determine address of session bus", ReasonMissing},
	{"connection closed by user", ReasonMissing},
	{"unsupported platform", ReasonMissing},
	{"A specified logon session does not exist", ReasonMissing}, // Windows, in a session over the network
	{"AccessDenied", ReasonRefused},
	{"Access is denied", ReasonRefused},
	{"An AppArmor policy prevents", ReasonRefused},
	{"not allowed", ReasonRefused},
}

// exits are the codes with which /usr/bin/security of macOS ends: the low byte of
// the error of the Security framework.
var exits = map[int]Reason{
	36:  ReasonLocked,  // errSecInteractionNotAllowed
	37:  ReasonNoRing,  // errSecNoDefaultKeychain
	50:  ReasonNoRing,  // errSecNoSuchKeychain
	51:  ReasonRefused, // errSecAuthFailed
	128: ReasonRefused, // errSecUserCanceled
}

// ours are the errors of the sealed files and the vault.
var ours = map[error]Reason{
	errVaultNone: ReasonVaultNone, errVaultLocked: ReasonVaultLocked, errVaultExists: ReasonVaultExists, errPassphrase: ReasonPassphrase,
	errWeak: ReasonWeak, errDamaged: ReasonDamaged, errSwapped: ReasonSwapped, errTooBig: ReasonTooLong, errNoPlace: ReasonNoFolder,
}

// classify finds out why the keychain did not do what it was asked.
func classify(err error) Reason {
	var (
		program *exec.Error
		exit    *exec.ExitError
		network *net.OpError
	)
	for known, reason := range ours {
		if errors.Is(err, known) {
			return reason
		}
	}
	switch {
	case errors.Is(err, errNotKept):
		return ReasonNotKept
	case errors.Is(err, errNewer):
		return ReasonNewer
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return ReasonTooLong
	case errors.As(err, &exit) && runtime.GOOS == "darwin":
		if reason, ok := exits[exit.ExitCode()]; ok {
			return reason
		}
		return ReasonOther
	case errors.As(err, &program), errors.As(err, &exit), errors.As(err, &network): // no bus, and none could be started
		return ReasonMissing
	}
	for _, p := range phrases {
		if strings.Contains(err.Error(), p.part) {
			return p.reason
		}
	}
	return ReasonOther
}
