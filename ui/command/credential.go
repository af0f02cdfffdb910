package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/ui/app"
)

// readCredential takes what a connection signs in with from the flags, standard
// input, the environment or a prompt. It is empty when nothing was given.
func (c *commander) readCredential(ctx context.Context, d *app.App, conn *connection.Connection, f connectionFlags, ask bool) (connection.Credential, error) {
	c.unlock(ctx, d)
	switch {
	case f.certificate != "":
		given, err := c.readCertificate(ctx, d, f.certificate)
		if err != nil {
			return given, &coded{exitUsage, err}
		}
		conn.Expires, conn.ExpiresFrom = connection.DayOf(given.Certificate.NotAfter()), connection.ExpiryCertificate
		return given, nil
	case conn.Credential == connection.CredentialCertificate && ask:
		return connection.Credential{}, usage("--certificate is missing: give the PFX or PEM file")
	case conn.Credential == connection.CredentialCertificate, conn.Credential.User():
		return connection.Credential{Kind: conn.Credential}, nil
	}
	if !ask && !f.secretStdin {
		return connection.Credential{}, nil
	}
	secret, err := c.readSecret(f.secretStdin, ask)
	return connection.SecretCredential(secret), err
}

// readCertificate reads a file, and asks for its password when it wants one.
func (c *commander) readCertificate(ctx context.Context, d *app.App, path string) (connection.Credential, error) {
	given, err := d.ReadCertificate(ctx, path, c.Getenv(CertificateVariable))
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

// someArguments wants at least one argument.
func someArguments(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage("%s is missing\nSee: %s --help", what, cmd.CommandPath())
		}
		return nil
	}
}
