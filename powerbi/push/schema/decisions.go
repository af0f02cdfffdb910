package schema

import (
	"slices"
	"strings"
	"time"

	"pushdesk/storage"
)

// Decision is what a person decided about the columns of one kind of files for one table.
type Decision struct {
	Service     string            `json:"service"`
	WorkspaceID string            `json:"workspaceId,omitempty"`
	DatasetID   string            `json:"datasetId"`
	Dataset     string            `json:"dataset,omitempty"` // its name
	Table       string            `json:"table"`
	File        string            `json:"file"` // the file's name, with a mark for each run of digits
	Made        time.Time         `json:"made"`
	Joined      map[string]string `json:"joined,omitempty"`  // header of the file: column of the table
	LeftOut     []string          `json:"leftOut,omitempty"` // headers
	Blank       []string          `json:"blank,omitempty"`   // columns of the table that get nothing
}

// Empty reports whether nothing is decided.
func (x Decision) Empty() bool { return len(x.Joined)+len(x.LeftOut)+len(x.Blank) == 0 }

// Decisions remembers what was decided, in one file that several programs may use.
type Decisions struct{ file *storage.Kept[[]Decision] }

// OpenDecisions uses a file that need not exist yet.
func OpenDecisions(path string) *Decisions {
	return &Decisions{storage.OpenKept[[]Decision](path, "what was decided")}
}

const mostDecisions = 2000 // the oldest are forgotten

// For returns what was decided for a table, the latest first. A file that cannot be read
// holds nothing: then it is decided again.
func (k *Decisions) For(service, datasetID, table string) (found []Decision) {
	for _, x := range k.Files(service, "") {
		if datasetID != "" && strings.EqualFold(x.DatasetID, datasetID) && x.Table == table {
			found = append(found, x)
		}
	}
	return found
}

// Files returns what was decided for files of a kind, whatever table they went into, the
// latest first. file is as in Decision; "": for all files.
func (k *Decisions) Files(service, file string) (found []Decision) {
	if k == nil {
		return nil
	}
	all, err := k.file.Read()
	if err != nil {
		return nil
	}
	for _, x := range slices.Backward(all) {
		if x.Service == service && (file == "" || x.File == file) {
			found = append(found, x)
		}
	}
	return found
}

// Keep puts a decision in the place of the one for the same files and table.
func (k *Decisions) Keep(x Decision) error {
	return k.file.Change(func(all *[]Decision) error {
		*all = slices.DeleteFunc(*all, func(o Decision) bool {
			return o.Service == x.Service && strings.EqualFold(o.DatasetID, x.DatasetID) && o.Table == x.Table && o.File == x.File
		})
		if !x.Empty() {
			*all = append(*all, x)
		}
		*all = (*all)[max(0, len(*all)-mostDecisions):]
		return nil
	})
}

// SameAs reports whether two decisions say the same.
func (x Decision) SameAs(o Decision) bool {
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
