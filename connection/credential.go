package connection

import (
	"fmt"
	"io"
)

// Credential is what a connection signs in with. It is read at the moment of use
// and never printed.
type Credential struct {
	Kind   CredentialKind
	Secret string // of CredentialSecret and CredentialPractice
}

// SecretCredential is a client secret.
func SecretCredential(secret string) Credential {
	return Credential{Kind: CredentialSecret, Secret: secret}
}

// Format writes the kind and nothing secret, whatever the verb.
func (c Credential) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "credential: "+string(c.Kind))
}
