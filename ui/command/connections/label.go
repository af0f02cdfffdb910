package connections

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// labelOptions are the labels to put on connections.
type labelOptions struct {
	environment string
	tags, untag []string
}

func connectionLabel(c *cli.Env) *cobra.Command {
	var o labelOptions
	cmd := &cobra.Command{
		Use:               "label NAME...",
		Short:             "Change the environment and the tags of several connections at once",
		Example:           `  pushdesk connection label Sales Depots --environment production --tag eu --untag trial`,
		Args:              cli.SomeArguments("connection"),
		ValidArgsFunction: CompleteConnections(c),
	}
	cmd.RunE = c.With(func(_ context.Context, a *app.App, args []string) error {
		labels := connection.Labels{Add: o.tags, Drop: o.untag}
		if cmd.Flags().Changed("environment") {
			e, err := environmentOf(o.environment)
			if err != nil {
				return err
			}
			labels.Environment = &e
		}
		return runConnectionLabel(c, a, args, labels)
	})
	s := cmd.Flags()
	s.StringVar(&o.environment, "environment", "", `"development", "test", "production", or "" for none`)
	s.StringArrayVar(&o.tags, "tag", nil, "`tag` to add (repeatable)")
	s.StringArrayVar(&o.untag, "untag", nil, "`tag` to remove (repeatable)")
	return cmd
}

func runConnectionLabel(c *cli.Env, a *app.App, names []string, labels connection.Labels) error {
	if labels.Empty() {
		return cli.Usage("Nothing to change: give --environment, --tag or --untag")
	}
	all, err := named(a, names)
	if err != nil {
		return err
	}
	var ids []string
	for _, conn := range all {
		ids = append(ids, conn.ID)
	}
	labelled, err := a.Connections.Label(ids, labels)
	if err != nil {
		return err
	}
	documents := []map[string]any{}
	var rows [][]string
	for _, conn := range labelled {
		documents = append(documents, connectionDocument(c, conn, ""))
		rows = append(rows, []string{conn.Name, string(conn.Environment), strings.Join(conn.Tags, ", ")})
	}
	return c.Answer(map[string]any{"connections": documents}, func(w io.Writer) {
		cli.Table(w, []string{"NAME", "ENVIRONMENT", "TAGS"}, rows)
	})
}
