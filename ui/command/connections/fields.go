package connections

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/network"
	"pushdesk/storage/keychain"
	"pushdesk/ui/command/cli"
)

// connectionFields are the fields of a connection as flags.
type connectionFields struct {
	connection.Connection
	cloud       string
	credential  string
	environment string
	expires     string
	tags, untag []string
	certificate string // path of a file
	secretStdin bool
	secretFrom  string
	trustHosts  []string
}

func (f *connectionFields) register(cmd *cobra.Command, edit bool) {
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
	s.StringVar(&f.Dataset, "dataset", "", "default dataset in that workspace, `name or ID`")
	s.StringVar(&f.Table, "table", "", "default table of that dataset, by `name`")
	s.StringVar(&f.Notes, "notes", "", "`text` for you")
	s.StringVar(&f.credential, "credential", string(connection.CredentialSecret), "how to sign in: `secret|certificate|browser|device`")
	s.StringVar(&f.certificate, "certificate", "", "PFX, P12 or PEM `file` with the certificate and its key (its password: "+cli.CertificateVariable+", or a prompt)")
	s.StringVar(&f.environment, "environment", "", "`label`: development, test, production")
	s.StringSliceVar(&f.tags, "tag", nil, "`tag` to add (repeatable)")
	if edit { // a new connection has no tags
		s.StringSliceVar(&f.untag, "untag", nil, "`tag` to remove (repeatable)")
	}
	s.StringVar(&f.expires, "expires", "", "last `day` that the client secret is valid, such as 2027-01-31")
	s.StringVar(&f.secretFrom, "manager", "", "`MANAGER:ITEM`: the secret manager that keeps the client secret, and what it calls it (see: pushdesk secrets allow)")
	s.StringSliceVar(&f.trustHosts, "trust-host", nil, "agree by its name to a `host` that looks like one of Microsoft's and is not, with --cloud custom")
	s.BoolVar(&f.secretStdin, "secret-stdin", false, "read the client secret from standard input")
	_ = cmd.RegisterFlagCompletionFunc("cloud", cobra.FixedCompletions(clouds, cobra.ShellCompDirectiveNoFileComp))
}

// apply puts the flags that were given over a connection and cleans what was pasted.
func (f *connectionFields) apply(cmd *cobra.Command, to *connection.Connection) error {
	if cmd.Flags().Changed("cloud") || to.Cloud == "" {
		cloud := connection.Cloud(strings.ToLower(strings.TrimSpace(f.cloud)))
		if !slices.Contains(connection.Clouds, cloud) {
			return cli.Usage("--cloud %q is not known\nSee: %s --help", f.cloud, cmd.CommandPath())
		}
		to.Cloud = cloud
	}
	for flag, pair := range map[string][2]*string{
		"name": {&f.Name, &to.Name}, "tenant": {&f.TenantID, &to.TenantID}, "client": {&f.ClientID, &to.ClientID},
		"authority-url": {&f.LoginURL, &to.LoginURL}, "api-url": {&f.APIURL, &to.APIURL}, "resource": {&f.Resource, &to.Resource},
		"ca-file": {&f.CAFile, &to.CAFile}, "workspace": {&f.Workspace, &to.Workspace}, "dataset": {&f.Dataset, &to.Dataset}, "table": {&f.Table, &to.Table}, "notes": {&f.Notes, &to.Notes},
	} {
		if cmd.Flags().Changed(flag) {
			*pair[1] = *pair[0]
		}
	}
	if err := f.applyLabels(cmd, to); err != nil {
		return err
	}
	connection.CleanFields(to)
	return f.fits(cmd, *to)
}

// fits refuses flags that change nothing of a connection.
func (f *connectionFields) fits(cmd *cobra.Command, c connection.Connection) error {
	set := cmd.Flags().Changed
	if c.Cloud != connection.CloudCustom {
		for _, flag := range []string{"authority-url", "api-url", "resource", "ca-file", "trust-host"} {
			if set(flag) {
				return cli.NoEffect("--"+flag, fmt.Sprintf("the cloud %q has its own addresses; they are set with --cloud custom", c.Cloud))
			}
		}
	}
	builtIn := c.Credential == connection.CredentialPractice || c.Cloud == connection.CloudPractice && c.TenantID == "" && c.ClientID == ""
	for _, flag := range []string{"secret-stdin", "expires", "manager"} {
		switch {
		case !set(flag):
		case builtIn:
			return cli.NoEffect("--"+flag, "the practice connection needs no secret")
		case c.Credential.User():
			return cli.NoEffect("--"+flag, "this connection signs in with a person's account, not with a client secret")
		case c.Credential == connection.CredentialCertificate:
			return cli.NoEffect("--"+flag, "this connection signs in with a certificate, not with a client secret")
		}
	}
	return nil
}

// applyLabels puts the flags over that say how a connection is kept and found.
func (f *connectionFields) applyLabels(cmd *cobra.Command, to *connection.Connection) error {
	if cmd.Flags().Changed("credential") || f.certificate != "" {
		kind := connection.CredentialKind(strings.ToLower(strings.TrimSpace(f.credential)))
		if f.certificate != "" {
			kind = connection.CredentialCertificate
		}
		if !slices.Contains([]connection.CredentialKind{connection.CredentialSecret, connection.CredentialCertificate, connection.CredentialBrowser, connection.CredentialDevice}, kind) {
			return cli.Usage("--credential is secret, certificate, browser or device, not %q\nSee: %s --help", f.credential, cmd.CommandPath())
		}
		to.Credential = kind
	}
	if cmd.Flags().Changed("manager") {
		r, err := connection.ParseReference(f.secretFrom)
		if err != nil {
			return cli.AsUsage(err)
		}
		to.Reference = r
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
			return cli.AsUsage(err)
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
		return "", cli.Usage("--environment is development, test or production, not %q", text)
	}
	return e, nil
}

// checkFields refuses what can never work and warns of what looks wrong.
func checkFields(c *cli.Env, conn connection.Connection, secret string, trusted ...string) error {
	var wrong []string
	for _, host := range connection.LookAlikes(conn) {
		if !slices.Contains(trusted, host) {
			wrong = append(wrong, fmt.Sprintf("%s looks like a host of Microsoft's, but does not belong to Microsoft. If your administrator has confirmed it: --trust-host %s", host, host))
		}
	}
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
			c.Say("Warning: %s", line)
		}
	}
	if len(wrong) > 0 {
		return cli.Usage("%s", strings.Join(wrong, "\n"))
	}
	return nil
}

// printSaved prints what was stored of a connection, and where its secret went.
func printSaved(c *cli.Env, s account.Saved, err error, verb string) error {
	if err != nil {
		return err
	}
	for _, warning := range s.Warnings {
		c.Say("Warning: %s", warning)
	}
	var refused error
	if s.SecretPlace == string(keychain.PlaceSession) { // which ends with this command
		s.SecretPlace = string(keychain.PlaceNone)
		c.Say("This command ends now, so nothing is stored. Next: pushdesk vault create, then pushdesk connection edit %q --secret-stdin\nOr give the secret to each command in the environment variable %s.",
			s.Connection.Name, cli.SecretVariable)
		if c.Getenv(cli.SecretVariable) == "" { // else every command gets it from there
			refused = cli.Reported(cli.ExitConnection) // it was to be stored, and was not
		}
	}
	if s.Refused != nil {
		_, p := cli.Describe(s.Refused)
		c.Say("Warning: %s %s", p.Sentence, p.Remedy)
		refused = cli.Reported(cli.ExitConnection) // it was asked for, and was not done
	}
	if c.JSON {
		c.PrintJSON(connectionDocument(c, s.Connection, s.SecretPlace))
		return refused
	}
	fmt.Fprintf(c.Out, "%s connection %q.\n", verb, s.Connection.Name)
	if s.SecretPlace != "" {
		fmt.Fprintf(c.Out, "%s: %s.\n", credentialNoun(s.Connection.Credential), s.SecretPlace)
	}
	return refused
}
