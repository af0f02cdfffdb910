package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/account"
)

func (c *commander) connectionRotate() *cobra.Command {
	var fromStdin bool
	var expires string
	cmd := &cobra.Command{
		Use:   "rotate NAME",
		Short: "Replace the client secret of every connection of one app, and test them",
		Long: `Replace the client secret of a connection and of all others that use the same app.
Each is tested with the new secret first; only where Entra accepts it does it take
the place of the old one. The secret comes from standard input or a prompt.`,
		Example:           `  pushdesk connection rotate Sales --secret-stdin --expires 2028-11-30 < new-secret.txt`,
		Args:              oneArgument("the connection's name"),
		ValidArgsFunction: c.completeConnections,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, conn, err := c.openAt(args[0])
			if err != nil {
				return err
			}
			if conn.Credential != connection.CredentialSecret {
				return usage("%q does not sign in with a client secret", conn.Name)
			}
			c.unlock(cmd.Context(), d)
			secret, err := c.newSecret(fromStdin)
			if err != nil {
				return err
			}
			if err := c.checkFields(conn, secret); err != nil {
				return err
			}
			var ids []string
			for _, same := range d.SameApp(conn) {
				ids = append(ids, same.ID)
			}
			results := map[string]account.Rotation{}
			err = d.Rotate(cmd.Context(), ids, secret, connection.Day(expires), func(id string, r *account.Rotation) {
				if r != nil {
					results[id] = *r
					if !c.json {
						c.say("%d of %d: %s", len(results), len(ids), r.Connection.Name)
					}
				}
			})
			if err != nil {
				return err
			}
			return c.rotated(cmd, ids, results)
		},
	}
	cmd.Flags().BoolVar(&fromStdin, "secret-stdin", false, "read the new client secret from standard input")
	cmd.Flags().StringVar(&expires, "expires", "", "last `day` of the new secret, such as 2028-11-30")
	return cmd
}

// newSecret takes a new secret from standard input or a prompt. The environment's
// is the one in use, so it does not count here.
func (c *commander) newSecret(fromStdin bool) (string, error) {
	if fromStdin {
		return c.readSecret(true, false)
	}
	if c.AskSecret == nil {
		return "", usage("the new client secret is missing: give it with --secret-stdin")
	}
	secret, err := c.AskSecret("New client secret (the Value, not the Secret ID): ")
	if err != nil {
		return "", fmt.Errorf("ask for the client secret: %w", err)
	}
	if secret = connection.CleanSecret(secret); secret == "" {
		return "", usage("no client secret was given")
	}
	return secret, nil
}

// rotated prints what became of each connection.
func (c *commander) rotated(cmd *cobra.Command, ids []string, results map[string]account.Rotation) error {
	kept := 0
	var rows [][]string
	documents := []any{}
	for _, id := range ids {
		r, done := results[id]
		if !done {
			continue
		}
		state, says := "old secret kept", r.Report.Summary
		if r.Err != nil {
			says = sentenceOf(r.Err)
		}
		if r.Replaced {
			state = "replaced"
			kept++
		}
		if r.Warning != "" {
			c.say("Warning: %s: %s", r.Connection.Name, r.Warning)
		}
		rows = append(rows, []string{r.Connection.Name, state, says})
		documents = append(documents, map[string]any{"name": r.Connection.Name, "id": id, "replaced": r.Replaced, "says": says, "warning": r.Warning, "report": r.Report})
	}
	if c.json {
		c.printJSON(map[string]any{"rotations": documents, "replaced": kept})
	} else {
		table(c.Out, []string{"NAME", "SECRET", "WHAT THE TEST SAYS"}, rows)
		if kept == len(ids) {
			c.say("When everybody who uses the app has the new secret, delete the old one in Entra.")
		}
	}
	if err := cmd.Context().Err(); err != nil {
		return err
	}
	if kept < len(ids) {
		return reported(exitConnection)
	}
	return nil
}
