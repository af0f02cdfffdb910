package command

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/fresh"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/failure"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
	"pushdesk/ui/command/connections"
)

// sendOptions say what to send, where to and how.
//
// Large: a field for each flag.
type sendOptions struct {
	input  cli.Input
	source sourceFlags
	column columnFlags

	practice                              bool
	connection, workspace, dataset, table string
	create, dryRun                        bool
	retention, mode, badRows, maxLeftOut  string
	skip, limit                           int64
	oneHour, inParts, reshape             bool
	answers                               answers
	into, where                           []string
	confirm                               func(job.Draft) string // what is asked in any case; nil: nothing
	keepGoing, onlyNew                    bool
	key, sinceLast                        string
	retentionGiven                        bool
	onDrift                               string
	strict, acceptGuesses                 bool
}

func (o *sendOptions) register(cmd *cobra.Command, c *cli.Env) {
	o.source.register(cmd)
	o.column.register(cmd)
	s := cmd.Flags()
	s.BoolVar(&o.practice, "practice", false, "send to the practice service on this computer; nothing to set up")
	s.StringVar(&o.connection, "connection", "", "connection by `name`")
	s.StringVar(&o.workspace, "workspace", "", "workspace, `name or ID` (default: the connection's)")
	s.StringVar(&o.dataset, "dataset", "", "dataset, `name or ID` (default: the connection's)")
	s.StringVar(&o.table, "table", "", "table by `name` (default: that of the connection's dataset, or the dataset's only one)")
	s.BoolVar(&o.create, "create", false, "create the dataset and its table if the dataset does not exist")
	s.StringVar(&o.retention, "retention", "none", "retention `policy` of a new dataset: none keeps 5,000,000 rows, basicFIFO about the newest 200,000")
	s.StringVar(&o.mode, "mode", "append", "`mode`: append, or replace, which deletes all rows of the table first")
	policyFlag(s, &o.badRows, "")
	maxLeftOutFlag(s, &o.maxLeftOut)
	s.BoolVar(&o.dryRun, "dry-run", false, "read and check everything, show the plan, send nothing")
	s.BoolVar(&o.answers.yes, "yes", false, "send with a production connection without asking")
	s.StringVar(&o.answers.replace, "yes-replace", "", "`NAME` of the dataset whose rows a production connection may delete first, or whose columns may be dropped, without asking")
	s.StringArrayVar(&o.into, "into", nil, "`SHEET=TABLE`: send this sheet or table of the file into this table (repeat it for more tables of the same dataset)")
	s.BoolVar(&o.keepGoing, "keep-going", false, "with --into or --each: continue with the next table or file if one fails")
	s.StringVar(&o.input.Name, "name", "", "with -: the `name` of the file that standard input is, for example orders.csv")
	s.BoolVar(&o.input.Newest, "newest", false, "of the files that fit a pattern, send the one that was changed last")
	s.BoolVar(&o.input.Each, "each", false, "send each file that fits a pattern, by their names; those that were sent before are passed over")
	s.Int64Var(&o.skip, "skip", 0, "skip this many `rows` at the start")
	s.Int64Var(&o.limit, "limit", 0, "send at most this many `rows`")
	s.StringArrayVar(&o.where, "where", nil, "`CONDITION`: send only rows that meet it: a column of the file, by its header or letters, and = != < <= > >= with a value, contains with a text, is blank, or is not blank (repeatable; all must be met)")
	s.BoolVar(&o.oneHour, "one-hour", false, "stop instead of waiting when the hourly limit is reached; runs resume sends the rest")
	s.BoolVar(&o.inParts, "in-parts", false, "with --mode replace: allow the table to be incomplete while waiting for limits")
	s.BoolVar(&o.reshape, "overwrite-schema", false, "replace an existing table's columns and types with the file's; shows the changes and asks you to type the dataset's name")
	s.BoolVar(&o.answers.again, "again", false, "send the same rows to the same table once more without asking")
	s.BoolVar(&o.onlyNew, "only-new", false, "leave out the rows at the start of the file that were sent to this table before")
	s.StringVar(&o.key, "key", "", "send only rows whose value in this `column` the table does not have, for files that repeat what was sent")
	s.StringVar(&o.sinceLast, "since-last", "", "send only rows whose value in this `column`, a number or a time that grows, is above all in the table")
	o.registerTerms(cmd)
	_ = cmd.RegisterFlagCompletionFunc("connection", connections.CompleteConnections(c))
	for flag, values := range map[string][]string{"retention": {"none", "basicFIFO"}, "mode": {"append", "replace"}, "bad-rows": policyWords()} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
}

// registerTerms registers the flags that answer questions beforehand.
func (o *sendOptions) registerTerms(cmd *cobra.Command) {
	var words, does []string
	for _, c := range mapping.DriftChoices {
		words, does = append(words, string(c.OnDrift)), append(does, c.Short)
	}
	last := len(does) - 1
	s := cmd.Flags()
	s.StringVar(&o.onDrift, "on-drift", "", fmt.Sprintf("`%s`: if a column of the table gets nothing or a column of the file goes nowhere, %s; or %s (default: stop)",
		strings.Join(words, "|"), strings.Join(does[:last], "; "), does[last]))
	s.BoolVar(&o.strict, "strict", false, "send nothing while something is guessed")
	s.BoolVar(&o.acceptGuesses, "accept-guesses", false, "send although the columns or types of the table had to be guessed")
	_ = cmd.RegisterFlagCompletionFunc("on-drift", cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

// fromMapping takes the tables of a mapping file for those that are sent, where it has
// several or names the sheet, and nothing else says them.
func (o *sendOptions) fromMapping() error {
	f := o.column.file
	if f == nil || len(o.into) > 0 || o.table != "" || o.source.sheet != "" {
		return nil
	}
	if len(f.Tables) == 1 {
		o.table, o.source.sheet = f.Tables[0].Table, f.Tables[0].From
		return nil
	}
	for _, t := range f.Tables {
		if t.From == "" || t.Table == "" {
			return cli.Usage("--mapping: with several tables, each needs a name and the sheet or table of the file that it comes from")
		}
		o.into = append(o.into, t.From+"="+t.Table)
	}
	return nil
}

// terms returns what those flags decide.
func (o *sendOptions) terms(c *cli.Env) job.Terms {
	return job.Terms{OnDrift: mapping.OnDrift(strings.ToLower(o.onDrift)), Strict: o.strict, AcceptGuesses: o.acceptGuesses, Unattended: c.AskLine == nil}
}

// choices are the flags with a fixed set of values, read.
type choices struct {
	retention powerbi.Retention
	mode      plan.Mode
	policy    mapping.Policy
	leftOut   mapping.LeftOut
}

func (o *sendOptions) choices() (choices, error) {
	var c choices
	switch {
	case o.practice && o.connection != "":
		return c, cli.Usage("Give --practice or --connection, not both")
	case !o.practice && o.connection == "":
		return c, cli.Usage("Say where to send: --connection NAME, or --practice for the practice service on this computer")
	}
	switch strings.ToLower(o.retention) {
	case "none":
		c.retention = powerbi.RetentionNone
	case "basicfifo":
		c.retention = powerbi.RetentionFIFO
	default:
		return c, cli.Usage("--retention is none or basicFIFO, not %q", o.retention)
	}
	switch c.mode = plan.Mode(strings.ToLower(o.mode)); c.mode {
	case plan.ModeAppend, plan.ModeReplace:
	default:
		return c, cli.Usage("--mode is append or replace, not %q", o.mode)
	}
	if o.onDrift != "" && !mapping.OnDrift(strings.ToLower(o.onDrift)).Valid() {
		return c, cli.Usage("--on-drift is stop, warn, add or ignore, not %q", o.onDrift)
	}
	var err error
	if c.policy, c.leftOut, err = policyOf(o.badRows, o.maxLeftOut); err != nil {
		return c, err
	}
	switch {
	case o.keepGoing && len(o.into) == 0 && !o.input.Each:
		return c, cli.NoEffect("--keep-going", "without --into or --each there is only one table")
	case o.inParts && c.mode != plan.ModeReplace:
		return c, cli.NoEffect("--in-parts", "without --mode replace no rows are deleted")
	case o.answers.replace != "" && c.mode != plan.ModeReplace && !o.reshape:
		return c, cli.NoEffect("--yes-replace", "without --mode replace or --overwrite-schema nothing is lost")
	case o.onlyNew && c.mode == plan.ModeReplace:
		return c, cli.Usage("--only-new has no effect with --mode replace, which sends every row")
	case o.onlyNew && o.skip+o.limit > 0:
		return c, cli.Usage("--only-new chooses the rows itself: leave out --skip and --limit")
	case o.key != "" && o.sinceLast != "", o.onlyNew && o.key+o.sinceLast != "":
		return c, cli.Usage("Give one of --only-new, --key and --since-last: each says which rows are new")
	case o.key+o.sinceLast != "" && c.mode == plan.ModeReplace:
		return c, cli.NoEffect("--"+o.newBy().flag, "--mode replace sends every row")
	case o.onlyNew && o.answers.again:
		return c, cli.Usage("--only-new leaves out what was sent before, and --again sends it once more: give one of them")
	}
	if o.skip < 0 || o.limit < 0 {
		return c, cli.Usage("--skip and --limit are numbers of rows, zero or more")
	}
	return c, nil
}

// newBy is how --key or --since-last tells new rows, and which of them.
func (o *sendOptions) newBy() (by struct {
	fresh.By
	flag string
}) {
	by.Column, by.flag = o.key, "key"
	if o.sinceLast != "" {
		by.Column, by.Growing, by.flag = o.sinceLast, true, "since-last"
	}
	return by
}

// destination is where the flags say that rows go.
func (o *sendOptions) destination(ctx context.Context, a *app.App, reading job.Reading, chosen choices) (dest job.Destination, err error) {
	if o.practice {
		conn, err := a.PracticeConnection(ctx, false)
		if err != nil {
			return dest, err
		}
		dest = job.PracticeDestination(app.For(conn), reading)
		dest.Workspace, dest.Dataset, dest.Table = cmp.Or(o.workspace, dest.Workspace), cmp.Or(o.dataset, dest.Dataset), cmp.Or(o.table, dest.Table)
	} else {
		conn, err := a.Connections.Find(o.connection)
		if failure.HasCode(err, "connection-not-found") && strings.EqualFold(o.connection, "Practice") {
			return dest, cli.Usage("No connection is called %q. For the practice service on this computer: --practice", o.connection)
		}
		if err != nil {
			return dest, err
		}
		dest = job.Destination{Connection: app.For(conn), Workspace: o.workspace, Dataset: o.dataset, Table: o.table, Create: o.create}.Whole()
		switch {
		case dest.Dataset == "":
			return dest, cli.Usage("Name the dataset that the rows are for: --dataset, its name or ID")
		case o.create && dest.Table == "":
			return dest, cli.Usage("Name the table: with --create, --table is needed")
		}
	}
	dest.Retention, dest.Reshape = chosen.retention, o.reshape
	return dest, nil
}

// fits refuses flags that change nothing of a place.
func (o *sendOptions) fits(p job.Place, chosen choices) error {
	switch {
	case o.retentionGiven && p.Exists && chosen.retention != p.Target.Retention:
		return cli.NoEffect("--retention", fmt.Sprintf("the dataset %q exists and keeps its own retention policy, %s", p.Target.DatasetName, p.Target.Retention))
	case o.reshape && !p.Exists:
		return cli.NoEffect("--overwrite-schema", fmt.Sprintf("the dataset %q does not exist yet", p.Target.DatasetName))
	}
	return nil
}
