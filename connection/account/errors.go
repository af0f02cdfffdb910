package account

import (
	"errors"
	"fmt"
	"os"

	"pushdesk/connection"
	"pushdesk/storage/failure"
)

// cannotRead says that a file of the user's cannot be read.
func cannotRead(kind failure.Kind, code, path, remedy string, err error) error {
	sentence := fmt.Sprintf("The file %s cannot be read.", path)
	if errors.Is(err, os.ErrNotExist) {
		sentence = fmt.Sprintf("There is no file %s.", path)
	}
	return failure.New(kind, code, sentence, remedy).Because(err).WithDetails("Cause: %v", err)
}

// What is missing when nothing to sign in with is stored for a connection.
var (
	errNoSecret = failure.New(failure.Connection, "no-secret", "No client secret is stored for “%s” on this computer.",
		"Edit the connection and paste the client secret: the Value that Entra showed when the secret was created, not its ID.")
	errNoCertificate = failure.New(failure.Connection, "no-certificate", "No certificate is stored for “%s” on this computer.",
		"Edit the connection and choose the certificate file.")
	errNoSignIn = failure.New(failure.Connection, "no-sign-in", "Nobody has signed in for “%s” on this computer.",
		"Edit the connection and sign in.")
)

// noCredential says that nothing to sign in with is stored for a connection.
func noCredential(c connection.Connection) error {
	f := *errNoSecret
	switch {
	case c.Credential == connection.CredentialCertificate:
		f = *errNoCertificate
	case c.Credential.User():
		f = *errNoSignIn
	}
	f.Sentence = fmt.Sprintf(f.Sentence, c.Name)
	return &f
}

// IsNothingStored reports whether an error says that nothing to sign in with is stored
// for a connection.
func IsNothingStored(err error) bool {
	return errors.Is(err, errNoSecret) || errors.Is(err, errNoCertificate) || errors.Is(err, errNoSignIn)
}

// sentence says an error as a person reads it.
func sentence(err error) string { return inWords(err).Sentence }

func inWords(err error) *failure.Error {
	if f, ok := failure.From(err); ok {
		return f
	}
	return failure.New(failure.Unexpected, "", err.Error()+".", "")
}

// noun names what a connection signs in with.
func noun(k connection.CredentialKind) string {
	switch {
	case k == connection.CredentialCertificate:
		return "certificate"
	case k.User():
		return "sign-in"
	}
	return "client secret"
}
