package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/network"
	"pushdesk/storage/keychain"
	"pushdesk/ui/app"
)

func (c *commander) connection() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "connection",
		Short: "Add, edit, list, remove, test and import connections; replace their secrets",
		Args:  noArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.connectionAdd(), c.connectionEdit(), c.connectionList(), c.connectionShow(), c.connectionRemove(), c.connectionTest(),
		c.connectionSignIn(), c.connectionRotate(), c.connectionImport(), c.connectionLabel())
	return cmd
}

// connectionFlags are the fields of a connection as flags.
type connectionFlags struct {
	connection.Connection
	cloud       string
	credential  string
	environment string
	expires     string
	tags, untag []string
	certificate string // path of a file
	secretStdin bool
}

func (f *connectionFlags) register(cmd *cobra.Command) {
	var clouds []string
	for _, cloud := range connection.Clouds {
		clouds = append(clouds, string(cloud))
	}
	s := cmd.Flags()
	s.StringVar(&f.Name, "name", "", "connection `name`, unique on this computer")
	s.StringVar(&f.cloud, "cloud", string(connection.CloudPublic), "`cloud`: "+strings.Join(clouds, ", "))
	s.StringVar(&f.TenantID, "tenant", "", "directory (tenant) `ID` or domain")
	s.StringVar(&f.ClientID, "client", "", "application (client) `ID`")
	s.StringVar(&f.LoginURL, "authority-url", "", "login host `URL`, with --cloud custom")
	s.StringVar(&f.APIURL, "api-url", "", "API host `URL` without /v1.0/myorg, with --cloud custom")
	s.StringVar(&f.Resource, "resource", "", "`resource` of the token, with --cloud custom (default: the public cloud's)")
	s.StringVar(&f.CAFile, "ca-file", "", "PEM `file` of a certificate authority to trust, with --cloud custom")
	s.StringVar(&f.Workspace, "workspace", "", "default workspace, `name or ID`")
	s.StringVar(&f.Notes, "notes", "", "`text` for yourself")
	s.StringVar(&f.credential, "credential", string(connection.CredentialSecret), "`way` to sign in: secret, certificate, browser, device")
	s.StringVar(&f.certificate, "certificate", "", "PFX, P12 or PEM `file` with the certificate and its key (its password: "+CertificateVariable+", or a prompt)")
	s.StringVar(&f.environment, "environment", "", "`label`: development, test, production")
	s.StringSliceVar(&f.tags, "tag", nil, "`tag` to find it by (repeatable)")
	s.StringSliceVar(&f.untag, "untag", nil, "`tag` to take away (repeatable)")
	s.StringVar(&f.expires, "expires", "", "last `day` of the client secret, such as 2027-01-31")
	s.BoolVar(&f.secretStdin, "secret-stdin", false, "read the client secret from standard input")
	_ = cmd.RegisterFlagCompletionFunc("cloud", cobra.FixedCompletions(clouds, cobra.ShellCompDirectiveNoFileComp))
}

// apply puts the flags that were given over a connection and cleans what was pasted.
func (f *connectionFlags) apply(cmd *cobra.Command, to *connection.Connection) error {
	if cmd.Flags().Changed("cloud") || to.Cloud == "" {
		cloud := connection.Cloud(strings.ToLower(strings.TrimSpace(f.cloud)))
		if !slices.Contains(connection.Clouds, cloud) {
			return usage("%q is not a cloud: see %s --help", f.cloud, cmd.CommandPath())
		}
		to.Cloud = cloud
	}
	for flag, pair := range map[string][2]*string{
		"name": {&f.Name, &to.Name}, "tenant": {&f.TenantID, &to.TenantID}, "client": {&f.ClientID, &to.ClientID},
		"authority-url": {&f.LoginURL, &to.LoginURL}, "api-url": {&f.APIURL, &to.APIURL}, "resource": {&f.Resource, &to.Resource},
		"ca-file": {&f.CAFile, &to.CAFile}, "workspace": {&f.Workspace, &to.Workspace}, "notes": {&f.Notes, &to.Notes},
	} {
		if cmd.Flags().Changed(flag) {
			*pair[1] = *pair[0]
		}
	}
	if err := f.applyLabels(cmd, to); err != nil {
		return err
	}
	connection.CleanFields(to)
	return nil
}

// applyLabels puts the flags over that say how a connection is kept and found.
func (f *connectionFlags) applyLabels(cmd *cobra.Command, to *connection.Connection) error {
	if cmd.Flags().Changed("credential") || f.certificate != "" {
		kind := connection.CredentialKind(strings.ToLower(strings.TrimSpace(f.credential)))
		if f.certificate != "" {
			kind = connection.CredentialCertificate
		}
		if !slices.Contains([]connection.CredentialKind{connection.CredentialSecret, connection.CredentialCertificate, connection.CredentialBrowser, connection.CredentialDevice}, kind) {
			return usage("%q is not a way to sign in: see %s --help", f.credential, cmd.CommandPath())
		}
		to.Credential = kind
	}
	labels := connection.Labels{Add: f.tags, Drop: f.untag}
	if cmd.Flags().Changed("environment") {
		e, err := environmentOf(f.environment)
		if err != nil {
			return err
		}
		labels.Environment = &e
	}
	if cmd.Flags().Changed("expires") {
		day, err := connection.ParseDay(f.expires)
		if err != nil {
			return &coded{exitUsage, err}
		}
		to.Expires, to.ExpiresFrom = day, ""
		if day != "" {
			to.ExpiresFrom = connection.ExpiryTyped
		}
	}
	labels.Apply(to)
	return nil
}

// environmentOf reads a label that was given as a flag.
func environmentOf(text string) (connection.Environment, error) {
	e := connection.Environment(strings.ToLower(strings.TrimSpace(text)))
	if e != "" && !slices.Contains(connection.Environments, e) {
		return "", usage("%q is not an environment: use development, test or production", text)
	}
	return e, nil
}

func (c *commander) connectionAdd() *cobra.Command {
	var f connectionFlags
	cmd := &cobra.Command{
		Use:   "add --name NAME --tenant ID --client ID",
		Short: "Add a connection; the secret comes from standard input or a prompt",
		Example: `  pushdesk connection add --name Sales --tenant contoso.onmicrosoft.com --client 11111111-2222-3333-4444-555555555555
  pushdesk connection add --name Try --cloud practice`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			var conn connection.Connection
			if err := f.apply(cmd, &conn); err != nil {
				return err
			}
			if conn.Name == "" {
				return usage("--name is missing")
			}
			builtIn := conn.Cloud == connection.CloudPractice && conn.TenantID == "" && conn.ClientID == ""
			if builtIn {
				conn.Credential = connection.CredentialPractice
			} else if conn.TenantID == "" || conn.ClientID == "" {
				return usage("--tenant and --client are needed for the cloud %q", conn.Cloud)
			}
			if builtIn {
				saved, err := d.Add(cmd.Context(), conn, nil)
				return c.saved(saved, err, "Added")
			}
			given, err := c.readCredential(cmd.Context(), d, &conn, f, true)
			if err != nil {
				return err
			}
			if err := c.checkFields(conn, given.Secret); err != nil {
				return err
			}
			saved, err := d.Add(cmd.Context(), conn, &given)
			if err := c.saved(saved, err, "Added"); err != nil || !conn.Credential.User() {
				return err
			}
			c.say("Nobody has signed in yet. Next: pushdesk connection sign-in %q", saved.Connection.Name)
			return nil
		},
	}
	f.register(cmd)
	return cmd
}

func (c *commander) connectionEdit() *cobra.Command {
	var f connectionFlags
	cmd := &cobra.Command{
		Use:   "edit NAME",
		Short: "Change fields of a connection; only the flags given change",
		Example: `  pushdesk connection edit Sales --name "Sales EU"
  pushdesk connection edit Sales --secret-stdin < new-secret.txt`,
		Args:              oneArgument("the connection's name"),
		ValidArgsFunction: c.completeConnections,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, conn, err := c.openAt(args[0])
			if err != nil {
				return err
			}
			if err := f.apply(cmd, &conn); err != nil {
				return err
			}
			given, err := c.readCredential(cmd.Context(), d, &conn, f, false)
			if err != nil {
				return err
			}
			if err := c.checkFields(conn, given.Secret); err != nil {
				return err
			}
			saved, err := d.Edit(cmd.Context(), conn, &given)
			return c.saved(saved, err, "Changed")
		},
	}
	f.register(cmd)
	return cmd
}

// checkFields refuses what can never work and warns of what looks wrong.
func (c *commander) checkFields(conn connection.Connection, secret string) error {
	var wrong []string
	found := connection.Validate(conn, secret, secret != "")
	if conn.Cloud == connection.CloudCustom {
		connection.CleanFields(&conn)
		if f := network.CheckAuthorities(connection.FieldCAFile, conn.CAFile); f != nil {
			found = append(found, *f)
		}
	}
	for _, finding := range found {
		line := strings.TrimSpace(finding.Sentence + " " + finding.Remedy)
		if finding.Level == connection.LevelFail {
			wrong = append(wrong, line)
		} else {
			c.say("Warning: %s", line)
		}
	}
	if len(wrong) > 0 {
		return usage("%s", strings.Join(wrong, "\n"))
	}
	return nil
}

func (c *commander) saved(s account.Saved, err error, verb string) error {
	if err != nil {
		return err
	}
	for _, warning := range s.Warnings {
		c.say("Warning: %s", warning)
	}
	if s.SecretPlace == string(keychain.PlaceSession) { // which ends with this command
		s.SecretPlace = string(keychain.PlaceNone)
		c.say("This command ends now, so nothing is kept. Next: pushdesk vault create, then pushdesk connection edit %q --secret-stdin\nOr give the secret to each command in the environment variable %s.",
			s.Connection.Name, SecretVariable)
	}
	var refused error
	if s.Refused != nil {
		_, p := describe(s.Refused)
		c.say("Warning: %s %s", p.Sentence, p.Remedy)
		refused = reported(exitConnection) // it was asked for, and is not done
	}
	if c.json {
		c.printJSON(c.connectionDocument(s.Connection, s.SecretPlace))
		return refused
	}
	fmt.Fprintf(c.Out, "%s connection %q.\n", verb, s.Connection.Name)
	if s.SecretPlace != "" {
		fmt.Fprintf(c.Out, "%s: %s.\n", credentialNoun(s.Connection.Credential), s.SecretPlace)
	}
	return refused
}

// openAt opens the desk at a connection, by its name or ID.
func (c *commander) openAt(name string) (*app.App, connection.Connection, error) {
	d, err := c.open()
	if err != nil {
		return nil, connection.Connection{}, err
	}
	conn, err := d.Connections.Find(name)
	return d, conn, err
}

func (c *commander) completeConnections(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if d, err := c.open(); err == nil {
		for _, conn := range d.Connections.List() {
			names = append(names, conn.Name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
