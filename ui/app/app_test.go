package app

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pushdesk/storage/workbook/infer"

	"pushdesk/assets"
	"pushdesk/connection"
	"pushdesk/powerbi"
	"pushdesk/powerbi/job"
	"pushdesk/powerbi/practice"
	"pushdesk/powerbi/practice/faults"
	"pushdesk/powerbi/push"
	"pushdesk/powerbi/push/mapping"
	"pushdesk/powerbi/push/schema"
	"pushdesk/storage/workbook"
)

func openApp(t *testing.T, home string) *App {
	t.Helper()
	d, err := Open(Options{Home: home})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// sample opens the sample workbook with every row read.
func sample(t *testing.T) job.Reading {
	t.Helper()
	path := filepath.Join(t.TempDir(), assets.SampleName)
	if err := os.WriteFile(path, assets.Sample, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := job.OpenWorkbook(t.Context(), path, workbook.Options{}, "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Book.Close() })
	if r, err = r.Full(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return r
}

func practiceConnection(t *testing.T, d *App) connection.Connection {
	t.Helper()
	c, err := d.PracticeConnection(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestUploadFromFileToReceipt(t *testing.T) {
	d := openApp(t, t.TempDir())
	r := sample(t)
	place, err := d.Locate(t.Context(), job.PracticeDestination(For(practiceConnection(t, d)), r))
	if err != nil {
		t.Fatal(err)
	}
	if place.Exists || place.Rows != 0 || place.Target.DatasetName != "Harbour coffee orders" || place.Target.Table != "Orders" {
		t.Errorf("%+v", place)
	}
	u := job.Draft{Reading: r, Place: place, Mapping: job.Propose(r, place)}
	u, err = d.Check(t.Context(), u, nil)
	if report := u.Checked.Report; err != nil || report.Errors() != 0 || report.RowsToSend != 480 {
		t.Fatalf("%+v, %v", u.Checked, err)
	}
	receipt, err := d.Send(t.Context(), u, job.Control{}, nil)
	if err != nil || receipt.RowsConfirmed != 480 || !filepath.IsAbs(receipt.File) {
		t.Fatalf("%+v, %v", receipt, err)
	}
	// The second upload finds what the first one made, columns and types included.
	again, err := d.Locate(t.Context(), place.Destination)
	if err != nil {
		t.Fatal(err)
	}
	same := job.Propose(r, again)
	if !again.Exists || again.Rows != 480 || len(same.Fields) != len(u.Mapping.Fields) {
		t.Errorf("%+v", again)
	}
	for i, f := range same.Fields {
		if f.Target.Name != u.Mapping.Fields[i].Target.Name || f.Target.DataType != u.Mapping.Fields[i].Target.DataType || f.From != i {
			t.Errorf("column %d is %+v, was %+v", i, f, u.Mapping.Fields[i])
		}
	}
	next, err := d.Check(t.Context(), job.Draft{Reading: r, Place: again, Mapping: same}, nil)
	if before := next.Checked.Earlier; err != nil || len(before) != 1 || before[0].RunID != receipt.RunID {
		t.Errorf("sent before: %+v, %v", before, err)
	}
}

func TestLocateSaysWhatIsMissing(t *testing.T) {
	d := openApp(t, t.TempDir())
	c := practiceConnection(t, d)
	r := sample(t)
	place, err := d.Locate(t.Context(), job.PracticeDestination(For(c), r))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Send(t.Context(), job.Draft{Reading: r, Place: place, Mapping: job.Propose(r, place)}, job.Control{}, nil); err != nil {
		t.Fatal(err)
	}
	locate := func(change func(*job.Destination)) error {
		t.Helper()
		dest := place.Destination
		change(&dest)
		_, err := d.Locate(t.Context(), dest)
		return err
	}
	var choose *job.ChooseError
	if err := locate(func(x *job.Destination) { x.Dataset = " " }); !errors.As(err, &choose) || choose.What != "dataset" || !slices.Contains(choose.Names, "Harbour coffee orders") {
		t.Errorf("%v", err)
	}
	var missing *powerbi.NotFoundError
	if err := locate(func(x *job.Destination) { x.Workspace = "Nowhere" }); !errors.As(err, &missing) || missing.What != "workspace" {
		t.Errorf("%v", err)
	}
	if err := locate(func(x *job.Destination) { x.Dataset, x.Create = "Harbour", false }); !errors.As(err, &missing) || missing.What != "dataset" || len(missing.Near) == 0 {
		t.Errorf("%v", err)
	}
	var noTable *schema.NoTableError
	if err := locate(func(x *job.Destination) { x.Table = "Other" }); !errors.As(err, &noTable) {
		t.Errorf("%v", err)
	}
	if err := locate(func(x *job.Destination) { x.Table = "" }); err != nil {
		t.Errorf("the only table of a dataset needs no name: %v", err)
	}
	c.Workspace = ""
	if err := locate(func(x *job.Destination) { x.Connection, x.Workspace = For(c), "" }); !errors.As(err, &choose) || choose.What != "workspace" || !slices.Contains(choose.Names, practice.Workspace) {
		t.Errorf("%v", err)
	}
}

// TestPracticeOutlivesTheProgramThatRanIt joins a service of another program,
// which then ends, and goes on.
func TestPracticeOutlivesTheProgramThatRanIt(t *testing.T) {
	home := t.TempDir()
	first, second := openApp(t, home), openApp(t, home)
	c := practiceConnection(t, first)
	if _, err := second.Workspaces(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	list, err := second.Workspaces(t.Context(), c.ID)
	if err != nil || len(list) == 0 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestTypesOfColumns(t *testing.T) {
	r := sample(t)
	for _, f := range job.Propose(r, job.Place{}).Fields {
		if want := job.DataType(r.Profile.Columns[f.From].Type); f.Target.DataType != want {
			t.Errorf("%s is %s, want %s", f.Header, f.Target.DataType, want)
		}
	}
	for from, want := range map[infer.Type]powerbi.DataType{
		infer.TypeText: powerbi.String, infer.TypeWhole: powerbi.Int64, infer.TypeDecimal: powerbi.Double,
		infer.TypeBoolean: powerbi.Boolean, infer.TypeDateTime: powerbi.DateTime, infer.TypeDuration: powerbi.Double,
	} {
		if got := job.DataType(from); got != want {
			t.Errorf("%s is sent as %s, want %s", from, got, want)
		}
	}
}

func TestHowTextsAreWritten(t *testing.T) {
	for _, c := range []struct {
		text, offer infer.TextFormat
		mark        string
		order       mapping.DateOrder
	}{
		{text: infer.TextFormat{Type: infer.TypeDecimal, Decimal: ','}, mark: ","},
		{offer: infer.TextFormat{Type: infer.TypeDateTime, Order: infer.MonthFirst}, order: mapping.MonthFirst},
		{text: infer.TextFormat{Type: infer.TypeText}, offer: infer.TextFormat{Type: infer.TypeDateTime, Order: infer.DayFirst}, order: mapping.DayFirst},
		{offer: infer.TextFormat{Type: infer.TypeDecimal, Decimal: '.', Ambiguous: true}},
	} {
		f := job.Written(mapping.Field{DecimalMark: "x"}, infer.ColumnProfile{Text: c.text, OfferText: c.offer})
		if f.DecimalMark != c.mark || f.DateOrder != c.order {
			t.Errorf("%+v: mark %q, order %q", c, f.DecimalMark, f.DateOrder)
		}
	}
}

// TestAFileThatChanges is checked, saved again by its owner, and then sent: nothing
// may be sent, or made, of a content that was never checked.
func TestAFileThatChanges(t *testing.T) {
	d := openApp(t, t.TempDir())
	r := sample(t)
	place, err := d.Locate(t.Context(), job.PracticeDestination(For(practiceConnection(t, d)), r))
	if err != nil {
		t.Fatal(err)
	}
	u := job.Draft{Reading: r, Place: place, Mapping: job.Propose(r, place)}
	if _, err := d.Check(t.Context(), u, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(r.Book.Path(), append(assets.Sample, 0), 0o600); err != nil {
		t.Fatal(err)
	}
	receipt, err := d.Send(t.Context(), u, job.Control{}, nil)
	var bad *workbook.Error
	if !errors.As(err, &bad) || bad.Kind != workbook.ErrorChanged || receipt.RunID != "" {
		t.Errorf("%+v, %v", receipt, err)
	}
	if again, err := d.Locate(t.Context(), place.Destination); err != nil || again.Exists {
		t.Errorf("a dataset was made: %+v, %v", again, err)
	}
}

// TestARunOutlivesThePracticeService sends through the service of another program,
// which ends in the middle.
func TestARunOutlivesThePracticeService(t *testing.T) {
	home := t.TempDir()
	first, second := openApp(t, home), openApp(t, home)
	c := practiceConnection(t, first)
	path := filepath.Join(t.TempDir(), "things.csv")
	if err := os.WriteFile(path, []byte("Item\n"+strings.Repeat("Thing\n", 95_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := job.OpenWorkbook(t.Context(), path, workbook.Options{}, "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Book.Close() })
	if r, err = r.Full(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	place, err := second.Locate(t.Context(), job.PracticeDestination(For(c), r))
	if err != nil {
		t.Fatal(err)
	}
	service, err := first.Practice(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	service.Service().Faults().Add(faults.Fault{Operation: faults.OpRows, After: 2, Times: -1, Status: 429, RetryAfter: 1})
	ended := false
	receipt, err := second.Send(t.Context(), job.Draft{Reading: r, Place: place, Mapping: job.Propose(r, place)}, job.Control{}, func(p push.Progress) {
		if p.Batches >= 2 && !ended {
			ended = true
			if err := first.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil || !ended || receipt.RowsSent != 95_000 || receipt.RowsConfirmed != 95_000 {
		t.Errorf("ended %v: %+v, %v", ended, receipt, err)
	}
}
