package team

import (
	"path/filepath"
	"time"

	"pushdesk/connection/shared"
	"pushdesk/storage/text"
)

// Request is the file of a person who wants to join a team, or to leave it.
type Request struct {
	Format int    `json:"pushdeskRequest"`
	Team   string `json:"team"`
	ID     string `json:"id"`
	Name   string `json:"name"`
	Public
	Owner     string    `json:"owner"` // who had signed team.json when the person read it
	Leave     bool      `json:"leave,omitempty"`
	At        time.Time `json:"at"`
	Signature string    `json:"signature,omitempty"`
}

func (q Request) signable() ([]byte, error) {
	q.Signature = ""
	return signable("request", q)
}

// Phrase returns the five words that the person and an owner compare.
func (q Request) Phrase() string { return Phrase(q.Team, q.Owner, q.ID) }

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
	case q.Public.ID() != q.ID || !q.verifies(signed, q.Signature):
		return q, ErrUnsigned
	case text.Name(q.Name) != q.Name || q.Name == "" || shared.Mixed(q.Name) != "":
		return q, ErrNames
	}
	return q, nil
}

// ask writes a request into a team's folder.
func ask(folder, team, owner, name string, leave bool, k Key, now time.Time) (q Request, err error) {
	q = Request{Format: 1, Team: team, ID: k.Public().ID(), Name: name, Public: k.Public(), Owner: owner, Leave: leave, At: now.UTC().Truncate(time.Second)}
	signed, err := q.signable()
	if err != nil {
		return q, err
	}
	q.Signature = k.signature(signed)
	content, err := shared.Layout(q)
	if err != nil {
		return q, err
	}
	return q, write(requestPath(folder, q.ID), content)
}

func requestPath(folder, id string) string {
	return filepath.Join(folder, requestsFolder, id+".json")
}
