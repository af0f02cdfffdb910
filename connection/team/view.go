package team

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
)

// Standing is how a person stands in a team.
type Standing string

const (
	StandingMember  Standing = "member"
	StandingPending Standing = "pending" // asked to join
	StandingRemoved Standing = "removed"
)

// View is a team as it is shown. It is never changed.
type View struct {
	ID, Name, Folder string
	Tenants          []string
	Me               string
	MyName           string
	Role             Role
	Standing         Standing
	Phrase           string    // of a person who asked to join
	Signer           string    // the ID of the owner who signed team.json last
	ReadAt           time.Time // when the folder was last read
	Problem          error     // why the folder cannot be read or used now, or nil
	Offline          bool      // the copy on this computer is used
	Members          []MemberView
	Gone             []Gone
	Requests         []RequestView
	Connections      []ConnectionView
	Broken           []BrokenFile
}

// MemberView is a member as shown.
type MemberView struct {
	Member
	Me      bool
	Trusted bool // on this computer
}

// mostPhrases is for how many requests the words are worked out: anybody can write requests,
// and words take a moment each.
const mostPhrases = 10

// RequestView is a person who asks to join, or leaves.
type RequestView struct {
	Request
	Words string // to compare; "" where they cannot be the same, and of those behind the first mostPhrases
}

// BrokenFile is a file of the folder that cannot be read.
type BrokenFile struct {
	Path string
	Why  error
}

// Unused says that a file of a connection is not used, and why.
func (f BrokenFile) Unused() string {
	why := "it cannot be trusted."
	if e, ok := failure.From(f.Why); ok {
		why = text.LowerFirst(e.Sentence) + " " + e.Remedy
	}
	return "Another file of this connection is not used: " + why + " File: " + filepath.Base(f.Path)
}

// ConnectionView is a shared connection as it is shown.
type ConnectionView struct {
	Document
	Problem   error     // why it is not used, or nil
	Offline   bool      // it is the copy on this computer
	Lost      bool      // its file is missing in the folder, and nobody has taken it out of the team
	SharedBy  string    // a member's name
	RotatedBy string    // the same
	How       string    // see SecretOwn
	Own       bool      // one's own secret is used
	Proof     StampView // the best there is
	Stamps    []StampView
	Conflicts []Version
	Restored  time.Time    // when this person's version was put back
	Imposters []BrokenFile // other files that claim to be this connection and are not trusted
	Unsealed  []string     // the members who cannot open its secret yet
}

// StampView is a stamp as it is shown.
type StampView struct {
	Stamp
	Name  string
	State StampState
	Age   int // days
}

// view makes what is shown of a team.
func (l *local) view(problem error, now time.Time) View {
	v := View{ID: l.ID, Name: l.Name, Folder: l.Folder, Me: l.Me, MyName: l.MyName, ReadAt: l.ReadAt, Problem: problem, Standing: StandingMember, Offline: problem != nil && l.folder.documents == nil}
	switch {
	case l.Pending:
		v.Standing, v.Phrase = StandingPending, key.Phrase(l.ID, l.Owner, l.Me)
	case l.Gone:
		v.Standing = StandingRemoved
	}
	if l.folder.rosterErr != nil && v.Problem == nil {
		v.Problem = l.folder.rosterErr
	}
	if l.roster == nil {
		return v
	}
	v.Tenants, v.Gone, v.Signer = l.roster.Tenants, l.roster.Gone, l.roster.Signed.By
	for _, m := range l.roster.Members {
		if m.ID == l.Me {
			v.Role = m.Role
		}
		v.Members = append(v.Members, MemberView{Member: m, Me: m.ID == l.Me, Trusted: l.pinned(m.ID)})
	}
	if l.Pending && l.folder.documents != nil && v.Problem == nil && !l.asks() {
		v.Problem = ErrRejected
	}
	for _, q := range l.open() {
		r := RequestView{Request: q} // without words, as long as there are others before it
		if m, _ := l.roster.Member(q.Owner); !q.Leave && v.Role == RoleOwner && m.Role == RoleOwner && len(v.Requests) < mostPhrases {
			r.Words = q.Phrase()
		}
		v.Requests = append(v.Requests, r)
	}
	for _, f := range l.folder.broken {
		v.Broken = append(v.Broken, BrokenFile{f.path, f.err})
	}
	for _, s := range l.folder.stamps {
		if m, ok := l.roster.Member(s.By); ok && s.Team == l.ID && !s.signedBy(m) {
			v.Broken = append(v.Broken, BrokenFile{s.path, ErrUnsigned.WithDetails("Signed as: %s", m.Name)})
		}
	}
	ids := map[string]bool{}
	for id := range l.docs {
		ids[id] = true
	}
	for id := range l.folder.documents {
		ids[id] = true
	}
	for id := range ids {
		if c, ok := l.viewOf(id, now); ok {
			v.Connections = append(v.Connections, c)
		}
	}
	slices.SortFunc(v.Connections, func(a, b ConnectionView) int {
		return strings.Compare(connection.NameKey(a.Name)+a.ID, connection.NameKey(b.Name)+b.ID)
	})
	l.markLookalikes(v.Connections)
	return v
}

// markLookalikes refuses one of two connections whose names look the same and are not:
// the one that this person does not know under that name, else the later one.
func (l *local) markLookalikes(list []ConnectionView) {
	byAge := make([]*ConnectionView, len(list))
	for i := range list {
		byAge[i] = &list[i]
	}
	isNew := func(c *ConnectionView) int {
		if m := l.known(c.ID).Mirrored; m != nil && m.Name == c.Name {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(byAge, func(a, b *ConnectionView) int {
		return cmp.Or(cmp.Compare(isNew(a), isNew(b)), a.Signed.At.Compare(b.Signed.At), strings.Compare(a.ID, b.ID))
	})
	var names []string
	for _, c := range byAge {
		if c.Problem != nil {
			continue
		}
		if other := shared.LooksLike(c.Name, names); other != "" {
			c.Problem = ErrNames.WithDetails("Name: %q\nLooks like: %q", c.Name, other)
			continue
		}
		names = append(names, c.Name)
	}
}

// memberName returns the name of a member, also of one who is gone.
func (l *local) memberName(id string) string {
	if m, ok := l.roster.Member(id); ok {
		return m.Name
	}
	for _, g := range l.roster.Gone {
		if g.ID == id {
			return g.Name
		}
	}
	return "somebody unknown"
}

// viewOf makes what is shown of one connection. ok is false for one that was taken out
// of the team.
func (l *local) viewOf(id string, now time.Time) (c ConnectionView, ok bool) {
	list, problem := l.trusted(id)
	offline := l.folder.documents == nil
	current := l.docs[id]
	switch {
	case offline:
	case len(list) > 0 && l.rolledBack(list[0]):
		problem = ErrRolledBack.WithDetails("Revision: %d\nSeen before: %d", list[0].Signed.Revision, l.known(id).Seen)
		c.Problem = problem
	case len(list) == 1:
		current = list[0]
	case len(list) > 1 && current == nil:
		current = list[0]
	case len(list) == 0 && problem != nil:
		c.Problem = problem
		if current == nil {
			current = l.folder.documents[id][0].doc
		}
	case len(list) == 0:
		c.Offline, c.Lost = true, true // nobody has signed that
	}
	if current == nil {
		return c, false
	}
	c.Document = *current
	c.Offline = c.Offline || offline
	c.SharedBy, c.How, c.Own, c.Restored = l.memberName(current.Signed.By), current.how(), l.known(id).Own, l.known(id).Restored
	c.Name = text.Name(c.Name)
	if current.Secret != nil && current.Secret.RotatedBy != "" {
		c.RotatedBy = l.memberName(current.Secret.RotatedBy)
	}
	for _, m := range l.roster.Members {
		if c.How == SecretSealed && !slices.Contains(current.Secret.To, m.ID) {
			c.Unsealed = append(c.Unsealed, m.Name)
		}
	}
	if c.Problem == nil {
		for _, f := range l.folder.documents[id] {
			if err := l.judge(f.doc); err != nil {
				c.Imposters = append(c.Imposters, BrokenFile{f.path, err})
			}
		}
	}
	c.Conflicts = l.versions(list)
	if current.Removed && len(c.Conflicts) == 0 {
		return c, false
	}
	switch {
	case c.Problem != nil:
	case l.Gone:
		c.Problem = ErrRemoved
	case l.Pending:
		c.Problem = ErrPending
	case current.Removed:
		c.Problem = ErrConflict
	case current.Cloud == connection.CloudCustom && l.known(id).Addresses == nil:
		c.Problem = ErrAddresses
	}
	l.stampsOf(&c, current, now)
	return c, true
}

// stampsOf finds what members say of a connection.
func (l *local) stampsOf(c *ConnectionView, d *Document, now time.Time) {
	var all []Stamp
	for _, s := range l.folder.stamps {
		all = append(all, s.Stamp)
	}
	if l.folder.documents == nil { // it is away
		all = slices.Clone(l.stamps)
	}
	if d.Proof != nil {
		all = append(all, *d.Proof)
	}
	for _, s := range all {
		m, ok := l.roster.Member(s.By)
		if !ok || s.Team != l.ID || s.Connection != d.ID || !l.pinned(s.By) {
			continue
		}
		if !s.signedBy(m) || s.At.After(now.Add(24*time.Hour)) {
			continue
		}
		v := StampView{Stamp: s, Name: m.Name, State: s.stateOf(d, now), Age: max(0, int(now.Sub(s.At).Hours()/24))}
		v.Summary, v.Workspace = text.Line(v.Summary), text.Line(v.Workspace)
		if i := slices.IndexFunc(c.Stamps, func(x StampView) bool { return x.By == s.By }); i >= 0 {
			if c.Stamps[i].At.Before(s.At) {
				c.Stamps[i] = v
			}
			continue
		}
		c.Stamps = append(c.Stamps, v)
	}
	latest(c.Stamps)
	if IsUntrusted(c.Problem) { // whatever was proven, it was not this
		return
	}
	for _, want := range []StampState{StampProven, StampOld, StampPartly, StampStale, StampFailed} {
		for _, s := range c.Stamps {
			if s.State == want && c.Proof.State == "" {
				c.Proof = s
			}
		}
	}
}

// Usable reports why a connection cannot be used, or nil.
func (c ConnectionView) Usable() error { return c.Problem }

// Failing are the members whose last test of this content did not pass.
func (c ConnectionView) Failing() (list []StampView) {
	for _, s := range c.Stamps {
		if s.State == StampFailed {
			list = append(list, s)
		}
	}
	return list
}

// Remarks are what a person should know of a shared connection, beside why it is not used
// and that there are several versions.
func (c ConnectionView) Remarks(now time.Time) (all []string) {
	for _, f := range c.Failing() {
		all = append(all, fmt.Sprintf("Fails for %s since %s: %s", f.Name, humanize.Time(f.FailsSince, now), f.Summary))
	}
	if c.Secret != nil && len(c.Secret.ReadBy) > 0 {
		all = append(all, "Its secret was readable by "+strings.Join(c.Secret.ReadBy, ", ")+". Only a new secret in Entra shuts them out.")
	}
	if len(c.Unsealed) > 0 {
		all = append(all, "Not sealed to "+strings.Join(c.Unsealed, ", ")+" yet. That is done as soon as a member who can open the secret lists the team.")
	}
	if c.RotatedBy != "" && c.Secret.Rotation > 1 {
		all = append(all, "Secret replaced by "+c.RotatedBy+", "+humanize.Time(c.Secret.RotatedAt, now)+".")
	}
	if c.Anyway != nil {
		all = append(all, "Shared without proof: "+c.Anyway.Reason)
	}
	switch {
	case c.Lost:
		all = append(all, "Its file is missing in the team's folder. The copy on this computer is used.")
	case c.Offline:
		all = append(all, "The copy on this computer is used.")
	}
	if !c.Restored.IsZero() {
		all = append(all, "Somebody wrote over its file. Your version was put back, "+humanize.Time(c.Restored, now)+".")
	}
	for _, i := range c.Imposters {
		all = append(all, i.Unused())
	}
	return all
}

// Find returns a connection of the team by its ID or name.
func (v View) Find(nameOrID string) (ConnectionView, error) {
	for _, c := range v.Connections {
		if c.ID == strings.ToLower(nameOrID) || connection.NameKey(c.Name) == connection.NameKey(nameOrID) {
			return c, nil
		}
	}
	return ConnectionView{}, saying(ErrNotThere, "“%s” is not shared with the team “%s”.", text.Shorten(text.Name(nameOrID), 60), v.Name)
}

// IsUntrusted reports whether an error says that a file of a team is not trusted.
func IsUntrusted(err error) bool {
	for _, e := range []error{ErrUnsigned, ErrStranger, ErrNewMember, ErrTenant, ErrRolledBack, ErrKeyReplaced, ErrNames, ErrInvalid, ErrOtherTeam} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
