package connections

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/storage/humanize"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func connectionShow(c *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:               "show NAME",
		Short:             "Show a connection and where its secret is, never the secret",
		Args:              cli.OneArgument("connection"),
		ValidArgsFunction: CompleteConnections(c),
		RunE: c.With(func(ctx context.Context, a *app.App, args []string) error {
			conn, err := found(ctx, a, args[0])
			if err != nil {
				return err
			}
			return runConnectionShow(ctx, c, a, conn)
		}),
	}
}

func runConnectionShow(ctx context.Context, c *cli.Env, a *app.App, conn connection.Connection) error {
	if c.Getenv(cli.VaultVariable) != "" {
		c.Unlock(ctx, a)
	}
	place, last := a.SecretPlace(ctx, conn), lastTests(c, a, []connection.Connection{conn})[conn.ID]
	tested := testWord(last)
	if last != nil {
		tested += ": " + last.Summary
	}
	document := connectionDocument(c, conn, place)
	document["lastTest"] = last
	return c.Answer(document, func(w io.Writer) {
		cli.Facts(w, "Name", conn.Name, "ID", conn.ID, "Cloud", conn.Cloud.Label(),
			"Login host", conn.LoginURL, "API host", conn.APIURL, "Resource", conn.Resource, "CA file", conn.CAFile,
			"Tenant ID", conn.TenantID, "Client ID", conn.ClientID, credentialNoun(conn.Credential), place,
			"Secret manager", conn.Reference.String(), "Signed in as", conn.Account, "Expires", expiryWord(conn, time.Now()), "Environment", string(conn.Environment), "Tags", strings.Join(conn.Tags, ", "),
			"Default workspace", conn.Workspace, "Default dataset", conn.Dataset, "Default table", conn.Table, "Notes", conn.Notes, "Changed", humanize.DateTime(conn.Updated), "Last test", tested)
	})
}

// connectionDocument is a connection as JSON: its fields and where its secret is.
func connectionDocument(c *cli.Env, conn connection.Connection, place string) map[string]any {
	document := map[string]any{}
	text, err := json.Marshal(conn)
	if err == nil {
		err = json.Unmarshal(text, &document)
	}
	if err != nil {
		c.Say("write the connection as JSON: %v", err)
	}
	document["cloudLabel"] = conn.Cloud.Label()
	if e := conn.Expiry(time.Now()); e.Known {
		document["daysLeft"], document["expiry"] = e.Days, e.Sentence
	}
	if place != "" {
		document["secretPlace"], document["secretState"] = place, account.StateOfSecret(place)
	}
	return document
}
