package connection

import (
	"fmt"
	"io"
)

// Credential is what a connection signs in with. It is read at the moment of use
// and never printed.
type Credential struct {
	Kind        CredentialKind
	Secret      string       // of CredentialSecret and CredentialPractice
	Certificate *Certificate // of CredentialCertificate
	SignIn      *SignIn      // of CredentialBrowser and CredentialDevice
}

// SecretCredential is a client secret.
func SecretCredential(secret string) Credential {
	return Credential{Kind: CredentialSecret, Secret: secret}
}

// Empty reports whether there is nothing to sign in with.
func (c Credential) Empty() bool {
	return c.Secret == "" && c.Certificate == nil && c.SignIn == nil
}

// Same reports whether two credentials prove the same: a client that was made with
// one may go on with the other.
func (c Credential) Same(o Credential) bool {
	switch {
	case c.Kind != o.Kind:
		return false
	case c.Kind == CredentialCertificate:
		return c.Certificate != nil && o.Certificate != nil && c.Certificate.Thumbprint256() == o.Certificate.Thumbprint256()
	case c.Kind.User():
		return c.SignIn != nil && o.SignIn != nil && c.SignIn.id == o.SignIn.id
	}
	return c.Secret == o.Secret
}

// Format writes the kind and nothing secret, whatever the verb.
func (c Credential) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "credential: "+string(c.Kind))
}
