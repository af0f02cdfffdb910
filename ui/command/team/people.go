package team

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os/user"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/team"
	"pushdesk/connection/team/key"
	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

// ownName is the name of the person in a team, where none is given: that of their
// account.
func ownName(given string) string {
	if given != "" {
		return given
	}
	if u, err := user.Current(); err == nil {
		if u.Name != "" {
			return u.Name
		}
		return u.Username
	}
	return ""
}

func teamCreate(c *cli.Env) *cobra.Command {
	var me, folder string
	var tenants []string
	cmd := &cobra.Command{
		Use:   "create NAME --folder FOLDER --tenant ID",
		Short: "Create a team in a folder that colleagues can reach",
		Example: `  pushdesk team create Finance --folder "/mnt/finance/pushdesk" --tenant contoso.onmicrosoft.com
  pushdesk team invite`,
		Args: cli.OneArgument("team"),
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, args []string) error {
		switch {
		case folder == "":
			return cli.Usage("Name the folder: --folder")
		case len(tenants) == 0:
			return cli.Usage("Name the tenants that the team's connections may sign in to: --tenant")
		}
		c.Unlock(ctx, a)
		v, err := a.Teams.Create(ctx, folder, args[0], ownName(me), tenants)
		if err != nil {
			return err
		}
		return c.Answer(viewDocument(v), func(w io.Writer) {
			fmt.Fprintf(w, "Created the team %q in %s. You are its owner.\n", v.Name, v.Folder)
			fmt.Fprintln(w, "Your key is stored with your secrets. To have it on another computer, write down: pushdesk team key --recovery")
			fmt.Fprintln(w, "Next: pushdesk team invite, and pushdesk team share CONNECTION")
		})
	})
	s := cmd.Flags()
	s.StringVar(&folder, "folder", "", "a `folder` that every member can reach")
	s.StringArrayVar(&tenants, "tenant", nil, "tenant `ID` or domain that the team's connections may sign in to (repeatable)")
	s.StringVar(&me, "me", "", "your `name` in the team (default: that of your account)")
	return cmd
}

func teamInvite(c *cli.Env) *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "invite",
		Short: "Print an invitation that you can send to a colleague",
		Args:  cli.NoArguments,
	}
	cmd.RunE = at(c, &name, func(_ context.Context, _ *app.App, v team.View, _ []string) error {
		if v.Role != team.RoleOwner {
			return team.ErrNotOwner
		}
		command := fmt.Sprintf(`pushdesk team join "%s" --owner %s`, v.Folder, v.Signer)
		letter := fmt.Sprintf("Hello,\n\nplease join the team “%s” in Pushdesk, so that you can use its connections.\n\n1. Make sure that you can open the folder %s (on your computer it may have another path).\n"+
			"2. In the window: Team, Join a team, and choose the folder. Or in a terminal:\n   %s\n3. You will see five words. Call me and read them to me; I will then accept you.\n\nNothing in this message is secret.\n", v.Name, v.Folder, command)
		return c.Answer(map[string]any{"team": v.Name, "folder": v.Folder, "owner": v.Signer, "command": command, "letter": letter}, func(w io.Writer) { fmt.Fprint(w, letter) })
	})
	teamFlag(cmd, &name)
	return cmd
}

func teamJoin(c *cli.Env) *cobra.Command {
	var me, owner string
	cmd := &cobra.Command{
		Use:   "join FOLDER",
		Short: "Ask to join the team of a folder",
		Long: `Ask to join the team of a folder. Five words are shown: read them to an owner of the
team, on the phone or face to face. The owner sees the same words and accepts you. Other
words mean that somebody has changed the folder: do not join then.`,
		Args: cli.OneArgument("folder"),
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, args []string) error {
		c.Unlock(ctx, a)
		v, err := a.Teams.Join(ctx, args[0], ownName(me), owner)
		if err != nil {
			return err
		}
		if err := a.SyncTeams(ctx); err != nil {
			return err
		}
		return c.Answer(viewDocument(v), func(w io.Writer) {
			if v.Standing == team.StandingMember {
				fmt.Fprintf(w, "You are a member of the team %q.\n", v.Name)
				return
			}
			fmt.Fprintf(w, "You asked to join the team %q as %s.\nRead these words to an owner of the team: %s\nThe owner must see the same words. Afterwards: pushdesk team list\n", v.Name, v.MyName, v.Phrase)
		})
	})
	cmd.Flags().StringVar(&me, "me", "", "your `name` in the team (default: that of your account)")
	cmd.Flags().StringVar(&owner, "owner", "", "the `ID` of the owner from the invitation")
	return cmd
}

func teamAccept(c *cli.Env) *cobra.Command {
	var name, words string
	cmd := &cobra.Command{
		Use:   "accept PERSON",
		Short: "Accept a colleague who asks to join, after comparing the five words",
		Long: `Accept a colleague who asks to join. Ask for their five words, on the phone or face to
face, and compare them with the ones shown. Without a terminal give the words that the
colleague read to you with --words.`,
		Args: cli.OneArgument("person"),
	}
	cmd.RunE = at(c, &name, func(ctx context.Context, a *app.App, v team.View, args []string) error {
		if v.Role != team.RoleOwner {
			return team.ErrNotOwner
		}
		q, err := asking(v, args[0], words)
		if err != nil {
			return err
		}
		if words == "" && !c.Agrees(fmt.Sprintf("The words are: %s\nDid %s read the same words to you?", cmp.Or(q.Words, q.Phrase()), q.Name)) {
			return cli.Usage("Nobody was accepted. Compare the words, and say yes or give them with --words")
		}
		if v, err = a.Teams.Accept(ctx, v.ID, q.ID); err != nil { // by ID: the words are those of one request
			return err
		}
		return c.Answer(viewDocument(v), func(w io.Writer) {
			fmt.Fprintf(w, "%s is a member of the team %q. Sealed secrets were sealed to them, too.\n", q.Name, v.Name)
		})
	})
	cmd.Flags().StringVar(&words, "words", "", "the five `words` that the colleague read to you")
	teamFlag(cmd, &name)
	return cmd
}

// asking returns the request of a person by name or ID. Anybody can ask under any name: of
// several of one name it is the one whose words the colleague has read.
func asking(v team.View, who, words string) (team.RequestView, error) {
	var found []team.RequestView
	for _, q := range v.Requests {
		if !q.Leave && (connection.NameKey(q.Name) == connection.NameKey(who) || q.ID == strings.ToLower(strings.TrimSpace(who))) {
			found = append(found, q)
		}
	}
	if len(found) > 0 && words != "" {
		words = strings.Join(strings.Fields(strings.ToLower(words)), " ")
		found = slices.DeleteFunc(found, func(q team.RequestView) bool { return cmp.Or(q.Words, q.Phrase()) != words })
		if len(found) == 0 {
			return team.RequestView{}, cli.Usage("These are not the words of the request: nobody was accepted. If the colleague read them correctly, somebody has changed the folder.")
		}
	}
	switch len(found) {
	case 0:
		return team.RequestView{}, team.ErrNoRequest
	case 1:
		return found[0], nil
	}
	return team.RequestView{}, team.ErrTwoRequests
}

func teamReject(c *cli.Env) *cobra.Command {
	var name string
	cmd := &cobra.Command{Use: "reject PERSON", Short: "Delete the request of somebody who asks to join", Args: cli.OneArgument("person")}
	cmd.RunE = at(c, &name, func(ctx context.Context, a *app.App, v team.View, args []string) error {
		v, err := a.Teams.Reject(ctx, v.ID, args[0])
		if err != nil {
			return err
		}
		return c.Answer(viewDocument(v), func(w io.Writer) { fmt.Fprintf(w, "The request of %s was deleted.\n", args[0]) })
	})
	teamFlag(cmd, &name)
	return cmd
}

func teamRemove(c *cli.Env) *cobra.Command {
	var name string
	var yes bool
	cmd := &cobra.Command{
		Use:   "remove PERSON",
		Short: "Remove a member, and seal the secrets again without them",
		Long: `Remove a member, and seal the secrets again without them. This does not take away what
they could read: only a new client secret in Entra does. The connections that need one
are listed, with the command for each.`,
		Args: cli.OneArgument("person"),
	}
	cmd.RunE = at(c, &name, func(ctx context.Context, a *app.App, v team.View, args []string) error {
		if !yes && !c.Agrees(fmt.Sprintf("Remove %s from the team %q?", args[0], v.Name)) {
			return cli.Usage("Nobody was removed: say yes when asked, or give --yes")
		}
		v, exposed, err := a.Teams.Remove(ctx, v.ID, args[0])
		if err != nil {
			return err
		}
		if exposed == nil {
			exposed = []string{}
		}
		document := viewDocument(v)
		document["exposed"] = exposed
		return c.Answer(document, func(w io.Writer) {
			fmt.Fprintf(w, "%s was removed from the team %q.\n", args[0], v.Name)
			if len(exposed) == 0 {
				return
			}
			fmt.Fprintf(w, "%s could read %s. Only a new secret in Entra shuts them out:\n", args[0], humanize.Count(len(exposed), "secret"))
			for _, x := range exposed {
				if s, err := v.Find(x); err == nil && s.Credential == connection.CredentialCertificate {
					fmt.Fprintf(w, "  %s: upload a new certificate in Entra, then: pushdesk connection edit %q --certificate FILE, and pushdesk team share %q --with sealed\n", x, x, x)
					continue
				}
				fmt.Fprintf(w, "  %s: create a new secret in Entra, then: pushdesk connection rotate %q\n", x, x)
			}
			fmt.Fprintln(w, "When all members have what is new, delete the old in Entra.")
		})
	})
	cmd.Flags().BoolVar(&yes, "yes", false, "remove without asking")
	teamFlag(cmd, &name)
	return cmd
}

func teamLeave(c *cli.Env) *cobra.Command {
	var name string
	var yes bool
	cmd := &cobra.Command{Use: "leave", Short: "Leave a team; its connections go from this computer", Args: cli.NoArguments}
	cmd.RunE = at(c, &name, func(ctx context.Context, a *app.App, v team.View, _ []string) error {
		if !yes && !c.Agrees(fmt.Sprintf("Leave the team %q? Its connections are removed from this computer.", v.Name)) {
			return cli.Usage("You did not leave: say yes when asked, or give --yes")
		}
		says, err := a.LeaveTeam(ctx, v.ID)
		if err != nil {
			return err
		}
		return c.Answer(map[string]any{"left": v.Name, "says": says}, func(w io.Writer) {
			fmt.Fprintf(w, "You left the team %q. %s\n", v.Name, says)
		})
	})
	cmd.Flags().BoolVar(&yes, "yes", false, "leave without asking")
	teamFlag(cmd, &name)
	return cmd
}

func teamTrust(c *cli.Env) *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "trust PERSON...",
		Short: "Trust members who joined since this computer last looked",
		Args:  cli.SomeArguments("person"),
	}
	cmd.RunE = at(c, &name, func(ctx context.Context, a *app.App, v team.View, args []string) error {
		v, err := a.Teams.Trust(ctx, v.ID, args...)
		if err != nil {
			return err
		}
		if err := a.SyncTeams(ctx); err != nil {
			return err
		}
		return c.Answer(viewDocument(v), func(w io.Writer) { printView(w, v) })
	})
	teamFlag(cmd, &name)
	return cmd
}

func teamRole(c *cli.Env) *cobra.Command {
	var name string
	cmd := &cobra.Command{Use: "role PERSON owner|member", Short: "Make a member an owner, or an owner a member", Args: func(cmd *cobra.Command, args []string) error {
		if len(args) != 2 {
			return cli.Usage("Name the person and the role: pushdesk team role PERSON owner|member")
		}
		return nil
	}}
	cmd.RunE = at(c, &name, func(ctx context.Context, a *app.App, v team.View, args []string) error {
		role := team.Role(strings.ToLower(args[1]))
		if role != team.RoleOwner && role != team.RoleMember {
			return cli.Usage("The role is owner or member, not %q", args[1])
		}
		v, err := a.Teams.SetRole(ctx, v.ID, args[0], role)
		if err != nil {
			return err
		}
		return c.Answer(viewDocument(v), func(w io.Writer) { printView(w, v) })
	})
	teamFlag(cmd, &name)
	return cmd
}

func teamTenants(c *cli.Env) *cobra.Command {
	var name string
	cmd := &cobra.Command{Use: "tenants ID...", Short: "Allow more tenants for the team's connections", Args: cli.SomeArguments("tenant")}
	cmd.RunE = at(c, &name, func(ctx context.Context, a *app.App, v team.View, args []string) error {
		v, err := a.Teams.AllowTenants(ctx, v.ID, args)
		if err != nil {
			return err
		}
		return c.Answer(viewDocument(v), func(w io.Writer) { printView(w, v) })
	})
	teamFlag(cmd, &name)
	return cmd
}

func teamKey(c *cli.Env) *cobra.Command {
	var recovery, recover bool
	cmd := &cobra.Command{
		Use:   "key",
		Short: "Show your public key, your recovery phrase, or bring your key back",
		Long: `Show your public key, which colleagues need to seal a secret to you. Your key is stored
with your secrets. --recovery shows the words that bring it back on another computer:
write them down and keep them safe, they are as good as the key. --recover reads such
words from a prompt or from standard input; pushdesk team join FOLDER --owner ID then
makes you the member that you were, with the ID from an owner's invitation.`,
		Args: cli.NoArguments,
	}
	cmd.RunE = c.With(func(ctx context.Context, a *app.App, _ []string) error {
		c.Unlock(ctx, a)
		switch {
		case recover:
			return recoverKey(ctx, c, a)
		case recovery:
			k, err := key.Load(ctx, a.Secrets)
			if err != nil {
				return err
			}
			return c.Answer(map[string]any{"recoveryPhrase": k.Recovery()}, func(w io.Writer) {
				fmt.Fprintf(w, "%s\nWrite the words down, in this order, and keep them safe: they are as good as your key.\n", k.Recovery())
			})
		}
		k, err := key.Own(ctx, a.Secrets)
		if err != nil {
			return err
		}
		return c.Answer(map[string]any{"id": k.Public().ID(), "recipient": k.Public().Recipient}, func(w io.Writer) {
			cli.Facts(w, "Your ID", k.Public().ID(), "Your public key", k.Public().Recipient)
		})
	})
	cmd.Flags().BoolVar(&recovery, "recovery", false, "show the words that bring the key back")
	cmd.Flags().BoolVar(&recover, "recover", false, "bring a key back with its words")
	cmd.MarkFlagsMutuallyExclusive("recovery", "recover")
	return cmd
}

// recoverKey stores the key of a recovery phrase.
func recoverKey(ctx context.Context, c *cli.Env, a *app.App) error {
	var phrase string
	if c.AskSecret != nil {
		var err error
		if phrase, err = c.AskSecret("The 18 words of your recovery phrase: "); err != nil {
			return fmt.Errorf("ask for the recovery phrase: %w", err)
		}
	} else {
		text, err := io.ReadAll(io.LimitReader(c.In, 4096))
		if err != nil {
			return fmt.Errorf("read the recovery phrase: %w", err)
		}
		phrase = string(text)
	}
	k, err := key.Recover(phrase)
	if err != nil {
		return err
	}
	old, err := key.Load(ctx, a.Secrets)
	if err == nil && old.Public() != k.Public() && len(a.Teams.List()) > 0 {
		return failure.New(failure.Usage, "team-key-in-use", "This computer has another key, which your teams know.", "Leave the teams first.")
	}
	if err := key.Keep(ctx, a.Secrets, k); err != nil {
		return err
	}
	return c.Answer(map[string]any{"id": k.Public().ID(), "recipient": k.Public().Recipient}, func(w io.Writer) {
		fmt.Fprintln(w, "Your key is back. Next: pushdesk team join FOLDER")
	})
}
