package job

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/words"
	"pushdesk/storage/humanize"
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
type Fact struct{ Name, Value string }

// Sums are the rows of a run by what became of them, for every front end. The first is
// the sum of all others but those that are confirmed.
func Sums(r history.Receipt) []Fact {
	return []Fact{{"Read", humanize.Number(r.RowsRead)}, {"Sent", humanize.Number(r.RowsSent)}, {"Confirmed", humanize.Number(r.RowsConfirmed)},
		{"Rejected", humanize.Number(r.RowsRejected)}, {"Unknown", humanize.Number(r.RowsUnknown)}, {"Not sent", humanize.Number(r.RowsNotSent)}}
}

// Facts are what else there is to know of a run. None is empty.
func Facts(r history.Receipt) []Fact {
	confirmed := ""
	if r.ConfirmedBy != "" {
		confirmed = "the table's " + r.ConfirmedBy
	}
	all := []Fact{{"Run", r.RunID}, {"Sent by", r.By}, {"Connection", r.Connection},
		{"Started", when(r.Started)}, {"Ended", when(r.Ended)}, {"Took", humanize.Duration(time.Duration(r.DurationMs) * time.Millisecond)},
		{"File", r.File}, {"File hash (SHA-256)", r.FileHash}, {"Sheet", r.Sheet}, {"Range", r.Range}, {"Conditions", words.FilterNote(r)},
		{"Workspace", r.Workspace}, {"Dataset", strings.TrimSpace(r.Dataset + " " + r.DatasetID)}, {"Table", r.Table},
		{"Mode", string(r.Mode)}, {"Rows with problems", string(r.Policy)},
		{"Rows in the table before", maybe(r.RowsBefore)}, {"Rows in the table after", maybe(r.RowsAfter)},
		{"Requests", fmt.Sprintf("%s, %s repeated", humanize.Number(r.Requests), humanize.Number(r.Retries))},
		{"Confirmed by", confirmed}, {"Not confirmed", words.Unconfirmed(r)}, {"Read back", words.ReadBack(r)}, {"Undone", when(r.Undone)}}
	return slices.DeleteFunc(all, func(f Fact) bool { return f.Value == "" })
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
	case r.Status == history.StatusDone && r.RowsRejected > 0:
		return "Done; some rows were rejected."
	case r.Status == history.StatusDone:
		return "Done."
	case r.Status == history.StatusRunning:
		return "This run is in progress."
	}
	return r.Reason
}

// receiptPage is what the page of a receipt shows.
type receiptPage struct {
	Title, Outcome string
	Sums, Facts    []Fact
	Columns        []Fact
	R              history.Receipt
}

// ReceiptPage returns a receipt as a page to read or to print, which needs nothing
// but itself.
func ReceiptPage(r history.Receipt) ([]byte, error) {
	p := receiptPage{Title: "Receipt of run " + r.RunID, Outcome: Outcome(r), Sums: Sums(r), Facts: Facts(r), R: r}
	if r.Mapping != nil {
		for _, f := range r.Mapping.Used() {
			from := "blank"
			if f.From >= 0 {
				from = strings.TrimSpace(f.Letter + "  " + f.Header)
			}
			p.Columns = append(p.Columns, Fact{from, f.Target.Name + ": " + f.Target.DataType.Both()})
		}
	}
	var out bytes.Buffer
	if err := receiptTemplate.Execute(&out, p); err != nil {
		return nil, fmt.Errorf("write the receipt as a page: %w", err)
	}
	return out.Bytes(), nil
}

var receiptTemplate = template.Must(template.New("receipt").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Title}}</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;color:#1d2330;max-width:52rem;margin:2.5rem auto;padding:0 1.5rem}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.05rem;margin:2rem 0 .5rem}
.sums{display:grid;grid-template-columns:repeat(6,1fr);gap:.5rem;margin:1.5rem 0}
.sums div{border:1px solid #d5dae3;border-radius:8px;padding:.6rem .8rem}.sums b{display:block;font-size:1.25rem}
.sums span{color:#5b6475;font-size:.85rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #e6e9ef;overflow-wrap:anywhere}
th{font-weight:500;color:#5b6475;width:14rem}thead th{width:auto}
ul{padding-left:1.2rem}code{font-size:.85rem}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}
</style></head><body>
<h1>Receipt</h1><p>{{.Outcome}}</p>
<div class="sums">{{range .Sums}}<div><b>{{.Value}}</b><span>{{.Name}}</span></div>{{end}}</div>
<table>{{range .Facts}}<tr><th>{{.Name}}</th><td>{{.Value}}</td></tr>{{end}}</table>
{{if .R.Unproven}}<h2>Not proven</h2><ul>{{range .R.Unproven}}<li>{{.}}</li>{{end}}</ul>{{end}}
{{if .R.UnknownBatches}}<h2>Unknown batches</h2><table><thead><tr><th>Rows of the sheet</th><th>Rows</th><th>Request</th><th>Why</th></tr></thead>{{range .R.Doubtful}}<tr><td>{{.FirstRow}} to {{.LastRow}}</td><td>{{.Rows}}</td><td>{{.RequestID}}</td><td>{{.Reason}}</td></tr>{{end}}</table>{{end}}
{{if .R.ByColumn}}<h2>Problems</h2><table><thead><tr><th>Column</th><th>Problem</th><th>Values</th><th>First</th></tr></thead>{{range .R.ByColumn}}<tr><td>{{.Column}}</td><td>{{.Rule}}</td><td>{{.Count}}</td><td>{{.First.Address}}</td></tr>{{end}}</table>{{end}}
{{if .Columns}}<h2>Columns</h2><table><thead><tr><th>In the file</th><th>In Power BI</th></tr></thead>{{range .Columns}}<tr><td>{{.Name}}</td><td>{{.Value}}</td></tr>{{end}}</table>{{end}}
{{if .R.RequestIDs}}<h2>Request IDs</h2><p>{{range .R.RequestIDs}}<code>{{.}}</code> {{end}}</p>{{end}}
</body></html>
`))
