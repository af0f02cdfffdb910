package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pushdesk/powerbi"
	"pushdesk/powerbi/alter"
	"pushdesk/storage/humanize"
)

// Target is the check that rows can be pushed into the chosen dataset.
const Target = "target"

var targetCheck = check{id: Target, group: GroupPowerBI, title: "Rows can be pushed into the dataset", limit: networkLimit, run: (*test).checkTarget}

// checkTarget looks at the dataset that rows are meant for.
func (t *test) checkTarget(ctx context.Context) finding {
	switch {
	case t.Dataset == "":
		return skip("Not checked: no dataset is chosen. One is chosen with each upload.")
	case !t.listed:
		return skip("Not checked: the datasets could not be listed.")
	}
	d, err := powerbi.FindDataset(t.datasets, t.Dataset)
	if err != nil {
		f := t.trouble(ctx, err)
		f.nothing = false
		return f
	}
	if !d.AddRowsAPIEnabled {
		return finding{status: Fail, who: "you", details: lines("Dataset ID", d.ID),
			evidence: fmt.Sprintf("“%s” was not created through the API, so rows cannot be pushed into it.", d.Name),
			remedy:   "Choose a push dataset, or let Pushdesk create one with an upload."}
	}
	tables, err := t.client.Tables(ctx, t.workspace.ID, d.ID)
	if err != nil {
		f := t.trouble(ctx, err)
		f.nothing = false
		return f
	}
	var names []string
	for _, table := range tables {
		names = append(names, table.Name)
	}
	t.target = d
	f := pass(fmt.Sprintf("“%s” takes rows; its tables: %s.", d.Name, listed10(names)))
	f.details = lines("Dataset ID", d.ID, "Retention", string(d.DefaultRetentionPolicy))
	if t.Table == "" {
		return f
	}
	table, err := powerbi.FindTable(tables, t.Table)
	if err != nil {
		missing := t.trouble(ctx, err)
		missing.nothing, missing.details = false, joined(missing.details, f.details)
		return missing
	}
	f.evidence = fmt.Sprintf("“%s” takes rows into the table “%s”.", d.Name, table.Name)
	t.compareColumns(ctx, &f, d, table)
	return f
}

// compareColumns looks whether a table still has the columns that this computer sent
// into. The service rarely tells them; a row of the table does.
func (t *test) compareColumns(ctx context.Context, f *finding, d powerbi.Dataset, table powerbi.Table) {
	now := table.Columns
	if len(now) == 0 {
		rows, err := t.client.SampleRows(ctx, t.workspace.ID, d.ID, table.Name, 1)
		if err == nil && len(rows) > 0 {
			for name := range rows[0] {
				now = append(now, powerbi.Column{Name: name})
			}
		}
	}
	slices.SortFunc(now, func(a, b powerbi.Column) int { return strings.Compare(a.Name, b.Name) })
	f.details = joined(f.details, lines("Columns", columnNames(now)))
	if t.Remembers == nil {
		return
	}
	before := t.Remembers(d.ID, table.Name)
	if len(before) == 0 || len(now) == 0 {
		return
	}
	diff := alter.Columns(before, now)
	var changes []string
	for _, c := range []struct {
		word string
		list []powerbi.Column
	}{{"gone", diff.Dropped}, {"new", diff.Added}} {
		if len(c.list) > 0 {
			changes = append(changes, c.word+": "+columnNames(c.list))
		}
	}
	for _, r := range diff.Retyped {
		if r.To != "" { // a row does not tell the type
			changes = append(changes, fmt.Sprintf("%s is %s now, not %s", r.Column, r.To.Label(), r.From.Label()))
		}
	}
	if len(changes) == 0 {
		f.evidence += fmt.Sprintf(" Its %s match what this computer last sent.", humanize.Count(len(before), "column"))
		return
	}
	f.status, f.who = Warn, "you"
	f.evidence += " Its columns have changed since this computer last sent rows: " + strings.Join(changes, "; ") + "."
	f.remedy = "Check the columns of the upload before you send, and change the table or the mapping."
	f.details = joined(f.details, lines("Columns known here", columnNames(before)))
}

func columnNames(list []powerbi.Column) string {
	var names []string
	for _, c := range list {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}
