package connections

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pushdesk/connection"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func connectionEdit(c *cli.Env) *cobra.Command {
	var f connectionFields
	cmd := &cobra.Command{
		Use:   "edit NAME",
		Short: "Change fields of a connection; only the flags given change",
		Example: `  pushdesk connection edit Sales --name "Sales EU"
  pushdesk connection edit Sales --secret-stdin < new-secret.txt`,
		Args:              cli.OneArgument("connection"),
		ValidArgsFunction: CompleteConnections(c),
	}
	cmd.RunE = atConnection(c, func(ctx context.Context, a *app.App, conn connection.Connection) error {
		return runConnectionEdit(ctx, c, a, cmd, conn, f)
	})
	f.register(cmd, true)
	return cmd
}

func runConnectionEdit(ctx context.Context, c *cli.Env, a *app.App, cmd *cobra.Command, conn connection.Connection, f connectionFields) error {
	given := false
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { given = given || f.Changed })
	if !given {
		return cli.Usage("Nothing is to be changed: give the flags of the fields that change\nSee: %s --help", cmd.CommandPath())
	}
	was := conn
	if err := f.apply(cmd, &conn); err != nil {
		return err
	}
	if was.Cloud == connection.CloudCustom && conn.Cloud != was.Cloud {
		c.Say("The custom addresses of %q are dropped: the cloud %q has its own.", was.Name, conn.Cloud)
	}
	secret, err := readCredential(ctx, c, a, &conn, f, false)
	if err != nil {
		return err
	}
	if err := checkFields(c, conn, secret.Secret, f.trustHosts...); err != nil {
		return err
	}
	saved, err := a.Edit(ctx, conn, &secret)
	return printSaved(c, saved, err, "Changed")
}
