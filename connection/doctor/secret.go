package doctor

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"pushdesk/connection"
)

// Secret is the check that what it signs in with can be read.
const Secret = "secret"

var secretCheck = check{id: Secret, group: GroupLocal, title: "The {credential} can be read", limit: secretLimit, run: (*test).checkSecret,
	without: "there is nothing to sign in with"}

// checkSecret reads what the connection signs in with. A keychain may ask a person
// to unlock it; it is waited for, and said.
func (t *test) checkSecret(ctx context.Context) finding {
	type answer struct {
		credential connection.Credential
		place      string
		err        error
	}
	read := make(chan answer, 1) // the reader never waits for us
	go func() {
		c, place, err := t.Credential(ctx)
		read <- answer{c, place, err}
	}()
	hint := time.NewTimer(secretHint)
	defer hint.Stop()
	for {
		select {
		case <-hint.C:
			waiting := t.current
			waiting.Evidence = "Waiting for the keychain. It may be asking for its password in another window."
			t.on(waiting)
		case <-ctx.Done():
			return finding{status: Fail, evidence: "The keychain did not answer.",
				remedy: "Unlock your keychain and test again, or enter the secret again.", who: "you"}
		case a := <-read:
			if a.err != nil {
				return explain(a.err, "The "+t.noun()+" could not be read.", "Unlock your keychain, or enter it again.")
			}
			return t.judgeCredential(a.credential, a.place)
		}
	}
}

// judgeCredential looks at what was read, and keeps it for the sign-in.
func (t *test) judgeCredential(c connection.Credential, place string) finding {
	t.conceal(c.Secret)
	c.Secret = connection.CleanSecret(c.Secret)
	t.conceal(c.Secret)
	t.credential = c
	in := ""
	if place != "" {
		in = " (" + place + ")"
	}
	switch {
	case t.Connection.Credential == connection.CredentialCertificate && c.Certificate == nil:
		return finding{status: Fail, evidence: "There is no certificate.", remedy: "Edit the connection and choose the certificate file.", who: "you"}
	case c.Certificate != nil:
		f := pass(fmt.Sprintf("%s, %d bits%s.", c.Certificate.Subject(), c.Certificate.Bits(), in))
		f.details = lines("Thumbprint", c.Certificate.Thumbprint(), "Valid until", stamp(c.Certificate.NotAfter()))
		f.judge(c.Certificate.Findings(t.now()), func(connection.Finding) bool { return true })
		return f
	case t.Connection.Credential.User() && c.SignIn == nil:
		return finding{status: Fail, evidence: "Nobody has signed in on this computer.", remedy: "Edit the connection and sign in.", who: "you"}
	case c.SignIn != nil:
		return pass("The sign-in of " + c.SignIn.Account() + in + ".")
	}
	f := pass(fmt.Sprintf("%d characters%s.", utf8.RuneCountInString(c.Secret), in))
	f.judge(connection.Validate(t.Connection, c.Secret, true), func(x connection.Finding) bool { return x.Field == connection.FieldSecret })
	return f
}
