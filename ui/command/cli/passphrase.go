package cli

import (
	"context"
	"fmt"

	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
)

// Passphrase takes the vault's passphrase from the environment or a prompt.
func (c *Env) Passphrase(prompt string, twice bool) (string, error) {
	if given := c.Getenv(VaultVariable); given != "" {
		return given, nil
	}
	if c.AskSecret == nil {
		return "", Usage("Give the passphrase in the environment variable %s", VaultVariable)
	}
	if twice {
		return c.AskTwice(prompt)
	}
	text, err := c.AskSecret(prompt)
	if err != nil {
		return "", fmt.Errorf("ask for the passphrase: %w", err)
	}
	return text, nil
}

func (c *Env) AskTwice(prompt string) (string, error) {
	first, err := c.AskSecret(prompt)
	if err != nil {
		return "", fmt.Errorf("ask for the passphrase: %w", err)
	}
	again, err := c.AskSecret("Type it again: ")
	if err != nil {
		return "", fmt.Errorf("ask for the passphrase: %w", err)
	}
	if first != again {
		return "", Usage("The two passphrases are not the same.")
	}
	return first, nil
}

// Unlock opens the vault when it is locked and holds new secrets. What needs it
// says so itself when it stays locked.
func (c *Env) Unlock(ctx context.Context, d *app.App) {
	if d.Secrets.VaultState() != keychain.VaultLocked || c.wrongPassphrase {
		return
	}
	passphrase := c.Getenv(VaultVariable)
	if passphrase == "" && c.AskSecret != nil && d.Secrets.Choice() == keychain.PlaceVault {
		passphrase, _ = c.AskSecret("Passphrase of the vault: ")
	}
	if passphrase == "" {
		return
	}
	if err := d.Secrets.UnlockVault(ctx, passphrase); err != nil {
		c.wrongPassphrase = true
		c.Say("%s", SentenceOf(err))
	}
}
