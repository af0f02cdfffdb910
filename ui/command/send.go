package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/apply"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/words"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func sendCommand(c *cli.Env) *cobra.Command {
	var o sendOptions
	cmd := &cobra.Command{
		Use:   "send FILE|PATTERN|-",
		Short: "Send the rows of a workbook into a push dataset",
		Long: `Reads a table of an Excel workbook or CSV file, checks every value, shows how long
Power BI's limits will make it take, and sends the rows. A receipt accounts for every
row. A run that stops part-way can be resumed: pushdesk runs resume ID.

With --where only the rows that meet conditions are sent. Values are compared as they
are sent: text ignores case and leading or trailing spaces, numbers are compared as
numbers (--where 'Amount>=99.5'), dates as dates (--where 'Day<=2026-01-31' includes
all of that day). A blank cell meets only "is blank" and !=. A row whose cell cannot be
compared, such as text among numbers, is not sent, and the check says so.

A file that repeats what was sent and adds to it needs one of three flags: --only-new leaves
out rows at its start that runs on this computer have sent; --key COLUMN asks the table
which values of the column it has and sends the rows with others; --since-last COLUMN
sends the rows above the largest value in the table. Values that have changed in rows which
the table has are not sent: Power BI cannot change rows.

- reads the file from standard input. A pattern such as 'inbox/orders-*.csv', in quotes so
that the shell leaves it alone, takes the newest file that fits (--newest), or each of them
(--each), where those that were sent before are passed over.

With --practice the dataset and the table are named after the file and its sheet and
created in the practice workspace on this computer.`,
		Example: `  pushdesk send orders.xlsx --practice
  pushdesk send orders.xlsx --connection Sales --workspace Finance --dataset Orders --table Orders --create
  pushdesk send orders.xlsx --connection Sales --dataset Orders --mode replace --dry-run
  pushdesk send all-orders.xlsx --connection Sales --dataset Orders --key "Order ID"
  pushdesk send orders.xlsx --practice --where 'Region=West' --where 'Amount>=100' --where 'Note is not blank'
  pushdesk send orders.xlsx --connection Sales --dataset Orders --create --into "Sheet1=Orders" --into "Sheet2=Customers"`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.column.read(); err != nil {
				return err
			}
			if err := o.fromMapping(); err != nil {
				return err
			}
			o.retentionGiven, o.answers.flags = cmd.Flags().Changed("retention"), cmd.Flags()
			files, done, err := c.Files(cmd.Context(), args[0], o.input)
			if err != nil {
				return err
			}
			defer done()
			switch {
			case o.input.Each && len(o.into) > 0:
				return cli.Usage("--each and --into cannot be combined: send each file with one of them")
			case o.input.Each:
				return sendEach(cmd.Context(), c, files, o)
			case len(o.into) > 0:
				sent, err := runSendSet(cmd.Context(), c, files[0], o)
				return answerSet(c, sent, err)
			}
			return answerSent(c, runSend(cmd.Context(), c, files[0], o))
		},
	}
	o.register(cmd, c)
	return cmd
}

// oneFile wants one argument. Several files are what a shell makes of a pattern.
func oneFile(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		if _, err := os.Stat(args[1]); err == nil {
			return cli.Usage("Give one file, or a pattern in quotes with --newest or --each: %q is a second file.\nSee: %s --help", args[1], cmd.CommandPath())
		}
	}
	return cli.OneArgument("file")(cmd, args)
}

// sentEach is the document of send --each --json.
type sentEach struct {
	Status history.Status `json:"status"`
	Files  []sent         `json:"files"` // in their order; the last may have failed
	NotYet []string       `json:"notYet,omitempty"`
	Error  *cli.Problem   `json:"error,omitempty"`
}

// effects returns an error for a flag that has an effect on none of the files. It looks at as
// many of them as are needed to know; what else is wrong with one is said when it is sent.
func effects(ctx context.Context, c *cli.Env, files []string, o sendOptions) (err error) {
	quiet := c.Quiet
	c.Quiet = true
	defer func() { c.Quiet = quiet }()
	for _, path := range files {
		d, failed := makeDraft(ctx, c, path, o)
		if failed == nil {
			failed = d.Reading.Book.Close()
		}
		if err = errors.Join(o.column.unfound(), o.source.ineffective()); err == nil && failed == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return err
}

// sendEach sends files one after the other into the same table. One that was sent before is
// passed over; the first that fails ends it, unless it is to keep going.
func sendEach(ctx context.Context, c *cli.Env, files []string, o sendOptions) error {
	out := sentEach{Files: []sent{}, Status: history.StatusDone}
	code, reason := cli.ExitNothing, cli.ReasonNothing
	if len(files) > 1 && (o.source.given() || o.column.given()) {
		o.column.found, o.column.together, o.source.unused = map[string]int{}, true, map[string]error{}
		if err := effects(ctx, c, files, o); err != nil {
			return err
		}
	}
	keep := o
	keep.keepGoing = false
	for i, path := range files {
		c.Say("%s: file %d of %d", filepath.Base(path), i+1, len(files))
		one := runSend(ctx, c, path, keep)
		at, why := one.end()
		if one.document.File == "" { // it could not be read
			one.document.File = path
		}
		if p := one.document.Error; p != nil {
			p.Sentence = filepath.Base(path) + ": " + p.Sentence
		}
		out.Files = append(out.Files, one.document)
		if !c.JSON {
			if c.Quiet && one.document.Error == nil {
				fmt.Fprintf(c.Out, "%s: ", filepath.Base(path))
			}
			printSent(c, one.document)
		}
		if at == cli.ExitNothing {
			continue
		}
		if code == cli.ExitNothing || code == cli.ExitDone || code == cli.ExitLeftOut || code == cli.ExitUnproven {
			if at != cli.ExitDone || code == cli.ExitNothing {
				code, reason = at, why
			}
		}
		if goesOn := at == cli.ExitDone || at == cli.ExitLeftOut || at == cli.ExitUnproven; !goesOn {
			out.Status, out.Error = history.StatusFailed, one.document.Error
			if !o.keepGoing || ctx.Err() != nil {
				out.NotYet = files[i+1:]
				break
			}
		}
	}
	if c.JSON {
		c.PrintJSON(out)
	} else if n := len(out.NotYet); n > 0 {
		fmt.Fprintf(c.Out, "%s not sent yet.\n", humanize.Count(n, "file was", "files were"))
	}
	return cli.Ended(code, reason)
}

// runSend reads, checks, plans and sends one table.
func runSend(ctx context.Context, c *cli.Env, path string, o sendOptions) outcome {
	d, err := makeDraft(ctx, c, path, o)
	if err != nil {
		return outcome{err: err}
	}
	defer d.Reading.Book.Close()
	out := carryOut(ctx, c, d, o)
	if out.document.RunID == "" {
		out.err = d.Reading.Blame(out.err)
	}
	return out
}

// makeDraft makes the draft that the flags describe. Close the book of its reading.
func makeDraft(ctx context.Context, c *cli.Env, path string, o sendOptions) (d job.Draft, err error) {
	chosen, err := o.choices()
	if err != nil {
		return d, err
	}
	a, err := c.Open()
	if err != nil {
		return d, err
	}
	reading, err := readTable(ctx, c, path, o.source)
	if err != nil {
		return d, err
	}
	if err = reading.Empty(); err == nil {
		d, err = decideDraft(ctx, c, a, reading, o, chosen)
	}
	if err != nil {
		err = errors.Join(reading.Blame(err), reading.Book.Close())
	}
	return d, err
}

// decideDraft takes a reading through the steps of a draft.
func decideDraft(ctx context.Context, c *cli.Env, a *app.App, reading job.Reading, o sendOptions, chosen choices) (d job.Draft, err error) {
	if reading, err = o.column.texts(ctx, reading); err != nil {
		return d, err
	}
	dest, err := o.destination(ctx, a, reading, chosen)
	if err != nil {
		return d, err
	}
	c.Unlock(ctx, a)
	place, err := a.Locate(ctx, dest)
	if err != nil {
		return d, err
	}
	if err := o.fits(place, chosen); err != nil {
		return d, err
	}
	remarkPlace(c, place, chosen)
	terms := o.terms(c)
	block, described, err := o.column.block(place.Target.Table)
	if err != nil {
		return d, err
	}
	if described {
		place = apply.Described(place, block)
		if reading, err = apply.ReadAs(ctx, reading, block); err != nil {
			return d, err
		}
		terms.OnDrift = cmp.Or(terms.OnDrift, block.OnDrift)
	}
	mapping := job.Propose(reading, place)
	if described {
		if mapping, err = apply.Mapping(mapping, reading, place, block); err != nil {
			return d, err
		}
	}
	if mapping, err = o.column.apply(mapping, reading, place); err != nil {
		return d, err
	}
	if mapping, err = o.filter(mapping, reading); err != nil {
		return d, err
	}
	d = job.Draft{}.From(reading).To(place, chosen.mode).Map(mapping).Bad(chosen.policy).On(terms)
	if d, err = d.Extended(); err != nil {
		return d, err
	}
	d.Skip, d.Limit, d.OneHour, d.InParts, d.MaxLeftOut = o.skip, o.limit, o.oneHour, o.inParts, chosen.leftOut
	return d, nil
}

// checkDraft checks and plans a draft and shows how far it is.
func checkDraft(ctx context.Context, c *cli.Env, a *app.App, d job.Draft, o sendOptions) (job.Draft, error) {
	shown := c.NewProgress()
	defer shown.End()
	if by := o.newBy(); by.Column != "" {
		if err := o.column.on("--"+by.flag, by.Column, func() (err error) {
			if _, err = by.Field(d.Mapping); failure.HasCode(err, "key-missing") {
				return &noColumnError{"--" + by.flag, "the upload", by.Column}
			} else if err == nil {
				d, err = a.NewBy(ctx, d, by.By)
			}
			return err
		}); err != nil {
			return d, err
		}
	}
	d, err := a.Check(ctx, d, shown.Checking(d.Reading.Profile.Rows))
	if err != nil || !o.onlyNew || d.Blocked() != nil {
		return d, err
	}
	known := d.Checked.Overlap
	if d, err = a.OnlyNew(ctx, d); err != nil {
		return d, err
	}
	switch {
	case known.Rows > 0:
		c.Say("%s %s left out.", known.Sentence(), humanize.Plural(known.Rows, "It is", "They are"))
	case d.Checked.Scattered.Known > 0: // which is said and asked about
	default:
		c.Say("No rows at the start of the file are known from earlier runs: all of them are new.")
	}
	return d, nil
}

// carryOut checks, plans and sends what is decided.
func carryOut(ctx context.Context, c *cli.Env, d job.Draft, o sendOptions) (out outcome) {
	document := &out.document
	document.about(d)
	a, err := c.Open()
	if err == nil {
		d, err = checkDraft(ctx, c, a, d, o)
	}
	if err != nil {
		out.err = err
		return out
	}
	document.about(d) // as far as the rows tell
	sayContract(c, d)
	report, plan := d.Checked.Report, d.Checked.Plan
	if note := words.FilterNote(history.Receipt{Mapping: &d.Mapping, RowsRead: report.Rows, Filtered: report.RowsFiltered}); note != "" {
		c.Say("%s.", note)
	}
	document.Plan, document.Earlier, document.Filtered = &plan, d.Checked.Earlier, report.RowsFiltered
	if o := d.Checked.Overlap; o.Rows > 0 {
		document.Overlap = &o
	}
	if x := d.Checked.Scattered; x.Known > 0 {
		document.Scattered = &x
	}
	document.NewBy = d.Mapping.Past
	document.RowsTotal, document.Problems, document.ProblemCounts = report.Rows, report.Problems, report.ProblemCounts
	document.RowsRead, document.RowsNotSent = report.Rows, report.Rows
	if out.err = d.Blocked(); out.err != nil {
		if failure.HasCode(out.err, "plan-blocked") || failure.HasCode(out.err, "limits-replace") {
			printChoices(c, plan)
		}
		return out
	}
	printPlan(c, plan)
	if len(d.Checked.Shape.Notes) > 0 {
		document.Schema = &d.Checked.Shape
		c.Say("The table's columns:")
		for _, note := range d.Checked.Shape.Notes {
			c.Say("  %s", note)
		}
	}
	if o.dryRun {
		document.DryRun, document.Status = true, "checked"
		return out
	}
	if out.err = askQuestions(c, o.answers, d); out.err != nil {
		return out
	}
	if o.confirm != nil && !o.answers.yes && o.answers.replace == "" && !job.Asked(d) && !c.Agrees(o.confirm(d)+" Continue?") {
		out.err = cli.Unanswered("%s Nothing was sent: say yes when asked, or give --yes", o.confirm(d))
		return out
	}
	on, done := c.Sending(report.Rows)
	receipt, err := a.Send(ctx, d, c.Control(), on)
	done()
	if receipt.RunID != "" {
		document.Receipt, document.Remarks = receipt, cli.Remarks(receipt.Remarks)
		o.source.remember(c, d.Reading)
	} else {
		document.RowsRead, document.RowsNotSent = 0, 0
	}
	out.err = err
	return out
}
