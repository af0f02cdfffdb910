package doctor

import (
	"context"
	"fmt"

	"pushdesk/powerbi"
	"pushdesk/storage/humanize"
)

// Datasets is the check that the datasets there can be listed.
const Datasets = "datasets"

var datasetsCheck = check{id: Datasets, group: GroupPowerBI, title: "The datasets can be listed", limit: networkLimit, run: (*test).checkDatasets}

// checkDatasets lists the datasets and counts those that rows can be pushed into.
func (t *test) checkDatasets(ctx context.Context) finding {
	if t.workspace.ID == "" {
		return skip("Not checked: no workspace is chosen.")
	}
	list, err := t.client.Datasets(ctx, t.workspace.ID)
	if err != nil {
		return t.trouble(ctx, err)
	}
	t.datasets, t.listed = list, true
	var push []string
	for _, d := range list {
		if d.AddRowsAPIEnabled {
			push = append(push, d.Name)
		}
	}
	if len(push) > 0 {
		f := pass(fmt.Sprintf("%s, %d of them for pushing.", humanize.Count(len(list), "dataset"), len(push)))
		f.details = lines("Push datasets", listed10(push))
		return f
	}
	seen := humanize.Count(len(list), "dataset") + ", none of them for pushing"
	if len(list) == 0 {
		seen = "There is no dataset here yet"
	}
	if t.now().After(powerbi.CreationEnds.AddDate(0, 0, 1)) {
		return finding{status: Warn, evidence: seen + ".", who: "you",
			remedy: "Since 31 October 2027 new push datasets can no longer be created: choose a workspace that has one."}
	}
	if t.role != "" && !mayPush(t.role) {
		return pass(seen + ".")
	}
	return pass(seen + ". One can be created with the first upload.")
}
