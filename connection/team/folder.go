package team

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"pushdesk/connection/shared"
	"pushdesk/storage"
)

// The folder of a team.
const (
	rosterFile        = "team.json"
	connectionsFolder = "connections"
	requestsFolder    = "requests"
	stampsFolder      = "stamps"
	conflictsFolder   = "conflicts" // versions that a person decided against
)

// found is a file of the folder: what it holds, or why it cannot be read.
type found struct {
	path    string
	doc     *Document
	err     error
	tangled bool // it is one of two versions that git has put into the file
}

// foundStamp is a stamp of the folder and its file.
type foundStamp struct {
	path string
	Stamp
}

// reading is the folder as it was read.
type reading struct {
	rosters   []*Roster
	rosterErr error              // of team.json itself
	halves    []*Roster          // what git has put into one team.json, with its marks
	documents map[string][]found // by the ID of the connection, trusted or not
	broken    []found            // files that cannot be read
	tangled   []tangled          // files with marks of git: see local.untangle
	stamps    []foundStamp
	requests  []Request
	err       error // why the folder could not be read
}

// readFile reads a file of the folder that may not be large.
func readFile(path string) ([]byte, error) {
	f, err := storage.OpenRegular(path)
	if err != nil {
		return nil, fmt.Errorf("open the shared file: %w", err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, shared.MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the shared file: %w", err)
	}
	return content, nil
}

// files lists the JSON files of a folder. Names that begin with a point are those of
// files that are being written, or belong to sync programs.
func files(folder string) (paths []string, err error) {
	list, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the folder: %w", err)
	}
	for _, f := range list {
		if !f.IsDir() && !strings.HasPrefix(f.Name(), ".") && strings.EqualFold(filepath.Ext(f.Name()), ".json") {
			paths = append(paths, filepath.Join(folder, f.Name()))
		}
	}
	return paths, nil
}

// readFolder reads all of a team's folder. What a file holds decides what it is, not
// its name: programs that copy folders give conflicting copies names of their own.
func readFolder(folder string) (r reading) {
	r.documents = map[string][]found{}
	if _, err := os.Stat(filepath.Join(folder, rosterFile)); err != nil {
		r.err = fmt.Errorf("find the team: %w", err)
		return r
	}
	paths, err := files(folder)
	if err != nil {
		r.err = err
		return r
	}
	for _, p := range paths {
		content, err := readFile(p)
		if err != nil {
			r.err = err
			return r
		}
		roster, err := decodeRoster(content)
		switch {
		case err == nil:
			r.rosters = append(r.rosters, roster)
		case r.tangleRoster(content):
		case filepath.Base(p) == rosterFile:
			r.rosterErr = err
		}
	}
	if paths, r.err = files(filepath.Join(folder, connectionsFolder)); r.err != nil {
		return r
	}
	for _, p := range paths {
		content, err := readFile(p)
		if err != nil {
			r.err = err
			return r
		}
		d, err := decodeDocument(content)
		if err != nil && r.tangle(p, content) {
			continue
		}
		if err != nil {
			r.broken = append(r.broken, found{path: p, err: err})
			continue
		}
		r.documents[d.ID] = append(r.documents[d.ID], found{path: p, doc: d})
	}
	if paths, r.err = files(filepath.Join(folder, stampsFolder)); r.err != nil {
		return r
	}
	for _, p := range paths {
		s := foundStamp{path: p}
		content, err := readFile(p)
		if err != nil {
			continue // another computer may write or delete it now
		}
		if err := shared.Decode(content, shared.MaxFile, &s.Stamp); err != nil {
			r.broken = append(r.broken, found{path: p, err: err})
			continue
		}
		r.stamps = append(r.stamps, s)
	}
	if paths, r.err = files(filepath.Join(folder, requestsFolder)); r.err != nil {
		return r
	}
	for _, p := range paths {
		content, err := readFile(p)
		if err != nil {
			continue // the same
		}
		q, err := decodeRequest(content)
		if err != nil {
			r.broken = append(r.broken, found{path: p, err: err})
			continue
		}
		r.requests = append(r.requests, q)
	}
	return r
}

// tangle takes a file with marks of git apart; false for any other file.
func (r *reading) tangle(path string, content []byte) bool {
	ours, theirs := shared.Sides(content)
	if ours == nil {
		return false
	}
	t := tangled{path: path}
	for _, side := range [][]byte{ours, theirs} {
		d, err := decodeDocument(side)
		if err != nil {
			r.broken = append(r.broken, found{path: path, err: errTangled.Because(err)})
			return true
		}
		t.docs = append(t.docs, d)
	}
	r.tangled = append(r.tangled, t)
	return true
}

// tangleRoster takes a team.json with marks of git apart; false for any other file.
func (r *reading) tangleRoster(content []byte) bool {
	ours, theirs := shared.Sides(content)
	if ours == nil {
		return false
	}
	for _, side := range [][]byte{ours, theirs} {
		if roster, err := parseRoster(side); err == nil {
			r.halves = append(r.halves, roster)
		}
	}
	if len(r.halves) < 2 { // one alone would hide what the other owner changed
		r.halves, r.rosterErr = nil, errTangled
	}
	return true
}

// slug makes a part of a file's name that every file system takes, whatever its
// capitals.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 40 {
			break
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "connection"
}

// home returns the path of a connection's file: that of the file it has, whatever the
// connection is called by now, or a new one.
func (r *reading) home(folder string, d *Document) string {
	ending := "--" + d.ID[:8] + ".json"
	var mine []string
	for _, f := range r.documents[d.ID] {
		if strings.HasSuffix(f.path, ending) {
			mine = append(mine, f.path)
		}
	}
	slices.Sort(mine)
	if len(mine) > 0 {
		return mine[0]
	}
	return filepath.Join(folder, connectionsFolder, slug(d.Name)+ending)
}

// write writes a file of the folder.
func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil { //nolint:gosec // the folder's own rules say who may read it
		return &storage.FileError{Path: path, Err: err}
	}
	return storage.WriteShared(path, content)
}
