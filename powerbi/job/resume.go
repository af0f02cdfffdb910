package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/storage"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
)

// reread is how a run read its file and through which connection it sent: what
// the journal does not hold, because powerbi/push knows neither files nor
// connections. It holds no secret and no password.
type reread struct {
	ConnectionID string          `json:"connectionId"` // "" = the practice connection, when none is saved
	Connection   string          `json:"connection"`   // its name at that time
	File         string          `json:"file"`         // absolute
	Delimiter    rune            `json:"delimiter,omitempty"`
	Encoding     string          `json:"encoding,omitempty"`
	Quote        rune            `json:"quote,omitempty"`
	Source       workbook.Source `json:"source"`
	HeaderRow    int             `json:"headerRow"`
	// What was left out below the rows: its first row and the file's sum, because in a
	// file that has grown since, it stands further down.
	TailRow   int                `json:"tailRow,omitempty"`
	TailHash  string             `json:"tailHash,omitempty"`
	LeaveTail bool               `json:"leaveTail,omitempty"`
	Texts     []infer.TextFormat `json:"texts,omitempty"`
}

func (j *Jobs) rereadPath(runID string) string {
	return filepath.Join(j.Folder, runID+".file.json")
}

func (j *Jobs) remember(runID, path, hash string, u Upload) error {
	c := u.Place.Destination.Connection
	how := reread{ConnectionID: c.ID, Connection: c.Name, File: path,
		Delimiter: u.Reading.options.Delimiter, Encoding: u.Reading.options.Encoding, Quote: u.Reading.Book.TextForm().Quote,
		Source: u.Reading.Layout.Source, HeaderRow: u.Reading.headerRow}
	if how.Source.Kind != workbook.KindTable {
		how.Source.HeaderRows = u.Reading.Layout.HeaderRows
	}
	if t := u.Reading.Tail; t.FirstRow > 0 {
		how.TailRow, how.TailHash, how.LeaveTail = t.FirstRow, hash, u.Reading.leaveTail
		how.Source.Range.LastRow = u.Reading.lastRow
	}
	if !u.Reading.Profile.Provisional {
		for _, p := range u.Reading.Profile.Columns {
			how.Texts = append(how.Texts, p.Text)
		}
	}
	return j.keep(runID, how)
}

// keep writes how a run reads its file.
func (j *Jobs) keep(runID string, how reread) error {
	data, err := json.MarshalIndent(how, "", "  ")
	if err != nil {
		return err
	}
	return storage.WriteFile(j.rereadPath(runID), data)
}

// forget removes what is only needed to take a run up again, to undo it or to do it
// again. A file left behind does no harm.
func (j *Jobs) forget(runID string) { _ = os.Remove(j.rereadPath(runID)) }

// ResumeOptions say how a run is taken up again.
type ResumeOptions struct {
	File     string         // where the file is now; "" = where it was
	Password string         // of a protected workbook
	Doubt    push.OnUnknown // what to do with batches whose fate cannot be found out
	Table    string         // the name of the run's table now, when it was renamed; "" = as it was
	OneHour  bool           // stop again where the run would have to wait for the hour
	Brake    *push.Pause    // holds the run while it is on; may be nil
	InParts  bool           // replace also when the limits leave the table partly filled for a while
}

// LostRunError says that a run cannot be taken up again here.
type LostRunError struct {
	RunID string
	Why   string // a sentence
}

func (e *LostRunError) Error() string { return "the run cannot be resumed: " + e.Why }

// Sentence says what happened.
func (e *LostRunError) Sentence() string { return "This run cannot be resumed. " + e.Why }

// Remedy says what to do next.
func (e *LostRunError) Remedy() string {
	return "Its receipt says which rows were sent. Send the rest as a new run."
}

// Who says who can fix it.
func (e *LostRunError) Who() string { return "you" }

// Details are for support.
func (e *LostRunError) Details() string { return "Run ID: " + e.RunID }

// reopened is the file of an earlier run, read as that run read it, and where the
// run sent it.
type reopened struct {
	how    reread
	book   *workbook.Book
	layout workbook.Layout
	hash   string
	api    push.Service
}

// reopen opens the file of a run again.
func (j *Jobs) reopen(ctx context.Context, runID string, o ResumeOptions) (r reopened, err error) {
	if r.how, err = j.recall(runID); err != nil {
		return r, err
	}
	c, err := j.connectionOf(ctx, runID, r.how)
	if err != nil {
		return r, err
	}
	if o.File != "" {
		r.how.File = o.File
	}
	if r.how.Quote == 0 {
		r.how.Quote = '"' // of a time when there was no other
	}
	r.book, err = workbook.Open(ctx, r.how.File, workbook.Options{Password: o.Password, Delimiter: r.how.Delimiter, Quote: r.how.Quote, Encoding: r.how.Encoding})
	if err != nil {
		return r, err
	}
	if err := j.reread(ctx, &r); err != nil {
		return r, errors.Join(err, r.book.Close())
	}
	if r.api, err = j.Connector.API(ctx, c.ID); err != nil {
		return r, errors.Join(err, r.book.Close())
	}
	return r, nil
}

// reread finds the run's table in the file again.
func (j *Jobs) reread(ctx context.Context, r *reopened) (err error) {
	if r.hash, err = r.book.Hash(ctx); err != nil {
		return err
	}
	if r.how.Source.Kind != workbook.KindTable && r.how.Source.HeaderRows == 0 {
		r.how.Source.HeaderRows = 1 // of a time when names took one row at most
	}
	source := r.how.Source
	if r.how.TailRow > 0 && r.how.TailHash == r.hash {
		source = source.Above(infer.Tail{FirstRow: r.how.TailRow})
	}
	if r.layout, err = r.book.Layout(ctx, source, r.how.HeaderRow); err != nil {
		return err
	}
	if r.how.TailRow > 0 && r.how.TailHash != r.hash {
		if err := r.findTail(ctx); err != nil {
			return err
		}
	}
	if len(r.how.Texts) == len(r.layout.Headers) {
		var p infer.Profile
		for i, text := range r.how.Texts {
			p.Columns = append(p.Columns, infer.ColumnProfile{Header: r.layout.Headers[i], Text: text})
		}
		r.layout = r.layout.WithTypes(p)
	}
	return nil
}

// findTail looks what stands below the rows of a file that has changed since its total
// was left out: it may have more rows, or no total any more.
func (r *reopened) findTail(ctx context.Context) error {
	reading, err := Reading{Book: r.book, Layout: r.layout, headerRow: r.how.HeaderRow, leaveTail: r.how.LeaveTail}.Full(ctx, nil)
	if err != nil {
		return err
	}
	r.layout = reading.Layout
	r.how.TailRow, r.how.TailHash = reading.Tail.FirstRow, r.hash
	return nil
}

// Resume goes on with a run that stopped: it reads the same file in the same way,
// skips the rows that were accepted, and sends the rest through the same
// connection. A file that has changed since ends with a *history.ChangedError.
func (j *Jobs) Resume(ctx context.Context, runID string, o ResumeOptions, on func(push.Progress)) (history.Receipt, error) {
	was, err := j.Runs.Get(ctx, runID)
	if err != nil {
		return history.Receipt{}, err
	}
	if was.Status == history.StatusDone {
		return history.Receipt{}, &history.DoneError{RunID: runID}
	}
	r, err := j.reopen(ctx, runID, o)
	if err != nil {
		return history.Receipt{}, err
	}
	defer r.book.Close()
	rows, err := r.book.Rows(ctx, r.layout)
	if err != nil {
		return history.Receipt{}, err
	}
	defer rows.Close()
	journal, err := j.Runs.Resume(ctx, runID, r.hash)
	if err != nil {
		return history.Receipt{}, err
	}
	if o.Table != "" {
		if err := push.Renamed(ctx, journal, r.api, o.Table); err != nil {
			return history.Receipt{}, errors.Join(err, journal.Close())
		}
	}
	options := push.OptionsOf(journal)
	options.Unknown, options.OneHour, options.InParts, options.Pause = o.Doubt, o.OneHour, o.InParts, o.Brake
	rehearsal := rehearsal{ctx: ctx, book: r.book, layout: r.layout}
	defer rehearsal.Close()
	options.Reread = rehearsal.open
	return push.Send(ctx, push.NewTarget(r.api, journal.About().Target), journal.About().Mapping, rowSource{rows}, options, on)
}

// MissingTable tells whether the table of a run is not in its dataset any more, and
// which tables are.
func (j *Jobs) MissingTable(ctx context.Context, runID string) (names []string, missing bool, err error) {
	c, err := j.RunConnection(ctx, runID)
	if err != nil {
		return nil, false, err
	}
	api, err := j.Connector.API(ctx, c.ID)
	if err != nil {
		return nil, false, err
	}
	return push.Missing(ctx, j.Runs, api, runID)
}

func (j *Jobs) recall(runID string) (reread, error) {
	var how reread
	data, err := os.ReadFile(j.rereadPath(runID))
	if errors.Is(err, fs.ErrNotExist) {
		return how, &LostRunError{RunID: runID, Why: "How its file was read is not known any more."}
	}
	if err != nil {
		return how, fmt.Errorf("read how the file was read: %w", err)
	}
	if err := json.Unmarshal(data, &how); err != nil {
		return how, &LostRunError{RunID: runID, Why: "The note of how its file was read is damaged."}
	}
	return how, nil
}

// connectionOf returns the connection that a run was sent through.
func (j *Jobs) connectionOf(ctx context.Context, runID string, how reread) (Connection, error) {
	c, there, err := j.Connector.Connection(ctx, how.ConnectionID)
	if err == nil && !there {
		err = &LostRunError{RunID: runID, Why: fmt.Sprintf("Its connection %q is not on this computer any more.", how.Connection)}
	}
	return c, err
}
