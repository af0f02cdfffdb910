package register

import (
	"strings"
	"testing"

	"pushdesk/connection"
)

func TestChecklist(t *testing.T) {
	for kind, words := range map[connection.CredentialKind]struct{ has, hasNot []string }{
		connection.CredentialSecret:      {[]string{"column Value", "24 months", "Grant no API permissions", "can never be in an app's token", "Service principals can call Fabric public APIs", "Service principals can use Fabric APIs", "Contributor"}, []string{"http://localhost", "Add Dataset.ReadWrite.All"}},
		connection.CredentialCertificate: {[]string{"RSA", "thumbprint", "Grant no API permissions"}, []string{"column Value", "http://localhost"}},
		connection.CredentialBrowser:     {[]string{"http://localhost", "Add Dataset.ReadWrite.All", "Add Workspace.Read.All"}, []string{"column Value", "security group", "Allow public client flows"}},
		connection.CredentialDevice:      {[]string{"Allow public client flows", "AADSTS7000218", "Add Dataset.ReadWrite.All"}, []string{"http://localhost", "column Value"}},
	} {
		v := Values{Kind: kind, Tenant: "contoso.com", Client: "the-client", Workspace: "Finance", Principal: "the-object", Account: "ann@contoso.com"}
		text := v.Markdown()
		_, letter := v.Letter()
		for _, w := range append(words.has, "contoso.com", "the-client", "Finance", "Tenant.ReadWrite.All") {
			if !strings.Contains(text, w) || !strings.Contains(letter, w) {
				t.Errorf("%s: nothing says %q", kind, w)
			}
		}
		for _, w := range words.hasNot {
			if strings.Contains(text, w) {
				t.Errorf("%s: it says %q", kind, w)
			}
		}
		if strings.Contains(text, "<") || strings.Contains(letter, "Prove it") {
			t.Errorf("%s: a value is missing, or the letter holds what the reader does:\n%s", kind, text)
		}
	}
	if text := (Values{Kind: connection.CredentialSecret}).Markdown(); !strings.Contains(text, "<client ID>") {
		t.Error(text)
	}
	if s, _ := Of(connection.Connection{Workspace: "Finance"}).Letter(); !strings.HasSuffix(s, "into Finance") {
		t.Error(s)
	}
}
