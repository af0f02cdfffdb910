package command

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/connection"
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
	if e := conn.Expiry(time.Now()); e.Known {
		document["daysLeft"], document["expiry"] = e.Days, e.Sentence
	}
	if place != "" {
		document["secretPlace"] = place
	}
	return document
}

func (c *commander) connectionList() *cobra.Command {
	var find string
	var recent bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the connections of this computer",
		Example: `  pushdesk connection list --find "env:production tag:finance"
  pushdesk connection list --recent`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			all := d.Connections.List()
			if recent {
				all = connection.Recent(all)
			}
			none := len(all) == 0
			all = slices.DeleteFunc(all, func(conn connection.Connection) bool { return !connection.Match(conn, find) })
			if c.json {
				documents := []map[string]any{}
				for _, conn := range all {
					documents = append(documents, c.connectionDocument(conn, ""))
				}
				c.printJSON(map[string]any{"connections": documents})
				return nil
			}
			switch {
			case none:
				c.say("No connections yet. Add one with: pushdesk connection add --help\nOr try the practice service: pushdesk connection add --name Practice --cloud practice")
				return nil
			case len(all) == 0:
				c.say("No connection is what %q asks for.", find)
				return nil
			}
			var rows [][]string
			for _, conn := range all {
				rows = append(rows, []string{conn.Name, string(conn.Environment), conn.Cloud.Label(), conn.TenantID, conn.ClientID, conn.Workspace,
					strings.Join(conn.Tags, ", "), expiryWord(conn, time.Now())})
			}
			table(c.Out, []string{"NAME", "ENVIRONMENT", "CLOUD", "TENANT ID", "CLIENT ID", "DEFAULT WORKSPACE", "TAGS", "ENDS"}, rows)
			return nil
		},
	}
	cmd.Flags().StringVar(&find, "find", "", "only those with these `words` in them; tag:, env: and cloud: look there alone")
	cmd.Flags().BoolVar(&recent, "recent", false, "recently used first")
	return cmd
}

// expiryWord says in a few words when a credential ends.
func expiryWord(conn connection.Connection, now time.Time) string {
	e := conn.Expiry(now)
	switch {
	case !e.Known:
		return ""
	case e.Level == connection.ExpiryOver:
		return string(conn.Expires) + " (over)"
	case e.Level != connection.ExpiryFar:
		return fmt.Sprintf("%s (%s)", conn.Expires, plural(e.Days, "day", "days"))
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

func (c *commander) connectionShow() *cobra.Command {
	return &cobra.Command{
		Use:               "show NAME",
		Short:             "Show a connection and where its secret is, never the secret",
		Args:              oneArgument("connection"),
		ValidArgsFunction: c.completeConnections,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, conn, err := c.openAt(args[0])
			if err != nil {
				return err
			}
			if c.Getenv(VaultVariable) != "" {
				c.unlock(cmd.Context(), d)
			}
			place := d.SecretPlace(cmd.Context(), conn)
			if c.json {
				c.printJSON(c.connectionDocument(conn, place))
				return nil
			}
			facts(c.Out, "Name", conn.Name, "ID", conn.ID, "Cloud", conn.Cloud.Label(),
				"Login host", conn.LoginURL, "API host", conn.APIURL, "Resource", conn.Resource, "CA file", conn.CAFile,
				"Tenant ID", conn.TenantID, "Client ID", conn.ClientID, credentialNoun(conn.Credential), place,
				"Signed in as", conn.Account, "Ends", expiryWord(conn, time.Now()), "Environment", string(conn.Environment), "Tags", strings.Join(conn.Tags, ", "),
				"Default workspace", conn.Workspace, "Notes", conn.Notes, "Changed", conn.Updated.Local().Format("2006-01-02 15:04"))
			return nil
		},
	}
}
