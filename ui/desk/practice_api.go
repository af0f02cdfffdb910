package desk

import (
	"context"

	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/push"
)

// api gives what a run needs of the service. The practice service may end with
// the program that runs it while this one still sends: each call then finds the
// one that takes its place, on the same data, where the run goes on.
func (d *Desk) api(ctx context.Context, c connection.Connection) (push.API, error) {
	client, err := d.Client(ctx, c)
	if err != nil || c.Cloud != connection.CloudPractice {
		return client, err
	}
	return practiceAPI{d, c}, nil
}

type practiceAPI struct {
	desk       *Desk
	connection connection.Connection
}

// ask calls the practice service that runs now.
func ask[T any](ctx context.Context, a practiceAPI, call func(*powerbi.Client) (T, error)) (T, error) {
	client, err := a.desk.Client(ctx, a.connection)
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

// FindRows reads rows back after a run.
func (a practiceAPI) FindRows(ctx context.Context, workspace, dataset, table string, wanted [][]powerbi.Match, most int) ([]map[string]any, error) {
	return ask(ctx, a, func(c *powerbi.Client) ([]map[string]any, error) {
		return c.FindRows(ctx, workspace, dataset, table, wanted, most)
	})
}
