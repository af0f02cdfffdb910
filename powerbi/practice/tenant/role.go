package tenant

import "strings"

// Role is what a user or an app may do in a workspace.
type Role string

const (
	RoleNone        Role = "None" // takes the role away
	RoleViewer      Role = "Viewer"
	RoleContributor Role = "Contributor"
	RoleMember      Role = "Member"
	RoleAdmin       Role = "Admin"
)

var roleRank = map[Role]int{RoleNone: 0, RoleViewer: 1, RoleContributor: 2, RoleMember: 3, RoleAdmin: 4}

// Known reports whether there is such a role.
func (r Role) Known() bool { _, ok := roleRank[r]; return ok }

// RoleNamed returns the role with a name, ignoring case.
func RoleNamed(name string) (Role, bool) {
	for r := range roleRank {
		if strings.EqualFold(string(r), name) {
			return r, true
		}
	}
	return "", false
}

// AtLeast reports whether a role allows what another one does.
func (r Role) AtLeast(least Role) bool { return roleRank[r] >= roleRank[least] }
