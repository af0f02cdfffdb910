package command

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/storage"
	"pushdesk/ui/app"
)

// testFlags say what a test looks at.
type testFlags struct {
	options account.TestOptions
	all     bool
	find    string
	report  string
	letter  bool
	sure    bool
}

func (c *commander) connectionTest() *cobra.Command {
	var f testFlags
	cmd := &cobra.Command{
		Use:   "test NAME...",
		Short: "Test that connections sign in and may push, and say why not",
		Example: `  pushdesk connection test Sales --report sales.md
  pushdesk connection test Sales --trial
  pushdesk connection test --all --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if f.all || f.find != "" {
				return noArguments(cmd, args)
			}
			return someArguments("the connection's name")(cmd, args)
		},
		ValidArgsFunction: c.completeConnections,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := c.open()
			if err != nil {
				return err
			}
			c.unlock(cmd.Context(), d)
			for _, sentence := range d.CleanUpTrials(cmd.Context()) {
				c.say("%s", sentence)
			}
			all, err := named(d, args)
			if err != nil {
				return err
			}
			if f.all || f.find != "" {
				all = slices.DeleteFunc(d.Connections.List(), func(conn connection.Connection) bool { return !connection.Match(conn, f.find) })
			}
			switch {
			case len(all) == 0 && f.find != "":
				return usage("no connection is what %q asks for", f.find)
			case len(all) == 0:
				return usage("there are no connections to test")
			}
			if len(all) == 1 && len(args) > 0 {
				if f.options.Trial && !c.mayTry(all[0], f.sure) {
					return usage("%q is a production connection, so no trial dataset was made: say yes when asked, or give --yes", all[0].Name)
				}
				return c.testOne(cmd.Context(), d, all[0], f)
			}
			for _, flag := range []string{"workspace", "dataset", "table", "trial", "report", "letter"} {
				if cmd.Flags().Changed(flag) {
					return usage("--%s goes with one connection only", flag)
				}
			}
			return c.testMany(cmd.Context(), d, all)
		},
	}
	s := cmd.Flags()
	s.StringVar(&f.options.Workspace, "workspace", "", "workspace to test, `name or ID` (default: the connection's)")
	s.StringVar(&f.options.Dataset, "dataset", "", "push dataset to look at, `name or ID`")
	s.StringVar(&f.options.Table, "table", "", "`table` of that dataset")
	s.BoolVar(&f.options.Trial, "trial", false, "create, fill and delete a small push dataset, to prove the right to")
	s.BoolVar(&f.sure, "yes", false, "with --trial: write with a production connection without asking")
	s.StringVar(&f.report, "report", "", "write the report to a `file`: Markdown, or JSON when its name ends in .json")
	s.BoolVar(&f.letter, "letter", false, "print a message to whoever can put right what failed")
	s.BoolVar(&f.all, "all", false, "test every connection, side by side")
	s.StringVar(&f.find, "find", "", "test the connections with these `words` in them, as in list --find")
	return cmd
}

// mayTry asks before a trial dataset is made with a production connection.
func (c *commander) mayTry(conn connection.Connection, sure bool) bool {
	return !conn.Careful() || sure || c.agrees(fmt.Sprintf("Make, fill and delete a trial dataset with the production connection %q?", conn.Name))
}

func (c *commander) testOne(ctx context.Context, d *app.App, conn connection.Connection, f testFlags) error {
	report := d.Test(ctx, conn, nil, f.options, func(check doctor.Check) {
		if check.Status != doctor.Running && !c.json {
			c.printCheck(check)
		}
	})
	if f.report != "" {
		if err := writeReport(f.report, report); err != nil {
			return err
		}
	}
	letter, someone := report.Letter()
	switch {
	case c.json:
		c.printJSON(report)
	default:
		fmt.Fprintf(c.Out, "\n%s\n", report.Summary)
		for _, x := range report.Capabilities {
			fmt.Fprintf(c.Out, "  %-8s %s\n", x.Title, x.Answer)
		}
		fmt.Fprintln(c.Out, report.Retirement)
		if someone && f.letter {
			fmt.Fprintf(c.Out, "\nFor %s:\n\n%s\n\n%s", letter.To, letter.Subject, letter.Body)
		} else if someone {
			c.say("For a message to %s, add --letter.", letter.To)
		}
	}
	if !report.Ready {
		return reported(exitConnection)
	}
	return nil
}

// writeReport writes a report to a file.
func writeReport(path string, r doctor.Report) error {
	text := []byte(r.Markdown())
	if strings.EqualFold(filepath.Ext(path), ".json") {
		var err error
		if text, err = json.MarshalIndent(r, "", "  "); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	return storage.WriteFile(path, text)
}

// testMany tests connections side by side and prints one table.
func (c *commander) testMany(ctx context.Context, d *app.App, all []connection.Connection) error {
	var ids []string
	var app *connection.Connection
	several := false
	for i, conn := range all {
		ids = append(ids, conn.ID)
		if conn.Credential != connection.CredentialSecret {
			continue
		}
		if app == nil {
			app = &all[i]
		}
		several = several || conn.Cloud != app.Cloud || conn.LoginURL != app.LoginURL || !strings.EqualFold(conn.ClientID, app.ClientID)
	}
	if several && c.Getenv(SecretVariable) != "" { // it must not be sent to the hosts of other apps
		d.UseStored()
		c.say("%s holds the secret of one app, and these are several: what is stored for each is used.", SecretVariable)
	}
	reports := map[string]doctor.Report{}
	d.TestMany(ctx, ids, func(id string, r *doctor.Report) {
		if r == nil {
			return
		}
		reports[id] = *r
		if !c.json {
			c.say("%d of %d: %s: %s", len(reports), len(ids), r.Connection, r.Summary)
		}
	})
	bad := 0
	documents := []any{}
	var rows [][]string
	for _, conn := range all {
		r, done := reports[conn.ID]
		if !done || !r.Ready {
			bad++
		}
		if !done {
			continue
		}
		documents = append(documents, map[string]any{"id": conn.ID, "environment": conn.Environment, "expires": conn.Expires, "ready": r.Ready, "report": r})
		rows = append(rows, []string{conn.Name, string(conn.Environment), string(r.Verdict), r.Summary, whoMust(r), expiryWord(conn, time.Now())})
	}
	if c.json {
		c.printJSON(map[string]any{"tests": documents, "notReady": bad})
	} else {
		table(c.Out, []string{"NAME", "ENVIRONMENT", "RESULT", "WHAT IT SAYS", "WHO CAN FIX IT", "ENDS"}, rows)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if bad > 0 {
		return reported(exitConnection)
	}
	return nil
}

// whoMust is who can put right the first thing that failed, or warns.
func whoMust(r doctor.Report) string {
	for _, status := range []doctor.Status{doctor.Fail, doctor.Warn} {
		for _, check := range r.Checks {
			if check.Status == status {
				return check.Who
			}
		}
	}
	return ""
}

// printCheck prints one check: what was seen, and for one that is not well what to do,
// who can do it, and the codes and IDs for support.
func (c *commander) printCheck(check doctor.Check) {
	fmt.Fprintf(c.Out, "%-10s%s: %s\n", "["+string(check.Status)+"]", check.Title, check.Evidence)
	if check.Remedy != "" {
		c.indented(check.Remedy)
	}
	if check.Status != doctor.Fail && check.Status != doctor.Warn {
		return
	}
	if check.Who != "" && check.Remedy != "" {
		c.indented("Who can fix it: " + check.Who + ".")
	}
	c.indented(check.Details)
}

// indented prints the lines of a text below a check.
func (c *commander) indented(text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(c.Out, "          %s\n", strings.TrimRight(line, "\r\n"))
	}
}
