package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/storage/failure"
)

// Role is the check that the role there allows pushing.
const Role = "role"

var roleCheck = check{id: Role, group: GroupPowerBI, title: "The role allows pushing", limit: networkLimit, run: (*test).checkRole}

// roles of a workspace, the weakest first.
// Source: learn.microsoft.com/power-bi/developer/embedded/datasets-permissions.
var roles = []string{"Viewer", "Contributor", "Member", "Admin"}

// mayPush reports whether a role may create datasets and push rows.
func mayPush(role string) bool { return slices.Contains(roles[1:], role) }

// checkRole finds the app among those who have a role in the workspace.
func (t *test) checkRole(ctx context.Context) finding {
	if t.workspace.ID == "" {
		return skip("Not checked: no workspace is chosen.")
	}
	users, err := t.client.WorkspaceUsers(ctx, t.workspace.ID)
	var refused *powerbi.APIError
	if errors.As(err, &refused) && slices.Contains([]int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}, refused.Status) {
		f := skip("Not checked: " + t.subject() + " may not see who has a role in this workspace.")
		f.remedy = trialProves
		f.details = refused.Failure().Details
		return f
	}
	if err != nil {
		return t.trouble(ctx, err)
	}
	if t.claims.ObjectID == "" {
		return skip("Not checked: the token does not tell the app's object ID.")
	}
	groups := []string{}
	for _, u := range users {
		mine := strings.EqualFold(u.Identifier, t.claims.ObjectID) || t.Connection.Account != "" && t.isUser() &&
			(strings.EqualFold(u.Identifier, t.Connection.Account) || strings.EqualFold(u.EmailAddress, t.Connection.Account))
		if mine &&
			slices.Index(roles, u.GroupUserAccessRight) >= slices.Index(roles, t.role) {
			t.role = u.GroupUserAccessRight
		}
		if mine && !t.isUser() {
			t.appName = u.DisplayName
		}
		if strings.EqualFold(u.PrincipalType, "Group") {
			groups = append(groups, fmt.Sprintf("%s (%s)", u.DisplayName, u.GroupUserAccessRight))
		}
	}
	f := finding{details: lines("Object ID of the service principal", t.claims.ObjectID, "Role", t.role, "Groups", strings.Join(groups, ", "))}
	switch {
	case t.role == "":
		f.status, f.evidence = Skipped, "Not checked: "+t.subject()+" has no role of its own here. Its access comes through a group, and Pushdesk cannot read its members."
		f.remedy = trialProves
		if len(groups) > 0 {
			f.evidence += " Groups with a role: " + strings.Join(groups, ", ") + "."
		}
	case mayPush(t.role):
		f.status, f.evidence = Pass, upper(t.subject())+" is "+t.role+", which may create datasets and push rows."
	default:
		f.status, f.who = Fail, string(failure.WorkspaceAdmin)
		f.evidence = fmt.Sprintf("The role of %s in “%s” is %s. %s cannot create or push.", t.subject(), t.workspace.Name, t.role, t.role)
		f.remedy = t.askForRole("“" + t.workspace.Name + "”")
		f.ask = t.requestRole("“" + t.workspace.Name + "”")
	}
	return f
}
