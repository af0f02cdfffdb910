package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage"
)

// Decision is what a person decided about the columns of one kind of files for one table.
type Decision struct {
	Service   string            `json:"service"`
	DatasetID string            `json:"datasetId"`
	Table     string            `json:"table"`
	File      string            `json:"file"` // the file's name, with a mark for each run of digits
	Made      time.Time         `json:"made"`
	Joined    map[string]string `json:"joined,omitempty"`  // header of the file: column of the table
	LeftOut   []string          `json:"leftOut,omitempty"` // headers
	Blank     []string          `json:"blank,omitempty"`   // columns of the table that get nothing
}

func (x Decision) empty() bool { return len(x.Joined)+len(x.LeftOut)+len(x.Blank) == 0 }

// Decisions remembers what was decided, in one file that several programs may use.
type Decisions struct {
	path string
	mu   sync.Mutex
}

// OpenDecisions uses a file that need not exist yet.
func OpenDecisions(path string) *Decisions { return &Decisions{path: path} }

const (
	mostDecisions = 2000 // the oldest are forgotten
	decisionsWait = 10 * time.Second
)

// For returns what was decided for a table, the latest first. A file that cannot be read
// holds nothing: then it is decided again.
func (k *Decisions) For(service, datasetID, table string) (list []Decision) {
	if k == nil || datasetID == "" {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	all, err := k.read()
	if err != nil {
		return nil
	}
	for _, x := range slices.Backward(all) {
		if x.Service == service && strings.EqualFold(x.DatasetID, datasetID) && x.Table == table {
			list = append(list, x)
		}
	}
	return list
}

// keep puts a decision in the place of the one for the same files and table.
func (k *Decisions) keep(x Decision) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), decisionsWait)
	defer cancel()
	lock, err := storage.WaitLock(ctx, k.path+".lock")
	if err != nil {
		return fmt.Errorf("lock what was decided: %w", err)
	}
	defer lock.Unlock()
	all, err := k.read()
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(o Decision) bool {
		return o.Service == x.Service && strings.EqualFold(o.DatasetID, x.DatasetID) && o.Table == x.Table && o.File == x.File
	})
	if !x.empty() {
		all = append(all, x)
	}
	data, err := json.MarshalIndent(all[max(0, len(all)-mostDecisions):], "", "  ")
	if err != nil {
		return fmt.Errorf("write what was decided: %w", err)
	}
	if err := storage.WriteFile(k.path, data); err != nil {
		return fmt.Errorf("write what was decided: %w", err)
	}
	return nil
}

func (k *Decisions) read() (all []Decision, err error) {
	data, err := os.ReadFile(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what was decided: %w", err)
	}
	if json.Unmarshal(data, &all) != nil {
		return nil, nil // damaged: it is decided again
	}
	return all, nil
}

// decided returns what was decided for files like that of a reading; nil when nothing was.
func (p Place) decided(r Reading) *Decision {
	if r.Book == nil || !p.fixed() {
		return nil
	}
	name := filePattern(filepath.Base(r.Book.Path()))
	if i := slices.IndexFunc(p.Decisions, func(x Decision) bool { return x.File == name }); i >= 0 {
		return &p.Decisions[i]
	}
	return nil
}

// decision is what a draft decides, on top of what was decided before.
func (d Draft) decision(now time.Time) Decision {
	x := Decision{Joined: map[string]string{}}
	if was := d.Place.decided(d.Reading); was != nil {
		for from, to := range was.Joined {
			x.Joined[from] = to
		}
		x.LeftOut, x.Blank = slices.Clone(was.LeftOut), slices.Clone(was.Blank)
	}
	x.Service, x.Table, x.Made = d.Place.Destination.Connection.Service, d.Place.Target.Table, now.UTC()
	x.DatasetID = d.Place.Target.DatasetID
	x.File = filePattern(filepath.Base(d.Reading.Book.Path()))
	c := d.Contract()
	for _, f := range d.Mapping.Used() {
		without := func(list []string, name string) []string {
			return slices.DeleteFunc(list, func(s string) bool { return s == name })
		}
		if f.From < 0 {
			continue
		}
		x.LeftOut, x.Blank = without(x.LeftOut, f.Header), without(x.Blank, f.Target.Name)
		delete(x.Joined, f.Header)
		named := f.By == mapping.Chosen || f.By == mapping.Before || f.By == mapping.Created || f.By == ""
		if named && f.Header != f.Target.Name {
			for from, to := range x.Joined { // the column is filled by this one now
				if to == f.Target.Name {
					delete(x.Joined, from)
				}
			}
			x.Joined[f.Header] = f.Target.Name
		}
	}
	merge := func(list, more []string) []string {
		for _, s := range more {
			if !slices.Contains(list, s) {
				list = append(list, s)
			}
		}
		return list
	}
	x.LeftOut, x.Blank = merge(x.LeftOut, c.LeftOut), merge(x.Blank, c.Blank)
	if c.OnDrift == mapping.DriftIgnore {
		x.LeftOut, x.Blank = merge(x.LeftOut, c.New), merge(x.Blank, c.Missing)
	}
	return x
}

// remember keeps what a draft that was begun has decided, for the next file of its name.
// Of corrected rows nothing is new. Not to remember is no reason to fail.
func (j *Jobs) remember(d Draft, datasetID string, now time.Time) {
	if j.Decisions == nil || d.Of != "" {
		return
	}
	x := d.decision(now)
	x.DatasetID = datasetID
	if was := d.Place.decided(d.Reading); was != nil && x.sameAs(*was) || was == nil && x.empty() {
		return
	}
	_ = j.Decisions.keep(x)
}

// sameAs reports whether two decisions say the same.
func (x Decision) sameAs(o Decision) bool {
	if len(x.Joined) != len(o.Joined) {
		return false
	}
	for from, to := range x.Joined {
		if o.Joined[from] != to {
			return false
		}
	}
	return slices.Equal(x.LeftOut, o.LeftOut) && slices.Equal(x.Blank, o.Blank)
}
