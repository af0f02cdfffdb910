package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/connection/shared"
	"pushdesk/connection/team"
	"pushdesk/storage/failure"
	"pushdesk/storage/keychain"
)

// PlaceTeam says that a team's file has the secret, sealed to the members.
const PlaceTeam keychain.Place = "Sealed by the team"

var errTeams = failure.New(failure.Usage, "team-connection", "“%s” is shared with a team, so it was not removed.",
	"Take it out of the team, or leave the team.")

// SyncTeams reads the folders of all teams, as long as ctx lasts, and brings what they
// share into the person's connections. A folder that does not answer leaves what is
// known.
func (a *Accounts) SyncTeams(ctx context.Context) error {
	if len(a.Teams.List()) == 0 {
		return nil
	}
	a.Teams.RefreshAll(ctx)
	return a.mirrorTeams(context.WithoutCancel(ctx))
}

// mirrorTeams brings the shared connections of every team into the connection file.
func (a *Accounts) mirrorTeams(ctx context.Context) error {
	var all error
	for _, v := range a.Teams.List() {
		all = errors.Join(all, a.mirror(ctx, v))
	}
	return all
}

// mirror brings the shared connections of a team into the connection file. What this
// person changed in one and has not shared yet stays.
func (a *Accounts) mirror(ctx context.Context, v team.View) error {
	if v.Standing == team.StandingPending {
		return nil
	}
	short, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	memory, err := a.Teams.Remembered(short, v.ID)
	if err != nil {
		return err
	}
	noted := map[string]*shared.Definition{}
	var learned []connection.Connection
	tables := map[string][]shared.Table{}
	var gone []connection.Connection
	fresh := a.mirrored(v, memory)
	if !fresh.differ {
		return nil
	}
	err = a.Connections.Batch(func(b *file.Batch) error {
		for _, c := range fresh.list {
			now, err := b.Find(c.ID)
			if err == nil && now.Team != v.ID {
				continue // it is this person's own, or another team's
			}
			next, base := c.Over(now), c.Definition
			if err == nil {
				if m := memory[c.ID].Mirrored; m != nil {
					base = *m
				}
				merged, clash := shared.Merge(base, shared.Of(now, base.Tables), c.Definition)
				next, base = merged.Over(now), shared.Undecided(base, c.Definition, clash)
			}
			next = withTeam(next, v.ID, c, memory[c.ID])
			if connection.NameKey(next.Name) != connection.NameKey(now.Name) {
				if free := b.FreeName(next.Name, c.ID); free != next.Name { // one's own connection has the name
					next.Name, base.Name = free, free
				}
			}
			if err != nil {
				next, err = b.Add(next)
			} else if next.Updated = now.Updated; !next.Equal(now) {
				next, err = b.Update(next)
			}
			if err != nil {
				return fmt.Errorf("take %q over from the team: %w", c.Name, err)
			}
			learned, tables[c.ID] = append(learned, next), c.Tables
			noted[c.ID] = &base
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, c := range learned {
		if a.options.Learn != nil && len(tables[c.ID]) > 0 {
			a.options.Learn(c, tables[c.ID])
		}
	}
	for _, id := range fresh.gone {
		if c, err := a.Connections.Find(id); err == nil && c.Team == v.ID {
			gone = append(gone, c)
			noted[id] = nil
		}
	}
	if err := a.forgetTeams(ctx, gone); err != nil {
		return err
	}
	return a.Teams.Mirrored(short, v.ID, noted)
}

// fromTeam are the shared connections that are brought into the person's list, and the
// IDs of those that are taken out of it.
type fromTeam struct {
	list   []team.ConnectionView
	gone   []string
	differ bool // from what the list has
}

// mirrored works out what a team changes in the person's list.
func (a *Accounts) mirrored(v team.View, memory map[string]team.Memory) (f fromTeam) {
	here := map[string]connection.Connection{}
	for _, c := range a.Connections.List() {
		here[c.ID] = c
	}
	shown := map[string]bool{}
	for _, c := range v.Connections {
		shown[c.ID] = true
		if c.Problem != nil && !errors.Is(c.Problem, team.ErrAddresses) || c.Removed {
			continue
		}
		f.list = append(f.list, c)
		now, there := here[c.ID]
		m := memory[c.ID]
		if !there || now.Team == v.ID && (m.Mirrored == nil || m.Mirrored.Name != c.Definition.Name || !sameBut(*m.Mirrored, c.Definition) || !withTeam(now, v.ID, c, m).Equal(now)) {
			f.differ = true
		}
	}
	for id, c := range here {
		if c.Team == v.ID && !shown[id] && v.Standing == team.StandingMember {
			f.gone, f.differ = append(f.gone, id), true
		}
	}
	return f
}

// sameBut reports whether two definitions are the same, whatever they are called.
func sameBut(a, b shared.Definition) bool {
	a.Name = b.Name
	x, errX := shared.Encode(a)
	y, errY := shared.Encode(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// withTeam puts over a connection what a team's file and this computer say beside the
// definition.
func withTeam(c connection.Connection, teamID string, from team.ConnectionView, m team.Memory) connection.Connection {
	c.Team, c.Reference = teamID, connection.Reference{}
	if from.How == team.SecretReference && from.Secret.Reference != nil {
		c.Reference = *from.Secret.Reference
	}
	c.LoginURL, c.APIURL, c.Resource, c.CAFile = "", "", "", ""
	if m.Addresses != nil && c.Cloud == connection.CloudCustom {
		c.LoginURL, c.APIURL, c.Resource, c.CAFile = m.Addresses.LoginURL, m.Addresses.APIURL, m.Addresses.Resource, m.Addresses.CAFile
	}
	return c
}

// forgetTeams takes connections of a team out of the list, with what is stored for them.
func (a *Accounts) forgetTeams(ctx context.Context, gone []connection.Connection) error {
	var ids []string
	for _, c := range gone {
		ids = append(ids, c.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	if _, err := a.Connections.Remove(ids...); err != nil {
		return err
	}
	for _, c := range gone {
		short, cancel := context.WithTimeout(ctx, 3*time.Second)
		_ = a.dropKept(short, c) // it is nobody's any more
		cancel()
	}
	return nil
}

// sealedByTeam reports whether a connection signs in with what its team's file has.
func (a *Accounts) sealedByTeam(c connection.Connection) bool {
	if c.Team == "" || a.Teams == nil {
		return false
	}
	_, s, err := a.Teams.Shared(c.Team, c.ID)
	return err == nil && s.How == team.SecretSealed && !s.Own
}

// teamOf returns a team's name, "" for none.
func (a *Accounts) teamOf(id string) string {
	if id == "" || a.Teams == nil {
		return ""
	}
	v, err := a.Teams.Find(id)
	if err != nil {
		return ""
	}
	return v.Name
}

// LeaveTeam leaves a team, and says what the others see of it. Its connections go, with
// what is stored for them here.
func (a *Accounts) LeaveTeam(ctx context.Context, teamID string) (says string, err error) {
	if says, err = a.Teams.Leave(ctx, teamID); err != nil {
		return "", err
	}
	var gone []connection.Connection
	for _, c := range a.Connections.List() {
		if c.Team == teamID {
			gone = append(gone, c)
		}
	}
	return says, a.forgetTeams(ctx, gone)
}

// AllowAddresses gives a team's connection the custom addresses of this computer.
func (a *Accounts) AllowAddresses(ctx context.Context, teamID, id string, addresses team.Addresses) error {
	c := connection.Connection{Name: "x", Cloud: connection.CloudCustom, LoginURL: addresses.LoginURL, APIURL: addresses.APIURL, Resource: addresses.Resource, CAFile: addresses.CAFile}
	connection.CleanFields(&c)
	if _, err := c.Endpoints(); err != nil {
		return err
	}
	if err := a.Teams.Allow(ctx, teamID, id, &team.Addresses{LoginURL: c.LoginURL, APIURL: c.APIURL, Resource: c.Resource, CAFile: c.CAFile}); err != nil {
		return err
	}
	return a.mirrorTeams(ctx)
}

// ChangedHere reports whether a connection of a team was changed on this computer and
// not shared since.
func (a *Accounts) ChangedHere(c connection.Connection) bool {
	_, s, err := a.Teams.Shared(c.Team, c.ID)
	if err != nil || s.Problem != nil {
		return false
	}
	here := shared.Of(c, s.Tables)
	return !sameBut(here, s.Definition)
}

// useOwn makes the secret that this person entered the one that is used, in place of the
// team's.
func (a *Accounts) useOwn(ctx context.Context, c connection.Connection) error {
	_, s, err := a.Teams.Shared(c.Team, c.ID)
	if err != nil || s.How != team.SecretSealed || s.Own {
		return err
	}
	return a.Teams.UseOwn(ctx, c.Team, c.ID, true)
}

// UseTeams makes the team's secret the one that is used, and forgets this person's own:
// where the team has one that this person can open.
func (a *Accounts) UseTeams(ctx context.Context, c connection.Connection) error {
	_, s, err := a.Teams.Shared(c.Team, c.ID)
	switch {
	case err != nil:
		return err
	case s.How != team.SecretSealed:
		return failure.New(failure.Usage, "team-not-sealed", fmt.Sprintf("The team has no sealed secret for “%s”, so your own stays.", c.Name), "Ask the person who shared it to share it again with its secret sealed.")
	case !s.Own: // it is the team's already
		return nil
	}
	if _, err := a.Teams.Sealed(ctx, c); err != nil {
		return err
	}
	if err := a.Teams.UseOwn(ctx, c.Team, c.ID, false); err != nil {
		return err
	}
	a.newCredentials(c.ID)
	return a.Secrets.Delete(ctx, c.ID)
}
