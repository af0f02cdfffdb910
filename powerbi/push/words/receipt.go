package words

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/plan"
	"pushdesk/storage/humanize"
	"pushdesk/storage/text"
)

// ReceiptJSON returns a receipt as the commands print it with --json.
func ReceiptJSON(r history.Receipt) ([]byte, error) {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the receipt as JSON: %w", err)
	}
	return append(data, '\n'), nil
}

// Fact is a line of a receipt.
type Fact struct {
	Name, Value string
	Exact       bool // a path, a hash or an ID: to be copied
}

// Total is a number of rows of a receipt.
type Total struct {
	Name    string
	Rows    int64
	Trouble bool // rows that should not be there
}

// Value returns the number for a person.
func (t Total) Value() string { return humanize.Number(t.Rows) }

// Totals returns the rows of a run by what became of them, for every front end. The
// first is the sum of all others but those that are confirmed, and those that are not proven,
// which were sent. Rows of the file that
// were never read because the run stopped before are not sent.
func Totals(r history.Receipt) []Total {
	over := r.Status != history.StatusRunning
	first, all, notSent := "Read", r.RowsRead, r.RowsNotSent
	if r.RowsTotal > r.RowsRead && over {
		first, all, notSent = "To send", r.RowsTotal, r.RowsNotSent+r.RowsTotal-r.RowsRead
	}
	list := []Total{{first, all, false}, {"Sent", r.RowsSent, false}, {"Confirmed", r.RowsConfirmed, false}}
	if r.RowsUnproven > 0 {
		list = append(list, Total{"Not proven", r.RowsUnproven, over})
	}
	return append(list, []Total{
		{"Rejected", r.RowsRejected, over && r.RowsRejected > 0}, {"Unknown", r.RowsUnknown, over && r.RowsUnknown > 0},
		{"Not sent", notSent, over && notSent > 0},
	}...)
}

// Facts returns what else there is to know of a run, for every front end: where it went,
// how, and what proves it. None is empty.
func Facts(r history.Receipt) []Fact {
	length := "Took"
	if r.Status == history.StatusRunning {
		length = "Running for"
	}
	confirmed, next := "", ""
	if r.ConfirmedBy != "" {
		confirmed = "The table's " + r.ConfirmedBy + " after the last batch"
	}
	if r.FirstUnsentRow > 0 {
		next = fmt.Sprintf("Row %s of the sheet", humanize.Number(r.FirstUnsentRow))
	}
	all := []Fact{
		{Name: "In the file", Value: inFile(r)}, {Name: "In the table now", Value: Broken(r)},
		{Name: "Workspace", Value: r.Workspace}, {Name: "Dataset", Value: r.Dataset}, {Name: "Table", Value: r.Table},
		{Name: "File", Value: r.File, Exact: true}, {Name: "Sheet", Value: r.Sheet}, {Name: "Range", Value: r.Range},
		{Name: "Columns", Value: contractOf(r)},
		{Name: "Conditions", Value: FilterNote(r)}, {Name: "First row not sent", Value: next},
		{Name: "Mode", Value: mode(r)}, {Name: "If values cannot be sent", Value: policyShort(r.Policy)},
		{Name: "Started", Value: when(r.Started)}, {Name: "Ended", Value: when(r.Ended)}, {Name: length, Value: took(r)},
		{Name: "Rows in the table before", Value: counted(r.RowsBefore)}, {Name: "Rows in the table after", Value: counted(r.RowsAfter)},
		{Name: "Requests", Value: requests(r)}, {Name: "Confirmed by", Value: confirmed}, {Name: "Not confirmed", Value: Unconfirmed(r)},
		{Name: "Read back", Value: ReadBack(r)}, {Name: "Undone", Value: when(r.Undone)},
		{Name: "Sent by", Value: r.By}, {Name: "Connection", Value: r.Connection},
		{Name: "Dataset ID", Value: r.DatasetID, Exact: true}, {Name: "File hash (SHA-256)", Value: r.FileHash, Exact: true}, {Name: "Run ID", Value: r.RunID, Exact: true},
	}
	return slices.DeleteFunc(all, func(f Fact) bool { return f.Value == "" })
}

// contractOf says how the columns of the file stood to those of the table.
func contractOf(r history.Receipt) string {
	if r.Contract == nil {
		return ""
	}
	return strings.Join(append([]string{r.Contract.Summary()}, r.Contract.Lines()...), " ")
}

// inFile returns how many rows a file holds of which not all were read.
func inFile(r history.Receipt) string {
	switch {
	case r.RowsTotal <= r.RowsRead:
		return ""
	case len(r.Filter()) > 0 || r.Mapping != nil && r.Mapping.Past != nil:
		return humanize.Count(r.RowsTotal, "row") + " that meet the conditions, not all of them read"
	}
	return humanize.Count(r.RowsTotal, "row") + ", not all of them read"
}

// took returns how long a run took over all its sessions, and how much of it was waiting.
func took(r history.Receipt) string {
	if r.DurationMs == 0 {
		return ""
	}
	s := humanize.Duration(time.Duration(r.DurationMs) * time.Millisecond)
	if r.WaitedMs >= 1000 {
		s += ", of which " + humanize.Duration(time.Duration(r.WaitedMs)*time.Millisecond) + " waiting for Power BI"
	}
	return s
}

// mode returns what happened to the rows that were in the table.
func mode(r history.Receipt) string {
	switch {
	case r.Mode == plan.ModeReplace && r.Deleted:
		return "Replaced the rows that were there"
	case r.Mode == plan.ModeReplace:
		return "Was to replace the rows; none were deleted"
	case r.Mode == plan.ModeAppend:
		return "Added to the rows that were there"
	}
	return ""
}

func policyShort(p mapping.Policy) string {
	if i := slices.IndexFunc(mapping.Policies, func(c mapping.PolicyChoice) bool { return c.Policy == p }); i >= 0 {
		return text.UpperFirst(mapping.Policies[i].Short)
	}
	return ""
}

func requests(r history.Receipt) string {
	if r.Requests == 0 {
		return ""
	}
	s := humanize.Count(r.Requests, "request") + " in " + humanize.Count(r.Batches, "batch", "batches")
	if r.Retries > 0 {
		s += fmt.Sprintf(", %s repeated", humanize.Number(r.Retries))
	}
	return s
}

// counted is a row count; "" where it could not be asked.
func counted(n *int64) string {
	if n == nil {
		return ""
	}
	return humanize.Number(*n)
}

// when is a moment as a person reads it, or "".
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return humanize.DateTime(t)
}

// Outcome says in a sentence how a run ended.
func Outcome(r history.Receipt) string {
	switch {
	case !r.Undone.IsZero():
		return fmt.Sprintf("This run was undone on %s: its rows are no longer in the table.", humanize.DateTime(r.Undone))
	case r.Status == history.StatusPartial:
		return LeftOut(r)
	case r.Status == history.StatusDone:
		return "Done."
	case r.Status == history.StatusUnproven:
		return strings.TrimSpace(fmt.Sprintf("Nothing is left to send, but of %s it is not proven that the table holds them once. %s", humanize.Count(r.RowsUnproven, "row"), LeftOut(r)))
	case r.Status == history.StatusRunning:
		return "This run is in progress."
	}
	return r.Reason
}

// Broken says what a table holds whose rows were deleted by a run that did not send all of
// its own; "" for every other run.
func Broken(r history.Receipt) string {
	if !r.Deleted || r.Status.Finished() || r.Status == history.StatusRunning {
		return ""
	}
	missing := r.RowsNotSent + r.RowsUnknown + r.RowsNotRead
	return fmt.Sprintf("The earlier rows were deleted. It holds %s of this run; %s missing", humanize.Count(r.RowsSent, "row"), humanize.Count(missing, "row is", "rows are"))
}

// Answered says what a person has answered for an unknown batch; "" if nothing.
func Answered(u history.UnknownBatch) string {
	switch {
	case u.Stored == nil:
		return ""
	case *u.Stored:
		return "count it as stored"
	}
	return "send it again"
}

// LeftOut says how many rows a run that has nothing left to send did not send, and who
// refused them; "" when it sent all.
func LeftOut(r history.Receipt) string {
	n := r.RowsRejected
	by := "left out for " + plural(n, "its", "their") + " problems"
	switch r.RowsRefused {
	case 0:
	case n:
		by = "refused by Power BI"
	default:
		by += fmt.Sprintf(", %s of them refused by Power BI", humanize.Number(r.RowsRefused))
	}
	if n == 0 {
		return ""
	}
	s := fmt.Sprintf("Not all rows were sent: %s %s %s.", humanize.Count(n, "row"), plural(n, "was", "were"), by)
	if r.MaxLeftOut.Exceeded(n, r.RowsRead) {
		s += " " + strings.ToUpper(r.MaxLeftOut.Allows()[:1]) + r.MaxLeftOut.Allows()[1:] + " be left out."
	}
	return s
}

func plural(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// receiptPage is what the page of a receipt shows.
type receiptPage struct {
	Title, Outcome string
	Totals         []Total
	Facts, Columns []Fact
	R              history.Receipt
}

// ReceiptPage returns a receipt as a page to read or to print, which needs nothing
// but itself.
func ReceiptPage(r history.Receipt) ([]byte, error) {
	p := receiptPage{Title: "Receipt of run " + r.RunID, Outcome: Outcome(r), Totals: Totals(r), Facts: Facts(r), R: r}
	if r.Mapping != nil {
		for _, f := range r.Mapping.Used() {
			from := "blank"
			if f.From >= 0 {
				from = strings.TrimSpace(f.Letter + "  " + f.Header)
			}
			p.Columns = append(p.Columns, Fact{Name: from, Value: f.Target.Name + ": " + f.Target.DataType.Both()})
		}
	}
	var out bytes.Buffer
	if err := receiptTemplate.Execute(&out, p); err != nil {
		return nil, fmt.Errorf("write the receipt as a page: %w", err)
	}
	return out.Bytes(), nil
}

var receiptTemplate = template.Must(template.New("receipt").Funcs(template.FuncMap{"answer": Answered}).Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Title}}</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;color:#1d2330;max-width:52rem;margin:2.5rem auto;padding:0 1.5rem}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.05rem;margin:2rem 0 .5rem}
.sums{display:grid;grid-template-columns:repeat(auto-fit,minmax(6.5rem,1fr));gap:.5rem;margin:1.5rem 0}
.sums div{border:1px solid #d5dae3;border-radius:8px;padding:.6rem .8rem}.sums b{display:block;font-size:1.25rem}
.sums span{color:#5b6475;font-size:.85rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #e6e9ef;overflow-wrap:anywhere}
th{font-weight:500;color:#5b6475;width:14rem}thead th{width:auto}
ul{padding-left:1.2rem}code{font-size:.85rem}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}
</style></head><body>
<h1>Receipt</h1><p>{{.Outcome}}</p>
<div class="sums">{{range .Totals}}<div><b>{{.Value}}</b><span>{{.Name}}</span></div>{{end}}</div>
<table>{{range .Facts}}<tr><th>{{.Name}}</th><td>{{.Value}}</td></tr>{{end}}</table>
{{if .R.Remarks}}<h2>Remarks</h2><ul>{{range .R.Remarks}}<li>{{if .Column}}<b>{{.Column}}</b>: {{end}}{{.Sentence}}</li>{{end}}</ul>{{end}}
{{if .R.Unproven}}<h2>Not proven</h2><ul>{{range .R.Unproven}}<li>{{.}}</li>{{end}}</ul>{{end}}
{{if .R.UnknownBatches}}<h2>Unknown batches</h2><table><thead><tr><th>Batch</th><th>Rows of the sheet</th><th>Rows</th><th>First row</th><th>Last row</th><th>Request</th><th>Why</th><th>Answer</th></tr></thead>{{range .R.UnknownBatches}}<tr><td>{{.Batch}}</td><td>{{.FirstRow}} to {{.LastRow}}</td><td>{{.Rows}}</td><td>{{.FirstKey}}</td><td>{{.LastKey}}</td><td>{{.RequestID}}</td><td>{{.Reason}} {{.Looked}}</td><td>{{answer .}}</td></tr>{{end}}</table>{{end}}
{{if .R.ProblemCounts}}<h2>Problems</h2><table><thead><tr><th>Column</th><th>Problem</th><th>Values</th><th>First</th></tr></thead>{{range .R.ProblemCounts}}<tr><td>{{.Column}}</td><td>{{.Rule}}</td><td>{{.Count}}</td><td>{{.First.Address}}</td></tr>{{end}}</table>{{end}}
{{if .Columns}}<h2>Columns</h2><table><thead><tr><th>In the file</th><th>In Power BI</th></tr></thead>{{range .Columns}}<tr><td>{{.Name}}</td><td>{{.Value}}</td></tr>{{end}}</table>{{end}}
{{if .R.RequestIDs}}<h2>Request IDs</h2><p>{{range .R.RequestIDs}}<code>{{.}}</code> {{end}}</p>{{end}}
</body></html>
`))
