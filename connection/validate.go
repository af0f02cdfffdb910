package connection

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pushdesk/storage/text"
)

// Validate checks the form of a connection and its secret. It asks nobody and reads
// nothing: it is used while a person types, by the connection test and by the command
// line.
// With secretKnown false nothing is said about a secret that is not there: it may
// be kept already. The findings are in the order of the fields of a form.
func Validate(c Connection, secret string, secretKnown bool) []Finding {
	var found []Finding
	add := func(f Field, finding *Finding) {
		if finding != nil {
			finding.Field = f
			found = append(found, *finding)
		}
	}
	add(FieldName, checkName(c.Name))
	add(FieldCloud, checkCloud(c.Cloud))
	if c.Cloud == CloudCustom {
		add(FieldLoginURL, checkLoginURL(c.LoginURL))
		add(FieldAPIURL, checkAPIURL(c.APIURL))
		add(FieldResource, checkResource(c.Resource))
	}
	if c.Cloud != CloudPractice || c.Credential != CredentialPractice {
		add(FieldTenant, checkTenant(c.TenantID))
		add(FieldClient, checkClient(c.ClientID, c.TenantID))
		add(FieldCredential, checkCredential(c.Credential))
		if (secret != "" || secretKnown) && (c.Credential == CredentialSecret || c.Credential == "") {
			add(FieldSecret, checkSecret(secret, c))
		}
		add(FieldReference, c.Reference.Check())
		add(FieldExpires, checkExpires(c, time.Now()))
	}
	if !c.Credential.User() {
		add(FieldWorkspace, checkWorkspace(c.Workspace))
	}
	if c.Environment != "" && !slices.Contains(Environments, c.Environment) {
		add(FieldEnvironment, Warning(fmt.Sprintf("This version of Pushdesk does not know the environment %q.", string(c.Environment)), "It stays as it is. Pushdesk knows development, test and production."))
	}
	return found
}

// ValidateDraft checks what must hold for a connection to be saved: it has a name,
// and its cloud is known. The error is an *InvalidError.
func ValidateDraft(c Connection) error {
	if f := checkName(c.Name); f != nil {
		return Invalid(FieldName, f)
	}
	if f := checkCloud(c.Cloud); f != nil {
		return Invalid(FieldCloud, f)
	}
	return nil
}

// ValidateLogin checks the form of what a token is asked for with. The error is an
// *InvalidError.
func ValidateLogin(e Endpoints, tenantID, clientID string) error {
	for _, check := range []struct {
		field   Field
		finding *Finding
	}{
		{FieldLoginURL, checkLoginURL(e.LoginURL)},
		{FieldResource, checkResource(e.Resource)},
		{FieldTenant, checkTenant(tenantID)},
		{FieldClient, checkClient(clientID, tenantID)},
	} {
		if check.finding != nil && check.finding.Level == LevelFail {
			return Invalid(check.field, check.finding)
		}
	}
	return nil
}

// ValidateSecret checks the form of a client secret of an app in a tenant. The error
// is an *InvalidError.
func ValidateSecret(secret, tenantID, clientID string) error {
	if f := checkSecret(secret, Connection{TenantID: tenantID, ClientID: clientID}); f != nil && f.Level == LevelFail {
		return Invalid(FieldSecret, f)
	}
	return nil
}

// checkCredential finds a way to sign in that only a newer program knows.
func checkCredential(k CredentialKind) *Finding {
	switch k {
	case "", CredentialSecret, CredentialCertificate, CredentialBrowser, CredentialDevice, CredentialPractice:
		return nil
	}
	return Failing(fmt.Sprintf("This version of Pushdesk does not know the way to sign in %q.", string(k)), "Choose another one, or update Pushdesk.")
}

func checkName(s string) *Finding {
	if text.Name(s) == "" {
		return Failing("The connection has no name.", "Enter one that you recognise, such as the team or the workspace it is for.")
	}
	return NameShape(s)
}

// mostName is the length of the longest name, in characters.
const mostName = 200

// NameShape says why a name of a connection, a team or a person cannot be shown and typed
// like others, or nil.
func NameShape(s string) *Finding {
	switch s = text.Name(s); {
	case utf8.RuneCountInString(s) > mostName:
		return Failing(fmt.Sprintf("The name is longer than %d characters.", mostName), "Shorten it.")
	case strings.HasPrefix(s, "-"):
		return Failing("The name begins with a hyphen, so commands would read it as a flag.", "Begin it with a letter or a digit.")
	}
	return nil
}

func checkCloud(c Cloud) *Finding {
	switch {
	case c == "":
		return Failing("No cloud is chosen.", "Choose Public unless your organisation uses a government cloud or the cloud in China.")
	case !c.Known():
		return Failing(fmt.Sprintf("This version of Pushdesk does not know the cloud %q.", string(c)), "Choose another cloud, or update Pushdesk.")
	}
	return nil
}

const (
	whereTenant = "Copy the Directory (tenant) ID from the app's overview page in Entra."
	whereClient = "Copy the Application (client) ID from the app's overview page in Entra."
	whereSecret = "Copy the column Value under Certificates & secrets in Entra; it is shown only once, right after the secret was created."
)

// openTenants are the names that let users of any tenant sign in. An app that
// signs in by itself needs the one tenant it belongs to.
var openTenants = []string{"common", "organizations", "consumers"}

func checkTenant(s string) *Finding {
	s = text.Clean(s)
	for _, open := range openTenants {
		if strings.EqualFold(s, open) {
			return Failing(fmt.Sprintf("“%s” stands for every tenant, but an app signs in to one.", s), whereTenant)
		}
	}
	switch {
	case s == "":
		return Failing("The tenant ID is missing.", whereTenant)
	case IsGUID(s):
		return checkPlaceholder(s, "tenant ID", whereTenant)
	case isDomain(s):
		return nil
	}
	if _, domain, ok := strings.Cut(s, "@"); ok && isDomain(domain) {
		return Failing("This is a mail address, not a tenant.", "Use only the part after the @, “%s”, or the Directory (tenant) ID.", domain)
	}
	if f := checkNearGUID(s, "tenant ID"); f != nil {
		return f
	}
	if looksLikeURL(s) {
		if d := domainIn(s); d != "" {
			return Failing("This is a web address, not a tenant ID.", "Use only this part of it: %s", d)
		}
		return Failing("This is a web address, not a tenant ID.", whereTenant)
	}
	return Failing("The tenant ID is neither a GUID nor a domain.", whereTenant+" The tenant's domain, such as contoso.onmicrosoft.com, also works.")
}

func checkClient(s, tenant string) *Finding {
	s, tenant = text.Clean(s), text.Clean(tenant)
	switch {
	case s == "":
		return Failing("The client ID is missing.", whereClient)
	case IsGUID(s):
		if strings.EqualFold(s, tenant) {
			return Warning("The client ID is the same as the tenant ID.", "One of the two was pasted twice. "+whereClient)
		}
		return checkPlaceholder(s, "client ID", whereClient)
	case isDomain(s) && IsGUID(tenant):
		return Failing("The client ID is a domain, which only a tenant has.", "The tenant ID and the client ID look swapped.")
	}
	if f := checkNearGUID(s, "client ID"); f != nil {
		return f
	}
	if looksLikeURL(s) {
		return Failing("This is a web address, not a client ID.", whereClient)
	}
	return Failing("The client ID is not a GUID.", whereClient+" The name of the app does not work.")
}

// checkNearGUID finds a GUID in a dress: braces, a web address, no dashes.
func checkNearGUID(s, what string) *Finding {
	guid := FindGUID(s)
	switch {
	case guid == "":
		return nil
	case looksLikeURL(s):
		return Failing("This is a web address, not a "+what+".", "Use only this part of it: %s", guid)
	case strings.ContainsAny(s, "{}()[]<>\"'"):
		return Failing("The "+what+" has brackets or quotation marks around it.", "Leave them out: %s", guid)
	case len(s) == 32:
		return Failing("The "+what+" has no dashes.", "Write it as %s.", guid)
	}
	return Failing("There is extra text around the "+what+".", "Use only this part of it: %s", guid)
}

func checkPlaceholder(s, what, where string) *Finding {
	if strings.Trim(s, "0-") == "" {
		return Failing("This is the "+what+" of an example.", "%s", where)
	}
	return nil
}

// maxSecret is the length of the longest secret that every system's keychain
// takes with room to spare, in bytes. Entra's have about 40.
const maxSecret = 1200

// encoded is a character of a secret that was written for a web address, such as %2B for +.
var encoded = regexp.MustCompile(`%(2[0-9A-Fa-f]|3[A-Fa-f]|40|5[B-Eb-e]|60|7[B-Eb-e])`)

func checkSecret(s string, c Connection) *Finding {
	clean := CleanSecret(s)
	switch {
	case clean == "":
		return Failing("The client secret is missing.", whereSecret)
	case strings.Contains(clean, "-----BEGIN"):
		return Failing("This is a certificate or a key, not a client secret.", whereSecret)
	case len(clean) > maxSecret:
		return Failing(fmt.Sprintf("The client secret is %d characters long, more than any keychain can store.", utf8.RuneCountInString(clean)), "Entra's have about 40. "+whereSecret)
	case strings.EqualFold(clean, text.Clean(c.ClientID)) || strings.EqualFold(clean, text.Clean(c.TenantID)):
		return Warning("The client secret is the same as the client ID or the tenant ID.", whereSecret)
	case IsGUID(clean):
		return Warning("This looks like the Secret ID, not the secret.", whereSecret)
	case strings.ContainsFunc(clean, unicode.IsSpace):
		return Warning("There is a space inside the client secret.", "Entra's secrets have none. Copy it again with the button beside the column Value.")
	case strings.HasSuffix(clean, "***") || strings.HasSuffix(clean, "...") || strings.HasSuffix(clean, "…"):
		return Warning("This looks like the hint that Entra shows later, not the secret.", "If nobody kept the secret, create a new one. "+whereSecret)
	case encoded.MatchString(clean):
		return Warning("The client secret looks encoded for a web address, in which %2B stands for a plus sign.", "Copy it again as Entra shows it. "+whereSecret)
	case len(clean) > 1 && strings.ContainsRune("\"'`", rune(clean[0])) && clean[0] == clean[len(clean)-1]:
		return Warning("The client secret has quotation marks around it.", "Leave them out, unless they belong to the secret.")
	}
	return nil
}

func checkWorkspace(s string) *Finding {
	s = text.Clean(s)
	if looksLikeURL(s) {
		if guid := FindGUID(s); guid != "" {
			return Failing("This is a web address, not a workspace.", "Use the workspace's name, or its ID: %s", guid)
		}
		return Failing("This is a web address, not a workspace.", "Use the workspace's name, or the ID that follows “groups/” in its address.")
	}
	if strings.EqualFold(s, "My workspace") || strings.EqualFold(s, "me") {
		return Warning("An app cannot use a person's My workspace.", "Choose a workspace that the app is a member of.")
	}
	return nil
}
