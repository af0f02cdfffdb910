// Package team holds the commands that share connections in a team's folder.
package team

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/connection/team"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// Command is the command with everything about teams.
func Command(c *cli.Env) *cobra.Command {
	return cli.Group("team", "Share proven connections with colleagues, in a folder that all can reach",
		`A team shares connections in a folder: a network share, a synced drive, a git
repository. There is no server, and everything in the folder is signed. By default the
shared file holds no secret. What is not signed by a member that this computer knows is
shown and not used. (Prophecy calls such a group a fabric.)`,
		teamCreate(c), teamInvite(c), teamJoin(c), teamAccept(c), teamReject(c), teamList(c), teamShow(c), teamShare(c), teamUnshare(c), teamVerify(c),
		teamRemove(c), teamLeave(c), teamTrust(c), teamRole(c), teamTenants(c), teamAddresses(c), teamKeep(c), teamSecret(c), teamKey(c))
}

// folderLimit is how long a command waits for the folder of a team that it is about.
const folderLimit = 30 * time.Second

// at returns the RunE of a command about one team, which it reads anew. The name of the
// team is a flag; the only team needs none.
func at(c *cli.Env, name *string, run func(ctx context.Context, a *app.App, v team.View, args []string) error) func(*cobra.Command, []string) error {
	return c.With(func(ctx context.Context, a *app.App, args []string) error {
		c.Unlock(ctx, a)
		v, err := a.Teams.Find(*name)
		if err != nil {
			return err
		}
		short, cancel := context.WithTimeout(ctx, folderLimit)
		defer cancel()
		return run(ctx, a, a.Teams.Refresh(short, v.ID), args)
	})
}

func teamFlag(cmd *cobra.Command, name *string) {
	cmd.Flags().StringVar(name, "team", "", "the team by `name` (default: the only one)")
}
