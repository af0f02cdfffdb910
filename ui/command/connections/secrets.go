package connections

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// secretPlaces are where secrets can be moved, by the words of the command line.
var secretPlaces = map[string]keychain.Place{"keychain": keychain.PlaceKeychain, "vault": keychain.PlaceVault}

func SecretsCommand(c *cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "secrets",
		Short: "Show where secrets are stored, and move them",
		Args:  cli.NoArguments,
		RunE: c.With(func(ctx context.Context, a *app.App, _ []string) error {
			if c.Getenv(cli.VaultVariable) != "" {
				c.Unlock(ctx, a)
			}
			choice, state, keychainState := a.Secrets.Choice(), a.Secrets.VaultState(), "works"
			if err := a.Secrets.Probe(ctx); err != nil {
				keychainState = cli.SentenceOf(err)
			}
			return c.Answer(map[string]any{"newSecrets": choice, "keychain": keychainState, "vault": state}, func(w io.Writer) {
				cli.Facts(w, "New secrets go to", string(choice), "System keychain", keychainState, "Passphrase vault", string(state))
			})
		}),
	}
	cmd.AddCommand(secretsMove(c), secretsAllow(c), secretsForbid(c))
	return cmd
}

func secretsMove(c *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:       "move keychain|vault",
		Short:     "Move every secret to another place, and store new ones there",
		ValidArgs: []string{"keychain", "vault"},
		Args:      cli.OneArgument("place"),
		RunE: c.With(func(ctx context.Context, a *app.App, args []string) error {
			to, ok := secretPlaces[args[0]]
			if !ok {
				return cli.Usage("Secrets can be moved to keychain or vault, not %q", args[0])
			}
			c.Unlock(ctx, a)
			if err := a.MoveSecrets(ctx, to, nil); err != nil {
				return err
			}
			return c.Answer(map[string]any{"newSecrets": to}, func(w io.Writer) { fmt.Fprintf(w, "All secrets were moved: %s.\n", to) })
		}),
	}
}

func VaultCommand(c *cli.Env) *cobra.Command {
	return cli.Group("vault", "Create the passphrase vault, for computers without a keychain",
		`The passphrase vault stores secrets in files that are encrypted with a passphrase.
Commands ask for it, or take it from the environment variable `+cli.VaultVariable+`.`,
		&cobra.Command{
			Use:   "create",
			Short: "Create the vault and store new secrets in it",
			Args:  cli.NoArguments,
			RunE:  c.With(func(ctx context.Context, a *app.App, _ []string) error { return runVaultCreate(ctx, c, a) }),
		},
		&cobra.Command{
			Use:   "change",
			Short: "Change the vault's passphrase",
			Args:  cli.NoArguments,
			RunE:  c.With(func(ctx context.Context, a *app.App, _ []string) error { return runVaultChange(ctx, c, a) }),
		})
}

func runVaultCreate(ctx context.Context, c *cli.Env, a *app.App) error {
	passphrase, err := c.Passphrase("A passphrase for the vault (nobody can recover it): ", true)
	if err != nil {
		return err
	}
	if err := a.Secrets.CreateVault(ctx, passphrase); err != nil {
		return err
	}
	if err := a.Secrets.Choose(keychain.PlaceVault); err != nil {
		return err
	}
	return c.Answer(map[string]any{"vault": a.Secrets.VaultState(), "newSecrets": a.Secrets.Choice()}, func(w io.Writer) {
		fmt.Fprintln(w, "The vault was created. New secrets go into it; to move the others: pushdesk secrets move vault")
	})
}

func runVaultChange(ctx context.Context, c *cli.Env, a *app.App) error {
	old, err := c.Passphrase("The current passphrase: ", false)
	if err != nil {
		return err
	}
	if c.AskSecret == nil {
		return cli.Usage("A new passphrase can only be typed in a terminal.")
	}
	fresh, err := c.AskTwice("The new passphrase: ")
	if err != nil {
		return err
	}
	if err := a.Secrets.ChangePassphrase(ctx, old, fresh); err != nil {
		return err
	}
	return c.Answer(map[string]any{"vault": a.Secrets.VaultState()}, func(w io.Writer) { fmt.Fprintln(w, "The passphrase was changed.") })
}
