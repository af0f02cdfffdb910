package connections

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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
	"pushdesk/ui/command/cli"
)

// testOptions say which connections are tested, and what is looked at.
type testOptions struct {
	account.TestOptions
	practice bool
	all      bool
	find     string
	report   string
	letter   bool
	yes      bool
	forOne   string // a flag that was given and works with one connection only
}

func connectionTest(c *cli.Env) *cobra.Command {
	var o testOptions
	cmd := &cobra.Command{
		Use:   "test NAME...",
		Short: "Test that connections sign in and may push, and say why not",
		Example: `  pushdesk connection test Sales --report sales.md
  pushdesk connection test Sales --trial
  pushdesk connection test --all --json
  pushdesk connection test --practice`,
		Args: func(cmd *cobra.Command, args []string) error {
			if o.all || o.find != "" || o.practice {
				return cli.NoArguments(cmd, args)
			}
			return cli.SomeArguments("connection")(cmd, args)
		},
		ValidArgsFunction: CompleteConnections(c),
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, args []string) error {
		for _, flag := range []string{"workspace", "dataset", "table", "trial", "report", "letter"} {
			if cmd.Flags().Changed(flag) {
				o.forOne = flag
			}
		}
		return runConnectionTest(ctx, c, a, args, o)
	})
	s := cmd.Flags()
	s.StringVar(&o.Workspace, "workspace", "", "workspace to test, `name or ID` (default: the connection's)")
	s.StringVar(&o.Dataset, "dataset", "", "push dataset to look at, `name or ID`")
	s.StringVar(&o.Table, "table", "", "`table` of that dataset")
	s.BoolVar(&o.Trial, "trial", false, "create, fill and delete a small push dataset, to prove that it is allowed")
	s.BoolVar(&o.yes, "yes", false, "with --trial: write with a production connection without asking")
	s.StringVar(&o.report, "report", "", "write the report to a `file`: Markdown, or JSON when its name ends in .json")
	s.BoolVar(&o.letter, "letter", false, "print a message you can send to the person who can fix it")
	s.BoolVar(&o.all, "all", false, "test every connection, side by side")
	s.BoolVar(&o.practice, "practice", false, "test the practice service on this computer; nothing to set up")
	s.StringVar(&o.find, "find", "", "test the connections that match these `words`, as in list --find")
	return cmd
}

func runConnectionTest(ctx context.Context, c *cli.Env, a *app.App, args []string, o testOptions) error {
	c.Unlock(ctx, a)
	for _, sentence := range a.CleanUpTrials(ctx) {
		c.Say("%s", sentence)
	}
	if o.practice && (o.all || o.find != "") {
		return cli.Usage("Give one of --practice, --all and --find: each says which connections are tested")
	}
	if o.practice {
		args = []string{"Practice"}
	}
	var all []connection.Connection
	var err error
	if len(args) == 1 {
		all = make([]connection.Connection, 1)
		if o.practice {
			all[0], err = a.PracticeConnection(ctx, false)
		} else {
			all[0], err = found(ctx, a, args[0])
		}
	} else {
		all, err = named(a, args)
	}
	if err != nil {
		return err
	}
	if len(args) == 0 {
		all = slices.DeleteFunc(a.Connections.List(), func(conn connection.Connection) bool { return !connection.Match(conn, o.find) })
	}
	switch {
	case len(all) == 0 && o.find != "":
		return cli.Usage("No connections match %q.", o.find)
	case len(all) == 0:
		return cli.Usage("There are no connections to test.")
	case len(args) > 0 && len(all) == 1: // the same may be named twice
	case o.forOne != "":
		return cli.Usage("--%s works with one connection only", o.forOne)
	default:
		return testMany(ctx, c, a, all)
	}
	conn := all[0]
	switch {
	case o.Table != "" && o.Dataset == "":
		return cli.NoEffect("--table", "without --dataset it is not known whose table it is")
	case o.yes && !o.Trial:
		return cli.NoEffect("--yes", "only --trial asks")
	}
	if o.Trial && conn.Careful() && !o.yes && !c.Agrees(fmt.Sprintf("Create, fill and delete a trial dataset with the production connection %q?", conn.Name)) {
		return cli.Unanswered("%q is a production connection, so no trial dataset was created: say yes when asked, or give --yes", conn.Name)
	}
	return testOne(ctx, c, a, conn, o)
}

func testOne(ctx context.Context, c *cli.Env, d *app.App, conn connection.Connection, o testOptions) error {
	report := d.Test(ctx, conn, nil, o.TestOptions, func(check doctor.Check) {
		if check.Status != doctor.Running && !c.JSON {
			printCheck(c, check)
		}
	})
	if o.report != "" {
		if err := writeReport(o.report, report); err != nil {
			return err
		}
	}
	letter, someone := report.Letter()
	_ = c.Answer(report, func(w io.Writer) {
		fmt.Fprintf(w, "\n%s\n", report.Summary)
		for _, x := range report.Capabilities {
			fmt.Fprintf(w, "  %-8s %s\n", x.Title, x.Answer)
		}
		fmt.Fprintln(w, report.Retirement)
		if someone && o.letter {
			fmt.Fprintf(w, "\nFor %s:\n\n%s\n\n%s", letter.To, letter.Subject, letter.Body)
		} else if someone {
			c.Say("For a message to %s, add --letter.", letter.To)
		}
		if someone && conn.Cloud != connection.CloudPractice {
			c.Say("All that an administrator does for an app: pushdesk help entra --connection %q", conn.Name)
		}
	})
	if o.letter && !someone {
		c.Say("There is no letter to send: the test found nothing that another person has to fix.")
	}
	if report.Unproven && !o.Trial {
		c.Say("To prove that rows can be pushed: pushdesk connection test %q --trial", conn.Name)
	}
	if !report.Ready {
		return cli.Reported(cli.ExitConnection)
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
	return storage.Export(path, text)
}

// testMany tests connections side by side and prints one table.
func testMany(ctx context.Context, c *cli.Env, d *app.App, all []connection.Connection) error {
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
	if several && c.Getenv(cli.SecretVariable) != "" { // it must not be sent to the hosts of other apps
		d.UseStored()
		c.Say("%s holds the secret of one app, but these connections use several: the stored secret of each is used.", cli.SecretVariable)
	}
	reports := map[string]doctor.Report{}
	d.TestMany(ctx, ids, func(id string, r *doctor.Report) {
		if r == nil {
			return
		}
		reports[id] = *r
		if !c.JSON {
			c.Say("%d of %d: %s: %s", len(reports), len(ids), r.Connection, r.Summary)
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
	_ = c.Answer(map[string]any{"tests": documents, "notReady": bad}, func(w io.Writer) {
		cli.Table(w, []string{"NAME", "ENVIRONMENT", "RESULT", "SUMMARY", "WHO CAN FIX IT", "EXPIRES"}, rows)
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if bad > 0 {
		return cli.Reported(cli.ExitConnection)
	}
	return nil
}

// whoMust is who can fix the first thing that failed, or warns.
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

// printCheck prints one check: its evidence, and for one that failed or warns what to do,
// who can do it, and the codes and IDs for support.
func printCheck(c *cli.Env, check doctor.Check) {
	fmt.Fprintf(c.Out, "%-10s%s: %s\n", "["+string(check.Status)+"]", check.Title, check.Evidence)
	if check.Remedy != "" {
		printIndented(c, check.Remedy)
	}
	if check.Status != doctor.Fail && check.Status != doctor.Warn {
		return
	}
	if check.Who != "" && check.Remedy != "" {
		printIndented(c, "Who can fix it: "+check.Who+".")
	}
	printIndented(c, check.Details)
}

// printIndented prints the lines of a text below a check.
func printIndented(c *cli.Env, text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(c.Out, "          %s\n", strings.TrimRight(line, "\r\n"))
	}
}
