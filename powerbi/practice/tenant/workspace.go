package tenant

import (
	"slices"
	"strings"

	"pushdesk/powerbi"
)

// Workspace is a workspace with its members and datasets.
type Workspace struct {
	ID       string           `json:"id"`
	Name     string           `json:"name"`
	Owner    string           `json:"owner,omitempty"` // object ID of the user whose My workspace this is
	Members  []Member         `json:"members"`
	Datasets []*Dataset       `json:"datasets"`
	Reports  []powerbi.Report `json:"-"` // made in the portal, which the service has not
}

// Member is a user or an app with a role.
type Member struct {
	ObjectID string `json:"objectId"`
	Role     Role   `json:"role"`
}

func (w *Workspace) member(objectID string) int {
	return slices.IndexFunc(w.Members, func(m Member) bool { return strings.EqualFold(m.ObjectID, objectID) })
}

// Role returns the role of a user or an app, RoleNone if it has none.
func (w *Workspace) Role(objectID string) Role {
	if w.Owner != "" && strings.EqualFold(w.Owner, objectID) {
		return RoleAdmin
	}
	if i := w.member(objectID); i >= 0 {
		return w.Members[i].Role
	}
	return RoleNone
}

// SetRole gives a user or an app a role; RoleNone takes it away.
func (w *Workspace) SetRole(objectID string, r Role) {
	if i := w.member(objectID); i >= 0 {
		w.Members = slices.Delete(w.Members, i, i+1)
		if r != RoleNone {
			w.Members = slices.Insert(w.Members, i, Member{objectID, r})
		}
	} else if r != RoleNone {
		w.Members = append(w.Members, Member{objectID, r})
	}
}

// Dataset returns the dataset with an ID, or nil.
func (w *Workspace) Dataset(id string) *Dataset {
	return find(w.Datasets, func(d *Dataset) bool { return strings.EqualFold(d.ID, id) })
}

// Remove removes a dataset from the workspace. Its rows stay until they are removed.
func (w *Workspace) Remove(d *Dataset) {
	d.Gone = true
	w.Datasets = slices.DeleteFunc(w.Datasets, func(o *Dataset) bool { return o == d })
}
