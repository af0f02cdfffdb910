package account

import (
	"context"
	"errors"
	"fmt"
	"io"

	"pushdesk/connection"
	"pushdesk/connection/file"
	"pushdesk/storage/keychain"
)

// Removal is a connection that was removed and can be brought back while the
// program runs. The keychain forgets its secret at once: until the program ends it
// is held in memory, here and nowhere else.
type Removal struct {
	Connection connection.Connection
	Warning    string // what could not be removed, or ""

	accounts *Accounts
	removed  file.Removed
	secret   connection.Credential
	unread   error // why there is no secret to bring back, though there may have been one
	tested   *keptTest
}

// Format writes the name and nothing secret, whatever the verb.
func (r *Removal) Format(w fmt.State, _ rune) {
	_, _ = io.WriteString(w, "removed: "+r.Connection.Name)
}

// Remove forgets a connection and what it signs in with, so that Undo can bring
// both back.
func (a *Accounts) Remove(ctx context.Context, c connection.Connection) (*Removal, error) {
	all, err := a.RemoveAll(ctx, []connection.Connection{c})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// Removals are connections that were removed together.
type Removals []*Removal

// RemoveAll is Remove for several connections: all are removed, or, when one is not
// there, none.
func (a *Accounts) RemoveAll(ctx context.Context, list []connection.Connection) (Removals, error) {
	var all Removals
	var ids []string
	for _, c := range list {
		if c.Team != "" && a.teamOf(c.Team) != "" {
			f := *errTeams
			f.Sentence = fmt.Sprintf(f.Sentence, c.Name)
			return nil, &f
		}
		r := &Removal{accounts: a}
		if c.Credential != connection.CredentialPractice {
			var no *keychain.Unavailable
			if r.secret, _, r.unread = a.stored(ctx, c); errors.As(r.unread, &no) && no.None() {
				r.unread = nil // without a keychain there is nothing in it
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("remove connections: %w", err)
		}
		all, ids = append(all, r), append(ids, c.ID)
	}
	taken, err := a.Connections.Remove(ids...)
	if err != nil {
		return nil, err
	}
	for i, r := range all {
		r.removed, r.Connection = taken[i], taken[i].Connection
		r.tested = a.forgetTest(r.Connection.ID)
		r.Warning = a.dropKept(ctx, r.Connection)
	}
	return all, nil
}

// dropKept drops what is kept for a connection that is gone, and says what could not be.
func (a *Accounts) dropKept(ctx context.Context, c connection.Connection) (warning string) {
	a.forgetClient(c.ID)
	a.forgetTest(c.ID)
	if c.Credential == connection.CredentialPractice {
		return ""
	}
	if err := a.Secrets.Delete(ctx, c.ID); err != nil {
		return fmt.Sprintf("The connection %q was removed, but its %s may still be in the keychain (entry %s): %s", c.Name, noun(c.Credential), c.ID, sentence(err))
	}
	return ""
}

// Undo brings the connection back, with what it signed in with.
func (r *Removal) Undo(ctx context.Context) (Saved, error) {
	all, err := Removals{r}.Undo(ctx)
	if err != nil {
		return Saved{}, err
	}
	return all[0], nil
}

// Undo brings the connections back to their places, with what they signed in with.
func (all Removals) Undo(ctx context.Context) ([]Saved, error) {
	if len(all) == 0 {
		return nil, nil
	}
	a := all[0].accounts
	var removed []file.Removed
	for _, r := range all {
		removed = append(removed, r.removed)
	}
	back, err := a.Connections.Restore(removed)
	if err != nil {
		return nil, err
	}
	var saved []Saved
	for i, r := range all {
		s := a.keepGiven(ctx, back[i], &r.secret)
		r.tested.bringBack(a, back[i].ID)
		if r.unread != nil {
			s.Warnings = append(s.Warnings, fmt.Sprintf("The %s of %q could not be read when it was removed, so give it again: %s", noun(back[i].Credential), back[i].Name, sentence(r.unread)))
		}
		saved = append(saved, s)
	}
	return saved, nil
}
