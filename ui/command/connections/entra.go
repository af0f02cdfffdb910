package connections

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/register"
	"pushdesk/ui/command/cli"
)

// entraOptions say for whom the checklist is.
type entraOptions struct {
	connection, credential string
	values                 register.Values
	letter                 bool
}

// EntraHelp is the page of the help about what an administrator does first.
func EntraHelp(c *cli.Env) *cobra.Command {
	var o entraOptions
	cmd := &cobra.Command{
		Use:   "entra",
		Short: "How an administrator registers an app in Microsoft Entra, as a checklist with your values",
		Long: `How an administrator registers an app in Microsoft Entra, what it needs in Power BI and
what it must not be given: a checklist with your own values, or a letter with it.`,
		Example: `  pushdesk help entra
  pushdesk help entra --credential certificate --workspace Finance
  pushdesk help entra --connection Sales --letter`,
		Args: cli.NoArguments,
	}
	cmd.RunE = func(*cobra.Command, []string) error {
		v, err := o.read(c)
		if err != nil {
			return err
		}
		subject, body := v.Letter()
		sections := []any{}
		for _, s := range v.Checklist() {
			sections = append(sections, map[string]any{"title": s.Title, "who": s.Who, "steps": s.Steps})
		}
		return c.Answer(map[string]any{"checklist": sections, "letter": map[string]string{"subject": subject, "body": body}}, func(w io.Writer) {
			if o.letter {
				fmt.Fprintf(w, "%s\n\n%s", subject, body)
				return
			}
			fmt.Fprint(w, v.Markdown())
		})
	}
	s := cmd.Flags()
	s.StringVar(&o.connection, "connection", "", "take the values of a connection by `name`")
	s.StringVar(&o.credential, "credential", "", "how the connection will sign in: `secret|certificate|browser|device` (default: the connection's, else secret)")
	s.StringVar(&o.values.Tenant, "tenant", "", "tenant `ID` or domain, where it is known")
	s.StringVar(&o.values.Client, "client", "", "client `ID`, where it is known")
	s.StringVar(&o.values.Workspace, "workspace", "", "`name` of the workspace to push into")
	s.BoolVar(&o.letter, "letter", false, "print a letter to your administrator")
	_ = cmd.RegisterFlagCompletionFunc("connection", CompleteConnections(c))
	return cmd
}

// read puts the flags over the values of a connection.
func (o entraOptions) read(c *cli.Env) (register.Values, error) {
	v := register.Values{Kind: connection.CredentialSecret, Cloud: connection.CloudPublic}
	if o.connection != "" {
		a, err := c.Open()
		if err != nil {
			return v, err
		}
		conn, err := a.Connections.Find(o.connection)
		if err != nil {
			return v, err
		}
		v = register.Of(conn)
	}
	switch kind := connection.CredentialKind(o.credential); kind {
	case "":
	case connection.CredentialSecret, connection.CredentialCertificate, connection.CredentialBrowser, connection.CredentialDevice:
		v.Kind = kind
	default:
		return v, cli.Usage("--credential is secret, certificate, browser or device, not %q", o.credential)
	}
	for _, pair := range [][2]*string{{&o.values.Tenant, &v.Tenant}, {&o.values.Client, &v.Client}, {&o.values.Workspace, &v.Workspace}} {
		if *pair[0] != "" {
			*pair[1] = *pair[0]
		}
	}
	return v, nil
}
