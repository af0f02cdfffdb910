package connection_test

import (
	"strings"
	"testing"

	"pushdesk/connection"
)

const (
	tenantID = "5d0cf6a5-1111-4222-8333-444455556666"
	clientID = "0f9e8d7c-aaaa-4bbb-8ccc-ddddeeeeffff"
	secret   = "abc8Q~0123456789abcdefghijklmnopqrstuvwx"
)

func sound() connection.Connection {
	return connection.Connection{Name: "Sales", Cloud: connection.CloudPublic, TenantID: tenantID, ClientID: clientID, Credential: connection.CredentialSecret}
}

func TestValidateSound(t *testing.T) {
	for name, c := range map[string]connection.Connection{
		"GUIDs":    sound(),
		"domain":   {Name: "S", Cloud: connection.CloudChina, TenantID: "contoso.onmicrosoft.com", ClientID: strings.ToUpper(clientID), Workspace: "Sales / EU workspace"[:5]},
		"practice": {Name: "P", Cloud: connection.CloudPractice, Credential: connection.CredentialPractice},
		"custom": {Name: "C", Cloud: connection.CloudCustom, TenantID: "a-b.example", ClientID: clientID, LoginURL: "https://127.0.0.1:8443",
			APIURL: "https://gateway.example.com/powerbi/v1.0/myorg/", Resource: "00000009-0000-0000-c000-000000000000"},
	} {
		if got := connection.Validate(c, secret, true); len(got) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestValidate(t *testing.T) {
	const warn, fail = connection.LevelWarn, connection.LevelFail
	type edit = func(*connection.Connection)
	tenant := func(s string) edit { return func(c *connection.Connection) { c.TenantID = s } }
	client := func(s string) edit { return func(c *connection.Connection) { c.ClientID = s } }
	workspace := func(s string) edit { return func(c *connection.Connection) { c.Workspace = s } }
	for _, c := range []struct {
		edit     edit
		field    connection.Field
		level    connection.Level
		sentence string
		remedy   string
	}{
		{func(c *connection.Connection) { c.Name = " \u200b" }, connection.FieldName, fail, "The connection has no name.", "recognise"},
		{func(c *connection.Connection) { c.Cloud = "" }, connection.FieldCloud, fail, "No cloud is chosen.", "Public"},
		{func(c *connection.Connection) { c.Cloud = "moon" }, connection.FieldCloud, fail, `This version of Pushdesk does not know the cloud "moon".`, "update"},

		{tenant(""), connection.FieldTenant, fail, "The tenant ID is missing.", "Directory (tenant) ID"},
		{tenant("Common"), connection.FieldTenant, fail, "“Common” stands for every tenant, but an app signs in to one.", "Directory (tenant) ID"},
		{tenant("organizations"), connection.FieldTenant, fail, "“organizations” stands for every tenant, but an app signs in to one.", ""},
		{tenant("consumers"), connection.FieldTenant, fail, "“consumers” stands for every tenant, but an app signs in to one.", ""},
		{tenant("{" + tenantID + "}"), connection.FieldTenant, fail, "The tenant ID has brackets or quotation marks around it.", tenantID},
		{tenant("https://login.microsoftonline.com/" + tenantID + "/oauth2/v2.0/token"), connection.FieldTenant, fail, "This is a web address, not a tenant ID.", "Use only this part of it: " + tenantID},
		{tenant("login.microsoftonline.com/contoso.com/v2.0"), connection.FieldTenant, fail, "This is a web address, not a tenant ID.", "Use only this part of it: contoso.com"},
		{tenant("https://portal.azure.com/"), connection.FieldTenant, fail, "This is a web address, not a tenant ID.", "overview"},
		{tenant("ann@contoso.com"), connection.FieldTenant, fail, "This is a mail address, not a tenant.", "“contoso.com”"},
		{tenant(strings.ReplaceAll(tenantID, "-", "")), connection.FieldTenant, fail, "The tenant ID has no dashes.", "Write it as " + tenantID},
		{tenant("Tenant: " + tenantID), connection.FieldTenant, fail, "There is extra text around the tenant ID.", tenantID},
		{tenant("00000000-0000-0000-0000-000000000000"), connection.FieldTenant, fail, "This is the tenant ID of an example.", "overview"},
		{tenant("Contoso"), connection.FieldTenant, fail, "The tenant ID is neither a GUID nor a domain.", "contoso.onmicrosoft.com"},
		{tenant("contoso..com"), connection.FieldTenant, fail, "The tenant ID is neither a GUID nor a domain.", ""},
		{tenant("1.2.3.4"), connection.FieldTenant, fail, "The tenant ID is neither a GUID nor a domain.", ""},
		{tenant("müller.de"), connection.FieldTenant, fail, "The tenant ID is neither a GUID nor a domain.", ""},
		{tenant(strings.Repeat("a.", 200) + "com"), connection.FieldTenant, fail, "The tenant ID is neither a GUID nor a domain.", ""},

		{client(""), connection.FieldClient, fail, "The client ID is missing.", "Application (client) ID"},
		{client(strings.ToUpper(tenantID)), connection.FieldClient, warn, "The client ID is the same as the tenant ID.", "pasted twice"},
		{client("contoso.onmicrosoft.com"), connection.FieldClient, fail, "The client ID is a domain, which only a tenant has.", "swapped"},
		{client("api://" + clientID), connection.FieldClient, fail, "This is a web address, not a client ID.", clientID},
		{client("https://portal.azure.com/x"), connection.FieldClient, fail, "This is a web address, not a client ID.", "overview"},
		{client("My app"), connection.FieldClient, fail, "The client ID is not a GUID.", "name of the app"},
		{client(clientID[:35]), connection.FieldClient, fail, "The client ID is not a GUID.", ""},
		{client(clientID[:35] + "g"), connection.FieldClient, fail, "The client ID is not a GUID.", ""},
		{client("00000000-0000-0000-0000-000000000000"), connection.FieldClient, fail, "This is the client ID of an example.", ""},

		{workspace("https://app.powerbi.com/groups/" + tenantID + "/list"), connection.FieldWorkspace, fail, "This is a web address, not a workspace.", tenantID},
		{workspace("https://app.powerbi.com/groups/me"), connection.FieldWorkspace, fail, "This is a web address, not a workspace.", "groups/"},
		{workspace("my workspace"), connection.FieldWorkspace, warn, "An app cannot use a person's My workspace.", "member"},
	} {
		conn := sound()
		c.edit(&conn)
		expectOne(t, connection.Validate(conn, secret, true), c.field, c.level, c.sentence, c.remedy)
	}
}

func expectOne(t *testing.T, found []connection.Finding, field connection.Field, level connection.Level, sentence, remedy string) {
	t.Helper()
	if len(found) != 1 {
		t.Errorf("%q: %d findings %+v", sentence, len(found), found)
		return
	}
	f := found[0]
	if f.Field != field || f.Level != level || f.Sentence != sentence || !strings.Contains(f.Remedy, remedy) {
		t.Errorf("%+v\nwant %s %s %q %q", f, field, level, sentence, remedy)
	}
	if strings.Contains(f.Sentence+f.Remedy, secret) {
		t.Errorf("the secret is shown: %+v", f)
	}
}

func TestValidateSecret(t *testing.T) {
	const warn, fail = connection.LevelWarn, connection.LevelFail
	for _, c := range []struct {
		secret   string
		level    connection.Level
		sentence string
		remedy   string
	}{
		{"", fail, "The client secret is missing.", "column Value"},
		{" \u200b\n", fail, "The client secret is missing.", "column Value"},
		{"11112222-3333-4444-8555-666677778888", warn, "This looks like the Secret ID, not the secret.", "Copy the column Value under Certificates & secrets in Entra; it is shown only once"},
		{strings.ToUpper(clientID), warn, "The client secret is the same as the client ID or the tenant ID.", "column Value"},
		{secret[:9] + " " + secret[9:], warn, "There is a space inside the client secret.", "button"},
		{secret[:9] + "\u00a0" + secret[9:], warn, "There is a space inside the client secret.", ""},
		{"abc8Q~01%2B3456789", warn, "The client secret looks encoded for a web address, in which %2B stands for a plus sign.", "Copy it again as Entra shows it"},
		{"abc/8Q~01%2f3456%3D%3D", warn, "The client secret looks encoded for a web address, in which %2B stands for a plus sign.", "column Value"},
		{"abc******************", warn, "This looks like the hint that Entra shows later, not the secret.", "new one"},
		{`"` + secret + `"`, warn, "The client secret has quotation marks around it.", "unless"},
		{"-----BEGIN PRIVATE KEY-----\nMII\n", fail, "This is a certificate or a key, not a client secret.", "column Value"},
		{strings.Repeat("ü", 601), fail, "The client secret is 601 characters long, more than any keychain can store.", "about 40"},
	} {
		expectOne(t, connection.Validate(sound(), c.secret, true), connection.FieldSecret, c.level, c.sentence, c.remedy)
	}
	if got := connection.Validate(sound(), "", false); len(got) != 0 {
		t.Errorf("a secret that is kept already: %+v", got)
	}
	if got := connection.Validate(sound(), strings.Repeat("x", 1200), false); len(got) != 0 {
		t.Errorf("the longest: %+v", got)
	}
	expectOne(t, connection.Validate(sound(), tenantID, false), connection.FieldSecret, warn, "The client secret is the same as the client ID or the tenant ID.", "")
}

func TestValidateEmpty(t *testing.T) {
	var fields []string
	for _, f := range connection.Validate(connection.Connection{}, "", true) {
		fields = append(fields, string(f.Field))
	}
	if got := strings.Join(fields, " "); got != "name cloud tenantId clientId secret" {
		t.Errorf("%s", got)
	}
}

func FuzzValidate(f *testing.F) {
	f.Add("{"+tenantID+"}", "api://x", "ab c")
	f.Add("a@b.c", "https://%zz", "")
	f.Fuzz(func(t *testing.T, a, b, s string) {
		c := connection.Connection{Name: a, Cloud: connection.CloudCustom, TenantID: a, ClientID: b, Workspace: b, LoginURL: a, APIURL: b, Resource: a}
		for _, x := range connection.Validate(c, s, true) {
			if x.Field == "" || x.Level == "" || x.Sentence == "" || x.Remedy == "" || strings.Contains(x.Remedy, "%!") {
				t.Errorf("%+v", x)
			}
		}
	})
}
