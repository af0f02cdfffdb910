package connections

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// rotateOptions say where a new secret comes from, and when it expires.
type rotateOptions struct {
	fromStdin bool
	expires   string
}

func connectionRotate(c *cli.Env) *cobra.Command {
	var o rotateOptions
	cmd := &cobra.Command{
		Use:   "rotate NAME",
		Short: "Replace the client secret of every connection of one app, and test them",
		Long: `Replace the client secret of a connection and of all others that use the same app.
Each is tested with the new secret first; the old secret is replaced only if Entra
accepts the new one. The secret comes from standard input or a prompt.`,
		Example:           `  pushdesk connection rotate Sales --secret-stdin --expires 2028-11-30 < new-secret.txt`,
		Args:              cli.OneArgument("connection"),
		ValidArgsFunction: CompleteConnections(c),
		RunE: atConnection(c, func(ctx context.Context, a *app.App, conn connection.Connection) error {
			return runConnectionRotate(ctx, c, a, conn, o)
		}),
	}
	cmd.Flags().BoolVar(&o.fromStdin, "secret-stdin", false, "read the new client secret from standard input")
	cmd.Flags().StringVar(&o.expires, "expires", "", "last `day` that the new secret is valid, such as 2028-11-30")
	return cmd
}

func runConnectionRotate(ctx context.Context, c *cli.Env, a *app.App, conn connection.Connection, o rotateOptions) error {
	if conn.Credential != connection.CredentialSecret {
		return cli.Usage("%q does not sign in with a client secret", conn.Name)
	}
	c.Unlock(ctx, a)
	secret, err := newSecret(c, o.fromStdin)
	if err != nil {
		return err
	}
	if err := checkFields(c, conn, secret, connection.LookAlikes(conn)...); err != nil {
		return err
	}
	var ids []string
	for _, same := range a.SameApp(conn) {
		ids = append(ids, same.ID)
	}
	results := map[string]account.Rotation{}
	err = a.Rotate(ctx, ids, secret, connection.Day(o.expires), func(id string, r *account.Rotation) {
		if r != nil {
			results[id] = *r
			if !c.JSON {
				c.Say("%d of %d: %s", len(results), len(ids), r.Connection.Name)
			}
		}
	})
	if err != nil {
		return err
	}
	return printRotated(ctx, c, ids, results)
}

// newSecret takes a new secret from standard input or a prompt. The environment's
// is the one in use, so it does not count here.
func newSecret(c *cli.Env, fromStdin bool) (string, error) {
	if fromStdin {
		return readSecret(c, true, false)
	}
	if c.AskSecret == nil {
		return "", cli.Usage("Give the new client secret with --secret-stdin")
	}
	secret, err := c.AskSecret("New client secret (the Value, not the Secret ID): ")
	if err != nil {
		return "", fmt.Errorf("ask for the client secret: %w", err)
	}
	if secret = connection.CleanSecret(secret); secret == "" {
		return "", cli.Usage("No client secret was given.")
	}
	return secret, nil
}

// printRotated prints what became of each connection.
func printRotated(ctx context.Context, c *cli.Env, ids []string, results map[string]account.Rotation) error {
	kept, same := 0, 0
	var rows [][]string
	documents := []any{}
	for _, id := range ids {
		r, done := results[id]
		if !done {
			continue
		}
		state, says := "old secret kept", r.Report.Summary
		if r.Err != nil {
			says = cli.SentenceOf(r.Err)
		}
		if r.Replaced {
			state = "replaced"
			kept++
		}
		if r.Same {
			state = "the same"
			same++
		}
		if r.Warning != "" {
			c.Say("Warning: %s: %s", r.Connection.Name, r.Warning)
		}
		rows = append(rows, []string{r.Connection.Name, state, says})
		documents = append(documents, map[string]any{"name": r.Connection.Name, "id": id, "replaced": r.Replaced, "says": says, "warning": r.Warning, "report": r.Report})
	}
	_ = c.Answer(map[string]any{"rotations": documents, "replaced": kept}, func(w io.Writer) {
		cli.Table(w, []string{"NAME", "SECRET", "RESULT OF THE TEST"}, rows)
		if kept == len(ids) {
			c.Say("When everyone who uses the app has the new secret, delete the old one in Entra.")
		}
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	switch {
	case same == len(ids):
		return cli.Ended(cli.ExitNothing, cli.ReasonSame)
	case kept+same < len(ids):
		return cli.Reported(cli.ExitConnection)
	}
	return nil
}
