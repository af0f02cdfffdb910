package practice

import (
	"encoding/json"
	"sync"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice/traffic"
)

// dataset is a push dataset, or an ordinary one that refuses rows.
type dataset struct {
	ID            string            `json:"id"`
	Name          string            `json:"name"`
	Push          bool              `json:"push"`
	Mode          string            `json:"mode,omitempty"`
	Retention     powerbi.Retention `json:"retention,omitempty"`
	Relationships json.RawMessage   `json:"relationships,omitempty"`
	ConfiguredBy  string            `json:"configuredBy,omitempty"`
	Created       time.Time         `json:"created"`
	Tables        []*table          `json:"tables"`

	gone    bool            // deleted; guarded by Service.mu
	traffic traffic.Traffic // guarded by Service.mu
	storing sync.Mutex      // one batch at a time checks the row limits and is stored
}

// largest is the row count of the largest table.
func (d *dataset) largest() int64 {
	var n int64
	for _, t := range d.Tables {
		n = max(n, t.store.count())
	}
	return n
}

// table finds a table by its exact name: a name in another case is answered with
// 404, as reported of the live service.
func (d *dataset) table(name string) *table {
	for _, t := range d.Tables {
		if t.Definition.Name == name {
			return t
		}
	}
	return nil
}

type table struct {
	Definition powerbi.Table `json:"definition"` // guarded by Service.mu; its Columns are never changed in place

	checker   *rowChecker // for the columns of Definition; replaced with it
	store     rowStore
	sequence  int64 // last sequence number accepted; guarded by dataset.storing
	hasNumber bool
	lately    traffic.Lately
}
