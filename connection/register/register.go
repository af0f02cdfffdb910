// Package register tells what an administrator does before a connection can work: how an
// app is registered in Microsoft Entra, what it needs in Power BI, and what it must not
// be given. It is a checklist with the reader's own values, and a letter.
package register

import (
	"cmp"
	"fmt"
	"strings"

	"pushdesk/connection"
	"pushdesk/connection/entra"
)

// Values are what is known of the reader's app. Empty ones are left as placeholders.
type Values struct {
	Kind      connection.CredentialKind
	Cloud     connection.Cloud
	Tenant    string
	Client    string
	Principal string // the object ID of the service principal, as a test learned it
	Account   string // of a person who signs in
	Workspace string
	Name      string // of the connection
}

// Of returns what a connection tells.
func Of(c connection.Connection) Values {
	return Values{Kind: cmp.Or(c.Credential, connection.CredentialSecret), Cloud: c.Cloud, Tenant: c.TenantID, Client: c.ClientID, Account: c.Account, Workspace: c.Workspace, Name: c.Name}
}

// Section is a part of the checklist that one person does.
type Section struct {
	Title string
	Who   string // who can do it
	Steps []string
}

// portal is the Entra admin center of a cloud.
func portal(c connection.Cloud) string {
	switch c {
	case connection.CloudGCCHigh, connection.CloudDoD:
		return "the Entra admin center (entra.microsoft.us)"
	case connection.CloudChina:
		return "the Entra admin center (entra.microsoftonline.cn)"
	}
	return "the Entra admin center (entra.microsoft.com)"
}

func or(value, placeholder string) string { return cmp.Or(value, "<"+placeholder+">") }

// Checklist returns what is to be done, in order.
func (v Values) Checklist() []Section {
	return []Section{v.registration(), v.credential(), v.permissions(), v.powerBI(), v.workspace(), v.afterwards()}
}

func (v Values) registration() Section {
	s := Section{Title: "Register the app", Who: "a person who may register apps in Entra"}
	s.Steps = []string{"In " + portal(v.Cloud) + ", open App registrations and choose New registration. Name it after its purpose, such as “Pushdesk " + or(v.Workspace, "workspace") + "”, for accounts in this organizational directory only."}
	if v.Kind == connection.CredentialBrowser {
		s.Steps = append(s.Steps, "As redirect URI choose “Public client/native (mobile & desktop)” and enter http://localhost. Any port is allowed then.")
	} else {
		s.Steps = append(s.Steps, "Leave the redirect URI empty.")
	}
	return Section{s.Title, s.Who, append(s.Steps,
		"On the Overview page copy “Application (client) ID”: "+or(v.Client, "client ID")+".",
		"On the same page copy “Directory (tenant) ID”: "+or(v.Tenant, "tenant ID")+". The Object ID on this page is not needed.")}
}

func (v Values) credential() Section {
	switch v.Kind {
	case connection.CredentialCertificate:
		return Section{"Give it a certificate", "the owner of the app", []string{
			"Make an RSA key of 2048 bits or more with a certificate. Elliptic curves do not work.",
			"Under Certificates & secrets, Certificates, upload the certificate (.cer or .pem) without its private key.",
			"Compare the thumbprint that Entra shows with that of your file.",
			"Keep the key with its certificate as a PFX or PEM file, and give that file to Pushdesk. Its password may be asked once.",
			"Note the day on which it expires. Upload the next one before that day: two can be active at once.",
		}}
	case connection.CredentialBrowser, connection.CredentialDevice:
		s := Section{"Let people sign in", "the owner of the app", []string{"The app needs no secret and no certificate: each person signs in with their own account."}}
		if v.Kind == connection.CredentialDevice {
			s.Steps = append(s.Steps, "Under Authentication set “Allow public client flows” to Yes. Without it the sign-in with a code is refused (AADSTS7000218).",
				"Conditional Access may forbid sign-in with a code. Ask before you rely on it.")
		} else {
			s.Steps = append(s.Steps, "Under Authentication check that http://localhost stands under “Mobile and desktop applications”.")
		}
		return s
	}
	return Section{"Give it a client secret", "the owner of the app", []string{
		"Under Certificates & secrets, Client secrets, choose New client secret. The portal allows at most 24 months; shorter is safer.",
		"Copy the column Value at once: it is shown only now. The column Secret ID is not the secret.",
		"Send the Value in a safe way, never by mail or chat in clear text.",
		"Note the day on which it expires. Create the next one before that day: two can be active at once, so nothing stops working.",
	}}
}

func (v Values) permissions() Section {
	if v.Kind.User() {
		return Section{"Grant the permissions", "a tenant administrator, where users may not consent themselves", []string{
			"Under API permissions choose Add a permission, Power BI Service, Delegated permissions.",
			"Add " + entra.ScopePush + ": it pushes rows and creates push datasets.",
			"Add " + entra.ScopeWorkspaces + ": it lists the workspaces to choose from.",
			"If your organization does not let users consent, choose Grant admin consent.",
			"Do not grant more. Tenant.Read.All, Tenant.ReadWrite.All and Application permissions are not used.",
		}}
	}
	return Section{"Grant no API permissions", "the owner of the app", []string{
		"Leave API permissions as they are: the app needs none of the Power BI Service. " + entra.ScopePush + " exists for people who sign in only, and can never be in an app's token.",
		"Do not grant Tenant.Read.All or Tenant.ReadWrite.All: pushing rows does not use them, and they can cause errors that are hard to find.",
		"What the app may do is decided by the tenant settings and by its role in the workspace, below.",
	}}
}

func (v Values) powerBI() Section {
	if v.Kind.User() {
		return Section{"Check the tenant settings", "your Power BI administrator", []string{"No tenant setting for service principals is needed: people sign in themselves."}}
	}
	return Section{"Let apps use the Power BI APIs", "your Power BI administrator", []string{
		"In Entra make a security group and add the app to it (search for the app by its name or its client ID " + or(v.Client, "client ID") + ").",
		"In the Power BI admin portal, Tenant settings, Developer settings, enable “Service principals can call Fabric public APIs” for that group. Older names: “Service principals can use Fabric APIs”, “Allow service principals to use Power BI APIs”.",
		"To let the queries of the test and of receipts work, enable “Dataset Execute Queries REST API” under Integration settings.",
		"“Service principals can create workspaces, connections, and deployment pipelines” is not needed: leave it off.",
		"A change takes 15 to 30 minutes to work.",
	}}
}

func (v Values) workspace() Section {
	who := "the service principal (search for the app by its name"
	if v.Principal != "" {
		who += ", or by its object ID " + v.Principal
	}
	who += ")"
	role := "Contributor"
	if v.Kind.User() {
		who = or(v.Account, "the person who signs in")
	}
	return Section{"Give a role in the workspace", "an admin of the workspace", []string{
		"In Power BI open the workspace " + or(v.Workspace, "workspace") + " and choose Manage access.",
		"Add " + who + " as " + role + ". Viewer cannot push. Member and Admin can do more than is needed.",
		"An app cannot use anybody's My workspace.",
		"A new role takes some minutes to work.",
	}}
}

// Rotation returns how the secret of an app is replaced, in order. who are people who
// could read the old one and may not any more, or "".
func (v Values) Rotation(who string) []string {
	last := "When everybody has the new secret, delete the old one in the same list."
	if who != "" {
		last += " Only that shuts " + who + " out."
	}
	return []string{
		"In " + portal(v.Cloud) + ", open App registrations, All applications, and choose the app with the client ID " + or(v.Client, "client ID") + " in the tenant " + or(v.Tenant, "tenant ID") + ".",
		"Under Certificates & secrets, Client secrets, choose New client secret. The old one still works, so nothing stops.",
		"Copy the column Value at once: it is shown only now. Note the day on which it expires.",
		"Enter both here. The new secret is tested before it takes the place of the old one. Where a team has it sealed, it is sealed again to the members.",
		last,
	}
}

// Link is the address of the app's secrets in the Entra admin center, "" without a
// client ID or outside Microsoft's clouds.
func (v Values) Link() string {
	host := map[connection.Cloud]string{connection.CloudPublic: "entra.microsoft.com", connection.CloudGCC: "entra.microsoft.com",
		connection.CloudGCCHigh: "entra.microsoft.us", connection.CloudDoD: "entra.microsoft.us", connection.CloudChina: "entra.microsoftonline.cn"}[v.Cloud]
	if host == "" || !connection.IsGUID(v.Client) {
		return ""
	}
	return "https://" + host + "/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/" + v.Client
}

func (v Values) afterwards() Section {
	return Section{"Prove it", "you", []string{
		"Enter the tenant ID, the client ID and what the connection signs in with into Pushdesk, and test the connection. Each check says what it saw, and who can fix what is missing.",
		"Test with a trial dataset: it proves the right to push. New push datasets can be created until 31 October 2027.",
		"Write down who owns the app, and when its secret or certificate expires.",
	}}
}

// Markdown returns the checklist as text with a box for each step.
func (v Values) Markdown() string {
	var b strings.Builder
	b.WriteString("# Register an app in Microsoft Entra for Pushdesk\n\n" + v.kindSentence() + "\n")
	for i, s := range v.Checklist() {
		fmt.Fprintf(&b, "\n## %d. %s\n\nWho: %s.\n\n", i+1, s.Title, s.Who)
		for _, step := range s.Steps {
			b.WriteString("- [ ] " + step + "\n")
		}
	}
	return b.String()
}

func (v Values) kindSentence() string {
	switch v.Kind {
	case connection.CredentialCertificate:
		return "For a connection that signs in with a certificate."
	case connection.CredentialBrowser:
		return "For a connection with which people sign in, in a web browser."
	case connection.CredentialDevice:
		return "For a connection with which people sign in, with a code."
	}
	return "For a connection that signs in with a client secret."
}

// Letter returns a message to an administrator, with the checklist.
func (v Values) Letter() (subject, body string) {
	subject = "Power BI: please register an app for pushing rows"
	if v.Workspace != "" {
		subject += " into " + v.Workspace
	}
	var b strings.Builder
	b.WriteString("Hello,\n\nI use Pushdesk to push rows from files into Power BI")
	if v.Workspace != "" {
		b.WriteString(", into the workspace " + v.Workspace)
	}
	b.WriteString(". It signs in with an app of its own in Microsoft Entra. Could you please do the following, or pass it on to those who can?\n")
	for i, s := range v.Checklist() {
		if s.Who == "you" {
			continue
		}
		fmt.Fprintf(&b, "\n%d. %s (%s)\n", i+1, s.Title, s.Who)
		for _, step := range s.Steps {
			b.WriteString("   - " + step + "\n")
		}
	}
	b.WriteString("\nPlease send me the tenant ID and the client ID")
	switch v.Kind {
	case connection.CredentialSecret:
		b.WriteString(", and the Value of the client secret in a safe way, with its expiry date")
	case connection.CredentialCertificate:
		b.WriteString(", and the certificate's PFX file in a safe way")
	}
	b.WriteString(".\n\nThank you!\n")
	return subject, b.String()
}
