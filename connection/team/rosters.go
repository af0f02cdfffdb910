package team

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
)

// trustedRoster says why a roster may not take the place of the one that is known, or nil:
// an owner has signed it, whose key is pinned here. The owners are those of the roster that
// is known, or of one that follows from it.
func (l *local) trustedRoster(r *Roster) error {
	switch {
	case r.ID != l.ID:
		return ErrOtherTeam
	case l.roster == nil:
		return ErrUnsigned
	}
	err := l.follows(l.roster, r)
	if err == nil {
		return nil
	}
	for _, known := range l.following(r) {
		if err = l.follows(known, r); err == nil {
			return nil
		}
	}
	return err
}

// follows says why the owners of a roster have not signed another, or nil.
func (l *local) follows(known, r *Roster) error {
	signer, ok := known.Member(r.Signed.By)
	switch {
	case !ok && (!l.pinned(r.Signed.By) || slices.ContainsFunc(known.Gone, func(g Gone) bool { return g.ID == r.Signed.By })):
		name := "somebody"
		if m, there := r.Member(r.Signed.By); there {
			name = m.Name
		}
		return ErrStranger.WithDetails("File: team.json\nSigned as: %s", name)
	case ok && signer.Role != RoleOwner:
		return ErrNewOwner.WithDetails("Signed by: %s", signer.Name)
	case !l.pinned(r.Signed.By):
		return ErrNewMember.WithDetails("File: team.json\nSigned by: %s", signer.Name)
	}
	return nil
}

// following returns the rosters whose owners may sign another one: who was away while the
// owners changed goes through those changes, each signed by an owner of one before. A change
// that leads nowhere, as one who was an owner may write, keeps nobody from the others.
func (l *local) following(r *Roster) (list []*Roster) {
	slices.SortFunc(l.folder.owners, func(a, b *Roster) int { return cmp.Compare(a.Signed.Revision, b.Signed.Revision) })
	for _, o := range l.folder.owners {
		after := func(known *Roster) bool {
			return o.Signed.Revision > known.Signed.Revision && l.follows(known, o) == nil
		}
		if o.ID == l.ID && o.Signed.Revision < r.Signed.Revision && (after(l.roster) || slices.ContainsFunc(list, after)) {
			list = append(list, o)
		}
	}
	return list
}

// refreshRoster takes over team.json.
func (l *local) refreshRoster(k key.Key, now time.Time) error {
	l.untangleRosters()
	problem := l.folder.rosterErr
	var heads []*Roster
	for _, f := range l.folder.rosters {
		if err := l.trustedRoster(f.Roster); err == nil {
			heads = append(heads, f.Roster)
		} else if !f.isCopy() || !l.roster.holds(f.Roster) { // an old copy may be signed by an owner who left
			problem = cmp.Or(problem, err)
		}
	}
	if mine := l.rosterState(l.RosterWrote); mine != nil && (l.roster == nil || !slices.Contains(l.roster.Signed.Ancestors, mine.hash())) && !slices.ContainsFunc(heads, func(r *Roster) bool { return shared.LongAfter(r.Signed, mine.Signed) }) {
		heads = append(heads, mine)
	}
	if me, ok := l.member(); ok && me.Role == RoleOwner && len(heads) > 0 && !slices.ContainsFunc(heads, func(r *Roster) bool {
		return r.Signed.Revision < l.roster.Signed.Revision || r.holds(l.roster) || l.roster.holds(r) || shared.LongAfter(r.Signed, l.roster.Signed)
	}) {
		heads = append(heads, l.roster) // states of the same age would bring back who was removed
	}
	heads = rosterHeads(heads)
	if len(heads) == 0 {
		return problem
	}
	head := heads[0]
	decided, merges := len(heads) == 1, 0
	for _, other := range heads[1:] {
		base := l.commonRoster(head, other)
		if base == nil || !k.Known() {
			break
		}
		if me, ok := l.roster.Member(k.Public().ID()); !ok || me.Role != RoleOwner {
			break
		}
		merged := mergeRosters(base, head, other)
		if err := l.writeRoster(merged, k, now); err != nil {
			return err
		}
		head = merged
		merges++
		decided = merges == len(heads)-1
	}
	if head.Signed.Revision < l.RosterSeen && l.roster != nil && !head.holds(l.roster) {
		return ErrRolledBack.WithDetails("File: team.json\nRevision: %d\nSeen before: %d", head.Signed.Revision, l.RosterSeen)
	}
	overwritten := !errors.Is(problem, shared.ErrNotRead) && l.RosterWrote == head.hash() && !slices.ContainsFunc(l.folder.rosters, func(f foundRoster) bool { return f.hash() == head.hash() })
	if k.Known() && (overwritten || decided && l.behind(head) && !errors.Is(problem, errTangled)) {
		if err := l.putRoster(head); isUnwritten(err) {
			problem = cmp.Or(problem, err) // who may only read the folder uses what it holds all the same
		} else if err != nil {
			return err
		}
	}
	if l.roster == nil || l.roster.hash() != head.hash() {
		if err := l.keepRoster(head); err != nil {
			return err
		}
	}
	l.Pins = slices.DeleteFunc(l.Pins, func(id string) bool { // who is a member no longer signs nothing
		_, there := head.Member(id)
		return !there
	})
	_, member := head.Member(l.Me)
	switch {
	case member && l.Pending:
		l.Pending, l.Gone = false, false
		l.pin(head.ids()...) // the owner vouches for everybody who is there by now
	case member:
		l.Gone = false
	case !l.Pending, slices.ContainsFunc(head.Gone, func(g Gone) bool { return g.ID == l.Me }) && !l.asks(): // accepted and removed while away
		l.Pending, l.Gone = false, true
		l.dropSecrets()
	}
	if member && decided && k.Known() {
		l.tidyRosters(head)
	}
	return problem
}

// holds reports whether a roster is another one, or was made of it.
func (r *Roster) holds(other *Roster) bool {
	return r != nil && (r.hash() == other.hash() || slices.Contains(r.Signed.Ancestors, other.hash()))
}

// behind reports whether all that team.json holds is in a roster, which is not all of it.
func (l *local) behind(head *Roster) bool {
	var home []foundRoster
	for _, f := range l.folder.rosters {
		if !f.isCopy() {
			home = append(home, f)
		}
	}
	return len(home) > 0 && (len(home) > 1 || home[0].hash() != head.hash()) && !slices.ContainsFunc(home, func(f foundRoster) bool { return !head.holds(f.Roster) })
}

// tidyRosters removes the copies of team.json that it was made of, as tidy does with those
// of a connection's file: what they hold is in it.
func (l *local) tidyRosters(head *Roster) {
	home := slices.IndexFunc(l.folder.rosters, func(f foundRoster) bool { return !f.isCopy() })
	if home < 0 || l.folder.rosters[home].hash() != head.hash() || l.behind(head) {
		return
	}
	for _, f := range l.folder.rosters {
		if !strings.EqualFold(filepath.Base(f.path), rosterFile) && !slices.ContainsFunc(l.folder.rosters, func(o foundRoster) bool { return o.path == f.path && !head.holds(o.Roster) }) {
			_ = os.Remove(f.path) // another computer may have been quicker
		}
	}
}

// rosterHeads leaves out the states that others were made of, and the same twice; the
// latest comes first.
func rosterHeads(all []*Roster) (heads []*Roster) {
	for _, r := range all {
		older := slices.ContainsFunc(all, func(o *Roster) bool { return slices.Contains(o.Signed.Ancestors, r.hash()) })
		twice := slices.ContainsFunc(heads, func(o *Roster) bool { return o.hash() == r.hash() })
		if !older && !twice {
			heads = append(heads, r)
		}
	}
	slices.SortFunc(heads, func(a, b *Roster) int {
		return cmp.Or(cmp.Compare(b.Signed.Revision, a.Signed.Revision), cmp.Compare(a.hash(), b.hash()))
	})
	return heads
}

func (l *local) commonRoster(a, b *Roster) *Roster {
	for _, h := range a.Signed.Ancestors {
		if slices.Contains(b.Signed.Ancestors, h) {
			if r := l.rosterState(h); r != nil {
				return r
			}
		}
	}
	return nil
}

// writeRoster signs and writes a new state of team.json.
func (l *local) writeRoster(r *Roster, k key.Key, now time.Time) error {
	if err := r.sign(k, now); err != nil {
		return err
	}
	content, err := r.encode()
	if err != nil {
		return err
	}
	if err := l.keepState("team", r.hash(), content); err != nil {
		return err
	}
	if l.roster != nil && !slices.Equal(l.roster.owners(), r.owners()) {
		if err := write(filepath.Join(l.Folder, ownersFolder, r.hash()+".json"), content); err != nil {
			return err
		}
	}
	l.RosterWrote = r.hash()
	if err := l.putRoster(r); err != nil {
		return err
	}
	return l.keepRoster(r)
}

func (l *local) putRoster(r *Roster) error {
	content, err := r.encode()
	if err != nil {
		return err
	}
	path := filepath.Join(l.Folder, rosterFile)
	if err := write(path, content); err != nil {
		return err
	}
	l.folder.rosters = append(slices.DeleteFunc(l.folder.rosters, func(f foundRoster) bool { return f.path == path }), foundRoster{path, r})
	return nil
}
