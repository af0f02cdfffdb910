package powerbi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
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

const (
	pageSize = 1000
	maxPages = 1000
	maxList  = 64 << 20 // bytes of a whole list
)

// Workspaces lists the workspaces in which the caller has a role. An empty list
// means that the sign-in works but no workspace was shared.
func (c *Client) Workspaces(ctx context.Context) ([]Workspace, error) {
	return pages(ctx, c, call{op: OpWorkspaces, path: []string{"groups"}}, func(w Workspace) string { return w.ID })
}

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

// pages reads a list page by page.
func pages[T any](ctx context.Context, c *Client, k call, id func(T) string) ([]T, error) {
	all := []T{}
	k.method = http.MethodGet
	bytes := 0
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
		if bytes += answer.Bytes; bytes > maxList {
			return nil, unreadable(k.op, answer.RequestID, fmt.Errorf("the list is longer than %d bytes", maxList))
		}
		repeated := len(page.Value) > 0 && len(all) > 0 && id(page.Value[0]) == id(all[0])
		if repeated { // a service that does not know $skip
			return all, nil
		}
		all = append(all, page.Value...)
		if len(page.Value) < pageSize {
			return all, nil
		}
	}
	return all, nil
}
