package app

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pushdesk/powerbi/job"
	"pushdesk/powerbi/job/apply"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/workbook"
)

// TestTheSumsOfReceipts sends files with bad values under random policies, conditions and
// parts, and stops some runs: each receipt accounts for every row of the file, and the table
// holds the rows that it says, in their order.
func TestTheSumsOfReceipts(t *testing.T) {
	d := openApp(t, t.TempDir())
	c := practiceConnection(t, d)
	local, err := d.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rounds := 80
	if testing.Short() {
		rounds = 16
	}
	for round := range rounds {
		r := rand.New(rand.NewPCG(uint64(round), 5))
		n := 5 + r.IntN(40)
		policy := mapping.Policies[r.IntN(len(mapping.Policies))].Policy
		west, bad := make([]bool, n), make([]bool, n)
		var text strings.Builder
		text.WriteString("Key,Region,Amount\n")
		for i := range n {
			region, amount := "East", fmt.Sprint(i)
			if west[i] = r.IntN(3) > 0; west[i] {
				region = "West"
			}
			if bad[i] = r.IntN(6) == 0 && policy != mapping.PolicyStop; bad[i] {
				amount = "many"
			}
			fmt.Fprintf(&text, "K%02d,%s,%s\n", i, region, amount)
		}
		name := fmt.Sprintf("sums %d", round)
		path := filepath.Join(t.TempDir(), name+".csv")
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		reading, err := job.OpenWorkbook(t.Context(), path, workbook.Options{}, "", "", 1)
		if err != nil {
			t.Fatal(err)
		}
		if reading, err = reading.Full(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		place, err := d.Locate(t.Context(), job.PracticeDestination(For(c), reading))
		if err != nil {
			t.Fatal(err)
		}
		m := job.Propose(reading, place)
		m.Fields[2].Target.DataType = "Int64"
		filtered := r.IntN(2) == 0
		if filtered {
			where, err := apply.Where(reading, "Region=West")
			if err != nil {
				t.Fatal(err)
			}
			m.Filter = append(m.Filter, where)
		}
		draft := job.Draft{}.From(reading).To(place, "").Map(m).Bad(policy)
		var chosen []int // the rows that are to be sent, bad or not
		for i := range n {
			if !filtered || west[i] {
				chosen = append(chosen, i)
			}
		}
		met := len(chosen)
		if draft.Skip = int64(r.IntN(4)); draft.Skip > 0 {
			chosen = chosen[min(int(draft.Skip), len(chosen)):]
		}
		if draft.Limit = int64(r.IntN(2) * (1 + r.IntN(10))); draft.Limit > 0 {
			chosen = chosen[:min(int(draft.Limit), len(chosen))]
		}
		checked, err := d.Check(t.Context(), draft, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := checked.Checked.Report; got.Rows != int64(met) || got.RowsFiltered != int64(n-met) {
			t.Errorf("%s: the check counts %d rows and %d filtered, want %d and %d", name, got.Rows, got.RowsFiltered, met, n-met)
		}
		if checked.Blocked() != nil { // nothing is left to send
			continue
		}
		stopped := r.IntN(5) == 0
		if stopped {
			local.Service().Faults().Add(faults.Fault{Operation: faults.OpRows, Times: -1, Status: 403, Body: `{"error":{"code":"PowerBINotAuthorizedException"}}`})
		}
		receipt, err := d.Send(t.Context(), checked, job.Control{}, nil)
		local.Service().Faults().Clear()
		if (err != nil) != stopped {
			t.Fatalf("%s: %v", name, err)
		}
		rejected := 0
		var keys []string
		for _, i := range chosen {
			switch {
			case bad[i] && policy == mapping.PolicySkip:
				rejected++
			case !stopped:
				keys = append(keys, fmt.Sprintf("K%02d", i))
			}
		}
		if sum := receipt.RowsSent + receipt.RowsRejected + receipt.RowsUnknown + receipt.RowsNotSent; sum != receipt.RowsRead || receipt.RowsRead+receipt.RowsNotRead != receipt.RowsTotal || receipt.RowsTotal != int64(len(chosen)) {
			t.Errorf("%s (%s, stopped %v): %d read, %d not read, %d in all, want %d: %+v", name, policy, stopped, receipt.RowsRead, receipt.RowsNotRead, receipt.RowsTotal, len(chosen), receipt)
		}
		if !stopped && (receipt.RowsSent != int64(len(keys)) || receipt.RowsRejected != int64(rejected) || receipt.RowsConfirmed != receipt.RowsSent) {
			t.Errorf("%s: %d sent, %d rejected, want %d and %d", name, receipt.RowsSent, receipt.RowsRejected, len(keys), rejected)
		}
		if want := history.StatusPartial; rejected > 0 && !stopped && receipt.Status != want || rejected == 0 && !stopped && receipt.Status != history.StatusDone {
			t.Errorf("%s: %s with %d rows rejected", name, receipt.Status, rejected)
		}
		stored, err := local.Service().Rows(practice.Workspace, place.Target.DatasetName, place.Target.Table)
		if err != nil || len(stored) != len(keys) {
			t.Fatalf("%s: %d rows are stored, want %d, %v", name, len(stored), len(keys), err)
		}
		for i, line := range stored {
			var row struct {
				Key    string
				Amount *int
			}
			if err := json.Unmarshal(line, &row); err != nil {
				t.Fatal(err)
			}
			var at int
			if _, err := fmt.Sscanf(row.Key, "K%d", &at); err != nil || row.Key != keys[i] || (row.Amount == nil) != bad[at] {
				t.Errorf("%s: row %d is %s, want %s", name, i, line, keys[i])
			}
		}
		if err := reading.Book.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
