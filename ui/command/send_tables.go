package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/ui/app"
)

// sentSet is the document of send --into --json.
type sentSet struct {
	Status history.Status    `json:"status"`
	Runs   []history.Receipt `json:"runs"`
	Plan   *plan.Set         `json:"plan,omitempty"`
	DryRun bool              `json:"dryRun,omitempty"`
	Error  *problem          `json:"error,omitempty"`
}

// pair is a sheet or table of the file and the table it goes into.
type pair struct{ from, into string }

// pairs reads --into SHEET=TABLE.
func pairs(list []string) (all []pair, err error) {
	for _, text := range list {
		from, into, ok := strings.Cut(text, "=")
		if from, into = strings.TrimSpace(from), strings.TrimSpace(into); !ok || from == "" || into == "" {
			return nil, usage("--into is SHEET=TABLE, not %q", text)
		}
		all = append(all, pair{from, into})
	}
	return all, nil
}

// runSendSet reads, checks and plans every table, and sends them.
func (c *commander) runSendSet(ctx context.Context, path string, f sendFlags) (o sentSet, err error) {
	o.Runs, o.Status = []history.Receipt{}, history.StatusFailed
	chosen, err := f.choices()
	if err != nil {
		return o, err
	}
	list, err := pairs(f.into)
	if err != nil {
		return o, err
	}
	if f.table != "" || f.source.sheet != "" || f.source.area != "" || f.skip+f.limit > 0 || f.reshape || len(f.where) > 0 {
		return o, usage("--into stands in place of --sheet, --range and --table, and cannot be joined with --skip, --limit, --where or --overwrite-schema")
	}
	d, err := c.open()
	if err != nil {
		return o, err
	}
	c.unlock(ctx, d)
	var set []job.Upload
	var reports []mapping.CheckReport
	for _, p := range list {
		one := f
		one.source.sheet, one.table = p.from, p.into
		u, report, err := c.readOne(ctx, d, path, one, chosen)
		if err != nil {
			return o, err
		}
		defer u.Reading.Book.Close()
		set, reports = append(set, u), append(reports, report)
	}
	plan, err := d.PlanSet(set, reports, time.Now())
	if err != nil {
		return o, err
	}
	o.Plan = &plan
	c.say("Plan: %s", plan.Summary)
	for i, p := range plan.Tables {
		for _, note := range p.Warnings {
			c.say("  %s: %s", set[i].Place.Target.Table, note.Sentence)
		}
	}
	if plan.Blocker != nil {
		return o, blockedFailure(*plan.Blocker)
	}
	if f.dryRun {
		o.DryRun, o.Status = true, "checked"
		return o, nil
	}
	if err := c.mayWriteSet(ctx, d, set, f); err != nil {
		return o, err
	}
	shown := c.newProgress()
	told := -1
	var each func(push.Progress)
	o.Runs, err = d.SendSet(ctx, set, f.keepGoing, func(table int, p push.Progress) {
		if table != told {
			told, each = table, shown.sending(set[table].Rows)
		}
		each(p)
	})
	shown.end()
	if o.Runs == nil {
		o.Runs = []history.Receipt{}
	}
	if err == nil {
		o.Status = history.StatusDone
	} else if n := len(o.Runs); n > 0 {
		o.Status = o.Runs[n-1].Status
	}
	return o, err
}

// readOne reads and checks one table of a set.
func (c *commander) readOne(ctx context.Context, d *app.App, path string, f sendFlags, chosen choices) (job.Upload, mapping.CheckReport, error) {
	reading, err := c.read(ctx, path, f.source)
	if err != nil {
		return job.Upload{}, mapping.CheckReport{}, err
	}
	u, report, err := c.checkOne(ctx, d, reading, f, chosen)
	if err != nil {
		reading.Book.Close()
		return u, report, fmt.Errorf("%s into %s: %w", f.source.sheet, f.table, err)
	}
	return u, report, nil
}

func (c *commander) checkOne(ctx context.Context, d *app.App, reading job.Reading, f sendFlags, chosen choices) (u job.Upload, report mapping.CheckReport, err error) {
	dest, err := c.destination(ctx, d, reading, f)
	if err != nil {
		return u, report, err
	}
	dest.Retention = chosen.retention
	place, err := d.Locate(ctx, dest)
	if err != nil {
		return u, report, err
	}
	c.remark(place, chosen)
	u = job.Upload{Reading: reading, Place: place, Mapping: job.Propose(reading, place), Policy: chosen.policy, Mode: chosen.mode, InParts: f.inParts}
	shown := c.newProgress()
	report, err = job.Check(ctx, u, shown.checking(reading.Profile.Rows))
	shown.end()
	if err != nil {
		return u, report, err
	}
	u.Rows = report.Rows
	if report.Errors() > 0 && u.Policy == mapping.PolicyStop {
		return u, report, problemsFailure(report)
	}
	return u, report, nil
}

// mayWriteSet asks what has to be asked, once for all tables.
func (c *commander) mayWriteSet(ctx context.Context, d *app.App, set []job.Upload, f sendFlags) error {
	for _, u := range set {
		earlier, err := d.Earlier(ctx, u)
		if err != nil {
			return err
		}
		if err := c.mayRepeat(u, earlier, f); err != nil {
			return err
		}
	}
	all := set[0]
	for _, u := range set[1:] {
		all.Rows += u.Rows
	}
	return c.mayWrite(all, job.Reshaping{}, f)
}

// answeredSet prints the document of a set and gives its exit code.
func (c *commander) answeredSet(o sentSet, err error) error {
	code := exitDone
	if err != nil {
		var p problem
		code, p = describe(err)
		o.Error = &p
	}
	for _, r := range o.Runs {
		if r.Resumable {
			code = exitStopped
		}
	}
	if c.json {
		c.printJSON(o)
	} else {
		for _, r := range o.Runs {
			printReceipt(c.Out, r)
			fmt.Fprintln(c.Out)
		}
		if o.DryRun {
			fmt.Fprintln(c.Out, "Checked. Nothing was sent.")
		}
		if o.Error != nil && len(o.Runs) == 0 {
			o.Error.print(c.Err)
		}
	}
	if code == exitDone {
		return nil
	}
	return reported(code)
}
