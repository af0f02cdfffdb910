package team

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
	"pushdesk/storage"
	"pushdesk/storage/text"
)

// personName checks the name of a person.
func personName(name string) (string, error) {
	name = text.Name(name)
	switch {
	case name == "":
		return "", connection.Invalid(connection.FieldName, connection.Failing("The name of the person is missing.", "Give the name that colleagues know you by."))
	case shared.Mixed(name) != "":
		return "", ErrOwnName.WithDetails("Name: %s", name)
	}
	if f := connection.NameShape(name); f != nil {
		return "", connection.Invalid(connection.FieldName, f)
	}
	return name, nil
}

// Create makes a team in a folder, with this person as its owner.
func (b *Book) Create(ctx context.Context, folder, name, me string, tenants []string) (View, error) {
	me, err := personName(me)
	if err != nil {
		return View{}, err
	}
	if name = text.Name(name); name == "" {
		return View{}, connection.Invalid(connection.FieldName, connection.Failing("The team has no name.", "Give it the name that colleagues know it by."))
	}
	if f := connection.NameShape(name); f != nil {
		return View{}, connection.Invalid(connection.FieldName, f)
	}
	if shared.Mixed(name) != "" {
		return View{}, ErrOwnName.WithDetails("Name: %s", name)
	}
	if tenants, err = cleanTenants(tenants); err != nil {
		return View{}, err
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return View{}, fmt.Errorf("find the folder: %w", err)
	}
	if err := b.reach(ctx, folder); err != nil {
		return View{}, err
	}
	return aside(ctx, func() (View, error) { return b.create(ctx, folder, name, me, tenants) })
}

func (b *Book) create(ctx context.Context, folder, name, me string, tenants []string) (View, error) {
	if _, err := os.Lstat(filepath.Join(folder, rosterFile)); err == nil {
		return View{}, ErrHasTeam.WithDetails("Folder: %s", folder)
	}
	if path := traceOf(folder); path != "" {
		return View{}, ErrHalf.WithDetails("File: %s", path)
	}
	k, err := key.Own(ctx, b.secrets)
	if err != nil {
		return View{}, err
	}
	if err := os.MkdirAll(folder, 0o777); err != nil { //nolint:gosec // the folder is for several people
		return View{}, &storage.FileError{Path: folder, Err: err}
	}
	id := k.Public().ID()
	r := &Roster{Format: 1, ID: uuid.NewString(), Name: name, Tenants: tenants,
		Members: []Member{{ID: id, Name: me, Role: RoleOwner, Public: k.Public(), Joined: connection.DayOf(b.now())}}, Signed: shared.Signed{Revision: 1}}
	l, leave, err := b.enter(ctx, r.ID)
	if err != nil {
		return View{}, err
	}
	defer leave()
	l.state = state{Version: 1, ID: r.ID, Name: name, Folder: folder, Me: id, MyName: me, Owner: id, Pins: []string{id}}
	if err := l.writeRoster(r, k, b.now()); err != nil {
		return View{}, err
	}
	if err := l.refresh(k, b.now()); err != nil {
		return View{}, err
	}
	return b.show(l, nil), nil
}

// Join asks to join the team of a folder. owner is the ID of the owner who invited this
// person, or "". The view holds the five words to compare with an owner. Who was a
// member before and has their key back is one again at once, if owner is given.
func (b *Book) Join(ctx context.Context, folder, me, owner string) (View, error) {
	me, err := personName(me)
	if err != nil {
		return View{}, err
	}
	if folder, err = filepath.Abs(folder); err != nil {
		return View{}, fmt.Errorf("find the folder: %w", err)
	}
	if err := b.reach(ctx, folder); err != nil {
		return View{}, err
	}
	return aside(ctx, func() (View, error) { return b.join(ctx, folder, me, owner) })
}

func (b *Book) join(ctx context.Context, folder, me, owner string) (View, error) {
	content, err := shared.ReadFile(filepath.Join(folder, rosterFile))
	if errors.Is(err, fs.ErrNotExist) {
		return View{}, ErrNoTeamThere.WithDetails("Folder: %s", folder)
	}
	if err != nil {
		return View{}, err
	}
	r, err := decodeRoster(content)
	if ours, _ := shared.Sides(content); ours != nil {
		err = errTangled
	}
	if err != nil {
		return View{}, err
	}
	if owner = strings.ToLower(text.Clean(owner)); owner != "" && owner != r.Signed.By {
		return View{}, ErrOwner
	}
	k, err := key.Own(ctx, b.secrets)
	if err != nil {
		return View{}, err
	}
	id := k.Public().ID()
	member, isMember := r.Member(id)
	if isMember && owner == "" && r.Signed.By != id { // there are no words to compare
		return View{}, ErrComingBack
	}
	for _, m := range r.Members {
		if m.ID != id && (connection.NameKey(m.Name) == connection.NameKey(me) || shared.LooksLike(me, []string{m.Name}) != "") {
			return View{}, ErrNameTaken
		}
	}
	l, leave, err := b.enter(ctx, r.ID)
	if err != nil {
		return View{}, err
	}
	defer leave()
	if l.ID != "" && !l.Pending && !l.Gone {
		return View{}, saying(ErrHasTeam, "You are already in the team “%s”.", l.Name)
	}
	l.state = state{Version: 1, ID: r.ID, Name: r.Name, Folder: folder, Me: id, MyName: me, Owner: r.Signed.By, Pending: !isMember, Pins: r.ids()}
	if isMember {
		l.MyName = member.Name
	} else if _, err := ask(folder, r.ID, r.Signed.By, me, false, k, b.now()); err != nil {
		return View{}, err
	}
	if err := l.keepRoster(r); err != nil {
		return View{}, err
	}
	if err := l.refresh(k, b.now()); err != nil {
		return View{}, err
	}
	if isMember {
		_ = l.dropRequest(id) // they may have left before, and are back
	}
	return b.show(l, nil), nil
}

// nextRoster returns a copy of the roster that can be changed and written.
func (l *local) nextRoster() *Roster {
	r := *l.roster
	r.Tenants, r.Members, r.Gone = slices.Clone(r.Tenants), slices.Clone(r.Members), slices.Clone(r.Gone)
	r.Signed = shared.Signed{Revision: l.roster.Signed.Revision + 1, Ancestors: shared.AncestorsOf(l.roster.Signed)(l.roster.hash())}
	return &r
}

// Accept makes a person who asked to join a member, after the words were compared. What
// is sealed to the members is sealed to them, too.
func (b *Book) Accept(ctx context.Context, teamID, who string) (View, error) {
	return b.asOwner(ctx, teamID, func(l *local, k key.Key) error {
		q, err := l.request(who, false)
		if err != nil {
			return err
		}
		if m, ok := l.roster.Member(q.Owner); !ok || m.Role != RoleOwner {
			return ErrOwner // the words are those of what somebody else signed
		}
		r := l.nextRoster()
		for _, m := range r.Members {
			if connection.NameKey(m.Name) == connection.NameKey(q.Name) || shared.LooksLike(q.Name, []string{m.Name}) != "" {
				return ErrNameTaken
			}
		}
		r.Members = append(r.Members, Member{ID: q.ID, Name: q.Name, Role: RoleMember, Public: q.Public, Joined: connection.DayOf(b.now())})
		r.Gone = slices.DeleteFunc(r.Gone, func(g Gone) bool { return g.ID == q.ID })
		if err := l.writeRoster(r, k, b.now()); err != nil {
			return err
		}
		l.pin(q.ID)
		_ = l.dropRequest(q.ID) // it says nothing any more
		return l.sealAgain(k, b, nil)
	})
}

// request finds the request of a person by name or ID. Anybody can ask under any name, so
// a name that two people give is nobody's.
func (l *local) request(who string, leave bool) (Request, error) {
	var named []Request
	for _, q := range l.open() {
		if q.Leave != leave {
			continue
		}
		if q.ID == strings.ToLower(text.Clean(who)) {
			return q, nil
		}
		if connection.NameKey(q.Name) == connection.NameKey(who) {
			named = append(named, q)
		}
	}
	switch len(named) {
	case 0:
		return Request{}, ErrNoRequest
	case 1:
		return named[0], nil
	}
	return Request{}, ErrTwoRequests.WithDetails("Their IDs: %s, %s", named[0].ID, named[1].ID)
}

// Reject deletes the request of a person.
func (b *Book) Reject(ctx context.Context, teamID, who string) (View, error) {
	return b.asOwner(ctx, teamID, func(l *local, _ key.Key) error {
		q, err := l.request(who, false)
		if err != nil {
			return err
		}
		return l.dropRequest(q.ID)
	})
}

// Remove takes a member out of the team and seals every secret again without them. It
// returns the connections whose secret they could read: only a new secret in Entra
// shuts them out.
func (b *Book) Remove(ctx context.Context, teamID, who string) (v View, exposed []string, err error) {
	v, err = b.asOwner(ctx, teamID, func(l *local, k key.Key) error {
		m, ok := l.roster.named(who)
		if !ok {
			return ErrNoMember
		}
		if m.Role == RoleOwner && len(l.roster.owners()) == 1 {
			return ErrLastOwner
		}
		if m.ID == l.Me {
			return ErrYourself
		}
		r := l.nextRoster()
		r.Members = slices.DeleteFunc(r.Members, func(x Member) bool { return x.ID == m.ID })
		r.Gone = append(r.Gone, Gone{ID: m.ID, Name: m.Name, Removed: connection.DayOf(b.now()), By: l.Me})
		// What the member signed is signed by the owner from now on.
		before := documents(l.docs)
		if err := l.writeRoster(r, k, b.now()); err != nil {
			return err
		}
		l.Pins = slices.DeleteFunc(l.Pins, func(id string) bool { return id == m.ID })
		_ = l.dropRequest(m.ID)
		for _, d := range before {
			if d.how() == SecretSealed && slices.Contains(d.Secret.To, m.ID) && !d.Removed {
				exposed = append(exposed, d.Name)
			}
		}
		slices.Sort(exposed)
		return l.sealAgain(k, b, &m)
	})
	return v, exposed, err
}

func documents(docs map[string]*Document) (list []*Document) {
	for _, d := range docs {
		list = append(list, d)
	}
	return list
}

// sealAgain seals every secret to the members there are now, and signs what a member
// who left had signed. What is as it should be is not written again.
func (l *local) sealAgain(k key.Key, b *Book, left *Member) error {
	var first error
	for _, old := range documents(l.docs) {
		resign := left != nil && old.Signed.By == left.ID
		reseal := l.forOthers(old)
		if !resign && !reseal {
			continue
		}
		d := next(old)
		if d.Proof != nil && left != nil && d.Proof.By == left.ID {
			d.Proof = nil // nobody can check it any more
		}
		if reseal {
			if err := l.reseal(d, k); err != nil {
				first = errors.Join(first, fmt.Errorf("seal the secret of %q again: %w", d.Name, err))
				continue
			}
		}
		if err := l.put(d, k, b.now()); err != nil {
			return err
		}
	}
	return first
}

// forOthers reports whether a secret is sealed to other people than the members there are
// now: somebody was accepted or removed while another member shared it.
func (l *local) forOthers(d *Document) bool {
	return d.how() == SecretSealed && !d.Removed && !slices.Equal(slices.Sorted(slices.Values(d.Secret.To)), l.roster.ids())
}

// reseal seals the secret of a state to the members there are now, and notes who could
// read it and is none of them.
func (l *local) reseal(d *Document, k key.Key) error {
	secret, err := shared.Open(d.Secret.Age, k.Identity())
	if err != nil {
		return err
	}
	was := d.Secret.To
	if err := l.seal(d, secret); err != nil {
		return err
	}
	for _, id := range was {
		if name := l.memberName(id); !slices.Contains(d.Secret.To, id) && !slices.Contains(d.Secret.ReadBy, name) {
			d.Secret.ReadBy = append(slices.Clone(d.Secret.ReadBy), name)
		}
	}
	return nil
}

// next returns a copy of a state that can be changed and written.
func next(d *Document) *Document {
	n := *d
	if d.Secret != nil {
		s := *d.Secret
		n.Secret = &s
	}
	n.Signed = shared.Signed{Revision: d.Signed.Revision + 1, Ancestors: shared.AncestorsOf(d.Signed)(d.hash())}
	return &n
}

// seal seals a secret to the members.
func (l *local) seal(d *Document, secret shared.Secret) error {
	var keys []string
	for _, m := range l.roster.Members {
		keys = append(keys, m.Recipient)
	}
	sealed, err := shared.SealTo(secret, keys)
	if err != nil {
		return err
	}
	d.Secret.Age, d.Secret.To = sealed, l.roster.ids()
	return nil
}

// SetRole makes a member an owner, or an owner a member.
func (b *Book) SetRole(ctx context.Context, teamID, who string, role Role) (View, error) {
	return b.asOwner(ctx, teamID, func(l *local, k key.Key) error {
		m, ok := l.roster.named(who)
		if !ok {
			return ErrNoMember
		}
		if m.Role == RoleOwner && role != RoleOwner && len(l.roster.owners()) == 1 {
			return ErrLastOwner
		}
		if m.ID == l.Me && role != RoleOwner {
			return ErrYourself
		}
		r := l.nextRoster()
		for i := range r.Members {
			if r.Members[i].ID == m.ID {
				r.Members[i].Role = role
			}
		}
		return l.writeRoster(r, k, b.now())
	})
}

// AllowTenants adds tenants that the team's connections may lead to.
func (b *Book) AllowTenants(ctx context.Context, teamID string, tenants []string) (View, error) {
	tenants, err := cleanTenants(tenants)
	if err != nil {
		return View{}, err
	}
	return b.asOwner(ctx, teamID, func(l *local, k key.Key) error {
		r := l.nextRoster()
		r.Tenants = shared.MergeTexts(r.Tenants, r.Tenants, append(slices.Clone(r.Tenants), tenants...))
		if len(r.Tenants) == len(l.roster.Tenants) {
			return nil
		}
		return l.writeRoster(r, k, b.now())
	})
}

// Trust makes the signatures of members count on this computer. It may also be an owner
// whom this computer never saw joining, because it was away: nobody it knows vouches for
// them then, so the person must have asked.
func (b *Book) Trust(ctx context.Context, teamID string, who ...string) (View, error) {
	return b.actOn(ctx, teamID, true, func(l *local, k key.Key) error {
		for _, w := range who {
			m, ok := l.roster.named(w)
			for _, r := range l.folder.rosters {
				if !ok && r.ID == l.ID {
					m, ok = r.named(w)
				}
			}
			if !ok {
				return ErrNoMember
			}
			l.pin(m.ID)
		}
		if err := l.refresh(k, b.now()); err != nil || !errors.Is(l.folder.rosterErr, ErrNewOwner) {
			return err
		}
		return l.folder.rosterErr // trust makes nobody an owner
	})
}

// Leave leaves a team and forgets it on this computer. It says whether an owner sees that,
// who then removes the person: a folder that cannot be read or written keeps nobody.
func (b *Book) Leave(ctx context.Context, teamID string) (says string, err error) {
	k, err := key.Load(ctx, b.secrets)
	if err != nil {
		return "", err
	}
	answers := b.reach(ctx, b.folderOf(teamID)) == nil
	return aside(ctx, func() (string, error) { return b.leave(ctx, teamID, k, answers) })
}

// leave is Leave; answers says whether the folder can be read now. An owner is told only
// then.
func (b *Book) leave(ctx context.Context, teamID string, k key.Key, answers bool) (says string, err error) {
	l, done, err := b.enter(ctx, teamID)
	if err != nil {
		return "", err
	}
	defer done()
	if l.ID == "" {
		return "", ErrNoTeam
	}
	reached := false
	if answers {
		unread := l.refresh(k, b.now())
		reached = unread == nil || isUnwritten(unread) // where nothing can be written here, the folder was read all the same
	}
	me, member := l.member()
	switch {
	case l.Pending:
		says = "Your request to join may still be in the folder: ask an owner to reject it."
		if reached && l.dropRequest(l.Me) == nil {
			says = "Your request to join is withdrawn."
		}
	case l.Gone || !member:
		says = "You were no longer a member."
	case len(l.roster.Members) == 1:
		says = "Nobody else was in it; the folder stays as it is."
	case me.Role == RoleOwner && len(l.roster.owners()) == 1:
		return "", ErrLastOwner
	default:
		says = "No owner can see that, because the team's folder cannot be reached or written: ask one to remove you."
		if reached {
			if _, err := ask(l.Folder, l.ID, l.roster.Signed.By, l.MyName, true, k, b.now()); err == nil {
				says = "An owner sees that, and removes you from the list of members."
			}
		}
	}
	if err := os.RemoveAll(l.dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		// Windows keeps the lock file while it is held: without state.json there is no team.
		if _, there := os.Stat(filepath.Join(l.dir, "state.json")); there == nil {
			return "", &storage.FileError{Path: l.dir, Err: err}
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.views, teamID)
	return says, nil
}

func (l *local) member() (Member, bool) {
	if l.roster == nil {
		return Member{}, false
	}
	return l.roster.Member(l.Me)
}
