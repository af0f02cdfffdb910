package command

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
)

// connectionDocument is a connection as JSON: its fields and where its secret is.
func (c *commander) connectionDocument(conn connection.Connection, place string) map[string]any {
	document := map[string]any{}
	text, err := json.Marshal(conn)
	if err == nil {
		err = json.Unmarshal(text, &document)
	}
	if err != nil {
		c.say("write the connection as JSON: %v", err)
	}
	document["cloudLabel"] = conn.Cloud.Label()
	if place != "" {
		document["secretPlace"] = place
	}
	return document
}

func (c *commander) connectionList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the connections of this computer",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			all := d.Connections.List()
			if c.json {
				documents := []map[string]any{}
				for _, conn := range all {
					documents = append(documents, c.connectionDocument(conn, ""))
				}
				c.printJSON(map[string]any{"connections": documents})
				return nil
			}
			if len(all) == 0 {
				c.say("No connections yet. Add one with: pushdesk connection add --help\nOr try the practice service: pushdesk connection add --name Practice --cloud practice")
				return nil
			}
			var rows [][]string
			for _, conn := range all {
				rows = append(rows, []string{conn.Name, conn.Cloud.Label(), conn.TenantID, conn.ClientID, conn.Workspace})
			}
			table(c.Out, []string{"NAME", "CLOUD", "TENANT ID", "CLIENT ID", "DEFAULT WORKSPACE"}, rows)
			return nil
		},
	}
}

func (c *commander) connectionShow() *cobra.Command {
	return &cobra.Command{
		Use:               "show NAME",
		Short:             "Show a connection and where its secret is, never the secret",
		Args:              oneArgument("the connection's name"),
		ValidArgsFunction: c.completeConnections,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, conn, err := c.openAt(args[0])
			if err != nil {
				return err
			}
			place := d.SecretPlace(cmd.Context(), conn)
			if c.json {
				c.printJSON(c.connectionDocument(conn, place))
				return nil
			}
			facts(c.Out, "Name", conn.Name, "ID", conn.ID, "Cloud", conn.Cloud.Label(),
				"Login host", conn.LoginURL, "API host", conn.APIURL, "Resource", conn.Resource, "CA file", conn.CAFile,
				"Tenant ID", conn.TenantID, "Client ID", conn.ClientID, "Client secret", place,
				"Default workspace", conn.Workspace, "Notes", conn.Notes, "Changed", conn.Updated.Local().Format("2006-01-02 15:04"))
			return nil
		},
	}
}

func (c *commander) connectionRemove() *cobra.Command {
	return &cobra.Command{
		Use:               "remove NAME",
		Short:             "Remove a connection and its secret from this computer",
		Args:              oneArgument("the connection's name"),
		ValidArgsFunction: c.completeConnections,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, conn, err := c.openAt(args[0])
			if err != nil {
				return err
			}
			warning, err := d.Remove(cmd.Context(), conn)
			if err != nil {
				return err
			}
			if warning != "" {
				c.say("Warning: %s", warning)
			}
			if c.json {
				c.printJSON(map[string]any{"removed": c.connectionDocument(conn, "")})
				return nil
			}
			fmt.Fprintf(c.Out, "Removed connection %q and its secret.\n", conn.Name)
			return nil
		},
	}
}

func (c *commander) connectionTest() *cobra.Command {
	var workspace string
	cmd := &cobra.Command{
		Use:               "test NAME",
		Short:             "Test that a connection signs in and may push, and say why not",
		Args:              oneArgument("the connection's name"),
		ValidArgsFunction: c.completeConnections,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, conn, err := c.openAt(args[0])
			if err != nil {
				return err
			}
			report := d.Test(cmd.Context(), conn, nil, workspace, func(check doctor.Check) {
				if check.Status != "running" && !c.json {
					c.printCheck(check)
				}
			})
			if c.json {
				c.printJSON(report)
			} else {
				fmt.Fprintf(c.Out, "\n%s\n", report.Summary)
			}
			if !ready(report) {
				return withCode(exitConnection, errReported)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&workspace, "workspace", "", "workspace to test, `name or ID` (default: the connection's)")
	return cmd
}

// ready tells whether rows could be sent: nothing failed, and the service was
// reached. A service that is too busy to answer is a warning, and not ready.
func ready(r doctor.Report) bool {
	for _, check := range r.Checks {
		if check.ID == "api" && check.Status != doctor.Pass && check.Status != doctor.Warn {
			return false
		}
	}
	return r.Verdict != doctor.Fail
}

func (c *commander) printCheck(check doctor.Check) {
	fmt.Fprintf(c.Out, "%-10s%s: %s\n", "["+string(check.Status)+"]", check.Title, check.Evidence)
	if check.Remedy != "" {
		fmt.Fprintf(c.Out, "          %s\n", strings.ReplaceAll(check.Remedy, "\n", "\n          "))
	}
}
