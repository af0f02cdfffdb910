package app

import (
	"context"
	"time"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/clock"
)

// For gives what an upload knows of a connection.
func For(c connection.Connection) job.Connection {
	expires, _ := c.Expires.Time()
	return job.Connection{ID: c.ID, Name: c.Name, Workspace: c.Workspace, Dataset: c.Dataset, Table: c.Table, Production: c.Careful(), Service: serviceOf(c), SecretExpires: expires}
}

// serviceOf names the service that a connection leads to. The practice service has
// another address each time it starts.
func serviceOf(c connection.Connection) string {
	if c.Cloud == connection.CloudPractice {
		return "practice"
	}
	if e, err := c.Endpoints(); err == nil {
		return e.APIURL
	}
	return c.APIURL
}

// connector gives uploads the service by a connection's ID.
type connector struct {
	*account.Accounts
	practice func(context.Context) (*practice.Local, error)
}

func (k connector) find(ctx context.Context, id string) (connection.Connection, bool, error) {
	if id == "" {
		c, err := k.PracticeConnection(ctx, false)
		return c, err == nil, err
	}
	// Another program may have added it. A file that cannot be read now leaves what is known.
	_ = k.Connections.Refresh()
	c, err := k.Connections.Find(id)
	return c, err == nil && c.ID == id, nil
}

// Connection implements job.Connector.
func (k connector) Connection(ctx context.Context, id string) (job.Connection, bool, error) {
	c, there, err := k.find(ctx, id)
	return For(c), there, err
}

// API implements job.Connector. The practice service may end with the program that
// runs it while this one still sends: each call then finds the one that takes its
// place, on the same data, where the run continues.
func (k connector) API(ctx context.Context, id string) (job.API, error) {
	c, there, err := k.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if !there {
		_, err := k.Connections.Find(id)
		return nil, err
	}
	client, err := k.Client(ctx, c)
	if err != nil || c.Cloud != connection.CloudPractice {
		return client, err
	}
	return practiceAPI{k.Accounts, c}, nil
}

// Clock implements job.Connector: that of the practice service, also of one that runs
// alone and that a connection was added for.
func (k connector) Clock(ctx context.Context, id string) clock.Clock {
	c, there, err := k.find(ctx, id)
	if err != nil || !there || c.Cloud != connection.CloudPractice && c.Cloud != connection.CloudCustom {
		return nil
	}
	api := practiceAPI{k.Accounts, c}
	var forward clock.Forward
	if c.Cloud == connection.CloudPractice {
		forward = func(ctx context.Context, d time.Duration) error {
			p, err := k.practice(ctx)
			if err != nil {
				return err
			}
			return p.Forward(ctx, d)
		}
	}
	ctx = context.WithoutCancel(ctx) // a run that is stopped still asks what the time is
	return clock.Ahead(func() (time.Duration, bool) {
		by, err := ask(ctx, api, func(c *powerbi.Client) (time.Duration, error) { return c.Ahead(ctx) })
		return by, err == nil
	}, forward)
}

// Used implements job.Connector. A list in another order is no reason to stop.
func (k connector) Used(id string) { _ = k.Connections.Touch(id) }

type practiceAPI struct {
	accounts   *account.Accounts
	connection connection.Connection
}

// ask calls the practice service that runs now.
func ask[T any](ctx context.Context, a practiceAPI, call func(*powerbi.Client) (T, error)) (T, error) {
	client, err := a.accounts.Client(ctx, a.connection)
	if err != nil {
		var none T
		return none, err
	}
	return call(client)
}

func (a practiceAPI) Datasets(ctx context.Context, workspace string) ([]powerbi.Dataset, error) {
	return ask(ctx, a, func(c *powerbi.Client) ([]powerbi.Dataset, error) { return c.Datasets(ctx, workspace) })
}

func (a practiceAPI) Dataset(ctx context.Context, workspace, dataset string) (powerbi.Dataset, error) {
	return ask(ctx, a, func(c *powerbi.Client) (powerbi.Dataset, error) { return c.Dataset(ctx, workspace, dataset) })
}

func (a practiceAPI) CreateDataset(ctx context.Context, workspace string, schema powerbi.DatasetSchema, keep powerbi.Retention) (powerbi.Dataset, error) {
	return ask(ctx, a, func(c *powerbi.Client) (powerbi.Dataset, error) { return c.CreateDataset(ctx, workspace, schema, keep) })
}

func (a practiceAPI) Tables(ctx context.Context, workspace, dataset string) ([]powerbi.Table, error) {
	return ask(ctx, a, func(c *powerbi.Client) ([]powerbi.Table, error) { return c.Tables(ctx, workspace, dataset) })
}

func (a practiceAPI) AddRows(ctx context.Context, workspace, dataset, table string, body []byte) (powerbi.Answer, error) {
	return ask(ctx, a, func(c *powerbi.Client) (powerbi.Answer, error) {
		return c.AddRows(ctx, workspace, dataset, table, body)
	})
}

func (a practiceAPI) DeleteRows(ctx context.Context, workspace, dataset, table string) error {
	_, err := ask(ctx, a, func(c *powerbi.Client) (struct{}, error) {
		return struct{}{}, c.DeleteRows(ctx, workspace, dataset, table)
	})
	return err
}

func (a practiceAPI) CountRows(ctx context.Context, workspace, dataset, table string) (int64, error) {
	return ask(ctx, a, func(c *powerbi.Client) (int64, error) { return c.CountRows(ctx, workspace, dataset, table) })
}

func (a practiceAPI) SampleRows(ctx context.Context, workspace, dataset, table string, n int) ([]map[string]any, error) {
	return ask(ctx, a, func(c *powerbi.Client) ([]map[string]any, error) {
		return c.SampleRows(ctx, workspace, dataset, table, n)
	})
}

func (a practiceAPI) Workspaces(ctx context.Context) ([]powerbi.Workspace, error) {
	return ask(ctx, a, func(c *powerbi.Client) ([]powerbi.Workspace, error) { return c.Workspaces(ctx) })
}

func (a practiceAPI) UpdateTable(ctx context.Context, workspace, dataset string, t powerbi.Table) error {
	_, err := ask(ctx, a, func(c *powerbi.Client) (struct{}, error) {
		return struct{}{}, c.UpdateTable(ctx, workspace, dataset, t)
	})
	return err
}

func (a practiceAPI) ReportsOn(ctx context.Context, workspace, dataset string) ([]powerbi.Report, error) {
	return ask(ctx, a, func(c *powerbi.Client) ([]powerbi.Report, error) { return c.ReportsOn(ctx, workspace, dataset) })
}

// FindRows reads rows back after a run.
func (a practiceAPI) FindRows(ctx context.Context, workspace, dataset, table string, wanted [][]powerbi.Match, most int) ([]map[string]any, error) {
	return ask(ctx, a, func(c *powerbi.Client) ([]map[string]any, error) {
		return c.FindRows(ctx, workspace, dataset, table, wanted, most)
	})
}

func (a practiceAPI) LargestValue(ctx context.Context, workspace, dataset, table, column string) (any, error) {
	return ask(ctx, a, func(c *powerbi.Client) (any, error) {
		return c.LargestValue(ctx, workspace, dataset, table, column)
	})
}

func (a practiceAPI) DistinctValues(ctx context.Context, workspace, dataset, table, column string, after any, most int) ([]any, error) {
	return ask(ctx, a, func(c *powerbi.Client) ([]any, error) {
		return c.DistinctValues(ctx, workspace, dataset, table, column, after, most)
	})
}
