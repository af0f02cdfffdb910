package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"pushdesk/connection"
	"pushdesk/storage/keychain"
)

// Credential reads what a connection signs in with, at the moment of use, and says
// where it came from.
func (a *Accounts) Credential(ctx context.Context, c connection.Connection) (given connection.Credential, place string, err error) {
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
	if errors.Is(err, keychain.ErrNotFound) {
		return connection.Credential{}, "", &NoSecretError{Connection: c.Name, Kind: c.Credential}
	}
	if err != nil {
		return connection.Credential{}, "", fmt.Errorf("read the secret of %q: %w", c.Name, err)
	}
	return connection.SecretCredential(secret), string(a.Secrets.Where(ctx, c.ID)), nil
}

// largeCredential reads a certificate or a sign-in from its sealed file.
func (a *Accounts) largeCredential(ctx context.Context, c connection.Connection) (connection.Credential, string, error) {
	given := connection.Credential{Kind: c.Credential}
	data, err := a.Secrets.GetSealed(ctx, c.ID)
	if errors.Is(err, keychain.ErrNotFound) {
		return given, "", &NoSecretError{Connection: c.Name, Kind: c.Credential}
	}
	if err != nil {
		return given, "", fmt.Errorf("read what %q signs in with: %w", c.Name, err)
	}
	if c.Credential == connection.CredentialCertificate {
		given.Certificate, err = connection.ReadCertificate(data, "")
	} else {
		given.SignIn, err = connection.DecodeSignIn(data, func(renewed []byte) {
			a.keepRenewed(context.WithoutCancel(ctx), c.ID, renewed)
		})
	}
	return given, string(a.Secrets.Where(ctx, c.ID)), err
}

// renewLimit is how long the store may take for a renewed sign-in.
const renewLimit = 10 * time.Second

// keepRenewed stores a sign-in with a new refresh token: the old one will end. The
// request that is under way does not wait for it: a keychain may be asking somebody
// to unlock it. A store that does not take it costs a new sign-in later.
func (a *Accounts) keepRenewed(ctx context.Context, id string, renewed []byte) {
	a.keeping.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, renewLimit)
		defer cancel()
		_, _ = a.Secrets.SetSealed(ctx, id, renewed)
	})
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

// ReadCertificate reads a certificate with its key from a file.
func (a *Accounts) ReadCertificate(_ context.Context, path, password string) (connection.Credential, error) {
	f, err := os.Open(path)
	if err != nil {
		return connection.Credential{}, &CertificateFileError{Path: path, Err: err}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return connection.Credential{}, &CertificateFileError{Path: path, Err: err}
	}
	cert, err := connection.ReadCertificate(data, password)
	if err != nil {
		return connection.Credential{}, err
	}
	return connection.Credential{Kind: connection.CredentialCertificate, Certificate: cert}, nil
}

// SignIn signs a person in, in the way the connection says: open is called with the
// address for a browser, or show with a code to type. Nothing is kept yet.
func (a *Accounts) SignIn(ctx context.Context, c connection.Connection, open func(link string) error, show func(connection.DeviceCode)) (connection.Credential, error) {
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
		given.SignIn, err = connection.SignInWithDevice(ctx, endpoints, network, c.TenantID, c.ClientID, show)
	} else {
		given.SignIn, err = connection.SignInWithBrowser(ctx, endpoints, network, c.TenantID, c.ClientID, c.Account, open)
	}
	return given, err
}

// CertificateFileError says that a file with a certificate cannot be read.
type CertificateFileError struct {
	Path string
	Err  error
}

func (e *CertificateFileError) Error() string { return fmt.Sprintf("read the certificate: %v", e.Err) }
func (e *CertificateFileError) Unwrap() error { return e.Err }

// Sentence says what happened.
func (e *CertificateFileError) Sentence() string {
	if errors.Is(e.Err, os.ErrNotExist) {
		return fmt.Sprintf("There is no file %s.", e.Path)
	}
	return fmt.Sprintf("The file %s cannot be read.", e.Path)
}

// Remedy says what to do next.
func (e *CertificateFileError) Remedy() string {
	return "Choose the PFX, P12 or PEM file with the private key."
}

// Who says who can fix it.
func (e *CertificateFileError) Who() string { return "you" }

// Details are for support.
func (e *CertificateFileError) Details() string { return "Cause: " + e.Err.Error() }

// NoSecretError says that nothing is stored for a connection.
type NoSecretError struct {
	Connection string
	Kind       connection.CredentialKind
}

func (e *NoSecretError) Error() string {
	return fmt.Sprintf("nothing to sign in with is stored for %q", e.Connection)
}

// Sentence says what happened.
func (e *NoSecretError) Sentence() string {
	switch {
	case e.Kind == connection.CredentialCertificate:
		return fmt.Sprintf("No certificate is stored for %q on this computer.", e.Connection)
	case e.Kind.User():
		return fmt.Sprintf("Nobody has signed in for %q on this computer.", e.Connection)
	}
	return fmt.Sprintf("No client secret is stored for %q on this computer.", e.Connection)
}

// Remedy says what to do next.
func (e *NoSecretError) Remedy() string {
	switch {
	case e.Kind == connection.CredentialCertificate:
		return "Edit the connection and choose the certificate file."
	case e.Kind.User():
		return "Edit the connection and sign in, or use: pushdesk connection sign-in NAME"
	}
	return "Edit the connection and paste the client secret: the Value that Entra showed when the secret was made, not its ID."
}

// Who says who can fix it.
func (e *NoSecretError) Who() string { return "you" }

// Details are for support.
func (e *NoSecretError) Details() string { return "" }
