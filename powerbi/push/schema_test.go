package push

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pushdesk/powerbi"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push/history"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/failure"
)

func (b *bench) known() *schema.Known {
	b.Helper()
	k, err := schema.OpenKnown(filepath.Join(b.TempDir(), "home", "tables.json"))
	if err != nil {
		b.Fatal(err)
	}
	return k
}

// pause waits as the driven clock goes.
func (b *bench) pause(ctx context.Context, d time.Duration) error { return waitFor(ctx, b.clock, d) }

// named counts the datasets of a name.
func (b *bench) named(name string) (n int) {
	b.Helper()
	list, err := b.client.Datasets(context.Background(), b.target.WorkspaceID)
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range list {
		if d.Name == name {
			n++
		}
	}
	return n
}

func TestPrepareCreates(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]faults.Fault{
		"plain":              {},
		"answer lost":        {Operation: faults.OpCreateDataset, CutAfter: true},
		"cut before":         {Operation: faults.OpCreateDataset, CutBefore: true},
		"busy":               {Operation: faults.OpCreateDataset, Status: 503},
		"refused":            {Operation: faults.OpCreateDataset, Status: 403, Body: `{"error":{"code":"FeatureDeprecatedError","message":"no"}}`},
		"lost and not found": {Operation: faults.OpCreateDataset, CutAfter: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, powerbi.RetentionNone, practice.Options{})
			known := b.known()
			if fault.Operation != "" {
				b.service.Faults().Add(fault)
			}
			if name == "lost and not found" {
				b.service.Faults().Add(faults.Fault{Operation: faults.OpDatasets, After: 1, Status: 404, Times: -1})
			}
			want := history.Table{WorkspaceID: b.target.WorkspaceID, DatasetName: "New", Table: "Stock", Retention: powerbi.RetentionFIFO, Create: true}
			p, err := schema.Prepare(context.Background(), b.client, want, stockMapping, schema.PrepareOptions{Known: known, APIURL: b.service.APIURL(), Pause: b.pause})
			b.service.Faults().Clear()
			var unknown *schema.CreateUnknownError
			var refused *powerbi.APIError
			made := b.named("New")
			switch name {
			case "plain", "answer lost":
				if err != nil || !p.Created || p.Target.DatasetID == "" || made != 1 || p.Target.Retention != powerbi.RetentionFIFO {
					t.Fatalf("%+v, %v, %d made", p, err, made)
				}
				if columns, ok := known.Columns(b.service.APIURL()+"/", p.Target.DatasetID, "Stock"); !ok || len(columns) != 4 {
					t.Errorf("not remembered: %v", columns)
				}
				again, err := schema.Prepare(context.Background(), b.client, want, stockMapping, schema.PrepareOptions{Known: known, APIURL: b.service.APIURL()})
				if err != nil || again.Created || again.Target.DatasetID != p.Target.DatasetID || again.Learned.Source != schema.FromComputer {
					t.Errorf("the second time: %+v, %v", again, err)
				}
			case "cut before", "busy":
				if !errors.As(err, &unknown) || made != 0 {
					t.Errorf("%v, %d made", err, made)
				}
			case "lost and not found":
				if !errors.As(err, &unknown) || made != 1 {
					t.Errorf("%v, %d made", err, made)
				}
			case "refused":
				if !errors.As(err, &refused) || made != 0 {
					t.Errorf("%v, %d made", err, made)
				}
			}
		})
	}
}

func TestPrepareExisting(t *testing.T) {
	t.Parallel()
	b := newBench(t, powerbi.RetentionFIFO, practice.Options{})
	ctx := context.Background()
	try := func(change func(*history.Table), m mapping.Mapping) (schema.Prepared, error) {
		want := b.target
		want.DatasetID, want.Retention = "", ""
		change(&want)
		return schema.Prepare(ctx, b.client, want, m, schema.PrepareOptions{})
	}
	p, err := try(func(t *history.Table) { t.Table = "stock" }, stockMapping)
	if err != nil || p.Target.Table != "Stock" || p.Target.DatasetID != b.target.DatasetID || p.Target.Retention != powerbi.RetentionFIFO || p.Created {
		t.Errorf("%+v, %v", p, err)
	}
	var missing *powerbi.NotFoundError
	if _, err = try(func(t *history.Table) { t.DatasetName = "Depot stocks" }, stockMapping); !errors.As(err, &missing) {
		t.Errorf("no such dataset: %v", err)
	}
	if _, err = try(func(t *history.Table) { t.DatasetID, t.Create = "11111111-2222-3333-4444-555555555555", true }, stockMapping); !errors.As(err, &missing) || b.named("Depot stock") != 1 {
		t.Errorf("no such ID: %v", err)
	}
	var noTable *schema.NoTableError
	if _, err = try(func(t *history.Table) { t.Table, t.Create = "Other", true }, stockMapping); !errors.As(err, &noTable) || !strings.Contains(noTable.Failure().Remedy, "Stock") {
		t.Errorf("no such table: %v", err)
	}
	var notPush *schema.NotPushError
	if _, err = try(func(t *history.Table) { t.DatasetName = "Budget model" }, stockMapping); !errors.As(err, &notPush) {
		t.Errorf("not a push dataset: %v", err)
	}
	if _, err := b.send(ctx, rows(3), Options{}, nil); err != nil {
		t.Fatal(err)
	}
	var columns *schema.ColumnsError
	m := mapping.Mapping{Table: "Stock", Fields: slices.Clone(stockMapping.Fields)}
	m.Fields[0].Target.Name = "Id"
	if _, err = try(func(*history.Table) {}, m); !errors.As(err, &columns) || !slices.Equal(columns.Extra, []string{"Id"}) || !slices.Equal(columns.Missing, []string{"ID"}) || columns.Failure().Kind != failure.Contract {
		t.Errorf("another column: %v", err)
	}
	if _, err := b.client.CreateDataset(ctx, b.target.WorkspaceID, powerbi.DatasetSchema{Name: "Depot stock", Tables: []powerbi.Table{stockMapping.Schema()}}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err = try(func(t *history.Table) { t.Create = true }, stockMapping); !errors.Is(err, powerbi.ErrAmbiguous) {
		t.Errorf("two of a name: %v", err)
	}
}

func TestLearnColumns(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := newBench(t, powerbi.RetentionNone, practice.Options{})
	known := b.known()
	var none *schema.NoSchemaError
	if _, err := schema.Learn(ctx, b.client, known, b.service.APIURL(), b.target); !errors.As(err, &none) {
		t.Errorf("an empty table: %v", err)
	}
	if _, err := b.send(ctx, rows(10), Options{}, nil); err != nil {
		t.Fatal(err)
	}
	l, err := schema.Learn(ctx, b.client, known, b.service.APIURL(), b.target)
	want := []powerbi.Column{{Name: "CountedOn", DataType: powerbi.DateTime}, {Name: "Depot", DataType: powerbi.String},
		{Name: "ID", DataType: powerbi.Int64}, {Name: "Value", DataType: powerbi.Double}}
	if err != nil || l.Source != schema.FromRows || l.Note == "" || !slices.Equal(l.Columns, want) {
		t.Errorf("from rows: %+v, %v", l, err)
	}
	if err := known.Remember(b.service.APIURL(), b.target.DatasetID, "Stock", stockMapping.Schema().Columns); err != nil {
		t.Fatal(err)
	}
	l, err = schema.Learn(ctx, b.client, known, b.service.APIURL(), b.target)
	if err != nil || l.Source != schema.FromComputer || !slices.Equal(l.Columns, stockMapping.Schema().Columns) {
		t.Errorf("from this computer: %+v, %v", l, err)
	}
	b.service.SetExecuteQueriesAllowed(false)
	if _, err := schema.Learn(ctx, b.client, nil, "", b.target); !errors.As(err, &none) || none.Err == nil || none.Failure().Remedy == "" {
		t.Errorf("no queries: %v", err)
	}
	b = newBench(t, powerbi.RetentionNone, practice.Options{Behavior: faults.Behavior{ColumnsInTables: true}})
	if l, err = schema.Learn(ctx, b.client, known, b.service.APIURL(), b.target); err != nil || l.Source != schema.FromService || len(l.Columns) != 4 {
		t.Errorf("from the service: %+v, %v", l, err)
	}
	if _, ok := known.Columns(b.service.APIURL(), b.target.DatasetID, "Stock"); !ok {
		t.Error("what the service told is not remembered")
	}
}

func TestKnownTables(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tables.json")
	one, _ := schema.OpenKnown(path)
	two, _ := schema.OpenKnown(path) // another process
	var wg sync.WaitGroup
	for i, k := range []*schema.Known{one, two, one, two} {
		wg.Go(func() {
			if err := k.Remember("https://api", "d", string(rune('A'+i)), columns("X")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := range 4 {
		if _, ok := one.Columns("https://API/", "D", string(rune('A'+i))); !ok {
			t.Errorf("table %c is lost", 'A'+i)
		}
	}
	if err := one.Forget("https://api", "d", "A"); err != nil {
		t.Fatal(err)
	}
	if _, ok := two.Columns("https://api", "d", "A"); ok {
		t.Error("not forgotten")
	}
	if _, ok := two.Columns("https://api", "d", "b"); ok {
		t.Error("tables that differ by case are two")
	}
	os.WriteFile(path, []byte("{broken"), 0o600)
	if err := one.Remember("https://api", "d", "Z", columns("X")); err != nil {
		t.Errorf("a damaged file: %v", err)
	}
	os.WriteFile(path, []byte(`{"version":9,"tables":[]}`), 0o600)
	if err := one.Remember("https://api", "d", "Y", columns("X")); err == nil {
		t.Error("a newer file was overwritten")
	}
	entries, _ := os.ReadDir(filepath.Dir(path))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".~") {
			t.Errorf("left behind: %s", e.Name())
		}
	}
}
