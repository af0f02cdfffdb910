package team

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pushdesk/connection/shared"
	"pushdesk/storage"
)

// Addresses are the custom addresses of a shared connection, as they were allowed on
// this computer by hand.
type Addresses struct {
	LoginURL string `json:"loginUrl"`
	APIURL   string `json:"apiUrl"`
	Resource string `json:"resource,omitempty"`
	CAFile   string `json:"caFile,omitempty"`
}

// state is what this computer knows of a team beside the folder.
type state struct {
	Version int       `json:"version"`
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Folder  string    `json:"folder"`
	Me      string    `json:"me"`
	MyName  string    `json:"myName"`
	Owner   string    `json:"owner"` // who had signed team.json when this person joined
	Pending bool      `json:"pending,omitempty"`
	Gone    bool      `json:"gone,omitempty"` // this person was removed
	Pins    []string  `json:"pins"`           // the members whose signatures count here
	ReadAt  time.Time `json:"readAt,omitzero"`

	RosterWrote string `json:"rosterWrote,omitempty"` // the state that was written last
	RosterSeen  int    `json:"rosterSeen,omitempty"`  // the highest revision

	Connections map[string]*known `json:"connections,omitempty"` // by ID
}

// known is what this computer knows of a shared connection.
type known struct {
	Seen      int                `json:"seen,omitempty"`      // the highest revision
	Wrote     string             `json:"wrote,omitempty"`     // the state that was written last
	Restored  time.Time          `json:"restored,omitzero"`   // when it was put back, because somebody had written over it
	Own       bool               `json:"own,omitempty"`       // one's own secret is used in place of the sealed one
	Addresses *Addresses         `json:"addresses,omitempty"` // see Book.Allow
	Mirrored  *shared.Definition `json:"mirrored,omitempty"`  // what was last brought into the person's connections
}

// local is a team on this computer: what is known of it, and copies of the last files
// that were trusted.
//
// Large: reading, judging, merging and writing all work on what is known of one team.
type local struct {
	dir string
	state
	roster *Roster
	docs   map[string]*Document

	stamps []Stamp // copies of those in the folder, for while it is away
	folder reading // as it was last read; not kept
}

func (l *local) known(id string) *known {
	if l.Connections == nil {
		l.Connections = map[string]*known{}
	}
	k := l.Connections[id]
	if k == nil {
		k = &known{}
		l.Connections[id] = k
	}
	return k
}

func (l *local) pinned(id string) bool { return slices.Contains(l.Pins, id) }

func (l *local) pin(ids ...string) {
	for _, id := range ids {
		if !l.pinned(id) {
			l.Pins = append(l.Pins, id)
		}
	}
	slices.Sort(l.Pins)
}

// loadLocal reads what is kept of a team. A copy that cannot be read is one that is not
// there: the folder has it.
func loadLocal(dir string) (*local, error) {
	l := &local{dir: dir, docs: map[string]*Document{}}
	content, err := storage.ReadFile(filepath.Join(dir, "state.json"), storage.MostKept)
	if err != nil {
		return nil, fmt.Errorf("read what is known of the team: %w", err)
	}
	if err := json.Unmarshal(content, &l.state); err != nil {
		return nil, fmt.Errorf("read what is known of the team: %w", err)
	}
	if content, err := storage.ReadFile(filepath.Join(dir, "team.json"), storage.MostKept); err == nil {
		if l.roster, err = decodeRoster(content); err != nil {
			l.roster = nil
		}
	}
	if content, err := storage.ReadFile(l.stampsPath(), storage.MostKept); err == nil && json.Unmarshal(content, &l.stamps) != nil {
		l.stamps = nil
	}
	files, err := os.ReadDir(filepath.Join(dir, "connections"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the copies of the team: %w", err)
	}
	for _, f := range files {
		if content, err := storage.ReadFile(filepath.Join(dir, "connections", f.Name()), storage.MostKept); err == nil {
			if d, err := decodeDocument(content); err == nil {
				l.docs[d.ID] = d
			}
		}
	}
	return l, nil
}

// keep writes what is known.
func (l *local) keep() error {
	content, err := json.MarshalIndent(l.state, "", "  ")
	if err != nil {
		return fmt.Errorf("write what is known of the team: %w", err)
	}
	return keepFile(filepath.Join(l.dir, "state.json"), append(content, '\n'))
}

func (l *local) stampsPath() string { return filepath.Join(l.dir, "stamps.json") }

// keepStamps keeps the stamps of the folder. Each is judged when it is shown.
func (l *local) keepStamps() error {
	l.stamps = nil
	for _, s := range l.folder.stamps {
		if s.Team == l.ID && l.docs[s.Connection] != nil {
			l.stamps = append(l.stamps, s.Stamp)
		}
	}
	content, err := json.Marshal(l.stamps)
	if err != nil {
		return fmt.Errorf("write the stamps of the team: %w", err)
	}
	return keepFile(l.stampsPath(), append(content, '\n'))
}

// keepFile writes a file if it differs from what is there.
func keepFile(path string, content []byte) error {
	if old, err := storage.ReadFile(path, storage.MostKept); err == nil && string(old) == string(content) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return &storage.FileError{Path: path, Err: err}
	}
	return storage.WriteFile(path, content)
}

// keepRoster makes a roster the trusted copy.
func (l *local) keepRoster(r *Roster) error {
	content, err := r.encode()
	if err != nil {
		return err
	}
	l.roster, l.Name, l.RosterSeen = r, r.Name, max(l.RosterSeen, r.Signed.Revision)
	if err := l.keepState("team", r.hash(), content); err != nil {
		return err
	}
	return keepFile(filepath.Join(l.dir, "team.json"), content)
}

// keepDocument makes a state of a connection the trusted copy.
func (l *local) keepDocument(d *Document) error {
	content, err := d.encode()
	if err != nil {
		return err
	}
	l.docs[d.ID] = d
	k := l.known(d.ID)
	k.Seen = max(k.Seen, d.Signed.Revision)
	if err := l.keepState(d.ID, d.hash(), content); err != nil {
		return err
	}
	return keepFile(filepath.Join(l.dir, "connections", d.ID+".json"), content)
}

// mostStates is how many states of one file are kept to merge from.
const mostStates = 60

// keepState keeps a state of a file, so that changes that were made on it can be merged.
func (l *local) keepState(of, hash string, content []byte) error {
	folder := filepath.Join(l.dir, "states", of)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return &storage.FileError{Path: folder, Err: err}
	}
	path := filepath.Join(folder, hash+".json")
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := storage.WriteFile(path, content); err != nil {
		return err
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) <= mostStates {
		return nil //nolint:nilerr // old states only take room
	}
	ages := map[string]time.Time{}
	for _, f := range files {
		if info, err := f.Info(); err == nil {
			ages[f.Name()] = info.ModTime()
		}
	}
	names := slices.SortedFunc(maps.Keys(ages), func(a, b string) int { return ages[a].Compare(ages[b]) })
	for _, name := range names[:len(names)-mostStates] {
		_ = os.Remove(filepath.Join(folder, name))
	}
	return nil
}

// stateOf returns a state of a connection that was seen or written before, or nil.
func (l *local) stateOf(id, hash string) *Document {
	if hash == "" || strings.ContainsAny(hash, `/\.`) {
		return nil
	}
	if d := l.docs[id]; d != nil && d.hash() == hash {
		return d
	}
	content, err := storage.ReadFile(filepath.Join(l.dir, "states", id, hash+".json"), storage.MostKept)
	if err != nil {
		return nil
	}
	d, err := decodeDocument(content)
	if err != nil || d.hash() != hash {
		return nil
	}
	return d
}

// rosterState returns a state of the roster that was seen or written before, or nil.
func (l *local) rosterState(hash string) *Roster {
	if hash == "" || strings.ContainsAny(hash, `/\.`) {
		return nil
	}
	content, err := storage.ReadFile(filepath.Join(l.dir, "states", "team", hash+".json"), storage.MostKept)
	if err != nil {
		return nil
	}
	r, err := decodeRoster(content)
	if err != nil || r.hash() != hash {
		return nil
	}
	return r
}
