package command

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
)

// secretPlaces are where secrets can be moved, by the words of the command line.
var secretPlaces = map[string]keychain.Place{"keychain": keychain.PlaceKeychain, "vault": keychain.PlaceVault}

func secretsCommand(c *commander) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "secrets",
		Short: "Show where secrets are stored, and move them",
		Args:  noArguments,
		RunE: c.with(func(ctx context.Context, a *app.App, _ []string) error {
			choice, state, keychainState := a.Secrets.Choice(), a.Secrets.VaultState(), "works"
			if err := a.Secrets.Probe(ctx); err != nil {
				keychainState = sentenceOf(err)
			}
			return c.answer(map[string]any{"newSecrets": choice, "keychain": keychainState, "vault": state}, func(w io.Writer) {
				facts(w, "New secrets go to", string(choice), "System keychain", keychainState, "Passphrase vault", string(state))
			})
		}),
	}
	cmd.AddCommand(secretsMove(c))
	return cmd
}

func secretsMove(c *commander) *cobra.Command {
	return &cobra.Command{
		Use:       "move keychain|vault",
		Short:     "Move every secret to another place, and store new ones there",
		ValidArgs: []string{"keychain", "vault"},
		Args:      oneArgument("place"),
		RunE: c.with(func(ctx context.Context, a *app.App, args []string) error {
			to, ok := secretPlaces[args[0]]
			if !ok {
				return usage("Secrets can be moved to keychain or vault, not %q", args[0])
			}
			c.unlock(ctx, a)
			if err := a.MoveSecrets(ctx, to, nil); err != nil {
				return err
			}
			return c.answer(map[string]any{"newSecrets": to}, func(w io.Writer) { fmt.Fprintf(w, "All secrets were moved: %s.\n", to) })
		}),
	}
}

func vaultCommand(c *commander) *cobra.Command {
	return group("vault", "Create the passphrase vault, for computers without a keychain",
		`The passphrase vault stores secrets in files that are encrypted with a passphrase.
Commands ask for it, or take it from the environment variable `+VaultVariable+`.`,
		&cobra.Command{
			Use:   "create",
			Short: "Create the vault and store new secrets in it",
			Args:  noArguments,
			RunE:  c.with(func(ctx context.Context, a *app.App, _ []string) error { return runVaultCreate(ctx, c, a) }),
		},
		&cobra.Command{
			Use:   "change",
			Short: "Change the vault's passphrase",
			Args:  noArguments,
			RunE:  c.with(func(ctx context.Context, a *app.App, _ []string) error { return runVaultChange(ctx, c, a) }),
		})
}

func runVaultCreate(ctx context.Context, c *commander, a *app.App) error {
	passphrase, err := c.passphrase("A passphrase for the vault (nobody can recover it): ", true)
	if err != nil {
		return err
	}
	if err := a.Secrets.CreateVault(ctx, passphrase); err != nil {
		return err
	}
	if err := a.Secrets.Choose(keychain.PlaceVault); err != nil {
		return err
	}
	return c.answer(map[string]any{"vault": a.Secrets.VaultState(), "newSecrets": a.Secrets.Choice()}, func(w io.Writer) {
		fmt.Fprintln(w, "The vault was created. New secrets go into it; to move the others: pushdesk secrets move vault")
	})
}

func runVaultChange(ctx context.Context, c *commander, a *app.App) error {
	old, err := c.passphrase("The current passphrase: ", false)
	if err != nil {
		return err
	}
	if c.AskSecret == nil {
		return usage("A new passphrase can only be typed in a terminal.")
	}
	fresh, err := c.askTwice("The new passphrase: ")
	if err != nil {
		return err
	}
	if err := a.Secrets.ChangePassphrase(ctx, old, fresh); err != nil {
		return err
	}
	return c.answer(map[string]any{"vault": a.Secrets.VaultState()}, func(w io.Writer) { fmt.Fprintln(w, "The passphrase was changed.") })
}
