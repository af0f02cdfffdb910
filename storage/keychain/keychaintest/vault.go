// Package keychaintest helps the tests of other packages with secrets.
package keychaintest

import (
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"

	"pushdesk/storage/keychain"
)

// Vault makes a passphrase vault below home and chooses it as the place of secrets. It
// is as Store.CreateVault makes one, but its passphrase costs next to nothing to check:
// the real cost is half a second each time a program opens the vault.
func Vault(t *testing.T, home, passphrase string) {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	recipient.SetWorkFactor(2)
	if err := os.MkdirAll(filepath.Join(home, "vault"), 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(home, "vault", "identity.age"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := age.Encrypt(f, recipient)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(identity.String())); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := keychain.New(home).Choose(keychain.PlaceVault); err != nil {
		t.Fatal(err)
	}
}
