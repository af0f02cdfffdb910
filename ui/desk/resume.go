package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"pushdesk/connection"
	"pushdesk/powerbi/push"
	"pushdesk/storage"
	"pushdesk/storage/workbook"
)

// reread is how a run read its file and through which connection it sent: what
// the journal does not hold, because powerbi/push knows neither files nor
// connections. It holds no secret and no password.
type reread struct {
	ConnectionID string                `json:"connectionId"` // "" = the practice connection, when none is saved
	Connection   string                `json:"connection"`   // its name at that time
	File         string                `json:"file"`         // absolute
	Delimiter    rune                  `json:"delimiter,omitempty"`
	Encoding     string                `json:"encoding,omitempty"`
	Source       workbook.Source       `json:"source"`
	HeaderRow    int                   `json:"headerRow"`
	Texts        []workbook.TextFormat `json:"texts,omitempty"`
}

func (d *Desk) rereadPath(runID string) string {
	return filepath.Join(d.Home, "runs", runID+".file.json")
}

func (d *Desk) remember(runID, path string, u Upload) error {
	c := u.Place.Destination.Connection
	how := reread{ConnectionID: c.ID, Connection: c.Name, File: path,
		Delimiter: u.Reading.options.Delimiter, Encoding: u.Reading.options.Encoding,
		Source: u.Reading.Layout.Source, HeaderRow: u.Reading.headerRow}
	if !u.Reading.Profile.Provisional {
		for _, p := range u.Reading.Profile.Columns {
			how.Texts = append(how.Texts, p.Text)
		}
	}
	data, err := json.MarshalIndent(how, "", "  ")
	if err != nil {
		return err
	}
	return storage.WriteFile(d.rereadPath(runID), data)
}

// forget removes what is only needed to take a run up again. A file left behind
// does no harm.
func (d *Desk) forget(runID string) { _ = os.Remove(d.rereadPath(runID)) }

// ResumeOptions say how a run is taken up again.
type ResumeOptions struct {
	File     string     // where the file is now; "" = where it was
	Password string     // of a protected workbook
	Doubt    push.Doubt // what to do with batches whose fate cannot be found out
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

// Resume goes on with a run that stopped: it reads the same file in the same way,
// skips the rows that were accepted, and sends the rest through the same
// connection. A file that has changed since ends with a *push.ChangedError.
func (d *Desk) Resume(ctx context.Context, runID string, o ResumeOptions, on func(push.Progress)) (push.Receipt, error) {
	was, err := d.Runs.Get(runID)
	if err != nil {
		return push.Receipt{}, err
	}
	if was.Status == push.StatusDone {
		return push.Receipt{}, &push.DoneError{RunID: runID}
	}
	how, err := d.recall(runID)
	if err != nil {
		return push.Receipt{}, err
	}
	c, err := d.resumeConnection(ctx, runID, how)
	if err != nil {
		return push.Receipt{}, err
	}
	if o.File != "" {
		how.File = o.File
	}
	book, err := workbook.Open(ctx, how.File, workbook.Options{Password: o.Password, Delimiter: how.Delimiter, Encoding: how.Encoding})
	if err != nil {
		return push.Receipt{}, err
	}
	defer book.Close()
	hash, err := book.Hash(ctx)
	if err != nil {
		return push.Receipt{}, err
	}
	layout, err := book.Layout(ctx, how.Source, how.HeaderRow)
	if err != nil {
		return push.Receipt{}, err
	}
	if len(how.Texts) == len(layout.Headers) {
		var p workbook.Profile
		for i, text := range how.Texts {
			p.Columns = append(p.Columns, workbook.ColumnProfile{Header: layout.Headers[i], Text: text})
		}
		layout = layout.WithTypes(p)
	}
	api, err := d.api(ctx, c)
	if err != nil {
		return push.Receipt{}, err
	}
	rows, err := book.Rows(ctx, layout)
	if err != nil {
		return push.Receipt{}, err
	}
	defer rows.Close()
	journal, err := d.Runs.Resume(runID, hash)
	if err != nil {
		return push.Receipt{}, err
	}
	options := journal.Options()
	options.Doubt = o.Doubt
	receipt, err := push.Send(ctx, api, journal.Target(), journal.Mapping(), rowSource{rows}, options, on)
	if receipt.Status == push.StatusDone {
		d.forget(runID)
	}
	return receipt, err
}

func (d *Desk) recall(runID string) (reread, error) {
	var how reread
	data, err := os.ReadFile(d.rereadPath(runID))
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

func (d *Desk) resumeConnection(ctx context.Context, runID string, how reread) (connection.Connection, error) {
	if how.ConnectionID == "" {
		return d.PracticeConnection(ctx, false)
	}
	for _, c := range d.Connections.List() {
		if c.ID == how.ConnectionID {
			return c, nil
		}
	}
	return connection.Connection{}, &LostRunError{RunID: runID, Why: fmt.Sprintf("Its connection %q is not on this computer any more.", how.Connection)}
}
