package team

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/storage"
)

// refresh reads the folder and takes over what is trusted. With a key it also brings
// together what was changed at the same time, and writes it. The error says that the
// folder cannot be read; what is kept on this computer stays then.
func (l *local) refresh(k Key, now time.Time) error {
	r := readFolder(l.Folder)
	l.folder = r
	if r.err != nil {
		l.folder.documents = nil
		return ErrNoFolder.Because(r.err).WithDetails("Folder: %s\nCause: %v", l.Folder, r.err)
	}
	if err := l.refreshRoster(k, now); err != nil {
		l.folder.rosterErr = err
	} else {
		l.folder.rosterErr = nil
	}
	l.untangle()
	var unwritten error // of a folder that this person may only read: what it holds counts all the same
	if l.roster != nil && !l.Pending && !l.Gone {
		for id := range l.folder.documents {
			err := l.refreshDocument(id, k, now)
			if isUnwritten(err) {
				unwritten = cmp.Or(unwritten, err)
			} else if err != nil {
				return err
			}
		}
	}
	if now.Sub(l.ReadAt) > time.Minute { // a date is for people: it is not worth a write each time
		l.ReadAt = now.UTC().Truncate(time.Second)
	}
	return cmp.Or(l.keep(), unwritten)
}

func isUnwritten(err error) bool {
	var f *storage.FileError
	return errors.As(err, &f)
}

// trustedRoster reports whether a roster may take the place of the one that is known:
// an owner of that one has signed it, whose key is pinned here.
func (l *local) trustedRoster(r *Roster) error {
	switch {
	case r.ID != l.ID:
		return ErrOtherTeam
	case l.roster == nil:
		return ErrUnsigned
	}
	signer, ok := l.roster.Member(r.Signed.By)
	switch {
	case !ok && !l.pinned(r.Signed.By):
		name := "somebody"
		if m, there := r.Member(r.Signed.By); there {
			name = m.Name
		}
		return ErrStranger.WithDetails("File: team.json\nSigned as: %s", name)
	case ok && signer.Role != RoleOwner:
		return ErrNotOwner.WithDetails("Signed by: %s", signer.Name)
	case !l.pinned(r.Signed.By):
		return ErrNewMember.WithDetails("File: team.json\nSigned by: %s", signer.Name)
	}
	return nil
}

// refreshRoster takes over team.json.
func (l *local) refreshRoster(k Key, now time.Time) error {
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
	if mine := l.rosterState(l.RosterWrote); mine != nil && (l.roster == nil || !slices.Contains(l.roster.Signed.Ancestors, mine.hash())) && !slices.ContainsFunc(heads, func(r *Roster) bool { return longAfter(r.Signed, mine.Signed) }) {
		heads = append(heads, mine)
	}
	heads = rosterHeads(heads)
	if len(heads) == 0 {
		return problem
	}
	head := heads[0]
	decided, merges := len(heads) == 1, 0
	for _, other := range heads[1:] {
		base := l.commonRoster(head, other)
		if base == nil || k.identity == nil {
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
	if head.Signed.Revision < l.RosterSeen && l.roster != nil && l.roster.hash() != head.hash() && slices.Contains(l.roster.Signed.Ancestors, head.hash()) {
		return ErrRolledBack.WithDetails("File: team.json\nRevision: %d\nSeen before: %d", head.Signed.Revision, l.RosterSeen)
	}
	overwritten := l.RosterWrote == head.hash() && !slices.ContainsFunc(l.folder.rosters, func(f foundRoster) bool { return f.hash() == head.hash() })
	if k.identity != nil && (overwritten || decided && l.behind(head) && !errors.Is(problem, errTangled)) {
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
	_, member := head.Member(l.Me)
	switch {
	case member && l.Pending:
		l.Pending, l.Gone = false, false
		l.pin(head.ids()...) // the owner vouches for everybody who is there by now
	case member:
		l.Gone = false
	case !l.Pending, slices.ContainsFunc(head.Gone, func(g Gone) bool { return g.ID == l.Me }) &&
		!slices.ContainsFunc(l.folder.requests, func(q Request) bool { return q.ID == l.Me }): // accepted and removed while away
		l.Pending, l.Gone = false, true
		l.dropSecrets()
	}
	if member && decided && k.identity != nil {
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
func (l *local) writeRoster(r *Roster, k Key, now time.Time) error {
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

// dropSecrets forgets the sealed parts of a team that this person is no longer in.
func (l *local) dropSecrets() {
	for id, d := range l.docs {
		if d.how() != SecretSealed {
			continue
		}
		delete(l.docs, id)
		_ = os.Remove(filepath.Join(l.dir, "connections", id+".json"))
		_ = os.RemoveAll(filepath.Join(l.dir, "states", id))
	}
}

// judge says why a file is not trusted: nil for one that is.
func (l *local) judge(d *Document) error {
	if d.Team != l.ID {
		return ErrOtherTeam
	}
	signer, ok := l.roster.Member(d.Signed.By)
	if !ok {
		return ErrStranger
	}
	content, err := d.signable()
	if err != nil {
		return err
	}
	switch {
	case !signer.verifies(content, d.Signed.Signature):
		return ErrUnsigned.WithDetails("Signed as: %s", signer.Name)
	case !l.pinned(signer.ID):
		return saying(ErrNewMember, "The file is signed by %s, who is new to this computer.", signer.Name)
	case d.Removed:
		return nil
	}
	for _, f := range d.Findings() {
		if f.Level == connection.LevelFail {
			if f.Field == connection.FieldName {
				return ErrNames.WithDetails("%s %s", f.Sentence, f.Remedy)
			}
			return ErrInvalid.WithDetails("Field: %s\n%s %s", f.Field, f.Sentence, f.Remedy)
		}
	}
	switch {
	case d.Cloud != connection.CloudPractice && !l.roster.allows(d.TenantID):
		return ErrTenant.WithDetails("Tenant: %s", d.TenantID)
	case d.Secret != nil && d.Secret.Reference != nil && d.Secret.Reference.Check() != nil:
		return ErrInvalid.WithDetails("%s", d.Secret.Reference.Check().Sentence)
	}
	return nil
}

// trusted returns the trusted states of a connection: those of the folder, and the one
// that this person wrote last, which somebody may have written over.
func (l *local) trusted(id string) (all []*Document, problem error) {
	for _, f := range l.folder.documents[id] {
		if err := l.judge(f.doc); err != nil {
			problem = cmp.Or(problem, err)
			continue
		}
		all = append(all, f.doc)
	}
	seen := l.docs[id]
	if mine := l.stateOf(id, l.known(id).Wrote); mine != nil && l.judge(mine) == nil && (seen == nil || !slices.Contains(seen.Signed.Ancestors, mine.hash())) && !slices.ContainsFunc(all, func(d *Document) bool { return longAfter(d.Signed, mine.Signed) }) {
		all = append(all, mine)
	}
	return heads(all), problem
}

// longAfter reports whether a state is so many revisions after another that it need not
// name it: what this person wrote long ago is in it, or was merged by somebody.
func longAfter(later, earlier Signed) bool { return later.Revision >= earlier.Revision+15 }

// heads leaves out the states that others were made of, and the same twice. The first
// is the one that is used while nobody has decided.
func heads(all []*Document) (list []*Document) {
	for _, d := range all {
		older := slices.ContainsFunc(all, func(o *Document) bool { return slices.Contains(o.Signed.Ancestors, d.hash()) })
		twice := slices.ContainsFunc(list, func(o *Document) bool { return o.hash() == d.hash() })
		if !older && !twice {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b *Document) int {
		removed := func(d *Document) int {
			if d.Removed {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(removed(a), removed(b)), cmp.Compare(b.Signed.Revision, a.Signed.Revision), cmp.Compare(a.hash(), b.hash()))
	})
	return list
}

func (l *local) common(a, b *Document) *Document {
	for _, h := range a.Signed.Ancestors {
		if slices.Contains(b.Signed.Ancestors, h) {
			if d := l.stateOf(a.ID, h); d != nil {
				return d
			}
		}
	}
	return nil
}

// refreshDocument takes over the files of one connection.
func (l *local) refreshDocument(id string, k Key, now time.Time) error {
	list, _ := l.trusted(id)
	if len(list) == 0 {
		return nil
	}
	for _, d := range list { // what others may change at the same time is merged from these
		content, err := d.encode()
		if err != nil {
			return err
		}
		if err := l.keepState(id, d.hash(), content); err != nil {
			return err
		}
	}
	head := list[0]
	for len(list) > 1 && k.identity != nil {
		base := l.common(list[0], list[1])
		if base == nil {
			break
		}
		merged, clash := mergeDocuments(base, list[0], list[1])
		if len(clash) > 0 {
			break
		}
		if err := l.put(merged, k, now); err != nil {
			return err
		}
		list = append([]*Document{merged}, list[2:]...)
		head = merged
	}
	if l.rolledBack(head) {
		return nil
	}
	if len(list) == 1 && k.identity != nil && l.folder.rosterErr == nil && l.forOthers(head) {
		if d := next(head); l.reseal(d, k) == nil { // who cannot open it leaves that to others
			if err := l.put(d, k, now); err != nil {
				return err
			}
			head = d
		}
	}
	if err := l.tidy(head, len(list) == 1, k, now); err != nil {
		return err
	}
	if len(list) == 1 && (l.docs[id] == nil || l.docs[id].hash() != head.hash()) {
		return l.keepDocument(head)
	}
	return nil
}

// rolledBack reports whether a state is older than what was seen before.
func (l *local) rolledBack(d *Document) bool {
	seen := l.docs[d.ID]
	return seen != nil && seen.hash() != d.hash() && (slices.Contains(seen.Signed.Ancestors, d.hash()) || d.Signed.Revision < l.known(d.ID).Seen && !slices.Contains(d.Signed.Ancestors, seen.hash()))
}

// tidy writes a state that is missing in the folder, and removes the copies that it was
// made of: what they hold is in it.
func (l *local) tidy(head *Document, decided bool, k Key, now time.Time) error {
	inFolder := func(d *Document) bool {
		return slices.ContainsFunc(l.folder.documents[d.ID], func(f found) bool { return f.doc.hash() == d.hash() })
	}
	if mine := l.stateOf(head.ID, l.known(head.ID).Wrote); mine != nil && k.identity != nil && !inFolder(mine) {
		switch {
		case mine.hash() == head.hash() && decided: // somebody wrote over it
			l.known(head.ID).Restored = now.UTC().Truncate(time.Second)
			if err := l.putFile(mine); err != nil {
				return err
			}
		case !decided && !slices.Contains(head.Signed.Ancestors, mine.hash()): // another version is there, and nobody has decided yet
			if err := l.putAt(mine, l.beside(l.folder.home(l.Folder, mine))); err != nil {
				return err
			}
		}
	}
	all, there := l.folder.documents[head.ID], inFolder(head)
	home := l.folder.home(l.Folder, head)
	if !there || !decided || k.identity == nil {
		return nil
	}
	atHome := slices.ContainsFunc(all, func(f found) bool { return f.path == home && !f.tangled && f.doc.hash() == head.hash() })
	if !atHome && l.newcomers(head.ID, home) {
		return nil // what they wrote is the team's, and only this computer does not know them yet
	}
	if !atHome {
		if err := l.putFile(head); err != nil {
			return err
		}
	}
	for _, f := range all {
		if !strings.EqualFold(f.path, home) && l.isIn(head, f.path) { // where capitals do not count it is the same file
			_ = os.Remove(f.path) // another computer may have been quicker
		}
	}
	return nil
}

// isIn reports whether a state is all that a file holds, or was made of it, and the file
// is trusted. Marks of git put two versions into one file; where both are signed as the
// same, something stands in it that nobody has signed.
func (l *local) isIn(head *Document, path string) bool {
	signed := map[string]bool{}
	for _, list := range l.folder.documents {
		for _, f := range list {
			if f.path != path {
				continue
			}
			if signed[f.doc.Signed.Signature] || f.doc.hash() != head.hash() && !slices.Contains(head.Signed.Ancestors, f.doc.hash()) || l.judge(f.doc) != nil {
				return false
			}
			signed[f.doc.Signed.Signature] = true
		}
	}
	return true
}

// put signs and writes a new state of a connection.
func (l *local) put(d *Document, k Key, now time.Time) error {
	if err := d.sign(k, now); err != nil {
		return err
	}
	content, err := d.encode()
	if err != nil {
		return err
	}
	if len(content) > shared.MaxFile {
		return shared.ErrOversize
	}
	if err := l.keepState(d.ID, d.hash(), content); err != nil {
		return err
	}
	l.known(d.ID).Wrote, l.known(d.ID).Restored = d.hash(), time.Time{}
	if err := l.putFile(d); err != nil {
		return err
	}
	if err := l.keepDocument(d); err != nil {
		return err
	}
	return l.keep()
}

// putFile writes a state where the team looks for it, or beside what a member has written
// there who is new to this computer.
func (l *local) putFile(d *Document) error {
	path := l.folder.home(l.Folder, d)
	if l.newcomers(d.ID, path) {
		path = l.beside(path)
	}
	return l.putAt(d, path)
}

// beside is the path of this person's version of a file that another version is in.
func (l *local) beside(path string) string {
	return strings.TrimSuffix(path, ".json") + "." + l.Me[:8] + ".json"
}

// newcomers reports whether a file was written by a member who is new to this computer.
func (l *local) newcomers(id, path string) bool {
	return slices.ContainsFunc(l.folder.documents[id], func(f found) bool { return f.path == path && errors.Is(l.judge(f.doc), ErrNewMember) })
}

func (l *local) putAt(d *Document, path string) error {
	content, err := d.encode()
	if err != nil {
		return err
	}
	if err := write(path, content); err != nil {
		return err
	}
	if l.folder.documents == nil {
		l.folder.documents = map[string][]found{}
	}
	list := slices.DeleteFunc(slices.Clone(l.folder.documents[d.ID]), func(f found) bool { return f.path == path })
	l.folder.documents[d.ID] = append(list, found{path: path, doc: d})
	return nil
}
