package team

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"time"

	"pushdesk/connection/team/key"
	"pushdesk/storage"
)

// refresh reads the folder and takes over what is trusted. With a key it also brings
// together what was changed at the same time, and writes it. The error says that the
// folder cannot be read; what is kept on this computer stays then.
func (l *local) refresh(k key.Key, now time.Time) error {
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
	return cmp.Or(l.keep(), l.keepStamps(), unwritten)
}

func isUnwritten(err error) bool {
	var f *storage.FileError
	return errors.As(err, &f)
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

// refreshDocument takes over the files of one connection.
func (l *local) refreshDocument(id string, k key.Key, now time.Time) error {
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
	for len(list) > 1 && k.Known() {
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
	if len(list) == 1 && k.Known() && l.folder.rosterErr == nil && l.forOthers(head) {
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
