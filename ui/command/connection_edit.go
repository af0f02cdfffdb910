package command

import (
	"context"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/ui/app"
)

func (c *commander) connectionEdit() *cobra.Command {
	var f connectionFields
	cmd := &cobra.Command{
		Use:   "edit NAME",
		Short: "Change fields of a connection; only the flags given change",
		Example: `  pushdesk connection edit Sales --name "Sales EU"
  pushdesk connection edit Sales --secret-stdin < new-secret.txt`,
		Args:              oneArgument("connection"),
		ValidArgsFunction: c.completeConnections,
	}
	cmd.RunE = c.atConnection(func(ctx context.Context, a *app.App, conn connection.Connection) error {
		return c.runConnectionEdit(ctx, a, cmd, conn, f)
	})
	f.register(cmd)
	return cmd
}

func (c *commander) runConnectionEdit(ctx context.Context, a *app.App, cmd *cobra.Command, conn connection.Connection, f connectionFields) error {
	if err := f.apply(cmd, &conn); err != nil {
		return err
	}
	given, err := c.readCredential(ctx, a, &conn, f, false)
	if err != nil {
		return err
	}
	if err := c.checkFields(conn, given.Secret); err != nil {
		return err
	}
	saved, err := a.Edit(ctx, conn, &given)
	return c.saved(saved, err, "Changed")
}
