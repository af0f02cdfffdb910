package command

import (
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/fresh"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/failure"
	"pushdesk/ui/command/cli"
)

// sent is the document of send --json: the receipt, what was planned, and what
// went wrong. It has the same shape when nothing could be begun.
type sent struct {
	history.Receipt
	DryRun  bool         `json:"dryRun,omitempty"`
	Plan    *plan.Plan   `json:"plan,omitempty"`
	Columns []sentColumn `json:"columns,omitempty"`
	Remarks []cli.Remark `json:"remarks,omitempty"` // with what to type
	Error   *cli.Problem `json:"error,omitempty"`

	Schema  *schema.Alteration `json:"schema,omitempty"`     // what --overwrite-schema changes
	Earlier []history.Receipt  `json:"sentBefore,omitempty"` // runs that have sent the same rows in the same way
	Overlap *fresh.Overlap     `json:"overlap,omitempty"`    // rows at the beginning that were sent before

	Scattered *fresh.Scattered `json:"scattered,omitempty"` // rows elsewhere that were sent before
	NewBy     *mapping.Past    `json:"newBy,omitempty"`     // rows that the table holds already, by a column
}

// about says what is to be sent, before it is.
func (s *sent) about(d job.Draft) {
	contract := d.Contract()
	s.Receipt, s.Columns, s.Remarks = begin(d), sentColumns(d.Mapping), cli.Remarks(d.Remarks())
	s.Contract = &contract
}

// sentColumn is a column of the target and where its values come from.
type sentColumn struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	From   string `json:"from,omitempty"`   // the header in the file; "" = nothing, blank is sent
	Letter string `json:"letter,omitempty"` // of the sheet
}

// outcome is how far a send came.
type outcome struct {
	document sent
	err      error
}

// answerSent prints the one document of a send and gives its exit code.
func answerSent(c *cli.Env, o outcome) error {
	code, reason := o.end()
	if c.JSON {
		c.PrintJSON(o.document)
	} else {
		printSent(c, o.document)
	}
	return cli.Ended(code, reason)
}

// end completes the document of a send and returns how it ended.
func (o *outcome) end() (code int, reason string) {
	r := &o.document.Receipt
	if r.Problems == nil {
		r.Problems = []mapping.Problem{}
	}
	code, reason = cli.ExitDone, cli.ReasonDone
	if o.document.DryRun {
		reason = cli.ReasonChecked
	}
	if o.err != nil {
		_, p := cli.Describe(o.err)
		o.document.Error = &p
		code, reason = cli.End(o.err)
		if r.Status == "" || r.RunID == "" {
			r.Status, r.Kind, r.Code = history.StatusFailed, failure.Kind(p.Kind), p.Code
			r.Reason, r.Remedy, r.Who, r.Details = p.Sentence, p.Remedy, p.Who, p.Details
		}
	}
	if at, why := cli.RunEnd(*r); r.RunID != "" && (o.err == nil || at != cli.ExitDone) {
		code, reason = at, why
	}
	return code, reason
}

// begin is the receipt of a run that was not begun.
func begin(d job.Draft) history.Receipt {
	t, source := d.Place.Target, d.Reading.Layout.Source
	return history.Receipt{
		Workspace: t.WorkspaceName, WorkspaceID: t.WorkspaceID, Dataset: t.DatasetName, DatasetID: t.DatasetID, Table: t.Table,
		Retention: t.Retention, Origin: history.Origin{Mode: d.Mode, Policy: d.Policy, File: d.Reading.Book.Path(), Sheet: source.Sheet},
	}
}

func sentColumns(m mapping.Mapping) (list []sentColumn) {
	for _, f := range m.Used() {
		list = append(list, sentColumn{Name: f.Target.Name, Type: string(f.Target.DataType), From: f.Header, Letter: f.Letter})
	}
	return list
}

// remarkPlace says what a person may not expect of the destination.
func remarkPlace(c *cli.Env, p job.Place, chosen choices) {
	t := p.Target
	if !p.Exists {
		c.Say("The dataset %q with the table %q will be created in %q.", t.DatasetName, t.Table, t.WorkspaceName)
		return
	}
}
