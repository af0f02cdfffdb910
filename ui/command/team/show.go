package team

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pushdesk/connection"
	"pushdesk/connection/team"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
	"pushdesk/ui/app"
	"pushdesk/ui/command/cli"
)

func teamList(c *cli.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List your teams, their connections and whether they are proven",
		Args:  cli.NoArguments,
		RunE: c.With(func(ctx context.Context, a *app.App, _ []string) error {
			c.Unlock(ctx, a)
			short, cancel := context.WithTimeout(ctx, folderLimit)
			defer cancel()
			if err := a.SyncTeams(short); err != nil {
				return err
			}
			all := a.Teams.List()
			documents := []map[string]any{}
			for _, v := range all {
				documents = append(documents, viewDocument(v))
			}
			return c.Answer(map[string]any{"teams": documents}, func(w io.Writer) {
				if len(all) == 0 {
					c.Say("You are in no team. Create one with: pushdesk team create --help\nOr join one: pushdesk team join FOLDER")
				}
				for i, v := range all {
					if i > 0 {
						fmt.Fprintln(w)
					}
					printView(w, v)
				}
			})
		}),
	}
}

func teamShow(c *cli.Env) *cobra.Command {
	var name string
	cmd := &cobra.Command{Use: "show", Short: "Show a team: its members, requests and connections", Args: cli.NoArguments}
	cmd.RunE = at(c, &name, func(_ context.Context, _ *app.App, v team.View, _ []string) error {
		return c.Answer(viewDocument(v), func(w io.Writer) { printView(w, v) })
	})
	teamFlag(cmd, &name)
	return cmd
}

// printView prints a team.
func printView(w io.Writer, v team.View) {
	now := time.Now()
	state := ""
	if v.Offline {
		state = ", offline copy from " + humanize.DateTime(v.ReadAt)
	}
	fmt.Fprintf(w, "%s (%s%s)\n", v.Name, v.Folder, state)
	if v.Problem != nil {
		_, p := cli.Describe(v.Problem)
		fmt.Fprintf(w, "  %s %s\n", p.Sentence, p.Remedy)
	}
	if v.Standing == team.StandingPending {
		if !errors.Is(v.Problem, team.ErrRejected) {
			fmt.Fprintf(w, "  No owner has accepted you yet. Your words: %s\n", v.Phrase)
		}
		return
	}
	if v.Standing == team.StandingRemoved {
		fmt.Fprintf(w, "  You are no longer a member.\n")
	}
	var members []string
	for _, m := range v.Members {
		word := m.Name
		if m.Role == team.RoleOwner {
			word += " (owner)"
		}
		if m.Me {
			word += " (you)"
		}
		if !m.Trusted {
			word += " (new: pushdesk team trust)"
		}
		members = append(members, word)
	}
	fmt.Fprintf(w, "  Members: %s\n  Tenants: %s\n", strings.Join(members, ", "), strings.Join(v.Tenants, ", "))
	for _, q := range v.Requests {
		switch {
		case q.Leave:
			fmt.Fprintf(w, "  %s left. An owner removes them with: pushdesk team remove %q\n", q.Name, q.Name)
		case q.Words != "":
			fmt.Fprintf(w, "  %s asks to join. Compare these words with theirs: %s\n    then: pushdesk team accept %q\n", q.Name, q.Words, q.Name)
		default:
			fmt.Fprintf(w, "  %s asks to join.\n", q.Name)
		}
	}
	for _, b := range v.Broken {
		fmt.Fprintf(w, "  Not read: %s: %s\n", b.Path, cli.SentenceOf(b.Why))
	}
	if len(v.Connections) == 0 {
		fmt.Fprintln(w, "  No connections are shared yet.")
		return
	}
	var rows [][]string
	for _, s := range v.Connections {
		rows = append(rows, []string{"  " + s.Name, string(s.Environment), s.TenantID, secretWord(s), proofWord(s), noteWord(s, now)})
	}
	cli.Table(w, []string{"  NAME", "ENVIRONMENT", "TENANT", "SECRET", "PROOF", "REMARK"}, rows)
}

// secretWord says how the secret of a shared connection reaches this person.
func secretWord(s team.ConnectionView) string {
	switch {
	case s.Credential == connection.CredentialPractice:
		return "none needed"
	case s.Credential.User():
		return "each signs in"
	case s.Own:
		return "your own"
	case s.How == team.SecretSealed:
		return "sealed to the members"
	case s.How == team.SecretReference:
		return "in a secret manager"
	}
	return "each enters it once"
}

// proofWord says whether a shared connection is proven, by whom and when.
func proofWord(s team.ConnectionView) string { return stampWord(s.Proof) }

// stampWord says what one member's stamp is worth.
func stampWord(s team.StampView) string {
	switch s.State {
	case team.StampProven:
		return "proven by " + s.Name + " on " + humanize.Date(s.At) + " (" + s.Proved + ", " + s.Workspace + ")"
	case team.StampOld:
		return "proven " + humanize.Count(s.Age, "day") + " ago by " + s.Name
	case team.StampStale:
		return "changed since " + s.Name + "'s test"
	case team.StampPartly:
		return "signs in; the right to push is not proven"
	case team.StampFailed:
		return "failed"
	}
	return "not proven"
}

// noteWord is what a person should know of a shared connection before anything else.
func noteWord(s team.ConnectionView, now time.Time) string {
	var notes []string
	if s.Problem != nil {
		word := "Not usable: "
		if team.IsUntrusted(s.Problem) {
			word = "UNTRUSTED, not usable: "
		}
		_, p := cli.Describe(s.Problem)
		notes = append(notes, word+p.Sentence+" "+p.Remedy)
	}
	if len(s.Conflicts) > 1 {
		notes = append(notes, fmt.Sprintf("%d versions: pushdesk team keep %q", len(s.Conflicts), s.Name))
	}
	for _, r := range s.Remarks(now) {
		notes = append(notes, text.LowerFirst(r))
	}
	if len(s.Unsealed) > 0 {
		notes = append(notes, "one of the others: pushdesk team list")
	}
	for i := range notes[:max(len(notes)-1, 0)] {
		notes[i] = strings.TrimSuffix(notes[i], ".")
	}
	return strings.Join(notes, "; ")
}

// problem is an error as JSON, nil for none.
func problem(err error) any {
	if err == nil {
		return nil
	}
	_, p := cli.Describe(err)
	return p
}

// viewDocument is a team as JSON.
func viewDocument(v team.View) map[string]any {
	now := time.Now()
	members, requests, connections, broken := []any{}, []any{}, []any{}, []any{}
	for _, m := range v.Members {
		members = append(members, map[string]any{"id": m.ID, "name": m.Name, "role": m.Role, "me": m.Me, "trusted": m.Trusted, "joined": m.Joined, "recipient": m.Recipient})
	}
	for _, q := range v.Requests {
		requests = append(requests, map[string]any{"id": q.ID, "name": q.Name, "leaves": q.Leave, "words": q.Words})
	}
	for _, b := range v.Broken {
		broken = append(broken, map[string]any{"file": b.Path, "problem": problem(b.Why)})
	}
	for _, s := range v.Connections {
		connections = append(connections, connectionDocument(s, now))
	}
	tenants := v.Tenants
	if tenants == nil {
		tenants = []string{}
	}
	return map[string]any{"id": v.ID, "name": v.Name, "folder": v.Folder, "tenants": tenants, "role": v.Role, "me": v.MyName, "standing": v.Standing, "words": v.Phrase,
		"offline": v.Offline, "readAt": v.ReadAt, "problem": problem(v.Problem), "members": members, "requests": requests, "connections": connections, "notRead": broken}
}

// connectionDocument is a shared connection as JSON.
func connectionDocument(s team.ConnectionView, now time.Time) map[string]any {
	stamps, versions := []any{}, []any{}
	for _, x := range s.Stamps {
		stamps = append(stamps, map[string]any{"by": x.Name, "at": x.At, "state": x.State, "days": x.Age, "passed": x.Passed, "proved": x.Proved, "principal": x.Principal, "workspace": x.Workspace, "summary": x.Summary,
			"failsSince": orNil(x.FailsSince), "checks": x.Checks})
	}
	for i, x := range s.Conflicts {
		versions = append(versions, map[string]any{"version": i + 1, "by": x.Name, "at": x.Signed.At, "file": x.File, "fields": x.Definition, "notShared": x.Removed})
	}
	differences := []any{}
	for _, d := range s.Differences() {
		differences = append(differences, map[string]any{"field": d.Field, "values": d.Values})
	}
	document := map[string]any{"id": s.ID, "name": s.Name, "fields": s.Definition, "secret": s.How, "ownSecret": s.Own, "usable": s.Problem == nil, "untrusted": team.IsUntrusted(s.Problem), "problem": problem(s.Problem),
		"offline": s.Offline, "sharedBy": s.SharedBy, "revision": s.Signed.Revision, "proof": s.Proof.State, "proofSays": proofWord(s), "stamps": stamps, "versions": versions, "differences": differences, "remark": noteWord(s, now)}
	if s.RotatedBy != "" && s.Secret.Rotation > 1 {
		document["rotatedBy"], document["rotatedAt"] = s.RotatedBy, s.Secret.RotatedAt
	}
	if s.Secret != nil && len(s.Secret.ReadBy) > 0 {
		document["wasReadableBy"] = s.Secret.ReadBy
	}
	if len(s.Unsealed) > 0 {
		document["notSealedTo"] = s.Unsealed
	}
	if s.Anyway != nil {
		document["sharedAnyway"] = s.Anyway
	}
	return document
}

func orNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
