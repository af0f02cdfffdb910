package command

import (
	"context"
	"fmt"
	"strings"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/ui/command/cli"
)

// sentSet is the document of send --into --json.
type sentSet struct {
	Status history.Status    `json:"status"`
	Runs   []history.Receipt `json:"runs"`
	Plan   *plan.Set         `json:"plan,omitempty"`
	Tables []tableSent       `json:"tables"` // what is sent where, in their order
	DryRun bool              `json:"dryRun,omitempty"`
	Error  *cli.Problem      `json:"error,omitempty"`
}

// tableSent is one table of a set, before it is sent.
type tableSent struct {
	From     string           `json:"from"`
	Into     string           `json:"into"`
	Rows     int64            `json:"rows"`
	Columns  []sentColumn     `json:"columns"`
	Contract mapping.Contract `json:"contract"`
	Remarks  []cli.Remark     `json:"remarks,omitempty"`

	Problems []mapping.ProblemCount `json:"problemCounts,omitempty"`
}

// pair is a sheet or table of the file and the table it goes into.
type pair struct{ from, into string }

// pairs reads --into SHEET=TABLE.
func pairs(list []string) (all []pair, err error) {
	for _, text := range list {
		from, into, ok := strings.Cut(text, "=")
		if from, into = strings.TrimSpace(from), strings.TrimSpace(into); !ok || from == "" || into == "" {
			return nil, cli.Usage("--into is SHEET=TABLE, not %q", text)
		}
		all = append(all, pair{from, into})
	}
	return all, nil
}

// runSendSet reads, checks and plans every table, and sends them.
func runSendSet(ctx context.Context, c *cli.Env, path string, o sendOptions) (out sentSet, err error) {
	out.Runs, out.Tables, out.Status = []history.Receipt{}, []tableSent{}, history.StatusFailed
	list, err := pairs(o.into)
	if err != nil {
		return out, err
	}
	if o.table != "" || o.source.sheet != "" || o.source.area != "" || o.skip+o.limit > 0 || o.reshape || len(o.where) > 0 {
		return out, cli.Usage("--into replaces --sheet, --range and --table, and cannot be combined with --skip, --limit, --where or --overwrite-schema")
	}
	a, err := c.Open()
	if err != nil {
		return out, err
	}
	var set []job.Draft
	o.column.found, o.source.unused = map[string]int{}, map[string]error{}
	for _, p := range list {
		one := o
		one.source.sheet, one.table = p.from, p.into
		for _, other := range list {
			if other != p {
				one.source.together = append(one.source.together, other.from)
			}
		}
		d, err := makeDraft(ctx, c, path, one)
		if err == nil {
			defer d.Reading.Book.Close()
			d, err = checkDraft(ctx, c, a, d, one)
		}
		if err == nil {
			out.Tables = append(out.Tables, tableSent{From: p.from, Into: p.into, Rows: d.ToSend(), Columns: sentColumns(d.Mapping), Contract: d.Contract(),
				Remarks: cli.Remarks(d.Remarks()), Problems: d.Checked.Report.ProblemCounts})
			sayContract(c, d)
		}
		if bad := d.Blocked(); err == nil && !failure.HasCode(bad, "plan-blocked") { // that is a matter of the set's plan
			err = d.Reading.Blame(bad)
		}
		if err != nil {
			return out, &job.TableError{From: p.from, Into: p.into, Err: err}
		}
		set = append(set, d)
	}
	for _, unused := range []func() error{o.column.unfound, o.source.ineffective} {
		if err := unused(); err != nil {
			return out, err
		}
	}
	plan, err := a.PlanSet(ctx, set)
	if err != nil {
		return out, err
	}
	out.Plan = &plan
	c.Say("Plan: %s", plan.Summary)
	for i, p := range plan.Tables {
		for _, note := range p.Warnings {
			c.Say("  %s: %s", set[i].Place.Target.Table, note.Sentence)
		}
	}
	if err := job.SetBlocked(plan); err != nil {
		return out, err
	}
	if o.dryRun {
		out.DryRun, out.Status = true, "checked"
		return out, nil
	}
	if err := askQuestions(c, o.answers, set...); err != nil {
		return out, err
	}
	var total int64
	for _, d := range set {
		total += d.Checked.Report.Rows
	}
	on, done := c.Sending(total)
	before := make([]int64, len(set)) // rows that the tables before have sent
	out.Runs, err = a.SendSet(ctx, set, job.SetOptions{KeepGoing: o.keepGoing, Control: c.Control()}, func(table int, p push.Progress) {
		sent := p.RowsSent
		p.RowsSent += before[table]
		for i := table + 1; i < len(set); i++ {
			before[i] = before[table] + sent
		}
		on(p)
	})
	done()
	if out.Runs == nil {
		out.Runs = []history.Receipt{}
	}
	if err == nil {
		out.Status = history.StatusDone
		for _, r := range out.Runs {
			if r.Status == history.StatusPartial || r.Status == history.StatusUnproven {
				out.Status = r.Status
			}
		}
	} else if n := len(out.Runs); n > 0 {
		out.Status = out.Runs[n-1].Status
	}
	return out, err
}

// answerSet prints the document of a set and gives its exit code.
func answerSet(c *cli.Env, o sentSet, err error) error {
	code, reason := cli.ExitDone, cli.ReasonDone
	if o.DryRun {
		reason = cli.ReasonChecked
	}
	if err != nil {
		var p cli.Problem
		_, p = cli.Describe(err)
		code, reason = cli.End(err)
		o.Error = &p
	}
	for _, r := range o.Runs { // one that left rows out, then one that can be resumed, say more than the last
		if at, why := cli.RunEnd(r); at == cli.ExitStopped || (at == cli.ExitLeftOut || at == cli.ExitUnproven) && code == cli.ExitDone || reason == cli.ReasonDone {
			code, reason = at, why
		}
	}
	if c.JSON {
		c.PrintJSON(o)
	} else {
		for _, r := range o.Runs {
			if c.Quiet {
				printShort(c.Out, r)
				continue
			}
			printReceipt(c.Out, r)
			fmt.Fprintln(c.Out)
		}
		if o.DryRun {
			fmt.Fprintln(c.Out, "Checked. Nothing was sent.")
			for _, t := range o.Tables {
				fmt.Fprintf(c.Out, "\n%s into %q: %s.\n", t.From, t.Into, humanize.Count(t.Rows, "row"))
				if !c.Quiet {
					printColumns(c.Out, t.Columns)
				}
			}
		}
		if o.Error != nil && len(o.Runs) == 0 {
			o.Error.Print(c.Err)
		}
	}
	return cli.Ended(code, reason)
}
