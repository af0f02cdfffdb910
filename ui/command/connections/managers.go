package connections

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/manager"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// allowManager is the command that allows the secret manager of a connection.
func allowManager(r connection.Reference) string {
	if m, ok := app.SuggestManager(r.Manager); ok && m.Environment {
		return "pushdesk secrets allow " + r.Manager
	} else if ok {
		return fmt.Sprintf("pushdesk secrets allow %s -- %s", r.Manager, m)
	}
	return fmt.Sprintf("pushdesk secrets allow %s -- PROGRAM ... %s", r.Manager, manager.Item)
}

func secretsAllow(c *cli.Env) *cobra.Command {
	var m manager.Manager
	var tokenStdin bool
	cmd := &cobra.Command{
		Use:   "allow MANAGER [-- PROGRAM ARGUMENT...]",
		Short: "Allow connections to ask a secret manager for their client secret",
		Long: `Allow connections to ask a secret manager for their client secret. A shared connection
can name a secret manager and a secret in it; only you say how it is asked:

  a program, run without a shell: ` + manager.Item + ` in an argument is replaced by what the
  secret manager calls the secret;
  an address (--address), asked with GET: ` + manager.Item + ` stands in its path or query. A
  token (--token-stdin) is stored with your secrets and sent to that address only;
  the name env: environment variables that begin with ` + manager.VariablePrefix + `

Without arguments the secret managers are listed.`,
		Example: `  pushdesk secrets allow op -- op read --no-newline {item}
  pushdesk secrets allow vault --address "https://vault.example.com/v1/{item}" --field data.value --header X-Vault-Token --token-stdin
  pushdesk secrets allow env
  pushdesk connection edit Sales --manager "op:op://Finance/Power BI/secret"`,
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, args []string) error {
		switch {
		case len(args) == 0 && (m.Address != "" || m.Field != "" || m.Header != "" || tokenStdin):
			return cli.Usage("Name the secret manager: pushdesk secrets allow MANAGER --address URL")
		case len(args) == 0:
			return printManagers(c, a, "")
		case m.Address == "" && (m.Field != "" || m.Header != "" || tokenStdin):
			return cli.Usage("--field, --header and --token-stdin work with --address only")
		case m.Address != "" && len(args) > 1:
			return cli.Usage("Give a program or an address, not both")
		}
		m.Program, m.Environment = args[1:], strings.EqualFold(args[0], "env") && len(args) == 1 && m.Address == ""
		if len(args) == 1 && m.Address == "" && !m.Environment {
			return cli.Usage("Say how a secret is read: pushdesk secrets allow %s -- PROGRAM ... %s, or --address", args[0], manager.Item)
		}
		token := ""
		if tokenStdin {
			c.Unlock(ctx, a)
			var err error
			if token, err = readToken(c); err != nil {
				return err
			}
		}
		warning, err := a.AllowManager(ctx, args[0], m, token)
		if err != nil {
			return err
		}
		return printManagers(c, a, warning)
	})
	s := cmd.Flags()
	s.StringVar(&m.Address, "address", "", "`URL` that gives a secret, with "+manager.Item+" in its path or query")
	s.StringVar(&m.Field, "field", "", "with --address: the field of its JSON answer, such as `data.value` (default: the whole answer)")
	s.StringVar(&m.Header, "header", "", "with --address: the `header` that carries the token (default: Authorization, as a bearer token)")
	s.BoolVar(&tokenStdin, "token-stdin", false, "with --address: read a token for it from standard input")
	return cmd
}

// readToken reads the token of a secret manager from standard input.
func readToken(c *cli.Env) (string, error) {
	text, err := io.ReadAll(io.LimitReader(c.In, maxSecret+1))
	if err != nil {
		return "", fmt.Errorf("read the token from standard input: %w", err)
	}
	token := connection.CleanSecret(string(text))
	if token == "" || len(text) > maxSecret {
		return "", cli.Usage("--token-stdin was given, but standard input held no token")
	}
	return token, nil
}

func secretsForbid(c *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "forbid MANAGER",
		Short: "Stop connections from asking a secret manager",
		Args:  cli.OneArgument("secret manager"),
		RunE: c.With(func(ctx context.Context, a *app.App, args []string) error {
			c.Unlock(ctx, a)
			if err := a.ForbidManager(ctx, args[0]); err != nil {
				return err
			}
			return printManagers(c, a, "")
		}),
	}
}

func printManagers(c *cli.Env, a *app.App, warning string) error {
	all, err := a.Managers()
	if err != nil {
		return err
	}
	documents := []any{}
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		m := all[name]
		program := m.Program
		if program == nil {
			program = []string{}
		}
		documents = append(documents, map[string]any{"name": name, "program": program, "address": m.Address, "field": m.Field, "header": m.Header, "token": m.Token, "environment": m.Environment})
		token := ""
		if m.Token {
			token = "stored"
		}
		rows = append(rows, []string{name, m.String(), token})
	}
	if warning != "" {
		c.Say("Warning: %s", warning)
	}
	return c.Answer(map[string]any{"secretManagers": documents}, func(w io.Writer) {
		if len(rows) == 0 {
			fmt.Fprintln(w, "No secret manager may be asked.")
			return
		}
		cli.Table(w, []string{"SECRET MANAGER", "ASKED BY", "TOKEN"}, rows)
	})
}
