package doctor

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

// Letter is a message to the person who can fix what a test found.
type Letter struct {
	To      string `json:"to"` // who, such as "your Power BI administrator"
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

func (t *test) about() about {
	a := about{tenant: t.Connection.TenantID, client: t.Connection.ClientID, cloud: t.Connection.Cloud.Label(), workspace: t.Workspace}
	if t.tenant.ID != "" {
		a.tenant = t.tenant.ID
	}
	if t.workspace.ID != "" {
		a.workspace, a.workspaceID = t.workspace.Name, t.workspace.ID
	}
	if cert := t.credential.Certificate; cert != nil {
		a.thumbprint = cert.Thumbprint()
	}
	if t.isUser() {
		a.account = t.Connection.Account
	} else {
		a.object, a.app = t.claims.ObjectID, text.Name(cmp.Or(t.appName, t.claims.AppName))
	}
	for _, text := range []*string{&a.tenant, &a.client, &a.app, &a.object, &a.account, &a.workspace, &a.workspaceID} {
		*text = t.clean(*text) // a secret may have been pasted into any of them
	}
	return a
}

// Letter writes to whoever can fix the first thing that failed, or warns. ok
// is false when there is nothing that another person must do.
func (r Report) Letter() (l Letter, ok bool) {
	for _, status := range []Status{Fail, Warn} {
		for _, c := range r.Checks {
			if c.Status == status && c.Who != "" && c.Who != "you" && c.Remedy != "" {
				return r.letter(c), true
			}
		}
	}
	return Letter{}, false
}

func (r Report) letter(c Check) Letter {
	var b strings.Builder
	fmt.Fprintf(&b, "Hello,\n\nI use Pushdesk to push rows into Power BI with the connection “%s”. Its test found this:\n\n", r.Connection)
	fmt.Fprintf(&b, "%s\n\nCould you please do the following?\n\n%s\n", c.Evidence, cmp.Or(c.ask, c.Remedy))
	if extra := c.forWhom(); extra != "" {
		fmt.Fprintf(&b, "\n%s\n", extra)
	}
	b.WriteString("\nWhat it is about:\n")
	a := r.about
	for _, line := range strings.Split(lines("Tenant ID", a.tenant, "Cloud", a.cloud, "App", a.app, "Application (client) ID", a.client,
		"Service principal (object) ID", a.object, "User", a.account, "Certificate thumbprint", a.thumbprint, "Workspace", a.workspace, "Workspace ID", a.workspaceID,
		"Tested", r.Started.UTC().Format(time.RFC3339)), "\n") {
		b.WriteString("- " + line + "\n")
	}
	if c.Details != "" {
		b.WriteString("\nFor support:\n")
		for line := range strings.Lines(c.Details) {
			b.WriteString("- " + strings.TrimSpace(line) + "\n")
		}
	}
	b.WriteString("\nThank you!\n")
	subject := "Power BI: please help the app " + a.client + " to push rows"
	if a.app != "" {
		subject = fmt.Sprintf("Power BI: please help the app “%s” (%s) to push rows", a.app, a.client)
	}
	if a.workspace != "" {
		subject += " into " + a.workspace
	}
	return Letter{To: c.Who, Subject: subject, Body: b.String()}
}

// forWhom tells an admin where the thing to change is.
func (c Check) forWhom() string {
	switch c.Who {
	case string(failure.PowerBIAdmin):
		return "A change of a tenant setting can take 15 to 30 minutes to work."
	case string(failure.WorkspaceAdmin):
		return "A service principal is added like a person, by its name or object ID. A new role can take some minutes to work."
	case string(failure.AppOwner):
		return "The app is in the Entra admin center under App registrations, with the client ID below."
	case string(failure.TenantAdmin):
		return "The app is in the Entra admin center under Enterprise applications, with the client ID below."
	}
	return ""
}
