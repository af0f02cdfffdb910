package job

import (
	"context"

	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/schema"
)

// planReshape works out what an upload changes of the columns of its table, and finds
// what depends on it. It changes nothing.
func (j *Jobs) planReshape(ctx context.Context, d Draft) (schema.Alteration, error) {
	c, t := d.Place.Destination.Connection, d.Place.Target
	api, err := j.Connector.API(ctx, c.ID)
	if err != nil {
		return schema.Alteration{}, err
	}
	is, err := schema.Define(ctx, api, j.Known, c.Service, t, d.Place.Learned, nil)
	if err != nil {
		return schema.Alteration{}, err
	}
	// Where only what is new is added, everything else stays.
	change := alter.Reshape(is, d.Mapping.Schema().Columns, !d.Reshape)
	return schema.Plan(ctx, api, t, is, change, d.Mode != plan.ModeReplace)
}

// reshape gives the table of an upload the columns of its mapping, as it was planned.
func (j *Jobs) reshape(ctx context.Context, d Draft) (err error) {
	var x schema.Alteration
	if d.Checked != nil {
		x = d.Checked.Shape
	} else if x, err = j.planReshape(ctx, d); err != nil {
		return err
	}
	if x.Diff.Empty() && d.Place.Unlearned == nil {
		return nil
	}
	c := d.Place.Destination.Connection
	api, err := j.Connector.API(ctx, c.ID)
	if err != nil {
		return err
	}
	return x.Carry(ctx, api, j.Known, c.Service, d.Place.Target)
}
