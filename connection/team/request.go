package team

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/shared"
	"pushdesk/connection/team/key"
	"pushdesk/storage"
	"pushdesk/storage/text"
)

// Request is the file of a person who wants to join a team, or to leave it.
type Request struct {
	Format int    `json:"pushdeskRequest"`
	Team   string `json:"team"`
	ID     string `json:"id"`
	Name   string `json:"name"`
	key.Public
	Owner     string    `json:"owner"` // who had signed team.json when the person read it
	Leave     bool      `json:"leave,omitempty"`
	At        time.Time `json:"at"`
	Signature string    `json:"signature,omitempty"`
}

func (q Request) signable() ([]byte, error) {
	q.Signature = ""
	return shared.Signable("request", q)
}

// Phrase returns the five words that the person and an owner compare.
func (q Request) Phrase() string { return key.Phrase(q.Team, q.Owner, q.ID) }

func decodeRequest(content []byte) (q Request, err error) {
	if err := shared.Decode(content, shared.MaxFile, &q); err != nil {
		return q, err
	}
	signed, err := q.signable()
	switch {
	case err != nil:
		return q, err
	case q.Format != 1:
		return q, errNewer
	case q.Public.ID() != q.ID || !q.Verifies(signed, q.Signature):
		return q, ErrUnsigned
	case text.Name(q.Name) != q.Name || q.Name == "" || shared.Mixed(q.Name) != "" || connection.NameShape(q.Name) != nil:
		return q, ErrNames
	}
	return q, nil
}

// ask writes a request into a team's folder.
func ask(folder, team, owner, name string, leave bool, k key.Key, now time.Time) (q Request, err error) {
	q = Request{Format: 1, Team: team, ID: k.Public().ID(), Name: name, Public: k.Public(), Owner: owner, Leave: leave, At: now.UTC().Truncate(time.Second)}
	signed, err := q.signable()
	if err != nil {
		return q, err
	}
	q.Signature = k.Sign(signed)
	content, err := shared.Layout(q)
	if err != nil {
		return q, err
	}
	return q, write(requestPath(folder, q.ID), content)
}

func requestPath(folder, id string) string {
	return filepath.Join(folder, requestsFolder, id+".json")
}

// foundRequest is the latest request of a person in the folder, and the files that hold one
// of theirs: programs that copy folders make more of them.
type foundRequest struct {
	paths []string
	Request
}

func (r *reading) addRequest(path string, q Request) {
	for i := range r.requests {
		if f := &r.requests[i]; f.ID == q.ID {
			f.paths = append(f.paths, path)
			if f.At.Before(q.At) {
				f.Request = q
			}
			return
		}
	}
	r.requests = append(r.requests, foundRequest{[]string{path}, q})
}

// open are the requests that nobody has answered: copies of others turn up again later.
func (l *local) open() (list []Request) {
	for _, q := range l.folder.requests {
		day := connection.DayOf(q.At)
		m, member := l.roster.Member(q.ID)
		removed := slices.ContainsFunc(l.roster.Gone, func(g Gone) bool { return g.ID == q.ID && day < g.Removed })
		if q.Team == l.ID && member == q.Leave && !(member && day < m.Joined) && !(!q.Leave && removed) {
			list = append(list, q.Request)
		}
	}
	return list
}

// asks reports whether a request of this person is in the folder.
func (l *local) asks() bool {
	return slices.ContainsFunc(l.folder.requests, func(q foundRequest) bool { return q.ID == l.Me })
}

// dropRequest removes the requests of a person who has been answered.
func (l *local) dropRequest(id string) error {
	paths := []string{requestPath(l.Folder, id)}
	l.folder.requests = slices.DeleteFunc(l.folder.requests, func(q foundRequest) bool {
		if q.ID == id {
			paths = append(paths, q.paths...)
		}
		return q.ID == id
	})
	for _, p := range paths {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return &storage.FileError{Path: p, Err: err}
		}
	}
	return nil
}
