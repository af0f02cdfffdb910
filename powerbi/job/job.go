// Package job is an upload as a value: a table of a file, its columns, where its rows
// go and how. It is read, checked, planned and sent, and what was sent can be resumed,
// undone, done again, and its rejected rows corrected.
//
// A Draft is never changed: each step takes one and returns the next, without what no
// longer holds. Jobs carries drafts out. The package knows no connection and no
// secret: it is given a Connector.
package job

import (
	"context"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/clock"
	"pushdesk/powerbi/push/fresh"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/failure"
)

// Connection is what an upload knows of the connection it is sent through.
type Connection struct {
	ID         string // "" is the practice connection while none is saved
	Name       string
	Workspace  string // where rows go when nobody names another one, or ""
	Dataset    string // the same in it
	Table      string // the same in that dataset
	Production bool   // a person is asked before it changes anything
	// Service is the service that it leads to. It stays the same when the address of
	// the practice service changes.
	Service string
	// SecretExpires is the last day of the secret it signs in with; zero when that is not
	// known, or there is none.
	SecretExpires time.Time
}

// API is what a job needs of the service; *powerbi.Client has it.
type API interface {
	push.Service
	fresh.Service
	schema.Altering
	Dataset(ctx context.Context, workspaceID, datasetID string) (powerbi.Dataset, error)
	Workspaces(ctx context.Context) ([]powerbi.Workspace, error)
}

// Connector gives the service by a connection's ID.
type Connector interface {
	// Connection returns the connection with an ID, as it is now. It reports false when
	// there is none any more.
	Connection(ctx context.Context, id string) (Connection, bool, error)
	// API returns the service, signed in to when it is first asked.
	API(ctx context.Context, id string) (API, error)
	// Clock returns the clock of a practice service, which can be put forward; nil is the
	// computer's.
	Clock(ctx context.Context, id string) clock.Clock
	// Used notes that rows are sent through a connection.
	Used(id string)
}

// Jobs carries uploads out with what is kept on this computer.
//
// Large: everything that is done with an upload is asked of this one value.
type Jobs struct {
	Connector Connector
	Runs      *history.History  // the history
	Known     *schema.Known     // the columns of tables that were made here
	Decisions *schema.Decisions // what was decided about columns; nil: nothing is remembered
	Rebuilds  *schema.Rebuilds  // tables that are being filled anew
	Folder    string            // of the history
}

// Control is how a person holds and ends a run that is under way. The zero value does
// neither.
type Control struct {
	Pause *push.Pause     // holds the run while it is on
	Abort <-chan struct{} // ends a run whose context is cancelled at once; see push.Options
}

// Workspaces lists what a connection sees. An error that is powerbi.Partial comes with a part.
func (j *Jobs) Workspaces(ctx context.Context, connectionID string) ([]powerbi.Workspace, error) {
	api, err := j.Connector.API(ctx, connectionID)
	if err != nil {
		return nil, err
	}
	list, err := api.Workspaces(ctx)
	if c, there, _ := j.Connector.Connection(ctx, connectionID); err != nil && there {
		list, err = powerbi.Unlisted(list, err, c.Workspace)
	}
	return list, err
}

// Datasets lists the datasets of a workspace, given by its ID.
func (j *Jobs) Datasets(ctx context.Context, connectionID, workspaceID string) ([]powerbi.Dataset, error) {
	api, err := j.Connector.API(ctx, connectionID)
	if err != nil {
		return nil, err
	}
	return api.Datasets(ctx, workspaceID)
}

// Tables lists the tables of a dataset; the service tells little more than their
// names.
func (j *Jobs) Tables(ctx context.Context, connectionID, workspaceID, datasetID string) ([]powerbi.Table, error) {
	api, err := j.Connector.API(ctx, connectionID)
	if err != nil {
		return nil, err
	}
	return api.Tables(ctx, workspaceID, datasetID)
}

// now returns the time by the clock that the limits of a connection's service go by.
func (j *Jobs) now(ctx context.Context, connectionID string) time.Time {
	if clock := j.Connector.Clock(ctx, connectionID); clock != nil {
		return clock.Now()
	}
	return time.Now()
}

// sentence says an error as a person reads it.
func sentence(err error) string {
	if f, ok := failure.From(err); ok {
		return f.Sentence
	}
	return err.Error() + "."
}
