package command

import (
	"fmt"
	"io"
	"time"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/plan"
	"pushdesk/powerbi/push/words"
)

// shownProblems is how many problems are printed; --json has them all.
const shownProblems = 20

func (c *commander) printPlan(p plan.Plan) {
	c.say("Plan: %s", p.Summary)
	for _, note := range p.Warnings {
		c.say("  %s", note.Sentence)
	}
	c.printChoices(p)
}

// printChoices offers other ways, with the flags that take them.
func (c *commander) printChoices(p plan.Plan) {
	if len(p.Choices) > 0 {
		c.say("Other ways:")
	}
	for _, choice := range p.Choices {
		c.say("  %s%s", choice.Sentence, choiceFlag(choice))
	}
}

// choiceFlag is the flag that takes a choice.
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
	case plan.ChoiceFilter:
		return " (--where)"
	}
	return ""
}

// printSent says how a send ended, for a person.
func (c *commander) printSent(s sent) {
	switch {
	case s.DryRun:
		fmt.Fprintf(c.Out, "Checked. Nothing was sent to %q of the dataset %q in %q.\n", s.Table, s.Dataset, s.Workspace)
		printColumns(c.Out, s.Columns)
		printProblems(c.Out, s.Receipt)
	case s.RunID != "":
		printReceipt(c.Out, s.Receipt)
	default:
		printProblems(c.Err, s.Receipt)
		s.Error.print(c.Err)
	}
}

func printColumns(w io.Writer, columns []sentColumn) {
	fmt.Fprintln(w)
	var rows [][]string
	for _, column := range columns {
		rows = append(rows, []string{column.Letter, column.From, column.Name, column.Type})
	}
	table(w, []string{"", "FROM", "COLUMN", "TYPE"}, rows)
}

func printProblems(w io.Writer, r history.Receipt) {
	if len(r.Problems) == 0 {
		return
	}
	fmt.Fprintln(w)
	var rows [][]string
	for _, p := range r.Problems[:min(len(r.Problems), shownProblems)] {
		rows = append(rows, []string{p.Address, p.Column, clip(p.Value, 30), p.Rule + ".", p.Advice})
	}
	table(w, []string{"CELL", "COLUMN", "VALUE", "PROBLEM", "WHAT TO DO"}, rows)
	var all int64
	for _, column := range r.ByColumn {
		all += column.Count
	}
	if all > int64(len(rows)) {
		fmt.Fprintf(w, "... and %s more.\n", count(all-int64(len(rows))))
	}
	fmt.Fprintln(w)
}

func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// printReceipt prints the account of a run.
func printReceipt(w io.Writer, r history.Receipt) {
	printProblems(w, r)
	where := fmt.Sprintf("%q of the dataset %q in %q", r.Table, r.Dataset, r.Workspace)
	switch r.Status {
	case history.StatusDone:
		fmt.Fprintf(w, "Done: %s sent to %s.\n", plural(r.RowsSent, "row", "rows"), where)
	case history.StatusRunning:
		fmt.Fprintf(w, "Running: %s sent to %s so far.\n", plural(r.RowsSent, "row", "rows"), where)
		if r.Waiting != nil {
			fmt.Fprintf(w, "Waiting until %s: %s.\n", r.Waiting.Until.Local().Format(time.TimeOnly), r.Waiting.Why)
		}
	default:
		fmt.Fprintf(w, "Not finished: %s sent to %s.\n", plural(r.RowsSent, "row", "rows"), where)
	}
	confirmed := count(r.RowsConfirmed)
	if r.ConfirmedBy != "" {
		confirmed += " by the table's " + r.ConfirmedBy
	} else if r.Unconfirmed != nil {
		confirmed += ": " + words.Unconfirmed(r)
	}
	pairs := []string{"Read", count(r.RowsRead), "Sent", count(r.RowsSent), "Confirmed", confirmed,
		"Left out", count(r.RowsRejected), "Not certain", count(r.RowsUnknown), "Not sent", count(r.RowsNotSent),
		"Read back", words.ReadBack(r),
		"Requests", fmt.Sprintf("%s, %s of them repeats", count(r.Requests), count(r.Retries)),
		"Took", (time.Duration(r.DurationMs) * time.Millisecond).Round(time.Millisecond).String(), "By", r.By, "Connection", r.Connection,
		"File", r.File, "Conditions", words.FilterNote(r), "Hash", r.FileHash, "Run", r.RunID}
	facts(w, pairs...)
	if len(r.Unproven) > 0 {
		fmt.Fprintln(w, "\nNot proven:")
		for _, s := range r.Unproven {
			fmt.Fprintln(w, "  "+s)
		}
	}
	if !r.Undone.IsZero() {
		fmt.Fprintf(w, "\nThe run was undone on %s: its rows are not in the table any more.\n", r.Undone.Local().Format("2006-01-02 15:04"))
	}
	if r.Reason != "" {
		fmt.Fprintf(w, "\n%s\n", r.Reason)
		if r.Remedy != "" {
			fmt.Fprintln(w, r.Remedy)
		}
		if r.Who != "" && r.Who != "you" {
			fmt.Fprintf(w, "Who can fix it: %s.\n", r.Who)
		}
		if r.Details != "" {
			fmt.Fprintf(w, "\n%s\n", r.Details)
		}
	}
	if r.Resumable {
		fmt.Fprintf(w, "\nSend the rest with: pushdesk runs resume %s\n", r.RunID)
		if r.Deleted {
			fmt.Fprintf(w, "Or go back to the rows that were there before: pushdesk runs undo %s\n", r.RunID)
		}
	}
}
