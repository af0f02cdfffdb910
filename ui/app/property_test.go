package app

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/storage/cell"
	"pushdesk/storage/workbook"
)

// randomColumn is a column of a text file with the types it can be sent as.
type randomColumn struct {
	name  string
	value func(r *rand.Rand) string
	as    []powerbi.DataType
}

var randomColumns = []randomColumn{
	{"Text", func(r *rand.Rand) string {
		return []string{" Gent", "paris  la\u00a0nuit", "ÉCOLE", `say "no"`, "O'Neil", "a,b", "n/a?"}[r.IntN(7)]
	}, []powerbi.DataType{powerbi.String}},
	{"Whole", func(r *rand.Rand) string { return fmt.Sprint(r.IntN(200_000) - 100_000) }, []powerbi.DataType{powerbi.Int64, powerbi.Double, powerbi.Decimal, powerbi.String}},
	{"Large", func(r *rand.Rand) string { return fmt.Sprint(r.Int64N(1 << 62)) }, []powerbi.DataType{powerbi.Int64, powerbi.String}},
	{"Decimal", func(r *rand.Rand) string { return fmt.Sprintf("%d.%04d", r.IntN(1000), r.IntN(10_000)) }, []powerbi.DataType{powerbi.Double, powerbi.Decimal, powerbi.String}},
	{"Day", func(r *rand.Rand) string {
		return fmt.Sprintf("20%02d-%02d-%02d", r.IntN(60), 1+r.IntN(12), 1+r.IntN(28))
	}, []powerbi.DataType{powerbi.DateTime, powerbi.String}},
	{"Moment", func(r *rand.Rand) string {
		return fmt.Sprintf("2026-%02d-%02dT%02d:%02d:%02d", 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60))
	}, []powerbi.DataType{powerbi.DateTime, powerbi.String}},
	{"Truth", func(r *rand.Rand) string { return []string{"TRUE", "FALSE"}[r.IntN(2)] }, []powerbi.DataType{powerbi.Boolean, powerbi.String}},
}

// randomRules are rules that fit a type; nil now and then.
func randomRules(r *rand.Rand, as powerbi.DataType) *mapping.Rules {
	coin := func() bool { return r.IntN(3) == 0 }
	x := mapping.Rules{Trim: coin(), Collapse: coin()}
	plain := map[powerbi.DataType]string{powerbi.String: "none", powerbi.Int64: "-7", powerbi.Double: "0.25", powerbi.Decimal: "1.5", powerbi.DateTime: "2026-01-31", powerbi.Boolean: "false"}[as]
	if coin() {
		x.Default = plain
	}
	if r.IntN(8) == 0 {
		x.Constant = &plain
	}
	switch as {
	case powerbi.String:
		x.Case = mapping.Cases[r.IntN(len(mapping.Cases))]
		if coin() {
			x.Replace = []mapping.Replacement{{Find: "a", With: "(a)"}, {Find: "TRUE", With: "yes", Whole: true}}
		}
	case powerbi.Int64, powerbi.Double, powerbi.Decimal:
		if coin() {
			n := r.IntN(3)
			x.Round = &n
		}
		if coin() {
			x.Nothing = []string{"0", "-"}
		}
	case powerbi.Boolean:
		if coin() {
			x.True, x.False = []string{"FALSE"}, []string{"TRUE"} // the other way round
		}
	}
	if x.Empty() {
		return nil
	}
	return &x
}

// TestWhatIsPreviewedIsStored sends files with random columns, types and rules: the first
// value of each column is stored as its example shows it, every value of some random rows as
// the field makes it, as many rows are sent as the check promises, and all that are read back
// are as they were sent.
func TestWhatIsPreviewedIsStored(t *testing.T) {
	d := openApp(t, t.TempDir())
	c := practiceConnection(t, d)
	local, err := d.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rounds := 60
	if testing.Short() {
		rounds = 12
	}
	for round := range rounds {
		r := rand.New(rand.NewPCG(uint64(round), 13))
		var columns []randomColumn
		var names []string
		for range 1 + r.IntN(6) {
			k := randomColumns[r.IntN(len(randomColumns))]
			columns, names = append(columns, k), append(names, fmt.Sprintf("%s %d", k.name, len(names)))
		}
		var text strings.Builder
		text.WriteString("Key;" + strings.Join(names, ";") + "\n")
		var raw [][]string // the values as they are written
		for i := range 3 + r.IntN(20) {
			fmt.Fprintf(&text, "row %d", i)
			raw = append(raw, []string{fmt.Sprintf("row %d", i)})
			for _, k := range columns {
				value := ""
				if r.IntN(6) > 0 {
					value = k.value(r)
					raw[i] = append(raw[i], value)
					value = `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
				} else {
					raw[i] = append(raw[i], "")
				}
				text.WriteString(";" + value)
			}
			text.WriteByte('\n')
		}
		name := fmt.Sprintf("round %d", round)
		path := filepath.Join(t.TempDir(), name+".csv")
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		reading, err := job.OpenWorkbook(t.Context(), path, workbook.Options{Delimiter: ";"}, "", "", 1)
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
		for i, k := range columns {
			f := &m.Fields[i+1]
			if reading.Profile.Columns[i+1].Counts[cell.Blank] < reading.Profile.Rows {
				f.Target.DataType = k.as[r.IntN(len(k.as))]
			}
			f.Rules = randomRules(r, f.Target.DataType)
		}
		previewed := make([]string, len(m.Fields))
		for i, f := range m.Fields {
			previewed[i], _ = reading.Example(f)
		}
		some := make([]int, 4) // rows of which every value is compared
		for i := range some {
			some[i] = r.IntN(len(raw))
		}
		checked, err := d.Check(t.Context(), job.Draft{}.From(reading).To(place, "").Map(m).Bad(mapping.PolicyBlank), nil)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, &text)
		}
		receipt, err := d.Send(t.Context(), checked, job.Control{}, nil)
		if err != nil || receipt.RowsSent != checked.Checked.Report.RowsToSend || receipt.RowsConfirmed != receipt.RowsSent {
			t.Fatalf("%s: %+v, %v", name, receipt, err)
		}
		if s := receipt.Sample; s == nil || s.Found != s.Rows || s.Rows == 0 {
			t.Errorf("%s: read back %+v", name, s)
		}
		stored, err := local.Service().Rows(practice.Workspace, place.Target.DatasetName, place.Target.Table)
		if err != nil || int64(len(stored)) != receipt.RowsSent {
			t.Fatalf("%s: %d rows are stored, %v", name, len(stored), err)
		}
		for i, f := range m.Fields {
			first := 0
			for f.From >= 0 && !f.IsConstant() && first < len(reading.Preview)-1 && reading.Preview[first].Cells[f.From].Kind == cell.Blank {
				first++
			}
			var row map[string]json.RawMessage
			if err := json.Unmarshal(stored[first], &row); err != nil {
				t.Fatal(err)
			}
			for _, n := range some {
				c := reading.Preview[n].Cells[f.From]
				if raw[n][f.From] != "" && (f.Target.DataType == powerbi.String || f.Rules.OnText()) {
					c = cell.Cell{Kind: cell.Text, Text: raw[n][f.From]} // what is changed as text stays as it is written
				}
				want, problem := f.Preview(c)
				if problem != nil && problem.Severity == mapping.SeverityError { // the policy sends nothing for it
					want = "null"
				}
				if err := json.Unmarshal(stored[n], &row); err != nil {
					t.Fatal(err)
				}
				if !sameJSON(t, want, string(row[f.Target.Name])) {
					t.Errorf("%s: row %d, %s as %s with %+v: previewed %s of %q, stored %s", name, n, f.Target.Name, f.Target.DataType, f.Rules, want, raw[n][f.From], row[f.Target.Name])
				}
			}
			if err := json.Unmarshal(stored[first], &row); err != nil {
				t.Fatal(err)
			}
			if previewed[i] != "" && !sameJSON(t, previewed[i], string(row[f.Target.Name])) {
				t.Errorf("%s: %s as %s with %+v: previewed %s, stored %s", name, f.Target.Name, f.Target.DataType, f.Rules, previewed[i], row[f.Target.Name])
			}
		}
		if err := reading.Book.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// sameJSON reports whether two JSON values are the same.
func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		t.Fatalf("%q: %v", a, err)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatalf("%q: %v", b, err)
	}
	return reflect.DeepEqual(x, y)
}
