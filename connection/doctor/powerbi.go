package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

const server = "Power BI"

// checkAPI asks for the workspaces: the first thing that a valid token can be
// refused, by a tenant setting. Paths of My workspace are never used; they are
// closed to apps and would be answered like that setting.
func (e *examination) checkAPI(ctx context.Context) finding {
	if e.apiOut {
		f := skip("Not checked: the host of the API cannot be reached.")
		f.nothing = true
		return f
	}
	e.client = powerbi.NewClient(e.Endpoints.APIURL, e.tokens, e.hc)
	if e.isUser() {
		e.client.ForPerson()
	}
	list, err := e.client.Workspaces(ctx)
	if err != nil {
		return e.trouble(ctx, err)
	}
	e.workspaces = list
	return pass("It answered and lists " + count(len(list), "workspace") + ".")
}

// checkWorkspace finds the chosen workspace among those that are visible.
func (e *examination) checkWorkspace(ctx context.Context) finding {
	visible := e.visible()
	if e.Workspace == "" {
		f := pass("No workspace is chosen. Visible: " + visible + ".")
		if len(e.workspaces) == 0 {
			f.status, f.who = Warn, string(failure.WorkspaceAdmin)
			f.evidence = upper(e.subject()) + " has a role in no workspace."
			f.remedy = e.askForRole("the workspace you want to use")
			f.ask = e.requestRole("the workspace that is to be used")
		}
		f.details = lines("Object ID of the service principal", e.claims.ObjectID)
		return f
	}
	found, err := powerbi.FindWorkspace(e.workspaces, e.Workspace)
	if err != nil && connection.IsGUID(text.Clean(e.Workspace)) {
		var refused error
		if found, refused = e.client.Workspace(ctx, strings.TrimSpace(e.Workspace)); refused == nil {
			err = nil
		} else if ctx.Err() != nil || passing(refused) {
			return e.trouble(ctx, refused)
		}
	}
	if err == nil {
		e.workspace = found
		f := pass(fmt.Sprintf("“%s” is visible.", found.Name))
		f.details = lines("Workspace ID", found.ID, "Object ID of the service principal", e.claims.ObjectID)
		return f
	}
	var many *powerbi.AmbiguousError
	if errors.As(err, &many) {
		return e.trouble(ctx, err)
	}
	f := finding{status: Fail, who: string(failure.WorkspaceAdmin)}
	f.evidence = fmt.Sprintf("There is no workspace “%s” that this app can see. Visible: %s.", e.Workspace, visible)
	if len(e.workspaces) == 0 {
		f.evidence = fmt.Sprintf("There is no workspace “%s” that this app can see; it has a role in none.", e.Workspace)
	}
	ask := e.askForRole("“" + e.Workspace + "”")
	f.remedy = "Check the name. If it is right, a" + ask[1:]
	f.ask = e.requestRole("“" + e.Workspace + "”")
	if e.isUser() {
		f.evidence = strings.Replace(f.evidence, "this app", e.subject(), 1)
	}
	var none *powerbi.NotFoundError
	if errors.As(err, &none) && len(none.Near) > 0 {
		f.who = "you"
		f.remedy = "Did you mean “" + strings.Join(none.Near, "”, “") + "”? If not, a" + ask[1:]
	}
	f.details = lines("Looked for", e.Workspace, "Visible", visible, "Object ID of the service principal", e.claims.ObjectID)
	return f
}

// roles of a workspace, the weakest first.
// Source: learn.microsoft.com/power-bi/developer/embedded/datasets-permissions.
var roles = []string{"Viewer", "Contributor", "Member", "Admin"}

// mayPush tells whether a role may create datasets and push rows.
func mayPush(role string) bool { return slices.Contains(roles[1:], role) }

// checkRole finds the app among those who have a role in the workspace.
func (e *examination) checkRole(ctx context.Context) finding {
	if e.workspace.ID == "" {
		return skip("Not checked: no workspace is chosen.")
	}
	users, err := e.client.WorkspaceUsers(ctx, e.workspace.ID)
	var refused *powerbi.APIError
	if errors.As(err, &refused) && slices.Contains([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}, refused.Status) {
		f := skip("Not checked: " + e.subject() + " may not see who has a role in this workspace.")
		f.remedy = probeProves
		f.details = refused.Failure().Details
		return f
	}
	if err != nil {
		return e.trouble(ctx, err)
	}
	if e.claims.ObjectID == "" {
		return skip("Not checked: the token does not tell the app's object ID.")
	}
	groups := []string{}
	for _, u := range users {
		mine := strings.EqualFold(u.Identifier, e.claims.ObjectID) || e.Connection.Account != "" && e.isUser() &&
			(strings.EqualFold(u.Identifier, e.Connection.Account) || strings.EqualFold(u.EmailAddress, e.Connection.Account))
		if mine &&
			slices.Index(roles, u.GroupUserAccessRight) >= slices.Index(roles, e.role) {
			e.role = u.GroupUserAccessRight
		}
		if strings.EqualFold(u.PrincipalType, "Group") {
			groups = append(groups, fmt.Sprintf("%s (%s)", u.DisplayName, u.GroupUserAccessRight))
		}
	}
	f := finding{details: lines("Object ID of the service principal", e.claims.ObjectID, "Role", e.role, "Groups", strings.Join(groups, ", "))}
	switch {
	case e.role == "":
		f.status, f.evidence = Skipped, "Not checked: "+e.subject()+" has no role of its own here, so it comes through a group, which cannot be looked into."
		f.remedy = probeProves
		if len(groups) > 0 {
			f.evidence += " Groups with a role: " + strings.Join(groups, ", ") + "."
		}
	case mayPush(e.role):
		f.status, f.evidence = Pass, upper(e.subject())+" is "+e.role+", which may create datasets and push rows."
	default:
		f.status, f.who = Fail, string(failure.WorkspaceAdmin)
		f.evidence = fmt.Sprintf("The role of %s in “%s” is %s. %s cannot create or push.", e.subject(), e.workspace.Name, e.role, e.role)
		f.remedy = e.askForRole("“" + e.workspace.Name + "”")
		f.ask = e.requestRole("“" + e.workspace.Name + "”")
	}
	return f
}

// probeProves is what to do where nobody tells what the connection may.
const probeProves = "The write probe proves whether it may push; so does the first upload."

// checkDatasets lists the datasets and counts those that rows can be pushed into.
func (e *examination) checkDatasets(ctx context.Context) finding {
	if e.workspace.ID == "" {
		return skip("Not checked: no workspace is chosen.")
	}
	list, err := e.client.Datasets(ctx, e.workspace.ID)
	if err != nil {
		return e.trouble(ctx, err)
	}
	e.datasets, e.listed = list, true
	var push []string
	for _, d := range list {
		if d.AddRowsAPIEnabled {
			push = append(push, d.Name)
		}
	}
	if len(push) > 0 {
		f := pass(fmt.Sprintf("%s, %d of them for pushing.", count(len(list), "dataset"), len(push)))
		f.details = lines("Push datasets", short10(push))
		return f
	}
	seen := count(len(list), "dataset") + ", none of them for pushing"
	if len(list) == 0 {
		seen = "There is no dataset here yet"
	}
	if e.now().After(powerbi.CreationEnds.AddDate(0, 0, 1)) {
		return finding{status: Warn, evidence: seen + ".", who: "you",
			remedy: "Since 31 October 2027 new push datasets can no longer be created: choose a workspace that has one."}
	}
	if e.role != "" && !mayPush(e.role) {
		return pass(seen + ".")
	}
	return pass(seen + ". One can be created with the first upload.")
}

// askForRole is the request to hand to an admin of a workspace.
func (e *examination) askForRole(workspace string) string {
	who := e.subject()
	if id := e.claims.ObjectID; id != "" && !e.isUser() {
		who = "the service principal " + id
	}
	return fmt.Sprintf("Ask an admin of %s to give %s the Contributor role. New access can take some minutes to work.", workspace, who)
}

// requestRole is the same in words to that admin.
func (e *examination) requestRole(workspace string) string {
	who := e.subject()
	if !e.isUser() {
		who = strings.TrimSpace("the service principal " + e.claims.ObjectID)
	}
	return fmt.Sprintf("Give %s the role Contributor in %s, under Manage access.", who, workspace)
}

// isUser tells whether a person signed in.
func (e *examination) isUser() bool {
	return e.claims.IDType == "user" || e.claims.IDType == "" && e.Connection.Credential.User()
}

// subject names who the token is for.
func (e *examination) subject() string {
	if e.isUser() {
		if e.Connection.Account != "" {
			return e.Connection.Account
		}
		return "the signed-in user"
	}
	return "the app"
}

// upper begins a sentence.
func upper(s string) string {
	if strings.HasPrefix(s, "the ") {
		return "T" + s[1:]
	}
	return s
}

// trouble is trouble with Power BI; a wait that it asks for is kept in mind.
func (e *examination) trouble(ctx context.Context, err error) finding {
	var refused *powerbi.APIError
	if errors.As(err, &refused) && refused.Throttled() {
		e.throttled = max(e.throttled, refused.RetryAfter, time.Second)
	}
	return trouble(ctx, server, err)
}

// visible names the workspaces that the app can see.
func (e *examination) visible() string {
	names := make([]string, len(e.workspaces))
	for i, w := range e.workspaces {
		names[i] = w.Name
	}
	slices.Sort(names)
	return short10(names)
}

// short10 names the first ten of a list.
func short10(names []string) string {
	const most = 10
	switch {
	case len(names) == 0:
		return "none"
	case len(names) > most:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// count writes "no dataset", "1 dataset", "2 datasets".
func count(n int, what string) string {
	switch n {
	case 0:
		return "no " + what
	case 1:
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
