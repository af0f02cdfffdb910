package team

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"pushdesk/connection/shared"
	"pushdesk/storage"
)

// The folder of a team.
const (
	rosterFile        = "team.json"
	connectionsFolder = "connections"
	requestsFolder    = "requests"
	stampsFolder      = "stamps"
	ownersFolder      = "owners"    // the states of team.json in which the owners changed
	conflictsFolder   = "conflicts" // versions that a person decided against
)

// found is a file of the folder: what it holds, or why it cannot be read.
type found struct {
	path    string
	doc     *Document
	err     error
	tangled bool // it is one of two versions that git has put into the file
}

// foundRoster is a roster of the folder and its file, which holds two where git has put
// two versions into it.
type foundRoster struct {
	path string
	*Roster
}

// isCopy reports whether the file is not team.json itself.
func (f foundRoster) isCopy() bool { return filepath.Base(f.path) != rosterFile }

// foundStamp is a stamp of the folder and its file.
type foundStamp struct {
	path string
	Stamp
}

// reading is the folder as it was read.
type reading struct {
	rosters   []foundRoster
	rosterErr error              // of team.json itself
	halves    [][]foundRoster    // what git has put into one file, with its marks: see local.untangleRosters
	owners    []*Roster          // the states in which the owners changed: see local.following
	documents map[string][]found // by the ID of the connection, trusted or not
	broken    []found            // files that cannot be read
	tangled   []tangled          // files with marks of git: see local.untangle
	stamps    []foundStamp
	requests  []foundRequest // one a person
	err       error          // why the folder could not be read
}

// teamName fits team.json and its copies, and no other file that may be in the folder.
var teamName = regexp.MustCompile(`(?i)^team(\b|_)`)

// mostCopies is how many files of one connection are read. Anybody who can write into the
// folder can copy one, and each is compared with the others.
const mostCopies = 40

// traceOf returns a file of a team in a folder, or "": where team.json is missing, a sync
// program may still be bringing it.
func traceOf(folder string) string {
	for _, sub := range []string{"", connectionsFolder, stampsFolder, requestsFolder, ownersFolder} {
		paths, err := shared.Files(filepath.Join(folder, sub), shared.CopyName)
		if err != nil {
			return filepath.Join(folder, sub)
		}
		for _, p := range paths {
			if sub != "" || teamName.MatchString(filepath.Base(p)) {
				return p
			}
		}
	}
	return ""
}

// readFolder reads all of a team's folder. What a file holds decides what it is, not
// its name: programs that copy folders give conflicting copies names of their own.
func readFolder(folder string) (r reading) {
	r.documents = map[string][]found{}
	if _, err := os.Stat(filepath.Join(folder, rosterFile)); err != nil {
		r.err = fmt.Errorf("find the team: %w", err)
		return r
	}
	paths, err := shared.Files(folder, shared.CopyName)
	if err != nil {
		r.err = err
		return r
	}
	for _, p := range paths {
		content, err := shared.ReadFile(p)
		var roster *Roster
		if err == nil {
			roster, err = decodeRoster(content)
		}
		switch {
		case err == nil:
			r.rosters = append(r.rosters, foundRoster{p, roster})
		case r.tangleRoster(p, content), errors.Is(err, fs.ErrNotExist):
		case filepath.Base(p) == rosterFile:
			r.rosterErr = err
		case teamName.MatchString(filepath.Base(p)):
			r.broken = append(r.broken, found{path: p, err: err})
		}
	}
	if paths, r.err = shared.Files(filepath.Join(folder, connectionsFolder), shared.CopyName); r.err != nil {
		return r
	}
	for _, p := range paths {
		r.reads(p, func(content []byte) error {
			d, err := decodeDocument(content)
			if err != nil && !r.tangle(p, content) {
				return err
			}
			if err == nil && len(r.documents[d.ID]) >= mostCopies {
				return shared.ErrNotRead.WithDetails("Cause: there are more than %d files of this connection", mostCopies)
			}
			if err == nil {
				r.documents[d.ID] = append(r.documents[d.ID], found{path: p, doc: d})
			}
			return nil
		})
	}
	for _, p := range r.lists(folder, ownersFolder) {
		r.reads(p, func(content []byte) error {
			roster, err := decodeRoster(content)
			if err == nil {
				r.owners = append(r.owners, roster)
			}
			return err
		})
	}
	for _, p := range r.lists(folder, stampsFolder) {
		r.reads(p, func(content []byte) error {
			s := foundStamp{path: p}
			if err := shared.Decode(content, shared.MaxFile, &s.Stamp); err != nil {
				return err
			}
			r.stamps = append(r.stamps, s)
			return nil
		})
	}
	for _, p := range r.lists(folder, requestsFolder) {
		r.reads(p, func(content []byte) error {
			q, err := decodeRequest(content)
			if err == nil {
				r.addRequest(p, q)
			}
			return err
		})
	}
	return r
}

// lists lists the files of a part of the folder that the team can be used without.
func (r *reading) lists(folder, part string) []string {
	path := filepath.Join(folder, part)
	paths, err := shared.Files(path, shared.PlainName)
	if err != nil {
		r.broken = append(r.broken, found{path: path, err: shared.ErrNotRead.Because(err)})
	}
	return paths
}

// reads reads a file, or notes why it is not used. One that is gone by now was deleted by
// another computer.
func (r *reading) reads(path string, decode func(content []byte) error) {
	content, err := shared.ReadFile(path)
	if err == nil {
		err = decode(content)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.broken = append(r.broken, found{path: path, err: err})
	}
}

// unread reports whether a file is there that cannot be opened. It may hold what nobody has
// seen here, so nothing is written over it.
func (r *reading) unread(path string) bool {
	return slices.ContainsFunc(r.broken, func(f found) bool { return f.path == path && errors.Is(f.err, shared.ErrNotRead) })
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

// tangleRoster takes a version of team.json with marks of git apart; false for any other
// file. One side alone would hide what the other owner changed.
func (r *reading) tangleRoster(path string, content []byte) bool {
	ours, theirs := shared.Sides(content)
	if ours == nil {
		return false
	}
	var halves []foundRoster
	for _, side := range [][]byte{ours, theirs} {
		roster, err := parseRoster(side)
		if err != nil {
			r.tangledFor(path)
			return true
		}
		halves = append(halves, foundRoster{path, roster})
	}
	r.halves = append(r.halves, halves)
	return true
}

// tangledFor notes that the marks of git in a version of team.json cannot be resolved.
// Those in a copy keep nobody from using the team.
func (r *reading) tangledFor(path string) {
	if filepath.Base(path) == rosterFile {
		r.rosterErr = errTangled
		return
	}
	r.broken = append(r.broken, found{path: path, err: errTangled})
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
	return filepath.Join(folder, connectionsFolder, shared.Slug(d.Name)+ending)
}

// write writes a file of the folder. A link in its place is replaced: who may write to the
// folder would choose another file of this computer with it.
func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil { //nolint:gosec // the folder's own rules say who may read it
		return &storage.FileError{Path: path, Err: err}
	}
	if was, err := os.Lstat(path); err == nil && was.Mode()&fs.ModeSymlink != 0 {
		if err := os.Remove(path); err != nil {
			return &storage.FileError{Path: path, Err: err}
		}
	}
	return storage.WriteShared(path, content)
}
