package history

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"reflect"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
	"pushdesk/storage/remark"
)

// Table names a table of a dataset in a workspace.
type Table struct {
	WorkspaceID   string            `json:"workspaceId"`
	WorkspaceName string            `json:"workspaceName"`
	DatasetID     string            `json:"datasetId"`
	DatasetName   string            `json:"datasetName"`
	Table         string            `json:"table"`
	Retention     powerbi.Retention `json:"retention,omitempty"`
	Create        bool              `json:"create,omitempty"` // the dataset may be created if there is none of that name
}

// same reports whether two are the same table, whatever it is called in words.
func (t Table) same(o Table) bool {
	return t.WorkspaceID == o.WorkspaceID && t.DatasetID == o.DatasetID && t.Table == o.Table
}

// Origin is how a run came to be: what it sends, and how and by whom it was begun. It is
// the same in its options, its journal and its receipt.
type Origin struct {
	Mode     plan.Mode      `json:"mode"`
	Policy   mapping.Policy `json:"policy"`
	File     string         `json:"file,omitempty"`
	Sheet    string         `json:"sheet,omitempty"`
	Range    string         `json:"range,omitempty"`
	FileHash string         `json:"fileHash,omitempty"` // to know the file again
	Skip     int64          `json:"skip,omitempty"`     // rows at the beginning of the file that are left out, of those that meet the conditions
	Limit    int64          `json:"limit,omitempty"`    // rows that are sent at most; 0: all

	MaxLeftOut mapping.LeftOut `json:"maxLeftOut,omitzero"` // how many rows may be left out before that is a failure
	// Content is what the source holds, up to the last row that is to be sent, if a check
	// has summed it up: to know the rows again in another file.
	Content mapping.Mark `json:"content,omitzero"`

	By         string `json:"by,omitempty"`         // the user and the computer
	Connection string `json:"connection,omitempty"` // by its name at that time
	Of         string `json:"of,omitempty"`         // the run whose rejects are sent again, or that is undone

	Contract *mapping.Contract `json:"contract,omitempty"` // how the columns of the file stood to those of the table
	Remarks  []remark.Remark   `json:"remarks,omitempty"`  // what was guessed, changed or left out between the file and the table
}

// About is what a run is about.
type About struct {
	RunID   string          `json:"runId"`
	Target  Table           `json:"target"`
	Mapping mapping.Mapping `json:"mapping"`
	Origin
	TotalRows int64 `json:"totalRows,omitempty"`
}

// Receipt returns the receipt of a run that has done nothing yet.
func (a About) Receipt() Receipt {
	t := a.Target
	return Receipt{RunID: a.RunID, Workspace: t.WorkspaceName, WorkspaceID: t.WorkspaceID, Dataset: t.DatasetName, DatasetID: t.DatasetID,
		Table: t.Table, Retention: t.Retention, Mapping: &a.Mapping, RowsTotal: a.TotalRows, Origin: a.Origin, Problems: []mapping.Problem{}}
}

// same returns one text for all runs that send the same rows in the same way to the
// same table.
func (a About) same() string {
	about := About{Origin: Origin{FileHash: a.FileHash, Sheet: a.Sheet, Range: a.Range, Skip: a.Skip, Limit: a.Limit}, Mapping: a.Mapping,
		Target: Table{WorkspaceID: a.Target.WorkspaceID, DatasetID: a.Target.DatasetID, Table: a.Target.Table}}
	text, err := json.Marshal(about)
	if err != nil || a.FileHash == "" { // without a hash nothing is known to be the same
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// resumes checks that a run is resumed with what it was begun with. The policy may be
// another: it decides about rows that were not sent yet.
func (a About) resumes(was About) error {
	switch {
	case was.FileHash != a.FileHash:
		return &ChangedError{File: was.File}
	case !was.Target.same(a.Target):
		return errors.New("the run started with another target")
	case !reflect.DeepEqual(was.Mapping, a.Mapping) || was.Mode != a.Mode:
		return errors.New("the run started with another mapping or mode")
	case was.Skip != a.Skip || was.Limit != a.Limit:
		return errors.New("the run started with another part of the file")
	}
	return nil
}

// ChangedError is a file that is not the one a run was begun with.
type ChangedError struct{ File string }

func (e *ChangedError) Error() string { return "the file has changed since the run started" }

// Failure is the error in words.
func (e *ChangedError) Failure() *failure.Error {
	return failure.New(failure.Data, "run-file-changed",
		"The file has changed since the run started, so it is not known which of its rows were sent.",
		"Choose the file as it was then. Or start a new run; if it replaces the table's rows, there will be no duplicates.").WithDetails("File: %s", e.File)
}
