package command

import (
	"fmt"
	"io"
	"pushdesk/powerbi/push/words"
	"time"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
	"pushdesk/ui/command/cli"
)

// shownProblems is how many kinds of problems are printed; --json has them all. The window
// shows fewer (ui/window/upload/check.go).
const shownProblems = 20

// sayContract says how the columns of the file stand to those of the table, and what is
// guessed, changed or left out, before anything is sent.
func sayContract(c *cli.Env, d job.Draft) {
	c.Say("Columns: %s", d.Contract().Summary())
	if !c.JSONErrors && !c.Quiet {
		cli.PrintRemarks(c.Err, cli.Remarks(d.Remarks()))
	}
}

func printPlan(c *cli.Env, p plan.Plan) {
	c.Say("Plan: %s", p.Summary)
	for _, note := range p.Warnings {
		c.Say("  %s", note.Sentence)
	}
	printChoices(c, p)
}

// printChoices offers other ways, with the flags that choose them.
func printChoices(c *cli.Env, p plan.Plan) {
	if len(p.Choices) > 0 {
		c.Say("Other ways, with flags of pushdesk send:")
	}
	for _, choice := range p.Choices {
		c.Say("  %s%s", choice.Sentence, choiceFlag(choice))
	}
}

// choiceFlag is the flag that makes a choice.
func choiceFlag(p plan.Choice) string {
	switch p.Kind {
	case plan.ChoiceOneHour:
		return " (--one-hour)"
	case plan.ChoiceNewest:
		return fmt.Sprintf(" (--skip %d)", p.Skip)
	case plan.ChoiceFits:
		return fmt.Sprintf(" (--limit %d)", p.Limit)
	case plan.ChoiceRetention:
		return fmt.Sprintf(" (--retention %s)", p.Retention)
	case plan.ChoiceReplace:
		return " (--mode replace)"
	case plan.ChoiceDataset:
		return " (--dataset)"
	case plan.ChoiceParts:
		return " (--in-parts)"
	case plan.ChoiceNew:
		return " (--only-new)"
	case plan.ChoiceFilter:
		return " (--where)"
	}
	return ""
}

// printSent says how a send ended, for a person.
func printSent(c *cli.Env, s sent) {
	switch {
	case s.DryRun:
		fmt.Fprintf(c.Out, "Checked. Nothing was sent to %q of the dataset %q in %q.\n", s.Table, s.Dataset, s.Workspace)
		if !c.Quiet {
			printColumns(c.Out, s.Columns)
		}
		printProblems(c.Out, s.Receipt)
	case s.RunID != "" && c.Quiet:
		printShort(c.Out, s.Receipt)
	case s.RunID != "":
		printReceipt(c.Out, s.Receipt)
	default:
		printProblems(c.Err, s.Receipt)
		s.Error.Print(c.Err)
	}
}

func printColumns(w io.Writer, columns []sentColumn) {
	fmt.Fprintln(w)
	var rows [][]string
	for _, column := range columns {
		rows = append(rows, []string{column.Letter, column.From, column.Name, column.Type})
	}
	cli.Table(w, []string{"", "FROM", "COLUMN", "TYPE"}, rows)
}

// printProblems prints each kind of problem of each column once, with how many values
// have it and where the first are, so that many of one kind hide no other.
func printProblems(w io.Writer, r history.Receipt) {
	if len(r.ProblemCounts) == 0 {
		return
	}
	fmt.Fprintln(w)
	var rows [][]string
	for _, g := range r.ProblemCounts[:min(len(r.ProblemCounts), shownProblems)] {
		rows = append(rows, []string{humanize.Number(g.Count), g.Column, g.Rule + ".", g.Where(), text.Shorten(g.First.Value, 30), g.Advice})
	}
	cli.Table(w, []string{"VALUES", "COLUMN", "PROBLEM", "CELLS", "FIRST", "WHAT TO DO"}, rows)
	cli.SayCut(w, rows, "--json has more of them")
	if more := len(r.ProblemCounts) - len(rows); more > 0 {
		fmt.Fprintf(w, "… and %s more.\n", humanize.Count(more, "kind of problem", "kinds of problems"))
	}
	fmt.Fprintln(w)
}

// printReceipt prints the account of a run.
func printReceipt(w io.Writer, r history.Receipt) {
	printProblems(w, r)
	printOutcome(w, r)
	var pairs []string
	for _, t := range words.Totals(r) {
		pairs = append(pairs, t.Name, t.Value())
	}
	for _, f := range words.Facts(r) {
		pairs = append(pairs, f.Name, f.Value)
	}
	cli.Facts(w, pairs...)
	if r.Status != history.StatusRunning {
		cli.PrintRemarks(w, cli.Remarks(r.Remarks))
	}
	printReasons(w, r)
}

// printShort prints how a run ended in a few lines.
func printShort(w io.Writer, r history.Receipt) {
	printOutcome(w, r)
	printReasons(w, r)
}

// printOutcome prints in a line how a run ended.
func printOutcome(w io.Writer, r history.Receipt) {
	where := fmt.Sprintf("%q of the dataset %q in %q", r.Table, r.Dataset, r.Workspace)
	switch r.Status {
	case history.StatusDone:
		fmt.Fprintf(w, "Done: %s sent to %s.\n", humanize.Count(r.RowsSent, "row"), where)
	case history.StatusUnproven:
		fmt.Fprintf(w, "Sent, but not proven: %s sent to %s; of %s it is not proven that the table holds them once.\n", humanize.Count(r.RowsSent, "row"), where, humanize.Number(r.RowsUnproven))
		if left := words.LeftOut(r); left != "" {
			fmt.Fprintln(w, left)
		}
	case history.StatusPartial:
		fmt.Fprintf(w, "Partial: %s sent to %s. %s\n", humanize.Count(r.RowsSent, "row"), where, words.LeftOut(r))
		fmt.Fprintf(w, "To correct the rows that were left out: pushdesk runs rejects %s\n", r.RunID)
	case history.StatusUndone:
		fmt.Fprintf(w, "Undone: %s had been sent to %s.\n", humanize.Count(r.RowsSent, "row"), where)
	case history.StatusRunning:
		fmt.Fprintf(w, "Running: %s sent to %s so far.\n", humanize.Count(r.RowsSent, "row"), where)
		if r.Waiting != nil {
			fmt.Fprintf(w, "Waiting until %s: %s.\n", humanize.Time(r.Waiting.Until, time.Now()), r.Waiting.Why)
		}
	case history.StatusFailed:
		fmt.Fprintf(w, "Failed: %s sent to %s.\n", humanize.Count(r.RowsSent, "row"), where)
	case history.StatusUnknown:
		fmt.Fprintf(w, "Unknown: %s sent to %s; we don't know whether %s were saved.\n", humanize.Count(r.RowsSent, "row"), where, humanize.Count(r.RowsUnknown, "more row", "more rows"))
	default:
		fmt.Fprintf(w, "Stopped: %s sent to %s.\n", humanize.Count(r.RowsSent, "row"), where)
	}
}

// printReasons prints what is not proven, why a run ended, and how it goes on.
func printReasons(w io.Writer, r history.Receipt) {
	if len(r.Unproven) > 0 {
		fmt.Fprintln(w, "\nNot proven:")
		for _, s := range r.Unproven {
			fmt.Fprintln(w, "  "+s)
		}
	}
	if !r.Undone.IsZero() {
		fmt.Fprintf(w, "\n%s\n", words.Outcome(r))
	}
	if r.Reason != "" {
		fmt.Fprintf(w, "\n%s\n", r.Reason)
		if remedy := cli.WithHint(r.Remedy, r.Code); remedy != "" {
			fmt.Fprintln(w, remedy)
		}
		if r.Who != "" && r.Who != "you" {
			fmt.Fprintf(w, "Who can fix it: %s.\n", r.Who)
		}
		if r.Details != "" {
			fmt.Fprintf(w, "\n%s\n", r.Details)
		}
	}
	if r.Resumable {
		fmt.Fprintf(w, "\nTo send the rest: pushdesk runs resume %s\n", r.RunID)
		if r.RowsUnknown > 0 {
			fmt.Fprintf(w, "To answer for the unknown batches, one by one: pushdesk runs resolve %s\nOr for all of them: add --unknown stored or --unknown resend.\n", r.RunID)
		}
		if r.Deleted {
			fmt.Fprintf(w, "To go back to the rows that were there before: pushdesk runs undo %s\n", r.RunID)
		}
	}
}
