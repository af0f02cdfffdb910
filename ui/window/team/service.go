package team

import (
	"context"

	"pushdesk/connection/account"
	"pushdesk/connection/team"
)

// Service is what the page needs from below.
type Service interface {
	// ListTeams answers from memory; SyncTeams reads the folders.
	ListTeams() []team.View
	SyncTeams(ctx context.Context) error
	CreateTeam(ctx context.Context, folder, name, me string, tenants []string) (team.View, error)
	JoinTeam(ctx context.Context, folder, me, owner string) (team.View, error)
	LeaveTeam(ctx context.Context, teamID string) (says string, err error)
	AcceptMember(ctx context.Context, teamID, who string) error
	RejectMember(ctx context.Context, teamID, who string) error
	// RemoveMember returns the connections whose secret the person could read.
	RemoveMember(ctx context.Context, teamID, who string) (exposed []string, err error)
	TrustMember(ctx context.Context, teamID, who string) error
	// Recovery are the words that bring the person's key back.
	Recovery(ctx context.Context) (string, error)
	VerifyShared(ctx context.Context, id string, trial bool) (account.Sharing, error)
	UnshareShared(ctx context.Context, id string, lose bool) error
	KeepVersion(ctx context.Context, teamID, id, version string) error
	AllowAddresses(ctx context.Context, teamID, id string, a team.Addresses) error
	// OwnName is the name of the person's account on this computer.
	OwnName() string
}
