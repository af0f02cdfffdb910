package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/doctor"
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

// ShareOptions say how a connection is shared.
type ShareOptions struct {
	Team   string // name or ID
	How    string // see team.SecretOwn; "" keeps what it is
	Trial  bool   // prove the right to push with a trial dataset
	Anyway string // why it is shared without proof
	Report *doctor.Report
}

// Sharing is what became of a connection that was to be shared.
type Sharing struct {
	Team   team.View
	Report doctor.Report
	Lacks  []string // what was not proven, in sentences
}

// Share tests a connection and shares it with a team, if it is proven or there is a
// reason. A connection that was shared before is shared as it is now.
func (a *Accounts) Share(ctx context.Context, c connection.Connection, o ShareOptions, on func(doctor.Check)) (s Sharing, err error) {
	v, err := a.Teams.Find(o.Team)
	if err != nil {
		return s, err
	}
	if c.Team != "" && c.Team != v.ID {
		return s, failure.New(failure.Usage, "team-other-team", fmt.Sprintf("“%s” is shared with the team “%s” already.", c.Name, a.teamOf(c.Team)), "Duplicate it, and share the copy.")
	}
	if c.Account != "" { // who signed in is nobody's business
		c.Account = ""
	}
	typed, err := a.referred(ctx, c, v, o)
	if err != nil {
		return s, err
	}
	if o.Report != nil {
		s.Report = *o.Report
	} else {
		s.Report = a.test(ctx, c, typed, TestOptions{Trial: o.Trial}, on)
	}
	if err := ctx.Err(); err != nil {
		return s, fmt.Errorf("share the connection: %w", err)
	}
	var tables []shared.Table
	if a.options.Tables != nil {
		tables = a.options.Tables(c)
	}
	stamp, lacks := a.proofOf(c, s.Report)
	s.Lacks = lacks
	offer := team.Offer{Definition: shared.Of(c, tables), How: o.How, Reference: c.Reference, Proof: &stamp, Anyway: o.Anyway}
	if offer.Given, offer.Rotated, err = a.toSeal(ctx, c, v, o.How); err != nil {
		return s, err
	}
	s.Team, err = a.Teams.Share(ctx, v.ID, offer)
	if errors.Is(err, team.ErrNotProven) {
		return s, team.ErrNotProven.WithDetails("%s", strings.Join(lacks, "\n"))
	}
	if errors.Is(err, team.ErrClash) { // now the person knows: sharing again decides
		if theirs, bad := v.Find(c.ID); bad == nil {
			err = errors.Join(err, a.Teams.Mirrored(ctx, v.ID, map[string]*shared.Definition{c.ID: &theirs.Definition}))
		}
	}
	if err != nil {
		return s, err
	}
	if err := a.shared(ctx, c, s.Team); err != nil {
		return s, err
	}
	s.Team, err = a.Teams.Find(v.ID) // with the addresses that this person has allowed
	return s, err
}

// howOf returns how the secret of a connection reaches the members: as is asked for, else
// as it is shared already.
func howOf(v team.View, c connection.Connection, asked string) string {
	if asked == "" {
		if s, err := v.Find(c.ID); err == nil {
			return s.How
		}
	}
	return asked
}

// referred returns what the secret manager of a connection gives, where the members get
// the secret from there: that is what is tested and proven. nil is what is stored.
func (a *Accounts) referred(ctx context.Context, c connection.Connection, v team.View, o ShareOptions) (*connection.Credential, error) {
	if howOf(v, c, o.How) != team.SecretReference || c.Credential != connection.CredentialSecret || o.Report != nil || c.Reference == (connection.Reference{}) {
		return nil, nil
	}
	secret, err := a.fromManager(ctx, c)
	switch {
	case err == nil:
		given := connection.SecretCredential(secret)
		return &given, nil
	case o.Anyway != "": // the reason says that it is shared without proof
		return nil, nil
	}
	return nil, err
}

// toSeal returns what is sealed into a team's file: empty where it has the secret
// already, or gets none. rotated says that it takes the place of another secret.
func (a *Accounts) toSeal(ctx context.Context, c connection.Connection, v team.View, asked string) (given connection.Credential, rotated bool, err error) {
	if howOf(v, c, asked) != team.SecretSealed || a.sealedByTeam(c) {
		return given, false, nil
	}
	if c.Credential.User() || c.Credential == connection.CredentialPractice {
		return given, false, shared.ErrNoSeal
	}
	given, _, err = a.stored(ctx, c)
	if err == nil && given.Empty() {
		err = noCredential(c)
	}
	if old, bad := a.Teams.Sealed(ctx, c); err == nil && bad == nil && old.Kind == given.Kind {
		rotated = old.Secret != given.Secret || given.Certificate != nil && old.Certificate != nil && old.Certificate.Thumbprint() != given.Certificate.Thumbprint()
	}
	return given, rotated, err
}

// shared makes a connection one of the team's. What is sealed in the team's file is
// kept nowhere else from now on.
func (a *Accounts) shared(ctx context.Context, c connection.Connection, v team.View) error {
	s, err := v.Find(c.ID)
	if err != nil {
		return err
	}
	if c.Cloud == connection.CloudCustom && c.LoginURL != "" {
		if err := a.Teams.Allow(ctx, v.ID, c.ID, &team.Addresses{LoginURL: c.LoginURL, APIURL: c.APIURL, Resource: c.Resource, CAFile: c.CAFile}); err != nil {
			return err
		}
	}
	err = a.Connections.Batch(func(b *file.Batch) error {
		now, err := b.Find(c.ID)
		if err != nil {
			return err
		}
		now.Team = v.ID
		_, err = b.Update(now)
		return err
	})
	if err != nil {
		return err
	}
	base := s.Definition
	if err := a.Teams.Mirrored(ctx, v.ID, map[string]*shared.Definition{c.ID: &base}); err != nil {
		return err
	}
	if s.How == team.SecretSealed {
		c.Team = v.ID
		if s.Own { // it is the team's now
			if err := a.Teams.UseOwn(ctx, v.ID, c.ID, false); err != nil {
				return err
			}
		}
		if _, _, err := a.Teams.Credential(ctx, c); err == nil {
			_ = a.dropKept(ctx, c) // one that stays is not used
		}
	}
	return a.mirrorTeams(ctx)
}

// mandatory are the checks that must have been made before a connection is shared.
var mandatory = []string{doctor.Format, doctor.Tenant, doctor.App, doctor.Token, doctor.Claims, doctor.API, doctor.Workspace, doctor.Datasets}

// proofOf makes a stamp of a test, and says what it does not prove.
func (a *Accounts) proofOf(c connection.Connection, r doctor.Report) (s team.Stamp, lacks []string) {
	principal, workspace, workspaceID := r.About()
	s = team.Stamp{Connection: c.ID, At: r.Started.Add(r.Duration).UTC().Truncate(time.Second), Principal: principal, Workspace: workspace, WorkspaceID: workspaceID, Summary: r.Summary}
	s.Passed = r.Ready
	for _, check := range r.Checks {
		s.Checks = append(s.Checks, team.StampCheck{ID: check.ID, Status: string(check.Status)})
		made := check.Status == doctor.Pass || check.Status == doctor.Warn
		switch {
		case check.Status == doctor.Fail:
			lacks = append(lacks, check.Title+": "+check.Evidence)
			s.Passed = false
		case slices.Contains(mandatory, check.ID) && !made:
			lacks = append(lacks, check.Title+": "+check.Evidence)
			s.Passed = false
		}
	}
	if workspaceID == "" {
		lacks = append(lacks, "No workspace is chosen, so the right to push was not proven.")
		s.Passed = false
	}
	for _, x := range r.Capabilities {
		if x.ID == "push" && x.Answer == doctor.Yes {
			s.Proved = team.ProvedByTrial
		}
	}
	if s.Proved == "" && a.options.Pushed != nil {
		if id, _, _, ok := a.options.Pushed(c, c.Updated); ok && (workspaceID == "" || id == workspaceID) {
			s.Proved = team.ProvedByRun
		}
	}
	if s.Proved == "" {
		lacks = append(lacks, "The right to push was not proven: neither by a trial dataset nor by a run since the connection was changed.")
	}
	return s, lacks
}

// Verify tests a connection of a team and tells the others what came of it.
func (a *Accounts) Verify(ctx context.Context, c connection.Connection, trial bool, on func(doctor.Check)) (s Sharing, err error) {
	s.Report = a.test(ctx, c, nil, TestOptions{Trial: trial}, on)
	if err := ctx.Err(); err != nil {
		return s, fmt.Errorf("verify the connection: %w", err)
	}
	stamp, lacks := a.proofOf(c, s.Report)
	s.Lacks = lacks
	s.Team, err = a.Teams.Stamp(ctx, c.Team, stamp)
	return s, err
}

// Unshare takes a connection out of its team. It stays with this person, as one of
// their own.
func (a *Accounts) Unshare(ctx context.Context, c connection.Connection) (team.View, error) {
	var given connection.Credential
	if a.sealedByTeam(c) {
		given, _, _ = a.Teams.Credential(ctx, c) // without it the connection stays, and lacks its secret
	}
	v, err := a.Teams.Unshare(ctx, c.Team, c.ID)
	if err != nil {
		return v, err
	}
	c.Team = ""
	err = a.Connections.Batch(func(b *file.Batch) error {
		now, err := b.Find(c.ID)
		if err != nil {
			return err
		}
		now.Team = ""
		_, err = b.Update(now)
		return err
	})
	if err == nil && !given.Empty() {
		_, err = a.keepCredential(ctx, c, given)
	}
	return v, err
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

// UseTeams makes the team's secret the one that is used, and forgets this person's own.
func (a *Accounts) UseTeams(ctx context.Context, c connection.Connection) error {
	if err := a.Teams.UseOwn(ctx, c.Team, c.ID, false); err != nil {
		return err
	}
	a.newCredentials(c.ID)
	return a.Secrets.Delete(ctx, c.ID)
}
