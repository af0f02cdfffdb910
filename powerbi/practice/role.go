package practice

import directory "pushdesk/powerbi/practice/tenant"

// Role is what a user or an app may do in a workspace.
type Role = directory.Role

const (
	RoleNone        = directory.RoleNone // takes the role away
	RoleViewer      = directory.RoleViewer
	RoleContributor = directory.RoleContributor
	RoleMember      = directory.RoleMember
	RoleAdmin       = directory.RoleAdmin
)

var roleNamed = directory.RoleNamed
