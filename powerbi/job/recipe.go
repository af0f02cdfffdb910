package job

import (
	"context"
	"encoding/json"
	"fmt"

	"pushdesk/powerbi/push"
	"pushdesk/storage/failure"
	"pushdesk/storage/workbook"
	"pushdesk/storage/workbook/infer"
)

// recipe is how a run reads its file and through which connection it sends: what the
// sender does not know, because it knows neither files nor connections. It is kept with
// the run and holds no secret and no password.
type recipe struct {
	ConnectionID string             `json:"connectionId"` // see Connection.ID
	Connection   string             `json:"connection"`   // its name at that time
	File         string             `json:"file"`         // absolute
	Delimiter    workbook.Delimiter `json:"delimiter,omitempty"`
	Encoding     string             `json:"encoding,omitempty"`
	Quote        rune               `json:"quote,omitempty"`
	Comment      string             `json:"comment,omitempty"` // what begins lines of comments
	Source       workbook.Source    `json:"source"`
	HeaderRow    int                `json:"headerRow"`
	// The rows that were left out, and the hash of the file in which they are: in
	// another one they have to be found again.
	Left     infer.Spans        `json:"left,omitempty"`
	LeftHash string             `json:"leftHash,omitempty"`
	Texts    []infer.TextFormat `json:"texts,omitempty"`
	RowsHash string             `json:"rowsHash,omitempty"` // of the rows that were checked
}

func recipeOf(d Draft, f source) recipe {
	c, r := d.Place.Destination.Connection, d.Reading
	how := recipe{ConnectionID: c.ID, Connection: c.Name, File: f.path,
		Delimiter: r.options.Delimiter, Encoding: r.options.Encoding, Quote: r.Book.TextForm().Quote, Comment: r.options.Comment,
		Source: r.Layout.Source, HeaderRow: r.headerRow}
	if how.Source.Kind != workbook.SourceTable {
		how.Source.HeaderRows = r.Layout.HeaderRows
	}
	if d.Checked != nil && !r.Profile.Provisional { // else the file is not read again in the very same way
		how.RowsHash = d.Checked.rows.Hash
	}
	if !r.Profile.Provisional {
		how.Left, how.LeftHash = r.Profile.Left, f.hash
		for _, p := range r.Profile.Columns {
			how.Texts = append(how.Texts, p.Text)
		}
	}
	return how
}

func (how recipe) encode() (json.RawMessage, error) {
	data, err := json.Marshal(how)
	if err != nil {
		return nil, fmt.Errorf("keep how the file is read: %w", err)
	}
	return data, nil
}

// recipe returns that of a run.
func (j *Jobs) recipe(ctx context.Context, runID string) (how recipe, err error) {
	kept, err := j.Runs.Recipe(ctx, runID)
	if err != nil {
		return how, err
	}
	if kept == nil || json.Unmarshal(kept, &how) != nil {
		return how, lost(runID, "The settings used to read its file are no longer stored.")
	}
	return how, nil
}

// lost says that a run cannot be taken up again here.
func lost(runID, why string) error {
	return failure.New(failure.Usage, "run-lost", "This run cannot be resumed. "+why,
		"Its receipt says which rows were sent. Send the rest as a new run.").WithDetails("Run ID: %s", runID)
}

// connectionOf returns the connection that a run was sent through.
func (j *Jobs) connectionOf(ctx context.Context, runID string, how recipe) (Connection, error) {
	c, there, err := j.Connector.Connection(ctx, how.ConnectionID)
	if err == nil && !there {
		err = lost(runID, fmt.Sprintf("Its connection %q is no longer on this computer.", how.Connection))
	}
	return c, err
}

// RunConnection returns the connection that a run was sent through.
func (j *Jobs) RunConnection(ctx context.Context, runID string) (Connection, error) {
	how, err := j.recipe(ctx, runID)
	if err != nil {
		return Connection{}, err
	}
	return j.connectionOf(ctx, runID, how)
}

// reopened is the file of an earlier run, read as that run read it, and the service
// that the run was sent to.
type reopened struct {
	source
	how recipe
	api push.Service

	connection Connection
}

// reopen opens the file of a run again. Close its book.
func (j *Jobs) reopen(ctx context.Context, runID string, o ResumeOptions) (r reopened, err error) {
	if r.how, err = j.recipe(ctx, runID); err != nil {
		return r, err
	}
	c, err := j.connectionOf(ctx, runID, r.how)
	if r.connection = c; err != nil {
		return r, err
	}
	if o.File != "" {
		r.how.File = o.File
	}
	r.path = r.how.File
	r.book, err = workbook.Open(ctx, r.path, workbook.Options{Password: o.Password, Delimiter: r.how.Delimiter, Quote: r.how.Quote, Encoding: r.how.Encoding, Comment: r.how.Comment})
	if err != nil {
		return r, err
	}
	if err = r.find(ctx); err == nil {
		r.api, err = j.Connector.API(ctx, c.ID)
	}
	if err != nil {
		r.book.Close()
	}
	return r, err
}

// find finds the run's table in the file again.
func (r *reopened) find(ctx context.Context) (err error) {
	if r.hash, err = r.book.Hash(ctx); err != nil {
		return err
	}
	if r.layout, err = r.book.Layout(ctx, r.how.Source, r.how.HeaderRow); err != nil {
		return err
	}
	if r.how.LeftHash != "" && r.how.LeftHash != r.hash {
		reading, err := Reading{Book: r.book, Layout: r.layout, headerRow: r.how.HeaderRow}.Full(ctx, nil)
		if err != nil {
			return err
		}
		r.how.Left, r.how.LeftHash = reading.Profile.Left, r.hash
	}
	p := infer.Profile{Left: r.how.Left}
	if len(r.how.Texts) == len(r.layout.Headers) {
		for i, text := range r.how.Texts {
			p.Columns = append(p.Columns, infer.ColumnProfile{Header: r.layout.Headers[i], Text: text})
		}
	}
	r.layout = r.layout.WithTypes(p)
	return nil
}
