package connections

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// listOptions say which connections are listed.
type listOptions struct {
	find   string
	recent bool
}

func connectionList(c *cli.Env) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the connections on this computer, with their last tests and which lack a secret",
		Long: `List the connections on this computer. SECRET says where the secret of each is, or that
there is none; "Not known" where the keychain does not say within two seconds. LAST TEST
says how the last test of each ended and when, and whether the connection or its secret
was changed since.`,
		Example: `  pushdesk connection list --find "env:production tag:finance"
  pushdesk connection list --recent`,
		Args: cli.NoArguments,
		RunE: c.With(func(ctx context.Context, a *app.App, _ []string) error { return runConnectionList(ctx, c, a, o) }),
	}
	cmd.Flags().StringVar(&o.find, "find", "", "only connections that match these `words`; tag:, env: and cloud: search only there")
	cmd.Flags().BoolVar(&o.recent, "recent", false, "recently used first")
	return cmd
}

func runConnectionList(ctx context.Context, c *cli.Env, a *app.App, o listOptions) error {
	all := a.Connections.List()
	if o.recent {
		all = connection.Recent(all)
	}
	none := len(all) == 0
	all = slices.DeleteFunc(all, func(conn connection.Connection) bool { return !connection.Match(conn, o.find) })
	documents := []map[string]any{}
	var rows [][]string
	places, tests := a.SecretPlaces(ctx, all), lastTests(c, a, all)
	if err := ctx.Err(); err != nil {
		return err
	}
	silent := 0
	for _, conn := range all {
		if places[conn.ID] == string(keychain.PlaceSilent) {
			silent++
		}
		document := connectionDocument(c, conn, places[conn.ID])
		document["lastTest"] = tests[conn.ID]
		team := ""
		if v, err := a.Teams.Find(conn.Team); conn.Team != "" && err == nil {
			team = v.Name
			document["teamName"], document["changedHere"] = v.Name, a.ChangedHere(conn)
			if err := a.Teams.Usable(conn); err != nil {
				team += " (not usable)"
				document["teamProblem"] = cli.SentenceOf(err)
			}
		}
		documents = append(documents, document)
		rows = append(rows, []string{conn.Name, team, string(conn.Environment), conn.Cloud.Label(), conn.TenantID, conn.ClientID, conn.Workspace,
			strings.Join(conn.Tags, ", "), expiryWord(conn, time.Now()), secretWord(conn, places[conn.ID]), testWord(tests[conn.ID])})
	}
	if silent > 0 {
		c.Say("The keychain does not answer: of %s it is not known whether the secret is stored.", humanize.Count(silent, "connection"))
	}
	return c.Answer(map[string]any{"connections": documents}, func(w io.Writer) {
		switch {
		case none:
			c.Say("No connections yet. Add one with: pushdesk connection add --help\nOr try the practice service: pushdesk connection add --name Practice --cloud practice")
		case len(all) == 0:
			c.Say("No connections match %q.", o.find)
		default:
			cli.Table(w, []string{"NAME", "TEAM", "ENVIRONMENT", "CLOUD", "TENANT ID", "CLIENT ID", "DEFAULT WORKSPACE", "TAGS", "EXPIRES", "SECRET", "LAST TEST"}, rows)
		}
	})
}

// lastTests are the last tests of connections, by their ID; nil stands for none.
func lastTests(c *cli.Env, a *app.App, all []connection.Connection) map[string]*account.LastTest {
	kept, err := a.LastTests(all)
	if err != nil {
		c.Say("Warning: the last tests are not known: %s", cli.SentenceOf(err))
	}
	tests := map[string]*account.LastTest{}
	for id, l := range kept {
		tests[id] = &l
	}
	return tests
}

// testWord says in a few words how the last test of a connection ended.
func testWord(l *account.LastTest) string {
	if l == nil {
		return "Not tested"
	}
	return l.Says(time.Now())
}

// secretWord says in a few words where the secret of a connection is, or that it has none.
func secretWord(conn connection.Connection, place string) string {
	switch account.StateOfSecret(place) {
	case account.SecretMissing:
		return account.NothingStored(conn.Credential)
	case account.SecretUnknown:
		return fmt.Sprintf("Not known (%s)", place)
	}
	return place
}

// expiryWord says in a few words when a credential expires.
func expiryWord(conn connection.Connection, now time.Time) string {
	e := conn.Expiry(now)
	switch {
	case !e.Known:
		return ""
	case e.Level == connection.ExpiryOver:
		return string(conn.Expires) + " (expired)"
	case e.Level != connection.ExpiryFar:
		return fmt.Sprintf("%s (%s)", conn.Expires, humanize.Count(e.Days, "day"))
	}
	return string(conn.Expires)
}

// credentialNoun names what a connection signs in with.
func credentialNoun(k connection.CredentialKind) string {
	switch {
	case k == connection.CredentialCertificate:
		return "Certificate"
	case k.User():
		return "Sign-in"
	}
	return "Client secret"
}

// atConnection returns the RunE of a command that works with the connection that its
// argument names.
func atConnection(c *cli.Env, run func(ctx context.Context, a *app.App, conn connection.Connection) error) func(*cobra.Command, []string) error {
	return c.With(func(ctx context.Context, a *app.App, args []string) error {
		conn, err := a.Connections.Find(args[0])
		if err != nil {
			return err
		}
		return run(ctx, a, conn)
	})
}

// named returns the connections of some names or IDs, each once.
func named(a *app.App, names []string) (all []connection.Connection, err error) {
	for _, name := range names {
		conn, err := a.Connections.Find(name)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(all, func(x connection.Connection) bool { return x.ID == conn.ID }) {
			all = append(all, conn)
		}
	}
	return all, nil
}

// found returns a connection by its name or ID. The practice connection can be looked at
// before one is saved.
func found(ctx context.Context, a *app.App, name string) (connection.Connection, error) {
	conn, err := a.Connections.Find(name)
	if failure.HasCode(err, "connection-not-found") && strings.EqualFold(strings.TrimSpace(name), "practice") {
		return a.PracticeConnection(ctx, false)
	}
	return conn, err
}

// CompleteConnections completes the names of connections.
func CompleteConnections(c *cli.Env) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		if a, err := c.Open(); err == nil {
			for _, conn := range a.Connections.List() {
				names = append(names, conn.Name)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}
