package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

// Workspace is the check that the chosen workspace is visible.
const Workspace = "workspace"

var workspaceCheck = check{id: Workspace, group: GroupPowerBI, title: "The workspace is visible", limit: networkLimit, run: (*test).checkWorkspace,
	without: "the workspace cannot be seen"}

// checkWorkspace finds the chosen workspace among those that are visible.
func (t *test) checkWorkspace(ctx context.Context) finding {
	if t.byItsID {
		return pass("Its datasets can be listed.")
	}
	visible := t.visible()
	if t.Workspace == "" {
		f := pass("No workspace is chosen. Visible: " + visible + ".")
		if len(t.workspaces) == 0 {
			f.status, f.who = Warn, string(failure.WorkspaceAdmin)
			f.evidence = upper(t.subject()) + " has a role in no workspace."
			f.remedy = t.askForRole("the workspace you want to use")
			f.ask = t.requestRole("the workspace that is to be used")
		}
		f.details = lines("Object ID of the service principal", t.claims.ObjectID)
		return f
	}
	found, err := powerbi.FindWorkspace(t.workspaces, t.Workspace)
	if err != nil && connection.IsGUID(text.Clean(t.Workspace)) {
		var refused error
		if found, refused = t.client.Workspace(ctx, strings.TrimSpace(t.Workspace)); refused == nil {
			err = nil
		} else if ctx.Err() != nil || passing(refused) {
			return t.trouble(ctx, refused)
		}
	}
	if err == nil {
		t.workspace = found
		f := pass(fmt.Sprintf("“%s” is visible.", found.Name))
		f.details = lines("Workspace ID", found.ID, "Object ID of the service principal", t.claims.ObjectID)
		return f
	}
	if errors.Is(err, powerbi.ErrAmbiguous) {
		return t.trouble(ctx, err)
	}
	f := finding{status: Fail, who: string(failure.WorkspaceAdmin)}
	if t.cut {
		f.evidence = fmt.Sprintf("The workspace “%s” is not in the beginning of the list that was read.", t.Workspace)
		f.who, f.remedy = "you", "Choose it by its ID."
		return f
	}
	f.evidence = fmt.Sprintf("There is no workspace “%s” that this app can see. Visible: %s.", t.Workspace, visible)
	if len(t.workspaces) == 0 {
		f.evidence = fmt.Sprintf("There is no workspace “%s” that this app can see; it has a role in none.", t.Workspace)
	}
	ask := t.askForRole("“" + t.Workspace + "”")
	f.remedy = "Check the name. If it is right, a" + ask[1:]
	f.ask = t.requestRole("“" + t.Workspace + "”")
	if t.isUser() {
		f.evidence = strings.Replace(f.evidence, "this app", t.subject(), 1)
	}
	var none *powerbi.NotFoundError
	if errors.As(err, &none) && len(none.Near) > 0 {
		f.who = "you"
		f.remedy = "Did you mean “" + strings.Join(none.Near, "”, “") + "”? If not, a" + ask[1:]
	}
	f.details = lines("Looked for", t.Workspace, "Visible", visible, "Object ID of the service principal", t.claims.ObjectID)
	return f
}

// visible names the workspaces that the app can see.
func (t *test) visible() string {
	names := make([]string, len(t.workspaces))
	for i, w := range t.workspaces {
		names[i] = w.Name
	}
	slices.Sort(names)
	return listed10(names)
}

// askForRole is the request to hand to an admin of a workspace.
func (t *test) askForRole(workspace string) string {
	who := t.subject()
	if id := t.claims.ObjectID; id != "" && !t.isUser() {
		who = "the service principal " + id
	}
	return fmt.Sprintf("Ask an admin of %s to give %s the Contributor role. New access can take some minutes to work.", workspace, who)
}

// requestRole is the same in words to that admin.
func (t *test) requestRole(workspace string) string {
	who := t.subject()
	if !t.isUser() {
		who = strings.TrimSpace("the service principal " + t.claims.ObjectID)
	}
	return fmt.Sprintf("Give %s the role Contributor in %s, under Manage access.", who, workspace)
}
