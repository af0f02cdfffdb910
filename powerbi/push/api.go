package push

import (
	"context"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
)

// API is what a run needs of the service; *powerbi.Client has it.
type API interface {
	Datasets(ctx context.Context, workspaceID string) ([]powerbi.Dataset, error)
	Dataset(ctx context.Context, workspaceID, datasetID string) (powerbi.Dataset, error)
	CreateDataset(ctx context.Context, workspaceID string, schema powerbi.DatasetSchema, keep powerbi.Retention) (powerbi.Dataset, error)
	Tables(ctx context.Context, workspaceID, datasetID string) ([]powerbi.Table, error)
	AddRows(ctx context.Context, workspaceID, datasetID, table string, body []byte) (powerbi.Answer, error)
	DeleteRows(ctx context.Context, workspaceID, datasetID, table string) error
	CountRows(ctx context.Context, workspaceID, datasetID, table string) (int64, error)
	SampleRows(ctx context.Context, workspaceID, datasetID, table string, n int) ([]map[string]any, error)
}

// Target is where rows go. Prepare fills in the IDs.
type Target struct {
	WorkspaceID   string            `json:"workspaceId"`
	WorkspaceName string            `json:"workspaceName"`
	DatasetID     string            `json:"datasetId"`
	DatasetName   string            `json:"datasetName"`
	Table         string            `json:"table"`
	Retention     powerbi.Retention `json:"retention,omitempty"`
	Create        bool              `json:"create,omitempty"` // the dataset may be created when there is none of that name
}

// Options say how a run is done. The zero value appends, stops at the first
// problem, keeps no journal and the documented limits.
type Options struct {
	Mode    plan.Mode
	Policy  mapping.Policy
	Journal *Journal // from Runs.Begin or Runs.Resume; nil keeps nothing on disk
	Clock   Clock    // nil: the computer's
	Pace    plan.Pace

	TotalRows  int64         // rows of the source, when a check has counted them: for the time left
	CancelWait time.Duration // how long requests on their way are waited for after a cancel; 0: 30 s
	Doubt      Doubt         // what to do with batches whose fate cannot be found out; of a resumed run only

	File, Sheet, Range, FileHash string // for the receipt, and to know the file again
	By, Connection               string // who sends, and through which connection: for the receipt
	Of                           string // the run whose rejects these rows are, or that this one puts right

	Skip    int64  // rows at the beginning of the source that are left out
	Limit   int64  // rows that are sent at most; 0: all
	Brake   *Brake // holds the run; nil: nothing does
	OneHour bool   // stop, to be resumed, where the run would have to wait for the hour

	// Rehearse gives the source once more. With ModeReplace it is read, checked and
	// encoded to its end before anything is deleted. nil leaves that out.
	Rehearse func() (mapping.Source, error)
	InParts  bool // replace also when the limits leave the table partly filled for a while
}

// Doubt is a person's decision about batches of which nobody can say whether
// they were stored.
type Doubt string

const (
	DoubtKeep   Doubt = ""       // the run stays in doubt
	DoubtStored Doubt = "stored" // take them as stored
	DoubtResend Doubt = "resend" // send them again, at the risk of doubled rows
)

// explained is an error that says in plain words what happened and what to do.
type explained interface {
	error
	Sentence() string
	Remedy() string
	Who() string
	Details() string
}
