package window

import (
	"context"
	"os/user"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/connection/team"
	"pushdesk/connection/team/key"
)

// ListTeams are the teams as they were last read.
func (d *services) ListTeams() []team.View { return d.Teams.List() }

// CreateTeam, JoinTeam and the others are the team's.
func (d *services) CreateTeam(ctx context.Context, folder, name, me string, tenants []string) (team.View, error) {
	return d.Teams.Create(ctx, folder, name, me, tenants)
}
func (d *services) JoinTeam(ctx context.Context, folder, me, owner string) (team.View, error) {
	return d.Teams.Join(ctx, folder, me, owner)
}
func (d *services) AcceptMember(ctx context.Context, teamID, who string) error {
	_, err := d.Teams.Accept(ctx, teamID, who)
	return err
}
func (d *services) RejectMember(ctx context.Context, teamID, who string) error {
	_, err := d.Teams.Reject(ctx, teamID, who)
	return err
}
func (d *services) RemoveMember(ctx context.Context, teamID, who string) ([]string, error) {
	_, exposed, err := d.Teams.Remove(ctx, teamID, who)
	return exposed, err
}
func (d *services) TrustMember(ctx context.Context, teamID, who string) error {
	_, err := d.Teams.Trust(ctx, teamID, who)
	return err
}
func (d *services) KeepVersion(ctx context.Context, teamID, id, version string) error {
	_, err := d.Teams.Keep(ctx, teamID, id, version)
	return err
}

// Recovery are the words that bring the person's key back.
func (d *services) Recovery(ctx context.Context) (string, error) {
	k, err := key.Load(ctx, d.Secrets)
	if err != nil {
		return "", err
	}
	return k.Recovery(), nil
}

// VerifyShared tests a connection of a team and tells the others.
func (d *services) VerifyShared(ctx context.Context, id string, trial bool) (account.Sharing, error) {
	c, err := d.Connections.Find(id)
	if err != nil {
		return account.Sharing{}, err
	}
	return d.Verify(ctx, c, trial, func(doctor.Check) {})
}

// UnshareShared takes a connection out of its team; lose is as for account.Unshare.
func (d *services) UnshareShared(ctx context.Context, id string, lose bool) error {
	c, err := d.Connections.Find(id)
	if err == nil {
		_, err = d.Unshare(ctx, c, lose)
	}
	return err
}

// SecretOf reads the client secret of a connection, to be copied on demand.
func (d *services) SecretOf(ctx context.Context, c connection.Connection) (string, error) {
	given, _, err := d.Credential(ctx, c)
	return given.Secret, err
}

// OwnName is the name of the person's account on this computer.
func (d *services) OwnName() string {
	u, err := user.Current()
	switch {
	case err != nil:
		return ""
	case u.Name != "":
		return u.Name
	}
	return u.Username
}
