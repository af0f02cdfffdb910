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

// ShareOptions say how a connection is shared.
type ShareOptions struct {
	Team   string // name or ID
	How    string // see team.SecretOwn; "" keeps what it is
	Trial  bool   // prove the right to push with a trial dataset
	Anyway string // why it is shared without proof
	Report *doctor.Report
	Lose   bool // the secret that is sealed in the team's file may be lost: see ErrOnlyCopy
}

// ErrOnlyCopy says that a secret would be lost that only a team's file has.
var ErrOnlyCopy = failure.New(failure.Usage, "team-only-copy", "The team's file may have the only copy of the secret, and this would remove it.", "Ask a member who can open it, or say that it may be lost.")

// Sharing is what became of a connection that was to be shared.
type Sharing struct {
	Team   team.View
	Report doctor.Report
	Lacks  []string // what was not proven, in sentences
	Kept   string   // where a secret is stored now that was sealed in the team's file only; else ""
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
	leaves := howOf(v, c, o.How) != team.SecretSealed && typed == nil
	drops, kept, undo, err := a.keepSealed(ctx, c, o.Lose || !leaves)
	if err != nil {
		return s, err
	}
	defer func() {
		if err != nil && !errors.Is(err, team.ErrSlow) { // it may have left the file all the same
			undo()
		}
	}()
	s.Kept = kept
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
	offer := team.Offer{Definition: shared.Of(c, tables), How: o.How, Reference: c.Reference, Proof: &stamp, Anyway: o.Anyway, Drops: drops}
	if offer.Given, offer.Rotated, err = a.toSeal(ctx, c, v, o.How); err != nil {
		return s, err
	}
	ctx, stop := toTheEnd(ctx)
	defer stop()
	s.Team, err = a.Teams.Share(ctx, v.ID, offer)
	if errors.Is(err, team.ErrNotProven) {
		return s, team.ErrNotProven.WithDetails("%s", strings.Join(lacks, "\n"))
	}
	if errors.Is(err, team.ErrClash) { // now the person knows: sharing again decides
		if _, theirs, bad := a.Teams.Shared(v.ID, c.ID); bad == nil { // as they were read now
			err = errors.Join(err, a.mirrorTeams(ctx), a.Teams.Mirrored(ctx, v.ID, map[string]*shared.Definition{c.ID: &theirs.Definition}))
		}
	}
	if err != nil {
		return s, err
	}
	undo = func() {}
	if err := a.shared(ctx, c, offer.Definition, s.Team); err != nil {
		return s, err
	}
	s.Team, err = a.Teams.Find(v.ID) // with the addresses that this person has allowed
	return s, err
}

// mostWriting is how long a change of a team's folder is waited for.
const mostWriting = 2 * time.Minute

// toTheEnd is a context for a change of a team's folder together with what this computer
// has of it: who stops waiting half-way must not be left with the half of it.
func toTheEnd(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), mostWriting)
}

// keepSealed stores the secret that is sealed in the team's file on this computer, before it
// leaves the file, and says where; lose says that it may be lost. drops names the secret
// that may leave the file: see team.Offer. undo forgets what was stored.
func (a *Accounts) keepSealed(ctx context.Context, c connection.Connection, lose bool) (drops int, kept string, undo func(), err error) {
	undo = func() {}
	if lose {
		return team.DropsAny, "", undo, nil
	}
	_, s, err := a.Teams.Shared(c.Team, c.ID)
	switch {
	case err != nil || s.How != team.SecretSealed:
		return 0, "", undo, nil //nolint:nilerr // nothing is sealed
	}
	only := func(why error) (int, string, func(), error) { return 0, "", undo, ErrOnlyCopy.Because(why) }
	sealed, err := a.Teams.Sealed(ctx, c)
	if err != nil {
		return only(err)
	}
	c.Reference = connection.Reference{} // only what is stored here is kept
	own, _, err := a.stored(ctx, c)
	switch {
	case err != nil:
		return only(err)
	case sameSecret(own, sealed):
		return s.Secret.Rotation, "", undo, nil
	case !own.Empty():
		return only(failure.New(failure.Usage, "team-own-secret", "This computer has another secret of your own for the connection.", ""))
	}
	place, err := a.keepCredential(ctx, c, sealed)
	undo = func() { _ = a.Secrets.Delete(context.WithoutCancel(ctx), c.ID) }
	if err == nil && place == keychain.PlaceSession && a.Secrets.Choice() != keychain.PlaceSession {
		err = failure.New(failure.Connection, "team-secret-not-stored", "There is nowhere to store it on this computer.", "")
	}
	if err != nil {
		undo()
		return only(err)
	}
	return s.Secret.Rotation, string(place), undo, nil
}

// sameSecret reports whether two credentials are the same secret or certificate.
func sameSecret(a, b connection.Credential) bool {
	if a.Certificate != nil && b.Certificate != nil {
		return a.Certificate.Thumbprint() == b.Certificate.Thumbprint()
	}
	return a.Certificate == b.Certificate && a.Secret == b.Secret
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
		rotated = !sameSecret(old, given)
	}
	return given, rotated, err
}

// shared makes a connection one of the team's, as it was offered; what others changed in it
// meanwhile comes back from the team. What is sealed in the team's file is kept nowhere
// else from now on.
func (a *Accounts) shared(ctx context.Context, c connection.Connection, offered shared.Definition, v team.View) error {
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
	if err := a.Teams.Mirrored(ctx, v.ID, map[string]*shared.Definition{c.ID: &offered}); err != nil {
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
// their own, with its secret; lose says that a secret may be lost: see ErrOnlyCopy.
func (a *Accounts) Unshare(ctx context.Context, c connection.Connection, lose bool) (team.View, error) {
	drops, _, undo, err := a.keepSealed(ctx, c, lose)
	if err != nil {
		return team.View{}, err
	}
	ctx, stop := toTheEnd(ctx)
	defer stop()
	v, err := a.Teams.Unshare(ctx, c.Team, c.ID, drops)
	if err != nil {
		if !errors.Is(err, team.ErrSlow) { // it may have left the file all the same
			undo()
		}
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
	a.newCredentials(c.ID)
	return v, err
}
