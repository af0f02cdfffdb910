package connections

import (
	"context"
	"errors"
	"fmt"

	"pushdesk/connection"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// readCredential takes what a connection signs in with from the flags, standard
// input, the environment or a prompt. It is empty when nothing was given.
func readCredential(ctx context.Context, c *cli.Env, d *app.App, conn *connection.Connection, f connectionFields, ask bool) (connection.Credential, error) {
	c.Unlock(ctx, d)
	switch {
	case f.certificate != "":
		given, err := readCertificate(ctx, c, d, f.certificate)
		if err != nil {
			return given, cli.AsUsage(err)
		}
		conn.Expires, conn.ExpiresFrom = connection.DayOf(given.Certificate.NotAfter()), connection.ExpiryCertificate
		return given, nil
	case conn.Credential == connection.CredentialCertificate && ask:
		return connection.Credential{}, cli.Usage("Give the PFX or PEM file: --certificate")
	case conn.Credential == connection.CredentialCertificate, conn.Credential.User():
		return connection.Credential{Kind: conn.Credential}, nil
	}
	if (!ask || conn.Reference != (connection.Reference{})) && !f.secretStdin {
		return connection.Credential{}, nil
	}
	secret, err := readSecret(c, f.secretStdin, ask)
	return connection.SecretCredential(secret), err
}

// readCertificate reads a file, and asks for its password when it wants one.
func readCertificate(ctx context.Context, c *cli.Env, d *app.App, path string) (connection.Credential, error) {
	given, err := d.ReadCertificate(ctx, path, c.Getenv(cli.CertificateVariable))
	var bad *connection.CertificateError
	if !errors.As(err, &bad) || !bad.Password || c.AskSecret == nil {
		return given, err
	}
	password, asked := c.AskSecret(fmt.Sprintf("Password of %s: ", path))
	if asked != nil {
		return given, fmt.Errorf("ask for the file's password: %w", asked)
	}
	return d.ReadCertificate(ctx, path, password)
}
