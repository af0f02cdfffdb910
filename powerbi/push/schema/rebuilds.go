package schema

import (
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage"
)

// Rebuild is a table that is filled anew by runs that are sent again, in their order. It
// is kept until all were sent, so that it can be continued.
type Rebuild struct {
	Service   string        `json:"service"`
	DatasetID string        `json:"datasetId"`
	Table     string        `json:"table"`
	Began     time.Time     `json:"began"`
	Rows      int64         `json:"rows"`      // in the table before
	RowsAgain int64         `json:"rowsAgain"` // that are to be in it
	Steps     []RebuildStep `json:"steps"`
}

// RebuildStep is one run that is sent again.
type RebuildStep struct {
	Run     string          `json:"run"`     // the earlier run
	Mapping mapping.Mapping `json:"mapping"` // for the changed table
	Rows    int64           `json:"rows"`    // that it is to send
}

func (x Rebuild) of(service, datasetID, table string) bool {
	return x.Service == service && strings.EqualFold(x.DatasetID, datasetID) && x.Table == table
}

// Rebuilds remembers tables that are being filled anew.
type Rebuilds struct{ file *storage.Kept[[]Rebuild] }

// OpenRebuilds uses a file that need not exist yet.
func OpenRebuilds(path string) *Rebuilds {
	return &Rebuilds{storage.OpenKept[[]Rebuild](path, "the tables that are being filled anew").Needed()}
}

// For returns what is kept of a table.
func (k *Rebuilds) For(service, datasetID, table string) (x Rebuild, there bool, err error) {
	all, err := k.file.Read()
	if err != nil {
		return x, false, err
	}
	i := slices.IndexFunc(all, func(x Rebuild) bool { return x.of(service, datasetID, table) })
	if i < 0 {
		return x, false, nil
	}
	return all[i], true, nil
}

// Keep puts a rebuild in the place of an earlier one of the same table.
func (k *Rebuilds) Keep(x Rebuild) error {
	return k.file.Change(func(all *[]Rebuild) error {
		*all = append(slices.DeleteFunc(*all, func(o Rebuild) bool { return o.of(x.Service, x.DatasetID, x.Table) }), x)
		return nil
	})
}

// Drop forgets what is kept of a table.
func (k *Rebuilds) Drop(service, datasetID, table string) error {
	if _, there, err := k.For(service, datasetID, table); !there {
		return err
	}
	return k.file.Change(func(all *[]Rebuild) error {
		*all = slices.DeleteFunc(*all, func(o Rebuild) bool { return o.of(service, datasetID, table) })
		return nil
	})
}
