package account

import (
	"context"
	"errors"
	"fmt"
	"io"

	"pushdesk/connection"
	"pushdesk/connection/entra"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/keychain"
)

// Credential reads what a connection signs in with, at the moment of use, and says
// where it came from.
func (a *Accounts) Credential(ctx context.Context, c connection.Connection) (given connection.Credential, place string, err error) {
	if c.Team != "" && a.Teams != nil {
		if err := a.Teams.Usable(c); err != nil {
			return connection.Credential{}, "", err
		}
		if c.Credential != connection.CredentialSecret || a.secret == "" {
			if given, known, err := a.Teams.Credential(ctx, c); known {
				return given, string(PlaceTeam), err
			}
		}
	}
	switch {
	case c.Credential == connection.CredentialPractice:
		p, err := a.options.Practice(ctx)
		if err != nil {
			return connection.Credential{}, "", err
		}
		return connection.SecretCredential(p.Credentials()[0].ClientSecret), "built into the practice service", nil
	case c.Credential == connection.CredentialCertificate, c.Credential.User():
		return a.largeCredential(ctx, c)
	case a.secret != "":
		return connection.SecretCredential(a.secret), "from the environment, for this command only", nil
	}
	secret, err := a.Secrets.Get(ctx, c.ID)
	if missing(err) && c.Reference != (connection.Reference{}) {
		secret, err = a.fromManager(ctx, c)
		return connection.SecretCredential(secret), "from the secret manager " + c.Reference.Manager, err
	}
	if errors.Is(err, keychain.ErrNotFound) {
		return connection.Credential{}, "", noCredential(c)
	}
	if err != nil {
		return connection.Credential{}, "", fmt.Errorf("read the secret of %q: %w", c.Name, err)
	}
	return connection.SecretCredential(secret), string(a.Secrets.Where(ctx, c.ID)), nil
}

// missing reports whether an error says that no secret is stored, or that there is no
// keychain that could have it.
func missing(err error) bool {
	var no *keychain.Unavailable
	return errors.Is(err, keychain.ErrNotFound) || errors.As(err, &no) && no.None()
}

// largeCredential reads a certificate or a sign-in from its sealed file.
func (a *Accounts) largeCredential(ctx context.Context, c connection.Connection) (connection.Credential, string, error) {
	given := connection.Credential{Kind: c.Credential}
	data, err := a.Secrets.GetSealed(ctx, c.ID)
	if errors.Is(err, keychain.ErrNotFound) {
		return given, "", noCredential(c)
	}
	if err != nil {
		return given, "", fmt.Errorf("read the credential of %q: %w", c.Name, err)
	}
	if c.Credential == connection.CredentialCertificate {
		given.Certificate, err = connection.ReadCertificate(data, "")
	} else {
		given.SignIn, err = connection.DecodeSignIn(data)
	}
	return given, string(a.Secrets.Where(ctx, c.ID)), err
}

// keepCredential stores what a connection signs in with and says where. Nothing is
// stored when nothing was given.
func (a *Accounts) keepCredential(ctx context.Context, c connection.Connection, given connection.Credential) (keychain.Place, error) {
	switch {
	case given.Certificate != nil:
		data, err := given.Certificate.Encode()
		if err != nil {
			return keychain.PlaceNone, err
		}
		return a.Secrets.SetSealed(ctx, c.ID, data)
	case given.SignIn != nil:
		data, err := given.SignIn.Encode()
		if err != nil {
			return keychain.PlaceNone, err
		}
		return a.Secrets.SetSealed(ctx, c.ID, data)
	case given.Secret != "":
		return a.Secrets.Set(ctx, c.ID, given.Secret)
	}
	return "", nil
}

const chooseCertificate = "Choose the PFX, P12 or PEM file with the private key."

// ReadCertificate reads a certificate with its key from a file.
func (a *Accounts) ReadCertificate(_ context.Context, path, password string) (connection.Credential, error) {
	f, err := storage.OpenRegular(path)
	if err != nil {
		return connection.Credential{}, cannotRead(failure.Usage, "certificate-file", path, chooseCertificate, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return connection.Credential{}, cannotRead(failure.Usage, "certificate-file", path, chooseCertificate, err)
	}
	cert, err := connection.ReadCertificate(data, password)
	if err != nil {
		return connection.Credential{}, err
	}
	return connection.Credential{Kind: connection.CredentialCertificate, Certificate: cert}, nil
}

// SignIn signs a person in, in the way the connection says: open is called with the
// address for a browser, or show with a code to type. Nothing is kept yet.
func (a *Accounts) SignIn(ctx context.Context, c connection.Connection, open func(link string) error, show func(entra.DeviceCode)) (connection.Credential, error) {
	given := connection.Credential{Kind: c.Credential}
	c, endpoints, err := a.resolve(ctx, c)
	if err != nil {
		return given, err
	}
	network, err := a.Network(ctx)
	if err != nil {
		return given, err
	}
	if c.Credential == connection.CredentialDevice {
		given.SignIn, err = entra.SignInWithDevice(ctx, endpoints, network, c.TenantID, c.ClientID, show)
	} else {
		given.SignIn, err = entra.SignInWithBrowser(ctx, endpoints, network, c.TenantID, c.ClientID, c.Account, open)
	}
	return given, err
}
