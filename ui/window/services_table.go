package window

import (
	"context"

	"pushdesk/powerbi/alter"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/tables"
	"pushdesk/powerbi/push"
)

// LookTable looks a table up; definition is the path of a file that says what it is.
func (d *services) LookTable(ctx context.Context, dest job.Destination, definition string) (tables.Table, error) {
	return tables.Look(ctx, d.Jobs, dest, definition)
}

// PlanTable works out a change of a table.
func (d *services) PlanTable(ctx context.Context, t tables.Table, edits []alter.Edit, rebuild bool) (tables.Change, error) {
	return tables.Plan(ctx, d.Jobs, t, edits, rebuild)
}

// ChangeTable carries a change out.
func (d *services) ChangeTable(ctx context.Context, c tables.Change, on func(push.Progress)) (tables.Done, error) {
	return tables.Carry(ctx, d.Jobs, c, job.Control{}, on)
}
