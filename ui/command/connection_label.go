package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/connection"
)

func (c *commander) connectionLabel() *cobra.Command {
	var environment string
	var tags, untag []string
	cmd := &cobra.Command{
		Use:               "label NAME...",
		Short:             "Change the environment and the tags of several connections at once",
		Example:           `  pushdesk connection label Sales Depots --environment production --tag eu --untag trial`,
		Args:              someArguments("connection"),
		ValidArgsFunction: c.completeConnections,
		RunE: func(cmd *cobra.Command, args []string) error {
			labels := connection.Labels{Add: tags, Drop: untag}
			if cmd.Flags().Changed("environment") {
				e, err := environmentOf(environment)
				if err != nil {
					return err
				}
				labels.Environment = &e
			}
			if labels.Empty() {
				return usage("nothing to change: give --environment, --tag or --untag")
			}
			d, err := c.open()
			if err != nil {
				return err
			}
			all, err := named(d, args)
			if err != nil {
				return err
			}
			var ids []string
			for _, conn := range all {
				ids = append(ids, conn.ID)
			}
			labelled, err := d.Connections.Label(ids, labels)
			if err != nil {
				return err
			}
			documents := []map[string]any{}
			var rows [][]string
			for _, conn := range labelled {
				documents = append(documents, c.connectionDocument(conn, ""))
				rows = append(rows, []string{conn.Name, string(conn.Environment), strings.Join(conn.Tags, ", ")})
			}
			if c.json {
				c.printJSON(map[string]any{"connections": documents})
				return nil
			}
			table(c.Out, []string{"NAME", "ENVIRONMENT", "TAGS"}, rows)
			return nil
		},
	}
	s := cmd.Flags()
	s.StringVar(&environment, "environment", "", fmt.Sprintf("`environment`: development, test, production, or %q for none", ""))
	s.StringArrayVar(&tags, "tag", nil, "`label` to add (repeatable)")
	s.StringArrayVar(&untag, "untag", nil, "`label` to take away (repeatable)")
	return cmd
}
