package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/ui/app"
)

func (c *commander) connectionRemove() *cobra.Command {
	var sure []string
	cmd := &cobra.Command{
		Use:   "remove NAME...",
		Short: "Remove connections and what they sign in with from this computer",
		Long: `Remove connections and what they sign in with from this computer. There is no
way back: the client secret is gone from the keychain. For a production connection
the name must be typed once more, or given with --yes-remove.`,
		Args:              someArguments("connection"),
		ValidArgsFunction: c.completeConnections,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			all, err := named(d, args)
			if err != nil {
				return err
			}
			for _, conn := range all {
				if conn.Careful() && !c.typedName(conn.Name, sure) {
					return usage("%q is a production connection, so nothing was removed: type its name, or give --yes-remove %q", conn.Name, conn.Name)
				}
			}
			removed, err := d.RemoveAll(cmd.Context(), all)
			if err != nil {
				return err
			}
			documents := []map[string]any{}
			for _, r := range removed {
				if r.Warning != "" {
					c.say("Warning: %s", r.Warning)
				}
				documents = append(documents, c.connectionDocument(r.Connection, ""))
				switch {
				case c.json:
				case r.Warning != "":
					fmt.Fprintf(c.Out, "Removed connection %q.\n", r.Connection.Name)
				default:
					fmt.Fprintf(c.Out, "Removed connection %q and what it signed in with.\n", r.Connection.Name)
				}
			}
			if c.json {
				document := map[string]any{"removedAll": documents}
				if len(documents) == 1 {
					document = map[string]any{"removed": documents[0]}
				}
				c.printJSON(document)
			}
			return nil
		},
	}
	cmd.Flags().StringArrayVar(&sure, "yes-remove", nil, "`NAME` of a production connection that may be removed without asking (repeatable)")
	return cmd
}

// named gives the connections of some names or IDs, each once.
func named(d *app.App, names []string) (all []connection.Connection, err error) {
	for _, name := range names {
		conn, err := d.Connections.Find(name)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(all, func(x connection.Connection) bool { return x.ID == conn.ID }) {
			all = append(all, conn)
		}
	}
	return all, nil
}

// typedName asks for the name of something that would hurt to lose.
func (c *commander) typedName(name string, given []string) bool {
	for _, g := range given {
		if strings.EqualFold(strings.TrimSpace(g), name) {
			return true
		}
	}
	if c.AskLine == nil {
		return false
	}
	typed, err := c.AskLine(fmt.Sprintf("%q is a production connection. Type its name to remove it: ", name))
	return err == nil && strings.TrimSpace(typed) == name
}
