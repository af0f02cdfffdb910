package connections

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/storage/failure"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func connectionAdd(c *cli.Env) *cobra.Command {
	var f connectionFields
	cmd := &cobra.Command{
		Use:   "add --name NAME --tenant ID --client ID",
		Short: "Add a connection; the secret comes from standard input or a prompt",
		Example: `  pushdesk connection add --name Sales --tenant contoso.onmicrosoft.com --client 11111111-2222-3333-4444-555555555555
  pushdesk connection add --name Try --cloud practice`,
		Args: cli.NoArguments,
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, _ []string) error { return runConnectionAdd(ctx, c, a, cmd, f) })
	f.register(cmd, false)
	return cmd
}

func runConnectionAdd(ctx context.Context, c *cli.Env, a *app.App, cmd *cobra.Command, f connectionFields) error {
	var conn connection.Connection
	if err := f.apply(cmd, &conn); err != nil {
		return err
	}
	builtIn := conn.Cloud == connection.CloudPractice && conn.TenantID == "" && conn.ClientID == ""
	switch {
	case conn.Name == "":
		return cli.Usage("Name the connection: --name")
	case builtIn:
		conn.Credential = connection.CredentialPractice
		saved, err := a.Add(ctx, conn, nil)
		return printSaved(c, saved, err, "Added")
	case conn.TenantID == "" || conn.ClientID == "":
		return cli.Usage("--tenant and --client are needed for the cloud %q", conn.Cloud)
	}
	given, err := readCredential(ctx, c, a, &conn, f, true)
	if err != nil {
		return err
	}
	if err := checkFields(c, conn, given.Secret, f.trustHosts...); err != nil {
		return err
	}
	saved, err := a.Add(ctx, conn, &given)
	if err == nil && given.Empty() && conn.Credential == connection.CredentialSecret && conn.Reference == (connection.Reference{}) {
		saved.Refused = failure.New(failure.Connection, "no-secret", fmt.Sprintf("The connection “%s” was added without a secret: none was given.", saved.Connection.Name), "Store one.")
	}
	if err := printSaved(c, saved, err, "Added"); err != nil || !conn.Credential.User() {
		return err
	}
	c.Say("Nobody has signed in yet. Next: pushdesk connection sign-in %q", saved.Connection.Name)
	return nil
}
