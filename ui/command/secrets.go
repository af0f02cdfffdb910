package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
)

// VaultVariable names the environment variable with the vault's passphrase, for
// schedulers; CertificateVariable the one with the password of a PFX file.
const (
	VaultVariable       = "PUSHDESK_VAULT_PASSPHRASE"
	CertificateVariable = "PUSHDESK_CERTIFICATE_PASSWORD"
)

// secretPlaces are the places by the words of the command line.
var secretPlaces = map[string]keychain.Place{"keychain": keychain.PlaceKeychain, "vault": keychain.PlaceVault, "session": keychain.PlaceSession}

func (c *commander) secrets() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "secrets",
		Short: "Say where secrets are kept, and move them",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			choice, state, probe := d.Secrets.Choice(), d.Secrets.VaultState(), d.Secrets.Probe(cmd.Context())
			works := "works"
			if probe != nil {
				works = sentenceOf(probe)
			}
			if c.json {
				c.printJSON(map[string]any{"newSecrets": choice, "keychain": works, "vault": state})
				return nil
			}
			facts(c.Out, "New secrets go to", string(choice), "System keychain", works, "Passphrase vault", string(state))
			return nil
		},
	}
	cmd.AddCommand(c.secretsMove())
	return cmd
}

func (c *commander) secretsMove() *cobra.Command {
	return &cobra.Command{
		Use:       "move keychain|vault",
		Short:     "Move every secret to another place, and keep new ones there",
		ValidArgs: []string{"keychain", "vault"},
		Args:      oneArgument("place"),
		RunE: func(cmd *cobra.Command, args []string) error {
			to, ok := secretPlaces[args[0]]
			if !ok || to == keychain.PlaceSession {
				return usage("%q is no place to move secrets to: use keychain or vault", args[0])
			}
			d, err := c.open()
			if err != nil {
				return err
			}
			c.unlock(cmd.Context(), d)
			if err := d.MoveSecrets(cmd.Context(), to, nil); err != nil {
				return err
			}
			if c.json {
				c.printJSON(map[string]any{"newSecrets": to})
				return nil
			}
			fmt.Fprintf(c.Out, "All secrets are moved: %s.\n", to)
			return nil
		},
	}
}

func (c *commander) vault() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "vault",
		Short: "Make the passphrase vault, for computers without a keychain",
		Long: `The passphrase vault keeps secrets in files that open with a passphrase of yours.
Commands ask for it, or take it from the environment variable ` + VaultVariable + `.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	create := &cobra.Command{
		Use:   "create",
		Short: "Make the vault and keep new secrets in it",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			passphrase, err := c.passphrase("A passphrase for the vault (nobody can recover it): ", true)
			if err != nil {
				return err
			}
			if err := d.Secrets.CreateVault(cmd.Context(), passphrase); err != nil {
				return err
			}
			if err := d.Secrets.Choose(keychain.PlaceVault); err != nil {
				return err
			}
			if c.json {
				c.printJSON(map[string]any{"vault": d.Secrets.VaultState(), "newSecrets": d.Secrets.Choice()})
				return nil
			}
			fmt.Fprintln(c.Out, "The vault is made. New secrets go into it; bring the old ones with: pushdesk secrets move vault")
			return nil
		},
	}
	change := &cobra.Command{
		Use:   "change",
		Short: "Give the vault another passphrase",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			old, err := c.passphrase("The passphrase so far: ", false)
			if err != nil {
				return err
			}
			if c.AskSecret == nil {
				return usage("a new passphrase can only be typed in a terminal")
			}
			fresh, err := c.askTwice("The new passphrase: ")
			if err != nil {
				return err
			}
			if err := d.Secrets.ChangePassphrase(cmd.Context(), old, fresh); err != nil {
				return err
			}
			if c.json {
				c.printJSON(map[string]any{"vault": d.Secrets.VaultState()})
				return nil
			}
			fmt.Fprintln(c.Out, "The passphrase is changed.")
			return nil
		},
	}
	cmd.AddCommand(create, change)
	return cmd
}

// passphrase takes the vault's passphrase from the environment or a prompt.
func (c *commander) passphrase(prompt string, twice bool) (string, error) {
	if given := c.Getenv(VaultVariable); given != "" {
		return given, nil
	}
	if c.AskSecret == nil {
		return "", usage("the passphrase is missing: set the environment variable %s", VaultVariable)
	}
	if twice {
		return c.askTwice(prompt)
	}
	text, err := c.AskSecret(prompt)
	if err != nil {
		return "", fmt.Errorf("ask for the passphrase: %w", err)
	}
	return text, nil
}

func (c *commander) askTwice(prompt string) (string, error) {
	first, err := c.AskSecret(prompt)
	if err != nil {
		return "", fmt.Errorf("ask for the passphrase: %w", err)
	}
	again, err := c.AskSecret("Once more: ")
	if err != nil {
		return "", fmt.Errorf("ask for the passphrase: %w", err)
	}
	if first != again {
		return "", usage("the two passphrases are not the same")
	}
	return first, nil
}

// unlock opens the vault when it is locked and holds new secrets. What needs it
// says so itself when it stays locked.
func (c *commander) unlock(ctx context.Context, d *app.App) {
	if d.Secrets.VaultState() != keychain.VaultLocked {
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
		c.say("%s", sentenceOf(err))
	}
}
