package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"pushdesk/connection"
	"pushdesk/connection/network"
)

// checkFormat looks at the settings alone, and makes ready what speaks to the servers.
func (e *examination) checkFormat(context.Context) finding {
	c := e.Connection
	f := pass(fmt.Sprintf("Cloud: %s; tenant %s; client %s.", c.Cloud.Label(), c.TenantID, c.ClientID))
	f.details = lines("Cloud", string(c.Cloud), "Tenant ID", c.TenantID, "Client ID", c.ClientID,
		"Login address", e.Endpoints.LoginURL, "API address", e.Endpoints.APIURL, "Resource", e.Endpoints.Resource, "Network", e.Network.Describe())
	f.judge(connection.Validate(c, "", false), func(x connection.Finding) bool {
		return x.Field != connection.FieldName && x.Field != connection.FieldExpires // it may be tested before it is named, and the day has a check of its own
	})
	if f.status == Fail {
		return f
	}
	hc, err := network.Client(e.Endpoints, e.Network)
	if err != nil {
		t := explain(err, "The CA file cannot be used.", "Choose a file with certificates in PEM form.")
		t.details = joined(f.details, t.details)
		return t
	}
	e.hc = hc
	return f
}

// judge takes the worst of what a check of the settings found, and all its
// sentences, of those findings that matter.
func (f *finding) judge(found []connection.Finding, matters func(connection.Finding) bool) {
	var evidence, remedies []string
	for _, level := range []connection.Level{connection.LevelFail, connection.LevelWarn} {
		for _, x := range found {
			if x.Level != level || !matters(x) {
				continue
			}
			evidence = append(evidence, x.Sentence)
			if x.Remedy != "" {
				remedies = append(remedies, x.Remedy)
			}
			if level == connection.LevelFail {
				f.status = Fail
			} else if f.status == Pass {
				f.status = Warn
			}
		}
	}
	if len(evidence) > 0 {
		f.evidence, f.remedy, f.who = strings.Join(evidence, " "), strings.Join(remedies, " "), "you"
	}
}

// checkSecret reads what the connection signs in with. A keychain may ask a person
// to unlock it; it is waited for, and said.
func (e *examination) checkSecret(ctx context.Context) finding {
	type answer struct {
		credential connection.Credential
		place      string
		err        error
	}
	read := make(chan answer, 1) // the reader never waits for us
	go func() {
		c, place, err := e.Credential(ctx)
		read <- answer{c, place, err}
	}()
	hint := time.NewTimer(secretHint)
	defer hint.Stop()
	for {
		select {
		case <-hint.C:
			e.on(Check{ID: Secret, Group: GroupLocal, Title: e.title(Secret), Status: Running,
				Evidence: "Waiting for the keychain. It may be asking for its password in another window."})
		case <-ctx.Done():
			return finding{status: Fail, evidence: "The keychain did not answer.",
				remedy: "Unlock your keychain and test again, or enter the secret again.", who: "you"}
		case a := <-read:
			if a.err != nil {
				return explain(a.err, "The "+e.noun()+" could not be read.", "Unlock your keychain, or enter it again.")
			}
			return e.judgeCredential(a.credential, a.place)
		}
	}
}

// judgeCredential looks at what was read, and keeps it for the sign-in.
func (e *examination) judgeCredential(c connection.Credential, place string) finding {
	e.conceal(c.Secret)
	c.Secret = connection.CleanSecret(c.Secret)
	e.conceal(c.Secret)
	e.credential = c
	in := ""
	if place != "" {
		in = " (" + place + ")"
	}
	switch {
	case e.Connection.Credential == connection.CredentialCertificate && c.Certificate == nil:
		return finding{status: Fail, evidence: "There is no certificate.", remedy: "Edit the connection and choose the certificate file.", who: "you"}
	case c.Certificate != nil:
		f := pass(fmt.Sprintf("%s, %d bits%s.", c.Certificate.Subject(), c.Certificate.Bits(), in))
		f.details = lines("Thumbprint", c.Certificate.Thumbprint(), "Valid until", stamp(c.Certificate.NotAfter()))
		f.judge(c.Certificate.Findings(e.now()), func(connection.Finding) bool { return true })
		return f
	case e.Connection.Credential.User() && c.SignIn == nil:
		return finding{status: Fail, evidence: "Nobody has signed in on this computer.", remedy: "Edit the connection and sign in.", who: "you"}
	case c.SignIn != nil:
		return pass("The sign-in of " + c.SignIn.Account() + in + ".")
	}
	f := pass(fmt.Sprintf("%d characters%s.", utf8.RuneCountInString(c.Secret), in))
	f.judge(connection.Validate(e.Connection, c.Secret, true), func(x connection.Finding) bool { return x.Field == connection.FieldSecret })
	return f
}

// explain is a failure in the error's own words, or in these when it has none.
func explain(err error, evidence, remedy string) finding {
	f := finding{status: Fail, evidence: evidence, remedy: remedy, who: "you", details: "Cause: " + err.Error()}
	if x, ok := inWords(err); ok {
		f.evidence, f.remedy, f.who, f.ask, f.details = x.Sentence, x.Remedy, string(x.Who), x.Request, x.Details
	}
	return f
}

// lines writes pairs of a name and a value, a line each, leaving out empty values.
func lines(pairs ...string) string {
	var l []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			l = append(l, pairs[i]+": "+pairs[i+1])
		}
	}
	return strings.Join(l, "\n")
}

// joined puts two texts of lines together; a line that is there already is left out.
func joined(a, b string) string {
	var l []string
	for line := range strings.Lines(a + "\n" + b) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && !slices.Contains(l, line) {
			l = append(l, line)
		}
	}
	return strings.Join(l, "\n")
}
