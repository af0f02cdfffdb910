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
	"pushdesk/storage/failure"
)

// Reason is why a secret could not be had, stored or deleted. It is also the code of
// the failure.
type Reason string

const (
	ReasonMissing Reason = "keychain-missing"   // there is no keychain on this computer, or none in this kind of session
	ReasonNoRing  Reason = "keychain-no-ring"   // there is one, but nothing in it that secrets could be put into
	ReasonLocked  Reason = "keychain-locked"    // and nobody unlocked it
	ReasonRefused Reason = "keychain-refused"   // a person or a rule of the system said no
	ReasonTooLong Reason = "secret-too-long"    // for the keychains of every system
	ReasonNotKept Reason = "secret-not-kept"    // the keychain said yes and kept something else, or nothing
	ReasonNewer   Reason = "secret-newer"       // a newer program stored the secret in a way unknown here
	ReasonSilent  Reason = "keychain-no-answer" // within the time that was given
	ReasonOther   Reason = "keychain-other"

	ReasonVaultNone   Reason = "vault-none"
	ReasonVaultLocked Reason = "vault-locked"
	ReasonVaultExists Reason = "vault-exists"
	ReasonPassphrase  Reason = "vault-passphrase" // it does not open the vault
	ReasonWeak        Reason = "vault-weak-passphrase"
	ReasonDamaged     Reason = "sealed-damaged" // a sealed file
	ReasonSwapped     Reason = "sealed-swapped" // a sealed file that belongs to another connection
	ReasonNoFolder    Reason = "sealed-no-folder"
	ReasonOpenFolder  Reason = "sealed-folder-open" // others may write to it
)

// Unavailable says why a secret could not be had, stored or deleted.
type Unavailable struct {
	Reason Reason
	Doing  string // what was being done
	Err    error
}

func (e *Unavailable) Error() string { return fmt.Sprintf("%s: keychain: %v", e.Doing, e.Err) }

func (e *Unavailable) Unwrap() error { return e.Err }

// None reports whether there is no keychain to put anything into. A secret is then
// held in memory.
func (e *Unavailable) None() bool { return e.Reason == ReasonMissing || e.Reason == ReasonNoRing }

// Silent reports whether an error says that the keychain did not answer in time: it would
// not answer for another secret either.
func Silent(err error) bool {
	var no *Unavailable
	return errors.As(err, &no) && no.Reason == ReasonSilent
}

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

// words are what is said for a reason: what happened and what to do.
var words = map[Reason][2]string{
	ReasonMissing:     {"No keychain answers on this computer.", "On a Linux desktop, install and start GNOME Keyring or KWallet. In a remote session, sign in at the computer itself."},
	ReasonNoRing:      {"The keychain of this computer has no open keyring for secrets.", "It is locked or was never set up: sign in to the desktop again, or create a default keyring with the system's password program."},
	ReasonLocked:      {"The keychain is locked.", "Unlock it, for example by signing in to the desktop, and try again."},
	ReasonRefused:     {"The keychain refuses Pushdesk.", "Allow it when the system asks. If it does not ask, ask your administrator whether a policy forbids it."},
	ReasonTooLong:     {"The secret is longer than the keychains of all systems can store.", "Check that only the client secret was pasted; Entra's have about 40 characters."},
	ReasonNotKept:     {"The keychain did not store the secret.", "Try again. If it happens again, repair the keychain with the system's password program."},
	ReasonNewer:       {"The stored secret has a form that this version of Pushdesk does not know.", "Update Pushdesk on this computer, or enter the secret again."},
	ReasonSilent:      {"The keychain does not answer.", "It may be waiting for its password: look for a window that asks for it, unlock it and try again."},
	ReasonVaultNone:   {"There is no passphrase vault.", "Create one first."},
	ReasonVaultLocked: {"The passphrase vault is locked.", "Unlock it with its passphrase."},
	ReasonVaultExists: {"There is already a passphrase vault.", "Unlock it with its passphrase."},
	ReasonPassphrase:  {"The passphrase does not open the vault.", "Type it again; upper and lower case matter. If it is right, the vault's file was damaged: restore it from a backup."},
	ReasonWeak:        {"The passphrase is too short.", "Use at least 8 characters; four or more words are better. Pushdesk can suggest one."},
	ReasonDamaged:     {"The sealed file is damaged, or was sealed on another computer.", "Restore it from a backup, or enter the secret, certificate or sign-in again."},
	ReasonSwapped:     {"The sealed file belongs to another connection.", "Somebody put it there. Enter the secret, certificate or sign-in of this connection again."},
	ReasonNoFolder:    {"There is no folder for sealed files.", "This is a Pushdesk bug: send the details to your Pushdesk administrator."},
	ReasonOpenFolder:  {"Other users of this computer may write to the folder of the secrets.", "Make the folder and those above it in Pushdesk's home writable by you alone, and try again."},
	ReasonOther:       {"The keychain could not be used.", "Try again. If it keeps happening, look at the keychain with the system's password program."},
}

// Failure says it in words.
func (e *Unavailable) Failure() *failure.Error {
	return failure.New(failure.Connection, string(e.Reason), words[e.Reason][0], words[e.Reason][1]).
		WithDetails("Doing: %s\nReason: %s\nSystem: %s\nCause: %v", e.Doing, e.Reason, runtime.GOOS, e.Err)
}

// explain makes an *Unavailable of an error of the system's keychain. The secret
// that was being stored is taken out of its text.
func explain(doing string, err error, secret string) error {
	var done *Unavailable
	var file *storage.FileError
	var held *storage.LockedError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrNotFound):
		return ErrNotFound
	case errors.As(err, &done), errors.Is(err, context.Canceled), errors.As(err, &file), errors.As(err, &held):
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
	errWeak: ReasonWeak, errDamaged: ReasonDamaged, errSwapped: ReasonSwapped, errTooBig: ReasonTooLong, errNoPlace: ReasonNoFolder, errOpenFolder: ReasonOpenFolder,
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
	for number, reason := range numbers {
		if errors.Is(err, number) {
			return reason
		}
	}
	for _, p := range phrases {
		if strings.Contains(err.Error(), p.part) {
			return p.reason
		}
	}
	return ReasonOther
}
