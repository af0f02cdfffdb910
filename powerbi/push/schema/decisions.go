package schema

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage"
	"pushdesk/storage/humanize"
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
func (k *Decisions) For(service, datasetID, table string) []Decision {
	return k.latest(func(x Decision) bool {
		return datasetID != "" && x.Service == service && strings.EqualFold(x.DatasetID, datasetID) && x.Table == table
	})
}

// Former returns what was decided for tables that are no longer there and in whose place a
// table may be, the latest first: one of its dataset, which has the tables that are named, or
// its namesake in a dataset of that name. datasets are all of the workspace.
func (k *Decisions) Former(service string, t history.Table, tables []string, datasets []powerbi.Dataset) []Decision {
	return k.latest(func(x Decision) bool {
		renamed := strings.EqualFold(x.DatasetID, t.DatasetID) && !slices.Contains(tables, x.Table)
		anew := x.WorkspaceID == t.WorkspaceID && x.Dataset == t.DatasetName && x.Table == t.Table &&
			!slices.ContainsFunc(datasets, func(d powerbi.Dataset) bool { return strings.EqualFold(d.ID, x.DatasetID) })
		return x.Service == service && (renamed || anew)
	})
}

func (k *Decisions) latest(want func(Decision) bool) (list []Decision) {
	if k == nil {
		return nil
	}
	all, err := k.file.Read()
	if err != nil {
		return nil
	}
	for _, x := range slices.Backward(all) {
		if want(x) {
			list = append(list, x)
		}
	}
	return list
}

// Has reports whether there is a column of a name.
func Has(columns []powerbi.Column, name string) bool {
	return slices.ContainsFunc(columns, func(c powerbi.Column) bool { return c.Name == name })
}

// Lapse is a part of a decision that does not hold any more.
type Lapse struct{ Column, Sentence string }

// Lapsed returns what of a decision does not hold any more, because a column of the file or
// of the table has another name now, or is gone. missing are columns that get nothing.
func (x Decision) Lapsed(headers []string, columns []powerbi.Column, missing []string) (list []Lapse) {
	add := func(column, format string, args ...any) {
		list = append(list, Lapse{column, "On " + humanize.DateTime(x.Made) + " it was decided that " + fmt.Sprintf(format, args...)})
	}
	for _, from := range slices.Sorted(maps.Keys(x.Joined)) {
		to := x.Joined[from]
		switch there := slices.Contains(headers, from); {
		case there && !Has(columns, to):
			add(from, "it fills the column “%s”, which the table no longer has.", to)
		case !there && slices.Contains(missing, to):
			add(to, "the column “%s” of the file fills it, which the file no longer has.", from)
		}
	}
	for _, name := range x.Blank {
		if !Has(columns, name) {
			add(name, "it is sent as blank, and the table no longer has it.")
		}
	}
	return list
}

// Gone says what a decision was, of a table that is no longer there. table is the one in its
// place.
func (x Decision) Gone(table string) string {
	var said []string
	for _, from := range slices.Sorted(maps.Keys(x.Joined)) {
		said = append(said, from+" fills "+x.Joined[from])
	}
	for _, name := range x.LeftOut {
		said = append(said, name+" is left out")
	}
	for _, name := range x.Blank {
		said = append(said, name+" is sent as blank")
	}
	of := fmt.Sprintf("the table “%s”", x.Table)
	if x.Table == table {
		of = fmt.Sprintf("a dataset “%s”", x.Dataset)
	}
	return fmt.Sprintf("On %s it was decided for files of this name and %s, which is no longer there: %s.", humanize.DateTime(x.Made), of, humanize.ListSome(said, 6))
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
