package doctor

import (
	"context"
	"errors"

	"pushdesk/powerbi"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
)

// API is the check that Power BI accepts the connection.
const API = "api"

var apiCheck = check{id: API, group: GroupPowerBI, title: "Power BI accepts the connection", limit: networkLimit, run: (*test).checkAPI,
	without: "Power BI returned no usable answer"}

// checkAPI asks for the workspaces: the first thing that a valid token can be
// refused, by a tenant setting. Paths of My workspace are never used; they are
// closed to apps and would be answered like that setting.
func (t *test) checkAPI(ctx context.Context) finding {
	if t.apiOut {
		f := skip("Not checked: the host of the API cannot be reached.")
		f.nothing = true
		return f
	}
	t.client = powerbi.NewClient(t.Endpoints.APIURL, t.tokens, t.hc)
	if t.isUser() {
		t.client.ForPerson()
	}
	list, err := t.client.Workspaces(ctx)
	t.workspaces, t.cut = list, errors.Is(err, powerbi.ErrCut)
	if t.cut {
		f := t.trouble(ctx, err)
		f.status, f.nothing = Warn, false
		return f
	}
	if err != nil && t.byID(ctx, err) {
		return pass("It answered. It does not list the workspaces to " + t.subject() + ", so the workspace is used by its ID.")
	}
	if err != nil {
		return t.trouble(ctx, err)
	}
	return pass("It answered and lists " + humanize.Count(len(list), "workspace") + ".")
}

// byID takes the chosen workspace by its ID where the list of workspaces is refused: the
// right to write datasets does not include it.
func (t *test) byID(ctx context.Context, err error) bool {
	only, err := powerbi.Unlisted(nil, err, text.Clean(t.Workspace))
	if !errors.Is(err, powerbi.ErrUnlisted) {
		return false
	}
	if _, err := t.client.Datasets(ctx, only[0].ID); err != nil {
		return false
	}
	t.workspace, t.byItsID = only[0], true
	return true
}
