package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/storage"
)

// Known remembers the columns of the push tables this computer has created
// or learned, because the service answers the names of tables only. It is one
// JSON file, which several processes may use.
type Known struct{ file *storage.Kept[knownFile] }

// knownTable is what the file holds of one table.
type knownTable struct {
	APIURL    string           `json:"apiUrl"`
	DatasetID string           `json:"datasetId"`
	Table     string           `json:"table"`
	Columns   []powerbi.Column `json:"columns"`
	Added     time.Time        `json:"learned"`

	Whole            bool                   `json:"whole,omitempty"` // see Entry
	Measures         []powerbi.Measure      `json:"measures,omitempty"`
	Description      string                 `json:"description,omitempty"`
	IsHidden         bool                   `json:"isHidden,omitempty"`
	Relationships    []powerbi.Relationship `json:"relationships,omitempty"`
	AllRelationships bool                   `json:"allRelationships,omitempty"`
}

// Entry is what is remembered of a table.
type Entry struct {
	Table            powerbi.Table
	Whole            bool                   // its measures and the settings of its columns too, not only names and types
	Relationships    []powerbi.Relationship // of the dataset, that use the table
	AllRelationships bool                   // there are no others
}

type knownFile struct {
	Version int          `json:"version"`
	Tables  []knownTable `json:"tables"`
}

const (
	knownVersion   = 1
	maxKnownTables = 5000 // the oldest are forgotten
)

// OpenKnown uses a file that need not exist yet.
func OpenKnown(path string) (*Known, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the known tables: %w", err)
	}
	return &Known{storage.OpenKept[knownFile](path, "the known tables")}, nil
}

// lockOf is the lock of the creation of a dataset.
func (k *Known) lockOf(apiURL, workspaceID, name string) string {
	sum := sha256.Sum256([]byte(apiKey(apiURL) + "\n" + strings.ToLower(workspaceID+"\n"+name)))
	return filepath.Join(filepath.Dir(k.file.Path()), "create-"+hex.EncodeToString(sum[:8])+".lock")
}

func (t knownTable) is(apiURL, datasetID, table string) bool {
	return t.APIURL == apiKey(apiURL) && strings.EqualFold(t.DatasetID, datasetID) && t.Table == table
}

// apiKey writes an API address the same way, however it was typed.
func apiKey(url string) string { return strings.ToLower(strings.TrimRight(url, "/")) }

// Columns returns the columns of a table, if they are known.
func (k *Known) Columns(apiURL, datasetID, table string) ([]powerbi.Column, bool) {
	file, err := k.file.Read()
	if err != nil || file.Version > knownVersion {
		return nil, false
	}
	for _, t := range file.Tables {
		if t.is(apiURL, datasetID, table) {
			return slices.Clone(t.Columns), true
		}
	}
	return nil, false
}

// Remember keeps the names and types of the columns of a table.
func (k *Known) Remember(apiURL, datasetID, table string, columns []powerbi.Column) error {
	return k.Keep(apiURL, datasetID, Entry{Table: powerbi.Table{Name: table, Columns: columns}})
}

// Keep keeps a table. Relationships that are remembered of it stay, unless all are given.
func (k *Known) Keep(apiURL, datasetID string, e Entry) error {
	return k.change(func(f *knownFile) {
		t := knownTable{APIURL: apiKey(apiURL), DatasetID: datasetID, Table: e.Table.Name, Columns: slices.Clone(e.Table.Columns), Added: time.Now().UTC(),
			Whole: e.Whole, Measures: e.Table.Measures, Description: e.Table.Description, IsHidden: e.Table.IsHidden,
			Relationships: e.Relationships, AllRelationships: e.AllRelationships}
		for _, old := range f.Tables {
			if old.is(apiURL, datasetID, e.Table.Name) && e.Relationships == nil && !e.AllRelationships {
				t.Relationships, t.AllRelationships = old.Relationships, old.AllRelationships
			}
		}
		f.forget(apiURL, datasetID, e.Table.Name)
		f.Tables = append(f.Tables, t)
		f.Tables = f.Tables[max(0, len(f.Tables)-maxKnownTables):]
	})
}

// Entries returns what is remembered of the tables of a dataset.
func (k *Known) Entries(apiURL, datasetID string) (list []Entry) {
	if k == nil {
		return nil
	}
	file, err := k.file.Read()
	if err != nil || file.Version > knownVersion {
		return nil
	}
	for _, t := range file.Tables {
		if t.is(apiURL, datasetID, t.Table) {
			list = append(list, Entry{Table: powerbi.Table{Name: t.Table, Columns: t.Columns, Measures: t.Measures, Description: t.Description, IsHidden: t.IsHidden},
				Whole: t.Whole, Relationships: t.Relationships, AllRelationships: t.AllRelationships})
		}
	}
	return list
}

// Without notes that a table lacks a column that it was known with. Not to note it is no reason
// to fail.
func (k *Known) Without(apiURL, datasetID, table, column string) {
	if k == nil {
		return
	}
	_ = k.change(func(f *knownFile) {
		for i := range f.Tables {
			if t := &f.Tables[i]; t.is(apiURL, datasetID, table) {
				t.Columns = slices.DeleteFunc(slices.Clone(t.Columns), func(c powerbi.Column) bool { return strings.EqualFold(c.Name, column) })
				t.Whole = false // somebody else has changed it
			}
		}
	})
}

// Forget forgets a table.
func (k *Known) Forget(apiURL, datasetID, table string) error {
	return k.change(func(f *knownFile) { f.forget(apiURL, datasetID, table) })
}

func (f *knownFile) forget(apiURL, datasetID, table string) {
	f.Tables = slices.DeleteFunc(f.Tables, func(t knownTable) bool { return t.is(apiURL, datasetID, table) })
}

// change changes the file, unless a newer version of the program wrote it.
func (k *Known) change(do func(*knownFile)) error {
	return k.file.Change(func(f *knownFile) error {
		if f.Version > knownVersion {
			return fmt.Errorf("the known tables were written by a newer version (%d) of this program", f.Version)
		}
		f.Version = knownVersion
		do(f)
		return nil
	})
}
