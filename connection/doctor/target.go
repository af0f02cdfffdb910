package doctor

import (
	"context"
	"fmt"
	"strings"

	"pushdesk/powerbi"
)

// checkTarget looks at the dataset that rows are meant for.
func (e *examination) checkTarget(ctx context.Context) finding {
	switch {
	case e.Dataset == "":
		return skip("Not checked: no dataset is chosen. One is chosen with each upload.")
	case !e.listed:
		return skip("Not checked: the datasets could not be listed.")
	}
	d, err := powerbi.FindDataset(e.datasets, e.Dataset)
	if err != nil {
		f := e.trouble(ctx, err)
		f.nothing = false
		return f
	}
	if !d.AddRowsAPIEnabled {
		return finding{status: Fail, who: "you", details: lines("Dataset ID", d.ID),
			evidence: fmt.Sprintf("“%s” was not made through the API, so rows cannot be pushed into it.", d.Name),
			remedy:   "Choose a push dataset, or let Pushdesk create one with an upload."}
	}
	tables, err := e.client.Tables(ctx, e.workspace.ID, d.ID)
	if err != nil {
		f := e.trouble(ctx, err)
		f.nothing = false
		return f
	}
	var names []string
	for _, t := range tables {
		names = append(names, t.Name)
	}
	f := pass(fmt.Sprintf("“%s” takes rows; its tables: %s.", d.Name, short10(names)))
	f.details = lines("Dataset ID", d.ID, "Retention", string(d.DefaultRetentionPolicy))
	if e.Table == "" {
		return f
	}
	t, err := powerbi.FindTable(tables, e.Table)
	if err != nil {
		missing := e.trouble(ctx, err)
		missing.nothing, missing.details = false, joined(missing.details, f.details)
		return missing
	}
	f.evidence = fmt.Sprintf("“%s” takes rows into the table “%s”.", d.Name, t.Name)
	return f
}

// checkLimits says whether a service asked to wait meanwhile.
func (e *examination) checkLimits(context.Context) finding {
	if e.throttled > 0 {
		return finding{status: Warn, evidence: "Power BI asks to wait " + powerbi.Wait(e.throttled) + " before more requests.",
			remedy: "Nothing is wrong with the connection. Wait that long and test again."}
	}
	return pass(fmt.Sprintf("No limit was met. A dataset takes %s rows a request, %d requests a minute and %s rows an hour.",
		thousands(powerbi.MaxRowsPerRequest), powerbi.MaxRequests, thousands(powerbi.MaxRowsPerHour)))
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// retirement says what the end of push datasets means for this connection.
func (e *examination) retirement() string {
	const day = "31 October 2027"
	if e.now().After(powerbi.CreationEnds.AddDate(0, 0, 1)) {
		return "Microsoft has ended the creation of push datasets on " + day + ". Those that exist go on working." + e.existing()
	}
	left := int(powerbi.CreationEnds.Sub(e.now().UTC()).Hours()/24) + 1
	return fmt.Sprintf("New push datasets can be created until %s (%s from now); those that exist go on working after it.%s", day, count(left, "day"), e.existing())
}

// existing says how many datasets the connection could go on with.
func (e *examination) existing() string {
	if !e.listed {
		return ""
	}
	n := 0
	for _, d := range e.datasets {
		if d.AddRowsAPIEnabled && !strings.HasPrefix(d.Name, probePrefix) {
			n++
		}
	}
	switch n {
	case 0:
		return fmt.Sprintf(" “%s” has none yet: create the ones you will need before that day.", e.workspace.Name)
	case 1:
		return fmt.Sprintf(" “%s” has 1 to go on with.", e.workspace.Name)
	}
	return fmt.Sprintf(" “%s” has %d to go on with.", e.workspace.Name, n)
}
