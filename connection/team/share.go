package team

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
	"pushdesk/storage"
	"pushdesk/storage/failure"
	"pushdesk/storage/text"
)

// Offer is a connection that a member shares, or shares again.
type Offer struct {
	Definition shared.Definition
	How        string                // see SecretOwn; "" keeps what it is
	Reference  connection.Reference  // for SecretReference
	Given      connection.Credential // for SecretSealed; empty keeps the sealed one
	Rotated    bool                  // Given is a new secret
	Proof      *Stamp                // what the member's test said; it is completed and signed here
	Anyway     string                // why it is shared without proof
	Drops      int                   // the sealed secret that may leave the file, by its Rotation; see DropsAny
}

// DropsAny says that whatever secret is sealed in the file may leave it.
const DropsAny = -1

// ErrStillSealed says that another secret was sealed into the file than the one that may
// leave it.
var ErrStillSealed = failure.New(failure.Usage, "team-still-sealed", "Another member has sealed a new secret into the team's file, so it was not taken out.", "Look at the connection again.")

// drop says why a sealed secret may not leave the file, or nil.
func (d *Document) drop(drops int) error {
	if d.how() == SecretSealed && !d.Removed && drops != DropsAny && drops != d.rotation() {
		return ErrStillSealed
	}
	return nil
}

// Share writes a connection into a team's folder. Only what is proven is shared, on
// exactly this content, unless there is a reason.
func (b *Book) Share(ctx context.Context, teamID string, o Offer) (View, error) {
	return b.act(ctx, teamID, func(l *local, k key.Key) error {
		me, ok := l.member()
		switch {
		case l.Pending:
			return ErrPending
		case !ok:
			return ErrRemoved
		}
		d, err := l.offered(o, me)
		if err != nil {
			return err
		}
		for id, other := range l.docs {
			if id != d.ID && !other.Removed && connection.NameKey(other.Name) == connection.NameKey(d.Name) {
				return saying(ErrSharedName, "The team already has a connection “%s”.", other.Name)
			}
			if id != d.ID && !other.Removed && shared.LooksLike(d.Name, []string{other.Name}) != "" {
				return saying(ErrSharedName, "The team has a connection “%s”, which looks like “%s”.", other.Name, d.Name)
			}
		}
		now := b.now().UTC().Truncate(time.Second)
		d.Anyway = nil
		if o.Proof != nil {
			s := *o.Proof
			s.Team, s.Connection, s.Content = l.ID, d.ID, d.Content()
			l.sinceWhen(&s)
			if err := s.sign(k); err != nil {
				return err
			}
			d.Proof = &s
		}
		reason := text.Name(o.Anyway)
		switch {
		case d.Proof != nil && d.Proof.Content == d.Content() && d.Proof.Proves():
		case reason == "":
			return ErrNotProven
		default:
			d.Anyway = &Anyway{Reason: text.Shorten(reason, 500), By: k.Public().ID(), At: now}
			if d.Proof != nil && d.Proof.Content != d.Content() {
				d.Proof = nil
			}
		}
		d.Signed.By = l.Me
		probe := *d
		if err := probe.sign(k, now); err != nil {
			return err
		}
		if err := l.judge(&probe); err != nil {
			return err
		}
		return l.put(d, k, now)
	})
}

// offered makes the next state of a connection's file.
func (l *local) offered(o Offer, me Member) (*Document, error) {
	list, problem := l.trusted(o.Definition.ID)
	if len(list) > 1 {
		return nil, ErrConflict
	}
	d := &Document{Format: 1, Team: l.ID, Definition: o.Definition, Signed: shared.Signed{Revision: 1}}
	old := l.docs[o.Definition.ID]
	switch {
	case old != nil && len(list) == 1 && l.rolledBack(list[0]), old != nil && len(list) == 0 && problem != nil:
		// The person means what they have: it takes the place of what cannot be trusted.
		d = next(old)
		d.Definition, d.Removed = o.Definition, false
	case len(list) == 1:
		d = next(list[0])
		d.Removed = false
		merged := o.Definition
		if base := l.known(o.Definition.ID).Mirrored; base != nil && !list[0].Removed {
			var clash []string
			if merged, clash = shared.Merge(*base, o.Definition, list[0].Definition); len(clash) > 0 {
				return nil, ErrClash.WithDetails("Changed by both: %s\nThe other member: %s\n%s", strings.Join(clash, ", "), l.memberName(list[0].Signed.By), shared.BothValues(o.Definition, list[0].Definition, clash))
			}
		}
		d.Definition = merged
	}
	if err := l.offerSecret(d, o, me); err != nil {
		return nil, err
	}
	return d, nil
}

// offerSecret puts what is given along into a state.
func (l *local) offerSecret(d *Document, o Offer, me Member) error {
	how := o.How
	if how == "" {
		how = d.how()
	}
	if how != SecretSealed {
		if err := d.drop(o.Drops); err != nil {
			return err
		}
	}
	switch how {
	case SecretReference:
		if o.Reference == (connection.Reference{}) && d.Secret != nil && d.Secret.Reference != nil {
			o.Reference = *d.Secret.Reference
		}
		if f := o.Reference.Check(); f != nil || o.Reference == (connection.Reference{}) {
			return failure.New(failure.Usage, "export-no-reference", "The connection has no reference to a secret manager.", "Say first which secret manager has its client secret, and under what name.")
		}
		d.Secret = &Secret{How: SecretReference, Reference: &o.Reference, Rotation: d.rotation()}
	case SecretSealed:
		if o.Given.Empty() {
			if d.how() != SecretSealed {
				return shared.ErrNoSeal
			}
			return l.sameSealed(d)
		}
		rotation, readBy := d.rotation()+1, []string(nil)
		if d.how() == SecretSealed && !o.Rotated {
			readBy = d.Secret.ReadBy
		}
		secret, err := shared.NewSecret(d.Definition, l.ID, rotation, o.Given)
		if err != nil {
			return err
		}
		d.Secret = &Secret{How: SecretSealed, Rotation: rotation, RotatedBy: me.ID, RotatedAt: time.Now().UTC().Truncate(time.Second), ReadBy: readBy}
		return l.seal(d, secret)
	default:
		d.Secret = nil
		if r := d.rotation(); r > 0 {
			d.Secret = &Secret{How: SecretOwn, Rotation: r}
		}
	}
	return nil
}

// sameSealed checks that a sealed secret that stays is for the app that the definition
// names: it was sealed for one.
func (l *local) sameSealed(d *Document) error {
	old := l.docs[d.ID]
	if old == nil || old.TenantID != d.TenantID || old.ClientID != d.ClientID || old.Cloud != d.Cloud || old.Credential != d.Credential {
		return shared.ErrSwapped.WithDetails("The connection signs in as another app now: share it with that app's secret.")
	}
	return nil
}

// Rotate seals a new secret to the members.
func (b *Book) Rotate(ctx context.Context, teamID, id string, given connection.Credential, expires connection.Day, from connection.ExpirySource) (View, error) {
	return b.act(ctx, teamID, func(l *local, k key.Key) error {
		list, problem := l.trusted(id)
		switch {
		case len(list) > 1:
			return ErrConflict
		case len(list) == 0 && problem != nil:
			return problem
		case len(list) == 0 || list[0].Removed:
			return ErrNotThere
		}
		me, ok := l.member()
		if !ok {
			return ErrRemoved
		}
		d := next(list[0])
		d.Expires, d.ExpiresFrom = expires, from
		if err := l.offerSecret(d, Offer{How: SecretSealed, Given: given, Rotated: true}, me); err != nil {
			return err
		}
		return l.put(d, k, b.now())
	})
}

// Unshare takes a connection out of a team. Its file stays and says so, so that no old
// copy brings it back. drops names the sealed secret that may leave it: see Offer.
func (b *Book) Unshare(ctx context.Context, teamID, id string, drops int) (View, error) {
	return b.act(ctx, teamID, func(l *local, k key.Key) error {
		if _, ok := l.member(); !ok {
			return ErrRemoved
		}
		list, _ := l.trusted(id)
		old := l.docs[id]
		if len(list) > 0 {
			old = list[0]
		}
		if old == nil {
			return ErrNotThere
		}
		if err := old.drop(drops); err != nil {
			return err
		}
		d := next(old)
		for _, other := range list {
			if other != old {
				d.Signed.Revision = max(d.Signed.Revision, other.Signed.Revision+1)
				d.Signed.Ancestors = shared.AncestorsOf(old.Signed, other.Signed)(old.hash(), other.hash())
			}
		}
		d.Removed, d.Proof, d.Anyway = true, nil, nil
		if d.Secret != nil {
			d.Secret = &Secret{How: SecretOwn, Rotation: d.Secret.Rotation}
		}
		return l.put(d, k, b.now())
	})
}

// Stamp writes a member's own stamp beside the connection.
func (b *Book) Stamp(ctx context.Context, teamID string, s Stamp) (View, error) {
	return b.act(ctx, teamID, func(l *local, k key.Key) error {
		if _, ok := l.member(); !ok || l.Pending {
			return ErrRemoved
		}
		d := l.docs[s.Connection]
		if d == nil {
			return ErrNotThere
		}
		s.Team, s.Content = l.ID, d.Content()
		l.sinceWhen(&s)
		path := filepath.Join(l.Folder, stampsFolder, d.ID[:8]+"-"+l.Me[:8]+".json")
		if err := s.sign(k); err != nil {
			return err
		}
		content, err := shared.Layout(s)
		if err != nil {
			return err
		}
		if err := write(path, content); err != nil {
			return err
		}
		l.folder.stamps = append(slices.DeleteFunc(l.folder.stamps, func(x foundStamp) bool { return x.By == s.By && x.Connection == s.Connection }), foundStamp{path, s})
		return nil
	})
}

// sinceWhen says in a stamp of this person since when the connection fails for them.
func (l *local) sinceWhen(s *Stamp) {
	s.FailsSince = time.Time{}
	if s.Passed {
		return
	}
	s.FailsSince = s.At
	for _, old := range l.folder.stamps {
		if old.By == l.Me && old.Connection == s.Connection && !old.Passed && !old.FailsSince.IsZero() && old.FailsSince.Before(s.At) {
			s.FailsSince = old.FailsSince
		}
	}
}

// Print says whether the folder may have been changed since another print was taken:
// the names, sizes and times of its files.
func Print(folder string) string {
	var b strings.Builder
	for _, sub := range []string{"", connectionsFolder, ownersFolder, stampsFolder, requestsFolder} {
		list, err := os.ReadDir(filepath.Join(folder, sub))
		if err != nil {
			b.WriteString("?")
			continue
		}
		for _, f := range list {
			if info, err := f.Info(); err == nil && !f.IsDir() && !storage.IsTemporary(f.Name()) {
				fmt.Fprintf(&b, "%s %d %d\n", f.Name(), info.ModTime().UnixNano(), info.Size())
			}
		}
	}
	return b.String()
}
