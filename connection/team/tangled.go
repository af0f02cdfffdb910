package team

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"

	"pushdesk/storage"
	"pushdesk/storage/failure"
)

// errTangled is a file in which git has left the marks of a conflict, and of which no
// version can be found again.
var errTangled = failure.New(failure.Connection, "team-git-conflict", "The file holds the marks of a git conflict that cannot be resolved here.", "Take one of the two versions of the file in git.")

// sides takes the two versions out of a file in which git has marked what two people
// changed at once; nil for any other file.
func sides(content []byte) (ours, theirs []byte) {
	const both, inOurs, inBase, inTheirs = 0, 1, 2, 3
	at, marked := both, false
	for line := range bytes.Lines(content) {
		switch text := bytes.TrimRight(line, "\r\n"); {
		case at == both && bytes.HasPrefix(text, []byte("<<<<<<< ")):
			at, marked = inOurs, true
		case at == inOurs && bytes.HasPrefix(text, []byte("|||||||")):
			at = inBase
		case (at == inOurs || at == inBase) && bytes.Equal(text, []byte("=======")):
			at = inTheirs
		case at == inTheirs && bytes.HasPrefix(text, []byte(">>>>>>>")):
			at = both
		default:
			if at == both || at == inOurs {
				ours = append(ours, line...)
			}
			if at == both || at == inTheirs {
				theirs = append(theirs, line...)
			}
		}
	}
	if !marked || at != both {
		return nil, nil
	}
	return ours, theirs
}

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
	fr, fo, fb := fieldsOf(&r.Definition), fieldsOf(&other.Definition), fieldsOf(&base.Definition)
	for i := range fr {
		v, o, b := reflect.ValueOf(fr[i].value).Elem(), reflect.ValueOf(fo[i].value).Elem(), reflect.ValueOf(fb[i].value).Elem()
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
	return err == nil && m.verifies(content, d.Signed.Signature)
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
