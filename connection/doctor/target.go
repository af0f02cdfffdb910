package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi"
	"pushdesk/storage/humanize"
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
	e.target = d
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
	e.compareColumns(ctx, &f, d, t)
	return f
}

// compareColumns looks whether a table still has the columns that this computer sent
// into. The service rarely tells them; a row of the table does.
func (e *examination) compareColumns(ctx context.Context, f *finding, d powerbi.Dataset, t powerbi.Table) {
	now := t.Columns
	if len(now) == 0 {
		rows, err := e.client.SampleRows(ctx, e.workspace.ID, d.ID, t.Name, 1)
		if err == nil && len(rows) > 0 {
			for name := range rows[0] {
				now = append(now, powerbi.Column{Name: name})
			}
		}
	}
	slices.SortFunc(now, func(a, b powerbi.Column) int { return strings.Compare(a.Name, b.Name) })
	f.details = joined(f.details, lines("Columns", columnNames(now)))
	if e.Remembers == nil {
		return
	}
	before := e.Remembers(d.ID, t.Name)
	if len(before) == 0 || len(now) == 0 {
		return
	}
	diff := powerbi.DiffTables(powerbi.Table{Columns: before}, powerbi.Table{Columns: now})
	var changes []string
	for _, c := range []struct {
		word string
		list []powerbi.Column
	}{{"gone", diff.Dropped}, {"new", diff.Added}} {
		if len(c.list) > 0 {
			changes = append(changes, c.word+": "+columnNames(c.list))
		}
	}
	for _, r := range diff.Retyped {
		if r.To != "" { // a row does not tell the type
			changes = append(changes, fmt.Sprintf("%s is %s now, not %s", r.Column, r.To.Label(), r.From.Label()))
		}
	}
	if len(changes) == 0 {
		f.evidence += fmt.Sprintf(" It has the %s that this computer knows.", count(len(before), "column"))
		return
	}
	f.status, f.who = Warn, "you"
	f.evidence += " Its columns are not those that this computer sent into before: " + strings.Join(changes, "; ") + "."
	f.remedy = "Look at the step Columns of the upload before you send, and change the table or the mapping there."
	f.details = joined(f.details, lines("Columns known here", columnNames(before)))
}

func columnNames(list []powerbi.Column) string {
	var names []string
	for _, c := range list {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// Sent is what this computer sent into a dataset lately. Others may send into it too.
type Sent struct {
	RowsLastHour       int64
	RequestsLastMinute int
	Wait               time.Duration // that the service asked for and that is not over
}

// checkLimits says whether a service asked to wait meanwhile.
func (e *examination) checkLimits(context.Context) finding {
	if e.throttled > 0 {
		return finding{status: Warn, evidence: "Power BI asks to wait " + humanize.Duration(e.throttled) + " before more requests.",
			remedy: "Nothing is wrong with the connection. Wait that long and test again."}
	}
	if e.target.ID != "" && e.Sent != nil {
		if sent, ok := e.Sent(e.target.ID); ok {
			return e.judgeSent(sent)
		}
	}
	return pass(fmt.Sprintf("No limit was met. A dataset takes %s rows a request, %d requests a minute and %s rows an hour.",
		thousands(powerbi.MaxRowsPerRequest), powerbi.MaxRequests, thousands(powerbi.MaxRowsPerHour)))
}

// judgeSent compares what was sent into the chosen dataset with what it takes.
func (e *examination) judgeSent(sent Sent) finding {
	f := pass(fmt.Sprintf("This computer sent %s of %s rows into “%s” in the last hour, and made %d of %d requests in the last minute.",
		thousands(int(sent.RowsLastHour)), thousands(powerbi.MaxRowsPerHour), e.target.Name, sent.RequestsLastMinute, powerbi.MaxRequests))
	switch {
	case sent.Wait > 0:
		f.status = Warn
		f.evidence += " Power BI asks to wait " + humanize.Duration(sent.Wait) + "."
		f.remedy = "Nothing is wrong with the connection. An upload waits by itself."
	case sent.RowsLastHour >= powerbi.MaxRowsPerHour*9/10 || sent.RequestsLastMinute >= powerbi.MaxRequests*9/10:
		f.status = Warn
		f.remedy = "Nothing is wrong with the connection. An upload waits by itself when the limit is reached."
	}
	return f
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
		return "Microsoft has ended the creation of push datasets on " + day + ". Microsoft says that those that exist are not affected." + e.existing()
	}
	left := int(powerbi.CreationEnds.Sub(e.now().UTC()).Hours()/24) + 1
	return fmt.Sprintf("New push datasets can be created until %s (%s from now). Microsoft says that those that exist by then are not affected.%s", day, count(left, "day"), e.existing())
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
