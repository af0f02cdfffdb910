package team

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"pushdesk/connection/shared"
	"pushdesk/storage"
	"pushdesk/storage/failure"
)

// errTangled is a file in which git has left the marks of a conflict, and of which no
// version can be found again.
var errTangled = failure.New(failure.Connection, "team-git-conflict", "The file holds the marks of a git conflict that cannot be resolved here.", "Take one of the two versions of the file in git.")

// tangled is a file with marks: what each side holds. Lines that git could merge stand in
// both, so a side need not be what its member signed.
type tangled struct {
	path string
	docs []*Document
}

// untangle finds the versions again that git has put into one file, so that they are
// merged like any others, or shown side by side.
func (l *local) untangle() {
	for _, t := range l.folder.tangled {
		var whole []*Document
		for _, d := range t.docs {
			if r := l.restore(d, whole); r != nil {
				whole = append(whole, r)
			}
		}
		for i := len(t.docs) - 1; i >= 0 && len(whole) < len(t.docs); i-- { // the other side may help
			if r := l.restore(t.docs[i], whole); r != nil && !holds(whole, r) {
				whole = append(whole, r)
			}
		}
		if len(whole) == 0 || len(whole) < len(t.docs) {
			l.folder.broken = append(l.folder.broken, found{path: t.path, err: errTangled})
			continue
		}
		for _, d := range whole {
			l.folder.documents[d.ID] = append(l.folder.documents[d.ID], found{path: t.path, doc: d, tangled: true})
		}
	}
	l.folder.tangled = nil
}

func holds(list []*Document, d *Document) bool {
	for _, x := range list {
		if x.Signed.Signature == d.Signed.Signature {
			return true
		}
	}
	return false
}

// restore returns a side as its member signed it, or nil: as it is, as this computer knows
// it, or with what git took over from another version put back as it was before.
func (l *local) restore(d *Document, others []*Document) *Document {
	if l.signedWell(d) {
		return d
	}
	known := l.states(d.ID)
	for _, s := range known {
		if s.Signed.Signature == d.Signed.Signature {
			return s
		}
	}
	for _, h := range d.Signed.Ancestors {
		base := l.stateOf(d.ID, h)
		if base == nil {
			continue
		}
		for _, other := range append(others, known...) {
			if r := without(d, other, base); l.signedWell(r) {
				return r
			}
		}
	}
	return nil
}

// without puts back as in base what d has in common with another version only.
func without(d, other, base *Document) *Document {
	r := *d
	differ := func(a, b any) bool { return !reflect.DeepEqual(a, b) }
	fr, fo, fb := shared.FieldsOf(&r.Definition), shared.FieldsOf(&other.Definition), shared.FieldsOf(&base.Definition)
	for i := range fr {
		v, o, b := reflect.ValueOf(fr[i].Value).Elem(), reflect.ValueOf(fo[i].Value).Elem(), reflect.ValueOf(fb[i].Value).Elem()
		if !differ(v.Interface(), o.Interface()) && differ(o.Interface(), b.Interface()) {
			v.Set(b)
		}
	}
	if !differ(r.Secret, other.Secret) {
		r.Secret = base.Secret
	}
	if !differ(r.Proof, other.Proof) {
		r.Proof = base.Proof
	}
	if !differ(r.Anyway, other.Anyway) {
		r.Anyway = base.Anyway
	}
	if r.Removed == other.Removed {
		r.Removed = base.Removed
	}
	return &r
}

// signedWell reports whether a member has signed a file as it is.
func (l *local) signedWell(d *Document) bool {
	if l.roster == nil {
		return false
	}
	m, ok := l.roster.Member(d.Signed.By)
	if !ok {
		return false
	}
	content, err := d.signable()
	return err == nil && m.Verifies(content, d.Signed.Signature)
}

// states are the states of a connection that this computer has seen or written.
func (l *local) states(id string) (list []*Document) {
	folder := filepath.Join(l.dir, "states", id)
	names, err := os.ReadDir(folder)
	if err != nil {
		return nil // nothing is known of it
	}
	for _, n := range names {
		if content, err := storage.ReadFile(filepath.Join(folder, n.Name()), storage.MostKept); err == nil {
			if d, err := decodeDocument(content); err == nil {
				list = append(list, d)
			}
		}
	}
	return list
}

// untangleRosters finds the versions of team.json again that git has put into one file.
func (l *local) untangleRosters() {
	for _, halves := range l.folder.halves {
		var whole []*Roster
		for range halves { // one that is found may help to find the other
			for _, h := range halves {
				if r := l.restoreRoster(h.Roster, whole); r != nil && !slices.ContainsFunc(whole, func(x *Roster) bool { return x.Signed.Signature == r.Signed.Signature }) {
					whole = append(whole, r)
				}
			}
		}
		path := halves[0].path
		if len(whole) < len(halves) {
			l.folder.tangledFor(path)
			if filepath.Base(path) != rosterFile {
				continue // what was not found may be in nothing else
			}
		}
		for _, r := range whole {
			l.folder.rosters = append(l.folder.rosters, foundRoster{path, r})
		}
	}
	l.folder.halves = nil
}

// restoreRoster is restore for a side of team.json.
func (l *local) restoreRoster(r *Roster, others []*Roster) *Roster {
	if r.signedWell() == nil {
		return r
	}
	known := l.rosterStates()
	for _, s := range known {
		if s.Signed.Signature == r.Signed.Signature {
			return s
		}
	}
	for _, h := range r.Signed.Ancestors {
		base := l.rosterState(h)
		if base == nil {
			continue
		}
		for _, other := range append(others, known...) {
			if x := rosterWithout(r, other, base); x.signedWell() == nil {
				return x
			}
		}
	}
	return nil
}

// rosterWithout puts back as in base what r has in common with another version only.
func rosterWithout(r, other, base *Roster) *Roster {
	x := *r
	if x.Name == other.Name {
		x.Name = base.Name
	}
	x.Tenants = shared.ListWithout(r.Tenants, other.Tenants, base.Tenants, func(t string) string { return t })
	x.Members = shared.ListWithout(r.Members, other.Members, base.Members, func(m Member) string { return m.ID })
	x.Gone = shared.ListWithout(r.Gone, other.Gone, base.Gone, func(g Gone) string { return g.ID })
	return &x
}

// rosterStates are the states of team.json that this computer has seen or written.
func (l *local) rosterStates() (list []*Roster) {
	folder := filepath.Join(l.dir, "states", "team")
	names, err := os.ReadDir(folder)
	if err != nil {
		return nil // nothing is known of it
	}
	for _, n := range names {
		if content, err := storage.ReadFile(filepath.Join(folder, n.Name()), storage.MostKept); err == nil {
			if r, err := decodeRoster(content); err == nil {
				list = append(list, r)
			}
		}
	}
	return list
}
