package team

import (
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
)

// tidy writes a state that is missing in the folder, and removes the copies that it was
// made of: what they hold is in it.
func (l *local) tidy(head *Document, decided bool, k key.Key, now time.Time) error {
	inFolder := func(d *Document) bool {
		return slices.ContainsFunc(l.folder.documents[d.ID], func(f found) bool { return f.doc.hash() == d.hash() })
	}
	if mine := l.stateOf(head.ID, l.known(head.ID).Wrote); mine != nil && k.Known() && !inFolder(mine) {
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
	if !there || !decided || !k.Known() {
		return nil
	}
	atHome := slices.ContainsFunc(all, func(f found) bool { return f.path == home && !f.tangled && f.doc.hash() == head.hash() })
	if !atHome && (l.newcomers(head.ID, home) || l.folder.unread(home)) {
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
func (l *local) put(d *Document, k key.Key, now time.Time) error {
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
// there who is new to this computer, and what cannot be read.
func (l *local) putFile(d *Document) error {
	path := l.folder.home(l.Folder, d)
	if l.newcomers(d.ID, path) || l.folder.unread(path) {
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
