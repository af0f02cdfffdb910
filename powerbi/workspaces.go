package powerbi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"pushdesk/storage/failure"
	"pushdesk/storage/humanize"
)

// Workspace is a place for datasets; the API calls it a group.
type Workspace struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	IsReadOnly bool   `json:"isReadOnly"`
}

// WorkspaceUser is a user, group or app that has a role in a workspace.
type WorkspaceUser struct {
	Identifier           string `json:"identifier"` // object ID of an app, mail address of a user
	DisplayName          string `json:"displayName"`
	EmailAddress         string `json:"emailAddress"`
	GroupUserAccessRight string `json:"groupUserAccessRight"` // Admin, Member, Contributor, Viewer
	PrincipalType        string `json:"principalType"`        // User, Group, App
}

// values is the envelope of a list.
type values[T any] struct {
	Value []T `json:"value"`
}

// beginning is what a long answer is read into as far as it goes.
type beginning interface{ decodeBeginning(d *json.Decoder) bool }

// decodeBeginning reads the entries that are whole. It reports whether the list has begun.
func (v *values[T]) decodeBeginning(d *json.Decoder) bool {
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return false
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return false
		}
		if text, ok := name.(string); !ok || !strings.EqualFold(text, "value") {
			var other json.RawMessage
			if d.Decode(&other) != nil {
				return false
			}
			continue
		}
		if open, err := d.Token(); err != nil || open != json.Delim('[') {
			return false
		}
		for d.More() {
			var entry T
			if d.Decode(&entry) != nil {
				break
			}
			v.Value = append(v.Value, entry)
		}
		return true
	}
	return false
}

const (
	pageSize = 1000
	maxPages = 1000
	maxList  = 8_000_000 // bytes of a whole list, in pages or not
)

// ErrCut is the error that comes with the beginning of a list that is too long to read. What
// is not in it may exist, and a name in it may exist twice.
var ErrCut = failure.New(failure.Connection, "list-cut", "A list of Power BI is longer than Pushdesk reads.", "Use the ID of what is missing, or an account or app that sees less.")

func cutAfter(op Operation, entries int) error {
	e := *ErrCut
	e.Sentence = fmt.Sprintf("Power BI's answer to “%s” is longer than the %s that Pushdesk reads: the list ends after %s.", op, humanize.Bytes(maxList), humanize.Count(entries, "entry", "entries"))
	return &e
}

// whole reads a list that comes in one answer. With ErrCut it returns the beginning.
func whole[T any](ctx context.Context, c *Client, k call) ([]T, error) {
	var v values[T]
	k.method, k.into, k.most = http.MethodGet, &v, maxList
	answer, err := c.do(ctx, k)
	if err == nil && answer.Cut {
		err = cutAfter(k.op, len(v.Value))
	}
	return v.Value, err
}

// Workspaces lists the workspaces in which the caller has a role. An empty list
// means that the sign-in works but no workspace was shared. With ErrCut it is the
// beginning of the list.
func (c *Client) Workspaces(ctx context.Context) ([]Workspace, error) {
	return pages(ctx, c, call{op: OpWorkspaces, path: []string{"groups"}}, func(w Workspace) string { return w.ID })
}

// ErrUnlisted is the error that comes with the one workspace that is given by its ID, in
// place of a list that was refused.
var ErrUnlisted = failure.New(failure.Connection, "workspaces-unlisted", "Power BI does not let this app list the workspaces, so only the connection's default workspace is shown, by its ID.",
	"Another workspace works too: give its ID.")

// Unlisted returns a workspace that is given by its ID where the list of them was refused, with
// ErrUnlisted: the right to write datasets does not include the list. Otherwise it returns
// what it is given.
func Unlisted(list []Workspace, err error, id string) ([]Workspace, error) {
	var refused *APIError
	id = strings.TrimSpace(id)
	if !errors.As(err, &refused) || refused.Status != http.StatusForbidden && refused.Status != http.StatusUnauthorized || !guid.MatchString(id) {
		return list, err
	}
	e := ErrUnlisted.Because(err).WithDetails("%s", refused.details())
	if refused.Person {
		e.Sentence = "Power BI does not let this account list the workspaces, most likely because the sign-in has only the permission Dataset.ReadWrite.All, so only the connection's default workspace is shown, by its ID."
		e.Remedy += " To see all, the sign-in needs the permission Workspace.Read.All besides."
	}
	return []Workspace{{ID: id, Name: id}}, e
}

// Partial reports whether an error comes with a part of a list, which can be used: it is
// ErrCut or ErrUnlisted.
func Partial(err error) bool { return errors.Is(err, ErrCut) || errors.Is(err, ErrUnlisted) }

var guid = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// Workspace returns one workspace by its ID.
func (c *Client) Workspace(ctx context.Context, id string) (Workspace, error) {
	var w Workspace
	_, err := c.do(ctx, call{op: OpWorkspace, method: http.MethodGet, path: []string{"groups", id}, into: &w})
	return w, err
}

// WorkspaceUsers lists who has a role in a workspace. A role may also come from
// a group that is listed; the members of groups are not.
func (c *Client) WorkspaceUsers(ctx context.Context, workspaceID string) ([]WorkspaceUser, error) {
	k := call{op: OpWorkspaceUsers, path: []string{"groups", workspaceID, "users"}}
	return pages(ctx, c, k, func(u WorkspaceUser) string { return u.Identifier })
}

// pages reads a list page by page. With ErrCut it returns the beginning.
func pages[T any](ctx context.Context, c *Client, k call, id func(T) string) ([]T, error) {
	all := []T{}
	k.method, k.most = http.MethodGet, maxList
	for range maxPages {
		var page values[T]
		k.into = &page
		k.query = url.Values{"$top": {strconv.Itoa(pageSize)}}
		if len(all) > 0 {
			k.query.Set("$skip", strconv.Itoa(len(all)))
		}
		answer, err := c.do(ctx, k)
		if err != nil {
			return nil, err
		}
		repeated := len(page.Value) > 0 && len(all) > 0 && id(page.Value[0]) == id(all[0])
		if repeated { // a service that does not know $skip
			return all, nil
		}
		all = append(all, page.Value...)
		if k.most -= answer.Bytes; answer.Cut || k.most <= 0 {
			return all, cutAfter(k.op, len(all))
		}
		if len(page.Value) < pageSize {
			return all, nil
		}
	}
	return all, cutAfter(k.op, len(all))
}
