package team

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/account"
	"pushdesk/connection/doctor"
	"pushdesk/connection/team"
	"pushdesk/storage/humanize"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
	"pushdesk/ui/command/connections"
)

// shareOptions say how connections are shared.
type shareOptions struct {
	account.ShareOptions
	with string
	yes  bool
}

func teamShare(c *cli.Env) *cobra.Command {
	var o shareOptions
	cmd := &cobra.Command{
		Use:   "share CONNECTION",
		Short: "Test a connection and share it with a team, if it is proven",
		Long: `Test a connection and share it with a team. It must pass the mandatory checks, and the
right to push must be proven: by a trial dataset (--trial), or by a run since the
connection was last changed. --anyway shares it without proof; the reason is kept and
shown to everybody. A connection that is shared already is shared as it is now.

--with definition (the default) gives no secret: each member enters it once. --with
reference says where a secret manager keeps it. --with sealed seals it to the members:
everyone who can open it can act as the Entra app, also outside this program.`,
		Example: `  pushdesk team share Sales --trial
  pushdesk team share Sales --with sealed --trial
  pushdesk team share Sales --anyway "the role is granted on Monday"`,
		Args:              cli.OneArgument("connection"),
		ValidArgsFunction: connections.CompleteConnections(c),
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, args []string) error {
		if o.with != "" && o.with != team.SecretOwn && o.with != team.SecretReference && o.with != team.SecretSealed {
			return cli.Usage("--with is definition, reference or sealed, not %q", o.with)
		}
		if o.Lose && o.with == team.SecretSealed {
			return cli.Usage("--drop-secret does nothing with --with sealed")
		}
		o.How = o.with
		return runShare(ctx, c, a, args[0], o)
	})
	s := cmd.Flags()
	teamFlag(cmd, &o.Team)
	s.StringVar(&o.with, "with", "", "`definition|reference|sealed`: how the secret reaches the members (default: as it is shared already, else definition)")
	s.BoolVar(&o.Trial, "trial", false, "create, fill and delete a small push dataset, to prove the right to push")
	s.BoolVar(&o.yes, "yes", false, "with --trial: write with a production connection without asking")
	dropFlag(cmd, &o.Lose)
	s.StringVar(&o.Anyway, "anyway", "", "share it without proof, for this `reason`, which everybody sees")
	return cmd
}

// dropFlag is the flag that lets a sealed secret be lost.
func dropFlag(cmd *cobra.Command, drop *bool) {
	cmd.Flags().BoolVar(drop, "drop-secret", false, "remove the sealed secret from the team's file although this computer cannot store it")
}

// mayLose asks whether a secret may be lost that only the team's file has.
func mayLose(c *cli.Env, err error, name string) bool {
	return errors.Is(err, account.ErrOnlyCopy) && c.Agrees(fmt.Sprintf("The team's file may have the only copy of the secret of %q. Remove it?", name))
}

// asksTrial reports whether a trial dataset may be made with a connection.
func asksTrial(c *cli.Env, conn connection.Connection, trial, yes bool) error {
	if trial && conn.Careful() && !yes && !c.Agrees(fmt.Sprintf("Create, fill and delete a trial dataset with the production connection %q?", conn.Name)) {
		return cli.Usage("%q is a production connection, so no trial dataset was created: say yes when asked, or give --yes", conn.Name)
	}
	return nil
}

func runShare(ctx context.Context, c *cli.Env, a *app.App, name string, o shareOptions) error {
	c.Unlock(ctx, a)
	conn, err := a.Connections.Find(name)
	if err != nil {
		return err
	}
	if err := asksTrial(c, conn, o.Trial, o.yes); err != nil {
		return err
	}
	if o.Team == "" && conn.Team != "" {
		o.Team = conn.Team
	}
	s, err := a.Share(ctx, conn, o.ShareOptions, func(doctor.Check) {})
	if mayLose(c, err, conn.Name) {
		o.Lose = true
		s, err = a.Share(ctx, conn, o.ShareOptions, func(doctor.Check) {})
	}
	if err != nil {
		return err
	}
	shared, err := s.Team.Find(conn.ID)
	if err != nil {
		return err
	}
	document := connectionDocument(shared, shared.Signed.At)
	document["team"] = s.Team.Name
	if s.Kept != "" {
		document["secretPlace"] = s.Kept
	}
	return c.Answer(document, func(w io.Writer) {
		fmt.Fprintf(w, "%s\n%q is shared with the team %q (%s).\n", s.Report.Summary, shared.Name, s.Team.Name, secretWord(shared))
		if s.Kept != "" {
			fmt.Fprintf(w, "Its secret is no longer in the team's file. It is stored on this computer: %s. The other members enter it once.\n", s.Kept)
		}
		if shared.Anyway != nil {
			fmt.Fprintf(w, "It is not proven. Everybody sees your reason: %s\n", shared.Anyway.Reason)
		}
		if shared.How == team.SecretSealed {
			fmt.Fprintln(w, "Everyone in the team can act as the Entra app, also outside this program.")
		}
	})
}

// ofTeam returns a connection of a team that is in the person's list.
func ofTeam(a *app.App, name string) (connection.Connection, error) {
	conn, err := a.Connections.Find(name)
	if err == nil && conn.Team == "" {
		err = cli.Usage("%q is shared with no team\nSee: pushdesk team share --help", conn.Name)
	}
	return conn, err
}

func teamUnshare(c *cli.Env) *cobra.Command {
	var drop bool
	cmd := &cobra.Command{
		Use: "unshare CONNECTION", Short: "Take a connection out of its team; it stays with you", Args: cli.OneArgument("connection"), ValidArgsFunction: connections.CompleteConnections(c),
		RunE: c.With(func(ctx context.Context, a *app.App, args []string) error {
			c.Unlock(ctx, a)
			conn, err := ofTeam(a, args[0])
			if err != nil {
				return err
			}
			v, err := a.Unshare(ctx, conn, drop)
			if mayLose(c, err, conn.Name) {
				v, err = a.Unshare(ctx, conn, true)
			}
			if err != nil {
				return err
			}
			return c.Answer(map[string]any{"notShared": conn.Name, "team": v.Name}, func(w io.Writer) {
				fmt.Fprintf(w, "%q is no longer shared with the team %q. Members who could open its secret keep what they read: only a new secret in Entra ends that.\n", conn.Name, v.Name)
			})
		}),
	}
	dropFlag(cmd, &drop)
	return cmd
}

func teamVerify(c *cli.Env) *cobra.Command {
	var trial, yes bool
	cmd := &cobra.Command{
		Use: "verify CONNECTION", Short: "Test a connection of a team and tell the others what came of it", Args: cli.OneArgument("connection"), ValidArgsFunction: connections.CompleteConnections(c),
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, args []string) error {
		c.Unlock(ctx, a)
		conn, err := ofTeam(a, args[0])
		if err == nil {
			err = a.Teams.Usable(conn)
		}
		if err == nil {
			err = asksTrial(c, conn, trial, yes)
		}
		if err != nil {
			return err
		}
		s, err := a.Verify(ctx, conn, trial, nil)
		if err != nil {
			return err
		}
		shared, err := s.Team.Find(conn.ID)
		if err != nil {
			return err
		}
		document := connectionDocument(shared, shared.Signed.At)
		document["report"] = s.Report
		_ = c.Answer(document, func(w io.Writer) {
			mine := team.StampView{}
			for _, x := range shared.Stamps {
				if x.By == s.Team.Me {
					mine = x
				}
			}
			fmt.Fprintf(w, "%s\nYour stamp is in the team's folder: %s.\n", s.Report.Summary, stampWord(mine))
			for _, l := range s.Lacks {
				fmt.Fprintf(w, "  %s\n", l)
			}
		})
		if !s.Report.Ready {
			return cli.Reported(cli.ExitConnection)
		}
		return nil
	})
	cmd.Flags().BoolVar(&trial, "trial", false, "create, fill and delete a small push dataset, to prove the right to push")
	cmd.Flags().BoolVar(&yes, "yes", false, "with --trial: write with a production connection without asking")
	return cmd
}

func teamAddresses(c *cli.Env) *cobra.Command {
	var name string
	var o team.Addresses
	cmd := &cobra.Command{
		Use:   "addresses CONNECTION --authority-url URL --api-url URL",
		Short: "Allow a shared connection to use custom addresses on this computer",
		Long: `Allow a shared connection to use custom addresses on this computer. A shared file never
carries an address, because it would decide where your secrets are sent. Get the
addresses from somebody you trust.`,
		Args: cli.OneArgument("connection"),
	}
	cmd.RunE = at(c, &name, func(ctx context.Context, a *app.App, v team.View, args []string) error {
		s, err := v.Find(args[0])
		switch {
		case err != nil:
			return err
		case s.Cloud != connection.CloudCustom:
			return cli.Usage("%q uses the addresses of the cloud %s", s.Name, s.Cloud.Label())
		}
		if err := a.AllowAddresses(ctx, v.ID, s.ID, o); err != nil {
			return err
		}
		return c.Answer(map[string]any{"connection": s.Name, "addresses": o}, func(w io.Writer) {
			fmt.Fprintf(w, "%q uses these addresses on this computer.\n", s.Name)
		})
	})
	f := cmd.Flags()
	f.StringVar(&o.LoginURL, "authority-url", "", "login host `URL`")
	f.StringVar(&o.APIURL, "api-url", "", "API host `URL` without /v1.0/myorg")
	f.StringVar(&o.Resource, "resource", "", "`resource` of the token (default: the public cloud's)")
	f.StringVar(&o.CAFile, "ca-file", "", "PEM `file` of a certificate authority to trust")
	teamFlag(cmd, &name)
	return cmd
}

func teamKeep(c *cli.Env) *cobra.Command {
	var name string
	var version int
	cmd := &cobra.Command{
		Use:   "keep CONNECTION --version N",
		Short: "Decide which of several versions of a connection stays",
		Long: `Two members may change the same thing at the same time, or a sync program, git or a merge
tool may keep two files. Without --version the versions are listed. What is decided against
is kept in the folder "conflicts".`,
		Args: cli.OneArgument("connection"),
	}
	cmd.RunE = at(c, &name, func(ctx context.Context, a *app.App, v team.View, args []string) error {
		s, err := v.Find(args[0])
		switch {
		case err != nil:
			return err
		case len(s.Conflicts) < 2:
			return cli.Usage("%q has one version only", s.Name)
		case version == 0:
			return c.Answer(connectionDocument(s, s.Signed.At), func(w io.Writer) { printVersions(w, s) })
		case version < 1 || version > len(s.Conflicts):
			return cli.Usage("%q has the versions 1 to %d", s.Name, len(s.Conflicts))
		}
		if v, err = a.Teams.Keep(ctx, v.ID, s.ID, s.Conflicts[version-1].ID); err != nil {
			return err
		}
		if err := a.SyncTeams(ctx); err != nil {
			return err
		}
		return c.Answer(viewDocument(v), func(w io.Writer) { fmt.Fprintf(w, "Version %d of %q stays.\n", version, s.Name) })
	})
	cmd.Flags().IntVar(&version, "version", 0, "the `number` of the version that stays")
	teamFlag(cmd, &name)
	return cmd
}

// printVersions prints the versions of a connection side by side, in what they differ.
func printVersions(w io.Writer, s team.ConnectionView) {
	head, by, changed, file := []string{"FIELD"}, []string{"By"}, []string{"Changed"}, []string{"File"}
	for i, x := range s.Conflicts {
		head = append(head, "VERSION "+strconv.Itoa(i+1))
		by, changed, file = append(by, x.Name), append(changed, humanize.DateTime(x.Signed.At)), append(file, x.File)
	}
	rows := [][]string{by, changed}
	for _, d := range s.Differences() {
		rows = append(rows, append([]string{d.Field}, d.Values...))
	}
	cli.Table(w, head, append(rows, file))
}

func teamSecret(c *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "use-sealed CONNECTION",
		Short: "Use the team's sealed secret again, and forget your own",
		Long: `Use the team's sealed secret again, and forget your own. You use your own secret for a
shared connection as soon as you enter one: pushdesk connection edit NAME --secret-stdin.`,
		Args: cli.OneArgument("connection"), ValidArgsFunction: connections.CompleteConnections(c),
		RunE: c.With(func(ctx context.Context, a *app.App, args []string) error {
			c.Unlock(ctx, a)
			conn, err := ofTeam(a, args[0])
			if err != nil {
				return err
			}
			if err := a.UseTeams(ctx, conn); err != nil {
				return err
			}
			place := a.SecretPlace(ctx, conn)
			return c.Answer(map[string]any{"connection": conn.Name, "secretPlace": place}, func(w io.Writer) { fmt.Fprintf(w, "%s: %s.\n", conn.Name, place) })
		}),
	}
}
